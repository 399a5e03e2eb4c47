"""Fonts for figures: a chain that has a glyph for every letter of the user's class names."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

# Comes with matplotlib, so it is always there.
BASE = "DejaVu Sans"
# Draws a box for every letter there is.
_LAST_RESORT = "Last Resort"
# Where several fonts have a letter, the first of these in its name is taken.
_PREFERRED = ("noto sans cjk", "source han sans", "microsoft yahei", "pingfang", "hei", "noto sans", "sans")


def font_chain(texts: Iterable[str]) -> tuple[str, ...]:
    """Return names of fonts that together have every letter of ``texts``, as far as any is installed."""
    missing = _letters(texts) - _glyphs(_path_of(BASE))
    chain = [BASE]
    if not missing:
        return tuple(chain)
    _know_new_fonts()
    for name, path in _others():
        found = missing & _glyphs(path)
        if found:
            chain.append(name)
            missing -= found
        if not missing:
            break
    return tuple(chain)


def is_drawable(text: str, chain: Iterable[str]) -> bool:
    """Whether the fonts of ``chain`` have every letter of ``text``."""
    missing = _letters([text])
    for name in chain:
        missing -= _glyphs(_path_of(name))
    return not missing


def _letters(texts: Iterable[str]) -> set[int]:
    return {ord(letter) for text in texts for letter in text if not letter.isspace()}


def _others() -> list[tuple[str, str]]:
    """Return names and files of all upright fonts of normal weight, the preferred ones first."""
    fonts = {
        entry.name: entry.fname
        for entry in font_manager.fontManager.ttflist
        if entry.style == "normal"
        and entry.weight in (400, "normal", "regular", "book", "medium")
        and not entry.name.startswith(_LAST_RESORT)
    }

    def rank(name: str) -> tuple[int, str]:
        folded = name.casefold()
        return next((place for place, part in enumerate(_PREFERRED) if part in folded), 99), name

    return [(name, fonts[name]) for name in sorted(fonts, key=rank)]


@cache
def _know_new_fonts() -> None:
    """Tell matplotlib of fonts that were installed after it made its list."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            try:
                font_manager.fontManager.addfont(path)
            except (RuntimeError, OSError, ValueError) as error:
                # Bitmap and damaged fonts; there are others.
                logging.getLogger(__name__).debug("%s: %s", path, error)


@cache
def _path_of(name: str) -> str:
    return str(font_manager.findfont(name))


@cache
def _glyphs(path: str) -> frozenset[int]:
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (RuntimeError, OSError) as error:
        logging.getLogger(__name__).debug("%s: %s", path, error)
        return frozenset()
