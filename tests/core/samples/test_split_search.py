"""Which design is chosen, of those that were thought of; what they hold is in ``test_design``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pytest

from deep_land_cover.core.samples import split_search as plans
from deep_land_cover.core.samples.group_split import Partition
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import SplitOptions
from deep_land_cover.core.samples.split_search import Candidate

from .conftest import scattered, squares

CLASSES = 3
POLYGONS = squares([(60 * (n // 6), 60 * (n % 6), n % CLASSES) for n in range(30)])
# Of 400 pixels a side: sixteen blocks of 100 pixels, and many more of less.
RASTER = scattered(3000, 400, CLASSES)
# What is proven of a design with nothing amiss: each class trains and is tested.
ALL = 2.0 * CLASSES

Figures = tuple[float, float, float]


@dataclass
class Tried:
    """The designs that were looked at, with the figures that they were given."""

    figures: Sequence[Figures]
    heads: list[str] = field(default_factory=list)

    @property
    def sides(self) -> list[int]:
        return [int(head.split(" pixels is wholly")[0].split()[-1]) for head in self.heads if "block" in head]

    def carry_out(
        self, samples: Samples, method: str, head: str, partition: Partition, options: SplitOptions
    ) -> Candidate:
        proven, kept, validated = self.figures[min(len(self.heads), len(self.figures) - 1)]
        self.heads.append(head)
        design = replace(plans.random_design(samples, options), method=method, done=str(len(self.heads)))
        return Candidate(design, proven, validated, kept)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Tried]:
    """Return a function that gives one design after the other its figures: proven, kept and validated.

    The last ones hold for all that follow.
    """

    def judged(*figures: Figures) -> Tried:
        tried = Tried(figures)
        monkeypatch.setattr(plans, "design_samples", partial(plans.design_samples, evaluate=tried.carry_out))
        monkeypatch.setattr(
            plans, "preferred_design", partial(plans.preferred_design, evaluate=tried.carry_out)
        )
        return tried

    return judged


def chosen(samples: Samples, method: str = "auto", **options: int) -> int:
    """Return which design was chosen, counted from 1."""
    return int(plans.design_samples(samples, SplitOptions(method, 8, **options)).done)


GOOD = (ALL, 0.25, CLASSES / 2)


@pytest.mark.parametrize("figures", [GOOD, (ALL, 1.0, 3.0)])
def test_the_first_that_is_good_is_taken_and_no_other_is_looked_at(
    judged: Callable[..., Tried], figures: Figures
) -> None:
    tried = judged(figures, (ALL, 1.0, 3.0))
    assert chosen(POLYGONS) == len(tried.heads) == 1


@pytest.mark.parametrize("figures", [(ALL - 1, 1.0, 3.0), (ALL, 0.24, 3.0), (ALL, 1.0, 1.4)])
def test_one_with_a_fault_gives_way_to_one_without(judged: Callable[..., Tried], figures: Figures) -> None:
    judged(figures, GOOD)
    assert chosen(POLYGONS) == 2


@pytest.mark.parametrize(
    ("figures", "best"),
    [
        # First what is proven, then a quarter that is kept, then what validates.
        ([(3.0, 1.0, 3.0), (5.0, 0.1, 0.0), (4.0, 1.0, 3.0)], 2),
        ([(5.0, 0.1, 3.0), (5.0, 0.2, 0.0), (5.0, 0.1, 3.0)], 2),
        ([(5.0, 0.3, 1.0), (5.0, 0.9, 1.0), (5.0, 0.3, 2.0), (4.0, 1.0, 3.0)], 3),
        # Of equals the first: more than a quarter is none the better, nor is rounding in a mean of folds.
        ([(5.0, 0.3, 1.0), (5.0, 0.9, 1.0)], 1),
        ([(5.0, 0.3, 1.0), (5.0 + 1e-9, 0.3, 1.0)], 1),
    ],
)
def test_of_faulty_ones_the_best_is_taken(
    judged: Callable[..., Tried], figures: list[Figures], best: int
) -> None:
    judged(*figures)
    assert chosen(POLYGONS) == best


@pytest.mark.parametrize(
    ("samples", "figures", "is_preferred"),
    [
        (POLYGONS, (ALL, 0.5, 3.0), True),
        # A gap that takes more than half of a few polygons is too wide.
        (POLYGONS, (ALL, 0.49, 3.0), False),
        (RASTER, (ALL, 0.25, 3.0), True),
        (RASTER, (ALL, 0.24, 3.0), False),
        (POLYGONS, (ALL - 1, 1.0, 3.0), False),
    ],
)
def test_a_preferred_design_is_the_first_or_none(
    judged: Callable[..., Tried], samples: Samples, figures: Figures, is_preferred: bool
) -> None:
    tried = judged(figures, GOOD)
    found = plans.preferred_design(samples, SplitOptions("auto", 8))
    assert (found is not None) == is_preferred
    assert len(tried.heads) == 1


@pytest.mark.parametrize("method", ["random", "field"])
def test_what_has_no_other_designs_is_always_preferred(method: str) -> None:
    parts = replace(
        POLYGONS, field_codes=POLYGONS.groups % 5 % 3, field_values=("test", "train", "validation")
    )
    design = plans.preferred_design(parts, SplitOptions(method, 200))
    assert design is not None and design.method == method


@pytest.mark.parametrize(("polygons", "method"), [(3, "polygons"), (2, "blocks")])
def test_three_polygons_of_a_class_are_enough_to_keep_them_whole(polygons: int, method: str) -> None:
    corners = [(80 * n, 80 * code, code) for n in range(8) for code in range(2) if code or n < polygons]
    assert plans.design_samples(squares(corners), SplitOptions("auto", 8)).method == method


@pytest.mark.parametrize(
    ("alike", "folds", "sides"),
    [
        # Half as wide and so on, but three windows at least; then two, and one.
        (100.4, 0, [100, 50, 25, 24, 16, 8]),
        (40.0, 0, [40, 24, 16, 8]),
        (0.3, 0, [24, 16, 8]),
        (None, 0, [24, 16, 8]),
        # Sixteen blocks of 100 pixels do not make nine folds of two.
        (100.4, 8, [100, 50, 25, 24, 16, 8]),
        (100.4, 9, [50, 25, 24, 16, 8]),
        # Nine of 134 pixels are never enough.
        (133.0, 0, [133, 66, 33, 24, 16, 8]),
        (134.0, 0, [67, 33, 24, 16, 8]),
    ],
)
def test_blocks_become_smaller(
    judged: Callable[..., Tried],
    monkeypatch: pytest.MonkeyPatch,
    alike: float | None,
    folds: int,
    sides: list[int],
) -> None:
    monkeypatch.setattr(plans, "decorrelation_range", lambda samples, seed: alike)
    tried = judged((1.0, 0.0, 0.0))
    assert chosen(RASTER, "blocks", folds=folds) == 1
    assert tried.sides == sides
    if alike == 0.3:
        assert "labels are correlated over 1)" in tried.heads[0]


def test_blocks_of_the_users_width_are_the_only_ones(judged: Callable[..., Tried]) -> None:
    tried = judged((1.0, 0.0, 0.0))
    chosen(RASTER, "blocks", block_size=200)
    assert tried.sides == [200]
    assert tried.heads == ["Each spatial block of 200 pixels is wholly on one side."]


@pytest.mark.parametrize(("side", "number"), [(100, 16), (134, 9)])
def test_samples_lie_in_as_many_blocks_as_said_above(side: int, number: int) -> None:
    assert len(np.unique(RASTER.rows // side * 100 + RASTER.columns // side)) == number
