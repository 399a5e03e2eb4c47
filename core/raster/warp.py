"""Resampling of a raster to another grid, tile by tile.

Each tile is warped from cleaned values (NaN where invalid), so that nodata, masks, scale and offset are
applied before values are mixed. The transformation is exact and the kernel's width is constant for the
whole raster: a pixel does not depend on the tile that it is read in, and training and classification see
the same values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.warp import reproject, transform

from ..arrays import Float32Array, Float64Array
from ..errors import RasterError
from ..options import AUTO
from .band_file import BandFile
from .grid import Grid, Tile

# From this many of its pixels a side on, a raster is averaged; a little less than 2, because a map
# projection stretches pixels of the same nominal size.
_COARSENING = 1.9
# Reach of the kernels, in pixels of the raster or of the grid, whichever are larger.
_REACH = {"nearest": 0.0, "bilinear": 1.0, "cubic": 2.0, "average": 1.0}
# The most pixels of the raster that one piece is made of.
_PIECE_PIXELS = 4_000_000
# Points a side at which a piece, and the whole grid, are transformed.
_PIECE_POINTS, _GRID_POINTS = 9, 33


class AlignedFile:
    """An open raster, read on another grid; what it does not cover is NaN.

    Attributes:
        source: Where it comes from.
        grid: The grid that it is read on.
        band_names: As of the file, like ``nodata``, ``block_size`` and ``notes``.
        resampling: How it is brought there.
    """

    def __init__(self, file: BandFile, onto: Grid, resampling: str) -> None:
        """Find out how the two grids lie to each other.

        Args:
            file: The raster; it is closed with this one.
            onto: The grid to read it on.
            resampling: One of ``RESAMPLINGS``. ``auto`` is nearest for categories and where the
                pixels coincide, average where a pixel of the grid holds about 2 x 2 of the
                raster's or more, else bilinear.

        Raises:
            RasterError: One of the two has no CRS, the CRSs cannot be transformed into each other, or
                the raster lies outside the grid.
        """
        self._file = file
        self.source = file.source
        self.grid = onto
        self.band_names, self.nodata = file.band_names, file.nodata
        self.block_size, self.notes = file.block_size, file.notes
        if file.is_placed:
            file.require_crs()
        if not file.grid.crs or not onto.crs:
            raise RasterError(
                "The raster has no coordinate reference system and does not lie on the input's grid",
                where=str(file.source),
                advice="Assign one (Raster > Projections > Assign Projection) and run again.",
            )
        self._crs, self._onto_crs = CRS.from_wkt(file.grid.crs), CRS.from_wkt(onto.crs)
        self._has_same_crs = self._crs == self._onto_crs
        rows, columns = self._pixel_sides(self._middle_of_overlap())
        self.resampling = self._choose(math.sqrt(rows * columns)) if resampling == AUTO else resampling
        # Grid pixels a raster pixel. GDAL would guess them anew for each piece.
        self._scale = {"YSCALE": 1.0 / rows, "XSCALE": 1.0 / columns}
        self._margin = math.ceil(_REACH[self.resampling] * max(rows, columns, 1.0)) + 2

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the raster is made of."""
        return self._file.files

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid or not covered.

        Args:
            window: Pixels of the grid.
            positions: Of the bands in ``band_names``, in the order wanted.

        Raises:
            RasterError: The file cannot be read there; it is damaged.
        """
        values = np.full((len(positions), window.height, window.width), np.nan, dtype=np.float32)
        for piece, pixels in self._pieces(window):
            place = piece.relative_to(window)
            rows, columns = slice(place.row, place.row_stop), slice(place.column, place.column_stop)
            values[:, rows, columns] = self._warp(piece, self._file.read(pixels, positions), pixels)
        return values

    def _warp(self, piece: Tile, values: Float32Array, pixels: Tile) -> Float32Array:
        warped = np.full((len(values), piece.height, piece.width), np.nan, dtype=np.float32)
        try:
            reproject(
                values,
                warped,
                src_transform=Affine(*self._file.grid.crop(pixels).transform),
                src_crs=self._crs,
                src_nodata=np.nan,
                dst_transform=Affine(*self.grid.crop(piece).transform),
                dst_crs=self._onto_crs,
                dst_nodata=np.nan,
                resampling=Resampling[self.resampling],
                tolerance=0.0,
                # Each band has invalid pixels of its own.
                UNIFIED_SRC_NODATA="NO",
                **self._scale,
            )
        except (RasterioError, CPLE_BaseError) as error:
            raise self._cannot_be_aligned() from error
        return warped

    def _pieces(self, tile: Tile) -> Iterator[tuple[Tile, Tile]]:
        """Yield parts of ``tile`` with the raster's pixels that each is made of."""
        pixels = self._pixels_under(tile)
        if pixels is None:
            return
        if pixels.pixels <= _PIECE_PIXELS or tile.pixels == 1:
            yield tile, pixels
            return
        for half in _halves(tile):
            yield from self._pieces(half)

    def _pixels_under(self, tile: Tile) -> Tile | None:
        rows, columns = self._to_file(*_points(tile, _PIECE_POINTS))
        finite = np.isfinite(rows) & np.isfinite(columns)
        if not finite.any():
            return None
        size = self._file.grid
        if not finite.all():
            # At the rim of what the raster's CRS can show, any of its pixels may lie under the tile.
            return size.window
        row, row_stop = _span(rows, self._margin, size.height)
        column, column_stop = _span(columns, self._margin, size.width)
        if row >= row_stop or column >= column_stop:
            return None
        return Tile(row, column, row_stop - row, column_stop - column)

    def _choose(self, coarsening: float) -> str:
        if self._file.has_categories or (
            self._has_same_crs and self._file.grid.shares_pixels_with(self.grid)
        ):
            return "nearest"
        return "average" if coarsening >= _COARSENING else "bilinear"

    def _middle_of_overlap(self) -> tuple[float, float]:
        """Return row and column, on the grid, of the middle of what the two have in common."""
        theirs = self._to_file(*_points(self.grid.window, _GRID_POINTS))
        found = _common_middle(*theirs, self._file.grid)
        if found is not None:
            row, column = self._to_grid(np.array([found[0]]), np.array([found[1]]))
            if np.isfinite(row[0]) and np.isfinite(column[0]):
                return float(row[0]), float(column[0])
        # A small raster may hide between the points of a large grid.
        ours = _common_middle(*self._to_grid(*_points(self._file.grid.window, _GRID_POINTS)), self.grid)
        if ours is None:
            raise RasterError(
                "The raster lies outside the input raster",
                where=str(self.source),
                advice="Choose one that shows the same place, and check its coordinate reference system.",
            )
        return ours

    def _pixel_sides(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return how many rows and columns of the raster a pixel of the grid is long and wide."""
        row, column = place
        rows, columns = self._to_file(np.array([row, row + 1, row]), np.array([column, column, column + 1]))
        sides = [math.hypot(places[1] - places[0], places[2] - places[0]) for places in (rows, columns)]
        tall, wide = (side if math.isfinite(side) and side > 0 else 1.0 for side in sides)
        return tall, wide

    def _to_file(self, rows: Float64Array, columns: Float64Array) -> tuple[Float64Array, Float64Array]:
        return self._transformed(self.grid, self._onto_crs, self._file.grid, self._crs, rows, columns)

    def _to_grid(self, rows: Float64Array, columns: Float64Array) -> tuple[Float64Array, Float64Array]:
        return self._transformed(self._file.grid, self._crs, self.grid, self._onto_crs, rows, columns)

    def _transformed(
        self,
        source: Grid,
        source_crs: CRS,
        target: Grid,
        target_crs: CRS,
        rows: Float64Array,
        columns: Float64Array,
    ) -> tuple[Float64Array, Float64Array]:
        """Return where places of one grid lie on the other; infinite where they have no place."""
        xs, ys = source.position(rows, columns)
        if not self._has_same_crs:
            try:
                xs, ys = (np.asarray(values) for values in transform(source_crs, target_crs, xs, ys))
            except (RasterioError, CPLE_BaseError) as error:
                raise self._cannot_be_aligned() from error
        with np.errstate(invalid="ignore"):
            return target.place(xs, ys)

    def _cannot_be_aligned(self) -> RasterError:
        # Without GDAL's own text, which is both CRSs in full.
        return RasterError(
            "The raster cannot be brought onto the input's grid",
            where=str(self.source),
            advice="Check both coordinate reference systems.",
        )


def _points(tile: Tile, count: int) -> tuple[Float64Array, Float64Array]:
    """Return rows and columns of ``count`` x ``count`` places from corner to corner of ``tile``."""
    rows = np.linspace(tile.row, tile.row_stop, count)
    columns = np.linspace(tile.column, tile.column_stop, count)
    return np.repeat(rows, count), np.tile(columns, count)


def _common_middle(rows: Float64Array, columns: Float64Array, grid: Grid) -> tuple[float, float] | None:
    """Return the middle of the places' bounding box within ``grid``, None where they are apart."""
    finite = np.isfinite(rows) & np.isfinite(columns)
    if not finite.any():
        return None
    row, row_stop = max(rows[finite].min(), 0.0), min(rows[finite].max(), float(grid.height))
    column, column_stop = max(columns[finite].min(), 0.0), min(columns[finite].max(), float(grid.width))
    if row >= row_stop or column >= column_stop:
        return None
    return (row + row_stop) / 2, (column + column_stop) / 2


def _span(places: Float64Array, margin: int, size: int) -> tuple[int, int]:
    return max(math.floor(places.min()) - margin, 0), min(math.ceil(places.max()) + margin, size)


def _halves(tile: Tile) -> tuple[Tile, Tile]:
    """Return the two halves of ``tile``, cut across its longer side."""
    if tile.height >= tile.width:
        half = tile.height // 2
        rest = Tile(tile.row + half, tile.column, tile.height - half, tile.width)
        return Tile(tile.row, tile.column, half, tile.width), rest
    half = tile.width // 2
    rest = Tile(tile.row, tile.column + half, tile.height, tile.width - half)
    return Tile(tile.row, tile.column, tile.height, half), rest
