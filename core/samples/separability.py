"""Spectral curves of classes, and their separability by the Jeffries-Matusita distance.

>>> curves = class_curves(channels, codes, classes=4)
>>> distances, shrinkage = jeffries_matusita(bands, codes, classes=4)
>>> distances[0, 1]                # 1.97 of at most 2: the first two classes hardly overlap
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Float32Array, Float64Array, Int64Array

GOOD_DISTANCE, POOR_DISTANCE = 1.9, 1.0
"""Jeffries-Matusita distances from which on classes are usually called separable, and below which not.

They are in common use; no probability of error follows from them alone.
"""
MIN_SHRINKAGE = 1e-3
"""Smallest shrinkage of a covariance that cannot be inverted otherwise."""
# Condition number beyond which a covariance is singular in double precision.
_MAX_CONDITION = 1e10
_PERCENTILES = (5.0, 95.0)


@dataclass(frozen=True)
class ClassCurve:
    """Values of a class by channel.

    Attributes:
        mean: Mean of each channel; NaN where there is no value.
        low: 5th percentile of each channel.
        high: 95th percentile of each channel.
    """

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def class_curves(channels: Float32Array, codes: Int64Array, classes: int) -> tuple[ClassCurve, ...]:
    """Return the mean and the range of 90 % of the samples of each class by channel.

    Args:
        channels: Values of the samples, shape (N, channels); NaN where invalid, such as an index whose
            denominator is 0.
        codes: Class code of each sample, int64, shape (N,); each class has at least one.
        classes: Number of classes.
    """
    curves = []
    for code in range(classes):
        values = channels[codes == code].astype(np.float64)
        columns = [column[np.isfinite(column)] for column in values.T]
        empty = np.full(3, np.nan)
        rows = np.array(
            [
                (column.mean(), *np.percentile(column, _PERCENTILES)) if len(column) else empty
                for column in columns
            ]
        )
        curves.append(ClassCurve(*(tuple(part.tolist()) for part in rows.T)))
    return tuple(curves)


def jeffries_matusita(
    bands: Float32Array, codes: Int64Array, classes: int
) -> tuple[Float64Array, tuple[float, ...]]:
    """Return the Jeffries-Matusita distance of all pairs of classes, and the shrinkage of each covariance.

    The distance of two normal distributions is J = 2 (1 - exp(-B)), 0 where they are the same and 2 where
    they do not overlap, with the Bhattacharyya distance

    B = 1/8 d' S^-1 d + 1/2 ln(det S / sqrt(det S1 det S2)),   S = (S1 + S2) / 2,   d = m1 - m2

    (Richards 2013, Remote Sensing Digital Image Analysis, section 10.2,
    https://doi.org/10.1007/978-3-642-30062-2). Bruzzone, Roli and Serpico (1995,
    https://doi.org/10.1109/36.477187) use its square root, of at most 1.41.

    A class of few samples, or one in which bands depend on each other, has a covariance that cannot be
    inverted. Each covariance is therefore shrunk towards a diagonal, (1 - a) S + a t I with the mean variance
    t and the intensity a of Ledoit and Wolf (2004, https://doi.org/10.1016/S0047-259X(03)00096-4), in bands
    that are scaled by their standard deviation within classes. The intensity falls as samples are more. It is
    at least the fraction of dimensions that the samples do not span, (bands - samples + 1) / bands, of which
    the estimate knows nothing. Where the result is still singular, it is at least ``MIN_SHRINKAGE``.

    Args:
        bands: Finite values of the bands, shape (N, bands).
        codes: Class code of each sample, int64, shape (N,); each class has at least two.
        classes: Number of classes.

    Returns:
        Distances, 0 to 2, shape (classes, classes), NaN for classes with fewer than two samples; the
        intensity of the shrinkage of each class, 0 to 1.
    """
    values = bands.astype(np.float64)
    counts = np.bincount(codes, minlength=classes)
    means = np.stack([values[codes == code].mean(axis=0) for code in range(classes)])
    deviation = np.sqrt(np.mean((values - means[codes]) ** 2, axis=0))
    # A constant band does not separate anything.
    varies = deviation > 1e-9 * np.maximum(np.abs(values).max(axis=0), 1e-30)
    values, means = values[:, varies] / deviation[varies], means[:, varies] / deviation[varies]
    distances = np.full((classes, classes), np.nan)
    if not values.shape[1]:
        return np.zeros((classes, classes)), (1.0,) * classes
    covariances, shrinkage = [], []
    for code in range(classes):
        covariance, intensity = _shrunk_covariance(values[codes == code] - means[code])
        covariances.append(covariance)
        shrinkage.append(intensity)
    log_determinants = [np.linalg.slogdet(covariance)[1] for covariance in covariances]
    for first in range(classes):
        for second in range(first, classes):
            if min(counts[first], counts[second]) < 2:
                continue
            mean = (covariances[first] + covariances[second]) / 2
            difference = means[first] - means[second]
            exponent = difference @ np.linalg.solve(mean, difference) / 8
            own = (log_determinants[first] + log_determinants[second]) / 2
            exponent += (np.linalg.slogdet(mean)[1] - own) / 2
            distances[first, second] = distances[second, first] = 2 * (1 - np.exp(-max(exponent, 0.0)))
    return distances, tuple(shrinkage)


def _shrunk_covariance(centred: Float64Array) -> tuple[Float64Array, float]:
    """Return the covariance of centred values (N, bands) after shrinkage, and the intensity."""
    count, bands = centred.shape
    covariance = centred.T @ centred / max(1, count)
    variance = float(np.trace(covariance)) / bands
    target = (variance if variance > 0 else 1e-6) * np.eye(bands)
    intensity = max(_intensity(centred, covariance, target), (bands - count + 1) / bands)
    for least in (intensity, MIN_SHRINKAGE, 10 * MIN_SHRINKAGE, 1.0):
        used = max(intensity, least)
        shrunk = (1 - used) * covariance + used * target
        if np.linalg.cond(shrunk) < _MAX_CONDITION:
            break
    return shrunk, used


def _intensity(centred: Float64Array, covariance: Float64Array, target: Float64Array) -> float:
    """Return the intensity of Ledoit and Wolf (2004), lemma 3.2 to 3.4, 0 to 1."""
    count = len(centred)
    spread = float(np.sum((covariance - target) ** 2))
    if count < 2 or spread <= 0:
        return 1.0
    # Mean over the samples of |x x' - S|^2, which is mean |x|^4 - |S|^2.
    fourth = float(np.mean(np.sum(centred**2, axis=1) ** 2))
    error = (fourth - float(np.sum(covariance**2))) / count
    return float(min(1.0, max(0.0, error / spread)))
