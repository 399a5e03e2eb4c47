"""Language of a report: texts from Qt's catalogue of translations, and numbers in their form.

The worker knows no Qt, but a ``.qm`` file is a flat list of messages (``QTranslatorPrivate`` in Qt's
``qtranslator.cpp``): tagged fields of a message, each with its length, end with the tag 1. ::

    with speaking("id"):
        say(Text("{share:.1f} % of {map}", share=81.4, map="land"))    # "81,4 % dari land"

JSON and CSV files stay in English, so that reports can be compared and published.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..text import Text

FOLDER = Path(__file__).parents[2] / "resources" / "translations"
_PREFIX = "deep_land_cover_"
_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
# Sections and tags of a .qm file.
_MESSAGES = 0x69
_END, _TRANSLATION, _SOURCE = 1, 3, 6
_WITHOUT_LENGTH = {5: 4}
# Signs of thousands and of decimals by language, where they are not those of English (Unicode CLDR 45).
_SIGNS = {
    "id": (".", ","),
    "es": (".", ","),
    "pt": (".", ","),
    "de": (".", ","),
    "nl": (".", ","),
    "it": (".", ","),
    "tr": (".", ","),
    "vi": (".", ","),
    "fr": ("\u202f", ","),
    "ru": ("\u00a0", ","),
    "uk": ("\u00a0", ","),
    "pl": ("\u00a0", ","),
}
ENGLISH = "en"


@dataclass(frozen=True, eq=False)
class Language:
    """A language of reports.

    Attributes:
        code: Code such as ``id``, for the page's ``lang``.
        catalogue: Translation by English template.
        thousands: Sign between thousands.
        decimal: Sign before decimals.
    """

    code: str = ENGLISH
    catalogue: dict[str, str] = field(default_factory=dict)
    thousands: str = ","
    decimal: str = "."

    def say(self, text: str) -> str:
        """Return a text in this language; a plain string is a template without values."""
        return _filled(Text(text), self)

    def number(self, written: str) -> str:
        """Return an English number such as ``1,234.5`` as this language writes it."""
        signs = {",": self.thousands, ".": self.decimal}
        return "".join(signs.get(letter, letter) for letter in written)


_LANGUAGE: ContextVar[Language] = ContextVar("language")


@contextmanager
def speaking(name: str | Language) -> Iterator[Language]:
    """Make a language that of reports within the block.

    Args:
        name: Language, or the name of a language or locale, such as ``id`` or ``id_ID``; English where there
            is no catalogue of it.
    """
    token = _LANGUAGE.set(name if isinstance(name, Language) else report_language(name))
    try:
        yield _LANGUAGE.get()
    finally:
        _LANGUAGE.reset(token)


def language() -> Language:
    """Return the language of the report that is written; English outside of ``speaking``."""
    return _LANGUAGE.get(Language())


def say(text: str, **values: object) -> str:
    """Return a text, or a template with its values, in the report's language."""
    return language().say(Text(text, **values) if values else text)


def shown(text: str) -> str:
    """Return a ``Text`` in the report's language; any other string is data and stays as it is."""
    return say(text) if isinstance(text, Text) else text


def numeral(value: float, form: str) -> str:
    """Return a number in a form such as ``,.1f``, with the signs of the report's language."""
    return language().number(format(value, form))


@lru_cache(maxsize=8)
def report_language(name: str) -> Language:
    """Return the language of a name; English where there is no catalogue of it."""
    for code in dict.fromkeys((name, name.partition("_")[0])):
        path = FOLDER / f"{_PREFIX}{code}.qm"
        if code and path.is_file():
            signs = _SIGNS.get(code.partition("_")[0], (",", "."))
            return Language(code, read_catalogue(path), *signs)
    return Language()


def read_catalogue(path: Path) -> dict[str, str]:
    """Return the translations of a ``.qm`` file by their English source; empty for another file."""
    data = path.read_bytes()
    if not data.startswith(_MAGIC):
        return {}
    place = len(_MAGIC)
    while place + 5 <= len(data):
        section, length = struct.unpack_from(">BI", data, place)
        place += 5
        if section == _MESSAGES:
            return dict(_messages(data[place : place + length]))
        place += length
    return {}


def _messages(data: bytes) -> Iterator[tuple[str, str]]:
    place, fields = 0, dict[int, bytes]()
    while place < len(data):
        tag = data[place]
        place += 1
        if tag == _END:
            if _SOURCE in fields and _TRANSLATION in fields:
                yield fields[_SOURCE].decode(), fields[_TRANSLATION].decode("utf-16-be")
            fields = {}
        elif tag in _WITHOUT_LENGTH:
            place += _WITHOUT_LENGTH[tag]
        else:
            (length,) = struct.unpack_from(">I", data, place)
            place += 4
            if length != 0xFFFFFFFF:
                # Plural forms follow each other; the first is kept.
                fields.setdefault(tag, data[place : place + length])
                place += length


def _filled(text: Text, language: Language) -> str:
    """Return a text with its template translated, and its numbers and texts in the same language."""
    template = language.catalogue.get(text.template, text.template)
    if not text.values:
        return template
    values = {name: _value(value, language) for name, value in text.values.items()}
    try:
        return template.format(**values)
    except (LookupError, ValueError, TypeError, AttributeError):
        # A translation with another field, or another format.
        return text.template.format(**values)


def _value(value: Any, language: Language) -> Any:
    if isinstance(value, Text):
        return _filled(value, language)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return _Number(value, language)


class _Number:
    """A number that is formatted as English, and then written with the signs of a language."""

    def __init__(self, value: float, language: Language) -> None:
        self._value = value
        self._language = language

    def __format__(self, form: str) -> str:
        return self._language.number(format(self._value, form))

    def __str__(self) -> str:
        return self._language.number(str(self._value))
