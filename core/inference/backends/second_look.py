"""Patches whose classes are close, computed again in more bits.

In fewer bits a network's scores are off by a little. That changes the class of a patch only where the
two best are closer than that, so those patches, and no others, need to be computed again: a few per
cent of the work gives the map of 32 bits. After 8 bits, 16 are looked at first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .backend import Backend

# Patches of a class that are enough to judge it by, and the share of all errors that counts for others.
_ENOUGH, _OF_THE_UNKNOWN = 20, 0.98
# Below so many, the errors of all classes count, too.
_MANY = 200

Rank = Callable[[Tensor], Tensor]
"""From logits (N, classes) to what the decision rule compares, of the same shape."""


@dataclass(frozen=True, eq=False)
class SecondLook:
    """Which patches are computed again, and by what.

    Attributes:
        backend: Computes in more bits.
        limits: A patch is computed again where what the rule compares differs by less than this between
            the two best classes; a limit for each class, of which the larger of the two counts.
        rank: What is compared.
        then: The look at what is still close; None after 32 bits.
    """

    backend: Backend
    limits: tuple[float, ...]
    rank: Rank
    then: SecondLook | None = None

    def close(self, logits: Tensor) -> Tensor:
        """Return the positions, int64, of the patches whose classes are close.

        Args:
            logits: In fewer bits, shape (patches, classes).
        """
        return torch.nonzero(_is_close(self.rank(logits), self.limits)).flatten()


def look_again(
    logits: Tensor, look: SecondLook | None, compute: Callable[[Backend, Tensor], Tensor]
) -> Tensor:
    """Put the logits of more bits in the place of those that are close.

    Args:
        logits: In fewer bits (patches, classes); they are changed.
        look: See there; None changes nothing.
        compute: From a backend and the positions of patches (N,) to their logits (N, classes).

    Returns:
        The positions of the patches that were computed again at least once.
    """
    found = rest = torch.arange(0 if look is None else len(logits), device=logits.device)
    is_first = True
    while look is not None:
        rest = rest[look.close(logits[rest])]
        found = rest if is_first else found
        if not len(rest):
            break
        logits[rest] = compute(look.backend, rest)
        look, is_first = look.then, False
    return found


@dataclass(frozen=True)
class Demand:
    """How few patches may lose the class of 32 bits after the looks that follow.

    Attributes:
        may_lose: Share of a class's patches that are expected to, at most. A network that has learnt
            little finds most classes close, and then more of them are looked at.
        below: Share of the errors that the limit must be above at least, for what a sample does not show.
    """

    may_lose: float
    below: float


# Of 20,000 pixels of Gewata, the class that fares worst in 20 samples keeps 99.8 % after 16 bits and 98.8 %
# after 8, by a network of five epochs; 99.9 and 99.0 % by one of ten.
OF_16_BITS = Demand(0.0005, 0.95)
OF_8_BITS = Demand(0.0015, 0.75)
"""For who accepts less."""
AFTER_8_BITS = Demand(0.003, 0.5)
"""Of 16 bits for what was close in 8."""


@dataclass(frozen=True)
class Closeness:
    """What fewer bits do to a sample of patches.

    Attributes:
        limits: See ``SecondLook``.
        again: Share of patches, 0 to 1, that are computed again.
        before: Share of patches that have the class of 32 bits without that.
        agreement: Share of patches that have it then.
        pays: Whether both looks together take less time than 32 bits alone.
    """

    limits: tuple[float, ...]
    again: float
    before: float
    agreement: float
    pays: bool


def closeness(backend: Backend, exact: Backend, patches: Tensor, rank: Rank, demand: Demand) -> Closeness:
    """Return which patches need a second look, from a sample.

    The errors of the gap between the two best classes decide, not only those of the few patches that lose
    their class: a gap is as likely to be turned over as half the share of errors that are larger. A
    class's limit is the gap beyond which, of the patches that name it second, it is expected to lose no
    more than it may.

    Args:
        backend: Computes in fewer bits.
        exact: Computes in 32.
        patches: Standardised patches (N, channels, rows, columns), float32.
        rank: See ``SecondLook``.
        demand: What the sample must keep.
    """
    found, rate = _timed(backend, patches)
    expected, exact_rate = _timed(exact, patches)
    in_fewer, in_32 = rank(found), rank(expected)
    classes = in_32.argmax(dim=1)
    same = in_fewer.argmax(dim=1) == classes
    gaps, best = margins(in_fewer), _two_best(in_fewer)
    true_gaps = in_32.gather(1, best)
    errors = (gaps - (true_gaps[:, 0] - true_gaps[:, -1])).abs().double()
    limits = []
    for number in range(in_fewer.shape[1]):
        own = errors[(best == number).any(dim=1)]
        may_lose = demand.may_lose * max(1, int((classes == number).sum()))
        limits.append(_limit(errors, own, gaps[best[:, -1] == number], may_lose, demand.below))
    is_close = _is_close(in_fewer, tuple(limits))
    again = float(is_close.double().mean())
    return Closeness(
        tuple(limits),
        again,
        before=float(same.double().mean()),
        agreement=float((same | is_close).double().mean()),
        pays=1 / rate + again / exact_rate < 1 / exact_rate,
    )


def _limit(errors: Tensor, own: Tensor, gaps: Tensor, may_lose: float, below: float) -> float:
    """Return the gap below which patches of a class are looked at again.

    Args:
        errors: Of all patches.
        own: Of those of which the class is one of the two best.
        gaps: Of patches that name it second.
        may_lose: How many of its patches may be lost among those.
        below: See ``Demand``.
    """
    if len(own) < _ENOUGH:
        return float(torch.cat([own, errors.quantile(_OF_THE_UNKNOWN)[None]]).max())
    gaps = gaps.sort(descending=True).values
    chances = (own[:, None] > gaps).double().mean(dim=0) / 2
    if len(own) < _MANY:
        chances = torch.maximum(chances, (errors[:, None] > gaps).double().mean(dim=0) / 2)
    too_many = torch.nonzero(chances.cumsum(0) > may_lose)
    # What lies at the limit is not below it.
    beyond = float(gaps[too_many[0]].nextafter(gaps.new_tensor(torch.inf))) if len(too_many) else 0.0
    return max(beyond, float(own.quantile(below)))


def _is_close(ranked: Tensor, limits: tuple[float, ...]) -> Tensor:
    return margins(ranked) < torch.tensor(limits, device=ranked.device)[_two_best(ranked)].amax(dim=1)


def _two_best(ranked: Tensor) -> Tensor:
    """Return the positions (N, 2) of the best classes; (N, 1) where there is only one."""
    return ranked.topk(min(2, ranked.shape[1]), dim=1).indices


@torch.inference_mode()
def logits_of(backend: Backend, patches: Tensor) -> Tensor:
    """Return the logits (N, classes) of patches (N, channels, rows, columns), float32."""
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return torch.cat(list(backend.scores(torch.split(given, backend.batch_size), backend.batch_size)))


def _timed(backend: Backend, patches: Tensor) -> tuple[Tensor, float]:
    """Return the logits, and the patches a second."""
    # What is done once, such as compiling, does not count.
    logits_of(backend, patches[: backend.batch_size])
    start = time.perf_counter()
    logits = logits_of(backend, patches).cpu()
    return logits, len(patches) / (time.perf_counter() - start)


def margins(values: Tensor) -> Tensor:
    """Return the difference between the largest two values of each row; 0 where there is only one."""
    best = values.topk(min(2, values.shape[1]), dim=1).values
    return best[:, 0] - best[:, -1]
