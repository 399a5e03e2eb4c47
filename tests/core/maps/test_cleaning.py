"""Cleaning of a map strip by strip is that of the whole array: patches by scipy, filters pixel by pixel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rasterio.crs import CRS
from scipy.ndimage import label

from deep_land_cover.core.maps.cleaning import CleanedMap, Cleaning, clean_map
from deep_land_cover.core.maps.generalise import Generalisation
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.pixel_area import pixel_areas

NOTHING = 255
VALUES = (0, 2, 3, 7)
METRES = Grid(22, 26, (30.0, 0.0, 500_000.0, 0.0, -30.0, 900_000.0), CRS.from_epsg(32636).to_wkt())
DEGREES = Grid(22, 26, (0.5, 0.0, 10.0, 0.0, -0.5, 70.0), CRS.from_epsg(4326).to_wkt())
MERCATOR = Grid(22, 26, (3e4, 0.0, 0.0, 0.0, -3e4, 9e6), CRS.from_epsg(3857).to_wkt())
Classes = NDArray[Any]


def cleaned(
    values: Classes,
    grid: Grid,
    cleaning: Cleaning,
    rows: int,
    probabilities: NDArray[Any] | None = None,
) -> tuple[Classes, CleanedMap]:
    """Return the cleaned map, read in strips of ``rows`` rows, and its figures."""
    result = np.full(values.shape, -1)

    def read(tile: Tile) -> tuple[Classes, NDArray[np.bool_]]:
        part = values[tile.row : tile.row_stop]
        return part, part != NOTHING

    def write(tile: Tile, part: Classes) -> None:
        result[tile.row : tile.row_stop] = part

    class Bands:
        def read(self, tile: Tile) -> tuple[Sequence[Classes], NDArray[np.bool_]]:
            bands = probabilities[:, tile.row : tile.row_stop]  # type: ignore[index]
            return list(bands), bands[0] != NOTHING

    figures = clean_map(
        read,
        grid,
        VALUES,
        cleaning,
        write,
        NOTHING,
        SilentProgress(),
        None if probabilities is None else Bands(),
        strip_pixels=rows * grid.width,
    )
    return result, figures


def generalised(
    values: Classes, grid: Grid, unit: Generalisation, probabilities: NDArray[Any] | None = None
) -> Classes:
    """Return the generalised map by its definition: one pass over the whole array in each round."""
    values = values.copy()
    hectares = np.broadcast_to(pixel_areas(grid).of(grid.window), values.shape)
    structure = np.ones((3, 3)) if unit.connectivity == 8 else None
    while True:
        patches, classes, areas = np.zeros(values.shape, dtype=int), [NOTHING], [np.inf]
        for value in VALUES:
            found, count = label(values == value, structure)
            patches[found > 0] = found[found > 0] + len(classes) - 1
            classes += [value] * count
            areas += [hectares[found == number].sum() for number in range(1, count + 1)]
        mmus = [unit.mmu_of_class.get(value, unit.mmu) for value in classes]
        is_large = [
            value in unit.keep or area >= mmu * (1 - 1e-9)
            for value, area, mmu in zip(classes, areas, mmus, strict=True)
        ]
        borders: dict[int, Counter[int]] = {}
        for one, other in ((patches[1:], patches[:-1]), (patches[:, 1:], patches[:, :-1])):
            for a, b in (*zip(one.flat, other.flat, strict=True), *zip(other.flat, one.flat, strict=True)):
                if not is_large[a] and a != b and is_large[b] and classes[b] not in (*unit.keep, NOTHING):
                    borders.setdefault(a, Counter())[classes[b]] += 1
        if not borders:
            return values
        for patch, lengths in borders.items():
            is_patch = patches == patch
            scores: dict[int, float] = dict(lengths)
            if probabilities is not None and (probabilities[0][is_patch] != NOTHING).any():
                known = is_patch & (probabilities[0] != NOTHING)
                scores = {item: probabilities[VALUES.index(item)][known].mean() for item in lengths}
            values[is_patch] = min(scores, key=lambda item: (-scores[item], item))


def random_map(generator: np.random.Generator, grid: Grid, empty: float) -> Classes:
    """Return patches of all sizes: blocks of three pixels, of which some pixels are noise."""
    shape = grid.height, grid.width
    coarse = generator.choice(VALUES, (shape[0] // 3 + 1, shape[1] // 3 + 1))
    values = np.kron(coarse, np.ones((3, 3), dtype=int))[: shape[0], : shape[1]]
    is_noise = generator.random(shape) < generator.choice([0.1, 0.3, 0.6])
    values[is_noise] = generator.choice(VALUES, int(is_noise.sum()))
    values[generator.random(shape) < empty] = NOTHING
    return values


@pytest.mark.medium(but=("metres-4",))
@pytest.mark.parametrize("connectivity", [4, 8])
@pytest.mark.parametrize("grid", [METRES, DEGREES, MERCATOR], ids=["metres", "degrees", "mercator"])
def test_strips_of_any_height_are_generalised_as_one(grid: Grid, connectivity: int) -> None:
    pixel = float(np.mean(pixel_areas(grid).of(grid.window)))
    for seed in range(6):
        generator = np.random.default_rng(seed)
        values = random_map(generator, grid, empty=(0.0, 0.1, 0.4)[seed % 3])
        # Equal to whole numbers of pixels where all have the same area.
        mmu = pixel * (generator.integers(2, 12) - (0.0 if grid is METRES else 0.4))
        own = {3: pixel * 2.6, 0: 0.0} if seed % 2 else {}
        unit = Generalisation(mmu, connectivity, frozenset({7} if seed >= 3 else ()), own)
        expected = generalised(values, grid, unit)
        for rows in (1, 2, 7, 26):
            result, _figures = cleaned(values, grid, Cleaning(unit), rows)
            np.testing.assert_array_equal(result, expected, f"seed {seed}, {rows} rows")


@pytest.mark.parametrize("steps", [2, 250])
def test_probabilities_decide_between_the_classes_of_the_neighbours(steps: int) -> None:
    # With two steps, most probabilities are equal: the lower class value then.
    for seed in range(6):
        generator = np.random.default_rng(seed)
        values = random_map(generator, METRES, empty=0.1)
        probabilities = generator.integers(0, steps, (len(VALUES), *values.shape))
        probabilities[:, generator.random(values.shape) < 0.3] = NOTHING
        unit = Generalisation(0.09 * 6, 8, frozenset({7} if seed % 2 else ()))
        expected = generalised(values, METRES, unit, probabilities)
        for rows in (3, 26):
            result, _figures = cleaned(values, METRES, Cleaning(unit), rows, probabilities)
            np.testing.assert_array_equal(result, expected, f"seed {seed}, {rows} rows")


def test_figures_are_those_of_the_maps() -> None:
    for grid in (METRES, MERCATOR):
        hectares = np.broadcast_to(pixel_areas(grid).of(grid.window), (grid.height, grid.width))
        values = random_map(np.random.default_rng(1), grid, empty=0.1)
        unit = Generalisation(float(np.mean(hectares)) * 5.6, 4, frozenset({7}))
        result, figures = cleaned(values, grid, Cleaning(unit), 5)
        for number, value in enumerate(VALUES):
            for array, pixels, area in (
                (values, figures.pixels_before, figures.hectares_before),
                (result, figures.pixels_after, figures.hectares_after),
            ):
                assert pixels[number] == np.count_nonzero(array == value)
                assert area[number] == pytest.approx(hectares[array == value].sum(), rel=1e-6)
            patches, count = label(values == value)
            areas = [hectares[patches == patch].sum() for patch in range(1, count + 1)]
            small = 0 if value == 7 else sum(area < unit.mmu for area in areas)
            # Others became part of a large patch of their own class.
            assert figures.removed[number] + figures.stranded[number] <= small
            assert figures.removed[number] >= small / 2
        assert figures.dissolved_pixels == np.count_nonzero(result != values)


def test_a_patch_of_exactly_the_unit_stays_and_a_chain_is_dissolved_round_by_round() -> None:
    values = np.zeros((26, 22), dtype=int)
    values[3, 3:9] = 2
    values[10, 3:8] = 2
    values[20, 10:13] = (2, 3, 7)
    result, figures = cleaned(values, METRES, Cleaning(Generalisation(0.54)), 4)
    expected = np.zeros_like(values)
    expected[3, 3:9] = 2
    np.testing.assert_array_equal(result, expected)
    assert figures.removed.tolist() == [0, 2, 1, 1]


def test_patches_without_a_large_neighbour_stay() -> None:
    values = np.full((26, 22), NOTHING)
    values[5, 5], values[5, 6], values[9, 9] = 2, 3, 0
    result, figures = cleaned(values, METRES, Cleaning(Generalisation(1.0)), 3)
    np.testing.assert_array_equal(result, values)
    assert figures.stranded.tolist() == [1, 1, 1, 0]


def majority(values: Classes, window: int, keep: Sequence[int]) -> Classes:
    radius, result = window // 2, values.copy()
    for (row, column), value in np.ndenumerate(values):
        part = values[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
        counts = Counter(part[part != NOTHING].tolist()).most_common()
        if value in (*keep, NOTHING) or counts[0][0] in keep:
            continue
        if len(counts) == 1 or counts[0][1] > counts[1][1]:
            result[row, column] = counts[0][0]
    return result


def thinned(values: Classes, width: int, keep: Sequence[int]) -> Classes:
    result = values.copy()
    for (row, column), value in np.ndenumerate(values):
        choices = []
        for line, place in ((values[row], column), (values[:, column], row)):
            left = place
            while left >= 0 and line[left] == value:
                left -= 1
            right = place
            while right < len(line) and line[right] == value:
                right += 1
            if left < 0 or right == len(line) or right - left - 1 >= width:
                continue
            if len({line[left], line[right], NOTHING}) == 3:
                ends = ((place - left, line[left]), (right - place, line[right]))
                choices += [end for end in ends if end[1] not in keep]
        if value not in (*keep, NOTHING) and choices:
            result[row, column] = min(choices)[1]
    return result


@pytest.mark.parametrize("rows", [1, 4, 26])
def test_majority_keeps_the_centre_at_ties(rows: int) -> None:
    for seed, keep in ((0, ()), (1, (7,))):
        values = random_map(np.random.default_rng(seed), METRES, empty=0.2)
        for window in (3, 5):
            cleaning = Cleaning(Generalisation(0.0, keep=frozenset(keep)), majority=window)
            result, figures = cleaned(values, METRES, cleaning, rows)
            np.testing.assert_array_equal(result, majority(values, window, keep))
            assert figures.majority_pixels == np.count_nonzero(result != values)


@pytest.mark.parametrize("rows", [1, 4, 26])
def test_thin_strips_between_two_other_classes_are_dissolved(rows: int) -> None:
    for seed, keep in ((0, ()), (1, (7,))):
        values = random_map(np.random.default_rng(seed), METRES, empty=0.1)
        for width in (2, 4):
            cleaning = Cleaning(Generalisation(0.0, keep=frozenset(keep)), thin=width)
            result, figures = cleaned(values, METRES, cleaning, rows)
            np.testing.assert_array_equal(result, thinned(values, width, keep))
            assert figures.thin_pixels == np.count_nonzero(result != values)


def test_a_road_within_one_class_is_no_strip_between_two() -> None:
    values = np.zeros((26, 22), dtype=int)
    values[:, 10], values[:, 15], values[:, 16:] = 2, 2, 3
    result, _figures = cleaned(values, METRES, Cleaning(Generalisation(0.0), thin=3), 5)
    assert (result[:, 10] == 2).all()
    assert (result[:, 15] == 0).all()


def test_steps_follow_each_other() -> None:
    values = random_map(np.random.default_rng(4), METRES, empty=0.1)
    unit = Generalisation(0.54, keep=frozenset({7}))
    expected = generalised(thinned(majority(values, 3, (7,)), 3, (7,)), METRES, unit)
    for rows in (1, 6, 26):
        result, _figures = cleaned(values, METRES, Cleaning(unit, majority=3, thin=3), rows)
        np.testing.assert_array_equal(result, expected)
