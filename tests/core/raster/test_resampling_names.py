import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.options import parse_resampling


@pytest.mark.parametrize(
    ("text", "count", "names"),
    [
        ("", 2, ("auto", "auto")),
        ("cubic", 0, ()),
        ("Nearest", 3, ("nearest",) * 3),
        ("average, auto", 2, ("average", "auto")),
    ],
)
def test_one_name_is_for_all_and_several_are_for_one_each(text, count, names):
    assert parse_resampling(text, count) == names


@pytest.mark.parametrize(
    ("text", "count", "says"),
    [
        ("bicubic", 1, "'bicubic'.*auto, nearest, bilinear, cubic, average"),
        ("auto,", 2, "'' is not"),
        ("auto, nearest", 3, "2 methods for 3 extra rasters"),
        ("auto, nearest", 1, "2 methods for 1 extra raster"),
    ],
)
def test_what_cannot_be_understood_is_refused(text, count, says):
    with pytest.raises(ParameterError, match=says):
        parse_resampling(text, count)
