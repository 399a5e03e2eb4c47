"""From training to the map: what lies far from the training samples lies outside, they themselves inside."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify, train
from deep_land_cover.core.uncertainty.conformal import limits_of

from ...requests import changed, classify_request, train_request

SIZE = 96
STRANGE = slice(60, 90), slice(60, 90)
MODELS = {
    "extra_trees": {"windows": "3"},
    "multiscale": {"windows": "3", "epochs": 2},
    "resnet18": {"patch_size": 4, "epochs": 1, "batch_size": 16},
}


@pytest.fixture
def scene(make_raster):
    """Return a raster of three classes in stripes of blocks, its labels, and a place like nothing else."""
    generator = np.random.default_rng(0)
    truth = np.add.outer(np.arange(SIZE) // 8, np.arange(SIZE) // 8) % 3 + 1
    bands = generator.normal(1000 * np.stack([truth, 4 - truth]), 60)
    bands[(slice(None), *STRANGE)] = generator.normal(15_000, 60, (2, 30, 30))
    labels = truth.copy()
    labels[::2], labels[STRANGE] = 0, 0
    return (
        make_raster(bands.astype(np.float32), names=("red", "nir"), name="scene.tif"),
        make_raster(labels.astype(np.uint8), nodata=0, name="labels.tif"),
    )


def fit(scene, path, architecture, **changes):
    raster, labels = scene
    request = train_request(
        RasterSource(str(raster)),
        str(path),
        labels=RasterSource(str(labels)),
        architecture=architecture,
        max_per_class=150,
        device="cpu",
        **{**MODELS[architecture], **changes},
    )
    train.run(request, SilentProgress())
    return read_card(Path(path))


@pytest.mark.slow(but=("0-extra_trees", "0-multiscale", "2-multiscale"))
@pytest.mark.medium(but=("0-multiscale",))
@pytest.mark.parametrize("architecture", MODELS)
@pytest.mark.parametrize("folds", [0, 2])
def test_strange_ground_lies_outside_and_known_ground_inside(scene, tmp_path, architecture, folds):
    if folds and architecture == "resnet18":
        pytest.skip("folds are fitted alike by all networks, and take long")
    model = tmp_path / ("model.skops" if architecture == "extra_trees" else "model.safetensors")
    card = fit(scene, model, architecture, folds=folds)
    area = tmp_path / "area.tif"
    request = classify_request(
        RasterSource(str(scene[0])),
        str(model),
        str(tmp_path / "map.tif"),
        applicability=str(area),
        device="cpu",
    )
    progress = SilentProgress()
    result = classify.run(request, progress)
    with rasterio.open(area) as dataset:
        index, inside = dataset.read()
        assert dataset.descriptions == ("Dissimilarity index", "Inside")
        assert dataset.tags()["DISSIMILARITY_THRESHOLD"] == f"{card.applicability.threshold:.6g}"
    assert np.array_equal(inside == 1, index <= card.applicability.threshold)
    assert result.figures["inside"] == pytest.approx(inside.mean())
    assert any(f"{result.figures['inside']:.1%} of the map lie inside" in text for _, text in progress.lines)
    core = inside[64:86, 64:86]
    known = inside[4:52, 4:52]
    assert core.mean() < 0.05 and known.mean() > 0.8
    # The training samples are references: their own distance is 0, as far as rounding goes.
    assert np.sort(index, axis=None)[card.applicability.references // 2] < 0.02 * card.applicability.threshold


@pytest.mark.medium
def test_a_model_of_an_older_file_says_that_it_does_not_know(scene, tmp_path):
    path = tmp_path / "model.safetensors"
    fit(scene, path, "multiscale")
    network, card = load_model(path)
    document = json.loads(card.to_json())
    del document["applicability"]

    class Older:
        def to_json(self):
            return json.dumps(document)

    save_model(path, network, Older())
    request = classify_request(
        RasterSource(str(scene[0])), str(path), str(tmp_path / "map.tif"), device="cpu"
    )
    classify.run(request, SilentProgress())
    asked = changed(request, applicability=str(tmp_path / "area.tif"))
    with pytest.raises(ParameterError, match="no area of applicability"):
        classify.run(asked, SilentProgress())


@pytest.mark.medium
def test_prediction_sets_hold_the_classes_above_their_limits_and_the_report_says_how_often(scene, tmp_path):
    model, report = tmp_path / "model.safetensors", tmp_path / "report.html"
    card = fit(scene, model, "multiscale", report=str(report))
    told = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["sets"]
    assert told["asked"] == 0.9 and 0.5 < told["covered"]["value"] <= 1.0
    assert "Prediction sets" in report.read_text(encoding="utf-8")
    sizes, chances = tmp_path / "sets.tif", tmp_path / "chances.tif"
    request = classify_request(
        RasterSource(str(scene[0])),
        str(model),
        str(tmp_path / "map.tif"),
        probabilities=str(chances),
        share_type="float32",
        sets=str(sizes),
        coverage=0.7,
        device="cpu",
    )
    progress = SilentProgress()
    assert [item.path for item in classify.run(request, progress).products] == [str(chances), str(sizes)]
    limits = limits_of(card.conformal, 0.7, 3).values
    with rasterio.open(sizes) as found, rasterio.open(chances) as probabilities:
        expected = (probabilities.read() >= np.array(limits, np.float32)[:, None, None]).sum(axis=0)
        size = found.read(1)
        assert np.mean(size == expected) > 0.999
        assert found.nodata not in size
    assert any("hold one class" in text for _, text in progress.lines)
    for change, sentence in (({"coverage": 0.2}, "COVERAGE"), ({"tta": True}, "test-time augmentation")):
        with pytest.raises(ParameterError, match=sentence):
            classify.run(changed(request, **change), SilentProgress())
