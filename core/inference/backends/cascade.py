"""Mixed precision with recomputation of low margins.

Reduced precision changes a network's scores a little. That changes the class of a patch only where the
margin between the two best classes is smaller than the error, so only those patches are recomputed in
higher precision. Usually they are few, and the map is almost that of 32 bits, see ``Tolerance``. After 8 bits
the next precision is 16 bits, if available. Errors, and the margins below which patches are recomputed, are
measured on a sample of the raster's patches.

32 bits are fp32, 16 bits bf16 or fp16, and 8 bits int8; tf32 is treated as 16 bits. A margin is the
difference of two classes in the values that the decision rule compares (``Rank``). A margin is low if it is
below its limit.

>>> found = agreement_of(scored(fast, patches, rank), scored(exact, patches, rank), TOLERANCE_16_BITS)
>>> recompute(logits, Recomputation(exact, found.limits, rank), compute)   # changes logits
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
"""Function from logits to the values that the decision rule compares, both of shape (N, classes).

The class with the highest value is assigned. The values are logits, calibrated where the model has a
calibration, see ``core.inference.products.ranked``.
"""
CALIBRATION_PATCHES = 300
"""Largest number of patches that define the ranges of 8-bit quantization."""
TEST_PATCHES = 2000
"""Largest number of further patches on which the classes of 8 and 32 bits are compared."""
# Sample of a raster for 16 bits: the raster's number of patches divided by the divisor, within these limits.
_MIN_SAMPLE, _MAX_SAMPLE, _SAMPLE_DIVISOR = 256, 1000, 16
# Smallest error that margins are divided by.
_MIN_SCALE = 1e-12
# Relative excess of a limit over the margin that it is taken from.
_RELATIVE_EXCESS = 1e-6
# Fraction of patches with the class of 32 bits below which a warning is logged.
_MIN_AGREEMENT = 0.985
# 8 bits take about half the time of 16, so with a larger fraction of recomputed patches they save no time.
_MAX_RECOMPUTED = 0.5


@dataclass(frozen=True, eq=False)
class Recomputation:
    """Recomputation of patches with low margins in higher precision.

    Attributes:
        backend: Backend of higher precision.
        limits: Margin below which a patch is recomputed, in the unit of ``rank``, float32, shape (classes,
            classes): row of the best class in lower precision, column of the other class. The diagonal has no
            effect.
        rank: Function from logits to the values that the decision rule compares.
        then: Recomputation, in a still higher precision, of the patches whose margin remains low; None
            after 32 bits.
        seconds: Time of the recomputation without ``then``, in seconds per patch of the raster, recomputed or
            not; for estimates of the throughput.
    """

    backend: Backend
    limits: Tensor
    rank: Rank
    then: Recomputation | None = None
    seconds: float = 0.0

    def low_margins(self, logits: Tensor) -> Tensor:
        """Return the indices of the patches with low margins, int64, shape (M,).

        Args:
            logits: Logits in lower precision, shape (N, classes).
        """
        return torch.nonzero(has_low_margin(self.rank(logits), self.limits)).flatten()


def recompute(
    logits: Tensor, recomputation: Recomputation | None, compute: Callable[[Backend, Tensor], Tensor]
) -> Tensor:
    """Replace the logits of patches with low margins by those of higher precision.

    Args:
        logits: Logits in lower precision, float32, shape (N, classes); they are changed.
        recomputation: Recomputation; None changes nothing.
        compute: Function from a backend and indices of patches, int64, shape (M,), to their logits, shape (M,
            classes).

    Returns:
        Indices of the patches that were recomputed at least once, int64, shape (M,).
    """
    recomputed = rest = torch.arange(0 if recomputation is None else len(logits), device=logits.device)
    is_first = True
    while recomputation is not None:
        rest = rest[recomputation.low_margins(logits[rest])]
        recomputed = rest if is_first else recomputed
        if not len(rest):
            break
        logits[rest] = compute(recomputation.backend, rest)
        recomputation, is_first = recomputation.then, False
    return recomputed


def has_low_margin(ranked: Tensor, limits: Tensor) -> Tensor:
    """Return whether the margin of the best class to any other class is low, bool, shape (N,).

    Args:
        ranked: Values that the decision rule compares, shape (N, classes).
        limits: Margin below which a patch is recomputed, shape (classes, classes), see ``Recomputation``.
    """
    best = ranked.argmax(dim=1, keepdim=True)
    gaps = margins_to_best(ranked).scatter(1, best, torch.inf)
    return (gaps < limits.to(ranked.device)[best[:, 0]]).any(dim=1)


def margins_to_best(ranked: Tensor) -> Tensor:
    """Return the highest value of each row minus each value of the row, 0 or more, of the same shape.

    Args:
        ranked: Values that the decision rule compares, shape (N, classes).
    """
    return ranked.amax(dim=1, keepdim=True) - ranked


@torch.inference_mode()
def logits_of(backend: Backend, patches: Tensor) -> Tensor:
    """Return the logits of patches, float32, shape (N, classes).

    Args:
        backend: Backend of the network.
        patches: Standardised patches on the device, float32, shape (N, channels, rows, columns).
    """
    inputs = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return torch.cat(list(backend.scores(torch.split(inputs, backend.batch_size), backend.batch_size)))


@dataclass(frozen=True, eq=False)
class RasterSample:
    """Sample of the patches of a raster.

    Attributes:
        raster: Text that changes when the raster's files, the area or the stride change; empty where changes
            of the files are not detected, so that nothing measured on the raster is used for a later run.
        count: Maximum number of patches that the run classifies.
        patches: Function from a maximum number to at most that many patches at random positions,
            standardised, float32, shape (N, channels, rows, columns), see ``PatchNetwork``. For the same
            number they are the same.
        rank: Function from logits to the values that the decision rule compares.
        rule: Name of the decision rule of ``rank``, one of ``core.options.DECISIONS``; empty if nothing is
            compared.
        stride: Distance between classified patches in pixels; None for arbitrary positions.
    """

    raster: str
    count: int
    patches: Callable[[int], Tensor]
    rank: Rank
    rule: str = ""
    stride: int | None = None

    def for_ranges(self) -> Tensor:
        """Return the patches that define the ranges of 8-bit quantization, at most 300."""
        return self.patches(CALIBRATION_PATCHES + TEST_PATCHES)[:CALIBRATION_PATCHES]

    def for_8_bits(self) -> Tensor:
        """Return the patches on which 8 bits are tested, at most 2000."""
        patches = self.patches(CALIBRATION_PATCHES + TEST_PATCHES)
        # The patches of the ranges are left out, except for a small raster.
        return patches[CALIBRATION_PATCHES:] if len(patches) >= 2 * CALIBRATION_PATCHES else patches

    def for_16_bits(self) -> Tensor:
        """Return the patches on which 16 bits are tested: a sixteenth of ``count``, within 256 and 1000."""
        return self.patches(max(min(self.count // _SAMPLE_DIVISOR, _MAX_SAMPLE), _MIN_SAMPLE))


@dataclass(frozen=True)
class Tolerance:
    """Tolerated disagreement with 32 bits after recomputation.

    Attributes:
        may_lose: Largest expected fraction, 0 to 1, of the patches of each class in 32 bits that get another
            class.
        below: Quantile, 0 to 1, of the errors of margins; no limit is below it. It guards classes that are
            almost always clear: few patches of a sample show at which margins they are lost.
    """

    may_lose: float
    below: float


TOLERANCE_16_BITS = Tolerance(0.0003, 0.95)
"""Tolerance of 16 bits for all patches of a raster, which ``auto`` may choose."""
TOLERANCE_8_BITS = Tolerance(0.003, 0.75)
"""Tolerance of 8 bits, which a user requests explicitly."""
TOLERANCE_AFTER_8_BITS = Tolerance(0.003, 0.75)
"""Tolerance of 16 bits for low margins of 8 bits."""


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of a backend for a sample of patches.

    Attributes:
        ranked: Values that the decision rule compares, shape (N, classes), on the CPU.
        rate: Throughput of the backend in patches per second.
    """

    ranked: Tensor
    rate: float


@dataclass(frozen=True, eq=False)
class Agreement:
    """Agreement of a lower precision with 32 bits on a sample of patches.

    Attributes:
        limits: Margin below which a patch is recomputed, float32, shape (classes, classes), on the CPU, see
            ``Recomputation``.
        is_same: Whether the lower precision gives each patch the class of 32 bits, bool, shape (N,).
        is_recomputed: Whether the margin of each patch is low, so that it is recomputed, bool, shape (N,).
    """

    limits: Tensor
    is_same: Tensor
    is_recomputed: Tensor

    @property
    def before(self) -> float:
        """Fraction of patches, 0 to 1, with the class of 32 bits before recomputation."""
        return _fraction(self.is_same)

    @property
    def again(self) -> float:
        """Fraction of patches, 0 to 1, with a low margin, which are recomputed."""
        return _fraction(self.is_recomputed)

    @property
    def agreement(self) -> float:
        """Fraction of patches, 0 to 1, with the class of 32 bits after recomputation in 32 bits."""
        return _fraction(self.is_same | self.is_recomputed)

    def then(self, other: Agreement) -> Agreement:
        """Return the agreement of two precisions, the second one for low margins of the first one.

        Its ``limits`` are those of the second precision, and ``is_recomputed`` marks the patches whose margin
        is low in both, which are recomputed in 32 bits.

        Args:
            other: Agreement of the second precision with 32 bits on the same sample.
        """
        is_same = torch.where(self.is_recomputed, other.is_same, self.is_same)
        return replace(other, is_same=is_same, is_recomputed=self.is_recomputed & other.is_recomputed)


def scored(backend: Backend, patches: Tensor, rank: Rank) -> Scored:
    """Return the scores and the throughput of a backend on a sample.

    Args:
        backend: Backend of the network.
        patches: Standardised patches on the device, float32, shape (N, channels, rows, columns).
        rank: Function from logits to the values that the decision rule compares.
    """
    # The first batch includes one-time costs such as compiling, and is not measured.
    logits_of(backend, patches[: backend.batch_size])
    start = time.perf_counter()
    logits = logits_of(backend, patches).cpu()
    return Scored(rank(logits), len(patches) / (time.perf_counter() - start))


def agreement_of(fewer: Scored, exact: Scored, demand: Tolerance) -> Agreement:
    """Return the agreement of a lower precision, and the margins below which patches are recomputed.

    The margins between two classes, and their errors, are divided by the root mean square error of these
    margins over the sample. The errors of the margins between the best two classes then give the probability
    that a margin of a given size changes its sign: half the fraction of errors that are larger, because
    errors of the other sign increase the margin. The fraction is that over all patches, or over those with a
    class among the best two, whichever is higher. The limit of a class is the lowest margin to the best class
    above which it is expected to lose no more patches than tolerated. It is multiplied by the root mean
    square error of each pair of classes.

    Args:
        fewer: Scores in the lower precision, of at least one patch.
        exact: Scores of the same patches in 32 bits.
        demand: Tolerated disagreement.
    """
    in_fewer, in_32 = fewer.ranked.double(), exact.ranked.double()
    classes, predicted = in_32.argmax(dim=1), in_fewer.argmax(dim=1)
    # Classes that the rule excludes have infinite values, and no errors.
    differences = (in_fewer - in_32).nan_to_num(0.0)
    scales = _scales(differences)
    best = in_fewer.topk(min(2, in_fewer.shape[1]), dim=1).indices
    errors = differences.gather(1, best)
    errors = (errors[:, 0] - errors[:, -1]).abs() / scales[best[:, 0], best[:, -1]]
    gaps = margins_to_best(in_fewer) / scales[predicted]
    units = [
        _limit(
            gaps[predicted != number, number],
            (errors, errors[(best == number).any(dim=1)]),
            demand.may_lose * max(1, int((classes == number).sum())),
        )
        for number in range(in_fewer.shape[1])
    ]
    least = float(errors.quantile(demand.below))
    limits = (scales * torch.tensor(units).clamp(min=least)).to(torch.float32)
    return Agreement(limits, predicted == classes, has_low_margin(fewer.ranked, limits))


def pays(fewer: Scored, exact: Scored, found: Agreement) -> bool:
    """Return whether a lower precision with recomputation in 32 bits is faster than 32 bits alone.

    Args:
        fewer: Scores in the lower precision, of which only the throughput is used.
        exact: Scores in 32 bits, of which only the throughput is used.
        found: Agreement of the lower precision.
    """
    return 1 / fewer.rate + found.again / exact.rate < 1 / exact.rate


def _scales(errors: Tensor) -> Tensor:
    """Return the root mean square error of the margins between classes, shape (classes, classes).

    Args:
        errors: Errors of the values that the decision rule compares, float64, shape (N, classes).
    """
    products = errors.T @ errors / len(errors)
    squares = products.diagonal()
    # Margins are divided by it, so it must not be 0.
    return (squares[:, None] + squares - 2.0 * products).clamp(min=_MIN_SCALE**2).sqrt()


def _limit(gaps: Tensor, errors: tuple[Tensor, ...], may_lose: float) -> float:
    """Return the margin above which a class is expected to lose no more patches than tolerated.

    All margins and errors are divided by the root mean square error of their pair of classes.

    Args:
        gaps: Margins between the best class and this class, of patches with another predicted class, shape
            (M,).
        errors: Absolute errors of margins, shape (K,) each, for several groups of patches, of which the worst
            counts.
        may_lose: Tolerated number of patches, a fraction of one or more.
    """
    gaps = gaps.sort(descending=True).values
    chances = torch.stack([_fraction_above(gaps, some) for some in errors]).amax(dim=0) / 2
    too_many = torch.nonzero(chances.cumsum(0) > may_lose)
    # A margin equal to the limit is not below it.
    return float(gaps[too_many[0]]) * (1.0 + _RELATIVE_EXCESS) if len(too_many) else 0.0


def _fraction_above(gaps: Tensor, errors: Tensor) -> Tensor:
    """Return the fraction of errors (K,) that exceed each margin (M,), shape (M,); 0 without errors."""
    not_above = torch.searchsorted(errors.sort().values, gaps, right=True)
    return (len(errors) - not_above).double() / max(1, len(errors))


def _fraction(is_counted: Tensor) -> float:
    """Return the fraction of patches, 0 to 1, for which a bool (N,) is True; NaN without patches."""
    return float(is_counted.double().mean())


@dataclass(frozen=True, eq=False)
class Computation:
    """Backend of a run, and recomputation of low margins.

    Attributes:
        backend: Backend of all patches.
        recomputation: Recomputation of patches with low margins; None in 32 bits, or without a sample.
        agreement: Fraction of sampled patches, 0 to 1, that have the same class as in 32 bits after
            recomputation; None in 32 bits, or without a sample.
    """

    backend: Backend
    recomputation: Recomputation | None = None
    agreement: float | None = None


def with_recomputation(
    backend: Backend, exact: Backend, found: Agreement, in_32: Scored, rank: Rank, progress: Progress
) -> Computation:
    """Return a backend of lower precision that recomputes low margins in 32 bits, and log its agreement.

    Args:
        backend: Backend of lower precision.
        exact: Backend in 32 bits.
        found: Agreement of the lower precision.
        in_32: Scores of the sample in 32 bits.
        rank: Function from logits to the values that the decision rule compares.
        progress: Progress reporter.
    """
    _log_agreement(backend, found, found.agreement, progress)
    recomputation = Recomputation(exact, found.limits, rank, seconds=found.again / in_32.rate)
    return Computation(backend, recomputation, found.agreement)


def in_8_bits(
    backend: Backend,
    between: Backend | None,
    exact: Backend,
    judge: Callable[[Backend], Scored],
    rank: Rank,
    progress: Progress,
) -> Computation:
    """Return a backend in 8 bits with recomputation, or one in 16 bits where 8 bits save no time.

    Low margins of 8 bits are recomputed in 16 bits, and those that are low in 16 bits, too, in 32 bits. If
    more than half of the sample had to be recomputed, 16 bits are used for all patches, with recomputation
    in 32 bits, and a warning is logged. Without a backend in 16 bits, 8 bits are used at any such fraction,
    with recomputation in 32 bits.

    Args:
        backend: Backend in 8 bits.
        between: Backend in 16 bits; None where not available.
        exact: Backend in 32 bits.
        judge: Function from a backend to its scores for a sample of the raster.
        rank: Function from logits to the values that the decision rule compares.
        progress: Progress reporter.
    """
    in_32 = judge(exact)
    found = agreement_of(judge(backend), in_32, TOLERANCE_8_BITS)
    if between is not None and found.again <= _MAX_RECOMPUTED:
        # Most low margins of 8 bits are clear in 16 bits, which take a third of the time of 32.
        in_16 = judge(between)
        rest = found.then(agreement_of(in_16, in_32, TOLERANCE_AFTER_8_BITS))
        _log_agreement(backend, found, rest.agreement, progress)
        progress.log(
            "They are recomputed in 16 bits, and the {again:.1%} whose margin is still low in 32 bits.",
            again=rest.again,
        )
        last = Recomputation(exact, rest.limits, rank, seconds=rest.again / in_32.rate)
        recomputation = Recomputation(between, found.limits, rank, last, found.again / in_16.rate)
        return Computation(backend, recomputation, rest.agreement)
    computation = with_recomputation(backend, exact, found, in_32, rank, progress)
    if between is None:
        return computation
    progress.log("With recomputation, int8 is no faster than 16 bits, so 16 bits are used.", "warning")
    in_16_bits = agreement_of(judge(between), in_32, TOLERANCE_16_BITS)
    return with_recomputation(between, exact, in_16_bits, in_32, rank, progress)


def _log_agreement(backend: Backend, found: Agreement, agreement: float, progress: Progress) -> None:
    """Log the agreement with 32 bits before and after recomputation, as a warning below 98.5 %.

    Args:
        backend: Backend of the lower precision.
        found: Agreement of that precision alone.
        agreement: Fraction of patches, 0 to 1, with the class of 32 bits after all recomputations.
        progress: Progress reporter.
    """
    is_low = agreement < _MIN_AGREEMENT
    progress.log(
        "In {precision}, {before:.1%} of {count:,} sampled patches have the class of 32 bits. After the "
        "{again:.1%} "
        "with a low margin are recomputed, it is {agreement:.1%}"
        + (", which is low. PRECISION=auto is safer" if is_low else "")
        + ".",
        "warning" if is_low else "info",
        precision=backend.method.precision,
        before=found.before,
        count=len(found.is_same),
        again=found.again,
        agreement=agreement,
    )
