"""Rasters that break readers, a model for each of them, and runs over them."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify

from ....cards import model_card
from ....requests import classify_request

WIDTH = 4  # of a patch
FOLDER = "awkward"
NO_CRS = "The raster has no coordinate reference system"
CONTROL_POINTS = "ground control points only"
NO_BANDS = "The raster has no bands"


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return dataset.read()


def zero_in_any_band(path: Path) -> np.ndarray:
    return (read(path) == 0).any(axis=0)


def zero_alpha(path: Path) -> np.ndarray:
    return read(path)[3] == 0


@pytest.fixture(scope="session")
def folder(data_folder):
    return data_folder / FOLDER


@pytest.fixture(scope="session")
def model_for(tmp_path_factory):
    """Write a model for so many bands whose answer is each class for about half of all patches, once."""
    folder = tmp_path_factory.mktemp("models")

    @functools.cache
    def write(bands: int, mean: float = 100.0, std: float = 50.0) -> str:
        torch.manual_seed(0)
        network = build_network("resnet18", bands, 2).eval()
        with torch.no_grad():
            scores = network(torch.randn(256, bands, WIDTH, WIDTH))
            network.fc.bias[0] -= (scores[:, 0] - scores[:, 1]).median()
        names = tuple(f"Band {number}" for number in range(1, bands + 1))
        card = model_card(
            bands=names,
            scaling=Scaling((mean,) * bands, (std,) * bands),
            patch_size=WIDTH,
            classes=(LandCoverClass(3, "Wood", "#006400"), LandCoverClass(7, "Water", "#0064C8")),
        )
        path = folder / f"{bands} bands, {mean} and {std}.safetensors"
        save_model(path, network, card)
        return str(path)

    return write


@pytest.fixture
def classified(tmp_path):
    """Classify a raster; return map and log."""

    def run(path: Path | str, model: str, stride: int = 1, **options: Any) -> tuple[Path, SilentProgress]:
        progress = SilentProgress()
        output = tmp_path / "maps" / "map.tif"
        output.parent.mkdir(exist_ok=True)
        # The model was not trained on any of these rasters.
        options = {"device": "cpu", "min_valid": 0.0, "allow_different_values": True, **options}
        request = classify_request(RasterSource(str(path)), model, str(output), stride=stride, **options)
        classify.run(request, progress)
        return output, progress

    return run
