"""Maps compared from end to end: table, report, figure, agreement."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError, ParameterError, SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import write_attribute_table
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.compare import CompareRequest, CompareResult
from deep_land_cover.core.tasks.compare import run

from ..features import point, write_features

Make = Callable[..., Path]


@pytest.fixture
def case(tmp_path: Path, make_raster: Make) -> Case:
    return Case(tmp_path, make_raster)


class Case:
    """A truth of two halves; map ``a`` has its first six rows wrong, map ``b`` its last three."""

    def __init__(self, folder: Path, make_raster: Make) -> None:
        self.folder, self.make = folder, make_raster
        truth = np.full((40, 60), 2, dtype=np.uint8)
        truth[:, 30:] = 9
        first, second = truth.copy(), truth.copy()
        first[:6], second[-3:] = 11 - first[:6], 11 - second[-3:]
        second[20, 20] = 0
        colours = {2: (10, 120, 20, 255), 9: (200, 30, 40, 255)}
        self.truth, self.a, self.b = (
            make_raster(values, name=f"{name}.tif", nodata=0)
            for name, values in (("truth", truth), ("a", first), ("b", second))
        )
        with rasterio.open(self.a, "r+") as dataset:
            dataset.write_colormap(1, colours)
        self.c = self.truth
        self.log = ""

    def run(self, *names: str, **changes: Any) -> CompareResult:
        progress = SilentProgress()
        inputs = tuple(RasterSource(str(getattr(self, name)), name=f"map {name}") for name in names)
        found = run(CompareRequest(inputs, **changes), progress)
        self.log = "\n".join(text for _level, text in progress.lines)
        return found

    def spoilt(self, path: Path, name: str) -> Path:
        """Return a map that is unclassified in its last pixel, because a truth is refused as a map."""
        with rasterio.open(path) as dataset:
            values = dataset.read(1)
        values[-1, -1] = 0
        return self.make(values, name=name, nodata=0)

    def reference(self) -> RasterSource:
        return RasterSource(str(self.truth), name="truth")

    def points(self, every: int = 7) -> str:
        with rasterio.open(self.truth) as dataset:
            values = dataset.read(1)
        places = [divmod(number, 60) for number in range(0, values.size, every)]
        points = [point(row, column, int(values[row, column])) for row, column in places]
        return write_features(self.folder / "points.jsonl", points)


def test_a_reference_raster_compares_where_both_maps_have_a_class(case: Case) -> None:
    table = case.folder / "table.csv"
    found = case.run("a", "b", raster=case.reference(), table=str(table), block_size=10)
    pixels = 40 * 60 - 1
    assert found.gain == pytest.approx(((pixels - 180) - (pixels - 360)) / pixels)
    assert found.p is not None and found.p > 0.01
    assert "sign flip test" in case.log and "McNemar" not in case.log
    assert "reference pixels where a map is unclassified: 1." in case.log
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["figure"] for row in rows] == (
        ["overall_accuracy", "macro_f1"] + ["users_accuracy"] * 2 + ["producers_accuracy"] * 2 + ["f1"] * 2
    )
    assert float(rows[0]["map a"]) == pytest.approx(1 - 360 / pixels)
    assert float(rows[0]["gain of map b"]) == pytest.approx(found.gain)
    assert float(rows[0]["gain of map b low"]) < found.gain < float(rows[0]["gain of map b high"])


def test_maps_are_compared_by_the_names_of_their_classes(case: Case) -> None:
    """Map b has the classes of the reference under other values, as a training from names gives them."""
    with rasterio.open(case.truth) as dataset:
        truth = dataset.read(1)
    values = np.select([truth == 2, truth == 9], [1, 2]).astype(np.uint8)
    values[0, 0] = 2
    case.b = case.make(values, name="n.tif", nodata=0)
    for path, (forest, town) in ((case.truth, (2, 9)), (case.a, (2, 9)), (case.b, (1, 2))):
        named = [LandCoverClass(forest, "Forest", "#112233"), LandCoverClass(town, "Town", "#445566")]
        write_attribute_table(Path(f"{path}.aux.xml"), named, {})
    pixels = int(np.count_nonzero(truth))
    found = case.run("a", "b", raster=case.reference(), block_size=10)
    assert found.gain == pytest.approx(359 / pixels)
    assert "matched by name: 1 Forest → 2, 2 Town → 9." in case.log
    found = case.run("a", "b", features=case.points(1), name="points")
    assert found.gain == pytest.approx(359 / pixels)


@pytest.mark.parametrize(
    ("design", "test"),
    [("none", "sign flip"), ("simple", "McNemar"), ("stratified_by_map", "design-weighted")],
)
def test_points_get_the_test_that_their_design_allows(case: Case, design: str, test: str) -> None:
    found = case.run("a", "b", features=case.points(), name="points", design=design)
    assert found.gain == pytest.approx(0.075, abs=0.02)
    assert f"{test} test" in case.log


def test_a_probability_that_is_not_known_is_said_so(case: Case) -> None:
    """Map a has a single point in class 9: how much others would differ is not known."""
    with rasterio.open(case.truth) as dataset:
        values = dataset.read(1)
    places = [*(divmod(number, 60) for number in range(0, 1200, 7)), (30, 45)]
    places = [
        (row, column) for row, column in places if (column < 30) == (row >= 6) or (row, column) == (30, 45)
    ]
    points = [point(row, column, int(values[row, column])) for row, column in places]
    report, table = case.folder / "r.html", case.folder / "t.csv"
    found = case.run(
        "a",
        "b",
        features=write_features(case.folder / "points.jsonl", points),
        design="stratified_by_map",
        report=str(report),
        table=str(table),
    )
    assert found.gain is not None and found.p is None
    assert "design-weighted test: p is not known." in case.log
    assert "p is not known." in report.read_text(encoding="utf-8")
    (gain,) = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["gains"]
    assert gain["test"]["p"] is None
    with table.open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["p of map b"] == ""


@pytest.mark.medium
def test_points_in_the_hole_of_a_map_are_told_and_keep_their_weight(case: Case) -> None:
    """Map b has a hole over half of class 2; map a is wrong in the first six rows of what is left."""
    with rasterio.open(case.b) as dataset:
        values = dataset.read(1)
    values[20:, :30] = 0
    case.b = case.make(values, name="hole.tif", nodata=0)
    with rasterio.open(case.truth) as dataset:
        truth = dataset.read(1)
    # All pixels are points, so that nothing is left to chance but what map a confuses.
    points = [point(row, column, int(truth[row, column])) for row in range(40) for column in range(60)]
    report = case.folder / "r.html"
    features = write_features(case.folder / "points.jsonl", points)
    case.run("a", "b", features=features, design="stratified_by_map", report=str(report))
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["accuracies"][0]["overall"]["value"] == pytest.approx(1 - 6 * 60 / (20 * 30 + 40 * 30))
    said = (
        "600 of 2,400 reference points lie where a map has no class. Figures and gains describe only the area"
    )
    assert any(said in text for text in content["cautions"])
    assert any("an estimated 75.0% of the area" in text for text in content["cautions"])
    assert "estimates for the area where all maps have a class" in content["method"]


def test_a_simple_sample_in_degrees_has_no_equal_weights(case: Case) -> None:
    """From 60 degrees north to 20: McNemar's test would count pixels of unequal area alike."""
    with rasterio.open(case.truth) as dataset:
        truth = dataset.read(1)
    place = (1.0, 0.0, 0.0, 0.0, -1.0, 60.0)
    for name in ("a", "b"):
        with rasterio.open(getattr(case, name)) as dataset:
            values = dataset.read(1)
        setattr(
            case, name, case.make(values, name=f"{name}4326.tif", nodata=0, crs="EPSG:4326", transform=place)
        )
    points = [
        {
            "geometry": {"type": "Point", "coordinates": [column + 0.5, 59.5 - row]},
            "class": int(truth[row, column]),
        }
        for row, column in (divmod(number, 60) for number in range(0, 2400, 7))
    ]
    case.run("a", "b", features=write_features(case.folder / "p.jsonl", points), design="simple")
    assert "design-weighted test" in case.log


def test_points_far_apart_are_independent_without_a_design_too(case: Case) -> None:
    case.run("a", "b", features=case.points(every=601), name="points", block_size=1)
    assert "McNemar test" in case.log


def test_a_sample_has_the_gain_by_blocks_beside_that_of_its_design(case: Case) -> None:
    report = case.folder / "r.html"
    case.run("a", "b", features=case.points(), design="simple", report=str(report), block_size=10)
    method = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["method"]
    assert "24 blocks of 10 pixels are resampled" in method and "map b +" in method
    assert "such intervals of 20 clusters" in method


@pytest.mark.medium
def test_too_few_blocks_are_not_drawn_from(case: Case) -> None:
    report = case.folder / "r.html"
    # Two by two blocks of 30 pixels.
    case.run("a", "b", features=case.points(), design="simple", report=str(report), block_size=30)
    assert "resampled" not in json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["method"]


@pytest.mark.medium(but=("raster-180-360",))
@pytest.mark.parametrize(("by", "first", "second"), [("raster", 3 * 60, 6 * 60), ("points", 25, 52)])
def test_what_one_map_alone_has_right_is_counted(case: Case, by: str, first: int, second: int) -> None:
    """Map a is wrong in the first six rows, map b in the last three; every seventh pixel is a point."""
    every = range(0, 2400, 7)
    assert by == "raster" or (first, second) == (sum(n >= 2220 for n in every), sum(n < 360 for n in every))
    reference = {"raster": case.reference()} if by == "raster" else {"features": case.points()}
    report = case.folder / "r.html"
    case.run("a", "b", **reference, report=str(report), block_size=10)
    (gain,) = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["gains"]
    assert (gain["test"]["first_only"], gain["test"]["second_only"]) == (first, second)


@pytest.mark.medium
def test_the_report_says_which_test_and_why(case: Case) -> None:
    report = case.folder / "r.html"
    case.c = case.spoilt(case.truth, "c.tif")
    case.run("a", "b", "c", raster=case.reference(), report=str(report), block_size=10)
    page = report.read_text(encoding="utf-8")
    assert "sign-flip test by block. McNemar’s test is not given" in page
    assert "such intervals of 20 clusters" in page
    assert "Bonferroni" in page
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["maps"] == ["map a", "map b", "map c"]
    assert len(content["gains"]) == 2
    assert (case.folder / "r_figures" / "comparison.csv").is_file()


def test_a_loss_that_rounds_to_nothing_is_shown_without_a_sign(case: Case) -> None:
    """One pixel of 2,400 is 0.04 points."""
    with rasterio.open(case.truth) as dataset:
        values = dataset.read(1)
    values[0, 0] = 9
    case.c = case.make(values, name="c.tif", nodata=0)
    case.b = case.spoilt(case.truth, "b.tif")
    report = case.folder / "r.html"
    found = case.run("b", "c", raster=case.reference(), report=str(report), block_size=10)
    assert found.gain == pytest.approx(-1 / 2399)
    # Of 24 blocks the one with that pixel is drawn three or four times in the draws of the lowest 1.7 %.
    assert re.search(r"gain over map b 0\.0 points \([-−]0\.[12] to 0\.0\)", case.log)
    page = report.read_text(encoding="utf-8")
    assert "map c gains 0.0 points" in page
    assert not re.search(r"[-−+]0\.0+(?![\d.])", page)


@pytest.mark.medium
def test_names_cannot_break_the_page(case: Case) -> None:
    report = case.folder / "r.html"
    inputs = tuple(RasterSource(str(path), name="<b>&") for path in (case.a, case.b))
    run(CompareRequest(inputs, raster=case.reference(), report=str(report)), SilentProgress())
    assert "<b>&" not in report.read_text(encoding="utf-8")


@pytest.mark.medium(but=("png",))
@pytest.mark.parametrize("suffix", ["png", "pdf", "svg", "tif"])
def test_the_figure_has_all_kinds_of_files(case: Case, suffix: str) -> None:
    path = case.folder / f"figure.{suffix}"
    case.run("a", "b", figure=str(path), title="Two maps")
    assert path.stat().st_size > 5000


def test_the_figure_has_300_dots_per_inch_and_the_colours_of_the_maps(case: Case) -> None:
    path = case.folder / "figure.png"
    case.run("a", "b", raster=case.reference(), figure=str(path))
    with Image.open(path) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        # Three panels of 3.4 inches.
        assert picture.width == pytest.approx(3 * 3.4 * 300, rel=0.05)
        colours = {
            colour for _count, colour in picture.convert("RGB").getcolors(picture.width * picture.height)
        }
    assert {(10, 120, 20), (200, 30, 40)} <= colours


def test_maps_without_a_valid_pixel_have_a_figure_of_empty_panels(case: Case, make_raster: Make) -> None:
    empty = np.zeros((40, 60), dtype=np.uint8)
    case.a, case.b = (make_raster(empty, name=f"empty_{name}.tif", nodata=0) for name in "ab")
    path = case.folder / "figure.png"
    case.run("a", "b", figure=str(path))
    with Image.open(path) as picture:
        pixels = picture.convert("RGB")
    # The middle of each half lies inside a panel; pixels without a class are white.
    places = [(round(pixels.width * part), pixels.height // 2) for part in (0.27, 0.77)]
    assert [pixels.getpixel(place) for place in places] == [(255, 255, 255)] * 2


def test_agreement_with_a_reference_says_which_map_is_right(case: Case) -> None:
    path = case.folder / "agreement.tif"
    case.run("a", "b", raster=case.reference(), agreement=str(path))
    with rasterio.open(path) as dataset:
        values = dataset.read(1)
        assert "Only map a is right" in dataset.tags()["CLASSES"]
        assert values[20, 20] == dataset.nodata
    assert set(values[:6].ravel()) == {2}
    assert set(values[-3:].ravel()) == {1}
    assert set(values[10:19].ravel()) == {3}


def test_agreement_without_a_reference_counts_maps_that_say_the_same(case: Case) -> None:
    path = case.folder / "agreement.tif"
    case.run("a", "b", "truth", agreement=str(path))
    with rasterio.open(path) as dataset:
        values = dataset.read(1)
    assert set(values[:6].ravel()) == {2}
    assert set(values[10:19].ravel()) == {3}
    assert "All agree 77.5%" in case.log


def test_one_map_and_a_reference_raster_can_be_shown(case: Case) -> None:
    found = case.run("a", raster=case.reference(), figure=str(case.folder / "f.png"))
    assert found.gain is None and found.p is None


@pytest.mark.medium
def test_maps_on_other_grids_are_brought_onto_the_first(case: Case, make_raster: Make) -> None:
    with rasterio.open(case.truth) as dataset:
        fine = np.repeat(np.repeat(dataset.read(1), 2, axis=0), 2, axis=1)
    place = (10.0, 0.0, 500_000.0, 0.0, -10.0, 9_800_000.0)
    case.truth, case.b = (
        make_raster(fine, name=f"{name}.tif", nodata=0, transform=place) for name in ("fine", "map b")
    )
    found = case.run("a", "b", raster=case.reference(), figure=str(case.folder / "f.png"))
    assert found.gain == pytest.approx(360 / 2400)
    for name in ("map b", "truth"):
        assert case.log.count(f"{name} is resampled to the grid") == 1


@pytest.mark.parametrize(
    ("names", "changes", "sentence"),
    [
        (("a",), {"figure": "f.png"}, "too few maps"),
        (("a", "b"), {}, "either a reference nor an output"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(
    case: Case, names: tuple[str, ...], changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ParameterError, match=sentence):
        case.run(*names, **changes)


def test_outputs_have_fixed_endings_and_never_replace_a_map(case: Case) -> None:
    with pytest.raises(OutputError, match="ending"):
        case.run("a", "b", figure=str(case.folder / "f.gif"))
    with pytest.raises(OutputError, match="one of the inputs"):
        case.run("a", "b", agreement=str(case.a))


def test_maps_of_different_places_get_a_sentence(case: Case, make_raster: Make) -> None:
    far = np.full((40, 60), 2, dtype=np.uint8)
    case.b = make_raster(far, name="far.tif", nodata=0, transform=(20.0, 0.0, 7e5, 0.0, -20.0, 9.8e6))
    with pytest.raises(SampleError, match="within the first map") as error:
        case.run("a", "b", raster=case.reference())
    assert "far.tif" in error.value.where
