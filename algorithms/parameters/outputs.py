"""Output paths, and the parameter OVERWRITE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingUtils,
    QgsProperty,
)

from ...core.errors import OutputError
from ...core.files import check_name
from ..i18n.translation import tr

OVERWRITE = "OVERWRITE"
OVERWRITE_HELP = (
    "Allows replacing output files that were not written by the same output of this tool, and layers with "
    "labels that were filled in. Without it, such files stop the run before anything is written."
)
OVERWRITE_DETAILS = (
    "Files that the same output wrote before are always replaced. Files that the run reads and other layers "
    "of a GeoPackage are never replaced."
)


def overwrite_parameter() -> QgsProcessingParameterBoolean:
    """Return the parameter OVERWRITE."""
    return QgsProcessingParameterBoolean(OVERWRITE, tr("Overwrite other files"), defaultValue=False)


def check_output_folder(parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> None:
    """Refuse a folder that cannot be written or made; a temporary one is fine.

    Raises:
        OutputError: More than its last part is missing, or it is a file or read-only.
    """
    path = given_path(parameters.get(name), context)
    if not path:
        return
    folder = Path(absolute(path))
    check_name(folder)
    if not folder.parent.is_dir():
        raise OutputError(
            "The output folder cannot be made, because the folder above it does not exist",
            where=path,
            advice="Create it or choose another.",
        )
    nearest = folder if folder.exists() else folder.parent
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise OutputError(
            "The output folder is a file or cannot be written", where=path, advice="Choose another."
        )


def absolute(path: str) -> str:
    """Return the whole path: the worker has a working folder of its own."""
    return os.path.abspath(path)


def given_path(value: Any, context: QgsProcessingContext) -> str:
    """Return the path that the user gave, and nothing for a temporary output.

    Asking Processing would make up a path for such, and register a layer. In a graphical model it
    has made one up already, in its own temporary folder and with the first ending that it knows.
    """
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value, _valid = value.valueAsString(context.expressionContext())
    text = str(value or "")
    if text == QgsProcessing.TEMPORARY_OUTPUT:
        return ""
    return "" if Path(QgsProcessingUtils.tempFolder(context)) in Path(text).parents else text
