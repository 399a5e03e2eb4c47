"""Styles of the demo's layers, kept beside the files as QGIS's default styles (``.qml``).

The true map needs none: as every classified map, it carries its own.
"""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsContrastEnhancement,
    QgsFillSymbol,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ..core.classes import shipped_scheme

# Positions of B4, B3 and B2. Without a style QGIS shows the first three bands as red, green, blue.
_NATURAL_COLOUR = (3, 2, 1)


def style_demo(scene: str, training: str, feedback: QgsProcessingFeedback) -> None:
    """Let the scene open in natural colour, and the polygons in the colours of their classes.

    Args:
        scene: Path of the image.
        training: Path of the training polygons.
        feedback: Learns of a style that could not be written; the demo works without.
    """
    image = QgsRasterLayer(scene, "Demo scene")
    image.setRenderer(QgsMultiBandColorRenderer(image.dataProvider(), *_NATURAL_COLOUR))
    image.setContrastEnhancement(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
        QgsRasterMinMaxOrigin.Limits.CumulativeCut,
    )
    _keep(image, feedback)

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
    _keep(polygons, feedback)


def _keep(layer: QgsMapLayer, feedback: QgsProcessingFeedback) -> None:
    message, is_kept = layer.saveDefaultStyle(QgsMapLayer.StyleCategory.Symbology)
    if not is_kept:
        feedback.pushWarning(message)
