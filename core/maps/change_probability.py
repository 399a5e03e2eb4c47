"""Probability that a pixel has changed its class, from the class probabilities of two dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..arrays import Float32Array
from ..marks import KIND_ITEM
from ..progress import Progress, RateMeter
from ..provenance import output_items, provenance
from ..raster.grid import Grid, tiles_of
from ..raster.probability_raster import (
    PROBABILITY_STEP,
    ClassProbabilities,
    open_probabilities,
    probability_nodata,
)
from ..text import untranslated

CHANGE_BAND = untranslated("Probability of change")
_TILE = 1024
_DTYPE = "uint8"


def probability_of_change(before: NDArray[np.floating], after: NDArray[np.floating]) -> Float32Array:
    """Return the probability that two pixels differ in class, 1 - Σ p₁ p₂; NaN where one has none.

    It takes the errors of both classifications for independent of each other.

    Args:
        before: Probability of each class in the earlier map, shape (classes, ...).
        after: The same in the later map, with the classes in the same order.
    """
    return np.asarray(np.clip(1.0 - (before * after).sum(axis=0), 0.0, 1.0), dtype=np.float32)


def write_probability_of_change(
    path: Path,
    grid: Grid,
    before: ClassProbabilities,
    after: ClassProbabilities,
    kind: str,
    progress: Progress,
) -> float | None:
    """Write the probability of change, and return the mean of all pixels; None where no pixel has one.

    Args:
        path: GeoTIFF to write: bytes in steps of 0.004, see ``core.raster.probability_raster``.
        grid: Grid of the raster.
        before: Probabilities of the earlier map.
        after: Probabilities of the later map.
        kind: Kind of the output, see ``core.marks``.
        progress: Progress reporter, from 0 to 1.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
        RasterError: A raster cannot be read.
    """
    items = {
        KIND_ITEM: kind,
        **output_items(provenance({}), BEFORE=before.source.title, AFTER=after.source.title),
    }
    meter = RateMeter(grid.window.pixels, "pixels", "Writing the probability of change")
    nodata, total, count = probability_nodata(_DTYPE), 0.0, 0
    with open_probabilities(path, grid, (CHANGE_BAND,), _DTYPE, progress, items) as writer:
        for tile in tiles_of(grid.window, _TILE):
            progress.check_cancelled()
            change = probability_of_change(before.read(tile), after.read(tile))
            known = np.isfinite(change)
            steps = np.where(known, np.round(np.where(known, change, 0.0) / PROBABILITY_STEP), nodata)
            writer.write(tile, 0, steps.astype(_DTYPE))
            total, count = total + float(change[known].sum(dtype=np.float64)), count + int(known.sum())
            meter.add(tile.pixels)
            progress.update(meter.fraction, meter.text())
    return total / count if count else None
