"""Change between two maps as a job: its files, and areas of change estimated from points in its strata."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from scipy import ndimage

from deep_land_cover.core.assessment.drawn_sample import sample_of_json
from deep_land_cover.core.assessment.estimators import accuracy_of_sample, sampled_cells
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import LandCoverError, SampleError
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.options import AUTO
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.dataset import grid_of
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map
from deep_land_cover.core.requests.assess import AssessRequest
from deep_land_cover.core.requests.change import ChangeRequest, ChangeResult, interval_years
from deep_land_cover.core.requests.samplingdesign import SamplingDesignRequest
from deep_land_cover.core.tasks.assess import run as assess
from deep_land_cover.core.tasks.change import run
from deep_land_cover.core.tasks.samplingdesign import run as draw

from ..features import write_features

Make = Callable[..., Path]
FOREST, PASTURE = LandCoverClass(1, "Forest", "#228B22"), LandCoverClass(2, "Pasture", "#B8E08C")
# A pixel has 20 m.
PIXEL = 0.04
SIDE = 240


def scene(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return an earlier map, the true later one, and a later map with errors.

    Clearings of the map are a pixel too small on all sides, small clearings far from all others are missing,
    and some places are cleared in the map alone.
    """
    rng = np.random.default_rng(seed)
    noise = ndimage.uniform_filter(rng.random((SIDE, SIDE)), 25)
    before = np.where(ndimage.uniform_filter(rng.random((SIDE, SIDE)), 31) > 0.51, 2, 1)
    cleared = noise > np.quantile(noise, 0.93)
    small = ndimage.binary_dilation(rng.random((SIDE, SIDE)) < 0.0006, iterations=1)
    false = ndimage.binary_dilation(rng.random((SIDE, SIDE)) < 0.0004, iterations=1)
    truth = np.where((cleared | small) & (before == 1), 2, before)
    mapped = np.where((ndimage.binary_erosion(cleared) | false) & (before == 1), 2, before)
    return before, truth, mapped


def write(path: Path, values: np.ndarray, template: Path, classes: Any = (FOREST, PASTURE)) -> Path:
    with rasterio.open(template) as dataset:
        grid = grid_of(dataset)
    write_class_map(path, values, grid, classes, SilentProgress())
    return path


@pytest.fixture
def measured(tmp_path: Path, make_raster: Make) -> Callable[..., tuple[ChangeResult, SilentProgress]]:
    """Return a function that measures the change of the scene, with all outputs in ``tmp_path``."""
    before, _, after = scene()
    template = make_raster(before.astype(np.uint8), name="template.tif", nodata=0)
    paths = [
        write(tmp_path / f"{name}.tif", values, template) for name, values in (("a", before), ("b", after))
    ]

    def measure(**changes: Any) -> tuple[ChangeResult, SilentProgress]:
        progress = SilentProgress()
        outputs = {name: str(tmp_path / f"{name}.tif") for name in ("output", "strata")}
        outputs |= {"table": str(tmp_path / "t.csv"), "report": str(tmp_path / "r.html")}
        outputs["figure"] = str(tmp_path / "f.svg")
        sources = (RasterSource(str(path)) for path in paths)
        return run(ChangeRequest(*sources, **{**outputs, **changes}), progress), progress

    return measure


def test_table_report_and_figure_say_the_same(measured: Any, tmp_path: Path) -> None:
    before, _, after = scene()
    groups = tmp_path / "groups.csv"
    groups.write_text("class,group\nForest,Natural\nPasture,Used\n", encoding="utf-8")
    zones = tmp_path / "zones.jsonl"
    x, y, half = 500_000, 9_800_000, 20 * SIDE // 2
    ring = [[x, y], [x + half, y], [x + half, y - 20 * SIDE], [x, y - 20 * SIDE], [x, y]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    zones.write_text(json.dumps({"geometry": shape, "zone": "West", "feature": 0}) + "\n", encoding="utf-8")
    result, progress = measured(groups=str(groups), zones=str(zones), dates="2000, 2004")
    changed = np.count_nonzero(before != after) * PIXEL
    assert result.hectares == pytest.approx(changed)
    assert result.percent == pytest.approx(100 * changed / (SIDE**2 * PIXEL))
    with (tmp_path / "t.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    whole = {(row["from_name"], row["to_name"]): row for row in rows if not row["zone"]}
    assert set(whole) == {("Forest", "Forest"), ("Forest", "Pasture"), ("Pasture", "Pasture")}
    assert float(whole["Forest", "Pasture"]["area_ha"]) == pytest.approx(changed)
    assert whole["Forest", "Pasture"]["value"] == "12"
    west = next(row for row in rows if row["zone"] == "West" and row["value"] == "12")
    assert int(west["pixels"]) == np.count_nonzero((before != after)[:, : SIDE // 2])
    content = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert content["deep_land_cover_report"] == "change"
    assert content["whole"]["components"]["quantity"] == pytest.approx(changed)
    assert content["groups"]["changes"][0]["loss"] == pytest.approx(changed)
    assert content["intensity"]["losses"][0] == pytest.approx(
        changed / content["whole"]["changes"][0]["before"] / 4
    )
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    # Beside both matrices, the matrix of the groups and the zones, and above them.
    assert page.count("not an estimate of change") == 5
    assert any("not an estimate of change" in text for _, text in progress.lines)
    assert (tmp_path / "f.svg").stat().st_size > 5000
    kinds = {"output": "change", "strata": "change_strata", "t": "change_table"}
    for name, kind in kinds.items():
        path = tmp_path / f"{name}.{'csv' if name == 't' else 'tif'}"
        assert kinds_of(path) == (kind,)


def test_small_patches_are_neither_change_nor_persistence(measured: Any, tmp_path: Path) -> None:
    before, _, after = scene()
    labels, number = ndimage.label(before != after, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=number + 1)
    # Below 0.25 ha are patches of up to 6 pixels.
    small = (sizes[labels] <= 6) & (labels > 0)
    assert small.any()
    measured(minimum=0.25)
    with rasterio.open(tmp_path / "output.tif") as dataset:
        assert ((dataset.read(1) == 100) == small).all()
    content = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert content["below"]["hectares"] == pytest.approx(small.sum() * PIXEL)
    assert content["whole"]["components"]["total"] == pytest.approx(
        ((before != after) & ~small).sum() * PIXEL
    )
    row = next(item for item in content["rows"] if item["value"] == 12)
    assert row["below_hectares"] == pytest.approx(small.sum() * PIXEL)


def test_strata_alone_leave_no_other_file(measured: Any, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    measured(output="", table="", report=None, figure="")
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {"strata.tif", "strata.tif.aux.xml"}


def test_points_in_the_strata_give_the_area_of_change(measured: Any, tmp_path: Path) -> None:
    """From the change map over drawn points to an assessment, which recognises the strata by itself."""
    before, truth, after = scene()
    measured(buffer=2)
    records = tmp_path / "points.jsonl"
    drawn = draw(
        SamplingDesignRequest(
            RasterSource(str(tmp_path / "strata.tif")), str(records), size=800, min_per_class=100
        ),
        SilentProgress(),
    )
    points = []
    for line in records.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        row, column = int((9_800_000 - item["y"]) // 20), int((item["x"] - 500_000) // 20)
        place = {"type": "Point", "coordinates": [item["x"], item["y"]]}
        value = 10 * int(before[row, column]) + int(truth[row, column])
        points.append(
            {"geometry": place, "class": value, "split": str(item["stratum"]), "weight": item["weight"]}
        )
    progress = SilentProgress()
    table = tmp_path / "areas.csv"
    assess(
        AssessRequest(
            RasterSource(str(tmp_path / "output.tif")),
            features=write_features(tmp_path / "labelled.jsonl", points),
            name="points",
            sample=sample_of_json(drawn.sample),
            design=AUTO,
            table=str(table),
        ),
        progress,
    )
    assert any("stratified_other" in text for _, text in progress.lines)
    with table.open(encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    found, true = rows["Forest → Pasture"], np.count_nonzero(truth != before) * PIXEL
    mapped = np.count_nonzero(after != before) * PIXEL
    assert float(found["mapped_area_ha"]) == pytest.approx(mapped)
    # The map misses a part of the change; the interval of the estimate does not.
    assert mapped < 0.6 * true
    assert float(found["area_low_ha"]) < true < float(found["area_high_ha"])


@pytest.mark.medium
def test_intervals_of_change_contain_the_truth_as_often_as_they_say(measured: Any, tmp_path: Path) -> None:
    """Simulation with known truth: clearings are omitted at the borders of mapped ones and far from them."""
    before, truth, after = scene()
    labels = (11, 12, 22)
    mapped, true = (np.searchsorted(labels, (10 * before + item).ravel()) for item in (after, truth))
    area, repeats, widths = float(np.mean(true == 1)), 300, {}
    for buffer in (0, 2):
        measured(buffer=buffer)
        with rasterio.open(tmp_path / "strata.tif") as dataset:
            strata = dataset.read(1).ravel()
        values = np.unique(strata)
        cells = np.zeros((len(values), 9), dtype=np.int64)
        np.add.at(cells, (np.searchsorted(values, strata), 3 * true + mapped), 1)
        if buffer:
            # Change is omitted in the buffer, and beyond it.
            assert cells[-1, 3] > 1000 and cells[0, 3] > 400 and values[0] == 11
        # Most points in the large stratum, as proportional allocation has it.
        numbers = [500 if value == 11 else 100 for value in values]
        rng = np.random.default_rng(5)
        draws = [
            rng.multivariate_hypergeometric(row, number, repeats)
            for row, number in zip(cells, numbers, strict=True)
        ]
        found = [
            accuracy_of_sample(
                sampled_cells(counts.reshape(-1, 3, 3).astype(float), cells.sum(axis=1).astype(float)), False
            ).area[1]
            for counts in np.stack(draws, axis=1)
        ]
        low, high, estimates = (
            np.array([getattr(item, name) for item in found]) for name in ("low", "high", "value")
        )
        assert 0.91 <= np.mean((low <= area) & (area <= high)) <= 0.99
        # Without bias, though the map has half of the change.
        assert abs(estimates.mean() - area) < 4 * estimates.std() / np.sqrt(repeats)
        assert np.mean(mapped == 1) < 0.6 * area
        widths[buffer] = float(np.mean(high - low))
    # Omission at the borders of change weighs little in a stratum of its own.
    assert widths[2] < 0.8 * widths[0]


def test_probabilities_give_the_probability_of_change(
    measured: Any, make_raster: Make, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    first, second = (rng.random((SIDE, SIDE)).astype(np.float32) for _ in range(2))
    sources = []
    for name, forest in (("p1", first), ("p2", second)):
        values = np.stack([1 - forest, forest])
        # In another order, and named as the product of a classification names them.
        path = make_raster(values, name=f"{name}.tif", names=("2 Pasture", "1 Forest"), nodata=float("nan"))
        sources.append(RasterSource(str(path)))
    target = tmp_path / "probability.tif"
    measured(before_probabilities=sources[0], after_probabilities=sources[1], probability=str(target))
    expected = 1 - (first * second + (1 - first) * (1 - second))
    with rasterio.open(target) as dataset:
        assert dataset.scales[0] * dataset.read(1) == pytest.approx(expected, abs=0.0021)
    content = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert content["mean_probability"] == pytest.approx(expected.mean(), abs=1e-4)


def test_maps_of_other_values_are_matched_by_name_and_brought_onto_one_grid(
    tmp_path: Path, make_raster: Make
) -> None:
    before, _, after = scene()
    template = make_raster(before.astype(np.uint8), name="template.tif", nodata=0)
    first = write(tmp_path / "a.tif", before, template)
    # Half the pixel size, and the values swapped.
    fine = np.repeat(np.repeat(np.where(after == 1, 2, 1), 2, axis=0), 2, axis=1)
    finer = make_raster(
        fine.astype(np.uint8), name="t2.tif", nodata=0, transform=(10, 0, 500_000, 0, -10, 9_800_000)
    )
    swapped = (LandCoverClass(2, "Forest", "#228B22"), LandCoverClass(1, "Pasture", "#B8E08C"))
    second = write(tmp_path / "b.tif", fine, finer, swapped)
    progress = SilentProgress()
    request = ChangeRequest(
        RasterSource(str(first)), RasterSource(str(second)), table=str(tmp_path / "t.csv")
    )
    result = run(request, progress)
    assert result.hectares == pytest.approx(np.count_nonzero(before != after) * PIXEL)
    assert any("matched by name" in text for _, text in progress.lines)


def test_dates_give_the_duration() -> None:
    assert interval_years("") == 0 and interval_years("2.5") == 2.5
    assert interval_years("1999, 2002") == 3
    assert interval_years("1999-11-18, 2002-04-16") == pytest.approx(2.41, abs=0.01)
    assert interval_years("2000, 2002-01") == pytest.approx(2, abs=0.01)
    for text in ("2002, 1999", "1999", "soon", "1999-13-01, 2002", "1, 2, 3", "-1"):
        with pytest.raises(LandCoverError, match="interval"):
            interval_years(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minimum": -1.0}, "MMU"),
        ({"connectivity": "6"}, "CONNECTIVITY"),
        ({"buffer": -1}, "BUFFER"),
        ({"probability": "p.tif"}, "probabilities of both"),
        ({"output": "", "strata": "", "table": "", "report": None, "figure": ""}, "No output"),
        ({"figure": "f.gif"}, "ending"),
        ({"crosswalk": "/nowhere.csv"}, "cannot be read"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(
    measured: Any, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(LandCoverError, match=words):
        measured(**changes)
    assert set(tmp_path.iterdir()) == before


def test_a_crosswalk_that_leaves_nothing_to_compare_is_refused(measured: Any, tmp_path: Path) -> None:
    # Both maps keep a class, but no pixel is pasture before and forest after.
    table = tmp_path / "crosswalk.csv"
    table.write_text(
        "map,class,common\nbefore,Forest,\nbefore,Pasture,Used\nafter,Forest,Natural\nafter,Pasture,\n",
        encoding="utf-8",
    )
    before = set(tmp_path.iterdir())
    with pytest.raises(SampleError, match="crosswalk") as caught:
        measured(crosswalk=str(table))
    assert caught.value.where == str(table)
    assert set(tmp_path.iterdir()) == before


def test_classes_with_parents_are_grouped_by_them(tmp_path: Path, make_raster: Make) -> None:
    before, _, after = scene()
    template = make_raster(before.astype(np.uint8), name="template.tif", nodata=0)
    classes = (
        LandCoverClass(1, "Forest", "#228B22", "Vegetation"),
        LandCoverClass(2, "Pasture", "#B8E08C", "Vegetation"),
    )
    sources = [
        RasterSource(str(write(tmp_path / f"{name}.tif", values, template, classes)))
        for name, values in (("a", before), ("b", after))
    ]
    run(ChangeRequest(*sources, report=str(tmp_path / "r.html")), SilentProgress())
    groups = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["groups"]
    assert [item["name"] for item in groups["classes"]] == ["Vegetation"]
    assert groups["components"]["total"] == 0 and groups["hectares"] == [[pytest.approx(SIDE**2 * PIXEL)]]
