"""Estimators of a map's accuracy and areas from a probability sample or from clusters.

Each figure of a confusion matrix, accuracy or area, is a ratio of two population totals. Both totals are
estimated with the weights of the sample's units, and the variance of the ratio by linearisation (Stehman
2014, https://doi.org/10.1080/01431161.2014.930207, equations 24 to 27). Where the strata are the map's
classes this is Olofsson et al. 2014 (https://doi.org/10.1016/j.rse.2014.02.015, equations 5 to 11); with
one stratum it is simple random sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.special import stdtrit

from ..arrays import Float64Array, Int64Array
from .bootstrap import FEWEST_CLUSTERS, Estimate, clusters_with, interval_of, resampled
from .confusion_matrix import ratio, scores

QUANTILE = 1.96
"""Of the standard normal distribution, for intervals of 95 %; the papers round it so."""
# A standard error below it is 0 but for rounding.
_NO_SPREAD = 1e-9
Rows = tuple[tuple[float, ...], ...]
FEWEST_ERRORS = 5
"""With fewer errors of a kind in the sample, intervals that rest on them are too narrow."""


@dataclass(frozen=True)
class Sampled:
    """An estimated figure; None where it is not defined or cannot be given.

    Attributes:
        value: The estimate.
        error: Its standard error.
        low: Lower end of the 95 % interval that does not take the estimate for normal.
        high: Upper end.
        quantile: Standard errors in half the plain 95 % interval; more where few clusters tell the error.
    """

    value: float | None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    quantile: float = QUANTILE

    @property
    def half_width(self) -> float | None:
        """Half the plain 95 % interval; None where the error is not known, or units have no spread."""
        return None if self.error is None or self.error < _NO_SPREAD else self.quantile * self.error

    def times(self, factor: float) -> Sampled:
        """Return the figure in another unit."""
        value, error, low, high = (
            None if number is None else factor * number
            for number in (self.value, self.error, self.low, self.high)
        )
        return Sampled(value, error, low, high, self.quantile)


@dataclass(frozen=True, eq=False)
class Ratios:
    """Estimated ratios and what is known of them, each of shape (...).

    Attributes:
        values: NaN where nothing is counted.
        errors: Standard errors; NaN where a stratum has a single unit.
        below: The effective sample size for the lower end of an interval: of a simple random
            sample that would tell as much.
        above: That for the upper end.
    """

    values: Float64Array
    errors: Float64Array
    below: Float64Array
    above: Float64Array

    def wilson(self) -> tuple[Float64Array, Float64Array]:
        """Return the ends of Wilson's 95 % intervals with the effective sample size.

        Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953; for complex samples Korn and
        Graubard 1998 and Franco et al. 2019, https://doi.org/10.1093/jssam/smy019.
        """
        low, high = (self._end(sizes, sign) for sizes, sign in ((self.below, -1), (self.above, 1)))
        return np.maximum(low, 0.0), np.minimum(high, 1.0)

    def _end(self, sizes: Float64Array, sign: int) -> Float64Array:
        z = QUANTILE
        with np.errstate(invalid="ignore", divide="ignore"):
            shrunk = 1 / (1 + z**2 / sizes)
            middle = shrunk * (self.values + z**2 / (2 * sizes))
            half = shrunk * z * np.sqrt(self.values * (1 - self.values) / sizes + (z / sizes) ** 2 / 4)
        return np.asarray(middle + sign * half, dtype=np.float64)

    def figure(self) -> Sampled:
        """Return the only ratio."""
        low, high = self.wilson()
        return Sampled(_known(self.values), _known(self.errors), _known(low), _known(high))


@dataclass(frozen=True, eq=False)
class SampledCells:
    """Samples, counted by stratum, map class (rows) and reference class (columns).

    Attributes:
        counts: Units (..., strata, classes, classes); any number of samples at once.
        sums: Their weights: how much of the population they stand for.
        squares: Sums of the squares of these weights.
        shares: Which share of each stratum was sampled (strata,), for the finite population
            correction; 0 leaves it out.
        outside: Units of each stratum (strata,) that were drawn outside the domain of the figures, such as
            where the map has no class. They are counted nowhere, but how many there are is chance: they
            are units of the sample whose values are 0 (Stehman 2014; Cochran 1977).
    """

    counts: Float64Array
    sums: Float64Array
    squares: Float64Array
    shares: Float64Array
    outside: Float64Array | float = 0.0

    @property
    def units(self) -> Float64Array:
        """Units that were drawn in each stratum (..., strata)."""
        return np.asarray(self.counts.sum(axis=(-1, -2)) + self.outside)

    @property
    def proportions(self) -> Float64Array:
        """Estimated shares of the population (..., classes, classes)."""
        total = self.sums.sum(axis=-3)
        return ratio(total, total.sum(axis=(-1, -2), keepdims=True))

    def ratio(self, counted: Float64Array, among: Float64Array, is_structural: bool = False) -> Ratios:
        """Return the share of ``counted`` in ``among``.

        Args:
            counted: How often a unit of each cell is counted (classes, classes), 0 or 1 mostly.
            among: The same of what it is counted among.
            is_structural: Whether strata without a unit among them have none in the population.
        """
        total = np.sum(self.sums * among, axis=(-1, -2, -3))
        values = ratio(np.sum(self.sums * counted, axis=(-1, -2, -3)), total)
        rests = counted - values[..., None, None] * among
        parts = ratio(rests, total[..., None, None])
        variances = self._variances(parts, among, is_structural)
        is_inside = (values > 0) & (values < 1)
        plain = ratio(total**2, np.sum(self.squares * among**2, axis=(-1, -2, -3)))
        ends = []
        for steps in self._unseen(parts, among, is_structural):
            unseen = 0.5 * np.sum((1 - self.shares) * steps**2, axis=-1)
            # What half a unit of each would make of an estimate of 0 or 1; 1 less that is as far off.
            hidden = 0.5 * np.sum(np.abs(steps), axis=-1)
            inside = np.where(is_inside, values, hidden / (1 + hidden))
            spread = np.where(is_inside, variances, 0.0) + unseen
            ends.append(np.where(spread == 0, plain, ratio(inside * (1 - inside), spread)))
        return Ratios(values, np.sqrt(variances), *ends)

    def difference(
        self, first: tuple[Float64Array, Float64Array], second: tuple[Float64Array, Float64Array]
    ) -> Sampled:
        """Return one ratio less another of the same sample, each counted and among.

        The interval is the plain one; there is none where the points have no spread.
        """
        values, joint = [], np.zeros(self.counts.shape[-2:])
        for sign, (counted, among) in ((1.0, first), (-1.0, second)):
            total = np.sum(self.sums * among)
            values.append(ratio(np.sum(self.sums * counted), total))
            joint = joint + sign * ratio(counted - values[-1] * among, total)
        value = values[0] - values[1]
        if not np.isfinite(value):
            return Sampled(None)
        error = np.sqrt(self._variances(joint, np.ones(joint.shape), is_structural=False))
        if error < _NO_SPREAD:
            # Points that are all alike cannot say how often another one differs.
            return Sampled(float(value), 0.0)
        half = QUANTILE * error
        return Sampled(_known(value), _known(error), _known(value - half), _known(value + half))

    def mean_of_ratios(self, counted: Float64Array, among: Float64Array) -> Ratios:
        """Return the mean of several ratios, those of which nothing is known left out.

        Args:
            counted: As in ``ratio`` (ratios, classes, classes).
            among: Alike.
        """
        totals = np.einsum("...hij,rij->...r", self.sums, among)
        values = ratio(np.einsum("...hij,rij->...r", self.sums, counted), totals)
        number = np.count_nonzero(totals > 0, axis=-1)
        rests = counted - values[..., None, None] * among
        parts = ratio(rests, totals[..., None, None])
        joint = ratio(np.nansum(parts, axis=-3), number[..., None, None])
        mean = ratio(np.nansum(values, axis=-1), number)
        variances = self._variances(joint, np.ones(joint.shape[-2:]), is_structural=False)
        size = ratio(mean * (1 - mean), variances)
        return Ratios(mean, np.sqrt(variances), size, size)

    def _variances(self, rests: Float64Array, among: Float64Array, is_structural: bool) -> Float64Array:
        """Return the variance of the total of ``rests`` (..., classes, classes)."""
        # A sum over the cells' weights is a sum over units, whose values are weight times rest.
        rests = np.nan_to_num(rests)[..., None, :, :]
        units = self.units
        first = np.sum(self.sums * rests, axis=(-1, -2))
        second = np.sum(self.squares * rests**2, axis=(-1, -2))
        spread = np.maximum(second - ratio(first**2, units), 0.0)
        # Of a single unit nobody knows how others would differ from it.
        terms = (1 - self.shares) * ratio(units, units - 1) * spread
        terms = np.where(self._is_left_out(among, is_structural), 0.0, terms)
        return np.asarray(terms.sum(axis=-1), dtype=np.float64)

    def _unseen(
        self, rests: Float64Array, among: Float64Array, is_structural: bool
    ) -> tuple[Float64Array, ...]:
        """Return how far a unit that differs would move the ratio, down and up (..., strata).

        That concerns strata whose units are all alike; it is 0 in others. That no unit of 300
        differs does not mean that none of 300,000 does, and in a large stratum a few of these are
        many beside a small class. So half a unit is taken to differ, as Jeffreys' prior does for a
        plain proportion (Brown et al. 2001, https://doi.org/10.1214/ss/1009213286).
        """
        rests = np.nan_to_num(rests)[..., None, :, :]
        # What the map never says in a stratum is not to be expected there.
        possible = np.broadcast_to(self.counts.sum(axis=-1, keepdims=True) > 0, self.counts.shape)
        least, most = _extremes(rests, possible)
        lowest, highest = _extremes(rests, self.counts > 0)
        is_alike = (highest == lowest) & ~self._is_left_out(among, is_structural)
        # How much of the population a unit of the stratum stands for.
        weight = ratio(self.sums.sum(axis=(-1, -2)), self.counts.sum(axis=(-1, -2)))
        return tuple(np.where(is_alike, weight * (end - lowest), 0.0) for end in (least, most))

    def _is_left_out(self, among: Float64Array, is_structural: bool) -> npt.NDArray[np.bool_]:
        """Return which strata say nothing of what is counted among."""
        if not is_structural:
            return np.asarray(self.units == 0)
        return np.asarray(np.sum(self.counts * (among != 0), axis=(-1, -2)) == 0)


def sampled_cells(
    counts: Float64Array,
    sizes: Float64Array,
    shares: Float64Array | None = None,
    outside: Float64Array | float = 0.0,
) -> SampledCells:
    """Return samples that were drawn at random within strata.

    Args:
        counts: Units (..., strata, classes, classes).
        sizes: Of the strata (strata,), in any unit; their weight in the population.
        shares: Which share of each stratum was sampled (strata,); None leaves out the correction.
        outside: Units that were drawn outside the domain (..., strata), see ``SampledCells``.
    """
    units = (counts.sum(axis=(-1, -2)) + outside)[..., None, None]
    weights = np.nan_to_num(ratio(np.broadcast_to(sizes[:, None, None], units.shape), units))
    none = np.zeros(len(sizes))
    return SampledCells(
        counts, counts * weights, counts * weights**2, none if shares is None else shares, outside
    )


def _extremes(values: Float64Array, chosen: npt.NDArray[np.bool_]) -> tuple[Float64Array, Float64Array]:
    """Return the least and the largest of the chosen cells of each stratum, 0 where there are none."""
    has_any = chosen.any(axis=(-1, -2))
    least = np.min(np.where(chosen, values, np.inf), axis=(-1, -2))
    most = np.max(np.where(chosen, values, -np.inf), axis=(-1, -2))
    return np.where(has_any, least, 0.0), np.where(has_any, most, 0.0)


def _known(value: Float64Array) -> float | None:
    return float(value) if np.isfinite(value) else None


Figures = tuple[Sampled, ...]


@dataclass(frozen=True)
class MapAccuracy:
    """The figures of a map. Rows of matrices are map classes, columns reference classes.

    Attributes:
        counts: Sampled units.
        proportions: Estimated shares of the area; of a sample without design, shares of its units.
        overall: Share that is right.
        balanced: Mean producer's accuracy of the classes that the reference has.
        macro_f1: Mean F1 of these classes.
        users: User's accuracy of each class: of what is mapped so, the share that is so.
        producers: Producer's accuracy of each class: of what is so, the share that is mapped so.
        f1: Harmonic mean of both.
        iou: Intersection over union.
        area: Share of the area that is of each class; no figures without a probability sample.
        kappa: Cohen's kappa; None where nobody asked for it.
    """

    counts: Rows
    proportions: Rows
    overall: Sampled
    balanced: Sampled
    macro_f1: Sampled
    users: Figures
    producers: Figures
    f1: Figures
    iou: Figures
    area: Figures
    kappa: float | None = None


def accuracy_of_sample(cells: SampledCells, strata_are_map: bool, kappa: bool = False) -> MapAccuracy:
    """Return the figures of the area from which one probability sample was drawn.

    Args:
        cells: The sample, (strata, classes, classes).
        strata_are_map: Whether the strata are the classes of the map.
        kappa: Whether kappa is wanted.
    """
    classes = cells.counts.shape[-1]
    each = [_masks(code, classes) for code in range(classes)]
    shares = cells.proportions
    return MapAccuracy(
        counts=_rows(cells.counts.sum(axis=-3)),
        proportions=_rows(shares),
        overall=cells.ratio(np.eye(classes), np.ones((classes, classes))).figure(),
        balanced=cells.mean_of_ratios(*_stacked([(hit, column) for hit, _, column in each])).figure(),
        macro_f1=cells.mean_of_ratios(*_stacked([_f1(item, cells) for item in each])).figure(),
        users=tuple(cells.ratio(hit, row, strata_are_map).figure() for hit, row, _ in each),
        producers=tuple(cells.ratio(hit, column).figure() for hit, _, column in each),
        f1=tuple(cells.ratio(*_f1(item, cells)).figure() for item in each),
        iou=tuple(cells.ratio(hit, row + column - hit).figure() for hit, row, column in each),
        area=tuple(cells.ratio(column, np.ones((classes, classes))).figure() for _, _, column in each),
        kappa=kappa_of(shares) if kappa else None,
    )


def accuracy_of_clusters(tally: csr_array, classes: int, seed: int, kappa: bool = False) -> MapAccuracy:
    """Return the figures of the pixels at hand, with intervals by bootstrap over clusters.

    The interval of a user's accuracy rests on the clusters in which the class is mapped, those of the
    other figures of a class on the clusters that have it in the reference.

    Args:
        tally: Pixels of each cluster (clusters, classes * classes), map classes first.
        classes: How many there are.
        seed: Repeats the draws.
        kappa: Whether kappa is wanted.
    """
    counts = np.asarray(tally.sum(axis=0), dtype=np.float64).reshape(classes, classes)
    drawn = np.empty((0, classes, classes))
    if tally.shape[0] >= FEWEST_CLUSTERS:
        (drawn,) = resampled([tally], classes, seed)
    found, again = (scores(np.swapaxes(matrix, -1, -2)) for matrix in (counts, drawn))
    clusters = tally.shape[0]
    mapped, referenced = clusters_with(tally, classes)
    return MapAccuracy(
        counts=_rows(counts),
        proportions=_rows(ratio(counts, counts.sum())),
        overall=resampled_figure(found.overall, again.overall, clusters),
        balanced=resampled_figure(found.balanced, again.balanced, clusters),
        macro_f1=resampled_figure(found.macro_f1, again.macro_f1, clusters),
        users=resampled_figures(found.precision, again.precision, mapped),
        producers=resampled_figures(found.recall, again.recall, referenced),
        f1=resampled_figures(found.f1, again.f1, referenced),
        iou=resampled_figures(_iou(found.f1), _iou(again.f1), referenced),
        area=(Sampled(None),) * classes,
        kappa=kappa_of(ratio(counts, counts.sum())) if kappa else None,
    )


def kappa_of(proportions: Float64Array) -> float | None:
    """Return Cohen's kappa of a matrix of shares; None where chance alone would be always right."""
    chance = float(proportions.sum(axis=0) @ proportions.sum(axis=1))
    return (float(np.trace(proportions)) - chance) / (1 - chance) if chance < 1 else None


def rarely_wrong(counts: Rows) -> tuple[int, ...]:
    """Return the classes whose omission rests on fewer than ``FEWEST_ERRORS`` sampled units.

    In the deforestation example of Olofsson et al. 2014 that is so for deforestation and forest
    gain: their plain intervals of producer's accuracy and area cover far less than 95 %.
    """
    matrix = np.asarray(counts)
    missed = matrix.sum(axis=0) - np.diag(matrix)
    return tuple(np.flatnonzero((missed < FEWEST_ERRORS) & (matrix.sum(axis=0) > 0)).tolist())


def _masks(code: int, classes: int) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return the cells of a class that are hits, its row (mapped so) and its column (so in truth)."""
    row = np.zeros((classes, classes))
    row[code] = 1
    return row * row.T, row, row.T.copy()


def _f1(
    masks: tuple[Float64Array, Float64Array, Float64Array], cells: SampledCells
) -> tuple[Float64Array, Float64Array]:
    hit, row, column = masks
    if not np.sum(cells.sums * column):
        # As elsewhere: of what the reference lacks there is no F1.
        return np.zeros_like(hit), np.zeros_like(hit)
    return 2 * hit, row + column


def _stacked(pairs: list[tuple[Float64Array, Float64Array]]) -> tuple[Float64Array, Float64Array]:
    return np.stack([first for first, _ in pairs]), np.stack([second for _, second in pairs])


def _iou(f1: Float64Array) -> Float64Array:
    return np.asarray(f1 / (2 - f1), dtype=np.float64)


def resampled_figures(values: Float64Array, drawn: Float64Array, clusters: Int64Array) -> Figures:
    """Return the figures of classes with the intervals and the standard errors of their replicates.

    Args:
        values: Figure of each class, shape (classes,).
        drawn: Its replicates, shape (replicates, classes).
        clusters: Number of clusters that each rests on, shape (classes,).
    """
    return tuple(
        resampled_figure(value, drawn[:, number], int(clusters[number]))
        for number, value in enumerate(values)
    )


def resampled_figure(value: Float64Array | float, drawn: Float64Array, clusters: int) -> Sampled:
    """Return a figure with the interval and the standard error of its replicates.

    Replicates of K clusters vary less than samples of the population by the factor sqrt((K - 1) / K),
    for which the error makes up; half the plain interval is as many errors as Student's distribution
    with K - 1 degrees of freedom asks for.

    Args:
        value: The figure.
        drawn: Its replicates, shape (replicates,).
        clusters: Number of clusters that it rests on.
    """
    found: Estimate = interval_of(float(value), drawn, clusters)
    if found.low is None:
        return Sampled(found.value)
    error = np.std(drawn[np.isfinite(drawn)], ddof=1) * np.sqrt(clusters / (clusters - 1))
    return Sampled(found.value, float(error), found.low, found.high, float(stdtrit(clusters - 1, 0.975)))


def _rows(matrix: Float64Array) -> Rows:
    return tuple(tuple(float(value) for value in row) for row in matrix)
