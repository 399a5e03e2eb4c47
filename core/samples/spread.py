"""Units of samples (polygons, points, or blocks of a label raster), and their spread over the raster.

>>> units = sample_units(samples, side=20)
>>> drawn = balanced_draw(samples, units, most=1000, seed=0)   # each polygon keeps some of its pixels
>>> class_spreads(samples, units, grid)[0].polygons
14
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..arrays import Int64Array
from ..raster.grid import Grid
from ..raster.pixel_area import SQUARE_METRES_PER_HECTARE, pixel_areas
from .draw import position_hash
from .group_split import blocks_of
from .samples import NO_GROUP, Samples

CELLS = 10
"""Rows and columns of cells over the raster by which the spread of a class is measured."""


@dataclass(frozen=True)
class ClassSpread:
    """Number of the samples of a class, and their spread.

    Attributes:
        samples: Number of labelled pixels, before any were drawn.
        polygons: Number of units: polygons, points, or blocks of a label raster.
        hectares: Area of the labelled pixels in hectares.
        largest: Fraction of the samples in the largest unit.
        cells: Fraction of the cells of the raster (``CELLS`` x ``CELLS``) with a sample.
        extent: Fraction of the raster in the rectangle around the samples.
        neighbour: Median distance in metres from the centre of a unit to that of the nearest other one; None
            with fewer than two units.
    """

    samples: int
    polygons: int
    hectares: float
    largest: float
    cells: float
    extent: float
    neighbour: float | None


def sample_units(samples: Samples, side: int) -> Int64Array:
    """Return the number of each sample's unit, from 0, int64, shape (N,). A unit has one class.

    Units are polygons or points. The pixels of a label raster that have one class and lie in one block are a
    unit.

    Args:
        samples: Labelled samples.
        side: Side of a block of a label raster, in pixels.
    """
    classes = len(samples.classes)
    keys = np.where(
        samples.groups == NO_GROUP,
        # Behind all polygons.
        2 * (blocks_of(samples, side) * classes + samples.codes) + 1,
        2 * samples.groups,
    )
    _, units = np.unique(keys, return_inverse=True)
    return units.astype(np.int64)


def balanced_draw(samples: Samples, units: Int64Array, most: int, seed: int) -> Int64Array:
    """Draw at most ``most`` samples per class, of each unit as many as of the others where it has them.

    So no unit is lost as long as a class has at most ``most`` of them, and large ones do not outweigh small
    ones.

    Args:
        samples: Labelled samples.
        units: Unit of each sample, int64, shape (N,).
        most: Largest number of samples per class.
        seed: Seed of the draw.

    Returns:
        Indices of the drawn samples, ascending.
    """
    order = np.lexsort((position_hash(samples.rows, samples.columns, seed), units))
    starts = np.flatnonzero(np.diff(units[order], prepend=-1))
    lengths = np.diff([*starts, len(order)])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, lengths)
    parts = []
    for code in range(len(samples.classes)):
        members = np.flatnonzero(samples.codes == code)
        parts.append(members[np.argsort(rank[members], kind="stable")][:most])
    return np.sort(np.concatenate(parts))


def class_spreads(samples: Samples, units: Int64Array, grid: Grid) -> tuple[ClassSpread, ...]:
    """Return the number, area and spread of the samples of each class.

    Args:
        samples: Labelled samples, each class at least one.
        units: Unit of each sample, int64, shape (N,).
        grid: Grid of the raster.
    """
    hectares = pixel_areas(grid).at(samples.rows, samples.columns)
    # Pixels may not be square; distances between units are far above a pixel.
    metres = float(np.sqrt(np.median(hectares) * SQUARE_METRES_PER_HECTARE))
    spreads = []
    for code in range(len(samples.classes)):
        members = np.flatnonzero(samples.codes == code)
        rows, columns = samples.rows[members], samples.columns[members]
        _, own, counts = np.unique(units[members], return_inverse=True, return_counts=True)
        cells = rows * CELLS // grid.height * CELLS + columns * CELLS // grid.width
        neighbour = None
        if len(counts) > 1:
            centres = np.stack(
                [np.bincount(own, weights=place) / counts for place in (rows, columns)], axis=1
            )
            distances, _ = cKDTree(centres).query(centres, k=2)
            neighbour = float(np.median(distances[:, 1])) * metres
        stands_for = samples.stands_for[code]
        spreads.append(
            ClassSpread(
                samples=round(len(members) * stands_for),
                polygons=len(counts),
                hectares=float(hectares[members].sum()) * stands_for,
                largest=float(counts.max() / len(members)),
                cells=len(np.unique(cells)) / CELLS**2,
                extent=float(np.ptp(rows) + 1) * float(np.ptp(columns) + 1) / (grid.height * grid.width),
                neighbour=neighbour,
            )
        )
    return tuple(spreads)


def unit_places(samples: Samples, units: Int64Array, chosen: Int64Array) -> Int64Array:
    """Return the row and column of the sample that is nearest to the centre of its unit, int64, shape (M, 2).

    Args:
        samples: Labelled samples.
        units: Unit of each sample, int64, shape (N,).
        chosen: Units, int64, shape (M,).
    """
    places = np.empty((len(chosen), 2), dtype=np.int64)
    order = np.argsort(units, kind="stable")
    ends = np.searchsorted(units[order], [chosen, chosen + 1])
    for number, (start, stop) in enumerate(ends.T):
        own = samples.pixel_coordinates[order[start:stop]]
        places[number] = own[np.argmin(((own - own.mean(axis=0)) ** 2).sum(axis=1))]
    return places
