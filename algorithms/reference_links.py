"""Addresses of the reference's pages, for *Help* in dialogs and in the model designer.

The plugin's zip holds a page of HTML for each tool and language (``tools/make_reference.py``). A checkout has
the English Markdown instead.
"""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QUrl

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "resources" / "reference"
_MARKDOWN = ROOT / "docs" / "reference"


def reference_link(name: str, pages: Path = PAGES) -> str:
    """Return the address of a tool's page, in QGIS's language or else in English; empty without a page.

    Args:
        name: Id of the tool.
        pages: Folder with a folder of pages for each language.
    """
    locale = QgsApplication.locale()
    languages = dict.fromkeys((locale, locale.partition("_")[0], "en"))
    candidates = [pages / language / f"{name}.html" for language in languages]
    for path in (*candidates, _MARKDOWN / f"{name}.md"):
        if path.is_file():
            return QUrl.fromLocalFile(str(path)).toEncoded().data().decode()
    return ""
