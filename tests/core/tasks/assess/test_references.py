"""References of any kind: rasters on other grids, classes by name, and what meets no class of the map."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError, SampleError
from deep_land_cover.core.raster.attribute_table import write_attribute_table
from deep_land_cover.core.raster.source import RasterSource

from ...features import LEFT, TOP
from .conftest import Case, Make, drawn


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
    assert "not a probability sample" in page
    # 84 blocks.
    assert "such intervals of 40 clusters" in page
    assert "map pixels without a reference: 240" in page
    content = json.loads((case.folder / "r.json").read_text(encoding="utf-8"))
    assert content["clusters"] == 12 * 7
    assert (case.folder / "r_figures" / "counts.csv").is_file()


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


def name_classes(path: Path, first: str, second: str, values: tuple[int, int] = (1, 2)) -> None:
    named = zip(values, (first, second), strict=True)
    classes = [LandCoverClass(value, name, "#112233") for value, name in named]
    write_attribute_table(path.with_name(f"{path.name}.aux.xml"), classes, {})


def test_an_ambiguous_name_is_refused_and_codes_are_not(case: Case) -> None:
    name_classes(case.map, "Forest", "forest")
    with pytest.raises(SampleError, match="1 Forest, 2 forest"):
        case.run(case.points([(3, 3, "Forest"), (3, 40, "Forest")]))
    assert case.run(case.points(drawn(case, 20, wrong=0))).overall_accuracy == 1


def test_numbers_of_a_reference_are_the_names_of_classes_that_are_named_by_numbers(case: Case) -> None:
    name_classes(case.map, "2", "311")
    points = [(row, column, {1: 2, 2: 311}[value]) for row, column, value in drawn(case, 20, wrong=0)]
    assert case.run(case.points(points)).overall_accuracy == 1
    assert any("2 → 1, 311 → 2" in text for _, text in case.log)


def test_a_reference_raster_with_other_values_is_matched_by_name(case: Case, make_raster: Make) -> None:
    name_classes(case.map, "Water", "Forest")
    truth = make_raster(np.where(case.values == 1, 2, 1).astype(np.uint8), name="truth.tif", nodata=0)
    name_classes(truth, "Forest", "Water")
    found = case.run(raster=RasterSource(str(truth)), block_size=5)
    assert found.overall_accuracy == 1
    assert "matched by name: 1 Forest → 2, 2 Water → 1" in case.warnings()


def test_a_reference_raster_that_names_a_value_differently_is_told(case: Case, make_raster: Make) -> None:
    name_classes(case.map, "Water", "Forest")
    values = case.values.copy()
    values[0, 0] = 2
    truth = make_raster(values, name="truth.tif", nodata=255)
    name_classes(truth, "Air", "Hutan")
    found = case.run(raster=RasterSource(str(truth)), block_size=5)
    assert found.overall_accuracy == pytest.approx(1 - 1 / (39 * 60))
    assert "1 Water, 2 Forest in the one, 1 Air, 2 Hutan in the other" in case.warnings()


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
    warnings = case.warnings()
    assert ": 7. They are counted as errors" in warnings
    assert ": 2. Their producer’s accuracy" in warnings
    assert "No reference point lies in 2" in warnings
    by_value = {row["value"]: row for row in table}
    assert by_value["7"]["users_accuracy"] == "" and float(by_value["7"]["producers_accuracy"]) == 0
    assert by_value["2"]["producers_accuracy"] == ""
    # The areas are those of the classes with points.
    assert sum(float(row["area_ha"]) for row in table) == pytest.approx(39 * 30 * 0.04)


def test_one_class_only(case: Case, make_raster: Make) -> None:
    case.map = make_raster(np.ones((40, 60), dtype=np.uint8), name="one.tif")
    found = case.run(case.points([(n, n, 1) for n in range(20)]), design="simple")
    assert found.overall_accuracy == 1
    assert "only one class" in case.warnings()


def test_points_that_meet_no_map_are_refused(case: Case) -> None:
    with pytest.raises(SampleError, match="None of the 1 reference features") as caught:
        case.run(case.points([(500, 1, 1)]))
    assert caught.value.where.endswith("points.jsonl")
    with pytest.raises(SampleError, match="no class") as caught:
        case.run(case.points([(39, 1, 1)]))
    assert caught.value.where == "points"


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
    with pytest.raises(ParameterError, match="reference"):
        case.run()
