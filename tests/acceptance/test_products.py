"""Products of maps on real data headless, compared with whole arrays (``plain_products``)."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
GEWATA = DATA / "gewata_landsat7"
MEXICO = DATA / "mexico_landsat7"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here"),
]


@pytest.fixture(scope="session")
def plain(environment):
    """Run a function of ``plain_products`` with the core's Python and return its result."""

    def run(name, *arguments):
        script = Path(__file__).with_name("plain_products.py")
        command = [environment["DEEP_LAND_COVER_PYTHON"], script, name, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def mexico(qgis_process, prepared, tmp_path_factory):
    """A forest's map of 1999, its probabilities, and the map to a minimum mapping unit of half a hectare."""
    folder = tmp_path_factory.mktemp("mexico")
    raster = MEXICO / "LE70220491999322EDC01_stack.gtif"
    trained = prepared(
        "trainmodel",
        INPUT=raster,
        SAMPLES=MEXICO / "training_data.shp",
        CLASS_FIELD="class",
        ARCHITECTURE="random_forest",
        WINDOWS="0",
        FOLDS=0,
        SEED=1,
        OUTPUT=folder / "model.skops",
    )
    maps = {}
    for name, options in (("raw", {"PROBABILITIES": folder / "p.tif"}), ("clean", {"MMU": 0.5})):
        done, maps[name] = qgis_process(
            "classifyraster", INPUT=raster, MODEL=trained["OUTPUT"], OUTPUT=folder / f"{name}.tif", **options
        )
        assert done.returncode == 0, done.stderr
    return {"map": maps["raw"]["OUTPUT"], "probabilities": maps["raw"]["PROBABILITIES"], **maps["clean"]}


def test_a_label_raster_is_generalised_as_by_one_pass_of_scipy(prepared, plain, tmp_path):
    source, table = GEWATA / "gewata_lulc2011.tif", tmp_path / "table.csv"
    # 5 ha are 55.6 pixels of 900 m².
    result = prepared("generalisemap", INPUT=source, MMU=5, OUTPUT=tmp_path / "clean.tif", TABLE=table)
    expected = plain("generalised", source, result["OUTPUT"], 56)
    assert expected["equal"]
    assert result["PATCHES_REMOVED"] == expected["removed"] > 200
    rows = {row["value"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    for value, row in rows.items():
        assert float(row["hectares_before"]) == pytest.approx(0.09 * expected["before"][value])
        assert float(row["hectares_after"]) == pytest.approx(0.09 * expected["after"][value])


def test_a_classification_to_a_minimum_mapping_unit_is_its_map_generalised(plain, mexico):
    expected = plain("generalised", mexico["map"], mexico["OUTPUT"], 6)
    assert expected["equal"] and expected["removed"] > 100


def test_probabilities_are_smoothed_by_the_formula(prepared, plain, mexico, tmp_path):
    result = prepared(
        "smoothprobabilities",
        PROBABILITIES=mexico["probabilities"],
        SMOOTHNESS="10",
        OUTPUT=tmp_path / "map.tif",
        OUTPUT_PROBABILITIES=tmp_path / "p.tif",
    )
    files = (mexico["probabilities"], result["OUTPUT"], result["OUTPUT_PROBABILITIES"])
    expected = plain("smoothed", *files, 5, 10)
    # Half a step of 0.004.
    assert expected["difference"] <= 0.0021
    assert expected["same_class"] > 0.9999
