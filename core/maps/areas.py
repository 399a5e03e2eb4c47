"""Pixels and hectares of the classes of a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import BoolArray, Float64Array, IntegerArray
from ..errors import SampleError
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, check_is_class_map
from ..raster.grid import Tile
from ..raster.pixel_area import PixelAreas, pixel_areas
from ..raster.writer import count_values
from .strips import strips
from .value_codes import sums_by_code

# Largest class value that is counted by its position in an array.
_MAX_ARRAY_VALUE = 65_535


@dataclass(frozen=True, eq=False)
class MapSize:
    """Mapped pixels and area of each class of a map.

    Attributes:
        pixels: Number of pixels by class value.
        hectares: Area in hectares by class value.
        unclassified: Number of pixels without a class.
    """

    pixels: dict[int, int]
    hectares: dict[int, float]
    unclassified: int

    @property
    def total_hectares(self) -> float:
        """Area with a class in hectares."""
        return sum(self.hectares.values())


def measure_maps(maps: Sequence[ClassRaster], progress: Progress) -> tuple[MapSize, ...]:
    """Return the pixels and areas of the classes of each map.

    Args:
        maps: Maps.
        progress: Progress reporter, from 0 to 1.

    Raises:
        SampleError: A map has no classified pixel, or is not a class map.
        RasterError: A map cannot be read.
    """
    part = 1.0 / len(maps)
    sizes = tuple(
        measure(raster, Stage(progress, number * part, (number + 1) * part))
        for number, raster in enumerate(maps)
    )
    for raster, size in zip(maps, sizes, strict=True):
        check_is_class_map(raster, len(size.pixels))
    return sizes


def measure(
    raster: ClassRaster,
    progress: Progress,
    known: Collection[int] = (),
    also: Callable[[Tile, IntegerArray, BoolArray], None] | None = None,
) -> MapSize:
    """Return the pixels and areas of a map's classes.

    Args:
        raster: Map.
        progress: Progress reporter.
        known: Class values that are named elsewhere, such as in a scheme.
        also: Function that is called with each tile, its values and whether each pixel has one, so that more
            can be counted in one pass; None for none.

    Raises:
        SampleError: The map has no classified pixel, or is not a class map.
        RasterError: The map cannot be read.
    """
    areas = pixel_areas(raster.grid)
    recoded = raster.recoded_values
    pixels: Counter[int] = Counter()
    hectares: dict[int, float] = {}
    unclassified = 0
    for tile in strips(raster, progress, "Counting the map’s classes"):
        stored, valid = raster.read_stored(tile)
        counts, sums = _sums_of_values(stored, valid, tile, areas)
        unclassified += valid.size - sum(counts.values())
        for value, count in counts.items():
            name = recoded.get(value, value)
            pixels[name] += count
            hectares[name] = hectares.get(name, 0.0) + sums[value]
        raster.check_values(pixels, known)
        if also is not None:
            also(tile, raster.recoded(stored), valid)
    if not pixels and raster.is_resampled:
        raise SampleError(
            "The map has no classified pixel within the first map",
            where=str(raster.source),
            advice="Choose maps of the same area, and check their coordinate reference systems.",
        )
    if not pixels:
        raise SampleError(
            "The map has no classified pixel", where=str(raster.source), advice="Choose another map."
        )
    order = sorted(pixels)
    return MapSize(
        {value: pixels[value] for value in order},
        {value: float(hectares[value]) for value in order},
        unclassified,
    )


def _sums_of_values(
    values: IntegerArray, valid: BoolArray, tile: Tile, areas: PixelAreas
) -> tuple[dict[int, int], dict[int, float]]:
    """Return the number of the valid pixels of each value of a tile, and their area in hectares."""
    missing = int(valid.size - np.count_nonzero(valid))
    if missing:
        # What stands for no class may be any number.
        values = np.where(valid, values, values.dtype.type(0))
    least, most = _range(values)
    codes, names = values, np.arange(most + 1)
    if least < 0 or most > _MAX_ARRAY_VALUE:
        names, members = np.unique(values, return_inverse=True)
        codes = members.reshape(values.shape)
    extra = missing > 0 and not areas.are_equal
    if extra:
        # The last code counts the pixels without a class.
        codes = np.where(valid, codes, np.min_scalar_type(len(names)).type(len(names)))
    counts, sums = sums_by_code(codes, len(names) + extra, tile, areas)
    if missing and areas.are_equal:
        counts = counts - missing * (names == 0)
        sums = counts * float(areas.of(tile)[0, 0])
    found = np.flatnonzero(counts[: len(names)]).tolist()
    return (
        {int(names[code]): int(counts[code]) for code in found},
        {int(names[code]): float(sums[code]) for code in found},
    )


def _range(values: IntegerArray) -> tuple[int, int]:
    """Return the smallest and the largest value, or limits of small data types."""
    if values.dtype == np.uint8 or not values.size:
        return 0, 255
    return int(values.min()), int(values.max())


def count_classes(values: IntegerArray) -> dict[int, int]:
    """Return the number of occurrences of each value."""
    if len(values) and values.min() >= 0 and values.max() <= _MAX_ARRAY_VALUE:
        # Many times faster than sorting.
        numbers = np.bincount(values)
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    return count_values(values)


def sum_by_class(values: IntegerArray, areas: Float64Array) -> dict[int, float]:
    """Return the total area of each value."""
    if len(values) and values.min() >= 0 and values.max() <= _MAX_ARRAY_VALUE:
        # Many times faster than sorting.
        sums = np.bincount(values, weights=areas)
        return {int(value): float(sums[value]) for value in np.flatnonzero(sums)}
    occurring, members = np.unique(values, return_inverse=True)
    sums = np.bincount(members, weights=areas)
    return dict(zip(occurring.tolist(), sums.tolist(), strict=True))
