"""Large rasters and untrained models for benchmarks: a province of which few pixels are valid.

The raster is a sparse GeoTIFF: blocks without a valid pixel are not in the file, so that hundreds
of millions of pixels are written in seconds. The valid ones are those of the demo scene, repeated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
import torch
from numpy.typing import NDArray
from rasterio.crs import CRS as CoordinateSystem
from rasterio.transform import Affine

from deep_land_cover.core.classes import shipped_scheme
from deep_land_cover.core.demo.cover import BANDS
from deep_land_cover.core.demo.scene import (
    CRS,
    NODATA,
    ORIGIN,
    PIXEL,
    make_scene,
)
from deep_land_cover.core.models.card import ModelCard, Scaling, Training
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.raster.grid import Tile, tiles_of, to_window
from deep_land_cover.core.raster.roles import guess_roles

PROVINCE = (14_055, 15_024)
"""Rows and columns of the province: 211,162,320 pixels."""

PROVINCE_VALID = 480_718
BLOCK = 256
BAND_NAMES = tuple(name for name, _ in BANDS)


@dataclass(frozen=True)
class Field:
    """``count`` valid pixels in reading order from (``row``, ``column``) on, ``width`` in a row."""

    row: int
    column: int
    width: int
    count: int

    @property
    def extent(self) -> Tile:
        """The smallest rectangle that holds them."""
        return Tile(self.row, self.column, -(-self.count // self.width), self.width)

    def valid_in(self, tile: Tile) -> NDArray[np.bool_]:
        """Return which pixels of ``tile`` are valid, shape (rows, columns)."""
        rows = np.arange(tile.row, tile.row_stop)[:, None] - self.row
        columns = np.arange(tile.column, tile.column_stop)[None, :] - self.column
        inside = (rows >= 0) & (columns >= 0) & (columns < self.width)
        return inside & (rows * self.width + columns < self.count)


def clustered(shape: tuple[int, int], count: int) -> list[Field]:
    """Return ``count`` pixels as one field in the middle of a raster of ``shape``."""
    side = math.isqrt(count)
    return [Field((shape[0] - side) // 2, (shape[1] - side) // 2, side, count)]


def scattered(shape: tuple[int, int], count: int, seed: int = 0) -> list[Field]:
    """Return ``count`` pixels as a small field somewhere in every block of a raster of ``shape``."""
    rng = np.random.default_rng(seed)
    blocks = list(tiles_of(Tile(0, 0, *shape), BLOCK))
    fields = []
    for number, block in enumerate(blocks):
        pixels = count * (number + 1) // len(blocks) - count * number // len(blocks)
        width = min(math.isqrt(max(pixels - 1, 0)) + 1, block.width)
        row = int(rng.integers(block.row, block.row_stop - -(-pixels // width), endpoint=True))
        column = int(rng.integers(block.column, block.column_stop - width, endpoint=True))
        fields.append(Field(row, column, width, pixels))
    return fields


def write_raster(
    path: Path,
    shape: tuple[int, int],
    fields: list[Field],
    compress: str = "zstd",
    interleave: str = "pixel",
) -> Path:
    """Write a tiled GeoTIFF of the demo's ten uint16 bands, and return its path.

    Args:
        path: The file.
        shape: Rows and columns.
        fields: Its valid pixels; no two in one block, unless it is the only one.
        compress: ``zstd``, which writes empty pixels four times as fast as ``deflate``.
        interleave: ``pixel``, which is GDAL's default, or ``band``.
    """
    scene = _scene()
    profile = {
        "driver": "GTiff",
        "height": shape[0],
        "width": shape[1],
        "count": len(BAND_NAMES),
        "dtype": scene.dtype,
        "crs": CRS,
        "transform": Affine(PIXEL, 0, ORIGIN[0], 0, -PIXEL, ORIGIN[1]),
        "nodata": NODATA,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": interleave,
        "compress": compress,
        "sparse_ok": True,
        "BIGTIFF": "IF_SAFER",
    }
    with rasterio.Env(GDAL_CACHEMAX=64), rasterio.open(path, "w", **profile) as dataset:
        dataset.descriptions = BAND_NAMES
        for block, field in _blocks(shape, fields):
            values = np.full((len(BAND_NAMES), block.height, block.width), NODATA, scene.dtype)
            rows, columns = np.nonzero(field.valid_in(block))
            values[:, rows, columns] = scene[
                :, (rows + block.row) % scene.shape[1], (columns + block.column) % scene.shape[2]
            ]
            dataset.write(values, window=to_window(block))
    return path


@lru_cache(maxsize=1)
def _scene() -> NDArray[np.uint16]:
    return np.maximum(make_scene(seed=1).bands, NODATA + 1)


def _blocks(shape: tuple[int, int], fields: list[Field]) -> Iterator[tuple[Tile, Field]]:
    """Yield the blocks that hold valid pixels, each with its field."""
    for field in fields:
        extent = field.extent
        first_row, first_column = extent.row // BLOCK * BLOCK, extent.column // BLOCK * BLOCK
        last_row, last_column = min(extent.row_stop, shape[0]), min(extent.column_stop, shape[1])
        around = Tile(first_row, first_column, last_row - first_row, last_column - first_column)
        for tile in tiles_of(around, BLOCK):
            height = min(tile.row + BLOCK, shape[0]) - tile.row
            width = min(tile.column + BLOCK, shape[1]) - tile.column
            yield Tile(tile.row, tile.column, height, width), field


def write_model(path: Path, architecture: str, patch_size: int, indices: tuple[str, ...] = ()) -> Path:
    """Write a model with random weights that fits the raster, and return its path.

    Args:
        path: The file.
        architecture: See ``core.models.architectures``.
        patch_size: Rows and columns of a patch.
        indices: Spectral indices that follow the bands as channels.
    """
    classes = shipped_scheme("jambi").classes
    channels = len(BAND_NAMES) + len(indices)
    card = ModelCard(
        architecture=architecture,
        bands=BAND_NAMES,
        band_roles=guess_roles(BAND_NAMES),
        indices=indices,
        reflectance_scale=1e-4,
        scaling=Scaling(
            (2000.0,) * len(BAND_NAMES) + (0.0,) * len(indices),
            (1500.0,) * len(BAND_NAMES) + (1.0,) * len(indices),
        ),
        patch_size=patch_size,
        padding="reflect",
        pixel_size=(PIXEL, PIXEL),
        crs=CoordinateSystem.from_string(CRS).to_wkt(),
        nodata=NODATA,
        classes=classes,
        training=Training("none", "Never trained: made for a benchmark.", 0, 0, 0, 0, 0),
        metrics=None,
        created="2026-01-01T00:00:00",
        versions={},
    )
    torch.manual_seed(0)
    save_model(path, build_network(architecture, channels, len(classes)), card)
    return path
