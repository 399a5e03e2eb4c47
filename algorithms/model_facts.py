"""Facts of a model's document for users: accuracy with its interval, its test, its place and its image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsPointXY,
    QgsRectangle,
)

from ..core.text import Text, counted

if TYPE_CHECKING:
    from ..core.models.card import Bounds, ModelCard

_TESTS = {
    "polygons": Text("{samples:,} pixels of held-out polygons"),
    "blocks": Text("{samples:,} pixels of held-out blocks"),
    "field": Text("{samples:,} pixels that a field of the samples holds out"),
    "random": Text("{samples:,} random pixels, which is optimistic"),
}
_UNITS = ("point", "pixel", "polygon", "block", "group")


@dataclass(frozen=True)
class Place:
    """Place of a training in longitude and latitude.

    Attributes:
        raster: Extent of the training raster.
        labels: Extent of the training labels.
    """

    raster: QgsRectangle
    labels: QgsRectangle


def accuracy_fact(card: ModelCard) -> Text:
    """Return the overall accuracy with its interval, or the reason why it is not known."""
    metrics = card.metrics
    if metrics is None:
        return Text("not known: the model is imported") if card.is_imported else Text("not known: no test")
    interval = metrics.interval
    if interval is None:
        return Text("{accuracy:.1%}, without an interval", accuracy=metrics.overall_accuracy)
    return Text(
        "{accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}, of {clusters})",
        accuracy=metrics.overall_accuracy,
        low=interval.low,
        high=interval.high,
        # The file may come from a stranger.
        clusters=counted(interval.clusters, interval.unit if interval.unit in _UNITS else "group"),
    )


def test_fact(card: ModelCard) -> str:
    """Return what the accuracy was tested on; empty without a test."""
    if card.metrics is None:
        return ""
    samples = Text(
        _TESTS.get(card.training.split, Text("{samples:,} pixels")), samples=card.training.test_samples
    )
    if not card.training.folds:
        return samples
    return Text("{samples}, in {count} folds", samples=samples, count=len(card.training.folds))


def image_fact(card: ModelCard) -> str:
    """Return the sensor and date of the training raster, or that they are not recorded."""
    area = card.area
    known = [item for item in (area.sensor, area.date) if item] if area else []
    return ", ".join(known) if known else Text("not recorded")


def place_fact(card: ModelCard) -> Text:
    """Return where the training labels lie, in longitude and latitude, or that it is not recorded."""
    place = training_place(card)
    if place is not None:
        labels = place.labels
        return Text(
            "longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}",
            west=labels.xMinimum(),
            east=labels.xMaximum(),
            south=labels.yMinimum(),
            north=labels.yMaximum(),
        )
    corner = _raster_corner(card)
    if corner is None:
        return Text("not recorded")
    return Text(
        "not recorded; the training raster begins at longitude {x:.3f}, latitude {y:.3f}",
        x=corner.x(),
        y=corner.y(),
    )


def training_place(card: ModelCard) -> Place | None:
    """Return the place of a model's training; None where the model does not say it."""
    to_globe = _to_globe(card.crs)
    if card.area is None or to_globe is None:
        return None
    try:
        raster, labels = (
            to_globe.transformBoundingBox(_rectangle(bounds))
            for bounds in (card.area.raster, card.area.labels)
        )
    except QgsCsException:
        return None
    return Place(raster, labels) if raster.isFinite() and labels.isFinite() else None


def training_rectangles(card: ModelCard) -> tuple[QgsRectangle, QgsRectangle] | None:
    """Return the extents of the training raster and of its labels in the model's CRS; None if not known."""
    area = card.area
    return None if area is None else (_rectangle(area.raster), _rectangle(area.labels))


def _rectangle(bounds: Bounds) -> QgsRectangle:
    return QgsRectangle(*bounds)


def _raster_corner(card: ModelCard) -> QgsPointXY | None:
    """Return the upper left corner of the training raster, which models without an area know as well."""
    record = card.training_pixels
    to_globe = _to_globe(record.crs) if record is not None else None
    if record is None or to_globe is None:
        return None
    try:
        return to_globe.transform(QgsPointXY(record.transform[2], record.transform[5]))
    except QgsCsException:
        return None


def _to_globe(wkt: str) -> QgsCoordinateTransform | None:
    crs = QgsCoordinateReferenceSystem.fromWkt(wkt)
    if not crs.isValid():
        return None
    globe = QgsCoordinateReferenceSystem("EPSG:4326")
    return QgsCoordinateTransform(crs, globe, QgsCoordinateTransformContext())
