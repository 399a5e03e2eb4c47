"""Store of finished tiles, so that an interrupted run can be resumed.

A GeoTIFF that was being written when the process was killed is unusable. Tiles are therefore appended,
compressed and with a checksum, to ``NAME.part``, and named in ``NAME.journal``; the GeoTIFFs are made from
them when all tiles are finished.

The journal is a text file with one JSON object a line, to which lines are only appended. The first line
identifies the run: what is classified (the subject) and how (the execution). Each further line names a
finished tile and its position in ``NAME.part``, or a batch size that was too large. Lines after one that a
crash cut short are ignored.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import rasterio
import torch
from numpy.typing import NDArray

from .. import plugin_version
from ..device import describe_device
from ..files import file_checksum, full_disk_named
from ..options import OPENVINO, Method
from ..progress import Progress
from ..raster.grid import Tile
from ..text import Text
from ..values import from_plain, to_plain

_FORMAT = 1
_ARCHIVES = ("/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/")
# Tiles of classes shrink to a few per cent at any level; this is the quickest.
_LEVEL = 1


@dataclass(frozen=True)
class Execution:
    """What decides the last digit of the scores, besides model and input.

    Attributes:
        tile_size: Rows and columns of a tile; batches never span two.
        batch_size: Patches a batch.
        threads: Of the processor.
        backend: What computes the network.
        precision: In what numbers.
        device: Its name.
        versions: Package to version.
        was_halved: Whether the batch size was halved in mid-run, for want of memory.
    """

    tile_size: int
    batch_size: int
    threads: int
    backend: str
    precision: str
    device: str
    versions: dict[str, str] = field(default_factory=dict)
    was_halved: bool = False


@dataclass(frozen=True)
class TileEntry:
    """A finished tile in the file of tiles.

    Attributes:
        tile: Its place in the output.
        patches: How many patches were classified for it.
        offset: Where its first layer begins, in bytes.
        sizes: Compressed bytes of each layer, one after the other.
        checksum: CRC-32 of them all.
    """

    tile: Tile
    patches: int
    offset: int
    sizes: tuple[int, ...]
    checksum: int

    @property
    def end(self) -> int:
        """Where the next tile begins."""
        return self.offset + sum(self.sizes)


@dataclass(frozen=True)
class Journal:
    """What a journal says.

    Attributes:
        subject: What is classified and with what, each named in the user's words.
        execution: How.
        entries: The finished tiles.
    """

    subject: Mapping[str, str]
    execution: Execution
    entries: tuple[TileEntry, ...] = ()

    def head(self) -> str:
        """Return the first line."""
        content = {
            "format": _FORMAT,
            "subject": dict(self.subject),
            "execution": to_plain(self.execution),
        }
        return _line(content)


def tile_line(entry: TileEntry) -> str:
    """Return the line of a finished tile."""
    return _line({"finished": to_plain(entry)})


def halving_line(batch_size: int) -> str:
    """Return the line that says that batches are smaller from here on."""
    return _line({"halved": batch_size})


def read_journal(path: Path) -> Journal | None:
    """Return what a journal says; None where there is none, or not even its first line is whole."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
        head = json.loads(lines[0])
        if head["format"] != _FORMAT:
            return None
        subject = {str(key): str(value) for key, value in head["subject"].items()}
        journal = Journal(subject, from_plain(Execution, head["execution"]))
    except (OSError, IndexError, KeyError, ValueError, TypeError, AttributeError):
        return None
    entries: list[TileEntry] = []
    execution = journal.execution
    for line in lines[1:]:
        try:
            content = json.loads(line)
            if "halved" in content:
                execution = replace(execution, batch_size=int(content["halved"]), was_halved=True)
            else:
                entries.append(from_plain(TileEntry, content["finished"]))
        except (KeyError, ValueError, TypeError):
            break
    return replace(journal, execution=execution, entries=tuple(entries))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True) + "\n"


def file_stamps(files: Sequence[str]) -> str:
    """Return name, size and time of change of each file.

    A file whose changes cannot be seen from here, because it is on the network, has none.
    """
    return "; ".join(f"{name} {_stamp(name)}" for name in files)


def has_remote(files: Sequence[str]) -> bool:
    """Whether a change of one of the files could go unnoticed."""
    return any(not _stamp(name) for name in files)


def content_stamp(path: str | None) -> str:
    """Return the SHA-256 checksum of a file; empty for none."""
    return file_checksum(Path(path)) if path else ""


def parameter_stamps(values: Mapping[str, Any], left_out: set[str]) -> dict[str, str]:
    """Return parameters as text by their public names.

    Args:
        values: Plain values by lower-case name.
        left_out: Names of those that do not change a pixel.
    """
    return {name.upper(): repr(value) for name, value in values.items() if name not in left_out}


def execution(device: torch.device, tile_size: int, batch_size: int, method: Method) -> Execution:
    """Return how a model is computed here and now."""
    versions = {
        "Deep Land Cover": plugin_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "rasterio": rasterio.__version__,
        "GDAL": rasterio.__gdal_version__,
    }
    if method.backend == OPENVINO:
        versions["OpenVINO"] = importlib.metadata.version("openvino")
    return Execution(
        tile_size=tile_size,
        batch_size=batch_size,
        threads=torch.get_num_threads(),
        backend=method.backend,
        precision=method.precision,
        device=_processor(device),
        versions=versions,
    )


def _processor(device: torch.device) -> str:
    """Return the device's name; of a processor the instructions that it is used with."""
    if device.type == "cpu":
        return f"CPU, {torch.backends.cpu.get_cpu_capability()}"
    return describe_device(device)


def _stamp(name: str) -> str:
    path = name
    for prefix in _ARCHIVES:
        path = path.removeprefix(prefix)
    # A member of an archive changes when the archive does.
    for place in (Path(path), *Path(path).parents):
        if place.is_file():
            state = place.stat()
            return f"{state.st_size} {state.st_mtime_ns}"
    return ""


@dataclass(frozen=True, eq=False)
class FinishedTile:
    """A tile's pixels.

    Attributes:
        tile: Its place in the output.
        layers: Arrays of shape (rows, columns), in the order of the store's types.
        patches: How many patches it took.
    """

    tile: Tile
    layers: Sequence[NDArray[Any]]
    patches: int


class TileStore:
    """Finished tiles; made by ``open_store``. One thread adds, and no other reads meanwhile.

    Attributes:
        execution: How the run computes: as the run that it goes on with, if there is one.
        entries: Place in the output to finished tile.
        resumed: How many tiles were finished before this run.
    """

    def __init__(self, output: Path, journal: Journal, types: Sequence[str], tiles: BinaryIO) -> None:
        self.execution = journal.execution
        self.entries = {entry.tile: entry for entry in journal.entries}
        self.resumed = len(self.entries)
        self._output = output
        self._types = [np.dtype(name) for name in types]
        self._tiles = tiles
        self._end = max((entry.end for entry in journal.entries), default=0)

    @property
    def patches(self) -> int:
        """Patches in all finished tiles."""
        return sum(entry.patches for entry in self.entries.values())

    def add(self, finished: FinishedTile) -> None:
        """Keep a finished tile.

        Raises:
            OutputError: The disk is full.
        """
        pieces = [
            zlib.compress(layer.astype(kind, copy=False).tobytes(), _LEVEL)
            for layer, kind in zip(finished.layers, self._types, strict=True)
        ]
        content = b"".join(pieces)
        sizes = tuple(len(piece) for piece in pieces)
        entry = TileEntry(finished.tile, finished.patches, self._end, sizes, zlib.crc32(content))
        with full_disk_named(self._output):
            self._tiles.seek(self._end)
            self._tiles.write(content)
            self._tiles.flush()
            self._note(tile_line(entry))
        self._end = entry.end
        self.entries[finished.tile] = entry

    def note_halving(self, batch_size: int) -> None:
        """Keep that batches are smaller from here on.

        Raises:
            OutputError: The disk is full.
        """
        self.execution = replace(self.execution, batch_size=batch_size, was_halved=True)
        with full_disk_named(self._output):
            self._note(halving_line(batch_size))

    def layer(self, tile: Tile, number: int) -> NDArray[Any]:
        """Return a layer of a finished tile, shape (rows, columns)."""
        entry = self.entries[tile]
        self._tiles.seek(entry.offset + sum(entry.sizes[:number]))
        content = zlib.decompress(self._tiles.read(entry.sizes[number]))
        return np.frombuffer(content, self._types[number]).reshape(tile.height, tile.width)

    def _note(self, line: str) -> None:
        with journal_path(self._output).open("ab") as journal:
            journal.write(line.encode())


def part_path(output: Path) -> Path:
    """Return the file of the finished tiles of ``output``."""
    return output.with_name(output.name + ".part")


def journal_path(output: Path) -> Path:
    """Return the journal of ``output``."""
    return output.with_name(output.name + ".journal")


@contextmanager
def open_store(
    output: Path, run: Journal, types: Sequence[str], resume: bool, progress: Progress
) -> Iterator[TileStore]:
    """Give the tiles that an earlier run of the same has finished, and keep those that this one will.

    When the block ends well, the store is removed. When it does not, it is kept where a tile is
    finished and ``resume`` is on, and the log says so.

    Args:
        output: What the tiles become; both files stand beside it.
        run: What is classified, and how unless an earlier run decided that.
        types: Pixel type of each layer of a tile, a name of numpy's.
        resume: Whether to go on with an earlier run, and to let a later one go on with this.
        progress: Learns whether the run goes on or starts afresh.

    Raises:
        OutputError: The disk is full, or the files cannot be written.
    """
    part, journal = part_path(output), journal_path(output)
    earlier = _usable(output, run, len(types), progress) if resume else None
    if not resume:
        for path in (part, journal):
            progress.temporary(str(path))
    keeps = False
    with ExitStack() as files:
        try:
            with full_disk_named(output):
                _begin(output, earlier or run)
                tiles = files.enter_context(part.open("r+b"))
            store = TileStore(output, earlier or run, types, tiles)
            try:
                yield store
            except BaseException:
                keeps = resume and bool(store.entries)
                raise
        finally:
            files.close()
            if keeps:
                progress.log(
                    "What is finished is kept in {map} and {journal} beside the output: run the same "
                    "again to go on, or delete both.",
                    "warning",
                    map=part.name,
                    journal=journal.name,
                )
            else:
                part.unlink(missing_ok=True)
                journal.unlink(missing_ok=True)


def _begin(output: Path, journal: Journal) -> None:
    """Bring both files to what the journal holds; the journal last, as it is what vouches for the tiles."""
    part, path = part_path(output), journal_path(output)
    if not journal.entries:
        path.unlink(missing_ok=True)
        part.write_bytes(b"")
    else:
        os.truncate(part, max(entry.end for entry in journal.entries))
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_text(journal.head() + "".join(map(tile_line, journal.entries)), encoding="ascii")
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _usable(output: Path, run: Journal, layers: int, progress: Progress) -> Journal | None:
    """Return what an earlier run left, where this one can go on with it."""
    earlier = read_journal(journal_path(output))
    if earlier is None or not part_path(output).exists():
        return None
    change = _difference(earlier, run)
    if change:
        progress.log(
            "An earlier run was stopped, but {change}: this one starts afresh.", "warning", change=change
        )
        return None
    entries = _whole_entries(part_path(output), earlier.entries, layers)
    if not entries:
        return None
    progress.log(
        "Going on with the run that was stopped: 1 tile had been finished."
        if len(entries) == 1
        else "Going on with the run that was stopped: {count:,} tiles had been finished.",
        count=len(entries),
    )
    return replace(earlier, entries=entries)


def _difference(earlier: Journal, run: Journal) -> str:
    """Return what has changed since an earlier run, empty where nothing has."""
    for name in dict.fromkeys((*run.subject, *earlier.subject)):
        if earlier.subject.get(name) != run.subject.get(name):
            return Text("{name} has changed", name=Text(name))
    # The rest of it can be set as it was.
    for name in (Text("backend"), Text("precision"), Text("device")):
        before, now = getattr(earlier.execution, name), getattr(run.execution, name)
        if before != now:
            return Text(
                "it computed with another {name} ({before}, now {now})",
                name=Text(name),
                before=before,
                now=now,
            )
    versions = run.execution.versions
    for package in dict.fromkeys((*versions, *earlier.execution.versions)):
        if earlier.execution.versions.get(package) != versions.get(package):
            return Text("the version of {package} has changed", package=package)
    return ""


def _whole_entries(part: Path, entries: Sequence[TileEntry], layers: int) -> tuple[TileEntry, ...]:
    """Return the entries up to the first whose pixels are not what the journal says."""
    whole: list[TileEntry] = []
    with part.open("rb") as tiles:
        for entry in entries:
            tiles.seek(entry.offset)
            content = tiles.read(sum(entry.sizes))
            if len(entry.sizes) != layers or zlib.crc32(content) != entry.checksum:
                break
            whole.append(entry)
    return tuple(whole)
