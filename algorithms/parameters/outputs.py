"""Output paths, checked before any work is done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProperty,
)

from ...core.errors import OutputError
from ...core.files import check_output


def check_output_parameter(
    parameters: dict[str, Any], name: str, suffixes: Sequence[str], context: QgsProcessingContext
) -> None:
    """Refuse a file output that cannot be written; a temporary or skipped one is fine.

    Raises:
        OutputError: Wrong ending, or the folder is missing or read-only.
    """
    path = given_path(parameters.get(name), context)
    if path:
        check_output(Path(absolute(path)), suffixes)


def check_output_folder(parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> None:
    """Refuse a folder that cannot be written or made; a temporary one is fine.

    Raises:
        OutputError: More than its last part is missing, or it is a file or read-only.
    """
    path = given_path(parameters.get(name), context)
    if not path:
        return
    folder = Path(absolute(path))
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
