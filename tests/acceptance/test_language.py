"""`qgis_process` on a computer whose language is Indonesian."""

from __future__ import annotations

import subprocess

import pytest

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
INDONESIAN = {"LC_ALL": "id_ID.UTF-8"}


def test_the_tools_are_listed_in_the_users_language(environment):
    listed = subprocess.run(
        ["qgis_process", "list"],
        env={**environment, **INDONESIAN},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    assert "deeplandcover:classifyraster\tKlasifikasikan raster\n" in listed


def test_errors_of_the_worker_are_in_the_users_language(qgis_process, demo, tmp_path):
    done, _ = qgis_process(
        "assessaccuracy",
        variables=INDONESIAN,
        INPUT=demo["RASTER"],
        REFERENCE=demo["TRAINING"],
        CLASS_FIELD="class",
        REPORT=tmp_path / "report.html",
    )
    assert done.returncode == 1
    assert "nilai yang berbeda tanpa nama, jadi bukan peta kelas" in done.stderr
