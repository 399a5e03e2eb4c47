"""smoothprobabilities as users run it."""

from __future__ import annotations

import csv

import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from ..algorithms.maps import legend, nodata, pixels

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def fractions(tmp_path_factory, make_raster):
    """Certain probabilities of two halves, with one pixel of the other class and one without any."""

    def value(band, row, column):
        if (row, column) == (5, 5):
            return 7
        is_second = (column >= 40) != ((row, column) == (30, 20))
        return int(is_second == bool(band))

    folder = tmp_path_factory.mktemp("fractions")
    return make_raster(folder / "p.tif", value, bands=("17 Forest", "3 Water"), nodata=7)


@pytest.mark.medium
def test_a_single_pixel_is_smoothed_away_and_nodata_stays(run, fractions, tmp_path):
    outputs = {
        "OUTPUT": str(tmp_path / "map.tif"),
        "OUTPUT_PROBABILITIES": str(tmp_path / "p.tif"),
        "TABLE": str(tmp_path / "t.csv"),
    }
    done = run("smoothprobabilities", {"PROBABILITIES": fractions, "WINDOW": 3, **outputs})
    assert done.succeeded, done.log
    mapped, empty = pixels(outputs["OUTPUT"]), nodata(outputs["OUTPUT"])
    expected = [[3 if column >= 40 else 17 for column in range(80)] for _row in range(60)]
    expected[5][5] = empty
    assert mapped == expected
    assert done.results["CHANGED"] == pytest.approx(1 / 4799)
    assert [value for value, _name, _color in legend(outputs["OUTPUT"])] == [3, 17]
    with open(outputs["TABLE"], encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert (rows["Water"]["pixels_before"], rows["Water"]["pixels_after"]) == ("2401", "2400")
    assert (rows["Forest"]["hectares_before"], rows["Forest"]["hectares_after"]) == ("95.92", "95.96")
    dataset = gdal.Open(outputs["OUTPUT_PROBABILITIES"])
    names = [dataset.GetRasterBand(number).GetDescription() for number in (1, 2)]
    assert names == ["3 Water", "17 Forest"]
    water, forest = (dataset.GetRasterBand(number).ReadAsArray() for number in (1, 2))
    assert water[30, 20] + forest[30, 20] == pytest.approx(1, abs=0.01)
    assert water[30, 20] < forest[30, 20] and water[30, 60] > 0.9
    layer = QgsRasterLayer(outputs["OUTPUT_PROBABILITIES"], "p")
    assert layer.dataProvider().sourceHasNoDataValue(1)
    # They can be smoothed again, or decide in a generalisation.
    again = {"PROBABILITIES": outputs["OUTPUT_PROBABILITIES"], "OUTPUT": str(tmp_path / "again.tif")}
    assert run("smoothprobabilities", again).succeeded
    again = {"INPUT": outputs["OUTPUT"], **again, "OUTPUT": str(tmp_path / "clean.tif")}
    assert run("generalisemap", again).succeeded


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"WINDOW": 4}, "odd"),
        ({"SMOOTHNESS": "0"}, "SMOOTHNESS"),
        ({"SMOOTHNESS": "Water"}, "Water"),
        ({"SMOOTHNESS": "Ice=3, 10"}, "Ice"),
    ],
)
def test_wrong_settings_are_refused(run, fractions, tmp_path, changes, word):
    done = run(
        "smoothprobabilities", {"PROBABILITIES": fractions, "OUTPUT": str(tmp_path / "m.tif"), **changes}
    )
    assert not done.succeeded
    assert word in done.log
    assert not list(tmp_path.iterdir())


def test_what_holds_no_probabilities_is_refused(run, scene, make_raster, tmp_path):
    output = tmp_path / "m.tif"
    done = run("smoothprobabilities", {"PROBABILITIES": scene, "OUTPUT": str(output)})
    assert not done.succeeded and "not named by class values" in done.log
    high = make_raster(tmp_path / "high.tif", lambda _band, row, _column: row, bands=("1 a", "2 b"))
    done = run("smoothprobabilities", {"PROBABILITIES": high, "OUTPUT": str(output)})
    assert not done.succeeded and "not a probability" in done.log
    assert not output.exists()
