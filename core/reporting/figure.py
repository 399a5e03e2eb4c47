"""How all figures look, and how they become pictures."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ..classes import LandCoverClass, class_label
from .fonts import font_chain, is_drawable

PRINT_DPI = 300
"""Of the files beside a report."""

# In letters of the Latin script; Chinese ones count double.
_LONGEST_LABEL = 26
_INK, _RULE = "#1F2933", "#9AA5B1"
ACCENTS = ("#0072B2", "#E69F00", "#D55E00", "#CC79A7", "#009E73", "#56B4E9", "#F0E442", "#000000")
"""Colours that people with any colour vision tell apart (Okabe and Ito 2008)."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure of a report.

    Attributes:
        name: Of its file, without ending.
        caption: What it shows, whole sentences.
        alternative: The same for who cannot see it.
        figure: The figure itself.
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
        # Tight: whatever stands beside the axes is in the picture, whole.
        self.figure.savefig(buffer, format="png", dpi=PRINT_DPI, bbox_inches="tight", pad_inches=0.06)
        return buffer.getvalue()

    @property
    def embedded(self) -> str:
        """The figure as a data URL for a page, of half the resolution."""
        buffer = io.BytesIO()
        with Image.open(io.BytesIO(self.png)) as picture:
            picture.convert("RGB").reduce(2).save(buffer, format="png")
        return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


@contextmanager
def figure_style(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Draw and save figures in the house's style; give the fonts that have the letters of ``texts``."""
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
    """Return an empty figure of so many inches, outside of pyplot and its global state."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def figure_labels(classes: Sequence[LandCoverClass], chain: Sequence[str]) -> list[str]:
    """Return a short label for each class: value and name, the value alone where no font has the name."""
    labels = []
    for item in classes:
        label = class_label(item)
        if not is_drawable(label, chain):
            label = str(item.value)
        labels.append(_shortened(label))
    return labels


def text_width(text: str) -> int:
    """Return how wide a text is, in letters of the Latin script."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _shortened(label: str) -> str:
    if text_width(label) <= _LONGEST_LABEL:
        return label
    while text_width(label) >= _LONGEST_LABEL:
        label = label[:-1]
    return label.rstrip() + "…"
