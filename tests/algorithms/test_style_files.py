"""Styles beside files: of two files of one name, neither loses its style to the other."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from deep_land_cover.algorithms.layers.style_files import keep_style, write_style

pytestmark = pytest.mark.qgis
SYMBOLOGY = QgsMapLayer.StyleCategory.Symbology
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile"}


@pytest.fixture
def made(tmp_path):
    """Return a function that writes ``points`` with an ending, and returns it as a layer of a colour."""

    def make(ending: str, colour: str) -> QgsVectorLayer:
        path = str(tmp_path / f"points{ending}")
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = DRIVERS[ending]
        memory = QgsVectorLayer("Point?crs=EPSG:32748&field=value:integer", "points", "memory")
        context = QgsCoordinateTransformContext()
        assert QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, context, options)[0] == 0
        layer = QgsVectorLayer(path, "points", "ogr")
        layer.renderer().symbol().setColor(QColor(colour))
        return layer

    return make


def colour_of(path) -> str:
    layer = QgsVectorLayer(str(path), "opened again", "ogr")
    return layer.renderer().symbol().color().name()


def test_a_geopackage_beside_a_shapefile_of_its_name_keeps_the_style_inside(made, tmp_path):
    feedback = QgsProcessingFeedback()
    for ending, colour in ((".shp", "#ff0000"), (".gpkg", "#0000ff")):
        keep_style(made(ending, colour), SYMBOLOGY, feedback)
    assert colour_of(tmp_path / "points.shp") == "#ff0000"
    assert colour_of(tmp_path / "points.gpkg") == "#0000ff"
    assert feedback.textLog() == ""


def test_a_style_that_belongs_to_another_file_stays_and_the_log_says_so(made, tmp_path):
    feedback = QgsProcessingFeedback()
    keep_style(made(".gpkg", "#0000ff"), SYMBOLOGY, feedback)
    keep_style(made(".shp", "#ff0000"), SYMBOLOGY, feedback)
    assert colour_of(tmp_path / "points.gpkg") == "#0000ff"
    assert "points.qml" in feedback.textLog() and "points.gpkg" in feedback.textLog()


def test_a_style_is_written_again_and_that_of_a_file_that_is_gone_too(made, tmp_path):
    feedback = QgsProcessingFeedback()
    keep_style(made(".gpkg", "#0000ff"), SYMBOLOGY, feedback)
    layer = made(".gpkg", "#00ff00")
    keep_style(layer, SYMBOLOGY, feedback)
    assert colour_of(tmp_path / "points.gpkg") == "#00ff00"
    layer.setDataSource("", "", "memory")
    (tmp_path / "points.gpkg").unlink()
    keep_style(made(".shp", "#ff0000"), SYMBOLOGY, feedback)
    assert colour_of(tmp_path / "points.shp") == "#ff0000"
    assert feedback.textLog() == ""


@pytest.mark.parametrize(("mark", "is_kept"), [('deepLandCover="true" ', False), ("", True)])
def test_a_style_of_the_user_stays_and_one_of_version_0_1_0_is_replaced(made, tmp_path, mark, is_kept):
    style, feedback = tmp_path / "points.qml", QgsProcessingFeedback()
    style.write_text(f'<!DOCTYPE qgis><qgis {mark}version="3.40"/>')
    layer = made(".shp", "#ff0000")
    write_style(layer, str(tmp_path / "points.shp"), SYMBOLOGY, feedback)
    assert ("was not written by Deep Land Cover" in feedback.textLog()) == is_kept
    assert ("<renderer" in style.read_text()) != is_kept
