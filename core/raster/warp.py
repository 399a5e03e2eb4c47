"""Warping: resampling of a raster to another grid, tile by tile.

Each tile is warped from cleaned values (NaN where invalid), so that nodata, masks, scale and offset are
applied before values are combined. The transformation is exact, and the width of the kernel is constant for
the whole raster. A pixel therefore does not depend on the tile that it is read in, and training and
classification use the same values.
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

# Side of a grid pixel, in pixels of the raster, from which the raster is averaged. It is a little less than
# 2, because a map projection stretches pixels of the same nominal size.
_MIN_AVERAGED_RATIO = 1.9
# Radius of the kernels, in pixels of the raster or of the grid, whichever are larger.
_KERNEL_RADIUS = {"nearest": 0.0, "bilinear": 1.0, "cubic": 2.0, "average": 1.0}
# Points per side at which the bounds of a piece, and of the whole grid, are transformed.
_PIECE_POINTS, _GRID_POINTS = 9, 33
MAX_PIECE_PIXELS = 4_000_000
"""Largest number of raster pixels that are read and warped at once."""


class AlignedFile:
    """Open raster that is read on another grid. Pixels that it does not cover are NaN.

    Attributes:
        source: Source of the raster.
        grid: Grid that the raster is read on.
        band_names: Name of each band.
        nodata: Nodata value of the file, for information; None without one.
        block_size: Rows and columns of the file's blocks, in pixels.
        notes: Sentences for the user on how the file was interpreted.
        resampling: Resampling method, one of ``RESAMPLINGS`` without ``auto``.
    """

    def __init__(
        self, file: BandFile, onto: Grid, resampling: str, max_piece_pixels: int = MAX_PIECE_PIXELS
    ) -> None:
        """Choose the resampling method and the kernel's width.

        Args:
            file: Open raster, which is closed with this one.
            onto: Grid to read the raster on.
            resampling: Resampling method, one of ``RESAMPLINGS``. ``auto`` is nearest for categories
                and where the pixels coincide; average where a pixel of the grid covers about 2 x 2
                pixels of the raster or more; bilinear otherwise.
            max_piece_pixels: Largest number of raster pixels to read and warp at once.

        Raises:
            RasterError: One of the two has no CRS, the CRSs cannot be transformed into each other, or
                the raster lies outside the grid.
        """
        self._max_piece_pixels = max_piece_pixels
        self._file = file
        self.source = file.source
        self.grid = onto
        self.band_names, self.nodata = file.band_names, file.nodata
        self.block_size, self.notes = file.block_size, file.notes
        if file.is_placed:
            file.require_crs()
        if not file.grid.crs or not onto.crs:
            raise RasterError(
                "The raster has no coordinate reference system and is not on the grid of the input",
                where=str(file.source),
                advice="Assign one (Raster > Projections > Assign Projection) and run again.",
            )
        self._crs, self._onto_crs = CRS.from_wkt(file.grid.crs), CRS.from_wkt(onto.crs)
        self._has_same_crs = self._crs == self._onto_crs
        # Longitudes of one raster may be those of the other and 360 degrees, at both ends of the grid.
        overlaps = {place: self._middle_of_overlap(place) for place in file.grid.turned_onto(onto)}
        self._places = tuple(place for place, middle in overlaps.items() if middle is not None)
        if not self._places:
            raise RasterError(
                "The raster lies outside the input raster",
                where=str(self.source),
                advice="Choose a raster that overlaps the input, and check its coordinate reference system.",
            )
        rows, columns = self._pixel_sides(self._places[0], overlaps[self._places[0]] or (0.0, 0.0))
        self.resampling = self._choose(math.sqrt(rows * columns)) if resampling == AUTO else resampling
        # Grid pixels per raster pixel. GDAL would estimate them for each piece separately.
        self._scale = {"YSCALE": 1.0 / rows, "XSCALE": 1.0 / columns}
        self._margin = math.ceil(_KERNEL_RADIUS[self.resampling] * max(rows, columns, 1.0)) + 2

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that make up the raster."""
        return self._file.files

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid or not covered.

        Args:
            window: Pixels of the grid to read.
            positions: Positions of the bands in ``band_names``, from 0, in output order.

        Raises:
            RasterError: The file is damaged at these pixels.
        """
        values = np.full((len(positions), window.height, window.width), np.nan, dtype=np.float32)
        for place in self._places:
            for piece, pixels in self._pieces(window, place):
                inside = piece.relative_to(window)
                rows, columns = slice(inside.row, inside.row_stop), slice(inside.column, inside.column_stop)
                warped = self._warp(piece, self._file.read(pixels, positions), place.crop(pixels))
                known = values[:, rows, columns]
                values[:, rows, columns] = np.where(np.isnan(known), warped, known)
        return values

    def _warp(self, piece: Tile, values: Float32Array, pixels: Grid) -> Float32Array:
        warped = np.full((len(values), piece.height, piece.width), np.nan, dtype=np.float32)
        try:
            reproject(
                values,
                warped,
                src_transform=Affine(*pixels.transform),
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

    def _pieces(self, tile: Tile, place: Grid) -> Iterator[tuple[Tile, Tile]]:
        """Yield parts of ``tile``, each with the pixels that it needs of the raster at one of its places."""
        pixels = self._pixels_under(tile, place)
        if pixels is None:
            return
        if pixels.pixels <= self._max_piece_pixels or tile.pixels == 1:
            yield tile, pixels
            return
        for half in _halves(tile):
            yield from self._pieces(half, place)

    def _pixels_under(self, tile: Tile, place: Grid) -> Tile | None:
        rows, columns = self._to_file(place, *_points(tile, _PIECE_POINTS))
        finite = np.isfinite(rows) & np.isfinite(columns)
        if not finite.any():
            return None
        if not finite.all():
            # At the edge of the CRS's domain, the tile may cover any pixel of the raster.
            return place.window
        row, row_stop = _span(rows, self._margin, place.height)
        column, column_stop = _span(columns, self._margin, place.width)
        if row >= row_stop or column >= column_stop:
            return None
        return Tile(row, column, row_stop - row, column_stop - column)

    def _choose(self, ratio: float) -> str:
        if self._file.has_categories or (
            self._has_same_crs and all(place.shares_pixels_with(self.grid) for place in self._places)
        ):
            return "nearest"
        return "average" if ratio >= _MIN_AVERAGED_RATIO else "bilinear"

    def _middle_of_overlap(self, place: Grid) -> tuple[float, float] | None:
        """Return row and column on the grid of the middle of the area that both rasters cover, or None."""
        middle_in_file = _common_middle(
            *self._to_file(place, *_points(self.grid.window, _GRID_POINTS)), place
        )
        if middle_in_file is not None:
            row, column = self._to_grid(place, np.array([middle_in_file[0]]), np.array([middle_in_file[1]]))
            if np.isfinite(row[0]) and np.isfinite(column[0]):
                return float(row[0]), float(column[0])
        # A small raster may lie between the points of a large grid.
        return _common_middle(*self._to_grid(place, *_points(place.window, _GRID_POINTS)), self.grid)

    def _pixel_sides(self, place: Grid, middle: tuple[float, float]) -> tuple[float, float]:
        """Return height and width of a grid pixel, in rows and columns of the raster."""
        row, column = middle
        rows, columns = self._to_file(
            place, np.array([row, row + 1, row]), np.array([column, column, column + 1])
        )
        sides = [math.hypot(places[1] - places[0], places[2] - places[0]) for places in (rows, columns)]
        tall, wide = (side if math.isfinite(side) and side > 0 else 1.0 for side in sides)
        return tall, wide

    def _to_file(
        self, place: Grid, rows: Float64Array, columns: Float64Array
    ) -> tuple[Float64Array, Float64Array]:
        return self._transformed(self.grid, self._onto_crs, place, self._crs, rows, columns)

    def _to_grid(
        self, place: Grid, rows: Float64Array, columns: Float64Array
    ) -> tuple[Float64Array, Float64Array]:
        return self._transformed(place, self._crs, self.grid, self._onto_crs, rows, columns)

    def _transformed(
        self,
        source: Grid,
        source_crs: CRS,
        target: Grid,
        target_crs: CRS,
        rows: Float64Array,
        columns: Float64Array,
    ) -> tuple[Float64Array, Float64Array]:
        """Return rows and columns of one grid on the other; infinite where they have no position."""
        xs, ys = source.position(rows, columns)
        if not self._has_same_crs:
            try:
                xs, ys = (np.asarray(values) for values in transform(source_crs, target_crs, xs, ys))
            except (RasterioError, CPLE_BaseError) as error:
                raise self._cannot_be_aligned() from error
        with np.errstate(invalid="ignore"):
            return target.place(xs, ys)

    def _cannot_be_aligned(self) -> RasterError:
        # GDAL's own message, which contains both CRSs in full, is left out.
        return RasterError(
            "The raster cannot be resampled to the grid of the input",
            where=str(self.source),
            advice="Check both coordinate reference systems.",
        )


def _points(tile: Tile, count: int) -> tuple[Float64Array, Float64Array]:
    """Return rows and columns of ``count`` x ``count`` points from corner to corner of ``tile``."""
    rows = np.linspace(tile.row, tile.row_stop, count)
    columns = np.linspace(tile.column, tile.column_stop, count)
    return np.repeat(rows, count), np.tile(columns, count)


def _common_middle(rows: Float64Array, columns: Float64Array, grid: Grid) -> tuple[float, float] | None:
    """Return the middle of the points' bounding box within ``grid``, None where they do not overlap."""
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
        remainder = Tile(tile.row + half, tile.column, tile.height - half, tile.width)
        return Tile(tile.row, tile.column, half, tile.width), remainder
    half = tile.width // 2
    remainder = Tile(tile.row, tile.column + half, tile.height, tile.width - half)
    return Tile(tile.row, tile.column, tile.height, half), remainder
