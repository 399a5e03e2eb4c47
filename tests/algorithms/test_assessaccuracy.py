"""assessaccuracy as users run it: references of any kind, outputs, and wrong input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from qgis.core import (
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt import sip

from .conftest import LEFT, PIXEL, TOP, in_degrees

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def class_map(tmp_path_factory, make_raster):
    """A map of 60 x 80 pixels: 3 on the left half, 17 on the right."""
    path = tmp_path_factory.mktemp("map") / "map.tif"
    return make_raster(path, lambda _band, _row, column: 17 if column >= 40 else 3, bands=("class",))


@pytest.fixture
def points(make_layer):
    """Twenty points a half, two of each wrong; in degrees, with strata and weights."""
    rows = []
    for number in range(40):
        column = number % 2 * 40 + 2 + number // 2
        point = QgsPointXY(LEFT + (column + 0.5) * PIXEL, TOP - (number + 0.5) * PIXEL)
        value = 17 if (column >= 40) != (number < 4) else 3
        rows.append(
            (in_degrees(QgsGeometry.fromPointXY(point)), value, "even" if number % 2 == 0 else "odd", 1.5)
        )
    fields = "class:int,stratum:string(9),weight:double"
    return make_layer(rows, fields, kind="Point", crs="EPSG:4326", name="titik uji")


def test_the_reference_starts_empty_and_is_needed(algorithm, run, class_map, points, tmp_path):
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    raster = QgsRasterLayer(class_map, "map")
    QgsProject.instance().addMapLayers([raster, points])
    for name in ("assessaccuracy", "comparemaps"):
        dialog = AlgorithmDialog(algorithm(name), False, None)
        wrapper = dialog.mainWidget().wrappers["REFERENCE"]
        assert not wrapper.parameterValue()
        wrapper.setParameterValue(points, QgsProcessingContext())
        assert wrapper.parameterValue() == points.id()
        wrapper.setParameterValue(None, QgsProcessingContext())
        assert not wrapper.parameterValue()
        sip.delete(dialog)
    done = run("assessaccuracy", {"INPUT": class_map, "CLASS_FIELD": "class"})
    assert not done.succeeded and "REFERENCE" in done.log


def test_the_map_is_no_reference_of_itself(run, class_map, tmp_path):
    copy = tmp_path / "copy.tif"
    copy.write_bytes(Path(class_map).read_bytes())
    for reference, words in ((class_map, "The reference is the map itself"), (copy, "the same pixels as")):
        report = tmp_path / "report.html"
        done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": str(reference), "REPORT": str(report)})
        assert not done.succeeded and words in done.log
        assert not report.exists()


def test_points_with_a_design_give_areas_a_table_and_a_report(run, class_map, points, tmp_path):
    table, report = tmp_path / "tabel.csv", tmp_path / "laporan ü.html"
    done = run(
        "assessaccuracy",
        {
            "INPUT": class_map,
            "REFERENCE": points,
            "CLASS_FIELD": "class",
            "DESIGN": "stratified_by_map",
            "TABLE": str(table),
            "REPORT": str(report),
        },
    )
    assert done.succeeded, done.log
    assert done.results["OVERALL_ACCURACY"] == pytest.approx(0.9)
    # Two equal strata of n = 20: V = (p q / 19) / 2.
    assert done.results["OVERALL_ACCURACY_CI"] == pytest.approx(1.96 * (0.9 * 0.1 / 19 / 2) ** 0.5)
    assert done.results["TABLE"] == str(table)
    assert done.results["REPORT"] == str(report)
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["area_ha"]) for row in rows] == pytest.approx([96.0, 96.0])
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["reference"] == "titik uji"
    assert content["parameters"]["CLASS_FIELD"] == "class"


@pytest.mark.parametrize(
    "design",
    [
        {"DESIGN": "simple"},
        {"DESIGN": "stratified_other", "STRATUM_FIELD": "stratum", "STRATA_AREAS": "even=1, odd=1"},
        {"DESIGN": "weights", "WEIGHT_FIELD": "weight"},
        {"DESIGN": "none"},
    ],
)
def test_every_design_finds_the_same_accuracy_where_all_points_count_alike(run, class_map, points, design):
    done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": points, "CLASS_FIELD": "class", **design})
    assert done.succeeded, done.log
    assert done.results["OVERALL_ACCURACY"] == pytest.approx(0.9)


def test_only_selected_features_count(run, class_map, points):
    points.selectByExpression('"class" = 3')
    QgsProject.instance().addMapLayer(points)
    done = run(
        "assessaccuracy",
        {
            "INPUT": class_map,
            "REFERENCE": QgsProcessingFeatureSourceDefinition(points.id(), True),
            "CLASS_FIELD": "class",
        },
    )
    assert done.succeeded, done.log
    assert "from 20 points" in done.log


def test_a_raster_can_be_the_reference(run, class_map, make_raster, tmp_path):
    truth = make_raster(
        tmp_path / "truth.tif", lambda _band, _row, column: 17 if column >= 36 else 3, bands=("class",)
    )
    done = run(
        "assessaccuracy",
        {"INPUT": class_map, "REFERENCE": truth, "REPORT": QgsProcessing.TEMPORARY_OUTPUT},
    )
    assert done.succeeded, done.log
    assert done.results["OVERALL_ACCURACY"] == pytest.approx(76 / 80)
    assert Path(done.results["REPORT"]).is_file()


def test_samples_of_the_training_never_enter_the_accuracy(run, class_map, make_layer, box):
    words = ["train", "test", "train+validation", "train test train", None, "test", "suggested"]
    rows = [
        (QgsGeometry.fromPointXY(box(3 + 5 * number, 5, 1, 1).center()), 3, word)
        for number, word in enumerate(words)
    ]
    layer = make_layer(rows, "class:int,split:string(20)", kind="Point")
    done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": layer, "CLASS_FIELD": "class"})
    assert done.succeeded, done.log
    assert "4 skipped, each because it was used in training" in done.log
    assert "from 3 points" in done.log
    assert "without a class or a geometry, or of the training: 4." in done.log


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"REFERENCE": None}, "No reference was given"),
        ({"REFERENCE": "/nowhere.gpkg"}, "There is no such reference layer"),
        ({"CLASS_FIELD": ""}, "No class field was given"),
        ({"CLASS_FIELD": "kelas"}, "There is no field 'kelas'"),
        ({"DESIGN": "stratified_other"}, "STRATUM_FIELD is empty"),
        ({"DESIGN": "weights"}, "WEIGHT_FIELD is empty"),
        ({"DESIGN": "weights", "WEIGHT_FIELD": "stratum"}, "is not a number"),
        ({"STRATA_AREAS": "lowland 5"}, "is not the area of a stratum"),
        ({"TABLE": "/tmp/table.png"}, "ending '.png'"),
        ({"REPORT": "/tmp/report.pdf"}, "ending '.pdf'"),
    ],
)
def test_wrong_input_gets_a_sentence(run, class_map, points, changes, sentence):
    parameters = {"INPUT": class_map, "REFERENCE": points, "CLASS_FIELD": "class", **changes}
    done = run("assessaccuracy", parameters)
    assert not done.succeeded
    assert sentence in done.log


def test_local_accuracy_opens_styled(run, class_map, points, tmp_path):
    output = str(tmp_path / "lokal.tif")
    done = run(
        "assessaccuracy",
        {
            "INPUT": class_map,
            "REFERENCE": points,
            "CLASS_FIELD": "class",
            "DESIGN": "simple",
            "BLOCK_SIZE": 80,
            "LOCAL_ACCURACY": output,
        },
    )
    assert done.succeeded, done.log
    assert done.results["LOCAL_ACCURACY"] == output
    layer = QgsRasterLayer(output, "local")
    assert (layer.width(), layer.height(), layer.bandCount()) == (1, 1, 5)
    assert layer.renderer().type() == "singlebandpseudocolor"
    assert layer.dataProvider().sample(layer.extent().center(), 1)[0] == pytest.approx(0.9)
