"""Derived map: a class map that a tool makes of other class maps, with their history.

>>> with open_derived_map(path, [raster], raster.grid, classes, GENERALISED, progress) as writer:
...     writer.write(tile, values)

A cleaned or recoded map is not the map that a model gave, so the item MODEL, which says that the model's
accuracy holds for it, is not copied. Its HISTORY names the model and the tools, the oldest first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ..classes import LandCoverClass
from ..marks import KIND_ITEM
from ..progress import Progress
from .geotiff import PLAIN, FileForm
from .grid import Grid
from .source import RasterSource
from .writer import MapWriter, open_map

HISTORY = "HISTORY"
"""Metadata item with the earlier steps of a map, as a JSON list of ``Step``, the oldest first."""
# What a step keeps of a file's metadata.
_ITEMS = ("ALGORITHM", "COMMAND", "MODEL", "MODEL_SHA256", "SOFTWARE", "CREATED", "VERSIONS")
# The longest history of maps that are made of each other again and again.
_MAX_STEPS = 100

Step = dict[str, str]
"""Items of a step by lower-case name: ``map``, ``algorithm``, ``command``, ``model`` and more."""


class MapSource(Protocol):
    """Raster of which a map is made, such as a class map or its probabilities."""

    source: RasterSource

    @property
    def items(self) -> Mapping[str, str]:
        """Metadata items of the file by name."""

    @property
    def training_pixels(self) -> str:
        """Record of the training pixels of the model that made it, as JSON; empty without one."""


def history_item(sources: Sequence[MapSource]) -> dict[str, str]:
    """Return the metadata item with the steps that led to some rasters, each once, the oldest first."""
    steps = [step for raster in sources for step in steps_of(raster)]
    unique = list({json.dumps(step, sort_keys=True): step for step in steps}.values())[-_MAX_STEPS:]
    return {HISTORY: json.dumps(unique, ensure_ascii=False)}


def as_derived(items: Mapping[str, str], title: str) -> dict[str, str]:
    """Return the metadata items of a map that is not quite the one that a model gave.

    The model becomes a step of its history.

    Args:
        items: Metadata items of the map of the model.
        title: Name of the map.
    """
    step = {"map": title} | {name.lower(): items[name] for name in _ITEMS if items.get(name)}
    own = {name: text for name, text in items.items() if name not in ("MODEL", "MODEL_SHA256")}
    return {**own, HISTORY: json.dumps([step], ensure_ascii=False)}


def steps_of(raster: MapSource) -> tuple[Step, ...]:
    """Return the steps that led to a map, the oldest first; the last is the one that wrote the file.

    A file of another program has one step, with its name alone.
    """
    items = raster.items
    own = {"map": raster.source.title}
    own |= {name.lower(): items[name] for name in _ITEMS if items.get(name)}
    return (*_earlier(items), own)


@contextmanager
def open_derived_map(
    path: Path,
    sources: Sequence[MapSource],
    grid: Grid,
    classes: Sequence[LandCoverClass],
    kind: str,
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    form: FileForm = PLAIN,
    title: str = "Land cover",
    labels: Sequence[MapSource] | None = None,
) -> Iterator[MapWriter]:
    """Create a map that is made of other maps. It replaces ``path`` when the block ends without an error.

    The records of training pixels are kept, so that points that the models have seen are still found among
    reference points. Where a source has none, the map has none, because it could hide an overlap.

    Args:
        path: Path of the GeoTIFF. An existing file is unchanged until the map is complete.
        sources: Open rasters that it is made of.
        grid: Grid of the new map.
        classes: All classes that may occur, in legend order.
        kind: Kind of the output, see ``core.marks``.
        progress: Progress reporter.
        metadata: Further metadata items, such as the tool's settings.
        form: Compression and layout of the file.
        title: Description of the band.
        labels: Sources whose classes the map has; None is all of them. The others only help to choose.

    Raises:
        ParameterError: A class value does not fit 32 bits.
        OutputError: The disk is full, or the map cannot be written there.
    """
    items = {**(metadata or {}), KIND_ITEM: kind, **history_item(sources)}
    records = joined_records(sources if labels is None else labels)
    with open_map(path, grid, classes, progress, items, form, title, records) as writer:
        yield writer


def joined_records(sources: Sequence[MapSource]) -> str:
    """Return the records of the training pixels of several maps: one as JSON object, several as a list.

    A record names the grid of the training, so that it holds on any other grid.

    Args:
        sources: Open maps.

    Returns:
        Empty where a map has no record.
    """
    records: dict[str, object] = {}
    for raster in sources:
        try:
            content = json.loads(raster.training_pixels or "[]")
        except ValueError:
            # Another program wrote an item of this name.
            content = []
        items = content if isinstance(content, list) else [content]
        if not items:
            return ""
        records |= {json.dumps(item, sort_keys=True): item for item in items}
    values = list(records.values())
    return json.dumps(values[0] if len(values) == 1 else values) if values else ""


def _earlier(items: Mapping[str, str]) -> tuple[Step, ...]:
    try:
        steps = json.loads(items.get(HISTORY, "[]"))
        return tuple({str(name): str(text) for name, text in step.items()} for step in steps)
    except (ValueError, AttributeError, TypeError):
        # Another program wrote an item of this name.
        return ()
