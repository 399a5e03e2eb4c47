from __future__ import annotations

import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.neighbourhood_windows import parse_windows


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
