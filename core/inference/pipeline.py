"""The tile pipeline: from a band stack and a model to the finished tiles of its output.

A tile and its halo are read once, by a thread of their own, and brought to the device once.
There the channels are computed and standardised, the centres chosen and the patches cut; the
labels stay there until the tile is done, and a third thread keeps them. Several devices take the
tiles in turns, each in a thread of its own. Memory does not grow with the raster.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import torch

from ..device import describe_devices
from ..models.card import ModelCard
from ..progress import Progress, RateMeter, format_duration
from ..raster.stack import BandStack
from ..raster.tiles import tiles_of
from .ahead import read_ahead, shared_out
from .behind import write_behind
from .layers import TileLayers
from .options import PipelineOptions
from .predictor import Predictor
from .store import TileStore
from .survey import TileJob, survey
from .tile_work import StoredTile, TileWork, reason_for_nothing

_TILES_AHEAD = 2
_TILES_BEHIND = 2
# The share of the run that measuring the bare model may take, and seconds at most; what is shorter than this
# many seconds is over before a batch can be measured.
_MEASURING_SHARE, _LONGEST_MEASURING, _WORTH_MEASURING = 0.01, 2.0, 10.0


@dataclass(frozen=True)
class PipelineResult:
    """What was done in this run.

    Attributes:
        patches: How many were classified.
        started: When the first tile began (``time.perf_counter``).
        ended: When the last one was kept.
        model_rate: Patches a second of the bare model on what is in memory; None where not measured.
    """

    patches: int
    started: float
    ended: float
    model_rate: float | None

    @property
    def seconds(self) -> float:
        """How long the tiles took."""
        return self.ended - self.started

    def outside_model(self, seconds: float) -> float | None:
        """Return the share of ``seconds`` that is not the model's, 0 to 1; None where not measured."""
        if not self.model_rate or seconds <= 0:
            return None
        return max(0.0, 1.0 - self.patches / self.model_rate / seconds)


def classify_raster(
    stack: BandStack,
    predictors: Sequence[Predictor],
    card: ModelCard,
    layers: TileLayers,
    options: PipelineOptions,
    store: TileStore,
    progress: Progress,
) -> PipelineResult:
    """Classify every classifiable pixel of a window, except in tiles that the store has already.

    A pixel is valid where every band that the model needs is. It is classifiable where it is
    valid, the mask holds it, and at least ``min_valid`` of the pixels of its patch are valid;
    beyond the raster's edge they are those of the mirrored raster. Invalid values inside a patch
    are filled with the channel's mean.

    Args:
        stack: The open raster; another thread reads from it until this function returns.
        predictors: The model on each of the devices, computed alike.
        card: Of the model.
        layers: What is kept of a tile.
        options: See there.
        store: Takes the finished tiles.
        progress: Told of counts, rates and the remaining time.

    Raises:
        RasterError: There is nothing to classify, or the raster cannot be read.
        ParameterError: The mask leaves nothing.
        DeviceError: A single patch does not fit the device's memory.
        OutputError: The disk is full.
        RunCancelled: The user cancelled.
    """
    _set_batch_size(predictors, store.execution.batch_size)
    tiles = list(tiles_of(options.window, store.execution.tile_size, options.stride))
    jobs = survey(
        stack,
        tiles,
        options.bands[0],
        options.mask,
        options.stride,
        lambda tile: options.place_of(tile) in store.entries,
        progress,
    )
    expected = sum(job.patches for job in jobs)
    _announce(predictors, card, options, expected, progress)
    started = time.perf_counter()
    meter = RateMeter(expected, "patches", f"Classifying on {describe_devices(options.devices)}")
    works = [
        TileWork(card, options, device, predictor, layers, meter, progress)
        for device, predictor in zip(options.devices, predictors, strict=True)
    ]
    with (
        closing(read_ahead(read_tiles(stack, jobs, predictors[0], card, options), _TILES_AHEAD)) as stored,
        write_behind(store.add, _TILES_BEHIND) as keep,
        closing(shared_out(stored, [work.classify for work in works])) as done,
    ):
        for finished in done:
            smallest = min(predictor.batch_size for predictor in predictors)
            if smallest != store.execution.batch_size:
                store.note_halving(smallest)
                _set_batch_size(predictors, smallest)
            if finished is not None:
                keep(finished)
    if not store.entries:
        raise reason_for_nothing(works, stack, options)
    ended = time.perf_counter()
    seconds = min(_MEASURING_SHARE * (ended - started), _LONGEST_MEASURING)
    is_long = ended - started >= _WORTH_MEASURING
    # One that got no tile has nothing to be measured on.
    rates = [predictor.model_rate(seconds) or 0.0 for predictor in predictors] if is_long else []
    rate = sum(rates) or None
    return PipelineResult(meter.done, started, ended, rate)


def read_tiles(
    stack: BandStack,
    jobs: Sequence[TileJob],
    predictor: Predictor,
    card: ModelCard,
    options: PipelineOptions,
) -> Generator[StoredTile, None, None]:
    """Yield tiles with as much around them as the predictor and MIN_VALID look at.

    Args:
        stack: The open raster.
        jobs: Which tiles.
        predictor: See there.
        card: Of the model.
        options: Of the run.
    """
    # MIN_VALID is about the patch, whatever the model sees of it.
    before = max(predictor.before, card.patch_size // 2)
    behind = max(predictor.behind, card.patch_size - 1 - card.patch_size // 2)
    step = predictor.alignment
    for job in jobs:
        tile = job.tile
        top, left = (start // step * step for start in (tile.row - before, tile.column - before))
        bottom, right = (
            -(-stop // step) * step for stop in (tile.row_stop + behind, tile.column_stop + behind)
        )
        values = torch.from_numpy(stack.read(top, bottom, left, right, options.bands))
        if options.devices[0].type == "cuda":
            # From memory that stays in its place a GPU fetches them by itself, while it computes.
            values = values.pin_memory()
        yield StoredTile(job, values, top, left, options.mask.of(tile))


def _set_batch_size(predictors: Sequence[Predictor], size: int) -> None:
    for predictor in predictors:
        predictor.batch_size = size


def _announce(
    predictors: Sequence[Predictor],
    card: ModelCard,
    options: PipelineOptions,
    expected: int,
    progress: Progress,
) -> None:
    """Say how much there is to do and, from a short trial, how long it will take."""
    progress.check_cancelled()
    of_one = predictors[0].trial_rate(len(card.channels), expected) if expected else None
    rate = of_one and of_one * len(predictors)
    time_needed = f": at {rate:,.0f} patches/s that takes {format_duration(expected / rate)}" if rate else ""
    progress.log(
        f"About {expected:,} {'patch' if expected == 1 else 'patches'} to classify on "
        f"{describe_devices(options.devices)}{time_needed}."
    )
