"""Random pixels of each class of a map, as points to be labelled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass
from ..point_lines import write_points
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import pixel_areas
from ..samples.samples import Integers
from .crossing import MapSize, strips


def draw_pixels(
    raster: ClassRaster, pixels: Mapping[int, int], points: Mapping[int, int], seed: int, progress: Progress
) -> tuple[Integers, Integers, Integers]:
    """Return rows, columns and class values of random pixels, none of them twice.

    The map is read once more, in strips: which pixels of a class are taken is drawn by their rank
    among those of the class, so memory does not grow with the map.

    Args:
        raster: The map.
        pixels: How many it has of each class.
        points: How many are wanted of each class, no more than there are.
        seed: Repeats the draw.
        progress: Asked for cancelling.
    """
    generator = np.random.default_rng(seed)
    ranks = {
        value: np.sort(generator.choice(pixels[value], number, replace=False, shuffle=False))
        for value, number in points.items()
    }
    before = dict.fromkeys(points, 0)
    parts: list[tuple[Integers, Integers, Integers]] = []
    for tile in strips(raster, progress, "Drawing points"):
        values, valid = raster.read(tile)
        for value, wanted in ranks.items():
            places = np.flatnonzero((values == value) & valid)
            first, stop = np.searchsorted(wanted, [before[value], before[value] + len(places)])
            chosen = places[wanted[first:stop] - before[value]]
            parts.append((chosen // tile.width + tile.row, chosen % tile.width, np.full(len(chosen), value)))
            before[value] += len(places)
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    # In random order, so that who labels them is not led by the class that they were drawn for.
    order = generator.permutation(len(rows))
    return rows[order], columns[order], values[order]


def write_drawn(
    path: Path,
    raster: ClassRaster,
    drawn: tuple[Integers, Integers, Integers],
    classes: tuple[LandCoverClass, ...],
    size: MapSize,
) -> None:
    """Write drawn pixels as JSON lines, with their centres in the map's CRS.

    ``class`` is left for who labels them; ``stratum`` is the map's class, ``stratum_ha`` its area,
    ``inclusion`` the probability of its pixels to be drawn, and ``weight`` the hectares that the
    point stands for: the area of its pixel over that probability.

    Raises:
        OutputError: The file cannot be written.
    """
    rows, columns, values = drawn
    names = {item.value: item.name for item in classes}
    found, counts = np.unique(values, return_counts=True)
    points = dict(zip(found.tolist(), counts.tolist(), strict=True))
    # The middles of pixels.
    x, y = raster.grid.position(rows.astype(np.float64) + 0.5, columns.astype(np.float64) + 0.5)
    areas = pixel_areas(raster.grid).at(rows, columns)
    inclusion = {value: number / size.pixels[value] for value, number in points.items()}
    records = (
        {
            "x": float(x[number]),
            "y": float(y[number]),
            "id": number + 1,
            "class": None,
            "stratum": value,
            "stratum_name": names[value],
            "stratum_ha": size.hectares[value],
            "inclusion": inclusion[value],
            "weight": float(areas[number]) / inclusion[value],
        }
        for number, value in enumerate(values.tolist())
    )
    write_points(path, records)
