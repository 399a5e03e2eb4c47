"""Mask of a classification: the pixels to classify, from polygons or a raster, read tile by tile.

Classes of a mask raster are named as its file names them, or as the product does where it is a quality raster
(``core.raster.quality``)::

    Mask(grid, None, RasterSource("T43PHM_SCL_20m.jp2"), "-cloud shadow, -thin cirrus")
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np
from affine import Affine
from rasterio.features import rasterize

from ..arrays import BoolArray
from ..errors import ParameterError
from .class_raster import ClassRaster
from .dataset import grid_of, open_dataset
from .grid import Grid, Tile
from .quality import NO_DATA, QualityClass, holds, matching_classes, quality_layer_of, split_choice
from .rasterize import PixelGeometry, to_pixels
from .source import RasterSource
from .stack import BandStack, open_stack


class Region(Protocol):
    """Set of pixels of a raster."""

    def of(self, tile: Tile) -> BoolArray:
        """Return whether each pixel of a tile belongs to the region, shape (rows, columns)."""


class PolygonRegion:
    """Region of the pixels whose centres lie inside at least one polygon.

    Args:
        shapes: Polygons in pixel coordinates.
    """

    def __init__(self, shapes: list[PixelGeometry]) -> None:
        self._shapes = shapes

    def of(self, tile: Tile) -> BoolArray:
        """Return whether each pixel of a tile belongs to the region, shape (rows, columns)."""
        touching = [
            (shape.geometry, 1)
            for shape in self._shapes
            if shape.rows[0] < tile.row_stop
            and shape.rows[1] > tile.row
            and shape.columns[0] < tile.column_stop
            and shape.columns[1] > tile.column
        ]
        if not touching:
            return np.zeros((tile.height, tile.width), dtype=bool)
        burnt = rasterize(
            touching,
            out_shape=(tile.height, tile.width),
            transform=Affine.translation(tile.column, tile.row),
            dtype="uint8",
        )
        inside: BoolArray = burnt > 0
        return inside


class RasterRegion:
    """Region of the pixels where the first band of a raster is valid and has certain values.

    Args:
        stack: Open band stack on the grid of the classification.
        kept: Classes of the region; empty for all values.
        left_out: Classes that are not in the region.
        leaves_zero: Whether 0 is not in the region.
    """

    def __init__(
        self,
        stack: BandStack,
        kept: Sequence[QualityClass] = (),
        left_out: Sequence[QualityClass] = (),
        leaves_zero: bool = True,
    ) -> None:
        self._stack = stack
        self._kept, self._left_out, self._leaves_zero = kept, left_out, leaves_zero

    def of(self, tile: Tile) -> BoolArray:
        """Return whether each pixel of a tile belongs to the region, shape (rows, columns)."""
        first = self._stack.band_names[:1]
        values = self._stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, first)[0]
        inside: BoolArray = np.isfinite(values)
        if self._leaves_zero:
            inside &= values != 0
        if self._kept or self._left_out:
            codes = np.where(inside, values, 0).astype(np.int64)
            if self._kept:
                inside &= holds(self._kept, codes)
            inside &= ~holds(self._left_out, codes)
        return inside


class Mask:
    """Intersection of the mask's regions, all pixels without one. A context manager.

    Attributes:
        files: Paths of the files that make up the mask raster; empty without one.
    """

    def __init__(
        self, grid: Grid, polygons: Path | None, raster: RasterSource | None, classes: str = ""
    ) -> None:
        """Open the polygons and the mask raster, where there are any.

        Args:
            grid: Grid of the raster to classify.
            polygons: Path of a file of JSON lines, each ``{"geometry": <GeoJSON polygon in the raster's
                CRS>, …}``; None without polygons.
            raster: Source of a mask raster on any grid; None without one.
            classes: MASK_CLASSES: classes of the mask raster to classify, by name or value; those with a
                minus before them are left out. Empty is all values but 0.

        Raises:
            RasterError: The mask raster cannot be read or warped to ``grid``.
            ParameterError: The file holds no polygon, or the raster has no such class.
        """
        self._open = ExitStack()
        self._regions: list[Region] = []
        self.files: tuple[str, ...] = ()
        if polygons is not None:
            self._regions.append(_read_polygons(polygons, grid))
        if raster is not None:
            stack = self._open.enter_context(open_stack(raster, onto=grid))
            self._regions.append(_region(stack, raster, classes))
            self.files = stack.files

    def __enter__(self) -> Mask:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def of(self, tile: Tile) -> BoolArray:
        """Return whether each pixel of a tile is to be classified, shape (rows, columns)."""
        inside = np.ones((tile.height, tile.width), dtype=bool)
        for region in self._regions:
            inside &= region.of(tile)
            if not inside.any():
                break
        return inside


def _region(stack: BandStack, raster: RasterSource, text: str) -> RasterRegion:
    kept, left_out = split_choice(text)
    if not kept and not left_out:
        return RasterRegion(stack)
    with open_dataset(raster) as dataset:
        own = ClassRaster(dataset, dataset, raster, grid_of(dataset)).own_classes()
    classes = [QualityClass(item.name, item.value) for item in own]
    layer = None if classes else quality_layer_of(raster.path)
    chosen, others = (matching_classes(names, classes, layer, "MASK_CLASSES") for names in (kept, left_out))
    if layer is not None and not kept:
        others = (*others, *(item for item in layer.classes if item.name == NO_DATA))
    return RasterRegion(stack, chosen, others, leaves_zero=False)


def _read_polygons(path: Path, grid: Grid) -> PolygonRegion:
    shapes = []
    with path.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            geometry = json.loads(line).get("geometry")
            if geometry and geometry.get("coordinates") and geometry["type"] in ("Polygon", "MultiPolygon"):
                shapes.append(to_pixels(geometry, grid))
    if not shapes:
        raise ParameterError(
            "The mask has no polygons", where="MASK", advice="Choose a polygon layer with features."
        )
    return PolygonRegion([shape for shape in shapes if not shape.is_outside])
