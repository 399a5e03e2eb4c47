"""Rasters of the project as the desk uses them: the grid of their pixels, and their values."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDataSourceUri,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)

from ..algorithms.i18n.translation import tr
from .region import Pixel, Region, grow_region, outline

# Where QGIS keeps the connections to XYZ tiles of its browser: since 3.30, and before.
_XYZ_GROUPS = ("connections/xyz/items", "qgis/connections-xyz")
_LOW, _HIGH = 0.02, 0.98
_SAMPLED_PIXELS = 250_000


class PixelGrid:
    """Grid of the pixels of a raster layer.

    Args:
        layer: Raster layer; any grid that GDAL describes, also a rotated one.
    """

    def __init__(self, layer: QgsRasterLayer) -> None:
        self.crs = layer.crs()
        self.shape = layer.height(), layer.width()
        extent = layer.extent()
        self._forward = (
            extent.xMinimum(),
            layer.rasterUnitsPerPixelX(),
            0.0,
            extent.yMaximum(),
            0.0,
            -layer.rasterUnitsPerPixelY(),
        )
        dataset = open_raster(layer)
        if dataset is not None and dataset.GetGeoTransform(can_return_null=True):
            self._forward = dataset.GetGeoTransform()
        self._inverse = gdal.InvGeoTransform(self._forward)

    def pixel_at(self, point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> Pixel | None:
        """Return row and column of a point; None outside the raster.

        Args:
            point: Position in ``crs``.
            crs: Coordinate reference system of the point.
        """
        moved = _moved(QgsGeometry.fromPointXY(point), crs, self.crs)
        if moved is None or self._inverse is None:
            return None
        place = moved.asPoint()
        column, row = gdal.ApplyGeoTransform(self._inverse, place.x(), place.y())
        pixel = math.floor(row), math.floor(column)
        return pixel if 0 <= pixel[0] < self.shape[0] and 0 <= pixel[1] < self.shape[1] else None

    def corner(self, row: int, column: int) -> QgsPointXY:
        """Return the upper left corner of a pixel, in the raster's coordinate reference system."""
        return QgsPointXY(*gdal.ApplyGeoTransform(self._forward, column, row))

    def frame(self, pixel: Pixel, crs: QgsCoordinateReferenceSystem) -> QgsGeometry | None:
        """Return the frame of a pixel in a coordinate reference system; None where it has none there."""
        return self.polygon([_square(*pixel)], crs)

    def polygon(
        self, rings: Sequence[Sequence[Pixel]], crs: QgsCoordinateReferenceSystem
    ) -> QgsGeometry | None:
        """Return the polygon of rings of pixel corners; None where it cannot be brought into ``crs``."""
        corners = [[self.corner(*corner) for corner in ring] for ring in rings]
        return _moved(QgsGeometry.fromPolygonXY(corners), self.crs, crs)


class RasterValues:
    """Values of all bands of a raster layer, for region growing.

    Args:
        layer: Raster layer of GDAL.
    """

    def __init__(self, layer: QgsRasterLayer) -> None:
        self.layer = layer
        self.grid = PixelGrid(layer)
        self._dataset = open_raster(layer)
        self._spans: list[float] = []

    def region(self, pixel: Pixel, tolerance: float, max_pixels: int) -> Region:
        """Return the region around a pixel.

        Args:
            pixel: Row and column.
            tolerance: Largest difference from the pixel, in per cent of each band's spread, which is the
                range of the middle 96 % of its values.
            max_pixels: Largest number of pixels.
        """
        if self._dataset is None:
            return Region(frozenset(), False)
        tolerances = [span * tolerance / 100 for span in self.spans()]
        return grow_region(self._read, self.grid.shape, pixel, tolerances, max_pixels)

    def polygon(self, region: Region, crs: QgsCoordinateReferenceSystem) -> QgsGeometry | None:
        """Return the polygon of a region on the edges of its pixels, in a coordinate reference system."""
        return self.grid.polygon(outline(region.pixels, keep_corners=crs != self.grid.crs), crs)

    def spans(self) -> list[float]:
        """Return the range of the middle 96 % of the values of each band."""
        if not self._spans:
            provider = self.layer.dataProvider()
            for band in range(1, provider.bandCount() + 1):
                low, high = provider.cumulativeCut(band, _LOW, _HIGH, QgsRectangle(), _SAMPLED_PIXELS)
                self._spans.append(max(high - low, 0.0))
        return self._spans

    def _read(self, row: int, column: int, rows: int, columns: int) -> list[array]:
        bands = []
        for number in range(1, self._dataset.RasterCount + 1):
            band = self._dataset.GetRasterBand(number)
            values = array("d")
            values.frombytes(bytes(band.ReadRaster(column, row, columns, rows, buf_type=gdal.GDT_Float64)))
            bands.append(_without_nodata(values, band.GetNoDataValue(), self._own_nodata(number)))
        return bands

    def _own_nodata(self, band: int) -> list[tuple[float, float]]:
        """Return the ranges of values that the user has declared as no data."""
        return [(item.min(), item.max()) for item in self.layer.dataProvider().userNoDataValues(band)]


def open_raster(layer: QgsRasterLayer) -> gdal.Dataset | None:
    """Return the GDAL dataset of a raster layer; None for other providers."""
    if layer.providerType() != "gdal":
        return None
    try:
        return gdal.OpenEx(layer.source().split("|option:")[0], gdal.OF_RASTER)
    except RuntimeError:
        # Where another plugin has called gdal.UseExceptions().
        return None


def band_names(layer: QgsRasterLayer) -> list[str]:
    """Return the names of the bands of a raster layer as its file has them; empty for a band without."""
    dataset = open_raster(layer)
    if dataset is None:
        return []
    return [dataset.GetRasterBand(number + 1).GetDescription() or "" for number in range(dataset.RasterCount)]


def region_problem() -> str:
    """Return the sentence for a click that gave no region."""
    return tr("There is no valid pixel of the raster at this place.")


def _square(row: int, column: int) -> list[Pixel]:
    return [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column), (row, column)]


def _without_nodata(values: array, nodata: float | None, ranges: Sequence[tuple[float, float]]) -> array:
    if nodata is None and not ranges:
        return values
    spans = [*ranges, *([(nodata, nodata)] if nodata is not None else [])]
    for position, value in enumerate(values):
        if any(low <= value <= high for low, high in spans):
            values[position] = math.nan
    return values


def _moved(
    geometry: QgsGeometry, start: QgsCoordinateReferenceSystem, end: QgsCoordinateReferenceSystem
) -> QgsGeometry | None:
    if start == end or not start.isValid() or not end.isValid():
        return geometry
    moved = QgsGeometry(geometry)
    try:
        moved.transform(QgsCoordinateTransform(start, end, QgsProject.instance()))
    except QgsCsException:
        return None
    return moved


def xyz_connections() -> dict[str, str]:
    """Return the source of each connection to XYZ tiles in QGIS's browser, by its name.

    Nothing is fetched. Connections to elevations, which are not pictures, are left out.
    """
    settings = QgsSettings()
    sources: dict[str, str] = {}
    for group in _XYZ_GROUPS:
        settings.beginGroup(group)
        for name in settings.childGroups():
            source = _xyz_source(settings, name)
            if source:
                sources.setdefault(name, source)
        settings.endGroup()
    return dict(sorted(sources.items(), key=lambda item: item[0].casefold()))


def _xyz_source(settings: QgsSettings, name: str) -> str:
    """Return the source of a connection in the group that is open; empty where it is no picture."""

    def text(key: str) -> str:
        value = settings.value(f"{name}/{key}")
        return "" if value is None else str(value)

    if not text("url") or text("hidden") == "true" or text("interpretation") not in ("", "default"):
        return ""
    uri = QgsDataSourceUri()
    uri.setParam("type", "xyz")
    uri.setParam("url", text("url"))
    for key in ("zmin", "zmax"):
        # -1 is for no limit.
        if text(key).isdecimal():
            uri.setParam(key, text(key))
    headers = settings.value(f"{name}/http-header")
    for key, value in (headers if isinstance(headers, dict) else {}).items():
        uri.setParam(f"http-header:{key}", str(value))
    if text("authcfg"):
        uri.setAuthConfigId(text("authcfg"))
    if text("username"):
        uri.setUsername(text("username"))
        uri.setPassword(text("password"))
    return bytes(uri.encodedUri()).decode()
