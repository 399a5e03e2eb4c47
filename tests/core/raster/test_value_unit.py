"""The unit of a raster's values is told from the values, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.raster.survey import Survey, survey_raster
from deep_land_cover.core.raster.value_unit import UNITS, chosen_unit, detect_unit

ROLES = {role: role for role in ("blue", "green", "red", "nir", "swir1", "swir2")}
# Reflectances of usual covers, in the order of the roles.
FOREST = (0.02, 0.04, 0.03, 0.32, 0.13, 0.06)
WATER = (0.05, 0.04, 0.02, 0.01, 0.01, 0.005)
SOIL = (0.09, 0.13, 0.18, 0.26, 0.35, 0.3)
DESERT = (0.16, 0.24, 0.33, 0.41, 0.5, 0.45)


def survey(*covers, names=tuple(ROLES), factor=1.0, zero=0.0):
    """Return a survey of 200 pixels of each cover: ``reflectance / factor + zero``, 5 % noise."""
    generator = np.random.default_rng(0)
    values = np.repeat(np.array(covers), 200, axis=0) * generator.normal(
        1, 0.05, (200 * len(covers), len(names))
    )
    return Survey(tuple(names), (values / factor + zero).astype(np.float32))


@pytest.mark.parametrize("name", ["reflectance", "reflectance_offset", "scaled", "scaled_offset"])
def test_the_unit_of_a_usual_scene_is_known(name):
    unit = UNITS[name]
    for covers in ((FOREST, SOIL, WATER), (FOREST, SOIL), (FOREST,)):
        assert detect_unit(survey(*covers, factor=unit.factor, zero=unit.zero), ROLES, "reflectance") is unit


def test_what_was_added_to_the_values_is_taken_off_again():
    # 1,000 was added to the numbers of Sentinel-2 products in January 2022.
    assert UNITS["scaled_offset"].to_quantity(1500) == pytest.approx(0.05)
    assert UNITS["scaled_offset"].to_stored(0.05) == pytest.approx(1500)
    assert UNITS["scaled"].to_quantity(1500) == pytest.approx(0.15)
    assert UNITS["reflectance_offset"].to_quantity(0.15) == pytest.approx(0.05)
    # Reflectance is number * 0.0000275 - 0.2 in Landsat Collection 2 Level 2.
    assert UNITS["landsat"].to_quantity(18182) == pytest.approx(18182 * 0.0000275 - 0.2)


def test_landsat_numbers_are_known_by_value_and_name():
    unit = UNITS["landsat"]
    names = tuple(f"SR_B{number}" for number in (1, 2, 3, 4, 5, 7))
    bands = dict(zip(ROLES, names, strict=True))
    scene = survey(FOREST, SOIL, WATER, names=names, factor=unit.factor, zero=unit.zero)
    assert detect_unit(scene, bands, "reflectance") is unit
    # Counts of Level 1 look the same.
    with pytest.raises(ParameterError, match="sensor counts"):
        detect_unit(Survey(tuple(ROLES), scene.values), ROLES, "reflectance")


def test_radar_is_taken_in_decibel_only():
    generator = np.random.default_rng(0)
    decibel = generator.normal((-11, -18), 3, (500, 2)).astype(np.float32)
    bands = {"vv": "VV", "vh": "VH"}
    assert detect_unit(Survey(("VV", "VH"), decibel), bands, "decibel") is UNITS["decibel"]
    with pytest.raises(ParameterError, match="not backscatter in decibel"):
        detect_unit(Survey(("VV", "VH"), 10 ** (decibel / 10)), bands, "decibel")


@pytest.mark.parametrize(
    ("scene", "word"),
    [
        # Bright land has no dark band, and neither has a scene with something added to it.
        (survey(DESERT, factor=1e-4), "1,000"),
        (survey(DESERT), "0.1"),
        (survey(FOREST, SOIL, factor=1e-4, zero=700), "1,000"),
        (survey(FOREST, SOIL, factor=1 / 255), "8 bits"),
        (survey(FOREST, SOIL, factor=1 / 100), "percent"),
        # 11 bits of a commercial sensor.
        (survey(FOREST, SOIL, factor=1 / 2000), "counts"),
        (survey(FOREST, SOIL, factor=1e-4, zero=5000), "bright"),
        (Survey(tuple(ROLES), np.full((10, 6), 0.1, dtype=np.float32)), "few"),
    ],
)
def test_what_may_be_two_units_is_refused_with_the_parameter_that_decides(scene, word):
    with pytest.raises(ParameterError, match=word) as caught:
        detect_unit(scene, ROLES, "reflectance")
    assert caught.value.where == "VALUE_UNIT"
    assert "scaled_offset" in caught.value.advice


def test_bands_of_two_units_are_refused_by_name():
    scene = survey(FOREST, SOIL, WATER, factor=1e-4)
    scene.values[:, 3] /= 10_000
    with pytest.raises(ParameterError, match="nir"):
        detect_unit(scene, ROLES, "reflectance")


def test_fill_that_the_file_does_not_declare_is_no_dark_pixel():
    scene = survey(FOREST, SOIL, WATER, factor=1e-4, zero=1000)
    scene.values[::7] = 0.0
    assert detect_unit(scene, ROLES, "reflectance") is UNITS["scaled_offset"]


def test_the_users_unit_is_taken_where_the_values_can_have_it():
    desert = survey(DESERT, factor=1e-4)
    assert chosen_unit("scaled", desert, ROLES, "reflectance") is UNITS["scaled"]
    assert chosen_unit("scaled_offset", desert, ROLES, "reflectance") is UNITS["scaled_offset"]
    with pytest.raises(ParameterError, match="they would be reflectance from"):
        chosen_unit("reflectance", desert, ROLES, "reflectance")
    with pytest.raises(ParameterError, match="the weights expect reflectance"):
        chosen_unit("decibel", desert, ROLES, "reflectance")


@pytest.mark.data
@pytest.mark.parametrize(
    ("path", "unit"),
    [
        # Reflectances of a scene of 2023 with the 0.1 that was added to them; numbers before 2022; ETM+.
        ("rstoolbox/sen2.tif", "reflectance_offset"),
        ("leipzig_s2/leipzig_raster.tif", "scaled"),
        ("gewata_landsat7/gewata_B123457.tif", "scaled"),
        ("rstoolbox/lsat.tif", None),
    ],
)
def test_real_rasters(data_folder: Path, path: str, unit: str | None):
    progress = SilentProgress()
    with open_stack(RasterSource(str(data_folder / path))) as stack:
        roles = stack.roles("" if unit else "blue=1, green=2, red=3, nir=4")
        found = survey_raster(stack, stack.band_names, progress)
        if unit is None:
            with pytest.raises(ParameterError, match="8 bits"):
                detect_unit(found, roles, "reflectance")
        else:
            assert detect_unit(found, roles, "reflectance") is UNITS[unit]
