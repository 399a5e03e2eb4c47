"""Assess a map against a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label, classes_for_values
from ..errors import SampleError
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import distorts_areas, pixel_hectares
from ..raster.source import RasterSource
from ..samples.codes import encode
from .assessed import AssessedMap
from .crossing import MapSize, cross_rasters, measure, values_at
from .designs import BY_MAP, NONE, OTHER, SIMPLE, WEIGHTS, parse_strata_areas
from .intervals import FEWEST_CLUSTERS, REPLICATES, cluster_counts
from .map_accuracy import FEWEST_ERRORS, MapAccuracy, accuracy_of_clusters, accuracy_of_sample, rarely_wrong
from .point_sample import Ground, point_sample
from .reference_units import read_units
from .sampled import Sampled

_METHODS = {
    SIMPLE: (
        "The reference points are a simple random sample of the map: shares of the sample estimate shares of "
        "the area."
    ),
    BY_MAP: (
        "The reference points are a stratified random sample whose strata are the classes of the map. "
        "Accuracy "
        "and areas are estimated as in Olofsson et al. (2014), each class weighted by its mapped area."
    ),
    OTHER: (
        "The reference points are a stratified random sample whose strata are not the classes of the map. "
        "Accuracy and areas are estimated as in Stehman (2014), each stratum weighted by its area."
    ),
    WEIGHTS: (
        "The reference points are a probability sample; each stands for as much of the map as its weight "
        "says. "
        "Standard errors take them for drawn independently."
    ),
}
_INTERVALS = (
    " “±” is the plain 95 % interval, 1.96 standard errors. The other one is Wilson’s, with the "
    "effective sample "
    "size, for which half a point of a stratum whose points are all alike counts as different: it holds its "
    "level better for rare classes."
)


@dataclass(frozen=True)
class Question:
    """What is asked of the reference.

    Attributes:
        design: How reference points were drawn.
        strata_areas: ``NAME=AREA`` pairs, where strata are not the map's classes.
        kappa: Whether kappa is wanted.
        block: Side in pixels of the blocks of a reference raster; 0 is found from it.
    """

    design: str
    strata_areas: str = ""
    kappa: bool = False
    block: int = 0


def assess_points(
    raster: ClassRaster, reference: Path, name: str, question: Question, progress: Progress
) -> AssessedMap:
    """Return the accuracy of a map by reference points or polygons.

    Args:
        raster: The map.
        reference: JSON lines, see ``core.assessment.reference_units``.
        name: What the user calls the reference.
        question: What is asked.
        progress: For the log.

    Raises:
        SampleError: Nothing can be compared, or the sample does not fit its design.
        RasterError: The map cannot be read.
    """
    size = measure(raster, progress)
    own = raster.classes(size.pixels)
    named = {item.name.casefold(): item.value for item in own}
    units, theirs = read_units(reference, raster.grid, named, progress)
    values, valid = values_at(raster, units, progress)
    unclassified = int(np.count_nonzero(~valid))
    if unclassified == len(units):
        raise SampleError(
            "All of the reference lies where the map has no class",
            where=name,
            advice="Check that both show the same place, and the nodata value of the map.",
        )
    units, values = units.subset(valid), values[valid]
    classes = joint_classes(own, theirs)
    codes = [item.value for item in classes]
    mapped, true = encode(values, codes), encode(units.values, codes)
    what = "points" if units.are_points else "pixels of polygons"
    left_out = {
        f"{'points' if units.are_points else 'polygons'} outside the map": units.outside,
        f"{what} where the map is unclassified": unclassified,
        f"{what} that repeat a pixel": units.repeated,
        "pixels that were given two classes": units.contradicting,
    }
    hectares = np.array([size.hectares.get(value, 0.0) for value in codes])
    cautions = class_cautions(own, classes, true)
    if question.design != NONE and not units.are_points:
        cautions.insert(
            0,
            f"DESIGN is {question.design}, but the reference has polygons. Digitised polygons are no "
            "probability sample, so they were assessed as such.",
        )
    if question.design == NONE or not units.are_points:
        tally = cluster_counts(mapped, true, units.groups, len(codes))
        accuracy = accuracy_of_clusters(tally, len(codes), 0, question.kappa)
        cluster = "point" if units.are_points else "polygon"
        clusters = tally.shape[0]
        method, area = no_sample_words(clusters, cluster), (Sampled(None),) * len(codes)
        design = NONE
    else:
        ground = Ground(
            classes,
            np.array([float(size.pixels.get(value, 0)) for value in codes]),
            hectares,
            pixel_hectares(raster.grid)[units.rows],
        )
        areas = parse_strata_areas(question.strata_areas)
        sample = point_sample(units, mapped, true, question.design, areas, ground)
        accuracy = accuracy_of_sample(sample.cells, question.design == BY_MAP, question.kappa)
        area = tuple(item.times(sample.hectares) for item in accuracy.area)
        cluster, clusters, design = "point", len(units), question.design
        method = _METHODS[design] + _INTERVALS
        cautions += [*sample.cautions, *few_errors(accuracy, classes)]
        if distorts_areas(raster.grid):
            cautions.append(
                "The map’s coordinate reference system distorts areas: areas in hectares are those of the "
                "projection, not of the ground. Use a map in an equal-area projection, or in degrees."
            )
    return AssessedMap(
        map=raster.source.title,
        reference=name,
        design=design,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(hectares.tolist()),
        area_hectares=area,
        units=len(units),
        clusters=clusters,
        cluster_name=cluster,
        method=method,
        cautions=tuple(cautions),
        left_out=_those_left_out(left_out, size),
    )


def assess_raster(
    raster: ClassRaster, reference: RasterSource, question: Question, progress: Progress
) -> AssessedMap:
    """Return the accuracy of a map by a reference raster.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A raster cannot be read.
    """
    size = measure(raster, progress)
    own = raster.classes(size.pixels)
    crossing = cross_rasters([raster], reference, tuple(size.pixels), question.block, progress)
    classes = raster.classes(crossing.values)
    number = len(classes)
    (tally,) = crossing.tallies
    accuracy = accuracy_of_clusters(tally, number, 0, question.kappa)
    counts = np.asarray(accuracy.counts)
    true = np.repeat(np.arange(number), counts.sum(axis=0).astype(np.int64) > 0)
    cautions = class_cautions(own, classes, true)
    if question.design != NONE:
        cautions.insert(
            0,
            f"DESIGN is {question.design}, but the reference is a raster. A whole raster is no probability "
            "sample of points, so it was assessed as such.",
        )
    return AssessedMap(
        map=raster.source.title,
        reference=reference.title,
        design=NONE,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(size.hectares.get(item.value, 0.0) for item in classes),
        area_hectares=(Sampled(None),) * number,
        units=int(counts.sum()),
        clusters=tally.shape[0],
        cluster_name="block",
        method=f"The reference is a raster; its blocks are {crossing.block} pixels wide. "
        + no_sample_words(tally.shape[0], "block"),
        cautions=tuple(cautions),
        left_out=_those_left_out(
            {
                "reference pixels where the map is unclassified": crossing.unclassified,
                "map pixels without a reference": crossing.unreferenced,
            },
            size,
        ),
    )


def joint_classes(
    own: Sequence[LandCoverClass], others: Sequence[LandCoverClass]
) -> tuple[LandCoverClass, ...]:
    """Return the classes of map and reference by value; the map's names and colours go first."""
    known = {item.value: item for item in own}
    missing = {item.value: item.name for item in others if item.value not in known}
    return tuple(sorted((*own, *classes_for_values(missing)), key=lambda item: item.value))


def class_cautions(
    own: Sequence[LandCoverClass],
    classes: Sequence[LandCoverClass],
    true: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> list[str]:
    """Return what to say of classes that only the map or only the reference has."""
    mapped = {item.value for item in own}
    referenced = {classes[code].value for code in np.unique(true)}
    found = []
    lacking = [class_label(item) for item in classes if item.value in referenced - mapped]
    if lacking:
        found.append(
            f"The reference has classes that the map lacks: {', '.join(lacking)}. All of it is counted "
            "as wrong."
        )
    untested = [class_label(item) for item in classes if item.value in mapped - referenced]
    if untested:
        found.append(
            f"The map has classes that the reference lacks: {', '.join(untested)}. Their producer’s accuracy "
            "is not known."
        )
    if len(referenced | mapped) == 1:
        found.append("There is one class only, so the map can hardly be wrong.")
    return found


def few_errors(accuracy: MapAccuracy, classes: Sequence[LandCoverClass]) -> list[str]:
    """Return the warning of classes whose intervals rest on too few errors."""
    few = rarely_wrong(accuracy.counts)
    if not few:
        return []
    names = ", ".join(class_label(classes[code]) for code in few)
    return [
        f"Fewer than {FEWEST_ERRORS} reference points show an omission of {names}. The plain intervals "
        "of the "
        "producer’s accuracy and the area are then too narrow, often by far, for a single more point in a "
        "large class would change them; read the other interval, and draw more points in the large classes."
    ]


def no_sample_words(clusters: int, cluster: str) -> str:
    """Return why there is no area, and what the intervals are."""
    what = {
        "block": "A whole raster is no probability sample of the truth: it has errors of its own",
        "polygon": "Digitised polygons are no probability sample: people draw them where the class is "
        "plain to see",
        "point": "Points without a sampling design are no probability sample",
    }[cluster]
    words = (
        f"{what}. So no areas are estimated, and the accuracy is that of these {cluster}s, not of the map."
    )
    if clusters < FEWEST_CLUSTERS:
        return f"{words} There are no intervals, because there are {clusters} {cluster}s only."
    drawn = f"The intervals come from drawing the {clusters:,} {cluster}s {REPLICATES:,} times anew"
    return f"{words} {drawn}, with replacement."


def _those_left_out(found: dict[str, int], size: MapSize) -> dict[str, int]:
    everything = {**found, "unclassified pixels of the map": size.unclassified}
    return {text: number for text, number in everything.items() if number}
