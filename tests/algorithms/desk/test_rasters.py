"""Frames of pixels on any grid, and values without what is no data."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsRasterLayer, QgsRasterRange

from ..conftest import LEFT, PIXEL, TOP

pytestmark = pytest.mark.qgis
# Columns of width, rows of height; turned, and with the first row in the south.
TURNED = (LEFT, 16.0, -12.0, TOP, 12.0, 16.0)


@pytest.fixture
def turned(tmp_path, make_raster):
    path = make_raster(tmp_path / "turned.tif", lambda *_place: 1, bands=("a",), rows=10, columns=12)
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.SetGeoTransform(TURNED)
    dataset.FlushCache()
    del dataset
    return QgsRasterLayer(path, "turned")


def test_a_frame_on_a_turned_grid_is_the_turned_pixel(plugin, turned):
    from deep_land_cover.desk.rasters import PixelGrid

    grid, crs = PixelGrid(turned), turned.crs()
    x, y = gdal.ApplyGeoTransform(TURNED, 4.5, 3.5)
    assert grid.pixel_at(QgsPointXY(x, y), crs) == (3, 4)
    frame = grid.frame((3, 4), crs)
    assert frame.area() == pytest.approx(400)
    assert frame.centroid().asPoint().distance(QgsPointXY(x, y)) < 1e-6
    assert grid.pixel_at(QgsPointXY(LEFT, TOP - 50), crs) is None


def test_a_frame_comes_into_another_reference_system(plugin, turned):
    from deep_land_cover.desk.rasters import PixelGrid

    grid, degrees = PixelGrid(turned), QgsCoordinateReferenceSystem("EPSG:4326")
    frame = grid.frame((3, 4), degrees)
    assert grid.pixel_at(frame.centroid().asPoint(), degrees) == (3, 4)


def test_a_region_ends_at_what_the_file_and_the_user_call_no_data(plugin, tmp_path, make_raster):
    from deep_land_cover.desk.rasters import RasterValues

    def value(_band, row, column):
        return 0 if column == 5 else 7 if row == 6 else 100 + column

    path = make_raster(tmp_path / "gaps.tif", value, bands=("a", "b"), rows=10, columns=12, nodata=0)
    layer = QgsRasterLayer(path, "gaps")
    values = RasterValues(layer)
    assert len(values.region((2, 2), 100, 1000).pixels) == 5 * 9 + 5
    for band in (1, 2):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(7, 7)])
    values = RasterValues(layer)
    assert values.region((2, 2), 100, 1000).pixels == {
        (row, column) for row in range(6) for column in range(5)
    }
    assert not values.region((6, 2), 100, 1000).pixels
    assert PIXEL == values.grid.frame((0, 0), layer.crs()).boundingBox().width()
