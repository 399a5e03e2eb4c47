"""How close classes in fewer bits must be to be looked at again: from a sample of the raster."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .backend import Backend
from .second_look import Rank, gaps_to_best, is_close, logits_of


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
_LEAST_SCALE, _A_LITTLE = 1e-12, 1e-6


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
