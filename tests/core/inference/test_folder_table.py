"""The table of many rasters can be read by anything that reads CSV."""

import csv

from deep_land_cover.core.inference.folder import FolderRow, write_folder_table
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.progress import SilentProgress


def test_rows_survive_with_commas_quotes_and_letters_of_any_script(tmp_path):
    path = tmp_path / "summary.csv"
    rows = [
        FolderRow("/d/水, ü.tif", "/out/水, ü.tif", 4800, 2.0, 2400.0, "CPU, 2 cores", "torch", "fp32"),
        FolderRow("/d/b.tif", problem='It says "no".\nTwice.'),
    ]
    write_folder_table(path, rows, SilentProgress())
    with path.open(encoding="utf-8", newline="") as file:
        head, first, second = csv.reader(file)
    assert head == [
        "raster",
        "map",
        "patches",
        "seconds",
        "patches_per_second",
        "device",
        "backend",
        "precision",
        "problem",
    ]
    figures = ["4800", "2.00", "2400.00"]
    assert first == ["/d/水, ü.tif", "/out/水, ü.tif", *figures, "CPU, 2 cores", "torch", "fp32", ""]
    assert second == ["/d/b.tif", "", "", "", "", "", "", "", 'It says "no".\nTwice.']
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_is_known_again_and_another_file_of_its_name_is_not(tmp_path):
    path = tmp_path / "summary.csv"
    write_folder_table(path, [], SilentProgress())
    assert kinds_of(path) == ("folder_table",)
    for content in (b"id,name\n1,mine\n", b"\xff\xfe\x00"):
        path.write_bytes(content)
        assert kinds_of(path) == ()
