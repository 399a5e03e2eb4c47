"""The style of samples by what the split makes of them."""

from __future__ import annotations

from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ..i18n.translation import tr
from .style_files import keep_style

FOLD_FIELD = "fold"
_OTHER = "#9e9e9e"
# Those of the report's map of samples.
_FOLD_COLOURS = ("#0072b2", "#e69f00", "#d5215e", "#009e73", "#7b4fa3", "#56b4e9", "#8c5a2b", "#222222")


def style_split(
    layer: str, field: str, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> None:
    """Colour the points of a written layer by the split, or by the fold that tests them.

    A layer in memory keeps that itself; beside a file goes a style (``.qml``).

    Args:
        layer: What the sink returned.
        field: Has the split's words.
        context: Of the run.
        feedback: Learns of a style that could not be written; the layer opens without.
    """
    found = QgsProcessingUtils.mapLayerFromString(layer, context)
    if not isinstance(found, QgsVectorLayer):
        return
    # Colours of ColorBrewer that colour-blind people can tell apart.
    looks = (
        ("train", tr("Training"), "#1f78b4"),
        ("suggested", tr("Training, suggested"), "#a6cee3"),
        ("validation", tr("Validation"), "#fdbf6f"),
        ("calibration", tr("Calibration"), "#b2df8a"),
        ("test", tr("Test"), "#e31a1c"),
        ("dropped", tr("Dropped: too near to the test"), "#d9d9d9"),
        (None, tr("Other"), _OTHER),
    )
    folds = sorted(found.uniqueValues(found.fields().indexOf(FOLD_FIELD)) - {None, NULL})
    if folds:
        # The split has a word for each fold then.
        field = FOLD_FIELD
        looks = (
            *(
                (number, tr("Tested in fold {}").format(number), _FOLD_COLOURS[place % len(_FOLD_COLOURS)])
                for place, number in enumerate(folds)
            ),
            (None, tr("Never tested"), _OTHER),
        )
    categories = [QgsRendererCategory(word, _point(colour), label) for word, label, colour in looks]
    found.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
    keep_style(found, QgsMapLayer.StyleCategory.Symbology, feedback)


def _point(colour: str) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple({"color": colour, "size": "1.6", "outline_width": "0.1"})
