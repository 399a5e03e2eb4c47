"""WINDOWS=auto: as wide as the samples can be split with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.errors import SampleError
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.draw import limits_for
from deep_land_cover.core.samples.split_design import SplitOptions, describe_design
from deep_land_cover.core.samples.split_search import design_samples
from deep_land_cover.core.tasks import train as job
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.training.tree_trainer import TreeTrainer

from ...requests import train_request
from ..features import polygon, write_features

SIDE, EVERY, POLYGON = 256, 24, 8


@pytest.fixture
def train(
    make_raster: Callable[..., Path], tmp_path: Path
) -> Callable[..., tuple[tuple[int, ...], str, str]]:
    """Return a function that trains, and returns the windows, the split and the log.

    Polygons of 8 pixels lie 16 pixels apart. An eighth of the scene is 32 pixels wide, so windows of up to
    31 pixels fit, and between polygons those of up to 15.
    """
    generator = np.random.default_rng(1)
    bands = generator.normal(0, 1, (2, SIDE, SIDE)).astype(np.float32)
    polygons = []
    for number in range((SIDE // EVERY) ** 2):
        row, column = number // (SIDE // EVERY) * EVERY, number % (SIDE // EVERY) * EVERY
        bands[0, row : row + EVERY, column : column + EVERY] += 3 * (number % 3)
        polygons.append(polygon(row, column, POLYGON, POLYGON, number % 3))
    samples = write_features(tmp_path / "samples.jsonl", polygons)
    raster = make_raster(bands, names=("red", "nir"))

    def train(**options: object) -> tuple[tuple[int, ...], str, str]:
        output = tmp_path / "model.skops"
        progress = SilentProgress()
        quick = {"architecture": "random_forest", "max_per_class": 60, "device": "cpu"}
        result = run(
            train_request(RasterSource(str(raster)), str(output), samples=samples, **{**quick, **options}),
            progress,
        )
        return read_card(output).windows, result.split, "\n".join(text for _, text in progress.lines)

    return train


ENSEMBLE = {
    "architecture": "ensemble",
    "members": ("multiscale", "extra_trees"),
    "combination": "log_mean",
    "epochs": 1,
    "trees": 10,
}


@pytest.mark.medium
@pytest.mark.parametrize("options", [{}, ENSEMBLE], ids=["random_forest", "ensemble"])
def test_they_are_narrowed_until_whole_polygons_can_be_held_out(train, options):
    windows, split, log = train(**options)
    assert (windows, split) == ((3, 7, 15), "polygons")
    assert "up to 15 pixels wide instead of 31" in log


@pytest.mark.medium
def test_those_that_the_user_names_are_kept(train):
    windows, split, log = train(windows="3,7,15,31")
    assert (windows, split) == ((3, 7, 15, 31), "blocks")
    assert "pixels wide instead of" not in log


@pytest.mark.medium
def test_a_split_that_needs_no_gap_leaves_them_as_they_are(train):
    windows, split, _ = train(split="random")
    assert (windows, split) == ((3, 7, 15, 31), "random")


@pytest.mark.medium
@pytest.mark.parametrize(("fits", "windows"), [(True, ()), (False, (3, 7, 15, 31))])
def test_at_last_pixels_alone_are_looked_at_and_all_where_not_even_they_fit(
    train, monkeypatch, fits, windows
):
    tried = []

    def only_pixels(samples, options):
        tried.append(options.window)
        return design_samples(samples, options) if fits and options.window == 1 else None

    monkeypatch.setattr(job, "preferred_design", only_pixels)
    found, _, log = train()
    assert found == windows
    assert len(tried) == 5 and tried[-1] == 1 and tried == sorted(tried, reverse=True)
    assert ("up to 1 pixels wide instead of 31" in log) == fits


def test_a_split_is_made_as_the_user_wants_it(train, monkeypatch):
    asked = []

    def refused(samples, options):
        asked.append(options)
        raise SampleError("Seen enough")

    monkeypatch.setattr(job, "preferred_design", refused)
    monkeypatch.setattr(TreeTrainer, "sample_bytes", lambda self, bands: 1_000_000 * bands)
    wanted = {"split": "blocks", "buffer": 5, "block_size": 70, "folds": 3, "seed": 9}
    with pytest.raises(SampleError, match="Seen enough"):
        train(**wanted, max_per_class=40)
    # Two bands of a megabyte each are more than the limits of validation and test let through.
    limits = limits_for(40, 2_000_000)
    assert limits != limits_for(40, 1_000_000)
    expected = SplitOptions("blocks", 31, buffer=5, block_size=70, folds=3, limits=limits, seed=9)
    # The epoch of no tree is chosen.
    assert asked == [replace(expected, needs_validation=False)]


def test_what_a_fold_does_not_test_trains_its_trees(train, monkeypatch):
    """Polygons lie farther apart than single pixels look, so nothing is left out between them."""
    lines = []

    def described(samples, design):
        lines.extend(describe_design(samples, design))
        raise SampleError("Seen enough")

    monkeypatch.setattr(job, "describe_design", described)
    with pytest.raises(SampleError, match="Seen enough"):
        train(windows="0", split="polygons", folds=5, max_per_class=0)
    found = re.findall(r"Fold \d: ([\d,]+) samples for training, ([\d,]+) for test\.", "\n".join(lines))
    counts = [[int(number.replace(",", "")) for number in line] for line in found]
    everything = (SIDE // EVERY) ** 2 * POLYGON**2
    assert len(counts) == 5 and sum(test for _, test in counts) == everything
    assert all(sum(line) == everything for line in counts)
