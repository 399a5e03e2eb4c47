import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.raster.roles import (
    ROLES,
    guess_roles,
    guess_stack_roles,
    parse_roles,
)

TRUTH = {
    # Bands, and the role of each.
    "Sentinel-2, 10 bands": (
        "B2 B3 B4 B5 B6 B7 B8 B8A B11 B12",
        "blue green red red_edge_1 red_edge_2 red_edge_3 nir nir_narrow swir1 swir2",
    ),
    "Sentinel-2, 12 bands (rstoolbox)": (
        "B1 B2 B3 B4 B5 B6 B7 B8 B8A B9 B11 B12",
        "coastal blue green red red_edge_1 red_edge_2 red_edge_3 nir nir_narrow water_vapour swir1 swir2",
    ),
    "Sentinel-2 with zeros": ("B02 B03 B04 B08 B8A", "blue green red nir nir_narrow"),
    "Sentinel-2, the four of 10 m": ("B2 B3 B4 B8", "blue green red nir"),
    "Sentinel-2 with an index (Leipzig)": (
        "b02 b03 b04 b06 b07 b08 b11 ndvi",
        "blue green red red_edge_2 red_edge_3 nir swir1 -",
    ),
    "Landsat 7 (Gewata)": ("B1 B2 B3 B4 B5 B7", "blue green red nir swir1 swir2"),
    "Landsat 4-7, Collection 2": (
        "SR_B1 SR_B2 SR_B3 SR_B4 SR_B5 SR_B7 ST_B6",
        "blue green red nir swir1 swir2 -",
    ),
    "Landsat 8, Collection 2": (
        "SR_B1 SR_B2 SR_B3 SR_B4 SR_B5 SR_B6 SR_B7 ST_B10",
        "coastal blue green red nir swir1 swir2 -",
    ),
    "Landsat 8, Level 1": (
        "B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11",
        "coastal blue green red nir swir1 swir2 - cirrus - -",
    ),
    "Landsat 8, six bands": ("B2 B3 B4 B5 B6 B7", "blue green red nir swir1 swir2"),
    "words": ("Blue Green Red NIR SWIR1 SWIR2", "blue green red nir swir1 swir2"),
    "words of STAC": (
        "coastal blue green red rededge1 rededge2 rededge3 nir nir09 swir16 swir22",
        "coastal blue green red red_edge_1 red_edge_2 red_edge_3 nir water_vapour swir1 swir2",
    ),
    "words in names": (
        "mean_blue red_median nir_p50 infrared_thermal",
        "blue red nir -",
    ),
    "B1 to B7 may be Landsat 5 or 8": ("B1 B2 B3 B4 B5 B6 B7", "- - - - - - -"),
    "radar and terrain": ("elevation slope VV VH", "- - vv vh"),
    "radar of several tools": ("Sigma0_VV_db Gamma0_VH_db angle", "vv vh -"),
}


@pytest.mark.parametrize("sensor", TRUTH)
def test_roles_are_guessed_for(sensor):
    names, roles = (text.split() for text in TRUTH[sensor])
    expected = {role: name for name, role in zip(names, roles, strict=True) if role != "-"}
    assert guess_roles(names) == expected


def test_roles_are_guessed_for_the_landsat_7_of_mexico():
    names = [f"band {number} reflectance" for number in (1, 2, 3, 4, 5, 7)] + ["band 6 temperature", "Band 8"]
    roles = ("blue", "green", "red", "nir", "swir1", "swir2")
    assert guess_roles(names) == dict(zip(roles, names[:6], strict=True))


def test_words_with_spaces_count():
    names = ["Red edge 1", "Red Edge 2", "Near Infrared", "Narrow NIR", "Short wave infrared 2", "Red"]
    assert guess_roles(names) == {
        "red": "Red",
        "red_edge_1": "Red edge 1",
        "red_edge_2": "Red Edge 2",
        "nir": "Near Infrared",
        "nir_narrow": "Narrow NIR",
        "swir2": "Short wave infrared 2",
    }


def test_bands_that_have_only_numbers_may_be_anything():
    assert guess_roles([f"Band {number}" for number in range(1, 14)]) == {}


def test_a_band_without_name_does_not_disturb_the_others():
    assert guess_roles(["B2", "B3", "B4", "B8", "Band 1", "Band 1 (2)"]) == {
        "blue": "B2",
        "green": "B3",
        "red": "B4",
        "nir": "B8",
    }


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        # The 10 m and the 20 m bands of Sentinel-2.
        ("B02 B03 B04 B08", "B05 B06 B07 B8A B11 B12", "B02 B03 B04 B05 B06 B07 B08 B8A B11 B12"),
        ("B05 B06 B07 B8A B11 B12", "B02 B03 B04 B08", "B02 B03 B04 B05 B06 B07 B08 B8A B11 B12"),
        # A second date, and radar and terrain.
        ("B02 B03 B04 B08", "B02_(2) B03_(2) VV VH dem", "B02 B03 B04 - - - B08 - - - - - VV VH"),
        # Another sensor, whose B2 is blue and whose B5 is no short-wave infrared.
        ("B1 B2 B3 B4 B5 B7", "B2_(2) B8 B8A B11 B12", "B1 B2 B3 - - - B4 - B5 B7"),
        ("blue green red", "B8 B11 B12", "blue green red - - - B8 - B11 B12"),
    ],
)
def test_the_roles_of_a_stack_agree_with_those_of_its_first_raster(own, others, expected):
    own, others = ([name.replace("_", " ") for name in text.split()] for text in (own, others))
    found = guess_stack_roles(own + others, len(own))
    assert found == {
        role: name for role, name in zip(ROLES[1:], expected.split(), strict=False) if name != "-"
    }


def test_the_narrow_near_infrared_stands_in_where_there_is_no_other():
    assert guess_roles(["B4", "B5", "B8A", "B11"])["nir"] == "B8A"


def test_the_user_overrides_and_adds_to_the_guess():
    roles = parse_roles("nir = b8a, Red Edge 1=2", ("B4", "B5", "B8", "B8A"))
    assert (roles["nir"], roles["red_edge_1"], roles["red"]) == ("B8A", "B5", "B4")


def test_numbers_name_bands_that_have_no_names():
    assert parse_roles("nir=4,red=3", ("Band 1", "Band 2", "Band 3", "Band 4")) == {
        "red": "Band 3",
        "nir": "Band 4",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [("nir", "role"), ("purple=B4", "role"), ("nir=B9", "no band")],
)
def test_a_pair_that_cannot_be_understood_is_refused(text, says):
    with pytest.raises(ParameterError, match=says):
        parse_roles(text, ("B4", "B8"))


def test_every_index_needs_known_roles_only():
    from deep_land_cover.core.options import INDEX_ROLES

    assert {role for roles in INDEX_ROLES.values() for role in roles} <= set(ROLES)
