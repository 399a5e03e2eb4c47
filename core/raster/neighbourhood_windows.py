"""Neighbourhood windows: their sides in pixels, parsed from WINDOWS. Light: QGIS imports this module."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ParameterError
from ..text import Text

Textures = tuple[tuple[int, int], ...]
"""Pairs of a narrow and a wide window, as sides in pixels."""
DEFAULT_WINDOWS = (3, 7, 15, 31, 61, 121)
"""Sides of the windows of ``auto``, in pixels."""
MAX_WINDOW = 511
"""Largest side of a window, in pixels."""
# Shorter side of a scene, in windows. With wider windows, neighbourhoods of most samples would overlap.
_MIN_SCENE_WINDOWS = 8
# Sides of the windows of a texture, in pixels: widest narrow one, narrowest wide one.
_MAX_NARROW, _MIN_WIDE = 15, 31


def parse_windows(text: str, height: int, width: int) -> tuple[int, ...]:
    """Return the sides of the windows, in pixels, from WINDOWS.

    Args:
        text: WINDOWS: odd numbers separated by commas; empty or ``0`` for no neighbourhoods; or
            ``auto`` for those of ``DEFAULT_WINDOWS`` that are at most an eighth of the scene's
            shorter side. (Training drops the widest of these where samples lie too close together.)
        height: Rows of the scene, in pixels.
        width: Columns of the scene, in pixels.

    Raises:
        ParameterError: ``text`` is malformed, or a number is even, below 3 or above ``MAX_WINDOW``.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["auto"]:
        return tuple(
            window for window in DEFAULT_WINDOWS if window * _MIN_SCENE_WINDOWS <= min(height, width)
        )
    if words in ([], ["0"]):
        return ()
    advice = Text(
        "Enter odd numbers of pixels from 3 to {largest}, such as 3,7,15, or 0, or auto.",
        largest=MAX_WINDOW,
    )
    for word in words:
        # Python refuses to read thousands of digits as a number.
        is_number = word.isdecimal() and len(word) <= len(str(MAX_WINDOW))
        if not is_number or not (3 <= int(word) <= MAX_WINDOW and int(word) % 2):
            raise ParameterError(
                "A window must be an odd number from 3 to {largest} (got {text!r})",
                where="WINDOWS",
                advice=advice,
                largest=MAX_WINDOW,
                text=word,
            )
    return tuple(sorted({int(word) for word in words}))


def texture_windows(windows: Sequence[int]) -> Textures:
    """Return the pairs of windows for textures: a narrow one up to 15 pixels and a wide one from 31 pixels.

    Args:
        windows: Sides of the windows, in pixels.
    """
    return tuple(
        (narrow, wide)
        for narrow in windows
        for wide in windows
        if narrow <= _MAX_NARROW and wide >= _MIN_WIDE
    )


def features_per_channel(windows: Sequence[int], textures: Textures = ()) -> int:
    """Return the number of features per channel: its own value, two per window, one per texture."""
    return 1 + 2 * len(windows) + len(textures)


def reach_of(windows: Sequence[int], textures: Textures = ()) -> int:
    """Return the largest distance from a centre to a pixel of its neighbourhoods, in pixels."""
    widest = max(windows, default=1) // 2
    return max([widest, *(narrow // 2 + wide // 2 for narrow, wide in textures)])
