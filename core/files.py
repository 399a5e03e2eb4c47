"""Output files: checks before a run, and files that get their name only when they are complete.

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

from .errors import OutputError, ParameterError
from .locks import writing
from .marks import JOURNAL, MODEL, TABLE_RECORD, TRAINING_STATE, has_several_layers, kinds_of
from .text import alternatives

if TYPE_CHECKING:
    from .progress import Progress

# Free space in bytes below which a failed write is attributed to a full disk.
_FULL_DISK_BYTES = 4 * 1024 * 1024
# Virtual file systems at the beginning of a name, such as ``/vsizip/{``.
_VIRTUAL = re.compile(r"^(/vsi[a-z0-9]+/\{?)+")
RASTER_SUFFIXES = (".tif", ".tiff")
"""Suffixes of GeoTIFFs."""
VECTOR_SUFFIXES = (".gpkg", ".kml")
"""Suffixes of vector files that the worker writes."""
MODEL_SUFFIXES = (".safetensors", ".skops")
"""Suffixes of models."""
PAGE_SUFFIXES = (".html", ".htm")
"""Suffixes of reports."""
TABLE_SUFFIX = ".csv"
"""Suffix of tables."""
FIGURE_SUFFIXES = (".png", ".pdf", ".svg", *RASTER_SUFFIXES)
"""Suffixes of figures."""
METADATA_SUFFIX = ".qmd"
"""Suffix of the metadata of a vector layer, which QGIS keeps beside its file."""
# Files that a driver writes beside a vector file of its own, by their endings.
_VECTOR_PARTS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix"),
    ".gml": (".xsd", ".gfs"),
    ".tab": (".dat", ".id", ".map", ".ind"),
    ".mif": (".mid",),
    **dict.fromkeys((".geojson", ".json", ".geojsonl", ".fgb", ".sqlite", ".kml"), ()),
}
# Kinds of files beside an output that are written by that name only.
_KINDS_BESIDE = {".journal": JOURNAL, ".checkpoint": MODEL, ".resume": TRAINING_STATE}
# Longest ending that is added to an output's name while it is written.
_LONGEST_ENDING = len(".new.cog.aux.xml")
_USUAL_NAME_BYTES = 255


def check_output(path: Path, suffixes: Sequence[str]) -> None:
    """Require an output path that can be written.

    Args:
        path: Path of the output.
        suffixes: Allowed suffixes, in lower case with the dot.

    Raises:
        OutputError: The suffix is not allowed, the name is too long, or the folder does not exist or cannot
            be written.
    """
    check_name(path)
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
            "The output folder does not exist",
            where=str(path.parent),
            advice="Create it, or choose another folder.",
        )
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(
            "The output cannot be written", where=str(path), advice="Choose a folder that you may write to."
        )


def check_name(path: Path) -> None:
    """Require a file name that the file system takes, also with the endings of unfinished files.

    Raises:
        OutputError: The name is too long.
    """
    try:
        maximum = os.pathconf(path.parent, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):
        # Windows, or a folder that does not exist.
        maximum = _USUAL_NAME_BYTES
    length = len(os.fsencode(path.name))
    if length > maximum - _LONGEST_ENDING:
        raise OutputError(
            "The file name is too long: it has {length} bytes, and at most {maximum} are possible here",
            where=str(path),
            advice="Choose a shorter name.",
            length=length,
            maximum=maximum - _LONGEST_ENDING,
        )


@dataclass(frozen=True)
class Output:
    """File that a run writes.

    Attributes:
        path: Path of the file; empty for an output that is not requested.
        suffixes: Allowed suffixes, in lower case with the dot.
        kind: Kind of the output, one of ``core.marks``: an existing file must be of this kind. Empty does
            not look at an existing file.
    """

    path: str
    suffixes: Sequence[str]
    kind: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, what is written beside it, and a style that may be."""
        path = Path(self.path)
        styles = (path.with_suffix(".qml"),) if path.suffix.lower() in RASTER_SUFFIXES else ()
        return path, *companions(path), *styles


def check_files(outputs: Iterable[Output], inputs: Iterable[str], overwrite: bool = False) -> None:
    """Check all files of a run before any work, in this one place.

    Files are compared on disk, so that a link to an input, or a layer within it, counts as the input.

    Args:
        outputs: Files to write.
        inputs: Paths and dataset names of the inputs; empty ones are ignored.
        overwrite: Whether existing files of another kind or origin may be replaced. Inputs never are.

    Raises:
        OutputError: The suffix of an output is not allowed, it cannot be written, it is an input, or two
            outputs are the same file; or an existing file was not written by the same kind of output.
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
        if has_several_layers(path):
            raise OutputError(
                "The GeoPackage has several layers, and writing the file would remove all of them",
                where=output.path,
                advice="Choose another name.",
            )
        if not overwrite:
            check_replaceable(path, output.kind)
            check_companions(path, output.kind)
        if path.suffix.lower() in PAGE_SUFFIXES:
            _check_beside(path, "" if overwrite else output.kind)
        written.append(path)


def check_replaceable(path: Path, kind: str) -> None:
    """Require that an existing file was written by a kind of output.

    Args:
        path: Path of an output.
        kind: Kind of the output, one of ``core.marks``; empty does not look at the file.

    Raises:
        OutputError: The file is another one.
    """
    if not kind or not os.path.lexists(path):
        return
    found = kinds_of(path)
    if kind not in found:
        raise foreign(path, is_ours=bool(found))


def companions(path: Path) -> tuple[Path, ...]:
    """Return the files that are written, replaced or removed together with an output.

    Args:
        path: Path of the output: a raster, model, table, report or vector file.
    """
    suffix = path.suffix.lower()
    added: tuple[str, ...] = ()
    if suffix in RASTER_SUFFIXES:
        added = (".aux.xml", ".ovr", ".msk", ".journal", ".part")
    elif suffix in MODEL_SUFFIXES:
        added = (".checkpoint", ".resume")
    elif suffix == TABLE_SUFFIX:
        return (table_record(path),)
    elif suffix in PAGE_SUFFIXES:
        return (json_path(path),)
    elif suffix in _VECTOR_PARTS:
        return tuple(path.with_suffix(ending) for ending in (*_VECTOR_PARTS[suffix], METADATA_SUFFIX))
    return tuple(path.with_name(path.name + ending) for ending in added)


def check_companions(path: Path, kind: str) -> None:
    """Require that the files beside an output belong to it, or were written by Deep Land Cover.

    The sidecars of a file that exists belong to it: QGIS writes statistics into them, for example.

    Args:
        path: Path of the output.
        kind: Kind of the output, one of ``core.marks``; empty does not look at the files.

    Raises:
        OutputError: Another program wrote one of the files, or another output did.
    """
    if not kind or path.suffix.lower() in PAGE_SUFFIXES:
        return
    for file in companions(path):
        if not os.path.lexists(file):
            continue
        found, suffix = kinds_of(file), file.suffix.lower()
        if suffix == ".part":
            # Finished tiles of a run that was stopped; empty where it was stopped before the first one.
            is_known = file.with_suffix(".journal").exists() or file.stat().st_size == 0
        elif suffix == METADATA_SUFFIX:
            is_known = kind in found and os.path.lexists(path)
        elif file == table_record(path):
            is_known = TABLE_RECORD in found
        elif suffix in _KINDS_BESIDE:
            is_known = _KINDS_BESIDE[suffix] in found
        else:
            is_known = os.path.lexists(path) or bool(found)
        if not is_known:
            raise foreign(file, is_ours=bool(found))


def foreign(path: Path, is_ours: bool = False) -> OutputError:
    """Return the error for an existing file that is not replaced.

    Args:
        path: Path of the file.
        is_ours: Whether another output of Deep Land Cover wrote it.
    """
    return OutputError(
        "A file with this name exists and holds another output of Deep Land Cover"
        if is_ours
        else "A file with this name exists and was not written by Deep Land Cover",
        where=str(path),
        advice="Choose another name, or set OVERWRITE to replace the file.",
    )


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
    """Return the error for an output that is also an input."""
    return OutputError("The output is one of the inputs", where=str(path), advice="Choose another name.")


def file_checksum(path: Path) -> str:
    """Return the SHA-256 checksum of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def disk_full(path: Path) -> OutputError:
    """Return the error for a file that could not be written because the disk is full."""
    return OutputError(
        "The disk is full", where=str(path.parent), advice="Free some space or choose another folder."
    )


def is_disk_full(folder: Path) -> bool:
    """Return whether the disk of a folder is so full that a failed write is attributed to it."""
    return shutil.disk_usage(folder).free < _FULL_DISK_BYTES


@contextmanager
def full_disk_named(path: Path) -> Iterator[None]:
    """Raise an OutputError with the folder of ``path`` for the system's error on a full disk."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(path) from error
        raise


@contextmanager
def partial_file(path: Path, progress: Progress, ending: str = ".part") -> Iterator[Path]:
    """Yield ``NAME.part`` to write to, and rename it to ``path`` when the block ends without an error.

    After an error, the partial file is removed. If ``path`` is open in another program and cannot be replaced
    (Windows), the finished partial file is kept and its name is in the error.

    Args:
        path: Path of the finished file.
        progress: Progress reporter.
        ending: Suffix of the partial file.

    Raises:
        OutputError: Another run is writing ``path``, the disk is full, or ``path`` cannot be replaced.
    """
    part = path.with_name(path.name + ending)
    with writing(part):
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
                advice="The finished file is kept as {part}. Close the other program and rename the file.",
                part=part,
            ) from error


@contextmanager
def removed_afterwards(path: Path, progress: Progress) -> Iterator[Path]:
    """Yield a path, and remove the file there when the block ends, with or without an error."""
    progress.temporary(str(path))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_points(path: Path, records: Iterable[Mapping[str, str | int | float | None]]) -> None:
    """Write points as JSON lines.

    Args:
        path: Path of the file to write.
        records: Attributes of each point, with its coordinates ``x`` and ``y``.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(
            "The points cannot be written: {reason}",
            where=str(path),
            advice="Free some space or choose another folder.",
            reason=error.strerror,
        ) from error


def table_record(table: Path) -> Path:
    """Return the path of a table's origin, ``NAME.csv-metadata.json``."""
    return table.with_name(f"{table.name}-metadata.json")


def json_path(page: Path) -> Path:
    """Return the path of a report's content, ``NAME.json``."""
    return page.with_suffix(".json")


def figure_folder(page: Path) -> Path:
    """Return the folder of a report's figures, ``NAME_figures``."""
    return page.with_name(f"{page.stem}_figures")


def read_text_file(path: Path, max_bytes: int) -> str:
    """Return the text of a small UTF-8 file, without a byte-order mark.

    Args:
        path: Path of the file.
        max_bytes: Largest size that such a file has, in bytes.

    Raises:
        OSError: The file cannot be read.
        UnicodeDecodeError: The file is not UTF-8 text.
        ParameterError: The file is larger.
    """
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ParameterError(
            "The file is larger than {megabytes:g} MB, the limit for files of this kind",
            where=str(path),
            advice="Choose another file.",
            megabytes=max_bytes / 1e6,
        )
    return content.decode("utf-8-sig")


def _check_beside(page: Path, kind: str) -> None:
    """Require that the files beside a report's page replace only those of a report."""
    beside, folder = json_path(page), figure_folder(page)
    if kind and beside.exists() and kind not in kinds_of(beside):
        raise OutputError(
            "The JSON file of the report would replace a file that is not the JSON file of such a report",
            where=str(beside),
            advice="Choose another name for the report, or set OVERWRITE to replace the file.",
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            "The folder for the figures of the report is a file",
            where=str(folder),
            advice="Choose another name for the report.",
        )
    is_earlier = os.path.lexists(page) or beside.exists()
    if kind and folder.is_dir() and not is_earlier and any(folder.iterdir()):
        raise OutputError(
            "The folder for the figures of the report holds files that are not those of such a report",
            where=str(folder),
            advice="Choose another name for the report, or set OVERWRITE to write into the folder.",
        )
