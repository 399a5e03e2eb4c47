"""Class raster: class values of a map or label raster, on its own or another grid, and its classes."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.env import set_gdal_config
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT

from ..arrays import BoolArray, Int64Array, IntegerArray
from ..classes import (
    LandCoverClass,
    class_label,
    classes_for_values,
    describe_classes,
    has_name,
    name_key,
    recoding,
)
from ..errors import SampleError, SchemeError
from ..progress import Progress
from ..provenance import PIXELS_KEY, PixelChecksum
from ..text import Text
from ..values import from_plain
from .attribute_table import read_attribute_table, sidecar_of
from .dataset import cannot_read, check_place, grid_of, open_dataset
from .gdal import CACHE_MEGABYTES, CACHE_OPTION
from .geotiff import BLOCK, RECORD_DOMAIN, TRAINING_PIXELS
from .grid import Grid, Tile, to_window
from .source import RasterSource

MAX_UNNAMED_VALUES = 256
"""Largest number of values without a name that is read to its end. An image has more."""
MAX_UNNAMED_CLASSES = 64
"""Largest number of different values of a class map whose file does not say what they mean."""
# Fraction of neighbouring pixels with equal values from which on a raster of more values is a class map, too.
# Measured values and elevations lie far below, registers of fields above.
_MIN_EQUAL_NEIGHBOURS = 0.75
MIN_IMAGE_BANDS = 3
_CHECKSUM_PIXELS = 4_000_000
_MEBIBYTE = 2**20
_STRIP_CACHE_BYTES = 16 * _MEBIBYTE
# Error of the transformation between two CRSs, in pixels. GDAL's default of an eighth of a pixel gives a few
# percent of the pixels the class of a neighbour. A warped dataset does not accept 0.
_TOLERANCE = 1e-4


class ClassRaster:
    """Open raster of class values, created by ``open_class_raster``.

    Attributes:
        grid: Grid that the raster is read on.
        source: Source of the raster.
    """

    def __init__(self, dataset: Any, file: Any, source: RasterSource, grid: Grid) -> None:
        self._dataset = dataset
        self._file = file
        self.source = source
        self.grid = grid
        self._recoding: dict[int, int] = {}
        self._neighbours = self._equal_neighbours = 0

    def read(self, tile: Tile) -> tuple[Int64Array, BoolArray]:
        """Return class values and whether each pixel has one, both of shape (rows, columns).

        Raises:
            SampleError: A value is not a whole number.
            RasterError: The file is damaged.
        """
        values, labelled = self.read_stored(tile)
        return self.recoded(values).astype(np.int64), labelled

    def read_stored(self, tile: Tile) -> tuple[IntegerArray, BoolArray]:
        """Return class values as the file holds them, without those of ``recode``, and which are valid.

        Both have the shape (rows, columns). It is several times faster than ``read`` for maps of 8 bits.

        Raises:
            SampleError: A value is not a whole number.
            RasterError: The file is damaged.
        """
        values, labelled = _stored_values(self._dataset, self.source, tile)
        both = labelled[:, 1:] & labelled[:, :-1]
        self._neighbours += int(np.count_nonzero(both))
        both &= values[:, 1:] == values[:, :-1]
        self._equal_neighbours += int(np.count_nonzero(both))
        return values, labelled

    def recode(self, values: Mapping[int, int]) -> None:
        """Give class values other values from now on, in the pixels and in the classes.

        Args:
            values: New value by old value; values that are missing stay.
        """
        self._recoding = dict(values)

    @property
    def recoded_values(self) -> dict[int, int]:
        """New value by old value of ``recode``."""
        return dict(self._recoding)

    def recoded(self, values: IntegerArray) -> IntegerArray:
        """Return stored values with those of ``recode``, in a data type that holds them.

        Args:
            values: Values as the file holds them.
        """
        if not self._recoding:
            return values
        result = values.astype(np.result_type(values, *map(np.min_scalar_type, self._recoding.values())))
        for old, new in self._recoding.items():
            result[values == old] = new
        return result

    @property
    def is_patchy(self) -> bool:
        """Whether most pixels read so far equal their neighbours, as in a class map."""
        return self._equal_neighbours >= _MIN_EQUAL_NEIGHBOURS * max(self._neighbours, 1)

    def check_values(self, values: Iterable[int], known: Iterable[int] = ()) -> None:
        """Refuse the values of an image: many without a name, and neighbours that differ.

        Args:
            values: Class values that occur in what has been read.
            known: Values that are named elsewhere, such as in a scheme or in another map.

        Raises:
            SampleError: The raster is not a class map.
        """
        values = set(values)
        if len(values) <= MAX_UNNAMED_VALUES:
            return
        unnamed = values - set(known) - {item.value for item in self.own_classes()}
        if len(unnamed) > MAX_UNNAMED_VALUES and not self.is_patchy:
            raise SampleError(
                "The raster holds more than {most} different values without names, so it is not a class map",
                where=str(self.source),
                advice="Choose a raster of class values, or name its classes in an attribute table.",
                most=MAX_UNNAMED_VALUES,
            )

    def overview(self, most: int) -> tuple[Int64Array, BoolArray]:
        """Return the raster reduced by nearest neighbour: class values, and whether each pixel has one.

        Args:
            most: Largest number of rows and of columns of the result.

        Raises:
            SampleError: A value is not a whole number.
            RasterError: The file is damaged.
        """
        grid = self.grid
        shrink = max(1.0, max(grid.height, grid.width) / most)
        shape = max(1, round(grid.height / shrink)), max(1, round(grid.width / shrink))
        values, labelled = read_class_values(self._dataset, self.source, grid.window, shape)
        return self.recoded(values).astype(np.int64), labelled

    def checksum(self, progress: Progress) -> str:
        """Return the checksum of the file's pixels, see ``core.provenance``.

        Raises:
            RasterError: The file is damaged.
            RunCancelled: The user cancelled.
        """
        return dataset_checksum(self._file, progress, self.source.nodata)

    def is_changed(self, progress: Progress) -> bool:
        """Return whether the pixels are others than those that a model gave the map.

        Tools that clean, recode or clip a map copy what its metadata say of the model. False where the file
        names no model, or does not record its pixels.

        Raises:
            RasterError: The file is damaged.
            RunCancelled: The user cancelled.
        """
        recorded = self._file.tags().get(PIXELS_KEY)
        return bool(self.model and recorded) and dataset_checksum(self._file, progress) != recorded

    @property
    def items(self) -> dict[str, str]:
        """Metadata items of the file by name."""
        return dict(self._file.tags())

    @property
    def model(self) -> str:
        """File name of the model that made the map; empty where the file names none."""
        return self.items.get("MODEL", "")

    @property
    def names_classes(self) -> bool:
        """Whether the file has a table of class names or of colours."""
        return bool(self.own_classes())

    @property
    def bands(self) -> int:
        """Number of bands of the file, of which the first is read."""
        return int(self._file.count)

    def classes(self, values: Iterable[int]) -> tuple[LandCoverClass, ...]:
        """Return the class of each value, sorted by value, with names and colours of ``own_classes``."""
        return named_classes([self], values)

    @property
    def is_resampled(self) -> bool:
        """Whether the raster is read on another grid than its own."""
        return self._dataset is not self._file

    @property
    def block_row_bytes(self) -> int:
        """Bytes of all blocks of the file that a row of pixels touches."""
        rows, columns = self._file.block_shapes[0]
        width = -(-self._file.width // columns) * columns
        return int(rows * width * np.dtype(self._file.dtypes[0]).itemsize)

    @property
    def training_pixels(self) -> str:
        """Record of the training pixels of the model that made the map, as JSON; empty without one."""
        return str(self._file.tags(ns=RECORD_DOMAIN).get(TRAINING_PIXELS, ""))

    def own_classes(self) -> tuple[LandCoverClass, ...]:
        """Return the classes that the file defines.

        They come from the metadata of this plugin, else from an attribute table beside the file and
        from its colour table. They have the values of ``recode``.
        """
        classes = (
            replace(item, value=self._recoding.get(item.value, item.value)) for item in self._written()
        )
        return tuple({item.value: item for item in classes}.values())

    def _written(self) -> tuple[LandCoverClass, ...]:
        written = self._file.tags().get("CLASSES")
        if written:
            try:
                items = json.loads(written)
                return tuple(from_plain(LandCoverClass, item) for item in items)
            except (ValueError, TypeError, SchemeError):
                # Another program wrote an item of this name.
                return ()
        table = read_attribute_table(sidecar_of(Path(self.source.path)))
        names = {value: name for value, name, _ in table}
        colours = self._colours(names)
        values = sorted({*names, *colours})
        rat = {value: colour for value, _, colour in table if colour}
        defaults = classes_for_values({value: names.get(value, "") for value in values})
        return tuple(
            LandCoverClass(item.value, item.name, rat.get(item.value) or colours.get(item.value, item.color))
            for item in defaults
        )

    def _colours(self, named: Collection[int]) -> dict[int, str]:
        try:
            table = self._file.colormap(1)
        except ValueError:
            return {}
        # GDAL fills unused entries of the 256 with black, which only a class that has a name may have.
        return {
            value: f"#{red:02X}{green:02X}{blue:02X}"
            for value, (red, green, blue, _alpha) in table.items()
            if (red, green, blue) != (0, 0, 0) or value in named
        }


@contextmanager
def sequential_cache(rasters: Sequence[ClassRaster], outputs: int = 1) -> Iterator[None]:
    """Keep GDAL's block cache small while rasters are read in strips, from top to bottom.

    Such reading needs a row of blocks of each file, and a few of the next. A larger cache only fills with
    blocks that are never read again, so that memory grows with the maps. Rasters on another grid need the
    usual cache.

    Args:
        rasters: Open rasters.
        outputs: Number of rasters that are written at the same time.
    """
    usual = os.environ.get(CACHE_OPTION, CACHE_MEGABYTES)
    if usual != CACHE_MEGABYTES or any(raster.is_resampled for raster in rasters):
        # The user has set the size, or blocks are read in another order.
        yield
        return
    width = max(raster.grid.width for raster in rasters)
    row = sum(raster.block_row_bytes for raster in rasters) + outputs * width * BLOCK * 2
    needed = row + row // 4
    most = int(CACHE_MEGABYTES) * _MEBIBYTE
    set_gdal_config(CACHE_OPTION, min(most, max(needed, _STRIP_CACHE_BYTES)))
    try:
        yield
    finally:
        set_gdal_config(CACHE_OPTION, most)


def dataset_checksum(dataset: Any, progress: Progress, nodata: float | None = None) -> str:
    """Return the checksum of the first band of an open rasterio dataset.

    Args:
        dataset: Open rasterio dataset.
        progress: Progress reporter.
        nodata: Nodata value that the user set on the layer; None where it is the file's own.
    """
    checksum = PixelChecksum(
        dataset.width,
        dataset.height,
        dataset.transform.to_gdal(),
        dataset.dtypes[0],
        dataset.nodata if nodata is None else nodata,
    )
    step = max(1, _CHECKSUM_PIXELS // dataset.width)
    for row in range(0, dataset.height, step):
        progress.check_cancelled()
        tile = Tile(row, 0, min(step, dataset.height - row), dataset.width)
        checksum.add(dataset.read(1, window=to_window(tile)).tobytes())
    return checksum.text()


def change_notes(maps: Sequence[ClassRaster], progress: Progress) -> tuple[Text, ...]:
    """Return a sentence for each map that was changed after its classification.

    Args:
        maps: Open maps.
        progress: Progress reporter.
    """
    return tuple(
        Text(
            "{map} was changed after its classification with the model {model}: the accuracy that was found "
            "for the model does not hold for it.",
            map=raster.source.title,
            model=raster.model,
        )
        for raster in maps
        if raster.is_changed(progress)
    )


def named_classes(rasters: Sequence[ClassRaster], values: Iterable[int]) -> tuple[LandCoverClass, ...]:
    """Return the class of each value, sorted by value, as defined by the first raster that defines it.

    Args:
        rasters: Open class rasters, the most important one first.
        values: Class values.
    """
    known: dict[int, LandCoverClass] = {}
    for raster in rasters:
        for item in raster.own_classes():
            known.setdefault(item.value, item)
    defaults = classes_for_values({value: "" for value in values})
    return tuple(known.get(item.value, item) for item in defaults)


def agree_on_values(rasters: Sequence[ClassRaster], progress: Progress) -> None:
    """Give classes of the same name the value that they have in the first raster.

    The log says what changes. Values without a name stay, and so do names that the first raster lacks.

    Args:
        rasters: Open class rasters.
        progress: Progress reporter.

    Raises:
        SampleError: Some names show that the values differ, and others cannot be matched.
    """
    first, *others = rasters
    own = first.own_classes()
    by_value = {item.value: item for item in own}
    for raster in others:
        theirs = raster.own_classes()
        changed = recoding(own, theirs, str(raster.source))
        raster.recode(changed)
        if changed:
            log_new_values(raster, first, theirs, changed, progress)
            continue
        differing = [
            (by_value[item.value], item)
            for item in theirs
            if item.value in by_value
            and has_name(item.value, item.name)
            and has_name(item.value, by_value[item.value].name)
            and name_key(by_value[item.value].name) != name_key(item.name)
        ]
        if differing:
            progress.log(
                "{first} and {raster} have different names for the same values, and are compared by value: "
                "{classes} in the one, {other_classes} in the other.",
                "warning",
                first=first.source.title,
                raster=raster.source.title,
                classes=describe_classes([mine for mine, _ in differing]),
                other_classes=describe_classes([item for _, item in differing]),
            )


def log_new_values(
    raster: ClassRaster,
    first: ClassRaster,
    classes: Sequence[LandCoverClass],
    changed: Mapping[int, int],
    progress: Progress,
) -> None:
    """Log which classes of a raster get the values of another one, because their names are the same.

    Args:
        raster: Open class raster.
        first: Raster whose values the classes get.
        classes: Classes of the raster with their former values.
        changed: New value by former value.
        progress: Progress reporter.
    """
    progress.log(
        "The classes of {raster} have other values than those of {first}; they are matched by "
        "name: {classes}.",
        "warning",
        raster=raster.source.title,
        first=first.source.title,
        classes=", ".join(
            f"{class_label(item)} → {changed[item.value]}" for item in classes if item.value in changed
        ),
    )


@contextmanager
def open_class_raster(
    source: RasterSource, progress: Progress, grid: Grid | None = None
) -> Iterator[ClassRaster]:
    """Open a raster of class values, on its own grid or resampled to ``grid`` by nearest neighbour.

    Args:
        source: Source of the raster. Its first band is read.
        progress: Progress reporter.
        grid: Grid to read on; None is the raster's own.

    Raises:
        RasterError: The raster does not exist, cannot be read, or has no position on the earth.
        SampleError: The raster has no CRS and another grid.
    """
    try:
        with open_dataset(source) as file:
            if grid is None:
                check_place(file, source)
            if file.count > 1:
                progress.log(
                    "{raster} has {count} bands. Only the first is used.",
                    "warning",
                    raster=source.title,
                    count=file.count,
                )
            with on_grid(file, source, grid or grid_of(file), progress) as dataset:
                yield ClassRaster(dataset, file, source, grid or grid_of(file))
    except RasterioError as error:
        raise cannot_read(source, error) from error


@contextmanager
def on_grid(file: Any, source: RasterSource, grid: Grid, progress: Progress) -> Iterator[Any]:
    """Yield an open dataset as it is, or resampled to ``grid`` by nearest neighbour if its own differs.

    Args:
        file: Open rasterio dataset.
        source: Source of the dataset.
        grid: Grid to read on.
        progress: Progress reporter.

    Raises:
        SampleError: The dataset has no CRS and another grid.
    """
    with ExitStack() as stack:
        crs = CRS.from_wkt(grid.crs)
        same_crs = file.crs is None or file.crs == crs
        own = grid_of(file)
        if same_crs and grid.has_pixels_of(own):
            yield file
            return
        if file.crs is None:
            raise SampleError(
                "The class raster has another grid and no coordinate reference system",
                where=str(source),
                advice="Assign its coordinate reference system.",
            )
        progress.log(
            "{raster} is resampled to the grid of the input (nearest neighbour).", raster=source.title
        )
        # A nodata value of the layer counts besides that of the file, and is compared with the values.
        nodata = source.nodata if file.nodata is None else file.nodata
        # Longitudes of one raster may be those of the other and 360 degrees, at both ends of the grid.
        places = [
            stack.enter_context(
                WarpedVRT(
                    file,
                    crs=crs,
                    transform=Affine(*grid.transform),
                    width=grid.width,
                    height=grid.height,
                    resampling=Resampling.nearest,
                    tolerance=_TOLERANCE,
                    **({} if place == own else {"src_transform": Affine(*place.transform)}),
                    src_nodata=nodata,
                    nodata=nodata,
                    # Without a nodata value, only an alpha band marks the pixels outside the raster.
                    add_alpha=nodata is None,
                )
            )
            for place in own.turned_onto(grid)
        ]
        yield places[0] if len(places) == 1 else _Overlay(places)


class _Overlay:
    """Band 1 of one raster at several places of a grid: of each pixel, the first place that has a value.

    Args:
        places: Open rasterio datasets on the same grid.
    """

    def __init__(self, places: Sequence[Any]) -> None:
        self._places = places
        self.nodata = places[0].nodata

    def read(self, band: int, window: Any = None, out_shape: tuple[int, int] | None = None) -> Any:
        """Return the values of a band, as ``DatasetReader.read`` does."""
        values = self._places[0].read(band, window=window, out_shape=out_shape)
        known = _is_valid(self._places[0], values, band, window, out_shape)
        for place in self._places[1:]:
            other = place.read(band, window=window, out_shape=out_shape)
            values = np.where(known, values, other)
            known |= _is_valid(place, other, band, window, out_shape)
        return values

    def read_masks(self, band: int, window: Any = None, out_shape: tuple[int, int] | None = None) -> Any:
        """Return 255 where a place has a value, as ``DatasetReader.read_masks`` does."""
        masks = [place.read_masks(band, window=window, out_shape=out_shape) for place in self._places]
        return np.maximum.reduce(masks)


def _is_valid(
    dataset: Any, values: npt.NDArray[Any], band: int, window: Any, out_shape: tuple[int, int] | None
) -> BoolArray:
    """Return which values of a band are neither masked nor nodata, bool, of their shape."""
    valid: BoolArray = dataset.read_masks(band, window=window, out_shape=out_shape) > 0
    if dataset.nodata is not None and values.dtype in (np.int64, np.uint64):
        # GDAL masks no nodata of 64-bit integers where it warps them.
        valid &= values != dataset.nodata
    return valid


def read_class_values(
    dataset: rasterio.DatasetReader, source: RasterSource, tile: Tile, shape: tuple[int, int] | None = None
) -> tuple[Int64Array, BoolArray]:
    """Return class values of band 1 and whether each pixel has one, both of shape (rows, columns).

    Args:
        dataset: Open rasterio dataset.
        source: Source of the dataset, for errors and the layer's nodata value.
        tile: Pixels to read.
        shape: Rows and columns to reduce the tile to, by nearest neighbour; None reduces nothing.

    Raises:
        SampleError: A value is not a whole number.
    """
    values, labelled = _stored_values(dataset, source, tile, shape)
    return values.astype(np.int64), labelled


def _stored_values(
    dataset: rasterio.DatasetReader, source: RasterSource, tile: Tile, shape: tuple[int, int] | None = None
) -> tuple[IntegerArray, BoolArray]:
    """Return class values in the file's data type, or as int64 from decimals, and which are valid."""
    window = to_window(tile)
    values = dataset.read(1, window=window, out_shape=shape)
    labelled = _is_valid(dataset, values, 1, window, shape)
    if source.nodata is not None:
        labelled &= values != source.nodata
    if np.issubdtype(values.dtype, np.floating):
        labelled &= np.isfinite(values)
        _check_whole(values[labelled], source)
        values = np.where(labelled, values, 0).astype(np.int64)
    return values, labelled


def _check_whole(values: npt.NDArray[np.floating], source: RasterSource) -> None:
    broken = values[values != np.round(values)]
    if len(broken):
        raise SampleError(
            "The raster holds {value:g}, which is not a class value",
            where=str(source),
            advice="Choose a raster of whole numbers, one per class.",
            value=broken[0],
        )


def check_is_class_map(raster: ClassRaster, values: int) -> None:
    """Require a class map: pictures and measurements of 8 bits have few enough values to be taken for one.

    A raster that names its values, or colours them by a table, is a class map. One that does not must have
    fewer than three bands, and at most ``MAX_UNNAMED_CLASSES`` values or neighbours that are mostly equal.

    Args:
        raster: Open class raster that has been read.
        values: Number of different values.

    Raises:
        SampleError: The raster is not a class map.
    """
    if raster.names_classes:
        return
    if raster.bands >= MIN_IMAGE_BANDS:
        raise SampleError(
            "The raster has {bands} bands and no class names, so it is an image, not a class map",
            where=str(raster.source),
            advice="Choose a raster of class values.",
            bands=raster.bands,
        )
    if values > MAX_UNNAMED_CLASSES and not raster.is_patchy:
        raise SampleError(
            "The raster holds {count} different values and no class names, so it is not a class map",
            where=str(raster.source),
            advice="Choose a raster of class values, or name its classes with ‘Style a classification’.",
            count=values,
        )
