"""Models that measure neighbourhoods: trees, hybrids and the multi-scale network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.models.tree_file import load_trees
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.neighbourhood import read_features
from deep_land_cover.core.uncertainty.calibration import log_probabilities

from ....requests import changed, classify_request
from ...features import write_features
from .conftest import SIZE, Request, hybrid, polygons, scene


@pytest.mark.medium
def test_a_multi_scale_network_trains_and_its_map_is_what_it_says_of_every_pixel(
    request_for: Request, tmp_path: Path
) -> None:
    progress = SilentProgress()
    request = request_for(
        architecture="multiscale", windows="3,31", patch_size=None, epochs=None, learning_rate=None
    )
    result = run(request, progress)
    network, card = load_model(Path(result.output))
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert (card.windows, card.patch_size) == ((3, 31), 1)
    # Its own recipe, as nothing else was said.
    assert card.training.parameters["learning_rate"] == 2e-3
    assert card.training.parameters["balance"] == "none"
    assert len(card.training.history) <= 15
    output = tmp_path / "map.tif"
    classify(
        classify_request(request.inputs.raster, result.output, str(output), device="cpu"), SilentProgress()
    )
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    rows, columns = (axis.ravel().astype(np.int64) for axis in np.mgrid[0:SIZE, 0:SIZE])
    zeros = np.zeros_like(rows)
    everywhere = Samples(rows, columns, zeros, zeros, card.classes, (1.0,) * 3)
    preparation = Preparation(card.bands, card.indices, card.band_roles, 1.0, scaling=card.scaling)
    with open_stack(request.inputs.raster) as stack:
        features = read_features(
            stack, everywhere, preparation, Neighbourhoods.textured(card.windows), SilentProgress()
        )
    with torch.inference_mode():
        logits = network(torch.from_numpy(features)).numpy()
    codes = log_probabilities(logits, card.calibration).argmax(axis=1)
    expected = np.array([item.value for item in card.classes])[codes].reshape(SIZE, SIZE)
    assert np.array_equal(found, expected)


@pytest.mark.medium
@pytest.mark.slow
def test_a_hybrid_trains_and_its_map_is_what_it_says_of_every_pixel(
    request_for: Request, tmp_path: Path
) -> None:
    progress = SilentProgress()
    report = str(tmp_path / "report.html")
    # A split of the user's own is not refitted, which would train as many networks again.
    parts = [
        {**item, "split": "test" if number % 4 == 3 else "train"}
        for number, item in enumerate(polygons(scene()[1], (0, 4, 7)))
    ]
    split = {"samples": write_features(tmp_path / "parts.jsonl", parts), "split": "field"}
    request = hybrid(
        request_for, tmp_path, patch_size=9, epochs=1, learning_rate=None, report=report, **split
    )
    result = run(request, progress)
    trees, card = load_trees(Path(result.output))
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.8
    assert (card.architecture, card.windows, card.patch_size) == ("hybrid", (3, 7), 9)
    # Its own recipe, as nothing else was said.
    assert card.training.parameters["learning_rate"] == 1e-3
    assert card.training.parameters["label_smoothing"] == 0.1
    assert (len(card.training.history), card.training.best_epoch) == (1, 1)
    assert not list(tmp_path.glob("*.checkpoint")) and not list(tmp_path.glob("*.resume*"))
    assert "the neighbourhoods around it, up to 7" in Path(report).read_text(encoding="utf-8")

    output = tmp_path / "map.tif"
    classify(
        classify_request(request.inputs.raster, result.output, str(output), device="cpu", min_valid=0.0),
        SilentProgress(),
    )
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    bands = scene()[0]
    mean, std = (np.reshape(values, (2, 1, 1)) for values in (card.scaling.mean, card.scaling.std))
    channels = np.pad(np.clip((bands - mean) / std, -10, 10), ((0, 0), (4, 4), (4, 4)), "reflect")
    patches = np.lib.stride_tricks.sliding_window_view(channels, (9, 9), axis=(1, 2))
    patches = patches.transpose(1, 2, 0, 3, 4).reshape(-1, 2, 9, 9)
    assert trees.network is not None
    with torch.inference_mode():
        logits = trees.network(torch.from_numpy(patches.astype(np.float32)))
    rows, columns = (axis.ravel().astype(np.int64) for axis in np.mgrid[0:SIZE, 0:SIZE])
    zeros = np.zeros_like(rows)
    everywhere = Samples(rows, columns, zeros, zeros, card.classes, (1.0,) * 3)
    preparation = Preparation(card.bands, card.indices, card.band_roles, 1.0, scaling=card.scaling)
    with open_stack(request.inputs.raster) as stack:
        features = read_features(stack, everywhere, preparation, trees, SilentProgress())
    said = trees.log_probabilities(np.concatenate([logits.log_softmax(dim=1).numpy(), features], axis=1))
    assert card.calibration is not None
    scores = said / card.calibration.temperature + np.array(card.calibration.offsets)
    expected = np.array([0, 4, 7])[scores.argmax(axis=1)].reshape(SIZE, SIZE)
    # Sums of a convolution round by the size of the batch, so a tree may rarely turn the other way.
    assert (found == expected).mean() > 0.999


@pytest.mark.medium
@pytest.mark.parametrize("architecture", ["extra_trees", "random_forest"])
@pytest.mark.slow(but=("extra_trees",))
def test_trees_learn_classes_that_differ_in_texture_only(request_for: Request, architecture: str) -> None:
    request = request_for(architecture=architecture, windows="3,7", patch_size=32)
    request = changed(request, output=str(Path(request.outputs.model).with_suffix(".skops")))
    result = run(request, SilentProgress())
    card = read_card(Path(request.outputs.model))
    assert (card.architecture, card.windows, card.patch_size) == (architecture, (3, 7), 1)
    assert card.training.best_epoch is None and not card.training.history
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert not Path(request.outputs.model + ".checkpoint").exists()
