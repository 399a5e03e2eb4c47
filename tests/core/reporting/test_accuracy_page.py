"""Reports of accuracy and of comparisons: whole, self-contained and safe."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deep_land_cover.core.assessment.assess import AssessedMap
from deep_land_cover.core.assessment.estimators import accuracy_of_sample, sampled_cells
from deep_land_cover.core.classes import LandCoverClass, distinct_colors
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.reporting.assessment_page import write_accuracy_report

NAMES = ("<script>alert(1)</script>", "水田 sawah", "A class with quite a long name, for a legend at least")


def assessed(names: tuple[str, ...] = NAMES) -> AssessedMap:
    """Return a map of so many classes, each confused with the next one."""
    number = len(names)
    counts = 50 * np.eye(number) + 5 * np.roll(np.eye(number), 1, axis=1)
    sizes = np.linspace(100, 5000, number)
    # Strata are map classes, in the columns of the cells.
    accuracy = accuracy_of_sample(
        sampled_cells(counts.T[None] * np.eye(number)[:, None], sizes), strata_are_map=True, kappa=True
    )
    return AssessedMap(
        map="peta & <map>.tif",
        reference="titik",
        design="stratified_by_map",
        classes=tuple(
            LandCoverClass(code, name, color)
            for code, (name, color) in enumerate(zip(names, distinct_colors(number), strict=True))
        ),
        accuracy=accuracy,
        mapped_hectares=tuple(sizes.tolist()),
        area_hectares=tuple(item.scaled(float(sizes.sum())) for item in accuracy.area),
        units=int(counts.sum()),
        unit_name="point",
        clusters=int(counts.sum()),
        cluster_name="point",
        method="As in the paper.",
        cautions=("Read <this>.",),
        left_out={"points outside the map": 3},
    )


@pytest.mark.slow(but=("names0", "names1"))
@pytest.mark.medium(but=("names0",))
@pytest.mark.parametrize("names", [NAMES, ("Only",), tuple(f"Class number {n}" for n in range(20))])
def test_the_page_needs_no_other_file_and_shows_names_as_text(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = tmp_path / "laporan ü.html"
    write_accuracy_report(path, assessed(names), SilentProgress())
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page and "<map>" not in page and "<this>" not in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)
    assert "points outside the map: 3" in page
    assert ("Kappa" in page) == (len(names) > 1)


def test_json_csv_and_figures_lie_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    found = assessed()
    write_accuracy_report(path, found, SilentProgress())
    content = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["accuracy"]["overall"]["value"] == found.accuracy.overall.value
    assert list(content["accuracy"]["overall"]) == ["value", "error", "low", "high", "quantile"]
    # Map classes are in the rows of this file, 50 right and 5 of the next reference class in each.
    assert content["accuracy"]["counts"] == [[50, 5, 0], [0, 50, 5], [5, 0, 50]]
    folder = tmp_path / "report_figures"
    for name in ("confusion_matrix", "class_accuracy", "areas"):
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    with (folder / "counts.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [float(value) for value in rows[1][1:]] == found.accuracy.counts.counts[:, 0].tolist()
    with (folder / "proportions.csv").open(encoding="utf-8") as file:
        shares = [[float(value) for value in row[1:]] for row in list(csv.reader(file))[1:]]
    assert np.sum(shares) == pytest.approx(1)
