"""What the maps of many rasters are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from ..raster.gdal_options import is_remote

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
