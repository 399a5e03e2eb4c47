"""Writer of classified maps: GeoTIFFs with colours and class names."""

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

from ..classes import LandCoverClass
from ..errors import ParameterError
from ..files import partial_file, removed_afterwards
from ..progress import Progress
from ..values import to_plain
from .attribute_table import dataset_items, sidecar_of, write_attribute_table
from .geotiff import (
    BLOCK,
    PLAIN,
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


class MapWriter:
    """An open map; made by ``open_map``.

    Attributes:
        window: All pixels of the map.
        nodata: The value that no class uses; pixels that are never written have it.
        dtype: The pixel type, a name of numpy's.
        counts: Class value to number of pixels written so far.
    """

    def __init__(self, dataset: Any, window: Tile, nodata: int, classes: Sequence[LandCoverClass]) -> None:
        self._dataset = dataset
        self.window = window
        self.nodata = nodata
        self.dtype: str = dataset.dtypes[0]
        self.counts = {item.value: 0 for item in classes}

    def write(self, tile: Tile, values: NDArray[Any]) -> None:
        """Write the class values of a tile, ``nodata`` where there is none. Each tile once.

        Args:
            tile: Which pixels, counted from the map's first.
            values: Whole numbers of shape (rows, columns).
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
) -> Iterator[MapWriter]:
    """Give a map to write tiles to; it stands at ``path`` only when the block ends well.

    Args:
        path: The GeoTIFF. One that stands there already stays as it is until then.
        grid: Of the map.
        classes: All that may occur, in legend order.
        progress: Is told of the temporary file.
        metadata: Items for the file, besides classes, software and date.
        form: How it is stored.
        title: Of its band.

    Raises:
        ParameterError: A class value does not fit 32 bits.
        OutputError: The disk is full, or the map cannot be written there.
    """
    dtype, nodata = map_type([item.value for item in classes])
    profile = geotiff_profile(grid, 1, dtype, nodata, form.compression)
    # Both are written before either is renamed, so that a full disk leaves none of them.
    with (
        partial_file(sidecar_of(path), progress, UNFINISHED) as sidecar,
        partial_file(path, progress, UNFINISHED) as part,
        removed_afterwards(sidecar_of(part), progress) as gdals_sidecar,
    ):
        try:
            with rasterio.open(part, "w", **profile) as dataset:
                dataset.set_band_description(1, title)
                _describe(dataset, classes, metadata or {})
                writer = MapWriter(dataset, Tile(0, 0, grid.height, grid.width), nodata, classes)
                yield writer
            finish_geotiff(part, Resampling.mode, form, progress)
            _verify(part, writer, progress)
        except RasterioError as error:
            raise write_error(path, error) from error
        write_attribute_table(sidecar, classes, writer.counts, dataset_items(gdals_sidecar))
        remove_companions(path)
        warn_of_style(path, progress)


def write_class_map(
    path: Path,
    values: NDArray[Any],
    grid: Grid,
    classes: Sequence[LandCoverClass],
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    valid: NDArray[np.bool_] | None = None,
) -> None:
    """Write a whole map at once, for maps that fit in memory.

    Args:
        path: The GeoTIFF.
        values: Class values, shape (rows, columns).
        grid: Of the map.
        classes: All that occur.
        progress: Is told of the temporary file.
        metadata: As in ``open_map``.
        valid: Where there is a class; None is everywhere.

    Raises:
        ParameterError: A class value does not fit 32 bits.
        OutputError: The disk is full, or the map cannot be written there.
    """
    with open_map(path, grid, classes, progress, metadata) as writer:
        filled = values if valid is None else np.where(valid, values, writer.nodata)
        for tile in tiles_of(writer.window, BLOCK):
            writer.write(tile, filled[tile.row : tile.row_stop, tile.column : tile.column_stop])


def map_type(values: Sequence[int]) -> tuple[str, int]:
    """Return the narrowest pixel type that holds ``values``, and the highest one that they leave free.

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
        "The class value {value} does not fit a map",
        advice="Use values between -2147483648 and 2147483647.",
        value=max(taken, key=abs),
    )


def count_values(values: NDArray[Any]) -> dict[int, int]:
    """Return how often each value occurs in an array of whole numbers."""
    if values.dtype == np.uint8:
        # Many times quicker than sorting them.
        numbers = np.bincount(values.ravel(), minlength=256)
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    found, numbers = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), numbers.tolist(), strict=True))


def _describe(dataset: Any, classes: Sequence[LandCoverClass], metadata: Mapping[str, str]) -> None:
    """Set all that a TIFF wants before its first pixel."""
    if dataset.dtypes[0] in _COLOUR_TABLE_TYPES:
        dataset.write_colormap(1, {item.value: (*item.rgb, 255) for item in classes})
        dataset.colorinterp = (ColorInterp.palette,)
    dataset.update_tags(
        **metadata,
        CLASSES=json.dumps([to_plain(item) for item in classes], ensure_ascii=False),
        **software_tags(),
    )


def _verify(path: Path, writer: MapWriter, progress: Progress) -> None:
    """Count the classes in the finished file: GDAL may notice a full disk only while closing."""
    counts = dict.fromkeys(writer.counts, 0)
    with rasterio.open(path) as dataset:
        for tile in tiles_of(writer.window, 4 * BLOCK):
            progress.check_cancelled()
            for value, number in count_values(dataset.read(1, window=to_window(tile))).items():
                if value != writer.nodata:
                    counts[value] = counts.get(value, 0) + number
    if counts != writer.counts:
        raise RasterioError("the finished file does not hold what was written")
