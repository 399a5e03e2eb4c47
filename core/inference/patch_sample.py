"""Random sample of the patches that a run will classify."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..models.card import ModelCard
from ..options import PLAIN
from ..progress import Progress, RateMeter
from ..raster.grid import tiles_of
from ..raster.stack import BandStack
from ..samples.patch_store import cut_patches
from .pipeline import PipelineOptions, TileWork, read_tiles, reason_for_nothing, survey, tile_size
from .predictors.base import USUAL_TILE
from .products import Spread

# Of more tiles than these, a few patches each say no more about a raster.
_MOST_TILES = 24


def some_patches(
    stack: BandStack,
    card: ModelCard,
    options: PipelineOptions,
    count: int,
    progress: Progress,
) -> Tensor:
    """Return standardised patches (N, channels, rows, columns), float32, the same ones each time.

    Args:
        stack: The open raster.
        card: Of the model.
        options: Of the run, which says what is classified.
        count: How many to return; fewer where the raster has fewer.
        progress: Learns how far it is.

    Raises:
        RasterError: There is nothing to classify.
        ParameterError: The mask leaves nothing.
    """
    tiles = list(tiles_of(options.window, tile_size(stack.block_size, options.stride), options.stride))
    generator = np.random.default_rng(0)
    # Of a large raster only as many are looked at as it takes.
    chosen = survey(
        stack,
        [tiles[number] for number in generator.permutation(len(tiles))],
        options.bands[0],
        options.mask,
        options.stride,
        lambda _: False,
        progress,
        _MOST_TILES,
    )
    collector = _Collector(card.patch_size, count / sum(job.patches for job in chosen), generator)
    work = TileWork(
        card, options, options.devices[0], collector, _NoLayers(), RateMeter(0, "patches"), progress
    )
    for tile in read_tiles(stack, chosen, collector, card, options):
        progress.check_cancelled()
        work.classify(tile)
    if not collector.pieces:
        raise reason_for_nothing([work], stack, options)
    patches = torch.cat(collector.pieces)
    return patches[torch.from_numpy(generator.permutation(len(patches))[:count])]


class _NoLayers:
    """Keeps nothing of a tile; see ``Layers``."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        return []


class _Collector:
    """A predictor that cuts patches out of each tile and computes nothing; see ``Predictor``."""

    tile_size = USUAL_TILE
    alignment = 1
    batch_size = 1
    method = PLAIN
    agreement: float | None = None

    def __init__(self, patch_size: int, share: float, generator: np.random.Generator) -> None:
        self.pieces: list[Tensor] = []
        self.before = patch_size // 2
        self.behind = patch_size - 1 - self.before
        self._size = patch_size
        self._share = share
        self._generator = generator

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        order = self._generator.permutation(len(rows))[: math.ceil(self._share * len(rows))]
        chosen = torch.from_numpy(order).to(rows.device)
        corners = rows[chosen] - self.before, columns[chosen] - self.before
        self.pieces.append(cut_patches(channels, *corners, self._size).cpu())
        return torch.zeros(len(rows), 1, device=rows.device)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        return None

    def model_rate(self, seconds: float) -> float | None:
        return None
