"""The style of rasters of shares between 0 and 1, kept beside the file (``.qml``)."""

from __future__ import annotations

import itertools
import math

from qgis.core import (
    QgsColorRamp,
    QgsColorRampShader,
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
)
from qgis.PyQt.QtGui import QColor

from ..i18n.translation import tr
from .style_files import write_style

# A red that stays apart from viridis for colour-blind readers, too.
_STEPS, _RED = 5, "#b30000"


def style_fractions(path: str, feedback: QgsProcessingFeedback, limit: float | None = None) -> None:
    """Let a raster of shares open with its first band from 0 to 1 in the colours of viridis.

    Dark means unsure: a low probability, or a distance that is near its limit.

    Args:
        path: The raster.
        feedback: Learns of a style that could not be written; the raster opens without.
        limit: Of distances, which are dark where large. The colours go up to this in steps, and what is
            larger is red; None is 1, without steps, dark where small.
    """
    most = 1.0 if limit is None else limit
    viridis = QgsStyle.defaultStyle().colorRamp("Viridis")
    function = QgsColorRampShader(0.0, most, viridis)
    if limit is None:
        function.classifyColorRamp()
    else:
        # Of a continuous ramp the legend shows the ends only, and not what red is.
        function.setColorRampType(QgsColorRampShader.Type.Discrete)
        function.setColorRampItemList(_steps_to(limit, viridis))
    shader = QgsRasterShader(0.0, most)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(None, 1, shader)
    renderer.setClassificationMin(0.0)
    renderer.setClassificationMax(most)
    # A layer of its own: opening the raster would count its values, and leave them in a sidecar.
    layer = QgsRasterLayer()
    layer.setRenderer(renderer)
    write_style(layer, path, QgsMapLayer.StyleCategory.Symbology, feedback)


def _steps_to(limit: float, ramp: QgsColorRamp) -> list[QgsColorRampShader.ColorRampItem]:
    """Return equal steps up to ``limit`` and one beyond it, each with its bounds for the legend."""
    ends = [limit * step / _STEPS for step in range(_STEPS + 1)]
    items = [
        QgsColorRampShader.ColorRampItem(
            high, ramp.color(1 - (step + 0.5) / _STEPS), f"{low:.2f} – {high:.2f}"
        )
        for step, (low, high) in enumerate(itertools.pairwise(ends))
    ]
    beyond = tr("Outside, above {}").format(f"{limit:.2f}")
    return [*items, QgsColorRampShader.ColorRampItem(math.inf, QColor(_RED), beyond)]
