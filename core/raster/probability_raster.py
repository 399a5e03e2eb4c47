"""Probability raster: named bands of values between 0 and 1, and the probabilities of classes in its bands.

As uint8, values are stored in steps of 0.004, so that 250 stands for 1. The file's scale is set, so that GIS
show 0 to 1. As float32, values are stored unchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError

from ..arrays import BoolArray, Float32Array, Int64Array
from ..classes import ClassIndex, LandCoverClass, class_label, classes_for_values, describe_classes
from ..errors import ParameterError, RasterError, SampleError, SchemeError
from ..progress import Progress
from ..values import from_plain, to_plain
from .band_file import open_band_file
from .dataset import cannot_read, check_place, grid_of, open_dataset
from .geotiff import (
    PLAIN,
    RECORD_DOMAIN,
    TRAINING_PIXELS,
    FileForm,
    complete_geotiff,
    finish_geotiff,
    geotiff_profile,
    software_tags,
)
from .grid import Grid, Tile, tiles_of, to_window
from .source import RasterSource
from .warp import AlignedFile

PROBABILITY_STEP = 0.004
"""Step of a value stored as uint8."""
BAND_CLASSES = "BAND_CLASSES"
"""Metadata item with the class of each band, as JSON."""
_VERIFIED_TILE = 1024
# Name of a band: a class value, and the name of the class where it has one.
_BAND_NAME = re.compile(r"([+-]?\d+)(?:\s+(.+))?$")
# Rounding of probabilities beyond 0 and 1.
_TOLERANCE = 0.005
# Steps of float values in sums of whole numbers, which do not depend on their order.
_FLOAT_STEPS = 2.0**20


def probability_nodata(dtype: str) -> float:
    """Return the nodata value of a probability raster of data type ``dtype``."""
    return 255 if dtype == "uint8" else float("nan")


class ProbabilityWriter:
    """Open probability raster, created by ``open_probabilities``.

    Attributes:
        pixels: Number of valid values written so far, in all bands.
    """

    def __init__(self, dataset: Any, nodata: float) -> None:
        self._dataset = dataset
        self._nodata = nodata
        self.pixels = 0

    def write(self, tile: Tile, band: int, values: NDArray[Any]) -> None:
        """Write one band of a tile. Each tile and band must be written once.

        Args:
            tile: Pixels of the raster.
            band: Position of the band, from 0.
            values: Values as they are stored, shape (rows, columns), of the file's data type.
        """
        self._dataset.write(values, band + 1, window=to_window(tile))
        self.pixels += _count_valid(values, self._nodata)


@contextmanager
def open_probabilities(
    path: Path,
    grid: Grid,
    names: Sequence[str],
    dtype: str,
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    form: FileForm = PLAIN,
    training_pixels: str = "",
) -> Iterator[ProbabilityWriter]:
    """Create a raster to write tiles to. It replaces ``path`` when the block ends without an error.

    Args:
        path: Path of the GeoTIFF. An existing file is unchanged until the raster is complete.
        grid: Grid of the raster.
        names: Names of the bands.
        dtype: Data type, one of ``core.options.SHARE_TYPES``.
        progress: Progress reporter.
        metadata: Metadata items for the file, besides software and date.
        form: Compression and layout of the file.
        training_pixels: Record of the model's training pixels, as JSON; empty for none.

    Raises:
        OutputError: The disk is full, or the raster cannot be written there.
    """
    nodata = probability_nodata(dtype)
    # Stored band by band, so that the band of one class can be read without the others.
    profile = {**geotiff_profile(grid, len(names), dtype, nodata, form.compression), "interleave": "band"}
    with complete_geotiff(path, progress) as part:
        with rasterio.open(part, "w", **profile) as dataset:
            dataset.descriptions = tuple(names)
            if dtype == "uint8":
                dataset.scales = (PROBABILITY_STEP,) * len(names)
            dataset.update_tags(**{**software_tags(), **(metadata or {})})
            if training_pixels:
                dataset.update_tags(ns=RECORD_DOMAIN, **{TRAINING_PIXELS: training_pixels})
            writer = ProbabilityWriter(dataset, nodata)
            yield writer
        finish_geotiff(part, Resampling.average, form, progress)
        _verify(part, grid.window, writer.pixels, nodata, progress)


def whole_numbers(fractions: NDArray[Any], valid: BoolArray) -> Int64Array:
    """Return fractions in steps of a millionth, of which sums do not depend on their order.

    Args:
        fractions: Fractions of any shape.
        valid: Whether each counts; others become 0.
    """
    return np.asarray(np.rint(np.where(valid, fractions, 0) * _FLOAT_STEPS), dtype=np.int64)


def class_items(classes: Sequence[LandCoverClass]) -> dict[str, str]:
    """Return the metadata item that says which band holds the probabilities of which class."""
    return {BAND_CLASSES: json.dumps([to_plain(item) for item in classes], ensure_ascii=False)}


class ProbabilityBands:
    """Open probabilities of classes, created by ``open_probability_bands``.

    Attributes:
        source: Source of the raster.
        grid: Grid of the raster.
        classes: Class of each band.
        items: Metadata items of the file by name.
        training_pixels: Record of the training pixels of the model, as JSON; empty without one.
    """

    def __init__(self, dataset: Any, source: RasterSource, classes: Sequence[LandCoverClass]) -> None:
        self._dataset = dataset
        self._bands = list(range(1, len(classes) + 1))
        self.source = source
        self.grid = grid_of(dataset)
        self.classes = tuple(classes)
        self.items: dict[str, str] = dict(dataset.tags())
        self.training_pixels = str(dataset.tags(ns=RECORD_DOMAIN).get(TRAINING_PIXELS, ""))

    @property
    def dtype(self) -> str:
        """Data type of probabilities in which what is read can be written: ``uint8`` or ``float32``."""
        return "uint8" if self._dataset.dtypes[0] == "uint8" else "float32"

    @property
    def band_names(self) -> tuple[str, ...]:
        """Name of the band of each class, as ‘Classify a raster’ writes it."""
        return tuple(class_label(item) for item in self.classes)

    def select(self, classes: Sequence[LandCoverClass]) -> None:
        """Read only the bands of some classes from now on, in their order.

        Classes are matched by name, else by value.

        Raises:
            ParameterError: There is no band of a class.
        """
        index = ClassIndex(self.classes)
        bands = {item.value: number for number, item in enumerate(self.classes, start=1)}
        found = [index.same_class(item.value, item.name) for item in classes]
        missing = [item for item, band in zip(classes, found, strict=True) if band is None]
        if missing:
            raise ParameterError(
                "The probabilities have no band of these classes of the map: {missing}",
                where=str(self.source),
                advice="Choose the probabilities of the same classification. Their bands: {classes}.",
                missing=describe_classes(missing),
                classes=describe_classes(self.classes),
            )
        self._bands = [bands[item.value] for item in found if item is not None]
        self.classes = tuple(classes)

    def read(self, tile: Tile) -> tuple[list[NDArray[Any]], BoolArray]:
        """Return the bands in whole numbers, whose unit is the same in all, and where all are valid.

        Raises:
            RasterError: The file is damaged.
        """
        bands, valid = self._read(tile)
        if not np.issubdtype(bands.dtype, np.floating):
            return list(bands), valid
        return [whole_numbers(band, valid) for band in bands], valid

    def fractions(self, tile: Tile) -> tuple[Float32Array, BoolArray]:
        """Return probabilities of shape (classes, rows, columns), and where all are valid.

        Raises:
            RasterError: The file is damaged.
            ParameterError: A value is not between 0 and 1.
        """
        bands, valid = self._read(tile)
        scale, offset = self._dataset.scales[0], self._dataset.offsets[0]
        fractions = np.asarray(bands * scale + offset, dtype=np.float32)
        highest = float(fractions.max(initial=0.0, where=valid))
        lowest = float(fractions.min(initial=0.0, where=valid))
        if lowest < -_TOLERANCE or highest > 1 + _TOLERANCE:
            raise ParameterError(
                "The raster holds {value:g}, which is not a probability between 0 and 1",
                where=str(self.source),
                advice="Choose probabilities. If these are per cent or other steps, set the scale of the "
                "bands (gdal_translate -a_scale 0.01).",
                value=highest if highest > 1 else lowest,
            )
        return fractions, valid

    def _read(self, tile: Tile) -> tuple[NDArray[Any], BoolArray]:
        window = to_window(tile)
        try:
            bands = self._dataset.read(self._bands, window=window)
            valid = (self._dataset.read_masks(self._bands, window=window) > 0).all(axis=0)
        except RasterioError as error:
            raise cannot_read(self.source, error) from error
        if self.source.nodata is not None:
            valid &= (bands != self.source.nodata).all(axis=0)
        if np.issubdtype(bands.dtype, np.floating):
            valid &= np.isfinite(bands).all(axis=0)
        return bands, valid


@contextmanager
def open_probability_bands(
    source: RasterSource, grid: Grid | None = None, classes: Sequence[LandCoverClass] = ()
) -> Iterator[ProbabilityBands]:
    """Open a raster with the probability of each class in a band of its own.

    Args:
        source: Source of the raster. Its bands are named by class value and name, such as ``3 Rice``.
        grid: Grid that it must have; None for its own.
        classes: Classes of a map, by whose names bands may be named alone, such as ``Rice``.

    Raises:
        RasterError: The raster does not exist, cannot be read, or has no position on the earth.
        ParameterError: Its bands are not those of classes, or its grid is another one.
    """
    with open_dataset(source) as dataset:
        check_place(dataset, source)
        raster = ProbabilityBands(
            dataset, source, band_classes(dataset.tags(), dataset.descriptions, source, classes)
        )
        if grid is not None and not (grid.has_pixels_of(raster.grid) and _has_crs(dataset, grid)):
            raise ParameterError(
                "The probabilities have another grid than the map",
                where=str(source),
                advice="Choose the probabilities that were written together with the map.",
            )
        yield raster


class ClassProbabilities:
    """Open probability raster, created by ``open_class_probabilities``.

    Attributes:
        source: Source of the raster.
    """

    def __init__(self, file: AlignedFile, members: Sequence[int], count: int) -> None:
        self.source = file.source
        self._file = file
        self._members = members
        self._count = count

    def read(self, tile: Tile) -> Float32Array:
        """Return the probability of each class, shape (classes, rows, columns); NaN where there is none.

        Raises:
            RasterError: The file is damaged.
        """
        bands = self._file.read(tile, range(len(self._members)))
        if list(self._members) == list(range(self._count)):
            return bands
        result = np.zeros((self._count, tile.height, tile.width), dtype=np.float32)
        for band, member in zip(bands, self._members, strict=True):
            if member >= 0:
                result[member] += band
            else:
                # What is left out has no class: its probability is that of none of them.
                result[:, np.isnan(band)] = np.nan
        return result


@contextmanager
def open_class_probabilities(
    source: RasterSource,
    grid: Grid,
    classes: Sequence[LandCoverClass],
    common: Mapping[int, int | None],
    values: Sequence[int],
    parameter: str,
    progress: Progress,
) -> Iterator[ClassProbabilities]:
    """Open a probability raster on a grid.

    Args:
        source: Source of the raster.
        grid: Grid to read on.
        classes: Classes of the map that belongs to it, by which the bands are known.
        common: Common value of each of these classes; None leaves it out.
        values: Common values in the order of the result. Bands of classes with one value are added up.
        parameter: Name of the parameter that gives the raster, for errors.
        progress: Progress reporter.

    Raises:
        RasterError: The raster cannot be read, or a band is none of the classes.
    """
    places = {value: place for place, value in enumerate(values)}
    index = ClassIndex(classes)
    band_file = open_band_file(source)
    file = AlignedFile(band_file, grid, "auto")
    try:
        members = []
        for item in band_classes(band_file.items, file.band_names, source, classes):
            known = index.same_class(item.value, item.name)
            if known is None:
                raise RasterError(
                    "The band {band!r} of the probabilities is none of the classes of the map",
                    where=str(source),
                    advice="{parameter} needs a band per class of that name. The map has: {classes}.",
                    band=class_label(item),
                    parameter=parameter,
                    classes=describe_classes(classes),
                )
            value = common.get(known.value)
            members.append(places.get(value, -1) if value is not None else -1)
        for note in file.notes:
            progress.log(note)
        yield ClassProbabilities(file, members, len(values))
    finally:
        file.close()


def _has_crs(dataset: Any, grid: Grid) -> bool:
    return bool(dataset.crs == rasterio.crs.CRS.from_wkt(grid.crs))


def band_classes(
    items: Mapping[str, str],
    names: Sequence[str | None],
    source: RasterSource,
    known: Sequence[LandCoverClass],
) -> tuple[LandCoverClass, ...]:
    """Return the class of each band, from the metadata, else from the names of the bands.

    Args:
        items: Metadata items of the file by name.
        names: Names of the bands.
        source: Source of the raster, for errors.
        known: Classes of a map, by whose names bands may be named alone.

    Raises:
        ParameterError: The bands are not named by classes.
    """
    try:
        written = json.loads(items.get(BAND_CLASSES, "[]"))
        classes = tuple(from_plain(LandCoverClass, item) for item in written)
    except (ValueError, TypeError, SchemeError, SampleError):
        # Another program wrote an item of this name.
        classes = ()
    if classes and len(classes) == len(names):
        return classes
    index = ClassIndex(known)
    meant = [index.by_label(name or "") for name in names]
    named = {found[0].value: found[0] for found in meant if len(found) == 1}
    if known and len(named) == len(names):
        return tuple(named.values())
    matches = [_BAND_NAME.match(name or "") for name in names]
    by_value = {int(match[1]): match[2] or "" for match in matches if match}
    if len(by_value) < 2 or len(by_value) != len(names):
        raise ParameterError(
            "The raster does not hold the probabilities of classes: its bands are not named by class values",
            where=str(source),
            advice="Choose the PROBABILITIES of ‘Classify a raster’, or name each band by its class value, "
            "such as ‘3 Rice’.",
        )
    found = {item.value: item for item in classes_for_values(by_value)}
    return tuple(found[value] for value in by_value)


def _count_valid(values: NDArray[Any], nodata: float) -> int:
    return int(np.count_nonzero(np.isfinite(values) if np.isnan(nodata) else values != nodata))


def _verify(path: Path, window: Tile, written: int, nodata: float, progress: Progress) -> None:
    """Count the values in the finished file: GDAL may detect a full disk only while closing."""
    count = 0
    with rasterio.open(path) as dataset:
        for tile in tiles_of(window, _VERIFIED_TILE):
            progress.check_cancelled()
            for band in dataset.indexes:
                count += _count_valid(dataset.read(band, window=to_window(tile)), nodata)
    if count != written:
        raise RasterioError("the finished file does not contain all values that were written")
