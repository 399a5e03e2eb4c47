from __future__ import annotations

import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.neighbourhood_windows import parse_windows, reach_of, texture_windows


@pytest.mark.parametrize(
    ("text", "shorter", "windows"),
    [
        ("auto", 10_000, (3, 7, 15, 31, 61, 121)),
        ("auto", 968, (3, 7, 15, 31, 61, 121)),
        ("auto", 967, (3, 7, 15, 31, 61)),
        ("auto", 250, (3, 7, 15, 31)),
        ("auto", 23, ()),
        ("", 1000, ()),
        ("0", 1000, ()),
        (" 15, 3,3 ", 10, (3, 15)),
    ],
)
def test_windows_are_what_was_asked_for_and_the_scene_allows(
    text: str, shorter: int, windows: tuple[int, ...]
) -> None:
    assert parse_windows(text, shorter, 20_000) == windows == parse_windows(text, 20_000, shorter)


@pytest.mark.parametrize("text", ["4", "1", "-3", "3.0", "3;5", "three", "0,3", "513", "auto,3"])
def test_what_is_no_odd_number_of_pixels_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="WINDOWS"):
        parse_windows(text, 1000, 1000)


def test_textures_pair_narrow_windows_with_wide_ones() -> None:
    assert texture_windows((3, 15, 31, 61)) == ((3, 31), (3, 61), (15, 31), (15, 61))
    assert texture_windows((3, 7, 15)) == ()


@pytest.mark.parametrize(
    ("windows", "plain", "textured"), [((), 0, 0), ((3, 15), 7, 7), ((31,), 15, 15), ((3, 15, 121), 60, 67)]
)
def test_the_reach_is_that_of_a_narrow_window_at_the_edge_of_a_wide_one(
    windows: tuple[int, ...], plain: int, textured: int
) -> None:
    assert reach_of(windows) == plain
    assert reach_of(windows, texture_windows(windows)) == textured
