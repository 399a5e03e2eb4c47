"""'Set up the environment', as far as it goes without installing gigabytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from qgis.core import QgsApplication

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_a_folder_without_wheels_is_an_error_and_leaves_no_usable_environment(run, tmp_path):
    done = run("setupenvironment", {"WHEELS": str(tmp_path), "BUILD": "cpu"})
    assert not done.succeeded
    assert str(tmp_path) in done.log.splitlines()[-1]
    assert "Traceback" not in done.log


@pytest.mark.medium
def test_the_new_environment_is_checked_and_another_python_is_warned_about(run, monkeypatch, tmp_path):
    # What pip does is tested in tests/runtime; here a ready environment stands for its result.
    ready = os.environ["DEEP_LAND_COVER_PYTHON"]
    other = tmp_path / "other_python"
    other.symlink_to(ready)
    monkeypatch.setenv("DEEP_LAND_COVER_PYTHON", str(other))
    monkeypatch.setattr("deep_land_cover.runtime.setup.set_up", lambda *_arguments, **_options: Path(ready))
    done = run("setupenvironment", {})
    assert done.succeeded, done.log
    assert done.results["PYTHON"] == ready
    assert done.results["MESSAGE"]
    assert "torch" in done.log
    assert f"names another Python: {other}" in done.log


def test_a_run_in_progress_is_not_ended(run, monkeypatch):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    monkeypatch.setattr(type(provider), "is_busy", True)
    monkeypatch.setattr(type(provider), "close_worker", lambda _: pytest.fail("the run is ended"))
    done = run("setupenvironment", {})
    assert not done.succeeded
    assert "in progress" in done.log.splitlines()[-1]
