"""Cells of STRIDE x STRIDE pixels: which pixels of a tile are scored, and which pixels take their class."""

from __future__ import annotations

import torch
from torch import Tensor

from ..raster.grid import Tile


def classifiable(valid: Tensor, patch_size: int, least_valid: int) -> Tensor:
    """Return which pixels are valid and have enough valid pixels in their patch.

    Args:
        valid: Bool of shape (height + patch_size - 1, width + patch_size - 1): a tile with its
            halo of ``patch_size // 2`` pixels before it and the rest behind it.
        patch_size: Rows and columns of a patch.
        least_valid: Number of valid pixels that a patch needs.

    Returns:
        Bool of shape (height, width).
    """
    # Sums of boxes from a table of sums: as quick for patches of 128 pixels as for those of 8.
    sums = torch.nn.functional.pad(valid.to(torch.int32), (1, 0, 1, 0)).cumsum(0).cumsum(1)
    size = patch_size
    counts = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    before = size // 2
    height, width = counts.shape
    return valid[before : before + height, before : before + width] & (counts >= least_valid)


class Cells:
    """The cells of a tile: each is represented by its classifiable pixel nearest to its centre.

    The centre of an even cell is its pixel ``stride // 2``, as in a patch; of equally near pixels
    the first in reading order counts.

    Attributes:
        rows: Row in the tile of each representative, int64, shape (cells that have one,).
        columns: Their columns, alike.
    """

    def __init__(self, candidates: Tensor, tile: Tile, stride: int) -> None:
        """Find the representatives.

        Args:
            candidates: Bool of shape (rows, columns), the classifiable pixels of ``tile``.
            tile: Where it lies in the raster.
            stride: Rows and columns of a cell.
        """
        self._candidates = candidates
        self._stride = stride
        self._top, self._left = tile.row % stride, tile.column % stride
        if stride == 1:
            # Every pixel is its cell, and most maps are made so.
            self._shape = candidates.shape
            self.rows, self.columns = torch.nonzero(candidates, as_tuple=True)
            self._cell_rows, self._cell_columns = self.rows, self.columns
            return
        cells = _in_cells(candidates, self._top, self._left, stride)
        order = _nearest_first(stride, candidates.device)
        rank = torch.empty_like(order)
        rank[order] = torch.arange(stride * stride, device=candidates.device)
        nobody = stride * stride
        best = torch.where(cells, rank, nobody).amin(dim=-1)
        self._shape = best.shape
        self._cell_rows, self._cell_columns = torch.nonzero(best < nobody, as_tuple=True)
        place = order[best[self._cell_rows, self._cell_columns]]
        self.rows = self._cell_rows * stride + place // stride - self._top
        self.columns = self._cell_columns * stride + place % stride - self._left

    def __len__(self) -> int:
        return int(self.rows.numel())

    def coarse(self, values: Tensor, background: float) -> Tensor:
        """Return shape (cell rows, cell columns): the value of each cell.

        Args:
            values: One for each representative.
            background: What stands in cells without one.
        """
        grid = torch.full(self._shape, background, dtype=values.dtype, device=values.device)
        grid[self._cell_rows, self._cell_columns] = values
        return grid

    def fill(self, values: Tensor, background: float) -> Tensor:
        """Return shape (rows, columns): a cell's value in its classifiable pixels.

        Args:
            values: One for each representative.
            background: What stands in all other pixels.
        """
        grid = self.coarse(values, background)
        if self._stride == 1:
            return grid
        pixels = grid.repeat_interleave(self._stride, 0).repeat_interleave(self._stride, 1)
        height, width = self._candidates.shape
        pixels = pixels[self._top : self._top + height, self._left : self._left + width]
        return torch.where(self._candidates, pixels, background)


def _in_cells(pixels: Tensor, top: int, left: int, stride: int) -> Tensor:
    """Return shape (cell rows, cell columns, stride * stride); cut cells are filled with False."""
    height, width = pixels.shape
    bottom, right = -(top + height) % stride, -(left + width) % stride
    whole = torch.nn.functional.pad(pixels, (left, right, top, bottom), value=False)
    cells = whole.unfold(0, stride, stride).unfold(1, stride, stride)
    return cells.reshape(*cells.shape[:2], stride * stride)


def _nearest_first(stride: int, device: torch.device) -> Tensor:
    """Return the pixels of a cell, as positions in reading order, the nearest to its centre first."""
    offsets = (torch.arange(stride, device=device) - stride // 2) ** 2
    return torch.argsort((offsets[:, None] + offsets[None, :]).flatten(), stable=True)
