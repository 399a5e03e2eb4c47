"""Runs over many rasters: names of their maps, and the table of results.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from ..errors import OutputError
from ..files import partial_file
from ..progress import Progress
from ..raster.source import is_remote

# What one system or another does not allow in the name of a file.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def map_names(
    rasters: Sequence[str], folder: Path, more: Sequence[str] = (), inputs: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the name, without its ending, of each raster's map, distinct also where case does not count.

    A raster's map is called as its file. Where several files share that name, their endings or folders
    stand in it too, as many as tell them apart; that does not depend on their order, so that another run
    finds its maps again.

    Args:
        rasters: Paths or dataset names, each once.
        folder: Where the maps are to stand.
        more: What is written beside a map as ``NAME_more.tif``.
        inputs: What else is read and must not be replaced.
    """
    stems = _stems(rasters)
    home = folder.resolve()
    taken = {
        Path(path).name.casefold() for path in (*rasters, *inputs) if Path(path).resolve().parent == home
    }
    names: dict[str, str] = {}
    for raster in sorted(rasters):
        name = next(
            name for name in _variants(stems[raster]) if not taken & {*map(str.casefold, files(name, more))}
        )
        names[raster] = name
        taken |= {*map(str.casefold, files(name, more))}
    return tuple(names[raster] for raster in rasters)


def files(name: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the file of a map of that name, and those of what is written beside it."""
    return f"{name}.tif", *(f"{name}_{kind}.tif" for kind in more)


def _stems(rasters: Sequence[str]) -> dict[str, str]:
    """Return what to call each raster's map: its file's name, with what tells it from its namesakes."""
    groups: dict[str, list[str]] = defaultdict(list)
    for raster in rasters:
        groups[_label(raster, 0, False).casefold()].append(raster)
    stems: dict[str, str] = {}
    for group in groups.values():
        depth = max(len(_path(raster).parts) for raster in group)
        labels = [_label(raster, 0, False) for raster in group]
        for level in range(1, 2 * depth):
            if len({label.casefold() for label in labels}) == len(group):
                break
            labels = [_label(raster, level // 2, level % 2 == 1) for raster in group]
        stems.update(zip(group, labels, strict=True))
    return stems


def _label(raster: str, folders: int, with_ending: bool) -> str:
    path = _path(raster)
    parents = path.parts[max(0, len(path.parts) - 1 - folders) : -1]
    ending = (path.suffix[1:],) if with_ending and path.suffix else ()
    text = "_".join((*parents, path.stem, *ending))
    return _FORBIDDEN.sub("_", text).strip(" ._") or "raster"


def _path(raster: str) -> PurePath:
    # What follows the question mark of an address may be a secret.
    text = raster.partition("?")[0] if is_remote(raster) else raster
    return PureWindowsPath(text) if "\\" in text else PurePosixPath(text)


def _variants(stem: str) -> Iterator[str]:
    yield stem
    yield f"{stem}_map"
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


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
