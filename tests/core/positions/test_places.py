"""From places on the earth to pixels, and back: points, polygons, suggestions, drawn points, agreement."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from numpy.typing import NDArray

from deep_land_cover.core.assessment.accuracy_maps import write_agreement
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.predictors.factory import LoadedModel
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.label_sources import read_samples
from deep_land_cover.core.tasks import assess, samplingdesign
from deep_land_cover.core.tasks import suggest as suggesting

from ...cards import model_card
from ...requests import suggest_request
from .conftest import BANDS, GRIDS, Reader, centre, positions

Make = Callable[..., Path]
SHAPE = (15, 17)


def grid_of(path: Path) -> Grid:
    with open_stack(RasterSource(str(path))) as stack:
        return stack.grid


def numbered() -> NDArray[np.uint8]:
    """Return a class for each pixel, counted row by row from 0."""
    return np.arange(SHAPE[0] * SHAPE[1], dtype=np.uint8).reshape(SHAPE)


def write_lines(path: Path, features: list[dict[str, Any]]) -> str:
    lines = ({"name": None, "group": number, **item} for number, item in enumerate(features))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def point(place: tuple[float, ...], row: float, column: float, value: int) -> dict[str, Any]:
    a, b, c, d, e, f = place
    x, y = a * column + b * row + c, d * column + e * row + f
    return {"geometry": {"type": "Point", "coordinates": [x, y]}, "class": value}


def box(place: tuple[float, ...], top: float, left: float, bottom: float, right: float) -> dict[str, Any]:
    corners = [(top, left), (top, right), (bottom, right), (bottom, left), (top, left)]
    ring = [point(place, *corner, 0)["geometry"]["coordinates"] for corner in corners]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("within", [(0.5, 0.5), (0.01, 0.99), (0.99, 0.01)])
@pytest.mark.parametrize("grid", GRIDS)
def test_a_point_labels_the_pixel_that_it_falls_in(
    make_raster: Make, tmp_path: Path, grid: str, within: tuple[float, float]
) -> None:
    path = make_raster(numbered(), transform=GRIDS[grid])
    points = [
        point(GRIDS[grid], row + within[0], column + within[1], int(numbered()[row, column]))
        for row, column in np.ndindex(SHAPE)
    ]
    features = write_lines(tmp_path / "points.jsonl", points)
    samples = read_samples(features, None, grid_of(path), None, 0, SilentProgress())
    assert len(samples) == SHAPE[0] * SHAPE[1]
    values = np.array([item.value for item in samples.classes])[samples.codes]
    assert np.array_equal(numbered()[samples.rows, samples.columns], values)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_polygon_labels_the_pixels_whose_centres_it_holds(
    make_raster: Make, tmp_path: Path, grid: str
) -> None:
    path = make_raster(numbered(), transform=GRIDS[grid])
    # Sides that lie a tenth of a pixel beyond, or before, the centres of pixels.
    boxes = {1: (2.4, 3.4, 6.6, 9.6), 2: (8.6, 3.6, 12.4, 9.4), 3: (-4.0, 12.4, 4.6, 40.0)}
    held = {1: (2, 7, 3, 10), 2: (9, 12, 4, 9), 3: (0, 5, 12, 17)}
    polygons = [{"geometry": box(GRIDS[grid], *sides), "class": value} for value, sides in boxes.items()]
    features = write_lines(tmp_path / "polygons.jsonl", polygons)
    samples = read_samples(features, None, grid_of(path), None, 0, SilentProgress())
    values = np.array([item.value for item in samples.classes])[samples.codes]
    found, expected = np.zeros(SHAPE, dtype=np.int64), np.zeros(SHAPE, dtype=np.int64)
    found[samples.rows, samples.columns] = values
    for value, (top, bottom, left, right) in held.items():
        expected[top:bottom, left:right] = value
    assert np.array_equal(found, expected)


@pytest.mark.medium(but=("north up-8-0", "rotated-5-1"))
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("size", [5, 8])
@pytest.mark.parametrize("grid", GRIDS)
def test_a_suggested_point_lies_on_the_pixel_that_it_speaks_of(
    make_raster: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grid: str, size: int, axis: int
) -> None:
    path = make_raster(positions(31, 44), names=BANDS, transform=GRIDS[grid])
    card = model_card(
        bands=BANDS,
        patch_size=size,
        classes=tuple(LandCoverClass(value, f"Class {value}", "#808080") for value in range(50)),
        scaling=Scaling((0.0, 0.0), (1.0, 1.0), clip=1e9),
    )
    model = LoadedModel(Reader(centre, 50, axis).eval(), card, "", torch.device("cpu"))
    monkeypatch.setattr(suggesting, "load_once", lambda *_: (model,))
    records = tmp_path / "points.jsonl"
    request = suggest_request(
        RasterSource(str(path)), str(path), str(records), count=60, min_distance=2.0, device="cpu"
    )
    assert suggesting.suggest_samples(request, card, SilentProgress()) == 60
    found = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    with rasterio.open(path) as dataset:
        values = np.array(list(dataset.sample([(item["x"], item["y"]) for item in found])))
        middles = [~dataset.transform @ (item["x"], item["y"]) for item in found]
    assert values[:, axis].tolist() == [item["predicted"] for item in found]
    np.testing.assert_allclose(np.array(middles) % 1, 0.5, atol=1e-6)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_drawn_point_lies_on_a_pixel_of_its_stratum(make_raster: Make, tmp_path: Path, grid: str) -> None:
    path = make_raster(numbered(), transform=GRIDS[grid])
    with rasterio.open(path, "r+") as dataset:
        # A raster of so many values is a class map if they have colours.
        dataset.write_colormap(1, {value: (value, 0, 0) for value in range(255)})
    records = tmp_path / "points.jsonl"
    request = samplingdesign.SamplingDesignRequest(
        RasterSource(str(path)), str(records), size=255, min_per_class=1
    )
    samplingdesign.run(request, SilentProgress())
    found = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    assert sorted(item["stratum"] for item in found) == list(range(255))
    with rasterio.open(path) as dataset:
        for item in found:
            column, row = ~dataset.transform @ (item["x"], item["y"])
            expected = divmod(item["stratum"], SHAPE[1])
            assert (row - 0.5, column - 0.5) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("grid", GRIDS)
def test_reference_points_meet_their_own_pixels_of_a_map(
    make_raster: Make, tmp_path: Path, grid: str
) -> None:
    # Neighbours differ, and the figures of 40 classes take less time than those of 255.
    values = numbered() % 40
    path = make_raster(values, transform=GRIDS[grid], nodata=255)
    points = [
        point(GRIDS[grid], row + 0.3, column + 0.7, int(values[row, column]))
        for row, column in np.ndindex(SHAPE)
    ]
    features = write_lines(tmp_path / "points.jsonl", points)
    request = assess.AssessRequest(RasterSource(str(path)), features=features, name="points")
    assert assess.run(request, SilentProgress()).overall_accuracy == 1.0


@pytest.mark.parametrize("grid", GRIDS)
def test_an_agreement_map_shows_each_difference_at_its_own_pixel(
    make_raster: Make, tmp_path: Path, grid: str
) -> None:
    first = make_raster(numbered(), transform=GRIDS[grid], name="first.tif", nodata=255)
    differs = np.random.default_rng(0).random(SHAPE) < 0.3
    other = np.where(differs, 254 - numbered(), numbered()).astype(np.uint8)
    differs = other != numbered()
    # On a grid three times as fine, from a pixel before the first one on.
    a, b, c, d, e, f = GRIDS[grid]
    x, y = c - (a + b) / 3, f - (d + e) / 3
    fine = np.pad(np.kron(other, np.ones((3, 3), dtype=np.uint8)), 1, constant_values=255)
    second = make_raster(fine, transform=(a / 3, b / 3, x, d / 3, e / 3, y), name="second.tif", nodata=255)
    sources = [RasterSource(str(path)) for path in (first, second)]
    agreement, progress = tmp_path / "agreement.tif", SilentProgress()
    with (
        open_class_raster(sources[0], progress) as one,
        open_class_raster(sources[1], progress, one.grid) as two,
    ):
        # Without a reference 2 stands for agreement; with one, 3 where both are right, 1 where the first is.
        for reference, same in ((None, 2), (one, 3)):
            write_agreement(agreement, [one, two], reference, progress)
            with rasterio.open(agreement) as dataset:
                assert tuple(dataset.transform)[:6] == pytest.approx(GRIDS[grid])
                assert np.array_equal(dataset.read(1), np.where(differs, 1, same))
