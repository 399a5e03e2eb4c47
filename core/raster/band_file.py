"""Band file: cleaned and scaled values of one raster file, and room for its blocks in GDAL's cache.

Where a block is a line of the raster or the whole raster, many tiles are cut from the same blocks, and blocks
that do not fit into the cache are decoded again for each tile. The cache is therefore enlarged while such a
raster is open.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.errors
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Interleaving, MaskFlags
from rasterio.env import set_gdal_config
from rasterio.windows import Window

from ..arrays import Float32Array
from ..errors import RasterError
from ..text import Text
from .bands import alpha_bands, names_of, palette_notes
from .dataset import cannot_read, check_place, grid_of, open_dataset
from .gdal import CACHE_MEGABYTES, CACHE_OPTION, physical_memory
from .grid import Tile, to_window
from .source import RasterSource

# What GDAL itself can tell from a value, without asking the dataset for a mask.
_VALUE_FLAGS = ({MaskFlags.all_valid}, {MaskFlags.nodata})
# What a sidecar holds for a raster of categories, here and in other software.
_CATEGORY_TABLES = ("<CategoryNames", '<GDALRasterAttributeTable tableType="thematic"')
# A tile is made of whole blocks up to this many pixels a side, which no other tile needs again.
_TILE = 1024
# Rows that a row of tiles is read from, with its halo.
_ROWS = 512
# The shares of the computer's memory that the cache may have, and that one block may take.
_LARGEST_CACHE, _LARGEST_BLOCK = 0.25, 0.5
_MEBIBYTE = 2**20
_ADVICE = "Make a tiled copy (Raster > Conversion > Translate, or gdal_translate -co TILED=YES) and use that."


def open_band_file(source: RasterSource) -> BandFile:
    """Open a raster for reading.

    Raises:
        RasterError: There is no such raster, it cannot be opened, has no bands that can be used, or
            blocks that the memory cannot hold.
    """
    dataset = open_dataset(source)
    try:
        return BandFile(dataset, source)
    except BaseException:
        dataset.close()
        raise


class BandFile:
    """An open raster file. Not for use by two threads at once.

    Attributes:
        source: Where it comes from.
        grid: Its grid.
        band_names: See ``core.raster.bands.names_of``. An alpha band is none of them, but a mask.
        nodata: The file's nodata value (of the first band that has one), for the reader.
        block_size: Rows and columns of the file's blocks.
        is_placed: Whether it has a CRS or ground control points.
        has_categories: Whether the values are codes of classes, for all that the file tells: whole
            numbers with a colour table, category names, an attribute table or our own classes.
        notes: What the user should know about how the raster was understood, whole sentences.
    """

    def __init__(self, dataset: Any, source: RasterSource) -> None:
        self._dataset = dataset
        self.source = source
        self.grid = grid_of(dataset)
        self.block_size: tuple[int, int] = dataset.block_shapes[0]
        self.is_placed = bool(self.grid.crs or dataset.gcps[0])
        self.has_categories = _has_categories(dataset, source)
        alpha, notes = alpha_bands(dataset)
        self._ignored_alpha = not alpha
        self._indexes = [index for index in dataset.indexes if index not in alpha]
        self.band_names = names_of(dataset, self._indexes)
        self._nodata = [dataset.nodatavals[index - 1] for index in self._indexes]
        self.nodata: float | None = next((value for value in self._nodata if value is not None), None)
        # Last, for it must be given back.
        self._room = BlockRoom(dataset, source)
        self.notes = (*self._room.notes, *notes, *palette_notes(dataset, self._indexes))

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()
        self._room.give_back()

    def require_crs(self) -> None:
        """Refuse a raster whose place on the earth is unknown.

        Raises:
            RasterError: It has no CRS, is placed by ground control points only, or not at all.
        """
        check_place(self._dataset, self.source)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the raster is made of, such as the sources of a VRT and sidecars."""
        return tuple(self._dataset.files)

    def read(self, window: Tile, positions: Sequence[int]) -> Float32Array:
        """Return values of shape (bands, rows, columns); NaN where invalid.

        Args:
            window: Pixels inside the raster.
            positions: Of the bands in ``band_names``, in the order wanted.

        Raises:
            RasterError: The file cannot be read there; it is damaged.
        """
        return self._read(window, positions, (window.height, window.width))

    def read_coarsely(self, window: Tile, positions: Sequence[int], shape: tuple[int, int]) -> Float32Array:
        """Return as ``read`` does, but only ``shape`` rows and columns: nearest pixels, of overviews."""
        return self._read(window, positions, shape)

    @property
    def has_overviews(self) -> bool:
        """Whether coarse reading need not read every pixel."""
        return bool(self._dataset.overviews(self._indexes[0]))

    def _read(self, window: Tile, positions: Sequence[int], shape: tuple[int, int]) -> Float32Array:
        indexes = [self._indexes[position] for position in positions]
        pixels = to_window(window)
        try:
            raw = self._read_raw(indexes, pixels, shape)
            masks = [self._mask(index, pixels, shape) for index in indexes]
        except rasterio.errors.RasterioError as error:
            raise cannot_read(self.source, error) from error
        # Too large a number becomes infinite, and what is infinite is invalid.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(
                [self._clean(raw[order], masks[order], position) for order, position in enumerate(positions)]
            )

    def _read_raw(self, indexes: list[int], window: Window, shape: tuple[int, int]) -> list[NDArray[Any]]:
        if len({self._dataset.dtypes[index - 1] for index in indexes}) == 1:
            return list(self._dataset.read(indexes, window=window, out_shape=(len(indexes), *shape)))
        # rasterio reads bands of different types one at a time only.
        return [self._dataset.read(index, window=window, out_shape=shape) for index in indexes]

    def _mask(self, index: int, window: Window, shape: tuple[int, int]) -> NDArray[np.uint8] | None:
        flags = set(self._dataset.mask_flag_enums[index - 1])
        # rasterio does not tell the nodata value of 64-bit whole numbers, GDAL's mask knows it.
        is_told = flags == {MaskFlags.all_valid} or self._dataset.nodatavals[index - 1] is not None
        if (flags in _VALUE_FLAGS and is_told) or (MaskFlags.alpha in flags and self._ignored_alpha):
            return None
        mask: NDArray[np.uint8] = self._dataset.read_masks(index, window=window, out_shape=shape)
        return mask

    def _clean(self, raw: NDArray[Any], mask: NDArray[np.uint8] | None, position: int) -> Float32Array:
        index = self._indexes[position]
        scale, offset = self._dataset.scales[index - 1], self._dataset.offsets[index - 1]
        values = raw.astype(np.float32) if (scale, offset) == (1.0, 0.0) else _scaled(raw, scale, offset)
        invalid = ~np.isfinite(values) | _equals(raw, self._nodata[position])
        if self.source.nodata is not None:
            # The layer's own nodata is compared with what QGIS shows: the scaled value.
            invalid |= _equals(values, self.source.nodata)
        if mask is not None:
            invalid |= mask == 0
        values[invalid] = np.nan
        return values


def _scaled(raw: NDArray[Any], scale: float, offset: float) -> Float32Array:
    return (raw.astype(np.float64) * scale + offset).astype(np.float32)


def _equals(values: NDArray[Any], nodata: float | None) -> NDArray[np.bool_]:
    """Compare in the values' own type, where a float may differ in its last digit or two."""
    if nodata is None or not np.isfinite(nodata):
        return np.zeros(values.shape, dtype=bool)
    if np.issubdtype(values.dtype, np.floating):
        exact = values.dtype.type(nodata)
        tolerance = 2 * np.finfo(values.dtype).eps * np.abs(exact)
        near: NDArray[np.bool_] = np.abs(values - exact) <= tolerance
        return near
    limits = np.iinfo(values.dtype)
    if nodata != int(nodata) or not limits.min <= nodata <= limits.max:
        return np.zeros(values.shape, dtype=bool)
    equal: NDArray[np.bool_] = values == int(nodata)
    return equal


def _has_categories(dataset: Any, source: RasterSource) -> bool:
    if not np.issubdtype(np.dtype(dataset.dtypes[0]), np.integer):
        return False
    if dataset.colorinterp[0] == ColorInterp.palette or "CLASSES" in dataset.tags():
        return True
    # rasterio does not read attribute tables, which most formats keep beside the file.
    sidecar = Path(f"{source.path}.aux.xml")
    if not sidecar.is_file():
        return False
    text = sidecar.read_text(encoding="utf-8", errors="replace")
    return any(table in text for table in _CATEGORY_TABLES)


_given: list[BlockRoom] = []


class BlockRoom:
    """Room in the cache, from when it is made until it is given back.

    Attributes:
        size: Bytes that the raster's blocks need.
        notes: What the user should know, whole sentences.
    """

    def __init__(self, dataset: Any, source: RasterSource) -> None:
        """Make room for the blocks of an open rasterio dataset.

        Raises:
            RasterError: A single block takes most of the computer's memory.
        """
        memory = physical_memory()
        block = _block_size(dataset)
        rows, columns = dataset.block_shapes[0]
        if block > _LARGEST_BLOCK * memory:
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
        if self.size > _LARGEST_CACHE * memory:
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
        _given.append(self)
        _set_cache(memory)

    def give_back(self) -> None:
        """Let the cache shrink again."""
        if self in _given:
            _given.remove(self)
            _set_cache(physical_memory())


def _block_size(dataset: Any) -> int:
    """Return the bytes that GDAL decodes at once: a block, of all bands where these lie together."""
    rows, columns = dataset.block_shapes[0]
    pixels: int = min(rows, dataset.height) * min(columns, dataset.width)
    widths = [np.dtype(name).itemsize for name in dataset.dtypes]
    width: int = sum(widths) if dataset.interleaving == Interleaving.pixel else max(widths)
    return pixels * width


def _needed(dataset: Any) -> int:
    """Return the bytes of all blocks that a row of tiles touches, where tiles share them."""
    total = 0
    for (rows, columns), name in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        if max(rows, columns) > _TILE:
            # Blocks of the height of the rows may begin above them.
            height = min((-(-_ROWS // rows) + 1) * rows, -(-dataset.height // rows) * rows)
            width = -(-dataset.width // columns) * columns
            total += height * width * np.dtype(name).itemsize
    return total


def _set_cache(memory: int) -> None:
    if os.environ.get(CACHE_OPTION, CACHE_MEGABYTES) != CACHE_MEGABYTES:
        # The user's own choice.
        return
    base = int(CACHE_MEGABYTES) * _MEBIBYTE
    needed = sum(room.size for room in _given)
    set_gdal_config(CACHE_OPTION, max(base, min(base + needed, int(_LARGEST_CACHE * memory))))
