"""A layer that is to be labelled: its class field offers the classes by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsEditorWidgetSetup,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ..core.classes import LandCoverClass, class_label
from .style_files import write_style

_FIELDS = QgsMapLayer.StyleCategory.Fields | QgsMapLayer.StyleCategory.Forms


def offer_classes(
    layer: str,
    field: str,
    classes: Sequence[dict[str, Any]],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Let a field of a written layer be filled from a list of classes (a value map).

    A layer in memory keeps that itself; beside a file goes a style (``.qml``).

    Args:
        layer: What the sink returned.
        field: The field with the class value.
        classes: Plain values of ``LandCoverClass``.
        context: Of the run.
        feedback: Learns of a style that could not be written; the layer opens without.
    """
    found = QgsProcessingUtils.mapLayerFromString(layer, context)
    if not isinstance(found, QgsVectorLayer):
        return
    configuration = {
        "map": [
            {class_label(item): str(item.value)} for item in (LandCoverClass(**plain) for plain in classes)
        ]
    }
    found.setEditorWidgetSetup(found.fields().indexOf(field), QgsEditorWidgetSetup("ValueMap", configuration))
    path = QgsProviderRegistry.instance().decodeUri(found.providerType(), found.source()).get("path")
    if found.providerType() == "ogr" and path:
        write_style(found, path, _FIELDS, feedback)
