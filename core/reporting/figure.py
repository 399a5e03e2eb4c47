"""Style of figures, fonts for all scripts of class names, and images of figures."""

from __future__ import annotations

import base64
import io
import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from PIL import Image

from ..classes import LandCoverClass, class_label
from ..files import partial_file
from ..marks import FIGURE, mark
from ..progress import Progress
from ..text import untranslated

# Part of matplotlib, so it is always available.
BASE = untranslated("DejaVu Sans")
# A font with a box for every character.
_LAST_RESORT = untranslated("Last Resort")
# Parts of names of preferred fonts, the best first.
_PREFERRED = (
    untranslated("noto sans cjk"),
    untranslated("source han sans"),
    untranslated("microsoft yahei"),
    "pingfang",
    "hei",
    untranslated("noto sans"),
    "sans",
)
PRINT_DPI = 300
"""Resolution of the figure files in dots per inch."""
# Number of the TIFF tag ``Software``.
_TIFF_SOFTWARE = 305
# Longest label in Latin letters; Chinese ones count double.
_MAX_LABEL_LETTERS = 26
_INK, _RULE = "#1F2933", "#9AA5B1"
ACCENTS = ("#0072B2", "#E69F00", "#D55E00", "#CC79A7", "#009E73", "#56B4E9", "#F0E442", "#000000")
"""Colours that can be distinguished with any colour vision (Okabe and Ito 2008)."""


def font_chain(texts: Iterable[str]) -> tuple[str, ...]:
    """Return names of installed fonts that together have the letters of ``texts``, as far as possible."""
    missing = _letters(texts) - _glyphs(_path_of(BASE))
    chain = [BASE]
    if not missing:
        return tuple(chain)
    _register_new_fonts()
    for name, path in _others():
        covered = missing & _glyphs(path)
        if covered:
            chain.append(name)
            missing -= covered
        if not missing:
            break
    return tuple(chain)


def is_drawable(text: str, chain: Iterable[str]) -> bool:
    """Return whether the fonts of ``chain`` have all letters of ``text``."""
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
def _register_new_fonts() -> None:
    """Register fonts that were installed after matplotlib made its list."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            try:
                font_manager.fontManager.addfont(path)
            except (RuntimeError, OSError, ValueError) as error:
                # Bitmap fonts and damaged ones are skipped.
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


@dataclass(frozen=True, eq=False)
class Picture:
    """Figure of a report.

    Attributes:
        name: Name of its file without ending.
        caption: Caption, whole sentences.
        alternative: Text for readers who cannot see the figure.
        figure: The figure.
    """

    name: str
    caption: str
    alternative: str
    figure: Figure

    @property
    def width(self) -> int:
        """Width on the page in CSS pixels."""
        with Image.open(io.BytesIO(self.png)) as picture:
            return round(picture.width / PRINT_DPI * 96)

    @cached_property
    def png(self) -> bytes:
        """The figure as a PNG for printing."""
        buffer = io.BytesIO()
        # A tight bounding box includes all that is drawn beside the axes.
        self.figure.savefig(buffer, format="png", dpi=PRINT_DPI, bbox_inches="tight", pad_inches=0.06)
        return buffer.getvalue()

    @property
    def embedded(self) -> str:
        """The figure as a data URL of half the resolution, for a page."""
        buffer = io.BytesIO()
        with Image.open(io.BytesIO(self.png)) as picture:
            picture.convert("RGB").reduce(2).save(buffer, format="png")
        return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


@contextmanager
def figure_style(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Set the style of figures, and yield the fonts that have the letters of ``texts``."""
    chain = font_chain(texts)
    # Any, because matplotlib's types list the names of all settings, which differ by version.
    settings: Any = {
        "font.family": list(chain),
        "font.size": 9,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.edgecolor": _RULE,
        "axes.labelcolor": _INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "text.color": _INK,
        "text.parse_math": False,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "legend.frameon": False,
    }
    with matplotlib.rc_context(settings):
        yield chain


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches, without pyplot and its global state."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def save_figure(path: Path, figure: Figure, progress: Progress) -> None:
    """Write a figure to a file for print, with the mark of ``core.marks`` in it.

    Args:
        path: Picture to write. Its ending gives the format, one of ``core.files.FIGURE_SUFFIXES``.
        figure: The figure, drawn in the current figure style.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
        ValueError: The ending is not a format of matplotlib.
    """
    suffix = path.suffix.lower().lstrip(".").replace("tiff", "tif")
    options: dict[str, Any]
    if suffix == "tif":
        options = {"pil_kwargs": {"tiffinfo": {_TIFF_SOFTWARE: mark(FIGURE)}}}
    else:
        options = {"metadata": {"Software" if suffix == "png" else "Creator": mark(FIGURE)}}
    with partial_file(path, progress) as part:
        figure.savefig(part, format=suffix, dpi=PRINT_DPI, bbox_inches="tight", pad_inches=0.08, **options)


def figure_labels(classes: Sequence[LandCoverClass], chain: Sequence[str]) -> list[str]:
    """Return a short label for each class: value and name, or only the value where no font has the name."""
    labels = []
    for item in classes:
        label = class_label(item)
        if not is_drawable(label, chain):
            label = str(item.value)
        labels.append(_shortened(label))
    return labels


def text_width(text: str) -> int:
    """Return the width of a text in letters of the Latin script."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _shortened(label: str) -> str:
    if text_width(label) <= _MAX_LABEL_LETTERS:
        return label
    while text_width(label) >= _MAX_LABEL_LETTERS:
        label = label[:-1]
    return label.rstrip() + "…"
