from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.assessment.calibration import log_probabilities
from deep_land_cover.core.errors import (
    LandCoverError,
    OutputError,
    ParameterError,
    RasterError,
    RunCancelled,
    SampleError,
)
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.file import load_model
from deep_land_cover.core.models.tree_file import load_trees
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.tasks.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import TrainRequest, run
from deep_land_cover.core.training.preparation import Preparation
from deep_land_cover.core.training.tabular import read_features
from deep_land_cover.core.values import to_plain

Make = Callable[..., Path]
SIZE = 96
FIELD = 16  # a square of one class, in pixels


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


def polygons(truth: np.ndarray[Any, Any], labels: tuple[object, ...]) -> list[dict[str, Any]]:
    """Return a polygon in the middle of each field, in UTM."""
    features = []
    for number in range((SIZE // FIELD) ** 2):
        row, column = number // (SIZE // FIELD) * FIELD, number % (SIZE // FIELD) * FIELD
        left, top = 500_000 + 20 * (column + 4), 9_800_000 - 20 * (row + 4)
        right, bottom = left + 20 * 8, top - 20 * 8
        ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
        features.append(
            {
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "class": labels[int(truth[row, column])],
                "name": None,
                "group": number,
            }
        )
    return features


def write_samples(folder: Path, features: list[dict[str, Any]]) -> str:
    path = folder / "samples.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in features), encoding="utf-8")
    return str(path)


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
            options["samples"] = write_samples(tmp_path, polygons(truth, values))
        quick = {
            "architecture": "resnet18",
            "patch_size": 8,
            "stem": "standard",
            "epochs": 4,
            "learning_rate": 1e-3,
            "max_per_class": 150,
            "device": "cpu",
        }
        return TrainRequest(
            input=RasterSource(str(raster)),
            output=str(tmp_path / "model.safetensors"),
            **{**quick, **options},
        )

    return make


Request = Callable[..., TrainRequest]


class CancelAfter(SilentProgress):
    """Cancels at the first batch after so many epochs."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self.epochs = epochs
        self.temporaries: list[str] = []

    def temporary(self, path: str) -> None:
        self.temporaries.append(path)

    def update(self, fraction: float, text: str = "") -> None:
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

    def update(self, fraction: float, text: str = "") -> None:
        self.times -= text.startswith(self.words)
        if not self.times:
            raise RunCancelled


@pytest.mark.slow
def test_texture_is_learnt_and_the_model_file_tells_all(request_for: Request) -> None:
    progress = SilentProgress()
    request = request_for(indices=("NDVI", "NDRE"))
    result = run(request, progress)
    card = read_card(Path(result.output))
    log = [text for _, text in progress.lines]
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.85
    assert result.split == "polygons" == card.training.split
    assert result.classes == 3
    assert [item.value for item in card.classes] == [0, 4, 7]
    assert card.channels == ("red", "nir", "NDVI")
    assert "Skipped the index NDRE: no band is known as red_edge_1." in log
    assert card.reflectance_scale == 1e-4
    assert card.scaling.mean[:2] == pytest.approx((1000, 3000), rel=0.05)
    assert card.padding == "reflect"
    assert card.pixel_size == (20.0, 20.0)
    assert card.metrics is not None
    assert card.metrics.overall_accuracy == result.overall_accuracy
    assert sum(map(sum, card.metrics.confusion)) == result.test_samples == card.training.test_samples
    assert len(card.training.history) == 4
    assert card.training.parameters["max_per_class"] == 150
    assert any("precision" in line for line in log)
    assert sorted(path.name for path in Path(request.output).parent.iterdir()) == [
        "model.safetensors",
        "samples.jsonl",
        "scene ü.tif",
    ]


@pytest.mark.slow
def test_folds_are_tested_together_and_the_saved_model_is_trained_on_all(request_for: Request) -> None:
    progress = SilentProgress()
    request = request_for(epochs=2, folds=3, max_per_class=40)
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
    assert any(text.startswith("Held-out test: ") and "3 folds together" in text for text in log)
    assert load_model(Path(result.output))[1].architecture == "resnet18"


@pytest.mark.slow
def test_a_training_cancelled_in_a_fold_keeps_its_model_and_says_what_it_is(request_for: Request) -> None:
    request = request_for(folds=2)
    with pytest.raises(RunCancelled, match="best model so far"):
        run(request, CancelAfter(epochs=1))
    card = read_card(Path(request.output + ".checkpoint"))
    assert "this is the model of fold 1" in card.training.split_note


@pytest.mark.slow
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
    classify(ClassifyRequest(request.input, result.output, str(output), device="cpu"), SilentProgress())
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    rows, columns = (axis.ravel().astype(np.int64) for axis in np.mgrid[0:SIZE, 0:SIZE])
    zeros = np.zeros_like(rows)
    everywhere = Samples(rows, columns, zeros, zeros, card.classes, (1.0,) * 3)
    preparation = Preparation(card.bands, card.indices, card.band_roles, 1.0, scaling=card.scaling)
    with open_stack(request.input) as stack:
        features = read_features(
            stack, everywhere, preparation, Neighbourhoods.textured(card.windows), SilentProgress()
        )
    with torch.inference_mode():
        logits = network(torch.from_numpy(features)).numpy()
    codes = log_probabilities(logits, card.calibration).argmax(axis=1)
    expected = np.array([item.value for item in card.classes])[codes].reshape(SIZE, SIZE)
    assert np.array_equal(found, expected)


def hybrid(request_for: Request, tmp_path: Path, **options: Any) -> TrainRequest:
    quick = {"architecture": "hybrid", "windows": "3,7", "batch_size": 32, "max_per_class": 60}
    return replace(request_for(**{**quick, **options}), output=str(tmp_path / "model.skops"))


@pytest.mark.slow
def test_a_hybrid_trains_and_its_map_is_what_it_says_of_every_pixel(
    request_for: Request, tmp_path: Path
) -> None:
    progress = SilentProgress()
    report = str(tmp_path / "report.html")
    request = hybrid(request_for, tmp_path, patch_size=9, epochs=2, learning_rate=None, report=report)
    result = run(request, progress)
    trees, card = load_trees(Path(result.output))
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.8
    assert (card.architecture, card.windows, card.patch_size) == ("hybrid", (3, 7), 9)
    # Its own recipe, as nothing else was said.
    assert card.training.parameters["learning_rate"] == 1e-3
    assert card.training.parameters["label_smoothing"] == 0.1
    assert (len(card.training.history), card.training.best_epoch) == (2, 2)
    assert not list(tmp_path.glob("*.checkpoint")) and not list(tmp_path.glob("*.resume*"))
    assert "the neighbourhoods around it, up to 7" in Path(report).read_text(encoding="utf-8")

    output = tmp_path / "map.tif"
    classify(
        ClassifyRequest(request.input, result.output, str(output), device="cpu", min_valid=0.0),
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
    with open_stack(request.input) as stack:
        features = read_features(stack, everywhere, preparation, trees, SilentProgress())
    said = trees.log_probabilities(np.concatenate([logits.log_softmax(dim=1).numpy(), features], axis=1))
    assert card.calibration is not None
    scores = said / card.calibration.temperature + np.array(card.calibration.offsets)
    expected = np.array([0, 4, 7])[scores.argmax(axis=1)].reshape(SIZE, SIZE)
    # Sums of a convolution round by the size of the batch, so a tree may rarely turn the other way.
    assert (found == expected).mean() > 0.999


@pytest.mark.slow
def test_a_hybrid_cancelled_among_its_trees_keeps_no_model_but_its_networks(
    request_for: Request, tmp_path: Path
) -> None:
    request = hybrid(request_for, tmp_path, split="random", epochs=1)
    with pytest.raises(RunCancelled) as caught:
        run(request, CancelAt("Growing"))
    assert "No model was kept, for none was complete yet" in str(caught.value)
    assert "The same run started again goes on from there" in str(caught.value)
    names = [path.name for path in tmp_path.glob("model*")]
    assert sorted(names) == [f"model.skops.resume{number}" for number in ("", "-2", "-3", "-4")]
    progress = SilentProgress()
    run(request, progress)
    log = [text for _, text in progress.lines]
    assert sum(text.startswith("Going on after epoch 1 ") for text in log) == 4
    assert not any(text.startswith("Epoch ") for text in log if "training loss" in text)
    assert [path.name for path in tmp_path.glob("model*")] == ["model.skops"]


@pytest.mark.parametrize(("folds", "growths", "kept"), [(0, 1, False), (2, 1, False), (2, 31, True)])
def test_cancelled_trees_keep_the_last_complete_model_and_say_so(
    request_for: Request, tmp_path: Path, folds: int, growths: int, kept: bool
) -> None:
    options = {"architecture": "extra_trees", "windows": "0", "folds": folds}
    request = replace(request_for(**options), output=str(tmp_path / "model.skops"))
    progress = CancelAt("Growing", times=growths)
    with pytest.raises(RunCancelled) as caught:
        run(request, progress)
    checkpoint = Path(f"{request.output}.checkpoint")
    assert {path.name for path in tmp_path.glob("model*")} == ({checkpoint.name} if kept else set())
    if kept:
        assert f"The best model so far was kept as {checkpoint}." in str(caught.value)
        assert f"Until the training is complete, the best model so far is {checkpoint}." in [
            text for _, text in progress.lines
        ]
        assert "this is the model of fold 1" in load_trees(checkpoint)[1].training.split_note
    else:
        assert "No model was kept, for none was complete yet." in str(caught.value)


@pytest.mark.slow
def test_a_small_stem_is_chosen_for_small_patches_and_kept_in_the_model(request_for: Request) -> None:
    result = run(request_for(stem="auto", epochs=1, max_per_class=20), SilentProgress())
    network, card = load_model(Path(result.output))
    assert card.small_stem
    assert network.conv1.kernel_size == (3, 3)


@pytest.mark.slow
def test_a_dense_network_trains_from_the_same_samples_and_maps(request_for: Request, tmp_path: Path) -> None:
    request = request_for(
        architecture="unet_resnet18",
        patch_size=64,
        epochs=6,
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
    classify(ClassifyRequest(request.input, result.output, str(output), device="cpu"), SilentProgress())
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    truth = np.array([0, 4, 7])[scene()[1]]
    # The samples lie inside the fields, where the map should be at least as good as the test.
    inside = np.kron(np.ones((SIZE // FIELD,) * 2, dtype=bool), np.pad(np.ones((8, 8), dtype=bool), 4))
    assert (found == truth)[inside].mean() > result.overall_accuracy - 0.1


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(request_for: Request) -> None:
    request = request_for(epochs=2, max_per_class=40)
    first = run(request, SilentProgress())
    weights = load_model(Path(first.output))[0].state_dict()
    assert run(request, SilentProgress()) == first
    again = load_model(Path(first.output))[0].state_dict()
    assert all(value.equal(again[name]) for name, value in weights.items())


@pytest.mark.slow
def test_a_label_raster_on_another_grid_trains(request_for: Request, make_raster: Make) -> None:
    _, truth = scene()
    finer = np.kron(truth + 10, np.ones((2, 2), dtype=np.int64)).astype(np.int16)
    labels = make_raster(
        finer, name="labels.tif", transform=(10.0, 0.0, 500_000.0, 0.0, -10.0, 9_800_000.0), nodata=-1
    )
    result = run(request_for(labels=RasterSource(str(labels)), epochs=3), SilentProgress())
    card = read_card(Path(result.output))
    assert result.split == "blocks"
    assert [item.value for item in card.classes] == [10, 11, 12]
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.5


@pytest.mark.slow
def test_text_classes_with_names_in_any_script_train(request_for: Request) -> None:
    result = run(request_for(values=("Kebun campuran", "水稻", "Hutan"), epochs=1), SilentProgress())
    card = read_card(Path(result.output))
    assert [(item.value, item.name) for item in card.classes] == [
        (1, "Hutan"),
        (2, "Kebun campuran"),
        (3, "水稻"),
    ]


@pytest.mark.slow
def test_nan_in_a_tenth_of_the_pixels_and_wild_outliers_still_train(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        generator = np.random.default_rng(3)
        bands[generator.random(bands.shape) < 0.1] = np.nan
        bands[1][generator.random(bands[1].shape) < 0.002] = 3e9

    result = run(request_for(spoil=spoil), SilentProgress())
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert np.isfinite(read_card(Path(result.output)).training.history[-1].train_loss)


@pytest.mark.slow
def test_a_dead_band_is_left_out_with_a_warning(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[1] = np.nan

    progress = SilentProgress()
    result = run(request_for(spoil=spoil, epochs=1, indices=("NDVI",)), progress)
    assert read_card(Path(result.output)).channels == ("red",)
    warnings = [text for level, text in progress.lines if level == "warning"]
    assert "Left out of the model, because they are nodata under every sample: nir." in warnings


@pytest.mark.slow
def test_samples_on_nodata_are_dropped_and_counted(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[:, 4:12, 4:8] = np.nan  # half of the first polygon

    progress = SilentProgress()
    run(request_for(spoil=spoil, epochs=1), progress)
    assert ("warning", "Dropped 32 samples on pixels without valid values.") in progress.lines


def test_a_scene_of_nodata_says_that_no_sample_is_left(request_for: Request) -> None:
    def spoil(bands: Any) -> None:
        bands[:] = np.nan

    with pytest.raises(SampleError, match=r"fewer than two samples after .* pixels without valid values"):
        run(request_for(spoil=spoil), SilentProgress())


@pytest.mark.slow
def test_a_cancelled_training_keeps_its_best_model_and_says_where(request_for: Request) -> None:
    request = request_for()
    progress = CancelAfter(epochs=1)
    with pytest.raises(RunCancelled) as caught:
        run(request, progress)
    checkpoint = Path(request.output + ".checkpoint")
    assert not Path(request.output).exists()
    assert "The best model so far (epoch 1, validation F1 " in str(caught.value)
    assert f"was kept as {checkpoint}" in str(caught.value)
    assert load_model(checkpoint)[1].training.best_epoch == 1
    assert read_card(checkpoint).metrics is None
    assert "The same run started again goes on from there" in str(caught.value)
    assert str(checkpoint) not in progress.temporaries
    assert run(replace(request, epochs=1), SilentProgress()).output == request.output
    assert not checkpoint.exists()


@pytest.mark.slow
def test_a_model_starts_another_training_and_its_card_says_so(request_for: Request, tmp_path: Path) -> None:
    first = run(request_for(epochs=1, max_per_class=40), SilentProgress())
    start = tmp_path / "start.safetensors"
    Path(first.output).rename(start)
    progress = SilentProgress()
    run(
        request_for(weights_file=str(start), epochs=1, frozen_epochs=1, max_per_class=40, indices=("NDVI",)),
        progress,
    )
    network, card = load_model(Path(first.output))
    sentence = str(card.training.parameters["start"])
    assert sentence.startswith(
        "Started from start.safetensors: 122 of 122 tensors loaded; first convolution: "
    )
    assert ("info", sentence) in progress.lines
    # Frozen: its weights, not its running means, are still those that it started from.
    before = load_model(start)[0].state_dict()
    assert torch.equal(network.state_dict()["layer2.0.conv1.weight"], before["layer2.0.conv1.weight"])
    assert not torch.equal(network.state_dict()["fc.weight"], before["fc.weight"])


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.tasks.train import TrainRequest, run
from deep_land_cover.core.values import from_plain
import json

class Killed(SilentProgress):
    def update(self, fraction, text=""):
        if text.startswith("Epoch 2 "):
            os.kill(os.getpid(), signal.SIGKILL)

run(from_plain(TrainRequest, json.loads(sys.argv[2])), Killed())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_training_goes_on_to_the_same_model(request_for: Request) -> None:
    request = request_for(max_per_class=20, epochs=3, dropout=0.2)
    weights = load_model(Path(run(request, SilentProgress()).output))[0].state_dict()
    Path(request.output).unlink()
    plugins = Path(__file__).parents[2] / ".dev" / "plugins"
    arguments = [sys.executable, "-c", KILLED, str(plugins), json.dumps(to_plain(request))]
    assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL
    assert not Path(request.output).exists()
    progress = SilentProgress()
    again = load_model(Path(run(request, progress).output))[0].state_dict()
    assert any(text.startswith("Going on after epoch 1 ") for _, text in progress.lines)
    assert all(value.equal(again[name]) for name, value in weights.items())
    assert not list(Path(request.output).parent.glob("*.resume*"))


def test_a_training_cancelled_in_its_first_epoch_keeps_nothing(request_for: Request) -> None:
    request = request_for()
    with pytest.raises(RunCancelled) as caught:
        run(request, CancelAfter(epochs=0))
    assert "best model" not in str(caught.value)
    assert not list(Path(request.output).parent.glob("model*"))


def no_output(request: TrainRequest, error: type[LandCoverError], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as caught:
        run(request, SilentProgress())
    assert caught.value.advice
    assert "\n" not in str(caught.value)
    assert not list(Path(request.output).parent.glob("model*"))


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"output": "model.tif"}, OutputError, "ending"),
        ({"output": "absent/model.safetensors"}, OutputError, "folder does not exist"),
        ({"patch_size": 3}, ParameterError, "PATCH_SIZE is 3"),
        ({"patch_size": 257}, ParameterError, "PATCH_SIZE is 257"),
        ({"batch_size": 1}, ParameterError, "BATCH_SIZE is 1"),
        ({"epochs": 0}, ParameterError, "EPOCHS is 0"),
        ({"folds": 101}, ParameterError, "FOLDS is 101"),
        ({"buffer": -1}, ParameterError, "BUFFER is -1"),
        ({"split": "field"}, ParameterError, "needs a field of the sample layer"),
        ({"learning_rate": float("nan")}, ParameterError, "LEARNING_RATE"),
        ({"schedule": "linear"}, ParameterError, "SCHEDULE is 'linear'"),
        ({"balance": "even"}, ParameterError, "BALANCE is 'even'"),
        ({"architecture": "unet_resnet18", "patch_size": 40}, ParameterError, "PATCH_SIZE is 40"),
        ({"stem": "large"}, ParameterError, "STEM is 'large'"),
        ({"weights": "best"}, ParameterError, "WEIGHTS is 'best'"),
        ({"weights_file": "absent.pth"}, LandCoverError, "no such file of weights"),
        ({"dropout": 1.0}, ParameterError, "DROPOUT is 1"),
        ({"architecture": "vgg"}, ParameterError, "resnet50"),
        ({"split": "best"}, ParameterError, "There is no split 'best'"),
        ({"indices": ("NDXX",)}, ParameterError, "NDXX"),
        ({"band_roles": "nir=B9"}, ParameterError, "B9"),
        ({"scheme": "absent"}, LandCoverError, "no class scheme 'absent'"),
        ({"samples": None}, ParameterError, "no samples"),
        ({"samples": "absent.jsonl"}, SampleError, "cannot be read"),
        ({"input": RasterSource("absent.tif")}, RasterError, "no such raster"),
    ],
)
def test_wrong_input_is_one_sentence_and_no_output(
    request_for: Request, change: dict[str, Any], error: type[LandCoverError], sentence: str
) -> None:
    request = request_for()
    if "output" in change:
        change = {"output": str(Path(request.output).parent / change["output"])}
    no_output(replace(request, **change), error, sentence)


def test_a_raster_without_crs_is_refused(request_for: Request, make_raster: Make) -> None:
    bare = make_raster(scene()[0], name="bare.tif", crs=None)
    no_output(
        replace(request_for(), input=RasterSource(str(bare))), RasterError, "coordinate reference system"
    )


def test_polygons_outside_the_raster_are_refused(request_for: Request, make_raster: Make) -> None:
    far = make_raster(scene()[0], name="far.tif", transform=(20.0, 0.0, 0.0, 0.0, -20.0, 100_000.0))
    no_output(
        replace(request_for(), input=RasterSource(str(far))), SampleError, "None of the 36 labelled features"
    )


def test_labels_that_do_not_overlap_are_refused(request_for: Request, make_raster: Make) -> None:
    far = make_raster(
        scene()[1].astype(np.uint8), name="far.tif", transform=(20.0, 0.0, 0.0, 0.0, -20.0, 100_000.0)
    )
    no_output(request_for(labels=RasterSource(str(far))), SampleError, "no labelled pixel")


def test_a_single_class_is_refused(request_for: Request) -> None:
    no_output(request_for(values=(3, 3, 3)), SampleError, "single class")


def test_fewer_than_two_samples_of_a_class_are_refused(request_for: Request, tmp_path: Path) -> None:
    features = polygons(scene()[1], (0, 4, 7))
    features.append(
        {
            "geometry": {"type": "Point", "coordinates": [500_001, 9_799_999]},
            "class": 9,
            "name": "Pond",
            "group": 99,
        }
    )
    request = request_for(samples=write_samples(tmp_path, features))
    no_output(request, SampleError, "Class 9 Pond has fewer than two samples")


def test_the_output_may_not_be_an_input(request_for: Request) -> None:
    request = request_for()
    clash = replace(request, input=RasterSource(request.output))
    no_output(clash, OutputError, "one of the inputs")


def test_the_request_is_importable_without_heavy_packages() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import deep_land_cover.core.tasks.train; "
        "sys.exit(bool({'torch', 'rasterio', 'numpy'} & set(sys.modules)))"
    )
    plugins = Path(__file__).parents[2] / ".dev" / "plugins"
    assert subprocess.run([sys.executable, "-c", code, str(plugins)], check=False).returncode == 0


@pytest.mark.parametrize("architecture", ["extra_trees", "random_forest"])
def test_trees_learn_classes_that_differ_in_texture_only(request_for: Request, architecture: str) -> None:
    request = request_for(architecture=architecture, windows="3,7", patch_size=32)
    request = replace(request, output=str(Path(request.output).with_suffix(".skops")))
    result = run(request, SilentProgress())
    card = read_card(Path(request.output))
    assert (card.architecture, card.windows, card.patch_size) == (architecture, (3, 7), 1)
    assert card.training.best_epoch is None and not card.training.history
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.6
    assert not Path(request.output + ".checkpoint").exists()


@pytest.mark.data
@pytest.mark.slow
def test_the_label_raster_of_gewata_trains(data_folder: Path, tmp_path: Path) -> None:
    folder = data_folder / "gewata_landsat7"
    result = run(
        TrainRequest(
            input=RasterSource(str(folder / "gewata_B123457.tif")),
            labels=RasterSource(str(folder / "gewata_lulc2011.tif")),
            output=str(tmp_path / "gewata.safetensors"),
            architecture="resnet18",
            patch_size=8,
            epochs=1,
            max_per_class=100,
            device="cpu",
        ),
        SilentProgress(),
    )
    assert [item.value for item in read_card(Path(result.output)).classes] == [1, 2, 3, 4, 5, 6]
    assert result.train_samples == 600
    assert result.test_samples > 10_000
