"""What a network is given of the patches of a tile: themselves, or the maps that its stem makes of them."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ..models.stem import Stem
from ..samples.patches import cut_patches
from .backends.backend import tensor_float


class PatchInputs(Protocol):
    """Of some patches of a tile, which are asked for by their numbers."""

    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Return inputs (N, channels, rows, columns), their channels last in memory.

        Args:
            chosen: Numbers of the patches, int64, shape (N,).
            dtype: Of the inputs.
        """


class CutPatches:
    """The patches themselves; see ``PatchInputs``."""

    def __init__(self, tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> None:
        """Take their places.

        Args:
            tile: Standardised pixels, float32, shape (channels, rows, columns).
            rows: First row of each patch in the tile, int64, shape (patches,).
            columns: First column of each, alike.
            size: Rows and columns of a patch.
        """
        self._tiles = _ByType(_channels_last(tile))
        self._rows, self._columns, self._size = rows, columns, size

    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Cut them; see ``PatchInputs``."""
        tile = self._tiles.of(dtype)
        return cut_patches(tile, self._rows[chosen], self._columns[chosen], self._size)


class OwnMaps:
    """The stem's maps, computed for each patch by itself; see ``PatchInputs``."""

    def __init__(self, stem: Stem, patches: CutPatches) -> None:
        """Take the stem, on the patches' device, and what cuts them."""
        self._stem = stem
        self._patches = patches

    @torch.inference_mode()
    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Compute them; see ``PatchInputs``."""
        patches = self._patches.batch(chosen, torch.float32)
        with tensor_float(False):
            maps: Tensor = self._stem(patches)
        return maps.to(dtype, memory_format=torch.channels_last)


class GatheredMaps:
    """The stem's maps, gathered from those of the tile; see ``PatchInputs``."""

    def __init__(self, values: Tensor, at: Tensor) -> None:
        """Take what was computed for the tile.

        Args:
            values: What the maps are made of, float32, shape (values, channels).
            at: The number of each patch's values, int64, shape (patches, rows, columns).
        """
        self._values = _ByType(values)
        self._at = at

    @torch.inference_mode()
    def batch(self, chosen: Tensor, dtype: torch.dtype) -> Tensor:
        """Gather them; see ``PatchInputs``."""
        values, at = self._values.of(dtype), self._at[chosen]
        gathered = values.index_select(0, at.flatten())
        return gathered.view(*at.shape, values.shape[1]).permute(0, 3, 1, 2)


class _ByType:
    """Values in each type of number that was asked for."""

    def __init__(self, values: Tensor) -> None:
        self._values = values
        self._made: dict[torch.dtype, Tensor] = {}

    def of(self, dtype: torch.dtype) -> Tensor:
        if dtype not in self._made:
            self._made[dtype] = self._values.to(dtype)
        return self._made[dtype]


def _channels_last(tile: Tensor) -> Tensor:
    """Return a tile (channels, rows, columns) whose channels lie together, pixel by pixel."""
    return tile.permute(1, 2, 0).contiguous().permute(2, 0, 1)
