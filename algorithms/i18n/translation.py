"""The user's language, and a second one within ``speaking``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from ...core.reporting.language import ENGLISH, Language, report_language

FOLDER = Path(__file__).parents[2] / "resources" / "translations"
_CONTEXT = "DeepLandCover"
_installed: list[QTranslator] = []
# The language within ``speaking``; another thread does not have it.
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    spoken = _SPOKEN.get()
    if spoken is None:
        return QCoreApplication.translate(_CONTEXT, text)
    # Not by a QTranslator, which in PyQt5 takes ASCII only.
    return spoken.catalogue.get(text) or text


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let ``tr`` and ``tr_number`` speak another language within the block.

    Args:
        code: ``en``, or one of ``translated_languages``.
    """
    token = _SPOKEN.set(report_language(code))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language_code() -> str:
    """Return the code of the language that ``tr`` speaks."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken.code
    names = _names(QgsApplication.locale()) if _installed else ()
    return next((name for name in names if name in translated_languages()), ENGLISH)


def tr_html(text: str) -> str:
    """Return a help text in the user's language: its paragraphs are translated one by one."""
    return "".join(tr(part) for part in re.split(r"(?<=</p>)", text) if part)


def tr_number(written: str) -> str:
    """Return a number as the user's language writes it: ``1,234.5`` in English."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken.number(written)
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
    for name in _names(QgsApplication.locale()):
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
    """Return whether the language that ``tr`` speaks is another one than the source's."""
    spoken = _SPOKEN.get()
    return bool(_installed) if spoken is None else spoken.code != ENGLISH


def _names(locale: str) -> tuple[str, ...]:
    """Return the names of a locale's catalogues, such as ``id_ID`` and ``id``."""
    return tuple(dict.fromkeys((locale, locale.partition("_")[0])))
