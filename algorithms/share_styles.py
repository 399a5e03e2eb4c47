"""The style of rasters of shares between 0 and 1, kept beside the file (``.qml``)."""

from __future__ import annotations

from qgis.core import (
    QgsColorRampShader,
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
)
from qgis.PyQt.QtGui import QColor

from .style_files import write_style
from .translation import tr

_JUST_ABOVE, _RED = 1.000001, "#d7191c"


def style_shares(path: str, feedback: QgsProcessingFeedback, limit: float | None = None) -> None:
    """Let a raster of shares open with its first band from 0 to 1 in the colours of viridis.

    Args:
        path: The raster.
        feedback: Learns of a style that could not be written; the raster opens without.
        limit: The colours go up to this, and what is larger is red; None is 1.
    """
    most = 1.0 if limit is None else limit
    function = QgsColorRampShader(0.0, most, QgsStyle.defaultStyle().colorRamp("Viridis"))
    function.classifyColorRamp()
    if limit is not None:
        beyond = QgsColorRampShader.ColorRampItem(limit * _JUST_ABOVE, QColor(_RED), tr("Outside"))
        function.setColorRampItemList([*function.colorRampItemList(), beyond])
    shader = QgsRasterShader(0.0, most)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(None, 1, shader)
    renderer.setClassificationMin(0.0)
    renderer.setClassificationMax(most)
    # A layer of its own: opening the raster would count its values, and leave them in a sidecar.
    layer = QgsRasterLayer()
    layer.setRenderer(renderer)
    write_style(layer, path, QgsMapLayer.StyleCategory.Symbology, feedback)
