"""Reference points as the probability sample that they were drawn as."""

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
    """A sample and the area that it speaks for.

    Attributes:
        strata: The stratum of each point (N,).
        weights: The hectares that each stands for (N,).
        shares: Which share of each stratum was sampled (strata,).
        hectares: The area that the strata with points have.
        outside: Points of each stratum that were drawn where a map has no class (strata,).
        share: Estimated share of the strata's area where the maps have a class.
        cautions: What to be careful about, whole sentences.
    """

    strata: Int64Array
    weights: Float64Array
    shares: Float64Array
    hectares: float
    outside: Float64Array
    share: float
    cautions: tuple[str, ...]

    def cells(self, rows: Int64Array, columns: Int64Array, shape: tuple[int, int]) -> SampledCells:
        """Return the points (N,) by stratum, row and column of a matrix of ``shape``."""
        number = len(self.shares)
        places = (self.strata * shape[0] + rows) * shape[1] + columns

        def summed(values: Float64Array) -> Float64Array:
            found = np.bincount(places, weights=values, minlength=number * shape[0] * shape[1])
            return np.asarray(found, dtype=np.float64).reshape(number, *shape)

        weights = self.weights
        parts = (summed(np.ones_like(weights)), summed(weights), summed(weights**2))
        return SampledCells(*parts, self.shares, self.outside)


@dataclass(frozen=True, eq=False)
class Unmapped:
    """Points that were drawn where one of the maps has no class.

    They are in no figure, but they are in the sample: each stratum's area is divided by all of its points.

    Attributes:
        strata: As in ``ReferenceUnits`` (M,).
        mapped: Codes of the first map, ``UNKNOWN`` where that one has no class (M,).
        hectares: Areas of the pixels under them (M,).
    """

    strata: Int64Array
    mapped: Int64Array
    hectares: Float64Array


_NONE_UNMAPPED = Unmapped(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Ground:
    """The map under the points.

    Attributes:
        classes: Of map and reference, by value.
        pixels: Number of mapped pixels of each class (classes,).
        hectares: Their area (classes,).
        unit_hectares: Area of the pixel under each point (N,).
        unmapped: Points that were drawn where a map has no class.
    """

    classes: Sequence[LandCoverClass]
    pixels: Float64Array
    hectares: Float64Array
    unit_hectares: Float64Array
    unmapped: Unmapped = _NONE_UNMAPPED


def point_sample(
    units: ReferenceUnits, mapped: Int64Array, design: str, strata_areas: dict[str, float], ground: Ground
) -> PointSample:
    """Return points as a sample of ``design``.

    Each point stands for its stratum's area divided by all points that were drawn there, those included
    that lie where a map has no class. So the figures are those of the part with a class (estimation for a
    domain: Cochran 1977, Sampling Techniques; Stehman 2014). Points are taken for pixels that were drawn
    with one probability in a stratum: where pixels differ in area, points are weighted by the area of
    theirs.

    Args:
        units: The points (N,), all on classified pixels.
        mapped: Codes of the map under them.
        design: A probability design.
        strata_areas: Area of each stratum by name, where the strata are not the map's classes.
        ground: The map under them.

    Raises:
        SampleError: A point lacks its stratum or weight, or its stratum has no area.
    """
    total = float(ground.hectares.sum())
    # Where the first map has no class, nothing was drawn for it; other maps may lack one, too.
    lost = ground.unmapped.mapped[ground.unmapped.mapped != UNKNOWN]
    if design == SIMPLE:
        # Pixels differ in area in degrees: an average one has the area 1.
        areas = ground.unit_hectares * ground.pixels.sum() / total
        drawn = np.array([(len(mapped) + len(lost)) / ground.pixels.sum()])
        strata = np.zeros_like(mapped), np.zeros_like(lost)
        return _stratified(*strata, areas, np.array([total]), ["the map"], drawn)
    if design == BY_MAP:
        classes = len(ground.classes)
        per_pixel = np.divide(ground.hectares, ground.pixels, out=np.ones(classes), where=ground.pixels > 0)
        areas = ground.unit_hectares / per_pixel[mapped]
        names = [class_label(item) for item in ground.classes]
        # As published, without a correction for finite strata.
        sample = _stratified(mapped, lost, areas, ground.hectares, names, np.zeros(classes))
        return replace(sample, cautions=(*_drawn_elsewhere(units, mapped, ground), *sample.cautions))
    if design == OTHER:
        return _other(units, strata_areas, ground)
    return _weighted(units, total)


def unmapped_words(sample: PointSample, points: int, unmapped: int, maps: int) -> tuple[str, ...]:
    """Return how many points lie where a map has no class, and what the figures describe.

    Args:
        sample: Of the points that have one.
        points: Their number.
        unmapped: The number of the others.
        maps: How many maps there are.
    """
    if not unmapped:
        return ()
    all_points = points + unmapped
    if maps > 1 and sample.share < 1:
        return (
            Text(
                "{count:,} of {total:,} reference points lie where a map has no class. "
                "Figures and gains describe only the area where all maps have one, an estimated "
                "{share:.1%} of the area that was sampled.",
                count=unmapped,
                total=all_points,
                share=sample.share,
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
    if sample.share < 1:
        return (
            Text(
                "{count:,} of {total:,} reference points lie where the map has no class. "
                "Figures and areas describe only the part of the map that has one, an estimated "
                "{share:.1%} of the area that was sampled.",
                count=unmapped,
                total=all_points,
                share=sample.share,
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


def _drawn_elsewhere(units: ReferenceUnits, mapped: Int64Array, ground: Ground) -> tuple[str, ...]:
    """Say so where points, by the class of a map in which they were drawn, belong to another map."""
    codes = {str(item.value): code for code, item in enumerate(ground.classes)}
    drawn_in = np.array([codes.get(name, -1) for name in units.stratum_names], dtype=np.int64)
    if not np.any(drawn_in >= 0):
        # No strata are known, or they are no classes.
        return ()
    known = units.strata >= 0
    others = int(np.count_nonzero(drawn_in[units.strata[known]] != mapped[known]))
    if not others:
        return ()
    return (
        Text(
            "{count:,} of {total:,} points lie in another class of this map than the one "
            "that they were drawn in: they were drawn for another map, and "
            "DESIGN=stratified_by_map gives wrong figures. Use DESIGN=stratified_other, with "
            "STRATUM_FIELD=stratum and the STRATA_AREAS that ‘Sampling design’ gave.",
            count=others,
            total=len(mapped),
        ),
    )


def _other(units: ReferenceUnits, strata_areas: dict[str, float], ground: Ground) -> PointSample:
    unmapped = ground.unmapped
    codes = np.concatenate([units.strata, unmapped.strata])
    missing = int(np.count_nonzero(codes < 0))
    if missing:
        raise SampleError(
            "{count:,} reference points have no stratum",
            where="STRATUM_FIELD",
            advice="Fill the field, or choose another one.",
            count=missing,
        )
    names = list(strata_areas)
    unknown = sorted({units.stratum_names[code] for code in np.unique(codes)} - set(names))
    if unknown:
        raise SampleError(
            "There is no area of the strata {strata}",
            where="STRATA_AREAS",
            advice="It names: {known}.",
            strata=", ".join(unknown),
            known=", ".join(names),
        )
    number = {name: code for code, name in enumerate(names)}
    strata = np.array([number.get(name, -1) for name in units.stratum_names])
    within, lost = strata[units.strata], strata[unmapped.strata]
    sizes = np.array(list(strata_areas.values()))
    # How large a stratum's pixels are is known from those that were drawn.
    hectares = np.bincount(within, weights=ground.unit_hectares, minlength=len(names))
    hectares += np.bincount(lost, weights=unmapped.hectares, minlength=len(names))
    drawn = np.bincount(within, minlength=len(names)) + np.bincount(lost, minlength=len(names))
    mean = hectares / np.maximum(drawn, 1)
    sample = _stratified(
        within, lost, ground.unit_hectares / mean[within], sizes, names, np.zeros(len(names))
    )
    # The area of the strata is that of the map, and that of the places where the map has no class.
    scale = float(ground.hectares.sum()) / (sample.share * sizes.sum())
    pixels = np.divide(sizes * scale, mean, out=np.full(len(names), np.inf), where=mean > 0)
    return replace(
        sample,
        weights=sample.weights * scale,
        shares=np.minimum(drawn / pixels, 1.0),
        hectares=sample.hectares * scale * sample.share,
    )


def _weighted(units: ReferenceUnits, total: float) -> PointSample:
    wrong = int(np.count_nonzero(~(units.weights > 0)))
    if wrong:
        raise SampleError(
            "{count:,} reference points have no weight above 0",
            where="WEIGHT_FIELD",
            advice="Give each point the area, or the number of pixels, that it stands for.",
            count=wrong,
        )
    weights = units.weights * total / units.weights.sum()
    strata = np.zeros(len(units), dtype=np.int64)
    cautions = _lonely(np.array([len(units)]), ["the map"])
    return PointSample(strata, weights, np.zeros(1), total, np.zeros(1), 1.0, cautions)


def _stratified(
    strata: Int64Array,
    lost: Int64Array,
    areas: Float64Array,
    sizes: Float64Array,
    names: Sequence[str],
    shares: Float64Array,
) -> PointSample:
    """Return the sample of the strata that have points, and say which have none.

    Args:
        strata: The stratum of each point (N,).
        lost: The stratum of each point that was drawn where a map has no class (M,).
        areas: Areas of the points' pixels (N,), an average one of their stratum being 1.
        sizes: Areas of the strata (strata,).
        names: Of the strata.
        shares: Which share of each was sampled, for the finite population correction.
    """
    outside = np.bincount(lost, minlength=len(sizes)).astype(np.float64)
    drawn = np.bincount(strata, minlength=len(sizes)) + outside
    cautions = _lonely(drawn, names)
    empty = np.flatnonzero((drawn == 0) & (sizes > 0))
    if len(empty):
        part = float(sizes[empty].sum() / sizes.sum())
        without = ", ".join(names[code] for code in empty.tolist())
        cautions = (
            Text(
                "No reference point lies in {strata}: the figures and areas are those of the rest, "
                "{share:.1%} of the map.",
                strata=without,
                share=1 - part,
            ),
            *cautions,
        )
    weights = (sizes / np.maximum(drawn, 1))[strata] * areas
    hectares = float(sizes[drawn > 0].sum())
    share = min(float(weights.sum()) / hectares, 1.0) if len(lost) else 1.0
    return PointSample(strata, weights, shares, hectares, outside, share, cautions)


def _lonely(drawn: Float64Array | Int64Array, names: Sequence[str]) -> tuple[str, ...]:
    single = [names[code] for code in np.flatnonzero(drawn == 1).tolist()]
    if not single:
        return ()
    return (
        Text(
            "A single reference point lies in {strata}: how much others there would differ is "
            "not known, so figures that rest on it have no interval. Add a point at least.",
            strata=", ".join(single),
        ),
    )
