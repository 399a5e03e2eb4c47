"""A scene that only texture tells apart, and quick requests to train on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.train import TrainRequest

from ....requests import changed, train_request
from ...features import Feature, polygon, write_features

Make = Callable[..., Path]
SIZE = 96
FIELD = 16  # a square of one class, in pixels
# The smallest network, for what all networks share: trained in half a second, a ResNet18 in five.
SMALL: dict[str, Any] = {"architecture": "multiscale", "windows": "3,7", "max_per_class": 40}


def scene() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return bands (red, nir) and class numbers 0 to 2.

    All classes have the same mean colour: only texture tells them apart, and turning a patch
    leaves it what it is.
    """
    generator = np.random.default_rng(0)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    fields = generator.permutation(np.arange((SIZE // FIELD) ** 2) % 3).reshape(SIZE // FIELD, -1)
    truth = np.kron(fields, np.ones((FIELD, FIELD), dtype=np.int64))
    stripes, checks = rows % 2, (rows // 2 + columns // 2) % 2
    texture = np.choose(truth, [stripes, checks, generator.integers(0, 2, truth.shape)]) * 2 - 1
    red = 1000 + 300 * texture + generator.normal(0, 60, truth.shape)
    nir = 3000 - 300 * texture + generator.normal(0, 60, truth.shape)
    return np.stack([red, nir]).astype(np.float32), truth


def polygons(truth: np.ndarray[Any, Any], labels: tuple[object, ...]) -> list[Feature]:
    """Return a polygon in the middle of each field."""
    corners = [(FIELD * row, FIELD * column) for row, column in np.ndindex(SIZE // FIELD, SIZE // FIELD)]
    return [polygon(row + 4, column + 4, 8, 8, labels[int(truth[row, column])]) for row, column in corners]


@pytest.fixture
def request_for(make_raster: Make, tmp_path: Path) -> Callable[..., TrainRequest]:
    """Return a function that writes the scene and gives a quick request for it."""

    def make(
        values: tuple[object, ...] = (0, 4, 7), spoil: Callable[[Any], None] | None = None, **options: Any
    ) -> TrainRequest:
        bands, truth = scene()
        if spoil:
            spoil(bands)
        raster = make_raster(bands, names=("red", "nir"), name="scene ü.tif")
        if "labels" not in options and "samples" not in options:
            options["samples"] = write_features(tmp_path / "samples.jsonl", polygons(truth, values))
        quick = {
            "architecture": "resnet18",
            "centre": False,
            "patch_size": 8,
            "stem": "standard",
            "epochs": 4,
            "batch_size": 16,
            "learning_rate": 1e-3,
            "max_per_class": 100,
            "device": "cpu",
        }
        return train_request(
            input=RasterSource(str(raster)),
            output=str(tmp_path / "model.safetensors"),
            **{**quick, **options},
        )

    return make


Request = Callable[..., TrainRequest]


def hybrid(request_for: Request, tmp_path: Path, **options: Any) -> TrainRequest:
    quick = {"architecture": "hybrid", "windows": "3,7", "batch_size": 32, "max_per_class": 60}
    return changed(request_for(**{**quick, **options}), output=str(tmp_path / "model.skops"))


class CancelAfter(SilentProgress):
    """Cancels at the first batch after so many epochs."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self.epochs = epochs
        self.temporaries: list[str] = []

    def temporary(self, path: str) -> None:
        self.temporaries.append(path)

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        self.in_epoch = text.startswith(f"Epoch {self.epochs + 1} ")

    def check_cancelled(self) -> None:
        if getattr(self, "in_epoch", False):
            raise RunCancelled


class CancelAt(SilentProgress):
    """Cancels when it has been told something that begins like this so many times."""

    def __init__(self, words: str, times: int = 1) -> None:
        super().__init__()
        self.words = words
        self.times = times

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        self.times -= text.startswith(self.words)
        if not self.times:
            raise RunCancelled
