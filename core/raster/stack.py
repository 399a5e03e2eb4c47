"""Reading a raster's bands: mirrored beyond the edge, NaN where invalid, scaled as the file says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import rasterio.errors
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.windows import Window

from ..errors import BandMismatchError
from .band_names import alpha_bands, palette_notes, unique_names
from .dataset import cannot_read, check_place, grid_of, open_dataset
from .grid import Grid
from .source import RasterSource

FloatArray = NDArray[np.float32]
# What GDAL itself can tell from a value, without asking the dataset for a mask.
_VALUE_FLAGS = ({MaskFlags.all_valid}, {MaskFlags.nodata})


def open_stack(source: RasterSource, onto: Grid | None = None) -> BandStack:
    """Open a raster for reading.

    Args:
        source: What to open.
        onto: Read the raster on this grid, by nearest neighbour, wherever its own pixels lie;
            for label and mask rasters. Pixels of the grid that the raster does not cover are NaN.

    Raises:
        RasterError: There is no such raster, it cannot be opened, has no bands that can be used,
            or lies where ``onto`` cannot be reached from because one of the two has no CRS.
    """
    return BandStack(open_dataset(source, onto), source)


class BandStack:
    """An open raster; a context manager. Not for use by two threads at once.

    Attributes:
        source: Where it comes from.
        grid: Its grid.
        band_names: The bands' descriptions; ``Band 3`` where there is none; all different. An alpha
            band is no band of the stack, but a mask.
        nodata: The file's nodata value (of the first band that has one), for the reader.
        block_size: Rows and columns of the file's blocks.
        notes: What the user should know about how the raster was understood, whole sentences.
    """

    def __init__(self, dataset: Any, source: RasterSource) -> None:
        self._dataset = dataset
        self.source = source
        self.grid = grid_of(dataset)
        self.block_size: tuple[int, int] = dataset.block_shapes[0]
        alpha, notes = alpha_bands(dataset)
        self._ignored_alpha = not alpha
        self._indexes = [index for index in dataset.indexes if index not in alpha]
        self.notes = (*notes, *palette_notes(dataset, self._indexes))
        self.band_names = unique_names([dataset.descriptions[i - 1] for i in self._indexes], self._indexes)
        self._nodata = [dataset.nodatavals[index - 1] for index in self._indexes]
        self.nodata: float | None = next((value for value in self._nodata if value is not None), None)

    def __enter__(self) -> BandStack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()

    def require_crs(self) -> None:
        """Refuse a raster whose place on the earth is unknown.

        Raises:
            RasterError: It has no CRS, is placed by ground control points only, or not at all.
        """
        check_place(self._dataset, self.source)

    def reads_from(self, path: Path) -> bool:
        """Whether ``path`` is one of the files that the raster is made of, such as the source of a VRT."""
        return path.exists() and any(
            Path(file).exists() and path.samefile(file) for file in self._dataset.files
        )

    def read(
        self,
        row_start: int,
        row_stop: int,
        column_start: int,
        column_stop: int,
        bands: Sequence[str] | None = None,
    ) -> FloatArray:
        """Return values of shape (bands, rows, columns); NaN where invalid.

        The ranges may reach outside the raster, where it is mirrored without repeating the edge,
        as often as needed. Only the pixels that are needed are read.

        Args:
            row_start: First row.
            row_stop: First row that is not read; columns alike.
            column_start: First column.
            column_stop: First column that is not read.
            bands: Names, in the order wanted; None is all.

        Raises:
            RasterError: The file cannot be read there; it is damaged.
            BandMismatchError: There is no band of such a name.
        """
        rows = mirrored(row_start, row_stop, self.grid.height)
        columns = mirrored(column_start, column_stop, self.grid.width)
        first_row, first_column = int(rows.min()), int(columns.min())
        window = Window(
            first_column, first_row, int(columns.max()) - first_column + 1, int(rows.max()) - first_row + 1
        )
        values = self._read_window(window, self._positions(bands))
        is_inside = min(row_start, column_start) >= 0
        if is_inside and row_stop <= self.grid.height and column_stop <= self.grid.width:
            return values
        return values[:, (rows - first_row)[:, None], (columns - first_column)[None, :]]

    def _positions(self, bands: Sequence[str] | None) -> list[int]:
        if bands is None:
            return list(range(len(self.band_names)))
        missing = [name for name in bands if name not in self.band_names]
        if missing:
            raise BandMismatchError(
                f"The raster has no band {missing[0]!r}",
                where=str(self.source),
                advice=f"It has: {', '.join(self.band_names)}.",
            )
        return [self.band_names.index(name) for name in bands]

    def _read_window(self, window: Window, positions: list[int]) -> FloatArray:
        indexes = [self._indexes[position] for position in positions]
        try:
            raw = self._read_raw(indexes, window)
            masks = [self._mask(index, window) for index in indexes]
        except rasterio.errors.RasterioError as error:
            raise cannot_read(self.source, error) from error
        # Too large a number becomes infinite, and what is infinite is invalid.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(
                [self._clean(raw[order], masks[order], position) for order, position in enumerate(positions)]
            )

    def _read_raw(self, indexes: list[int], window: Window) -> list[NDArray[Any]]:
        if len({self._dataset.dtypes[index - 1] for index in indexes}) == 1:
            return list(self._dataset.read(indexes, window=window))
        # rasterio reads bands of different types one at a time only.
        return [self._dataset.read(index, window=window) for index in indexes]

    def _mask(self, index: int, window: Window) -> NDArray[np.uint8] | None:
        flags = set(self._dataset.mask_flag_enums[index - 1])
        # rasterio does not tell the nodata value of 64-bit whole numbers, GDAL's mask knows it.
        is_told = flags == {MaskFlags.all_valid} or self._dataset.nodatavals[index - 1] is not None
        if (flags in _VALUE_FLAGS and is_told) or (MaskFlags.alpha in flags and self._ignored_alpha):
            return None
        mask: NDArray[np.uint8] = self._dataset.read_masks(index, window=window)
        return mask

    def _clean(self, raw: NDArray[Any], mask: NDArray[np.uint8] | None, position: int) -> FloatArray:
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


def mirrored(start: int, stop: int, size: int) -> NDArray[np.int64]:
    """Return the positions inside ``0 … size - 1`` that stand for ``start … stop - 1``.

    A triangular wave: 0 1 2 3 2 1 0 1 … for size 4, the same as numpy's ``reflect`` padding.
    """
    period = max(2 * (size - 1), 1)
    phase = np.arange(start, stop) % period
    return np.minimum(phase, period - phase) if size > 1 else np.zeros_like(phase)


def _scaled(raw: NDArray[Any], scale: float, offset: float) -> FloatArray:
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
