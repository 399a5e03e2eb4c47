"""Maps assessed from end to end, and the sentences for what cannot be."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import LandCoverError, ParameterError, SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.assess import AssessRequest, AssessResult, run

Make = Callable[..., Path]
SIZE, LEFT, TOP = 20.0, 500_000.0, 9_800_000.0


class Case:
    """A map of 40 x 60 pixels: class 1 on the left half, 2 on the right, the last row unclassified."""

    def __init__(self, folder: Path, make_raster: Make) -> None:
        self.folder, self.make = folder, make_raster
        values = np.ones((40, 60), dtype=np.uint8)
        values[:, 30:], values[-1] = 2, 255
        self.values = values
        self.map = make_raster(values, name="map.tif", nodata=255)
        self.log: list[tuple[str, str]] = []

    def points(self, rows: Sequence[tuple[int, int, Any]], **more: Any) -> str:
        """Write points at (row, column) with their class; lists in ``more`` go with them."""
        lines = []
        for number, (row, column, value) in enumerate(rows):
            place = [LEFT + (column + 0.5) * SIZE, TOP - (row + 0.5) * SIZE]
            extra = {name: values[number] for name, values in more.items()}
            geometry = {"type": "Point", "coordinates": place}
            lines.append(json.dumps({"geometry": geometry, "class": value, "group": number, **extra}))
        path = self.folder / "points.jsonl"
        path.write_text("\n".join(lines))
        return str(path)

    def run(self, features: str | None = None, **changes: Any) -> AssessResult:
        progress = SilentProgress()
        request = AssessRequest(
            input=RasterSource(str(self.map)), features=features, name="points", **changes
        )
        try:
            return run(request, progress)
        finally:
            self.log = list(progress.lines)

    def warnings(self) -> str:
        return "\n".join(text for level, text in self.log if level == "warning")

    def table(self, **changes: Any) -> list[dict[str, str]]:
        self.run(table=str(self.folder / "table.csv"), **changes)
        with (self.folder / "table.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def case(tmp_path: Path, make_raster: Make) -> Case:
    return Case(tmp_path, make_raster)


class Recorder(SilentProgress):
    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[float, str]] = []

    def update(self, fraction: float, text: str = "") -> None:
        self.steps.append((fraction, text))


@pytest.mark.parametrize("has_points", [True, False])
def test_progress_goes_forward_and_says_what_is_done(case: Case, has_points: bool) -> None:
    reference: dict[str, Any] = {"raster": RasterSource(str(case.map))}
    if has_points:
        reference = {"features": case.points([(5, 5, 1), (6, 40, 2), (9, 50, 2)])}
    progress = Recorder()
    report = str(case.folder / "report.html")
    run(AssessRequest(input=RasterSource(str(case.map)), name="it", report=report, **reference), progress)
    fractions = [fraction for fraction, _ in progress.steps]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] and fractions[-1] < 1
    texts = [text.partition(":")[0] for _, text in progress.steps]
    assert texts[0] == "Counting the map’s classes"
    assert texts[-1] == "Writing the report"
    assert all("left" in text for _, text in progress.steps[:-1])


def drawn(case: Case, number: int, wrong: int = 2) -> list[tuple[int, int, int]]:
    """Return points in either half, the first ``wrong`` of each of the other class."""
    places = np.random.default_rng(0).permutation(39 * 30)[:number]
    left = [(int(p) // 30, int(p) % 30, 2 if n < wrong else 1) for n, p in enumerate(places)]
    return left + [(row, column + 30, 3 - value) for row, column, value in left]


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


def test_points_that_were_drawn_for_another_map_are_told(case: Case) -> None:
    rows = drawn(case, 20)
    own = ["1" if column < 30 else "2" for _row, column, _value in rows]
    case.run(case.points(rows, split=own), design="stratified_by_map")
    assert "drawn for another map" not in case.warnings()
    # The other map has a third class, which this one lacks.
    case.run(case.points(rows, split=["2", "3", "1", *own[3:]]), design="stratified_by_map")
    assert "2 of 40 points lie in another class of this map" in case.warnings()
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


def test_kappa_only_on_request(case: Case) -> None:
    case.run(case.points(drawn(case, 20)), design="simple")
    assert not any("Kappa" in text for _level, text in case.log)
    case.run(case.points(drawn(case, 20)), design="simple", kappa=True)
    # Agreement 0.9, chance 0.5.
    assert any("Kappa 0.800" in text for _level, text in case.log)


def test_pixels_in_degrees_count_by_their_area_on_the_ground(case: Case, make_raster: Make) -> None:
    """A map from the equator to 60 degrees north: the northern pixels are smaller."""
    values = np.ones((60, 4), dtype=np.uint8)
    values[:30] = 2
    place = (1.0, 0.0, 100.0, 0.0, -1.0, 60.0)
    case.map = make_raster(values, name="degrees.tif", crs="EPSG:4326", transform=place)
    lines = []
    for row in range(60):
        # Right in the northern quarter of either half alone.
        true = int(values[row, 0]) if row % 30 < 15 else 3 - int(values[row, 0])
        geometry = {"type": "Point", "coordinates": [101.5, 59.5 - row]}
        lines.append(json.dumps({"geometry": geometry, "class": true, "group": row}))
    path = case.folder / "points.jsonl"
    path.write_text("\n".join(lines))
    table = case.table(features=str(path), design="stratified_by_map")
    # Sines of latitude, on a sphere; the ellipsoid differs by less than 1 %.
    sine = {latitude: np.sin(np.deg2rad(latitude)) for latitude in (0, 15, 30, 45, 60)}
    north = (sine[60] - sine[45]) / (sine[60] - sine[30])
    assert float(table[1]["users_accuracy"]) == pytest.approx(north, rel=0.01)
    areas = [float(row["mapped_area_ha"]) for row in table]
    assert areas[1] / areas[0] == pytest.approx((sine[60] - sine[30]) / sine[30], rel=0.01)


def test_a_reference_raster_in_another_crs_is_compared_by_the_nearest_pixel(
    case: Case, make_raster: Make
) -> None:
    # The map's border between the halves lies at 500,600 m east, 105.0054 degrees; UTM 48S's middle is 105.
    values = np.ones((60, 200), dtype=np.uint8)
    values[:, 100:] = 2
    step = 0.0108 / 200
    place = (step, 0.0, 105.005391 - 100 * step, 0.0, -0.0075 / 60, -1.809)
    path = make_raster(values, name="degrees.tif", crs="EPSG:4326", transform=place)
    found = case.run(raster=RasterSource(str(path)), block_size=5)
    assert found.overall_accuracy is not None and found.overall_accuracy > 0.95


def test_weights_count(case: Case) -> None:
    rows = drawn(case, 10, wrong=1)
    weights = [10.0 if number == 0 else 1.0 for number in range(len(rows))]
    found = case.run(case.points(rows, weight=weights), design="weights")
    assert found.overall_accuracy == pytest.approx(18 / 29)


def test_text_classes_are_found_by_the_maps_names(case: Case, tmp_path: Path) -> None:
    case.map.with_name("map.tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><GDALRasterAttributeTable tableType="thematic">'
        '<FieldDefn index="0"><Name>V</Name><Type>0</Type><Usage>5</Usage></FieldDefn>'
        '<FieldDefn index="1"><Name>N</Name><Type>2</Type><Usage>2</Usage></FieldDefn>'
        '<Row index="0"><F>1</F><F>Rice &amp; maize</F></Row><Row index="1"><F>2</F><F>Forest</F></Row>'
        "</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"
    )
    names = {1: "rice & MAIZE", 2: "Forest"}
    rows = [(row, column, names[value]) for row, column, value in drawn(case, 20)]
    table = case.table(features=case.points(rows), design="simple")
    assert [(row["value"], row["name"]) for row in table] == [("1", "Rice & maize"), ("2", "Forest")]
    assert float(table[0]["users_accuracy"]) == pytest.approx(0.9)


def test_a_reference_raster_on_another_grid_has_intervals_of_blocks_and_no_areas(
    case: Case, make_raster: Make
) -> None:
    truth = np.repeat(np.repeat(case.values, 2, axis=0), 2, axis=1)
    truth[:, 40:60] = 2
    truth[70:, :] = 0
    path = make_raster(truth, name="truth.tif", nodata=0, transform=(10.0, 0.0, LEFT, 0.0, -10.0, TOP))
    table = case.table(raster=RasterSource(str(path)), block_size=5, report=str(case.folder / "r.html"))
    assert float(table[0]["users_accuracy"]) == pytest.approx(2 / 3)
    assert float(table[0]["users_accuracy_low"]) < 2 / 3 < float(table[0]["users_accuracy_high"])
    assert table[0]["area_ha"] == "" and table[0]["mapped_area_ha"] != ""
    page = (case.folder / "r.html").read_text(encoding="utf-8")
    assert "no probability sample of the truth" in page
    assert "map pixels without a reference: 240" in page
    content = json.loads((case.folder / "r.json").read_text(encoding="utf-8"))
    assert content["clusters"] == 12 * 7
    assert (case.folder / "r_figures" / "counts.csv").is_file()


def test_polygons_are_never_taken_for_a_probability_sample(case: Case) -> None:
    lines = []
    for number in range(12):
        row, column = number // 4 * 12, number % 4 * 15
        x, y = LEFT + column * SIZE, TOP - row * SIZE
        ring = [[x, y], [x + 100, y], [x + 100, y - 100], [x, y - 100], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        value = 1 if column < 30 or number == 3 else 2
        lines.append(json.dumps({"geometry": geometry, "class": value, "group": number}))
    path = case.folder / "polygons.jsonl"
    path.write_text("\n".join(lines))
    table = case.table(features=str(path), design="simple")
    assert "Digitised polygons are no probability sample" in case.warnings()
    assert table[0]["area_ha"] == ""
    assert float(table[1]["users_accuracy"]) == pytest.approx(5 / 6)


def test_what_was_not_compared_is_told(case: Case) -> None:
    rows = [*drawn(case, 20), (39, 3, 1), (-5, 3, 1), drawn(case, 20)[0], (8, 59, 1), (8, 59, 2)]
    case.run(case.points(rows), design="simple")
    told = case.warnings()
    assert "points outside the map: 1." in told
    assert "points where the map is unclassified: 1." in told
    assert "points that repeat a pixel: 1." in told
    assert "pixels that were given two classes: 1." in told
    assert "unclassified pixels of the map: 60." in told


def test_classes_that_only_one_side_has(case: Case) -> None:
    rows = [(row, column, 7 if column < 5 else 1) for row, column, _ in drawn(case, 20)[:20]]
    table = case.table(features=case.points(rows), design="stratified_by_map")
    assert "The reference has classes that the map lacks: 7." in case.warnings()
    assert "The map has classes that the reference lacks: 2." in case.warnings()
    assert "No reference point lies in 2" in case.warnings()
    by_value = {row["value"]: row for row in table}
    assert by_value["7"]["users_accuracy"] == "" and float(by_value["7"]["producers_accuracy"]) == 0
    assert by_value["2"]["producers_accuracy"] == ""
    # The areas are those of the classes with points.
    assert sum(float(row["area_ha"]) for row in table) == pytest.approx(39 * 30 * 0.04)


def test_one_class_only(case: Case, make_raster: Make) -> None:
    case.map = make_raster(np.ones((40, 60), dtype=np.uint8), name="one.tif")
    found = case.run(case.points([(n, n, 1) for n in range(20)]), design="simple")
    assert found.overall_accuracy == 1
    assert "one class only" in case.warnings()


@pytest.mark.parametrize(
    ("areas", "strata", "kind", "sentence"),
    [
        ("a=1", ["a", None, "b"], SampleError, "1 reference points have no stratum"),
        ("a=1", ["a", "a", "b"], SampleError, "no area of the strata b"),
        ("a=-1", ["a", "a", "a"], ParameterError, "is no area of a stratum"),
        ("a=1, a=2", ["a", "a", "a"], ParameterError, "has two areas"),
    ],
)
def test_strata_that_do_not_fit_get_a_sentence(
    case: Case, areas: str, strata: list[str | None], kind: type[LandCoverError], sentence: str
) -> None:
    points = case.points([(1, 1, 1), (2, 2, 1), (3, 40, 2)], split=strata)
    with pytest.raises(kind, match=sentence):
        case.run(points, design="stratified_other", strata_areas=areas)


def test_points_without_a_weight_get_a_sentence(case: Case) -> None:
    points = case.points([(1, 1, 1), (2, 2, 1), (3, 40, 2)], weight=[1.0, 0.0, None])
    with pytest.raises(SampleError, match="2 reference points have no weight"):
        case.run(points, design="weights")


def test_points_that_meet_no_map_get_a_sentence(case: Case) -> None:
    with pytest.raises(SampleError, match="None of the 1 reference features lies in the map"):
        case.run(case.points([(500, 1, 1)]))
    with pytest.raises(SampleError, match="All of the reference lies where the map has no class"):
        case.run(case.points([(39, 1, 1)]))


def test_a_reference_raster_elsewhere_gets_a_sentence(case: Case, make_raster: Make) -> None:
    far = make_raster(case.values, name="far.tif", nodata=255, transform=(20.0, 0.0, 6e5, 0.0, -20.0, 9.7e6))
    with pytest.raises(SampleError, match="no class where the map has one"):
        case.run(raster=RasterSource(str(far)))


def test_a_reference_of_other_classes_gets_a_sentence_with_both_lists(case: Case, make_raster: Make) -> None:
    with pytest.raises(SampleError, match=r"\(3 Hutan\) is one of the map's \(1, 2\)"):
        case.run(case.points([(1, 1, "Hutan"), (2, 2, "Hutan")]))
    other = make_raster(np.full((40, 60), 9, dtype=np.uint8), name="other.tif")
    with pytest.raises(SampleError, match="None of the reference's classes"):
        case.run(raster=RasterSource(str(other)))


def test_there_must_be_exactly_one_reference(case: Case) -> None:
    with pytest.raises(ParameterError, match="There must be one reference"):
        case.run()
