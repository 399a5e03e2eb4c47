"""Estimators of a map's accuracy and areas from a probability sample or from clusters.

Each figure of a confusion matrix, accuracy or area, is a ratio of two population totals. Both totals are
estimated with the weights of the sample's units, and the variance of the ratio by linearisation (Stehman
2014, https://doi.org/10.1080/01431161.2014.930207, equations 24 to 27). Where the strata are the map's
classes this is Olofsson et al. 2014 (https://doi.org/10.1016/j.rse.2014.02.015, equations 5 to 11); with
one stratum it is simple random sampling.

Cells of all matrices have the reference class in the rows and the map class in the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ..arrays import BoolArray, Float64Array
from .bootstrap import (
    bootstrap_estimate,
    bootstrap_estimates,
    clusters_with,
    resampled_margins,
    total_matrix,
)
from .confusion_matrix import ConfusionMatrix, ratio
from .estimate import (
    MIN_SPREAD,
    NORMAL_QUANTILE,
    Estimate,
    EstimateArray,
    Estimates,
    finite,
    wilson_interval,
)

MIN_ERRORS = 5
"""Number of sampled errors of a kind below which the intervals that depend on them are too narrow."""


@dataclass(frozen=True, eq=False)
class SampledCells:
    """Units of probability samples by stratum and cell of the confusion matrix.

    The cells may have more than one column for a map class, such as one for each pair of classes of two
    maps: the shape of a cell array is (rows, columns) below.

    Attributes:
        counts: Number of units, shape (..., strata, rows, columns); any number of samples at once.
        sums: Sums of the units' weights: the part of the population that they represent, same shape.
        squares: Sums of the squares of these weights, same shape.
        fractions: Sampled fraction of each stratum, shape (strata,), for the finite population
            correction; 0 leaves it out.
        outside: Units of each stratum, shape (strata,), that were drawn outside the domain of the figures,
            such as where the map has no class. They are in no cell, but their number is random: they
            are units of the sample whose values are 0 (Stehman 2014; Cochran 1977).
    """

    counts: Float64Array
    sums: Float64Array
    squares: Float64Array
    fractions: Float64Array
    outside: Float64Array | float = 0.0

    @property
    def units(self) -> Float64Array:
        """Number of units drawn in each stratum, shape (..., strata)."""
        return np.asarray(self.counts.sum(axis=(-1, -2)) + self.outside)

    @property
    def proportions(self) -> ConfusionMatrix:
        """Estimated proportions of the population, shape (..., rows, columns)."""
        return ConfusionMatrix(self.sums.sum(axis=-3)).proportions

    def ratio(
        self, numerator: Float64Array, denominator: Float64Array, is_structural: bool = False
    ) -> EstimateArray:
        """Return ratios of population totals with Wilson intervals, shape (...).

        Args:
            numerator: Value of a unit of each cell in the numerator, shape (rows, columns), mostly 0 or 1.
            denominator: Value in the denominator, same shape.
            is_structural: Whether a stratum without sampled units in the denominator has none in the
                population.
        """
        total = np.sum(self.sums * denominator, axis=(-1, -2, -3))
        values = ratio(np.sum(self.sums * numerator, axis=(-1, -2, -3)), total)
        residuals = numerator - values[..., None, None] * denominator
        parts = ratio(residuals, total[..., None, None])
        variances = self._variances(parts, denominator, is_structural)
        is_inside = (values > 0) & (values < 1)
        plain = ratio(total**2, np.sum(self.squares * denominator**2, axis=(-1, -2, -3)))
        sizes = []
        for steps in self._unseen(parts, denominator, is_structural):
            unseen = 0.5 * np.sum((1 - self.fractions) * steps**2, axis=-1)
            # Estimate of 0 or 1 with half a different unit in each such stratum; 1 less it is as far off.
            hidden = 0.5 * np.sum(np.abs(steps), axis=-1)
            inside = np.where(is_inside, values, hidden / (1 + hidden))
            spread = np.where(is_inside, variances, 0.0) + unseen
            sizes.append(np.where(spread == 0, plain, ratio(inside * (1 - inside), spread)))
        return EstimateArray(values, np.sqrt(variances), *wilson_interval(values, *sizes))

    def difference(
        self, first: tuple[Float64Array, Float64Array], second: tuple[Float64Array, Float64Array]
    ) -> Estimate:
        """Return one ratio less another of the same sample.

        The interval is the plain one; there is none where the points do not differ.

        Args:
            first: Numerator and denominator of the first ratio, as in ``ratio``.
            second: Numerator and denominator of the ratio to subtract.
        """
        values, joint = [], np.zeros(self.counts.shape[-2:])
        for sign, (numerator, denominator) in ((1.0, first), (-1.0, second)):
            total = np.sum(self.sums * denominator)
            values.append(ratio(np.sum(self.sums * numerator), total))
            joint = joint + sign * ratio(numerator - values[-1] * denominator, total)
        value = values[0] - values[1]
        if not np.isfinite(value):
            return Estimate(None)
        error = np.sqrt(self._variances(joint, np.ones(joint.shape), is_structural=False))
        if error < MIN_SPREAD:
            # Points that are all alike cannot show how often another one differs.
            return Estimate(float(value), error=0.0)
        half = NORMAL_QUANTILE * error
        return Estimate(float(value), finite(value - half), finite(value + half), finite(error))

    def mean_of_ratios(self, numerators: Float64Array, denominators: Float64Array) -> EstimateArray:
        """Return the mean of several ratios, without those that are not defined, shape (...).

        Args:
            numerators: Values as in ``ratio``, shape (ratios, rows, columns).
            denominators: Values as in ``ratio``, same shape.
        """
        totals = np.einsum("...hij,rij->...r", self.sums, denominators)
        values = ratio(np.einsum("...hij,rij->...r", self.sums, numerators), totals)
        number = np.count_nonzero(totals > 0, axis=-1)
        residuals = numerators - values[..., None, None] * denominators
        parts = ratio(residuals, totals[..., None, None])
        joint = ratio(np.nansum(parts, axis=-3), number[..., None, None])
        mean = ratio(np.nansum(values, axis=-1), number)
        variances = self._variances(joint, np.ones(joint.shape[-2:]), is_structural=False)
        size = ratio(mean * (1 - mean), variances)
        return EstimateArray(mean, np.sqrt(variances), *wilson_interval(mean, size, size))

    def _variances(
        self, residuals: Float64Array, denominator: Float64Array, is_structural: bool
    ) -> Float64Array:
        """Return the variance of the total of residuals, given by cell (..., rows, columns)."""
        # A sum over the cells' weights is a sum over units, whose values are weight times residual.
        residuals = np.nan_to_num(residuals)[..., None, :, :]
        units = self.units
        first = np.sum(self.sums * residuals, axis=(-1, -2))
        second = np.sum(self.squares * residuals**2, axis=(-1, -2))
        spread = np.maximum(second - ratio(first**2, units), 0.0)
        # NaN for a single unit: how others would differ from it is not known.
        terms = (1 - self.fractions) * ratio(units, units - 1) * spread
        terms = np.where(self._is_left_out(denominator, is_structural), 0.0, terms)
        return np.asarray(terms.sum(axis=-1), dtype=np.float64)

    def _unseen(
        self, residuals: Float64Array, denominator: Float64Array, is_structural: bool
    ) -> tuple[Float64Array, ...]:
        """Return by how much a unit that differs would move the ratio, down and up, shape (..., strata).

        That concerns strata whose units are all alike; it is 0 in others. That no unit of 300
        differs does not mean that none of 300,000 does, and in a large stratum a few of these are
        many beside a small class. So half a unit is assumed to differ, as in Jeffreys' prior for a
        plain proportion (Brown et al. 2001, https://doi.org/10.1214/ss/1009213286).
        """
        residuals = np.nan_to_num(residuals)[..., None, :, :]
        # A map class without units in a stratum is assumed not to occur there.
        is_possible = np.broadcast_to(self.counts.sum(axis=-2, keepdims=True) > 0, self.counts.shape)
        low, high = _extremes(residuals, is_possible)
        lowest, highest = _extremes(residuals, self.counts > 0)
        is_alike = (highest == lowest) & ~self._is_left_out(denominator, is_structural)
        # The part of the population that a unit of the stratum represents.
        weight = ratio(self.sums.sum(axis=(-1, -2)), self.counts.sum(axis=(-1, -2)))
        return tuple(np.where(is_alike, weight * (end - lowest), 0.0) for end in (low, high))

    def _is_left_out(self, denominator: Float64Array, is_structural: bool) -> BoolArray:
        """Return the strata that have no information on a ratio, shape (..., strata)."""
        if not is_structural:
            return np.asarray(self.units == 0)
        return np.asarray(np.sum(self.counts * (denominator != 0), axis=(-1, -2)) == 0)


def sampled_cells(
    counts: Float64Array,
    sizes: Float64Array,
    fractions: Float64Array | None = None,
    outside: Float64Array | float = 0.0,
) -> SampledCells:
    """Return samples that were drawn at random within strata.

    Args:
        counts: Number of units, shape (..., strata, rows, columns).
        sizes: Sizes of the strata in any unit, shape (strata,); their weights in the population.
        fractions: Sampled fraction of each stratum, shape (strata,); None leaves out the correction.
        outside: Units drawn outside the domain of the figures, shape (..., strata).
    """
    units = (counts.sum(axis=(-1, -2)) + outside)[..., None, None]
    weights = np.nan_to_num(ratio(np.broadcast_to(sizes[:, None, None], units.shape), units))
    none = np.zeros(len(sizes))
    return SampledCells(
        counts, counts * weights, counts * weights**2, none if fractions is None else fractions, outside
    )


def _extremes(values: Float64Array, is_included: BoolArray) -> tuple[Float64Array, Float64Array]:
    """Return the smallest and the largest included cell of each stratum, 0 where there is none."""
    has_any = is_included.any(axis=(-1, -2))
    smallest = np.min(np.where(is_included, values, np.inf), axis=(-1, -2))
    largest = np.max(np.where(is_included, values, -np.inf), axis=(-1, -2))
    return np.where(has_any, smallest, 0.0), np.where(has_any, largest, 0.0)


@dataclass(frozen=True)
class MapAccuracy:
    """Accuracy and area figures of a map.

    The names are keys in the JSON of accuracy reports.

    Attributes:
        counts: Confusion matrix in sampled units.
        proportions: Confusion matrix in estimated proportions of the area; without a sampling design, in
            proportions of the units.
        overall: Overall accuracy.
        balanced: Mean producer's accuracy of the classes that the reference has.
        macro_f1: Mean F1 of these classes.
        users: User's accuracy of each class: fraction of the area mapped as the class that is the class.
        producers: Producer's accuracy of each class: fraction of the class that is mapped as such.
        f1: Harmonic mean of user's and producer's accuracy of each class.
        iou: Intersection over union of each class.
        area: Fraction of the area that each class has; not defined without a probability sample.
        kappa: Cohen's kappa; None where it was not requested or is not defined.
    """

    counts: ConfusionMatrix
    proportions: ConfusionMatrix
    overall: Estimate
    balanced: Estimate
    macro_f1: Estimate
    users: Estimates
    producers: Estimates
    f1: Estimates
    iou: Estimates
    area: Estimates
    kappa: float | None = None


def accuracy_of_sample(cells: SampledCells, strata_are_map: bool, kappa: bool = False) -> MapAccuracy:
    """Return the accuracy of the area from which one probability sample was drawn.

    Args:
        cells: Sample, cells of shape (strata, classes, classes).
        strata_are_map: Whether the strata are the classes of the map.
        kappa: Whether to compute kappa.
    """
    classes = cells.counts.shape[-1]
    masks = [_masks(code, classes) for code in range(classes)]
    everything = np.ones((classes, classes))
    proportions = cells.proportions
    balanced = cells.mean_of_ratios(*_stacked([(hit, reference) for hit, reference, _ in masks]))
    macro_f1 = cells.mean_of_ratios(*_stacked([_f1(item, cells) for item in masks]))
    return MapAccuracy(
        counts=ConfusionMatrix(cells.counts.sum(axis=-3)),
        proportions=proportions,
        overall=cells.ratio(np.eye(classes), everything).single(),
        balanced=balanced.single(),
        macro_f1=macro_f1.single(),
        users=tuple(cells.ratio(hit, mapped, strata_are_map).single() for hit, _, mapped in masks),
        producers=tuple(cells.ratio(hit, reference).single() for hit, reference, _ in masks),
        f1=tuple(cells.ratio(*_f1(item, cells)).single() for item in masks),
        iou=tuple(cells.ratio(hit, row + column - hit).single() for hit, row, column in masks),
        area=tuple(cells.ratio(reference, everything).single() for _, reference, _ in masks),
        kappa=finite(proportions.kappa) if kappa else None,
    )


def accuracy_of_clusters(counts: csr_array, classes: int, seed: int, kappa: bool = False) -> MapAccuracy:
    """Return the accuracy of the pixels at hand, with intervals by bootstrap over clusters.

    The interval of a user's accuracy is based on the clusters in which the class is mapped, those of the
    other figures of a class on the clusters that have it in the reference.

    Args:
        counts: Confusion matrix of each cluster in pixels, shape (clusters, classes * classes).
        classes: Number of classes.
        seed: Seed of the resampling.
        kappa: Whether to compute kappa.
    """
    matrix = total_matrix(counts, classes)
    (replicates,) = resampled_margins([counts], classes, seed)
    clusters = counts.shape[0]
    referenced, mapped = clusters_with(counts, classes)

    def whole(name: str) -> Estimate:
        return bootstrap_estimate(getattr(matrix, name), getattr(replicates, name), clusters)

    return MapAccuracy(
        counts=matrix,
        proportions=matrix.proportions,
        overall=whole("overall_accuracy"),
        balanced=whole("balanced_accuracy"),
        macro_f1=whole("macro_f1"),
        users=bootstrap_estimates(matrix.users_accuracy, replicates.users_accuracy, mapped),
        producers=bootstrap_estimates(matrix.producers_accuracy, replicates.producers_accuracy, referenced),
        f1=bootstrap_estimates(matrix.f1, replicates.f1, referenced),
        iou=bootstrap_estimates(matrix.iou, replicates.iou, referenced),
        area=(Estimate(None),) * classes,
        kappa=finite(matrix.kappa) if kappa else None,
    )


def rarely_omitted(counts: ConfusionMatrix) -> tuple[int, ...]:
    """Return the codes of classes whose omission is based on fewer than ``MIN_ERRORS`` sampled units.

    In the deforestation example of Olofsson et al. 2014 these are deforestation and forest
    gain: their plain intervals of producer's accuracy and area cover far less than 95 %.
    """
    totals = counts.reference_totals
    return tuple(np.flatnonzero((totals - counts.hits < MIN_ERRORS) & (totals > 0)).tolist())


def _masks(code: int, classes: int) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return the cells of a class that are hits, its reference row and its map column."""
    reference = np.zeros((classes, classes))
    reference[code] = 1
    return reference * reference.T, reference, reference.T.copy()


def _f1(
    masks: tuple[Float64Array, Float64Array, Float64Array], cells: SampledCells
) -> tuple[Float64Array, Float64Array]:
    """Return numerator and denominator of the F1 of a class; not defined where the reference lacks it."""
    hit, reference, mapped = masks
    if not np.sum(cells.sums * reference):
        return np.zeros_like(hit), np.zeros_like(hit)
    return 2 * hit, reference + mapped


def _stacked(pairs: list[tuple[Float64Array, Float64Array]]) -> tuple[Float64Array, Float64Array]:
    return np.stack([first for first, _ in pairs]), np.stack([second for _, second in pairs])
