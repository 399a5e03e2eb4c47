"""Learning curve: accuracy of held-out samples against the number of training polygons.

The models of all sizes predict the same held-out samples. A power law of the error, a + b n^-c (Figueroa et
al. 2012, https://doi.org/10.1186/1472-6947-12-8), is fitted to the points. It is only followed to twice the
number of polygons, and only where the accuracy rises clearly from the first point to the last.

>>> curve = learning_curve(channels, codes, groups, folds, seed=0, progress=progress)
>>> curve.points[-1].accuracy.value
0.91
>>> curve.last_doubling            # gain from half of the polygons to all, with its interval
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import curve_fit

from ..arrays import Float32Array, Float64Array, Int64Array
from ..assessment.bootstrap import MIN_CLUSTERS, bootstrap_estimate, resampled_means
from ..assessment.estimate import Estimate
from ..progress import Progress, RateMeter
from .suspects import grow_trees

FRACTIONS = (0.125, 0.25, 0.5, 0.75, 1.0)
"""Fractions of the training polygons of each class."""
DRAWS = 3
"""Number of draws of polygons for each fraction below 1 and each fold."""
MIN_POINTS = 4
"""Smallest number of points through which a power law is fitted."""
TREES = 100
# Fits of resampled points, for the interval of the extrapolation.
_FITS = 200
# Smallest improvement over the curve that a fit must explain: it falls by at least this much in all.
_MIN_FALL = 0.005


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy of models that are grown on some of the polygons.

    Attributes:
        polygons: Mean number of training polygons.
        accuracy: Overall accuracy of the held-out samples, with the interval of resampled polygons.
    """

    polygons: float
    accuracy: Estimate


@dataclass(frozen=True)
class LearningCurve:
    """Learning curve with what more polygons may bring.

    Attributes:
        points: Points by number of polygons.
        last_doubling: Gain in accuracy from half of the polygons to all of them.
        parameters: Asymptotic error, factor and exponent of the power law; empty where none is fitted.
        doubled: Accuracy that the power law gives for twice as many polygons, with the interval of fits to
            resampled points; without a value where no power law is fitted.
    """

    points: tuple[CurvePoint, ...]
    last_doubling: Estimate
    parameters: tuple[float, ...] = ()
    doubled: Estimate = field(default_factory=lambda: Estimate(None))


def learning_curve(
    channels: Float32Array,
    codes: Int64Array,
    groups: Int64Array,
    folds: Int64Array,
    seed: int,
    progress: Progress,
    fractions: tuple[float, ...] = FRACTIONS,
    trees: int = TREES,
) -> LearningCurve:
    """Measure the accuracy of held-out samples with a part of the training polygons.

    The polygons of a fraction are drawn per class, at least one of each. Larger fractions contain the smaller
    ones of the same draw.

    Args:
        channels: Finite values of the channels, shape (N, channels).
        codes: Class code of each sample, int64, shape (N,).
        groups: Group of each sample, a polygon or block that is not divided, int64, shape (N,).
        folds: Fold that holds each sample out, from 1, int64, shape (N,); 0 for samples that are never held
            out.
        seed: Seed of the draws and of the trees.
        progress: Progress reporter.
        fractions: Fractions of the training polygons, ascending; the last is 1.
        trees: Number of trees of each model.

    Raises:
        RunCancelled: The user cancelled.
    """
    names, first, members = np.unique(groups, return_index=True, return_inverse=True)
    class_of = codes[first]
    numbers = np.unique(folds[folds > 0]).tolist()
    hits = np.zeros((len(codes), len(fractions)))
    sizes = np.zeros(len(fractions))
    models = len(numbers) * (1 + DRAWS * (len(fractions) - 1))
    meter = RateMeter(models, "models", "Measuring the learning curve")
    for number in numbers:
        held_out, rest = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
        available = np.unique(members[rest])
        for place, fraction in enumerate(fractions):
            draws = DRAWS if fraction < 1 else 1
            for draw in range(draws):
                progress.check_cancelled()
                order = np.random.default_rng((seed, draw)).permutation(len(names))
                chosen = _drawn(available, class_of, order, fraction)
                train = rest[np.isin(members[rest], chosen)]
                forest = grow_trees(channels[train], codes[train], seed + draw, trees)
                hits[held_out, place] += (forest.predict(channels[held_out]) == codes[held_out]) / draws
                sizes[place] += len(chosen) / draws / len(numbers)
                meter.add(1)
                progress.update(meter.fraction, meter.text())
    is_known = folds > 0
    return _curve(hits[is_known], members[is_known], sizes, fractions, seed)


def _drawn(available: Int64Array, class_of: Int64Array, order: Int64Array, fraction: float) -> Int64Array:
    """Return the first polygons of each class in a random order, at least one of each class."""
    ranked = available[np.argsort(order[available], kind="stable")]
    parts = []
    for code in np.unique(class_of[ranked]):
        own = ranked[class_of[ranked] == code]
        parts.append(own[: max(1, round(fraction * len(own)))])
    return np.concatenate(parts)


def _curve(
    hits: Float64Array,
    members: Int64Array,
    sizes: Float64Array,
    fractions: tuple[float, ...],
    seed: int,
) -> LearningCurve:
    """Return the curve of the held-out samples' hits, shape (N, fractions)."""
    if not len(hits):
        return LearningCurve((), Estimate(None))
    accuracy, resampled, count = resampled_means(hits, members, seed)
    # Of few polygons, small fractions are the same.
    places = [place for place in range(len(sizes)) if place == 0 or sizes[place] > sizes[place - 1] + 0.5]
    points = tuple(
        CurvePoint(float(sizes[place]), bootstrap_estimate(accuracy[place], resampled[:, place], count))
        for place in places
    )
    last = len(fractions) - 1
    gain = Estimate(None)
    if 0.5 in fractions:
        half = fractions.index(0.5)
        gain = bootstrap_estimate(
            accuracy[last] - accuracy[half], resampled[:, last] - resampled[:, half], count
        )
    at = sizes[places]
    # What does not rise clearly has no shape that could be followed.
    rise = bootstrap_estimate(accuracy[last] - accuracy[0], resampled[:, last] - resampled[:, 0], count)
    is_clear = count >= MIN_CLUSTERS and rise.low is not None and rise.low > 0
    fitted = fit_power_law(at, 1 - accuracy[places]) if is_clear else None
    if fitted is None:
        return LearningCurve(points, gain)
    twice = 2 * at[-1]
    fits = [fit_power_law(at, 1 - row[places], min_fall=0.0) for row in resampled[:_FITS]]
    ends = np.array([np.nan if item is None else 1 - power_law(twice, *item) for item in fits])
    doubled = bootstrap_estimate(float(1 - power_law(twice, *fitted)), ends, count)
    return LearningCurve(points, gain, fitted, doubled)


def power_law(number: Float64Array | float, asymptote: float, factor: float, exponent: float) -> Float64Array:
    """Return the error a + b n^-c.

    Args:
        number: Number of polygons.
        asymptote: Error that no number of polygons falls below, a.
        factor: Factor b.
        exponent: Exponent c.
    """
    return np.asarray(asymptote + factor * np.asarray(number, dtype=np.float64) ** -exponent)


def fit_power_law(
    numbers: Float64Array, errors: Float64Array, min_fall: float = _MIN_FALL
) -> tuple[float, float, float] | None:
    """Return asymptote, factor and exponent of the power law of an error; None where it cannot be fitted.

    Args:
        numbers: Numbers of polygons, ascending, shape (M,).
        errors: Error at each of them, shape (M,).
        min_fall: Smallest fall of the error from the first to the last point.
    """
    if len(numbers) < MIN_POINTS or not np.isfinite(errors).all() or errors[0] - errors[-1] < min_fall:
        return None
    start = (max(0.0, 0.9 * float(errors.min())), max(1e-3, float(errors[0])), 0.5)
    try:
        found, _ = curve_fit(
            power_law,
            numbers,
            errors,
            p0=start,
            bounds=((0.0, 0.0, 0.05), (1.0, 10.0, 2.0)),
            # Larger sizes have steadier errors.
            sigma=1 / np.sqrt(numbers),
            max_nfev=2000,
        )
    except (RuntimeError, ValueError):
        return None
    return float(found[0]), float(found[1]), float(found[2])
