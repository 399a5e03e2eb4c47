"""Ensembles of a centred network and trees."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.uncertainty.calibration import log_probabilities

from ....requests import changed, classify_request
from .conftest import Request


def mapped(raster: RasterSource, model: Path, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the map (rows, columns) and the probabilities (classes, rows, columns) of a model."""
    paths = folder / f"{model.stem}_map.tif", folder / f"{model.stem}_probabilities.tif"
    request = classify_request(
        raster,
        str(model),
        str(paths[0]),
        probabilities=str(paths[1]),
        share_type="float32",
        device="cpu",
        min_valid=0.0,
    )
    classify(request, SilentProgress())
    with rasterio.open(paths[0]) as first, rasterio.open(paths[1]) as second:
        return first.read(1), second.read()


@pytest.mark.medium
def test_the_map_of_an_ensemble_is_the_pool_of_the_maps_of_its_members(
    request_for: Request, tmp_path: Path
) -> None:
    request = request_for(
        architecture="ensemble",
        centre=True,
        patch_size=5,
        windows="3,7",
        epochs=1,
        max_per_class=40,
        trees=20,
    )
    request = changed(request, output=str(tmp_path / "model.skops"))
    result = run(request, SilentProgress())
    model = Path(result.output)
    card = read_card(model)
    assert [item.architecture for item in card.members] == ["resnet18", "tree_ensemble"]
    assert (card.windows, card.patch_size, card.format_version) == ((3, 7), 5, 2)
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.5
    assert not list(tmp_path.glob("*.checkpoint")) and not list(tmp_path.glob("*.resume*"))

    # Each member is a model file of its own, and so has a map of its own.
    with zipfile.ZipFile(model) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith("members/")])
    files = [tmp_path / "members" / name for name in ("0.safetensors", "1.skops")]
    logs = [np.log(mapped(request.inputs.raster, file, tmp_path)[1]) for file in files]
    scores = sum(item.weight * log for item, log in zip(card.members, logs, strict=True))
    flat = scores.reshape(len(scores), -1).T
    log_chances = log_probabilities(flat, card.calibration)
    found, probabilities = mapped(request.inputs.raster, model, tmp_path)
    expected = np.array([item.value for item in card.classes])[log_chances.argmax(axis=1)]
    assert (found.ravel() == expected).mean() > 0.999
    np.testing.assert_allclose(
        probabilities.reshape(len(probabilities), -1).T, np.exp(log_chances), atol=1e-4
    )


@pytest.mark.medium
def test_a_limit_that_leaves_no_time_for_the_network_trains_the_trees_as_they_are_trained_alone(
    request_for: Request, tmp_path: Path
) -> None:
    options = {"windows": "3", "max_per_class": 40, "trees": 20, "folds": 2}
    # A hundred thousand epochs take longer than six seconds on any machine.
    limited = request_for(
        architecture="ensemble", centre=True, patch_size=5, epochs=100_000, time_limit=0.1, **options
    )
    limited = changed(limited, output=str(tmp_path / "limited.skops"))
    alone = changed(
        request_for(architecture="tree_ensemble", **options), output=str(tmp_path / "trees.skops")
    )
    found, expected = run(limited, SilentProgress()), run(alone, SilentProgress())
    cards = [read_card(Path(result.output)) for result in (found, expected)]
    assert cards[0].architecture == "tree_ensemble" and not cards[0].members
    assert (found.overall_accuracy, found.test_samples) == (expected.overall_accuracy, expected.test_samples)
    assert cards[0].scaling == cards[1].scaling and len(cards[0].training.folds) == 2
