"""Design-based intervals of accuracy and area: how often they hold the truth of a known population."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from deep_land_cover.core.assessment.comparison import gain_of_sample
from deep_land_cover.core.assessment.estimate import NORMAL_QUANTILE, EstimateArray
from deep_land_cover.core.assessment.estimators import (
    SampledCells,
    accuracy_of_sample,
    sampled_cells,
)
from deep_land_cover.core.assessment.point_sample import SampledMap, Unmapped, point_sample
from deep_land_cover.core.assessment.reference_units import ReferenceUnits
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.options import (
    BY_MAP,
    BY_WEIGHTS,
    OTHER,
    SIMPLE,
)

from .rows import DRAWS, LEAST_HELD, Table

CLASSES = tuple(LandCoverClass(code + 1, name, "#000000") for code, name in enumerate(("A", "B", "C")))
PIXELS = 1_000_000
# Shares of the area: strata of another map, classes of this map, true classes.
POPULATION = np.array(
    [
        [[0.45, 0.03, 0.005], [0.02, 0.06, 0.005], [0.005, 0.005, 0.02]],
        [[0.08, 0.02, 0.01], [0.02, 0.18, 0.01], [0.005, 0.015, 0.06]],
    ]
)
MATRIX = POPULATION.sum(axis=0)
# The example of Olofsson et al. 2014 (https://doi.org/10.1016/j.rse.2014.02.015, table 8): counts, and pixels
# of deforestation, forest gain, stable forest and stable non-forest in the map.
OLOFSSON = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]], dtype=np.float64)
OLOFSSON_PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000], dtype=np.float64)
# The mean of ratios has no interval of Wilson's with strata whose points are all alike.
LEAST = {"balanced": 0.88, "macro_f1": 0.88}
# Gains have plain intervals.
LEAST_OF_GAINS = 0.91


def truths(matrix: np.ndarray) -> dict[str, np.ndarray]:
    """Figures of a population by name; those of classes in the order of the classes."""
    hits, rows, columns = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    recall, f1 = hits / columns, 2 * hits / (rows + columns)
    return {
        "overall": np.array([hits.sum()]),
        "balanced": np.array([recall.mean()]),
        "macro_f1": np.array([f1.mean()]),
        "users": hits / rows,
        "producers": recall,
        "f1": f1,
        "iou": hits / (rows + columns - hits),
        "area": columns,
    }


NAMES = {
    "overall": "overall accuracy",
    "balanced": "balanced accuracy",
    "macro_f1": "macro-F1",
    "users": "user's accuracy",
    "producers": "producer's accuracy",
    "f1": "F1",
    "iou": "IoU",
    "area": "area",
}


def units_of(mapped, true, strata, weights) -> tuple[ReferenceUnits, np.ndarray]:
    number = np.arange(len(mapped))
    units = ReferenceUnits(
        number,
        number,
        true + 1,
        number,
        strata,
        ("1", "2"),
        weights,
        True,
        outside=0,
        repeated=0,
        contradicting=0,
    )
    return units, mapped


def drawn(generator: np.random.Generator, design: str, points: int) -> tuple[ReferenceUnits, np.ndarray]:
    """Points of a design: all pixels are alike but for their stratum, map class and true class."""
    shares = POPULATION.ravel()
    weights = np.full(points, np.nan)
    if design == SIMPLE:
        cells = generator.choice(len(shares), points, p=shares)
    elif design == BY_WEIGHTS:
        # Pixels that are mapped as the third class are drawn four times as often.
        likely = np.where(np.arange(len(shares)) % 9 // 3 == 2, 4.0, 1.0)
        cells = generator.choice(len(shares), points, p=shares * likely / np.sum(shares * likely))
        weights = 1 / likely[cells]
    else:
        of_cell = np.arange(len(shares)) // 9 if design == OTHER else np.arange(len(shares)) % 9 // 3
        groups = of_cell.max() + 1
        parts = [
            generator.choice(
                len(shares),
                points // groups,
                p=np.where(of_cell == code, shares, 0) / shares[of_cell == code].sum(),
            )
            for code in range(groups)
        ]
        cells = np.concatenate(parts)
    strata, rest = np.divmod(cells, 9)
    mapped, true = np.divmod(rest, 3)
    return units_of(mapped, true, strata, weights)


def sample_of(generator: np.random.Generator, design: str, points: int) -> SampledCells:
    units, mapped = drawn(generator, design, points)
    pixels = MATRIX.sum(axis=1) * PIXELS
    none = np.zeros(0, dtype=np.int64)
    ground = SampledMap(
        CLASSES, pixels, pixels / 100, np.full(len(mapped), 0.01), Unmapped(none, none, np.zeros(0))
    )
    areas = (
        dict(zip(("1", "2"), POPULATION.sum(axis=(1, 2)).tolist(), strict=True)) if design == OTHER else {}
    )
    return point_sample(units, mapped, design, areas, ground).cells(units.values - 1, mapped, (3, 3))


def estimates(cells: SampledCells, by_map: bool) -> dict[str, list[EstimateArray]]:
    """As ``accuracy_of_sample`` makes them, of many samples at once."""
    number = cells.counts.shape[-1]
    everything = np.ones((number, number))
    # Hits, the map column and the reference row of each class.
    rows = [np.repeat(np.eye(number)[[code]].T, number, axis=1) for code in range(number)]
    masks = [(row * row.T, row.T, row) for row in rows]
    return {
        "overall": [cells.ratio(np.eye(number), everything)],
        "balanced": [
            cells.mean_of_ratios(*map(np.stack, zip(*[(hit, r) for hit, _, r in masks], strict=True)))
        ],
        "macro_f1": [
            cells.mean_of_ratios(*map(np.stack, zip(*[(2 * hit, m + r) for hit, m, r in masks], strict=True)))
        ],
        "users": [cells.ratio(hit, mapped, by_map) for hit, mapped, _ in masks],
        "producers": [cells.ratio(hit, reference) for hit, _, reference in masks],
        "f1": [cells.ratio(2 * hit, row + column) for hit, row, column in masks],
        "iou": [cells.ratio(hit, row + column - hit) for hit, row, column in masks],
        "area": [cells.ratio(reference, everything) for _, _, reference in masks],
    }


def together(cells: Sequence[SampledCells]) -> SampledCells:
    """Samples of one design, stacked."""
    counts, sums, squares = (
        np.stack([getattr(item, name) for item in cells]) for name in ("counts", "sums", "squares")
    )
    return replace(cells[0], counts=counts, sums=sums, squares=squares)


def record(
    table: Table,
    setting: str,
    samples: list[SampledCells],
    matrix: np.ndarray,
    by_map: bool,
    classes: Sequence[str],
    recorded: Sequence[str],
) -> None:
    """Record all intervals of a design: the wider ones, and the plain ones of what has them printed."""
    rows = []
    found = estimates(together(samples), by_map)
    one = accuracy_of_sample(samples[0], by_map, kappa=True)
    for name, values in truths(matrix).items():
        for code, truth in enumerate(values):
            what = f"{NAMES[name]}, {classes[code]}" if len(values) > 1 else NAMES[name]
            ratios = found[name][code]
            low, high = ratios.low, ratios.high
            # What is simulated here is what is printed.
            printed = getattr(one, name)[code] if len(values) > 1 else getattr(one, name)
            assert (printed.low, printed.error) == pytest.approx((low[0], ratios.errors[0]))
            if classes[code] not in recorded and len(values) > 1:
                continue
            is_held = ((low <= truth) & (truth <= high))[np.isfinite(low)]
            share = table.coverage(what, setting, is_held, least=None)
            rows.append((what, share, LEAST.get(name, LEAST_HELD)))
            if name in ("overall", "producers", "area"):
                half = NORMAL_QUANTILE * ratios.errors
                is_held = (np.abs(ratios.values - truth) <= half)[np.isfinite(half)]
                table.coverage(f"{what}, ±", setting, is_held, least=None)
    assert [row for row in rows if row[1] < row[2]] == []
    kappas = [float(item.proportions.kappa) for item in samples]
    assert one.kappa == kappas[0]
    chance = float(matrix.sum(axis=0) @ matrix.sum(axis=1))
    truth = (np.trace(matrix) - chance) / (1 - chance)
    mean = float(np.mean(kappas))
    table.figure("kappa, mean of the estimates", setting, f"{truth:.3f}", f"{mean:.3f}", len(kappas))
    assert mean == pytest.approx(truth, abs=0.005)


@pytest.mark.parametrize("design", [SIMPLE, BY_MAP, OTHER, BY_WEIGHTS])
def test_the_intervals_of_a_design_are_held(table: Table, design: str) -> None:
    generator = np.random.default_rng(len(design))
    classes = tuple(f"class of {share:.0%}" for share in MATRIX.sum(axis=0))
    record(
        table,
        f"{design}, 600 points",
        [sample_of(generator, design, 600) for _ in range(4 * DRAWS)],
        MATRIX,
        design == BY_MAP,
        classes,
        classes[::2],
    )


def test_the_intervals_of_the_example_of_olofsson_are_held(table: Table) -> None:
    """The published proportions are the truth; 75, 75, 165 and 325 points are drawn in the mapped classes."""
    generator = np.random.default_rng(1)
    strata = np.eye(4)

    def draw() -> SampledCells:
        rows = [generator.multinomial(int(row.sum()), row / row.sum()) for row in OLOFSSON]
        counts = np.stack(rows).astype(np.float64)
        return sampled_cells(np.swapaxes(counts * strata[:, :, None], 1, 2), OLOFSSON_PIXELS)

    matrix = (
        OLOFSSON / OLOFSSON.sum(axis=1, keepdims=True) * (OLOFSSON_PIXELS / OLOFSSON_PIXELS.sum())[:, None]
    )
    names = ("deforestation", "forest gain", "stable forest", "stable non-forest")
    record(
        table,
        "stratified_by_map, example of Olofsson et al. 2014",
        [draw() for _ in range(4 * DRAWS)],
        matrix,
        True,
        names,
        names,
    )


# Shares by classes of both maps (the first one's first) and true class: a better second map.
def _joint() -> np.ndarray:
    found = np.zeros((3, 3, 3))
    for true, share in enumerate((0.6, 0.3, 0.1)):
        other = (true + 1) % 3
        found[true, true, true] += 0.75 * share
        found[true, other, true] += 0.06 * share
        found[other, true, true] += 0.12 * share
        found[other, other, true] += 0.07 * share
    return found


@pytest.mark.parametrize("design", [SIMPLE, BY_MAP])
def test_the_intervals_of_the_gain_of_a_map_are_held(table: Table, design: str) -> None:
    joint = _joint()
    strata = np.eye(3)[:, :, None, None] if design == BY_MAP else np.ones((1, 1, 1, 1))
    population = joint[None] * strata
    sizes = population.sum(axis=(1, 2, 3))
    points = 600 // len(sizes)
    one, two = truths(joint.sum(axis=1)), truths(joint.sum(axis=0))
    generator = np.random.default_rng(7)
    held = defaultdict(list)
    for _ in range(DRAWS):
        counts = [
            generator.multinomial(points, (part / size).ravel()).reshape(9, 3)
            for part, size in zip(population, sizes, strict=True)
        ]
        cells = sampled_cells(np.stack(counts).swapaxes(1, 2).astype(np.float64), sizes)
        found = gain_of_sample(cells, 3, design == SIMPLE)
        for name in ("overall", "users", "producers", "f1"):
            gains = two[name] - one[name]
            for code in (0, 2) if len(gains) > 1 else (0,):
                figures = getattr(found, name)
                figure = figures[code] if len(gains) > 1 else figures
                what = f"{NAMES[name]}, class of {(60, 30, 10)[code]}%" if len(gains) > 1 else NAMES[name]
                if figure.low is not None:
                    held[f"gain in {what}"].append(figure.low <= gains[code] <= figure.high)
    for what, values in held.items():
        table.coverage(what, f"{design}, two maps, 600 points", values, least=LEAST_OF_GAINS)
