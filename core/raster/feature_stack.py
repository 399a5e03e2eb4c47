"""Feature stack: bands and spectral indices written as one GeoTIFF, tile by tile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import torch
from rasterio.enums import Resampling
from rasterio.errors import RasterioError

from ..arrays import Float32Array
from ..marks import KIND_ITEM, STACK
from ..progress import Progress, RateMeter
from .bands import joined_names
from .geotiff import (
    BLOCK,
    PLAIN,
    complete_geotiff,
    finish_geotiff,
    geotiff_profile,
    software_tags,
    write_trial,
)
from .grid import Grid, Tile, scattered_tiles, tiles_of, to_window
from .indices import compute_channels, scale_for_indices, usable_indices
from .stack import BandStack

# Side in pixels of the squares that values are sampled in, and number of values to sample.
_SAMPLE_SIDE, _SAMPLE_VALUES = 128, 1_000_000
# Stored band by band, so that one band can be read without the others. Predictor 3 is the one for floats.
_LAYOUT: dict[str, str | int] = {"interleave": "band", "predictor": 3}
# Fraction of the progress for writing; the rest is for verifying the finished file.
_WRITING_FRACTION = 0.9


@dataclass(frozen=True)
class Features:
    """Content of a feature stack: all bands, then indices computed from them.

    Attributes:
        bands: Names of the bands.
        indices: Names of the indices.
        roles: Band name of each role.
        reflectance_scale: Factor from stored values to reflectance, for the indices.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: dict[str, str]
    reflectance_scale: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bands to write. An index with the name of a band gets a number."""
        return joined_names([self.bands, self.indices])


def choose_features(stack: BandStack, wanted: Sequence[str], band_roles: str, progress: Progress) -> Features:
    """Return the features of a stack: its bands and the requested indices that they allow.

    The reflectance scale is guessed from about a million values of the bands with a role, sampled in
    squares all over the raster.

    Args:
        stack: Open band stack.
        wanted: Names of the requested indices; the log names those whose bands are missing.
        band_roles: ``role=band`` pairs that override the guessed roles.
        progress: Progress reporter.

    Raises:
        ParameterError: An index does not exist, or ``band_roles`` is malformed.
        RasterError: The raster cannot be read.
        RunCancelled: The user cancelled.
    """
    roles = stack.roles(band_roles)
    indices = usable_indices(wanted, roles, progress)
    scale = 1.0
    if indices:
        values = _sampled(stack, tuple(dict.fromkeys(roles.values())), progress)
        scale = scale_for_indices(indices, values, progress)
    return Features(stack.band_names, indices, roles, scale)


def trial_features(stack: BandStack, features: Features, tile: Tile) -> None:
    """Compute the features of a tile and write them into memory, to measure the time.

    Args:
        stack: Open band stack.
        features: Bands and indices.
        tile: Pixels of the tile.
    """
    write_trial(_channels_of(stack, features, tile), np.nan, **_LAYOUT)


def write_features(path: Path, stack: BandStack, features: Features, progress: Progress) -> None:
    """Write the features on the stack's grid, see ``write_bands``.

    The file gets its name only when it is complete.

    Args:
        path: Path of the GeoTIFF.
        stack: Open band stack.
        features: Bands and indices to write.
        progress: Progress reporter.

    Raises:
        RasterError: The raster cannot be read.
        OutputError: The disk is full, or the file cannot be written there.
        RunCancelled: The user cancelled.
    """
    items = {
        "INPUT": stack.source.title,
        "INDICES": ", ".join(features.indices),
        "REFLECTANCE_SCALE": f"{features.reflectance_scale:g}",
    }
    write_bands(path, stack.grid, features.names, _channels(stack, features), items, progress)


def write_bands(
    path: Path,
    grid: Grid,
    names: Sequence[str],
    tiles: Iterable[tuple[Tile, Float32Array]],
    items: Mapping[str, str],
    progress: Progress,
    band_items: Sequence[Mapping[str, str]] = (),
    has_overviews: bool = False,
) -> None:
    """Write a float32 GeoTIFF of bands, with NaN as nodata value.

    The file gets its name only when it is complete.

    Args:
        path: Path of the GeoTIFF.
        grid: Grid of the file.
        names: Names of the bands.
        tiles: Tiles that cover the grid, each with its values, shape (bands, rows, columns).
        items: Metadata items of the file, besides the software and the origin.
        progress: Progress reporter.
        band_items: Metadata items of each band; empty for none.
        has_overviews: Whether overviews are added, of means.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
        RunCancelled: The user cancelled.
    """
    profile = {**geotiff_profile(grid, len(names), "float32", np.nan), **_LAYOUT}
    with complete_geotiff(path, progress) as part:
        with rasterio.open(part, "w", **profile) as dataset:
            dataset.descriptions = tuple(names)
            dataset.update_tags(**{**items, KIND_ITEM: STACK, **software_tags()})
            for number, own in enumerate(band_items, start=1):
                dataset.update_tags(number, **own)
            written = 0
            meter = RateMeter(grid.window.pixels, "pixels", "Writing the bands")
            for tile, channels in tiles:
                progress.check_cancelled()
                dataset.write(channels, window=to_window(tile))
                written += int(np.isfinite(channels).sum())
                meter.add(tile.pixels)
                progress.update(_WRITING_FRACTION * meter.fraction, meter.text())
        if has_overviews:
            finish_geotiff(part, Resampling.average, PLAIN, progress)
        _verify(part, grid.window, written, progress)


def _channels(stack: BandStack, features: Features) -> Iterator[tuple[Tile, Float32Array]]:
    for tile in tiles_of(stack.grid.window, 2 * BLOCK):
        yield tile, _channels_of(stack, features, tile)


def _channels_of(stack: BandStack, features: Features, tile: Tile) -> Float32Array:
    values = torch.from_numpy(stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop))
    channels: Float32Array = compute_channels(
        values, features.bands, features.indices, features.roles, features.reflectance_scale
    ).numpy()
    return channels


def _sampled(stack: BandStack, bands: Sequence[str], progress: Progress) -> Float32Array:
    samples: list[Float32Array] = []
    count = 0
    for tile in scattered_tiles(stack.grid.window, _SAMPLE_SIDE):
        progress.check_cancelled()
        progress.update(0.0, "Sampling values")
        values = stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, bands)
        samples.append(values[np.isfinite(values)])
        count += len(samples[-1])
        if count >= _SAMPLE_VALUES:
            break
    return np.concatenate(samples)


def _verify(path: Path, window: Tile, written: int, progress: Progress) -> None:
    """Count the values in the finished file: GDAL may detect a full disk only while closing."""
    count = 0
    meter = RateMeter(window.pixels, "pixels", "Checking the file")
    with rasterio.open(path) as dataset:
        for tile in tiles_of(window, 2 * BLOCK):
            progress.check_cancelled()
            count += int(np.isfinite(dataset.read(window=to_window(tile))).sum())
            meter.add(tile.pixels)
            progress.update(_WRITING_FRACTION + (1.0 - _WRITING_FRACTION) * meter.fraction, meter.text())
    if count != written:
        raise RasterioError("the finished file does not contain all values that were written")
