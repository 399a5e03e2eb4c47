"""The finished tiles of a run, on disk, so that a run that was stopped can go on.

A GeoTIFF that a killed process was writing cannot be trusted. So tiles are appended, compressed
and with a checksum, to ``NAME.part``, and named in ``NAME.journal``; the GeoTIFFs are made from
them when all are there.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..files import full_disk_named
from ..progress import Progress
from ..raster.tiles import Tile
from .journal import Journal, TileEntry, halving_line, read_journal, tile_line

# Tiles of classes shrink to a few per cent at any level; this is the quickest.
_LEVEL = 1


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
                    f"What is finished is kept in {part.name} and {journal.name} beside the output: "
                    "run the same again to go on, or delete both.",
                    "warning",
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
        progress.log(f"An earlier run was stopped, but {change}: this one starts afresh.", "warning")
        return None
    entries = _whole_entries(part_path(output), earlier.entries, layers)
    if not entries:
        return None
    tiles = f"{len(entries):,} tile{'' if len(entries) == 1 else 's'}"
    progress.log(f"Going on with the run that was stopped: {tiles} had been finished.")
    return replace(earlier, entries=entries)


def _difference(earlier: Journal, run: Journal) -> str:
    """Return what has changed since an earlier run, empty where nothing has."""
    for name in dict.fromkeys((*run.subject, *earlier.subject)):
        if earlier.subject.get(name) != run.subject.get(name):
            return f"{name} has changed"
    # The rest of it can be set as it was.
    for name in ("backend", "precision", "device"):
        before, now = getattr(earlier.execution, name), getattr(run.execution, name)
        if before != now:
            return f"it computed with another {name} ({before}, now {now})"
    versions = run.execution.versions
    for package in dict.fromkeys((*versions, *earlier.execution.versions)):
        if earlier.execution.versions.get(package) != versions.get(package):
            return f"the version of {package} has changed"
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
