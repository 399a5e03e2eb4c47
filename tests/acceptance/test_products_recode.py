"""Renaming, recoding and joining maps on real rasters; numbers from one pass over whole arrays with NumPy."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here"),
]
GEWATA = DATA / "gewata_landsat7" / "gewata_lulc2011.tif"
MEXICO = DATA / "mexico_landsat7"
# Pixels of 30 m.
HECTARES = 0.09
NAMES = """value,name,color,parent
1,Cropland,#EBC864,
2,Bamboo,#6B8E23,Natural vegetation
3,Bare soil,#D2B48C,
4,Coffee plantation,#9ACD32,
5,Forest,#228B22,Natural vegetation
6,Wetland,#7A87C6,Natural vegetation
"""
RECODED = """from,from_name,to,name
3,Bare soil,nodata,
4,Coffee plantation,1,Cropland
nodata,,8,Unlabelled
"""


def pixels(path):
    """Return the class values of a map, -1 without a class, and its classes and history."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    values = band.ReadAsArray().astype(np.int64)
    values[band.GetMaskBand().ReadAsArray() == 0] = -1
    items = dataset.GetMetadata()
    return values, json.loads(items.get("CLASSES", "[]")), json.loads(items.get("HISTORY", "[]"))


@pytest.fixture(scope="module")
def named(prepared, tmp_path_factory):
    """Gewata's label raster as a map with names, colours and parents."""
    folder = tmp_path_factory.mktemp("named")
    table = folder / "names.csv"
    table.write_text(NAMES, encoding="utf-8")
    results = prepared("renameclasses", INPUT=GEWATA, TABLE=table, OUTPUT=folder / "named.tif")
    return Path(results["OUTPUT"])


def test_names_leave_the_pixels_alone(named):
    before = gdal.Open(str(GEWATA)).ReadAsArray().astype(np.int64)
    before[before == 0] = -1
    values, classes, history = pixels(named)
    assert np.array_equal(values, before)
    assert [item["name"] for item in classes] == [line.split(",")[1] for line in NAMES.splitlines()[1:]]
    assert [step["map"] for step in history] == ["gewata_lulc2011"]


def test_classes_are_merged_by_table_and_by_parents(prepared, named, tmp_path):
    table, changes = tmp_path / "recode.csv", tmp_path / "changes.csv"
    table.write_text(RECODED, encoding="utf-8")
    results = prepared(
        "recodemap", INPUT=named, TABLE=table, LEVEL="parent", CHANGES=changes, OUTPUT=tmp_path / "m.tif"
    )
    before = pixels(named)[0]
    # The parent gets the lowest value that no class of the map has: 7.
    expected = before.copy()
    for old, new in ((-1, 8), (3, -1), (4, 1), (2, 7), (5, 7), (6, 7)):
        expected[before == old] = new
    values, classes, history = pixels(results["OUTPUT"])
    assert np.array_equal(values, expected)
    assert [(item["value"], item["name"]) for item in classes] == [
        (1, "Cropland"),
        (7, "Natural vegetation"),
        (8, "Unlabelled"),
    ]
    assert [step.get("algorithm", "") for step in history] == ["", "deeplandcover:renameclasses"]
    assert results["PIXELS"] == int((expected != before).sum())
    with changes.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["pixels"]) for row in rows) == before.size
    for row in rows:
        old = -1 if row["from"] == "nodata" else int(row["from"])
        new = -1 if row["to"] == "nodata" else int(row["to"])
        count = int(((before == old) & (expected == new)).sum())
        assert int(row["pixels"]) == count
        assert float(row["area_ha"]) == pytest.approx(count * HECTARES)


def crop(source, target, column, row, width, height):
    gdal.Translate(str(target), str(source), srcWin=[column, row, width, height])
    return target


def test_overlapping_maps_are_joined(prepared, named, tmp_path):
    """The eastern map has other values for the same names."""
    west = crop(named, tmp_path / "west.tif", 0, 0, 900, 1177)
    cut = crop(named, tmp_path / "cut.tif", 700, 100, 848, 1000)
    table = tmp_path / "east.csv"
    table.write_text("from,to\n" + "\n".join(f"{value},{value + 10}" for value in range(1, 7)))
    results = prepared("recodemap", INPUT=cut, TABLE=table, OUTPUT=tmp_path / "east.tif")
    parts = {"west": west, "east": Path(results["OUTPUT"])}
    east = pixels(parts["east"])[0]
    assert set(np.unique(east)) <= {-1, *range(11, 17)}
    results = prepared(
        "mosaicmaps",
        INPUTS=[parts["west"], parts["east"]],
        TABLE=tmp_path / "t.csv",
        OUTPUT=tmp_path / "mosaic.tif",
    )
    layers = np.full((2, 1177, 1548), -1)
    layers[0, :, :900] = pixels(parts["west"])[0]
    layers[1, 100:1100, 700:] = np.where(east > 0, east - 10, -1)
    expected = np.where(layers[0] >= 0, layers[0], layers[1])
    values, classes, history = pixels(results["OUTPUT"])
    assert np.array_equal(values, expected)
    names = {item["value"]: item["name"] for item in classes}
    assert names[5] == "Forest" and set(names) == set(np.unique(expected)) - {-1}
    both = (layers >= 0).all(0)
    assert (results["PIXELS"], results["OVERLAP"]) == (int((expected >= 0).sum()), int(both.sum()))
    assert results["AGREEMENT"] == 1.0
    assert [step["map"] for step in history] == ["gewata_lulc2011", "west", "cut", "east"]
    with (tmp_path / "t.csv").open(encoding="utf-8") as file:
        used = [(int(row["used_pixels"]), float(row["used_ha"])) for row in csv.DictReader(file)]
    counts = [int((layers[0] >= 0).sum()), int(((layers[0] < 0) & (layers[1] >= 0)).sum())]
    assert used == [(count, pytest.approx(count * HECTARES)) for count in counts]


def test_a_renamed_model_gives_the_same_map_with_other_names(prepared, tmp_path):
    scene = MEXICO / "LE70220491999322EDC01_stack.gtif"
    trained = prepared(
        "trainmodel",
        INPUT=scene,
        SAMPLES=MEXICO / "training_data.shp",
        CLASS_FIELD="class",
        ARCHITECTURE="random_forest",
        WINDOWS=0,
        TREES=20,
        FOLDS=0,
        SEED=1,
        OUTPUT=tmp_path / "model.skops",
    )
    table = tmp_path / "names.csv"
    table.write_text("old_name,name,parent\nforest,Hutan,Vegetasi\nwater,Air,\n", encoding="utf-8")
    renamed = prepared(
        "renameclasses", MODEL=trained["OUTPUT"], TABLE=table, OUTPUT_MODEL=tmp_path / "renamed.skops"
    )
    maps = []
    for number, model in enumerate((trained["OUTPUT"], renamed["OUTPUT_MODEL"])):
        target = {"INPUT": scene, "MODEL": model, "DEVICE": "cpu", "OUTPUT": tmp_path / f"map{number}.tif"}
        before = sorted(tmp_path.rglob("*"))
        dry = prepared("classifyraster", **target, DRY_RUN="true")
        assert sorted(tmp_path.rglob("*")) == before and not Path(target["OUTPUT"]).exists()
        plan = json.loads(dry["PLAN"])
        assert plan["grid"]["pixels"] == 250 * 250 and dry["ESTIMATED_SECONDS"] > 0
        mapped = prepared("classifyraster", **target)
        assert Path(mapped["OUTPUT"]).stat().st_size <= plan["files"][0]["max_bytes"] + 10_000
        maps.append(pixels(mapped["OUTPUT"]))
    assert np.array_equal(maps[0][0], maps[1][0])
    assert [item["name"] for item in maps[0][1]] == ["barren", "forest", "herbaceous", "urban", "water"]
    assert [item["name"] for item in maps[1][1]] == ["barren", "Hutan", "herbaceous", "urban", "Air"]
    assert maps[1][1][1]["parent"] == "Vegetasi"
