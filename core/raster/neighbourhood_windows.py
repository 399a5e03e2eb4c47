"""Sides of neighbourhoods: the text of WINDOWS. Light: QGIS imports this module."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ParameterError
from ..text import Text

Textures = tuple[tuple[int, int], ...]
"""Pairs of a narrow and a wide window."""
DEFAULT_WINDOWS = (3, 7, 15, 31, 61, 121)
"""Sides of squares, in pixels."""
LARGEST_WINDOW = 511
# A window wider than this share of the scene leaves too little of it that it does not see.
_LEAST_SCENES = 8
_WIDEST_NARROW, _NARROWEST_WIDE = 15, 31


def parse_windows(text: str, height: int, width: int) -> tuple[int, ...]:
    """Return the windows that WINDOWS stands for.

    Args:
        text: Odd numbers separated by commas; empty or ``0``, no neighbourhoods; ``auto``, those of
            ``DEFAULT_WINDOWS`` that are at most an eighth of the scene's shorter side. Training
            leaves the widest of these out where the samples are too close for them.
        height: Rows of the scene.
        width: Its columns.

    Raises:
        ParameterError: ``text`` is malformed, or a number even, below 3 or above ``LARGEST_WINDOW``.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["auto"]:
        return tuple(window for window in DEFAULT_WINDOWS if window * _LEAST_SCENES <= min(height, width))
    if words in ([], ["0"]):
        return ()
    advice = Text(
        "Give odd numbers of pixels from 3 to {largest}, such as 3,7,15, or 0, or auto.",
        largest=LARGEST_WINDOW,
    )
    for word in words:
        if not word.isdecimal() or not (3 <= int(word) <= LARGEST_WINDOW and int(word) % 2):
            raise ParameterError("{text!r} is no window", where="WINDOWS", advice=advice, text=word)
    return tuple(sorted({int(word) for word in words}))


def texture_windows(windows: Sequence[int]) -> Textures:
    """Return the pairs of a narrow window, up to 15 pixels, and a wide one, from 31, for textures."""
    return tuple(
        (narrow, wide)
        for narrow in windows
        for wide in windows
        if narrow <= _WIDEST_NARROW and wide >= _NARROWEST_WIDE
    )


def places_of(windows: Sequence[int], textures: Textures = ()) -> int:
    """Return how many features each channel has: its own value, two a window, one a pair."""
    return 1 + 2 * len(windows) + len(textures)


def reach_of(windows: Sequence[int], textures: Textures = ()) -> int:
    """Return how many pixels away from a centre its neighbourhoods look."""
    widest = max(windows, default=1) // 2
    return max([widest, *(narrow // 2 + wide // 2 for narrow, wide in textures)])
