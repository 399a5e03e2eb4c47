from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn import metrics as reference

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.models.card import Epoch
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.reporting import figure
from deep_land_cover.core.reporting.charts import draw_curves
from deep_land_cover.core.reporting.training_page import write_training_report
from deep_land_cover.core.reporting.training_results import TrainingReport

from ...first_edition.files import FOLDER

MakeReport = Callable[..., TrainingReport]
AWKWARD = ("Hutan lahan kering sekunder / bekas tebangan", "水稻", "<b>Sawit</b> & 'karet'", '$x^2$ "y"')


class Page(HTMLParser):
    """What a reader gets of a page: its text, and what it would fetch."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.words: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def written(report: TrainingReport, folder: Path) -> tuple[Page, dict[str, Any], list[str]]:
    """Write a report; return the page, the JSON and the names of the figures."""
    write_training_report(folder / "report.html", report, SilentProgress())
    document = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return (
        Page(folder / "report.html"),
        document,
        sorted(p.name for p in (folder / "report_figures").iterdir()),
    )


@pytest.fixture(autouse=True)
def draft(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw figures coarsely where their resolution does not matter: it takes most of the time."""
    if "dots_per_inch" not in request.node.name:
        monkeypatch.setattr(figure, "PRINT_DPI", 60)


FIGURES = [
    "class_map.png",
    "class_scores.png",
    "confusion_matrix.png",
    "learning_curves.png",
    "reliability.png",
    "split_map.png",
]


def test_the_page_needs_nothing_but_itself(make_report: MakeReport, tmp_path: Path) -> None:
    page, document, figures = written(make_report(), tmp_path)
    assert figures == FIGURES
    assert document["figures"] and all((tmp_path / name).is_file() for name in document["figures"])
    assert len(page.sources) == 6 and all(source.startswith("data:image/png;") for source in page.sources)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "report.html",
        "report.json",
        "report_figures",
    ]


@pytest.mark.parametrize(
    ("is_refitted", "tested"), [(True, "The model before the saved one"), (False, "The model")]
)
def test_the_headline_says_what_the_figure_is_of(
    make_report: MakeReport, tmp_path: Path, is_refitted: bool, tested: str
) -> None:
    report = make_report()
    assert report.test is not None
    report = replace(report, test=replace(report.test, is_refitted=is_refitted))
    page, document, _ = written(report, tmp_path)
    value = f"{100 * document['judgement']['overall']['value']:.1f} %"
    assert document["headline"] == f"{value} of held-out polygons, not of the map"
    assert f"{value} of held-out polygons, not of the map; overall accuracy" in page.text
    assert document["summary"][1].startswith(f"{tested} classified {value} of ")


@pytest.mark.medium
def test_figures_are_of_300_dots_per_inch(make_report: MakeReport, tmp_path: Path) -> None:
    for name in written(make_report(), tmp_path)[2]:
        with Image.open(tmp_path / "report_figures" / name) as picture:
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
            assert picture.width > 1000


def test_page_and_json_say_what_scikit_learn_says(make_report: MakeReport, tmp_path: Path) -> None:
    report = make_report(("Water", "Forest", "Crops"), skill=2.0)
    assert report.test is not None
    truth, guess = report.test.reference, report.test.probabilities.argmax(axis=1)
    page, document, _ = written(report, tmp_path)
    found = document["judgement"]
    expected = {
        "overall": reference.accuracy_score(truth, guess),
        "balanced": reference.balanced_accuracy_score(truth, guess),
        "macro_f1": reference.f1_score(truth, guess, average="macro"),
        "weighted_f1": reference.f1_score(truth, guess, average="weighted"),
    }
    for name, value in expected.items():
        assert found[name]["value"] == pytest.approx(value)
        assert found[name]["low"] < value < found[name]["high"]
    assert found["confusion"] == reference.confusion_matrix(truth, guess).tolist()
    assert f"{100 * expected['overall']:.1f} %" in page.text
    assert f"{100 * expected['balanced']:.1f} %" in page.text
    for name in ("macro_f1", "weighted_f1"):
        assert f"{expected[name]:.3f}" in page.text
    precision = reference.precision_score(truth, guess, average=None)
    assert [item["value"] for item in found["precision"]] == pytest.approx(precision.tolist())
    assert all(f"{value:.3f}" in page.text for value in precision)


@pytest.mark.medium
def test_every_sample_is_counted(make_report: MakeReport, tmp_path: Path) -> None:
    """Twelve polygons of nine pixels a class; every fourth tests, every fourth validates."""
    _, document, _ = written(make_report(("Water", "Forest", "Crops")), tmp_path)
    for item in document["classes"]:
        assert item["samples"] == [54, 27, 27]
        assert item["clusters"] == [6, 3, 3]


@pytest.mark.medium
@pytest.mark.parametrize("names", [("A", "B"), AWKWARD], ids=["two", "awkward"])
def test_names_of_any_kind_are_text_and_not_markup(
    make_report: MakeReport, tmp_path: Path, names: tuple[str, ...]
) -> None:
    page, document, figures = written(make_report(names, model="<i>&.safetensors"), tmp_path)
    assert figures == FIGURES
    assert [item["name"] for item in document["classes"]] == list(names)
    assert all(page.text.count(name) >= 3 for name in names)
    assert "<i>&.safetensors" in page.text
    assert "i" not in page.tags


@pytest.mark.medium
def test_forty_classes_fit(make_report: MakeReport, tmp_path: Path) -> None:
    report = replace(make_report([f"Kelas nomor {number}" for number in range(40)]), background=None)
    page, document, figures = written(report, tmp_path)
    assert figures == FIGURES
    assert len(document["classes"]) == len(document["judgement"]["f1"]) == 40
    assert all(f"Kelas nomor {number}" in page.text for number in range(40))


def test_a_training_without_test_epochs_and_baseline_says_so(make_report: MakeReport, tmp_path: Path) -> None:
    report = replace(
        make_report(), test=None, baseline=None, history=(), best_epoch=None, background=None, calibration=""
    )
    page, document, figures = written(report, tmp_path)
    assert figures == ["class_map.png", "split_map.png"]
    assert document["judgement"] is document["baseline"] is document["reliability"] is None
    assert "the accuracy of the model is not known" in page.text
    assert "overall accuracy" not in page.text


@pytest.mark.medium
def test_without_clusters_there_are_no_intervals_and_the_page_says_why(
    make_report: MakeReport, tmp_path: Path
) -> None:
    report = make_report()
    assert report.test is not None
    report = replace(
        report,
        test=replace(report.test, clusters=None),
        design=replace(report.design, clusters=None, method="random", done="Split at random."),
    )
    page, document, _ = written(report, tmp_path)
    assert document["judgement"]["overall"]["low"] is None
    assert "it is not known which samples belong together" in page.text
    assert "optimistic" in page.text
    assert document["baseline"]["comparison"]["test"] is None


@pytest.mark.medium
def test_folds_have_their_own_figures(make_report: MakeReport, tmp_path: Path) -> None:
    report = make_report(("Water", "Forest", "Crops"), skill=2.0)
    assert report.test is not None
    folds = np.arange(len(report.test.reference)) % 2 + 1
    _, document, _ = written(replace(report, test=replace(report.test, folds=folds)), tmp_path)
    guess = report.test.probabilities.argmax(axis=1)
    for fold in document["folds"]:
        here = folds == fold["number"]
        truth = report.test.reference[here]
        assert fold["samples"] == np.count_nonzero(here)
        assert fold["overall_accuracy"] == pytest.approx(reference.accuracy_score(truth, guess[here]))
        assert fold["macro_f1"] == pytest.approx(reference.f1_score(truth, guess[here], average="macro"))


@pytest.mark.medium
def test_a_loss_that_is_no_number_is_null_in_the_json(make_report: MakeReport, tmp_path: Path) -> None:
    history = (Epoch(1, math.inf, 0.5, math.nan, 0.5, 0.5), Epoch(2, 1.0, 0.5, None, None, None))
    _, document, _ = written(make_report(history=history, best_epoch=2), tmp_path)
    assert [item["train_loss"] for item in document["history"]] == [None, 1.0]


@pytest.mark.medium
def test_a_class_that_the_test_lacks_is_shown_without_figures(
    make_report: MakeReport, tmp_path: Path
) -> None:
    report = make_report()
    assert report.test is not None
    wider = np.pad(report.test.probabilities, ((0, 0), (0, 1)))
    report = replace(
        report,
        classes=(*report.classes, LandCoverClass(99, "Glacier", "#FFFFFF")),
        test=replace(report.test, probabilities=wider, uncalibrated=None),
        baseline=None,
    )
    page, document, _ = written(report, tmp_path)
    assert document["judgement"]["f1"][2] == {"value": None, "low": None, "high": None}
    assert "99 Glacier – – – 0" in page.text.replace("\u2002", " ")


def test_a_cancel_leaves_no_page(make_report: MakeReport, tmp_path: Path) -> None:
    class Cancelling(SilentProgress):
        def check_cancelled(self) -> None:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        write_training_report(tmp_path / "report.html", make_report(), Cancelling())
    assert not (tmp_path / "report.html").exists()


@pytest.mark.medium
def test_the_same_report_is_the_same_page(make_report: MakeReport, tmp_path: Path) -> None:
    first = tmp_path / "report.html"
    written(make_report(), tmp_path)
    before = first.read_bytes()
    written(make_report(), tmp_path)
    assert first.read_bytes() == before


@pytest.mark.medium
def test_curves_of_epochs_that_nothing_validated_are_of_training_alone(
    make_report: MakeReport, tmp_path: Path
) -> None:
    history = tuple(Epoch(number, 1 / number, 0.9, None, None, None) for number in (1, 2))
    page, _, _ = written(make_report(history=history, best_epoch=2), tmp_path)
    assert "Loss and accuracy after each epoch" in page.text
    assert "Loss, accuracy and macro-F1" not in page.text
    assert [axes.get_title() for axes in draw_curves([history], 2).axes] == ["Loss", "Accuracy"]


@pytest.mark.medium
def test_the_json_has_the_keys_of_the_first_edition(make_report: MakeReport, tmp_path: Path) -> None:
    kept = json.loads((FOLDER / "report_random_forest.json").read_text(encoding="utf-8"))
    report = make_report()
    assert report.test is not None
    test = replace(
        report.test,
        balanced=report.test.reference,
        set_limits=np.full(report.test.probabilities.shape, 0.3),
    )
    _, document, _ = written(replace(report, test=test), tmp_path)
    assert [key for key in document if key in kept] == list(kept)
    assert list(document["judgement"]) == list(kept["judgement"])
    assert list(document["judgement"]["overall"]) == list(kept["judgement"]["overall"])
    for name in ("classes", "decisions"):
        assert list(document[name][0]) == list(kept[name][0])
    assert set(document["sets"]) == {*kept["sets"], "limits"}
    # Rows are the reference classes: their sums are the test samples of each class.
    rows = np.sum(document["judgement"]["confusion"], axis=1).tolist()
    assert rows == [item["samples"][2] for item in document["classes"]]
