"""Reference points drawn for a map."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.errors import ParameterError, SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.assess import AssessRequest
from deep_land_cover.core.requests.samplingdesign import SamplingDesignRequest, SamplingDesignResult
from deep_land_cover.core.tasks.assess import run as assess
from deep_land_cover.core.tasks.samplingdesign import run

Make = Callable[..., Path]
VALUES = np.repeat([[1] * 70 + [7] * 25 + [9] * 5], 60, axis=0).astype(np.uint8)


@pytest.fixture
def class_map(make_raster: Make) -> Path:
    values = VALUES.copy()
    values[:3] = 255
    return make_raster(values, name="map.tif", nodata=255)


def draw(path: Path, **changes: Any) -> tuple[SamplingDesignResult, list[dict[str, Any]], str]:
    records, progress = path.with_name("points.jsonl"), SilentProgress()
    found = run(SamplingDesignRequest(RasterSource(str(path)), str(records), **changes), progress)
    lines = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    return found, lines, "\n".join(text for _level, text in progress.lines)


def pixel(record: dict[str, Any]) -> tuple[int, int]:
    return round((9_800_000 - record["y"]) / 20 - 0.5), round((record["x"] - 500_000) / 20 - 0.5)


def test_points_are_different_pixels_of_their_stratum_with_their_inclusion_probability(
    make_raster: Make,
) -> None:
    # Two strips of at most 4 million pixels, so that ranks go on from one to the next.
    rows = 42_000
    values = np.tile(VALUES, (rows // 60, 1))
    values[:3] = 255
    found, points, _ = draw(make_raster(values, name="map.tif", nodata=255), size=300, min_per_class=40)
    assert found.points == len(points) == 300
    assert len({pixel(item) for item in points}) == 300
    assert all(values[pixel(item)] == item["stratum"] and pixel(item)[0] >= 3 for item in points)
    assert any(pixel(item)[0] >= 40_000 for item in points)
    numbers = Counter(item["stratum"] for item in points)
    assert numbers[9] == 40
    for item in points:
        pixels = (rows - 3) * {1: 70, 7: 25, 9: 5}[item["stratum"]]
        assert item["inclusion"] == pytest.approx(numbers[item["stratum"]] / pixels)
        assert item["weight"] == pytest.approx(0.04 * pixels / numbers[item["stratum"]])
        assert item["class"] is None
    assert [item["stratum"] for item in points] != sorted(item["stratum"] for item in points)


def test_points_in_degrees_stand_for_the_area_of_their_pixel(make_raster: Make) -> None:
    """From 60 degrees north to 30: a pixel has the cosine of its latitude, on a sphere."""
    values = np.repeat([[1, 2]], 30, axis=0).repeat(10, axis=1).astype(np.uint8)
    place = (1.0, 0.0, 0.0, 0.0, -1.0, 60.0)
    path = make_raster(values, name="degrees.tif", crs="EPSG:4326", transform=place)
    _, points, _ = draw(path, size=600, min_per_class=0)
    # All 300 pixels of either class are points.
    for stratum in (1, 2):
        chosen = [item for item in points if item["stratum"] == stratum]
        assert len(chosen) == 300
        assert sum(item["weight"] for item in chosen) == pytest.approx(chosen[0]["stratum_ha"])
        by_cosine = [item["weight"] / np.cos(np.deg2rad(item["y"])) for item in chosen]
        assert max(by_cosine) / min(by_cosine) < 1.01
    _, half, _ = draw(path, size=300, min_per_class=0)
    whole = {(item["x"], item["y"]): item["weight"] for item in points}
    assert all(item["inclusion"] == pytest.approx(0.5) for item in half)
    assert all(item["weight"] == pytest.approx(2 * whole[item["x"], item["y"]]) for item in half)


@pytest.mark.parametrize(
    ("allocation", "number"),
    # Shares 0.70, 0.25 and 0.05 with 0.6, 0.9 and 0.9 to be right, standard error 0.03.
    [("proportional", 217), ("equal", 412), ("optimal", 209)],
)
def test_as_many_points_are_drawn_as_the_allocation_needs(
    class_map: Path, allocation: str, number: int
) -> None:
    shares, variances = np.array([0.70, 0.25, 0.05]), np.array([0.24, 0.09, 0.09])
    needed = {
        "proportional": shares @ variances,
        "equal": 3 * (shares**2 @ variances),
        "optimal": (shares @ np.sqrt(variances)) ** 2,
    }
    assert number == np.ceil(needed[allocation] / 0.03**2)
    options = {"target_error": 0.03, "expected": "1=0.6, 0.9", "allocation": allocation}
    found, points, log = draw(class_map, min_per_class=0, **options)
    assert found.points == len(points) == number
    assert (
        f"{number} points with {allocation} allocation give overall accuracy a standard error of 0.03" in log
    )
    numbers = np.array([Counter(item["stratum"] for item in points)[value] for value in (1, 7, 9)])
    reached = np.sqrt(shares**2 @ (variances / numbers))
    assert found.expected_error == pytest.approx(reached)
    assert reached == pytest.approx(0.03, rel=0.02)
    assert f"The expected standard error of overall accuracy is {reached:.4f}." in log
    assert "above TARGET_ERROR" not in log


def test_the_default_target_asks_for_400_points_and_says_so_before_drawing(class_map: Path) -> None:
    """Proportional allocation, 80 % right: 0.8 * 0.2 / 0.02² (Cochran 1977)."""
    found, points, log = draw(class_map, min_per_class=0)
    assert found.points == len(points) == 400
    assert log.index("400 points will have to be labelled by hand") < log.index("400 points are drawn")


def test_a_target_that_the_minimum_moves_away_from_is_told(class_map: Path) -> None:
    found, points, log = draw(class_map, target_error=0.03, expected="1=0.6, 0.9", min_per_class=60)
    assert len(points) == 217
    assert found.expected_error > 0.033
    assert "The expected standard error is above TARGET_ERROR (0.03)" in log


def test_every_pixel_of_a_class_is_as_likely(class_map: Path) -> None:
    drawn = Counter(
        pixel(item) for seed in range(60) for item in draw(class_map, size=570, min_per_class=0, seed=seed)[1]
    )
    counts = np.array([drawn[row, column] for row in range(3, 60) for column in range(100)])
    # 0.1 of 60 draws; each pixel's count is binomial.
    assert counts.mean() == pytest.approx(6, rel=0.01)
    assert counts.var() == pytest.approx(60 * 0.1 * 0.9, rel=0.1)


def test_the_same_seed_draws_the_same_points(class_map: Path) -> None:
    first, again, other = (draw(class_map, size=50, seed=seed)[1] for seed in (4, 4, 5))
    assert first == again != other


def test_labelled_points_estimate_the_true_areas(class_map: Path, tmp_path: Path) -> None:
    """The truth moves a border by ten columns; the estimate finds it within its interval."""
    _, points, _ = draw(class_map, target_error=0.02)
    labelled = tmp_path / "labelled.jsonl"
    with labelled.open("w") as file:
        for item in points:
            column = pixel(item)[1]
            truth = 1 if column < 60 else 7 if column < 95 else 9
            record = {"geometry": {"type": "Point", "coordinates": [item["x"], item["y"]]}, "class": truth}
            file.write(json.dumps({**record, "group": item["id"]}) + "\n")
    table = tmp_path / "table.csv"
    request = AssessRequest(
        RasterSource(str(class_map)), str(labelled), design="stratified_by_map", table=str(table)
    )
    found = assess(request, SilentProgress())
    assert found.overall_accuracy is not None and found.overall_accuracy_ci is not None
    assert abs(found.overall_accuracy - 0.9) < 1.5 * found.overall_accuracy_ci
    row = dict(zip(*(line.split(",") for line in table.read_text().splitlines()[:2]), strict=True))
    assert abs(float(row["area_ha"]) - 57 * 60 * 0.04) < 1.5 * float(row["area_ci_ha"])


def test_few_expected_errors_are_warned_of(class_map: Path) -> None:
    assert "Fewer than 5 errors" in draw(class_map, size=300, expected="9=0.95, 0.8")[2]
    assert "Fewer than 5 errors" not in draw(class_map, size=300, expected="0.8")[2]


def test_small_classes_give_all_their_pixels(class_map: Path) -> None:
    _, points, _ = draw(class_map, size=10, min_per_class=400)
    assert Counter(item["stratum"] for item in points)[9] == 57 * 5


@pytest.mark.parametrize(
    "changes",
    [
        {"size": -1},
        {"target_error": 0.0},
        {"target_error": 0.7},
        {"min_per_class": -1},
        {"allocation": "even"},
    ],
)
def test_numbers_out_of_range_get_a_sentence(class_map: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        draw(class_map, **changes)


def test_a_map_without_classes_gets_a_sentence(make_raster: Make) -> None:
    empty = make_raster(np.zeros((9, 9), dtype=np.uint8), name="empty.tif", nodata=0)
    with pytest.raises(SampleError, match="no classified pixel"):
        draw(empty, size=10)
