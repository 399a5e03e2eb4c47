"""Pixels around samples: reading them from a band stack, and telling which of them lie near samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch

from ..errors import SampleError
from ..progress import Progress, RateMeter
from ..raster.stack import BandStack, mirrored
from .pixels import Pixels
from .samples import Integers, Mask, Samples

# Rows and columns of the squares of the raster that are read together.
_TILE = 512


def read_pixels(
    stack: BandStack,
    samples: Samples,
    bands: Sequence[str],
    before: int,
    behind: int,
    side: int,
    progress: Progress,
) -> Pixels:
    """Return the raster's values around samples, float32, NaN where invalid.

    Each block is read once; beyond the raster's edge it is mirrored, as the stack does. The
    values stay float32: half the width is not exact for the 16-bit numbers of satellite products.

    Args:
        stack: The open raster.
        samples: Whose surroundings.
        bands: Names of the bands, in the order of the channels.
        before: Pixels above and left of a sample that are needed.
        behind: Pixels below and right of it.
        side: Rows and columns of a block; a divisor of 512.
        progress: Learns how much memory they take, and gets the rate of reading.

    Raises:
        SampleError: The memory does not suffice.
    """
    margin = max(before, behind) // side + 1
    stride = stack.grid.width // side + 1 + 2 * margin
    numbers = _needed(samples, before, behind, side, margin, stride)
    shape = (len(numbers) + 1, side * side, len(bands))
    try:
        values = np.empty(shape, dtype=np.float32)
    except MemoryError as error:
        raise SampleError(
            f"The pixels around {len(samples):,} samples do not fit into memory",
            advice="Set MAX_PER_CLASS lower, or use smaller patches.",
        ) from error
    progress.log(
        f"The pixels around {len(samples):,} samples take {_size(values.nbytes)} of memory "
        f"({len(numbers) * side * side:,} pixels of {len(bands)} bands)."
    )
    values[-1] = np.nan
    meter = RateMeter(len(numbers) * side * side, "pixels", "Reading the raster under the samples")
    for members in _by_tile(numbers, stride, _TILE // side):
        progress.check_cancelled()
        rows, columns = numbers[members] // stride - margin, numbers[members] % stride - margin
        values[members] = _read_blocks(stack, rows, columns, bands, side)
        meter.add(len(members) * side * side)
        progress.update(meter.fraction, meter.text())
    return Pixels(torch.from_numpy(values), torch.from_numpy(numbers), side, stride, margin)


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


def _needed(samples: Samples, before: int, behind: int, side: int, margin: int, stride: int) -> Integers:
    """Return the numbers of the blocks that lie around samples, ascending."""
    spans = np.stack(
        [
            (samples.rows - before) // side,
            (samples.rows + behind) // side,
            (samples.columns - before) // side,
            (samples.columns + behind) // side,
        ]
    )
    # Samples of one block mostly need the same blocks.
    top, bottom, left, right = np.unique(spans, axis=1) + margin
    found: list[Integers] = []
    for row in range(int((bottom - top).max()) + 1):
        for column in range(int((right - left).max()) + 1):
            inside = (top + row <= bottom) & (left + column <= right)
            found.append(np.unique((top[inside] + row) * stride + left[inside] + column))
    return np.unique(np.concatenate(found)).astype(np.int64)


def _by_tile(numbers: Integers, stride: int, tile: int) -> Iterator[Integers]:
    """Yield the positions of the blocks of one square of the raster after the other, row by row."""
    square = numbers // stride // tile * (stride // tile + 1) + numbers % stride // tile
    order = np.argsort(square, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(square[order])) + 1)


def _read_blocks(
    stack: BandStack, rows: Integers, columns: Integers, bands: Sequence[str], side: int
) -> npt.NDArray[np.float32]:
    """Return the blocks at block rows and columns, shape (blocks, side * side, bands)."""
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) + 1 - top, int(columns.max()) + 1 - left
    read = stack.read(top * side, (top + height) * side, left * side, (left + width) * side, bands)
    blocks = read.reshape(len(bands), height, side, width, side).transpose(1, 3, 2, 4, 0)
    return blocks[rows - top, columns - left].reshape(len(rows), side * side, len(bands))


def _near_in_row(by_row: Integers, row: int, distance: int, width: int) -> Mask:
    """Return which columns of a row of the raster are near places that are sorted by row (width,)."""
    first, last = np.searchsorted(by_row[:, 0], [row - distance, row + distance + 1])
    columns = by_row[first:last, 1]
    begins = np.bincount(np.maximum(columns - distance, 0), minlength=width + 1)
    ends = np.bincount(np.minimum(columns + distance + 1, width), minlength=width + 1)
    return np.asarray(np.cumsum(begins - ends)[:width] > 0)


def _size(count: int) -> str:
    megabytes = count / 1e6
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"
