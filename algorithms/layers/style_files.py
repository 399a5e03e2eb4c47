"""Style files (``.qml``) beside a layer's own."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsMapLayer,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ..gate import geopackage_layers
from ..i18n.translation import tr

# Attribute of the style files that are written here. QGIS leaves it out where the user saves a style.
_MARK = "deepLandCover"


def write_style(
    layer: QgsMapLayer, path: str, categories: QgsMapLayer.StyleCategory, feedback: QgsProcessingFeedback
) -> None:
    """Write what ``layer`` has of the categories beside the file at ``path``.

    A style that the user has saved there stays.

    A layer's own style file reaches projects, models and batch runs alike; a style that is set on
    a layer in this run would reach only the dialog's.

    Args:
        layer: Has the style.
        path: The file that it is for.
        categories: What of the style.
        feedback: Learns of a style that could not be written; the file opens without.
    """
    document = QDomDocument("qgis")
    layer.exportNamedStyle(document, QgsReadWriteContext(), categories)
    document.documentElement().setAttribute(_MARK, "true")
    style = Path(path).with_suffix(".qml")
    try:
        if style.exists() and _MARK not in style.read_text(encoding="utf-8", errors="replace"):
            feedback.pushWarning(
                tr("The style file {} was not written by Deep Land Cover and is not changed.").format(style)
            )
            return
        style.write_text(document.toString(2), encoding="utf-8")
    except OSError as error:
        feedback.pushWarning(tr("The style file {} could not be written: {}").format(style, error.strerror))


def keep_style(
    layer: QgsVectorLayer, categories: QgsMapLayer.StyleCategory, feedback: QgsProcessingFeedback
) -> None:
    """Write what a vector layer has of the categories beside its file; one in memory keeps that itself.

    In a GeoPackage with other layers the style goes into the file, for all of them would take one beside it.

    Args:
        layer: Has file and style.
        categories: What of the style.
        feedback: See ``write_style``.
    """
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    if layer.providerType() != "ogr" or not path:
        return
    if len(geopackage_layers(Path(path)) or ()) < 2:
        write_style(layer, path, categories, feedback)
        return
    problem = layer.saveStyleToDatabase(layer.name(), "", True, "", categories)
    if problem:
        feedback.pushWarning(
            tr("The style of the layer {} could not be saved: {}").format(layer.name(), problem)
        )
