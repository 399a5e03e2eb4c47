from __future__ import annotations

import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.options import check_design, parse_strata_areas


def test_strata_areas() -> None:
    assert parse_strata_areas("") == {}
    assert parse_strata_areas(" low land = 4e4, NDVI=high=3.5;\nc=1") == {
        "low land": 4e4,
        "NDVI=high": 3.5,
        "c": 1.0,
    }


@pytest.mark.parametrize("text", ["a", "a=", "=3", "a=b", "a=0", "a=inf", "a=1,a=2"])
def test_malformed_strata_areas_are_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        parse_strata_areas(text)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (("guess", "", "", ""), "not a sampling design"),
        (("stratified_other", "", "a=1", ""), "STRATUM_FIELD is empty"),
        (("stratified_other", "f", " ", ""), "STRATA_AREAS is empty"),
        (("weights", "", "", ""), "WEIGHT_FIELD is empty"),
    ],
)
def test_a_design_without_what_it_needs_is_refused(values: tuple[str, str, str, str], missing: str) -> None:
    with pytest.raises(ParameterError, match=missing):
        check_design(*values)


def test_designs_that_have_what_they_need_pass() -> None:
    for values in (("none", "", "", ""), ("simple", "", "", ""), ("weights", "", "", "w")):
        check_design(*values)
