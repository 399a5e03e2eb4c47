"""A reference on the pixels that trained the model is told, for a map that a real training made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.transform import Affine

from deep_land_cover.core.assessment.drawn_sample import DrawnSample, sample_of_json
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.options import AUTO, NONE
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.geotiff import FileForm, finish_geotiff
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.assess import AssessRequest
from deep_land_cover.core.requests.compare import CompareRequest
from deep_land_cover.core.requests.samplingdesign import SamplingDesignRequest
from deep_land_cover.core.requests.style import StyleRequest
from deep_land_cover.core.tasks import assess, classify, compare, samplingdesign, style, train

from ....conftest import NORTH_UP, UTM_48S
from ....requests import classify_request, train_request
from ...features import Feature, polygon, write_features

Make = Callable[..., Path]
ROWS, COLUMNS = 60, 80
TRUTH = np.where(np.arange(COLUMNS) < 40, 1, 2) * np.ones((ROWS, 1), dtype=np.int64)
# Four polygons a class, of 25 pixels, on the upper half.
CORNERS = [(row, column) for row in (2, 12) for column in (4, 22, 44, 62)]
POLYGONS = [polygon(row, column, 5, 5, int(TRUTH[row, column])) for row, column in CORNERS]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """A model of two classes, its map, and the log of its training."""
    folder = tmp_path_factory.mktemp("made")
    noise = np.random.default_rng(0).normal(0, 20, (2, ROWS, COLUMNS))
    raster = folder / "scene.tif"
    place = {"crs": UTM_48S, "transform": Affine(*NORTH_UP)}
    size = {"count": 2, "height": ROWS, "width": COLUMNS, "dtype": "float32"}
    with rasterio.open(raster, "w", driver="GTiff", **size, **place) as dataset:
        dataset.write((1000 * TRUTH + noise).astype(np.float32))
    request = train_request(
        RasterSource(str(raster)),
        str(folder / "model.skops"),
        samples=write_features(folder / "samples.jsonl", POLYGONS),
        architecture="random_forest",
        windows="0",
        folds=None,
    )
    progress = SilentProgress()
    train.run(request, progress)
    classified = folder / "map.tif"
    source = RasterSource(str(raster))
    classify.run(
        classify_request(source, str(folder / "model.skops"), str(classified), device="cpu"), SilentProgress()
    )
    return folder / "model.skops", classified, [text for _, text in progress.lines]


def assessed(
    path: Path, folder: Path, features: list[Feature], sample: DrawnSample | None = None
) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return the log and the report's content of an assessment by these features."""
    progress, report = SilentProgress(), folder / "report.html"
    reference = write_features(folder / "reference.jsonl", features)
    design = AUTO if sample else NONE
    request = AssessRequest(
        RasterSource(str(path)), reference, name="it", report=str(report), design=design, sample=sample
    )
    assess.run(request, progress)
    content: dict[str, Any] = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    return list(progress.lines), content


@pytest.mark.medium
def test_the_default_tests_in_folds_and_saves_a_model_of_all_labels(
    made: tuple[Path, Path, list[str]],
) -> None:
    model, _, log = made
    training = read_card(model).training
    assert training.parameters["folds"] == "auto" and training.train_samples == 200
    # Of four polygons a class.
    assert len(training.folds) == 4 and training.test_samples == 200
    assert any("The saved model uses all 200 samples." in line for line in log)


@pytest.mark.medium
def test_training_polygons_as_the_reference_are_told_first(
    made: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    log, content = assessed(made[1], tmp_path, [*POLYGONS[:4], polygon(40, 10, 10, 10, 1)])
    words = "100 of 200 reference pixels lie on training pixels of map.tif, so its figures are too high."
    warnings = [text for level, text in log if level == "warning"]
    assert warnings[0].startswith(words) and content["cautions"][0].startswith(words)
    figures = next(place for place, (_, text) in enumerate(log) if text.startswith("Overall accuracy"))
    assert log.index(("warning", warnings[0])) < figures
    assert content["overlaps"] == [{"map": "map.tif", "shared": 100, "checked": 200, "is_drawn": False}]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 0 < page.index(words) < page.index("Accuracy of each class")


def test_a_sample_beside_the_polygons_gives_no_warning(
    made: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    records = tmp_path / "points.jsonl"
    request = SamplingDesignRequest(RasterSource(str(made[1])), str(records), size=300, seed=1)
    samplingdesign.run(request, SilentProgress())
    points = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    with rasterio.open(made[1]) as dataset:
        places = [dataset.index(item["x"], item["y"]) for item in points]
    inside = {
        (row + down, column + right) for row, column in CORNERS for down in range(5) for right in range(5)
    }
    beside = [
        {
            "geometry": {"type": "Point", "coordinates": [item["x"], item["y"]]},
            "class": int(TRUTH[place]),
        }
        for item, place in zip(points, places, strict=True)
        if place not in inside
    ]
    assert 250 < len(beside) < 300
    log, content = assessed(made[1], tmp_path, beside)
    sentence = f"0 of {len(beside)} reference points lie on training pixels of map.tif."
    assert ("info", sentence) in log and sentence in content["method"]
    assert not [text for level, text in log if level == "warning" and "training" in text]


@pytest.mark.medium
def test_a_sample_of_the_whole_map_may_meet_training_pixels(
    made: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    records = tmp_path / "points.jsonl"
    request = SamplingDesignRequest(RasterSource(str(made[1])), str(records), size=300, seed=1)
    sample = sample_of_json(samplingdesign.run(request, SilentProgress()).sample)
    points = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    with rasterio.open(made[1]) as dataset:
        places = [dataset.index(item["x"], item["y"]) for item in points]
    features = [
        {"geometry": {"type": "Point", "coordinates": [item["x"], item["y"]]}, "class": int(TRUTH[place])}
        for item, place in zip(points, places, strict=True)
    ]
    shared = sum(
        any(row <= down < row + 5 and column <= right < column + 5 for row, column in CORNERS)
        for down, right in places
    )
    assert shared >= 3  # 1 % and more
    log, content = assessed(made[1], tmp_path, features, sample)
    sentence = (
        f"{shared} of 300 reference points lie on training pixels of map.tif. They are part of the sample of "
        "the whole map, so the figures are not too high because of them."
    )
    assert ("info", sentence) in log and sentence in content["method"]
    assert not [text for level, text in log if level == "warning" and "training" in text]
    # Points without the record of the sampling design may have been chosen by their labels.
    log, _ = assessed(made[1], tmp_path, features)
    assert any(level == "warning" and "its figures are too high" in text for level, text in log)


def test_a_map_that_lost_its_record_says_that_it_is_not_known(
    made: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    with rasterio.open(made[1]) as dataset:
        profile, values = dataset.profile, dataset.read()
    older = tmp_path / "older.tif"
    with rasterio.open(older, "w", **profile) as dataset:
        dataset.write(values)
    log, content = assessed(older, tmp_path, POLYGONS[:4])
    assert "It is not known whether the reference overlaps the training samples" in content["method"]
    assert content["overlaps"] == [{"map": "older.tif", "shared": 0, "checked": 0, "is_drawn": False}]
    assert not any("too high" in text for _, text in log)


def test_a_cloud_optimised_map_keeps_its_record(made: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
    copy = tmp_path / "cog.tif"
    shutil.copy(made[1], copy)
    finish_geotiff(copy, Resampling.mode, FileForm(cog=True), SilentProgress())
    _, content = assessed(copy, tmp_path, POLYGONS)
    assert content["overlaps"] == [{"map": "cog.tif", "shared": 200, "checked": 200, "is_drawn": False}]


@pytest.mark.medium
def test_each_compared_map_is_looked_up_also_with_a_raster(
    made: tuple[Path, Path, list[str]], make_raster: Make, tmp_path: Path
) -> None:
    labels = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    for row, column in CORNERS[::2]:
        labels[row : row + 5, column : column + 5] = TRUTH[row, column]
    labels[50:60] = TRUTH[50:60]
    truth = make_raster(labels, name="truth.tif", nodata=0)
    other = make_raster(TRUTH.astype(np.uint8), name="other.tif", nodata=0)
    inputs = (RasterSource(str(made[1])), RasterSource(str(other)))
    progress, report = SilentProgress(), tmp_path / "report.html"
    request = CompareRequest(inputs, raster=RasterSource(str(truth)), report=str(report))
    compare.run(request, progress)
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    # 100 pixels of four polygons, and ten rows.
    assert content["overlaps"] == [
        {"map": "map.tif", "shared": 100, "checked": 900, "is_drawn": False},
        {"map": "other.tif", "shared": 0, "checked": 0, "is_drawn": False},
    ]
    assert content["cautions"][0].startswith("100 of 900 reference pixels lie on training pixels of map.tif")


@pytest.fixture
def cleaned(made: tuple[Path, Path, list[str]], tmp_path: Path) -> Path:
    """The map after a tool has recoded a corner of it and kept what its metadata say of the model."""
    path = tmp_path / "cleaned.tif"
    with rasterio.open(made[1]) as dataset:
        values, profile, items = dataset.read(), dataset.profile, dataset.tags()
    values[:, 50:, :10] = 2
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(values)
        dataset.update_tags(**items)
    return path


@pytest.mark.medium
def test_a_map_that_was_changed_after_its_classification_is_told_in_every_report(
    made: tuple[Path, Path, list[str]], cleaned: Path, tmp_path: Path
) -> None:
    words = "cleaned.tif was changed after its classification with the model model.skops"
    reference = [polygon(40, 10, 10, 10, 1), polygon(40, 60, 10, 10, 2)]
    log, content = assessed(cleaned, tmp_path, reference)
    assert [text for level, text in log if level == "warning" and words in text]
    assert [text for text in content["cautions"] if words in text]
    assert words in (tmp_path / "report.html").read_text(encoding="utf-8")
    # The map as it was written, and a copy of its pixels, are not.
    log, content = assessed(made[1], tmp_path, reference)
    assert not [text for _, text in log if "was changed" in text]

    maps = tuple(RasterSource(str(path)) for path in (made[1], cleaned))
    features = write_features(tmp_path / "reference.jsonl", reference)
    for case, more in (("reference", {"features": features, "name": "it"}), ("areas", {})):
        progress, report = SilentProgress(), tmp_path / f"{case}.html"
        compare.run(CompareRequest(maps, report=str(report), **more), progress)
        told = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["cautions"]
        assert len([text for text in told if words in text]) == 1
        assert not [text for text in told if text.startswith("map.tif was changed")]

    progress = SilentProgress()
    result = style.run(StyleRequest(RasterSource(str(cleaned)), ()), progress)
    assert result.is_changed and [text for _, text in progress.lines if words in text]
    assert not style.run(StyleRequest(RasterSource(str(made[1])), ()), SilentProgress()).is_changed
