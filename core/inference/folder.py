"""Runs over a folder of rasters: names of the maps, and the table of results.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from ..files import partial_file
from ..progress import Progress
from ..raster.source import is_remote

# Characters that some operating system does not allow in a file name.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def map_names(
    rasters: Sequence[str], folder: Path, more: Sequence[str] = (), inputs: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the name of each raster's map, without suffix and unique regardless of case.

    A map has the name of its raster's file. Files with equal names get their suffixes and folders added until
    they differ. The names do not depend on the order of the rasters, so another run finds its maps.

    Args:
        rasters: Paths or dataset names, without duplicates.
        folder: Folder of the maps.
        more: Names of the optional rasters, which are written beside a map as ``NAME_more.tif``.
        inputs: Paths of other files that are read and must not be replaced.
    """
    stems = _stems(rasters)
    target = folder.resolve()
    taken = {
        Path(path).name.casefold() for path in (*rasters, *inputs) if Path(path).resolve().parent == target
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
    """Return the file names of a map and of the rasters beside it.

    Args:
        name: Name of the map, without suffix.
        more: Names of the optional rasters.
    """
    return f"{name}.tif", *(f"{name}_{kind}.tif" for kind in more)


def _stems(rasters: Sequence[str]) -> dict[str, str]:
    """Return the stem of each raster's map: its file name, with suffix and folders where names are equal."""
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
    # The query of a URL may hold a secret.
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
    """Result of one raster. The fields are the table's columns.

    Attributes:
        raster: Path of the raster.
        map: Path of the map; empty where there is none.
        patches: Number of patches of the map.
        seconds: Duration of this run in seconds.
        patches_per_second: Throughput of this run, in patches per second.
        device: Name of the device.
        backend: Backend of the network.
        precision: Precision of the network.
        problem: Reason why there is no map; empty where there is one.
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


def write_folder_table(path: Path, rows: Sequence[FolderRow], progress: Progress) -> None:
    """Write the table as CSV, in UTF-8.

    Args:
        path: Path of the table.
        rows: Results of the rasters.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file is open in another program.
        OSError: The file cannot be written for another reason.
    """
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows([_cell(getattr(row, name)) for name in _COLUMNS] for row in rows)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
