"""A map of two halves, and reference points for it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.assess import AssessRequest, AssessResult
from deep_land_cover.core.tasks.assess import run

from ...features import point, write_features

Make = Callable[..., Path]


class Case:
    """A map of 40 x 60 pixels: class 1 on the left half, 2 on the right, the last row unclassified."""

    def __init__(self, folder: Path, make_raster: Make) -> None:
        self.folder, self.make = folder, make_raster
        values = np.ones((40, 60), dtype=np.uint8)
        values[:, 30:], values[-1] = 2, 255
        self.values = values
        self.map = make_raster(values, name="map.tif", nodata=255)
        self.log: list[tuple[str, str]] = []

    def points(self, rows: Sequence[tuple[int, int, Any]], **more: Any) -> str:
        """Write points at (row, column) with their class; lists in ``more`` go with them."""
        features = [
            point(*row, **{name: values[number] for name, values in more.items()})
            for number, row in enumerate(rows)
        ]
        return write_features(self.folder / "points.jsonl", features)

    def run(self, features: str | None = None, **changes: Any) -> AssessResult:
        progress = SilentProgress()
        request = AssessRequest(
            input=RasterSource(str(self.map)), features=features, name="points", **changes
        )
        try:
            return run(request, progress)
        finally:
            self.log = list(progress.lines)

    def warnings(self) -> str:
        return "\n".join(text for level, text in self.log if level == "warning")

    def table(self, **changes: Any) -> list[dict[str, str]]:
        self.run(table=str(self.folder / "table.csv"), **changes)
        with (self.folder / "table.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def case(tmp_path: Path, make_raster: Make) -> Case:
    return Case(tmp_path, make_raster)


def drawn(case: Case, number: int, wrong: int = 2) -> list[tuple[int, int, int]]:
    """Return points in either half, the first ``wrong`` of each of the other class."""
    places = np.random.default_rng(0).permutation(39 * 30)[:number]
    left = [(int(p) // 30, int(p) % 30, 2 if n < wrong else 1) for n, p in enumerate(places)]
    return left + [(row, column + 30, 3 - value) for row, column, value in left]
