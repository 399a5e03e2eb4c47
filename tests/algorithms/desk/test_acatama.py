"""AcATaMa both ways: points and buttons for it, and the labels that it gave."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import ogr
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorFileWriter

from .conftest import CROPS, FOREST, WATER, centre

pytestmark = pytest.mark.qgis
# As AcATaMa writes them (core/response_design.py, save_sampling_labeled).
FIELDS = "ID:int,Label:string(80),Is labeled as:int,In thematic map as:int,Match:string(5)"


@pytest.fixture
def page(dock, map_layer, points):
    dock.open_page(0, points)
    dock.label_page.source_box.setCurrentIndex(dock.label_page.source_box.findText("Land cover"))
    return dock.label_page


@pytest.fixture
def labelled(make_layer, tmp_path):
    """Return a function that writes labels as AcATaMa does, in a GeoPackage or a Shapefile."""

    def write(name, rows, fields=FIELDS):
        layer = make_layer(rows, fields, "Point", name="temporary_points")
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG" if name.endswith("gpkg") else "ESRI Shapefile"
        path = str(tmp_path / name)
        context = QgsProject.instance().transformContext()
        assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context, options)[0] == 0
        return path

    return write


def row(number, place, label, value, mapped):
    match = None if value is None else "Yes" if value == mapped else "No"
    return (QgsGeometry.fromPointXY(centre(*place)), number, label, value, mapped, match)


def test_points_have_an_id_and_nothing_that_tells_the_class(page, tmp_path):
    said = page.export_acatama(str(tmp_path / "for acatama.gpkg"))
    assert "for acatama.yml" in said
    source = ogr.Open(str(tmp_path / "for acatama.gpkg"))
    layer = source.GetLayer(0)
    assert [field.GetName() for field in layer.schema] == ["id"]
    assert layer.GetGeomType() == ogr.wkbPoint
    assert [item["id"] for item in layer] == [1, 2, 3, 4, 5, 6]
    yaml = pytest.importorskip("yaml")
    session = yaml.safe_load((tmp_path / "for acatama.yml").read_text(encoding="utf-8"))
    assert (tmp_path / session["sampling_layer"]).is_file()
    assert Path(session["thematic_map"]["path"]).is_file()
    assert session["samples_order"] == [1, 2, 3, 4, 5, 6]
    buttons = session["labeling_buttons"]
    assert {number: item["name"] for number, item in buttons.items()} == {1: "Water", 2: "Forest", 3: "Crops"}
    assert buttons[2]["thematic_class"] == "17"
    assert buttons[1]["color"].startswith("#")


def test_the_points_themselves_are_not_replaced(page):
    from deep_land_cover.desk.acatama import ExchangeError

    own = Path(page.layer.source().split("|")[0])
    (own.parent / "linked").symlink_to(own.parent, target_is_directory=True)
    # A file dialog has asked for a name without ending only.
    for name in (own, own.parent / "linked" / own.name, own.with_suffix("")):
        with pytest.raises(ExchangeError, match="Choose another name"):
            page.export_acatama(str(name))


@pytest.mark.parametrize("name", ["labelled.gpkg", "labelled.shp"])
def test_labels_come_back_by_their_id_and_can_be_undone(page, labelled, name):
    path = labelled(
        name,
        [
            row(5, (30, 35), "Water", WATER, FOREST),
            row(2, (9, 65), "Crops", CROPS, CROPS),
            row(1, (7, 35), None, None, None),
        ],
    )
    assert page.import_acatama(path) == "2 labels were taken from AcATaMa."
    values = {feature["id"]: feature["class"] for feature in page.layer.getFeatures()}
    assert {number: value for number, value in values.items() if value} == {5: WATER, 2: CROPS}
    page.undo()
    assert not any(feature["class"] for feature in page.layer.getFeatures())


def test_labels_of_other_points_and_classes_are_refused(page, labelled):
    from deep_land_cover.desk.acatama import ExchangeError

    for number, value in ((77, WATER), (1, 99)):
        path = labelled(f"{number}_{value}.gpkg", [row(number, (7, 35), "Water", value, FOREST)])
        with pytest.raises(ExchangeError, match=f"Point {number}"):
            page.import_acatama(path)
    with pytest.raises(ExchangeError, match="not written by AcATaMa"):
        page.import_acatama(page.layer.source().split("|")[0])


@pytest.mark.medium
@pytest.mark.parametrize("name", ["labelled.gpkg", "labelled.shp"])
def test_assess_accuracy_recognises_labels_of_acatama(run, class_map, labelled, name):
    places = [(10 + number, column) for number in range(10) for column in (5, 35, 65)]
    strata = {5: WATER, 35: FOREST, 65: CROPS}
    rows = []
    for number, place in enumerate(places):
        mapped = strata[place[1]]
        # Three of thirty are wrong, one in each class.
        value = {WATER: FOREST, FOREST: CROPS, CROPS: WATER}[mapped] if number < 3 else mapped
        rows.append(row(number + 1, place, "name", value, mapped))
    path = labelled(name, [*rows, row(99, (3, 5), None, None, None)])
    for design in ("none", "simple", "stratified_by_map"):
        done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": path, "DESIGN": design})
        assert done.succeeded, done.log
        assert done.results["OVERALL_ACCURACY"] == pytest.approx(0.9)


@pytest.mark.medium
def test_assess_accuracy_recognises_labels_without_classes_of_a_map(run, class_map, labelled):
    rows = [
        (QgsGeometry.fromPointXY(centre(10 + number, column)), number, name, code)
        for number in range(8)
        for column, name, code in ((5, "3", 1), (35, "17", 2), (65, "20", 3))
    ]
    path = labelled("labelled.gpkg", rows, "ID:int,Label:string(80),Label ID:int")
    done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": path})
    assert done.succeeded, done.log
    assert done.results["OVERALL_ACCURACY"] == 1


def test_other_points_still_need_a_class_field(run, class_map, make_layer):
    layer = make_layer([(QgsGeometry.fromPointXY(centre(3, 3)), 1, "a")], "ID:int,Label:string(9)", "Point")
    assert isinstance(next(layer.getFeatures()), QgsFeature)
    done = run("assessaccuracy", {"INPUT": class_map, "REFERENCE": layer})
    assert not done.succeeded
    assert "No class field was given" in done.log


def test_a_session_with_labels_is_not_replaced(page, tmp_path):
    from deep_land_cover.desk.acatama import ExchangeError

    path, session = tmp_path / "a.gpkg", tmp_path / "a.yml"
    page.export_acatama(str(path))
    page.export_acatama(str(path))
    text = session.read_text(encoding="utf-8")
    session.write_text(text.replace("samples: {}", "samples:\n  1:\n    label_id: 2"), encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"a\.yml exists"):
        page.export_acatama(str(path))
    assert "label_id: 2" in session.read_text(encoding="utf-8")


def test_points_with_the_same_id_are_refused(page, labelled, tmp_path):
    from deep_land_cover.desk.acatama import ExchangeError

    provider, field = page.layer.dataProvider(), page.layer.fields().indexOf("id")
    (last,) = (item.id() for item in page.layer.getFeatures() if item["id"] == 6)
    assert provider.changeAttributeValues({last: {field: 2}})
    with pytest.raises(ExchangeError, match="id 2"):
        page.export_acatama(str(tmp_path / "a.gpkg"))
    assert not list(tmp_path.glob("a.*"))
    path = labelled("labelled.gpkg", [row(2, (9, 65), "Crops", CROPS, CROPS)])
    with pytest.raises(ExchangeError, match="id 2"):
        page.import_acatama(path)
