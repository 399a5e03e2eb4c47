from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasterio.crs import CRS

from deep_land_cover.core.classes import ClassScheme, LandCoverClass
from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.rasterize import burn, to_pixels
from deep_land_cover.core.samples import draw as thinning
from deep_land_cover.core.samples.draw import drawn
from deep_land_cover.core.samples.label_sources import samples_from_features
from deep_land_cover.core.samples.samples import Samples, check_samples

# 10 x 8 pixels of 2 m; x from 100 to 120, y from 216 down to 200.
GRID = Grid(10, 8, (2.0, 0.0, 100.0, 0.0, -2.0, 216.0), "")
SCHEME = ClassScheme("x", "X", (LandCoverClass(1, "Water", "#0066CC"), LandCoverClass(4, "Sawah", "#90EE90")))


def box(left: float, bottom: float, right: float, top: float) -> dict[str, Any]:
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {"type": "Polygon", "coordinates": [ring]}


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def feature(geometry: object, label: object, group: int = 0, name: str | None = None) -> dict[str, Any]:
    return {"geometry": geometry, "class": label, "name": name, "group": group}


def read(
    folder: Path,
    *features: dict[str, Any],
    grid: Grid = GRID,
    scheme: ClassScheme | None = None,
    seed: int = 0,
) -> tuple[Samples, list[str]]:
    path = folder / "samples.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in features), encoding="utf-8")
    progress = SilentProgress()
    samples = samples_from_features(path, grid, scheme, seed, progress)
    return samples, [text for _, text in progress.lines]


def places(samples: Samples, value: int) -> set[tuple[int, int]]:
    code = [item.value for item in samples.classes].index(value)
    chosen = samples.codes == code
    return set(zip(samples.rows[chosen].tolist(), samples.columns[chosen].tolist(), strict=True))


# 10 columns of a degree from 175 to 185, 8 rows from 4 down to -4.
ACROSS = Grid(10, 8, (1.0, 0.0, 175.0, 0.0, -1.0, 4.0), CRS.from_epsg(4326).to_wkt())


def test_labels_on_either_side_of_180_degrees_are_found(tmp_path: Path) -> None:
    halves = {"type": "MultiPolygon", "coordinates": [box(179, 3, 180, 4)["coordinates"]]}
    halves["coordinates"].append(box(-180, 3, -179, 4)["coordinates"])
    samples, lines = read(
        tmp_path,
        feature(box(-179, -1, -177, 1), 1),
        feature(point(-175.5, -3.5), 4, 1),
        feature(halves, 4, 2),
        grid=ACROSS,
    )
    assert places(samples, 1) == {(row, column) for row in (3, 4) for column in (6, 7)}
    assert places(samples, 4) == {(7, 9), (0, 4), (0, 5)}
    assert not [line for line in lines if "outside" in line]


def test_a_polygon_around_the_earth_covers_both_sides_of_180_degrees(tmp_path: Path) -> None:
    samples, _ = read(tmp_path, feature(box(-180, 0, 180, 1), 1), grid=ACROSS)
    assert places(samples, 1) == {(3, column) for column in range(10)}


def test_longitudes_of_0_to_360_find_labels_west_of_greenwich(tmp_path: Path) -> None:
    grid = Grid(360, 4, (1.0, 0.0, 0.0, 0.0, -1.0, 2.0), ACROSS.crs)
    samples, _ = read(tmp_path, feature(box(-70, 0, -68, 1), 1), feature(box(-1, 0, 1, 1), 4, 1), grid=grid)
    assert places(samples, 1) == {(1, 290), (1, 291)}
    assert places(samples, 4) == {(1, 359), (1, 0)}


def test_a_polygon_labels_the_pixels_whose_centres_lie_inside(tmp_path: Path) -> None:
    # Centres are at odd x and y: 101, 103, … and 215, 213, …
    samples, _ = read(tmp_path, feature(box(102.5, 211.5, 107.5, 213.5), 1))
    assert places(samples, 1) == {(1, 1), (1, 2), (1, 3)}


def test_a_polygon_partly_outside_is_clipped(tmp_path: Path) -> None:
    samples, _ = read(tmp_path, feature(box(90, 212, 104, 230), 1))
    assert places(samples, 1) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_hole_labels_nothing(tmp_path: Path) -> None:
    geometry = box(100, 200, 120, 216)
    geometry["coordinates"] += box(102, 202, 118, 214)["coordinates"]
    samples, _ = read(tmp_path, feature(geometry, 1))
    assert len(samples) == 10 * 8 - 8 * 6


def test_all_parts_of_a_multipolygon_count(tmp_path: Path) -> None:
    parts = [box(100, 214, 102, 216)["coordinates"], box(118, 200, 120, 202)["coordinates"]]
    samples, _ = read(tmp_path, feature({"type": "MultiPolygon", "coordinates": parts}, 1))
    assert places(samples, 1) == {(0, 0), (7, 9)}


def test_points_label_the_pixel_that_they_fall_in(tmp_path: Path) -> None:
    samples, _ = read(
        tmp_path,
        feature(point(100.0, 216.0), 1),
        feature({"type": "MultiPoint", "coordinates": [[119.9, 200.1, 7.5], [119.8, 200.2]]}, 2, 1),
    )
    assert places(samples, 1) == {(0, 0)}
    assert places(samples, 2) == {(7, 9)}


@pytest.mark.parametrize(("size", "left", "top"), [(10.0, 500_000.0, 5_400_000.0), (0.0001, 107.1, -6.3)])
def test_a_point_on_a_corner_labels_the_pixel_to_its_lower_right(
    tmp_path: Path, size: float, left: float, top: float
) -> None:
    """GDAL has it so, but the corners of small pixels miss whole numbers by rounding."""
    grid = Grid(150, 150, (size, 0.0, left, 0.0, -size, top), "")
    corners = [(row, column) for row in range(0, 150, 7) for column in range(0, 150, 7)]
    points = (feature(point(left + size * column, top - size * row), 1) for row, column in corners)
    assert places(read(tmp_path, *points, grid=grid)[0], 1) == set(corners)


def test_spellings_of_one_name_are_one_class_and_the_log_says_so(tmp_path: Path) -> None:
    names = ("Forest", "forest", "Forest ", "Water")
    samples, log = read(
        tmp_path, *(feature(point(101 + 2 * number, 201), name, number) for number, name in enumerate(names))
    )
    assert [(item.value, item.name) for item in samples.classes] == [(1, "Forest"), (2, "Water")]
    assert samples.counts().tolist() == [3, 1]
    assert any("'Forest', 'forest' differ only in case" in line for line in log)
    assert any("Forest → 1, Water → 2" in line for line in log)


def test_two_codes_of_one_name_stay_two_classes_and_the_log_says_so(tmp_path: Path) -> None:
    samples, log = read(
        tmp_path,
        feature(point(101, 201), 2, name="Forest"),
        feature(point(103, 201), 12, name="Forest"),
    )
    assert [(item.value, item.name) for item in samples.classes] == [(2, "Forest"), (12, "Forest")]
    assert any("same name: 2 Forest, 12 Forest" in line for line in log)


def test_a_point_on_the_far_edge_lies_outside(tmp_path: Path) -> None:
    samples, log = read(tmp_path, feature(point(120.0, 208.0), 1), feature(point(101, 201), 1))
    assert len(samples) == 1
    assert log == ["1 of 2 labelled features lie outside the raster: 1: 1."]


@pytest.mark.parametrize(
    "transform",
    [
        (2.0, 0.0, 100.0, 0.0, 2.0, 200.0),  # south-up
        (0.0, 2.0, 100.0, 2.0, 0.0, 200.0),  # rotated by a quarter turn and mirrored
        (1.2, -0.9, 110.0, 0.9, 1.2, 200.0),
    ],
)
def test_any_georeferencing_labels_the_pixels_whose_centres_lie_inside(
    tmp_path: Path, transform: tuple[float, float, float, float, float, float]
) -> None:
    grid = Grid(10, 8, transform, "")
    samples, _ = read(tmp_path, feature(box(103.1, 202.1, 109.3, 208.7), 1), grid=grid)
    expected = set()
    for row in range(8):
        for column in range(10):
            x, y = grid.position(row + 0.5, column + 0.5)
            if 103.1 < x < 109.3 and 202.1 < y < 208.7:
                expected.add((row, column))
    assert places(samples, 1) == expected


def test_a_polygon_without_a_pixel_centre_labels_what_it_touches(tmp_path: Path) -> None:
    samples, log = read(tmp_path, feature(box(104.1, 210.1, 104.6, 210.6), 1))
    assert places(samples, 1) == {(2, 2)}
    assert "1 polygons contain no pixel centre and label all pixels that they touch." in log


def test_pixels_that_two_classes_claim_are_dropped_and_counted(tmp_path: Path) -> None:
    samples, log = read(
        tmp_path, feature(box(100, 212, 104, 216), 1, 0), feature(box(102, 212, 106, 216), 2, 1)
    )
    assert places(samples, 1) == {(0, 0), (1, 0)}
    assert places(samples, 2) == {(0, 2), (1, 2)}
    assert "2 pixels with labels of different classes are dropped: 1: 2, 2: 2." in log


def test_pixels_that_one_class_claims_twice_count_once(tmp_path: Path) -> None:
    samples, _ = read(
        tmp_path, feature(box(100, 212, 104, 216), 1, 5), feature(box(102, 212, 106, 216), 1, 6)
    )
    assert len(samples) == 6
    assert sorted(samples.groups.tolist()) == [5, 5, 5, 5, 6, 6]


def test_features_all_outside_are_an_error_that_counts_them(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="None of the 2 labelled features lies in the raster"):
        read(tmp_path, feature(box(0, 0, 5, 5), 1), feature(point(0, 0), 2))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (feature(None, 1, name="Wood"), "without geometry are skipped: 1 Wood: 1."),
        (feature({"type": "Polygon", "coordinates": []}, 2), "without geometry are skipped: 2 Sawah: 1."),
        (
            feature({"type": "LineString", "coordinates": [[101, 201], [110, 210]]}, 1),
            "that are neither polygon nor point are skipped: 1: 1.",
        ),
        (feature(point(101, 201), None), "without a class are skipped."),
        (feature(point(101, 201), "  "), "without a class are skipped."),
    ],
)
def test_a_feature_that_labels_nothing_is_skipped_and_counted(
    tmp_path: Path, item: dict[str, Any], reason: str
) -> None:
    samples, log = read(tmp_path, item, feature(point(103, 203), 2, name="Sawah"))
    assert len(samples) == 1
    assert log == [f"1 features {reason}"]


def test_nothing_but_skipped_features_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="no polygon or point with a class"):
        read(tmp_path, feature(None, 1))


@pytest.mark.parametrize("content", ["not json\n", "[1]\n", '{"geometry": '])
def test_a_damaged_file_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text(content)
    with pytest.raises(SampleError, match="not JSON lines"):
        samples_from_features(path, GRID, None, 0, SilentProgress())


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="cannot be read"):
        samples_from_features(tmp_path / "absent", GRID, None, 0, SilentProgress())


def test_class_values_may_have_gaps_be_negative_and_big(tmp_path: Path) -> None:
    values = (0, 20041, -3, 2**31 - 1)
    items = (feature(point(101 + 2 * number, 201), value) for number, value in enumerate(values))
    samples, _ = read(tmp_path, *items)
    assert [item.value for item in samples.classes] == sorted(values)
    assert [samples.classes[code].value for code in samples.codes[np.argsort(samples.columns)]] == list(
        values
    )


def test_a_value_too_big_for_a_map_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="must be between"):
        read(tmp_path, feature(point(101, 201), 2**31))


def test_a_fraction_is_no_class(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"1\.5"):
        read(tmp_path, feature(point(101, 201), 1.5))


def test_text_classes_get_one_to_n_and_keep_their_names(tmp_path: Path) -> None:
    texts = ("Hutan rawa sekunder", "农田", "Sawah", "Água")
    items = (feature(point(101 + 2 * number, 201), text, number) for number, text in enumerate(texts))
    samples, _ = read(tmp_path, *items, scheme=SCHEME)
    assert [(item.value, item.name) for item in samples.classes] == list(enumerate(sorted(texts), start=1))
    by_name = {item.name: item.color for item in samples.classes}
    assert by_name["Sawah"] == "#90EE90"
    assert "#0066CC" not in by_name.values()  # value 1 of the scheme has nothing to do with them


def test_text_that_is_whole_numbers_keeps_its_numbers(tmp_path: Path) -> None:
    samples, _ = read(tmp_path, feature(point(101, 201), "11"), feature(point(103, 201), "6"))
    assert [item.value for item in samples.classes] == [6, 11]


def test_names_come_from_the_features_then_the_scheme_then_the_value(tmp_path: Path) -> None:
    samples, _ = read(
        tmp_path,
        feature(point(101, 201), 1, name=None),
        feature(point(103, 201), 4, name=" Padi "),
        feature(point(105, 201), 9),
        scheme=SCHEME,
    )
    assert [item.name for item in samples.classes] == ["Water", "Padi", "Class 9"]
    assert samples.classes[0].color == "#0066CC"
    assert samples.classes[1].color == "#90EE90"


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ((5, 5), "two classes"),
        ((1, 1, 4), "Class 4 Sawah has fewer than two samples"),
    ],
)
def test_samples_that_teach_nothing_are_refused(
    tmp_path: Path, labels: tuple[int, ...], sentence: str
) -> None:
    items = (feature(point(101 + 2 * number, 201), label) for number, label in enumerate(labels))
    samples, _ = read(tmp_path, *items, scheme=SCHEME)
    with pytest.raises(SampleError, match=sentence) as caught:
        check_samples(samples, "layer")
    assert caught.value.where == "layer"
    assert caught.value.advice


def test_a_large_class_is_thinned_to_the_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning, "POOL_PER_CLASS", 1000)
    grid = Grid(200, 200, (1.0, 0.0, 0.0, 0.0, -1.0, 200.0), "")
    items = feature(box(0, 0, 100, 200), 1, 0), feature(box(100, 0, 102, 200), 2, 1)
    samples, _ = read(tmp_path, *items, grid=grid)
    counts = samples.counts()
    assert 900 < counts[0] < 1100
    assert counts[1] == 400
    assert samples.stands_for == pytest.approx((20.0, 1.0))


def test_a_strip_wise_polygon_is_the_whole_one() -> None:
    shape = to_pixels(box(101.3, 201.7, 118.9, 214.3), GRID)
    whole = [np.concatenate(part) for part in zip(*burn(shape), strict=True)]
    strips = list(burn(shape, max_strip_pixels=20))
    assert len(strips) > 1
    assert [np.concatenate(part).tolist() for part in zip(*strips, strict=True)] == [
        part.tolist() for part in whole
    ]


@given(st.integers(0, 2**31), st.integers(0, 2**31), st.integers(0, 100))
def test_what_is_drawn_goes_by_place_alone(row: int, column: int, seed: int) -> None:
    rows, columns = np.array([row, 0, row]), np.array([column, 5, column])
    alone = drawn(rows[:1], columns[:1], np.array([0.5]), seed)
    assert drawn(rows, columns, np.full(3, 0.5), seed)[[0, 2]].tolist() == [alone[0], alone[0]]


def test_the_share_drawn_is_the_share_asked_for() -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:300, 0:300])
    for share in (0.01, 0.3, 0.9):
        # Three standard errors of a share of 90,000.
        bound = 3 * (share * (1 - share) / 90_000) ** 0.5
        assert drawn(rows, columns, np.full(90_000, share), 7).mean() == pytest.approx(share, abs=bound)


def test_another_seed_draws_other_pixels() -> None:
    rows, columns = (axis.ravel() for axis in np.mgrid[0:50, 0:50])
    shares = np.full(2500, 0.5)
    assert drawn(rows, columns, shares, 1).tolist() != drawn(rows, columns, shares, 2).tolist()
