"""Values that mean nothing or differ from those of the training, and labels that a map leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import BandMismatchError, RasterError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.requests.train import TrainResult
from deep_land_cover.core.samples.label_sources import samples_from_raster
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run as train

from ...requests import classify_request, train_request
from ..features import LEFT, PIXEL, polygon, write_features

Make = Callable[..., Path]
Image = np.ndarray[Any, Any]
SIDE, FIELD = 96, 16
TRUTH = (np.add.outer(2 * (np.arange(SIDE) // FIELD), np.arange(SIDE) // FIELD) % 3).astype(np.int64)
SPECTRA = np.array([(400, 300, 200), (300, 500, 3500), (1200, 1500, 2500)], dtype=np.float64)
QUICK = {
    "architecture": "random_forest",
    "windows": "0",
    "indices": (),
    "split": "blocks",
    "max_per_class": 30,
    "device": "cpu",
}


def scene(seed: int = 0) -> Image:
    """Return the bands blue, green and nir of three classes in fields."""
    noise = np.random.default_rng(seed).normal(0, 20, (3, SIDE, SIDE))
    return (np.moveaxis(SPECTRA[TRUTH], 2, 0) + noise).clip(1).astype(np.float32)


def fields() -> list[dict[str, Any]]:
    names = ("Water", "Forest", "Soil")
    corners = np.ndindex(SIDE // FIELD, SIDE // FIELD)
    return [
        polygon(16 * row + 4, 16 * column + 4, 8, 8, code + 1, name=names[code])
        for row, column in corners
        for code in [int(TRUTH[16 * row, 16 * column])]
    ]


def trained(folder: Path, raster: Path, **options: Any) -> tuple[TrainResult, list[str]]:
    progress = SilentProgress()
    if "labels" not in options:
        options.setdefault("samples", write_features(folder / "samples.jsonl", fields()))
    source = RasterSource(str(raster))
    result = train(train_request(source, str(folder / "model.skops"), **{**QUICK, **options}), progress)
    return result, [text for level, text in progress.lines if level == "warning"]


def mapped(folder: Path, raster: Path, model: str, **options: Any) -> tuple[Image, list[str]]:
    progress = SilentProgress()
    request = classify_request(
        RasterSource(str(raster)), model, str(folder / "map.tif"), device="cpu", resume=False, **options
    )
    classify(request, progress)
    with rasterio.open(folder / "map.tif") as dataset:
        values = dataset.read(1)
    return values, [text for level, text in progress.lines if level == "warning"]


@pytest.mark.medium
def test_a_model_keeps_what_it_saw_and_refuses_another_unit(make_raster: Make, tmp_path: Path) -> None:
    raster = make_raster(scene(), names=("blue", "green", "nir"))
    result, _ = trained(tmp_path, raster)
    survey = read_card(Path(result.output)).survey
    assert survey is not None and survey.pixels > 1000
    # The survey of a raster this small are all of its pixels but those between windows.
    known = np.quantile(scene().reshape(3, -1), (0.0, 0.01, 0.5, 0.99, 1.0), axis=1).T
    assert np.array(survey.quantiles) == pytest.approx(known, rel=0.15, abs=40)
    assert sum(survey.class_fractions) == pytest.approx(1.0, abs=1e-5)
    assert np.array(survey.class_fractions) == pytest.approx(np.bincount(TRUTH.ravel()) / SIDE**2, abs=0.05)

    values, said = mapped(tmp_path, raster, result.output)
    assert (values == TRUTH + 1).all() and not said
    small = make_raster(scene() / 10_000, names=("blue", "green", "nir"), name="reflectance.tif")
    (tmp_path / "map.tif").unlink()
    with pytest.raises(RasterError, match=r"in training"):
        mapped(tmp_path, small, result.output)
    assert not (tmp_path / "map.tif").exists()
    _, said = mapped(tmp_path, small, result.output, allow_different_values=True)
    assert any("In 3 of 3 bands" in text for text in said)
    # One class everywhere.
    assert any("covers 0.0% of the map" in text for text in said)
    shifted = make_raster(scene() + 1000, names=("blue", "green", "nir"), name="plus1000.tif")
    assert any("blue 1," in text for text in mapped(tmp_path, shifted, result.output)[1])
    # The same raster with its offset declared.
    declared = make_raster(
        scene() + 1000, names=("blue", "green", "nir"), offsets=(-1000.0,) * 3, name="declared.tif"
    )
    values, said = mapped(tmp_path, declared, result.output)
    assert (values == TRUTH + 1).mean() > 0.999 and not said


@pytest.mark.medium
def test_what_the_map_leaves_out_does_not_train_and_a_lost_class_is_named_everywhere(
    make_raster: Make, tmp_path: Path
) -> None:
    """Dates that cover the west alone, while all polygons of the third class lie in the east."""
    raster = make_raster(scene(), names=("blue", "green", "nir"))
    west = make_raster(scene(1)[:, :, :48], names=("b2", "g2", "n2"), name="west.tif")
    features = [
        item
        for item in fields()
        if (item["class"] == 3) != (item["geometry"]["coordinates"][0][0][0] < LEFT + 48 * PIXEL)
    ]
    result, said = trained(
        tmp_path,
        raster,
        extra_inputs=(RasterSource(str(west)),),
        samples=write_features(tmp_path / "part.jsonl", features),
        report=str(tmp_path / "report.html"),
    )
    lost = [text for text in said if text.startswith("Class 3 Soil is not in the model")]
    assert len(lost) == 1 and "pixels without a value in b2, g2, n2" in lost[0]
    card = read_card(Path(result.output))
    assert [item.name for item in card.classes] == ["Water", "Forest"]
    assert [item.label for item in card.lost_classes] == ["3 Soil"]
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert lost[0] in report["cautions"]
    values, _ = mapped(tmp_path, raster, result.output, extra_inputs=(RasterSource(str(west)),))
    assert (values[:, 48:] == 255).all() and (values[:, :48] != 255).all()


@pytest.mark.medium
def test_values_that_mean_nothing_are_named_and_remembered(make_raster: Make, tmp_path: Path) -> None:
    bands = scene()
    bands[:, :20, :30] = 0
    raster = make_raster(bands, names=("blue", "green", "nir"), name="border.tif")
    labels = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for item in np.ndindex(6, 6):
        row, column = (16 * number + 4 for number in item)
        labels[row : row + 8, column : column + 8] = TRUTH[row, column] + 1
    path = make_raster(labels, name="labels.tif")
    result, said = trained(
        tmp_path, raster, labels=RasterSource(str(path)), unlabelled=(0,), nodata_values=(0.0,)
    )
    assert result.classes == 3
    assert len(said) == 1 and "samples on pixels without valid values in all bands are dropped" in said[0]
    values, said = mapped(tmp_path, raster, result.output)
    assert not said
    border = np.zeros((SIDE, SIDE), dtype=bool)
    border[:20, :30] = True
    assert np.array_equal(values == 255, border)
    assert (values[~border] == TRUTH[~border] + 1).all()


def labels_said(path: Path, **options: Any) -> tuple[list[int], list[str]]:
    """Return the class values of a label raster, and what is said of them."""
    progress, source = SilentProgress(), RasterSource(str(path))
    with open_stack(source) as stack:
        samples = samples_from_raster(source, stack.grid, None, 0, progress, **options)
    return [item.value for item in samples.classes], [text for _, text in progress.lines]


def test_a_picture_of_colours_is_no_label_raster(make_raster: Make) -> None:
    picture = np.repeat((TRUTH * 100)[None], 3, axis=0).astype(np.uint8)
    _, said = labels_said(make_raster(picture, name="picture.tif", photometric="RGB"))
    assert any("picture.tif is a picture of colours" in text for text in said)


@pytest.mark.parametrize("value", [0, -100, -9999])
def test_a_value_that_often_means_unlabelled_is_named_with_its_fraction(
    make_raster: Make, value: int
) -> None:
    labels = TRUTH.astype(np.int16) + 1
    labels[:24] = value
    path = make_raster(labels, name="labels.tif")
    values, said = labels_said(path)
    assert values == sorted([1, 2, 3, value])
    assert len(said) == 1 and said[0].startswith("25.0% of the pixels of the label raster labels.tif")
    assert f"UNLABELLED={value}." in said[0]
    assert labels_said(path, unlabelled=(value,)) == ([1, 2, 3], [])


@pytest.mark.medium
def test_further_rasters_in_another_order_are_refused_where_names_do_not_tell_them_apart(
    make_raster: Make, tmp_path: Path
) -> None:
    """Two rasters of one name for their bands, whose values overlap so that nothing else shows the order."""
    raster = make_raster(scene()[:1], names=("blue",))
    first = make_raster(scene(1)[1:2], names=("ndvi",), name="march.tif")
    second = make_raster(scene(2)[2:], names=("ndvi",), name="july.tif")
    extras = tuple(RasterSource(str(path)) for path in (first, second))
    result, _ = trained(tmp_path, raster, extra_inputs=extras)
    values, _ = mapped(tmp_path, raster, result.output, extra_inputs=extras)
    assert (values == TRUTH + 1).all()
    (tmp_path / "map.tif").unlink()
    for allowed in (False, True):
        with pytest.raises(BandMismatchError, match=r"july.tif, march.tif, in training march.tif, july.tif"):
            mapped(tmp_path, raster, result.output, extra_inputs=extras[::-1], allow_different_values=allowed)
    assert not (tmp_path / "map.tif").exists()
    # Names in the files tell them apart, in whatever order they come.
    named = tuple(
        RasterSource(str(make_raster(scene(seed)[seed : seed + 1], names=(name,), name=f"{name}.tif")))
        for seed, name in ((1, "ndvi_march"), (2, "ndvi_july"))
    )
    result, _ = trained(tmp_path, raster, extra_inputs=named)
    values, _ = mapped(tmp_path, raster, result.output, extra_inputs=named[::-1])
    assert (values == TRUTH + 1).all()
