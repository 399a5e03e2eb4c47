"""Class raster: class values on its own or another grid, and the names of its classes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT

from ..arrays import BoolArray, Int64Array
from ..classes import LandCoverClass, classes_for_values
from ..errors import SampleError, SchemeError
from ..progress import Progress
from ..values import from_plain
from .attribute_table import read_attribute_table, sidecar_of
from .dataset import cannot_read, check_place, grid_of, open_dataset
from .grid import Grid, Tile, to_window
from .source import RasterSource

MOST_CLASSES = 256
"""No legend has more; a raster with more values shows something else."""
# Error of the transformation between two CRSs, in pixels. GDAL's default of an eighth of a pixel gives a few
# percent of the pixels the class of a neighbour; a warped dataset accepts no 0.
_TOLERANCE = 1e-4


class ClassRaster:
    """An open raster of class values; made by ``open_class_raster``.

    Attributes:
        grid: Of the pixels that are read.
        source: Where they come from.
    """

    def __init__(self, dataset: Any, file: Any, source: RasterSource, grid: Grid) -> None:
        self._dataset = dataset
        self._file = file
        self.source = source
        self.grid = grid

    def read(self, tile: Tile) -> tuple[Int64Array, BoolArray]:
        """Return class values (rows, columns), and where there are any.

        Raises:
            SampleError: A value is no whole number.
            RasterError: The file is damaged.
        """
        return read_class_values(self._dataset, self.source, tile)

    def overview(self, most: int) -> tuple[Int64Array, BoolArray]:
        """Return about every n-th pixel, so that neither side has more than ``most``.

        Raises:
            SampleError: A value is no whole number.
            RasterError: The file is damaged.
        """
        grid = self.grid
        shrink = max(1.0, max(grid.height, grid.width) / most)
        shape = max(1, round(grid.height / shrink)), max(1, round(grid.width / shrink))
        return read_class_values(self._dataset, self.source, grid.window, shape)

    def classes(self, values: Iterable[int]) -> tuple[LandCoverClass, ...]:
        """Return the classes of the values, sorted, as ``own_classes`` names them."""
        return named_classes([self], values)

    def own_classes(self) -> tuple[LandCoverClass, ...]:
        """Return the classes that the file names or colours.

        That is by our own metadata, else by an attribute table beside it or its colour table.
        """
        written = self._file.tags().get("CLASSES")
        if written:
            try:
                items = json.loads(written)
                return tuple(from_plain(LandCoverClass, item) for item in items)
            except (ValueError, TypeError, SchemeError):
                # Another program's item of that name.
                return ()
        table = read_attribute_table(sidecar_of(Path(self.source.path)))
        colours = self._colours()
        values = sorted({*(value for value, _, _ in table), *colours})
        names = {value: name for value, name, _ in table}
        rat = {value: colour for value, _, colour in table if colour}
        usual = classes_for_values({value: names.get(value, "") for value in values})
        return tuple(
            LandCoverClass(item.value, item.name, rat.get(item.value) or colours.get(item.value, item.color))
            for item in usual
        )

    def _colours(self) -> dict[int, str]:
        try:
            table = self._file.colormap(1)
        except ValueError:
            return {}
        # GDAL fills the rest of the 256 with black.
        return {
            value: f"#{red:02X}{green:02X}{blue:02X}"
            for value, (red, green, blue, _alpha) in table.items()
            if (red, green, blue) != (0, 0, 0)
        }


def named_classes(rasters: Sequence[ClassRaster], values: Iterable[int]) -> tuple[LandCoverClass, ...]:
    """Return the classes of the values, sorted, as the first raster names them that names them at all."""
    known: dict[int, LandCoverClass] = {}
    for raster in rasters:
        for item in raster.own_classes():
            known.setdefault(item.value, item)
    plain = classes_for_values({value: "" for value in values})
    return tuple(known.get(item.value, item) for item in plain)


@contextmanager
def open_class_raster(
    source: RasterSource, progress: Progress, grid: Grid | None = None
) -> Iterator[ClassRaster]:
    """Open a raster of class values, on its own grid or brought onto ``grid`` by the nearest pixel.

    Raises:
        RasterError: It does not exist, cannot be read, or has no place on the earth.
        SampleError: It has no CRS and another grid.
    """
    try:
        with open_dataset(source) as file:
            if grid is None:
                check_place(file, source)
            if file.count > 1:
                progress.log(
                    "{raster} has {count} bands; the first one is used.",
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
    """Give an open raster as it is, or brought onto ``grid`` by the nearest pixel where it has another.

    Raises:
        SampleError: It has no CRS and another grid.
    """
    with ExitStack() as stack:
        crs = CRS.from_wkt(grid.crs)
        same_crs = file.crs is None or file.crs == crs
        if same_crs and grid.has_pixels_of(grid_of(file)):
            yield file
            return
        if file.crs is None:
            raise SampleError(
                "The raster of classes has no coordinate system and another grid",
                where=str(source),
                advice="Assign its coordinate system.",
            )
        progress.log("{raster} has another grid: each pixel takes the nearest class.", raster=source.title)
        nodata = source.nodata if source.nodata is not None else file.nodata
        yield stack.enter_context(
            WarpedVRT(
                file,
                crs=crs,
                transform=Affine(*grid.transform),
                width=grid.width,
                height=grid.height,
                resampling=Resampling.nearest,
                tolerance=_TOLERANCE,
                src_nodata=nodata,
                nodata=nodata,
                # Without a nodata value only an alpha band tells what lies outside the labels.
                add_alpha=nodata is None,
            )
        )


def read_class_values(
    dataset: rasterio.DatasetReader, source: RasterSource, tile: Tile, shape: tuple[int, int] | None = None
) -> tuple[Int64Array, BoolArray]:
    """Return class values (rows, columns) of band 1, and where there are any.

    Args:
        dataset: The open raster.
        source: Where it is.
        tile: Which pixels.
        shape: Rows and columns to shrink them to, by the nearest pixel.

    Raises:
        SampleError: A value is no whole number.
    """
    window = to_window(tile)
    values = dataset.read(1, window=window, out_shape=shape)
    labelled = dataset.read_masks(1, window=window, out_shape=shape) > 0
    if source.nodata is not None:
        labelled &= values != source.nodata
    if np.issubdtype(values.dtype, np.floating):
        labelled &= np.isfinite(values)
        _check_whole(values[labelled], source)
        values = np.where(labelled, values, 0)
    return values.astype(np.int64), labelled


def _check_whole(values: npt.NDArray[np.floating], source: RasterSource) -> None:
    broken = values[values != np.round(values)]
    if len(broken):
        raise SampleError(
            "The raster holds {value:g}, which is no class value",
            where=str(source),
            advice="Choose a raster of whole numbers, one a class.",
            value=broken[0],
        )


def too_many_values(source: RasterSource) -> SampleError:
    """Return what to say of a raster with more than ``MOST_CLASSES`` values."""
    return SampleError(
        "The raster holds more than {most} different values, so it is no class map",
        where=str(source),
        advice="Choose a raster of class values.",
        most=MOST_CLASSES,
    )
