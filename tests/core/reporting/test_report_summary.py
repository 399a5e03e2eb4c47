"""The figures of a report that stand beside a map in print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.reporting.report_summary import ReportSummary, read_summary

MAP = {
    "deep_land_cover_report": "accuracy",
    "map": "jambi_2023",
    "design": "simple",
    "accuracy": {"overall": {"value": 0.91, "error": 0.02, "low": 0.86, "high": 0.94}},
    "units": 300,
    "unit_name": "point",
    "clusters": 300,
    "cluster_name": "point",
    "created": "2026-01-02T03:04:05+00:00",
}
MODEL = {
    "deep_land_cover_report": "training",
    "model": "jambi.skops",
    "split": "blocks",
    "judgement": {"overall": {"value": 0.8, "low": None, "high": None}},
    "test_samples": 120,
    "test_clusters": 4,
    "cluster_name": "block",
    "created": "2026-01-02T03:04:05+00:00",
}


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["report.html", "report.htm", "report.json"])
def test_a_report_of_a_map_is_found_by_its_page_or_its_json(tmp_path: Path, name: str) -> None:
    written(tmp_path / "report.json", MAP)
    assert read_summary(tmp_path / name) == ReportSummary(
        "accuracy",
        "jambi_2023",
        0.91,
        0.86,
        0.94,
        300,
        "point",
        300,
        "point",
        "simple",
        "2026-01-02T03:04:05+00:00",
    )


def test_a_report_of_a_training_tells_of_its_test(tmp_path: Path) -> None:
    found = read_summary(written(tmp_path / "report.json", MODEL))
    assert (found.kind, found.name, found.overall, found.low) == ("training", "jambi.skops", 0.8, None)
    assert (found.units, found.clusters, found.design) == (120, 4, "blocks")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"deep_land_cover_report": "comparison"}, "a report of another kind"),
        ({"accuracy": 1}, "not a report"),
        ([1, 2], "not a report"),
        ({"deep_land_cover_report": ["accuracy"]}, "not a report"),
        ({**MODEL, "judgement": None}, "overall accuracy"),
        (
            {**MAP, "accuracy": {"overall": {"value": None, "low": None, "high": None}}},
            "overall accuracy",
        ),
        ({key: value for key, value in MAP.items() if key != "units"}, "overall accuracy"),
    ],
)
def test_what_has_no_accuracy_is_refused(tmp_path: Path, content: object, word: str) -> None:
    path = written(tmp_path / "report.json", content)
    with pytest.raises(ParameterError, match=word) as caught:
        read_summary(path)
    assert caught.value.where == str(path)


def test_a_page_without_its_json_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<html></html>", encoding="utf-8")
    with pytest.raises(ParameterError, match="cannot be read"):
        read_summary(tmp_path / "report.html")
    (tmp_path / "report.json").write_text("not JSON", encoding="utf-8")
    with pytest.raises(ParameterError, match="not a report"):
        read_summary(tmp_path / "report.html")
