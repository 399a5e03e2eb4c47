"""What users write for BAND_NAMES and BANDS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.bands import chosen_bands, renamed_bands

BANDS = ("B2", "B3", "B4, central wavelength 665 nm", "Band 4")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", BANDS),
        (" , ,, ", BANDS),
        ("blue, green, red, nir", ("blue", "green", "red", "nir")),
        ("blue,,red,", ("blue", "B3", "red", "Band 4")),
        ("nir = 4", (*BANDS[:3], "nir")),
        ("nir=band 4, blue=b2", ("blue", *BANDS[1:3], "nir")),
        # What is exchanged is never twice there.
        ("B2=B3, B3=B2", ("B3", "B2", *BANDS[2:])),
        ('"red=B4, central wavelength 665 nm", nir=4', ("B2", "B3", "red", "nir")),
        ("día 1=1, 红=2", ("día 1", "红", *BANDS[2:])),
        ("a=1=b", None),
        # The name of a band wins over its number.
        ("x=B2", ("x", *BANDS[1:])),
    ],
)
def test_names_are_given_in_order_or_in_pairs(text, names):
    if names is None:
        with pytest.raises(ParameterError, match="no band '1=b'"):
            renamed_bands(text, BANDS)
    else:
        assert renamed_bands(text, BANDS) == names


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("blue, green", "2 names for 4 bands"),
        ("a,b,c,d,e", "5 names for 4 bands"),
        ("a,b,c,nir=4", "'a'"),
        ("=4", "'=4'"),
        ("nir=B9", "no band 'B9'"),
        ("nir=5", "no band '5'"),
        ("nir=0", "no band '0'"),
        ("a, b, A, c", "the name 'a'"),
        ("B2=B3", "the name 'B2'"),
    ],
)
def test_names_that_do_not_fit_are_refused_with_what_to_write(text, says):
    with pytest.raises(ParameterError, match=says) as error:
        renamed_bands(text, BANDS)
    assert error.value.where == "BAND_NAMES"
    assert error.value.advice


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", BANDS),
        (",", BANDS),
        ("B3", ("B3",)),
        ("band 4, 1", ("Band 4", "B2")),
        ('"B4, central wavelength 665 nm", b2', ("B4, central wavelength 665 nm", "B2")),
    ],
)
def test_bands_are_chosen_by_name_or_number_in_the_order_written(text, names):
    assert chosen_bands(text, BANDS) == names


@pytest.mark.parametrize(
    ("text", "says"), [("B2, B9", "no band 'B9'"), ("B2, 1", "'B2' is selected twice"), ("5", "no band '5'")]
)
def test_bands_that_cannot_be_chosen_are_refused(text, says):
    with pytest.raises(ParameterError, match=says) as error:
        chosen_bands(text, BANDS)
    assert error.value.where == "BANDS"


@given(st.text(max_size=40), st.integers(1, 5))
def test_any_text_gives_names_for_all_bands_or_a_sentence(text, count):
    bands = tuple(f"Band {number}" for number in range(1, count + 1))
    for parse in (renamed_bands, chosen_bands):
        try:
            names = parse(text, bands)
        except ParameterError as error:
            assert "\n" not in str(error)
        else:
            assert len({name.casefold() for name in names}) == len(names)
            assert all(names) and (parse is chosen_bands or len(names) == count)
