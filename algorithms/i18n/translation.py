"""The user's language."""

from __future__ import annotations

import re
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

FOLDER = Path(__file__).parents[2] / "resources" / "translations"
_CONTEXT = "DeepLandCover"
_installed: list[QTranslator] = []


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate(_CONTEXT, text)


def tr_html(text: str) -> str:
    """Return a help text in the user's language: its paragraphs are translated one by one."""
    return "".join(tr(part) for part in re.split(r"(?<=</p>)", text) if part)


def tr_number(written: str) -> str:
    """Return a number as the user's language writes it: ``1,234.5`` in English."""
    if not is_translated():
        return written
    locale = QLocale(QgsApplication.locale())
    signs = {",": locale.groupSeparator(), ".": locale.decimalPoint()}
    return "".join(signs.get(character, character) for character in written)


def translated_languages() -> list[str]:
    """Return the codes of the languages that there is a catalogue of, without English."""
    return sorted(path.stem.removeprefix("deep_land_cover_") for path in FOLDER.glob("deep_land_cover_*.qm"))


def install_translator() -> None:
    """Let ``tr`` speak QGIS's language, where there is a catalogue of it; later calls do nothing."""
    locale = QgsApplication.locale()
    for name in dict.fromkeys((locale, locale.partition("_")[0])):
        path = FOLDER / f"deep_land_cover_{name}.qm"
        if _installed or not path.is_file():
            continue
        translator = QTranslator()
        if translator.load(str(path)) and QCoreApplication.installTranslator(translator):
            # Qt does not keep it.
            _installed.append(translator)


def remove_translator() -> None:
    """Take the translator back."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())


def is_translated() -> bool:
    """Return whether the user's language is another one than the source's."""
    return bool(_installed)
