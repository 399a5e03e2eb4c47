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
from ..options import TORCH_FP32
from ..progress import Progress, RateMeter
from ..raster.grid import tiles_of
from ..raster.stack import BandStack
from ..samples.patch_store import cut_patches
from .pipeline import PipelineOptions, TileWork, nothing_classified, read_tiles, survey, tile_size
from .predictors.base import DEFAULT_TILE_SIZE
from .products import Spread

# A sample from more tiles takes longer, and represents the raster no better.
_MAX_TILES = 24


def sample_patches(
    stack: BandStack,
    card: ModelCard,
    options: PipelineOptions,
    count: int,
    progress: Progress,
) -> Tensor:
    """Return standardised patches, float32, shape (N, channels, rows, columns), the same in each run.

    Args:
        stack: Open band stack.
        card: Document of the model.
        options: Options of the run.
        count: Maximum number of patches.
        progress: Progress reporter.

    Raises:
        RasterError: There is nothing to classify.
        ParameterError: The mask does not overlap the raster.
    """
    tiles = list(tiles_of(options.window, tile_size(stack.block_size, options.stride), options.stride))
    generator = np.random.default_rng(0)
    # Tiles in random order, until enough of them hold valid pixels.
    jobs = survey(
        stack,
        [tiles[number] for number in generator.permutation(len(tiles))],
        options.bands[0],
        options.mask,
        options.stride,
        lambda _: False,
        progress,
        _MAX_TILES,
    )
    collector = _Collector(card.patch_size, count / sum(job.patches for job in jobs), generator)
    work = TileWork(
        card, options, options.devices[0], collector, _NoLayers(), RateMeter(0, "patches"), progress
    )
    for tile in read_tiles(stack, jobs, collector, card, options):
        progress.check_cancelled()
        work.classify(tile)
    if not collector.pieces:
        raise nothing_classified([work], stack, options)
    patches = torch.cat(collector.pieces)
    return patches[torch.from_numpy(generator.permutation(len(patches))[:count])]


class _NoLayers:
    """Layers that hold nothing, see ``core.inference.products.Layers``."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        return []


class _Collector:
    """Predictor that collects random patches of each tile and computes nothing, see ``Predictor``."""

    tile_size = DEFAULT_TILE_SIZE
    alignment = 1
    batch_size = 1
    method = TORCH_FP32
    agreement: float | None = None

    def __init__(self, patch_size: int, fraction: float, generator: np.random.Generator) -> None:
        self.pieces: list[Tensor] = []
        self.before = patch_size // 2
        self.behind = patch_size - 1 - self.before
        self._size = patch_size
        self._fraction = fraction
        self._generator = generator

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        order = self._generator.permutation(len(rows))[: math.ceil(self._fraction * len(rows))]
        selection = torch.from_numpy(order).to(rows.device)
        corners = rows[selection] - self.before, columns[selection] - self.before
        self.pieces.append(cut_patches(channels, *corners, self._size).cpu())
        return torch.zeros(len(rows), 1, device=rows.device)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        return None

    def model_rate(self, seconds: float) -> float | None:
        return None
