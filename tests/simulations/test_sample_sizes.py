"""Numbers of points of *Sampling design*: the standard error that they really give."""

from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.assessment.estimators import sampled_cells
from deep_land_cover.core.assessment.sampling_design import allocate, expected_errors, needed_points
from deep_land_cover.core.options import ALLOCATIONS

from .rows import DRAWS, Table

TARGET = 0.01
MAPS = {
    "example of Olofsson et al. 2014": ([0.02, 0.015, 0.32, 0.645], [0.7, 0.6, 0.9, 0.95]),
    "two classes of 50 %, accuracies 0.5 and 0.99": ([0.5, 0.5], [0.5, 0.99]),
}


@pytest.mark.parametrize("allocation", ALLOCATIONS)
@pytest.mark.parametrize("name", MAPS)
def test_the_number_of_points_gives_the_standard_error(table: Table, name: str, allocation: str) -> None:
    shares, accuracies = (np.array(item) for item in MAPS[name])
    total = needed_points(shares, accuracies, TARGET, allocation)
    millions = (shares * 1e7).astype(np.int64)
    points = allocate(total, shares, accuracies, allocation, 0, millions)
    generator = np.random.default_rng(total)
    hits = generator.binomial(points, accuracies, (10 * DRAWS, len(shares)))
    matrices = np.zeros((len(hits), len(shares), len(shares), len(shares)))
    for code in range(len(shares)):
        matrices[:, code, code, code] = hits[:, code]
        matrices[:, code, code - 1, code] = points[code] - hits[:, code]
    cells = sampled_cells(matrices, shares)
    everything = np.ones((len(shares), len(shares)))
    error = float(np.std(cells.ratio(np.eye(len(shares)), everything).values, ddof=1))
    setting = f"{name}; {allocation}: {total:,} points"
    table.figure("standard error of overall accuracy", setting, f"{TARGET:g}", f"{error:.4f}", len(hits))
    # The standard error of a standard deviation of 10,000 draws is 0.7 %.
    assert error == pytest.approx(TARGET, rel=0.025)
    assert expected_errors(shares, accuracies, points)[0] == pytest.approx(error, rel=0.025)
