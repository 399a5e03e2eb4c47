"""comparemaps as users run it."""

from __future__ import annotations

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


def test_without_a_reference_there_are_figure_and_agreement_only(run, maps, tmp_path):
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
        ({"REFERENCE": None}, "neither a reference nor an output"),
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
