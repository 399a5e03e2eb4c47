"""A layer that is to be labelled: its class field offers the classes by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    Qgis,
    QgsAttributeEditorField,
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ...core.classes import LandCoverClass, class_label
from ..i18n.translation import tr
from .style_files import keep_style

_STYLE = (
    QgsMapLayer.StyleCategory.Fields | QgsMapLayer.StyleCategory.Forms | QgsMapLayer.StyleCategory.Symbology
)
CONFIDENCE, NOTE = "confidence", "note"
_UNLABELLED = "#FFFFFF"


def offer_classes(
    layer: str,
    field: str,
    classes: Sequence[dict[str, Any]],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    by_name: bool = False,
    is_blind: bool = False,
) -> None:
    """Let a field of a written layer be filled from a list of classes (a value map), and colour by it.

    A layer in memory keeps that itself; beside a file goes a style (``.qml``).

    Args:
        layer: What the sink returned.
        field: The field with the class value.
        classes: Plain values of ``LandCoverClass``.
        context: Of the run.
        feedback: Learns of a style that could not be written; the layer opens without.
        by_name: Whether the field holds names, not values.
        is_blind: Whether the form shows ``field``, ``confidence`` and ``note`` alone, so that nothing in it
            tells whoever labels what the map says.
    """
    found = QgsProcessingUtils.mapLayerFromString(layer, context)
    if not isinstance(found, QgsVectorLayer):
        return
    items = [LandCoverClass(**plain) for plain in classes]
    values = [item.name if by_name else item.value for item in items]
    labels = [class_label(item) for item in items]
    configuration = {
        "map": [{label: str(value)} for label, value in zip(labels, values, strict=True)],
    }
    categories = [
        QgsRendererCategory(value, QgsMarkerSymbol.createSimple({"color": item.color}), label)
        for value, item, label in zip(values, items, labels, strict=True)
    ]
    plain = QgsMarkerSymbol.createSimple({"color": _UNLABELLED})
    categories.append(QgsRendererCategory(None, plain, tr("To be labelled")))
    found.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
    found.setEditorWidgetSetup(found.fields().indexOf(field), QgsEditorWidgetSetup("ValueMap", configuration))
    if is_blind:
        _blind(found, (field, CONFIDENCE, NOTE))
    keep_style(found, _STYLE | QgsMapLayer.StyleCategory.AttributeTable, feedback)


def _blind(layer: QgsVectorLayer, shown: Sequence[str]) -> None:
    """Hide all fields but some in the form, in the attribute table and where features are identified.

    Args:
        layer: Layer of the points.
        shown: Names of the fields with class, confidence and note.
    """
    fields, form = layer.fields(), layer.editFormConfig()
    form.setLayout(Qgis.AttributeFormLayout.DragAndDrop)
    root = form.invisibleRootContainer()
    root.clear()
    for name in shown:
        root.addChildElement(QgsAttributeEditorField(name, fields.indexOf(name), root))
    layer.setEditFormConfig(form)
    table = layer.attributeTableConfig()
    table.update(fields)
    columns = table.columns()
    for column in columns:
        column.hidden = column.name not in (*shown, "id")
    table.setColumns(columns)
    layer.setAttributeTableConfig(table)
    for position, field in enumerate(fields):
        if field.name() not in (*shown, "id"):
            layer.setEditorWidgetSetup(position, QgsEditorWidgetSetup("Hidden", {}))
    grades = [{tr("High"): "high"}, {tr("Medium"): "medium"}, {tr("Low"): "low"}]
    layer.setEditorWidgetSetup(fields.indexOf(CONFIDENCE), QgsEditorWidgetSetup("ValueMap", {"map": grades}))
    for name, title in zip(shown, (tr("Class"), tr("Confidence"), tr("Note")), strict=True):
        layer.setFieldAlias(fields.indexOf(name), title)
