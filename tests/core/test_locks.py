"""Two runs that write the same file: the second one stops, and the first one's file stays whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.files import partial_file
from deep_land_cover.core.locks import is_used, writing
from deep_land_cover.core.progress import SilentProgress

HOLD = """
import sys
from pathlib import Path
from deep_land_cover.core.locks import writing

with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """A process that writes ``tmp_path / "map.tif"``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "map.tif")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_file_of_another_process_is_not_written(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    (tmp_path / "link.tif").symlink_to(tmp_path / "map.tif")
    for name in ("map.tif", "link.tif"):
        with pytest.raises(OutputError, match="Another run is writing") as error, writing(tmp_path / name):
            pass
        assert error.value.where == str(tmp_path / name)
    with writing(tmp_path / "other.tif"):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with writing(tmp_path / "map.tif"):
        pass


def test_a_second_writer_leaves_the_unfinished_file_of_the_first(tmp_path: Path) -> None:
    path, progress = tmp_path / "table.csv", SilentProgress()
    with partial_file(path, progress) as part:
        part.write_text("first")
        with pytest.raises(OutputError, match="Another run is writing"), partial_file(path, progress):
            pass
    assert path.read_text() == "first"
    with partial_file(path, progress) as part:
        part.write_text("again")
    assert path.read_text() == "again"


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    with writing(tmp_path / "map.tif"):
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_for_locks_a_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with writing(tmp_path / "map.tif"):
        pass


def test_a_folder_is_used_until_the_last_process_ends_and_no_lock_of_an_ended_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    folder = tmp_path / "environment"
    assert not is_used(folder)
    hold = HOLD.replace("import writing", "import use").replace(
        "with writing(Path(sys.argv[1])):", "use(Path(sys.argv[1]))\nif True:"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", hold, str(folder)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
    for process in processes:
        assert is_used(folder)
        process.kill()
        process.communicate()
    assert not is_used(folder)
    assert [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()] == []
