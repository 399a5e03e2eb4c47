"""Estimated figures with their 95 % confidence intervals.

An ``Estimate`` is one figure; an ``EstimateArray`` holds many of them::

    accuracy = Estimate(0.814, low=0.771, high=0.852, error=0.021)
    accuracy.half_width                        # 0.041: 1.96 standard errors
    accuracy.text(digits=1, factor=100)        # "81.4 ± 4.1"
    accuracy.interval_text(1, factor=100)      # "77.1–85.2"
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from ..arrays import Float64Array
from ..text import Text, fixed, typeset

NORMAL_QUANTILE = 1.96
"""Quantile of the standard normal distribution for 95 % intervals, rounded as in the cited papers."""
MIN_SPREAD = 1e-9
"""Standard errors and ranges of replicates below it are 0 but for rounding."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its standard error and 95 % confidence interval, which always contains the figure.

    Percentiles of a skewed bootstrap, and Wilson's interval with half a point that differs, may end beside
    the figure itself. The interval is then extended to it.

    Attributes:
        value: The figure; None where it is not defined.
        low: Lower end of the interval; None where no interval can be given.
        high: Upper end of the interval.
        error: Standard error; None where it is not known.
        clusters: Number of clusters that a bootstrap interval is based on; None for an interval that is
            based on a sampling design.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    clusters: int | None = None

    def __post_init__(self) -> None:
        if self.value is None:
            return
        if self.low is not None and self.low > self.value:
            object.__setattr__(self, "low", self.value)
        if self.high is not None and self.high < self.value:
            object.__setattr__(self, "high", self.value)

    @property
    def quantile(self) -> float:
        """Standard errors in half a plain 95 % interval: Student's quantile for clusters, else 1.96."""
        if self.clusters is None or self.error is None:
            return NORMAL_QUANTILE
        return float(stdtrit(self.clusters - 1, 0.975))

    @property
    def half_width(self) -> float | None:
        """Half the plain 95 % interval; None where the error is not known, or the units do not differ."""
        return None if self.error is None or self.error < MIN_SPREAD else self.quantile * self.error

    def scaled(self, factor: float) -> Estimate:
        """Return the figure in another unit. A standard error that is only rounding becomes 0."""
        own = 0.0 if self.error is not None and self.error < MIN_SPREAD else self.error
        value, low, high, error = (
            None if number is None else factor * number for number in (self.value, self.low, self.high, own)
        )
        return Estimate(value, low, high, error, self.clusters)

    def text(self, digits: int = 3, factor: float = 1, missing: str = "–") -> str:
        """Return ``81.4 ± 4.1``: the value and half the plain interval.

        Args:
            digits: Digits after the decimal point.
            factor: Factor of the printed numbers, such as 100 for per cent.
            missing: Text of a figure that is not defined.
        """
        if self.value is None:
            return missing
        value, half = fixed(factor * self.value, digits), self.half_width
        if half is None:
            return value
        return Text("{value} ± {half}", value=value, half=fixed(factor * half, digits))

    def interval_text(
        self, digits: int, factor: float = 1, separator: str = "–", has_sign: bool = False
    ) -> str:
        """Return ``77.1–85.2``, or ``−0.02 to +0.05`` for what may be negative; empty without an interval.

        Args:
            digits: Digits after the decimal point.
            factor: Factor of the printed numbers, such as 100 for per cent.
            separator: Sign between the ends of an interval without signs.
            has_sign: Whether the ends are printed with their signs.
        """
        if self.low is None or self.high is None:
            return ""
        if has_sign:
            low, high = (typeset(factor * end, digits) for end in (self.low, self.high))
            return Text("{low} to {high}", low=low, high=high)
        ends = fixed(factor * self.low, digits), fixed(factor * self.high, digits)
        return Text("{low}{separator}{high}", low=ends[0], separator=separator, high=ends[1])


Estimates = tuple[Estimate, ...]


@dataclass(frozen=True, eq=False)
class EstimateArray:
    """Estimates as arrays of one shape; NaN where a number is not known.

    Attributes:
        values: The figures.
        errors: Standard errors.
        low: Lower ends of the 95 % intervals.
        high: Upper ends.
    """

    values: Float64Array
    errors: Float64Array
    low: Float64Array
    high: Float64Array

    def single(self) -> Estimate:
        """Return the only figure of arrays without dimensions."""
        return Estimate(finite(self.values), finite(self.low), finite(self.high), finite(self.errors))


def finite(value: Float64Array | float) -> float | None:
    """Return a single number; None for NaN and infinity."""
    return float(value) if np.isfinite(value) else None


def wilson_interval(
    values: Float64Array, sizes_below: Float64Array, sizes_above: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return the ends of Wilson's 95 % intervals of proportions.

    Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953; with effective sample sizes for complex
    samples Korn and Graubard 1998 and Franco et al. 2019, https://doi.org/10.1093/jssam/smy019.

    Args:
        values: Estimated proportions, shape (...).
        sizes_below: Effective sample sizes for the lower ends, shape (...): sizes of simple random samples
            with the same variance.
        sizes_above: Those for the upper ends.
    """
    return (
        np.maximum(_wilson_end(values, sizes_below, -1), 0.0),
        np.minimum(_wilson_end(values, sizes_above, 1), 1.0),
    )


def _wilson_end(values: Float64Array, sizes: Float64Array, sign: int) -> Float64Array:
    z = NORMAL_QUANTILE
    with np.errstate(invalid="ignore", divide="ignore"):
        shrinkage = 1 / (1 + z**2 / sizes)
        middle = shrinkage * (values + z**2 / (2 * sizes))
        half = shrinkage * z * np.sqrt(values * (1 - values) / sizes + (z / sizes) ** 2 / 4)
    return np.asarray(middle + sign * half, dtype=np.float64)
