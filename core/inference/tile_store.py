"""Store of finished tiles, from which an interrupted run resumes.

A GeoTIFF that was being written when the process was killed is unusable. Tiles are therefore appended,
compressed and with a checksum, to ``NAME.part``, and named in ``NAME.journal``; the GeoTIFFs are made from
them when all tiles are finished.

The journal is a text file with one JSON object per line, to which lines are only appended. The first line
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
from ..locks import writing
from ..options import OPENVINO, Method
from ..progress import Progress
from ..raster.grid import Tile
from ..text import Text
from ..values import from_plain, to_plain

_FORMAT = 1
_ARCHIVES = ("/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/")
# The fastest level. Tiles of classes compress to a few per cent at any level.
_COMPRESSION_LEVEL = 1


@dataclass(frozen=True)
class Execution:
    """Settings that change the rounding of scores, besides model and input.

    Attributes:
        tile_size: Rows and columns of a tile in pixels. Batches do not span tiles.
        batch_size: Number of patches per batch.
        threads: Number of threads of the processor.
        backend: Backend of the network.
        precision: Precision of the network.
        device: Name of the device.
        versions: Versions of the software by package.
        was_halved: Whether the batch size was halved during the run, because memory was full.
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
    """Entry of a finished tile in the journal.

    Attributes:
        tile: Window of the tile in the output.
        patches: Number of classified patches of the tile.
        offset: Position of its first layer in ``NAME.part``, in bytes.
        sizes: Compressed size of each layer, in bytes.
        checksum: CRC-32 of all compressed layers.
    """

    tile: Tile
    patches: int
    offset: int
    sizes: tuple[int, ...]
    checksum: int

    @property
    def end(self) -> int:
        """Position behind the tile in ``NAME.part``, in bytes."""
        return self.offset + sum(self.sizes)


@dataclass(frozen=True)
class Journal:
    """Content of a journal.

    Attributes:
        subject: Stamps of all that the values of the map depend on, by the name that messages use.
        execution: Settings that change the rounding of scores.
        entries: Finished tiles, in order.
    """

    subject: Mapping[str, str]
    execution: Execution
    entries: tuple[TileEntry, ...] = ()

    def head(self) -> str:
        """Return the first line, which identifies the run."""
        content = {
            "format": _FORMAT,
            "subject": dict(self.subject),
            "execution": to_plain(self.execution),
        }
        return _line(content)


def tile_line(entry: TileEntry) -> str:
    """Return the line of a finished tile.

    Args:
        entry: Entry of the tile.
    """
    return _line({"finished": to_plain(entry)})


def halving_line(batch_size: int) -> str:
    """Return the line of a halved batch size.

    Args:
        batch_size: Number of patches per batch from here on.
    """
    return _line({"halved": batch_size})


def read_journal(path: Path) -> Journal | None:
    """Return the content of a journal, or None where the file or its first line cannot be read.

    Args:
        path: Path of the journal.
    """
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
    """Return the name, size and modification time of each file as text.

    A file on the network has its name only, because its changes are not detected.

    Args:
        files: Names of the files, as GDAL opens them.
    """
    return "; ".join(f"{name} {_stamp(name)}" for name in files)


def has_remote(files: Sequence[str]) -> bool:
    """Return whether changes of some file are not detected.

    Args:
        files: Names of the files, as GDAL opens them.
    """
    return any(not _stamp(name) for name in files)


def content_stamp(path: str | None) -> str:
    """Return the SHA-256 checksum of a file; empty for none.

    Args:
        path: Path of the file; None for none.
    """
    return file_checksum(Path(path)) if path else ""


def parameter_stamps(values: Mapping[str, Any], left_out: set[str]) -> dict[str, str]:
    """Return the values of parameters as text, by upper-case name.

    Args:
        values: Plain values by lower-case name.
        left_out: Names of the parameters that do not change the map.
    """
    return {name.upper(): repr(value) for name, value in values.items() if name not in left_out}


def execution(device: torch.device, tile_size: int, batch_size: int, method: Method) -> Execution:
    """Return the execution settings of this process.

    Args:
        device: Device that computes.
        tile_size: Rows and columns of a tile, in pixels.
        batch_size: Number of patches per batch.
        method: Backend and precision.
    """
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
    """Return the name of the device, and of a processor its instruction set."""
    if device.type == "cpu":
        return f"CPU, {torch.backends.cpu.get_cpu_capability()}"
    return describe_device(device)


def _stamp(name: str) -> str:
    path = name
    for prefix in _ARCHIVES:
        path = path.removeprefix(prefix)
    # A file in an archive has the stamp of the archive.
    for place in (Path(path), *Path(path).parents):
        if place.is_file():
            state = place.stat()
            return f"{state.st_size} {state.st_mtime_ns}"
    return ""


@dataclass(frozen=True, eq=False)
class FinishedTile:
    """Layers of a classified tile.

    Attributes:
        tile: Window of the tile in the output.
        layers: Arrays of shape (rows, columns), in the order of the store's types.
        patches: Number of classified patches.
    """

    tile: Tile
    layers: Sequence[NDArray[Any]]
    patches: int


class TileStore:
    """Store of finished tiles, see ``open_store``. One thread adds tiles, and no other reads at that time.

    Attributes:
        execution: Execution settings of the run, those of the resumed run if there is one.
        entries: Finished tiles by their window in the output.
        resumed: Number of tiles that an earlier run finished.

    Args:
        output: Path of the map.
        journal: Content of the journal.
        types: Data type of each layer of a tile, a NumPy name.
        tiles: Open file ``NAME.part``.
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
        """Number of patches of all finished tiles."""
        return sum(entry.patches for entry in self.entries.values())

    def add(self, finished: FinishedTile) -> None:
        """Append a finished tile.

        Args:
            finished: Layers of the tile.

        Raises:
            OutputError: The disk is full.
        """
        pieces = [
            zlib.compress(layer.astype(kind, copy=False).tobytes(), _COMPRESSION_LEVEL)
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
        """Record a halved batch size.

        Args:
            batch_size: Number of patches per batch from here on.

        Raises:
            OutputError: The disk is full.
        """
        self.execution = replace(self.execution, batch_size=batch_size, was_halved=True)
        with full_disk_named(self._output):
            self._note(halving_line(batch_size))

    def layer(self, tile: Tile, number: int) -> NDArray[Any]:
        """Return a layer of a finished tile, shape (rows, columns).

        Args:
            tile: Window of the tile in the output.
            number: Number of the layer.
        """
        entry = self.entries[tile]
        self._tiles.seek(entry.offset + sum(entry.sizes[:number]))
        content = zlib.decompress(self._tiles.read(entry.sizes[number]))
        return np.frombuffer(content, self._types[number]).reshape(tile.height, tile.width)

    def read(self, window: Tile, number: int, nodata: float) -> NDArray[Any]:
        """Return a layer of any pixels of the output, shape (rows, columns).

        Args:
            window: Pixels of the output.
            number: Number of the layer.
            nodata: Value of pixels that no finished tile has.
        """
        result = np.full((window.height, window.width), nodata, dtype=self._types[number])
        for tile in self.entries:
            rows = max(tile.row, window.row), min(tile.row_stop, window.row_stop)
            columns = max(tile.column, window.column), min(tile.column_stop, window.column_stop)
            if rows[0] < rows[1] and columns[0] < columns[1]:
                part = Tile(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0])
                inside, here = part.relative_to(tile), part.relative_to(window)
                values = self.layer(tile, number)
                result[here.row : here.row_stop, here.column : here.column_stop] = values[
                    inside.row : inside.row_stop, inside.column : inside.column_stop
                ]
        return result

    def _note(self, line: str) -> None:
        with journal_path(self._output).open("ab") as journal:
            journal.write(line.encode())


def part_path(output: Path) -> Path:
    """Return the path of the file of finished tiles.

    Args:
        output: Path of the map.
    """
    return output.with_name(output.name + ".part")


def journal_path(output: Path) -> Path:
    """Return the path of the journal.

    Args:
        output: Path of the map.
    """
    return output.with_name(output.name + ".journal")


@contextmanager
def open_store(
    output: Path, run: Journal, types: Sequence[str], resume: bool, progress: Progress
) -> Iterator[TileStore]:
    """Open the store of a run, with the tiles of an interrupted equal run.

    The store is deleted when the block ends without an error. Otherwise it is kept if it has a tile and
    ``resume`` is on.

    Args:
        output: Path of the map, beside which both files of the store are.
        run: Journal of this run. The execution settings of a resumed run replace its own.
        types: Data type of each layer of a tile, a NumPy name.
        resume: Whether to resume an interrupted run, and to keep finished tiles if this run is interrupted.
        progress: Progress reporter.

    Raises:
        OutputError: Another run is writing the map, the disk is full, or the files cannot be written.
    """
    part, journal = part_path(output), journal_path(output)
    is_kept = False
    with writing(output), ExitStack() as files:
        earlier = _usable(output, run, len(types), progress) if resume else None
        if not resume:
            for path in (part, journal):
                progress.temporary(str(path))
        try:
            with full_disk_named(output):
                _begin(output, earlier or run)
                tiles = files.enter_context(part.open("r+b"))
            store = TileStore(output, earlier or run, types, tiles)
            try:
                yield store
            except BaseException:
                is_kept = resume and bool(store.entries)
                raise
        finally:
            files.close()
            if is_kept:
                progress.log(
                    "Finished tiles are kept in {map} and {journal} beside the output. Run the same again to "
                    "resume, or delete both files.",
                    "warning",
                    map=part.name,
                    journal=journal.name,
                )
            else:
                part.unlink(missing_ok=True)
                journal.unlink(missing_ok=True)


def finished_tiles(output: Path, run: Journal, layers: int, progress: Progress) -> frozenset[Tile]:
    """Return the windows that an interrupted equal run has finished, without changing its files.

    Args:
        output: Path of the map.
        run: Journal of this run.
        layers: Number of layers of a tile.
        progress: Progress reporter.
    """
    earlier = _usable(output, run, layers, progress)
    return frozenset(entry.tile for entry in earlier.entries) if earlier else frozenset()


def _begin(output: Path, journal: Journal) -> None:
    """Truncate both files to the journal's entries, the journal last, because it lists the tiles."""
    part, path = part_path(output), journal_path(output)
    if not journal.entries:
        path.unlink(missing_ok=True)
        part.write_bytes(b"")
    else:
        os.truncate(part, max(entry.end for entry in journal.entries))
    new_path = path.with_name(path.name + ".new")
    try:
        new_path.write_text(journal.head() + "".join(map(tile_line, journal.entries)), encoding="ascii")
        os.replace(new_path, path)
    finally:
        new_path.unlink(missing_ok=True)


def _usable(output: Path, run: Journal, layers: int, progress: Progress) -> Journal | None:
    """Return the journal of an interrupted run that this run can resume, or None."""
    earlier = read_journal(journal_path(output))
    if earlier is None or not part_path(output).exists():
        return None
    change = _difference(earlier, run)
    if change:
        progress.log(
            "An interrupted run is not resumed, because {change}. This run restarts.",
            "warning",
            change=change,
        )
        return None
    entries = _whole_entries(part_path(output), earlier.entries, layers)
    if not entries:
        return None
    progress.log(
        "Resuming: 1 tile is already finished."
        if len(entries) == 1
        else "Resuming: {count:,} tiles are already finished.",
        count=len(entries),
    )
    return replace(earlier, entries=entries)


def _difference(earlier: Journal, run: Journal) -> str:
    """Return the first change since an earlier run; empty for none."""
    for name in dict.fromkeys((*run.subject, *earlier.subject)):
        if earlier.subject.get(name) != run.subject.get(name):
            return Text("{name} has changed", name=Text(name))
    # Other execution settings are set to those of the earlier run.
    for name in (Text("backend"), Text("precision"), Text("device")):
        before, now = getattr(earlier.execution, name), getattr(run.execution, name)
        if before != now:
            return Text(
                "the {name} has changed (from {before} to {now})",
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
    """Return the entries before the first whose layers do not match its checksum."""
    whole: list[TileEntry] = []
    with part.open("rb") as tiles:
        for entry in entries:
            tiles.seek(entry.offset)
            content = tiles.read(sum(entry.sizes))
            if len(entry.sizes) != layers or zlib.crc32(content) != entry.checksum:
                break
            whole.append(entry)
    return tuple(whole)
