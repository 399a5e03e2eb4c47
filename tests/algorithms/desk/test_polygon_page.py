"""Training polygons: palette, region growing by clicks in the map, drawing by hand."""

from __future__ import annotations

from typing import Any

import pytest
from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsGeometry,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt import QtTest
from qgis.PyQt.QtCore import QPoint, Qt

from ..conftest import LEFT, PIXEL, TOP, in_degrees
from .conftest import centre

pytestmark = pytest.mark.qgis
# The types of PyQt6 do not say that its methods are static.
QTest: Any = QtTest.QTest
WATER_AREA = QgsRectangle(LEFT, TOP - 60 * PIXEL, LEFT + 40 * PIXEL, TOP)


def rows(layer):
    source = ogr.Open(layer.source().split("|")[0])
    return [(row["class"], row["name"], row.GetGeometryRef().Area()) for row in source.GetLayer(0)]


@pytest.fixture
def page(dock, scene_layer, desktop, tmp_path):
    dock.open_page(1, scene_layer)
    page = dock.polygon_page
    page.new_layer(str(tmp_path / "training.gpkg"))
    # The texture of the scene is a third of the range of a band.
    page.tolerance.setValue(50)
    page.most_pixels.setValue(5000)
    page.add_class(3, "Water")
    page.add_class(17, "Forest")
    desktop.canvas.setExtent(scene_layer.extent())
    QgsApplication.processEvents()
    return page


def click(canvas, point, button=Qt.MouseButton.LeftButton):
    place = canvas.getCoordinateTransform().transform(point)
    QTest.mouseClick(
        canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, QPoint(round(place.x()), round(place.y()))
    )
    QgsApplication.processEvents()


def test_a_click_grows_a_region_of_the_chosen_class_into_the_file(page, desktop, press):
    press(page, Qt.Key.Key_1)
    press(page, Qt.Key.Key_G)
    assert page.grow_button.isChecked()
    click(desktop.canvas, centre(20, 10))
    ((value, name, area),) = rows(page.layer)
    # All of the water: the texture of the scene is within the tolerance, the forest is not.
    assert (value, name, area) == (3, "Water", pytest.approx(WATER_AREA.area()))
    geometry = next(page.layer.getFeatures()).geometry()
    assert geometry.isGeosEqual(QgsGeometry.fromRect(WATER_AREA))
    # Keys work in the map, too.
    press(desktop.canvas, Qt.Key.Key_2)
    click(desktop.canvas, centre(20, 70))
    assert [row[:2] for row in rows(page.layer)] == [(3, "Water"), (17, "Forest")]
    assert page.totals() == {3: (1, pytest.approx(96, rel=1e-2)), 17: (1, pytest.approx(96, rel=1e-2))}
    assert page.palette_list.topLevelItem(0).text(2) == "1"
    assert page.total.text().startswith("2 polygons, 19")
    press(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [row[:2] for row in rows(page.layer)] == [(3, "Water")]


def test_a_region_stops_at_the_largest_number_and_says_so(page):
    page.most_pixels.setValue(50)
    page.grow(centre(20, 10))
    ((_value, _name, area),) = rows(page.layer)
    assert area == pytest.approx(50 * PIXEL**2)
    assert "50 pixels (stopped" in page.result.text()


def test_a_new_tolerance_grows_the_last_region_again(page):
    page.tolerance.setValue(0.1)
    page.grow(centre(20, 10))
    page.tolerance.setValue(60)
    ((_value, _name, area),) = rows(page.layer)
    assert area == pytest.approx(WATER_AREA.area())
    page.undo()
    page.tolerance.setValue(50)
    assert rows(page.layer) == []


def test_a_polygon_is_drawn_by_clicks_and_ended_by_the_right_button(page, desktop, press):
    press(page, Qt.Key.Key_2)
    page.draw_button.click()
    for row, column in ((10, 10), (10, 30), (30, 30), (45, 45)):
        click(desktop.canvas, centre(row, column))
    press(desktop.canvas, Qt.Key.Key_Backspace)
    click(desktop.canvas, centre(30, 10))
    click(desktop.canvas, centre(0, 0), Qt.MouseButton.RightButton)
    ((value, name, area),) = rows(page.layer)
    # A pixel of the screen is some metres here.
    assert (value, name) == (17, "Forest")
    assert area == pytest.approx(400 * PIXEL**2, rel=0.1)


def test_regions_come_into_the_reference_system_of_the_layer(dock, scene_layer, add, make_layer):
    from qgis.core import QgsFeature

    layer = add(make_layer([], "class:int", "Polygon", "EPSG:4326"))
    dock.open_page(1, layer)
    page = dock.polygon_page
    page.raster_box.setLayer(scene_layer)
    page.add_class(1, "Water")
    page.tolerance.setValue(50)
    page.most_pixels.setValue(5000)
    page.grow(centre(20, 10))
    (feature,) = layer.getFeatures()
    assert isinstance(feature, QgsFeature)
    expected = in_degrees(QgsGeometry.fromRect(WATER_AREA))
    assert feature.geometry().symDifference(expected).area() < 1e-3 * expected.area()


def test_a_click_beside_the_raster_says_so(page):
    page.grow(centre(-5, -5))
    assert "no valid pixel" in page.result.text()
    assert rows(page.layer) == []


def test_a_layer_of_names_gets_names(dock, scene_layer, samples, add, tmp_path):
    add(samples)
    dock.open_page(1, samples)
    page = dock.polygon_page
    assert [item.title for item in page.classes] == ["3 Water", "17 Forest"]
    page.field_box.setCurrentIndex(page.field_box.findText("name"))
    assert [item.stored for item in page.classes] == ["Forest", "Water"]
    assert page.totals()["Forest"][0] == 6
    page.raster_box.setLayer(scene_layer)
    page.choose(1)
    page.tolerance.setValue(50)
    page.most_pixels.setValue(5000)
    page.grow(centre(20, 10))
    assert page.totals()["Water"][0] == 7


def test_the_map_gets_its_own_tool_back(page, dock, desktop):
    page.grow_button.click()
    assert desktop.canvas.mapTool() is page.grow_tool
    dock.tabs.setCurrentIndex(0)
    assert desktop.canvas.mapTool() is desktop.pan
    assert not page.grow_button.isChecked()


def test_a_new_layer_opens_with_its_classes_again(page, tmp_path):
    page.grow(centre(20, 10))
    again = QgsVectorLayer(str(tmp_path / "training.gpkg"), "again", "ogr")
    from deep_land_cover.desk.class_lists import classes_of_layer

    assert [item.title for item in classes_of_layer(again, "class", "name")] == ["17 Forest"]


def test_names_of_classes_may_begin_with_their_value(make_layer):
    from deep_land_cover.desk.class_lists import classes_of_layer

    layer = make_layer([(QgsGeometry.fromRect(QgsRectangle(0, 0, 1, 1)), 20)], "class:int")
    labels = {20: "2000 trees", 5: "5 Crops"}
    categories = [QgsRendererCategory(value, QgsFillSymbol(), label) for value, label in labels.items()]
    layer.setRenderer(QgsCategorizedSymbolRenderer("class", categories))
    names = {item.value: item.name for item in classes_of_layer(layer, "class")}
    assert names == {20: "2000 trees", 5: "Crops"}


def test_a_new_layer_replaces_no_file_that_nobody_named(page, tmp_path):
    from deep_land_cover.desk.label_store import StoreError

    page.grow(centre(20, 10))
    with pytest.raises(StoreError, match="Choose another name"):
        page.new_layer(str(tmp_path / "training"))
    page.new_layer(str(tmp_path / "training.v2"))
    assert (tmp_path / "training.v2.gpkg").is_file()
    assert QgsVectorLayer(str(tmp_path / "training.gpkg"), "again", "ogr").featureCount() == 1
