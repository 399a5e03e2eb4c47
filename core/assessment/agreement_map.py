"""Where maps agree with the reference, or with each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass
from ..progress import Progress
from ..raster.class_raster import ClassRaster, Mask, Values
from ..raster.writer import open_map
from .crossing import strips

_BOTH, _FIRST, _SECOND, _NONE = "#1A7F37", "#0072B2", "#E69F00", "#B42318"


def write_agreement(
    path: Path, maps: Sequence[ClassRaster], reference: ClassRaster | None, progress: Progress
) -> dict[str, int]:
    """Write a map of agreement and return its classes and their pixels.

    With a reference raster: which of two maps is right, or how many of several. Without: how many
    maps say the same.

    Args:
        path: The GeoTIFF.
        maps: All on the grid of the first.
        reference: On the same grid; None where the reference is no raster.
        progress: For the log.

    Raises:
        OutputError: The disk is full, or the map cannot be written.
        RasterError: A raster cannot be read.
    """
    classes = _classes([raster.source.title for raster in maps], reference is not None)
    with open_map(path, maps[0].grid, classes, progress) as writer:
        for tile in strips(maps[0], progress, "Comparing the maps"):
            read = [raster.read(tile) for raster in (*maps, *([reference] if reference else []))]
            valid: Mask = np.logical_and.reduce([has_class for _values, has_class in read])
            values = np.stack([found for found, _has_class in read])
            codes = _right(values) if reference else _alike(values)
            writer.write(tile, np.where(valid, codes, writer.nodata))
        counts = dict(writer.counts)
    return {item.name: counts[item.value] for item in classes}


def _right(values: Values) -> Values:
    """Return the codes of maps (maps + 1, rows, columns) whose last one is the truth."""
    hits = values[:-1] == values[-1]
    if len(hits) == 2:
        # Both 3, first alone 1, second alone 2, none 0.
        return np.asarray(hits[0] + 2 * hits[1], dtype=np.int64)
    return np.asarray(hits.sum(axis=0), dtype=np.int64)


def _alike(values: Values) -> Values:
    """Return how many maps (maps, rows, columns) say what most of them say."""
    same = [np.sum(values == layer, axis=0) for layer in values]
    return np.asarray(np.max(same, axis=0), dtype=np.int64)


def _classes(names: Sequence[str], has_reference: bool) -> tuple[LandCoverClass, ...]:
    number = len(names)
    if has_reference and number == 2:
        return (
            LandCoverClass(0, "Neither is right", _NONE),
            LandCoverClass(1, f"Only {names[0]} is right", _FIRST),
            LandCoverClass(2, f"Only {names[1]} is right", _SECOND),
            LandCoverClass(3, "Both are right", _BOTH),
        )
    if has_reference:
        words = (
            ["Wrong", "Right"]
            if number == 1
            else [f"{count} of {number} are right" for count in range(number + 1)]
        )
        return tuple(LandCoverClass(count, word, _mixed(count / number)) for count, word in enumerate(words))
    return tuple(
        LandCoverClass(
            count,
            "All differ" if count == 1 else "All agree" if count == number else f"{count} of {number} agree",
            _mixed((count - 1) / max(number - 1, 1)),
        )
        for count in range(1, number + 1)
    )


def _mixed(share: float) -> str:
    """Return a colour from red through yellow to green."""
    stops = np.array([[180, 35, 24], [240, 200, 80], [26, 127, 55]], dtype=np.float64)
    levels = [np.interp(share, [0.0, 0.5, 1.0], stops[:, band]) for band in range(3)]
    return "#" + "".join(f"{round(float(level)):02X}" for level in levels)
