"""Points that QGIS makes a layer of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.files import write_points

POINTS = [
    {"x": 1.5, "y": -2.0, "name": "Hutan rawa – 沼泽", "fold": None},
    {"x": 0.0, "y": 1e-9, "name": "a\nb"},
]


def test_each_point_is_a_line_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    write_points(path, iter(POINTS))
    text = path.read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == POINTS
    assert "沼泽" in text


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "points.jsonl"
    with pytest.raises(OutputError, match="The points cannot be written") as failure:
        write_points(path, POINTS)
    assert failure.value.where == str(path)
