"""REPORT of a training: written where it was asked for, shown by QGIS as HTML, refused where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessing, QgsProcessingOutputHtml

pytestmark = pytest.mark.qgis


def test_qgis_shows_it_in_the_results_viewer(algorithm):
    """The viewer lists outputs of this kind."""
    instance = algorithm("trainmodel")
    assert isinstance(instance.outputDefinition("REPORT"), QgsProcessingOutputHtml)


@pytest.mark.medium
def test_page_content_and_figures_are_written(train, samples, tmp_path):
    report = tmp_path / "laporan ü.html"
    done = train(samples, NAME_FIELD="name", REPORT=str(report))
    assert done.succeeded, done.log
    assert done.results["REPORT"] == str(report)
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["judgement"]["overall"]["value"] == pytest.approx(done.results["OVERALL_ACCURACY"])
    assert [item["name"] for item in content["classes"]] == ["Water", "Forest"]
    assert all((tmp_path / name).is_file() for name in content["figures"])


@pytest.mark.medium
def test_a_temporary_report_is_a_page(train, samples):
    done = train(samples, REPORT=QgsProcessing.TEMPORARY_OUTPUT)
    assert done.succeeded, done.log
    assert Path(done.results["REPORT"]).suffix == ".html"
    assert Path(done.results["REPORT"]).is_file()


@pytest.mark.medium
def test_without_it_nothing_is_written_beside_the_model(train, samples, tmp_path):
    done = train(samples)
    assert done.succeeded, done.log
    assert "REPORT" not in done.results
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_it_never_replaces_what_is_no_report(train, samples, tmp_path):
    (tmp_path / "samples.json").write_text("{}")
    done = train(samples, REPORT=str(tmp_path / "samples.html"))
    assert not done.succeeded
    assert "would replace a file that is not" in done.log
    assert not (tmp_path / "model.safetensors").exists()
