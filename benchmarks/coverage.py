"""How often 95 % intervals of accuracy and area hold the truth, in the design of Olofsson et al. 2014.

The example's estimated proportions are taken for the truth, and samples of its design are drawn
from them: 75, 75, 165 and 325 points in the mapped classes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deep_land_cover.core.assessment.sampled import QUANTILE, Ratios, SampledCells, sampled_cells

from .figures import print_figure

SAMPLES = 4_000
CLASSES = ("deforestation", "forest gain", "stable forest", "stable non-forest")
COUNTS = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]], dtype=np.float64)
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000], dtype=np.float64)


def main() -> None:
    """Print ``coverage.*``."""
    drawn = draw(SAMPLES, seed=1)
    expected = sampled_cells(_in_strata(COUNTS), PIXELS)
    everything = np.ones_like(COUNTS)
    _print("overall", "all classes", lambda cells: cells.ratio(np.eye(4), everything), drawn, expected)
    for code, name in enumerate(CLASSES):
        row = np.zeros_like(COUNTS)
        row[code] = 1
        column, hit = row.T.copy(), row * row.T
        ways: dict[str, Callable[[SampledCells], Ratios]] = {
            "users": lambda cells, hit=hit, row=row: cells.ratio(hit, row, is_structural=True),
            "producers": lambda cells, hit=hit, column=column: cells.ratio(hit, column),
            "area": lambda cells, column=column: cells.ratio(column, everything),
        }
        for kind, way in ways.items():
            _print(kind, name, way, drawn, expected)


def draw(samples: int, seed: int) -> SampledCells:
    """Return so many samples of the example's design at once."""
    generator = np.random.default_rng(seed)
    sizes = COUNTS.sum(axis=1).astype(int)
    rows = [
        generator.multinomial(size, row / row.sum(), size=samples)
        for size, row in zip(sizes, COUNTS, strict=True)
    ]
    return sampled_cells(_in_strata(np.stack(rows, axis=1).astype(np.float64)), PIXELS)


def _in_strata(counts: np.ndarray) -> np.ndarray:
    """Return counts (..., classes, classes) by stratum: the map's classes, so a row each."""
    strata = np.eye(len(CLASSES))
    return np.asarray(counts[..., None, :, :] * strata[:, :, None])


def _print(
    kind: str, name: str, way: Callable[[SampledCells], Ratios], drawn: SampledCells, expected: SampledCells
) -> None:
    truth, found = float(way(expected).values), way(drawn)
    low, high = found.wilson()
    plain = np.abs(found.values - truth) <= QUANTILE * found.errors
    other = (low <= truth) & (truth <= high)
    print_figure(
        f"coverage.{kind}.{name.replace(' ', '_')}",
        round(float(np.mean(other)), 4),
        "share",
        round(float(np.mean(plain)), 4),
        samples=len(found.values),
        truth=round(truth, 6),
        method="share of samples whose 95 % interval holds the truth: Wilson's with the effective sample "
        "size; baseline: the plain published one, 1.96 standard errors",
        mean_half_width={
            "wilson": round(float(np.mean(high - low) / 2), 5),
            "plain": round(float(np.mean(QUANTILE * found.errors)), 5),
        },
    )


if __name__ == "__main__":
    main()
