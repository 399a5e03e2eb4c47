"""p values where nothing differs: how often a test finds a difference nonetheless."""

from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.assessment.comparison import gain_of_sample, mcnemar, sign_flip_of
from deep_land_cover.core.assessment.estimators import sampled_cells

from .rows import DRAWS, Table


@pytest.mark.parametrize("points", [50, 400])
def test_mcnemars_test_of_equal_maps(table: Table, points: int) -> None:
    generator = np.random.default_rng(points)
    found = [
        mcnemar(*generator.multinomial(points, [0.1, 0.1, 0.8])[:2].tolist()).p for _ in range(4 * DRAWS)
    ]
    table.rejections("McNemar's test", f"{points} points, each map alone right at 10 %", found, most=0.06)


@pytest.mark.parametrize("clusters", [8, 12, 30])
def test_the_sign_flip_test_of_equal_maps(table: Table, clusters: int) -> None:
    """Maps differ as a whole in a polygon, as Dirichlet's distribution with little weight has it."""
    generator = np.random.default_rng(clusters)
    found = []
    for seed in range(DRAWS // 2):
        shares = generator.dirichlet([0.5, 0.5, 3.0], clusters)
        sizes = np.maximum(1, generator.lognormal(3.5, 1.0, clusters)).astype(np.int64)
        counts = np.array([generator.multinomial(size, row) for size, row in zip(sizes, shares, strict=True)])
        found.append(sign_flip_of(counts[:, :2].astype(np.float64), seed).p)
    table.rejections(
        "sign-flip test", f"{clusters} polygons of a few to some hundred pixels", found, most=0.08
    )


@pytest.mark.parametrize("points", [20, 100])
def test_the_design_weighted_test_of_equal_maps(table: Table, points: int) -> None:
    """Three strata; in the first only the first map gains, in the second only the second one."""
    sizes = np.array([0.6, 0.3, 0.1])
    # Cells by class of the first map, class of the second map and true class, of which there is one.
    shares = np.zeros((3, 4))
    shares[:, 1], shares[:, 2] = (0.1, 0.05, 0.1), (0.05, 0.15, 0.1)
    shares[:, 0] = 1 - shares.sum(axis=1)
    assert float(sizes @ (shares[:, 1] - shares[:, 2])) == pytest.approx(0)
    generator = np.random.default_rng(points)
    found = []
    for _ in range(DRAWS):
        counts = np.zeros((3, 2, 4))
        counts[:, 0] = [generator.multinomial(points, row) for row in shares]
        p = gain_of_sample(sampled_cells(counts, sizes), 2, has_equal_weights=False).test.p
        found.append(np.nan if p is None else p)
    table.rejections("design-weighted test", f"3 strata of {points} points", found)
