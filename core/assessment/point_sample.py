"""Reference points as the probability sample that they were drawn as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..classes import LandCoverClass, class_label
from ..errors import SampleError
from ..samples.samples import Floats, Integers
from .designs import BY_MAP, OTHER, SIMPLE
from .reference_units import ReferenceUnits
from .sampled import SampledCells


@dataclass(frozen=True, eq=False)
class PointSample:
    """A sample and the area that it speaks for.

    Attributes:
        cells: Points by stratum, map class and reference class.
        hectares: The area that the strata with points have.
        cautions: What to be careful about, whole sentences.
    """

    cells: SampledCells
    hectares: float
    cautions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ground:
    """The map under the points.

    Attributes:
        classes: Of map and reference, by value.
        pixels: Number of mapped pixels of each class (classes,).
        hectares: Their area (classes,).
        unit_hectares: Area of the pixel under each point (N,).
    """

    classes: Sequence[LandCoverClass]
    pixels: Floats
    hectares: Floats
    unit_hectares: Floats


def point_sample(
    units: ReferenceUnits,
    mapped: Integers,
    reference: Integers,
    design: str,
    strata_areas: dict[str, float],
    ground: Ground,
) -> PointSample:
    """Return points as a sample of ``design``.

    Args:
        units: The points (N,), all on classified pixels.
        mapped: Codes of the map under them.
        reference: Their own codes.
        design: A probability design.
        strata_areas: Area of each stratum by name, where the strata are not the map's classes.
        ground: The map under them.

    Raises:
        SampleError: A point lacks its stratum or weight, or its stratum has no area.
    """
    classes, total = len(ground.classes), float(ground.hectares.sum())
    if design == SIMPLE:
        areas = ground.unit_hectares * ground.pixels.sum() / total
        cells = _cells(mapped, reference, np.zeros_like(mapped), areas, np.array([total]), classes)
        shares = np.array([len(mapped) / ground.pixels.sum()])
        return PointSample(_with_shares(cells, shares), total, _lonely(cells, ["the map"]))
    if design == BY_MAP:
        per_class = np.divide(ground.hectares, ground.pixels, out=np.ones(classes), where=ground.pixels > 0)
        areas = ground.unit_hectares / per_class[mapped]
        cells = _cells(mapped, reference, mapped, areas, ground.hectares, classes)
        names = [class_label(item) for item in ground.classes]
        return _covered(cells, ground.hectares, names, total)
    if design == OTHER:
        return _other(units, mapped, reference, strata_areas, ground)
    return _weighted(units, mapped, reference, ground)


def _other(
    units: ReferenceUnits,
    mapped: Integers,
    reference: Integers,
    strata_areas: dict[str, float],
    ground: Ground,
) -> PointSample:
    missing = int(np.count_nonzero(units.strata < 0))
    if missing:
        raise SampleError(
            f"{missing:,} reference points have no stratum",
            where="STRATUM_FIELD",
            advice="Fill the field, or choose another one.",
        )
    unknown = sorted({units.stratum_names[code] for code in np.unique(units.strata)} - set(strata_areas))
    if unknown:
        raise SampleError(
            f"There is no area of the strata {', '.join(unknown)}",
            where="STRATA_AREAS",
            advice=f"It names: {', '.join(strata_areas)}.",
        )
    names = list(strata_areas)
    strata = np.array([names.index(name) if name in names else -1 for name in units.stratum_names])[
        units.strata
    ]
    total = float(ground.hectares.sum())
    sizes = np.array([strata_areas[name] for name in names])
    sizes *= total / sizes.sum()
    cells = _cells(mapped, reference, strata, np.ones(len(mapped)), sizes, len(ground.classes))
    # The strata have as many pixels as their part of the map.
    pixels = sizes / total * ground.pixels.sum()
    shares = np.minimum(cells.counts.sum(axis=(1, 2)) / pixels, 1.0)
    return _covered(_with_shares(cells, shares), sizes, names, total)


def _weighted(units: ReferenceUnits, mapped: Integers, reference: Integers, ground: Ground) -> PointSample:
    wrong = int(np.count_nonzero(~(units.weights > 0)))
    if wrong:
        raise SampleError(
            f"{wrong:,} reference points have no weight above 0",
            where="WEIGHT_FIELD",
            advice="Give each point the area, or the number of pixels, that it stands for.",
        )
    total = float(ground.hectares.sum())
    weights = units.weights * total / units.weights.sum()
    strata = np.zeros_like(mapped)
    classes = len(ground.classes)
    cells = _sample(mapped, reference, strata, weights, 1, classes)
    return PointSample(cells, total, _lonely(cells, ["the map"]))


def _cells(
    mapped: Integers, reference: Integers, strata: Integers, areas: Floats, sizes: Floats, classes: int
) -> SampledCells:
    """Return the sample; ``areas`` are those of the units, those of an average one of the stratum being 1."""
    number = len(sizes)
    drawn = np.bincount(strata, minlength=number)
    weights = (sizes / np.maximum(drawn, 1))[strata] * areas
    return _sample(mapped, reference, strata, weights, number, classes)


def _sample(
    mapped: Integers, reference: Integers, strata: Integers, weights: Floats, number: int, classes: int
) -> SampledCells:
    def summed(values: Floats) -> Floats:
        cells = (strata * classes + mapped) * classes + reference
        found = np.bincount(cells, weights=values, minlength=number * classes * classes)
        return np.asarray(found, dtype=np.float64).reshape(number, classes, classes)

    return SampledCells(summed(np.ones_like(weights)), summed(weights), summed(weights**2), np.zeros(number))


def _with_shares(cells: SampledCells, shares: Floats) -> SampledCells:
    return SampledCells(cells.counts, cells.sums, cells.squares, shares)


def _covered(cells: SampledCells, sizes: Floats, names: Sequence[str], total: float) -> PointSample:
    """Return the sample of the strata that have points, and say which have none."""
    drawn = cells.counts.sum(axis=(1, 2))
    empty = np.flatnonzero((drawn == 0) & (sizes > 0))
    cautions = _lonely(cells, names)
    if len(empty):
        share = float(sizes[empty].sum()) / total
        cautions = (
            f"No reference point lies in {', '.join(names[code] for code in empty.tolist())}: the "
            "figures and "
            f"areas are those of the rest, {1 - share:.1%} of the map.",
            *cautions,
        )
    return PointSample(cells, float(sizes[drawn > 0].sum()), cautions)


def _lonely(cells: SampledCells, names: Sequence[str]) -> tuple[str, ...]:
    single = np.flatnonzero(cells.counts.sum(axis=(1, 2)) == 1)
    if not len(single):
        return ()
    return (
        f"A single reference point lies in {', '.join(names[code] for code in single.tolist())}: how much "
        "others there would differ is not known, so figures that rest on it have no interval. "
        "Add a point at least.",
    )
