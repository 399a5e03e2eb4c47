"""The small map of a page that shows where its map lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsCentroidFillSymbolLayer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsGeometry,
    QgsLayoutItemMap,
    QgsLayoutItemMapOverview,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProcessingContext,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from ...core.errors import ParameterError
from ..layers.image_styles import with_own_style

_WORLD = Path("resources") / "data" / "world_map.gpkg"
# The locator shows at least so many times the width of the map, and so many degrees.
_LEAST_TIMES, _LEAST_DEGREES = 3.0, 6.0
MARGIN = 0.12
"""Land that is shown around the country, as a share of its size."""
# Countries that reach around the globe, such as those with islands overseas, are not shown whole.
_WIDEST = 60.0
# A rectangle is seen from this share of the locator's width or height on.
_VISIBLE = 0.04


def country_layer() -> QgsVectorLayer | None:
    """Return the countries of the world map that QGIS brings; None where it is not installed."""
    path = Path(QgsApplication.pkgDataPath()) / _WORLD
    layer = QgsVectorLayer(f"{path}|layername=countries", "Countries", "ogr") if path.is_file() else None
    if layer is None or not layer.isValid():
        return None
    _draw_plainly(layer)
    return layer


def locator_layer(layer: QgsMapLayer, context: QgsProcessingContext) -> QgsMapLayer:
    """Return a copy of the user's layer for the locator, in its style.

    Args:
        layer: Layer of the project, or one that Processing opened.
        context: Of the run.

    Raises:
        ParameterError: It has no coordinate reference system, or nothing is in it.
    """
    if not layer.crs().isValid():
        raise ParameterError(
            "The layer of the locator map has no coordinate reference system",
            where=layer.name(),
            advice="Set it in the layer's properties, or choose another layer.",
        )
    if layer.extent().isEmpty() or not layer.extent().isFinite():
        raise ParameterError(
            "The layer of the locator map is empty", where=layer.name(), advice="Choose another layer."
        )
    copy = with_own_style(layer, context)
    is_drawn = context.project() is not None and context.project().mapLayer(layer.id()) is not None
    if isinstance(copy, QgsVectorLayer) and not is_drawn and not Path(copy.styleURI()).is_file():
        # QGIS chooses a colour at random.
        _draw_plainly(copy)
    return copy


def _draw_plainly(layer: QgsVectorLayer) -> None:
    symbol = QgsFillSymbol.createSimple(
        {"color": "#F7F5EF", "outline_color": "#8A949E", "outline_width": "0.15"}
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def draw_locator(
    project: QgsProject, item: QgsLayoutItemMap, shown: QgsLayoutItemMap, layers: Sequence[QgsMapLayer]
) -> None:
    """Show the layers in the locator, and the rectangle of the page's map on them.

    Countries are shown as far as the one goes that the map lies in; other layers as a whole.

    Args:
        project: Of the page.
        item: The locator.
        shown: The page's map, at its place.
        layers: From the top.
    """
    item.setFollowVisibilityPreset(False)
    item.setKeepLayerSet(True)
    item.setLayers(list(layers))
    countries = layers[-1] if layers[-1].source().partition("|")[0].endswith(_WORLD.name) else None
    crs = QgsCoordinateReferenceSystem("EPSG:4326") if countries is not None else layers[-1].crs()
    item.setCrs(crs)
    try:
        transform = QgsCoordinateTransform(shown.crs(), crs, project.transformContext())
        box = transform.transformBoundingBox(shown.extent())
    except QgsCsException:
        box = QgsRectangle(layers[-1].extent())
    if countries is not None:
        whole = country_around(countries, box)
    else:
        whole = QgsRectangle(layers[-1].extent())
        whole.combineExtentWith(box)
    whole.grow(MARGIN * max(whole.width(), whole.height()))
    item.zoomToExtent(whole)
    overviews = item.overviews()
    for number in range(overviews.size()):
        overview = overviews.overview(number)
        overview.setLinkedMap(shown)
        if box.width() < _VISIBLE * whole.width() and box.height() < _VISIBLE * whole.height():
            _ring(overview)


def _ring(overview: QgsLayoutItemMapOverview) -> None:
    """Draw a ring around a rectangle that is too small to be seen."""
    symbol = overview.frameSymbol().clone()
    ring = QgsCentroidFillSymbolLayer()
    marker = {"name": "circle", "color": "0,0,0,0", "outline_color": "#B01818", "outline_width": "0.5"}
    ring.setSubSymbol(QgsMarkerSymbol.createSimple({**marker, "size": "4"}))
    symbol.appendSymbolLayer(ring)
    overview.setFrameSymbol(symbol)


def country_around(countries: QgsVectorLayer, box: QgsRectangle) -> QgsRectangle:
    """Return the extent of the country, or of its largest part, that a map lies in.

    Args:
        countries: Countries of ``country_layer``.
        box: Extent of the map in longitude and latitude.
    """
    whole = QgsRectangle(box)
    whole.scale(_LEAST_TIMES)
    least = QgsRectangle.fromCenterAndSize(box.center(), _LEAST_DEGREES, _LEAST_DEGREES)
    whole.combineExtentWith(least)
    middle = QgsGeometry.fromPointXY(box.center())
    feature = QgsFeature()
    found = countries.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(box)))
    best: QgsGeometry | None = None
    while found.nextFeature(feature):
        geometry = feature.geometry()
        if best is None or geometry.contains(middle):
            best = QgsGeometry(geometry)
            if geometry.contains(middle):
                break
    if best is not None:
        extent = best.boundingBox()
        if extent.width() > _WIDEST:
            parts = [QgsGeometry(part.clone()) for part in best.constParts()]
            near = min(parts, key=lambda part: part.distance(middle))
            extent = near.boundingBox()
        whole.combineExtentWith(extent)
    return whole
