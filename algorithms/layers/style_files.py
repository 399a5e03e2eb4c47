"""Style files (``.qml``) beside a layer's own."""

from __future__ import annotations

import re
from html import unescape
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

# Attribute of the style files that are written here, with the name of the file that the style is for. QGIS
# leaves it out where the user saves a style. Version 0.1.0 wrote "true".
_MARK = "deepLandCover"
_MARKED = re.compile(rf'{_MARK}="([^"]*)"')


def write_style(
    layer: QgsMapLayer, path: str, categories: QgsMapLayer.StyleCategory, feedback: QgsProcessingFeedback
) -> None:
    """Write what ``layer`` has of the categories beside the file at ``path``.

    A style that the user has saved there stays, and so does that of another file of the same name, such as
    ``map.tif`` beside ``map.gpkg``.

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
    document.documentElement().setAttribute(_MARK, Path(path).name)
    style = Path(path).with_suffix(".qml")
    try:
        other = _other_owner(path)
        if other is None:
            feedback.pushWarning(
                tr("The style file {} was not written by Deep Land Cover and is not changed.").format(style)
            )
        elif other:
            feedback.pushWarning(
                tr("The style file {} is that of {} and is not changed.").format(style, other)
                + " "
                + tr("Choose another name for an output with a style of its own.")
            )
        else:
            style.write_text(document.toString(2), encoding="utf-8")
    except OSError as error:
        feedback.pushWarning(tr("The style file {} could not be written: {}").format(style, error.strerror))


def _other_owner(path: str) -> str | None:
    """Return the name of another file that the style beside a file is for; None for a style of the user.

    Raises:
        OSError: The style cannot be read.
    """
    style = Path(path).with_suffix(".qml")
    if not style.exists():
        return ""
    found = _MARKED.search(style.read_text(encoding="utf-8", errors="replace"))
    if found is None:
        return None
    owner = unescape(found[1])
    is_other = owner != Path(path).name and style.with_name(owner).exists()
    return owner if is_other else ""


def keep_style(
    layer: QgsVectorLayer, categories: QgsMapLayer.StyleCategory, feedback: QgsProcessingFeedback
) -> None:
    """Write what a vector layer has of the categories beside its file; one in memory keeps that itself.

    In a GeoPackage the style goes into the file where other layers in it, or another file of the same name,
    would take one beside it.

    Args:
        layer: Has file and style.
        categories: What of the style.
        feedback: See ``write_style``.
    """
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    if layer.providerType() != "ogr" or not path:
        return
    layers = geopackage_layers(Path(path)) or ()
    if not layers or (len(layers) == 1 and not _is_of_another(path)):
        write_style(layer, path, categories, feedback)
        return
    problem = layer.saveStyleToDatabase(layer.name(), "", True, "", categories)
    if problem:
        feedback.pushWarning(
            tr("The style of the layer {} could not be saved: {}").format(layer.name(), problem)
        )


def _is_of_another(path: str) -> bool:
    try:
        return bool(_other_owner(path))
    except OSError:
        return False
