"""Which references are alike, and so are one observation together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..classes import LandCoverClass
from ..raster.grid import Grid
from ..samples.blocks import blocks_of
from ..samples.decorrelation import decorrelation_range
from ..samples.samples import Integers, Samples
from .reference_units import ReferenceUnits

POINT, POLYGON, BLOCK = "point", "polygon", "block"
# With so many blocks along the shorter side at least, there are enough of them for a bootstrap.
_FEWEST_ALONG = 6


@dataclass(frozen=True, eq=False)
class Clusters:
    """Units of the cluster bootstrap, each resampled as a whole.

    Attributes:
        name: ``POINT``, ``POLYGON`` or ``BLOCK``.
        members: Which one each reference pixel belongs to (N,), from 0 without gaps.
        side: Of a block in pixels; 0 of others.
    """

    name: str
    members: Integers
    side: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.members.max(initial=-1)) + 1


def clusters_of(
    units: ReferenceUnits, true: Integers, classes: Sequence[LandCoverClass], grid: Grid, block: int
) -> Clusters:
    """Return the polygons of reference pixels; of points the blocks, or each of them where none is near.

    Points that somebody chose lie in clumps, and what lies close together is alike.

    Args:
        units: The reference.
        true: Codes of its classes (N,).
        classes: Of map and reference.
        grid: Of the map.
        block: Side of a block of points in pixels; 0 is as wide as their classes are alike.
    """
    if not units.are_points:
        return Clusters(POLYGON, _numbered(units.groups))
    return blocks_of_points(units, true, classes, grid, block)


def blocks_of_points(
    units: ReferenceUnits, true: Integers, classes: Sequence[LandCoverClass], grid: Grid, block: int
) -> Clusters:
    """Return the blocks that points lie in; each of them by itself where no block has two; see above."""
    ones = (1.0,) * len(classes)
    samples = Samples(units.rows, units.columns, true, units.groups, tuple(classes), ones)
    side = block or alike_within(samples, grid)
    members = _numbered(blocks_of(samples, side))
    if members.max(initial=-1) + 1 == len(samples):
        return Clusters(POINT, members)
    return Clusters(BLOCK, members, side)


def alike_within(samples: Samples, grid: Grid) -> int:
    """Return how far apart classes stop being alike, in pixels, as the side of blocks.

    At most a sixth of the grid's shorter side, which is also used where they never stop.
    """
    alike = decorrelation_range(samples, seed=0) if len(samples) > 1 else None
    most = max(1, min(grid.width, grid.height) // _FEWEST_ALONG)
    return most if alike is None else max(1, min(round(alike), most))


def _numbered(groups: Integers) -> Integers:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
