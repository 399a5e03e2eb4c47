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
from ..progress import Progress, RateMeter
from ..raster.grid import Tile, tiles_of
from ..raster.indices import compute_channels, standardise
from ..raster.mask import Mask
from ..raster.stack import BandStack
from ..text import Text, format_duration
from .cells import Cells, classifiable
from .predictors.base import USUAL_TILE, Predictor
from .products import Layers, TileLayers
from .threads import read_ahead, shared_out, write_behind
from .tile_store import FinishedTile, TileStore

# From this stride on a tile of the usual size would not fill a batch.
_WIDE_STRIDE = 4
_LARGEST_BLOCK = 1024
# Seconds between two movements of the progress bar.
_UPDATE_INTERVAL = 0.1
_TILES_AHEAD = 2
_TILES_BEHIND = 2
# The share of the run that measuring the bare model may take, and seconds at most; what is shorter than this
# many seconds is over before a batch can be measured.
_MEASURING_SHARE, _LONGEST_MEASURING, _WORTH_MEASURING = 0.01, 2.0, 10.0


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


@dataclass(frozen=True)
class TileJob:
    """A tile that has something to classify, and about how many patches."""

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
    most: int | None = None,
) -> tuple[TileJob, ...]:
    """Return those of ``tiles`` that have something left to classify.

    Only the mask and one band are read, so the numbers of patches are those of that band's valid
    pixels; another band, or MIN_VALID, may leave some of them out.

    Args:
        stack: The bands.
        tiles: All of the map's.
        band: Which band is read.
        mask: Which pixels may be classified.
        stride: Rows and columns of a cell.
        is_finished: Whether an earlier run has classified a tile, which is not looked at then.
        progress: Is told how far it is.
        most: Tiles to return, of the first that have something; None returns all.

    Raises:
        ParameterError: The mask leaves nothing of the tiles.
        RasterError: No pixel of the band is valid where the mask lets it be classified.
    """
    jobs = []
    touches_mask = any_finished = False
    for number, tile in enumerate(tiles):
        progress.check_cancelled()
        progress.update(
            0.0,
            "Looking for valid pixels, tile {number:,} of {total:,}",
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
            if len(jobs) == most:
                break
    if any_finished:
        return tuple(jobs)
    if not touches_mask:
        raise ParameterError(
            "There is nothing to classify: the mask leaves no pixel of the raster",
            where="MASK",
            advice="Check that the mask lies on the raster, and its coordinate reference system.",
        )
    if not jobs:
        raise RasterError(
            "There is nothing to classify: no pixel of band {band!r} is valid there",
            where=str(stack.source),
            advice="Check the nodata value, the mask and the extent.",
            band=band,
        )
    return tuple(jobs)


def tile_size(block_size: tuple[int, int], stride: int, suited: int = USUAL_TILE) -> int:
    """Return the side of a tile: whole square blocks of the file, about ``suited``, more for strides."""
    wanted = suited if stride < _WIDE_STRIDE else max(suited, 2 * USUAL_TILE)
    rows, columns = block_size
    if rows != columns or rows > _LARGEST_BLOCK:
        return wanted
    return -(-wanted // rows) * rows


def _count_cells(pixels: BoolArray, tile: Tile, stride: int) -> int:
    by_rows = np.logical_or.reduceat(pixels, _cell_starts(tile.row, tile.height, stride), axis=0)
    cells = np.logical_or.reduceat(by_rows, _cell_starts(tile.column, tile.width, stride), axis=1)
    return int(np.count_nonzero(cells))


def _cell_starts(first: int, size: int, stride: int) -> list[int]:
    return [0, *range(-first % stride or stride, size, stride)]


@dataclass(frozen=True, eq=False)
class StoredTile:
    """A tile as it was read.

    Attributes:
        job: The tile.
        values: Its bands with halo, float32, shape (bands, rows, columns), on the processor.
        top: First row of ``values`` in the raster.
        left: Its first column.
        inside: Which of the tile's own pixels the mask holds.
    """

    job: TileJob
    values: Tensor
    top: int
    left: int
    inside: BoolArray


class TileWork:
    """What is the same for all tiles that a device computes in a run, and what adds up over them.

    Attributes:
        seen: Whether a band had a valid pixel, bool, shape (bands,), on the device.
        is_any_valid: Whether at a pixel all bands were valid, alike.
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
        self._least_valid = math.ceil(options.min_valid * card.patch_size**2 - 1e-9)
        self.seen = torch.zeros(len(options.bands), dtype=torch.bool, device=device)
        self.is_any_valid = torch.zeros((), dtype=torch.bool, device=device)
        self._last_update = -math.inf

    def classify(self, tile: StoredTile) -> FinishedTile | None:
        """Return a tile's layers, None where nothing of it is classifiable."""
        device = self._device
        place = tile.job.tile
        stored = tile.values.to(device, non_blocking=True)
        finite = torch.isfinite(stored)
        self.seen |= finite.flatten(1).any(dim=1)
        valid = finite.all(dim=0)
        row, column = place.row - tile.top, place.column - tile.left
        size = self._card.patch_size
        first_row, first_column = row - size // 2, column - size // 2
        around = valid[
            first_row : first_row + place.height + size - 1,
            first_column : first_column + place.width + size - 1,
        ]
        candidates = classifiable(around, size, self._least_valid)
        self.is_any_valid |= valid.any()
        cells = Cells(candidates & torch.from_numpy(tile.inside).to(device), place, self._options.stride)
        self.meter.correct(len(cells) - tile.job.patches)
        if not len(cells):
            return None
        rows, columns = cells.rows + row, cells.columns + column
        # Of a tile with little to do, channels are computed around that only.
        tall, wide = self._needed(rows), self._needed(columns)
        logits = self._predictor.predict(
            self._channels(stored[:, tall, wide]),
            valid[tall, wide],
            rows - tall.start,
            columns - wide.start,
            self._count,
        )
        spread = cells.fill if self._options.fill else cells.coarse
        return FinishedTile(self._options.place_of(place), self._layers.of(logits, spread), len(cells))

    def _needed(self, centres: Tensor) -> slice:
        """Return the rows, or columns, of a tile that the predictor has to see for the centres."""
        step = self._predictor.alignment
        first = int(centres.min()) - self._predictor.before
        last = int(centres.max()) + self._predictor.behind
        return slice(first // step * step, (last // step + 1) * step)

    def _channels(self, stored: Tensor) -> Tensor:
        card = self._card
        channels = compute_channels(stored, card.bands, card.indices, card.band_roles, card.reflectance_scale)
        scaled = standardise(channels, card.scaling.mean, card.scaling.std, card.scaling.clip)
        if self._device.type != "cuda":
            # Plain fp32 convolutions on a CPU are quicker channel by channel.
            return scaled
        return scaled.permute(1, 2, 0).contiguous().permute(2, 0, 1)

    def _count(self, patches: int) -> None:
        self._progress.check_cancelled()
        self.meter.add(patches)
        now = time.perf_counter()
        if now - self._last_update >= _UPDATE_INTERVAL:
            self._last_update = now
            self._progress.update(self.meter.fraction, self.meter.text())


def reason_for_nothing(works: Sequence[TileWork], stack: BandStack, options: PipelineOptions) -> RasterError:
    """Return why none of the tiles had anything to classify.

    Args:
        works: All that took tiles of the run.
        stack: The raster.
        options: Of the run.
    """
    seen = [any(found) for found in zip(*(work.seen.tolist() for work in works), strict=True)]
    unseen = [band for band, was_seen in zip(options.bands, seen, strict=True) if not was_seen]
    if unseen:
        return RasterError(
            "The model needs band {band!r}, which has no valid pixel there",
            where=str(stack.source),
            advice="Check its nodata value, or train a model without it.",
            band=unseen[0],
        )
    if not any(work.is_any_valid.item() for work in works):
        return RasterError(
            "There is nothing to classify: at no pixel are all of the model's bands valid",
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
    meter = RateMeter(
        expected,
        "patches",
        Text("Classifying on {device}", device=describe_devices(options.devices)),
    )
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
    duration = (
        Text(
            ": at {rate:,.0f} patches/s that takes {duration}",
            rate=rate,
            duration=format_duration(expected / rate),
        )
        if rate
        else ""
    )
    progress.log(
        "About 1 patch to classify on {device}{duration}."
        if expected == 1
        else "About {count:,} patches to classify on {device}{duration}.",
        count=expected,
        device=describe_devices(options.devices),
        duration=duration,
    )
