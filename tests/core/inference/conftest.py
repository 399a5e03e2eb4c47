"""A tiny model, and the plain loop that the pipeline is held to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from rasterio.io import DatasetReader
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference import pipeline as survey
from deep_land_cover.core.inference.backends.cascade import Computation
from deep_land_cover.core.inference.backends.torch_backend import plain_backend
from deep_land_cover.core.inference.pipeline import PipelineOptions, PipelineResult, classify_raster
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.inference.products import Scoring, Target, TileLayers, write_outputs
from deep_land_cover.core.inference.tile_store import Journal, execution, open_store
from deep_land_cover.core.models.card import ModelCard, Scaling
from deep_land_cover.core.options import TORCH_FP32
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

from ...cards import model_card

BANDS = ("red", "nir")
CLASSES = (
    LandCoverClass(7, "Water", "#0000FF"),
    LandCoverClass(2001, "Forest", "#00FF00"),
    LandCoverClass(-3, "Town", "#FF0000"),
    LandCoverClass(0, "Field", "#FFFF00"),
)
NODATA = 32767
UTM = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
PLACES = {
    "metres": {"transform": UTM, "crs": "EPSG:32748"},
    "degrees": {"transform": (0.0002, 0.0, 103.0, 0.0, -0.0002, -1.5), "crs": "EPSG:4326"},
    "south up": {"transform": (20.0, 0.0, 500_000.0, 0.0, 20.0, 9_700_000.0), "crs": "EPSG:32748"},
    "rotated": {"transform": (17.0, 9.0, 500_000.0, 9.0, -17.0, 9_800_000.0), "crs": "EPSG:32748"},
}


def scene(height, width, holes=False, seed=0):
    """Return red and near infrared with some structure, as float32 with NaN holes."""
    random = np.random.default_rng(seed)
    values = random.integers(1, 5000, (2, height, width)).astype(np.float32)
    if holes:
        values[:, random.random((height, width)) < 0.2] = np.nan
        values[1, : height // 3, : width // 2] = np.nan
    return values


@pytest.fixture
def small_tiles(monkeypatch):
    """Make tiles of 16 pixels, so that small rasters have many."""
    monkeypatch.setattr(survey, "tile_size", lambda block, stride, suited=256: 16)


@dataclass(frozen=True)
class TinyModel:
    """A network of one convolution with random weights, and its card."""

    network: nn.Module
    card: ModelCard


def make_model(patch_size: int = 6) -> TinyModel:
    """Return a model of two bands and NDVI; the same one each time."""
    torch.manual_seed(patch_size)
    network = nn.Sequential(
        nn.Conv2d(3, 5, 3), nn.ReLU(), nn.Flatten(), nn.Linear(5 * (patch_size - 2) ** 2, len(CLASSES))
    )
    card = model_card(
        architecture="tiny",
        bands=BANDS,
        band_roles={"red": "red", "nir": "nir"},
        indices=("NDVI",),
        reflectance_scale=1e-4,
        scaling=Scaling(mean=(2000.0, 2500.0, 0.1), std=(900.0, 1100.0, 0.3), clip=2.0),
        patch_size=patch_size,
        classes=CLASSES,
    )
    return TinyModel(network.eval(), card)


def plain_map(
    values: np.ndarray, model: TinyModel, *, inside: np.ndarray | None = None, min_valid: float = 0.5
) -> np.ndarray:
    """Return the map by the plainest loop: one padded array and one slice a pixel.

    ``values`` is (2, rows, columns) of red and near infrared with NaN where invalid.
    """
    card = model.card
    size, before = card.patch_size, card.patch_size // 2
    red, nir = values.astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        index = (nir * np.float32(1e-4) - red * np.float32(1e-4)) / (
            nir * np.float32(1e-4) + red * np.float32(1e-4)
        )
    channels = np.stack([red, nir, index])
    channels[~np.isfinite(channels)] = np.nan
    mean = np.array(card.scaling.mean, np.float32)[:, None, None]
    std = np.array(card.scaling.std, np.float32)[:, None, None]
    scaled = np.nan_to_num(np.clip((channels - mean) / std, -2.0, 2.0), nan=0.0)
    valid = np.isfinite(values).all(axis=0)
    around = ((before, size - 1 - before), (before, size - 1 - before))
    scaled = np.pad(scaled, ((0, 0), *around), mode="reflect")
    valid_around = np.pad(valid, around, mode="reflect")
    result = np.full(valid.shape, NODATA, dtype=np.int32)
    places, patches = [], []
    for row, column in np.ndindex(valid.shape):
        place = np.s_[row : row + size, column : column + size]
        is_left_out = inside is not None and not inside[row, column]
        if valid[row, column] and not is_left_out and valid_around[place].mean() >= min_valid:
            places.append((row, column))
            patches.append(scaled[(slice(None), *place)])
    if places:
        with torch.no_grad():
            best = model.network(torch.from_numpy(np.stack(patches))).argmax(dim=1)
        for place, position in zip(places, best.tolist(), strict=True):
            result[place] = CLASSES[position].value
    return result


def plain_stride(full, stride, offset=(0, 0)):
    """Return the map of cells: each takes the class of its classifiable pixel nearest its centre."""
    result = full.copy()
    cells = {}
    for row, column in np.argwhere(full != NODATA):
        place = (row + offset[0], column + offset[1])
        cell = (place[0] // stride, place[1] // stride)
        centre = (cell[0] * stride + stride // 2, cell[1] * stride + stride // 2)
        cells.setdefault(cell, []).append((math.dist(place, centre), row, column))
    for pixels in cells.values():
        _, row, column = min(pixels)
        for _, other_row, other_column in pixels:
            result[other_row, other_column] = full[row, column]
    return result, len(cells)


@pytest.fixture(autouse=True)
def always_one_thread(one_thread: None) -> None:
    """Compute on one thread in all tests of this folder."""


@dataclass(frozen=True)
class Classified:
    """The map, what the pipeline returned, and what it said."""

    values: np.ndarray
    result: PipelineResult
    progress: SilentProgress
    dataset: DatasetReader


@pytest.fixture
def classify(tmp_path: Path) -> Callable[..., Classified]:
    """Return a function that classifies a raster file and reads the map back."""
    import rasterio

    def run(
        path: Path,
        model: TinyModel,
        *,
        extent: tuple[float, float, float, float] | None = None,
        polygons: Path | None = None,
        mask_raster: RasterSource | None = None,
        progress: SilentProgress | None = None,
        device: str = "cpu",
        devices: int = 1,
        resume: bool = False,
        **options: float,
    ) -> Classified:
        progress = progress or SilentProgress()
        output = tmp_path / "map.tif"
        with open_stack(RasterSource(str(path))) as stack, Mask(stack.grid, polygons, mask_raster) as mask:
            window = stack.grid.window_of_extent(extent) if extent else stack.grid.window
            batch_size = int(options.pop("batch_size", 0))
            chosen = PipelineOptions(BANDS, window, mask, (torch.device(device),) * devices, **options)
            grid = stack.grid if chosen.fill else stack.grid.coarsened(chosen.stride)
            card = model.card
            predictors = [
                PatchPredictor(
                    Computation(plain_backend(model.network)), card.patch_size, one, batch_size, progress
                )
                for one in chosen.devices
            ]
            layers = TileLayers(Scoring(CLASSES))
            size = survey.tile_size(stack.block_size, chosen.stride)
            journal = Journal({}, execution(chosen.devices[0], size, predictors[0].batch_size, TORCH_FP32))
            with open_store(output, journal, layers.types, resume, progress) as store:
                result = classify_raster(stack, predictors, card, layers, chosen, store, progress)
                target = Target(grid.crop(chosen.output_window), {}, progress)
                write_outputs(store, layers, target, output, {})
        dataset = rasterio.open(output)
        return Classified(dataset.read(1), result, progress, dataset)

    return run
