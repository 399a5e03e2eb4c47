"""How a raster is classified."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..raster.mask import Mask
from ..raster.tiles import Tile


@dataclass(frozen=True)
class PipelineOptions:
    """How to classify.

    Attributes:
        bands: The raster's bands that stand for the model's, in the model's order.
        window: Which pixels of the raster are the map's.
        mask: Which of these are classified.
        devices: Where to compute; several share the tiles.
        stride: Rows and columns of a cell of pixels that share one patch's class.
        fill: Whether the output has the raster's pixels, which take their cell's class; else its
            pixels are the cells.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
    """

    bands: tuple[str, ...]
    window: Tile
    mask: Mask
    devices: tuple[torch.device, ...]
    stride: int = 1
    fill: bool = True
    min_valid: float = 0.5

    @property
    def output_window(self) -> Tile:
        """The output's pixels: of the raster's grid, or of that of the cells."""
        return self.window if self.fill else self.window.coarsened(self.stride)

    def place_of(self, tile: Tile) -> Tile:
        """Return where a tile of the raster lies in the output."""
        return (tile if self.fill else tile.coarsened(self.stride)).relative_to(self.output_window)
