"""What an assessment tells while it works."""

from __future__ import annotations

from typing import Any

import pytest

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.assess import AssessRequest
from deep_land_cover.core.tasks.assess import run

from .conftest import Case


class Recorder(SilentProgress):
    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[float, str]] = []

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        self.steps.append((fraction, text))


@pytest.mark.parametrize("has_points", [True, False])
def test_progress_goes_forward_and_says_what_is_done(case: Case, has_points: bool) -> None:
    truth = case.values.copy()
    truth[0, 0] = 3 - truth[0, 0]
    reference: dict[str, Any] = {"raster": RasterSource(str(case.make(truth, name="truth.tif", nodata=255)))}
    if has_points:
        reference = {"features": case.points([(5, 5, 1), (6, 40, 2), (9, 50, 2)])}
    progress = Recorder()
    report = str(case.folder / "report.html")
    run(AssessRequest(input=RasterSource(str(case.map)), name="it", report=report, **reference), progress)
    fractions = [fraction for fraction, _ in progress.steps]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] and fractions[-1] < 1
    texts = [text.partition(":")[0] for _, text in progress.steps]
    assert texts[0] == "Counting the map’s classes"
    assert texts[-1] == "Writing the report"
    assert all("left" in text for _, text in progress.steps[:-1])
