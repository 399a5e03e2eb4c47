"""Trajectories as a job: dates, rasters, filtered maps, table and report."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import LandCoverError
from deep_land_cover.core.maps.temporal_filters import most_probable_sequences
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map
from deep_land_cover.core.requests.trajectories import (
    TrajectoriesRequest,
    TrajectoriesResult,
    dates_of,
    parse_frequencies,
)
from deep_land_cover.core.tasks.trajectories import run

CLASSES = (
    LandCoverClass(1, "Forest", "#228B22"),
    LandCoverClass(2, "Pasture", "#B8E08C"),
    LandCoverClass(3, "Built-up", "#DC143C"),
)
GRID = Grid(30, 20, (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0), CRS.from_epsg(32748).to_wkt())
RNG = np.random.default_rng(6)
STACK = RNG.choice([1, 2, 3], (4, 20, 30), p=(0.6, 0.3, 0.1))
VALID = RNG.random(STACK.shape) > 0.04
YEARS = (1999, 2002, 2005, 2008)


class Folder:
    """Maps of four years, and a folder for what is made of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.out = path / "out"
        self.out.mkdir()
        self.log: list[tuple[str, str]] = []
        for year, values, valid in zip(YEARS, STACK, VALID, strict=True):
            write_class_map(path / f"map_{year}.tif", values, GRID, CLASSES, SilentProgress(), valid=valid)

    def run(self, **changes: Any) -> TrajectoriesResult:
        # Not in the order of time.
        sources = tuple(RasterSource(str(self.path / f"map_{year}.tif")) for year in (2002, 1999, 2008, 2005))
        given = {"inputs": sources, "folder": str(self.out), "table": str(self.path / "t.csv"), **changes}
        progress = SilentProgress()
        try:
            return run(TrajectoriesRequest(**given), progress)
        finally:
            self.log = progress.lines

    def read(self, name: str) -> np.ndarray:
        with rasterio.open(self.out / name) as dataset:
            values: np.ndarray = dataset.read(1, masked=True).astype(int).filled(-1)
            return values


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_rasters_say_how_often_and_when_a_pixel_changed(folder: Folder) -> None:
    result = folder.run(report=str(folder.path / "r.html"))
    assert result.maps == () and any("map_1999.tif = 1999" in text for _, text in folder.log)
    whole = VALID.all(axis=0)
    is_change = STACK[1:] != STACK[:-1]
    years = np.array(YEARS[1:])
    times = is_change.sum(axis=0)
    first = np.where(times > 0, years[is_change.argmax(axis=0)], 0)
    last = np.where(times > 0, years[2 - is_change[::-1].argmax(axis=0)], 0)
    for name, expected in (("changes", times), ("first_change", first), ("last_change", last)):
        assert (folder.read(f"{name}.tif") == np.where(whole, expected, -1)).all()
        assert kinds_of(folder.out / f"{name}.tif") == ("trajectory_map",)
    with open_class_raster(RasterSource(str(folder.out / "first_change.tif")), SilentProgress()) as raster:
        assert [item.name for item in raster.own_classes()] == ["No change", "2002", "2005", "2008"]
    assert result.changed_percent == pytest.approx(100 * np.mean(times[whole] > 0))
    with (folder.path / "t.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[5:] == ["1999", "2002", "2005", "2008"]
    assert sum(int(row["pixels"]) for row in rows) == whole.sum()
    row = next(item for item in rows if item["sequence"] == "1 1 2 2")
    assert row["1999"] == "Forest" and row["2008"] == "Pasture" and row["changes"] == "1"
    same = (STACK == np.array([1, 1, 2, 2])[:, None, None]).all(axis=0) & whole
    assert int(row["pixels"]) == same.sum() and float(row["area_ha"]) == pytest.approx(0.04 * same.sum())
    content = json.loads((folder.path / "r.json").read_text(encoding="utf-8"))
    assert content["by_changes"][0][0] == np.count_nonzero(times[whole] == 0)
    assert "not an estimate of change" in (folder.path / "r.html").read_text(encoding="utf-8")


def test_numbers_of_changes_with_the_same_area_keep_their_rows(tmp_path: Path) -> None:
    # One pixel each never changes, changes once and changes twice.
    sources = []
    for year, values in zip(YEARS, ([1, 1, 1], [1, 1, 2], [1, 2, 3]), strict=False):
        path = tmp_path / f"map_{year}.tif"
        write_class_map(path, np.array([values]), replace(GRID, width=3, height=1), CLASSES, SilentProgress())
        sources.append(RasterSource(str(path)))
    report = tmp_path / "r.html"
    run(TrajectoriesRequest(tuple(sources), report=str(report)), SilentProgress())
    part = report.read_text(encoding="utf-8").split("Number of changes")[-1].split("</table>")[0]
    # Changes and pixels.
    rows = re.findall(r"<tr><td>(\d+)</td><td>(\d+)</td>", part)
    assert rows == [("0", "1"), ("1", "1"), ("2", "1")]


def test_filtered_maps_keep_legend_and_history(folder: Folder) -> None:
    rules = folder.path / "rules.csv"
    rules.write_text("from,to\nBuilt-up,*\n", encoding="utf-8")
    result = folder.run(filters=("gap_fill", "window_3"), rules=str(rules))
    assert [Path(path).name for path in result.maps] == [f"map_{year}_filtered.tif" for year in YEARS]
    stack = np.stack([folder.read(Path(path).name) for path in result.maps])
    has_any = VALID.any(axis=0)
    assert ((stack > 0) == has_any).all()
    # Built-up land stays what it is.
    assert not ((stack[:-1] == 3) & (stack[1:] != 3)).any()
    with open_class_raster(RasterSource(result.maps[0]), SilentProgress()) as raster:
        assert raster.own_classes() == CLASSES and raster.items["DATE"] == "1999"
        assert "map_1999.tif" in raster.items["HISTORY"]
    lines = [text for _, text in folder.log]
    for name in ("Gap fill", "Window of 3 dates", "Forbidden transitions"):
        assert any(text.startswith(f"{name}: ") and "pixels changed" in text for text in lines)
    # The same run again replaces its files, and files of others stay.
    folder.run(filters=("gap_fill", "window_3"), rules=str(rules))
    folder.read("changes.tif")
    write_class_map(folder.out / "changes.tif", STACK[0], GRID, CLASSES, SilentProgress())
    with pytest.raises(LandCoverError, match="another output"):
        folder.run()
    folder.run(overwrite=True)


def test_with_probabilities_the_most_probable_sequence_is_found(folder: Folder, make_raster: Any) -> None:
    probabilities = RNG.dirichlet(np.ones(3), (4, 20, 30)).transpose(0, 3, 1, 2).astype(np.float32)
    sources = {}
    for year, values in zip(YEARS, probabilities, strict=True):
        names = tuple(f"{item.value} {item.name}" for item in CLASSES)
        path = make_raster(values, name=f"p_{year}.tif", names=names, nodata=float("nan"))
        sources[year] = RasterSource(str(path))
    rules = folder.path / "rules.csv"
    rules.write_text("from,to,probability\nBuilt-up,*,\nForest,Pasture,0.2\n", encoding="utf-8")
    given = tuple(sources[year] for year in (2002, 1999, 2008, 2005))
    result = folder.run(probabilities=given, rules=str(rules))
    stack = np.stack([folder.read(Path(path).name) for path in result.maps])
    transitions = np.array([[1, 0.2, 1], [1, 1, 1], [0, 0, 1]])
    codes = np.where(VALID, STACK, 0).reshape(4, -1).astype(np.int16)
    expected, _ = most_probable_sequences(codes, list(probabilities.reshape(4, 3, -1)), transitions)
    assert (stack == np.where(VALID, expected.reshape(STACK.shape), -1)).all()
    with pytest.raises(LandCoverError, match="other filters"):
        folder.run(probabilities=given, filters=("window_3",))
    with pytest.raises(LandCoverError, match="2 probability rasters for 4 maps"):
        folder.run(probabilities=given[:2])


def test_dates_are_read_from_names_where_these_are_clear() -> None:
    found = dates_of(("b_2005.tif", "a_1999_v2.tif"), "")
    assert (found.names, found.order, found.values, found.from_names) == (
        ("1999", "2005"),
        (1, 0),
        (1999, 2005),
        True,
    )
    found = dates_of(("S2_20240307.tif", "S2_20240118.tif"), "")
    assert found.names == ("2024-01-18", "2024-03-07") and found.values == (1, 2)
    assert dates_of(("x.tif", "y.tif"), "2002, 1999").order == (1, 0)
    for names, text in (
        (("a.tif", "b.tif"), ""),
        (("1999_2002.tif", "2002_2005.tif"), ""),
        (("a_1999.tif", "b_1999.tif"), ""),
        (("a.tif", "b.tif"), "1999"),
        (("a.tif", "b.tif"), "1999, 1999"),
        (("a.tif", "b.tif"), "1999, 2002-13-01"),
    ):
        with pytest.raises(LandCoverError):
            dates_of(names, text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": ()}, "2 to 400 maps"),
        ({"filters": ("window_9",)}, "window_9"),
        ({"frequency": "Forest"}, "fraction of the dates"),
        ({"frequency": "Forest=0.4"}, "fraction of the dates"),
        ({"frequency": "Rock=0.8"}, "no class 'Rock'"),
        ({"filter_order": "Forest, Rock", "filters": ("window_3",)}, "no class 'Rock'"),
        ({"folder": "", "table": ""}, "No output"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(
    folder: Folder, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(LandCoverError, match=words):
        folder.run(**changes)
    assert not list(folder.out.iterdir()) and not (folder.path / "t.csv").exists()


def test_frequencies() -> None:
    assert parse_frequencies("Forest=0.75, 2=1") == {"Forest": 0.75, "2": 1.0}
