"""From vector layers, as the user sees them, to JSON lines in the raster's CRS."""

from __future__ import annotations

import json
import math
import re
import zipfile
from pathlib import Path

import pytest
from osgeo import ogr, osr
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate

from deep_land_cover.algorithms.layers.samples import sample_sources, write_samples
from deep_land_cover.algorithms.layers.vectors import check_field, source_of, write_polygons
from deep_land_cover.core.errors import ParameterError, RunCancelled, SampleError

from .conftest import in_degrees

pytestmark = pytest.mark.qgis
UTM = "EPSG:32748"
SQUARE = "Polygon((300100 9819000, 300200 9819000, 300200 9819100, 300100 9819100, 300100 9819000))"


@pytest.fixture
def lines():
    """Write layers as samples and return the records and the log."""

    def lines(value, class_field="class", name_field="", crs=UTM, feedback=None, split_field="", **others):
        context, feedback = QgsProcessingContext(), feedback or QgsProcessingFeedback(False)
        context.setProject(QgsProject.instance())
        sources = sample_sources({"SAMPLES": value, **others}, context)
        target = QgsCoordinateReferenceSystem(crs)
        path = write_samples(sources, target, (class_field, name_field, split_field), context, feedback)
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        path.unlink()
        return records, feedback.textLog()

    return lines


def wkt(text):
    return QgsGeometry.fromWkt(text)


def test_a_line_holds_geometry_class_name_and_running_number(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), 7, "Sawah")], "class:int,name:string(20)")
    records, _ = lines(layer, name_field="name")
    assert records == [
        {
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [300100, 9819000],
                        [300200, 9819000],
                        [300200, 9819100],
                        [300100, 9819100],
                        [300100, 9819000],
                    ]
                ],
            },
            "class": 7,
            "name": "Sawah",
            "group": 0,
        }
    ]


def test_other_crs_is_reprojected_to_the_rasters(lines, make_layer):
    records, _ = lines(make_layer([(in_degrees(wkt(SQUARE)), 1)], crs="EPSG:4326"))
    corner = records[0]["geometry"]["coordinates"][0][0]
    assert corner == pytest.approx([300100, 9819000], abs=1e-5)


def test_degrees_keep_the_precision_of_a_double(lines, make_layer):
    point = wkt("Point(103.12345678901234 -1.6789012345678901)")
    records, _ = lines(make_layer([(point, 1)], kind="Point", crs="EPSG:4326"), crs="EPSG:4326")
    assert records[0]["geometry"]["coordinates"] == [103.12345678901234, -1.6789012345678901]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # 500,090.00000000006 where coordinates are rounded to 17 decimals.
        ("Point(500090 5399990.1)", "Point"),
        ("Polygon((500010.1 5399990,500020.3 5399990,500020.3 5399980.7,500010.1 5399990))", "Polygon"),
        ("MultiPoint((500010 0.1),(1e-300 5))", "MultiPoint"),
        (
            "MultiPolygon(((0 0,9.1 0,9.1 9.3,0 0),(1 0.5,2.1 0.5,2.1 1.3,1 0.5)),((20 0,29 0,29 9,20 0)))",
            "MultiPolygon",
        ),
    ],
)
def test_coordinates_go_over_to_the_last_bit(lines, make_layer, text, kind):
    records, _ = lines(make_layer([(wkt(text), 1)], kind=kind))
    numbers = [float(number) for number in re.findall(r"[-\d.e]+", text.split("(", 1)[1])]
    assert flat(records[0]["geometry"]["coordinates"]) == numbers
    assert records[0]["geometry"]["type"] == kind


def flat(coordinates):
    if isinstance(coordinates, float):
        return [coordinates]
    return [number for part in coordinates for number in flat(part)]


def test_a_table_without_geometry_is_named_as_such(lines, make_layer):
    table = make_layer([(QgsGeometry(), 1)], kind="NoGeometry", crs="")
    with pytest.raises(ParameterError, match="table without geometry"):
        lines(table)


def test_dates_split_as_text_and_are_no_classes(lines, make_layer):
    rows = [(wkt(SQUARE), 1, QDate(2024, 5, 31))]
    layer = make_layer(rows, "class:int,day:date")
    records, _ = lines(layer, name_field="day", split_field="day")
    assert (records[0]["name"], records[0]["split"]) == ("2024-05-31", "2024-05-31")
    with pytest.raises(SampleError, match=r"'day' holds dates, such as 2024-05-31"):
        lines(layer, class_field="day")


def test_a_layer_without_crs_is_told(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), 1)])
    layer.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(ParameterError, match="no coordinate reference system"):
        lines(layer)


def test_what_cannot_be_reprojected_is_told(lines, make_layer):
    layer = make_layer([(wkt("Point(103 95)"), 1)], kind="Point", crs="EPSG:4326")
    with pytest.raises(ParameterError, match=r"Feature 1 cannot be reprojected from EPSG:4326"):
        lines(layer)


def test_polygons_around_half_the_earth_are_told(lines, make_layer):
    world = "Polygon((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"
    layer = make_layer([(wkt(world), 1)], crs="EPSG:4326")
    with pytest.raises(ParameterError, match=r"Feature 1 cannot be reprojected .* must be cut"):
        lines(layer)


def test_selected_features_only(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), value) for value in (1, 2, 3)])
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression('"class" = 2')
    records, _ = lines(QgsProcessingFeatureSourceDefinition(layer.id(), True))
    assert [record["class"] for record in records] == [2]


def test_nothing_selected_is_told(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), 1)])
    QgsProject.instance().addMapLayer(layer)
    with pytest.raises(SampleError, match=r"no features.*selection"):
        lines(QgsProcessingFeatureSourceDefinition(layer.id(), True))


def test_uncommitted_edits_count(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), 1), (wkt(SQUARE), 2)])
    QgsProject.instance().addMapLayer(layer)
    ids = {feature["class"]: feature.id() for feature in layer.getFeatures()}
    layer.startEditing()
    layer.deleteFeature(ids[1])
    layer.changeAttributeValue(ids[2], 0, 22)
    added = QgsFeature(layer.fields())
    added.setGeometry(wkt(SQUARE))
    added.setAttributes([30])
    layer.addFeature(added)
    records, _ = lines(layer.id())
    assert sorted(record["class"] for record in records) == [22, 30]
    layer.rollBack()


def test_filter_counts(lines, make_layer, tmp_path):
    memory = make_layer([(wkt(SQUARE), value) for value in (1, 2, 3)])
    options = QgsVectorFileWriter.SaveVectorOptions()
    path = str(tmp_path / "a.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, QgsProject.instance().transformContext(), options)
    layer = QgsVectorLayer(path, "a", "ogr")
    assert layer.setSubsetString('"class" > 1')
    QgsProject.instance().addMapLayer(layer)
    records, _ = lines(layer.id())
    assert [record["class"] for record in records] == [2, 3]


def test_repeated_feature_ids_all_count(lines, tmp_path):
    path = tmp_path / "twice.geojson"
    feature = {
        "type": "Feature",
        "id": 5,
        "properties": {"class": 4, "fid": 5},
        "geometry": {"type": "Point", "coordinates": [103.2, -1.6]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 3}))
    records, _ = lines(str(path))
    assert [record["group"] for record in records] == [0, 1, 2]


def test_text_classes_stay_text(lines, make_layer):
    layer = make_layer([(wkt(SQUARE), "Hutan"), (wkt(SQUARE), " Ladang ")], "class:string(20)")
    records, _ = lines(layer)
    assert [record["class"] for record in records] == ["Hutan", "Ladang"]


def test_whole_reals_count_as_integers(lines, make_layer):
    records, _ = lines(make_layer([(wkt(SQUARE), 20092.0)], "class:double"))
    assert records[0]["class"] == 20092
    assert isinstance(records[0]["class"], int)


def test_other_reals_are_refused(lines, make_layer):
    with pytest.raises(SampleError, match=r"2\.5 in the field 'class' is neither a whole number nor text"):
        lines(make_layer([(wkt(SQUARE), 2.5)], "class:double"))


def test_features_without_class_are_skipped_and_counted(lines, make_layer):
    records, log = lines(make_layer([(wkt(SQUARE), NULL), (wkt(SQUARE), 3), (wkt(SQUARE), NULL)]))
    assert [record["class"] for record in records] == [3]
    assert "2 skipped, each because it has no class" in log


def test_empty_text_is_no_class(lines, make_layer):
    with pytest.raises(SampleError, match="1 skipped because it has no class"):
        lines(make_layer([(wkt(SQUARE), "")], "class:string(5)"))


def test_features_without_geometry_are_skipped_and_counted(lines, make_layer):
    records, log = lines(make_layer([(QgsGeometry(), 1), (wkt("Polygon EMPTY"), 1), (wkt(SQUARE), 1)]))
    assert [record["geometry"] is None for record in records] == [True, True, False]
    # The worker counts them for their class, which may lose all of its features.
    assert records[0] == {
        "geometry": None,
        "class": 1,
        "name": None,
        "group": 0,
        "problem": {"template": "has no geometry", "values": {}},
    }
    assert "2 skipped, each because it has no geometry: 1: 2." in log


def test_the_polygons_of_a_collection_are_taken_and_other_collections_count_for_their_class(lines, tmp_path):
    line = "LineString(300100 9819000, 300200 9819000)"
    shapes = SQUARE, f"GeometryCollection({SQUARE}, {line})", f"GeometryCollection({line})"
    path = str(tmp_path / "collections.gpkg")
    place = osr.SpatialReference()
    place.ImportFromEPSG(32748)
    file = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = file.CreateLayer("collections", place, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTInteger))
    for number, text in enumerate(shapes, start=1):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
        feature.SetField("class", number)
        layer.CreateFeature(feature)
    feature = layer = file = None
    records, log = lines(path)
    kinds = [record["geometry"] and record["geometry"]["type"] for record in records]
    assert kinds[0] == "Polygon" and kinds[1] in ("Polygon", "MultiPolygon") and kinds[2] is None
    assert "1 skipped, each because it is neither polygon nor point: 3: 1." in log
    assert records[2]["problem"]["template"] == "is neither polygon nor point"


def test_invalid_polygons_are_mended(lines, make_layer):
    bow_tie = wkt("Polygon((0 0, 100 100, 0 100, 100 0, 0 0))")
    records, _ = lines(make_layer([(bow_tie, 1)]))
    assert records[0]["geometry"]["type"] == "MultiPolygon"
    assert len(records[0]["geometry"]["coordinates"]) == 2


def test_polygons_without_area_are_skipped(lines, make_layer):
    records, log = lines(make_layer([(wkt("Polygon((0 0, 9 9, 0 0))"), 1), (wkt(SQUARE), 1)]))
    assert [record["geometry"] is None for record in records] == [True, False]
    assert "1 skipped, each because it has no area: 1: 1." in log


def test_arcs_become_straight_pieces_on_the_circle(lines, make_layer):
    circle = wkt("CurvePolygon(CircularString(0 0, 50 50, 100 0, 50 -50, 0 0))")
    records, _ = lines(make_layer([(circle, 1)], kind="CurvePolygon"))
    ring = records[0]["geometry"]["coordinates"][0]
    assert records[0]["geometry"]["type"] == "Polygon"
    assert len(ring) > 100
    assert all(math.hypot(x - 50, y) == pytest.approx(50, abs=1e-6) for x, y in ring)


def test_heights_are_dropped(lines, make_layer):
    layer = make_layer([(wkt("PointZM(1 2 3 4)"), 1)], kind="PointZM")
    records, _ = lines(layer)
    assert records[0]["geometry"]["coordinates"] == [1, 2]


def test_lines_are_no_samples(lines, make_layer):
    with pytest.raises(SampleError, match="neither polygon nor point"):
        lines(make_layer([(wkt("LineString(0 0, 9 9)"), 1)], kind="LineString"))


def test_several_layers_are_one_list_with_numbers_that_run_on(lines, make_layer):
    first = make_layer([(wkt(SQUARE), 1), (wkt(SQUARE), None)])
    second = make_layer([(wkt("Point(300150 9819050)"), 2)], kind="Point")
    third = make_layer([(wkt(SQUARE), 3)])
    records, log = lines([first, second], EXTRA_SAMPLES=[third])
    assert [(record["class"], record["group"]) for record in records] == [(1, 0), (2, 2), (3, 3)]
    assert "1 skipped, each because it has no class" in log


def test_a_layer_may_be_given_by_the_project_and_with_its_selection(lines, make_layer):
    first, second = make_layer([(wkt(SQUARE), 1)]), make_layer([(wkt(SQUARE), 2), (wkt(SQUARE), 3)])
    QgsProject.instance().addMapLayers([first, second])
    second.selectByIds([2])
    selected = QgsProcessingFeatureSourceDefinition(second.id(), selectedFeaturesOnly=True)
    assert [record["class"] for record in lines([first.id(), selected])[0]] == [1, 3]


def test_the_split_field_is_text_and_may_be_empty(lines, make_layer):
    rows = [(wkt(SQUARE), 1, 3.0), (wkt(SQUARE), 1, 2.5), (wkt(SQUARE), 1, NULL)]
    layer = make_layer(rows, "class:int,site:double")
    assert [record["split"] for record in lines(layer, split_field="site")[0]] == ["3", "2.5", None]
    assert "split" not in lines(layer)[0][0]


def test_points_are_no_mask(make_layer):
    context = QgsProcessingContext()
    layer = make_layer([(wkt("Point(1 2)"), 1)], kind="Point")
    source = source_of(layer, context)
    with pytest.raises(SampleError, match="is no polygon"):
        write_polygons(source, QgsCoordinateReferenceSystem(UTM), context, QgsProcessingFeedback(False))


def test_missing_field_is_told_with_those_there_are(make_layer):
    layer = make_layer([(wkt(SQUARE), 1, "a")], "class:int,name:string(5)")
    source = source_of(layer, QgsProcessingContext())
    with pytest.raises(SampleError, match=r"no field 'klass'.*class, name"):
        check_field(source, "klass")


@pytest.fixture
def two_layers(make_layer, tmp_path):
    """A GeoPackage of an old draft, the training data and a table, as years of work leave it."""

    def write(layer, path, name):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName, options.driverName = name, "LIBKML" if path.endswith("kml") else "GPKG"
        options.actionOnExistingFile = (
            QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            if Path(path).exists()
            else QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteFile
        )
        context = QgsProject.instance().transformContext()
        assert not QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context, options)[0]

    def make(name="two.gpkg", empty=False):
        path = str(tmp_path / name)
        table = make_layer([(QgsGeometry(), 9)], kind="None", crs="")
        draft = make_layer([] if empty else [(wkt(SQUARE), 1)])
        for layer, title in ((table, "notes"), (draft, "draft_2019")):
            write(layer, path, title)
        write(make_layer([(wkt(SQUARE), 2), (wkt(SQUARE), 3)]), path, "training_2024")
        return path

    return make


def test_a_file_of_several_layers_is_refused_with_their_names(lines, two_layers):
    path = two_layers()
    with pytest.raises(ParameterError, match="several layers: draft_2019, training_2024") as caught:
        lines(path)
    assert caught.value.where == path
    assert f"{path}|layername=training_2024" in caught.value.advice


USES = [
    ("trainmodel", "SAMPLES"),
    ("suggestsamples", "SAMPLES"),
    ("inspectsamples", "SAMPLES"),
    ("classifyraster", "MASK"),
    ("assessaccuracy", "REFERENCE"),
    ("comparemaps", "REFERENCE"),
]


@pytest.fixture
def refusal(run, scene, tmp_path):
    """Return the sentence by which a tool refuses a file of vectors."""

    def refusal(name, parameter, path):
        kept = Path(__file__).parents[1] / "first_edition" / "kept" / "random_forest.skops"
        model = {} if name == "trainmodel" else {"MODEL": str(kept)}
        endings = {"trainmodel": "skops", "classifyraster": "tif"}
        output = {"OUTPUT": str(tmp_path / f"made.{endings.get(name, 'gpkg')}")}
        given = {"INPUT": scene, "INPUTS": [scene, scene], "CLASS_FIELD": "class", parameter: path}
        done = run(name, {**given, **model, **output, "REPORT": str(tmp_path / "made.html")})
        assert not done.succeeded and not list(tmp_path.glob("made.*"))
        return done.log

    return refusal


@pytest.mark.parametrize(("name", "parameter"), USES)
def test_tools_refuse_a_file_of_several_layers(refusal, two_layers, name, parameter):
    path = two_layers()
    said = refusal(name, parameter, path)
    assert "several layers: draft_2019, training_2024" in said
    assert f"{path}|layername=training_2024" in said


@pytest.fixture
def dressed(make_layer, tmp_path):
    """Return a file of two layers, or of tables, in a format of another program."""

    def write(name, driver, layer, title):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = driver, title
        path = tmp_path / name
        if path.exists():
            options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
        context = QgsProject.instance().transformContext()
        assert not QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)[0]
        return path

    def make(kind):
        polygons = [make_layer([(wkt(SQUARE), value)]) for value in (1, 2)]
        tables = [make_layer([(QgsGeometry(), value)], kind="None", crs="") for value in (1, 2)]
        titles = ("draft_2019", "training_2024")
        if kind == "zip":
            archive = tmp_path / "shapes.zip"
            with zipfile.ZipFile(archive, "w") as file:
                for layer, title in zip(polygons, titles, strict=True):
                    path = write(f"{title}.shp", "ESRI Shapefile", layer, title)
                    for part in tmp_path.glob(f"{title}.*"):
                        file.write(part, part.name)
            return str(archive)
        if kind == "kml":
            for layer, title in zip(polygons, titles, strict=True):
                path = write("folders.kml", "LIBKML", layer, title)
            return str(path)
        for layer, title in zip(tables, titles, strict=True):
            path = write(f"sheets.{kind}", kind.upper(), layer, title)
        return str(path)

    return make


@pytest.mark.parametrize(("name", "parameter"), USES[:1] + USES[2:4])
@pytest.mark.parametrize("kind", ["zip", "kml", "xlsx", "ods"])
def test_several_layers_in_other_dress_are_refused_with_their_names(refusal, dressed, kind, name, parameter):
    path = dressed(kind)
    said = refusal(name, parameter, path)
    assert path in said and "draft_2019" in said and "training_2024" in said


def test_a_sheet_is_refused_as_a_table_without_geometry(refusal, dressed):
    path = dressed("xlsx")
    said = refusal("trainmodel", "SAMPLES", f"{path}|layername=training_2024")
    assert "a table without geometry" in said and "Create points layer from table" in said


def test_a_mask_of_several_layers_is_refused(algorithm, two_layers):
    # It imports Processing, which is there when QGIS has started.
    from deep_land_cover.algorithms.parameters.classify_request import mask_layer

    with pytest.raises(ParameterError, match="several layers: draft_2019, training_2024"):
        mask_layer(algorithm("classifyraster"), {"MASK": two_layers()}, QgsProcessingContext())


def test_the_layer_that_is_named_is_read_and_the_log_says_so(two_layers):
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    source = source_of(f"{two_layers()}|layername=training_2024", context, feedback)
    assert [feature["class"] for feature in source.getFeatures()] == [2, 3]
    assert "Reading the layer training_2024 of two.gpkg." in feedback.textLog()


def test_selected_features_of_such_a_file_are_refused_too(lines, two_layers):
    with pytest.raises(ParameterError, match="several layers"):
        lines(QgsProcessingFeatureSourceDefinition(two_layers(), featureLimit=5))


def test_a_filter_of_a_file_whose_first_layer_cannot_be_meant_is_kept(lines, two_layers):
    path = two_layers(empty=True)
    assert len(lines(path)[0]) == 2
    records, _ = lines(f'{path}|subset="class" = 3')
    assert [record["class"] for record in records] == [3]


def test_tables_and_empty_layers_beside_a_layer_cannot_be_meant(lines, two_layers):
    records, _ = lines(two_layers(empty=True))
    assert [record["class"] for record in records] == [2, 3]


def test_a_layer_of_the_project_is_what_it_is(lines, two_layers):
    path = two_layers()
    layer = QgsVectorLayer(f"{path}|layername=draft_2019", "Mine", "ogr")
    QgsProject.instance().addMapLayer(layer)
    for value in (layer.id(), "Mine", layer):
        assert [record["class"] for record in lines(value)[0]] == [1]


def test_files_in_a_zip_are_layers(lines, make_layer, tmp_path):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, value in (("first", 1), ("second", 2)):
            path = tmp_path / f"{name}.geojson"
            layer = make_layer([(wkt(SQUARE), value)])
            context = QgsProject.instance().transformContext()
            QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)
            file.write(path, path.name)
    with pytest.raises(ParameterError, match=r"several layers: first.*, second") as caught:
        lines(str(archive))
    (second,) = [item for item in str(caught.value.advice).rstrip(".").split(", ") if "second" in item]
    assert [record["class"] for record in lines(second)[0]] == [2]


def test_the_polygons_of_a_collection_are_taken(lines, make_layer):
    square = SQUARE.replace("Polygon", "POLYGON")
    both = wkt(f"GEOMETRYCOLLECTION(LINESTRING(0 0, 9 9), {square}, POINT(5 5))")
    points = wkt("GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 9 9), POINT(3 4))")
    nothing = wkt("GEOMETRYCOLLECTION(LINESTRING(0 0, 9 9))")
    layer = make_layer([(both, 1), (points, 2), (nothing, 3)], kind="GeometryCollection")
    layer.setCrs(QgsCoordinateReferenceSystem(UTM))
    records, log = lines(layer)
    assert [record["class"] for record in records if "problem" not in record] == [1, 2]
    assert records[0]["geometry"]["type"] == "MultiPolygon"
    assert records[1]["geometry"] == {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}
    assert "1 skipped, each because it is neither polygon nor point" in log


def test_cancel_leaves_no_file(lines, make_layer, tmp_path, monkeypatch):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    monkeypatch.setattr(
        "deep_land_cover.algorithms.layers.vectors.QgsProcessingUtils.generateTempFilename",
        lambda name, _context: str(tmp_path / name),
    )
    with pytest.raises(RunCancelled):
        lines(make_layer([(wkt(SQUARE), 1)]), feedback=feedback)
    assert not list(tmp_path.iterdir())
