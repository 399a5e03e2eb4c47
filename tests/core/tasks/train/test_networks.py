"""Networks on patches and U-Nets, trained from end to end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run

from ....requests import classify_request, train_request
from .conftest import FIELD, SIZE, SMALL, Request, scene


@pytest.mark.medium
@pytest.mark.slow
def test_texture_is_learnt_and_the_model_file_tells_all(request_for: Request) -> None:
    progress = SilentProgress()
    request = request_for(indices=("NDVI", "NDRE"))
    result = run(request, progress)
    card = read_card(Path(result.output))
    log = [text for _, text in progress.lines]
    # By their colour alone, a third of the samples would be right.
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.7
    assert result.split == "polygons" == card.training.split
    assert result.classes == 3
    assert [item.value for item in card.classes] == [0, 4, 7]
    assert card.channels == ("red", "nir", "NDVI")
    assert any("left out: NDRE" in text for text in log)
    assert card.reflectance_scale == 1e-4
    assert card.scaling.mean[:2] == pytest.approx((1000, 3000), rel=0.05)
    assert card.padding == "reflect"
    assert card.pixel_size == (20.0, 20.0)
    assert card.metrics is not None
    assert card.metrics.overall_accuracy == result.overall_accuracy
    assert sum(map(sum, card.metrics.confusion)) == result.test_samples == card.training.test_samples
    assert len(card.training.history) == 4
    assert card.training.parameters["max_per_class"] == 100
    assert any("precision" in line for line in log)
    assert sorted(path.name for path in Path(request.outputs.model).parent.iterdir()) == [
        "model.safetensors",
        "samples.jsonl",
        "scene ü.tif",
    ]


@pytest.mark.medium
def test_folds_are_tested_together_and_the_saved_model_is_trained_on_all(request_for: Request) -> None:
    progress = SilentProgress()
    request = request_for(epochs=2, folds=3, **SMALL)
    result = run(request, progress)
    card = read_card(Path(result.output))
    log = [text for _, text in progress.lines]
    assert len(card.training.folds) == 3
    assert sum(fold.test_samples for fold in card.training.folds) == result.test_samples
    assert card.metrics is not None
    assert sum(map(sum, card.metrics.confusion)) == result.test_samples == card.training.test_samples
    # All 36 polygons of 64 pixels are tested.
    assert result.test_samples == 36 * 64
    assert result.train_samples == 3 * 40 == card.training.train_samples
    assert card.training.validation_samples == 0
    assert card.training.history[-1].validation_loss is None
    assert len(card.training.history) == card.training.best_epoch
    assert "There are 3 folds" in card.training.split_note
    assert any(text.startswith("Held-out test: ") and "3 folds pooled" in text for text in log)
    assert load_model(Path(result.output))[1].architecture == "multiscale"


@pytest.mark.medium
@pytest.mark.slow
def test_a_small_stem_is_chosen_for_small_patches_and_kept_in_the_model(request_for: Request) -> None:
    result = run(request_for(stem="auto", epochs=1, max_per_class=20), SilentProgress())
    network, card = load_model(Path(result.output))
    assert card.small_stem
    assert network.conv1.kernel_size == (3, 3)


@pytest.mark.medium
@pytest.mark.slow
def test_a_dense_network_trains_from_the_same_samples_and_maps(request_for: Request, tmp_path: Path) -> None:
    request = request_for(
        architecture="unet_resnet18",
        patch_size=64,
        batch_size=4,
        epochs=4,
        learning_rate=None,
        max_per_class=0,
        weight_decay=None,
        split="random",
    )
    result = run(request, SilentProgress())
    card = read_card(Path(result.output))
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert (card.architecture, card.patch_size, card.padding) == ("unet_resnet18", 32, "reflect")
    assert card.training.parameters["patch_size"] == 64
    output = tmp_path / "map.tif"
    classify(
        classify_request(request.inputs.raster, result.output, str(output), device="cpu"), SilentProgress()
    )
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    truth = np.array([0, 4, 7])[scene()[1]]
    # The samples lie inside the fields, where the map should be at least as good as the test.
    inside = np.kron(np.ones((SIZE // FIELD,) * 2, dtype=bool), np.pad(np.ones((8, 8), dtype=bool), 4))
    assert (found == truth)[inside].mean() > result.overall_accuracy - 0.1


@pytest.mark.medium
def test_the_same_seed_gives_the_same_weights(request_for: Request) -> None:
    request = request_for(epochs=1, max_per_class=20)
    first = run(request, SilentProgress())
    weights = load_model(Path(first.output))[0].state_dict()
    assert run(request, SilentProgress()) == first
    again = load_model(Path(first.output))[0].state_dict()
    assert all(value.equal(again[name]) for name, value in weights.items())


@pytest.mark.medium
def test_a_model_starts_another_training_and_its_card_says_so(request_for: Request, tmp_path: Path) -> None:
    first = run(request_for(epochs=1, max_per_class=20), SilentProgress())
    start = tmp_path / "start.safetensors"
    Path(first.output).rename(start)
    progress = SilentProgress()
    run(
        request_for(weights_file=str(start), epochs=1, frozen_epochs=1, max_per_class=20, indices=("NDVI",)),
        progress,
    )
    network, card = load_model(Path(first.output))
    sentence = str(card.training.parameters["start"])
    assert sentence.startswith(
        "Training starts from start.safetensors: 122 of 122 tensors loaded; first convolution: "
    )
    assert ("info", sentence) in progress.lines
    # Frozen: its weights, not its running means, are still those that it started from.
    before = load_model(start)[0].state_dict()
    assert torch.equal(network.state_dict()["layer2.0.conv1.weight"], before["layer2.0.conv1.weight"])
    assert not torch.equal(network.state_dict()["fc.weight"], before["fc.weight"])


def test_the_request_is_importable_without_heavy_packages() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import deep_land_cover.core.requests.train; "
        "sys.exit(bool({'torch', 'rasterio', 'numpy'} & set(sys.modules)))"
    )
    plugins = Path(__file__).parents[4] / ".dev" / "plugins"
    assert subprocess.run([sys.executable, "-c", code, str(plugins)], check=False).returncode == 0


@pytest.mark.data
@pytest.mark.slow
def test_the_label_raster_of_gewata_trains(data_folder: Path, tmp_path: Path) -> None:
    folder = data_folder / "gewata_landsat7"
    result = run(
        train_request(
            input=RasterSource(str(folder / "gewata_B123457.tif")),
            labels=RasterSource(str(folder / "gewata_lulc2011.tif")),
            output=str(tmp_path / "gewata.safetensors"),
            architecture="resnet18",
            patch_size=8,
            stem="standard",
            epochs=1,
            max_per_class=100,
            device="cpu",
        ),
        SilentProgress(),
    )
    assert [item.value for item in read_card(Path(result.output)).classes] == [1, 2, 3, 4, 5, 6]
    assert result.train_samples == 600
    assert result.test_samples > 10_000
