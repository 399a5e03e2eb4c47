"""Change between two maps, against one pass over the whole arrays, hand-made matrices and brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from scipy import ndimage

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import LandCoverError
from deep_land_cover.core.maps.change import (
    ChangeRule,
    count_pairs,
    find_small_patches,
    write_from_to,
)
from deep_land_cover.core.maps.change_strata import strata_of, write_strata
from deep_land_cover.core.maps.crosswalk import read_crosswalk, read_groups, read_rules
from deep_land_cover.core.maps.intensity import ChangeMatrix, intensity, matrix_of
from deep_land_cover.core.maps.transitions import transition_legend
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import ClassRaster, open_class_raster
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.pixel_area import pixel_hectares
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map

WKT = CRS.from_epsg(32636).to_wkt()
UTM = (30.0, 0.0, 700_000.0, 0.0, -30.0, 800_000.0)
DEGREES = (0.001, 0.0, 40.0, 0.0, -0.001, 60.0)
CLASSES = (
    LandCoverClass(1, "Forest", "#228B22"),
    LandCoverClass(2, "Pasture", "#B8E08C"),
    LandCoverClass(3, "Water", "#0066CC"),
    LandCoverClass(5, "Built-up", "#DC143C"),
)
SAME = ChangeRule({item.value: item.value for item in CLASSES}, {item.value: item.value for item in CLASSES})
RNG = np.random.default_rng(3)


def patchy(shape: tuple[int, int], seed: int, size: int = 3) -> NDArray[np.int64]:
    """Return a map of clumps of the classes."""
    noise = np.random.default_rng(seed).random((len(CLASSES), *shape))
    smooth = np.stack([ndimage.uniform_filter(layer, size) for layer in noise])
    return np.array([item.value for item in CLASSES])[smooth.argmax(axis=0)]


@contextmanager
def maps_of(
    folder: Path,
    *arrays: NDArray[np.int64],
    valid: tuple[NDArray[np.bool_], ...] = (),
    degrees: bool = False,
) -> Iterator[list[ClassRaster]]:
    """Write maps and open them."""
    height, width = arrays[0].shape
    wkt = CRS.from_epsg(4326).to_wkt() if degrees else WKT
    grid = Grid(width, height, DEGREES if degrees else UTM, wkt)
    with ExitStack() as stack:
        opened = []
        for number, values in enumerate(arrays):
            path = folder / f"map_{number}.tif"
            known = valid[number] if valid else None
            write_class_map(path, values, grid, CLASSES, SilentProgress(), valid=known)
            opened.append(
                stack.enter_context(open_class_raster(RasterSource(str(path)), SilentProgress(), grid))
            )
        yield opened


def close_to(matrix: ChangeMatrix) -> tuple[float, ...]:
    parts = matrix.components()
    return parts.total, parts.quantity, parts.exchange, parts.shift


@pytest.mark.parametrize("degrees", [False, True])
@pytest.mark.parametrize("strip", [40, 4000])
def test_pairs_and_their_areas_are_those_of_one_pass(tmp_path: Path, degrees: bool, strip: int) -> None:
    before, after = patchy((37, 29), 1), patchy((37, 29), 2)
    valid = tuple(RNG.random(before.shape) > 0.1 for _ in range(2))
    with maps_of(tmp_path, before, after, valid=valid, degrees=degrees) as maps:
        counts = count_pairs(maps, SilentProgress(), strip)
        areas = np.broadcast_to(pixel_hectares(maps[0].grid)[:, None], before.shape)
    both = valid[0] & valid[1]
    pairs = list(zip(before[both].tolist(), after[both].tolist(), strict=True))
    assert counts.pixels == Counter(pairs)
    hectares: Counter[tuple[int, int]] = Counter()
    for pair, area in zip(pairs, areas[both].tolist(), strict=True):
        hectares[pair] += area
    assert counts.hectares == pytest.approx(dict(hectares))
    assert counts.only_before == Counter(before[valid[0] & ~valid[1]].tolist())
    assert counts.only_after == Counter(after[valid[1] & ~valid[0]].tolist())


def test_values_of_any_size_are_counted(tmp_path: Path) -> None:
    old, new = np.array([[-5, 70_000], [3, 70_000]]), np.array([[3, 3], [-5, 70_000]])
    grid = Grid(2, 2, UTM, WKT)
    classes = tuple(LandCoverClass(value, f"N{value}", "#123456") for value in (-5, 3, 70_000))
    with ExitStack() as stack:
        maps = []
        for name, values in (("a.tif", old), ("b.tif", new)):
            write_class_map(tmp_path / name, values, grid, classes, SilentProgress())
            source = RasterSource(str(tmp_path / name))
            maps.append(stack.enter_context(open_class_raster(source, SilentProgress())))
        counts = count_pairs(maps, SilentProgress())
    assert counts.pixels == {(-5, 3): 1, (70_000, 3): 1, (3, -5): 1, (70_000, 70_000): 1}
    legend = transition_legend(classes, counts.hectares)
    assert not legend.is_positional and sorted(legend.values.values()) == [1, 2, 3, 4]


@pytest.mark.parametrize("has_corners", [True, False])
@pytest.mark.parametrize("strip", [29, 29 * 5, 4000])
def test_small_patches_are_those_of_one_labelling(tmp_path: Path, has_corners: bool, strip: int) -> None:
    before, after = patchy((41, 29), 5, 5), patchy((41, 29), 6, 5)
    after = np.where(RNG.random(before.shape) < 0.75, before, after)
    # A pixel has 0.09 ha: patches of up to 4 pixels are small.
    minimum = 0.45
    labels, _ = ndimage.label(before != after, np.ones((3, 3)) if has_corners else None)
    sizes = np.bincount(labels.ravel())
    small = (sizes[labels] < 5) & (labels > 0)
    with maps_of(tmp_path, before, after) as maps:
        patches, counts = find_small_patches(maps, SAME, minimum, has_corners, SilentProgress(), strip)
        legend = transition_legend(CLASSES, counts.hectares, True)
        path = tmp_path / "change.tif"
        write_from_to(path, maps, SAME, legend, patches, "change", {}, SilentProgress(), strip)
    assert counts.patches_below == np.count_nonzero(sizes[1:] < 5)
    assert sum(counts.below_pixels.values()) == np.count_nonzero(small)
    assert counts.pixels == Counter(zip(before[~small].tolist(), after[~small].tolist(), strict=True))
    with rasterio.open(path) as dataset:
        written = dataset.read(1)
    assert (written == np.where(small, legend.below, 10 * before + after)).all()


def test_the_from_to_raster_names_and_colours_what_occurs(tmp_path: Path) -> None:
    before = np.array([[1, 1, 1], [2, 3, 5], [1, 1, 1]])
    after = np.array([[1, 1, 2], [2, 3, 2], [5, 1, 1]])
    valid = np.ones((3, 3), dtype=bool), np.array([[True] * 3, [True] * 3, [True, True, False]])
    with maps_of(tmp_path, before, after, valid=valid) as maps:
        counts = count_pairs(maps, SilentProgress())
        legend = transition_legend(CLASSES, counts.hectares)
        path = tmp_path / "change.tif"
        write_from_to(path, maps, SAME, legend, None, "change", {}, SilentProgress())
    with rasterio.open(path) as dataset:
        written = dataset.read(1, masked=True)
        assert dataset.dtypes[0] == "uint8"
        colours = dataset.colormap(1)
    assert written.filled(0).tolist() == [[11, 11, 12], [22, 33, 52], [15, 11, 0]]
    assert {item.value: item.name for item in legend.classes} == {
        11: "Forest → Forest",
        12: "Forest → Pasture",
        15: "Forest → Built-up",
        22: "Pasture → Pasture",
        33: "Water → Water",
        52: "Built-up → Pasture",
    }
    assert colours[15][:3] == (0xDC, 0x14, 0x3C)
    # Persistence is paler than the class.
    assert min(colours[11][:3]) > 0xB0 and len({item.color for item in legend.classes}) == 6


def test_classes_that_only_meet_gaps_of_the_other_map_are_left_out(tmp_path: Path) -> None:
    before, after = np.array([[1, 2, 3, 3]]), np.array([[1, 5, 1, 1]])
    valid = np.array([[True, True, False, True]]), np.array([[True, False, True, True]])
    with maps_of(tmp_path, before, after, valid=valid) as maps:
        counts = count_pairs(maps, SilentProgress())
        assert counts.pixels == {(1, 1): 1, (3, 1): 1}
        assert (counts.only_before, counts.only_after) == ({2: 1}, {1: 1})
        rule = ChangeRule({1: 1, 3: 3}, {1: 1})
        legend = transition_legend(CLASSES, counts.hectares)
        path = tmp_path / "change.tif"
        write_from_to(path, maps, rule, legend, None, "change", {}, SilentProgress())
        _patches, small = find_small_patches(maps, rule, 1.0, True, SilentProgress())
    assert small.below_pixels == {(3, 1): 1}
    with rasterio.open(path) as file:
        assert file.read_masks(1).astype(bool).tolist() == [[True, False, False, True]]


def test_colours_of_many_transitions_differ() -> None:
    hectares = {(a.value, b.value): 1.0 for a in CLASSES for b in CLASSES}
    legend = transition_legend(CLASSES, hectares)
    colours = np.array([item.rgb for item in legend.classes], dtype=float)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2) + 1000 * np.eye(len(colours))
    assert apart.min() > 12


def test_large_values_get_numbers_of_their_own() -> None:
    classes = tuple(LandCoverClass(value, str(value), "#123456") for value in (10, 20, 100))
    legend = transition_legend(classes, {(10, 20): 1.0, (100, 100): 1.0, (10, 10): 1.0}, True)
    assert legend.values == {(10, 10): 1, (10, 20): 2, (100, 100): 3} and legend.below == 4
    assert transition_legend(classes[:2], {(10, 20): 1.0}).values == {(10, 20): 1020}


# Hand-made, with the components that pontiPy 3.0 of Pontius gives.
MATRIX = ChangeMatrix(
    CLASSES, np.array([[50, 3, 2, 5], [4, 30, 1, 0], [0, 6, 20, 2], [1, 2, 3, 10]], dtype=float)
)


def test_components_of_change_are_those_of_the_published_method() -> None:
    changes = MATRIX.of_classes()
    assert [item.gain for item in changes] == [5, 11, 6, 7]
    assert [item.loss for item in changes] == [10, 5, 8, 6]
    assert [item.net for item in changes] == [-5, 6, -2, 1]
    assert [item.swap for item in changes] == [10, 10, 12, 12]
    assert close_to(MATRIX) == (29, 7, 14, 8)


@pytest.mark.parametrize("seed", range(5))
def test_identities_of_change(seed: int) -> None:
    matrix = ChangeMatrix(CLASSES, np.random.default_rng(seed).gamma(0.5, 10, (4, 4)))
    for item in matrix.of_classes():
        assert item.gain - item.loss == pytest.approx(item.net)
        assert item.gain + item.loss == pytest.approx(abs(item.net) + item.swap)
        assert item.after - item.before == pytest.approx(item.net)
        assert item.before == pytest.approx(item.persistence + item.loss)
    total, quantity, exchange, shift = close_to(matrix)
    assert quantity + exchange + shift == pytest.approx(total) == pytest.approx(matrix.changed)


def test_two_classes_that_swap_are_exchange_and_three_in_a_ring_are_shift() -> None:
    swapped = np.array([[0, 5, 0, 0], [5, 0, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9]], dtype=float)
    assert close_to(ChangeMatrix(CLASSES, swapped)) == (10, 0, 10, 0)
    ring = np.array([[0, 5, 0, 0], [0, 0, 5, 0], [5, 0, 0, 0], [0, 0, 0, 9]], dtype=float)
    assert close_to(ChangeMatrix(CLASSES, ring)) == (15, 0, 0, 15)


def test_intensities_are_those_of_the_formulas() -> None:
    found = intensity(MATRIX, years=2.0)
    assert found.change == pytest.approx(29 / 139 / 2)
    # Gains per area of the class at the end, losses per area at the beginning, of two years.
    assert found.gains == pytest.approx((5 / 55 / 2, 11 / 41 / 2, 6 / 26 / 2, 7 / 17 / 2))
    assert found.losses == pytest.approx((10 / 60 / 2, 5 / 35 / 2, 8 / 28 / 2, 6 / 16 / 2))
    into = {(item.source, item.target): item for item in found.transitions}
    # From Water to Pasture: of 28 ha of Water; of all 139 - 35 ha that were not Pasture, 11 became it.
    item = into[2, 1]
    assert item.into == pytest.approx(6 / 28 / 2) and item.uniform_into == pytest.approx(11 / 104 / 2)
    assert item.is_targeted and not into[0, 1].is_targeted
    # And seen from the loss of Water: of 41 ha of Pasture at the end.
    assert item.out_of == pytest.approx(6 / 41 / 2)
    assert item.uniform_out_of == pytest.approx(8 / (139 - 26) / 2)
    assert (1, 3) not in into
    assert MATRIX.of_classes()[0].annual_rate(2.0) == pytest.approx(np.log(55 / 60) / 2)


def test_change_within_a_group_is_persistence(tmp_path: Path) -> None:
    table = tmp_path / "groups.csv"
    table.write_text("class;group;color\nForest;Natural;#00AA00\n3;Natural;\n", encoding="utf-8")
    groups, colors = read_groups(table, CLASSES)
    grouped = MATRIX.grouped(groups, colors)
    assert [(item.name, item.color) for item in grouped.classes] == [
        ("Natural", "#00AA00"),
        ("Pasture", "#B8E08C"),
        ("Built-up", "#DC143C"),
    ]
    assert grouped.hectares.tolist() == [[72, 9, 7], [5, 30, 0], [4, 2, 10]]


def test_a_class_may_be_missing_in_one_of_the_maps(tmp_path: Path) -> None:
    before, after = np.array([[1, 1], [2, 2]]), np.array([[1, 5], [5, 5]])
    with maps_of(tmp_path, before, after) as maps:
        counts = count_pairs(maps, SilentProgress())
    matrix = matrix_of(counts.hectares, CLASSES)
    pasture, built = matrix.of_classes()[1], matrix.of_classes()[3]
    assert pasture.after == 0 and built.before == 0 and built.gain == pytest.approx(0.27)
    assert pasture.annual_rate(1.0) is None
    found = intensity(matrix)
    assert found.gains[1] is None and found.losses[3] is None and found.losses[1] == 1


def test_a_crosswalk_brings_two_schemes_into_one(tmp_path: Path) -> None:
    before = (
        LandCoverClass(1, "Primary forest", "#004400"),
        LandCoverClass(2, "Secondary forest", "#008800"),
        LandCoverClass(3, "Water", "#0066CC"),
    )
    after = (LandCoverClass(10, "Tree cover", "#00FF00"), LandCoverClass(80, "Water", "#0000FF"))
    after += (LandCoverClass(99, "Unclassified", "#000000"),)
    table = tmp_path / "crosswalk.csv"
    table.write_text(
        "map,class,common,color\nbefore,Primary forest,Forest,#123456\nbefore,2,Forest,\nafter,tree  COVER,"
        "forest,\n,water,Water,\nafter,99,,\n",
        encoding="utf-8-sig",
    )
    scheme = read_crosswalk(table, before, after)
    forest = next(item for item in scheme.classes if item.name == "Forest")
    assert forest.color == "#123456" and forest.value not in (3, 80)
    assert scheme.before == {1: forest.value, 2: forest.value, 3: 3}
    assert scheme.after == {10: forest.value, 80: 3, 99: None}
    # The class that is left out counts as none.
    with maps_of(tmp_path, np.array([[1, 2, 3]]), np.array([[1, 2, 3]])) as maps:
        counts = count_pairs(maps, SilentProgress())
    recoded = counts.recoded({1: 7, 2: 7, 3: 3}, {1: 7, 2: None, 3: 7})
    assert recoded.pixels == {(7, 7): 1, (3, 7): 1} and recoded.only_before == {7: 1}


def test_a_class_that_is_left_out_counts_in_neither_map_beside_a_gap(tmp_path: Path) -> None:
    # The later map has a gap at pixels 2 to 4, the earlier one at the last three.
    before, after = np.array([[1, 1, 2, 2, 1, 1, 1]]), np.array([[1, 1, 1, 1, 3, 3, 1]])
    valid = np.array([[1, 1, 1, 1, 0, 0, 0]], bool), np.array([[1, 0, 0, 0, 1, 1, 1]], bool)
    with maps_of(tmp_path, before, after, valid=valid) as maps:
        counts = count_pairs(maps, SilentProgress())
    recoded = counts.recoded({1: 7, 2: None}, {1: 7, 3: None})
    assert recoded.pixels == {(7, 7): 1}
    assert (recoded.only_before, recoded.only_after) == ({7: 1}, {7: 1})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("map,class\nbefore,1\n", "lacks the columns common"),
        ("map,class,common\n", "no row"),
        ("map,class,common\nearlier,Forest,A\n", "not one of the maps"),
        ("map,class,common\nbefore,Rock,A\n", "no class 'Rock'"),
        ("map,class,common\n,Forest,A\n,Forest,B\n", "two rows"),
        ("map,class,common\n,Forest,A\n", "lacks classes"),
        ("map,class,common,color\n,Forest,A,red\n,2,A,\n,3,A,\n,5,A,\n", "not of the form"),
    ],
)
def test_a_wrong_crosswalk_is_refused(tmp_path: Path, text: str, words: str) -> None:
    table = tmp_path / "crosswalk.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(LandCoverError, match=words):
        read_crosswalk(table, CLASSES, CLASSES)


def test_rules_forbid_transitions(tmp_path: Path) -> None:
    table = tmp_path / "rules.csv"
    table.write_text("from,to,probability\nBuilt-up,*,\n5,Water,0.25\nRock,Water,\n", encoding="utf-8")
    assert read_rules(table, CLASSES) == {(5, 1): 0, (5, 2): 0, (5, 3): 0.25}
    table.write_text("from,to,probability\n1,2,two\n", encoding="utf-8")
    with pytest.raises(LandCoverError, match="not a probability"):
        read_rules(table, CLASSES)


@pytest.mark.parametrize("strip", [31, 4000])
@pytest.mark.parametrize("width", [1, 3])
def test_the_buffer_is_what_lies_near_change(tmp_path: Path, strip: int, width: int) -> None:
    before = patchy((40, 31), 8, 9)
    after = np.where(
        ndimage.uniform_filter(np.random.default_rng(9).random(before.shape), 5) > 0.6, 5, before
    )
    with maps_of(tmp_path, before, after) as maps:
        counts = count_pairs(maps, SilentProgress())
        legend = transition_legend(CLASSES, counts.hectares)
        change, path = tmp_path / "change.tif", tmp_path / "strata.tif"
        write_from_to(change, maps, SAME, legend, None, "change", {}, SilentProgress())
        strata = strata_of(legend, counts.hectares, 1, True)
        with open_class_raster(RasterSource(str(change)), SilentProgress()) as raster:
            numbers = write_strata(path, raster, strata, width, "strata", {}, SilentProgress(), strip)
    is_change = before != after
    near = ndimage.binary_dilation(is_change, np.ones((2 * width + 1,) * 2)) & ~is_change
    largest = max(legend.changes(), key=lambda pair: counts.hectares[pair])
    is_largest = (before == largest[0]) & (after == largest[1])
    other = next(item.value for item in strata.classes if item.name == "Other change")
    expected = np.where(is_change & ~is_largest, other, 10 * before + after)
    expected[near] = strata.buffer
    with rasterio.open(path) as dataset:
        assert (dataset.read(1) == expected).all()
    assert numbers[strata.buffer or 0] == np.count_nonzero(near)
