"""Reference points and polygons as pixels of a map's grid, with the classes that maps have there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, class_label, describe_classes
from ..errors import SampleError
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, named_classes
from ..raster.grid import Grid
from ..raster.pixel_area import pixel_areas
from ..raster.rasterize import burn, burn_touched, to_pixels
from ..samples.samples import UNKNOWN, encode
from ..samples.vector import LabelledFeature, read_features
from .cross_tabulation import MapSize, measure, values_at
from .point_sample import Ground, Unmapped

_POINTS = ("Point", "MultiPoint")


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
class PointsOnMaps:
    """Reference pixels that all maps have.

    Attributes:
        units: Where they are, and what is known of their sampling (N,).
        classes: Of maps and reference, by value.
        mapped: For each map, its codes under the pixels (N,).
        true: The true codes (N,).
        sizes: Of each map.
        unmapped: Units that were drawn where one of the maps has no class: rows, columns, strata and
            codes of the first map, ``UNKNOWN`` where that one has none (4, M).
        left_out: What was not compared, and why: text to number.
        cautions: What to be careful about, whole sentences.
    """

    units: ReferenceUnits
    classes: tuple[LandCoverClass, ...]
    mapped: tuple[Int64Array, ...]
    true: Int64Array
    sizes: tuple[MapSize, ...]
    unmapped: Int64Array
    left_out: dict[str, int]
    cautions: tuple[str, ...]

    def ground(self, raster: ClassRaster) -> Ground:
        """Return the first map under the pixels, which ``raster`` is."""
        size, codes = self.sizes[0], [item.value for item in self.classes]
        areas = pixel_areas(raster.grid)
        rows, columns, strata, mapped = self.unmapped
        return Ground(
            self.classes,
            np.array([float(size.pixels.get(value, 0)) for value in codes]),
            hectares_of(size, self.classes),
            areas.at(self.units.rows, self.units.columns),
            Unmapped(strata, mapped, areas.at(rows, columns)),
        )


def points_on_maps(
    maps: Sequence[ClassRaster], reference: Path, name: str, progress: Progress
) -> PointsOnMaps:
    """Return the reference where all maps have a class.

    Args:
        maps: All on the grid of the first.
        reference: JSON lines, see ``core.assessment.reference_units``.
        name: What the user calls the reference.
        progress: For the log.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A map cannot be read.
    """
    part = 0.5 / len(maps)
    sizes = tuple(
        measure(raster, Stage(progress, number * part, (number + 1) * part))
        for number, raster in enumerate(maps)
    )
    own = classes_of(maps, sizes)
    named = {item.name.casefold(): item.value for item in own}
    units, theirs = read_units(reference, maps[0].grid, named, progress)
    read = [
        values_at(raster, units, Stage(progress, 0.5 + number * part, 0.5 + (number + 1) * part))
        for number, raster in enumerate(maps)
    ]
    valid = np.logical_and.reduce([has_class for _values, has_class in read])
    unclassified = int(np.count_nonzero(~valid))
    if unclassified == len(units):
        raise SampleError(
            "All of the reference lies where the map has no class",
            where=name,
            advice="Check that both show the same place, and the nodata value of the map.",
        )
    classes = joint_classes(own, theirs)
    codes = [item.value for item in classes]
    true = encode(units.values[valid], codes)
    check_common_classes(own, theirs, name)
    what = "points" if units.are_points else "pixels of polygons"
    where = "the map is" if len(maps) == 1 else "a map is"
    left_out = {
        f"{'points' if units.are_points else 'polygons'} outside the map": units.outside,
        f"{what} where {where} unclassified": unclassified,
        f"{what} that repeat a pixel": units.repeated,
        "pixels that were given two classes": units.contradicting,
    }
    return PointsOnMaps(
        units.subset(valid),
        classes,
        tuple(encode(values[valid], codes) for values, _has_class in read),
        true,
        sizes,
        _unmapped(units, valid, *read[0], codes),
        left_out,
        class_cautions(own, classes, true),
    )


def _unmapped(
    units: ReferenceUnits, valid: BoolArray, values: Int64Array, has_class: BoolArray, codes: Sequence[int]
) -> Int64Array:
    """Return rows, columns, strata and codes of the first map of what was drawn where a map has no class.

    Args:
        units: All units in the map (N,).
        valid: Where all maps have a class (N,).
        values: Of the first map (N,).
        has_class: Where the first map has one (N,).
        codes: Class values in the order of the codes.
    """
    mapped = np.where(has_class, encode(values, codes), UNKNOWN)
    within = np.stack([units.rows, units.columns, units.strata, mapped])[:, ~valid]
    beyond = units.beyond
    outside = np.stack([beyond.rows, beyond.columns, beyond.strata, np.full(len(beyond.rows), UNKNOWN)])
    return np.concatenate([within, outside], axis=1)


def classes_of(maps: Sequence[ClassRaster], sizes: Sequence[MapSize]) -> tuple[LandCoverClass, ...]:
    """Return the classes that the maps have, by value."""
    return named_classes(maps, sorted({value for size in sizes for value in size.pixels}))


def joint_classes(
    own: Sequence[LandCoverClass], others: Sequence[LandCoverClass]
) -> tuple[LandCoverClass, ...]:
    """Return the classes of both by value; names and colours of ``own`` go first."""
    known = {item.value for item in own}
    missing = [item for item in others if item.value not in known]
    return tuple(sorted((*own, *missing), key=lambda item: item.value))


def check_common_classes(
    own: Sequence[LandCoverClass], others: Sequence[LandCoverClass], reference: str
) -> None:
    """Refuse a reference whose classes are none of the map's: another field or legend was meant.

    Raises:
        SampleError: The sentence lists both.
    """
    if not {item.value for item in own} & {item.value for item in others}:
        raise SampleError(
            f"None of the reference's classes ({describe_classes(others)}) is one of the map's "
            f"({describe_classes(own)})",
            where=reference,
            advice="Choose the field that holds the map's class values or names.",
        )


def class_cautions(
    own: Sequence[LandCoverClass], classes: Sequence[LandCoverClass], true: Int64Array
) -> tuple[str, ...]:
    """Return what to say of classes that only the map or only the reference has.

    Args:
        own: Of the map.
        classes: Of both.
        true: Codes of the reference, in ``classes``.
    """
    mapped = {item.value for item in own}
    referenced = {classes[code].value for code in np.unique(true).tolist()}
    found = []
    lacking = [class_label(item) for item in classes if item.value in referenced - mapped]
    if lacking:
        found.append(
            f"The reference has classes that the map lacks: {', '.join(lacking)}. All of "
            "it is counted as wrong."
        )
    untested = [class_label(item) for item in classes if item.value in mapped - referenced]
    if untested:
        found.append(
            f"The map has classes that the reference lacks: {', '.join(untested)}. Their producer’s accuracy "
            "is not known."
        )
    if len(referenced | mapped) == 1:
        found.append("There is one class only, so the map can hardly be wrong.")
    return tuple(found)


def hectares_of(size: MapSize, classes: Sequence[LandCoverClass]) -> Float64Array:
    """Return the mapped area of each class; 0 of those that the map lacks."""
    return np.array([size.hectares.get(item.value, 0.0) for item in classes])
