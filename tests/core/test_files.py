"""Outputs stand under their final name only when they are complete."""

import errno
import os
import sqlite3
from contextlib import closing

import pytest

from deep_land_cover.core.errors import OutputError, RunCancelled
from deep_land_cover.core.files import Output, check_files, check_output, disk_files, partial_file
from deep_land_cover.core.progress import SilentProgress


class NotingProgress(SilentProgress):
    def __init__(self):
        super().__init__()
        self.temporaries = []

    def temporary(self, path):
        self.temporaries.append(path)


def test_a_file_that_ends_well_has_its_final_name_only(tmp_path):
    path = tmp_path / "map.tif"
    with partial_file(path, SilentProgress()) as part:
        part.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert os.listdir(tmp_path) == ["map.tif"]


@pytest.mark.parametrize("error", [ValueError("no"), RunCancelled(), KeyboardInterrupt(), SystemExit(1)])
def test_whatever_ends_it_otherwise_leaves_nothing_and_the_old_file(tmp_path, error):
    path = tmp_path / "map.tif"
    path.write_text("old")
    with pytest.raises(type(error)), partial_file(path, SilentProgress()) as part:
        part.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["map.tif"]


def test_an_error_before_anything_is_written_is_the_one_that_is_raised(tmp_path):
    with pytest.raises(ValueError, match="early"), partial_file(tmp_path / "map.tif", SilentProgress()):
        raise ValueError("early")


def test_the_temporary_is_named_to_the_parent_before_it_exists(tmp_path):
    progress = NotingProgress()
    with partial_file(tmp_path / "map.tif", progress) as part:
        assert progress.temporaries == [str(part)]
        assert not part.exists()
        part.write_text("whole")


def test_a_full_disk_is_named(tmp_path):
    with (
        pytest.raises(OutputError, match="disk is full") as caught,
        partial_file(tmp_path / "map.tif", SilentProgress()) as part,
    ):
        part.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.where == str(tmp_path)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_is_really_full_is_named(tmp_path):
    with (
        pytest.raises(OutputError, match="disk is full"),
        partial_file(tmp_path / "map.tif", SilentProgress()) as part,
    ):
        part.symlink_to("/dev/full")
        part.write_text("x" * 100_000)


def test_other_errors_of_the_system_pass_unchanged(tmp_path):
    with pytest.raises(FileNotFoundError), partial_file(tmp_path / "map.tif", SilentProgress()):
        raise FileNotFoundError(errno.ENOENT, "gone")


def test_an_output_that_cannot_be_replaced_keeps_the_finished_file(tmp_path, monkeypatch):
    def locked(source, target):
        raise PermissionError(errno.EACCES, "open elsewhere", str(target))

    path = tmp_path / "map.tif"
    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(OutputError, match="open in another program") as caught:
        with partial_file(path, SilentProgress()) as part:
            part.write_text("whole")
    assert (tmp_path / "map.tif.part").read_text() == "whole"
    assert "map.tif.part" in caught.value.advice


def test_two_files_nested_are_both_there_or_neither(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    with (
        pytest.raises(ValueError),
        partial_file(first, SilentProgress()) as a,
        partial_file(second, SilentProgress()) as b,
    ):
        a.write_text("1")
        b.write_text("2")
        raise ValueError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["map.tif", "map.TIF", "map.tiff", "a b ü.tif"])
def test_an_output_with_the_right_ending_in_a_folder_passes(tmp_path, name):
    check_output(tmp_path / name, [".tif", ".tiff"])


@pytest.mark.parametrize(
    ("name", "ending"), [("map.png", ".png"), ("map", "no ending"), ("map.tif.zip", ".zip")]
)
def test_a_wrong_ending_is_named_beside_the_right_ones(tmp_path, name, ending):
    with pytest.raises(OutputError) as caught:
        check_output(tmp_path / name, [".tif", ".tiff"])
    assert ending in caught.value.what
    assert caught.value.advice == "Use .tif or .tiff."


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OutputError, match="folder does not exist") as caught:
        check_output(tmp_path / "none" / "map.tif", [".tif"])
    assert caught.value.where == str(tmp_path / "none")


def test_a_folder_in_the_files_place_is_refused(tmp_path):
    (tmp_path / "map.tif").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        check_output(tmp_path / "map.tif", [".tif"])


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_a_folder_without_the_right_to_write_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            check_output(tmp_path / "map.tif", [".tif"])
    finally:
        tmp_path.chmod(0o700)


def test_an_output_that_is_read_is_refused_by_what_it_is_on_disk(tmp_path):
    scene = tmp_path / "scene.tif"
    scene.write_bytes(b"x")
    (tmp_path / "link.tif").symlink_to(scene)
    os.link(scene, tmp_path / "hard.tif")
    for name in ("scene.tif", "link.tif", "hard.tif", "sub/../scene.tif"):
        (tmp_path / "sub").mkdir(exist_ok=True)
        with pytest.raises(OutputError) as caught:
            check_files([Output(str(tmp_path / name), (".tif",))], [str(scene)])
        assert caught.value.where.endswith(name)
    check_files([Output(str(tmp_path / "other.tif"), (".tif",))], [str(scene), ""])


def test_a_geopackage_of_several_layers_is_never_replaced(tmp_path):
    path = tmp_path / "zones.gpkg"
    for name, others in (("one", False), ("two", True)):
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("CREATE TABLE IF NOT EXISTS gpkg_contents (table_name TEXT, description TEXT)")
            file.execute("INSERT INTO gpkg_contents VALUES (?, '')", (name,))
        if others:
            with pytest.raises(OutputError, match="several layers"):
                check_files([Output(str(path), (".gpkg",))], [], overwrite=True)
        else:
            check_files([Output(str(path), (".gpkg",))], [], overwrite=True)


@pytest.mark.parametrize(
    "name",
    [
        "{folder}/a.gpkg",
        "{folder}/a.gpkg|layername=points",
        "GPKG:{folder}/a.gpkg:points",
        "ogr:dbname='{folder}/a.gpkg' table=\"points\" (geom)",
        'NETCDF:"{folder}/a.gpkg":ndvi',
        "/vsizip/{folder}/a.gpkg/inner/b.tif",
        "/vsizip/{{{folder}/a.gpkg}}/b.tif",
    ],
)
def test_a_dataset_name_leads_to_the_file_that_holds_it(tmp_path, name):
    file = tmp_path / "a.gpkg"
    file.write_bytes(b"x")
    assert disk_files(name.format(folder=tmp_path)) == (file,)


@pytest.mark.parametrize("name", ["/vsicurl/https://example.org/a.tif", "MEM:::DATAPOINTER=1", "WMS:x"])
def test_what_lies_on_no_disk_has_no_file(name):
    assert disk_files(name) == ()


def test_the_files_beside_an_output_count_too(tmp_path):
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(OutputError):
        check_files([Output(str(tmp_path / "report.html"), (".html",))], [str(tmp_path / "report.json")])
    (tmp_path / "map.tif.aux.xml").write_text("")
    with pytest.raises(OutputError):
        check_files([Output(str(tmp_path / "map.tif"), (".tif",))], [str(tmp_path / "map.tif.aux.xml")])


def test_two_outputs_of_one_file_are_refused(tmp_path):
    with pytest.raises(OutputError):
        check_files(
            [Output(str(tmp_path / "a.tif"), (".tif",)), Output(f"{tmp_path}/./a.tif", (".tif",))], []
        )
