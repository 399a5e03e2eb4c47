"""Pages for print: what stands on them, read back from the layout, and the files."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLegendStyle,
    QgsPalettedRasterRenderer,
    QgsPrintLayout,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsReadWriteContext,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QImage

from deep_land_cover.algorithms import page, page_legend
from deep_land_cover.core.classes import shipped_scheme
from deep_land_cover.core.errors import RasterError

pytestmark = pytest.mark.qgis
# A4 across at 300 dots per inch.
WIDE, HIGH = 297 / 25.4 * 300, 210 / 25.4 * 300
# In the order of the legend, which is not that of the values; the raster lacks 5.
CLASSES = [(7, "Tanah terbuka", "#D2691E"), (5, "Semak", "#FF8C00"), (0, "Air", "#0066CC")]
ROWS, COLUMNS = 60, 80


@pytest.fixture
def raster(make_raster, tmp_path):
    """Value 7 on the left half and 0 on the right."""
    return make_raster(
        tmp_path / "land.tif", lambda _, __, column: 0 if column >= 40 else 7, bands=("class",)
    )


@pytest.fixture
def layer(raster):
    layer = QgsRasterLayer(raster, "Jambi 2023")
    draw(layer, CLASSES)
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.fixture
def two_scenes(layer, raster, tmp_path):
    """The layer, and the same place in degrees."""
    path = str(tmp_path / "degrees.tif")
    gdal.Warp(path, raster, dstSRS="EPSG:4326", dstNodata=99)
    other = QgsRasterLayer(path, "Jambi 2024")
    draw(other, CLASSES)
    QgsProject.instance().addMapLayer(other)
    return layer, other


def draw(layer, classes):
    entries = [QgsPalettedRasterRenderer.Class(value, QColor(color), name) for value, name, color in classes]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))


def page_of(*layers, template=None, accuracy="", title="Title"):
    copies = [layer.clone() for layer in layers]
    legend = page_legend.legend_parts(copies, QgsProcessingFeedback())
    path = template or page.shipped_template(copies, legend)
    names = [layer.name() for layer in layers]
    content = page.PageContent(copies, title, names, legend, "Sources", accuracy)
    return page.make_page(
        page.read_template(path), path, content, QgsProject.instance(), QgsProcessingFeedback()
    )


def legend_entries(made):
    model = made.layout.itemById("legend").model()
    entries = []
    for item in model.rootGroup().findLayers():
        nodes = model.layerLegendNodes(item)
        assert all(isinstance(node, QgsRasterSymbolLegendNode) for node in nodes)
        words = [node.data(Qt.ItemDataRole.DisplayRole).replace("\n", " ") for node in nodes]
        colors = [color.name().upper() for _, color in item.layer().renderer().legendSymbologyItems()]
        entries += zip(words, colors, strict=True)
    return entries


def text_of(made, name):
    return made.layout.itemById(name).currentText()


def rows_of(path):
    image = QImage(str(path))
    assert abs(image.width() - WIDE) <= 1 and abs(image.height() - HIGH) <= 1
    return image


def test_a_png_is_a4_at_300_dots_and_shows_the_map(run, layer, tmp_path):
    path = tmp_path / "page.png"
    done = run("exportmap", {"INPUTS": [layer.id()], "OUTPUT": str(path)})
    assert done.succeeded, done.log
    assert done.results["OUTPUT"] == str(path)
    assert done.results["CLASSES"] == 2
    image = rows_of(path)
    assert image.dotsPerMeterX() == pytest.approx(300 / 0.0254, abs=1)
    # 80 × 60 pixels of 20 m in a room of 190 × 158 mm: the next round scale of 1:8,421 and 1:7,595.
    assert done.results["SCALE"] == pytest.approx(9000, rel=1e-6)
    left = 19 + (190 - 1600 / 9) / 2
    for share, color in ((0.25, "#d2691e"), (0.75, "#0066cc")):
        x = (left + share * 1600 / 9) / 25.4 * 300
        assert image.pixelColor(int(x), int((26 + 60) / 25.4 * 300)).name() == color


def test_the_legend_has_the_classes_present_in_the_layers_order_words_and_colours(layer):
    assert legend_entries(page_of(layer)) == [("Tanah terbuka", "#D2691E"), ("Air", "#0066CC")]


def test_the_attribute_table_says_which_classes_are_present(layer, raster):
    dataset = gdal.Open(raster, gdal.GA_Update)
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Count", gdal.GFT_Real, gdal.GFU_PixelCount)
    for row, (value, count) in enumerate(((7, 0), (5, 4800), (0, 0))):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsDouble(row, 1, count)
    dataset.GetRasterBand(1).SetDefaultRAT(table)
    dataset = None
    fresh = QgsRasterLayer(raster, "fresh")
    draw(fresh, CLASSES)
    assert legend_entries(page_of(fresh)) == [("Semak", "#FF8C00")]


def test_the_project_and_its_layer_stay_as_they_are(run, layer, tmp_path):
    QgsProject.instance().setDirty(False)
    before = layer.name(), layer.renderer().type(), layer.crs(), list(QgsProject.instance().mapLayers())
    assert run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.svg")}).succeeded
    assert (
        layer.name(),
        layer.renderer().type(),
        layer.crs(),
        list(QgsProject.instance().mapLayers()),
    ) == before
    assert [item.label for item in layer.renderer().classes()] == [name for _, name, _ in CLASSES]
    assert not QgsProject.instance().isDirty()


def test_the_project_style_holds_also_where_the_dialog_names_the_layers_file(run, layer, tmp_path):
    # For layers that are files the dialog gives the file.
    done = run("exportmap", {"INPUTS": [layer.source()], "OUTPUT": str(tmp_path / "page.svg")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


def test_a_file_opens_with_its_own_style(run, raster, layer, tmp_path):
    layer.saveNamedStyle(str(Path(raster).with_suffix(".qml")))
    QgsProject.instance().clear()
    done = run("exportmap", {"INPUTS": [raster], "OUTPUT": str(tmp_path / "page.png")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


def test_a_raster_that_is_not_drawn_by_classes_is_shown_as_it_is(run, scene, tmp_path):
    done = run("exportmap", {"INPUTS": [scene], "OUTPUT": str(tmp_path / "page.png")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 0
    assert "No map is drawn by classes" in done.log


def test_two_maps_have_the_first_ones_crs_one_scale_and_their_names(two_scenes):
    made = page_of(*two_scenes)
    maps = [made.layout.itemById(name) for name in ("map", "map2")]
    assert [item.crs().authid() for item in maps] == ["EPSG:32748", "EPSG:32748"]
    assert maps[0].extent() == maps[1].extent()
    assert maps[0].scale() == pytest.approx(maps[1].scale())
    assert maps[0].extent().contains(two_scenes[0].extent())
    assert [text_of(made, f"{name}_title") for name in ("map", "map2")] == ["Jambi 2023", "Jambi 2024"]
    # Both have the same classes, so there is one legend.
    assert legend_entries(made) == [("Tanah terbuka", "#D2691E"), ("Air", "#0066CC")]


def test_maps_of_different_classes_each_have_a_legend(two_scenes):
    draw(two_scenes[1], [(7, "Forest", "#228B22"), (0, "Water", "#0066CC")])
    made = page_of(*two_scenes)
    assert legend_entries(made) == [
        ("Tanah terbuka", "#D2691E"),
        ("Air", "#0066CC"),
        ("Forest", "#228B22"),
        ("Water", "#0066CC"),
    ]


def test_the_scale_bar_is_as_long_as_its_number_says_also_in_degrees(run, two_scenes, tmp_path):
    path = tmp_path / "page.png"
    assert run("exportmap", {"INPUTS": [two_scenes[1]], "OUTPUT": str(path)}).succeeded
    made = page_of(two_scenes[1])
    item, bar = made.layout.itemById("map"), made.layout.itemById("scalebar")
    metres = {"m": 1, "km": 1000}[bar.unitLabel()] * bar.unitsPerSegment() * bar.numberOfSegments()
    extent = item.extent()
    # A degree of longitude on the ellipsoid of WGS 84.
    latitude = math.radians(extent.center().y())
    radius = 6378137 / math.sqrt(1 - 0.00669437999 * math.sin(latitude) ** 2)
    ground = math.radians(extent.width()) * radius * math.cos(latitude)
    wanted = metres / ground * item.rect().width() / 25.4 * 300
    assert longest_dark_run(QImage(str(path)), bar) == pytest.approx(wanted, abs=5)
    assert re.fullmatch(r"[125]0*", f"{bar.unitsPerSegment():g}".removeprefix("0.").lstrip("0"))


@pytest.fixture
def make_wide(plugin, tmp_path):
    """Write a raster of zeros, 36 × 18 pixels, and return its layer."""

    def make(crs, left, top, pixel):
        path = str(tmp_path / f"wide{pixel}.tif")
        dataset = gdal.GetDriverByName("GTiff").Create(path, 36, 18, 1, gdal.GDT_Byte)
        dataset.SetGeoTransform((left, pixel, 0, top, 0, -pixel))
        dataset.SetProjection(QgsCoordinateReferenceSystem(crs).toWkt())
        dataset = None
        layer = QgsRasterLayer(path, crs)
        draw(layer, CLASSES)
        return layer

    return make


def test_a_map_of_the_globe_has_no_scale_bar(make_wide):
    made = page_of(make_wide("EPSG:4326", -180, 90, 10))
    assert made.layout.itemById("scalebar") is None
    assert made.scale is None
    assert made.notes == ["The map shows too much of the globe for a scale bar."]


def test_a_map_of_a_pole_has_no_coordinates_but_a_scale_bar(make_wide):
    made = page_of(make_wide("EPSG:3031", -1_800_000, 900_000, 100_000))
    assert not made.layout.itemById("map").grids().grid(0).enabled()
    assert made.layout.itemById("scalebar").unitLabel() == "km"


def test_a_second_map_that_the_first_ones_crs_cannot_show_is_refused(layer, make_wide):
    with pytest.raises(RasterError, match="cannot be shown in the coordinate reference system"):
        page_of(layer, make_wide("IAU_2015:49910", 0, 0, 1000))


def longest_dark_run(image, bar):
    """Return the pixels of the bar's edge, which runs below all of its segments."""
    box = bar.sceneBoundingRect()
    left, top, right, bottom = (
        int(side / 25.4 * 300) for side in (box.left(), box.top(), box.right(), box.bottom())
    )
    longest = 0
    for row in range(top, bottom):
        dark = "".join(
            "#" if image.pixelColor(x, row).lightness() < 128 else " " for x in range(left, right + 20)
        )
        longest = max(longest, *map(len, dark.split() or [""]))
    return longest


def test_the_arrow_points_to_true_north(layer):
    made = page_of(layer)
    # Meridian convergence in UTM: (longitude - 105°) × sin(latitude) at the middle of the map, in the west of
    # its zone and south of the equator.
    degrees = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    ).transform(layer.extent().center())
    convergence = (degrees.x() - 105) * math.sin(math.radians(degrees.y()))
    assert convergence > 0.03
    rotation = made.layout.itemById("north_arrow").pictureRotation()
    assert (rotation + 180) % 360 - 180 == pytest.approx(-convergence, abs=0.005)


def test_a_long_title_is_wrapped_and_made_smaller(layer):
    long = page_of(layer, title="Land cover of the province of Jambi between the rivers " * 4)
    short = page_of(layer)
    assert long.notes == []
    assert (
        long.layout.itemById("title").textFormat().size() < short.layout.itemById("title").textFormat().size()
    )


@pytest.mark.parametrize("scheme", ["klhk", "corine"])
@pytest.mark.parametrize("maps", [1, 2])
def test_long_legends_fit_the_page(make_raster, tmp_path, scheme, maps):
    classes = shipped_scheme(scheme).classes
    layers = []
    for number in range(maps):
        path = make_raster(
            tmp_path / f"{number}.tif",
            lambda _, __, column: classes[column % len(classes)].value,
            bands=("class",),
        )
        layers.append(QgsRasterLayer(path, f"Map {number}"))
        draw(layers[-1], [(item.value, item.name, item.color) for item in classes])
    made = page_of(*layers)
    assert made.notes == []
    assert [name for name, _ in legend_entries(made)] == [item.name for item in classes]
    paper = made.layout.pageCollection().page(0).sceneBoundingRect()
    for item in made.layout.items():
        if hasattr(item, "id") and item.id():
            assert paper.contains(item.sceneBoundingRect()), item.id()
    legend = made.layout.itemById("legend")
    names = ("title", "map", "map2", "scalebar", "north_arrow", "projection", "sources")
    others = [item for item in map(made.layout.itemById, names) if item is not None]
    boxes = {item.id(): item.mapRectToScene(item.rect()) for item in others}
    for name in boxes:
        # A map's coordinates stand below it.
        boxes[name].adjust(0, 0, 0, 4 if name.startswith("map") else 0)
    assert not [name for name, box in boxes.items() if box.intersects(legend.mapRectToScene(legend.rect()))]


@pytest.fixture
def own_template(tmp_path, plugin):
    """A layout as a user saves it: a map and a label of his own, and nothing else."""
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    item = QgsLayoutItemMap(layout)
    layout.addLayoutItem(item)
    item.setId("map")
    item.attemptSetSceneRect(QRectF(10, 10, 100, 100))
    label = QgsLayoutItemLabel(layout)
    label.setText("Dinas Kehutanan")
    label.setId("office")
    layout.addLayoutItem(label)
    path = tmp_path / "own.qpt"
    assert layout.saveAsTemplate(str(path), QgsReadWriteContext())
    return path


def test_a_template_of_ones_own_is_filled_as_far_as_it_goes(run, layer, own_template, tmp_path):
    path = tmp_path / "page.pdf"
    parameters = {"INPUTS": [layer], "TEMPLATE": str(own_template), "OUTPUT": str(path)}
    done = run("exportmap", parameters)
    assert done.succeeded, done.log
    assert "no items with these ids: title, legend, scalebar, north_arrow, sources" in done.log
    made = page_of(layer, template=own_template)
    assert text_of(made, "office") == "Dinas Kehutanan"
    # 1,600 m in 100 mm: 1:16,000, so the next round one.
    assert made.layout.itemById("map").scale() == pytest.approx(17_500)


def test_a_legend_that_fits_its_contents_grows_to_the_pages_edge(layer, own_template):
    layout = QgsPrintLayout(QgsProject.instance())
    layout.loadFromTemplate(page.read_template(own_template), QgsReadWriteContext())
    legend = QgsLayoutItemLegend(layout)
    layout.addLayoutItem(legend)
    legend.setId("legend")
    legend.attemptSetSceneRect(QRectF(200, 10, 5, 5))
    assert legend.resizeToContents()
    template = own_template.with_name("legend.qpt")
    assert layout.saveAsTemplate(str(template), QgsReadWriteContext())
    made = page_of(layer, template=template)
    part = QgsLegendStyle.Style.SymbolLabel
    # In the template's box of 5 mm it would be made as small as can be.
    sizes = [item.style(part).textFormat().size() for item in (legend, made.layout.itemById("legend"))]
    assert sizes[0] == sizes[1] > 8
    assert "The legend is larger than its room in the template." not in made.notes


def test_vector_layers_that_the_template_keeps_are_drawn_above_the_map(
    layer, own_template, make_layer, box, tmp_path
):
    borders = make_layer([(QgsGeometry.fromRect(box(10, 10, 20, 20)), 1)], name="borders")
    QgsProject.instance().addMapLayer(borders)
    layout = QgsPrintLayout(QgsProject.instance())
    layout.loadFromTemplate(page.read_template(own_template), QgsReadWriteContext())
    layout.itemById("map").setLayers([borders])
    layout.itemById("map").setKeepLayerSet(True)
    path = tmp_path / "borders.qpt"
    assert layout.saveAsTemplate(str(path), QgsReadWriteContext())
    made = page_of(layer, template=path)
    assert [item.name() for item in made.layout.itemById("map").layers()] == ["borders", "Jambi 2023"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "The layout template cannot be read"),
        ("<qgis><map/></qgis>", "The file is no layout template"),
        ("no XML at all", "The file is no layout template"),
        ("<Layout><LayoutItem id='title'/></Layout>", "has no map item with the id 'map'"),
    ],
)
def test_a_template_that_is_none_is_refused(run, layer, tmp_path, content, sentence):
    path = tmp_path / "bad.qpt"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run("exportmap", {"INPUTS": [layer], "TEMPLATE": str(path), "OUTPUT": str(tmp_path / "page.png")})
    assert not done.succeeded
    assert sentence in done.log
    assert not (tmp_path / "page.png").exists()


def test_a_template_for_one_map_is_refused_for_two(run, two_scenes, own_template, tmp_path):
    parameters = {
        "INPUTS": list(two_scenes),
        "TEMPLATE": str(own_template),
        "OUTPUT": str(tmp_path / "a.png"),
    }
    done = run("exportmap", parameters)
    assert not done.succeeded
    assert "no map item with the id 'map2'" in done.log


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"OUTPUT": "page.tif"}, "The output has the ending '.tif'"),
        ({"OUTPUT": "nowhere/page.pdf"}, "The output folder does not exist"),
        ({"INPUTS": ["nowhere.tif"]}, "There is no such raster"),
        ({"INPUTS": []}, "A page has one map or two"),
        ({"REPORT": "nowhere.html"}, "The report’s figures cannot be read"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(
    run, raster, tmp_path, monkeypatch, changes, sentence
):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    done = run("exportmap", {"INPUTS": [raster], "OUTPUT": "page.png", **changes})
    assert not done.succeeded
    assert sentence in done.log
    # QGIS itself keeps statistics of what it opens.
    assert {path for path in tmp_path.rglob("*") if not path.name.endswith(".aux.xml")} == before


def test_the_accuracy_box_has_the_reports_numbers(run, layer, tmp_path):
    overall = {"value": 0.8734, "error": 0.011, "low": 0.8501, "high": 0.8949}
    report = {
        "deep_land_cover_report": "accuracy", "map": "land", "design": "stratified_by_map",
        "accuracy": {"overall": overall}, "units": 1204, "unit_name": "point",
        "clusters": 1204, "cluster_name": "point", "created": "2026-03-01T08:00:00+00:00",
    }  # fmt: skip
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (tmp_path / "report.html").write_text("<html></html>", encoding="utf-8")
    from deep_land_cover.algorithms.page_texts import accuracy_words
    from deep_land_cover.core.reporting.report_summary import read_summary

    words = accuracy_words(read_summary(tmp_path / "report.html"))
    assert words.replace("\xa0", " ").split("\n") == [
        "Accuracy of the map",
        "Overall accuracy 87.3 %",
        "95 % interval: 85.0 to 89.5 %",
        "1,204 reference points, stratified by the map’s classes",
        "Assessed 2026-03-01",
    ]
    in_blocks = {**report, "design": "none", "clusters": 40, "cluster_name": "block"}
    (tmp_path / "blocks.json").write_text(json.dumps(in_blocks), encoding="utf-8")
    of_blocks = accuracy_words(read_summary(tmp_path / "blocks.json"))
    assert "1,204 reference points of 40 blocks, no probability sample" in of_blocks
    made = page_of(layer, accuracy=words)
    for line in words.split("\n"):
        assert line in text_of(made, "accuracy")
    assert page_of(layer).layout.itemById("accuracy") is None
    # A real report, of the map against itself.
    page_path = tmp_path / "own.html"
    assert run("assessaccuracy", {"INPUT": layer, "REFERENCE": layer, "REPORT": str(page_path)}).succeeded
    assert "Overall accuracy 100.0" in accuracy_words(read_summary(page_path))


def test_a_pdf_is_one_page_of_a4_with_text_that_can_be_searched(run, layer, tmp_path):
    path = tmp_path / "page.pdf"
    done = run("exportmap", {"INPUTS": [layer], "TITLE": "Jambi", "OUTPUT": str(path)})
    assert done.succeeded
    assert f"Page: {path}" in done.log
    content = path.read_bytes()
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert [float(side) for side in box] == pytest.approx([297 / 25.4 * 72, 210 / 25.4 * 72], abs=1)
    assert b"/FontFile2" in content
    assert not list(tmp_path.glob("*.part"))


def test_an_svg_is_as_large_as_the_paper(run, layer, tmp_path):
    path = tmp_path / "page.svg"
    assert run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path)}).succeeded
    head = path.read_text(encoding="utf-8")[:1000]
    assert float(re.search(r'\bwidth="([\d.]+)mm"', head)[1]) == pytest.approx(297, abs=0.2)
    assert float(re.search(r'\bheight="([\d.]+)mm"', head)[1]) == pytest.approx(210, abs=0.2)


def test_a_cancelled_run_leaves_nothing(run, layer, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.png")}, feedback=feedback)
    assert not done.succeeded
    assert not list(tmp_path.glob("page*"))


def test_a_run_can_be_cancelled_while_a_raster_is_read(run, raster, tmp_path):
    # Several of the pieces that QGIS reads, and no table that counts the classes.
    long = str(tmp_path / "long.tif")
    gdal.Translate(long, raster, width=6100, height=10)
    scene = QgsRasterLayer(long, "Long")
    draw(scene, CLASSES)
    QgsProject.instance().addMapLayer(scene)
    feedback, told = QgsProcessingFeedback(False), []
    feedback.progressChanged.connect(told.append)
    feedback.progressChanged.connect(lambda share: feedback.cancel() if share > 0 else None)
    done = run("exportmap", {"INPUTS": [scene], "OUTPUT": str(tmp_path / "page.png")}, feedback=feedback)
    assert not done.succeeded
    assert "Drawing the page" not in done.log
    assert told == sorted(told) and 0 < told[-1] < 34


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_a_full_disk_is_named_and_leaves_the_earlier_page(run, layer, small_disk, ending):
    path = small_disk / f"page.{ending}"
    path.write_text("an earlier page", encoding="utf-8")
    # All but 32 KiB of 1 MiB: no page is so small.
    (small_disk / "other").write_bytes(bytes(1_048_576 - 32_768))
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path)})
    assert not done.succeeded
    assert "The page could not be written" in done.log
    assert sorted(item.name for item in small_disk.iterdir()) == ["other", path.name]
    assert path.read_text(encoding="utf-8") == "an earlier page"


def test_it_runs_in_the_main_thread(algorithm):
    assert algorithm("exportmap").flags() & Qgis.ProcessingAlgorithmFlag.NoThreading


def test_the_shipped_templates_name_no_place_of_one_machine():
    for path in page.LAYOUT_FOLDER.glob("*.qpt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'="(/|[A-Z]:\\|file:)', text), path
        page.check_template(page.read_template(path), 2 if "two" in path.name else 1, str(path))
