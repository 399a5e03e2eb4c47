"""Reference points and polygons as pixels of a map's grid, and the clusters that they form."""

from __future__ import annotations

from collections.abc import Sequence
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
# Smallest number of blocks along the shorter side of the grid, so that they are enough for a bootstrap.
_MIN_BLOCKS_ALONG_SIDE = 6


@dataclass(frozen=True, eq=False)
class OutsidePoints:
    """Reference points outside the map: they have no map class, but belong to the sample that was drawn.

    Attributes:
        rows: Row of each point on the map's grid, extended beyond its edges, shape (N,); may be negative.
        columns: Column of each point on the extended grid, shape (N,); may be negative.
        strata: Stratum of each point as in ``ReferenceUnits``, int64, shape (N,).
    """

    rows: Int64Array
    columns: Int64Array
    strata: Int64Array


_NO_OUTSIDE_POINTS = OutsidePoints(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


@dataclass(frozen=True, eq=False)
class ReferenceUnits:
    """Reference pixels: pixels of the map whose true class is known, each at most once.

    Attributes:
        rows: Row of each pixel in the map, shape (N,).
        columns: Column of each pixel, shape (N,).
        values: True class value of each pixel, shape (N,).
        groups: Number of the point or polygon of each pixel, shape (N,).
        strata: Stratum of each pixel, an index into ``stratum_names``, shape (N,); -1 without a stratum.
        stratum_names: Names of the strata.
        weights: Weight of each pixel, such as the area that it represents, shape (N,); NaN without a weight.
        are_points: Whether all reference features are points.
        outside: Number of points or polygons wholly outside the map.
        repeated: Number of points, or pixels of polygons, left out as repetitions of a pixel with one class.
        contradicting: Number of pixels left out because they have two or more classes.
        outside_points: Points outside the map, each pixel once.
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
    outside_points: OutsidePoints = _NO_OUTSIDE_POINTS

    def __len__(self) -> int:
        return len(self.rows)

    def subset(self, mask: BoolArray) -> ReferenceUnits:
        """Return the pixels of a mask, shape (N,)."""
        return ReferenceUnits(
            self.rows[mask],
            self.columns[mask],
            self.values[mask],
            self.groups[mask],
            self.strata[mask],
            self.stratum_names,
            self.weights[mask],
            self.are_points,
            self.outside,
            self.repeated,
            self.contradicting,
            self.outside_points,
        )


def read_units(
    path: Path, grid: Grid, known: Sequence[LandCoverClass], progress: Progress
) -> tuple[ReferenceUnits, tuple[LandCoverClass, ...]]:
    """Read reference points and polygons, and the classes that they use.

    A point is the pixel that contains it, a polygon the pixels whose centres lie inside. A polygon that
    contains no centre is all pixels that it touches. The classes are sorted by value.

    Args:
        path: File of JSON lines in the form of ``core.samples.vector``; ``split`` holds the stratum.
        grid: Grid of the map.
        known: Classes of the map, which the reference names by value or by name.
        progress: Progress reporter.

    Raises:
        SampleError: The file is damaged, uses the name of several classes, or has no feature in the map.
    """
    features, classes = read_features(path, None, progress, known=known)
    names = tuple(sorted({feature.split for feature in features if feature.split}))
    rows, columns, origins, outside = _pixels(features, grid, progress)
    outside_points = _outside_points(features, grid)
    if not len(rows):
        raise SampleError(
            "None of the {count:,} reference features lies in the map",
            where=str(path),
            advice="Check that both cover the same area and that their coordinate reference systems are "
            "right.",
            count=len(features),
        )
    values = np.array([feature.value for feature in features], dtype=np.int64)[origins]
    first, repeated, contradicting = _each_once(rows * grid.width + columns, values)
    origins = origins[first]
    number = {name: code for code, name in enumerate(names)}
    strata = np.array([number.get(feature.split or "", -1) for feature in features], dtype=np.int64)
    weights = [np.nan if feature.weight is None else feature.weight for feature in features]
    units = ReferenceUnits(
        rows[first],
        columns[first],
        values[first],
        np.array([feature.group for feature in features], dtype=np.int64)[origins],
        strata[origins],
        names,
        np.array(weights, dtype=np.float64)[origins],
        all(feature.geometry["type"] in _POINTS for feature in features),
        outside,
        repeated,
        contradicting,
        OutsidePoints(outside_points[:, 0], outside_points[:, 1], strata[outside_points[:, 2]]),
    )
    return units, classes


def _pixels(
    features: tuple[LabelledFeature, ...], grid: Grid, progress: Progress
) -> tuple[Int64Array, Int64Array, Int64Array, int]:
    """Return row, column and feature of each pixel of the features, and the number of features outside."""
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    outside = 0
    for number, feature in enumerate(features):
        progress.check_cancelled()
        shape = to_pixels(feature.geometry, grid)
        if shape.is_outside:
            outside += 1
            continue
        pieces = list(burn(shape))
        if not sum(len(rows) for rows, _ in pieces):
            pieces = [burn_touched(shape)]
        parts += [(rows, columns, np.full(len(rows), number)) for rows, columns in pieces]
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty, outside
    rows, columns, origins = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows, columns, origins, outside


def _outside_points(features: tuple[LabelledFeature, ...], grid: Grid) -> Int64Array:
    """Return row, column and feature of the points outside the grid, each pixel once, shape (N, 3)."""
    parts = [np.zeros((0, 3), dtype=np.int64)]
    for number, feature in enumerate(features):
        if feature.geometry["type"] not in _POINTS:
            continue
        places = np.reshape(to_pixels(feature.geometry, grid).geometry["coordinates"], (-1, 2))
        columns, rows = np.floor(places[np.isfinite(places).all(axis=1)]).astype(np.int64).T
        is_outside = (rows < 0) | (rows >= grid.height) | (columns < 0) | (columns >= grid.width)
        parts.append(np.stack([rows, columns, np.full(len(rows), number)], axis=1)[is_outside])
    points = np.concatenate(parts)
    _, first = np.unique(points[:, :2], axis=0, return_index=True)
    return np.asarray(points[np.sort(first)], dtype=np.int64)


def _each_once(places: Int64Array, values: Int64Array) -> tuple[Int64Array, int, int]:
    """Return each pixel's first index, the number of repetitions, and that of pixels with two classes."""
    order = np.argsort(places, kind="stable")
    sorted_places, sorted_values = places[order], values[order]
    starts = np.flatnonzero(np.diff(sorted_places, prepend=-1))
    agreed = np.minimum.reduceat(sorted_values, starts) == np.maximum.reduceat(sorted_values, starts)
    contradicting = int(np.count_nonzero(~agreed))
    sizes = np.diff(np.append(starts, len(places)))
    first = np.sort(order[starts[agreed]])
    return first, int((sizes[agreed] - 1).sum()), contradicting


@dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters of reference pixels, which the bootstrap resamples as a whole.

    Attributes:
        name: Kind of the clusters: ``POINT``, ``POLYGON`` or ``BLOCK``.
        members: Cluster of each reference pixel, counted from 0 without gaps, shape (N,).
        side: Side of the blocks in pixels; 0 for other kinds.
    """

    name: str
    members: Int64Array
    side: int = 0

    @property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.members.max(initial=-1)) + 1


def clusters_of(
    units: ReferenceUnits, true: Int64Array, classes: Sequence[LandCoverClass], grid: Grid, block: int
) -> Clusters:
    """Return the clusters of reference pixels: their polygons, or for points the blocks that they lie in.

    Points without a sampling design are often grouped, and neighbouring points are correlated. Where
    points and polygons are mixed, each of them is a cluster.

    Args:
        units: Reference pixels.
        true: True class codes, shape (N,).
        classes: Classes of map and reference.
        grid: Grid of the map.
        block: Side of a block of points in pixels; 0 is the distance over which their classes are
            correlated.
    """
    if not units.are_points:
        return Clusters(POLYGON, _numbered(units.groups))
    return blocks_of_points(units, true, classes, grid, block)


def blocks_of_points(
    units: ReferenceUnits, true: Int64Array, classes: Sequence[LandCoverClass], grid: Grid, block: int
) -> Clusters:
    """Return the blocks that points lie in; where no block has two points, each point by itself.

    Args:
        units: Reference points.
        true: True class codes, shape (N,).
        classes: Classes of map and reference.
        grid: Grid of the map.
        block: Side of a block in pixels; 0 is the distance over which the classes are correlated.
    """
    ones = (1.0,) * len(classes)
    samples = Samples(units.rows, units.columns, true, units.groups, tuple(classes), ones)
    side = block or decorrelated_side(samples, grid)
    members = _numbered(blocks_of(samples, side))
    if members.max(initial=-1) + 1 == len(samples):
        return Clusters(POINT, members)
    return Clusters(BLOCK, members, side)


def decorrelated_side(samples: Samples, grid: Grid) -> int:
    """Return the side of blocks in pixels: the distance over which the classes of samples are correlated.

    The largest side is a sixth of the grid's shorter side. It is also used where the correlation has no end.
    """
    distance = decorrelation_range(samples, seed=0) if len(samples) > 1 else None
    largest = max(1, min(grid.width, grid.height) // _MIN_BLOCKS_ALONG_SIDE)
    return largest if distance is None else max(1, min(round(distance), largest))


def _numbered(groups: Int64Array) -> Int64Array:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
