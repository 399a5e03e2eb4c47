"""Change from 1999 to 2002 on a real Landsat scene with clouds masked, against numpy on the same maps."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "mexico_landsat7"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here"),
]
SCENES = {1999: "LE70220491999322EDC01_stack.gtif", 2002: "LE70220492002106EDC00_stack.gtif"}
NAMES = {1: "barren", 2: "forest", 3: "herbaceous", 4: "urban", 5: "water"}
# A pixel of 30 m.
PIXEL = 0.09


def read(path):
    """Return the values of a raster and which are valid."""
    from osgeo import gdal

    # A band does not keep its dataset open.
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    return band.ReadAsArray(), band.GetMaskBand().ReadAsArray() > 0


def bands(path):
    """Return all bands of a raster."""
    from osgeo import gdal

    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray().astype(float)


def clear(scene, path):
    """Write a mask of the pixels that the scene's flag calls clear: neither cloud nor shadow."""
    from osgeo import gdal

    source = gdal.Open(str(scene))
    flag = source.GetRasterBand(8).ReadAsArray()
    mask = gdal.GetDriverByName("GTiff").Create(str(path), flag.shape[1], flag.shape[0], 1, gdal.GDT_Byte)
    mask.SetGeoTransform(source.GetGeoTransform())
    mask.SetProjection(source.GetProjection())
    mask.GetRasterBand(1).WriteArray((flag == 0).astype(np.uint8))
    return flag == 0


@pytest.fixture(scope="module")
def maps(prepared, made_once):
    """The maps of both dates by a forest of single pixels, trained in 1999."""

    def make(folder):
        trained = prepared(
            "trainmodel",
            INPUT=DATA / SCENES[1999],
            SAMPLES=DATA / "training_data.shp",
            CLASS_FIELD="class",
            BANDS="1, 2, 3, 4, 5, 6",
            ARCHITECTURE="random_forest",
            WINDOWS="0",
            SEED=1,
            OUTPUT=folder / "forest.skops",
        )
        for year, scene in SCENES.items():
            clear(DATA / scene, folder / f"clear_{year}.tif")
            prepared(
                "classifyraster",
                INPUT=DATA / scene,
                MODEL=trained["OUTPUT"],
                MASK=folder / f"clear_{year}.tif",
                OUTPUT=folder / f"mexico_{year}.tif",
                PROBABILITIES=folder / f"probabilities_{year}.tif",
            )
        return {
            **{str(year): str(folder / f"mexico_{year}.tif") for year in SCENES},
            **{f"p{year}": str(folder / f"probabilities_{year}.tif") for year in SCENES},
        }

    return made_once("mexico_change", make)


def test_change_equals_a_cross_tabulation_by_numpy(prepared, maps, tmp_path):
    groups = tmp_path / "groups.csv"
    groups.write_text("class,group\nforest,Vegetation\nherbaceous,Vegetation\n", encoding="utf-8")
    results = prepared(
        "mapchange",
        BEFORE=maps["1999"],
        AFTER=maps["2002"],
        DATES="1999-11-18, 2002-04-16",
        GROUPS=groups,
        BEFORE_PROBABILITIES=maps["p1999"],
        AFTER_PROBABILITIES=maps["p2002"],
        OUTPUT=tmp_path / "change.tif",
        PROBABILITY=tmp_path / "probability.tif",
        STRATA=tmp_path / "strata.tif",
        TABLE=tmp_path / "change.csv",
        FIGURE=tmp_path / "change.png",
        REPORT=tmp_path / "change.html",
        REPORT_LANGUAGE="id",
    )
    (before, first), (after, second) = (read(maps[year]) for year in ("1999", "2002"))
    # A quarter of the later scene is cloud or shadow.
    assert first.mean() > 0.99 and 0.7 < second.mean() < 0.8
    both = first & second
    table = np.zeros((5, 5), dtype=int)
    np.add.at(table, (before[both] - 1, after[both] - 1), 1)
    with open(results["TABLE"], encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = np.zeros((5, 5), dtype=int)
    for row in rows:
        assert row["from_name"] == NAMES[int(row["from_value"])]
        assert float(row["area_ha"]) == pytest.approx(PIXEL * int(row["pixels"]))
        found[int(row["from_value"]) - 1, int(row["to_value"]) - 1] = row["pixels"]
    assert (found == table).all()
    changed = table.sum() - np.trace(table)
    assert results["CHANGE_HA"] == pytest.approx(PIXEL * changed)
    assert results["CHANGE_PERCENT"] == pytest.approx(100 * changed / table.sum())

    written, valid = read(results["OUTPUT"])
    assert (valid == both).all() and (written[both] == 10 * before[both] + after[both]).all()
    strata, _ = read(results["STRATA"])
    assert np.isin(np.unique(written[both & (before != after)]), np.unique(strata)).any()

    content = json.loads((tmp_path / "change.json").read_text(encoding="utf-8"))
    gains, losses = table.sum(axis=0) - np.diag(table), table.sum(axis=1) - np.diag(table)
    for item, gain, loss in zip(content["whole"]["changes"], gains, losses, strict=True):
        assert (item["gain"], item["loss"]) == (pytest.approx(PIXEL * gain), pytest.approx(PIXEL * loss))
    parts = content["whole"]["components"]
    assert parts["quantity"] == pytest.approx(PIXEL * np.abs(gains - losses).sum() / 2)
    exchange = 2 * np.triu(np.minimum(table, table.T), 1).sum()
    assert parts["exchange"] == pytest.approx(PIXEL * exchange)
    assert parts["quantity"] + parts["exchange"] + parts["shift"] == pytest.approx(PIXEL * changed)
    assert content["years"] == pytest.approx(2.41, abs=0.01)
    within = table[1:3, 1:3].sum() - np.trace(table[1:3, 1:3])
    assert content["groups"]["components"]["total"] == pytest.approx(PIXEL * (changed - within))
    assert content["left_out"]["pixels with a class in the earlier map alone"] == (first & ~second).sum()
    # Bands are in steps of 0.004, and so is the probability of change.
    shares = [bands(maps[name]) * 0.004 for name in ("p1999", "p2002")]
    probability, known = read(results["PROBABILITY"])
    assert (known == both).all()
    expected = 1 - (shares[0] * shares[1]).sum(axis=0)
    assert np.abs(0.004 * probability - expected)[known].max() < 0.0021


def test_patches_below_the_unit_equal_one_labelling(prepared, maps, tmp_path):
    label = pytest.importorskip("scipy.ndimage").label
    results = prepared(
        "mapchange", BEFORE=maps["1999"], AFTER=maps["2002"], MMU=0.5, OUTPUT=tmp_path / "change.tif"
    )
    (before, first), (after, second) = (read(maps[year]) for year in ("1999", "2002"))
    change = first & second & (before != after)
    labels, number = label(change, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=number + 1)
    # Six pixels have 0.54 ha, five 0.45.
    small = change & (sizes[labels] < 6)
    written, _ = read(results["OUTPUT"])
    assert (written[small] == 100).all() and (written == 100).sum() == small.sum()
    assert results["CHANGE_HA"] == pytest.approx(PIXEL * (change & ~small).sum())


def test_trajectories_equal_numpy_with_clouds_filled(qgis_process, maps, tmp_path):
    done, results = qgis_process(
        "maptrajectories",
        ("INPUTS", maps["1999"]),
        ("INPUTS", maps["2002"]),
        FILTERS="gap_fill",
        OUTPUT_FOLDER=tmp_path / "out",
        TABLE=tmp_path / "sequences.csv",
        REPORT=tmp_path / "trajectories.html",
    )
    assert done.returncode == 0, done.stderr
    (before, first), (after, second) = (read(maps[year]) for year in ("1999", "2002"))
    filled = np.where(second, after, before), np.where(first, before, after)
    known = first | second
    changes, valid = read(results["CHANGES"])
    assert (valid == known).all() and (changes[known] == (filled[0] != filled[1])[known]).all()
    assert (
        f"Gap fill: {np.sum(first != second):,} of {known.sum():,} pixels changed"
        in done.stderr + done.stdout
    )
    with open(results["TABLE"], encoding="utf-8") as file:
        rows = {row["sequence"]: int(row["pixels"]) for row in csv.DictReader(file)}
    for old in NAMES:
        for new in NAMES:
            expected = int(np.sum((filled[1] == old) & (filled[0] == new) & known))
            assert rows.get(f"{old} {new}", 0) == expected
    assert results["CHANGED_PERCENT"] == pytest.approx(100 * np.mean((filled[0] != filled[1])[known]))
