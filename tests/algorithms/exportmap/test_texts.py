"""Texts of a page: the title fits, and the box of accuracy has the report's numbers."""

from __future__ import annotations

import json

import pytest
from osgeo import gdal

from deep_land_cover.algorithms.page.texts import accuracy_text
from deep_land_cover.core.reporting.report_summary import read_summary

from .conftest import page_of, text_of

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_a_long_title_is_wrapped_and_made_smaller(layer):
    long = page_of(layer, title="Land cover of the province of Jambi between the rivers " * 4)
    short = page_of(layer)
    assert long.notes == []
    assert (
        long.layout.itemById("title").textFormat().size() < short.layout.itemById("title").textFormat().size()
    )


@pytest.mark.medium
def test_the_accuracy_box_has_the_reports_numbers(run, layer, tmp_path):
    overall = {"value": 0.8734, "error": 0.011, "low": 0.8501, "high": 0.8949}
    report = {
        "deep_land_cover_report": "accuracy", "map": "land", "design": "stratified_by_map",
        "accuracy": {"overall": overall}, "units": 1204, "unit_name": "point",
        "clusters": 1204, "cluster_name": "point", "created": "2026-03-01T08:00:00+00:00",
    }  # fmt: skip
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (tmp_path / "report.html").write_text("<html></html>", encoding="utf-8")
    words = accuracy_text(read_summary(tmp_path / "report.html"))
    assert words.replace("\xa0", " ").split("\n") == [
        "Accuracy of the map",
        "Overall accuracy 87.3 %",
        "95 % interval: 85.0 to 89.5 %",
        "1,204 reference points, stratified by the map’s classes",
        "Assessed 2026-03-01",
    ]
    # Beside another map it has to be said which one it is.
    of_two = accuracy_text(read_summary(tmp_path / "report.html"), is_one_of_two=True)
    assert of_two.split("\n") == ["Accuracy of land", *words.split("\n")[1:]]
    in_blocks = {**report, "design": "none", "clusters": 40, "cluster_name": "block"}
    (tmp_path / "blocks.json").write_text(json.dumps(in_blocks), encoding="utf-8")
    of_blocks = accuracy_text(read_summary(tmp_path / "blocks.json"))
    assert "1,204 reference points of 40 blocks, no probability sample" in of_blocks
    made = page_of(layer, accuracy=words)
    for line in words.split("\n"):
        assert line in text_of(made, "accuracy")
    assert page_of(layer).layout.itemById("accuracy") is None
    # A real report, of a reference that agrees with the map wherever it lies.
    page_path, part = tmp_path / "own.html", str(tmp_path / "part.tif")
    gdal.Translate(part, layer.source(), srcWin=[0, 0, layer.width() - 1, layer.height()])
    done = run("assessaccuracy", {"INPUT": layer, "REFERENCE": part, "REPORT": str(page_path)})
    assert done.succeeded, done.log
    assert "Overall accuracy 100.0" in accuracy_text(read_summary(page_path))
