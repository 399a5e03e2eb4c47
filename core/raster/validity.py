"""Valid pixels: the one rule by which a map leaves pixels out, and by which training leaves out their labels.

A pixel is valid where every band of the model has a value. It is classifiable where, besides, enough pixels
of its patch are valid::

    valid = valid_pixels(values)                                  # (bands, rows, columns) to (rows, columns)
    classifiable(valid, patch_size=32, min_valid=min_valid_pixels(0.5, 32))

``classifiable_at`` applies the same rule to single pixels of a raster, such as those of samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import BoolArray, Float32Array, Int64Array
from ..options import DEFAULT_MIN_VALID
from ..progress import Progress, RateMeter
from .grid import by_tile
from .stack import BandStack

if TYPE_CHECKING:
    from torch import Tensor


def valid_pixels(values: Tensor) -> Tensor:
    """Return whether each pixel is valid, bool, shape (...).

    Args:
        values: Band values, NaN where a band has none, shape (bands, ...).
    """
    return values.isfinite().all(dim=0)


def min_valid_pixels(fraction: float, patch_size: int) -> int:
    """Return the minimum number of valid pixels in a patch.

    Args:
        fraction: Minimum fraction of valid pixels in a patch, 0 to 1.
        patch_size: Rows and columns of a patch, in pixels.
    """
    return math.ceil(fraction * patch_size**2 - 1e-9)


def classifiable(valid: Tensor, patch_size: int, min_valid: int) -> Tensor:
    """Return a mask of the valid pixels with enough valid pixels in their patch, bool, shape (height, width).

    Args:
        valid: Mask of the valid pixels of a tile with its halo, bool, shape (height + patch_size - 1, width +
            patch_size - 1). The halo has ``patch_size // 2`` pixels before the tile, and the rest behind it.
        patch_size: Rows and columns of a patch, in pixels.
        min_valid: Minimum number of valid pixels in a patch.
    """
    import torch

    # Box sums from a summed-area table take the same time for any patch size.
    sums = torch.nn.functional.pad(valid.to(torch.int32), (1, 0, 1, 0)).cumsum(0).cumsum(1)
    size = patch_size
    counts = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    before = size // 2
    height, width = counts.shape
    return valid[before : before + height, before : before + width] & (counts >= min_valid)


def classifiable_at(
    stack: BandStack,
    bands: Sequence[str],
    rows: Int64Array,
    columns: Int64Array,
    values: Float32Array,
    patch_size: int,
    progress: Progress,
) -> BoolArray:
    """Return whether a map with the default MIN_VALID would classify each of some pixels, shape (N,).

    Args:
        stack: Open band stack.
        bands: Names of the model's bands.
        rows: Row of each pixel, int64, shape (N,).
        columns: Column of each pixel, int64, shape (N,).
        values: Values of these bands at the pixels, NaN where invalid, float32, shape (N, bands).
        patch_size: Rows and columns of a patch of the model, in pixels.
        progress: Progress reporter.
    """
    # Not above: it takes a third of a gigabyte, which jobs without a model do not need.
    import torch

    result = valid_pixels(torch.from_numpy(values.T)).numpy().copy()
    least = min_valid_pixels(DEFAULT_MIN_VALID, patch_size)
    if least <= 1 or not len(rows):
        # The pixel itself is enough, so that no patch has to be read.
        return np.asarray(result)
    before = patch_size // 2
    behind = patch_size - 1 - before
    meter = RateMeter(len(rows), "samples", "Checking the patches of the samples")
    for members in by_tile(rows, columns):
        progress.check_cancelled()
        top, left = int(rows[members].min()), int(columns[members].min())
        bottom, right = int(rows[members].max()) + 1, int(columns[members].max()) + 1
        around = stack.read(top - before, bottom + behind, left - before, right + behind, bands)
        enough = classifiable(valid_pixels(torch.from_numpy(around)), patch_size, least).numpy()
        result[members] &= enough[rows[members] - top, columns[members] - left]
        meter.add(len(members))
        progress.update(meter.fraction, meter.text())
    return np.asarray(result)
