"""The small raster of the first edition, and how its models classify it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import sklearn
from numpy.typing import NDArray

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run

from ...first_edition.files import FOLDER, RASTER
from ...requests import classify_request

Labels = NDArray[np.int64]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with the raster: files were named without their folders then, too."""
    shutil.copy(RASTER, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def forest(folder: Path) -> Path:
    """The random forest of five trees, in the working folder."""
    return Path(shutil.copy(FOLDER / "random_forest.skops", "random_forest.skops"))


def request_of(model: Path, output: str = "map.tif", **options: Any) -> ClassifyRequest:
    """Return how the first edition classified the small raster."""
    return classify_request(
        RasterSource(RASTER.name),
        model.name,
        output,
        **{"probabilities": "shares.tif", "share_type": "float32", "device": "cpu", **options},
    )


@pytest.fixture
def classified(folder: Path) -> Callable[..., tuple[Labels, list[int], NDArray[np.float32], SilentProgress]]:
    """Return a function that classifies: class values, classes in order, probabilities, what was said."""

    def classify(
        model: Path, **options: Any
    ) -> tuple[Labels, list[int], NDArray[np.float32], SilentProgress]:
        progress = SilentProgress()
        request = request_of(model, **options)
        run(request, progress)
        products = request.products
        assert products.probabilities is not None
        with rasterio.open(products.map) as dataset, rasterio.open(products.probabilities) as shares:
            classes = [item["value"] for item in json.loads(dataset.tags()["CLASSES"])]
            return dataset.read(1).astype(np.int64), classes, shares.read(), progress

    return classify


@pytest.fixture(autouse=True)
def always_one_thread(one_thread: None) -> None:
    """Compute on one thread in all tests of this folder."""


@pytest.fixture
def usable_trees() -> None:
    """Skip where scikit-learn is older than the one that wrote the trees: it need not read them."""
    made = json.loads((FOLDER / "random_forest.json").read_text(encoding="utf-8"))["scikit-learn"]
    if _numbers(sklearn.__version__) < _numbers(made):
        pytest.skip(f"the trees were written by scikit-learn {made}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
