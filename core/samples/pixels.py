"""The raster's pixels around samples, each held once, and patches cut out of them on any device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

TURNS = 8
"""The symmetries of a square: four quarter turns, each plain or mirrored."""

# Pixels that are converted together.
_CHUNK = 1 << 20


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
