"""Map writer: class maps as GeoTIFF with colours and class names.

>>> with open_map(Path("map.tif"), grid, classes, progress) as writer:
...     for tile in tiles_of(grid.window, 512):
...         writer.write(tile, labels_of(tile))
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError

from ..arrays import BoolArray, Int64Array
from ..classes import LandCoverClass
from ..errors import ParameterError
from ..files import partial_file, removed_afterwards
from ..progress import Progress
from ..provenance import PixelChecksum
from ..values import to_plain
from .attribute_table import dataset_items, sidecar_of, write_attribute_table
from .geotiff import (
    BLOCK,
    PLAIN,
    RECORD_DOMAIN,
    TRAINING_PIXELS,
    UNFINISHED,
    FileForm,
    finish_geotiff,
    geotiff_profile,
    remove_companions,
    software_tags,
    warn_of_style,
    write_error,
)
from .grid import Grid, Tile, tiles_of, to_window

_TYPES = ("uint8", "uint16", "int16", "int32")
_COLOUR_TABLE_TYPES = ("uint8", "uint16")
# Values of 8 bits that are counted together, an even number.
_COUNTED_BYTES = 1_000_000


class MapWriter:
    """Open map, created by ``open_map``.

    Attributes:
        window: Tile of all pixels of the map.
        nodata: Value of pixels without a class, which no class uses.
        dtype: NumPy name of the data type.
        counts: Number of pixels of each class value written so far.
    """

    def __init__(self, dataset: Any, window: Tile, nodata: int, classes: Sequence[LandCoverClass]) -> None:
        self._dataset = dataset
        self.window = window
        self.nodata = nodata
        self.dtype: str = dataset.dtypes[0]
        self.counts = {item.value: 0 for item in classes}

    def write(self, tile: Tile, values: NDArray[Any]) -> None:
        """Write the class values of a tile. Each tile must be written once.

        Args:
            tile: Pixels of the map.
            values: Class values, integers of shape (rows, columns); ``nodata`` where there is no class.
        """
        self._dataset.write(values.astype(self.dtype, copy=False), 1, window=to_window(tile))
        for value, number in count_values(values).items():
            if value != self.nodata:
                self.counts[value] += number


@contextmanager
def open_map(
    path: Path,
    grid: Grid,
    classes: Sequence[LandCoverClass],
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    form: FileForm = PLAIN,
    title: str = "Land cover",
    training_pixels: str = "",
) -> Iterator[MapWriter]:
    """Create a map to write tiles to. It replaces ``path`` when the block ends without an error.

    Args:
        path: Path of the GeoTIFF. An existing file is unchanged until the map is complete.
        grid: Grid of the map.
        classes: All classes that may occur, in legend order.
        progress: Progress reporter.
        metadata: Metadata items for the file, besides classes, software and date.
        form: Compression and layout of the file.
        title: Description of the band.
        training_pixels: Record of the model's training pixels, as JSON; empty for none.

    Raises:
        ParameterError: A class value does not fit 32 bits.
        OutputError: The disk is full, or the map cannot be written there.
    """
    dtype, nodata = map_type([item.value for item in classes])
    profile = geotiff_profile(grid, 1, dtype, nodata, form.compression)
    # Map and sidecar are both written before either is renamed, so that a full disk leaves neither.
    with (
        partial_file(sidecar_of(path), progress, UNFINISHED) as sidecar,
        partial_file(path, progress, UNFINISHED) as part,
        removed_afterwards(sidecar_of(part), progress) as gdals_sidecar,
    ):
        try:
            with rasterio.open(part, "w", **profile) as dataset:
                dataset.set_band_description(1, title)
                _describe(dataset, classes, metadata or {})
                if training_pixels:
                    dataset.update_tags(ns=RECORD_DOMAIN, **{TRAINING_PIXELS: training_pixels})
                writer = MapWriter(dataset, Tile(0, 0, grid.height, grid.width), nodata, classes)
                yield writer
            finish_geotiff(part, Resampling.mode, form, progress)
            checksum = _verified_checksum(part, writer, progress)
        except RasterioError as error:
            raise write_error(path, error) from error
        write_attribute_table(sidecar, classes, writer.counts, dataset_items(gdals_sidecar), checksum)
        remove_companions(path)
        warn_of_style(path, progress)


def write_class_map(
    path: Path,
    values: NDArray[Any],
    grid: Grid,
    classes: Sequence[LandCoverClass],
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    valid: BoolArray | None = None,
) -> None:
    """Write a map that fits in memory.

    Args:
        path: Path of the GeoTIFF.
        values: Class values, shape (rows, columns).
        grid: Grid of the map.
        classes: All classes that occur, in legend order.
        progress: Progress reporter.
        metadata: Metadata items for the file, besides classes, software and date.
        valid: Whether each pixel has a class, shape (rows, columns); None if all have.

    Raises:
        ParameterError: A class value does not fit 32 bits.
        OutputError: The disk is full, or the map cannot be written there.
    """
    with open_map(path, grid, classes, progress, metadata) as writer:
        filled = values if valid is None else np.where(valid, values, writer.nodata)
        for tile in tiles_of(writer.window, BLOCK):
            writer.write(tile, filled[tile.row : tile.row_stop, tile.column : tile.column_stop])


def map_type(values: Sequence[int]) -> tuple[str, int]:
    """Return the smallest data type for some class values, and the nodata value.

    The nodata value is the highest value of the type that is not a class value.

    Args:
        values: Class values.

    Raises:
        ParameterError: A value does not fit 32 bits.
    """
    taken = set(values)
    for name in _TYPES:
        limits = np.iinfo(name)
        if not all(limits.min <= value <= limits.max for value in taken):
            continue
        free = next((v for v in range(int(limits.max), int(limits.min) - 1, -1) if v not in taken), None)
        if free is not None:
            return name, free
    raise ParameterError(
        "Class values must be between -2147483648 and 2147483647 (got {value})",
        advice="Use other class values.",
        value=max(taken, key=abs),
    )


def count_values(values: NDArray[Any]) -> dict[int, int]:
    """Return the number of occurrences of each value in an array of integers."""
    if values.dtype == np.uint8:
        numbers = count_bytes(values)
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    if values.dtype == np.uint16:
        # Counting is many times quicker than sorting.
        numbers = np.bincount(values.ravel())
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    unique, numbers = np.unique(values, return_counts=True)
    return dict(zip(unique.tolist(), numbers.tolist(), strict=True))


def count_bytes(values: NDArray[Any]) -> Int64Array:
    """Return the number of occurrences of each value of 8 bits, int64, shape (256,).

    Args:
        values: Values of any shape, uint8.
    """
    flat = np.ascontiguousarray(values).ravel()
    even = len(flat) - len(flat) % 2
    counts = np.zeros(256, dtype=np.int64)
    # In parts, because NumPy makes eight bytes of each number. Two values at once take half the time.
    for first in range(0, even, _COUNTED_BYTES):
        part = flat[first : min(first + _COUNTED_BYTES, even)].view(np.uint16)
        pairs = np.bincount(part, minlength=65_536).reshape(256, 256)
        counts += pairs.sum(axis=0) + pairs.sum(axis=1)
    counts[flat[even:]] += 1
    return counts


def _describe(dataset: Any, classes: Sequence[LandCoverClass], metadata: Mapping[str, str]) -> None:
    """Set colours and metadata, which a TIFF needs before its first pixel."""
    if dataset.dtypes[0] in _COLOUR_TABLE_TYPES:
        dataset.write_colormap(1, {item.value: (*item.rgb, 255) for item in classes})
        dataset.colorinterp = (ColorInterp.palette,)
    items = json.dumps([to_plain(item) for item in classes], ensure_ascii=False)
    dataset.update_tags(**{**software_tags(), **metadata, "CLASSES": items})


def _verified_checksum(path: Path, writer: MapWriter, progress: Progress) -> str:
    """Return the checksum of the finished file's pixels, after counting its classes.

    GDAL may detect a full disk only while closing.
    """
    counts = dict.fromkeys(writer.counts, 0)
    with rasterio.open(path) as dataset:
        checksum = PixelChecksum(
            dataset.width, dataset.height, dataset.transform.to_gdal(), dataset.dtypes[0], dataset.nodata
        )
        for row in range(0, dataset.height, BLOCK):
            progress.check_cancelled()
            tile = Tile(row, 0, min(BLOCK, dataset.height - row), dataset.width)
            values = dataset.read(1, window=to_window(tile))
            checksum.add(values.tobytes())
            for value, number in count_values(values).items():
                if value != writer.nodata:
                    counts[value] = counts.get(value, 0) + number
    if counts != writer.counts:
        raise RasterioError("the finished file does not contain all values that were written")
    return checksum.text()
