"""Schemes on layers of the project and in files, with the real worker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from .maps import legend

pytestmark = pytest.mark.qgis
GREY = "#9E9E9E"
MINE = {
    "id": "mine",
    "title": "Mine",
    "classes": [
        {"value": 7, "name": "Tanah", "color": "#111111"},
        {"value": 0, "name": "Air", "color": "#222222"},
    ],
}
SLD = (
    '<StyledLayerDescriptor xmlns:sld="http://www.opengis.net/sld"><sld:ColorMap type="values">'
    '<sld:ColorMapEntry label="Tanah" quantity="7" color="#111111"/>'
    '<sld:ColorMapEntry label="Air" quantity="0" color="#222222"/>'
    "</sld:ColorMap></StyledLayerDescriptor>"
)
JAMBI = [(0, "Water", "#0066CC"), (7, "Bare Ground", "#D2691E"), (42, "Class 42", GREY)]


@pytest.fixture
def raster(make_raster, tmp_path):
    """The values 0, 7 and 42 in columns."""
    return make_raster(
        tmp_path / "map.tif", lambda band, row, column: (0, 7, 42)[column % 3], bands=("class",)
    )


@pytest.fixture
def layer(raster):
    layer = QgsRasterLayer(raster, "My map")
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_a_layer_of_the_project_is_drawn_with_the_scheme(run, layer):
    done = run("styleclassification", {"INPUT": layer.id(), "SCHEME": "jambi"})
    assert done.succeeded, done.log
    assert done.results == {"OUTPUT": layer.id(), "CLASSES": 3, "UNKNOWN": "42"}
    assert legend(layer) == JAMBI
    assert "The scheme has no entry for 42" in done.log
    assert not Path(layer.source() + ".aux.xml").exists()


def test_written_names_and_colours_open_in_another_project(run, layer, raster):
    # Something of GDAL's own that must not undo what is written.
    layer.dataProvider().bandStatistics(1)
    done = run("styleclassification", {"INPUT": layer.id(), "SCHEME": "jambi", "WRITE": True})
    assert done.succeeded, done.log
    QgsProject.instance().clear()
    assert legend(raster) == JAMBI


@pytest.mark.medium
def test_a_map_of_this_plugin_takes_another_scheme_over_its_own(run, scene, model, make_raster, tmp_path):
    path = str(tmp_path / "classified.tif")
    parameters = {"INPUT": scene, "MODEL": model, "OUTPUT": path, "DEVICE": "cpu", "STRIDE": 8}
    assert run("classifyraster", parameters).succeeded
    before = Path(path).read_bytes()
    classes = [
        {"value": 17, "name": "Hutan", "color": "#004400"},
        {"value": 3, "name": "Air", "color": "#000044"},
    ]
    scheme = tmp_path / "scheme.json"
    scheme.write_text(json.dumps({**MINE, "classes": classes}), encoding="utf-8")
    given = {"INPUT": path, "SCHEME_FILE": str(scheme), "WRITE": True}
    refused = run("styleclassification", given)
    assert not refused.succeeded
    assert "17 Forest in the raster" in refused.log and "17 Hutan" in refused.log
    done = run("styleclassification", {**given, "RENAME": True})
    assert done.succeeded, done.log
    assert done.results["OUTPUT"] == path
    assert legend(path) == [(17, "Hutan", "#004400"), (3, "Air", "#000044")]
    assert Path(path).read_bytes() == before
    dataset = gdal.Open(path)
    assert [item["name"] for item in json.loads(dataset.GetMetadataItem("CLASSES"))] == ["Hutan", "Air"]
    assert dataset.GetMetadataItem("MODEL") == Path(model).name
    # The file is a scheme in its turn.
    other = QgsRasterLayer(make_raster(tmp_path / "b.tif", lambda *_: 3, bands=("class",)), "other")
    QgsProject.instance().addMapLayer(other)
    assert run("styleclassification", {"INPUT": other.id(), "SCHEME_LAYER": path}).succeeded
    assert legend(other) == [(3, "Air", "#000044")]


@pytest.mark.medium
def test_a_graphical_model_classifies_and_styles(scene, model, tmp_path):
    scheme = tmp_path / "scheme.json"
    classes = [
        {"value": 17, "name": "Hutan", "color": "#004400"},
        {"value": 3, "name": "Air", "color": "#000044"},
    ]
    scheme.write_text(json.dumps({**MINE, "classes": classes}), encoding="utf-8")
    source = QgsProcessingModelChildParameterSource
    graph = QgsProcessingModelAlgorithm("styled", "tests")
    classify = QgsProcessingModelChildAlgorithm("deeplandcover:classifyraster")
    classify.setChildId("classify")
    for name, value in {"INPUT": scene, "MODEL": model, "DEVICE": "cpu", "STRIDE": 8}.items():
        classify.addParameterSources(name, [source.fromStaticValue(value)])
    final = QgsProcessingModelOutput("map")
    final.setChildId("classify")
    final.setChildOutputName("OUTPUT")
    classify.setModelOutputs({"map": final})
    graph.addChildAlgorithm(classify)
    style = QgsProcessingModelChildAlgorithm("deeplandcover:styleclassification")
    style.setChildId("style")
    style.addParameterSources("INPUT", [source.fromChildOutput("classify", "OUTPUT")])
    style.addParameterSources("SCHEME_FILE", [source.fromStaticValue(str(scheme))])
    style.addParameterSources("WRITE", [source.fromStaticValue(True)])
    style.addParameterSources("RENAME", [source.fromStaticValue(True)])
    graph.addChildAlgorithm(style)
    assert graph.validate()[0], graph.validate()[1]
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    destination = graph.destinationParameterDefinitions()[0].name()
    path = str(tmp_path / "styled.tif")
    assert graph.run({destination: path}, context, feedback)[1], feedback.textLog()
    assert legend(path) == [(17, "Hutan", "#004400"), (3, "Air", "#000044")]


def test_schemes_come_from_json_qml_and_other_layers_alike(run, layer, make_raster, tmp_path):
    scheme = tmp_path / "scheme.json"
    scheme.write_text(json.dumps(MINE), encoding="utf-8")
    expected = [(7, "Tanah", "#111111"), (0, "Air", "#222222"), (42, "Class 42", GREY)]
    assert run("styleclassification", {"INPUT": layer.id(), "SCHEME_FILE": str(scheme)}).succeeded
    assert legend(layer) == expected

    style = tmp_path / "style.qml"
    assert layer.saveNamedStyle(str(style))[1]
    other = make_raster(tmp_path / "b.tif", lambda band, row, column: (7, 0)[row % 2], bands=("class",))
    second = QgsRasterLayer(other, "second")
    QgsProject.instance().addMapLayer(second)
    assert run("styleclassification", {"INPUT": second.id(), "SCHEME_FILE": str(style)}).succeeded
    assert legend(second) == expected[:2]

    third = QgsRasterLayer(make_raster(tmp_path / "c.tif", lambda *_: 7, bands=("class",)), "third")
    QgsProject.instance().addMapLayer(third)
    assert run("styleclassification", {"INPUT": third.id(), "SCHEME_LAYER": second.id()}).succeeded
    assert legend(third) == expected[:1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scheme.json", json.dumps(MINE)),
        ("table.clr", "7 17 17 17 255 Tanah\n0 34 34 34 255 Air\n"),
        (
            "table.txt",
            "# QGIS Generated Color Map Export File\nINTERPOLATION:EXACT\n"
            "7,17,17,17,255,Tanah\n0,34,34,34,255,Air\n",
        ),
        ("style.sld", SLD),
        ("style.sld", SLD.replace("sld:", "").replace(' type="values"', "")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_colour_tables_and_files_with_a_byte_order_mark_are_schemes(
    run, layer, tmp_path, name, text, encoding
):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    done = run("styleclassification", {"INPUT": layer.id(), "SCHEME_FILE": str(path)})
    assert done.succeeded, done.log
    assert legend(layer) == [(7, "Tanah", "#111111"), (0, "Air", "#222222"), (42, "Class 42", GREY)]


def test_exact_colours_of_a_ramp_are_a_scheme(run, layer, make_raster, tmp_path):
    function = QgsColorRampShader(0, 7)
    function.setColorRampType(QgsColorRampShader.Type.Exact)
    item = QgsColorRampShader.ColorRampItem
    function.setColorRampItemList([item(0, QColor("#123456"), "Nol"), item(7, QColor("#654321"), "")])
    shader = QgsRasterShader(0, 7)
    shader.setRasterShaderFunction(function)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader))
    other = QgsRasterLayer(make_raster(tmp_path / "b.tif", lambda *_: 7, bands=("class",)), "other")
    QgsProject.instance().addMapLayer(other)
    style = tmp_path / "exact.qml"
    layer.saveNamedStyle(str(style))
    for scheme in ({"SCHEME_LAYER": layer.id()}, {"SCHEME_FILE": str(style)}):
        assert run("styleclassification", {"INPUT": other.id(), **scheme}).succeeded
        assert legend(other) == [(7, "Class 7", "#654321")]


def test_a_file_in_no_project_says_that_its_style_does_not_last(run, raster):
    context = QgsProcessingContext()
    done = run("styleclassification", {"INPUT": raster, "SCHEME": "jambi"}, context=context)
    assert done.succeeded, done.log
    assert "its style is lost without WRITE" in done.log
    # What comes next in a graphical model sees the style.
    (held,) = context.temporaryLayerStore().mapLayers().values()
    assert legend(held) == JAMBI


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.json", "{", "The file is not a class scheme"),
        ("a.json", json.dumps({"id": "a", "title": "A"}), "classes missing"),
        ("a.qml", "no style", "not a style file of a raster"),
        ("a.qml", '<qgis><pipe><rasterrenderer type="multibandcolor"/></pipe></qgis>', "each class a colour"),
        (
            "a.qml",
            '<qgis><pipe><rasterrenderer type="paletted" band="1"><colorPalette>'
            '<paletteEntry value="1.5" color="#ff0000" label="x" alpha="255"/></colorPalette>'
            "</rasterrenderer></pipe></qgis>",
            "1.5, which is not a class value",
        ),
        (
            "a.qml",
            '<qgis><pipe><rasterrenderer type="paletted" band="1"><colorPalette>'
            '<paletteEntry value="inf" color="#ff0000" label="x" alpha="255"/></colorPalette>'
            "</rasterrenderer></pipe></qgis>",
            "inf, which is not a class value",
        ),
        ("a.clr", "Water is blue\n7 0 0 255\n", "2 lines, of which QGIS reads 1"),
        ("a.txt", "INTERPOLATION:INTERPOLATED\n1,0,0,255,255,Water\n", "each class a colour"),
        ("a.sld", "<a/>", "each class a colour"),
        ("a.sld", SLD.replace('"values"', '"ramp"'), "each class a colour"),
        ("a.sld", SLD.replace('"7"', '"seven"'), "'seven', which is not a class value"),
        ("a.sld", SLD.replace("#111111", "grey"), "'grey' of class 7"),
    ],
)
def test_a_scheme_file_that_is_none_gets_a_sentence_with_its_path(run, layer, tmp_path, name, text, sentence):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    done = run("styleclassification", {"INPUT": layer.id(), "SCHEME_FILE": str(path)})
    assert not done.succeeded
    assert sentence in done.log
    assert str(path) in done.log


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        ({}, "No scheme was given, and the raster has no classes of its own"),
        ({"SCHEME": "jambi", "SCHEME_FILE": "a.json"}, "There are several schemes"),
        ({"SCHEME_FILE": "nowhere.json"}, "cannot be read"),
        ({"SCHEME_FILE": "nowhere.qml"}, "cannot be read"),
        ({"SCHEME_LAYER": "nowhere.tif"}, "There is no such raster"),
        ({"SCHEME": "worldcover"}, "none of the scheme's values"),
    ],
)
def test_a_scheme_that_does_not_fit_is_refused(run, layer, scheme, sentence):
    done = run("styleclassification", {"INPUT": layer.id(), **scheme})
    assert not done.succeeded
    assert sentence in done.log


def test_an_image_is_no_scheme(run, layer, scene):
    done = run("styleclassification", {"INPUT": layer.id(), "SCHEME_LAYER": scene})
    assert not done.succeeded
    assert "does not give each class a colour" in done.log


def test_the_schema_accepts_what_is_shipped_and_refuses_what_the_reader_refuses():
    jsonschema = pytest.importorskip("jsonschema", reason="Debian's QGIS brings jsonschema, others need not")
    resources = Path(__file__).parents[2] / "resources"
    schema = json.loads((resources / "class_scheme.schema.json").read_text(encoding="utf-8"))
    for path in (resources / "schemes").glob("*.json"):
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema)
    water = MINE["classes"][0]
    for broken in (
        {"id": "a", "title": "A"},
        {**MINE, "classes": []},
        {**MINE, "classes": [{**water, "value": "7"}]},
        {**MINE, "classes": [{**water, "color": "blue"}]},
        {**MINE, "classes": [{"value": 1, "name": "x"}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)
