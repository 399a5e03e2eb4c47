"""Legend of a from-to raster: value, name and colour of each transition.

>>> legend = transition_legend(classes, {(1, 1): 400.0, (1, 3): 20.0})
>>> legend.classes[1]
LandCoverClass(value=13, name='Forest → Pasture', color='#B8E08C')

Values are 10 times the earlier value plus the later one (100 times where a class has two digits), so that 13
is the change from 1 to 3 in every map of these classes. With values of three digits, which would not fit the
16 bits for which GeoTIFFs have colour tables, transitions are numbered from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Float64Array
from ..classes import LandCoverClass
from ..text import untranslated

Pair = tuple[int, int]
"""Class value in the earlier map, and in the later one."""
BELOW_MMU = untranslated("Change below the minimum mapping unit")
"""Name of the class of small patches of change in a from-to raster."""
BELOW_MMU_COLOR = "#9E9E9E"
# Largest value of 16 bits that leaves one for nodata.
_MAX_VALUE = 65_534
# Part of white in the colour of persistence.
_PALE = 0.72
# Largest number of transitions whose colours are compared with each other.
_MAX_COMPARED = 1_500
# Tints of a class's colour: parts of black or white, and turns of the hue as a fraction of the circle.
_TINTS = (0.0, -0.18, 0.2, -0.34, 0.34, -0.48)
_TURNS = (0.0, 0.035, -0.035, 0.07, -0.07)
# Difference of colours in CIE Lab that is easily seen on a map.
_CLEAR_DIFFERENCE = 16.0


@dataclass(frozen=True)
class TransitionLegend:
    """Classes of a from-to raster.

    Attributes:
        values: Value of each pair of class values.
        classes: Class of each value, persistence and change, sorted by value; the last one is that of patches
            below the minimum mapping unit, where there are any.
        below: Value of patches below the minimum mapping unit; None without one.
        free: First value above all of them, of which all further ones are free.
        is_positional: Whether values are made of the digits of both classes.
    """

    values: dict[Pair, int]
    classes: tuple[LandCoverClass, ...]
    below: int | None
    free: int
    is_positional: bool

    def changes(self) -> dict[Pair, int]:
        """Return the values of change alone."""
        return {pair: value for pair, value in self.values.items() if pair[0] != pair[1]}


def transition_legend(
    classes: Sequence[LandCoverClass], hectares: Mapping[Pair, float], has_below: bool = False
) -> TransitionLegend:
    """Return the legend of the transitions that occur.

    Persistence has the pale colour of the class, change the colour of the later class in tints that can be
    told apart: the largest transition to a class has the colour itself.

    Args:
        classes: Classes of both maps.
        hectares: Area of each transition that occurs.
        has_below: Whether there are patches of change below the minimum mapping unit.
    """
    pairs = sorted(hectares)
    by_value = {item.value: item for item in classes}
    used = sorted({value for pair in pairs for value in pair})
    factor = 10
    while used and used[-1] >= factor:
        factor *= 10
    is_positional = bool(used) and used[0] >= 0 and factor * used[-1] + used[-1] + 3 <= _MAX_VALUE
    values = (
        {pair: factor * pair[0] + pair[1] for pair in pairs}
        if is_positional
        else {pair: number for number, pair in enumerate(pairs, 1)}
    )
    # 100 for classes of one digit: no pair has it.
    free = factor * factor if is_positional and factor * factor + 3 <= _MAX_VALUE else 0
    free = free or max(values.values(), default=0) + 1
    colors = transition_colors(by_value, hectares)
    legend = [
        LandCoverClass(values[pair], f"{by_value[pair[0]].name} → {by_value[pair[1]].name}", colors[pair])
        for pair in pairs
    ]
    below = free if has_below else None
    if has_below:
        legend.append(LandCoverClass(free, BELOW_MMU, BELOW_MMU_COLOR))
    return TransitionLegend(values, tuple(legend), below, free + has_below, is_positional)


def transition_colors(
    classes: Mapping[int, LandCoverClass], hectares: Mapping[Pair, float]
) -> dict[Pair, str]:
    """Return a colour ``#RRGGBB`` for each transition.

    Args:
        classes: Class of each value.
        hectares: Area of each transition; the larger ones choose first.
    """
    colors = {pair: _text(_tinted(classes[pair[0]].rgb, _PALE)) for pair in hectares if pair[0] == pair[1]}
    taken = [_lab(np.array([_rgb(color)]))[0] for color in colors.values()]
    changes = sorted(
        (pair for pair in hectares if pair[0] != pair[1]), key=lambda pair: (-hectares[pair], pair)
    )
    for number, pair in enumerate(changes):
        candidates = _candidates(classes[pair[1]].rgb)
        if number >= _MAX_COMPARED:
            colors[pair] = _text(candidates[number % len(candidates)])
            continue
        labs = _lab(candidates)
        differences = (
            np.min(np.linalg.norm(labs[:, None] - np.array(taken)[None], axis=2), axis=1)
            if taken
            else np.full(len(labs), np.inf)
        )
        # The first that differs clearly, since the candidates go away from the class's own colour.
        clear = np.flatnonzero(differences >= _CLEAR_DIFFERENCE)
        chosen = int(clear[0]) if len(clear) else int(np.argmax(differences))
        colors[pair] = _text(candidates[chosen])
        taken.append(labs[chosen])
    return colors


def _candidates(rgb: tuple[int, int, int]) -> Float64Array:
    """Return tints of a colour, shape (N, 3), from 0 to 1, the nearest first."""
    return np.array([_turned(_tinted(rgb, tint), turn) for turn in _TURNS for tint in _TINTS])


def _tinted(rgb: tuple[int, int, int], part: float) -> Float64Array:
    """Mix a colour with white, or with black where the part is negative."""
    own = np.array(rgb) / 255
    other = 1.0 if part > 0 else 0.0
    return np.asarray(own + (other - own) * abs(part), dtype=np.float64)


def _turned(color: Float64Array, turn: float) -> Float64Array:
    import colorsys

    hue, lightness, saturation = colorsys.rgb_to_hls(*color.tolist())
    return np.array(colorsys.hls_to_rgb((hue + turn) % 1.0, lightness, saturation))


def _rgb(color: str) -> tuple[float, float, float]:
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def _text(color: Float64Array) -> str:
    return "#" + "".join(f"{round(float(channel) * 255):02X}" for channel in np.clip(color, 0, 1))


def _lab(colors: Float64Array) -> Float64Array:
    """Return colours in CIE Lab (D65), in which distances are differences that are seen, shape (N, 3)."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack(
        [116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1
    )
