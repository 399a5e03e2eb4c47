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

from ..backend_names import INT8
from .backend import Backend

# Share of the patches whose error is below the limit. Of those above it few are close, so that in 16 bits
# 99.97 % of Gewata's patches have their class with 2 % computed again; 8 bits are for who accepts less.
_BELOW_LIMIT, _BELOW_LIMIT_8_BIT = (0.95, 0.98, 0.99, 1.0), (0.75, 0.85, 0.9, 0.95, 0.98, 1.0)
# Share of a sample, and of each class's patches in it, that must have the class of 32 bits. A network that
# has learnt little finds most classes close, and then a larger share of the errors has to be below.
_WANTED, _WANTED_8_BIT = 0.998, 0.99
# Patches of a class that are enough to judge it by, and the share of all errors that counts for others.
_ENOUGH, _OF_THE_UNKNOWN = 20, 0.98
# Of a class's own errors so much more may be above its limit as it is among the classes: with a quarter,
# 99.5 % of the worst class of Gewata have the class of 32 bits after 8, with all of it 98.6 %, for
# 11 and 10 % computed again.
_MAY_EXCEED = 0.25

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


def closeness(backend: Backend, exact: Backend, patches: Tensor, rank: Rank) -> Closeness:
    """Return which patches need a second look, from a sample.

    The errors of all patches of which a class is the best or the second best decide, not only of the few
    that lose it: its limit is what most of them are below, or more of them until the sample agrees as it
    should. The rarer a class, the less it costs to look closely, and the closer it is done.

    Args:
        backend: Computes in fewer bits.
        exact: Computes in 32.
        patches: Standardised patches (N, channels, rows, columns), float32.
        rank: See ``SecondLook``.
    """
    found, rate = _timed(backend, patches)
    expected, exact_rate = _timed(exact, patches)
    in_fewer, in_32 = rank(found), rank(expected)
    same = in_fewer.argmax(dim=1) == in_32.argmax(dim=1)
    before = float(same.double().mean())
    gaps, best = margins(in_fewer), _two_best(in_fewer)
    true_gaps = in_32.gather(1, best)
    errors = (gaps - (true_gaps[:, 0] - true_gaps[:, -1])).abs()
    is_8_bit = backend.method.precision == INT8
    wanted = _WANTED_8_BIT if is_8_bit else _WANTED
    are_of = [(best == number).any(dim=1) for number in range(in_fewer.shape[1])]
    for below in _BELOW_LIMIT_8_BIT if is_8_bit else _BELOW_LIMIT:
        limits = tuple(_limit(errors, is_own, below) for is_own in are_of)
        is_close = _is_close(in_fewer, limits)
        kept = same | is_close
        if min(float(kept.double().mean()), *_shares(kept, in_32.argmax(dim=1))) >= wanted:
            break
    again = float(is_close.double().mean())
    agreement = float(kept.double().mean())
    return Closeness(limits, again, before, agreement, 1 / rate + again / exact_rate < 1 / exact_rate)


def _shares(kept: Tensor, classes: Tensor) -> list[float]:
    """Return the share that is kept of each class with enough patches to judge it by."""
    counts = torch.bincount(classes)
    found = torch.bincount(classes, weights=kept.double()) / counts
    return found[counts >= _ENOUGH].tolist()


def _limit(errors: Tensor, is_own: Tensor, below: float) -> float:
    """Return what the share ``below`` of the errors are below, of a rare class nearly all of its own."""
    own = errors[is_own].double()
    if len(own) < _ENOUGH:
        return float(torch.cat([own, errors.double().quantile(_OF_THE_UNKNOWN)[None]]).max())
    closely = max(below, 1.0 - _MAY_EXCEED * len(own) / len(errors))
    return float(torch.maximum(own.quantile(closely), errors.double().quantile(below)))


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
