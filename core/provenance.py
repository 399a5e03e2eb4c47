"""Provenance of results: what made them from which files, and the checksum of a map's pixels.

QGIS knows the user's command and the files that he chose; it sends them along with each run. Jobs ask for
them where they write a map, a table or a report::

    record = provenance(parameters)
    record.command                # the command that repeats the run
    record.inputs[0].sha256       # checksum of the first input

The checksum of pixels is the same for the same values on the same grid, whatever the file is called, however
it is compressed and coloured::

    checksum = PixelChecksum(width, height, transform, "uint8", 255)
    for rows in strips:
        checksum.add(rows)  # bytes of whole rows, from top to bottom, as the file stores its values
    checksum.text()

Light: QGIS imports this module.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import plugin_version
from .files import disk_files, file_checksum, partial_file, table_record
from .marks import TABLE_CREATOR
from .text import untranslated
from .values import to_plain

if TYPE_CHECKING:
    from .progress import Progress

MAX_CHECKSUM_BYTES = 4 * 1024**3
"""Largest size of an input whose checksum is computed; reading larger ones would delay a run by minutes."""
# A query of an address may hold a key, and a database a password.
_SECRETS = (
    (re.compile(r"(https?://[^\s\"'?|]*)\?[^\s\"'|]*"), r"\1?…"),
    (re.compile(r"(password=)('[^']*'|[^\s'\"]+)", re.IGNORECASE), r"\1…"),
)


@dataclass(frozen=True)
class InputFile:
    """File that a run read.

    Attributes:
        parameter: Parameter that named it.
        name: Name of the file without its folder, or name of a layer that is not a file.
        layer: Layer of the file that was read; empty where the run did not name one.
        sha256: SHA-256 checksum; empty for what is not a file here, and for very large files.
        bytes: Size; 0 for what is not a file here.
    """

    parameter: str
    name: str
    sha256: str = ""
    bytes: int = 0
    layer: str = ""


@dataclass(frozen=True)
class RunContext:
    """Facts about a run that QGIS hands to the worker.

    Attributes:
        algorithm: Id of the algorithm.
        command: Command that repeats the run.
        inputs: Source of each input by parameter: a path, or what QGIS calls the layer.
        language: Language of reports, such as ``id``; empty is English.
        dry_run: Whether the run only tells what it would do, see ``core.run_plan``.
    """

    algorithm: str = ""
    command: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    language: str = ""
    dry_run: bool = False


@dataclass(frozen=True)
class Provenance:
    """Origin of a result.

    Attributes:
        algorithm: Id of the algorithm.
        command: Command that repeats the run.
        inputs: Files that were read.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
    """

    algorithm: str = ""
    command: str = ""
    inputs: tuple[InputFile, ...] = ()
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""


_CONTEXT: ContextVar[RunContext] = ContextVar("run")


@contextmanager
def running(context: RunContext) -> Iterator[None]:
    """Make ``context`` that of the run within the block."""
    token = _CONTEXT.set(context)
    try:
        yield
    finally:
        _CONTEXT.reset(token)


def run_context() -> RunContext:
    """Return what QGIS knows of the run; empty where a job is called as a library."""
    return _CONTEXT.get(RunContext())


def provenance(
    parameters: Mapping[str, str | int | float | bool | None],
    versions: Mapping[str, str] | None = None,
    sources: Sequence[tuple[str, str]] | None = None,
) -> Provenance:
    """Return the origin of what this run makes. Reads the inputs to compute their checksums.

    Args:
        parameters: Parameters of the run.
        versions: Versions of further software by package.
        sources: Parameter and source of inputs that this job knows better than QGIS, such as the raster of a
            folder; they take the place of inputs of the same parameter.
    """
    context = run_context()
    known = {name for name, _source in sources or ()}
    inputs = [*(sources or ()), *(item for item in context.inputs if item[0] not in known)]
    return Provenance(
        context.algorithm,
        context.command,
        tuple(_described(name, source) for name, source in inputs if source),
        dict(parameters),
        {"deep_land_cover": plugin_version(), "python": platform.python_version(), **(versions or {})},
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def metadata_items(record: Provenance) -> dict[str, str]:
    """Return the metadata items of a raster with this origin: what no other item of the file says."""
    items = {
        "ALGORITHM": record.algorithm,
        "COMMAND": record.command,
        "INPUT_FILES": json.dumps([to_plain(item) for item in record.inputs], ensure_ascii=False),
        "VERSIONS": ", ".join(f"{name} {version}" for name, version in record.versions.items()),
    }
    return {name: text for name, text in items.items() if text and text != "[]"}


def output_items(record: Provenance, **more: str) -> dict[str, str]:
    """Return the metadata items of an output: its origin, the software, the date, and more.

    Args:
        record: Origin of the output.
        more: Further items by name; empty ones are left out.
    """
    software = untranslated(f"Deep Land Cover {plugin_version()}")
    known = {name: text for name, text in more.items() if text}
    return {**metadata_items(record), **known, "SOFTWARE": software, "CREATED": record.created}


def write_table_record(table: Path, record: Provenance, progress: Progress) -> None:
    """Write the origin of a CSV table beside it, as ``NAME.csv-metadata.json``.

    That is the name that https://www.w3.org/TR/tabular-data-primer/ gives to the description of a table.

    Args:
        table: Path of the table.
        record: Its origin.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": table.name,
        "dc:creator": TABLE_CREATOR,
        "provenance": to_plain(record),
    }
    with partial_file(table_record(table), progress) as part:
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _described(parameter: str, source: str) -> InputFile:
    for path in disk_files(source):
        if path.is_file():
            facts = path.stat()
            return InputFile(
                parameter,
                path.name,
                _checksum(path, facts.st_size, facts.st_mtime_ns),
                facts.st_size,
                layer_name(source),
            )
    return InputFile(parameter, without_secrets(source))


def layer_name(source: str) -> str:
    """Return the layer that a source such as ``PATH|layername=NAME`` names; empty where it names none."""
    parts = (part.partition("=") for part in source.split("|")[1:])
    return next((value for key, _equal, value in parts if key == "layername"), "")


@lru_cache(maxsize=256)
def _checksum(path: Path, size: int, _changed: int) -> str:
    """Return the checksum of a file; a run with several outputs reads its inputs once."""
    return file_checksum(path) if size <= MAX_CHECKSUM_BYTES else ""


def without_secrets(text: str) -> str:
    """Return a command or an address without what may be a key or a password."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


PLAN = "plan"
"""Name of the plan in the result of a dry run, see ``core.run_plan``."""
PIXELS_KEY = "PIXELS_SHA256"
"""Metadata item of a map with the checksum that its pixels had when they were written."""


class PixelChecksum:
    """Checksum that grows row by row.

    Args:
        width: Columns of the raster.
        height: Rows of the raster.
        transform: Six coefficients of the geotransform in GDAL's order.
        dtype: NumPy name of the data type, such as ``uint8``.
        nodata: Nodata value; None for none.
    """

    def __init__(
        self, width: int, height: int, transform: Sequence[float], dtype: str, nodata: float | None
    ) -> None:
        place = " ".join(f"{number:.12g}" for number in transform)
        empty = "none" if nodata is None else f"{float(nodata):.12g}"
        self._hash = hashlib.sha256(f"{width} {height} {place} {dtype} {empty}\n".encode())

    def add(self, rows: bytes) -> None:
        """Add the bytes of the next rows."""
        self._hash.update(rows)

    def text(self) -> str:
        """Return the SHA-256 checksum as hexadecimal digits."""
        return self._hash.hexdigest()
