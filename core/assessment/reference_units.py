"""Reference points and polygons as pixels of a map's grid, and the clusters that they form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass
from ..errors import SampleError
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.rasterize import burn, burn_touched, to_pixels
from ..samples.decorrelation import decorrelation_range
from ..samples.group_split import blocks_of
from ..samples.samples import Samples
from ..samples.vector import LabelledFeature, read_features
from ..text import Text

_POINTS = ("Point", "MultiPoint")
PIXEL, POINT, POLYGON, BLOCK = Text("pixel"), Text("point"), Text("polygon"), Text("block")
# With so many blocks along the shorter side at least, there are enough of them for a bootstrap.
_FEWEST_ALONG = 6


@dataclass(frozen=True, eq=False)
class PointsBeyond:
    """Points beyond the map's edges: they have no class there, but belong to the sample that was drawn.

    Attributes:
        rows: Rows in the map's grid, continued (N,).
        columns: Columns (N,).
        strata: As in ``ReferenceUnits`` (N,).
    """

    rows: Int64Array
    columns: Int64Array
    strata: Int64Array


_NONE_BEYOND = PointsBeyond(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


@dataclass(frozen=True, eq=False)
class ReferenceUnits:
    """Pixels whose true class is known, each at most once.

    Attributes:
        rows: Rows in the map (N,).
        columns: Columns (N,).
        values: True class values (N,).
        groups: Which point or polygon each belongs to (N,).
        strata: The stratum of each, an index into ``stratum_names`` (N,); -1 where none was given.
        stratum_names: The strata that occur.
        weights: How much each stands for (N,); NaN where nobody said.
        are_points: Whether all are points.
        outside: Points or polygons outside the map.
        repeated: Points, or pixels of polygons, left out because the same pixel came before.
        contradicting: Pixels left out because they were given two classes.
        beyond: The points outside the map, each pixel once.
    """

    rows: Int64Array
    columns: Int64Array
    values: Int64Array
    groups: Int64Array
    strata: Int64Array
    stratum_names: tuple[str, ...]
    weights: Float64Array
    are_points: bool
    outside: int
    repeated: int
    contradicting: int
    beyond: PointsBeyond = _NONE_BEYOND

    def __len__(self) -> int:
        return len(self.rows)

    def subset(self, kept: BoolArray) -> ReferenceUnits:
        """Return some of the pixels."""
        return ReferenceUnits(
            self.rows[kept],
            self.columns[kept],
            self.values[kept],
            self.groups[kept],
            self.strata[kept],
            self.stratum_names,
            self.weights[kept],
            self.are_points,
            self.outside,
            self.repeated,
            self.contradicting,
            self.beyond,
        )


def read_units(
    path: Path, grid: Grid, known: Mapping[str, int], progress: Progress
) -> tuple[ReferenceUnits, tuple[LandCoverClass, ...]]:
    """Read reference points and polygons, and the classes that they use.

    A point is the pixel that it falls in, a polygon the pixels whose centres lie inside.

    Args:
        path: JSON lines, see ``core.samples.vector``; ``split`` holds the stratum.
        grid: Of the map.
        known: Class values by lower-case name, for references that are text.
        progress: For the log.

    Raises:
        SampleError: The file is damaged, or no feature lies in the map.
    """
    features, classes = read_features(path, None, progress, values=known)
    names = tuple(sorted({feature.split for feature in features if feature.split}))
    rows, columns, origins, outside = _pixels(features, grid, progress)
    beyond = _beyond(features, grid)
    if not len(rows):
        raise SampleError(
            "None of the {count:,} reference features lies in the map",
            where=str(path),
            advice="Check that both show the same place and that their coordinate systems are right.",
            count=len(features),
        )
    values = np.array([feature.value for feature in features], dtype=np.int64)[origins]
    kept, repeated, contradicting = _each_once(rows * grid.width + columns, values)
    origins = origins[kept]
    number = {name: code for code, name in enumerate(names)}
    strata = np.array([number.get(feature.split or "", -1) for feature in features], dtype=np.int64)
    weights = [np.nan if feature.weight is None else feature.weight for feature in features]
    units = ReferenceUnits(
        rows[kept],
        columns[kept],
        values[kept],
        np.array([feature.group for feature in features], dtype=np.int64)[origins],
        strata[origins],
        names,
        np.array(weights, dtype=np.float64)[origins],
        all(feature.geometry["type"] in _POINTS for feature in features),
        outside,
        repeated,
        contradicting,
        PointsBeyond(beyond[:, 0], beyond[:, 1], strata[beyond[:, 2]]),
    )
    return units, classes


def _pixels(
    features: tuple[LabelledFeature, ...], grid: Grid, progress: Progress
) -> tuple[Int64Array, Int64Array, Int64Array, int]:
    """Return rows, columns and feature of each claimed pixel, and how many features claim none."""
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    outside = 0
    for number, feature in enumerate(features):
        progress.check_cancelled()
        shape = to_pixels(feature.geometry, grid)
        if shape.is_outside:
            outside += 1
            continue
        found = list(burn(shape))
        if not sum(len(rows) for rows, _ in found):
            found = [burn_touched(shape)]
        parts += [(rows, columns, np.full(len(rows), number)) for rows, columns in found]
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty, outside
    rows, columns, origins = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows, columns, origins, outside


def _beyond(features: tuple[LabelledFeature, ...], grid: Grid) -> Int64Array:
    """Return row, column and feature of the points beyond the grid (N, 3), each pixel once."""
    parts = [np.zeros((0, 3), dtype=np.int64)]
    for number, feature in enumerate(features):
        if feature.geometry["type"] not in _POINTS:
            continue
        places = np.reshape(to_pixels(feature.geometry, grid).geometry["coordinates"], (-1, 2))
        columns, rows = np.floor(places[np.isfinite(places).all(axis=1)]).astype(np.int64).T
        is_beyond = (rows < 0) | (rows >= grid.height) | (columns < 0) | (columns >= grid.width)
        parts.append(np.stack([rows, columns, np.full(len(rows), number)], axis=1)[is_beyond])
    found = np.concatenate(parts)
    _, first = np.unique(found[:, :2], axis=0, return_index=True)
    return np.asarray(found[np.sort(first)], dtype=np.int64)


def _each_once(places: Int64Array, values: Int64Array) -> tuple[Int64Array, int, int]:
    """Return the first claim of each pixel, how many more there were, and pixels with two classes."""
    order = np.argsort(places, kind="stable")
    sorted_places, sorted_values = places[order], values[order]
    starts = np.flatnonzero(np.diff(sorted_places, prepend=-1))
    agreed = np.minimum.reduceat(sorted_values, starts) == np.maximum.reduceat(sorted_values, starts)
    contradicting = int(np.count_nonzero(~agreed))
    sizes = np.diff(np.append(starts, len(places)))
    kept = np.sort(order[starts[agreed]])
    return kept, int((sizes[agreed] - 1).sum()), contradicting


@dataclass(frozen=True, eq=False)
class Clusters:
    """Units of the cluster bootstrap, each resampled as a whole.

    Attributes:
        name: ``POINT``, ``POLYGON`` or ``BLOCK``.
        members: Which one each reference pixel belongs to (N,), from 0 without gaps.
        side: Of a block in pixels; 0 of others.
    """

    name: str
    members: Int64Array
    side: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.members.max(initial=-1)) + 1


def clusters_of(
    units: ReferenceUnits, true: Int64Array, classes: Sequence[LandCoverClass], grid: Grid, block: int
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
    units: ReferenceUnits, true: Int64Array, classes: Sequence[LandCoverClass], grid: Grid, block: int
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


def _numbered(groups: Int64Array) -> Int64Array:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
