"""generalisemap as users run it."""

from __future__ import annotations

import csv
import json

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from ..algorithms.maps import legend, pixels

pytestmark = pytest.mark.qgis
SMALL = {(10, 10), (10, 11), (30, 60)}


@pytest.fixture(scope="module")
def maps(tmp_path_factory, make_raster):
    """Two halves, a map with two small patches of another class, and a truth with one more column right."""
    folder = tmp_path_factory.mktemp("maps")

    def halves(_band, _row, column):
        return 17 if column >= 40 else 3

    def truth(_band, _row, column):
        return 17 if column >= 41 else 3

    def value(band, row, column):
        return 5 if (row, column) in SMALL else halves(band, row, column)

    return [
        make_raster(folder / f"{name}.tif", function, bands=("class",))
        for name, function in (("halves", halves), ("map", value), ("truth", truth))
    ]


def test_small_patches_are_dissolved_and_the_table_says_how_many(run, maps, tmp_path):
    table = tmp_path / "t.csv"
    # Pixels of 20 m: 0.04 hectares each.
    outputs = {"OUTPUT": str(tmp_path / "map.tif"), "TABLE": str(table)}
    reference = {"REFERENCE": maps[2], "BLOCK_SIZE": 10}
    done = run("generalisemap", {"INPUT": maps[1], "MMU": 0.1, **reference, **outputs})
    assert done.succeeded, done.log
    assert pixels(outputs["OUTPUT"]) == pixels(maps[0])
    assert done.results["PATCHES_REMOVED"] == 2 and done.results["PATCHES_LEFT"] == 0
    assert done.results["ACCURACY_BEFORE"] == pytest.approx(1 - 63 / 4800)
    assert done.results["ACCURACY_AFTER"] == pytest.approx(1 - 60 / 4800)
    assert done.results["REFERENCES"] == 4800
    rows = {row["value"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert [rows[value]["hectares_before"] for value in ("3", "5", "17")] == ["95.92", "0.12", "95.96"]
    assert [rows[value]["hectares_after"] for value in ("3", "5", "17")] == ["96", "0", "96"]
    assert [rows[value]["patches_removed"] for value in ("3", "5", "17")] == ["0", "2", "0"]
    assert float(rows["3"]["users_accuracy_before"]) == 1 and rows["3"]["references"] == "2460"
    assert float(rows["3"]["producers_accuracy_before"]) == pytest.approx(2398 / 2460)
    assert "third" in done.log


def test_kept_classes_and_a_legend_with_names_stay(run, maps, tmp_path):
    styled = str(tmp_path / "map.tif")
    gdal.Translate(styled, maps[1], creationOptions=["COMPRESS=DEFLATE"])
    dataset = gdal.Open(styled, gdal.GA_Update)
    classes = [
        (3, "Water", "#0000FF"),
        (5, "Reef", "#FF0000"),
        (17, "Sand", "#EEDD88"),
        (20, "Ice", "#FFFFFF"),
    ]
    items = [dict(zip(("value", "name", "color"), item, strict=True)) for item in classes]
    dataset.SetMetadataItem("CLASSES", json.dumps(items))
    dataset.SetMetadataItem("MODEL", "a.safetensors")
    dataset = None
    output = str(tmp_path / "clean.tif")
    done = run("generalisemap", {"INPUT": styled, "MMU": 0.1, "KEEP": "reef", "OUTPUT": output})
    assert done.succeeded, done.log
    assert pixels(output) == pixels(maps[1])
    assert legend(QgsRasterLayer(output, "clean")) == classes
    tags = gdal.Open(output).GetMetadata()
    assert "MODEL" not in tags and tags["MMU"] == "0.1 ha" and tags["KEEP"] == "reef"
    assert json.loads(tags["HISTORY"])[-1]["model"] == "a.safetensors"
    done = run("generalisemap", {"INPUT": styled, "MMU": 0.1, "CLASS_MMU": "Reef=0.06", "OUTPUT": output})
    assert done.succeeded, done.log
    assert {
        (row, column)
        for row, line in enumerate(pixels(output))
        for column, value in enumerate(line)
        if value == 5
    } == {
        (10, 10),
        (10, 11),
    }


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"MMU": 0}, "MMU, MAJORITY and THIN"),
        ({"MAJORITY": 4}, "odd"),
        ({"THIN": 1}, "THIN"),
        ({"CLASS_MMU": "3=much"}, "3=much"),
        ({"KEEP": "Volcano"}, "Volcano"),
        ({"KEEP": "99"}, "99"),
        ({"CONNECTIVITY": "6"}, "CONNECTIVITY"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_written(run, maps, tmp_path, changes, word):
    done = run("generalisemap", {"INPUT": maps[1], "OUTPUT": str(tmp_path / "map.tif"), **changes})
    assert not done.succeeded
    assert word in done.log
    assert not list(tmp_path.iterdir())


def test_probabilities_of_another_grid_are_refused(run, maps, make_raster, tmp_path):
    other = make_raster(
        tmp_path / "other.tif",
        lambda band, _row, _column: band == 0,
        bands=("3 a", "5 b", "17 c"),
        columns=70,
    )
    output = tmp_path / "map.tif"
    done = run("generalisemap", {"INPUT": maps[1], "PROBABILITIES": other, "OUTPUT": str(output)})
    assert not done.succeeded
    assert "grid" in done.log and not output.exists()
    few = make_raster(tmp_path / "few.tif", lambda band, _row, _column: band == 0, bands=("3 a", "17 c"))
    done = run("generalisemap", {"INPUT": maps[1], "PROBABILITIES": few, "OUTPUT": str(output)})
    assert not done.succeeded
    assert "no band" in done.log and not output.exists()
