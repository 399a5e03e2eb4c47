"""The tile pipeline: from a band stack and a model to the finished tiles of its output.

A tile and its halo are read once, by a thread of their own, and brought to the device once.
There the channels are computed and standardised, the centres chosen and the patches cut; the
labels stay there until the tile is done, and a third thread keeps them. Memory does not grow
with the raster.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import torch
from torch import Tensor

from ..device import describe_device
from ..errors import RasterError
from ..models.card import ModelCard
from ..progress import Progress, RateMeter, format_duration
from ..raster.band_file import FloatArray
from ..raster.features import compute_channels, standardise
from ..raster.mask import BoolArray, Mask
from ..raster.stack import BandStack
from ..raster.tiles import Tile, tiles_of
from .ahead import read_ahead
from .behind import write_behind
from .cells import Cells, classifiable
from .layers import TileLayers
from .predictor import Predictor
from .store import FinishedTile, TileStore
from .survey import TileJob, survey

_TILES_AHEAD = 2
_TILES_BEHIND = 2
# Seconds between two movements of the progress bar.
_UPDATE_INTERVAL = 0.1
# The share of the run that measuring the bare model may take, and seconds at most.
_MEASURING_SHARE, _LONGEST_MEASURING = 0.02, 2.0


@dataclass(frozen=True)
class PipelineOptions:
    """How to classify.

    Attributes:
        bands: The raster's bands that stand for the model's, in the model's order.
        window: Which pixels of the raster are the map's.
        mask: Which of these are classified.
        device: Where to compute.
        stride: Rows and columns of a cell of pixels that share one patch's class.
        fill: Whether the output has the raster's pixels, which take their cell's class; else its
            pixels are the cells.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
    """

    bands: tuple[str, ...]
    window: Tile
    mask: Mask
    device: torch.device
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
    predictor: Predictor,
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
        predictor: The model on its device.
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
    predictor.batch_size = store.execution.batch_size
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
    _announce(predictor, card, options, expected, progress)
    started = time.perf_counter()
    work = _Work(card, options, predictor, layers, RateMeter(expected, "patches"), progress)
    with (
        closing(read_ahead(_read_tiles(stack, jobs, predictor, card, options), _TILES_AHEAD)) as stored,
        write_behind(store.add, _TILES_BEHIND) as keep,
    ):
        for values in stored:
            finished = work.classify(values)
            if predictor.batch_size != store.execution.batch_size:
                store.note_halving(predictor.batch_size)
            if finished is not None:
                keep(finished)
    if not store.entries:
        raise work.reason_for_nothing(stack)
    ended = time.perf_counter()
    rate = predictor.model_rate(min(_MEASURING_SHARE * (ended - started), _LONGEST_MEASURING))
    return PipelineResult(work.meter.done, started, ended, rate)


@dataclass(frozen=True, eq=False)
class _StoredTile:
    """A tile as it was read.

    Attributes:
        job: The tile.
        values: Its bands with halo, shape (bands, rows, columns).
        top: First row of ``values`` in the raster.
        left: Its first column.
        inside: Which of the tile's own pixels the mask holds.
    """

    job: TileJob
    values: FloatArray
    top: int
    left: int
    inside: BoolArray


def _read_tiles(
    stack: BandStack,
    jobs: Sequence[TileJob],
    predictor: Predictor,
    card: ModelCard,
    options: PipelineOptions,
) -> Generator[_StoredTile, None, None]:
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
        values = stack.read(top, bottom, left, right, options.bands)
        yield _StoredTile(job, values, top, left, options.mask.of(tile))


def _announce(
    predictor: Predictor, card: ModelCard, options: PipelineOptions, expected: int, progress: Progress
) -> None:
    """Say how much there is to do and, from a short trial, how long it will take."""
    progress.check_cancelled()
    rate = predictor.trial_rate(len(card.channels), expected) if expected else None
    time_needed = f": at {rate:,.0f} patches/s that takes {format_duration(expected / rate)}" if rate else ""
    progress.log(f"About {expected:,} patches to classify on {describe_device(options.device)}{time_needed}.")


class _Work:
    """What is the same for all tiles of a run, and what adds up over them."""

    def __init__(
        self,
        card: ModelCard,
        options: PipelineOptions,
        predictor: Predictor,
        layers: TileLayers,
        meter: RateMeter,
        progress: Progress,
    ) -> None:
        self.meter = meter
        self._card = card
        self._options = options
        self._predictor = predictor
        self._layers = layers
        self._progress = progress
        self._least_valid = math.ceil(options.min_valid * card.patch_size**2 - 1e-9)
        self._seen = torch.zeros(len(options.bands), dtype=torch.bool, device=options.device)
        self._is_any_valid = torch.zeros((), dtype=torch.bool, device=options.device)
        self._last_update = -math.inf

    def classify(self, tile: _StoredTile) -> FinishedTile | None:
        """Return a tile's layers, None where nothing of it is classifiable."""
        device = self._options.device
        place = tile.job.tile
        stored = torch.from_numpy(tile.values).to(device)
        finite = torch.isfinite(stored)
        self._seen |= finite.flatten(1).any(dim=1)
        valid = finite.all(dim=0)
        row, column = place.row - tile.top, place.column - tile.left
        size = self._card.patch_size
        first_row, first_column = row - size // 2, column - size // 2
        around = valid[
            first_row : first_row + place.height + size - 1,
            first_column : first_column + place.width + size - 1,
        ]
        candidates = classifiable(around, size, self._least_valid)
        self._is_any_valid |= valid.any()
        cells = Cells(candidates & torch.from_numpy(tile.inside).to(device), place, self._options.stride)
        self.meter.total += len(cells) - tile.job.patches
        if not len(cells):
            return None
        logits = self._predictor.predict(
            self._channels(stored), valid, cells.rows + row, cells.columns + column, self._count
        )
        spread = cells.fill if self._options.fill else cells.coarse
        return FinishedTile(self._options.place_of(place), self._layers.of(logits, spread), len(cells))

    def reason_for_nothing(self, stack: BandStack) -> RasterError:
        """Return why no tile had anything to classify."""
        unseen = [
            band for band, seen in zip(self._options.bands, self._seen.tolist(), strict=True) if not seen
        ]
        if unseen:
            return RasterError(
                f"The model needs band {unseen[0]!r}, which has no valid pixel there",
                where=str(stack.source),
                advice="Check its nodata value, or train a model without it.",
            )
        if not self._is_any_valid.item():
            return RasterError(
                "There is nothing to classify: at no pixel are all of the model's bands valid",
                where=str(stack.source),
                advice="Check the nodata values of the bands.",
            )
        return RasterError(
            f"There is nothing to classify: no patch has {self._options.min_valid:.0%} valid pixels "
            "around a valid one",
            where=str(stack.source),
            advice="Lower MIN_VALID, or enlarge the mask or the extent.",
        )

    def _channels(self, stored: Tensor) -> Tensor:
        card = self._card
        channels = compute_channels(stored, card.bands, card.indices, card.band_roles, card.reflectance_scale)
        scaled = standardise(channels, card.scaling)
        if self._options.device.type != "cuda":
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
