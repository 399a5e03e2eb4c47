"""Output files: checks before the work, and files that get their final name only when they are complete.

::

    with partial_file(Path("map.tif")) as path:
        write(path)  # an exception removes the partial file; map.tif is untouched
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import OutputError
from .text import alternatives

if TYPE_CHECKING:
    from .progress import Progress

# Less free space than this beside a failed write means that the write failed for want of it.
_FULL_DISK = 4 * 1024 * 1024
# Virtual file systems at the beginning of a name, such as ``/vsizip/{``.
_VIRTUAL = re.compile(r"^(/vsi[a-z0-9]+/\{?)+")
_RASTERS, _PAGES = (".tif", ".tiff"), (".html", ".htm")
# What a report's JSON begins with, so that it is known from other files of that name.
MARK = "deep_land_cover_report"


def check_output(path: Path, suffixes: Sequence[str]) -> None:
    """Refuse an output that cannot be written, before any work is done.

    Raises:
        OutputError: The ending is not one of ``suffixes`` (lower case, with the dot), or the
            folder does not exist or cannot be written.
    """
    if path.suffix.lower() not in suffixes:
        raise OutputError(
            "The output has the ending {ending!r}" if path.suffix else "The output has no ending",
            where=str(path),
            advice="Use {endings}.",
            ending=path.suffix,
            endings=alternatives(suffixes),
        )
    if not path.parent.is_dir():
        raise OutputError(
            "The output folder does not exist", where=str(path.parent), advice="Create it or choose another."
        )
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(
            "The output cannot be written there", where=str(path), advice="Choose a folder you may write to."
        )


@dataclass(frozen=True)
class Output:
    """A file that a run writes.

    Attributes:
        path: The file; empty for an output that is not wanted.
        suffixes: Endings that it may have, in lower case with the dot.
        parameter: Name of the parameter that asks for it.
    """

    path: str
    suffixes: Sequence[str]
    parameter: str = "OUTPUT"

    @property
    def files(self) -> tuple[Path, ...]:
        """The file and what is written beside it: a raster's sidecar, a report's JSON."""
        path = Path(self.path)
        if path.suffix.lower() in _RASTERS:
            return path, path.with_name(f"{path.name}.aux.xml")
        return (path, json_path(path)) if path.suffix.lower() in _PAGES else (path,)


def check_files(outputs: Iterable[Output], inputs: Iterable[str]) -> None:
    """Check the files of a run before any work: the one place that decides what may be written.

    Files are compared by what they are on disk, so that a link to an input, or a layer within it, is the
    input.

    Args:
        outputs: Files to write.
        inputs: Files and dataset names that the run reads; empty ones do not count.

    Raises:
        OutputError: An output has another ending, cannot be written there, is read by the run, or is written
            twice; or the files beside a report would replace something else.
    """
    read = [file for item in inputs if item for file in disk_files(item)]
    written: list[Path] = []
    for output in outputs:
        if not output.path:
            continue
        path = Path(output.path)
        check_output(path, output.suffixes)
        if any(is_same_file(path, other) for other in written):
            raise OutputError(
                "Two outputs have the same name", where=output.path, advice="Give each its own name."
            )
        if any(is_same_file(file, other) for file in output.files for other in read):
            raise overwrites_input(path)
        if path.suffix.lower() in _PAGES:
            check_report(path)
        written.append(path)


def check_overwrites_none(path: Path, inputs: Iterable[str]) -> None:
    """Refuse an output that is a file which the run reads.

    Raises:
        OutputError: ``path`` is one of ``inputs``.
    """
    if any(is_same_file(path, file) for item in inputs if item for file in disk_files(item)):
        raise overwrites_input(path)


def is_same_file(first: Path, second: Path) -> bool:
    """Return whether two paths are one file on disk, also by links or by the case of letters."""
    try:
        return os.path.samefile(first, second)
    except OSError:
        # One of them does not exist.
        return first.resolve() == second.resolve()


def disk_files(name: str) -> tuple[Path, ...]:
    """Return the file on disk that a dataset name refers to; nothing for servers and memory.

    Args:
        name: A path, also with ``|layername=...``; a GDAL name such as ``NETCDF:"a.nc":ndvi``,
            ``GPKG:a.gpkg:layer`` or ``/vsizip/a.zip/b.tif``; or a QGIS source with ``dbname='a.gpkg'``.
    """
    text = name.split("|")[0]
    quoted = re.findall(r"""["']([^"']+)["']""", text)
    parts = [text, *quoted, *itertools.accumulate(text.split(":")[1:], "{}:{}".format)]
    for part in parts:
        path = Path(_VIRTUAL.sub("", part).replace("}", "") if part.startswith("/vsi") else part)
        # A member of an archive lies below the archive's name.
        for candidate in (path, *path.parents):
            if candidate.is_file():
                return (candidate,)
            if candidate.exists() or not part.startswith("/vsi"):
                break
    return (Path(text),) if ":" not in text and not text.startswith("/vsi") else ()


def overwrites_input(path: Path) -> OutputError:
    """Return what to say of an output that is read from."""
    return OutputError("The output is one of the inputs", where=str(path), advice="Choose another name.")


def file_checksum(path: Path) -> str:
    """Return the SHA-256 checksum of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def disk_full(path: Path) -> OutputError:
    """Return what to say when ``path`` could not be written for want of space."""
    return OutputError(
        "The disk is full", where=str(path.parent), advice="Free some space or choose another folder."
    )


def is_disk_full(folder: Path) -> bool:
    """Return whether what could not be written to a folder failed, most likely, for want of space."""
    return shutil.disk_usage(folder).free < _FULL_DISK


@contextmanager
def full_disk_named(path: Path) -> Iterator[None]:
    """Turn the system's error for a full disk into an OutputError that names the disk of ``path``."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(path) from error
        raise


@contextmanager
def partial_file(path: Path, progress: Progress, ending: str = ".part") -> Iterator[Path]:
    """Give ``NAME.part`` to write to, and rename it to ``path`` when the block ends well.

    Whatever ends the block otherwise, the partial file is removed. A full disk becomes an
    OutputError that names the disk. Where ``path`` is open in another program and cannot be
    replaced (Windows), the finished partial file is kept and named.

    Args:
        path: The file that is wanted.
        progress: Is told of the partial file.
        ending: What is appended to the name meanwhile.

    Raises:
        OutputError: The disk is full, or ``path`` cannot be replaced.
    """
    part = path.with_name(path.name + ending)
    progress.temporary(str(part))
    try:
        with full_disk_named(path):
            yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    try:
        os.replace(part, path)
    except PermissionError as error:
        raise OutputError(
            "The output cannot be replaced, perhaps because it is open in another program",
            where=str(path),
            advice="The finished file was kept as {part}. Close the other program and rename it.",
            part=part,
        ) from error


@contextmanager
def removed_afterwards(path: Path, progress: Progress) -> Iterator[Path]:
    """Remove a file, if it came to be, however the block ends."""
    progress.temporary(str(path))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_points(path: Path, records: Iterable[Mapping[str, str | int | float | None]]) -> None:
    """Write each record as a line; ``x`` and ``y`` of it are the point's place.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(
            "The points cannot be written: {strerror}",
            where=str(path),
            advice="Free some space or choose another folder.",
            strerror=error.strerror,
        ) from error


def json_path(page: Path) -> Path:
    """Return where the content of a report lies: ``NAME.json``."""
    return page.with_suffix(".json")


def figure_folder(page: Path) -> Path:
    """Return where the figures of a report lie: ``NAME_figures``."""
    return page.with_name(f"{page.stem}_figures")


def check_report(page: Path) -> None:
    """Refuse a report that cannot be written, before any work is done.

    Raises:
        OutputError: The ending is not ``.html``, the folder does not exist or cannot be written, or
            what would lie beside the page would replace something that is no report.
    """
    check_output(page, _PAGES)
    beside, folder = json_path(page), figure_folder(page)
    if beside.exists() and not _is_report(beside):
        raise OutputError(
            "The report's content would replace a file that is no report",
            where=str(beside),
            advice="Choose another name for the report.",
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            "There is a file where the report's figures would lie",
            where=str(folder),
            advice="Choose another name for the report.",
        )


def _is_report(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK.encode() in file.read(100)
