"""Cells of STRIDE x STRIDE pixels: one pixel per cell is scored, and its class fills the cell."""

from __future__ import annotations

import torch
from torch import Tensor

from ..raster.grid import Tile


class Cells:
    """Cells of a tile, each represented by the classifiable pixel nearest to its centre.

    The centre of an even cell is its pixel ``stride // 2``, as in a patch. Of equally near pixels, the first
    in reading order is the representative.

    Attributes:
        rows: Row in the tile of each representative, int64, shape (N,). Cells without one are left out.
        columns: Column in the tile of each representative, int64, shape (N,).

    Args:
        candidates: Mask of the classifiable pixels of the tile, bool, shape (rows, columns).
        tile: Position of the tile in the raster.
        stride: Rows and columns of a cell, in pixels.
    """

    def __init__(self, candidates: Tensor, tile: Tile, stride: int) -> None:
        self._candidates = candidates
        self._stride = stride
        self._top, self._left = tile.row % stride, tile.column % stride
        if stride == 1:
            # Shortcut for the default: each pixel is a cell.
            self._shape = candidates.shape
            self.rows, self.columns = torch.nonzero(candidates, as_tuple=True)
            self._cell_rows, self._cell_columns = self.rows, self.columns
            return
        cells = _in_cells(candidates, self._top, self._left, stride)
        order = _nearest_first(stride, candidates.device)
        rank = torch.empty_like(order)
        rank[order] = torch.arange(stride * stride, device=candidates.device)
        no_candidate = stride * stride
        best = torch.where(cells, rank, no_candidate).amin(dim=-1)
        self._shape = best.shape
        self._cell_rows, self._cell_columns = torch.nonzero(best < no_candidate, as_tuple=True)
        place = order[best[self._cell_rows, self._cell_columns]]
        self.rows = self._cell_rows * stride + place // stride - self._top
        self.columns = self._cell_columns * stride + place % stride - self._left

    def __len__(self) -> int:
        return int(self.rows.numel())

    def coarse(self, values: Tensor, background: float) -> Tensor:
        """Return the value of each cell, shape (cell rows, cell columns).

        Args:
            values: Value of each representative, shape (N,).
            background: Value of cells without a representative.
        """
        grid = torch.full(self._shape, background, dtype=values.dtype, device=values.device)
        grid[self._cell_rows, self._cell_columns] = values
        return grid

    def fill(self, values: Tensor, background: float) -> Tensor:
        """Return the cell's value at each classifiable pixel, shape (rows, columns).

        Args:
            values: Value of each representative, shape (N,).
            background: Value of all other pixels.
        """
        grid = self.coarse(values, background)
        if self._stride == 1:
            return grid
        pixels = grid.repeat_interleave(self._stride, 0).repeat_interleave(self._stride, 1)
        height, width = self._candidates.shape
        pixels = pixels[self._top : self._top + height, self._left : self._left + width]
        return torch.where(self._candidates, pixels, background)


def _in_cells(pixels: Tensor, top: int, left: int, stride: int) -> Tensor:
    """Return pixels by cell, shape (cell rows, cell columns, stride * stride); False outside the tile."""
    height, width = pixels.shape
    bottom, right = -(top + height) % stride, -(left + width) % stride
    whole = torch.nn.functional.pad(pixels, (left, right, top, bottom), value=False)
    cells = whole.unfold(0, stride, stride).unfold(1, stride, stride)
    return cells.reshape(*cells.shape[:2], stride * stride)


def _nearest_first(stride: int, device: torch.device) -> Tensor:
    """Return the positions of a cell's pixels in reading order, sorted by distance to its centre."""
    offsets = (torch.arange(stride, device=device) - stride // 2) ** 2
    return torch.argsort((offsets[:, None] + offsets[None, :]).flatten(), stable=True)
