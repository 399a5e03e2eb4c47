"""Pixels around samples, each held once, and patches that are cut from them on any device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..arrays import BoolArray, Float32Array, Int64Array
from ..errors import SampleError
from ..progress import Progress, RateMeter
from ..raster.stack import BandStack, mirrored
from ..text import Text
from .samples import Samples

TURNS = 8
"""The symmetries of a square: four quarter turns, each plain or mirrored."""
# Pixels that are converted together.
_CHUNK = 1 << 20
# Rows and columns of the squares of the raster that are read together.
_TILE = 512
# Rows and columns of the squares in which samples are read together.
_CENTRE_TILE = 512


def cut_patches(tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    """Return the patches whose top-left pixels are given, in the tile's memory order.

    One strided gather of contiguous pieces: a patch's row of pixels with all channels where the
    tile is stored channels-last (``hwc.permute(2, 0, 1)``, best for a GPU), else a patch's row
    of one channel (best for a CPU).

    Args:
        tile: Shape (channels, rows, columns).
        rows: First row of each patch in the tile, int64, shape (patches,).
        columns: First column of each patch, alike.
        size: Rows and columns of a patch.

    Returns:
        Shape (patches, channels, size, size).
    """
    pixels = tile.permute(1, 2, 0)
    if pixels.is_contiguous() and not tile.is_contiguous():
        return _cut_channels_last(pixels, rows, columns, size)
    return _cut_channel_by_channel(tile.contiguous(), rows, columns, size)


def _cut_channels_last(pixels: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    _, width, channels = pixels.shape
    # Seven times as quick on a processor as indexing windows by row and column.
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
    """Return a view of all pieces of so many values that follow each other, a step apart."""
    return values.as_strided(((values.numel() - length) // step + 1, length), (step, 1))


@dataclass(frozen=True, eq=False)
class Pixels:
    """Those square blocks of a raster that something is cut from.

    Patches of neighbouring samples overlap almost wholly: held patch by patch they would take a
    thousand times a pixel's memory at 32 x 32. Here a pixel stands once, its channels together,
    so that a patch is one gather of short runs of memory.

    Attributes:
        values: Shape (blocks + 1, side * side, channels); the last block is all ``missing``.
        numbers: Number of each block in the raster, ascending, shape (blocks,).
        side: Rows and columns of a block.
        stride: Blocks in a row of the raster, with ``margin`` blocks on either side.
        margin: Blocks before the raster's first row and column, for what lies beyond its edge.
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
        """Where they are held."""
        return self.values.device

    @property
    def bytes(self) -> int:
        """Memory of the values."""
        return self.values.numel() * self.values.element_size()

    def to(self, device: torch.device) -> Pixels:
        """Return the same on another device."""
        return replace(self, values=self.values.to(device), numbers=self.numbers.to(device))

    def converted(self, convert: Callable[[Tensor], Tensor]) -> Pixels:
        """Return the pixels with other channels.

        Args:
            convert: From (N, channels, rows, columns) to (N, other channels, rows, columns), each
                pixel for itself.
        """
        step = max(1, _CHUNK // self.side**2)
        pieces = [
            convert(piece.transpose(1, 2).unsqueeze(-1)).squeeze(-1).transpose(1, 2).contiguous()
            for piece in torch.split(self.values, step)
        ]
        return replace(self, values=torch.cat(pieces))

    def cut(self, rows: Tensor, columns: Tensor, size: int, orientations: Tensor | None = None) -> Tensor:
        """Return the patches whose top-left pixels are given.

        A patch is turned around its labelled pixel, ``size // 2``, which therefore stays there. An even
        patch has no pixel in its middle: it is cut from the turned square of ``size + 1`` pixels, whose
        middle is the labelled pixel.

        Args:
            rows: First row of each patch in the raster, int64, on the device, shape (patches,).
            columns: First column of each patch, int64, on the device, shape (patches,).
            size: Rows and columns of a patch.
            orientations: Orientation of each patch, 0 to 7 as in ``oriented``, shape (patches,); None
                leaves the patches as they are.

        Returns:
            Shape (patches, channels, size, size), channels last in memory. Pixels of blocks that
            are not held are as in the last block.
        """
        if orientations is None:
            places = self.places(rows, columns, size)
        else:
            square = turned_square(size)
            turned = self.places(rows, columns, square, orientations).view(-1, square, square)
            places = turned[:, :size, :size]
        flat = self.values.view(-1, self.channels).index_select(0, places.flatten())
        return flat.view(-1, size, size, self.channels).permute(0, 3, 1, 2)

    def places(self, rows: Tensor, columns: Tensor, size: int, orientations: Tensor | None = None) -> Tensor:
        """Return where the pixels of squares stand in the flattened ``values`` (squares, size * size).

        Args:
            rows: First row of each square in the raster, int64, shape (squares,).
            columns: First column of each square, int64, shape (squares,).
            size: Rows and columns of a square.
            orientations: Orientation of each square as a whole, 0 to 7; None leaves them.
        """
        side, device = self.side, self.device
        reach = torch.arange(size, device=device)
        block_reach = torch.arange((size + side - 2) // side + 1, device=device)
        row_blocks = torch.div(rows, side, rounding_mode="floor")
        column_blocks = torch.div(columns, side, rounding_mode="floor")
        slots = self._slots(row_blocks[:, None] + block_reach, column_blocks[:, None] + block_reach)
        in_rows = (rows - row_blocks * side)[:, None] + reach
        in_columns = (columns - column_blocks * side)[:, None] + reach
        # For each patch: the block of each of its pixels, then the pixel's place in the block.
        width = len(block_reach)
        which = (in_rows // side)[:, :, None] * width + (in_columns // side)[:, None, :]
        blocks = slots.flatten(1).gather(1, which.flatten(1))
        inside = (in_rows % side)[:, :, None] * side + (in_columns % side)[:, None, :]
        places = blocks * side**2 + inside.flatten(1)
        if orientations is None:
            return places
        return places.gather(1, _turned_places(size, device)[orientations])

    def _slots(self, row_blocks: Tensor, column_blocks: Tensor) -> Tensor:
        """Return the position in ``values`` of blocks (N, R) x (N, C), shape (N, R, C)."""
        wanted = (row_blocks + self.margin)[:, :, None] * self.stride
        wanted = wanted + (column_blocks + self.margin)[:, None, :]
        found = torch.searchsorted(self.numbers, wanted)
        last = len(self.numbers)
        held = self.numbers[found.clamp(max=last - 1)] == wanted
        return torch.where(held, found, last)


def oriented(patches: Tensor, orientation: int) -> Tensor:
    """Return patches (..., rows, columns) in orientation 0 to 7: quarter turns, from 4 on mirrored before."""
    mirrored = patches.flip(-1) if orientation >= TURNS // 2 else patches
    return torch.rot90(mirrored, orientation % (TURNS // 2), dims=(-2, -1))


def turned_square(size: int) -> int:
    """Return the side of the square that a patch is cut from when it is turned around its labelled pixel.

    It is odd: the labelled pixel ``size // 2`` of a patch of ``size`` pixels is the middle of the square.
    """
    return size // 2 * 2 + 1


def _turned_places(size: int, device: torch.device) -> Tensor:
    """Return for each orientation which pixel of a patch stands where (8, size * size)."""
    places = torch.arange(size * size, device=device).view(size, size)
    return torch.stack([oriented(places, orientation).flatten() for orientation in range(TURNS)])


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
            "The pixels around {count:,} samples do not fit into memory",
            advice="Set MAX_PER_CLASS lower, or use smaller patches.",
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
    for members in _by_tile(numbers, stride, _TILE // side):
        progress.check_cancelled()
        rows, columns = numbers[members] // stride - margin, numbers[members] % stride - margin
        values[members] = _read_blocks(stack, rows, columns, bands, side)
        meter.add(len(members) * side * side)
        progress.update(meter.fraction, meter.text())
    return Pixels(torch.from_numpy(values), torch.from_numpy(numbers), side, stride, margin)


def near_pixels(pixels: Pixels, places: Int64Array, distance: int, height: int, width: int) -> BoolArray:
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


def _needed(samples: Samples, before: int, behind: int, side: int, margin: int, stride: int) -> Int64Array:
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
    found: list[Int64Array] = []
    for row in range(int((bottom - top).max()) + 1):
        for column in range(int((right - left).max()) + 1):
            inside = (top + row <= bottom) & (left + column <= right)
            found.append(np.unique((top[inside] + row) * stride + left[inside] + column))
    return np.unique(np.concatenate(found)).astype(np.int64)


def _by_tile(numbers: Int64Array, stride: int, tile: int) -> Iterator[Int64Array]:
    """Yield the positions of the blocks of one square of the raster after the other, row by row."""
    square = numbers // stride // tile * (stride // tile + 1) + numbers % stride // tile
    order = np.argsort(square, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(square[order])) + 1)


def _read_blocks(
    stack: BandStack, rows: Int64Array, columns: Int64Array, bands: Sequence[str], side: int
) -> npt.NDArray[np.float32]:
    """Return the blocks at block rows and columns, shape (blocks, side * side, bands)."""
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) + 1 - top, int(columns.max()) + 1 - left
    read = stack.read(top * side, (top + height) * side, left * side, (left + width) * side, bands)
    blocks = read.reshape(len(bands), height, side, width, side).transpose(1, 3, 2, 4, 0)
    return blocks[rows - top, columns - left].reshape(len(rows), side * side, len(bands))


def _near_in_row(by_row: Int64Array, row: int, distance: int, width: int) -> BoolArray:
    """Return which columns of a row of the raster are near places that are sorted by row (width,)."""
    first, last = np.searchsorted(by_row[:, 0], [row - distance, row + distance + 1])
    columns = by_row[first:last, 1]
    begins = np.bincount(np.maximum(columns - distance, 0), minlength=width + 1)
    ends = np.bincount(np.minimum(columns + distance + 1, width), minlength=width + 1)
    return np.asarray(np.cumsum(begins - ends)[:width] > 0)


def _size(count: int) -> str:
    megabytes = count / 1e6
    if megabytes >= 1000:
        return Text("{size:.1f} GB", size=megabytes / 1000)
    return Text("{size:.0f} MB", size=megabytes)


def read_centres(stack: BandStack, samples: Samples, progress: Progress) -> Float32Array:
    """Return the band values (N, bands) of the samples' pixels, NaN where invalid."""
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


def drop_invalid(
    samples: Samples, values: Float32Array, bands: Sequence[str], progress: Progress
) -> tuple[Samples, tuple[str, ...]]:
    """Return the samples on valid pixels and the bands that are valid under some sample.

    A pixel is invalid where no band has a value. What is dropped is counted in the log.

    Args:
        samples: The samples.
        values: Their band values, from ``read_centres``.
        bands: The names of the bands.
        progress: For the log.
    """
    valid: BoolArray = np.isfinite(values)
    dead = [name for name, alive in zip(bands, np.asarray(valid.any(axis=0)), strict=True) if not alive]
    if dead and len(dead) < len(bands):
        progress.log(
            "Left out of the model, because they are nodata under every sample: {channels}.",
            "warning",
            channels=", ".join(dead),
        )
    usable: BoolArray = np.asarray(valid.any(axis=1))
    dropped = int(np.count_nonzero(~usable))
    if dropped:
        progress.log("Dropped {count:,} samples on pixels without valid values.", "warning", count=dropped)
    return samples.subset(usable), tuple(name for name in bands if name not in dead)


def by_tile(rows: Int64Array, columns: Int64Array) -> Iterator[Int64Array]:
    """Yield the indices of the samples of one square of the raster after the other, row by row."""
    if not len(rows):
        return
    tile_columns = columns // _CENTRE_TILE
    number = (rows // _CENTRE_TILE) * (int(tile_columns.max()) + 1) + tile_columns
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
