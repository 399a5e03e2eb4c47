"""What is done with a tile between reading and keeping it. Runs on any device."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import RasterError
from ..models.card import ModelCard
from ..progress import Progress, RateMeter
from ..raster.features import compute_channels, standardise
from ..raster.mask import BoolArray
from ..raster.stack import BandStack
from .cells import Cells, classifiable
from .layers import Layers
from .options import PipelineOptions
from .predictor import Predictor
from .store import FinishedTile
from .survey import TileJob

# Seconds between two movements of the progress bar.
_UPDATE_INTERVAL = 0.1


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
        scaled = standardise(channels, card.scaling)
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
            f"The model needs band {unseen[0]!r}, which has no valid pixel there",
            where=str(stack.source),
            advice="Check its nodata value, or train a model without it.",
        )
    if not any(work.is_any_valid.item() for work in works):
        return RasterError(
            "There is nothing to classify: at no pixel are all of the model's bands valid",
            where=str(stack.source),
            advice="Check the nodata values of the bands.",
        )
    return RasterError(
        f"There is nothing to classify: no patch has {options.min_valid:.0%} valid pixels around a valid one",
        where=str(stack.source),
        advice="Lower MIN_VALID, or enlarge the mask or the extent.",
    )
