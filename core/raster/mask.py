"""Mask of a classification: the pixels to classify, from polygons or a raster, read tile by tile."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np
from affine import Affine
from rasterio.features import rasterize

from ..arrays import BoolArray
from ..errors import ParameterError
from .grid import Grid, Tile
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
    """Region of the pixels where the first band of a raster is valid and not 0.

    Args:
        stack: Open band stack on the grid of the classification.
    """

    def __init__(self, stack: BandStack) -> None:
        self._stack = stack

    def of(self, tile: Tile) -> BoolArray:
        """Return whether each pixel of a tile belongs to the region, shape (rows, columns)."""
        first = self._stack.band_names[:1]
        values = self._stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, first)[0]
        inside: BoolArray = np.isfinite(values) & (values != 0)
        return inside


class Mask:
    """Intersection of the mask's regions, all pixels without one. A context manager.

    Attributes:
        files: Paths of the files that make up the mask raster; empty without one.
    """

    def __init__(self, grid: Grid, polygons: Path | None, raster: RasterSource | None) -> None:
        """Open the polygons and the mask raster, where there are any.

        Args:
            grid: Grid of the raster to classify.
            polygons: Path of a file of JSON lines, each ``{"geometry": <GeoJSON polygon in the raster's
                CRS>, …}``; None without polygons.
            raster: Source of a mask raster on any grid; None without one.

        Raises:
            RasterError: The mask raster cannot be read or warped to ``grid``.
            ParameterError: The file holds no polygon.
        """
        self._open = ExitStack()
        self._regions: list[Region] = []
        self.files: tuple[str, ...] = ()
        if polygons is not None:
            self._regions.append(_read_polygons(polygons, grid))
        if raster is not None:
            stack = self._open.enter_context(open_stack(raster, onto=grid))
            self._regions.append(RasterRegion(stack))
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
