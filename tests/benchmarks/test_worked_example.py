"""The worked example's page has the commands that are run, and its figures are held to a tolerance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deep_land_cover.benchmarks.worked_example import PAGE, SCENES, Figures, command, differences, page

FOUND = Figures("25 polygons, 5 folds", 2370, 96.04, (90.0, 99.0), 0.918, 4, 93.8, 0.873)


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"accuracy": 97.1}, "overall accuracy"),
        ({"macro_f1": 0.90}, "macro-F1"),
        ({"baseline_accuracy": 92.0}, "baseline's overall accuracy"),
        ({"baseline_f1": 0.99}, "baseline's macro-F1"),
    ],
)
def test_a_figure_that_differs_by_more_than_a_point_is_named(changed: dict[str, float], label: str) -> None:
    text = page({"sen2": FOUND}, "a machine")
    assert not differences({"sen2": FOUND}, text)
    (sentence,) = differences({"sen2": replace(FOUND, **changed)}, text)  # type: ignore[arg-type]
    assert sentence.startswith("sen2: ") and f" {label} is " in sentence


def test_a_figure_within_a_point_is_no_difference() -> None:
    text = page({"sen2": FOUND}, "a machine")
    assert not differences({"sen2": replace(FOUND, accuracy=96.9, macro_f1=0.910)}, text)


def test_a_scene_that_the_page_lacks_is_named() -> None:
    assert differences({"mexico": FOUND}, page({"sen2": FOUND}, "a machine")) == [
        "mexico: the page has no figures of it."
    ]


def test_the_page_has_the_commands_that_are_run() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for scene in SCENES:
        assert command("trainmodel", scene.training()) in text
        assert command("classifyraster", scene.mapping()) in text
