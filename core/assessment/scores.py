"""Scores of confusion matrices, of one or of many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of matrices of shape (..., classes, classes), whose rows are reference classes.

    Attributes:
        overall: Share of samples on the diagonal (...).
        balanced: Mean recall over the classes that the reference has (...).
        macro_f1: Mean F1 over these classes (...).
        weighted_f1: The same, weighted by their samples (...).
        precision: Of each class (..., classes); NaN where it was never predicted.
        recall: Of each class; NaN where the reference has none of it.
        f1: Of each class; NaN where the reference has none of it, 0 where it was never hit.
    """

    overall: Floats
    balanced: Floats
    macro_f1: Floats
    weighted_f1: Floats
    precision: Floats
    recall: Floats
    f1: Floats


def scores(confusion: npt.NDArray[np.int64] | Floats) -> Scores:
    """Return the scores of matrices (..., classes, classes); NaN where there are no samples."""
    counts = np.asarray(confusion, dtype=np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    reference, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    total = reference.sum(axis=-1)
    recall = ratio(hits, reference)
    f1 = np.where(reference > 0, ratio(2 * hits, reference + predicted), np.nan)
    present = np.count_nonzero(reference > 0, axis=-1)
    return Scores(
        overall=ratio(hits.sum(axis=-1), total),
        balanced=ratio(np.nansum(recall, axis=-1), present),
        macro_f1=ratio(np.nansum(f1, axis=-1), present),
        weighted_f1=ratio(np.nansum(f1 * reference, axis=-1), total),
        precision=ratio(hits, predicted),
        recall=recall,
        f1=f1,
    )


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Return part / whole, NaN where the whole is nothing."""
    above, below = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    found: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found
