"""Probabilities of classes from a raster, and the probability of change between two of them.

A probability raster has a band per class, named like the class (``3 Rice``, ``Rice`` or ``3``)::

    with open_class_probabilities(source, grid, classes, values, "PROBABILITIES", progress) as raster:
        raster.read(tile)    # float32, shape (classes, rows, columns); NaN where there is no probability
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..arrays import Float32Array
from ..classes import LandCoverClass, class_label, describe_classes, name_key
from ..errors import RasterError
from ..marks import KIND_ITEM
from ..progress import Progress, RateMeter
from ..provenance import output_items, provenance
from ..raster.band_file import open_band_file
from ..raster.grid import Grid, Tile, tiles_of
from ..raster.probability_raster import PROBABILITY_STEP, open_probabilities, probability_nodata
from ..raster.source import RasterSource
from ..raster.warp import AlignedFile
from ..text import untranslated

CHANGE_BAND = untranslated("Probability of change")
_TILE = 1024
_DTYPE = "uint8"


class ClassProbabilities:
    """Open probability raster, created by ``open_class_probabilities``.

    Attributes:
        source: Source of the raster.
    """

    def __init__(self, file: AlignedFile, members: Sequence[int], count: int) -> None:
        self.source = file.source
        self._file = file
        self._members = members
        self._count = count

    def read(self, tile: Tile) -> Float32Array:
        """Return the probability of each class, shape (classes, rows, columns); NaN where there is none.

        Raises:
            RasterError: The file is damaged.
        """
        bands = self._file.read(tile, range(len(self._members)))
        if list(self._members) == list(range(self._count)):
            return bands
        result = np.zeros((self._count, tile.height, tile.width), dtype=np.float32)
        for band, member in zip(bands, self._members, strict=True):
            if member >= 0:
                result[member] += band
            else:
                # What is left out has no class: its probability is that of none of them.
                result[:, np.isnan(band)] = np.nan
        return result


@contextmanager
def open_class_probabilities(
    source: RasterSource,
    grid: Grid,
    classes: Sequence[LandCoverClass],
    common: Mapping[int, int | None],
    values: Sequence[int],
    parameter: str,
    progress: Progress,
) -> Iterator[ClassProbabilities]:
    """Open a probability raster on a grid.

    Args:
        source: Source of the raster.
        grid: Grid to read on.
        classes: Classes of the map that belongs to it, by which the bands are known.
        common: Common value of each of these classes; None leaves it out.
        values: Common values in the order of the result. Bands of classes with one value are added up.
        parameter: Name of the parameter that gives the raster, for errors.
        progress: Progress reporter.

    Raises:
        RasterError: The raster cannot be read, or a band is none of the classes.
    """
    names: dict[object, LandCoverClass] = {}
    for item in classes:
        for name in (str(item.value), item.name, class_label(item)):
            names.setdefault(name_key(name), item)
    places = {value: place for place, value in enumerate(values)}
    file = AlignedFile(open_band_file(source), grid, "auto")
    try:
        members = []
        for band in file.band_names:
            known = names.get(name_key(band))
            if known is None:
                raise RasterError(
                    "The band {band!r} of the probabilities is none of the classes of the map",
                    where=str(source),
                    advice="{parameter} needs a band per class of that name. The map has: {classes}.",
                    band=band,
                    parameter=parameter,
                    classes=describe_classes(classes),
                )
            value = common.get(known.value)
            members.append(places.get(value, -1) if value is not None else -1)
        for note in file.notes:
            progress.log(note)
        yield ClassProbabilities(file, members, len(values))
    finally:
        file.close()


def probability_of_change(before: NDArray[np.floating], after: NDArray[np.floating]) -> Float32Array:
    """Return the probability that two pixels differ in class, 1 - Σ p₁ p₂; NaN where one has none.

    It takes the errors of both classifications for independent of each other.

    Args:
        before: Probability of each class in the earlier map, shape (classes, ...).
        after: The same in the later map, with the classes in the same order.
    """
    return np.asarray(np.clip(1.0 - (before * after).sum(axis=0), 0.0, 1.0), dtype=np.float32)


def write_probability_of_change(
    path: Path,
    grid: Grid,
    before: ClassProbabilities,
    after: ClassProbabilities,
    kind: str,
    progress: Progress,
) -> float | None:
    """Write the probability of change, and return the mean of all pixels; None where no pixel has one.

    Args:
        path: GeoTIFF to write: bytes in steps of 0.004, see ``core.raster.probability_raster``.
        grid: Grid of the raster.
        before: Probabilities of the earlier map.
        after: Probabilities of the later map.
        kind: Kind of the output, see ``core.marks``.
        progress: Progress reporter, from 0 to 1.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
        RasterError: A raster cannot be read.
    """
    items = {
        KIND_ITEM: kind,
        **output_items(provenance({}), BEFORE=before.source.title, AFTER=after.source.title),
    }
    meter = RateMeter(grid.window.pixels, "pixels", "Writing the probability of change")
    nodata, total, count = probability_nodata(_DTYPE), 0.0, 0
    with open_probabilities(path, grid, (CHANGE_BAND,), _DTYPE, progress, items) as writer:
        for tile in tiles_of(grid.window, _TILE):
            progress.check_cancelled()
            change = probability_of_change(before.read(tile), after.read(tile))
            known = np.isfinite(change)
            steps = np.where(known, np.round(np.where(known, change, 0.0) / PROBABILITY_STEP), nodata)
            writer.write(tile, 0, steps.astype(_DTYPE))
            total, count = total + float(change[known].sum(dtype=np.float64)), count + int(known.sum())
            meter.add(tile.pixels)
            progress.update(meter.fraction, meter.text())
    return total / count if count else None
