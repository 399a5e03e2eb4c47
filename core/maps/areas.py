"""Pixels and hectares of the classes of a map, and reading a map strip by strip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..errors import SampleError
from ..progress import Progress, RateMeter, Stage
from ..raster.class_raster import ClassRaster, check_is_class_map
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import pixel_areas
from ..raster.writer import count_values

_STRIP_PIXELS = 4_000_000
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
    also: Callable[[Tile, Int64Array, BoolArray], None] | None = None,
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
    pixels: Counter[int] = Counter()
    hectares: Counter[float] = Counter()
    unclassified = 0
    for tile in strips(raster, progress, "Counting the map’s classes"):
        values, valid = raster.read(tile)
        unclassified += int(valid.size - np.count_nonzero(valid))
        counts = count_classes(values[valid])
        pixels.update(counts)
        of_tile = areas.of(tile)
        if areas.are_equal:
            hectares.update({value: number * float(of_tile[0, 0]) for value, number in counts.items()})
        else:
            hectares.update(sum_by_class(values[valid], np.broadcast_to(of_tile, valid.shape)[valid]))
        raster.check_values(pixels, known)
        if also is not None:
            also(tile, values, valid)
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


def strips(raster: ClassRaster, progress: Progress, doing: str) -> Iterator[Tile]:
    """Yield tiles of the whole width of a raster, from top to bottom.

    Args:
        raster: Raster to read.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
    """
    yield from grid_strips(raster.grid, progress, doing)


def grid_strips(grid: Grid, progress: Progress, doing: str) -> Iterator[Tile]:
    """Yield tiles of the whole width of a grid, from top to bottom.

    Args:
        grid: Grid of the tiles.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
    """
    step = max(1, _STRIP_PIXELS // grid.width)
    meter = RateMeter(grid.window.pixels, "pixels", doing)
    for first in range(0, grid.height, step):
        progress.check_cancelled()
        tile = Tile(first, 0, min(step, grid.height - first), grid.width)
        yield tile
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def count_classes(values: Int64Array) -> dict[int, int]:
    """Return the number of occurrences of each value."""
    if len(values) and values.min() >= 0 and values.max() <= _MAX_ARRAY_VALUE:
        # Many times faster than sorting.
        numbers = np.bincount(values)
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    return count_values(values)


def sum_by_class(values: Int64Array, areas: Float64Array) -> dict[int, float]:
    """Return the total area of each value."""
    if len(values) and values.min() >= 0 and values.max() <= _MAX_ARRAY_VALUE:
        # Many times faster than sorting.
        sums = np.bincount(values, weights=areas)
        return {int(value): float(sums[value]) for value in np.flatnonzero(sums)}
    occurring, members = np.unique(values, return_inverse=True)
    sums = np.bincount(members, weights=areas)
    return dict(zip(occurring.tolist(), sums.tolist(), strict=True))
