"""WINDOWS=auto: as wide as the samples can be split with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.train import TrainRequest, run

SIDE, EVERY, POLYGON = 256, 24, 8


@pytest.fixture
def train(
    make_raster: Callable[..., Path], tmp_path: Path
) -> Callable[..., tuple[tuple[int, ...], str, str]]:
    """Return a function that trains, and returns the windows, the split and the log.

    Polygons of 8 pixels lie 16 pixels apart. An eighth of the scene is 32 pixels wide, so windows of up to
    31 pixels fit, and with the textures between those of 15 and 31 pixels 45 pixels are looked at.
    """
    generator = np.random.default_rng(1)
    bands = generator.normal(0, 1, (2, SIDE, SIDE)).astype(np.float32)
    lines = []
    for number in range((SIDE // EVERY) ** 2):
        row, column = number // (SIDE // EVERY) * EVERY, number % (SIDE // EVERY) * EVERY
        bands[0, row : row + EVERY, column : column + EVERY] += 3 * (number % 3)
        left, top = 500_000 + 20 * column, 9_800_000 - 20 * row
        right, bottom = left + 20 * POLYGON, top - 20 * POLYGON
        ring = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        lines.append(json.dumps({"geometry": geometry, "class": number % 3, "name": None, "group": number}))
    samples = tmp_path / "samples.jsonl"
    samples.write_text("\n".join(lines) + "\n", encoding="utf-8")
    raster = make_raster(bands, names=("red", "nir"))

    class Log(SilentProgress):
        def __init__(self) -> None:
            self.lines: list[str] = []

        def log(self, text: str, level: str = "info") -> None:
            self.lines.append(text)

    def train(**options: object) -> tuple[tuple[int, ...], str, str]:
        output = tmp_path / "model.skops"
        log = Log()
        quick = {"architecture": "random_forest", "max_per_class": 60, "device": "cpu"}
        result = run(
            TrainRequest(
                RasterSource(str(raster)), str(output), samples=str(samples), **{**quick, **options}
            ),
            log,
        )
        return read_card(output).windows, result.split, "\n".join(log.lines)

    return train


def test_they_are_narrowed_until_whole_polygons_can_be_held_out(train):
    windows, split, log = train()
    assert (windows, split) == ((3, 7, 15), "polygons")
    assert "up to 15 pixels wide, not 31" in log


def test_those_that_the_user_names_are_kept(train):
    windows, split, log = train(windows="3,7,15,31")
    assert (windows, split) == ((3, 7, 15, 31), "blocks")
    assert "pixels wide, not" not in log


def test_a_split_that_needs_no_gap_leaves_them_as_they_are(train):
    windows, split, _ = train(split="random")
    assert (windows, split) == ((3, 7, 15, 31), "random")
