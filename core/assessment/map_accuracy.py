"""How right a map is, and how large its classes are: all figures at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import stdtrit

from .accuracy import Codes
from .intervals import FEWEST_CLUSTERS, Estimate, clusters_with, interval_of, resampled
from .sampled import Sampled, SampledCells
from .scores import Floats, ratio, scores

Figures = tuple[Sampled, ...]
Rows = tuple[tuple[float, ...], ...]

FEWEST_ERRORS = 5
"""With fewer errors of a kind in the sample, intervals that rest on them are too narrow."""


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


def kappa_of(proportions: Floats) -> float | None:
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


def _masks(code: int, classes: int) -> tuple[Floats, Floats, Floats]:
    """Return the cells of a class that are hits, its row (mapped so) and its column (so in truth)."""
    row = np.zeros((classes, classes))
    row[code] = 1
    return row * row.T, row, row.T.copy()


def _f1(masks: tuple[Floats, Floats, Floats], cells: SampledCells) -> tuple[Floats, Floats]:
    hit, row, column = masks
    if not np.sum(cells.sums * column):
        # As elsewhere: of what the reference lacks there is no F1.
        return np.zeros_like(hit), np.zeros_like(hit)
    return 2 * hit, row + column


def _stacked(pairs: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    return np.stack([first for first, _ in pairs]), np.stack([second for _, second in pairs])


def _iou(f1: Floats) -> Floats:
    return np.asarray(f1 / (2 - f1), dtype=np.float64)


def resampled_figures(values: Floats, drawn: Floats, clusters: Codes) -> Figures:
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


def resampled_figure(value: Floats | float, drawn: Floats, clusters: int) -> Sampled:
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


def _rows(matrix: Floats) -> Rows:
    return tuple(tuple(float(value) for value in row) for row in matrix)
