from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import (
    Design,
    Split,
    SplitOptions,
    only_used,
)
from deep_land_cover.core.samples.split_search import design_samples
from deep_land_cover.core.training.baseline import train_baseline
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.base import Dataset
from deep_land_cover.core.training.tree_trainer import FittedTrees, TreeTrainer


@pytest.mark.medium(but=("0",))
@pytest.mark.parametrize("folds", [0, 4])
def test_the_forest_learns_what_it_would_alone(
    make_raster: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, folds: int
) -> None:
    """A network keeps samples back to choose its epoch by, of which a forest has no need in folds."""
    place = np.arange(16)
    rows, columns = (np.repeat(place, 16), np.tile(place, 16))
    codes = (columns % 2).astype(np.int64)
    classes = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
    samples = Samples(rows, columns, codes, rows, classes, (1.0, 1.0))
    noise = np.random.default_rng(0).normal(0, 0.3, (16, 16))
    values = (np.tile(place % 2, (16, 1)) + noise).astype(np.float32)
    options = SplitOptions("polygons", 1, folds=folds)
    samples, design = only_used(samples, design_samples(samples, options), Limits(), 0)
    learnt: list[Split] = []
    fit = TreeTrainer.fit

    def spied(self: TreeTrainer, dataset: Dataset, split: Split, *others: object) -> FittedTrees:
        learnt.append(split)
        return fit(self, dataset, split, *others)

    monkeypatch.setattr(TreeTrainer, "fit", spied)
    with open_stack(RasterSource(str(make_raster(values, names=("a",))))) as stack:
        data = Dataset(samples, Preparation(("a",), (), {}, 1.0))
        baseline = train_baseline(
            architecture("multiscale"),
            data,
            design,
            1,
            stack,
            SilentProgress(),
            max_per_class=2000,
            seed=0,
        )
    assert baseline is not None
    assert [split.train.tolist() for split in learnt] == expected(design, len(samples))


def expected(design: Design, count: int) -> list[list[int]]:
    """Return the training samples of each forest: in folds all but the test, for nothing lies between."""
    if not design.is_folded:
        (split,) = design.splits
        assert len(split.validation)
        return [split.train.tolist()]
    assert all(len(split.validation) for split in design.splits)
    return [np.setdiff1d(np.arange(count), split.test).tolist() for split in design.splits]
