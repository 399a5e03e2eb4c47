"""The figures of reports of the first edition still stand beside a map in print."""

from __future__ import annotations

import json

import pytest

from deep_land_cover.core.reporting.report_summary import read_summary
from deep_land_cover.core.values import to_plain

from ...first_edition.files import FOLDER, kept


@pytest.mark.parametrize("name", ["accuracy", "random_forest"])
def test_a_report_gives_the_figures_that_it_gave(name: str) -> None:
    path = FOLDER / f"report_{name}.json"
    expected = kept("summaries")[name]
    found = to_plain(read_summary(path))
    assert {key: found[key] for key in expected} == expected
    # And these are those in the file.
    content = json.loads(path.read_text(encoding="utf-8"))
    overall = content["accuracy" if name == "accuracy" else "judgement"]["overall"]
    assert [expected["overall"], expected["low"], expected["high"]] == [
        overall[key] for key in ("value", "low", "high")
    ]
