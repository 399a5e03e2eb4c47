"""The journal of a run: what is classified, how it is computed, and which tiles are finished.

It is a text file of one JSON object a line that is only ever appended to. The first line says
what the run is; each further one names a finished tile and where its pixels stand in the file of
tiles, or a batch size that was given up. A line that a crash cut short ends what counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..raster.tiles import Tile
from ..values import from_plain, to_plain

_FORMAT = 1


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
