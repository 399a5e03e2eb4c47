"""Colour-blind-safe schemes, looked at with the eyes of those they are for."""

from __future__ import annotations

import itertools
import math

import pytest

from deep_land_cover.core.classes import shipped_scheme, shipped_schemes
from deep_land_cover.core.inference.products import set_sizes

# Machado, Oliveira and Fernandes 2009 (https://doi.org/10.1109/TVCG.2009.113), severity 1, for linear RGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# sRGB to XYZ (IEC 61966-2-1), whose rows add up to its white, D65.
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
# Least CIEDE2000 difference between any two classes, as docs/schemes.md states it.
BARS = {"dynamicworld_safe": 12, "esri_safe": 12, "jambi_safe": 16, "klhk_safe": 8, "worldcover_safe": 12}
SAFE = [scheme_id for scheme_id in shipped_schemes() if scheme_id.endswith("_safe")]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen_lab(rgb, vision):
    """Return CIELAB of a colour of 0 to 255 as a person with this vision sees it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    seen = [min(1.0, max(0.0, c)) for c in times(VISIONS[vision], linear)]
    x, y, z = (value / white for value, white in zip(times(TO_XYZ, seen), map(sum, TO_XYZ), strict=True))
    fx, fy, fz = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one, other):
    """Return the CIEDE2000 difference, in the notation of Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean / (mean + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn, sum_of_hues = h2 - h1, h1 + h2
    if c1 * c2 == 0:
        turn, hue = 0.0, sum_of_hues
    elif abs(turn) <= 180:
        hue = sum_of_hues / 2
    else:
        turn -= math.copysign(360, turn)
        hue = (sum_of_hues + (360 if sum_of_hues < 360 else -360)) / 2
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    cos = [math.cos(math.radians(n * hue - shift)) for n, shift in ((1, 30), (2, 0), (3, -6), (4, 63))]
    t = 1 - 0.17 * cos[0] + 0.24 * cos[1] + 0.32 * cos[2] - 0.20 * cos[3]
    rotation = 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    rotation *= -math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    dl = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    return math.sqrt(max(0.0, dl**2 + dc**2 + dh**2 + rotation * dc * dh))


def least_difference(scheme_id, vision):
    seen = [seen_lab(item.rgb, vision) for item in shipped_scheme(scheme_id).classes]
    return min(ciede2000(one, other) for one, other in itertools.combinations(seen, 2))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        # Pairs 1, 7, 12, 17, 20, 25 and 34 of the test data of Sharma, Wu and Dalal 2005.
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_its_authors(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=5e-5)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_simulation_leaves_white_white(vision):
    assert seen_lab((255, 255, 255), vision) == pytest.approx((100, 0, 0), abs=0.01)


@pytest.mark.parametrize(
    ("vision", "one", "other"),
    [
        ("protan", (200, 0, 0), (70, 60, 0)),
        ("deutan", (200, 0, 0), (125, 95, 0)),
        ("tritan", (0, 140, 140), (0, 130, 200)),
    ],
)
def test_the_simulation_brings_colours_together_that_these_people_confuse(vision, one, other):
    seen = ciede2000(seen_lab(one, vision), seen_lab(other, vision))
    assert seen < ciede2000(seen_lab(one, "normal"), seen_lab(other, "normal")) / 2


def test_the_safe_schemes_are_these():
    assert list(BARS) == SAFE


@pytest.mark.parametrize("scheme_id", SAFE)
def test_a_safe_scheme_has_the_classes_of_its_model(scheme_id):
    safe, published = shipped_scheme(scheme_id), shipped_scheme(scheme_id.removesuffix("_safe"))
    assert [(item.value, item.name) for item in safe.classes] == [
        (item.value, item.name) for item in published.classes
    ]


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme_id", SAFE)
def test_any_two_classes_of_a_safe_scheme_are_told_apart(scheme_id, vision):
    assert least_difference(scheme_id, vision) >= BARS[scheme_id]


@pytest.mark.parametrize("scheme_id", SAFE)
def test_the_published_colours_are_not_told_apart(scheme_id):
    published = scheme_id.removesuffix("_safe")
    assert min(least_difference(published, vision) for vision in VISIONS) < BARS[scheme_id] / 1.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("count", [2, 6, 22])
def test_larger_prediction_sets_are_darker_and_empty_ones_apart(count, vision):
    empty, *others = [seen_lab(item.rgb, vision) for item in set_sizes(count)]
    lightness = [color[0] for color in others]
    assert lightness == sorted(lightness, reverse=True) and lightness[0] - lightness[-1] > 60
    assert min(ciede2000(empty, color) for color in others) >= 12
    # The sets of one class to three, which are most of a map.
    assert min(ciede2000(one, other) for one, other in itertools.pairwise(others[:3])) >= 8


@pytest.mark.parametrize("scheme_id", shipped_schemes())
def test_no_scheme_has_the_grey_of_values_that_it_lacks(scheme_id):
    from deep_land_cover.core.tasks.style import UNKNOWN_COLOR

    assert UNKNOWN_COLOR not in {item.color.upper() for item in shipped_scheme(scheme_id).classes}
