"""The pixels of a raster that lie near samples."""

from __future__ import annotations

import numpy as np

from ..raster.stack import mirrored
from .pixels import Pixels
from .samples import Integers, Mask


def near_pixels(pixels: Pixels, places: Integers, distance: int, height: int, width: int) -> Mask:
    """Return which pixels lie no more than ``distance`` rows and columns from one of ``places``.

    Beyond the raster's edge a pixel is near where the one that it mirrors is.

    Args:
        pixels: The blocks of the raster that are held.
        places: Rows and columns of samples (N, 2).
        distance: In pixels, 0 or more.
        height: Rows of the raster.
        width: Its columns.

    Returns:
        In the order of ``pixels.values`` (blocks + 1, side * side); the block of what is missing is False.
    """
    side, numbers = pixels.side, pixels.numbers.cpu().numpy()
    rows, columns = numbers // pixels.stride - pixels.margin, numbers % pixels.stride - pixels.margin
    found = np.zeros((len(numbers) + 1, side, side), dtype=np.bool_)
    if len(places) and len(numbers):
        by_row = places[np.argsort(places[:, 0], kind="stable")]
        low = int(columns.min())
        shown = mirrored(low * side, (int(columns.max()) + 1) * side, width)
        across = shown[((columns - low) * side)[:, None] + np.arange(side)]
        for block_row in np.unique(rows):
            members = np.flatnonzero(rows == block_row)
            lines = mirrored(int(block_row) * side, (int(block_row) + 1) * side, height)
            strip = np.stack([_near_in_row(by_row, int(line), distance, width) for line in lines])
            found[members] = strip[:, across[members]].transpose(1, 0, 2)
    return found.reshape(len(numbers) + 1, side * side)


def _near_in_row(by_row: Integers, row: int, distance: int, width: int) -> Mask:
    """Return which columns of a row of the raster are near places that are sorted by row (width,)."""
    first, last = np.searchsorted(by_row[:, 0], [row - distance, row + distance + 1])
    columns = by_row[first:last, 1]
    begins = np.bincount(np.maximum(columns - distance, 0), minlength=width + 1)
    ends = np.bincount(np.minimum(columns + distance + 1, width), minlength=width + 1)
    return np.asarray(np.cumsum(begins - ends)[:width] > 0)
