"""Reference points and polygons with the classes that maps have there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, class_label, describe_classes
from ..errors import SampleError
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, named_classes
from ..raster.pixel_area import pixel_areas
from ..samples.samples import UNKNOWN, encode
from ..text import Text
from .cross_tabulation import MapSize, measure, values_at
from .point_sample import Ground, Unmapped
from .reference_units import ReferenceUnits, read_units


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
            "None of the reference's classes ({classes}) is one of the map's ({map_classes})",
            where=reference,
            advice="Choose the field that holds the map's class values or names.",
            classes=describe_classes(others),
            map_classes=describe_classes(own),
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
    found: list[str] = []
    lacking = [class_label(item) for item in classes if item.value in referenced - mapped]
    if lacking:
        found.append(
            Text(
                "The reference has classes that the map lacks: {classes}. All of it is counted as wrong.",
                classes=", ".join(lacking),
            )
        )
    untested = [class_label(item) for item in classes if item.value in mapped - referenced]
    if untested:
        found.append(
            Text(
                "The map has classes that the reference lacks: {classes}. Their producer’s accuracy "
                "is not known.",
                classes=", ".join(untested),
            )
        )
    if len(referenced | mapped) == 1:
        found.append("There is one class only, so the map can hardly be wrong.")
    return tuple(found)


def hectares_of(size: MapSize, classes: Sequence[LandCoverClass]) -> Float64Array:
    """Return the mapped area of each class; 0 of those that the map lacks."""
    return np.array([size.hectares.get(item.value, 0.0) for item in classes])
