"""Feature stack: bands and indices written as one GeoTIFF, tile by tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import torch
from rasterio.errors import RasterioError

from ..arrays import Float32Array
from ..progress import Progress, RateMeter
from .bands import joined_names
from .geotiff import BLOCK, complete_geotiff, geotiff_profile, software_tags
from .grid import Tile, tiles_of, to_window
from .indices import compute_channels, scale_for_indices, usable_indices
from .stack import BandStack

# Values are looked at in squares of so many pixels a side, until there are enough of them.
_SAMPLE_SIDE, _ENOUGH_VALUES = 128, 1_000_000
# Multiples of it, without their whole part, are spread evenly however many are taken.
_GOLDEN_RATIO = 0.6180339887498949
# What share of the run is writing; the rest is reading the finished file.
_WRITING = 0.9


@dataclass(frozen=True)
class Features:
    """What to write: all bands of a stack, then indices of them.

    Attributes:
        bands: Names of the bands.
        indices: Names of the indices.
        roles: Role to band name.
        reflectance_scale: Factor from stored values to reflectance, for the indices.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: dict[str, str]
    reflectance_scale: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bands to write; an index that is a band already gets a number."""
        return joined_names([self.bands, self.indices])


def choose_features(stack: BandStack, wanted: Sequence[str], band_roles: str, progress: Progress) -> Features:
    """Find out which indices the bands allow and what scale their values have.

    The scale is guessed from about a million values of the bands with a role, taken from squares
    all over the raster.

    Args:
        stack: The bands.
        wanted: Names of indices; those that lack bands are named in the log.
        band_roles: The user's ``role=band`` pairs over the guessed ones.
        progress: For the log.

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


def write_features(path: Path, stack: BandStack, features: Features, progress: Progress) -> None:
    """Write a float32 GeoTIFF on the stack's grid; invalid values are NaN, which is its nodata.

    It stands at ``path`` only when it is complete.

    Raises:
        RasterError: The raster cannot be read.
        OutputError: The disk is full, or the file cannot be written there.
        RunCancelled: The user cancelled.
    """
    grid = stack.grid
    # Band by band, so that one band is read without the others; differences compress floats well.
    profile = {
        **geotiff_profile(grid, len(features.names), "float32", np.nan),
        "interleave": "band",
        "predictor": 3,
    }
    with complete_geotiff(path, progress) as part:
        with rasterio.open(part, "w", **profile) as dataset:
            dataset.descriptions = features.names
            dataset.update_tags(
                INPUT=stack.source.title,
                INDICES=", ".join(features.indices),
                REFLECTANCE_SCALE=f"{features.reflectance_scale:g}",
                **software_tags(),
            )
            written = 0
            meter = RateMeter(grid.window.pixels, "pixels", "Writing the bands")
            for tile, channels in _channels(stack, features):
                progress.check_cancelled()
                dataset.write(channels, window=to_window(tile))
                written += int(np.isfinite(channels).sum())
                meter.add(tile.pixels)
                progress.update(_WRITING * meter.fraction, meter.text())
        _verify(part, grid.window, written, progress)


def _channels(stack: BandStack, features: Features) -> Iterator[tuple[Tile, Float32Array]]:
    for tile in tiles_of(stack.grid.window, 2 * BLOCK):
        values = torch.from_numpy(stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop))
        channels = compute_channels(
            values, features.bands, features.indices, features.roles, features.reflectance_scale
        )
        yield tile, channels.numpy()


def _sampled(stack: BandStack, bands: Sequence[str], progress: Progress) -> Float32Array:
    tiles = list(tiles_of(stack.grid.window, _SAMPLE_SIDE))
    spread = sorted(range(len(tiles)), key=lambda number: number * _GOLDEN_RATIO % 1.0)
    found: list[Float32Array] = []
    count = 0
    for number in spread:
        progress.check_cancelled()
        progress.update(0.0, "Looking at the values")
        tile = tiles[number]
        values = stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, bands)
        found.append(values[np.isfinite(values)])
        count += len(found[-1])
        if count >= _ENOUGH_VALUES:
            break
    return np.concatenate(found)


def _verify(path: Path, window: Tile, written: int, progress: Progress) -> None:
    """Count the values in the finished file: GDAL may notice a full disk only while closing."""
    found = 0
    meter = RateMeter(window.pixels, "pixels", "Checking the file")
    with rasterio.open(path) as dataset:
        for tile in tiles_of(window, 2 * BLOCK):
            progress.check_cancelled()
            found += int(np.isfinite(dataset.read(window=to_window(tile))).sum())
            meter.add(tile.pixels)
            progress.update(_WRITING + (1.0 - _WRITING) * meter.fraction, meter.text())
    if found != written:
        raise RasterioError("the finished file does not hold what was written")
