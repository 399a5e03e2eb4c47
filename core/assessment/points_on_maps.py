"""Reference points and polygons with the map classes at their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, class_label, describe_classes
from ..errors import SampleError
from ..maps.areas import MapSize, measure_maps
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, named_classes
from ..raster.pixel_area import pixel_areas
from ..samples.samples import UNKNOWN, encode
from ..text import Text
from .cross_tabulation import values_at
from .point_sample import SampledMap, Unmapped
from .reference_units import ReferenceUnits, read_units


@dataclass(frozen=True, eq=False)
class PointsOnMaps:
    """Reference pixels where all maps have a class.

    Attributes:
        units: Positions and sampling of the pixels, N of them.
        classes: Classes of maps and reference, by value.
        mapped: Class codes of each map at the pixels, shape (N,) each.
        true: True class codes, shape (N,).
        sizes: Pixels and areas of each map.
        unmapped: Units drawn where one of the maps has no class: rows, columns, strata and codes of the
            first map, which are ``UNKNOWN`` where that map has no class, shape (4, M).
        left_out: Numbers of units that were not compared, by reason.
        cautions: Warnings for the reader, whole sentences.
    """

    units: ReferenceUnits
    classes: tuple[LandCoverClass, ...]
    mapped: tuple[Int64Array, ...]
    true: Int64Array
    sizes: tuple[MapSize, ...]
    unmapped: Int64Array
    left_out: dict[str, int]
    cautions: tuple[str, ...]

    def sampled_map(self, raster: ClassRaster) -> SampledMap:
        """Return the areas of the first map and of its pixels at the units.

        Args:
            raster: The first map.
        """
        size, codes = self.sizes[0], [item.value for item in self.classes]
        areas = pixel_areas(raster.grid)
        rows, columns, strata, mapped = self.unmapped
        return SampledMap(
            self.classes,
            np.array([float(size.pixels.get(value, 0)) for value in codes]),
            hectares_of(size, self.classes),
            areas.at(self.units.rows, self.units.columns),
            Unmapped(strata, mapped, areas.at(rows, columns)),
        )


def points_on_maps(
    maps: Sequence[ClassRaster], reference: Path, name: str, progress: Progress
) -> PointsOnMaps:
    """Return the reference pixels where all maps have a class.

    Args:
        maps: Maps, all on the grid of the first.
        reference: File of JSON lines in the form of ``core.assessment.reference_units``.
        name: User's name of the reference.
        progress: Progress reporter.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A map cannot be read.
    """
    part = 0.5 / len(maps)
    sizes = measure_maps(maps, Stage(progress, 0.0, 0.5))
    own = classes_of(maps, sizes)
    units, theirs = read_units(reference, maps[0].grid, known_classes(maps, own), progress)
    read = [
        values_at(raster, units, Stage(progress, 0.5 + number * part, 0.5 + (number + 1) * part))
        for number, raster in enumerate(maps)
    ]
    valid = np.logical_and.reduce([has_class for _values, has_class in read])
    unclassified = int(np.count_nonzero(~valid))
    if unclassified == len(units):
        raise SampleError(
            "The map has no class at any of the reference features",
            where=name,
            advice="Check the extents of both, and the nodata value of the map.",
        )
    classes = joint_classes(own, theirs)
    codes = [item.value for item in classes]
    true = encode(units.values[valid], codes)
    check_common_classes(own, theirs, name)
    what = Text("points") if units.are_points else Text("pixels of polygons")
    left_out: dict[str, int] = {
        Text("points outside the map")
        if units.are_points
        else Text("polygons outside the map"): units.outside,
        Text("{units} where the map is unclassified", units=what)
        if len(maps) == 1
        else Text("{units} where a map is unclassified", units=what): unclassified,
        Text("{units} that repeat a pixel", units=what): units.repeated,
        Text("pixels that were given two classes"): units.contradicting,
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
    """Return rows, columns, strata and first map's codes of units drawn where a map has no class (4, M).

    Args:
        units: All units in the map.
        valid: Whether all maps have a class at each unit, shape (N,).
        values: Class values of the first map, shape (N,).
        has_class: Whether the first map has a class, shape (N,).
        codes: Class values in the order of the codes.
    """
    mapped = np.where(has_class, encode(values, codes), UNKNOWN)
    within = np.stack([units.rows, units.columns, units.strata, mapped])[:, ~valid]
    points = units.outside_points
    outside = np.stack([points.rows, points.columns, points.strata, np.full(len(points.rows), UNKNOWN)])
    return np.concatenate([within, outside], axis=1)


def classes_of(maps: Sequence[ClassRaster], sizes: Sequence[MapSize]) -> tuple[LandCoverClass, ...]:
    """Return the classes of the maps, by value."""
    return named_classes(maps, sorted({value for size in sizes for value in size.pixels}))


def known_classes(maps: Sequence[ClassRaster], own: Sequence[LandCoverClass]) -> tuple[LandCoverClass, ...]:
    """Return the classes that occur in the maps, and those that they define besides, by value."""
    return joint_classes(own, [item for raster in maps for item in raster.own_classes()])


def joint_classes(
    own: Sequence[LandCoverClass], others: Sequence[LandCoverClass]
) -> tuple[LandCoverClass, ...]:
    """Return the classes of both by value; where both have a class, that of ``own``."""
    joint = {item.value: item for item in (*reversed(others), *own)}
    return tuple(joint[value] for value in sorted(joint))


def check_common_classes(
    own: Sequence[LandCoverClass], others: Sequence[LandCoverClass], reference: str
) -> None:
    """Check that map and reference have a class in common; else the field or legend is a wrong one.

    Args:
        own: Classes of the map.
        others: Classes of the reference.
        reference: User's name of the reference.

    Raises:
        SampleError: There is no common class; the message lists both.
    """
    if not {item.value for item in own} & {item.value for item in others}:
        raise SampleError(
            "None of the reference's classes ({classes}) is one of the map's ({map_classes})",
            where=reference,
            advice="Choose the field that holds the map's class values or names.",
            classes=describe_classes(others),
            map_classes=describe_classes(own),
        )


def class_cautions(
    own: Sequence[LandCoverClass], classes: Sequence[LandCoverClass], true: Int64Array
) -> tuple[str, ...]:
    """Return warnings about classes that only the map or only the reference has.

    Args:
        own: Classes of the map.
        classes: Classes of map and reference.
        true: True class codes, positions in ``classes``, shape (N,).
    """
    mapped = {item.value for item in own}
    referenced = {classes[code].value for code in np.unique(true).tolist()}
    cautions: list[str] = []
    lacking = [class_label(item) for item in classes if item.value in referenced - mapped]
    if lacking:
        cautions.append(
            Text(
                "The reference has classes that the map does not have: {classes}. They are counted as "
                "errors.",
                classes=", ".join(lacking),
            )
        )
    untested = [class_label(item) for item in classes if item.value in mapped - referenced]
    if untested:
        cautions.append(
            Text(
                "The map has classes that the reference does not have: {classes}. Their producer’s accuracy "
                "is not known.",
                classes=", ".join(untested),
            )
        )
    if len(referenced | mapped) == 1:
        cautions.append("There is only one class, so the accuracy is not informative.")
    return tuple(cautions)


def hectares_of(size: MapSize, classes: Sequence[LandCoverClass]) -> Float64Array:
    """Return the mapped area of each class in hectares, shape (classes,); 0 for classes not in the map."""
    return np.array([size.hectares.get(item.value, 0.0) for item in classes])
