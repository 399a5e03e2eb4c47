"""Products of a classification: the rasters, their bands and types, and how each is made from scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..classes import LandCoverClass, class_label
from ..models.card import Calibration
from ..options import ACCURACY
from ..progress import Progress
from ..raster.geotiff import PLAIN, FileForm
from ..raster.grid import Grid
from ..raster.probability_raster import (
    PROBABILITY_STEP,
    ProbabilityWriter,
    open_probabilities,
    probability_nodata,
)
from ..raster.writer import MapWriter, open_map
from ..text import Text
from ..uncertainty.calibration import decision_shift
from .tile_store import TileStore

UNCERTAINTY_BANDS = ("Highest probability", "Margin", "Entropy")
"""Of the two most probable classes the margin is the difference; entropy is 1 where all are alike."""
APPLICABILITY_BANDS = ("Dissimilarity index", "Inside")
"""Inside is 1, outside 0."""
AREA_TYPE = "float32"
SET_TYPE, SET_NODATA = "uint8", 255
Spread = Callable[[Tensor, float], Tensor]
"""From one value a centre, and what stands elsewhere, to pixels (rows, columns)."""
_SETS_TITLE = "Classes in the prediction set"


def calibrated(logits: Tensor, calibration: Calibration | None) -> Tensor:
    """Return probabilities of the same shape (N, classes), whatever rule decides.

    Args:
        logits: Logits of a network, or log-probabilities of trees.
        calibration: Of the model's card; None is softmax alone.
    """
    return torch.softmax(_scaled(logits, calibration), dim=1)


def decided(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return the position of the class that a rule takes (N,), int64.

    Args:
        logits: See ``calibrated``.
        calibration: Of the model's card.
        decision: One of ``core.options.DECISIONS``.
    """
    return ranked(logits, calibration, decision).argmax(dim=1)


def ranked(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return what a rule compares, of the shape of the logits: it takes the class that has most.

    Args:
        logits: See ``calibrated``.
        calibration: Of the model's card.
        decision: See ``decided``.
    """
    shift = torch.from_numpy(decision_shift(calibration, decision))
    return _scaled(logits, calibration) + shift.to(logits)


def _scaled(logits: Tensor, calibration: Calibration | None) -> Tensor:
    if calibration is None:
        return logits
    offsets = torch.tensor(calibration.offsets, dtype=logits.dtype, device=logits.device)
    return logits / calibration.temperature + offsets


class Layers(Protocol):
    """What is kept of a tile."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return layers, each (rows, columns), of the scores (centres, columns); see ``TileLayers.of``."""


@dataclass(frozen=True)
class TileLayers:
    """The layers of a tile: classes, then a probability for each class, then ``UNCERTAINTY_BANDS``.

    Attributes:
        class_values: In the order of the model's outputs.
        class_type: Pixel type of the classes, a name of numpy's.
        class_nodata: What stands where there is no class.
        probabilities: Whether they are kept.
        uncertainty: Whether it is kept.
        share_type: Pixel type of both, one of ``core.options.SHARE_TYPES``.
        calibration: How logits become probabilities; None: by softmax alone.
        decision: The rule by which the class is chosen, one of ``DECISIONS``.
        deviations: Names of what follows the logits of a centre, see ``DetailedPredictor``; they are
            bands of the uncertainty, too.
        set_limits: Least probability of each class to be in a pixel's prediction set; None makes no sets.
        limit: Largest dissimilarity index inside the area of applicability; None where that is not kept.
    """

    class_values: tuple[int, ...]
    class_type: str
    class_nodata: int
    probabilities: bool = False
    uncertainty: bool = False
    share_type: str = "uint8"
    calibration: Calibration | None = None
    decision: str = ACCURACY
    deviations: tuple[str, ...] = ()
    limit: float | None = None
    set_limits: tuple[float, ...] | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """Pixel type of each layer."""
        shares = len(self.class_values) * self.probabilities + len(self.uncertainty_bands) * self.uncertainty
        area = (AREA_TYPE,) * len(APPLICABILITY_BANDS) if self.limit is not None else ()
        sets = (SET_TYPE,) if self.set_limits is not None else ()
        return (self.class_type, *(self.share_type,) * shares, *area, *sets)

    @property
    def uncertainty_bands(self) -> tuple[str, ...]:
        """Names of the layers of uncertainty."""
        return UNCERTAINTY_BANDS + self.deviations

    @property
    def first_uncertainty(self) -> int:
        """Number of the first layer of uncertainty, where that is kept."""
        return 1 + len(self.class_values) * self.probabilities

    @property
    def first_applicability(self) -> int:
        """Number of the first layer of applicability, where that is kept."""
        return self.first_uncertainty + len(self.uncertainty_bands) * self.uncertainty

    @property
    def last(self) -> int:
        """Number of the last layer: the sizes of prediction sets, where those are kept."""
        return len(self.types) - 1

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return the layers, each (rows, columns).

        Args:
            scores: Of the centres, a column each: logits, deviations, dissimilarity.
            spread: Puts one value a centre into pixels.
        """
        first = len(self.class_values)
        logits, deviations = scores[:, :first], scores[:, first : first + len(self.deviations)]
        values = torch.tensor(self.class_values, dtype=torch.int32, device=logits.device)
        chosen = decided(logits, self.calibration, self.decision)
        classes = spread(values[chosen], self.class_nodata)
        layers: list[NDArray[Any]] = [classes.cpu().numpy()]
        if self.probabilities or self.uncertainty:
            probabilities = calibrated(logits, self.calibration)
            shares = [*probabilities.unbind(1)] if self.probabilities else []
            if self.uncertainty:
                shares += [*uncertainty_of(probabilities).unbind(1), *deviations.unbind(1)]
            layers += [self._stored(share, spread) for share in shares]
        if self.limit is not None:
            dissimilarity = scores[:, -1]
            inside = (dissimilarity <= self.limit).to(dissimilarity)
            layers += [spread(band, math.nan).cpu().numpy() for band in (dissimilarity, inside)]
        if self.set_limits is not None:
            probabilities = calibrated(logits, self.calibration)
            sizes = (probabilities >= probabilities.new_tensor(self.set_limits)).sum(dim=1)
            layers.append(spread(sizes.clamp_max(SET_NODATA - 1).to(torch.uint8), SET_NODATA).cpu().numpy())
        return layers

    def _stored(self, share: Tensor, spread: Spread) -> NDArray[Any]:
        if self.share_type == "uint8":
            share = (share / PROBABILITY_STEP).round().to(torch.uint8)
        pixels: NDArray[Any] = spread(share, probability_nodata(self.share_type)).cpu().numpy()
        return pixels


def uncertainty_of(probabilities: Tensor) -> Tensor:
    """Return ``UNCERTAINTY_BANDS``, shape (centres, 3), of probabilities (centres, classes).

    The entropy is Shannon's, divided by its largest value, the logarithm of the number of classes.
    """
    classes = probabilities.shape[1]
    best = probabilities.topk(min(2, classes), dim=1).values
    second = best[:, 1] if classes > 1 else torch.zeros_like(best[:, 0])
    entropy = torch.special.entr(probabilities).sum(dim=1) / math.log(max(classes, 2))
    return torch.stack([best[:, 0], best[:, 0] - second, entropy.clamp(0.0, 1.0)], dim=1)


@dataclass(frozen=True)
class OutputFiles:
    """Which rasters to write, and how.

    Attributes:
        classes: The classified map.
        probabilities: A band a class; None is none.
        applicability: The bands of ``APPLICABILITY_BANDS``; None is none.
        uncertainty: The bands of ``TileLayers.uncertainty_bands``; None is none.
        sets: The size of each pixel's prediction set; None is none.
        form: Of all files.
    """

    classes: Path
    probabilities: Path | None = None
    uncertainty: Path | None = None
    applicability: Path | None = None
    sets: Path | None = None
    form: FileForm = PLAIN


def write_outputs(
    store: TileStore,
    layers: TileLayers,
    files: OutputFiles,
    grid: Grid,
    classes: tuple[LandCoverClass, ...],
    metadata: Mapping[str, str],
    progress: Progress,
) -> float | None:
    """Write the rasters; each stands under its name only when it is complete.

    Returns:
        The share of the map inside the area of applicability, where that is written.

    Args:
        store: All tiles.
        layers: What each of them holds.
        files: What to write.
        grid: Of the output.
        classes: In the order of the model's outputs.
        metadata: Items for the files.
        progress: Is told how far it is.

    Raises:
        OutputError: The disk is full, or a raster cannot be written.
        RunCancelled: The user cancelled.
    """
    with ExitStack() as opened:
        # The map is opened first, so it gets its name last: where it stands, all of them do.
        writer = opened.enter_context(open_map(files.classes, grid, classes, progress, metadata, files.form))
        shares: list[tuple[ProbabilityWriter, int, int]] = []
        wanted = (
            (files.probabilities, 1, tuple(class_label(item) for item in classes), layers.share_type),
            (files.uncertainty, layers.first_uncertainty, layers.uncertainty_bands, layers.share_type),
            (files.applicability, layers.first_applicability, APPLICABILITY_BANDS, AREA_TYPE),
        )
        for path, first, names, kind in wanted:
            if path is not None:
                raster = open_probabilities(path, grid, names, kind, progress, metadata, files.form)
                shares.append((opened.enter_context(raster), first, len(names)))
        # In reading order, so that blocks which two tiles share are written once.
        tiles = sorted(store.entries, key=lambda tile: (tile.row, tile.column))
        inside = known = 0
        sizes = None
        if files.sets is not None:
            kinds = set_sizes(len(classes))
            made = open_map(files.sets, grid, kinds, progress, metadata, files.form, _SETS_TITLE)
            sizes = opened.enter_context(made)
        for number, tile in enumerate(tiles):
            progress.check_cancelled()
            progress.update(
                1.0, "Writing the map, tile {number:,} of {n_tiles:,}", number=number + 1, n_tiles=len(tiles)
            )
            writer.write(tile, store.layer(tile, 0))
            if sizes is not None:
                found = store.layer(tile, layers.last)
                sizes.write(tile, np.where(found == SET_NODATA, sizes.nodata, found).astype(sizes.dtype))
            for raster_writer, first, bands in shares:
                for band in range(bands):
                    raster_writer.write(tile, band, store.layer(tile, first + band))
            if files.applicability is not None:
                area = store.layer(tile, layers.first_applicability + 1)
                inside, known = inside + int((area == 1).sum()), known + int((area >= 0).sum())
        if sizes is not None:
            _log_sizes(sizes, progress)
        progress.update(1.0, "Finishing the map")
    return inside / known if known else None


def set_sizes(classes: int) -> tuple[LandCoverClass, ...]:
    """Return the sizes of prediction sets as classes of a map; an empty one is 0."""
    found = [LandCoverClass(0, "No class: like none of them", "#7B3294")]
    for size in range(1, min(classes, SET_NODATA - 1) + 1):
        name = "1 class: sure" if size == 1 else Text("{size} classes", size=size)
        # From green over yellow to red.
        share = (size - 1) / max(1, classes - 1)
        red, green = min(1.0, 2 * share), min(1.0, 2 - 2 * share)
        found.append(
            LandCoverClass(size, name, f"#{round(40 + 200 * red):02X}{round(30 + 150 * green):02X}41")
        )
    return tuple(found)


def _log_sizes(sizes: MapWriter, progress: Progress) -> None:
    total = max(1, sum(sizes.counts.values()))
    single, empty = (sizes.counts.get(size, 0) / total for size in (1, 0))
    progress.log(
        "Prediction sets: {single:.1%} of the map have one class, {empty:.1%} none.",
        single=single,
        empty=empty,
    )
