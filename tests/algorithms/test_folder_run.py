"""A run over many rasters, with a worker that does what the test says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from qgis.core import QgsProcessingFeedback

from deep_land_cover.core.errors import (
    DeviceError,
    OutputError,
    RasterError,
    RunCancelled,
    WorkerError,
)
from deep_land_cover.core.raster.source import RasterSource

from ..requests import classify_request

pytestmark = pytest.mark.qgis
TABLE_NAME = "summary.csv"
FIGURES = {
    "patches": 10,
    "seconds": 1.0,
    "patches_per_second": 10.0,
    "device": "CPU",
    "backend": "torch",
    "precision": "fp32",
    "products": [],
}


class FakeClient:
    """Answers with the outcomes in their order; a number is a result."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.requests = []

    def run(self, task, request, listener, context=None):
        assert task == "classify"
        self.requests.append(request)
        listener.progress(0.5, "half")
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, dict):
            assert context.dry_run
            return {"plan": outcome}
        if isinstance(outcome, Exception):
            raise outcome
        listener.progress(1.0, "whole")
        return {**FIGURES, "output": request.products.map, "patches": outcome}


@pytest.fixture
def item(plugin):
    """Make a raster of the list."""
    from deep_land_cover.algorithms.folder_run import FolderItem

    def make(path, pixels=100, problem=""):
        request = None if problem else classify_request(RasterSource(path), "/d/m", "")
        return FolderItem(path, request, problem, pixels)

    return make


@pytest.fixture
def items(item):
    """Make a list of rasters."""
    return lambda count: [item(f"/d/{number}.tif") for number in range(count)]


def table(folder):
    with (folder / TABLE_NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder_run(tmp_path, plugin):
    from deep_land_cover.algorithms.folder_run import FolderRun

    def make(*outcomes, files=None):
        feedback = QgsProcessingFeedback(False)
        client = FakeClient(*outcomes)
        return FolderRun(client, tmp_path, (), files or {}, feedback), client, feedback

    return make


def test_a_raster_that_fails_is_named_and_the_next_one_goes_on(folder_run, tmp_path, items):
    problem = WorkerError("The worker process was killed", advice="Try again.")
    run, client, feedback = folder_run(1, problem, 3)
    rows = run.classify(items(3))
    assert [Path(request.products.map).name for request in client.requests] == ["0.tif", "1.tif", "2.tif"]
    assert [row.patches for row in rows] == [1, None, 3]
    assert [row["problem"] for row in table(tmp_path)] == ["", str(problem), ""]
    assert f"2 of 3, 1.tif: {problem}" in feedback.textLog()


def test_a_raster_that_could_not_be_opened_is_a_row_too(folder_run, tmp_path, items, item):
    run, client, feedback = folder_run(1)
    rows = run.classify([item("/d/broken.tif", problem="QGIS cannot open it."), *items(1)])
    assert len(client.requests) == 1
    assert rows[0].problem == table(tmp_path)[0]["problem"] == "QGIS cannot open it."
    assert "1 of 2, broken.tif: QGIS cannot open it." in feedback.textLog()


def test_a_device_that_is_missing_ends_the_run(folder_run, tmp_path, items):
    run, client, _ = folder_run(DeviceError("There is no GPU"))
    rows = run.classify(items(3))
    assert len(client.requests) == 1
    assert [row.map for row in rows] == ["", "", ""]
    assert [row["problem"] for row in table(tmp_path)] == [
        "There is no GPU.",
        *["Not classified: the run ended before."] * 2,
    ]


def test_cancel_ends_at_once_and_the_table_names_what_is_finished(folder_run, tmp_path, items):
    run, client, _ = folder_run(1, RunCancelled())
    with pytest.raises(RunCancelled):
        run.classify(items(3))
    assert len(client.requests) == 2
    rows = table(tmp_path)
    assert [bool(row["map"]) for row in rows] == [True, False, False]
    assert [row["problem"] for row in rows] == ["", *["Not classified: the run ended before."] * 2]


def test_progress_covers_the_list_by_the_size_of_the_rasters(folder_run, item):
    run, _, feedback = folder_run(1, RasterError("x"), 1)
    seen = []
    feedback.progressChanged.connect(seen.append)
    run.classify([item("/d/a.tif", 300), item("/d/b.tif", 100), item("/d/c.tif", 600)])
    assert seen == pytest.approx([15, 30, 35, 70, 100])


def test_a_temporary_file_is_called_as_its_layer(folder_run, tmp_path, items):
    run, _, _ = folder_run(RasterError("It is empty", where="/tmp/x.jsonl"), files={"/tmp/x.jsonl": "Fields"})
    (row,) = run.classify(items(1))
    assert row.problem == "It is empty (Fields)."


def test_a_table_that_cannot_be_written_does_not_end_the_run(folder_run, tmp_path, items):
    (tmp_path / TABLE_NAME).mkdir()
    run, _, feedback = folder_run(1, 1)
    assert all(row.map for row in run.classify(items(2)))
    assert TABLE_NAME in feedback.textLog()


def plan_of(pixels, most, free, least=0):
    file = {"path": "/d/m.tif", "max_bytes": most, "least_bytes": least, "typical_bytes": [least, most]}
    return {
        "algorithm": "classifyfolder",
        "classes": [],
        "grid": {"pixels": pixels},
        "files": [{**file, "temporary": False}],
        "disks": [{"free_bytes": free}],
        "time": {"seconds": 1.0, "basis": ""},
    }


def test_a_run_whose_maps_do_not_fit_in_all_is_refused_before_the_first(folder_run, item, tmp_path):
    rasters = [item("/d/a.tif", 100), item("/d/b.tif", 300), item("/d/c.tif", 100)]
    fits, tight, full = ((300, 600, 1000), (300, 600, 999), (300, 600, 999, 400))
    run, client, _ = folder_run(plan_of(*fits))
    run.check_disk(rasters)
    assert [Path(request.products.map).name for request in client.requests] == ["b.tif"]
    run, client, _ = folder_run(plan_of(*tight), *(plan_of(*tight) for _ in rasters))
    run.check_disk(rasters)
    assert len(client.requests) == 4
    run, client, _ = folder_run(plan_of(*full), *(plan_of(*full) for _ in rasters))
    with pytest.raises(OutputError) as error:
        run.check_disk(rasters)
    assert "all rasters" in error.value.sentence and not list(tmp_path.iterdir())
    run, client, _ = folder_run()
    run.check_disk(rasters[:1])
    assert client.requests == []
