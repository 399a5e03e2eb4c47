"""Expected values are computed by hand from the published formulas, for one pixel of vegetation."""

import math

import pytest
import torch

from deep_land_cover.core.options import INDEX_NAMES, INDEX_ROLES
from deep_land_cover.core.raster.indices import INDICES

REFLECTANCE = {
    "blue": 0.04,
    "green": 0.08,
    "red": 0.05,
    "red_edge_1": 0.10,
    "nir": 0.40,
    "swir1": 0.20,
    "swir2": 0.10,
}
BY_HAND = {
    "NDVI": 0.35 / 0.45,
    "EVI": 2.5 * 0.35 / (0.40 + 0.30 - 0.30 + 1.0),
    "SAVI": 1.5 * 0.35 / 0.95,
    "NDWI": -0.32 / 0.48,
    "MNDWI": -0.12 / 0.28,
    "NDBI": -0.20 / 0.60,
    "BSI": (0.25 - 0.44) / (0.25 + 0.44),
    "NDRE": 0.30 / 0.50,
    "CIRE": 4.0 - 1.0,
    # The root of 1.8^2 - 8 * 0.35 = 0.44.
    "MSAVI": (1.8 - math.sqrt(0.44)) / 2.0,
    "GNDVI": 0.32 / 0.48,
    "NDMI": 0.20 / 0.60,
    "NBR": 0.30 / 0.50,
}


def compute(name, reflectance):
    inputs = [torch.tensor([[reflectance[role]]], dtype=torch.float64) for role in INDEX_ROLES[name]]
    return INDICES[name](*inputs).item()


def test_the_thirteen_indices_of_the_study_are_there():
    study = "NDVI EVI SAVI NDWI MNDWI NDBI BSI NDRE CIRE MSAVI GNDVI NDMI NBR".split()
    assert list(INDEX_NAMES) == study == list(INDICES)


@pytest.mark.parametrize("name", INDEX_NAMES)
def test_an_index_is_what_its_formula_gives_by_hand(name):
    assert compute(name, REFLECTANCE) == pytest.approx(BY_HAND[name], rel=1e-12)


@pytest.mark.parametrize("name", INDEX_NAMES)
def test_an_index_never_is_infinite_and_undefined_where_its_denominator_is_zero(name):
    value = compute(name, dict.fromkeys(REFLECTANCE, 0.0))
    # These formulas have a constant in the denominator, or none, and are 0 for a black pixel.
    assert value == 0.0 if name in ("EVI", "SAVI", "MSAVI") else math.isnan(value)


def test_evi_and_savi_are_undefined_where_their_own_denominators_are_zero():
    assert math.isnan(compute("EVI", {"nir": 0.5, "red": 0.0, "blue": 0.2}))
    assert math.isnan(compute("SAVI", {"nir": -0.25, "red": -0.25}))


def test_msavi_is_undefined_where_its_root_is_negative():
    # 8 (nir - red) exceeds (2 nir + 1)^2 only for a negative red.
    assert math.isnan(compute("MSAVI", {"nir": 0.5, "red": -0.5}))


@pytest.mark.parametrize("name", INDEX_NAMES)
def test_an_invalid_band_makes_the_index_invalid(name):
    for role in INDEX_ROLES[name]:
        assert math.isnan(compute(name, REFLECTANCE | {role: math.nan}))


@pytest.mark.parametrize("name", INDEX_NAMES)
def test_the_docstring_says_formula_and_source(name):
    text = INDICES[name].__doc__
    assert all(role in text.lower() for role in INDEX_ROLES[name])
    assert any(f"({year})" in text for year in range(1974, 2007))
