"""What the worker says, in the user's language.

The core knows no Qt: its sentences travel as they are, in English, with names and numbers filled in. Here
they are recognised by the forms that ``tools/translations.py`` found in its source, and said again in the
user's language with the same names and numbers. What is not recognised stays as it is.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple

from ..core.errors import LandCoverError
from .translation import FOLDER, is_translated, tr

_HOLE = re.compile(r"\{(\d+)\}")
# Behind a number, before an s, and as what samples are for stand the product's words; elsewhere, names.
_WORD_HOLE = re.compile(r"(?:(?<=\} )|(?<= for ))\{(\d+)\}|\{(\d+)\}(?=/?s\b)")
_NUMBER = r"[-+−–]?(?:\d[\d.,]*(?:e[-+]?\d+)? ?%?|nan|inf)|–"
# Where a line that is not known as a whole is taken apart: before what was added to it, then into sentences.
_ADDED = re.compile(r"(?<=[.!?]) |; |: |, | (?=\()")
_JOINTS = (re.compile(r"(?<=[.!?]) "), re.compile(r"; "), re.compile(r": "), re.compile(r", "))
# A form with fewer letters of its own would fit too much, unless a number stands first.
_FEW_LETTERS = 5


class _Form(NamedTuple):
    """A sentence with holes: its longest piece, and what it is recognised by."""

    source: str
    piece: str
    pattern: str


def translated_error(error: LandCoverError) -> str:
    """Return what the error says, see ``LandCoverError``, in the user's language.

    Where it is stays as it is: the name of a file, a layer or a parameter may look like one of the words.
    """
    if not is_translated():
        return str(error)
    what, advice = translated_message(error.what), translated_message(error.advice)
    return str(LandCoverError(what, where=error.where, advice=advice))


def translated_message(text: str) -> str:
    """Return a line or a sentence of the worker in the user's language."""
    return _translated(text) if text.strip() and is_translated() else text


def _translated(text: str, joint: int = 0) -> str:
    known = _known(text)
    if known is not None:
        return known
    core = text.strip()
    if core and core != text:
        return text.replace(core, _translated(core, joint), 1)
    for added in _ADDED.finditer(text, 1):
        known = _known(text[added.start() :])
        if known is not None:
            return _translated(text[: added.start()], joint) + known
    for place in range(joint, len(_JOINTS)):
        parts = _JOINTS[place].split(text)
        if len(parts) > 1:
            between = [*_JOINTS[place].findall(text), ""]
            # A single word in small letters is a name, as of a map; stages are written large.
            said = [
                part if part.islower() and part.isalpha() else _translated(part, place + 1) for part in parts
            ]
            return "".join(part + glue for part, glue in zip(said, between, strict=True))
    return text


def _known(text: str) -> str | None:
    """Return the translation of a text that is known as a whole, with its full stop or without."""
    found = _recognised(text)
    if found is None and text.endswith("."):
        found = _recognised(text[:-1])
        return None if found is None else f"{found}."
    if found is None:
        found = _recognised(f"{text}.")
        return None if found is None else found.removesuffix(".")
    return found


def _recognised(text: str) -> str | None:
    whole = tr(text)
    if whole != text:
        return whole
    for form in _forms():
        if form.piece in text:
            found = re.fullmatch(form.pattern, text, re.DOTALL)
            if found:
                return _filled(form.source, found.groups())
    return None


def _filled(source: str, values: tuple[str, ...]) -> str:
    words = {hole[1] or hole[2] for hole in _WORD_HOLE.finditer(source)}

    def said(hole: re.Match[str]) -> str:
        value = values[int(hole[1])]
        # A map called trees keeps its name; 200 trees are translated.
        return _translated(value) if " " in value or hole[1] in words else value

    return _HOLE.sub(said, tr(source))


@cache
def _forms() -> list[_Form]:
    """Return the forms with holes, those with most letters of their own first."""
    rows = json.loads((FOLDER / "messages.json").read_text(encoding="utf-8"))
    forms = [_form(source, kinds) for source, kinds in rows]
    return sorted(forms, key=lambda form: -_letters(form.source))


def _form(source: str, kinds: str) -> _Form:
    pieces = _HOLE.split(source)
    texts = pieces[::2]
    is_plain = _letters(source) >= _FEW_LETTERS or (kinds[0] == "n" and not texts[0])
    # What is added at the end of a sentence may be nothing.
    any_text = r"(.*?)" if is_plain else r"(\S+)"
    pattern = re.escape(texts[0])
    for number, after in zip(pieces[1::2], texts[1:], strict=True):
        # What comes first may have commas of its own, and the form's words are the last ones; but behind a
        # semicolon something else begins.
        text = r"([^;]*)" if is_plain and not pattern else any_text
        pattern += f"({_NUMBER})" if kinds[int(number)] == "n" else text
        pattern += re.escape(after)
    return _Form(source, max(texts, key=len), pattern)


def _letters(source: str) -> int:
    return sum(character.isalpha() for character in _HOLE.sub("", source))
