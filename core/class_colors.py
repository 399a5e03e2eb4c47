"""Colours for classes that bring none: the usual one of a land cover, else a distinct one."""

from __future__ import annotations

import colorsys
import re
from functools import cache

# Patterns of the beginnings of words, in English and Indonesian; the first line that matches counts, so the
# particular stands before the general (mangrove forest, wet rice field).
_USUAL = (
    ("#009678", ("mangrove", "bakau")),
    ("#C8B560", ("savanna", "savana")),
    ("#F0F0F0", ("snow", "ice(?![a-z])", "salju")),
    ("#616161", ("cloud", "awan")),
    ("#7A87C6", ("wetland", "swamp", "marsh", "peat", "flooded", "rawa", "gambut")),
    (
        "#0066CC",
        ("water", "river", "lake", "sea(?![a-z])", "ocean", "air(?![a-z])", "sungai", "danau", "laut"),
    ),
    (
        "#9ACD32",
        ("plantation", "orchard", "palm", "coffee", "rubber", "perkebunan", "kebun", "sawit", "kopi"),
    ),
    ("#EBC864", ("crop", "agri", "field", "farm", "rice", "arable", "pertanian", "sawah", "ladang")),
    ("#6B8E23", ("bamboo", "bambu")),
    ("#228B22", ("forest", "tree", "wood", "hutan", "pohon")),
    ("#FF8C00", ("shrub", "scrub", "bush", "semak", "belukar")),
    ("#B8E08C", ("grass", "pasture", "herb", "meadow", "rangeland", "rumput", "padang")),
    ("#DC143C", ("urban", "built", "city", "town", "village", "settlement", "permukiman", "kota", "desa")),
    ("#D2B48C", ("bare", "barren", "soil", "sand", "rock", "dry", "terbuka", "pasir", "tanah")),
)


def usual_color(name: str) -> str:
    """Return the colour that maps usually give to a land cover of this name; empty where none is known."""
    folded = name.casefold()
    return next((color for color, words in _patterns() if words.search(folded)), "")


def distinct_colors(count: int) -> tuple[str, ...]:
    """Return ``count`` colours for classes that have none.

    Hues advance by the golden ratio, so that neighbours in the legend differ most, while
    lightness alternates between two levels.
    """
    colors = []
    for number in range(count):
        hue = (0.33 + number * 0.618033988749895) % 1.0
        lightness = (0.45, 0.62)[number % 2]
        channels = colorsys.hls_to_rgb(hue, lightness, 0.65)
        colors.append("#" + "".join(f"{round(channel * 255):02X}" for channel in channels))
    return tuple(colors)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # Not when the module is imported, which QGIS does at every start.
    return tuple((color, re.compile(rf"(?<![a-z])(?:{'|'.join(words)})")) for color, words in _USUAL)
