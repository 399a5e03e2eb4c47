"""Probability sample of reference points: strata, weights and the area that they represent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..errors import SampleError
from ..options import BY_MAP, OTHER, SIMPLE
from ..samples.samples import UNKNOWN
from ..text import Text
from .estimators import SampledCells
from .reference_units import ReferenceUnits


@dataclass(frozen=True, eq=False)
class PointSample:
    """Probability sample of points and the area that it represents.

    Attributes:
        strata: Stratum of each point, shape (N,).
        weights: Area that each point represents in hectares, shape (N,).
        fractions: Sampled fraction of each stratum, shape (strata,).
        hectares: Area of the strata that have points, in hectares.
        outside: Number of points of each stratum that were drawn where a map has no class, shape (strata,).
        mapped_fraction: Estimated fraction of the strata's area where the maps have a class.
        cautions: Warnings for the reader, whole sentences.
    """

    strata: Int64Array
    weights: Float64Array
    fractions: Float64Array
    hectares: float
    outside: Float64Array
    mapped_fraction: float
    cautions: tuple[str, ...]

    def cells(self, rows: Int64Array, columns: Int64Array, shape: tuple[int, int]) -> SampledCells:
        """Return the points by stratum and cell of a matrix.

        Args:
            rows: Row of each point in the matrix, its true class code, shape (N,).
            columns: Column of each point in the matrix, its map class code, shape (N,).
            shape: Rows and columns of the matrix.
        """
        number = len(self.fractions)
        cells = (self.strata * shape[0] + rows) * shape[1] + columns

        def summed(values: Float64Array) -> Float64Array:
            sums = np.bincount(cells, weights=values, minlength=number * shape[0] * shape[1])
            return np.asarray(sums, dtype=np.float64).reshape(number, *shape)

        weights = self.weights
        parts = (summed(np.ones_like(weights)), summed(weights), summed(weights**2))
        return SampledCells(*parts, self.fractions, self.outside)


@dataclass(frozen=True, eq=False)
class Unmapped:
    """Points that were drawn where one of the maps has no class.

    They are in no figure, but they are in the sample: each stratum's area is divided by all of its points.

    Attributes:
        strata: Stratum of each point as in ``ReferenceUnits``, shape (M,).
        mapped: Class code of each point in the first map, ``UNKNOWN`` without a class, shape (M,).
        hectares: Area of the pixel at each point in hectares, shape (M,).
    """

    strata: Int64Array
    mapped: Int64Array
    hectares: Float64Array


_NONE_UNMAPPED = Unmapped(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, eq=False)
class SampledMap:
    """Areas of the map from which points were drawn.

    Attributes:
        classes: Classes of map and reference, by value.
        pixels: Number of mapped pixels of each class, shape (classes,).
        hectares: Mapped area of each class in hectares, shape (classes,).
        unit_hectares: Area of the pixel at each point in hectares, shape (N,).
        unmapped: Points that were drawn where a map has no class.
    """

    classes: Sequence[LandCoverClass]
    pixels: Float64Array
    hectares: Float64Array
    unit_hectares: Float64Array
    unmapped: Unmapped = _NONE_UNMAPPED


def point_sample(
    units: ReferenceUnits, mapped: Int64Array, design: str, strata_areas: dict[str, float], area: SampledMap
) -> PointSample:
    """Return points as a probability sample.

    Each point represents its stratum's area divided by all points that were drawn there, including those
    where a map has no class. So the figures are those of the part with a class (estimation for a
    domain: Cochran 1977, Sampling Techniques; Stehman 2014). Points are pixels that were drawn
    with equal probability within a stratum: where pixels differ in area, points are weighted by the area
    of their pixels.

    Args:
        units: Points, all on classified pixels, N of them.
        mapped: Map class codes of the points, shape (N,).
        design: Sampling design, one of ``core.options.DESIGNS`` but ``NONE``.
        strata_areas: Area of each stratum by name, where the strata are not the map's classes.
        area: Areas of the map and of its pixels at the points.

    Raises:
        SampleError: A point has no stratum or weight, or its stratum has no area.
    """
    total = float(area.hectares.sum())
    # Points without a class in the first map were not drawn in its classes; those that only another map
    # lacks were.
    lost = area.unmapped.mapped[area.unmapped.mapped != UNKNOWN]
    if design == SIMPLE:
        # Relative to the mean area: pixels in degrees differ in area.
        areas = area.unit_hectares * area.pixels.sum() / total
        fraction = np.array([(len(mapped) + len(lost)) / area.pixels.sum()])
        strata = np.zeros_like(mapped), np.zeros_like(lost)
        return _stratified(*strata, areas, np.array([total]), ["the map"], fraction)
    if design == BY_MAP:
        classes = len(area.classes)
        per_pixel = np.divide(area.hectares, area.pixels, out=np.ones(classes), where=area.pixels > 0)
        areas = area.unit_hectares / per_pixel[mapped]
        names = [class_label(item) for item in area.classes]
        # Without the finite population correction, as published.
        sample = _stratified(mapped, lost, areas, area.hectares, names, np.zeros(classes))
        return replace(sample, cautions=(*_other_map_notes(units, mapped, area), *sample.cautions))
    if design == OTHER:
        return _other(units, strata_areas, area)
    return _weighted(units, total)


def unmapped_notes(sample: PointSample, points: int, unmapped: int, maps: int) -> tuple[str, ...]:
    """Return the number of points where a map has no class and the area of the figures, a sentence or none.

    Args:
        sample: Sample of the points that have a class.
        points: Number of points that have a class.
        unmapped: Number of points without a class.
        maps: Number of maps.
    """
    if not unmapped:
        return ()
    all_points = points + unmapped
    if maps > 1 and sample.mapped_fraction < 1:
        return (
            Text(
                "{count:,} of {total:,} reference points lie where a map has no class. "
                "Figures and gains describe only the area where all maps have one, an estimated "
                "{share:.1%} of the area that was sampled.",
                count=unmapped,
                total=all_points,
                share=sample.mapped_fraction,
            ),
        )
    if maps > 1:
        return (
            Text(
                "{count:,} of {total:,} reference points lie where a map has no class. "
                "Figures and gains describe only the area where all maps have one.",
                count=unmapped,
                total=all_points,
            ),
        )
    if sample.mapped_fraction < 1:
        return (
            Text(
                "{count:,} of {total:,} reference points lie where the map has no class. "
                "Figures and areas describe only the part of the map that has one, an estimated "
                "{share:.1%} of the area that was sampled.",
                count=unmapped,
                total=all_points,
                share=sample.mapped_fraction,
            ),
        )
    return (
        Text(
            "{count:,} of {total:,} reference points lie where the map has no class. "
            "Figures and areas describe only the part of the map that has one.",
            count=unmapped,
            total=all_points,
        ),
    )


def _other_map_notes(units: ReferenceUnits, mapped: Int64Array, area: SampledMap) -> tuple[str, ...]:
    """Return a warning where the strata of the points are the classes of another map."""
    codes = {str(item.value): code for code, item in enumerate(area.classes)}
    stratum_codes = np.array([codes.get(name, -1) for name in units.stratum_names], dtype=np.int64)
    if not np.any(stratum_codes >= 0):
        # The strata are not known, or are not classes.
        return ()
    known = units.strata >= 0
    others = int(np.count_nonzero(stratum_codes[units.strata[known]] != mapped[known]))
    if not others:
        return ()
    return (
        Text(
            "{count:,} of {total:,} points lie in a class of this map that is not their "
            "stratum: they were drawn for another map, and "
            "DESIGN=stratified_by_map gives wrong figures. Use DESIGN=stratified_other, with "
            "STRATUM_FIELD=stratum and the STRATA_AREAS from ‘Sampling design’.",
            count=others,
            total=len(mapped),
        ),
    )


def _other(units: ReferenceUnits, strata_areas: dict[str, float], area: SampledMap) -> PointSample:
    unmapped = area.unmapped
    codes = np.concatenate([units.strata, unmapped.strata])
    missing = int(np.count_nonzero(codes < 0))
    if missing:
        raise SampleError(
            "{count:,} reference points have no stratum",
            where="STRATUM_FIELD",
            advice="Fill in the field, or choose another field.",
            count=missing,
        )
    names = list(strata_areas)
    unknown = sorted({units.stratum_names[code] for code in np.unique(codes)} - set(names))
    if unknown:
        raise SampleError(
            "STRATA_AREAS has no area for the strata {strata}",
            where="STRATA_AREAS",
            advice="Add their areas. The strata given are: {known}.",
            strata=", ".join(unknown),
            known=", ".join(names),
        )
    number = {name: code for code, name in enumerate(names)}
    strata = np.array([number.get(name, -1) for name in units.stratum_names])
    within, lost = strata[units.strata], strata[unmapped.strata]
    sizes = np.array(list(strata_areas.values()))
    # The mean pixel area of a stratum is estimated from its points.
    hectares = np.bincount(within, weights=area.unit_hectares, minlength=len(names))
    hectares += np.bincount(lost, weights=unmapped.hectares, minlength=len(names))
    drawn = np.bincount(within, minlength=len(names)) + np.bincount(lost, minlength=len(names))
    mean = hectares / np.maximum(drawn, 1)
    sample = _stratified(within, lost, area.unit_hectares / mean[within], sizes, names, np.zeros(len(names)))
    # The strata consist of the classified and the unclassified area of the map.
    scale = float(area.hectares.sum()) / (sample.mapped_fraction * sizes.sum())
    pixels = np.divide(sizes * scale, mean, out=np.full(len(names), np.inf), where=mean > 0)
    return replace(
        sample,
        weights=sample.weights * scale,
        fractions=np.minimum(drawn / pixels, 1.0),
        hectares=sample.hectares * scale * sample.mapped_fraction,
    )


def _weighted(units: ReferenceUnits, total: float) -> PointSample:
    wrong = int(np.count_nonzero(~(units.weights > 0)))
    if wrong:
        raise SampleError(
            "{count:,} reference points have no weight above 0",
            where="WEIGHT_FIELD",
            advice="Give each point the area, or the number of pixels, that it represents.",
            count=wrong,
        )
    weights = units.weights * total / units.weights.sum()
    strata = np.zeros(len(units), dtype=np.int64)
    cautions = _single_point_notes(np.array([len(units)]), ["the map"])
    return PointSample(strata, weights, np.zeros(1), total, np.zeros(1), 1.0, cautions)


def _stratified(
    strata: Int64Array,
    lost: Int64Array,
    areas: Float64Array,
    sizes: Float64Array,
    names: Sequence[str],
    fractions: Float64Array,
) -> PointSample:
    """Return the sample of the strata that have points, with warnings about those that have none.

    Args:
        strata: Stratum of each point, shape (N,).
        lost: Stratum of each point that was drawn where a map has no class, shape (M,).
        areas: Area of each point's pixel relative to the mean of its stratum, shape (N,).
        sizes: Areas of the strata in hectares, shape (strata,).
        names: Names of the strata.
        fractions: Sampled fraction of each stratum for the finite population correction, shape (strata,).
    """
    outside = np.bincount(lost, minlength=len(sizes)).astype(np.float64)
    drawn = np.bincount(strata, minlength=len(sizes)) + outside
    cautions = _single_point_notes(drawn, names)
    empty = np.flatnonzero((drawn == 0) & (sizes > 0))
    if len(empty):
        part = float(sizes[empty].sum() / sizes.sum())
        without = ", ".join(names[code] for code in empty.tolist())
        cautions = (
            Text(
                "No reference point lies in {strata}: figures and areas describe only the rest, "
                "{share:.1%} of the map.",
                strata=without,
                share=1 - part,
            ),
            *cautions,
        )
    weights = (sizes / np.maximum(drawn, 1))[strata] * areas
    hectares = float(sizes[drawn > 0].sum())
    mapped_fraction = min(float(weights.sum()) / hectares, 1.0) if len(lost) else 1.0
    return PointSample(strata, weights, fractions, hectares, outside, mapped_fraction, cautions)


def _single_point_notes(drawn: Float64Array | Int64Array, names: Sequence[str]) -> tuple[str, ...]:
    single = [names[code] for code in np.flatnonzero(drawn == 1).tolist()]
    if not single:
        return ()
    return (
        Text(
            "Only one reference point lies in {strata}, so the variance there is "
            "not known and figures based on it have no confidence interval. Add at least one point.",
            strata=", ".join(single),
        ),
    )
