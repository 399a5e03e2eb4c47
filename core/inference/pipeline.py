"""Tile pipeline: from a band stack and a model to finished tiles.

A thread reads each tile with its halo once. The tile is copied to the device once; there the channels are
computed and standardised, the centres are selected and scored. Another thread stores the finished tile.
Several devices take tiles in turn, each in its own thread. Memory does not grow with the raster.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..arrays import BoolArray
from ..device import describe_devices
from ..errors import ParameterError, RasterError
from ..models.card import ModelCard
from ..options import DEFAULT_MIN_VALID
from ..progress import Progress, RateMeter
from ..raster.grid import Tile, tiles_of
from ..raster.indices import compute_channels, standardise
from ..raster.mask import Mask
from ..raster.stack import BandStack
from ..raster.validity import classifiable, min_valid_pixels, valid_pixels
from ..run_plan import RunTime
from ..text import Text, format_duration
from ..threads import background_writer, map_in_threads, prefetch
from .cells import Cells
from .predictors.base import DEFAULT_TILE_SIZE, Predictor
from .products import Layers, TileLayers
from .tile_store import FinishedTile, TileStore

# From this stride on, a tile of the default size does not fill a batch.
_WIDE_STRIDE = 4
# Largest side in pixels of a file's blocks that tiles are aligned to.
_MAX_BLOCK_SIZE = 1024
_PREFETCHED_TILES = 2
_WAITING_TILES = 2
# Side of the first trial tile in pixels, and duration from which a trial is long enough.
_TRIAL_SIDE, _TRIAL_SECONDS = 64, 1.0
# Duration of measuring the model alone: at most this fraction of the run, and this many seconds.
_MAX_MEASURING_FRACTION, _MAX_MEASURING_SECONDS = 0.01, 2.0


@dataclass(frozen=True)
class PipelineOptions:
    """Options of the tile pipeline.

    Attributes:
        bands: Names of the raster's bands that match the model's, in the model's order.
        window: Window of the raster that the map covers.
        mask: Mask of the pixels to classify.
        devices: Devices that compute; several take tiles in turn.
        stride: Rows and columns of a cell, in pixels. One pixel per cell is classified.
        fill: Whether the map has the raster's pixels, and a class fills its cell. Otherwise the map has one
            pixel per cell.
        min_valid: Minimum fraction of valid pixels in a patch, 0 to 1.
        update_seconds: Shortest time between two reports of progress.
        min_measured_seconds: Shortest run after which the model alone is measured. Shorter runs leave no
            time to measure a batch.
    """

    bands: tuple[str, ...]
    window: Tile
    mask: Mask
    devices: tuple[torch.device, ...]
    stride: int = 1
    fill: bool = True
    min_valid: float = DEFAULT_MIN_VALID
    update_seconds: float = 0.1
    min_measured_seconds: float = 10.0

    @property
    def output_window(self) -> Tile:
        """Window of the map, in pixels of the raster or in cells."""
        return self.window if self.fill else self.window.coarsened(self.stride)

    def window_in_map(self, tile: Tile) -> Tile:
        """Return the window of a tile in the map.

        Args:
            tile: Window of the tile in the raster.
        """
        return (tile if self.fill else tile.coarsened(self.stride)).relative_to(self.output_window)


@dataclass(frozen=True)
class TileJob:
    """Tile with pixels to classify.

    Attributes:
        tile: Window of the tile in the raster.
        patches: Approximate number of patches.
    """

    tile: Tile
    patches: int


def survey(
    stack: BandStack,
    tiles: Sequence[Tile],
    band: str,
    mask: Mask,
    stride: int,
    is_finished: Callable[[Tile], bool],
    progress: Progress,
    max_tiles: int | None = None,
) -> tuple[TileJob, ...]:
    """Return the tiles with pixels to classify.

    Only the mask and one band are read, so the numbers of patches count that band's valid pixels. Other
    bands, or MIN_VALID, may exclude some of them.

    Args:
        stack: Open band stack.
        tiles: Tiles of the map.
        band: Name of the band to read.
        mask: Mask of the pixels to classify.
        stride: Rows and columns of a cell, in pixels.
        is_finished: Function that returns whether an earlier run has finished a tile.
        progress: Progress reporter.
        max_tiles: Maximum number of tiles to return; None returns all.

    Raises:
        ParameterError: The mask does not overlap the tiles.
        RasterError: The band has no valid pixel inside the mask.
    """
    jobs = []
    touches_mask = any_finished = False
    for number, tile in enumerate(tiles):
        progress.check_cancelled()
        progress.update(
            0.0,
            "Searching for valid pixels, tile {number:,} of {total:,}",
            number=number + 1,
            total=len(tiles),
        )
        if is_finished(tile):
            any_finished = True
            continue
        inside = mask.of(tile)
        if not inside.any():
            continue
        touches_mask = True
        inside &= np.isfinite(stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, [band])[0])
        if inside.any():
            jobs.append(TileJob(tile, _count_cells(inside, tile, stride)))
            if len(jobs) == max_tiles:
                break
    if any_finished:
        return tuple(jobs)
    if not touches_mask:
        raise ParameterError(
            "There is nothing to classify: the mask does not overlap the raster",
            where="MASK",
            advice="Check the position and the coordinate reference system of the mask.",
        )
    if not jobs:
        raise RasterError(
            "There is nothing to classify: band {band!r} has no valid pixel inside the mask and the extent",
            where=str(stack.source),
            advice="Check the nodata value, the mask and the extent.",
            band=band,
        )
    return tuple(jobs)


def tile_size(block_size: tuple[int, int], stride: int, preferred: int = DEFAULT_TILE_SIZE) -> int:
    """Return the side of a tile in pixels, a multiple of the side of the file's square blocks.

    Args:
        block_size: Rows and columns of the file's blocks.
        stride: Rows and columns of a cell, in pixels. Tiles are larger for wide strides.
        preferred: Preferred side of a tile, in pixels.
    """
    side = preferred if stride < _WIDE_STRIDE else max(preferred, 2 * DEFAULT_TILE_SIZE)
    rows, columns = block_size
    if rows != columns or rows > _MAX_BLOCK_SIZE:
        return side
    return -(-side // rows) * rows


def _count_cells(pixels: BoolArray, tile: Tile, stride: int) -> int:
    by_rows = np.logical_or.reduceat(pixels, _cell_starts(tile.row, tile.height, stride), axis=0)
    cells = np.logical_or.reduceat(by_rows, _cell_starts(tile.column, tile.width, stride), axis=1)
    return int(np.count_nonzero(cells))


def _cell_starts(first: int, size: int, stride: int) -> list[int]:
    return [0, *range(-first % stride or stride, size, stride)]


@dataclass(frozen=True, eq=False)
class StoredTile:
    """Stored values of a tile with its halo.

    Attributes:
        job: Tile with its number of patches.
        values: Band values with halo, float32, shape (bands, rows, columns), on the processor.
        top: First row of ``values`` in the raster.
        left: First column of ``values`` in the raster.
        inside: Mask of the tile's pixels without halo, bool, shape (rows, columns).
    """

    job: TileJob
    values: Tensor
    top: int
    left: int
    inside: BoolArray


class TileWork:
    """Classification of tiles on one device in one run.

    Attributes:
        meter: Meter of the throughput in patches.
        seen: Whether each band had a valid pixel so far, bool, shape (bands,), on the device.
        is_any_valid: Whether all bands were valid at some pixel so far, bool, shape (), on the device.

    Args:
        card: Document of the model.
        options: Options of the pipeline.
        device: Device that computes.
        predictor: Predictor of the model on the device.
        layers: Layers of a tile that are made from scores.
        meter: Meter of the throughput in patches.
        progress: Progress reporter.
    """

    def __init__(
        self,
        card: ModelCard,
        options: PipelineOptions,
        device: torch.device,
        predictor: Predictor,
        layers: Layers,
        meter: RateMeter,
        progress: Progress,
    ) -> None:
        self.meter = meter
        self._device = device
        self._card = card
        self._options = options
        self._predictor = predictor
        self._layers = layers
        self._progress = progress
        self._min_valid = min_valid_pixels(options.min_valid, card.patch_size)
        self.seen = torch.zeros(len(options.bands), dtype=torch.bool, device=device)
        self.is_any_valid = torch.zeros((), dtype=torch.bool, device=device)
        self._last_update = -math.inf

    def classify(self, tile: StoredTile) -> FinishedTile | None:
        """Return the layers of a tile, or None where no pixel is classifiable.

        Args:
            tile: Stored values of the tile.
        """
        device = self._device
        place = tile.job.tile
        stored = tile.values.to(device, non_blocking=True)
        self.seen |= torch.isfinite(stored).flatten(1).any(dim=1)
        valid = valid_pixels(stored)
        row, column = place.row - tile.top, place.column - tile.left
        size = self._card.patch_size
        first_row, first_column = row - size // 2, column - size // 2
        around = valid[
            first_row : first_row + place.height + size - 1,
            first_column : first_column + place.width + size - 1,
        ]
        candidates = classifiable(around, size, self._min_valid)
        self.is_any_valid |= valid.any()
        cells = Cells(candidates & torch.from_numpy(tile.inside).to(device), place, self._options.stride)
        self.meter.correct(len(cells) - tile.job.patches)
        if not len(cells):
            return None
        rows, columns = cells.rows + row, cells.columns + column
        # Channels are computed around the centres only.
        tall, wide = self._needed(rows), self._needed(columns)
        logits = self._predictor.predict(
            self._channels(stored[:, tall, wide]),
            valid[tall, wide],
            rows - tall.start,
            columns - wide.start,
            self._count,
        )
        spread = cells.fill if self._options.fill else cells.coarse
        return FinishedTile(self._options.window_in_map(place), self._layers.of(logits, spread), len(cells))

    def _needed(self, centres: Tensor) -> slice:
        """Return the rows, or columns, of a tile that the predictor needs for the centres."""
        step = self._predictor.alignment
        first = int(centres.min()) - self._predictor.before
        last = int(centres.max()) + self._predictor.behind
        return slice(first // step * step, (last // step + 1) * step)

    def _channels(self, stored: Tensor) -> Tensor:
        card = self._card
        channels = compute_channels(stored, card.bands, card.indices, card.band_roles, card.reflectance_scale)
        scaling, scaled = card.scaling, channels
        if not card.scales_members:
            scaled = standardise(channels, scaling.mean, scaling.std, scaling.clip, scaling.limits)
        if self._device.type != "cuda":
            # Convolutions in 32 bits on a CPU are faster with channels first.
            return scaled
        return scaled.permute(1, 2, 0).contiguous().permute(2, 0, 1)

    def _count(self, patches: int) -> None:
        self._progress.check_cancelled()
        self.meter.add(patches)
        now = time.perf_counter()
        if now - self._last_update >= self._options.update_seconds:
            self._last_update = now
            self._progress.update(self.meter.fraction, self.meter.text())


def nothing_classified(works: Sequence[TileWork], stack: BandStack, options: PipelineOptions) -> RasterError:
    """Return the error of a run in which no tile had a classifiable pixel.

    Args:
        works: Classification of tiles on each device.
        stack: Band stack of the raster.
        options: Options of the pipeline.
    """
    seen = [any(flags) for flags in zip(*(work.seen.tolist() for work in works), strict=True)]
    unseen = [band for band, was_seen in zip(options.bands, seen, strict=True) if not was_seen]
    if unseen:
        return RasterError(
            "Band {band!r} of the model has no valid pixel inside the mask and the extent",
            where=str(stack.source),
            advice="Check its nodata value, or train a model without it.",
            band=unseen[0],
        )
    if not any(work.is_any_valid.item() for work in works):
        return RasterError(
            "There is nothing to classify: no pixel is valid in all bands of the model",
            where=str(stack.source),
            advice="Check the nodata values of the bands.",
        )
    return RasterError(
        "There is nothing to classify: no patch has {min_valid:.0%} valid pixels around a valid one",
        where=str(stack.source),
        advice="Lower MIN_VALID, or enlarge the mask or the extent.",
        min_valid=options.min_valid,
    )


@dataclass(frozen=True)
class PipelineResult:
    """Counts and times of a run of the pipeline.

    Attributes:
        patches: Number of patches that this run classified.
        started: Time of the first tile, of ``time.perf_counter``.
        ended: Time when the last tile was stored, of ``time.perf_counter``.
        model_rate: Throughput of the model alone, in patches per second; None where not measured.
    """

    patches: int
    started: float
    ended: float
    model_rate: float | None

    @property
    def seconds(self) -> float:
        """Duration of all tiles in seconds."""
        return self.ended - self.started

    def outside_model(self, seconds: float) -> float | None:
        """Return the fraction of a duration that is spent outside the model, 0 to 1, or None.

        Args:
            seconds: Duration in seconds.
        """
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
    """Classify the pixels of a window, except in tiles that the store has already.

    A pixel is valid where all bands of the model are valid. It is classifiable where it is valid, inside the
    mask, and at least ``min_valid`` of the pixels of its patch are valid. Beyond the raster's edge, the patch
    has the pixels of the mirrored raster. Invalid values in a patch are set to the channel's mean.

    Args:
        stack: Open band stack, which another thread reads until this function returns.
        predictors: Predictors of the model, one per device, with the same method.
        card: Document of the model.
        layers: Layers of a tile that are made from scores.
        options: Options of the pipeline.
        store: Store of the finished tiles.
        progress: Progress reporter.

    Raises:
        RasterError: There is nothing to classify, or the raster cannot be read.
        ParameterError: The mask does not overlap the raster.
        DeviceError: The device has too little memory for a single patch.
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
        lambda tile: options.window_in_map(tile) in store.entries,
        progress,
    )
    count = sum(job.patches for job in jobs)
    _log_expected(predictors, card, options, count, progress)
    started = time.perf_counter()
    meter = RateMeter(
        count,
        "patches",
        Text("Classifying on {device}", device=describe_devices(options.devices)),
    )
    works = [
        TileWork(card, options, device, predictor, layers, meter, progress)
        for device, predictor in zip(options.devices, predictors, strict=True)
    ]
    with (
        closing(prefetch(read_tiles(stack, jobs, predictors[0], card, options), _PREFETCHED_TILES)) as stored,
        background_writer(store.add, _WAITING_TILES) as store_tile,
        closing(map_in_threads(stored, [work.classify for work in works])) as finished_tiles,
    ):
        for finished in finished_tiles:
            smallest = min(predictor.batch_size for predictor in predictors)
            if smallest != store.execution.batch_size:
                store.note_halving(smallest)
                _set_batch_size(predictors, smallest)
            if finished is not None:
                store_tile(finished)
    if not store.entries:
        raise nothing_classified(works, stack, options)
    ended = time.perf_counter()
    seconds = min(_MAX_MEASURING_FRACTION * (ended - started), _MAX_MEASURING_SECONDS)
    is_long = ended - started >= options.min_measured_seconds
    # A device without a tile has no batch to measure.
    rates = [predictor.model_rate(seconds) or 0.0 for predictor in predictors] if is_long else []
    rate = sum(rates) or None
    return PipelineResult(meter.done, started, ended, rate)


def expected_time(
    stack: BandStack,
    predictors: Sequence[Predictor],
    card: ModelCard,
    layers: TileLayers,
    options: PipelineOptions,
    jobs: Sequence[TileJob],
    progress: Progress,
) -> RunTime:
    """Return the expected duration of a classification, measured on small tiles, without storing them.

    Tiles of 64 pixels are doubled in size until one takes a second, so that the cost of their halos is about
    that of the run.

    Args:
        stack: Open band stack.
        predictors: Predictors of the model, one per device.
        card: Document of the model.
        layers: Layers of a tile that are made from scores.
        options: Options of the pipeline.
        jobs: Tiles of the run.
        progress: Progress reporter.
    """
    patches = sum(job.patches for job in jobs)
    densest = max(jobs, key=lambda job: job.patches).tile
    meter = RateMeter(patches, "patches")
    work = TileWork(card, options, options.devices[0], predictors[0], layers, meter, progress)
    rate, side = 0.0, min(_TRIAL_SIDE, densest.height, densest.width)
    while True:
        progress.check_cancelled()
        row = densest.row + (densest.height - side) // 2
        column = densest.column + (densest.width - side) // 2
        tile = Tile(row, column, side, side)
        before, started = meter.done, time.perf_counter()
        for stored in read_tiles(stack, [TileJob(tile, 0)], predictors[0], card, options):
            work.classify(stored)
        elapsed = time.perf_counter() - started
        if meter.done > before:
            rate = (meter.done - before) / elapsed
        if elapsed >= _TRIAL_SECONDS or 2 * side > min(densest.height, densest.width):
            break
        side *= 2
    if not rate:
        return RunTime(None, Text("it cannot be measured, because the trial tile has no valid pixel"))
    basis = Text(
        "measured on {tried:,} of about {total:,} patches on this computer", tried=meter.done, total=patches
    )
    return RunTime(patches / (rate * len(predictors)), basis)


def read_tiles(
    stack: BandStack,
    jobs: Sequence[TileJob],
    predictor: Predictor,
    card: ModelCard,
    options: PipelineOptions,
) -> Generator[StoredTile, None, None]:
    """Yield tiles with the halo that the predictor and MIN_VALID need.

    Args:
        stack: Open band stack.
        jobs: Tiles to read.
        predictor: Predictor, which defines the halo and the alignment.
        card: Document of the model.
        options: Options of the pipeline.
    """
    # MIN_VALID counts the pixels of the patch, which may be larger than the predictor's halo.
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
            # A GPU copies from pinned memory while it computes.
            values = values.pin_memory()
        yield StoredTile(job, values, top, left, options.mask.of(tile))


def _set_batch_size(predictors: Sequence[Predictor], size: int) -> None:
    for predictor in predictors:
        predictor.batch_size = size


def _log_expected(
    predictors: Sequence[Predictor],
    card: ModelCard,
    options: PipelineOptions,
    count: int,
    progress: Progress,
) -> None:
    """Log the number of patches and, from a short trial, the expected duration."""
    progress.check_cancelled()
    device_rate = predictors[0].trial_rate(len(card.channels), count) if count else None
    rate = device_rate and device_rate * len(predictors)
    duration = (
        Text(
            ", {duration} at {rate:,.0f} patches/s",
            rate=rate,
            duration=format_duration(count / rate),
        )
        if rate
        else ""
    )
    progress.log(
        "About 1 patch is to be classified on {device}{duration}."
        if count == 1
        else "About {count:,} patches are to be classified on {device}{duration}.",
        count=count,
        device=describe_devices(options.devices),
        duration=duration,
    )
