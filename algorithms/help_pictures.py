"""Pictures of what comes out, for the help beside a dialog; ``tools/make_help_pictures.py`` draws them."""

from __future__ import annotations

from pathlib import Path

from qgis import utils

_FOLDER = Path(__file__).parent.parent / "resources" / "help"


def help_picture(algorithm_id: str) -> str:
    """Return the picture of an algorithm as HTML; nothing without a desktop, which prints help as text."""
    path = _FOLDER / f"{algorithm_id}.png"
    if utils.iface is None or not path.is_file():
        return ""
    return f'<p><img src="{path.as_uri()}"></p>'
