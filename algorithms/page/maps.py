"""Maps on a page for print: their frames, scale, coordinates and scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemScaleBar,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)

from ...core.errors import ParameterError, RasterError

# A strip of a raster gets a frame at least so high or wide, as a share of its room.
_LEAST_SIDE = 0.4
# What scales of printed maps begin with.
_SCALES = (1, 1.2, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 7.5, 8, 9, 10)
_STEPS = (1, 2, 5, 10)
_SECOND = 1 / 3600
# Coordinates are read in degrees, minutes and seconds.
_DEGREES = (
    *(_SECOND * count for count in (1, 2, 5, 10, 15, 30)),
    *(count / 60 for count in (1, 2, 5, 10, 15, 30)),
    *(1, 2, 5, 10, 15, 30, 45, 90),
)
FRAME, DEGREES, MAP_UNITS, NO_GRATICULE = "frame", "degrees", "map_units", "none"
GRATICULES = (FRAME, DEGREES, MAP_UNITS, NO_GRATICULE)
_GRATICULE_COLOR = "60,72,84,150"
# Marks along the longer side of a map, about.
_MARKS = 4
# How much a scale may differ between the middle of the map and its projection, to be given.
_TRUE = 0.01
_METRIC = {Qgis.DistanceUnit.Meters: "m", Qgis.DistanceUnit.Kilometers: "km"}


def shown_extents(project: QgsProject, layers: Sequence[QgsRasterLayer]) -> list[QgsRectangle]:
    """Return what each map shows, in the first raster's CRS.

    Rasters of one place have the same extent, so that they can be compared.

    Raises:
        RasterError: The second raster cannot be brought into that CRS.
    """
    crs = layers[0].crs()
    extents = [_extent_in(project, layer, crs) for layer in layers]
    if all(extent.intersects(extents[0]) for extent in extents):
        whole = QgsRectangle(extents[0])
        for extent in extents[1:]:
            whole.combineExtentWith(extent)
        extents = [whole for _ in extents]
    return extents


def shape_of(extents: Sequence[QgsRectangle]) -> tuple[float, float]:
    """Return the largest width and height of the extents, in map units."""
    return max(item.width() for item in extents), max(item.height() for item in extents)


def fit_maps(
    project: QgsProject,
    items: Sequence[QgsLayoutItemMap],
    crs: QgsCoordinateReferenceSystem,
    extents: Sequence[QgsRectangle],
    scale: float = 0.0,
) -> None:
    """Show the whole of each extent, all at one scale.

    A frame takes the extent's shape within its room in the template, whose reference point stays
    where it is.

    Args:
        project: Of the page.
        items: The maps.
        crs: Of the maps.
        extents: What each map shows.
        scale: Denominator of the scale; 0 is the next round one that shows the extents.

    Raises:
        ParameterError: The extents are larger than their room at this scale, or no scale holds in the CRS.
    """
    # Map units a millimetre.
    coarse = max(
        max(extent.width() / item.rect().width(), extent.height() / item.rect().height())
        for item, extent in zip(items, extents, strict=True)
    )
    coarse = _wanted_scale(crs, coarse, scale) if scale else _round_scale(crs.mapUnits(), coarse)
    for item, extent in zip(items, extents, strict=True):
        room = item.rect()
        width = max(extent.width() / coarse, _LEAST_SIDE * room.width())
        height = max(extent.height() / coarse, _LEAST_SIDE * room.height())
        item.setCrs(crs)
        item.setMapRotation(0)
        item.attemptResize(QgsLayoutSize(width, height, Qgis.LayoutUnit.Millimeters))
        item.zoomToExtent(QgsRectangle.fromCenterAndSize(extent.center(), width * coarse, height * coarse))
        for number in range(item.grids().size()):
            _fit_grid(project, item, item.grids().grid(number))


def draw_graticule(project: QgsProject, item: QgsLayoutItemMap, kind: str) -> None:
    """Draw the coordinates of a map in another way than the template does.

    Args:
        project: Of the page.
        item: The map, already at its place.
        kind: One of ``GRATICULES``.
    """
    for number in range(item.grids().size()):
        grid = item.grids().grid(number)
        if kind == NO_GRATICULE:
            grid.setEnabled(False)
        elif kind in (DEGREES, MAP_UNITS):
            grid.setStyle(QgsLayoutItemMapGrid.GridStyle.Solid)
            grid.setLineSymbol(
                QgsLineSymbol.createSimple({"color": _GRATICULE_COLOR, "width": "0.13", "capstyle": "flat"})
            )
            if kind == MAP_UNITS:
                grid.setCrs(item.crs())
                grid.setAnnotationFormat(
                    QgsLayoutItemMapGrid.AnnotationFormat.DecimalWithSuffix
                    if item.crs().isGeographic()
                    else QgsLayoutItemMapGrid.AnnotationFormat.Decimal
                )
                grid.setAnnotationPrecision(0)
            _fit_grid(project, item, grid)


def _extent_in(project: QgsProject, layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    # QGIS takes coordinates of another planet for those of this one.
    if layer.crs().celestialBodyName() != crs.celestialBodyName():
        raise _no_way(layer, crs)
    transform = QgsCoordinateTransform(layer.crs(), crs, project.transformContext())
    try:
        extent = transform.transformBoundingBox(layer.extent())
    except QgsCsException as error:
        raise _no_way(layer, crs) from error
    if not extent.isFinite() or extent.isEmpty():
        raise _no_way(layer, crs)
    return extent


def _no_way(layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> RasterError:
    return RasterError(
        "The raster cannot be shown in the coordinate reference system {crs}",
        where=layer.name(),
        advice="Put the raster first whose coordinate reference system suits both.",
        crs=crs.userFriendlyIdentifier(),
    )


def printed_scale(project: QgsProject, item: QgsLayoutItemMap) -> float | None:
    """Return the denominator of a map's scale; None where the projection stretches its middle."""
    if item.crs().isGeographic():
        return None
    nominal = round(item.scale(), 6)
    true = 1000 * metres_a_millimetre(project, item)
    return nominal if nominal > 0 and abs(true / nominal - 1) < _TRUE else None


def has_scale(item: QgsLayoutItemMap) -> bool:
    """Return whether a scale bar can say anything of a map: not of most of the globe in degrees."""
    return not (item.crs().isGeographic() and item.extent().width() > 180)


def fit_scale_bar(
    project: QgsProject, bar: QgsLayoutItemScaleBar, item: QgsLayoutItemMap, width: float
) -> None:
    """Give a scale bar segments of a round length that fill its room in the template.

    A bar in metres or kilometres takes the one that suits; other units stay.

    Args:
        project: Of the page.
        bar: The scale bar; by now QGIS has forgotten what size it had in the template.
        item: The map that it is for.
        width: Of its room, in millimetres.
    """
    count = max(bar.numberOfSegments(), 1)
    # The last number and its unit stand beyond the bar's end.
    metres = metres_a_millimetre(project, item) * max(width - 12, 10) / count
    unit = bar.units()
    if unit in _METRIC or unit == Qgis.DistanceUnit.Unknown:
        is_long = _round_down(metres) >= 500
        unit = Qgis.DistanceUnit.Kilometers if is_long else Qgis.DistanceUnit.Meters
        bar.setUnits(unit)
        bar.setUnitLabel(_METRIC[unit])
        bar.setMapUnitsPerScaleBarUnit(1)
    factor = QgsUnitTypes.fromUnitToUnitFactor(Qgis.DistanceUnit.Meters, unit)
    bar.setSegmentSizeMode(Qgis.ScaleBarSegmentSizeMode.Fixed)
    bar.setUnitsPerSegment(_round_down(metres * factor * bar.mapUnitsPerScaleBarUnit()))
    bar.update()


def metres_a_millimetre(project: QgsProject, item: QgsLayoutItemMap) -> float:
    """Return how many metres of ground a millimetre of the page is, in the middle of a map."""
    return ground_width(project, item.crs(), item.extent()) / item.rect().width()


def ground_width(project: QgsProject, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> float:
    """Return the width of an extent on the ground in metres, as it is in its middle."""
    ruler = QgsDistanceArea()
    ruler.setSourceCrs(crs, project.transformContext())
    ruler.setEllipsoid(project.ellipsoid())
    middle, part = extent.center(), extent.width() / 8
    # A part of the middle: from end to end of the globe it is no way at all.
    length = ruler.measureLine(
        QgsPointXY(middle.x() - part, middle.y()), QgsPointXY(middle.x() + part, middle.y())
    )
    metres = 4 * ruler.convertLengthMeasurement(length, Qgis.DistanceUnit.Meters)
    if not (math.isfinite(metres) and metres > 0):
        # Another planet's ellipsoid, or none.
        factor = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), Qgis.DistanceUnit.Meters)
        metres = extent.width() * factor
    return metres


def scale_units(crs: QgsCoordinateReferenceSystem, scale: float) -> float:
    """Return map units a millimetre at a scale; 0 where there is none, or the CRS is in degrees."""
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), Qgis.DistanceUnit.Meters)
    return 0.0 if crs.isGeographic() else scale / (1000 * metres)


def _wanted_scale(crs: QgsCoordinateReferenceSystem, coarse: float, scale: float) -> float:
    """Return map units a millimetre for a scale that the user wants.

    Raises:
        ParameterError: The maps do not fit their room, or are in degrees.
    """
    if crs.isGeographic():
        raise ParameterError(
            "A map in degrees has no scale",
            where="SCALE",
            advice="Reproject the map into a projection such as UTM, or set SCALE to 0.",
        )
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), Qgis.DistanceUnit.Meters)
    wanted = scale_units(crs, scale)
    if coarse > wanted * (1 + 1e-9):
        raise ParameterError(
            "The map at 1:{scale} is larger than the sheet",
            where="SCALE",
            advice="The largest round scale that fits is 1:{fits}. Choose this, larger paper, or 0.",
            scale=f"{scale:,.0f}",
            fits=f"{_round_scale(crs.mapUnits(), coarse) * 1000 * metres:,.0f}",
        )
    return wanted


def _round_scale(unit: Qgis.DistanceUnit, coarse: float) -> float:
    """Return map units a millimetre for the next round scale; degrees have none."""
    if unit == Qgis.DistanceUnit.Degrees:
        return coarse
    factor = 1000 * QgsUnitTypes.fromUnitToUnitFactor(unit, Qgis.DistanceUnit.Meters)
    wanted = coarse * factor
    power = 10 ** math.floor(math.log10(wanted))
    # What is round already stays, whatever the last digit.
    return min(step * power for step in _SCALES if step * power >= wanted * (1 - 1e-9)) / factor


def _round_down(wanted: float) -> float:
    power = 10 ** math.floor(math.log10(wanted))
    return max(step * power for step in _STEPS if step * power <= wanted * (1 + 1e-9))


def _fit_grid(project: QgsProject, item: QgsLayoutItemMap, grid: QgsLayoutItemMapGrid) -> None:
    """Give a grid a round interval; one in millimetres of the page stays."""
    if grid.units() != QgsLayoutItemMapGrid.GridUnit.MapUnit:
        return
    crs = grid.crs() if grid.crs().isValid() else item.crs()
    extent = _grid_extent(project, item, crs)
    if extent is None:
        grid.setEnabled(False)
        return
    wanted = max(extent.width(), extent.height()) / _MARKS
    if crs.isGeographic():
        interval = min(_DEGREES, key=lambda step: abs(math.log(step / wanted)))
        kinds = QgsLayoutItemMapGrid.AnnotationFormat
        if grid.annotationFormat() in (
            kinds.DegreeMinute,
            kinds.DegreeMinuteSecond,
            kinds.DecimalWithSuffix,
        ):
            kind = kinds.DegreeMinuteSecond if interval < 1 / 60 else kinds.DegreeMinute
            grid.setAnnotationFormat(kinds.DecimalWithSuffix if interval >= 1 else kind)
            grid.setAnnotationPrecision(0)
    else:
        interval = _round_down(wanted)
    grid.setIntervalX(interval)
    grid.setIntervalY(interval)
    grid.setOffsetX(0)
    grid.setOffsetY(0)


def _grid_extent(
    project: QgsProject, item: QgsLayoutItemMap, crs: QgsCoordinateReferenceSystem
) -> QgsRectangle | None:
    """Return the map's extent in a grid's CRS; None where its lines could not be drawn."""
    if item.crs().celestialBodyName() != crs.celestialBodyName():
        return None
    try:
        transform = QgsCoordinateTransform(item.crs(), crs, project.transformContext())
        extent = transform.transformBoundingBox(item.extent())
    except QgsCsException:
        return None
    # A pole or the whole globe: meridians meet in the map.
    goes_round = crs.isGeographic() and not item.crs().isGeographic() and extent.width() > 180
    return None if goes_round or not extent.isFinite() else extent
