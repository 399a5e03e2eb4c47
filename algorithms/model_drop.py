"""Model files that are dropped onto QGIS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.gui import QgsCustomDropHandler
from qgis.PyQt.QtCore import QMimeData


class ModelDropHandler(QgsCustomDropHandler):
    """Opens model files; what is none of ours is left to QGIS.

    Args:
        open_model: Called with the path of a model.
    """

    def __init__(self, open_model: Callable[[str], object]) -> None:
        super().__init__()
        self._open_model = open_model

    def canHandleMimeData(self, data: QMimeData) -> bool:
        return any(url.isLocalFile() and _is_model(url.toLocalFile()) for url in data.urls())

    def handleFileDrop(self, file: str) -> bool:
        if not _is_model(file):
            return False
        self._open_model(file)
        return True


def _is_model(path: str) -> bool:
    """Return whether the file holds a model's document, whatever its name."""
    # Not when QGIS starts: nothing else there needs it.
    from ..core.models.card import read_document

    try:
        return Path(path).is_file() and read_document(Path(path)) is not None
    except (OSError, ValueError):
        return False
