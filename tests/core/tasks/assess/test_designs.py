"""The sampling design decides how accuracy and areas are estimated from points."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.warp import transform

from deep_land_cover.core.errors import LandCoverError, ParameterError, SampleError
from deep_land_cover.core.raster.source import RasterSource

from ...features import polygon, write_features
from .conftest import Case, Make, drawn


def test_stratified_points_give_accuracy_and_areas(case: Case) -> None:
    rows = case.table(features=case.points(drawn(case, 20)), design="stratified_by_map")
    assert [row["value"] for row in rows] == ["1", "2"]
    for row in rows:
        assert float(row["users_accuracy"]) == pytest.approx(0.9)
        assert float(row["users_accuracy_ci"]) == pytest.approx(1.96 * np.sqrt(0.9 * 0.1 / 19))
        assert float(row["mapped_area_ha"]) == pytest.approx(39 * 30 * 0.04)
        assert float(row["area_ha"]) == pytest.approx(39 * 30 * 0.04)
        assert float(row["users_accuracy_low"]) < 0.9 < float(row["users_accuracy_high"])
    assert (
        list(rows[0])[:9]
        == (
            "value name mapped_area_ha users_accuracy users_accuracy_ci producers_accuracy "
            "producers_accuracy_ci "
            "area_ha area_ci_ha"
        ).split()
    )


def test_points_that_were_drawn_for_another_map_give_a_warning(case: Case) -> None:
    rows = drawn(case, 20)
    own = ["1" if column < 30 else "2" for _row, column, _value in rows]
    case.run(case.points(rows, split=own), design="stratified_by_map")
    assert "drawn for another map" not in case.warnings()
    # The other map has a third class, which this one lacks.
    case.run(case.points(rows, split=["2", "3", "1", *own[3:]]), design="stratified_by_map")
    assert "2 of 40 points" in case.warnings() and "drawn for another map" in case.warnings()
    # Strata that are no classes of a map, and other designs, which may well have other strata.
    case.run(case.points(rows, split=["low"] * 40), design="stratified_by_map")
    assert "drawn for another map" not in case.warnings()
    case.run(case.points(rows, split=["2"] * 40), design="stratified_other", strata_areas="2=1")
    assert "drawn for another map" not in case.warnings()


def test_simple_sample_is_corrected_for_the_finite_map(case: Case) -> None:
    found = case.run(case.points(drawn(case, 20)), design="simple")
    assert found.overall_accuracy == pytest.approx(0.9)
    expected = 1.96 * np.sqrt(0.9 * 0.1 / 39 * (1 - 40 / (39 * 60)))
    assert found.overall_accuracy_ci == pytest.approx(expected)


def test_other_strata_and_their_areas(case: Case) -> None:
    rows = drawn(case, 20)
    strata = ["a = b" if row[0] < 20 else "low" for row in rows]
    found = case.run(
        case.points(rows, split=strata), design="stratified_other", strata_areas="a = b=3; low = 1.0"
    )
    right = {
        name: [(r[2] == 1) == (r[1] < 30) for r, s in zip(rows, strata, strict=True) if s == name]
        for name in set(strata)
    }
    expected = 0.75 * np.mean(right["a = b"]) + 0.25 * np.mean(right["low"])
    assert found.overall_accuracy == pytest.approx(expected)


def test_points_without_a_class_under_them_stay_in_the_sample(case: Case) -> None:
    """In the hole of the map, and beyond its edge: the stratum low has 10 points with a class of 20."""
    case.values[:, :30] = 255
    case.map = case.make(case.values, name="hole.tif", nodata=255)
    # Six in the hole, four beyond the edges; one of the others is wrong.
    low = [*((row, 5, 1) for row in range(6)), (-3, 40, 2), (70, 40, 2), (5, -2, 2), (5, 99, 2)]
    low += [(row, 40, 2 if row else 1) for row in range(10)]
    high = [(row, 50, 2 if row > 3 else 1) for row in range(20)]
    strata = ["low"] * 20 + ["high"] * 20
    report = case.folder / "r.html"
    found = case.run(
        case.points([*low, *high], split=strata),
        design="stratified_other",
        strata_areas="low=4,high=1",
        report=str(report),
    )
    # Half of low is left: 2 of 3 parts of the area.
    assert found.overall_accuracy == pytest.approx((2 * 0.9 + 1 * 0.8) / 3)
    said = (
        "10 of 40 reference points lie where the map has no class. Figures and areas describe only the part "
        "of the map that has one, an estimated 60.0% of the area that was sampled."
    )
    assert said in case.warnings()
    assert "an estimated 60.0% of the area that was sampled" in report.read_text(encoding="utf-8")
    assert "points outside the map: 4." in case.warnings()


@pytest.mark.parametrize(
    ("areas", "strata", "kind", "where", "word"),
    [
        ("a=1", ["a", None, "b"], SampleError, "STRATUM_FIELD", "stratum"),
        ("a=1", ["a", "a", "b"], SampleError, "STRATA_AREAS", "strata b"),
        ("a=-1", ["a", "a", "a"], ParameterError, "STRATA_AREAS", "area"),
        ("a=1, a=2", ["a", "a", "a"], ParameterError, "STRATA_AREAS", "two"),
    ],
)
def test_strata_that_do_not_fit_are_refused(
    case: Case, areas: str, strata: list[str | None], kind: type[LandCoverError], where: str, word: str
) -> None:
    points = case.points([(1, 1, 1), (2, 2, 1), (3, 40, 2)], split=strata)
    with pytest.raises(kind, match=word) as caught:
        case.run(points, design="stratified_other", strata_areas=areas)
    assert caught.value.where == where


def test_weights_count(case: Case) -> None:
    rows = drawn(case, 10, wrong=1)
    weights = [10.0 if number == 0 else 1.0 for number in range(len(rows))]
    found = case.run(case.points(rows, weight=weights), design="weights")
    assert found.overall_accuracy == pytest.approx(18 / 29)


def test_points_without_a_weight_are_refused(case: Case) -> None:
    points = case.points([(1, 1, 1), (2, 2, 1), (3, 40, 2)], weight=[1.0, 0.0, None])
    with pytest.raises(SampleError, match="weight") as caught:
        case.run(points, design="weights")
    assert caught.value.where == "WEIGHT_FIELD"


def test_pixels_in_degrees_count_by_their_area_on_the_ground(case: Case, make_raster: Make) -> None:
    """A map from the equator to 60 degrees north: the northern pixels are smaller."""
    values = np.ones((60, 4), dtype=np.uint8)
    values[:30] = 2
    place = (1.0, 0.0, 100.0, 0.0, -1.0, 60.0)
    case.map = make_raster(values, name="degrees.tif", crs="EPSG:4326", transform=place)
    points = []
    for row in range(60):
        # Right in the northern quarter of either half alone.
        true = int(values[row, 0]) if row % 30 < 15 else 3 - int(values[row, 0])
        points.append({"geometry": {"type": "Point", "coordinates": [101.5, 59.5 - row]}, "class": true})
    features = write_features(case.folder / "points.jsonl", points)
    table = case.table(features=features, design="stratified_by_map")
    # Sines of latitude, on a sphere; the ellipsoid differs by less than 1 %.
    sine = {latitude: np.sin(np.deg2rad(latitude)) for latitude in (0, 15, 30, 45, 60)}
    north = (sine[60] - sine[45]) / (sine[60] - sine[30])
    assert float(table[1]["users_accuracy"]) == pytest.approx(north, rel=0.01)
    areas = [float(row["mapped_area_ha"]) for row in table]
    assert areas[1] / areas[0] == pytest.approx((sine[60] - sine[30]) / sine[30], rel=0.01)


def test_areas_in_a_distorting_projection_are_those_of_the_ground(case: Case, make_raster: Make) -> None:
    """Web Mercator around 60 degrees: a square kilometre of the map is a quarter on the ground."""
    (x,), (y,) = transform("EPSG:4326", "EPSG:3857", [10.0], [60.0])
    place = (100.0, 0.0, x - 3000.0, 0.0, -100.0, y + 2000.0)
    case.map = make_raster(case.values, name="m.tif", nodata=255, crs="EPSG:3857", transform=place)
    points = [
        {"geometry": {"type": "Point", "coordinates": [x - 2950.0 + 600 * n, y - 50.0 + 150 * (n % 3)]}}
        for n in range(10)
    ]
    for number, item in enumerate(points):
        item["class"] = 1 if number < 5 else 2
    features = write_features(case.folder / "points.jsonl", points)
    table = case.table(features=features, design="stratified_by_map")
    # Squares of the cosine of latitude; on the ellipsoid 0.3 % more.
    assert float(table[0]["mapped_area_ha"]) == pytest.approx(39 * 30 / 4, rel=0.01)
    assert float(table[0]["area_ha"]) == pytest.approx(39 * 30 / 4, rel=0.01)
    assert "shows areas at 3.98 to 3.99 times their size on the ground" in case.warnings()
    truth = case.values.copy()
    truth[0, 0] = 3 - truth[0, 0]
    reference = make_raster(truth, name="truth.tif", nodata=255, crs="EPSG:3857", transform=place)
    case.run(raster=RasterSource(str(reference)))
    assert "times their size on the ground" in case.warnings()


def test_polygons_are_never_taken_for_a_probability_sample(case: Case) -> None:
    polygons = []
    for number in range(12):
        row, column = number // 4 * 12, number % 4 * 15
        polygons.append(polygon(row, column, 5, 5, 1 if column < 30 or number == 3 else 2))
    features = write_features(case.folder / "polygons.jsonl", polygons)
    table = case.table(features=features, design="simple")
    assert "not a probability sample" in case.warnings()
    assert table[0]["area_ha"] == ""
    assert float(table[1]["users_accuracy"]) == pytest.approx(5 / 6)


def test_kappa_only_on_request(case: Case) -> None:
    case.run(case.points(drawn(case, 20)), design="simple")
    assert not any("Kappa" in text for _level, text in case.log)
    case.run(case.points(drawn(case, 20)), design="simple", kappa=True)
    # Agreement 0.9, chance 0.5.
    assert any("Kappa 0.800" in text for _level, text in case.log)
