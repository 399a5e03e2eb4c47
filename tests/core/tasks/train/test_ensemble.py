"""Ensembles: of a centred network and trees, of any members, of model files, and within a time limit."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import ParameterError, SampleError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.uncertainty.calibration import log_probabilities

from ....requests import changed, classify_request, train_request
from ...features import write_features
from .conftest import FIELD, Request, polygons, scene

# Of the smallest members: a forest of 20 trees, and a perceptron of four epochs.
QUICK = {"windows": "3", "max_per_class": 40, "trees": 20, "epochs": 4}


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


def log_chances_of(model: Path, raster: RasterSource, folder: Path) -> list[np.ndarray]:
    """Return the log-probabilities of the map of each member's file in an ensemble, (pixels, classes)."""
    with zipfile.ZipFile(model) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("members/"))
        archive.extractall(folder, names)
    maps = [mapped(raster, folder / name, folder)[1] for name in names]
    return [np.log(np.maximum(item, 1e-30)).reshape(len(item), -1).T for item in maps]


@pytest.mark.medium
def test_snapshots_and_trees_are_pooled_by_class_and_the_report_says_what_each_adds(
    request_for: Request, tmp_path: Path
) -> None:
    request = request_for(
        architecture="ensemble",
        members=("multiscale", "random_forest"),
        snapshots=2,
        combination="class_weighted",
        report=str(tmp_path / "report.html"),
        **QUICK,
    )
    request = changed(request, output=str(tmp_path / "model.skops"))
    progress = SilentProgress()
    run(request, progress)
    card = read_card(tmp_path / "model.skops")
    assert [item.architecture for item in card.members] == ["multiscale", "multiscale", "random_forest"]
    # Four epochs, divided among two snapshots.
    assert [epoch.number for epoch in card.training.history] == [1, 2, 3, 4]
    assert all(item.gain is not None and item.accuracy is not None for item in card.members)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["combination"] == card.combination
    assert [item["gain"]["value"] for item in report["members"]] == [
        item.gain.value for item in card.members if item.gain
    ]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("Multi-scale network, snapshot 2") >= 1 and "change with it" in page

    logs = log_chances_of(tmp_path / "model.skops", request.inputs.raster, tmp_path)
    used = [(item, log) for item, log in zip(card.members, logs, strict=True) if item.weight]
    scores = np.zeros(logs[0].shape)
    for item, log in used:
        centred = log - log.mean(axis=1, keepdims=True)
        scores += np.array(item.class_weights or [item.weight]) * centred
    _, probabilities = mapped(request.inputs.raster, tmp_path / "model.skops", tmp_path)
    expected = np.exp(log_probabilities(scores, card.calibration))
    np.testing.assert_allclose(probabilities.reshape(len(probabilities), -1).T, expected, atol=1e-4)


def half(request_for: Request, folder: Path, name: str, architecture: str) -> Path:
    """Train a model on the polygons in the left half of the scene, and return its file."""
    fields = polygons(scene()[1], (0, 4, 7))
    side = len(range(0, scene()[1].shape[0], FIELD))
    left = [feature for number, feature in enumerate(fields) if number % side < side // 2]
    # Models of other samples have another scaling.
    quick = {**QUICK, "max_per_class": 40 if architecture == "multiscale" else 60}
    request = request_for(
        architecture=architecture, samples=write_features(folder / "left.jsonl", left), **quick
    )
    request = changed(request, output=str(folder / name))
    run(request, SilentProgress())
    return folder / name


@pytest.mark.medium
def test_model_files_are_weighed_on_samples_that_they_were_not_trained_on(
    request_for: Request, tmp_path: Path
) -> None:
    files = [
        half(request_for, tmp_path, "network.safetensors", "multiscale"),
        half(request_for, tmp_path, "trees.skops", "random_forest"),
    ]
    cards = [read_card(file) for file in files]
    request = request_for(
        architecture="ensemble", member_files=tuple(map(str, files)), report=str(tmp_path / "report.html")
    )
    request = changed(request, output=str(tmp_path / "model.skops"))
    progress = SilentProgress()
    result = run(request, progress)
    card = read_card(tmp_path / "model.skops")
    assert [item.file for item in card.members] == ["network.safetensors", "trees.skops"]
    left_out = next(line for level, line in progress.lines if "are left out, because model files" in line)
    # Half of the fields, with 8 x 8 pixels in each polygon, and none beside them.
    assert left_out.startswith(f"{18 * 64:,} of {36 * 64:,} samples")
    assert result.train_samples + result.test_samples > 0 and result.overall_accuracy is not None
    assert cards[0].scaling != cards[1].scaling and card.scales_members
    # Probabilities of each file, calibrated by its own calibration.
    raster = request.inputs.raster
    logs = [np.log(np.maximum(mapped(raster, file, tmp_path)[1], 1e-30)) for file in files]
    flat = [item.reshape(len(item), -1).T for item in logs]
    scores = sum(item.weight * log for item, log in zip(card.members, flat, strict=True))
    _, probabilities = mapped(raster, tmp_path / "model.skops", tmp_path)
    expected = np.exp(log_probabilities(scores, card.calibration))
    np.testing.assert_allclose(probabilities.reshape(len(probabilities), -1).T, expected, atol=2e-3)
    assert "network.safetensors" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.medium
def test_model_files_that_were_trained_on_all_samples_get_equal_weights_and_no_accuracy(
    request_for: Request, tmp_path: Path
) -> None:
    files = []
    for name, architecture in (("network.safetensors", "multiscale"), ("trees.skops", "random_forest")):
        run(
            changed(request_for(architecture=architecture, **QUICK), output=str(tmp_path / name)),
            SilentProgress(),
        )
        files.append(str(tmp_path / name))
    request = request_for(architecture="ensemble", member_files=tuple(files))
    request, progress = changed(request, output=str(tmp_path / "model.skops")), SilentProgress()
    result = run(request, progress)
    assert result.overall_accuracy is None and result.test_samples == 0
    assert any(level == "warning" and "equal weights" in line for level, line in progress.lines)
    card = read_card(tmp_path / "model.skops")
    assert [item.weight for item in card.members] == [0.5, 0.5]
    assert card.metrics is None and card.training_pixels is not None
    raster = request.inputs.raster
    maps = [mapped(raster, Path(file), tmp_path)[1] for file in files]
    _, probabilities = mapped(raster, tmp_path / "model.skops", tmp_path)
    np.testing.assert_allclose(probabilities, np.mean(maps, axis=0), atol=1e-4)

    trained = changed(request, members=("extra_trees",))
    with pytest.raises(SampleError, match="were trained on"):
        run(trained, SilentProgress())
    reported = changed(request, report=str(tmp_path / "report.html"))
    with pytest.raises(SampleError, match="nothing to report"):
        run(reported, SilentProgress())


@pytest.mark.slow
def test_a_dense_network_and_a_patch_network_are_pooled_with_trees(
    request_for: Request, tmp_path: Path
) -> None:
    request = request_for(
        architecture="ensemble",
        members=("unet_resnet18", "resnet18", "random_forest"),
        combination="log_mean",
        centre=True,
        **{**QUICK, "epochs": 1},
        patch_size=5,
    )
    request = changed(request, output=str(tmp_path / "model.skops"))
    run(request, SilentProgress())
    card = read_card(tmp_path / "model.skops")
    logs = log_chances_of(tmp_path / "model.skops", request.inputs.raster, tmp_path)
    _, probabilities = mapped(request.inputs.raster, tmp_path / "model.skops", tmp_path)
    expected = np.exp(log_probabilities(np.mean(logs, axis=0), card.calibration))
    np.testing.assert_allclose(probabilities.reshape(len(probabilities), -1).T, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"architecture": "ensemble"}, {"resnet18": 0.7, "tree_ensemble": 0.5}),
        ({"architecture": "ensemble", "edge_mixing": 0.0}, {"resnet18": 0.0, "tree_ensemble": 0.0}),
        ({"architecture": "ensemble", "edge_mixing": 0.6}, {"resnet18": 0.6, "tree_ensemble": 0.6}),
    ],
)
def test_trees_beside_a_network_have_artificial_borders(
    options: dict[str, Any], expected: dict[str, float]
) -> None:
    request = train_request(RasterSource("unused.tif"), "unused", **options).resolve()
    assert {member.architecture.name: member.fit_alone.edge_mixing for member in request.model.members} == {
        **expected,
        "tree_ensemble": options.get("edge_mixing", 0.0),
    }
    assert {member.architecture.name: member.fit.edge_mixing for member in request.model.members} == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"members": ("resnet18", "multiscale"), "balance": "none"}, "none"),
        ({"members": ("resnet18", "multiscale"), "balance": "effective"}, "effective"),
        ({"members": ("resnet18", "tree_ensemble"), "balance": "none"}, "sqrt"),
        ({"members": ("random_forest", "extra_trees"), "balance": "none"}, "sqrt"),
        ({"member_files": ("one.safetensors", "other.skops"), "balance": "effective"}, "none"),
        ({"architecture": "tree_ensemble", "balance": "effective"}, "sqrt"),
        ({"architecture": "resnet18", "balance": "effective"}, "effective"),
    ],
)
def test_the_balance_of_an_ensemble_is_that_of_its_members_where_these_agree(
    options: dict[str, Any], expected: str
) -> None:
    request = train_request(RasterSource("unused.tif"), "unused", **{"architecture": "ensemble", **options})
    assert request.resolve().loss_balance == expected


def test_trees_alone_have_no_artificial_borders() -> None:
    request = train_request(RasterSource("unused.tif"), "unused", architecture="tree_ensemble").resolve()
    assert request.fit.edge_mixing == 0.0


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"members": ("random_forest",)}, "two members"),
        ({"members": ("random_forest", "random_forest")}, "more than once"),
        ({"members": ("random_forest", "ensemble")}, "member of an ensemble"),
        ({"members": ("random_forest", "extra_trees"), "snapshots": 2}, "SNAPSHOTS"),
        ({"architecture": "random_forest", "members": ("extra_trees",)}, "no members"),
        ({"combination": "vote"}, "COMBINE"),
    ],
)
def test_impossible_members_are_refused(
    request_for: Request, tmp_path: Path, options: dict[str, object], word: str
) -> None:
    request = request_for(**{"architecture": "ensemble", **options})
    with pytest.raises(ParameterError, match=word):
        run(changed(request, output=str(tmp_path / "model.skops")), SilentProgress())


@pytest.mark.medium
def test_a_limit_with_time_to_spare_gives_folds_and_the_log_begins_with_the_time(
    request_for: Request, tmp_path: Path
) -> None:
    request = request_for(architecture="multiscale", time_limit=10_000.0, folds=None, **QUICK)
    progress = SilentProgress()
    run(request, progress)
    assert len(read_card(tmp_path / "model.safetensors").training.folds) == 5
    lines = [line for _, line in progress.lines]
    times = [number for number, line in enumerate(lines) if line.startswith("Training the networks takes")]
    assert times and max(times) < next(n for n, line in enumerate(lines) if line.startswith("Fold 1 of 5"))
    assert any("TIME_LIMIT leaves time for 5 folds" in line for line in lines)


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
