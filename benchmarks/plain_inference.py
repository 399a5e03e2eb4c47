"""The honest opponent: the loop over a raster that one writes first. It is never weakened.

Indices by numpy over the window that holds the centres, a slice for each classified centre, stacked,
standardised, batches of 64, float32, eager, argmax, one array, written once. Padding and validity are
those of the product.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch
from numpy.typing import NDArray
from rasterio.windows import Window
from torch import nn

from deep_land_cover.core.models.card import ModelCard
from deep_land_cover.core.raster.grid import Tile

BATCH = 64
MIN_VALID = 0.5
NODATA = 255
Floats = NDArray[np.float32]


def plain_map(
    raster: Path, network: nn.Module, card: ModelCard, window: Tile, stride: int, output: Path
) -> int:
    """Write the map of a window and return how many patches were classified.

    Args:
        raster: GeoTIFF of the model's bands in its order.
        network: In evaluation mode, on its device.
        card: Of the model.
        window: A part of the raster.
        stride: The pixel in the middle of each cell of so many pixels is classified.
        output: GeoTIFF to write.
    """
    device = next(network.parameters()).device
    size, before = card.patch_size, card.patch_size // 2
    with rasterio.open(raster) as dataset:
        profile = dataset.profile
        transform = dataset.window_transform(_window(window))
        bands = _read(dataset, window, before, size - 1 - before)
    with np.errstate(invalid="ignore", divide="ignore"):
        channels = np.concatenate([bands, _indices(bands * np.float32(card.reflectance_scale), card)])
    channels[~np.isfinite(channels)] = np.nan
    valid = np.isfinite(bands).all(axis=0)
    sums = np.pad(valid, ((1, 0), (1, 0))).cumsum(0, dtype=np.int64).cumsum(1)
    counts = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    own = valid[before : before + window.height, before : before + window.width]
    classifiable = own & (counts >= MIN_VALID * size * size)
    centres = [
        (row, column)
        for row in range(stride // 2, window.height, stride)
        for column in range(stride // 2, window.width, stride)
        if classifiable[row, column]
    ]
    mean = np.array(card.scaling.mean, np.float32)[:, None, None]
    std = np.array(card.scaling.std, np.float32)[:, None, None]
    values = [item.value for item in card.classes]
    result = np.full((window.height, window.width), NODATA, np.uint8)
    for start in range(0, len(centres), BATCH):
        batch = centres[start : start + BATCH]
        patches = np.stack([channels[:, row : row + size, column : column + size] for row, column in batch])
        patches = np.nan_to_num(np.clip((patches - mean) / std, -card.scaling.clip, card.scaling.clip))
        with torch.no_grad():
            best = network(torch.from_numpy(patches).to(device)).argmax(dim=1)
        for (row, column), position in zip(batch, best.tolist(), strict=True):
            top, left = row - stride // 2, column - stride // 2
            result[top : top + stride, left : left + stride] = values[position]
    result[~classifiable] = NODATA
    profile.update(
        count=1, dtype="uint8", nodata=NODATA, height=window.height, width=window.width, transform=transform
    )
    with rasterio.open(output, "w", **profile) as dataset:
        dataset.write(result, 1)
    return len(centres)


def _window(tile: Tile) -> Window:
    return Window(tile.column, tile.row, tile.width, tile.height)


def _read(dataset: Any, window: Tile, before: int, behind: int) -> Floats:
    """Return the bands of the window and its halo, mirrored at the raster's edge; NaN where invalid."""
    row, column = max(window.row - before, 0), max(window.column - before, 0)
    row_stop = min(window.row_stop + behind, dataset.height)
    column_stop = min(window.column_stop + behind, dataset.width)
    inside = Tile(row, column, row_stop - row, column_stop - column)
    bands = dataset.read(window=_window(inside)).astype(np.float32)
    bands[bands == dataset.nodata] = np.nan
    beyond = (
        (row - window.row + before, window.row_stop + behind - row_stop),
        (column - window.column + before, window.column_stop + behind - column_stop),
    )
    return np.pad(bands, ((0, 0), *beyond), mode="reflect")


def _indices(bands: Floats, card: ModelCard) -> Floats:
    """Return the thirteen indices of reflectance, in the order of the model."""
    roles = {role: bands[card.bands.index(name)] for role, name in card.band_roles.items()}
    blue, green, red, nir = (roles[name] for name in ("blue", "green", "red", "nir"))
    edge, swir1, swir2 = (roles[name] for name in ("red_edge_1", "swir1", "swir2"))
    doubled = 2 * nir + 1
    layers = {
        "NDVI": (nir - red) / (nir + red),
        "EVI": 2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1),
        "SAVI": 1.5 * (nir - red) / (nir + red + 0.5),
        "NDWI": (green - nir) / (green + nir),
        "MNDWI": (green - swir1) / (green + swir1),
        "NDBI": (swir1 - nir) / (swir1 + nir),
        "BSI": ((swir1 + red) - (nir + blue)) / ((swir1 + red) + (nir + blue)),
        "NDRE": (nir - edge) / (nir + edge),
        "CIRE": nir / edge - 1,
        "MSAVI": (doubled - np.sqrt(doubled**2 - 8 * (nir - red))) / 2,
        "GNDVI": (nir - green) / (nir + green),
        "NDMI": (nir - swir1) / (nir + swir1),
        "NBR": (nir - swir2) / (nir + swir2),
    }
    return np.stack([layers[name] for name in card.indices]).astype(np.float32)
