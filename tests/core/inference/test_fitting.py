import dataclasses

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.errors import BandMismatchError
from deep_land_cover.core.inference.compatibility import match_bands, warn_of_pixel_size
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

from .conftest import make_model

UTM = CRS.from_epsg(32748).to_wkt()
DEGREES = CRS.from_epsg(4326).to_wkt()


@pytest.fixture
def match(make_raster):
    def run(wanted, given, trained_on=()):
        progress = SilentProgress()
        path = make_raster(np.zeros((len(given), 2, 2), np.uint16), names=given)
        with open_stack(RasterSource(str(path))) as stack:
            return match_bands(wanted, stack, progress, trained_on), [text for _, text in progress.lines]

    return run


def test_names_count_whatever_the_order_and_case(match):
    assert match(("red", "NIR"), ("nir", "blue", "Red")) == (("Red", "nir"), [])


def test_other_names_of_the_same_count_are_refused_with_how_to_name_them(match):
    with pytest.raises(BandMismatchError, match="BAND_NAMES=red=B4, nir=B8") as error:
        match(("red", "nir"), ("B4", "B8"))
    assert "B4, B8" in str(error.value)


@pytest.mark.parametrize(
    ("wanted", "given"), [(("red", "nir"), ("B4", None)), (("Band 1", "nir"), ("B4", "B8"))]
)
def test_bands_of_which_some_have_no_names_are_matched_by_order_and_the_log_says_so(match, wanted, given):
    bands, lines = match(wanted, given)
    assert bands == ("B4", given[1] or "Band 2")
    assert "by their order" in lines[0] and ", ".join(bands) in lines[0] and ", ".join(wanted) in lines[0]


def test_bands_without_names_are_matched_by_order_where_the_count_is_the_same(match):
    assert match(("red", "nir"), (None, None))[0] == ("Band 1", "Band 2")
    assert match(("Band 1", "Band 2"), (None, None)) == (("Band 1", "Band 2"), [])


@pytest.mark.parametrize(
    ("wanted", "given", "expected", "is_warned"),
    [
        # The very raster of the training, whose third band was dead, or not chosen.
        (("Band 1", "Band 2", "Band 4"), (None,) * 4, ("Band 1", "Band 2", "Band 4"), False),
        (("Band 4", "Band 1"), (None,) * 4, ("Band 4", "Band 1"), False),
        # Another raster of that kind, with names.
        (("Band 4", "Band 1"), ("B2", "B3", "B4", "B8"), ("B8", "B2"), True),
        # Just the bands of the model.
        (("Band 2", "Band 3", "Band 4"), (None,) * 3, ("Band 1", "Band 2", "Band 3"), True),
        (("Band 4", "Band 1"), ("B8", "B2"), ("B8", "B2"), True),
    ],
)
def test_bands_chosen_from_a_training_raster_are_found_in_one_of_its_kind(
    match, wanted, given, expected, is_warned
):
    bands, lines = match(wanted, given, ("Band 1", "Band 2", "Band 3", "Band 4"))
    assert bands == expected
    assert bool(lines) == is_warned


def test_bands_that_were_not_chosen_need_not_be_there(match):
    assert match(("nir", "red"), ("red", "nir", "VV"), ("blue", "red", "nir"))[0] == ("nir", "red")
    with pytest.raises(BandMismatchError):
        match(("Band 1", "Band 4"), (None,) * 3, ("Band 1", "Band 2", "Band 3", "Band 4"))


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (("red", "nir"), ("red", "green", "blue")),
        # The count is the same, but red shows that the order is another.
        (("red", "nir"), ("B8", "red")),
        # The first two of three numbers are not known to be the model's.
        (("Band 1", "Band 2"), (None, None, None)),
    ],
)
def test_bands_that_do_not_match_are_refused_with_both_lists(match, wanted, given):
    with pytest.raises(BandMismatchError) as error:
        match(wanted, given)
    shown = [name or f"Band {number}" for number, name in enumerate(given, start=1)]
    assert f"needs {len(wanted)}: {', '.join(wanted)}" in str(error.value)
    assert f"has {len(given)}: {', '.join(shown)}" in str(error.value)


@pytest.mark.parametrize(
    ("size", "crs", "is_warned"),
    [
        (20.0, UTM, False),
        (29.0, UTM, False),
        (31.0, UTM, True),
        (10.0, UTM, True),
        # A hundredth of a degree is about a kilometre; 0.00018 degrees are 20 m.
        (0.01, DEGREES, True),
        (0.00018, DEGREES, False),
        (20.0, "", False),
    ],
)
def test_pixels_of_another_size_than_the_trainings_are_warned_of(size, crs, is_warned):
    progress = SilentProgress()
    card = dataclasses.replace(make_model().card, pixel_size=(20.0, 20.0), crs=UTM)
    warn_of_pixel_size(card, Grid(10, 10, (size, 0.0, 0.0, 0.0, -size, 0.0), crs), progress)
    assert [level for level, _ in progress.lines] == ["warning"] * is_warned
