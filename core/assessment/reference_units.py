"""Reference points and polygons as pixels of a map's grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass
from ..errors import SampleError
from ..progress import Progress
from ..raster.grid import Grid
from ..samples.burning import burn, burn_touched, to_pixels
from ..samples.samples import Floats, Integers, Mask
from ..samples.vector import LabelledFeature, read_features

_POINTS = ("Point", "MultiPoint")


@dataclass(frozen=True, eq=False)
class PointsBeyond:
    """Points beyond the map's edges: they have no class there, but belong to the sample that was drawn.

    Attributes:
        rows: Rows in the map's grid, continued (N,).
        columns: Columns (N,).
        strata: As in ``ReferenceUnits`` (N,).
    """

    rows: Integers
    columns: Integers
    strata: Integers


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

    rows: Integers
    columns: Integers
    values: Integers
    groups: Integers
    strata: Integers
    stratum_names: tuple[str, ...]
    weights: Floats
    are_points: bool
    outside: int
    repeated: int
    contradicting: int
    beyond: PointsBeyond = _NONE_BEYOND

    def __len__(self) -> int:
        return len(self.rows)

    def subset(self, kept: Mask) -> ReferenceUnits:
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
            f"None of the {len(features):,} reference features lies in the map",
            where=str(path),
            advice="Check that both show the same place and that their coordinate systems are right.",
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
) -> tuple[Integers, Integers, Integers, int]:
    """Return rows, columns and feature of each claimed pixel, and how many features claim none."""
    parts: list[tuple[Integers, Integers, Integers]] = []
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


def _beyond(features: tuple[LabelledFeature, ...], grid: Grid) -> Integers:
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


def _each_once(places: Integers, values: Integers) -> tuple[Integers, int, int]:
    """Return the first claim of each pixel, how many more there were, and pixels with two classes."""
    order = np.argsort(places, kind="stable")
    sorted_places, sorted_values = places[order], values[order]
    starts = np.flatnonzero(np.diff(sorted_places, prepend=-1))
    agreed = np.minimum.reduceat(sorted_values, starts) == np.maximum.reduceat(sorted_values, starts)
    contradicting = int(np.count_nonzero(~agreed))
    sizes = np.diff(np.append(starts, len(places)))
    kept = np.sort(order[starts[agreed]])
    return kept, int((sizes[agreed] - 1).sum()), contradicting
