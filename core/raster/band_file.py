"""Band file: cleaned and scaled values of one raster file, and GDAL's block cache sized for it.

In a file whose blocks are lines, or the whole raster, many tiles are cut from the same blocks. Blocks that
do not fit into the cache are decoded again for each tile. The cache is therefore enlarged while such a file
is open.

>>> file = open_band_file(RasterSource("scene.tif"))
>>> file.read(Tile(row=0, column=0, height=256, width=256), positions=[2, 1, 0])  # float32 (3, 256, 256)
>>> file.close()
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.errors
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Interleaving, MaskFlags
from rasterio.env import set_gdal_config
from rasterio.windows import Window

from ..arrays import BoolArray, Float32Array
from ..errors import RasterError
from ..text import Text
from .bands import alpha_bands, names_of, palette_notes
from .dataset import all_files, cannot_read, check_place, grid_of, open_dataset
from .gdal import CACHE_MEGABYTES, CACHE_OPTION, physical_memory
from .grid import Tile, to_window
from .source import RasterSource

# Masks that follow from the values alone, so that no mask has to be read.
_VALUE_FLAGS = ({MaskFlags.all_valid}, {MaskFlags.nodata})
# Elements of a sidecar file that mark a raster of categories, here and in other software.
_CATEGORY_TABLES = ("<CategoryNames", '<GDALRasterAttributeTable tableType="thematic"')
# Blocks of at most so many pixels a side are read by one tile only and need no larger cache.
_MAX_UNSHARED_BLOCK = 1024
# Rows that are read for one row of tiles, including its halo.
_TILE_ROW_HEIGHT = 512
# Fractions of the computer's memory: largest cache, and largest single block.
_MAX_CACHE_FRACTION, _MAX_BLOCK_FRACTION = 0.25, 0.5
_MEBIBYTE = 2**20
_ADVICE = "Make a tiled copy (Raster > Conversion > Translate, or gdal_translate -co TILED=YES) and use that."


def open_band_file(source: RasterSource, alpha_is_data: bool = False) -> BandFile:
    """Open a raster for reading.

    Args:
        source: Source of the raster.
        alpha_is_data: Whether bands that are marked as alpha are measurements.

    Raises:
        RasterError: The raster does not exist, cannot be opened, has no usable bands, or has blocks
            that do not fit into memory.
    """
    dataset = open_dataset(source)
    try:
        return BandFile(dataset, source, alpha_is_data)
    except rasterio.errors.RasterioError as error:
        dataset.close()
        raise cannot_read(source, error) from error
    except BaseException:
        dataset.close()
        raise


class BandFile:
    """Open raster file. Not safe for use by two threads at once.

    Attributes:
        source: Source of the raster.
        grid: Grid of the raster.
        band_names: Name of each band, all different (``core.raster.bands.names_of``). Alpha bands are
            masks and not among them (``core.raster.bands.alpha_bands``).
        has_alpha: Whether there is such a mask.
        nodata: Nodata value of the first band that has one, for information; None without one.
        block_size: Rows and columns of the file's blocks, in pixels.
        is_placed: Whether the file has a CRS or ground control points.
        has_categories: Whether the values are class codes: whole numbers with a colour table,
            category names, an attribute table or classes written by this plugin.
        notes: Sentences for the user on how the file was interpreted.
    """

    def __init__(self, dataset: Any, source: RasterSource, alpha_is_data: bool = False) -> None:
        self._dataset = dataset
        self.source = source
        self.grid = grid_of(dataset)
        self.block_size: tuple[int, int] = dataset.block_shapes[0]
        self.is_placed = bool(self.grid.crs or dataset.gcps[0])
        self.has_categories = _has_categories(dataset, source)
        alpha, notes = alpha_bands(dataset, alpha_is_data)
        self.has_alpha = bool(alpha)
        self._indexes = [index for index in dataset.indexes if index not in alpha]
        self.band_names = names_of(dataset, self._indexes)
        self._nodata = [dataset.nodatavals[index - 1] for index in self._indexes]
        self.nodata: float | None = next((value for value in self._nodata if value is not None), None)
        # Last, because a reservation must be released.
        self._reservation = CacheReservation(dataset, source)
        self.notes = (*self._reservation.notes, *notes, *palette_notes(dataset, self._indexes))

    def close(self) -> None:
        """Close the file and let GDAL's cache shrink again."""
        self._dataset.close()
        self._reservation.release()

    def require_crs(self) -> None:
        """Require a position on the earth.

        Raises:
            RasterError: The raster has no CRS, has ground control points only, or no position at all.
        """
        check_place(self._dataset, self.source)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that make up the raster, such as the sources of a VRT and sidecar files."""
        return all_files(self._dataset)

    @property
    def items(self) -> dict[str, str]:
        """Metadata items of the file by name, such as the sensor."""
        return {str(name): str(text) for name, text in self._dataset.tags().items()}

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid.

        Args:
            window: Pixels to read, inside the raster.
            positions: Positions of the bands in ``band_names``, from 0, in output order.

        Raises:
            RasterError: The file is damaged at these pixels.
        """
        return self._read(window, positions, (window.height, window.width))

    def read_coarsely(self, window: Tile, positions: Sequence[int], shape: tuple[int, int]) -> Float32Array:
        """Return values reduced to ``shape`` by nearest neighbour, from overviews where there are any.

        Args:
            window: Pixels to read, inside the raster.
            positions: Positions of the bands in ``band_names``, from 0, in output order.
            shape: Rows and columns of the result.

        Returns:
            Values of shape (bands, *shape); NaN where invalid.
        """
        return self._read(window, positions, shape)

    @property
    def is_scaled(self) -> bool:
        """Whether a band has a scale or an offset in the file, which are applied."""
        pairs = (
            (self._dataset.scales[index - 1], self._dataset.offsets[index - 1]) for index in self._indexes
        )
        return any(pair != (1.0, 0.0) for pair in pairs)

    @property
    def has_overviews(self) -> bool:
        """Whether the file has overviews, which make ``read_coarsely`` fast."""
        return bool(self._dataset.overviews(self._indexes[0]))

    def _read(self, window: Tile, positions: Sequence[int], shape: tuple[int, int]) -> Float32Array:
        indexes = [self._indexes[position] for position in positions]
        pixels = to_window(window)
        try:
            raw = self._read_raw(indexes, pixels, shape)
            masks = [self._mask(index, pixels, shape) for index in indexes]
        except rasterio.errors.RasterioError as error:
            raise cannot_read(self.source, error) from error
        # Numbers too large for float32 become infinite, and infinite values are invalid.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(
                [self._clean(raw[order], masks[order], position) for order, position in enumerate(positions)]
            )

    def _read_raw(self, indexes: list[int], window: Window, shape: tuple[int, int]) -> list[NDArray[Any]]:
        if len({self._dataset.dtypes[index - 1] for index in indexes}) == 1:
            return list(self._dataset.read(indexes, window=window, out_shape=(len(indexes), *shape)))
        # rasterio reads bands of different data types only one at a time.
        return [self._dataset.read(index, window=window, out_shape=shape) for index in indexes]

    def _mask(self, index: int, window: Window, shape: tuple[int, int]) -> NDArray[np.uint8] | None:
        flags = set(self._dataset.mask_flag_enums[index - 1])
        # rasterio does not report the nodata value of 64-bit integers. GDAL's mask applies it.
        is_known = flags == {MaskFlags.all_valid} or self._dataset.nodatavals[index - 1] is not None
        if (flags in _VALUE_FLAGS and is_known) or (MaskFlags.alpha in flags and not self.has_alpha):
            return None
        mask: NDArray[np.uint8] = self._dataset.read_masks(index, window=window, out_shape=shape)
        return mask

    def _clean(self, raw: NDArray[Any], mask: NDArray[np.uint8] | None, position: int) -> Float32Array:
        index = self._indexes[position]
        scale, offset = self._dataset.scales[index - 1], self._dataset.offsets[index - 1]
        values = raw.astype(np.float32) if (scale, offset) == (1.0, 0.0) else _scaled(raw, scale, offset)
        invalid = ~np.isfinite(values) | _equals(raw, self._nodata[position])
        # The layer's nodata value and NODATA_VALUES apply to the values that QGIS shows, which are scaled.
        for nodata in (self.source.nodata, *self.source.nodata_values):
            invalid |= _equals(values, nodata)
        if mask is not None:
            invalid |= mask == 0
        values[invalid] = np.nan
        return values


def _scaled(raw: NDArray[Any], scale: float, offset: float) -> Float32Array:
    return (raw.astype(np.float64) * scale + offset).astype(np.float32)


def _equals(values: NDArray[Any], nodata: float | None) -> BoolArray:
    """Compare in the values' own data type, with a tolerance of two units in the last place for floats."""
    if nodata is None or not np.isfinite(nodata):
        return np.zeros(values.shape, dtype=bool)
    if np.issubdtype(values.dtype, np.floating):
        exact = values.dtype.type(nodata)
        tolerance = 2 * np.finfo(values.dtype).eps * np.abs(exact)
        is_close: BoolArray = np.abs(values - exact) <= tolerance
        return is_close
    limits = np.iinfo(values.dtype)
    if nodata != int(nodata) or not limits.min <= nodata <= limits.max:
        return np.zeros(values.shape, dtype=bool)
    equal: BoolArray = values == int(nodata)
    return equal


def _has_categories(dataset: Any, source: RasterSource) -> bool:
    if not np.issubdtype(np.dtype(dataset.dtypes[0]), np.integer):
        return False
    if dataset.colorinterp[0] == ColorInterp.palette or "CLASSES" in dataset.tags():
        return True
    # rasterio does not read attribute tables. Most formats keep them in a sidecar file.
    sidecar = Path(f"{source.path}.aux.xml")
    if not sidecar.is_file():
        return False
    text = sidecar.read_text(encoding="utf-8", errors="replace")
    return any(table in text for table in _CATEGORY_TABLES)


_reservations: list[CacheReservation] = []


class CacheReservation:
    """Part of GDAL's block cache that is reserved for one open raster, until ``release``.

    Attributes:
        size: Memory that the blocks of a row of tiles need, in bytes.
        notes: Sentences for the user.
    """

    def __init__(self, dataset: Any, source: RasterSource) -> None:
        """Enlarge the cache for the blocks of an open rasterio dataset.

        Raises:
            RasterError: A single block takes more than half of the computer's memory.
        """
        memory = physical_memory()
        block = _block_size(dataset)
        rows, columns = dataset.block_shapes[0]
        if block > _MAX_BLOCK_FRACTION * memory:
            raise RasterError(
                "The raster is stored in blocks of {rows:,} x {columns:,} pixels, and one of them "
                "takes {size:.1f} GB of this computer's {memory:.1f} GB of memory",
                where=str(source),
                advice=_ADVICE,
                rows=rows,
                columns=columns,
                size=block / 1e9,
                memory=memory / 1e9,
            )
        self.size = _needed(dataset)
        self.notes: tuple[str, ...] = ()
        if self.size > _MAX_CACHE_FRACTION * memory:
            self.notes = (
                Text(
                    (
                        "The raster is stored in blocks of {rows:,} x {columns:,} pixels, too many for the "
                        "memory, so that reading it is slow. "
                    )
                    + _ADVICE,
                    rows=rows,
                    columns=columns,
                ),
            )
        _reservations.append(self)
        _set_cache(memory)

    def release(self) -> None:
        """Let the cache shrink again."""
        if self in _reservations:
            _reservations.remove(self)
            _set_cache(physical_memory())


def _block_size(dataset: Any) -> int:
    """Return the bytes that GDAL decodes at once: one block, of all bands in pixel-interleaved files."""
    rows, columns = dataset.block_shapes[0]
    pixels: int = min(rows, dataset.height) * min(columns, dataset.width)
    widths = [np.dtype(name).itemsize for name in dataset.dtypes]
    width: int = sum(widths) if dataset.interleaving == Interleaving.pixel else max(widths)
    return pixels * width


def _needed(dataset: Any) -> int:
    """Return the bytes of all blocks that one row of tiles touches; 0 where tiles share no blocks."""
    total = 0
    for (rows, columns), name in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        if max(rows, columns) > _MAX_UNSHARED_BLOCK:
            # The first block may begin above the row of tiles.
            height = min((-(-_TILE_ROW_HEIGHT // rows) + 1) * rows, -(-dataset.height // rows) * rows)
            width = -(-dataset.width // columns) * columns
            total += height * width * np.dtype(name).itemsize
    return total


def _set_cache(memory: int) -> None:
    if os.environ.get(CACHE_OPTION, CACHE_MEGABYTES) != CACHE_MEGABYTES:
        # The user has set the size.
        return
    base = int(CACHE_MEGABYTES) * _MEBIBYTE
    needed = sum(reservation.size for reservation in _reservations)
    set_gdal_config(CACHE_OPTION, max(base, min(base + needed, int(_MAX_CACHE_FRACTION * memory))))
