"""maptrajectories as users run it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make_raster):
    """Maps of three years: 17 retreats by ten columns, and a column that is 3 in 2002 alone."""
    folder = tmp_path_factory.mktemp("maps")

    def halves(border, noise):
        return lambda _band, _row, column: 17 if column >= border and column != noise else 3

    for year, border, noise in ((2001, 40, -1), (2002, 40, 70), (2003, 50, -1)):
        make_raster(folder / f"map_{year}.tif", halves(border, noise), bands=("class",))
    return folder


def test_a_folder_of_maps_is_followed_and_filtered(run, folder, tmp_path):
    out, table, report = tmp_path / "out", tmp_path / "t.csv", tmp_path / "r.html"
    given = {"INPUT_FOLDER": str(folder), "OUTPUT_FOLDER": str(out), "FILTERS": ["window_3"]}
    done = run("maptrajectories", {**given, "TABLE": str(table), "REPORT": str(report)})
    assert done.succeeded, done.log
    assert "map_2001 = 2001" in done.log and "Window of 3 dates: 60 of 4,800 pixels changed" in done.log
    assert [Path(path).name for path in done.results["MAPS"]] == [
        f"map_{year}_filtered.tif" for year in (2001, 2002, 2003)
    ]
    assert done.results["CHANGED_PERCENT"] == pytest.approx(100 * 10 / 80)
    first = QgsRasterLayer(done.results["FIRST_CHANGE"], "first")
    assert [item.label for item in first.renderer().classes()] == ["No change", "2002", "2003"]
    with table.open(encoding="utf-8") as file:
        rows = {row["sequence"]: row for row in csv.DictReader(file)}
    assert {name: int(row["pixels"]) for name, row in rows.items()} == {
        "3 3 3": 40 * 60,
        "17 17 17": 30 * 60,
        "17 17 3": 10 * 60,
    }
    # Without a filter nothing is hidden, and no map is written.
    done = run("maptrajectories", {"INPUT_FOLDER": str(folder), "TABLE": str(tmp_path / "u.csv")})
    assert done.succeeded and done.results["MAPS"] == []
    assert done.results["CHANGED_PERCENT"] == pytest.approx(100 * 11 / 80)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PATTERN": "*2001.tif"}, "too few maps"),
        ({"PATTERN": "*.img"}, "No file in the folder"),
        ({"DATES": "2001, 2002"}, "2 dates for 3 maps"),
        ({"DATES": "2001, 2001, 2002"}, "same date"),
        ({"FREQUENCY": "3"}, "fraction of the dates"),
        ({"TABLE": None}, "No output was given"),
        ({"RULES": "/nowhere.csv"}, "nowhere.csv"),
    ],
)
def test_wrong_input_gets_a_sentence(run, folder, tmp_path, changes, sentence):
    given = {"INPUT_FOLDER": str(folder), "TABLE": str(tmp_path / "t.csv")}
    done = run("maptrajectories", {**given, **changes})
    assert not done.succeeded
    assert sentence in done.log


def test_a_folder_with_foreign_files_is_refused(run, folder, tmp_path):
    mine = tmp_path / "changes.tif"
    mine.write_bytes(b"mine")
    done = run("maptrajectories", {"INPUT_FOLDER": str(folder), "OUTPUT_FOLDER": str(tmp_path)})
    assert not done.succeeded and "changes.tif" in done.log and mine.read_bytes() == b"mine"
    done = run("maptrajectories", {"INPUT_FOLDER": str(folder), "OUTPUT_FOLDER": str(folder)})
    assert not done.succeeded and "output folder is the map folder" in done.log


def test_a_run_that_fails_leaves_no_folder(run, folder, tmp_path):
    rules = tmp_path / "rules.csv"
    rules.write_text("a,b\n1,2\n", encoding="utf-8")
    given = {"INPUT_FOLDER": str(folder), "OUTPUT_FOLDER": str(tmp_path / "out"), "RULES": str(rules)}
    done = run("maptrajectories", given)
    assert not done.succeeded and "lacks the columns from, to" in done.log
    assert not (tmp_path / "out").exists()


def test_a_dry_run_makes_no_folder(run, folder, tmp_path):
    given = {"INPUT_FOLDER": str(folder), "OUTPUT_FOLDER": str(tmp_path / "out"), "DRY_RUN": True}
    done = run("maptrajectories", {**given, "FILTERS": ["window_3"]})
    assert done.succeeded, done.log
    files = [Path(item["path"]).name for item in json.loads(done.results["PLAN"])["files"]]
    assert "map_2001_filtered.tif" in files and "first_change.tif" in files
    assert not (tmp_path / "out").exists()
