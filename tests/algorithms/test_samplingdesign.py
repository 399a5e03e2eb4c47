"""samplingdesign as users run it: the point layer and what is refused."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingUtils, QgsProject, QgsVectorLayer

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def class_map(tmp_path_factory, make_raster):
    path = tmp_path_factory.mktemp("map") / "map.tif"
    return make_raster(path, lambda _band, _row, column: 17 if column >= 60 else 3, bands=("class",))


def test_points_are_written_and_can_be_assessed(run, class_map, tmp_path):
    output = str(tmp_path / "titik.gpkg")
    done = run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "MIN_PER_CLASS": 30, "OUTPUT": output})
    assert done.succeeded, done.log
    layer = QgsVectorLayer(output, "points", "ogr")
    assert layer.featureCount() == done.results["POINTS"] == 100
    names = "id class stratum stratum_name stratum_ha inclusion weight".split()
    assert [name for name in layer.fields().names() if name != "fid"] == names
    assert layer.crs().authid() == "EPSG:32748"
    # Whoever labels it chooses from the map's classes.
    form = layer.editorWidgetSetup(layer.fields().indexOf("class"))
    assert form.type() == "ValueMap"
    assert form.config()["map"] == [{"3": "3"}, {"17": "17"}]
    assert done.results["STRATA_AREAS"] == "3=144, 17=48"
    # Assessed by their own strata, the map is right everywhere.
    for design in (
        {"DESIGN": "stratified_by_map"},
        {"DESIGN": "weights", "WEIGHT_FIELD": "weight"},
        {
            "DESIGN": "stratified_other",
            "STRATUM_FIELD": "stratum",
            "STRATA_AREAS": done.results["STRATA_AREAS"],
        },
    ):
        parameters = {"INPUT": class_map, "REFERENCE": layer, "CLASS_FIELD": "stratum", **design}
        assessed = run("assessaccuracy", parameters)
        assert assessed.succeeded, assessed.log
        assert assessed.results["OVERALL_ACCURACY"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("ending", "room"), [("gpkg", 400_000), ("geojson", 400_000), ("shp", 400_000), ("gpkg", 4096)]
)
def test_a_full_disk_is_named_and_leaves_nothing(run, class_map, small_disk, ending, room):
    # With room for the beginning of the points two of the formats fail only when the file is closed.
    (small_disk / "other").write_bytes(bytes(1_048_576 - room))
    output = str(small_disk / f"points.{ending}")
    done = run("samplingdesign", {"INPUT": class_map, "SIZE": 4000, "OUTPUT": output})
    assert not done.succeeded
    assert "The disk is full" in done.log
    assert str(small_disk) in done.log
    assert [path.name for path in small_disk.iterdir()] == ["other"]


def test_points_of_another_map_are_noticed(run, class_map, make_raster, tmp_path):
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output}).succeeded
    parameters = {"REFERENCE": output, "CLASS_FIELD": "stratum", "DESIGN": "stratified_by_map"}
    of_its_own = run("assessaccuracy", {"INPUT": class_map, **parameters})
    assert of_its_own.succeeded, of_its_own.log
    assert "drawn for another map" not in of_its_own.log
    newer = make_raster(
        tmp_path / "newer.tif", lambda _band, _row, column: 17 if column >= 30 else 3, bands=("class",)
    )
    of_another = run("assessaccuracy", {"INPUT": newer, **parameters})
    assert of_another.succeeded, of_another.log
    assert "drawn for another map" in of_another.log


def test_temporary_points_are_a_layer(run, class_map):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = run("samplingdesign", {"INPUT": class_map, "SIZE": 20, "OUTPUT": "TEMPORARY_OUTPUT"}, context)
    assert done.succeeded, done.log
    layer = QgsProcessingUtils.mapLayerFromString(done.results["OUTPUT"], context)
    assert layer.featureCount() == 100
    assert layer.editorWidgetSetup(layer.fields().indexOf("class")).type() == "ValueMap"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"TARGET_ERROR": 0}, "Neither a number of points nor a target error"),
        ({"EXPECTED_ACCURACY": "Water=2"}, "user's accuracy"),
        ({"EXPECTED_ACCURACY": "Sawah=0.5"}, "The map has no class 'sawah'"),
        ({"OUTPUT": "/nowhere/points.gpkg"}, "does not exist"),
        ({"OUTPUT": "/tmp/points.png"}, "ending '.png'"),
    ],
)
def test_wrong_input_gets_a_sentence(run, class_map, changes, sentence):
    done = run("samplingdesign", {"INPUT": class_map, "OUTPUT": "TEMPORARY_OUTPUT", **changes})
    assert not done.succeeded
    assert sentence in done.log
