"""The tile pipeline: from a band stack, a network and its card to class values in a map.

A tile and its halo are read once, by a thread of their own, and brought to the device once.
There the channels are computed and standardised, the centres chosen and the patches cut; the
labels stay there until the tile is done. Memory does not grow with the raster.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..device import describe_device
from ..errors import RasterError
from ..models.card import ModelCard
from ..progress import Progress, RateMeter, format_duration
from ..raster.band_file import FloatArray
from ..raster.features import compute_channels, standardise
from ..raster.mask import BoolArray, Mask
from ..raster.stack import BandStack
from ..raster.tiles import Tile
from ..raster.writer import MapWriter
from .ahead import read_ahead
from .cells import Cells, classifiable
from .predictor import Predictor
from .survey import TileJob, survey

_TILES_AHEAD = 2
# The timed batch is at most this fraction of the work.
_PROBE_SHARE = 20
# Seconds between two movements of the progress bar.
_UPDATE_INTERVAL = 0.1


@dataclass(frozen=True)
class PipelineOptions:
    """How to classify.

    Attributes:
        bands: The raster's bands that stand for the model's, in the model's order.
        window: Which pixels of the raster are the map's.
        mask: Which of these are classified.
        device: Where to compute.
        stride: Rows and columns of a cell of pixels that share one patch's class.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
        batch_size: Patches a batch; 0 chooses by device.
    """

    bands: tuple[str, ...]
    window: Tile
    mask: Mask
    device: torch.device
    stride: int = 1
    min_valid: float = 0.5
    batch_size: int = 0


@dataclass(frozen=True)
class PipelineResult:
    """What was done: patches classified, and when the first tile began (``time.perf_counter``)."""

    patches: int
    started: float


def classify_raster(
    stack: BandStack,
    network: nn.Module,
    card: ModelCard,
    options: PipelineOptions,
    writer: MapWriter,
    progress: Progress,
) -> PipelineResult:
    """Write the class of every classifiable pixel of a window.

    A pixel is valid where every band that the model needs is. It is classifiable where it is
    valid, the mask holds it, and at least ``min_valid`` of the pixels of its patch are valid;
    beyond the raster's edge they are those of the mirrored raster. Invalid values inside a patch
    are filled with the channel's mean.

    Args:
        stack: The open raster; another thread reads from it until this function returns.
        network: Takes standardised patches (patches, channels, rows, columns), gives scores
            (patches, classes). It is moved to the device.
        card: Of the model.
        options: See there.
        writer: Of a map whose grid is ``options.window`` of the raster's.
        progress: Told of counts, rates and the remaining time.

    Raises:
        RasterError: There is nothing to classify, or the raster cannot be read.
        ParameterError: The mask leaves nothing.
        DeviceError: A single patch does not fit the device's memory.
        RunCancelled: The user cancelled.
    """
    jobs = survey(stack, options.window, options.bands[0], options.mask, options.stride, progress)
    expected = sum(job.patches for job in jobs)
    predictor = Predictor(network, card.patch_size, options.device, options.batch_size, progress)
    _announce(predictor, card, options, expected, progress)
    started = time.perf_counter()
    work = _Work(card, options, predictor, writer.nodata, RateMeter(expected, "patches"), progress)
    with closing(read_ahead(_read_tiles(stack, jobs, card, options), _TILES_AHEAD)) as tiles:
        for job, values, inside in tiles:
            classes = work.classify(job, values, inside)
            if classes is not None:
                writer.write(job.tile.relative_to(options.window), classes)
    if not work.meter.done:
        raise work.reason_for_nothing(stack)
    return PipelineResult(work.meter.done, started)


def _read_tiles(
    stack: BandStack, jobs: Sequence[TileJob], card: ModelCard, options: PipelineOptions
) -> Generator[tuple[TileJob, FloatArray, BoolArray], None, None]:
    before = card.patch_size // 2
    behind = card.patch_size - 1 - before
    for job in jobs:
        tile = job.tile
        values = stack.read(
            tile.row - before,
            tile.row_stop + behind,
            tile.column - before,
            tile.column_stop + behind,
            options.bands,
        )
        yield job, values, options.mask.of(tile)


def _announce(
    predictor: Predictor, card: ModelCard, options: PipelineOptions, expected: int, progress: Progress
) -> None:
    """Say how much there is to do and, from one timed batch, how long it will take."""
    count = min(predictor.batch_size, -(-expected // _PROBE_SHARE))
    tile = torch.zeros(len(card.channels), card.patch_size, card.patch_size, device=options.device)
    corner = torch.zeros(count, dtype=torch.int64, device=options.device)
    seconds = 0.0
    # The first batch also pays for what is done once; the second one counts.
    for _ in range(2):
        progress.check_cancelled()
        start = time.perf_counter()
        # Copied to the CPU, because a GPU is only done when its result can be read.
        predictor.predict(tile, corner, corner, lambda _: None).cpu()
        seconds = time.perf_counter() - start
    rate = count / max(seconds, 1e-9)
    progress.log(
        f"About {expected:,} patches to classify on {describe_device(options.device)}: "
        f"at {rate:,.0f} patches/s that takes {format_duration(expected / rate)}."
    )


class _Work:
    """What is the same for all tiles of a run, and what adds up over them."""

    def __init__(
        self,
        card: ModelCard,
        options: PipelineOptions,
        predictor: Predictor,
        nodata: int,
        meter: RateMeter,
        progress: Progress,
    ) -> None:
        self.meter = meter
        self._card = card
        self._options = options
        self._predictor = predictor
        self._nodata = nodata
        self._progress = progress
        self._least_valid = math.ceil(options.min_valid * card.patch_size**2 - 1e-9)
        values = [item.value for item in card.classes]
        self._class_values = torch.tensor(values, dtype=torch.int32, device=options.device)
        self._seen = torch.zeros(len(options.bands), dtype=torch.bool, device=options.device)
        self._is_any_valid = torch.zeros((), dtype=torch.bool, device=options.device)
        self._last_update = -math.inf

    def classify(self, job: TileJob, values: FloatArray, inside: BoolArray) -> NDArray[np.int32] | None:
        """Return the class values of a tile, or None where nothing of it is classifiable.

        Args:
            job: The tile.
            values: Its bands with halo, shape (bands, rows, columns).
            inside: Which of its pixels the mask holds.
        """
        device = self._options.device
        stored = torch.from_numpy(values).to(device)
        finite = torch.isfinite(stored)
        self._seen |= finite.flatten(1).any(dim=1)
        valid = finite.all(dim=0)
        candidates = classifiable(valid, self._card.patch_size, self._least_valid)
        self._is_any_valid |= valid.any()
        cells = Cells(candidates & torch.from_numpy(inside).to(device), job.tile, self._options.stride)
        self.meter.total += len(cells) - job.patches
        if not len(cells):
            return None
        labels = self._predictor.predict(self._channels(stored), cells.rows, cells.columns, self._count)
        filled = cells.fill(self._class_values[labels], self._nodata)
        classes: NDArray[np.int32] = filled.cpu().numpy()
        return classes

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
