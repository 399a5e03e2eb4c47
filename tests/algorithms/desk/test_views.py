"""Further views: what they show, and that all move together."""

from __future__ import annotations

import time

import pytest
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle, QgsSettings
from qgis.PyQt.QtGui import QColor, QImage

from .conftest import centre

pytestmark = pytest.mark.qgis


@pytest.fixture
def views(dock, map_layer, scene_layer, points):
    dock.open_page(0, points)
    dock.show_views()
    QgsApplication.processEvents()
    return dock.views


def test_views_begin_with_natural_and_false_colour(views):
    first, second = (panel for panel in views.panels[:2])
    assert first.choice.currentText() == "Scene (natural colour)"
    assert second.choice.currentText() == "Scene (false colour)"
    red = [panel.canvas.layers()[0].renderer().redBand() for panel in (first, second)]
    # B04 and B08.
    assert red == [3, 4]
    # The layer of the project keeps its style.
    scene = QgsProject.instance().mapLayersByName("Scene")[0]
    assert scene not in first.canvas.layers()


def test_class_maps_are_not_offered_while_blind(views, dock):
    texts = [views.panels[0].choice.itemText(row) for row in range(views.panels[0].choice.count())]
    assert "Land cover" not in texts
    dock.label_page.blind.setChecked(False)
    texts = [views.panels[0].choice.itemText(row) for row in range(views.panels[0].choice.count())]
    assert "Land cover" in texts


def test_a_theme_with_the_map_shows_it_only_when_not_blind(views, dock, map_layer, scene_layer):
    from qgis.core import QgsMapThemeCollection

    record = QgsMapThemeCollection.MapThemeRecord()
    for layer in (map_layer, scene_layer):
        record.addLayerRecord(QgsMapThemeCollection.MapThemeLayerRecord(layer))
    QgsProject.instance().mapThemeCollection().insert("both", record)
    views.refresh()
    panel = views.panels[0]
    panel.choice.setCurrentIndex(panel.choice.findText("Theme: both"))
    assert panel.canvas.layers() == [scene_layer]
    dock.label_page.blind.setChecked(False)
    assert set(panel.canvas.layers()) == {scene_layer, map_layer}


def test_all_maps_move_together_at_one_scale(views, desktop):
    first, second = (panel.canvas for panel in views.panels[:2])
    desktop.canvas.setExtent(QgsRectangle(300_200, 9_819_400, 300_600, 9_819_700))
    QgsApplication.processEvents()
    for canvas in (first, second):
        assert canvas.center().distance(desktop.canvas.center()) < 1
        assert canvas.mapUnitsPerPixel() == pytest.approx(desktop.canvas.mapUnitsPerPixel(), rel=0.01)
    # A view leads, too.
    first.setCenter(centre(30, 40))
    QgsApplication.processEvents()
    assert desktop.canvas.center().distance(centre(30, 40)) < 1
    assert second.center().distance(centre(30, 40)) < 1


def test_the_frame_is_in_each_view(views, dock):
    page = dock.label_page
    for _ in range(2):
        expected = page._frame_geometry().boundingBox()
        for panel in views.panels[:2]:
            for band in panel.frame._bands:
                assert band.asGeometry().boundingBox() == expected
        page.step(1)


def test_another_date_is_the_third_view(views, scene, add):
    add(QgsRasterLayer(scene, "Scene 2"))
    views.count.setValue(3)
    QgsApplication.processEvents()
    texts = [panel.choice.itemText(row) for panel in views.panels[:1] for row in range(panel.choice.count())]
    assert "Scene 2 (natural colour)" in texts
    assert views.panels[2].isVisible()


def test_closing_the_dock_closes_the_views_and_shows_the_map_again(views, dock, map_layer):
    node = QgsProject.instance().layerTreeRoot().findLayer(map_layer.id())
    assert not node.itemVisibilityChecked()
    dock.close()
    QgsApplication.processEvents()
    assert not views.isVisible()
    assert node.itemVisibilityChecked()


@pytest.fixture
def connection(tmp_path):
    """A connection to XYZ tiles in the browser, whose tiles are files; and one to elevations."""
    settings = QgsSettings()
    group = "connections/xyz/items"
    (tmp_path / "0" / "0").mkdir(parents=True)
    tile = QImage(256, 256, QImage.Format.Format_RGB32)
    tile.fill(QColor("#12AB34"))
    assert tile.save(str(tmp_path / "0" / "0" / "0.png"))
    url = f"file://{tmp_path}/{{z}}/{{x}}/{{y}}.png"
    settings.setValue(f"{group}/My aerials/url", url)
    settings.setValue(f"{group}/My aerials/zmax", 0)
    settings.setValue(f"{group}/Heights/url", url)
    settings.setValue(f"{group}/Heights/interpretation", "terrariumterrain")
    yield url
    settings.remove(f"{group}/My aerials")
    settings.remove(f"{group}/Heights")


def test_a_basemap_of_the_browser_is_offered_and_opened_only_when_chosen(views, connection):
    views.refresh()
    assert not any(panel.choice.currentText().startswith("Basemap") for panel in views.panels), (
        "nothing is fetched unasked"
    )
    panel = views.panels[1]
    texts = [panel.choice.itemText(row) for row in range(panel.choice.count())]
    assert "Basemap: My aerials" in texts
    assert "Basemap: Heights" not in texts
    panel.choice.setCurrentIndex(texts.index("Basemap: My aerials"))
    (layer,) = panel.canvas.layers()
    source = layer.dataProvider().dataSourceUri()
    assert layer.isValid() and layer.providerType() == "wms"
    assert "type=xyz" in source and "zmax=0" in source and "zmin" not in source
    panel.canvas.waitWhileRendering()
    for _ in range(50):
        QgsApplication.processEvents()
        drawn = panel.canvas.grab().toImage().pixelColor(20, 20).name()
        if drawn == "#12ab34":
            break
        time.sleep(0.1)
    assert drawn == "#12ab34"
    # It is the view's own, not the project's, and it is not opened again.
    assert not QgsProject.instance().mapLayersByName("My aerials")
    views.refresh()
    assert panel.canvas.layers() == [layer]
