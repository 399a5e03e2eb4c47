"""samplingdesign as users run it: the point layer and what is refused."""

from __future__ import annotations

import json

import pytest
from osgeo import gdal
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
)

from .conftest import LEFT, PIXEL, TOP, in_degrees

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
    names = "id class confidence note stratum stratum_name stratum_ha inclusion weight".split()
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


def labelled(layer, values):
    """Label points by the function ``values`` of a feature; None leaves a point empty."""
    layer.startEditing()
    position = layer.fields().indexOf("class")
    for feature in layer.getFeatures():
        layer.changeAttributeValue(feature.id(), position, values(feature))
    assert layer.commitChanges()


def assess(run, class_map, points, tmp_path, **more):
    report = tmp_path / "report.html"
    done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": points, "REPORT": str(report), **more})
    assert done.succeeded, done.log
    return done, json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.medium(but=("gpkg",))
@pytest.mark.parametrize("ending", ["gpkg", "shp", "geojson"])
@pytest.mark.slow(but=("gpkg",))
def test_assess_recognises_the_points_and_their_map(run, class_map, make_raster, tmp_path, ending):
    output = str(tmp_path / f"points.{ending}")
    done = run("samplingdesign", {"INPUT": class_map, "SIZE": 120, "OUTPUT": output})
    assert done.succeeded, done.log
    assert "120 points will have to be labelled" in done.log
    labelled(QgsVectorLayer(output, "points", "ogr"), lambda point: point["stratum"])
    done, report = assess(run, class_map, output, tmp_path)
    assert report["design"] == "stratified_by_map"
    assert "for this map," in done.log
    # The same map after cleaning: one column more of 17, so 46 of the 144 hectares of 3 are not 3 now.
    cleaned = make_raster(
        tmp_path / "cleaned.tif", lambda _band, _row, column: 17 if column >= 59 else 3, bands=("class",)
    )
    done, report = assess(run, cleaned, output, tmp_path)
    assert report["design"] == "stratified_other"
    assert "whose pixels are not those of this map" in done.log
    # The areas of the points' own strata: 144 and 48 hectares, all labelled as they were drawn.
    assert [area["value"] for area in report["area_hectares"]] == pytest.approx([144, 48])


def test_points_whose_record_was_lost_keep_their_strata(run, class_map, make_layer, tmp_path):
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output}).succeeded
    labelled(QgsVectorLayer(output, "points", "ogr"), lambda point: point["stratum"])
    # As version 0.1.0 wrote them, or as QGIS exports them.
    copy = str(tmp_path / "copy.geojson")
    assert gdal.VectorTranslate(copy, output, format="GeoJSON") is not None
    done, report = assess(run, class_map, copy, tmp_path)
    assert report["design"] == "stratified_other"
    assert "does not record for which map" in done.log


def test_a_name_may_hold_a_time(run, class_map, tmp_path):
    output = str(tmp_path / "points 12:30.gpkg")
    done = run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output})
    assert done.succeeded, done.log
    assert QgsVectorLayer(output, "points", "ogr").featureCount() == 100


def test_points_of_two_designs_are_no_single_sample(run, class_map, tmp_path):
    merged = str(tmp_path / "merged.geojson")
    for number, access in enumerate(("overwrite", "append")):
        output = str(tmp_path / f"{number}.gpkg")
        assert run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output}).succeeded
        layer = QgsVectorLayer(output, "points", "ogr")
        labelled(layer, lambda point: point["stratum"])
        area = layer.fields().indexOf("stratum_ha")
        changes = {item.id(): {area: item["stratum_ha"] / (1 + number)} for item in layer.getFeatures()}
        assert layer.dataProvider().changeAttributeValues(changes)
        del layer
        form = {"format": "GeoJSON"} if access == "overwrite" else {}
        assert gdal.VectorTranslate(merged, output, accessMode=access, layerName="all", **form) is not None
    done, report = assess(run, class_map, merged, tmp_path, CLASS_FIELD="class")
    assert report["design"] == "none"
    assert "no record of" in done.log


def test_points_that_were_not_drawn_are_no_sample(run, class_map, make_layer, tmp_path):
    place = in_degrees(QgsGeometry.fromPointXY(QgsPointXY(LEFT + 5.5 * PIXEL, TOP - 5.5 * PIXEL)))
    points = make_layer([(place, 3)], "class:int", kind="Point", crs="EPSG:4326", name="own")
    done, report = assess(run, class_map, points, tmp_path, CLASS_FIELD="class")
    assert report["design"] == "none"
    assert "no record of" in done.log


def test_unlabelled_points_are_the_first_caution(run, class_map, tmp_path):
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output}).succeeded
    layer = QgsVectorLayer(output, "points", "ogr")
    labelled(layer, lambda point: None if point["id"] <= 7 else point["stratum"])
    _done, report = assess(run, class_map, output, tmp_path)
    assert report["cautions"][0].startswith("7 of 100 drawn points have no class")
    assert not any("without a class" in reason for reason in report["left_out"])


def test_the_form_is_blind(run, class_map, tmp_path):
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {"INPUT": class_map, "SIZE": 100, "OUTPUT": output}).succeeded
    layer = QgsVectorLayer(output, "points", "ogr")
    shown = [element.name() for element in layer.editFormConfig().invisibleRootContainer().children()]
    assert shown == ["class", "confidence", "note"]
    assert [layer.attributeDisplayName(layer.fields().indexOf(name)) for name in shown] == [
        "Class",
        "Confidence",
        "Note",
    ]
    hidden = {
        field.name()
        for position, field in enumerate(layer.fields())
        if layer.editorWidgetSetup(position).type() == "Hidden"
    }
    assert hidden >= {"stratum", "stratum_name", "stratum_ha", "inclusion", "weight"}
    columns = {column.name for column in layer.attributeTableConfig().columns() if not column.hidden}
    assert not columns & hidden


@pytest.mark.parametrize("bands", [1, 3])
def test_a_continuous_image_is_refused(run, make_raster, tmp_path, bands):
    # Eight bits, as pictures and slopes have, so few enough values for a class map.
    image = make_raster(
        tmp_path / "image.tif",
        lambda _band, row, column: (row * 7 + column) % 200,
        bands=tuple(f"b{number}" for number in range(bands)),
    )
    done = run("samplingdesign", {"INPUT": image, "OUTPUT": str(tmp_path / "points.gpkg")})
    assert not done.succeeded
    assert "not a class map" in done.log
    assert not (tmp_path / "points.gpkg").exists()


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
