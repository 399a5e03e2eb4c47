"""Reports in a language that marks each text: no word of a page or of a chart stands outside the marks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text as DrawnText
from rasterio.crs import CRS
from scipy.sparse import csr_array

from deep_land_cover.core.assessment.assess import AssessedMap
from deep_land_cover.core.assessment.bootstrap import count_by_cluster, describe_coverage
from deep_land_cover.core.assessment.compare import ComparedMaps, MapsSideBySide
from deep_land_cover.core.assessment.comparison import gain_of_clusters
from deep_land_cover.core.assessment.estimators import (
    accuracy_of_clusters,
    accuracy_of_sample,
    sampled_cells,
)
from deep_land_cover.core.classes import LandCoverClass, distinct_colors
from deep_land_cover.core.models.card import MemberGain, MemberWeight
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.reporting import figure
from deep_land_cover.core.reporting.assessment_page import (
    accuracy_pictures,
    areas_pictures,
    comparison_pictures,
    write_accuracy_report,
    write_areas_report,
    write_comparison_report,
)
from deep_land_cover.core.reporting.figure import Picture, figure_style
from deep_land_cover.core.reporting.language import Language, report_language, speaking
from deep_land_cover.core.reporting.map_figure import Panel, draw_maps
from deep_land_cover.core.reporting.training_content import training_content
from deep_land_cover.core.reporting.training_page import training_pictures, write_training_report
from deep_land_cover.core.reporting.training_results import TrainingReport
from deep_land_cover.core.text import Text
from deep_land_cover.tools.translatable_texts import texts

MakeReport = Callable[..., TrainingReport]
CLASSES = ("Qaa", "Qbb", "Qcc")
# What is data, or a term of its own: names of classes, files and parameters, units.
DATA = re.compile(
    r"Q\w\w|q\w+\.(?:tif|gpkg|safetensors|html|json)|ResNet(?:18|50)|report_figures(?:/\w+\.png)?|report\.json"
    r"|DECISION|SHA-256|EPSG:\d+|learning_rate|deep_land_cover|scene\.tif|0\.1\.0|2\.9\.0|0\.0001"
)
# What is data where nothing else stands beside it: values and names of parameters, packages, the device.
CELLS = {"accuracy", "balanced", "simple", "none", "input", "epochs", "torch", "CPU"}


@pytest.fixture(scope="module")
def marking() -> Language:
    """Return a language whose translation of each text of the catalogue is the text between ‹ and ›.

    Its numbers have signs that English lacks. A text that was filled before it could be translated is not
    in the catalogue, and has no marks.
    """
    return Language("qq", {source: f"‹{source}›" for source in texts()}, "٬", "٫")


@pytest.fixture(autouse=True)
def draft(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw figures coarsely: their resolution does not matter here, and takes most of the time."""
    monkeypatch.setattr(figure, "PRINT_DPI", 40)


def unmarked(text: str) -> str:
    """Return what of a text is neither between marks nor data."""
    if text in CELLS:
        return ""
    while (inner := re.sub(r"‹[^‹›]*›", " ", text)) != text:
        text = inner
    return DATA.sub(" ", text)


def untranslated_parts(parts: Sequence[str]) -> list[str]:
    """Return the parts with words outside the marks, or with a decimal or thousands sign of English."""
    return [
        part
        for part in parts
        if re.search(r"[^\W\d_]{2}", unmarked(part)) or re.search(r"\d[.,]\d", DATA.sub(" ", part))
    ]


def visible(page: str) -> list[str]:
    """Return the texts of a page that readers see, hear or find as a tooltip, and its title."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    attributes = re.findall(r'\b(?:alt|title)="([^"]*)"', body)
    nodes = re.sub(r"<[^>]*>", "\0", body).split("\0")
    return [html.unescape(text).strip() for text in (*nodes, *attributes) if text.strip()]


def drawn(pictures: Sequence[Picture]) -> list[str]:
    """Return the texts of charts."""
    found = []
    for picture in pictures:
        picture.figure.draw_without_rendering()
        found += [item.get_text() for item in picture.figure.findobj(DrawnText) if item.get_text()]
    return found


@contextmanager
def style(language: Language) -> Iterator[None]:
    with speaking(language), figure_style(CLASSES):
        yield


def classes() -> tuple[LandCoverClass, ...]:
    colors = distinct_colors(len(CLASSES))
    return tuple(LandCoverClass(code, name, colors[code]) for code, name in enumerate(CLASSES))


LABELS = [f"{code} {name}" for code, name in enumerate(CLASSES)]
FACTS: dict[str, Any] = {
    "classes": classes(),
    "cautions": (Text("Choose another report."),),
    "created": "2026-01-31T12:05:00+00:00",
    "method": describe_coverage(20, Text("point")),
    "parameters": {"input": "scene.tif"},
    "versions": {"torch": "2.9.0"},
}


def counts(skill: float) -> csr_array:
    """Return the confusion matrices of sixty clusters of twenty pixels."""
    generator = np.random.default_rng(7)
    truth = np.repeat(np.arange(60) % 3, 20)
    guess = np.where(generator.random(1200) < skill, truth, (truth + 1) % 3)
    return count_by_cluster(truth, guess, np.repeat(np.arange(60), 20), 3)


def assessed() -> AssessedMap:
    table = 500 * np.eye(3) + 5 * np.roll(np.eye(3), 1, axis=1)
    accuracy = accuracy_of_sample(
        sampled_cells(table.T[None] * np.eye(3)[:, None], np.array([1e4, 2e4, 3e4])), True, kappa=True
    )
    return AssessedMap(
        map="qmap.tif",
        reference="qpoints.gpkg",
        design="simple",
        accuracy=accuracy,
        mapped_hectares=(1e4, 2e4, 3e4),
        area_hectares=tuple(item.scaled(6e4) for item in accuracy.area),
        units=1515,
        unit_name=Text("point"),
        clusters=1515,
        cluster_name=Text("point"),
        left_out={Text("points outside the map"): 1003},
        **FACTS,
    )


def compared() -> ComparedMaps:
    tables = [counts(skill) for skill in (0.8, 0.9, 0.7)]
    differing = np.stack([np.arange(60) % 5, np.arange(60) % 3], axis=1).astype(np.float64)
    return ComparedMaps(
        maps=("qone.tif", "qtwo.tif", "qthree.tif"),
        reference="qpolygons.gpkg",
        design="none",
        accuracies=tuple(accuracy_of_clusters(item, 3, 0) for item in tables),
        gains=tuple(gain_of_clusters(tables[0], item, differing, 3, 0) for item in tables[1:]),
        units=1200,
        unit_name=Text("pixel"),
        clusters=60,
        cluster_name=Text("polygon"),
        test=Text("polygons"),
        left_out={},
        **FACTS,
    )


def side_by_side() -> MapsSideBySide:
    table = ((5000, 30, 0), (20, 4000, 10), (0, 7, 3000))
    return MapsSideBySide(
        maps=("qone.tif", "qtwo.tif"),
        hectares=((1234.5, 2.5, 3.5), (1230.5, 4.5, 3.5)),
        unclassified=(0, 0),
        agreements=(0.987,),
        tables=(table,),
        **FACTS,
    )


def trainings(make_report: MakeReport) -> list[TrainingReport]:
    """Return reports that together have every kind of section and sentence of a training report."""
    report = replace(
        make_report(CLASSES, skill=2.0, model="qmodel.safetensors"),
        looks_at=Text("its own values"),
        calibration=Text("polygons"),
        device="CPU",
        members=(
            MemberWeight("resnet18", 0.75, 0.8, (0.7, 0.8, 0.75), MemberGain(0.021, -0.003, 0.04, 1234)),
            MemberWeight("tree_ensemble", 0.0, 0.7, (0.0, 0.0, 0.0), MemberGain(0.0, None, None, 1234)),
        ),
        combination="class_weighted",
    )
    assert report.test is not None and report.baseline is not None
    report = replace(
        report,
        design=replace(
            report.design,
            part_names=tuple(map(Text, report.design.part_names)),
            cluster_name=Text("polygon"),
            done=Text("polygons"),
        ),
        baseline=replace(report.baseline, title=Text("random forest of single pixels")),
    )
    number = len(report.test.reference)
    whole = replace(
        report.test,
        balanced=report.test.reference,
        set_limits=np.full(report.test.probabilities.shape, 0.3),
        is_refitted=True,
    )
    folded = replace(whole, folds=np.arange(number) % 2 + 1, is_refitted=False)
    few = replace(report.test, clusters=np.arange(number) % 3, uncalibrated=None)
    unknown = replace(report.test, clusters=None)
    points = replace(report.test, clusters=np.arange(number))
    folds = (report.history, report.history)
    small = replace(report.design, clusters=np.arange(len(report.design.codes)) // 500)
    unplaced = replace(report.design, clusters=None, method="random")
    return [
        replace(report, test=whole),
        replace(report, test=folded, fold_histories=folds, background=None),
        replace(report, test=few, design=replace(small, method="field")),
        replace(report, test=unknown, design=unplaced, baseline=None),
        replace(report, test=points, design=replace(report.design, method="blocks")),
        replace(
            report,
            test=None,
            baseline=None,
            history=(),
            best_epoch=None,
            members=(
                MemberWeight("tree_ensemble", 0.4, file="qmodel.safetensors"),
                *(MemberWeight("multiscale", 0.2, 0.7) for _ in range(3)),
            ),
            combination="mean",
        ),
    ]


@pytest.mark.medium
@pytest.mark.parametrize("number", range(6))
def test_no_word_of_a_training_report_is_outside_the_marks(
    make_report: MakeReport, marking: Language, tmp_path: Path, number: int
) -> None:
    report = trainings(make_report)[number]
    with style(marking):
        write_training_report(tmp_path / "report.html", report, SilentProgress())
        pictures = training_pictures(training_content(report), LABELS)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="qq">' in page
    assert not untranslated_parts(visible(page))
    assert not untranslated_parts(drawn(pictures))


@pytest.mark.medium(but=("comparison",))
@pytest.mark.parametrize(
    ("content", "write", "pictures"),
    [
        (assessed, write_accuracy_report, accuracy_pictures),
        (compared, write_comparison_report, comparison_pictures),
        (side_by_side, write_areas_report, areas_pictures),
    ],
    ids=["accuracy", "comparison", "areas"],
)
def test_no_word_of_a_report_on_maps_is_outside_the_marks(
    marking: Language, tmp_path: Path, content: Any, write: Any, pictures: Any
) -> None:
    with style(marking):
        write(tmp_path / "report.html", content(), SilentProgress())
        charts = pictures(content(), LABELS)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not untranslated_parts(visible(page))
    assert not untranslated_parts(drawn(charts))


@pytest.mark.medium
def test_no_word_of_a_figure_of_maps_is_outside_the_marks(marking: Language) -> None:
    values = np.zeros((5, 5), dtype=np.int64)
    panel = Panel(Text("Reference"), values, values == 0)
    wgs84 = CRS.from_epsg(4326).to_wkt()
    grid = Grid(5, 5, (0.25, 0.0, 101.5, 0.0, -0.25, -1.5), wgs84)
    with style(marking):
        maps = draw_maps([panel, replace(panel, title="qmap.tif")], classes(), LABELS, grid, "Qtt")
    parts = drawn([Picture("", "", "", maps)])
    assert not untranslated_parts(parts)
    assert any("٫" in part for part in parts)


def test_a_text_that_is_filled_too_early_is_noticed(marking: Language) -> None:
    with speaking(marking) as language:
        said = language.say(Text("{count:,} points", count=1234.5))
        assert untranslated_parts([said]) == []
        assert untranslated_parts([f"{said} of 3 polygons", "0.5", language.say(f"{3} points")]) == [
            f"{said} of 3 polygons",
            "0.5",
            "3 points",
        ]


@pytest.mark.medium
def test_the_files_for_programs_stay_english(
    make_report: MakeReport, marking: Language, tmp_path: Path
) -> None:
    report = trainings(make_report)[0]
    for folder, language in (("one", report_language("en")), ("two", marking)):
        (tmp_path / folder).mkdir()
        with speaking(language):
            write_training_report(tmp_path / folder / "report.html", report, SilentProgress())
    first, second = ((tmp_path / name / "report.json").read_bytes() for name in ("one", "two"))
    assert first == second


@pytest.mark.parametrize(
    ("name", "moment", "share"),
    [("en", "31 January 2026, 12:05 UTC", "98.7 %"), ("id", "31 Januari 2026, pukul 12.05 UTC", "98,7 %")],
)
def test_dates_and_numbers_have_the_form_of_the_language(
    tmp_path: Path, name: str, moment: str, share: str
) -> None:
    with speaking(name):
        write_areas_report(tmp_path / "report.html", side_by_side(), SilentProgress())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert moment in page and share in page.replace("&nbsp;", " ")
    assert ("1.234,5" in page) == (name == "id")


@pytest.mark.medium
def test_three_hundred_classes_are_drawn_with_few_artists(make_report: MakeReport) -> None:
    names = [f"Q{number}" for number in range(300)]
    report = make_report(names, skill=5.0)
    content = training_content(report)
    with figure_style(names):
        pictures = {item.name: item.figure for item in training_pictures(content, names)}
    matrix = pictures["confusion_matrix"].axes[0]
    assert len(matrix.texts) == 0 and len(matrix.get_xticks()) <= 75
    scores = pictures["class_scores"].axes[0]
    # All classes have their label; their marks are one collection, and their intervals another.
    assert len(scores.get_yticks()) == 300 and len(scores.collections) <= 4
    assert max(item.get_size_inches()[1] for item in pictures.values()) < 100
