"""The style of rasters of shares between 0 and 1, kept beside the file (``.qml``).

A layer's own style file reaches projects, models and batch runs alike; a style that is set on a
layer in this run would reach only the dialog's.
"""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsColorRampShader,
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterShader,
    QgsReadWriteContext,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
)
from qgis.PyQt.QtXml import QDomDocument

from .translation import tr


def style_shares(path: str, feedback: QgsProcessingFeedback) -> None:
    """Let a raster of shares open with its first band from 0 to 1 in the colours of viridis.

    Args:
        path: The raster.
        feedback: Learns of a style that could not be written; the raster opens without.
    """
    function = QgsColorRampShader(0.0, 1.0, QgsStyle.defaultStyle().colorRamp("Viridis"))
    function.classifyColorRamp()
    shader = QgsRasterShader(0.0, 1.0)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(None, 1, shader)
    renderer.setClassificationMin(0.0)
    renderer.setClassificationMax(1.0)
    # A layer of its own: opening the raster would count its values, and leave them in a sidecar.
    layer = QgsRasterLayer()
    layer.setRenderer(renderer)
    document = QDomDocument("qgis")
    layer.exportNamedStyle(document, QgsReadWriteContext(), QgsMapLayer.StyleCategory.Symbology)
    style = Path(path).with_suffix(".qml")
    try:
        style.write_text(document.toString(2), encoding="utf-8")
    except OSError as error:
        feedback.pushWarning(tr("The style file {} could not be written: {}").format(style, error.strerror))
