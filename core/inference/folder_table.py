"""The table of a run over many rasters: a row a raster."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from ..errors import OutputError
from ..files import partial_file
from ..progress import Progress


@dataclass(frozen=True)
class FolderRow:
    """What came of a raster; the fields are the table's columns.

    Attributes:
        raster: Its path.
        map: The map's path; empty where there is none.
        patches: How many the map is made of.
        seconds: How long this run worked on it.
        patches_per_second: Of this run, which may have gone on with an earlier one.
        device: What computed.
        backend: With what.
        precision: In what numbers.
        problem: Why there is no map; empty where there is one.
    """

    raster: str
    map: str = ""
    patches: int | None = None
    seconds: float | None = None
    patches_per_second: float | None = None
    device: str = ""
    backend: str = ""
    precision: str = ""
    problem: str = ""


_COLUMNS = [item.name for item in fields(FolderRow)]


def check_folder_table(path: Path) -> None:
    """Refuse to replace a file that is no table of an earlier run: nobody has chosen its name.

    Raises:
        OutputError: It is another file.
    """
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8") as file:
            is_ours = file.readline().rstrip("\n") == ",".join(_COLUMNS)
    except (OSError, UnicodeDecodeError):
        is_ours = False
    if not is_ours:
        raise OutputError(
            "There is another file of the table's name",
            where=str(path),
            advice="Move it away, or choose another folder for the maps.",
        )


def write_folder_table(path: Path, rows: Sequence[FolderRow], progress: Progress) -> None:
    """Write the rows as CSV, in UTF-8.

    Raises:
        OutputError: The disk is full, or the file is open in another program.
        OSError: It cannot be written for another reason.
    """
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows([_cell(getattr(row, name)) for name in _COLUMNS] for row in rows)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
