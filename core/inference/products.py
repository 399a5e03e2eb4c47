"""Products of a classification: the rasters with their bands, data types and values, computed from scores.

The map is always written. Each optional raster is one ``Product``; ``PRODUCTS`` lists them. A new product
is an object in that list, a field of ``core.requests.classify.Products``, and a parameter of the algorithm::

    layers = TileLayers(scoring, [PROBABILITIES, UNCERTAINTY])
    layers.types                                   # data type of each layer of a tile
    layers.of(scores, spread)                      # layers of a tile: the map, then the bands of the products
    write_outputs(store, layers, target, map_path, {"probabilities": path, "uncertainty": other_path})
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..arrays import BoolArray
from ..classes import LandCoverClass, class_label
from ..errors import ParameterError
from ..maps.cleaning import Cleaning, clean_map
from ..maps.generalise import Generalisation
from ..marks import KIND_ITEM, MAP
from ..models.card import ApplicabilityLimit, Calibration, ConformalScores, ModelCard
from ..options import ACCURACY, DEFAULT_COVERAGE, FP32, Method
from ..progress import Progress, Stage
from ..raster.derived_map import as_derived
from ..raster.geotiff import PLAIN, FileForm
from ..raster.grid import Grid, Tile
from ..raster.probability_raster import (
    PROBABILITY_STEP,
    ProbabilityWriter,
    class_items,
    open_probabilities,
    probability_nodata,
    whole_numbers,
)
from ..raster.writer import MapWriter, map_type, open_map
from ..text import untranslated
from ..uncertainty.calibration import decision_shift
from ..uncertainty.conformal import Limits, describe_limits, limits_of
from .tile_store import TileStore

UNCERTAINTY_BANDS = ("Highest probability", "Margin", "Entropy")
"""Bands of the uncertainty raster.

The margin is the difference of the two highest probabilities. The entropy is 1 where all are equal.
"""
Spread = Callable[[Tensor, float], Tensor]
"""Function from one value per centre, and a background value, to pixels, shape (rows, columns)."""
_SETS_TITLE = "Classes in the prediction set"
_MAX_SET_SIZE = 254
# Viridis from its light to its dark end, and a red that stays apart from it for colour-blind readers.
_RAMP = ((253, 231, 37), (94, 201, 98), (33, 145, 140), (59, 82, 139), (68, 1, 84))
_EMPTY_COLOR = "#B30000"


def calibrated(logits: Tensor, calibration: Calibration | None) -> Tensor:
    """Return calibrated probabilities, shape (N, classes).

    Args:
        logits: Logits of a network, or log-probabilities of trees, float32, shape (N, classes).
        calibration: Calibration of the model's document. None is softmax alone.
    """
    return torch.softmax(scaled(logits, calibration), dim=1)


def decided(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return the class code that a decision rule assigns, int64, shape (N,).

    Args:
        logits: Logits or log-probabilities, shape (N, classes).
        calibration: Calibration of the model's document, or None.
        decision: Decision rule, one of ``core.options.DECISIONS``.
    """
    return ranked(logits, calibration, decision).argmax(dim=1)


def ranked(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return the values that a decision rule compares, shape (N, classes).

    The class with the highest value is assigned.

    Args:
        logits: Logits or log-probabilities, shape (N, classes).
        calibration: Calibration of the model's document, or None.
        decision: Decision rule, one of ``core.options.DECISIONS``.
    """
    shift = torch.from_numpy(decision_shift(calibration, decision))
    return scaled(logits, calibration) + shift.to(logits)


def scaled(logits: Tensor, calibration: Calibration | None) -> Tensor:
    """Return calibrated scores, whose softmax are probabilities, shape (N, classes).

    Args:
        logits: Logits or log-probabilities, shape (N, classes).
        calibration: Calibration of the model's document. None changes nothing.
    """
    if calibration is None:
        return logits
    offsets = torch.tensor(calibration.offsets, dtype=logits.dtype, device=logits.device)
    return logits / calibration.temperature + offsets


def uncertainty_of(probabilities: Tensor) -> Tensor:
    """Return ``UNCERTAINTY_BANDS``, shape (N, 3).

    The entropy is Shannon's, divided by its maximum, the logarithm of the number of classes.

    Args:
        probabilities: Probabilities of the centres, shape (N, classes).
    """
    classes = probabilities.shape[1]
    best = probabilities.topk(min(2, classes), dim=1).values
    second = best[:, 1] if classes > 1 else torch.zeros_like(best[:, 0])
    entropy = torch.special.entr(probabilities).sum(dim=1) / math.log(max(classes, 2))
    return torch.stack([best[:, 0], best[:, 0] - second, entropy.clamp(0.0, 1.0)], dim=1)


@dataclass(frozen=True)
class Scoring:
    """Meaning of a model's scores in a run.

    Attributes:
        classes: Classes in the order of the model's outputs.
        calibration: Calibration of the logits. None is softmax alone.
        decision: Decision rule, one of ``core.options.DECISIONS``.
        share_type: Data type of probabilities and uncertainty, one of ``core.options.SHARE_TYPES``.
        deviations: Names of the standard deviations that follow the logits, see ``DetailedPredictor``.
        applicability: Area of applicability of the model, or None.
        conformal: Conformal scores of held-out samples for prediction sets, or None.
        coverage: Requested coverage of prediction sets.
    """

    classes: tuple[LandCoverClass, ...]
    calibration: Calibration | None = None
    decision: str = ACCURACY
    share_type: str = "uint8"
    deviations: tuple[str, ...] = ()
    applicability: ApplicabilityLimit | None = None
    conformal: ConformalScores | None = None
    coverage: float = DEFAULT_COVERAGE

    @cached_property
    def limit(self) -> float:
        """Largest dissimilarity index inside the area of applicability; infinite without one."""
        return self.applicability.threshold if self.applicability else math.inf

    @cached_property
    def set_limits(self) -> Limits:
        """Minimum probability of each class in a prediction set; empty without ``conformal``."""
        if self.conformal is None:
            return Limits((), (), False)
        return limits_of(self.conformal, self.coverage, len(self.classes))


class TileScores:
    """Scores of the centres of a tile, split into their columns.

    Attributes:
        scoring: Meaning of the scores.
        logits: Logits, shape (centres, classes).
        deviations: Standard deviations, shape (centres, ``scoring.deviations``).
        dissimilarity: Last column, shape (centres,): the dissimilarity index where it is computed.
    """

    def __init__(self, scores: Tensor, scoring: Scoring) -> None:
        count = len(scoring.classes)
        self.scoring = scoring
        self.logits = scores[:, :count]
        self.deviations = scores[:, count : count + len(scoring.deviations)]
        self.dissimilarity = scores[:, -1]

    @cached_property
    def probabilities(self) -> Tensor:
        """Calibrated probabilities, shape (centres, classes)."""
        return calibrated(self.logits, self.scoring.calibration)


@dataclass(frozen=True)
class Target:
    """Grid, metadata and format that all rasters of a run share.

    Attributes:
        grid: Grid of the rasters.
        metadata: Metadata items of the files, by name.
        form: Format of the files.
        progress: Progress reporter.
        training_pixels: Record of the model's training pixels for the map, as JSON; empty for none.
    """

    grid: Grid
    metadata: Mapping[str, str]
    progress: Progress
    form: FileForm = PLAIN
    training_pixels: str = ""


class ProductWriter(Protocol):
    """Open raster of a product."""

    def write(self, tile: Tile, bands: Sequence[NDArray[Any]]) -> None:
        """Write a tile.

        Args:
            tile: Window of the tile in the raster.
            bands: Values of each band, shape (rows, columns).
        """

    def finish(self, progress: Progress) -> dict[str, float]:
        """Log a summary of the raster, and return its figures by name.

        Args:
            progress: Progress reporter.
        """


def _no_check(card: ModelCard) -> None:
    """Accept any model."""


def _no_notes(scoring: Scoring, method: Method, progress: Progress) -> None:
    """Log nothing."""


def _no_metadata(scoring: Scoring) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Product:
    """Optional raster of a classification.

    Attributes:
        name: Name of the field of ``core.requests.classify.Products`` that holds its path.
        bands: Function that returns the band names.
        dtype: Function that returns the data type of all bands, a NumPy name.
        nodata: Function that returns the value of pixels that are not classified.
        values: Function that returns one value per centre for each band, in the file's data type.
        open: Context manager that opens the raster. It has its final name only when the block ends without an
            error.
        check: Function that raises ParameterError where a model does not support the product.
        note: Function that logs the limitations of the product before the run.
        metadata: Function that returns metadata items for all files of the run.
        needs_distances: Whether the dissimilarity index is computed.
        is_ramp: Whether the first band is drawn with a colour ramp. Otherwise the colours are in the file.
        ramp_limit: Function that returns the value above which the ramp is red, or None for a ramp that ends
            at 1.
    """

    name: str
    bands: Callable[[Scoring], tuple[str, ...]]
    dtype: Callable[[Scoring], str]
    nodata: Callable[[Scoring], float]
    values: Callable[[TileScores], Sequence[Tensor]]
    open: Callable[[Path, Target, Scoring], AbstractContextManager[ProductWriter]]
    check: Callable[[ModelCard], None] = _no_check
    note: Callable[[Scoring, Method, Progress], None] = _no_notes
    metadata: Callable[[Scoring], dict[str, str]] = _no_metadata
    needs_distances: bool = False
    is_ramp: bool = True
    ramp_limit: Callable[[Scoring], float | None] = lambda _: None


# --- probabilities and uncertainty --------------------------------------------------------------


class _BandWriter:
    """Writer of named bands."""

    def __init__(self, raster: ProbabilityWriter) -> None:
        self._raster = raster

    def write(self, tile: Tile, bands: Sequence[NDArray[Any]]) -> None:
        for number, band in enumerate(bands):
            self._raster.write(tile, number, band)

    def finish(self, progress: Progress) -> dict[str, float]:
        return {}


def _share_type(scoring: Scoring) -> str:
    return scoring.share_type


def _share_nodata(scoring: Scoring) -> float:
    return probability_nodata(scoring.share_type)


def _stored(fractions: Sequence[Tensor], scoring: Scoring) -> list[Tensor]:
    """Return fractions between 0 and 1 in the data type of probabilities."""
    if scoring.share_type == "uint8":
        return [(fraction / PROBABILITY_STEP).round().to(torch.uint8) for fraction in fractions]
    return list(fractions)


def _probability_bands(scoring: Scoring) -> tuple[str, ...]:
    return tuple(class_label(item) for item in scoring.classes)


@contextmanager
def _open_probabilities(path: Path, target: Target, scoring: Scoring) -> Iterator[ProductWriter]:
    target = replace(target, metadata={**target.metadata, **class_items(scoring.classes)})
    with _shares(path, target, "probabilities", _probability_bands(scoring), scoring.share_type) as raster:
        yield _BandWriter(raster)


def _uncertainty_bands(scoring: Scoring) -> tuple[str, ...]:
    return UNCERTAINTY_BANDS + scoring.deviations


def _uncertainty_values(scores: TileScores) -> list[Tensor]:
    figures = uncertainty_of(scores.probabilities).unbind(1)
    return _stored([*figures, *scores.deviations.unbind(1)], scores.scoring)


@contextmanager
def _open_uncertainty(path: Path, target: Target, scoring: Scoring) -> Iterator[ProductWriter]:
    with _shares(path, target, "uncertainty", _uncertainty_bands(scoring), scoring.share_type) as raster:
        yield _BandWriter(raster)


def _shares(
    path: Path, target: Target, kind: str, names: tuple[str, ...], dtype: str
) -> AbstractContextManager[ProbabilityWriter]:
    metadata = {**target.metadata, KIND_ITEM: kind}
    # A map of smoothed probabilities is a map of the model, too.
    record = target.training_pixels if kind == "probabilities" else ""
    return open_probabilities(path, target.grid, names, dtype, target.progress, metadata, target.form, record)


# --- area of applicability ----------------------------------------------------------------------

_AREA_BANDS = ("Dissimilarity index", "Inside")
_AREA_TYPE = "float32"


class _AreaWriter:
    """Writer of dissimilarity index and area of applicability, which counts the pixels inside."""

    def __init__(self, raster: ProbabilityWriter, limit: float) -> None:
        self._bands = _BandWriter(raster)
        self._limit = limit
        self._inside = self._known = 0

    def write(self, tile: Tile, bands: Sequence[NDArray[Any]]) -> None:
        self._bands.write(tile, bands)
        self._inside += int((bands[1] == 1).sum())
        self._known += int((bands[1] >= 0).sum())

    def finish(self, progress: Progress) -> dict[str, float]:
        if not self._known:
            return {}
        inside = self._inside / self._known
        progress.log(
            "{inside:.1%} of the map lie inside the area of applicability: there a pixel resembles the "
            "training "
            "samples (dissimilarity index of up to {limit:.3g}), which promises no accuracy.",
            inside=inside,
            limit=self._limit,
        )
        return {"inside": inside}


def _check_applicability(card: ModelCard) -> None:
    if card.applicability is None:
        raise ParameterError(
            "The model has no area of applicability: it was made by an older version, or too few samples "
            "were "
            "held out in its training",
            where="APPLICABILITY",
            advice="Leave APPLICABILITY empty, or train the model again.",
        )


def _area_values(scores: TileScores) -> list[Tensor]:
    dissimilarity = scores.dissimilarity
    return [dissimilarity, (dissimilarity <= scores.scoring.limit).to(dissimilarity)]


@contextmanager
def _open_area(path: Path, target: Target, scoring: Scoring) -> Iterator[ProductWriter]:
    with _shares(path, target, "applicability", _AREA_BANDS, _AREA_TYPE) as raster:
        yield _AreaWriter(raster, scoring.limit)


# --- prediction sets ----------------------------------------------------------------------------

_SET_NODATA = 255


class _SetWriter:
    """Writer of the sizes of prediction sets, a class raster."""

    def __init__(self, raster: MapWriter) -> None:
        self._raster = raster

    def write(self, tile: Tile, bands: Sequence[NDArray[Any]]) -> None:
        raster, sizes = self._raster, bands[0]
        raster.write(tile, np.where(sizes == _SET_NODATA, raster.nodata, sizes).astype(raster.dtype))

    def finish(self, progress: Progress) -> dict[str, float]:
        counts = self._raster.counts
        total = max(1, sum(counts.values()))
        single, empty = (counts.get(size, 0) / total for size in (1, 0))
        progress.log(
            "Prediction sets hold one class on {single:.1%} of the map, and none on {empty:.1%}.",
            single=single,
            empty=empty,
        )
        return {}


def _check_sets(card: ModelCard) -> None:
    if card.conformal is None:
        raise ParameterError(
            "The model does not support prediction sets: it was made by an older version, or no samples "
            "were held "
            "out in its training",
            where="PREDICTION_SETS",
            advice="Leave PREDICTION_SETS empty, or train the model again.",
        )


def _note_sets(scoring: Scoring, method: Method, progress: Progress) -> None:
    limits_note = describe_limits(scoring.set_limits, [class_label(item) for item in scoring.classes])
    if limits_note:
        progress.log(limits_note)
    if method.precision != FP32:
        progress.log(
            "Prediction sets are computed in {precision}, but their limits hold for 32 bits. The coverage "
            "may "
            "differ from COVERAGE. Use PRECISION=fp32 to avoid this.",
            "warning",
            precision=method.precision,
        )


def _set_values(scores: TileScores) -> list[Tensor]:
    probabilities = scores.probabilities
    limits = probabilities.new_tensor(scores.scoring.set_limits.values)
    return [(probabilities >= limits).sum(dim=1).clamp_max(_MAX_SET_SIZE).to(torch.uint8)]


@contextmanager
def _open_sets(path: Path, target: Target, scoring: Scoring) -> Iterator[ProductWriter]:
    sizes = set_sizes(len(scoring.classes))
    metadata = {**target.metadata, KIND_ITEM: "sets"}
    opened = open_map(path, target.grid, sizes, target.progress, metadata, target.form, _SETS_TITLE)
    with opened as raster:
        yield _SetWriter(raster)


def set_sizes(classes: int) -> tuple[LandCoverClass, ...]:
    """Return the sizes of prediction sets as classes of a map, from 0 for an empty set.

    Args:
        classes: Number of classes of the model.
    """
    sizes = [LandCoverClass(0, untranslated("No class: like none of them"), _EMPTY_COLOR)]
    for size in range(1, min(classes, _MAX_SET_SIZE) + 1):
        name = untranslated("1 class: sure" if size == 1 else f"{size} classes")
        # Most sets are small, so these differ most.
        sizes.append(LandCoverClass(size, name, _ramp_color(math.log(size) / math.log(max(2, classes)))))
    return tuple(sizes)


def _ramp_color(position: float) -> str:
    """Return the colour at a position from 0, light and sure, to 1, dark and unsure."""
    place = position * (len(_RAMP) - 1)
    below = min(int(place), len(_RAMP) - 2)
    share = place - below
    return "#" + "".join(
        f"{round(one + share * (other - one)):02X}"
        for one, other in zip(_RAMP[below], _RAMP[below + 1], strict=True)
    )


# --- the products, in the order of their layers ---------------------------------------------------

PROBABILITIES = Product(
    "probabilities",
    bands=_probability_bands,
    dtype=_share_type,
    nodata=_share_nodata,
    values=lambda scores: _stored(scores.probabilities.unbind(1), scores.scoring),
    open=_open_probabilities,
)
UNCERTAINTY = Product(
    "uncertainty",
    bands=_uncertainty_bands,
    dtype=_share_type,
    nodata=_share_nodata,
    values=_uncertainty_values,
    open=_open_uncertainty,
)
APPLICABILITY = Product(
    "applicability",
    bands=lambda _: _AREA_BANDS,
    dtype=lambda _: _AREA_TYPE,
    nodata=lambda _: math.nan,
    values=_area_values,
    open=_open_area,
    check=_check_applicability,
    metadata=lambda scoring: {"DISSIMILARITY_THRESHOLD": f"{scoring.limit:.6g}"},
    needs_distances=True,
    ramp_limit=lambda scoring: scoring.limit,
)
SETS = Product(
    "sets",
    bands=lambda _: (_SETS_TITLE,),
    dtype=lambda _: "uint8",
    nodata=lambda _: _SET_NODATA,
    values=_set_values,
    open=_open_sets,
    check=_check_sets,
    note=_note_sets,
    is_ramp=False,
)
PRODUCTS = (PROBABILITIES, UNCERTAINTY, APPLICABILITY, SETS)


class Layers(Protocol):
    """Layers of a tile that are made from scores."""

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return the layers of a tile, each of shape (rows, columns).

        Args:
            scores: Scores of the centres, shape (N, columns).
            spread: Function that places one value per centre on the pixels of the tile.
        """


class TileLayers:
    """Layers of a tile: class values, then the bands of each product.

    Attributes:
        scoring: Meaning of the scores.
        products: Products of the run.
        class_type: Data type of the class values, a NumPy name.
        class_nodata: Value of pixels without a class.
        types: Data type of each layer, a NumPy name.

    Args:
        scoring: Meaning of the scores.
        products: Products of the run.
    """

    def __init__(self, scoring: Scoring, products: Sequence[Product] = ()) -> None:
        self.scoring = scoring
        self.products = tuple(products)
        self.class_type, self.class_nodata = map_type([item.value for item in scoring.classes])
        self.types: tuple[str, ...] = (self.class_type,)
        self._ranges: dict[str, range] = {}
        for product in self.products:
            first, count = len(self.types), len(product.bands(scoring))
            self._ranges[product.name] = range(first, first + count)
            self.types += (product.dtype(scoring),) * count

    def numbers(self, product: Product) -> range:
        """Return the numbers of a product's layers.

        Args:
            product: Product of the run.
        """
        return self._ranges[product.name]

    def of(self, scores: Tensor, spread: Spread) -> list[NDArray[Any]]:
        """Return the layers of a tile, each of shape (rows, columns).

        Args:
            scores: Logits, deviations and dissimilarity index of the centres, shape (N, columns).
            spread: Function that places one value per centre on the pixels of the tile.
        """
        scoring, tile_scores = self.scoring, TileScores(scores, self.scoring)
        logits = tile_scores.logits
        values = torch.tensor(
            [item.value for item in scoring.classes], dtype=torch.int32, device=logits.device
        )
        codes = decided(logits, scoring.calibration, scoring.decision)
        layers: list[NDArray[Any]] = [spread(values[codes], self.class_nodata).cpu().numpy()]
        for product in self.products:
            nodata = product.nodata(scoring)
            layers += [spread(band, nodata).cpu().numpy() for band in product.values(tile_scores)]
        return layers


def write_outputs(
    store: TileStore,
    layers: TileLayers,
    target: Target,
    map_path: Path,
    paths: Mapping[str, Path],
    mmu: float = 0.0,
) -> tuple[dict[str, float], dict[int, int]]:
    """Write the rasters; each has its final name only when it is complete.

    Args:
        store: Store with all tiles of the map.
        layers: Layers of the tiles.
        target: Grid, metadata and format of the rasters.
        map_path: Path of the GeoTIFF of class values.
        paths: Path of the GeoTIFF of each product of ``layers``, by the product's name.
        mmu: Minimum mapping unit of the map in hectares, see ``core.maps.generalise``; 0 for none. Where
            probabilities are written, they decide which class a small patch takes.

    Returns:
        Figures of the products by name, see ``ProductWriter.finish``, and the number of pixels of each class
        value before small patches are dissolved.

    Raises:
        OutputError: The disk is full, or a raster cannot be written.
        RunCancelled: The user cancelled.
    """
    scoring, progress = layers.scoring, target.progress
    figures: dict[str, float] = {}
    metadata: dict[str, str] = dict(target.metadata)
    if mmu:
        metadata = {**as_derived(metadata, map_path.stem), "MMU": untranslated(f"{mmu:g} ha")}
    with ExitStack() as opened:
        # The map is opened first, so it gets its final name last. Where it exists, all rasters do.
        land_cover = opened.enter_context(
            open_map(
                map_path,
                target.grid,
                scoring.classes,
                progress,
                {**metadata, KIND_ITEM: MAP},
                target.form,
                training_pixels=target.training_pixels,
            )
        )
        writers = [
            (
                layers.numbers(product),
                opened.enter_context(product.open(paths[product.name], target, scoring)),
            )
            for product in layers.products
        ]
        # In reading order, blocks that two tiles share are written once.
        tiles = sorted(store.entries, key=lambda tile: (tile.row, tile.column))
        for number, tile in enumerate(tiles):
            progress.check_cancelled()
            progress.update(
                1.0, "Writing the map, tile {number:,} of {total:,}", number=number + 1, total=len(tiles)
            )
            if not mmu:
                land_cover.write(tile, store.layer(tile, 0))
            for numbers, writer in writers:
                writer.write(tile, [store.layer(tile, layer) for layer in numbers])
        for _, writer in writers:
            figures |= writer.finish(progress)
        counts = _generalise(store, layers, target.grid, land_cover, mmu, progress) if mmu else None
        progress.update(1.0, "Finishing the map")
    return figures, dict(land_cover.counts) if counts is None else counts


def _generalise(
    store: TileStore, layers: TileLayers, grid: Grid, writer: MapWriter, mmu: float, progress: Progress
) -> dict[int, int]:
    """Write the map to a minimum mapping unit; return the pixels of each class value before."""
    values = sorted(item.value for item in layers.scoring.classes)

    def read(tile: Tile) -> tuple[NDArray[Any], BoolArray]:
        classes = store.read(tile, 0, layers.class_nodata)
        return classes, classes != layers.class_nodata

    probabilities = _StoredProbabilities(store, layers) if PROBABILITIES in layers.products else None
    cleaned = clean_map(
        read,
        grid,
        values,
        Cleaning(Generalisation(mmu)),
        writer.write,
        writer.nodata,
        # The progress bar is at its end.
        Stage(progress, 1.0, 1.0),
        probabilities,
    )
    progress.log(
        "{count:,} patches below the minimum mapping unit of {mmu:g} ha were dissolved ({share:.2%} of the "
        "pixels).",
        count=int(cleaned.removed.sum()),
        mmu=mmu,
        share=cleaned.dissolved_pixels / max(1, cleaned.mapped_pixels),
    )
    return dict(zip(cleaned.values, cleaned.pixels_before.tolist(), strict=True))


class _StoredProbabilities:
    """Probabilities of the finished tiles, in ascending order of the class values."""

    def __init__(self, store: TileStore, layers: TileLayers) -> None:
        self._store = store
        self._nodata = PROBABILITIES.nodata(layers.scoring)
        numbers = layers.numbers(PROBABILITIES)
        codes = sorted(range(len(numbers)), key=lambda code: layers.scoring.classes[code].value)
        self._numbers = [numbers[code] for code in codes]

    def read(self, tile: Tile) -> tuple[list[NDArray[Any]], BoolArray]:
        bands = [self._store.read(tile, number, self._nodata) for number in self._numbers]
        if not np.issubdtype(bands[0].dtype, np.floating):
            return bands, bands[0] != self._nodata
        valid = np.isfinite(bands[0])
        return [whole_numbers(band, valid) for band in bands], valid
