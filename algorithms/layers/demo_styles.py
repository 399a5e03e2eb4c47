"""Styles of the demo's layers, kept beside the files as QGIS's default styles (``.qml``).

The true map needs none: as every classified map, it carries its own.
"""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ...core.classes import shipped_scheme
from .image_styles import style_natural
from .style_files import keep_style


def style_demo(scene: str, training: str, feedback: QgsProcessingFeedback) -> None:
    """Let the scene open in natural colour, and the polygons in the colours of their classes.

    Args:
        scene: Path of the image.
        training: Path of the training polygons.
        feedback: Learns of a style that could not be written; the demo works without.
    """
    style_natural(scene, feedback)
    polygons = QgsVectorLayer(training, "Training polygons")
    categories = [
        QgsRendererCategory(
            item.value,
            # Outlines, so that the ground under a polygon stays visible.
            QgsFillSymbol.createSimple({"style": "no", "outline_color": item.color, "outline_width": "0.7"}),
            item.name,
        )
        for item in shipped_scheme("jambi").classes
    ]
    polygons.setRenderer(QgsCategorizedSymbolRenderer("class", categories))
    keep_style(polygons, QgsMapLayer.StyleCategory.Symbology, feedback)
