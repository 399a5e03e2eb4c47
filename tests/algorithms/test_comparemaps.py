"""comparemaps as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessingOutputHtml, QgsRasterLayer

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def maps(tmp_path_factory, make_raster):
    """A truth, and two maps with ten and five columns beyond the border wrong."""
    folder = tmp_path_factory.mktemp("maps")

    def halves(border):
        return lambda _band, _row, column: 17 if column >= border else 3

    return [
        make_raster(folder / f"{name}.tif", halves(border), bands=("class",))
        for name, border in (("truth", 40), ("first", 50), ("second", 45))
    ]


@pytest.mark.medium
def test_all_outputs_are_written_and_returned(run, maps, tmp_path):
    outputs = {
        name: str(tmp_path / file)
        for name, file in (
            ("FIGURE", "f.png"),
            ("AGREEMENT", "a.tif"),
            ("TABLE", "t.csv"),
            ("REPORT", "r.html"),
        )
    }
    done = run("comparemaps", {"INPUTS": maps[1:], "REFERENCE": maps[0], "TITLE": "Peta", **outputs})
    assert done.succeeded, done.log
    assert {name: done.results[name] for name in outputs} == outputs
    assert all(Path(path).is_file() for path in outputs.values())
    assert done.results["GAIN"] == pytest.approx(5 / 80)
    assert 0 <= done.results["P_VALUE"] <= 1
    layer = QgsRasterLayer(outputs["AGREEMENT"], "agreement")
    labels = [item.label for item in layer.renderer().classes()]
    assert "Only second is right" in labels


def test_without_a_reference_the_report_has_areas_and_cross_tabulation(run, maps, tmp_path):
    report, table = tmp_path / "r.html", tmp_path / "t.csv"
    done = run("comparemaps", {"INPUTS": maps[:2], "REPORT": str(report), "TABLE": str(table)})
    assert done.succeeded, done.log
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    # 60 rows of pixels of 20 m: 0.04 hectares each. The border of the second map lies ten columns on.
    assert content["hectares"] == [pytest.approx([96, 96]), pytest.approx([120, 72])]
    assert content["tables"] == [[[2400, 0], [600, 1800]]]
    assert content["agreements"] == [pytest.approx(4200 / 4800)]
    assert "87.5" in done.log
    assert "area_ha,3,Class 3,96,120" in table.read_text(encoding="utf-8")
    # The same command again, and the same with a reference, replace it.
    again = {"INPUTS": maps[:2], "REPORT": str(report), "TABLE": str(table)}
    assert run("comparemaps", again).succeeded
    page = report.read_text(encoding="utf-8")
    assert "not which of them is right" in page and "accuracy" not in page


def test_figure_and_agreement_alone_need_no_reference(run, maps, tmp_path):
    figure = str(tmp_path / "f.pdf")
    done = run("comparemaps", {"INPUTS": maps, "FIGURE": figure, "AGREEMENT": "TEMPORARY_OUTPUT"})
    assert done.succeeded, done.log
    assert Path(figure).is_file() and Path(done.results["AGREEMENT"]).is_file()
    assert set(done.results) == {"FIGURE", "AGREEMENT"}


def test_qgis_shows_the_report_in_the_results_viewer(algorithm):
    assert isinstance(algorithm("comparemaps").outputDefinition("REPORT"), QgsProcessingOutputHtml)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"REFERENCE": None}, "either a reference nor an output"),
        ({"INPUTS": []}, "too few maps"),
        ({"INPUTS": ["/nowhere.tif", "/nowhere2.tif"]}, "nowhere.tif"),
        ({"FIGURE": "/tmp/figure.gif"}, "ending '.gif'"),
        ({"AGREEMENT": "/tmp/agreement.png"}, "ending '.png'"),
        ({"TABLE": "/tmp/table.txt"}, "ending '.txt'"),
    ],
)
def test_wrong_input_gets_a_sentence(run, maps, changes, sentence):
    done = run("comparemaps", {"INPUTS": maps[1:], "REFERENCE": maps[0], **changes})
    assert not done.succeeded
    assert sentence in done.log
