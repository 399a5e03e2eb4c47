"""Areas of classes: estimates of zones as domains of the sample, and tables that hold for one map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.assessment.class_areas import (
    MIN_ZONE_POINTS,
    NOT_ENOUGH,
    AreaEstimates,
    areas_of_zones,
    domain_fractions,
    read_estimates,
)
from deep_land_cover.core.assessment.estimate import Estimate
from deep_land_cover.core.assessment.estimators import sampled_cells
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.maps.areas import MapSize
from deep_land_cover.core.maps.zones import Zone, Zones, ZoneSize
from deep_land_cover.core.progress import SilentProgress

CLASSES = (LandCoverClass(1, "Forest", "#006400"), LandCoverClass(2, "Water", "#0066CC"))
SIZE = MapSize({1: 3000, 2: 1000}, {1: 300.0, 2: 100.0}, 0)
TABLE = """value,name,mapped_area_ha,users_accuracy,users_accuracy_ci,producers_accuracy,\
producers_accuracy_ci,area_ha,area_ci_ha
1,Forest,300,0.9,0.1,0.9,0.1,280,19.6
2,Water,100,0.9,0.1,0.9,0.1,120,19.6
"""


def test_a_zone_is_estimated_as_a_domain_of_the_sample() -> None:
    # Two strata of 60 and 40 hectares, 50 and 30 points, some of them outside the zone.
    rng = np.random.default_rng(1)
    strata = np.repeat([0, 1], [50, 30])
    true, inside = rng.integers(0, 2, 80), rng.integers(0, 2, 80)
    counts = np.zeros((2, 2, 2))
    np.add.at(counts, (strata, true, inside), 1)
    found = domain_fractions(sampled_cells(counts, np.array([60.0, 40.0])))
    # Ratio of two stratified means, and its variance by linearisation (Cochran 1977; Särndal et al. 1992).
    weights = np.array([60.0, 40.0])
    for code in (0, 1):
        y, d = ((true == code) & (inside == 1)).astype(float), inside.astype(float)
        size = sum(w * d[strata == h].mean() for h, w in enumerate(weights))
        value = sum(w * y[strata == h].mean() for h, w in enumerate(weights)) / size
        residual = (y - value * d) / size
        variance = sum(
            w**2 * residual[strata == h].var(ddof=1) / np.sum(strata == h) for h, w in enumerate(weights)
        )
        assert found[code].value == pytest.approx(value)
        assert found[code].error == pytest.approx(np.sqrt(variance))


def zones_and_sizes() -> tuple[Zones, list[ZoneSize]]:
    zones = Zones("name", (Zone("A", (), (0,), False), Zone("B", (), (1,), False)))
    sizes = [ZoneSize({1: 500}, {1: 50.0}, 0), ZoneSize({1: 10, 2: 90}, {1: 1.0, 2: 9.0}, 3)]
    return zones, sizes


def test_zones_with_too_few_points_have_their_number_and_no_estimate() -> None:
    zones, sizes = zones_and_sizes()
    fractions = (Estimate(0.9, 0.8, 0.95, 0.04), Estimate(0.1, 0.05, 0.2, 0.04))
    of_zones = ((MIN_ZONE_POINTS, fractions), (MIN_ZONE_POINTS - 1, ()))
    estimates = AreaEstimates(CLASSES, fractions, 200, of_zones, "")
    first, second = areas_of_zones(zones, sizes, CLASSES, estimates)
    assert [item.value for item in first.estimates] == pytest.approx([45.0, 5.0])
    assert (first.points, first.note) == (30, "")
    assert (second.points, second.note, second.estimates) == (29, NOT_ENOUGH, ())
    # A class that does not occur is listed with 0.
    assert (first.hectares, first.pixels, second.unclassified) == ((50.0, 0.0), (500, 0.0), 3)


def test_estimates_of_a_table_are_never_scaled_to_zones(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.csv"
    path.write_text(TABLE)
    estimates = read_estimates(path, SIZE, SilentProgress())
    assert [item.value for item in estimates.whole] == [280, 120]
    assert estimates.whole[0].half_width == pytest.approx(19.6)
    zones, sizes = zones_and_sizes()
    for areas in areas_of_zones(zones, sizes, CLASSES, estimates):
        assert (areas.estimates, areas.points, areas.note) == ((), None, "")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (TABLE.replace("Forest,300", "Forest,320"), "another map"),
        (TABLE.replace(",280,19.6", ",,").replace(",120,19.6", ",,"), "no estimated areas"),
        ("figure,value\n1,2\n", "lacks the columns"),
        (TABLE.replace("300", "many"), "not a number"),
    ],
)
def test_tables_of_something_else_are_refused(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "accuracy.csv"
    path.write_text(text)
    with pytest.raises(ParameterError) as error:
        read_estimates(path, SIZE, SilentProgress())
    assert word in error.value.sentence and str(path) in str(error.value.where)
