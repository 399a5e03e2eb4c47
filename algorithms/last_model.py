"""The model that was used last, for the next dialog."""

from __future__ import annotations

from pathlib import Path

from qgis import utils
from qgis.core import QgsSettings

_KEY = "deep_land_cover/last_model"


def remember_model(path: str) -> None:
    """Remember a model that has worked; without a desktop there is no dialog to open with it."""
    if utils.iface is not None:
        QgsSettings().setValue(_KEY, path)


def last_model() -> str:
    """Return the model file that was used last; empty where there is none, or it is gone."""
    path = str(QgsSettings().value(_KEY) or "")
    return path if path and Path(path).is_file() else ""
