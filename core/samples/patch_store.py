"""Patch store: the pixels around samples, each held once, and patches cut from them on any device.

>>> pixels = read_pixels(stack, samples, bands, before=16, behind=15, side=8, progress=progress)
>>> pixels.cut(rows - 16, columns - 16, size=32)   # patches of shape (N, channels, 32, 32)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from ..arrays import BoolArray, Float32Array, Int64Array
from ..errors import SampleError
from ..progress import Progress, RateMeter
from ..raster.grid import READ_SIDE, by_tile
from ..raster.stack import BandStack, mirrored
from ..text import Text
from .samples import Samples

TURNS = 8
"""Number of symmetries of a square: four quarter turns, each with and without mirroring."""
# Pixels that are converted together.
_CHUNK_PIXELS = 1 << 20


def cut_patches(tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    """Return patches of a tile, in the tile's memory order.

    This is one strided gather of contiguous pieces. A piece is a patch's row with all channels if the
    tile is stored channels last (``hwc.permute(2, 0, 1)``, best for a GPU), and a patch's row of one
    channel otherwise (best for a CPU).

    Args:
        tile: Values of shape (channels, rows, columns).
        rows: First row of each patch in the tile, int64, shape (patches,).
        columns: First column of each patch in the tile, int64, shape (patches,).
        size: Side of a patch, in pixels.

    Returns:
        Patches of shape (patches, channels, size, size).
    """
    pixels = tile.permute(1, 2, 0)
    if pixels.is_contiguous() and not tile.is_contiguous():
        return _cut_channels_last(pixels, rows, columns, size)
    return _cut_channel_by_channel(tile.contiguous(), rows, columns, size)


def _cut_channels_last(pixels: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    _, width, channels = pixels.shape
    # Seven times as fast on a CPU as indexing windows by row and column.
    lines = torch.arange(size, device=pixels.device) * width
    starts = (rows * width + columns)[:, None] + lines
    cut = _pieces(pixels, size * channels, channels).index_select(0, starts.flatten())
    return cut.view(-1, size, size, channels).permute(0, 3, 1, 2)


def _cut_channel_by_channel(tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    channels, height, width = tile.shape
    corners = rows * width + columns
    planes = torch.arange(channels, device=tile.device) * (height * width)
    lines = torch.arange(size, device=tile.device) * width
    starts = corners[:, None, None] + planes[:, None] + lines
    return _pieces(tile, size, 1).index_select(0, starts.flatten()).view(-1, channels, size, size)


def _pieces(values: Tensor, length: int, step: int) -> Tensor:
    """Return a view of all runs of ``length`` consecutive values that begin every ``step`` values."""
    return values.as_strided(((values.numel() - length) // step + 1, length), (step, 1))


@dataclass(frozen=True, eq=False)
class Pixels:
    """Square blocks of a raster around samples, from which patches are cut.

    Patches of neighbouring samples overlap almost completely. Stored patch by patch, they would take up
    to a thousand times a pixel's memory at 32 x 32. Here each pixel is stored once, with its channels
    together, so that a patch is one gather of short runs of memory.

    Attributes:
        values: Channel values, shape (blocks + 1, side * side, channels); NaN where invalid, or 0 once
            standardised. The last block stands for all blocks that are not held, and is invalid.
        numbers: Number of each block in the raster, ascending, int64, shape (blocks,). Block (row, column)
            has the number ``(row + margin) * stride + column + margin``.
        side: Side of a block, in pixels.
        stride: Number of blocks per row of the raster, including ``margin`` blocks on either side.
        margin: Number of blocks above and to the left of the raster, for pixels beyond its edge.
    """

    values: Tensor
    numbers: Tensor
    side: int
    stride: int
    margin: int

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.values.shape[-1]

    @property
    def device(self) -> torch.device:
        """Device that holds the values."""
        return self.values.device

    @property
    def bytes(self) -> int:
        """Memory of the values, in bytes."""
        return self.values.numel() * self.values.element_size()

    def to(self, device: torch.device) -> Pixels:
        """Return the pixels on another device."""
        return replace(self, values=self.values.to(device), numbers=self.numbers.to(device))

    def converted(self, convert: Callable[[Tensor], Tensor]) -> Pixels:
        """Return the pixels with other channels.

        Args:
            convert: Function from (N, channels, rows, columns) to (N, new channels, rows, columns) that
                treats each pixel separately.
        """
        step = max(1, _CHUNK_PIXELS // self.side**2)
        pieces = [
            convert(piece.transpose(1, 2).unsqueeze(-1)).squeeze(-1).transpose(1, 2).contiguous()
            for piece in torch.split(self.values, step)
        ]
        return replace(self, values=torch.cat(pieces))

    def cut(self, rows: Tensor, columns: Tensor, size: int, orientations: Tensor | None = None) -> Tensor:
        """Return patches, optionally rotated and mirrored.

        A patch is rotated around its labelled pixel, ``size // 2``, which therefore stays in place. A
        patch of even size has no middle pixel. It is cut from the rotated square of ``size + 1`` pixels
        around the labelled pixel.

        Args:
            rows: First row of each patch in the raster, int64, shape (patches,), on the same device.
            columns: First column of each patch in the raster, int64, shape (patches,), on the same device.
            size: Side of a patch, in pixels.
            orientations: Orientation of each patch, 0 to 7 as in ``oriented``, int64, shape (patches,);
                None does not rotate.

        Returns:
            Patches of shape (patches, channels, size, size), channels last in memory. Pixels of blocks
            that are not held have the values of the last block.
        """
        if orientations is None:
            indices = self.flat_indices(rows, columns, size)
        else:
            square = turned_square(size)
            turned = self.flat_indices(rows, columns, square, orientations).view(-1, square, square)
            indices = turned[:, :size, :size]
        flat = self.values.view(-1, self.channels).index_select(0, indices.flatten())
        return flat.view(-1, size, size, self.channels).permute(0, 3, 1, 2)

    def flat_indices(
        self, rows: Tensor, columns: Tensor, size: int, orientations: Tensor | None = None
    ) -> Tensor:
        """Return the indices of the pixels of squares into ``values`` of shape (pixels, channels).

        Args:
            rows: First row of each square in the raster, int64, shape (squares,).
            columns: First column of each square in the raster, int64, shape (squares,).
            size: Side of a square, in pixels.
            orientations: Orientation of each square, 0 to 7, int64, shape (squares,); None does not
                rotate.

        Returns:
            Indices, int64, shape (squares, size * size).
        """
        side, device = self.side, self.device
        offsets = torch.arange(size, device=device)
        block_offsets = torch.arange((size + side - 2) // side + 1, device=device)
        row_blocks = torch.div(rows, side, rounding_mode="floor")
        column_blocks = torch.div(columns, side, rounding_mode="floor")
        slots = self._slots(row_blocks[:, None] + block_offsets, column_blocks[:, None] + block_offsets)
        in_rows = (rows - row_blocks * side)[:, None] + offsets
        in_columns = (columns - column_blocks * side)[:, None] + offsets
        # The block of each pixel of a square, then the position of the pixel in the block.
        width = len(block_offsets)
        which = (in_rows // side)[:, :, None] * width + (in_columns // side)[:, None, :]
        blocks = slots.flatten(1).gather(1, which.flatten(1))
        inside = (in_rows % side)[:, :, None] * side + (in_columns % side)[:, None, :]
        indices = blocks * side**2 + inside.flatten(1)
        if orientations is None:
            return indices
        return indices.gather(1, _turned_indices(size, device)[orientations])

    def _slots(self, row_blocks: Tensor, column_blocks: Tensor) -> Tensor:
        """Return the position in ``values`` of blocks at rows (N, R) and columns (N, C), shape (N, R, C)."""
        wanted = (row_blocks + self.margin)[:, :, None] * self.stride
        wanted = wanted + (column_blocks + self.margin)[:, None, :]
        positions = torch.searchsorted(self.numbers, wanted)
        last = len(self.numbers)
        is_held = self.numbers[positions.clamp(max=last - 1)] == wanted
        return torch.where(is_held, positions, last)


def oriented(patches: Tensor, orientation: int) -> Tensor:
    """Return patches in an orientation.

    Args:
        patches: Values of shape (..., rows, columns).
        orientation: Number of quarter turns, 0 to 3; 4 to 7 are the same after mirroring.
    """
    mirrored = patches.flip(-1) if orientation >= TURNS // 2 else patches
    return torch.rot90(mirrored, orientation % (TURNS // 2), dims=(-2, -1))


def turned_square(size: int) -> int:
    """Return the side of the square from which a rotated patch of ``size`` pixels is cut, in pixels.

    The side is odd, and the labelled pixel ``size // 2`` of the patch is the middle of the square.
    """
    return size // 2 * 2 + 1


def _turned_indices(size: int, device: torch.device) -> Tensor:
    """Return the source index of each pixel of a square in each orientation, shape (8, size * size)."""
    indices = torch.arange(size * size, device=device).view(size, size)
    return torch.stack([oriented(indices, orientation).flatten() for orientation in range(TURNS)])


def read_pixels(
    stack: BandStack,
    samples: Samples,
    bands: Sequence[str],
    before: int,
    behind: int,
    side: int,
    progress: Progress,
) -> Pixels:
    """Read the raster around samples, as float32 with NaN where invalid.

    Each block is read once. Beyond the raster's edge, its pixels are mirrored. Values stay float32, because
    float16 cannot represent the 16-bit integers of satellite products exactly.

    Args:
        stack: Open band stack.
        samples: Samples whose surroundings are read.
        bands: Names of the bands, in the order of the channels.
        before: Number of pixels needed above and to the left of a sample.
        behind: Number of pixels needed below and to the right of a sample.
        side: Side of a block in pixels, a divisor of 512.
        progress: Progress reporter.

    Raises:
        SampleError: The pixels do not fit into memory.
        RasterError: The raster cannot be read.
        RunCancelled: The user cancelled.
    """
    margin = max(before, behind) // side + 1
    stride = stack.grid.width // side + 1 + 2 * margin
    numbers = _block_numbers(samples, before, behind, side, margin, stride)
    shape = (len(numbers) + 1, side * side, len(bands))
    try:
        values = np.empty(shape, dtype=np.float32)
    except MemoryError as error:
        raise SampleError(
            "The pixels around {count:,} samples do not fit into memory",
            advice="Reduce MAX_PER_CLASS, or use smaller patches.",
            count=len(samples),
        ) from error
    progress.log(
        "The pixels around {count:,} samples take {size} of memory ({pixels:,} pixels of {bands} bands).",
        count=len(samples),
        size=_size(values.nbytes),
        pixels=len(numbers) * side * side,
        bands=len(bands),
    )
    values[-1] = np.nan
    meter = RateMeter(len(numbers) * side * side, "pixels", "Reading the raster under the samples")
    for members in _by_tile(numbers, stride, READ_SIDE // side):
        progress.check_cancelled()
        rows, columns = numbers[members] // stride - margin, numbers[members] % stride - margin
        values[members] = _read_blocks(stack, rows, columns, bands, side)
        meter.add(len(members) * side * side)
        progress.update(meter.fraction, meter.text())
    return Pixels(torch.from_numpy(values), torch.from_numpy(numbers), side, stride, margin)


def near_pixels(pixels: Pixels, coordinates: Int64Array, distance: int, height: int, width: int) -> BoolArray:
    """Return whether each pixel lies within a distance of a sample, in rows and in columns.

    Beyond the raster's edge, this is decided by the pixel that is mirrored there.

    Args:
        pixels: Blocks of the raster that are held.
        coordinates: Row and column of each sample, int64, shape (N, 2).
        distance: Largest distance in rows and in columns, in pixels, 0 or more.
        height: Rows of the raster.
        width: Columns of the raster.

    Returns:
        Bool in the order of ``pixels.values``, shape (blocks + 1, side * side); False in the last block.
    """
    side, numbers = pixels.side, pixels.numbers.cpu().numpy()
    rows, columns = numbers // pixels.stride - pixels.margin, numbers % pixels.stride - pixels.margin
    is_near = np.zeros((len(numbers) + 1, side, side), dtype=np.bool_)
    if len(coordinates) and len(numbers):
        by_row = coordinates[np.argsort(coordinates[:, 0], kind="stable")]
        low = int(columns.min())
        raster_columns = mirrored(low * side, (int(columns.max()) + 1) * side, width)
        across = raster_columns[((columns - low) * side)[:, None] + np.arange(side)]
        for block_row in np.unique(rows):
            members = np.flatnonzero(rows == block_row)
            lines = mirrored(int(block_row) * side, (int(block_row) + 1) * side, height)
            strip = np.stack([_near_in_row(by_row, int(line), distance, width) for line in lines])
            is_near[members] = strip[:, across[members]].transpose(1, 0, 2)
    return is_near.reshape(len(numbers) + 1, side * side)


def _block_numbers(
    samples: Samples, before: int, behind: int, side: int, margin: int, stride: int
) -> Int64Array:
    """Return the numbers of the blocks around samples, ascending."""
    spans = np.stack(
        [
            (samples.rows - before) // side,
            (samples.rows + behind) // side,
            (samples.columns - before) // side,
            (samples.columns + behind) // side,
        ]
    )
    # Samples in one block mostly need the same blocks, so that few different spans remain.
    top, bottom, left, right = np.unique(spans, axis=1) + margin
    block_numbers: list[Int64Array] = []
    for row in range(int((bottom - top).max()) + 1):
        for column in range(int((right - left).max()) + 1):
            inside = (top + row <= bottom) & (left + column <= right)
            block_numbers.append(np.unique((top[inside] + row) * stride + left[inside] + column))
    return np.unique(np.concatenate(block_numbers)).astype(np.int64)


def _by_tile(numbers: Int64Array, stride: int, tile: int) -> Iterator[Int64Array]:
    """Yield the positions of the blocks in each square of the raster, row by row."""
    square = numbers // stride // tile * (stride // tile + 1) + numbers % stride // tile
    order = np.argsort(square, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(square[order])) + 1)


def _read_blocks(
    stack: BandStack, rows: Int64Array, columns: Int64Array, bands: Sequence[str], side: int
) -> Float32Array:
    """Return the blocks at block rows and columns, shape (blocks, side * side, bands)."""
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) + 1 - top, int(columns.max()) + 1 - left
    read = stack.read(top * side, (top + height) * side, left * side, (left + width) * side, bands)
    blocks = read.reshape(len(bands), height, side, width, side).transpose(1, 3, 2, 4, 0)
    return blocks[rows - top, columns - left].reshape(len(rows), side * side, len(bands))


def _near_in_row(by_row: Int64Array, row: int, distance: int, width: int) -> BoolArray:
    """Return whether each column of a raster row is near a sample, shape (width,).

    ``by_row`` holds row and column of the samples, sorted by row.
    """
    first, last = np.searchsorted(by_row[:, 0], [row - distance, row + distance + 1])
    columns = by_row[first:last, 1]
    begins = np.bincount(np.maximum(columns - distance, 0), minlength=width + 1)
    ends = np.bincount(np.minimum(columns + distance + 1, width), minlength=width + 1)
    return np.asarray(np.cumsum(begins - ends)[:width] > 0)


def _size(number_of_bytes: int) -> str:
    megabytes = number_of_bytes / 1e6
    if megabytes >= 1000:
        return Text("{size:.1f} GB", size=megabytes / 1000)
    return Text("{size:.0f} MB", size=megabytes)


def read_centres(stack: BandStack, samples: Samples, progress: Progress) -> Float32Array:
    """Read the band values of the samples' pixels.

    Args:
        stack: Open band stack.
        samples: Samples to read.
        progress: Progress reporter.

    Returns:
        Values, float32, shape (N, bands); NaN where invalid.
    """
    values = np.empty((len(samples), len(stack.band_names)), dtype=np.float32)
    meter = RateMeter(len(samples), "samples", "Reading the raster under the samples")
    for members in by_tile(samples.rows, samples.columns):
        progress.check_cancelled()
        rows, columns = samples.rows[members], samples.columns[members]
        top, left = int(rows.min()), int(columns.min())
        tile = stack.read(top, int(rows.max()) + 1, left, int(columns.max()) + 1)
        values[members] = tile[:, rows - top, columns - left].T
        meter.add(len(members))
        progress.update(meter.fraction, meter.text())
    return values
