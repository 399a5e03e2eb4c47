"""Estimates before a run: what does not fit is refused, and a dry run ends before it writes."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.provenance import RunContext, running
from deep_land_cover.core.raster.geotiff import write_trial
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.run_plan import (
    DryRunEnd,
    RunPlan,
    RunTime,
    begin,
    map_file,
    small_file,
    time_of_tiles,
)

CLASSES = (LandCoverClass(1, "Forest", "#006400"), LandCoverClass(300, "Water", "#0066CC"))
GRID = Grid(3000, 2000, (10.0, 0.0, 500_000.0, 0.0, -10.0, 0.0), "")
Usage = namedtuple("Usage", "total used free")


def plan(folder: Path) -> RunPlan:
    files = (
        map_file(str(folder / "map.tif"), GRID, CLASSES),
        small_file(str(folder / "t.csv")),
        small_file(""),
    )
    return RunPlan(GRID, CLASSES, files)


def test_a_map_is_estimated_by_its_data_type_and_overviews(tmp_path: Path) -> None:
    file = map_file(str(tmp_path / "map.tif"), GRID, CLASSES)
    # 300 needs two bytes; overviews add a third.
    assert file.max_bytes == 3000 * 2000 * 2 * 4 // 3
    assert file.least_bytes < file.typical_bytes[0] < file.typical_bytes[1] < file.max_bytes


@pytest.mark.parametrize(
    ("free", "kind"), [(1000, "refused"), (1_000_000, "warned"), (10_000_000_000, "silent")]
)
def test_a_run_is_refused_only_where_even_good_compression_does_not_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, kind: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    progress = SilentProgress()
    if kind == "refused":
        with pytest.raises(OutputError, match="kB free") as caught:
            begin(plan(tmp_path), progress)
        assert caught.value.where == str(tmp_path)
    else:
        begin(plan(tmp_path), progress)
    assert any(level == "warning" for level, _ in progress.lines) == (kind == "warned")
    if kind == "silent":
        assert not progress.lines


def test_a_dry_run_ends_with_its_plan_and_without_a_file(tmp_path: Path) -> None:
    progress = SilentProgress()
    context = RunContext("deeplandcover:x", "", (("INPUT", "/data/a.tif"),), dry_run=True)
    with running(context), pytest.raises(DryRunEnd) as end:
        begin(plan(tmp_path), progress, lambda: RunTime(12.5, "measured"))
    found = end.value.plan
    assert found["inputs"] == [{"parameter": "INPUT", "source": "/data/a.tif"}]
    assert [item["value"] for item in found["classes"]] == [1, 300]
    assert found["grid"]["width"] == 3000 and found["grid"]["pixels"] == 6_000_000
    assert found["time"] == {"seconds": 12.5, "basis": "measured"}
    assert [Path(item["path"]).name for item in found["files"]] == ["map.tif", "t.csv"]
    assert found["disks"][0]["free_bytes"] > 0
    assert json.loads(progress.lines[-1][1]) == found
    assert list(tmp_path.iterdir()) == []


def test_the_time_of_a_raster_is_that_of_its_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    # Each tile of 500 x 500 pixels takes a second, so all 24 take 24 seconds.
    found = time_of_tiles(GRID.window, lambda _: None, SilentProgress(), seconds=3.0, side=500)
    assert found.seconds == pytest.approx(24.0)


def test_a_trial_writes_into_memory(tmp_path: Path) -> None:
    values = np.zeros((512, 512), dtype=np.uint8)
    noise = np.random.default_rng(0).integers(0, 250, (512, 512), dtype=np.uint8)
    assert write_trial(values, 255) < write_trial(noise, 255)
