"""Marks in output files: each kind is known again, and no other file is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.files import Output, check_files, read_text_file
from deep_land_cover.core.marks import KIND_ITEM, kinds_of, mark
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.geotiff import FileForm
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.writer import open_map

KEPT = Path(__file__).parents[1] / "first_edition" / "kept"
CLASSES = (LandCoverClass(1, "Water", "#0000FF"), LandCoverClass(2, "Soil", "#AA5500"))


@pytest.mark.parametrize("cog", [False, True])
def test_a_map_is_known_by_its_metadata(tmp_path, cog):
    path = tmp_path / "map.tif"
    grid = Grid(20, 30, (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_400_000.0), "EPSG:32632")
    form = FileForm(cog=cog)
    with open_map(path, grid, CLASSES, SilentProgress(), {KIND_ITEM: "map"}, form) as writer:
        writer.write(writer.window, np.ones((20, 30), np.int64))
    assert kinds_of(path) == ("map",)


@pytest.mark.parametrize(
    "options", [{}, {"BIGTIFF": "YES"}, {"ENDIANNESS": "BIG"}, {"ENDIANNESS": "BIG", "BIGTIFF": "YES"}]
)
def test_all_forms_of_tiff_are_read(tmp_path, options):
    path, other = tmp_path / "a.tif", tmp_path / "b.tif"
    for name, tags in ((path, {KIND_ITEM: "stack", "Q": "ü"}), (other, {"DESCRIPTION": "mine"})):
        profile = {
            "width": 4,
            "height": 4,
            "count": 1,
            "dtype": "uint8",
            "transform": from_origin(0, 0, 1, 1),
        }
        with rasterio.open(name, "w", driver="GTiff", **profile, **options) as dataset:
            dataset.update_tags(**tags)
    assert kinds_of(path) == ("stack",)
    assert kinds_of(other) == ()


def test_files_of_the_first_edition_are_known():
    assert kinds_of(KEPT / "map.tif") == ("map", "sets")
    assert kinds_of(KEPT / "raster.tif") == ()
    assert kinds_of(KEPT / "report_accuracy.json") == ("accuracy_report",)
    assert kinds_of(KEPT / "random_forest.skops") == kinds_of(KEPT / "hybrid.skops") == ("model",)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.pdf", "a.png"])
def test_pages_and_pictures_are_known_by_text_at_either_end(tmp_path, name):
    path = tmp_path / name
    for content in (f"<{mark('page')}>" + "x" * 300_000, "x" * 300_000 + f"\n%{mark('page')}\n"):
        path.write_text(content)
        assert kinds_of(path) == ("page",)
    path.write_text("x" * 300_000)
    assert kinds_of(path) == ()


@pytest.mark.parametrize(
    "ending", [".tif", ".html", ".json", ".csv", ".skops", ".safetensors", ".png", ".geojson"]
)
@pytest.mark.parametrize(
    "content", [b"", b"II*\0", b"II+\0\x08\0\0\0", b"MM\0*\xff\xff\xff\xff", b"PK\x03\x04", b"{}"]
)
def test_damaged_and_foreign_files_have_no_kind(tmp_path, ending, content):
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    assert kinds_of(path) == ()
    assert kinds_of(tmp_path / f"none{ending}") == ()


def test_only_a_file_of_the_same_kind_is_replaced(tmp_path):
    page = tmp_path / "a.html"
    output = Output(str(page), (".html",), "accuracy_report")
    check_files([output], [])
    page.write_text(mark("accuracy_report"))
    check_files([output], [])
    page.write_text(mark("training_report"))
    with pytest.raises(OutputError) as caught:
        check_files([output], [])
    assert caught.value.where == str(page)
    check_files([output], [], overwrite=True)


def test_the_json_beside_a_report_must_be_of_the_same_kind(tmp_path):
    output = Output(str(tmp_path / "a.html"), (".html",), "accuracy_report")
    (tmp_path / "a.json").write_text(json.dumps({"deep_land_cover_report": "training"}))
    with pytest.raises(OutputError) as caught:
        check_files([output], [])
    assert caught.value.where == str(tmp_path / "a.json")
    check_files([output], [], overwrite=True)


def test_a_broken_link_is_a_file_too(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(OutputError):
        check_files([Output(str(tmp_path / "a.csv"), (".csv",), "accuracy_table")], [])


def test_overwriting_never_replaces_an_input(tmp_path):
    (tmp_path / "a.tif").write_bytes(b"x")
    with pytest.raises(OutputError, match="one of the inputs"):
        check_files(
            [Output(str(tmp_path / "a.tif"), (".tif",), "map")], [str(tmp_path / "a.tif")], overwrite=True
        )


def test_a_long_name_is_refused_with_the_longest_that_goes(tmp_path):
    for length, is_fine in ((239, True), (240, False)):
        output = Output(str(tmp_path / ("x" * (length - 4) + ".tif")), (".tif",))
        if is_fine:
            check_files([output], [])
            continue
        with pytest.raises(OutputError, match="too long") as caught:
            check_files([output], [])
        assert "239" in caught.value.what


def test_small_texts_are_read_up_to_a_size(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("aü", encoding="utf-8-sig")
    assert read_text_file(path, 6) == "aü"
    with pytest.raises(ValueError, match="larger than"):
        read_text_file(path, 5)
