"""Folders of unfinished files are removed at the end, and by the next run where a process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deep_land_cover.runtime.lock import temporary_folder

PREFIX = ".unfinished_"
HOLD = """
import sys
from pathlib import Path
from deep_land_cover.runtime.lock import temporary_folder

with temporary_folder(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "half.gpkg").write_text("half")
    print(folder, flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def holder(tmp_path: Path):
    """A process that holds a folder in ``tmp_path``, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), PREFIX],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    yield process, folder
    process.kill()
    process.communicate()


def test_the_folder_ends_with_the_block_even_if_it_fails(tmp_path: Path) -> None:
    with temporary_folder(tmp_path, PREFIX) as folder:
        (folder / "points.gpkg").write_text("points")
        assert names(folder) == ["points.gpkg"]
    with pytest.raises(RuntimeError), temporary_folder(tmp_path, PREFIX) as folder:
        (folder / "points.gpkg").write_text("points")
        raise RuntimeError
    assert names(tmp_path) == []


def test_the_folder_of_a_killed_process_is_removed_by_the_next_one(tmp_path: Path, holder) -> None:
    process, abandoned = holder
    process.kill()
    process.wait()
    assert (abandoned / "half.gpkg").is_file()
    with temporary_folder(tmp_path, PREFIX) as folder:
        assert not abandoned.exists()
        assert folder.is_dir()
    assert names(tmp_path) == []


def test_the_folder_of_a_running_process_and_those_of_others_stay(tmp_path: Path, holder) -> None:
    process, own = holder
    (tmp_path / f"{PREFIX}of_the_user").mkdir()
    (tmp_path / f"{PREFIX}file").write_text("a file")
    with temporary_folder(tmp_path, PREFIX) as first, temporary_folder(tmp_path, PREFIX) as second:
        assert (own / "half.gpkg").is_file()
        assert first.is_dir() and second.is_dir() and first != second
    assert process.poll() is None
    process.communicate("", timeout=30)
    assert names(tmp_path) == [f"{PREFIX}file", f"{PREFIX}of_the_user"]
