"""What a classified map holds, read with the GDAL and the layers of QGIS."""

from __future__ import annotations

from osgeo import gdal
from qgis.core import QgsRasterLayer


def pixels(path):
    dataset = gdal.Open(path)
    width, height = dataset.RasterXSize, dataset.RasterYSize
    data = dataset.GetRasterBand(1).ReadRaster(buf_type=gdal.GDT_Int16)
    values = memoryview(data).cast("h")
    return [list(values[row * width : (row + 1) * width]) for row in range(height)]


def legend(layer):
    """Return value, name and colour of each class of a layer, or of a file as QGIS opens it."""
    layer = QgsRasterLayer(layer, "map") if isinstance(layer, str) else layer
    renderer = layer.renderer()
    assert renderer.type() == "paletted"
    return [(int(item.value), item.label, item.color.name().upper()) for item in renderer.classes()]


def nodata(path):
    dataset = gdal.Open(path)
    return dataset.GetRasterBand(1).GetNoDataValue()
