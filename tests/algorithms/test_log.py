"""What the log of a run says, to readers of the dialog (HTML) and of the command line (text)."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from qgis.core import QgsProcessingFeedback

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def training(run, quick, scene, make_layer, training_rows, tmp_path_factory):
    """The log of a training as text and HTML, and the folder of its files."""
    folder = tmp_path_factory.mktemp("log")
    feedback = QgsProcessingFeedback(False)
    layer = make_layer(training_rows, "class:int,name:string(20)")
    files = {"OUTPUT": str(folder / "model.safetensors"), "REPORT": str(folder / "report.html")}
    values = {**quick, **files, "INPUT": scene, "SAMPLES": layer, "CLASS_FIELD": "class"}
    assert run("trainmodel", values, feedback=feedback).succeeded, feedback.textLog()
    return feedback.textLog(), feedback.htmlLog(), folder


@pytest.mark.medium
def test_each_epoch_tells_loss_and_accuracy(training):
    text, _html, _folder = training
    lines = re.findall(r"Epoch (\d+): training loss \d+\.\d+, accuracy [\d.]+%; validation loss", text)
    assert lines == ["1", "2"]


@pytest.mark.medium
def test_the_progress_text_tells_stage_device_rate_and_time(training):
    text, _html, _folder = training
    assert re.search(
        r"Epoch 2 of 2 on CPU, \d threads?: [\d,]+ of [\d,]+ samples, [\d,]+ samples/s, \d:\d\d:\d\d left; "
        r"loss \d+\.\d+, validation accuracy [\d.]+%",
        text,
    )


@pytest.mark.medium
def test_the_end_says_where_each_file_is(training):
    text, _html, folder = training
    lines = text.splitlines()
    assert f"Model file: {folder / 'model.safetensors'}" in lines
    assert f"Training report: {folder / 'report.html'}" in lines
    assert f"The same for programs: {folder / 'report.json'}" in lines
    assert all(Path(line.partition(": ")[2]).exists() for line in lines[-4:])


@pytest.mark.medium
def test_a_model_in_a_temporary_file_is_pointed_out_before_and_after(run, quick, scene, samples):
    values = {"INPUT": scene, "SAMPLES": samples, "CLASS_FIELD": "class", "OUTPUT": "TEMPORARY_OUTPUT"}
    done = run("trainmodel", {**quick, **values})
    assert done.succeeded, done.log
    before, after = re.findall("is deleted when QGIS ends", done.log), done.results["OUTPUT"]
    assert len(before) == 2
    assert f"to another folder to keep it: {after}" in done.log


@pytest.mark.medium
def test_the_report_is_a_link_in_the_dialog(training):
    _text, html, folder = training
    assert f'<a href="{(folder / "report.html").as_uri()}">' in html


@pytest.mark.parametrize("name", ["report.htm", "a & b <ü>.HTML"])
def test_each_ending_of_a_report_makes_a_link(plugin, tmp_path, name):
    from deep_land_cover.algorithms.base import log_file

    feedback = QgsProcessingFeedback(False)
    log_file("Report", tmp_path / name, feedback)
    assert f'<a href="{(tmp_path / name).as_uri()}">{escape(str(tmp_path / name))}</a>' in feedback.htmlLog()
    assert feedback.textLog().strip() == f"Report: {tmp_path / name}"


@pytest.mark.medium
def test_a_table_keeps_its_columns_in_the_dialog(training):
    text, html, _folder = training
    assert re.search(r"^class {2,}precision  recall", text, re.MULTILINE)
    assert re.search(r"class(&nbsp;){2,}precision&nbsp;&nbsp;recall", html)


def test_a_classification_tells_what_computes(run, scene, model):
    feedback = QgsProcessingFeedback(False)
    values = {"INPUT": scene, "MODEL": model, "OUTPUT": "TEMPORARY_OUTPUT", "DEVICE": "cpu"}
    done = run("classifyraster", values, feedback=feedback)
    assert done.succeeded, feedback.textLog()
    # The text of the progress may be left out of a run of a tenth of a second; this line is not.
    assert "are to be classified on CPU, " in feedback.textLog()
    assert feedback.textLog().splitlines()[-1] == f"Land-cover map: {done.results['OUTPUT']}"
    assert "APPLICABLE_SHARE" not in done.results
