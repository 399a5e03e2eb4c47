"""Sample records: a sample design as JSON lines, from which QGIS creates a point layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..files import write_points
from ..raster.grid import Grid
from .draw import draw_by_class
from .samples import Samples
from .split_design import SUGGESTED_WORD, Design, Split, SplitOptions, counted_samples
from .split_search import (
    BOTH_WORD,
    CALIBRATION_WORD,
    DROPPED_WORD,
    TEST_WORD,
    TRAIN_WORD,
    UNUSED_WORD,
    VALIDATION_WORD,
)

_WORDS = (
    UNUSED_WORD,
    DROPPED_WORD,
    TRAIN_WORD,
    VALIDATION_WORD,
    CALIBRATION_WORD,
    TEST_WORD,
    BOTH_WORD,
    SUGGESTED_WORD,
)
_UNUSED, _DROPPED, _TRAIN, _VALIDATION, _CALIBRATION, _TEST, _BOTH, _SUGGESTED = range(len(_WORDS))


def write_design(path: Path, samples: Samples, design: Design, grid: Grid, options: SplitOptions) -> None:
    """Write the samples of a design: those that a split uses, and those that the gap dropped.

    Of the dropped samples, at most ``options.limits.max_per_class`` per class are written.

    Args:
        path: Path of the file to write.
        samples: All samples.
        design: Design of these samples.
        grid: Grid of the raster.
        options: Options that the design was created with.

    Raises:
        OutputError: The file cannot be written.
    """
    uses = np.stack([_uses(samples, split) for split in design.splits])
    dropped = np.flatnonzero((uses <= _DROPPED).all(axis=0) & (uses == _DROPPED).any(axis=0))
    written_dropped = draw_by_class(samples, dropped, options.limits.max_per_class, options.seed)
    indices = np.union1d(np.flatnonzero((uses > _DROPPED).any(axis=0)), written_dropped)
    centres = samples.pixel_coordinates[indices].astype(np.float64) + 0.5
    x, y = grid.position(centres[:, 0], centres[:, 1])
    weights = _weights(samples, design, indices)
    items = [samples.classes[code] for code in samples.codes[indices].tolist()]
    records = (
        {
            "x": float(x[number]),
            "y": float(y[number]),
            "value": items[number].value,
            "name": items[number].name,
            "split": " ".join(_WORDS[use] for use in uses[:, index]),
            "fold": int(design.folds[index]) or None,
            "cluster": int(design.clusters[index]),
            "weight": float(weights[number]),
        }
        for number, index in enumerate(indices.tolist())
    )
    write_points(path, records)


def _weights(samples: Samples, design: Design, indices: Int64Array) -> Float64Array:
    """Return weights of some samples (M,) whose sums are the labelled pixels of their classes."""
    counted = counted_samples(samples, design)
    is_suggested = samples.having(SUGGESTED_WORD)
    weights = np.where(is_suggested, 0.0, 1.0)
    for part in (counted, ~counted & ~is_suggested):
        members = indices[part[indices]]
        numbers = np.bincount(samples.codes[members], minlength=len(samples.classes))
        pixels_per_sample = samples.labelled_pixels(part) / np.maximum(numbers, 1)
        weights[members] = pixels_per_sample[samples.codes[members]]
    return weights[indices]


def _uses(samples: Samples, split: Split) -> Int64Array:
    uses = np.full(len(samples), _UNUSED, dtype=np.int64)
    uses[split.dropped] = _DROPPED
    uses[split.validation] = _VALIDATION
    uses[split.calibration] = _CALIBRATION
    uses[split.train] = _BOTH if split.validation is split.train else _TRAIN
    uses[split.test] = _TEST
    uses[(uses == _TRAIN) & samples.having(SUGGESTED_WORD)] = _SUGGESTED
    return uses
