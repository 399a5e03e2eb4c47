"""Strata of a change map for a sampling design: persistence, transitions and a buffer around change.

A simple random sample of a map has few points in change, which is rare. A stratum for each large transition,
and one for the stable pixels near change, where omitted change is likely, make estimates precise::

    strata = strata_of(legend, counts.hectares, max_transitions=8, has_buffer=True)
    pixels = write_strata(path, change, strata, width=2, ...)

Source: Olofsson, P. et al. (2020): Mitigating the effects of omission errors on area and area change
estimates. Remote Sensing of Environment 236, 111492.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import maximum_filter1d

from ..classes import LandCoverClass
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.derived_map import open_derived_map
from ..raster.grid import Tile
from ..text import untranslated
from .strips import STRIP_PIXELS, grid_strips
from .transitions import Pair, TransitionLegend

BUFFER_NAME = untranslated("Buffer around change")
OTHER_CHANGE = untranslated("Other change")
_BUFFER_COLOR, _OTHER_COLOR = "#E9A3D6", "#7B3F8C"


@dataclass(frozen=True)
class Strata:
    """Strata of a change map for a sampling design.

    Attributes:
        classes: Class of each stratum.
        values: Stratum of each value of the from-to raster.
        stable: Values of the from-to raster that may become the buffer.
        changed: Values of the from-to raster around which the buffer lies.
        buffer: Value of the buffer; None without one.
    """

    classes: tuple[LandCoverClass, ...]
    values: dict[int, int]
    stable: tuple[int, ...]
    changed: tuple[int, ...]
    buffer: int | None


def strata_of(
    legend: TransitionLegend, hectares: Mapping[Pair, float], max_transitions: int, has_buffer: bool
) -> Strata:
    """Return the strata of a change map: persistence by class, the largest transitions, and a buffer.

    Args:
        legend: Legend of the from-to raster.
        hectares: Area of each transition.
        max_transitions: Number of transitions with a stratum of their own; the others are one.
        has_buffer: Whether stable pixels around change are a stratum.
    """
    by_value = {item.value: item for item in legend.classes}
    changes = sorted(legend.changes(), key=lambda pair: (-hectares[pair], pair))
    own = changes[:max_transitions] if len(changes) > max_transitions + 1 else changes
    buffer = legend.free if has_buffer and changes else None
    other = legend.free + (buffer is not None)
    values = {}
    for pair, value in legend.values.items():
        values[value] = value if pair[0] == pair[1] or pair in own else other
    if legend.below is not None:
        values[legend.below] = legend.below
    classes = [by_value[value] for value in sorted({*values.values()} & by_value.keys())]
    if buffer is not None:
        classes.append(LandCoverClass(buffer, BUFFER_NAME, _BUFFER_COLOR))
    if other in values.values():
        classes.append(LandCoverClass(other, OTHER_CHANGE, _OTHER_COLOR))
    return Strata(
        tuple(classes),
        values,
        tuple(value for pair, value in legend.values.items() if pair[0] == pair[1]),
        tuple(legend.values[pair] for pair in changes),
        buffer,
    )


def write_strata(
    path: Path,
    change: ClassRaster,
    strata: Strata,
    width: int,
    kind: str,
    metadata: Mapping[str, str],
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
) -> dict[int, int]:
    """Write the strata of a from-to raster, and return the number of pixels of each.

    Stable pixels within ``width`` pixels of change, in rows and columns, become the buffer: there errors of
    omission gather, and in a stratum of their own they weigh little.

    Args:
        path: GeoTIFF to write.
        change: From-to raster.
        strata: Strata.
        width: Width of the buffer in pixels.
        kind: Kind of the output, see ``core.marks``.
        metadata: Metadata items for the file.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels that are read at once.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
    """
    grid = change.grid
    size = max([*strata.values, *strata.values.values(), 0]) + 2
    table = np.full(size, -1, dtype=np.int64)
    table[list(strata.values)] = list(strata.values.values())
    stable, changed = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    stable[list(strata.stable)] = True
    changed[list(strata.changed)] = True
    with open_derived_map(
        path, [change], grid, strata.classes, kind, progress, metadata, title="Strata"
    ) as writer:
        for tile in grid_strips(grid, progress, "Writing the strata", max(strip_pixels, width * grid.width)):
            first = tile.row
            top, bottom = max(0, first - width), min(grid.height, tile.row_stop + width)
            values, valid = change.read(Tile(top, 0, bottom - top, grid.width))
            values = np.where(valid, values, size - 1)
            own = values[first - top : first - top + tile.height]
            written = table[own]
            if strata.buffer is not None and width:
                near = changed[values].astype(np.uint8)
                for axis in (0, 1):
                    near = maximum_filter1d(near, 2 * width + 1, axis=axis, mode="constant")
                near = near[first - top : first - top + tile.height].astype(bool)
                written[near & stable[own]] = strata.buffer
            written[written == -1] = writer.nodata
            writer.write(tile, written)
        return dict(writer.counts)
