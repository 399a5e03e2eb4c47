"""Mixed precision with recomputation of low margins.

Reduced precision changes a network's scores a little. That changes the class of a patch only where the
margin between the two best classes is smaller than the error, so only those patches are recomputed in
higher precision: a few per cent of the work gives the map of 32 bits. After 8 bits the next precision is 16
bits. The margins come from a sample of the raster's patches.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...progress import Progress
from .base import Backend

Rank = Callable[[Tensor], Tensor]
"""From logits (N, classes) to what the decision rule compares, of the same shape."""
CALIBRATION_PATCHES = 300
"""Patches that the ranges of 8-bit numbers are taken from."""
TEST_PATCHES = 2000
"""Further patches, by which their classes are compared."""
# The largest sample of a raster by which 16 bits are judged, its share of the raster and the smallest.
_MOST, _SHARE, _LEAST = 1000, 16, 256
_LEAST_SCALE, _A_LITTLE = 1e-12, 1e-6
# 8 bits with fewer patches than these that have the class of 32 are worth a warning.
_LEAST_8_BIT = 0.985
# 8 bits take about half the time of 16: where more than this has to be computed again they gain nothing.
_MOST_AGAIN = 0.5


@dataclass(frozen=True, eq=False)
class SecondLook:
    """Which patches are computed again, and by what.

    Attributes:
        backend: Computes in more bits.
        limits: A patch is computed again where what the rule compares is, for any class but the best one,
            less than a limit below it; shape (best class, other class).
        rank: What is compared.
        then: The look at what is still close; None after 32 bits.
        seconds: What it takes for each patch of the raster, close or not, without what follows.
    """

    backend: Backend
    limits: Tensor
    rank: Rank
    then: SecondLook | None = None
    seconds: float = 0.0

    def close(self, logits: Tensor) -> Tensor:
        """Return the positions, int64, of the patches whose classes are close.

        Args:
            logits: In fewer bits, shape (patches, classes).
        """
        return torch.nonzero(is_close(self.rank(logits), self.limits)).flatten()


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


def is_close(ranked: Tensor, limits: Tensor) -> Tensor:
    """Return which patches may be of another class than their best, bool, shape (patches,).

    Args:
        ranked: What the rule compares, shape (patches, classes).
        limits: See ``SecondLook``.
    """
    best = ranked.argmax(dim=1, keepdim=True)
    gaps = gaps_to_best(ranked).scatter(1, best, torch.inf)
    return (gaps < limits.to(ranked.device)[best[:, 0]]).any(dim=1)


def gaps_to_best(ranked: Tensor) -> Tensor:
    """Return how much less than the best of its row each value is, of the same shape."""
    return ranked.amax(dim=1, keepdim=True) - ranked


@torch.inference_mode()
def logits_of(backend: Backend, patches: Tensor) -> Tensor:
    """Return the logits (N, classes) of patches (N, channels, rows, columns), float32."""
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return torch.cat(list(backend.scores(torch.split(given, backend.batch_size), backend.batch_size)))


@dataclass(frozen=True, eq=False)
class RasterSample:
    """Patches of the raster that will be classified.

    Attributes:
        raster: What tells it from others; empty where that is not known.
        count: How many patches of it there are, at most.
        patches: From a number to so many standardised patches (N, channels, rows, columns), float32, in a
            random order; fewer where the raster has fewer.
        rank: See ``SecondLook``.
        rule: What tells ``rank`` from that of other runs.
        stride: Pixels from one patch to the next; None where they lie anywhere.
    """

    raster: str
    count: int
    patches: Callable[[int], Tensor]
    rank: Rank
    rule: str = ""
    stride: int | None = None

    def for_ranges(self) -> Tensor:
        """Return the patches that 8-bit numbers are set up on."""
        return self.patches(CALIBRATION_PATCHES + TEST_PATCHES)[:CALIBRATION_PATCHES]

    def for_8_bits(self) -> Tensor:
        """Return the patches by which 8 bits are judged."""
        some = self.patches(CALIBRATION_PATCHES + TEST_PATCHES)
        # Not those that they were set up on, but of a small raster the same ones must do for both.
        return some[CALIBRATION_PATCHES:] if len(some) >= 2 * CALIBRATION_PATCHES else some

    def for_16_bits(self) -> Tensor:
        """Return the patches by which 16 bits are judged."""
        return self.patches(max(min(self.count // _SHARE, _MOST), _LEAST))


@dataclass(frozen=True)
class Demand:
    """How few patches may lose the class of 32 bits after the looks that follow.

    Attributes:
        may_lose: Share of each class's patches, as a sample lets expect. A network that has learnt little
            finds most classes close, and then more of them are looked at.
        below: Share of the errors of gaps that the limits are above at least: of a class that is clear
            nearly everywhere, a sample shows few patches that are not.
    """

    may_lose: float
    below: float


OF_16_BITS = Demand(0.0003, 0.95)
OF_8_BITS = Demand(0.003, 0.75)
"""For who accepts less."""
AFTER_8_BITS = Demand(0.003, 0.75)
"""Of 16 bits for what was close in 8."""


@dataclass(frozen=True, eq=False)
class Scored:
    """What a backend gives for a sample of patches.

    Attributes:
        ranked: What the decision rule compares, shape (patches, classes).
        rate: Patches a second.
    """

    ranked: Tensor
    rate: float


@dataclass(frozen=True, eq=False)
class Closeness:
    """What fewer bits do to a sample of patches.

    Attributes:
        limits: See ``SecondLook``; on the CPU.
        is_same: Which patches have the class of 32 bits, bool, shape (patches,).
        is_close: Which are computed again, alike.
    """

    limits: Tensor
    is_same: Tensor
    is_close: Tensor

    @property
    def before(self) -> float:
        """Share of patches, 0 to 1, that have the class of 32 bits without a second look."""
        return _share(self.is_same)

    @property
    def again(self) -> float:
        """Share of patches that are computed again."""
        return _share(self.is_close)

    @property
    def agreement(self) -> float:
        """Share of patches that have the class of 32 bits when those are computed in 32."""
        return _share(self.is_same | self.is_close)

    def then(self, other: Closeness) -> Closeness:
        """Return what is left where the close ones are computed as ``other``, which saw the same ones."""
        is_same = torch.where(self.is_close, other.is_same, self.is_same)
        return replace(other, is_same=is_same, is_close=self.is_close & other.is_close)


def scored(backend: Backend, patches: Tensor, rank: Rank) -> Scored:
    """Return what a backend gives for patches.

    Args:
        backend: Computes them.
        patches: Standardised patches (N, channels, rows, columns), float32.
        rank: See ``SecondLook``.
    """
    # What is done once, such as compiling, does not count.
    logits_of(backend, patches[: backend.batch_size])
    start = time.perf_counter()
    logits = logits_of(backend, patches).cpu()
    return Scored(rank(logits), len(patches) / (time.perf_counter() - start))


def closeness(fewer: Scored, exact: Scored, demand: Demand) -> Closeness:
    """Return which patches need a second look.

    All patches tell by how much the gap between two classes is off, in the root mean square. In that unit,
    the errors of the gap between the best two of each patch tell what larger ones are worth: a gap is as
    likely to be turned over as half the share of errors that are larger, of all or of those of which a
    class is one of the two. A class's limit, in that unit, is the gap beyond which it is expected to lose
    no more patches than it may to classes that are named.

    Args:
        fewer: In fewer bits.
        exact: The same patches in 32.
        demand: What the sample must keep.
    """
    in_fewer, in_32 = fewer.ranked.double(), exact.ranked.double()
    classes, named = in_32.argmax(dim=1), in_fewer.argmax(dim=1)
    # What a rule gives no chance has no errors.
    wrong = (in_fewer - in_32).nan_to_num(0.0)
    scales = _scales(wrong)
    best = in_fewer.topk(min(2, in_fewer.shape[1]), dim=1).indices
    errors = wrong.gather(1, best)
    errors = (errors[:, 0] - errors[:, -1]).abs() / scales[best[:, 0], best[:, -1]]
    gaps = gaps_to_best(in_fewer) / scales[named]
    units = [
        _limit(
            gaps[named != number, number],
            (errors, errors[(best == number).any(dim=1)]),
            demand.may_lose * max(1, int((classes == number).sum())),
        )
        for number in range(in_fewer.shape[1])
    ]
    least = float(errors.quantile(demand.below))
    limits = (scales * torch.tensor(units).clamp(min=least)).to(torch.float32)
    return Closeness(limits, named == classes, is_close(fewer.ranked, limits))


def pays(fewer: Scored, exact: Scored, found: Closeness) -> bool:
    """Return whether both looks together take less time than 32 bits alone."""
    return 1 / fewer.rate + found.again / exact.rate < 1 / exact.rate


def _scales(errors: Tensor) -> Tensor:
    """Return the root mean square error of the gaps (classes, classes) from errors (N, classes)."""
    products = errors.T @ errors / len(errors)
    squares = products.diagonal()
    # Not 0, which gaps are divided by.
    return (squares[:, None] + squares - 2.0 * products).clamp(min=_LEAST_SCALE**2).sqrt()


def _limit(gaps: Tensor, errors: tuple[Tensor, ...], may_lose: float) -> float:
    """Return the gap beyond which a class is expected to lose no more patches than it may.

    Args:
        gaps: From the class to the best one, of patches that name another.
        errors: Of gaps; of several kinds of patches, of which the worst counts.
        may_lose: Number of patches.
    """
    gaps = gaps.sort(descending=True).values
    chances = torch.stack([_share_above(gaps, some) for some in errors]).amax(dim=0) / 2
    too_many = torch.nonzero(chances.cumsum(0) > may_lose)
    # What lies at the limit is not below it.
    return float(gaps[too_many[0]]) * (1.0 + _A_LITTLE) if len(too_many) else 0.0


def _share_above(gaps: Tensor, errors: Tensor) -> Tensor:
    """Return the share of errors that are larger than each gap; 0 where there are no errors."""
    not_above = torch.searchsorted(errors.sort().values, gaps, right=True)
    return (len(errors) - not_above).double() / max(1, len(errors))


def _share(which: Tensor) -> float:
    return float(which.double().mean())


@dataclass(frozen=True, eq=False)
class Computation:
    """How the patches of a run are computed.

    Attributes:
        backend: Computes them all.
        second_look: Computes again those whose classes are close; None where that is not needed.
        agreement: Share of a sample of the raster, 0 to 1, that has the class of 32 bits; None where
            they are computed in 32 bits, or nothing is known of the raster.
    """

    backend: Backend
    second_look: SecondLook | None = None
    agreement: float | None = None


def with_a_look(
    backend: Backend, exact: Backend, found: Closeness, in_32: Scored, rank: Rank, progress: Progress
) -> Computation:
    """Return a backend of fewer bits with a look in 32 that follows.

    Args:
        backend: Computes in fewer bits.
        exact: In 32.
        found: What the first does to a sample of the raster.
        in_32: What the second gives for it.
        rank: See ``SecondLook``.
        progress: Learns what was found.
    """
    _say(backend, found, found.agreement, progress)
    look = SecondLook(exact, found.limits, rank, seconds=found.again / in_32.rate)
    return Computation(backend, look, found.agreement)


def in_8_bits(
    backend: Backend,
    between: Backend | None,
    exact: Backend,
    judge: Callable[[Backend], Scored],
    rank: Rank,
    progress: Progress,
) -> Computation:
    """Return 8 bits with the looks that follow, or 16 where they are no faster.

    Args:
        backend: Computes in 8 bits.
        between: In 16; None where that cannot be had.
        exact: In 32.
        judge: From one of them to what it gives for a sample of the raster.
        rank: See ``SecondLook``.
        progress: Learns what was found.
    """
    in_32 = judge(exact)
    found = closeness(judge(backend), in_32, OF_8_BITS)
    if between is not None and found.again <= _MOST_AGAIN:
        # Of what is close in 8 bits most is clear in 16, in a third of the time.
        in_16 = judge(between)
        rest = found.then(closeness(in_16, in_32, AFTER_8_BITS))
        _say(backend, found, rest.agreement, progress)
        progress.log(
            "Those are computed again in 16 bits, and the {again:.1%} that are close even then in 32.",
            again=rest.again,
        )
        last = SecondLook(exact, rest.limits, rank, seconds=rest.again / in_32.rate)
        look = SecondLook(between, found.limits, rank, last, found.again / in_16.rate)
        return Computation(backend, look, rest.agreement)
    computation = with_a_look(backend, exact, found, in_32, rank, progress)
    if between is None:
        return computation
    progress.log("With that int8 is no faster than 16 bits, so these are used.", "warning")
    in_16_bits = closeness(judge(between), in_32, OF_16_BITS)
    return with_a_look(between, exact, in_16_bits, in_32, rank, progress)


def _say(backend: Backend, found: Closeness, agreement: float, progress: Progress) -> None:
    """Log what fewer bits do to a sample of the raster, and how much of it agrees after all looks."""
    is_low = agreement < _LEAST_8_BIT
    progress.log(
        "In {precision} {before:.1%} of {count:,} patches of the raster have the class of 32 bits; with the "
        "{again:.1%} whose classes are close computed again in more bits, {agreement:.1%}"
        + (": that is little, PRECISION=auto is safer" if is_low else "")
        + ".",
        "warning" if is_low else "info",
        precision=backend.method.precision,
        before=found.before,
        count=len(found.is_same),
        again=found.again,
        agreement=agreement,
    )
