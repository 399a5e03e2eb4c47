"""Recoding of a map strip by strip: other class values, and values inside a mask.

>>> recoder = Recoder(recoding)
>>> values, valid = recoder.apply(*raster.read(tile))
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from ..arrays import BoolArray, Int64Array, IntegerArray
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.grid import Tile
from ..raster.mask import Mask
from ..raster.pixel_area import PixelAreas, pixel_areas
from ..raster.writer import MapWriter
from .class_table import Recoding
from .strips import strips
from .value_codes import ValueCodes, paired, sums_by_code

_MAX_TABLE_VALUE = 65_535
Transition = tuple[int | None, int | None]
"""Old and new value of pixels; None for pixels without a class."""


@dataclass(frozen=True, eq=False)
class Override:
    """Value of the pixels inside a mask.

    Attributes:
        mask: Open mask on the grid of the map.
        value: Value of the pixels; None for nodata.
        fills_gaps: Whether pixels without a class get the value, too.
    """

    mask: Mask
    value: int | None
    fills_gaps: bool = False


@dataclass(frozen=True, eq=False)
class RecodedPixels:
    """Pixels and areas of a recoding.

    Attributes:
        pixels: Number of pixels by old and new value.
        hectares: Area in hectares by old and new value.
        overridden: Number of pixels whose value the mask changed.
    """

    pixels: Counter[Transition] = field(default_factory=Counter)
    hectares: Counter[Transition] = field(default_factory=Counter)
    overridden: int = 0

    @property
    def changed(self) -> int:
        """Number of pixels with another value than before."""
        return sum(count for (old, new), count in self.pixels.items() if old != new)


class Recoder:
    """Recoding of arrays of class values.

    Args:
        recoding: New value of each class.
    """

    def __init__(self, recoding: Recoding) -> None:
        self._values = recoding.values
        self._gaps = recoding.gaps
        values = recoding.values
        self._table: Int64Array | None = None
        self._removed: BoolArray | None = None
        if all(0 <= value <= _MAX_TABLE_VALUE for value in values):
            size = max(values, default=0) + 1
            self._table = np.arange(size, dtype=np.int64)
            self._removed = np.zeros(size, dtype=np.bool_)
            for old, new in values.items():
                self._removed[old] = new is None
                self._table[old] = old if new is None else new

    def apply(self, values: Int64Array, valid: BoolArray) -> tuple[Int64Array, BoolArray]:
        """Return new values and whether each pixel has one, both of shape (rows, columns).

        Args:
            values: Class values, shape (rows, columns).
            valid: Whether each pixel has a class, shape (rows, columns).
        """
        new, kept = self._recoded(values, valid)
        if self._gaps is not None:
            new = np.where(valid, new, self._gaps)
            kept = kept | ~valid
        return new, kept

    def _recoded(self, values: Int64Array, valid: BoolArray) -> tuple[Int64Array, BoolArray]:
        if self._table is not None and self._removed is not None:
            # Values beyond the table stay.
            inside = (values >= 0) & (values < len(self._table))
            places = np.where(inside, values, 0)
            return np.where(inside, self._table[places], values), valid & ~(inside & self._removed[places])
        new, kept = values.copy(), valid.copy()
        for old, target in self._values.items():
            found = values == old
            if target is None:
                kept &= ~found
            else:
                new[found] = target
        return new, kept


def write_recoded(
    writer: MapWriter,
    raster: ClassRaster,
    recoding: Recoding,
    override: Override | None,
    progress: Progress,
) -> RecodedPixels:
    """Write a map with other class values, strip by strip, and return what changed.

    Args:
        writer: Open map with the classes of the result, on the grid of the raster.
        raster: Open map to recode.
        recoding: New value of each class. It is applied before ``override``.
        override: Value inside a mask; None without one.
        progress: Progress reporter.

    Raises:
        RasterError: The map or the mask cannot be read.
        OutputError: The disk is full.
        RunCancelled: The user cancelled.
    """
    recoder, areas = Recoder(recoding), pixel_areas(raster.grid)
    pixels: Counter[Transition] = Counter()
    hectares: Counter[Transition] = Counter()
    overridden = 0
    for tile in strips(raster, progress, "Recoding the map"):
        values, valid = raster.read(tile)
        new, kept = recoder.apply(values, valid)
        if override is not None:
            inside = override.mask.of(tile)
            if not override.fills_gaps:
                inside &= kept
            if override.value is None:
                overridden += int(np.count_nonzero(inside & kept))
                kept = kept & ~inside
            else:
                overridden += int(np.count_nonzero(inside & (~kept | (new != override.value))))
                new, kept = np.where(inside, override.value, new), kept | inside
        # Small integers are counted many times faster.
        writer.write(tile, np.where(kept, new, writer.nodata).astype(writer.dtype))
        found, size = count_transitions(values, valid, new, kept, tile, areas)
        pixels.update(found)
        hectares.update(size)
    return RecodedPixels(pixels, hectares, overridden)


def count_transitions(
    values: IntegerArray,
    valid: BoolArray,
    new: IntegerArray,
    kept: BoolArray,
    tile: Tile,
    areas: PixelAreas,
) -> tuple[dict[Transition, int], dict[Transition, float]]:
    """Return the number and the area in hectares of the pixels of each pair of old and new value.

    Args:
        values: Old class values, shape (rows, columns).
        valid: Whether each pixel had a class, shape (rows, columns).
        new: New class values, shape (rows, columns).
        kept: Whether each pixel has a class, shape (rows, columns).
        tile: Pixels of the map.
        areas: Areas of the map's pixels.
    """
    before, after = ValueCodes({}), ValueCodes({})
    old_codes, new_codes = before.of(values, valid), after.of(new, kept)
    olds: list[int | None] = [None, *before.values]
    news: list[int | None] = [None, *after.values]
    sizes = len(olds), len(news)
    counts, sums = sums_by_code(paired(old_codes, new_codes, sizes), sizes[0] * sizes[1], tile, areas)
    found = {
        (olds[pair // sizes[1]], news[pair % sizes[1]]): pair for pair in np.flatnonzero(counts).tolist()
    }
    return (
        {transition: int(counts[pair]) for transition, pair in found.items()},
        {transition: float(sums[pair]) for transition, pair in found.items()},
    )
