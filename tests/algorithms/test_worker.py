"""The worker behind the algorithms: kept warm, shared, cancelled, killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
)

pytestmark = pytest.mark.qgis
# What the same run, started again, goes on from.
RESUMABLE = {"map.tif.part", "map.tif.journal"}
STARTED = "Starting the worker"


@pytest.fixture
def long_job(make_raster, model, tmp_path):
    """Parameters of a classification that takes minutes."""
    raster = make_raster(
        tmp_path / "large.tif",
        lambda band, row, column: 300 + (row + column + band) % 50,
        rows=500,
        columns=500,
    )
    return {"INPUT": raster, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif"), "DEVICE": "cpu"}


class Started:
    """An algorithm that runs in QGIS's task manager, as from the toolbox."""

    def __init__(self, algorithm, parameters):
        self.algorithm = algorithm
        self.context = QgsProcessingContext()
        self.feedback = QgsProcessingFeedback(False)
        self.outcome = None
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, self.context, self.feedback)
        task.executed.connect(lambda succeeded, results: self._finish(succeeded, results))
        QgsApplication.taskManager().addTask(task)

    def _finish(self, succeeded, results):
        self.outcome = (succeeded, results)

    @property
    def log(self):
        return self.feedback.textLog()

    def until(self, condition, seconds=240.0):
        deadline = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < deadline, self.log
            QgsApplication.processEvents()
            time.sleep(0.01)
        return self

    def finish(self):
        return self.until(lambda run: run.outcome is not None)


def children(pid):
    return [
        int(child)
        for listed in Path(f"/proc/{pid}/task").glob("*/children")
        for child in listed.read_text().split()
    ]


def worker_pid():
    """Return the process that runs the core: the child whose command line names the worker."""
    found = [pid for pid in children(os.getpid()) if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.medium
def test_a_batch_keeps_the_worker(run, plugin, scene, model, tmp_path):
    plugin.provider.close_worker()
    logs, workers = [], set()
    for number in range(3):
        output = str(tmp_path / f"map{number}.tif")
        done = run(
            "classifyraster", {"INPUT": scene, "MODEL": model, "OUTPUT": output, "STRIDE": 8, "DEVICE": "cpu"}
        )
        assert done.succeeded, done.log
        logs.append(done.log)
        workers.add(worker_pid())
    assert [STARTED in log for log in logs] == [True, False, False]
    assert len(workers) == 1


@pytest.mark.medium
def test_two_at_once_both_finish_and_the_second_says_that_it_waits(
    algorithm, scene, model, long_job, tmp_path
):
    first = Started(algorithm("classifyraster"), {**long_job, "STRIDE": 2})
    first.until(lambda run: "to be classified" in run.log)
    short_job = {"INPUT": scene, "MODEL": model, "STRIDE": 5, "DEVICE": "cpu"}
    second = Started(algorithm("classifyraster"), {**short_job, "OUTPUT": str(tmp_path / "second.tif")})
    both = [first.finish(), second.finish()]
    assert [one.outcome[0] for one in both] == [True, True]
    assert [Path(one.outcome[1]["OUTPUT"]).name for one in both] == ["map.tif", "second.tif"]
    assert [one.outcome[1]["PATCHES"] for one in both] == [250 * 250, 12 * 16]
    assert ["Waiting for the running job" in one.log for one in both] == [False, True]
    for one in both:
        assert f"{one.outcome[1]['PATCHES']:,} patches" in one.log


def test_the_map_is_loaded_into_the_project_that_it_is_meant_for(algorithm, scene, model, tmp_path):
    project = QgsProject.instance()
    destination = QgsProcessingOutputLayerDefinition(str(tmp_path / "map.tif"), project)
    started = Started(
        algorithm("classifyraster"),
        {"INPUT": scene, "MODEL": model, "OUTPUT": destination, "STRIDE": 8, "DEVICE": "cpu"},
    ).finish()
    assert started.outcome[0], started.log
    assert list(started.context.layersToLoadOnCompletion()) == [str(tmp_path / "map.tif")]


def test_cancel_fails_the_run_and_leaves_no_map(algorithm, long_job, tmp_path):
    started = Started(algorithm("classifyraster"), long_job)
    started.until(lambda run: run.feedback.progress() > 0.5)
    started.feedback.cancel()
    cancelled = time.monotonic()
    started.finish()
    assert time.monotonic() - cancelled < 5.0
    assert started.outcome[0] is False
    assert "cancelled" in started.log
    assert {item.name for item in tmp_path.iterdir()} - RESUMABLE == {"large.tif"}


@pytest.mark.medium
def test_a_killed_worker_is_an_error_and_the_next_run_works(algorithm, long_job, run, scene, model, tmp_path):
    started = Started(algorithm("classifyraster"), long_job)
    started.until(lambda run: run.feedback.progress() > 0.5)
    os.kill(worker_pid(), signal.SIGKILL)
    started.finish()
    assert started.outcome[0] is False
    assert "worker" in started.log.splitlines()[-1]
    assert {item.name for item in tmp_path.iterdir()} == {"large.tif"} | RESUMABLE
    done = run(
        "classifyraster",
        {"INPUT": scene, "MODEL": model, "OUTPUT": str(tmp_path / "next.tif"), "STRIDE": 8, "DEVICE": "cpu"},
    )
    assert done.succeeded, done.log
