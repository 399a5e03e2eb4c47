"""The report of real, small trainings: it says what the model file and the result say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.reporting import figure
from deep_land_cover.core.requests.train import LabelInputs, TrainRequest
from deep_land_cover.core.tasks.train import run

from ...conftest import NORTH_UP
from ...requests import changed, train_request

Make = Callable[..., Path]
SIZE, FIELD = 120, 10
# The smallest network, for what is said of all networks.
SMALL: dict[str, Any] = {"architecture": "multiscale", "windows": "3"}


@pytest.fixture(autouse=True)
def draft(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw figures coarsely: their resolution is tested elsewhere, and takes most of the time."""
    monkeypatch.setattr(figure, "PRINT_DPI", 60)


@pytest.fixture
def request_for(make_raster: Make, tmp_path: Path) -> Callable[..., TrainRequest]:
    """Return a function that asks for a quick training of three classes in fields of 10 x 10 pixels.

    Red tells the first class from the others, nir the second from the third, with noise.
    """
    generator = np.random.default_rng(0)
    fields = generator.integers(0, 3, (SIZE // FIELD, SIZE // FIELD))
    truth = np.kron(fields, np.ones((FIELD, FIELD), dtype=np.int64))
    bands = np.stack([np.where(truth == 0, 1000, 2000), np.where(truth == 1, 1000, 2000)])
    noisy = (bands + generator.normal(0, 500, bands.shape)).astype(np.float32)
    raster = make_raster(noisy, names=("red", "nir"))
    with rasterio.open(raster, "r+") as dataset:
        # As 'Open a satellite product' writes them.
        dataset.update_tags(SENSOR="Sentinel-2A", ACQUISITION_DATE="2020-08-01")
    labels = make_raster((truth + 1).astype(np.uint8), name="labels.tif", nodata=0)

    def make(**options: Any) -> TrainRequest:
        quick: dict[str, Any] = {
            "architecture": "multiscale",
            "windows": "3",
            "epochs": 2,
            "learning_rate": 1e-3,
            "max_per_class": 200,
            "device": "cpu",
            "split": "blocks",
            "report": str(tmp_path / "report.html"),
        }
        return train_request(
            input=RasterSource(str(raster)),
            labels=RasterSource(str(labels)),
            output=str(tmp_path / "model.safetensors"),
            **{**quick, **options},
        )

    return make


Request = Callable[..., TrainRequest]


def report_of(request: TrainRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        Path(str(request.outputs.report)).with_suffix(".json").read_text("utf-8")
    )
    return found


@pytest.mark.medium
def test_the_report_says_what_the_model_and_the_result_say(request_for: Request) -> None:
    request = request_for(**SMALL)
    result = run(request, SilentProgress())
    card, found = read_card(Path(result.output)), report_of(request)
    assert result.report == request.outputs.report and Path(str(request.outputs.report)).is_file()
    assert card.metrics is not None and card.calibration is not None
    assert found["judgement"]["overall"]["value"] == pytest.approx(result.overall_accuracy)
    assert found["judgement"]["macro_f1"]["value"] == pytest.approx(result.macro_f1)
    assert found["judgement"]["confusion"] == [list(row) for row in card.metrics.confusion]
    assert found["best_epoch"] == card.training.best_epoch
    assert found["test_samples"] == result.test_samples
    counted = dict(
        zip(found["part_names"], np.sum([c["samples"] for c in found["classes"]], axis=0), strict=True)
    )
    assert result.train_samples == card.training.train_samples == 600
    # Of each class as many as MAX_PER_CLASS train for the test; the saved model uses others, too.
    assert counted["training"] == 600 and counted["saved model only"] > 0
    assert counted["test"] == result.test_samples
    assert counted["calibration"] == card.calibration.samples > 0
    assert found["cluster_name"] == "block" and found["judgement"]["overall"]["low"] is not None
    assert found["split"] == "blocks"
    interval = card.metrics.interval
    assert interval is not None and (interval.clusters, interval.unit) == (found["test_clusters"], "block")
    assert [interval.low, interval.high] == [found["judgement"]["overall"][end] for end in ("low", "high")]
    # 120 x 120 pixels of 20 m, all labelled, of which a few at the edges may not be used.
    assert card.area is not None and (card.area.sensor, card.area.date) == ("Sentinel-2A", "2020-08-01")
    left, bottom, right, top = card.area.raster
    assert (left, bottom, right, top) == (NORTH_UP[2], NORTH_UP[5] - 2400, NORTH_UP[2] + 2400, NORTH_UP[5])
    inner = card.area.labels
    assert left <= inner[0] < left + 400 and top - 400 < inner[3] <= top
    assert right - 400 < inner[2] <= right and bottom <= inner[1] < bottom + 400
    assert found["parameters"]["max_per_class"] == 200
    assert found["versions"] == card.versions


@pytest.mark.medium
def test_a_random_split_has_no_clusters_in_a_label_raster_and_is_called_optimistic(
    request_for: Request,
) -> None:
    request = request_for(split="random", epochs=1, max_per_class=40, **SMALL)
    run(request, SilentProgress())
    found = report_of(request)
    assert "optimistic" in found["cautions"][0]
    assert found["judgement"]["overall"]["low"] is None and found["test_clusters"] is None
    metrics = read_card(Path(request.outputs.model)).metrics
    assert metrics is not None and metrics.interval is None


@pytest.mark.medium
def test_folds_are_reported_together_and_each(request_for: Request) -> None:
    request = request_for(folds=3, epochs=1, max_per_class=40, **SMALL)
    result = run(request, SilentProgress())
    card, found = read_card(Path(result.output)), report_of(request)
    assert found["part_names"][-3:] == ["fold 1", "fold 2", "fold 3"]
    assert [fold["overall_accuracy"] for fold in found["folds"]] == pytest.approx(
        [fold.overall_accuracy for fold in card.training.folds]
    )
    pooled = sum(fold["samples"] * fold["overall_accuracy"] for fold in found["folds"]) / result.test_samples
    assert result.overall_accuracy == pytest.approx(pooled)
    assert len(found["fold_histories"]) == 3
    assert card.calibration is not None and card.calibration.samples == result.test_samples


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("report.pdf", "ending"),
        ("absent/report.html", "folder does not exist"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_done(
    request_for: Request, tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(OutputError, match=sentence):
        run(changed(request_for(), report=str(tmp_path / name)), SilentProgress())
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.medium
def test_the_baseline_is_tested_on_the_same_samples(request_for: Request) -> None:
    request = request_for(baseline=True, epochs=1)
    result = run(request, SilentProgress())
    found = report_of(request)
    baseline = found["baseline"]["judgement"]
    assert result.baseline_overall_accuracy == pytest.approx(baseline["overall"]["value"])
    assert result.baseline_macro_f1 == pytest.approx(baseline["macro_f1"]["value"])
    assert found["baseline"]["title"].endswith("up to 3 pixels wide")
    # Noise of 500 on steps of 1000, a third of it in the mean of 3 x 3 pixels.
    assert result.baseline_overall_accuracy > 0.8
    assert (
        np.sum(baseline["confusion"], axis=1).tolist()
        == np.sum(found["judgement"]["confusion"], axis=1).tolist()
    )
    gain = found["baseline"]["comparison"]["overall_gain"]["value"]
    assert gain == pytest.approx(result.overall_accuracy - result.baseline_overall_accuracy)
    assert found["baseline"]["comparison"]["test"]["name"] == "sign flip"


@pytest.mark.medium
@pytest.mark.slow
def test_trees_are_compared_with_single_pixels_and_these_with_nothing(
    request_for: Request, tmp_path: Path
) -> None:
    trees = {"baseline": True, "output": str(tmp_path / "model.skops")}
    progress = SilentProgress()
    neighbours = changed(request_for(architecture="extra_trees", windows="3,7"), **trees)
    result = run(neighbours, progress)
    assert report_of(neighbours)["baseline"]["title"] == "random forest of single pixels"
    # The mean over 3 x 3 and 7 x 7 pixels takes most of the noise away.
    assert result.overall_accuracy > result.baseline_overall_accuracy
    alone = run(changed(request_for(architecture="random_forest", windows="0"), **trees), progress)
    assert alone.baseline_overall_accuracy is None
    assert any("BASELINE has no effect" in text for level, text in progress.lines if level == "warning")


@pytest.mark.slow
def test_the_baseline_of_folds_is_that_of_the_same_folds(request_for: Request) -> None:
    request = request_for(folds=2, epochs=1, baseline=True)
    result = run(request, SilentProgress())
    baseline = report_of(request)["baseline"]["judgement"]
    assert np.sum(baseline["confusion"]) == result.test_samples


@pytest.mark.medium
@pytest.mark.slow
def test_the_same_data_split_at_random_and_in_blocks_report_different_accuracies(
    make_raster: Make, tmp_path: Path
) -> None:
    """Each field has a colour of its own that says nothing of its class: only its own pixels know it."""
    generator = np.random.default_rng(4)
    fields = (SIZE // FIELD, SIZE // FIELD)
    grow = np.ones((FIELD, FIELD))
    truth = np.kron(generator.integers(1, 3, fields), grow).astype(np.uint8)
    colors = np.stack([np.kron(generator.uniform(0, 1, fields), grow) for _ in range(2)]).astype(np.float32)
    raster, labels = make_raster(colors), make_raster(truth, name="labels.tif")
    found = {}
    for split in ("random", "blocks"):
        request = train_request(
            input=RasterSource(str(raster)),
            labels=RasterSource(str(labels)),
            architecture="random_forest",
            windows="0",
            block_size=FIELD,
            buffer=1,
            split=split,
            output=str(tmp_path / f"{split}.skops"),
            report=str(tmp_path / f"{split}.html"),
        )
        run(request, SilentProgress())
        found[split] = report_of(request)
    random, blocks = (found[split]["judgement"]["overall"]["value"] for split in ("random", "blocks"))
    assert random > 0.99
    assert 0.2 < blocks < 0.8
    assert any("optimistic" in text for text in found["random"]["cautions"])
    assert not any("optimistic" in text for text in found["blocks"]["cautions"])


@pytest.mark.medium
@pytest.mark.parametrize("is_full", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["", "full"])
def test_the_report_inspects_the_samples(
    request_for: Request, make_raster: Make, tmp_path: Path, is_full: bool
) -> None:
    request = request_for(architecture="random_forest", folds=3, trees=20, windows="")
    with rasterio.open(request.labels.raster.path) as dataset:
        truth = dataset.read(1)
        hectares = dataset.transform.a * -dataset.transform.e / 10_000
    with rasterio.open(request.inputs.raster.path) as dataset:
        bands = dataset.read()
    # A field of class 1 that is labelled as 2, and fields that have no label.
    labels, place = truth.copy(), np.argwhere(truth == 1)[0] // FIELD * FIELD
    labels[place[0] : place[0] + FIELD, place[1] : place[1] + FIELD] = 2
    labels[-FIELD:] = 0
    path = make_raster(labels, name="wrong.tif", nodata=0)
    outputs = replace(request.outputs, model=str(tmp_path / "model.skops"), inspect=is_full)
    request = replace(request, labels=LabelInputs(None, RasterSource(str(path))), outputs=outputs)
    run(request, SilentProgress())
    found = report_of(request)["inspection"]
    for number, (item, spread) in enumerate(zip(found["classes"], found["spreads"], strict=True)):
        here = labels == item["value"]
        # All labels, also those that the training did not draw.
        assert spread["samples"] == np.count_nonzero(here)
        assert spread["hectares"] == pytest.approx(hectares * np.count_nonzero(here))
        mean = bands[:, here].mean(axis=1)
        # The curve is of some of the pixels.
        assert found["curves"][number]["mean"] == pytest.approx(mean, abs=120)
    assert (found["channels"], found["bands"]) == (["red", "nir"], 2)
    assert bool(found["importance"]) == is_full == (found["curve"] is not None)
    assert any(
        (item["given"]["value"], item["proposed"]["value"]) == (2, 1) for item in found["suspects"][:3]
    )
    page = Path(str(request.outputs.report)).read_text(encoding="utf-8")
    assert "Inspection of samples" in page and ("Would more samples help?" in page) == is_full
    assert (tmp_path / "report_figures" / "curves.csv").is_file()
