"""Accuracy assessment of one map against reference points, polygons or a raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label
from ..options import BY_MAP, BY_WEIGHTS, NONE, OTHER, SIMPLE, parse_strata_areas
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import distortion_notes
from ..text import Text
from .accuracy_maps import BlockTally, tally_blocks
from .bootstrap import FEWEST_CLUSTERS, REPLICATES, cluster_counts, coverage_words
from .cross_tabulation import Crossing, MapSize, cross_rasters, measure
from .estimators import (
    FEWEST_ERRORS,
    MapAccuracy,
    Sampled,
    accuracy_of_clusters,
    accuracy_of_sample,
    rarely_wrong,
)
from .point_sample import point_sample, unmapped_words
from .points_on_maps import check_common_classes, class_cautions, hectares_of, points_on_maps
from .reference_units import BLOCK, POINT, Clusters, clusters_of

_METHODS = {
    SIMPLE: (
        "The reference points are a simple random sample of the map: shares of the sample estimate shares of "
        "the area."
    ),
    BY_MAP: (
        "The reference points are a stratified random sample whose strata are the classes of the map. "
        "Accuracy and areas are estimated as in Olofsson et al. (2014), each class weighted by its mapped "
        "area."
    ),
    OTHER: (
        "The reference points are a stratified random sample whose strata are not the classes of the map. "
        "Accuracy and areas are estimated as in Stehman (2014), each stratum weighted by its area."
    ),
    BY_WEIGHTS: (
        "The reference points are a probability sample; each stands for as much of the map as its weight "
        "says. Standard errors take them for drawn independently."
    ),
}
_INTERVALS = (
    " “±” is the plain 95 % interval, 1.96 standard errors. The other one is Wilson’s, with the effective "
    "sample size, for which half a point of a stratum whose points are all alike counts as different: it "
    "holds its level better for rare classes. Means of several classes, as macro-F1, have it without that "
    "half point: in simulations of strata whose points are nearly all alike, 90 to 92 % of these intervals "
    "held the truth instead of 95 %."
)


@dataclass(frozen=True)
class AssessedMap:
    """All that a report of a map's accuracy tells.

    Attributes:
        map: What the user calls the map.
        reference: What the user calls the reference.
        design: One of ``core.options.DESIGNS``, the one that was used.
        classes: Of map and reference, by value.
        accuracy: The figures.
        mapped_hectares: Area that is mapped as each class.
        area_hectares: Estimated true area of each class.
        units: How many were compared.
        unit_name: What: ``point`` or ``pixel``.
        clusters: How many polygons, blocks or points were taken for independent.
        cluster_name: ``point``, ``polygon`` or ``block``.
        method: How it was estimated, whole sentences.
        cautions: What to be careful about, whole sentences.
        left_out: What was not compared, and why: text to number.
        parameters: Of the run.
        versions: Of the software.
        created: ISO time stamp.
    """

    map: str
    reference: str
    design: str
    classes: tuple[LandCoverClass, ...]
    accuracy: MapAccuracy
    mapped_hectares: tuple[float, ...]
    area_hectares: tuple[Sampled, ...]
    units: int
    unit_name: str
    clusters: int
    cluster_name: str
    method: str
    cautions: tuple[str, ...]
    left_out: dict[str, int]
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        accuracy = self.accuracy
        names = [class_label(item) for item in self.classes]
        width = max(len(name) for name in [*names, "class"])
        found = [
            Text(
                "Overall accuracy {range} from {units:,} {unit_name}s.",
                range=_range(accuracy.overall),
                units=self.units,
                unit_name=self.unit_name,
            ),
            f"{'class':<{width}}  {'users':>15}  {'producers':>15}  {'mapped ha':>12}  {'area ha':>26}",
        ]
        for code, name in enumerate(names):
            area = self.area_hectares[code]
            hectares = "-" if area.value is None else f"{area.value:,.0f}"
            hectares += "" if area.half_width is None else f" ± {area.half_width:,.0f}"
            found.append(
                f"{name:<{width}}  {_range(accuracy.users[code]):>15}  {_range(accuracy.producers[code]):>15}"
                f"  {self.mapped_hectares[code]:>12,.0f}  {hectares:>26}"
            )
        if accuracy.kappa is not None:
            found.append(Text("Kappa {kappa:z.3f}.", kappa=accuracy.kappa))
        return tuple(found)


def _range(figure: Sampled) -> str:
    if figure.value is None:
        return "-"
    return f"{figure.value:.3f}" + ("" if figure.half_width is None else f" ± {figure.half_width:.3f}")


@dataclass(frozen=True)
class Question:
    """What is asked of the reference.

    Attributes:
        design: How reference points were drawn.
        strata_areas: ``NAME=AREA`` pairs, where strata are not the map's classes.
        kappa: Whether kappa is wanted.
        block: Side in pixels of the blocks of a reference raster and of local accuracy; 0 is found.
    """

    design: str
    strata_areas: str = ""
    kappa: bool = False
    block: int = 0


def assess_points(
    raster: ClassRaster, reference: Path, name: str, question: Question, progress: Progress
) -> tuple[AssessedMap, BlockTally]:
    """Return the accuracy of a map by reference points or polygons, and the references by block.

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
    found = points_on_maps([raster], reference, name, progress)
    units, classes, (mapped,), true = found.units, found.classes, found.mapped, found.true
    shape = len(classes), len(classes)
    cautions = list(found.cautions)
    if question.design != NONE and not units.are_points:
        cautions.insert(
            0,
            Text(
                "DESIGN is {design}, but the reference has polygons. Digitised polygons are no "
                "probability sample, so they were assessed as such.",
                design=question.design,
            ),
        )
    if question.design == NONE or not units.are_points:
        weights = np.ones(len(units))
        clusters = clusters_of(units, true, classes, raster.grid, question.block)
        tally = cluster_counts(mapped, true, clusters.members, len(classes))
        accuracy = accuracy_of_clusters(tally, len(classes), 0, question.kappa)
        area = (Sampled(None),) * len(classes)
        method, design = no_sample_words(clusters, units.are_points), NONE
    else:
        areas = parse_strata_areas(question.strata_areas)
        sample = point_sample(units, mapped, question.design, areas, found.ground(raster))
        weights, cells = sample.weights, sample.cells(mapped, true, shape)
        accuracy = accuracy_of_sample(cells, question.design == BY_MAP, question.kappa)
        area = tuple(item.times(sample.hectares) for item in accuracy.area)
        clusters, design = Clusters(POINT, np.arange(len(units))), question.design
        method = _METHODS[design] + _INTERVALS
        cautions += unmapped_words(sample, len(units), found.unmapped.shape[1], 1)
        cautions += [*sample.cautions, *few_errors(accuracy, classes)]
    cautions += distortion_notes(raster.grid)
    blocks = tally_blocks(
        units.rows,
        units.columns,
        mapped * shape[0] + true,
        weights,
        shape[0] ** 2,
        question.block,
        raster.grid,
    )
    assessed = AssessedMap(
        map=raster.source.title,
        reference=name,
        design=design,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(hectares_of(found.sizes[0], classes).tolist()),
        area_hectares=area,
        units=len(units),
        unit_name="point" if units.are_points else "pixel",
        clusters=clusters.count,
        cluster_name=clusters.name,
        method=method,
        cautions=tuple(cautions),
        left_out=those_left_out(found.left_out, found.sizes[0]),
    )
    return assessed, blocks


def assess_raster(
    raster: ClassRaster, reference: ClassRaster, question: Question, progress: Progress
) -> tuple[AssessedMap, BlockTally]:
    """Return the accuracy of a map by a reference raster on its grid, and the references by block.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A raster cannot be read.
    """
    size = measure(raster, Stage(progress, 0.0, 0.25))
    own = raster.classes(size.pixels)
    crossing = cross_rasters(
        [raster], reference, tuple(size.pixels), question.block, Stage(progress, 0.25, 1.0)
    )
    classes = raster.classes(crossing.values)
    number = len(classes)
    (tally,) = crossing.tallies
    accuracy = accuracy_of_clusters(tally, number, 0, question.kappa)
    counts = np.asarray(accuracy.counts)
    true = np.repeat(np.arange(number), counts.sum(axis=0).astype(np.int64) > 0)
    check_common_classes(own, [classes[code] for code in np.unique(true).tolist()], reference.source.title)
    cautions = [*class_cautions(own, classes, true), *distortion_notes(raster.grid)]
    if question.design != NONE:
        cautions.insert(
            0,
            Text(
                "DESIGN is {design}, but the reference is a raster. A whole raster is no probability "
                "sample of points, so it was assessed as such.",
                design=question.design,
            ),
        )
    assessed = AssessedMap(
        map=raster.source.title,
        reference=reference.source.title,
        design=NONE,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(hectares_of(size, classes).tolist()),
        area_hectares=(Sampled(None),) * number,
        units=int(counts.sum()),
        unit_name="pixel",
        clusters=tally.shape[0],
        cluster_name=BLOCK,
        method=raster_words(crossing),
        cautions=tuple(cautions),
        left_out=those_left_out(
            {
                "reference pixels where the map is unclassified": crossing.unclassified,
                "map pixels without a reference": crossing.unreferenced,
            },
            size,
        ),
    )
    return assessed, BlockTally(crossing.numbers, crossing.block, tally, tally)


def few_errors(accuracy: MapAccuracy, classes: Sequence[LandCoverClass]) -> list[str]:
    """Return the warning of classes whose intervals rest on too few errors."""
    few = rarely_wrong(accuracy.counts)
    if not few:
        return []
    names = ", ".join(class_label(classes[code]) for code in few)
    return [
        Text(
            "Fewer than {fewest_errors} reference points show an omission of {names}. The plain "
            "intervals of the producer’s accuracy and the area are then too narrow, often by "
            "far, for a single more point in a large class would change them; read the other "
            "interval, and draw more points in the large classes.",
            fewest_errors=FEWEST_ERRORS,
            names=names,
        )
    ]


def no_sample_words(clusters: Clusters, are_points: bool) -> str:
    """Return why points or polygons give no area, and what the intervals are."""
    what = "point" if are_points else "polygon"
    why = (
        "Points without a sampling design are no probability sample"
        if are_points
        else "Digitised polygons are no probability sample: people draw them where the class is plain to see"
    )
    words = Text(
        "{why}. So no areas are estimated, and the accuracy is that of these {thing}s, not of the map.",
        why=why,
        thing=what,
    )
    if clusters.name == BLOCK:
        words += Text(
            " The points of a block of {side} pixels are alike and count as one observation.",
            side=clusters.side,
        )
    return f"{words} {_interval_words(clusters.count, clusters.name)}"


def raster_words(crossing: Crossing) -> str:
    """Return why a reference raster gives no area, and what the intervals are."""
    return Text(
        "The reference is a raster; its blocks are {block} pixels wide. A whole raster is no "
        "probability sample of the truth: it has errors of its own. So no areas are "
        "estimated, and the accuracy is that of these blocks, not of the map. "
        "{interval_words}",
        block=crossing.block,
        interval_words=_interval_words(len(crossing.numbers), BLOCK),
    )


def _interval_words(clusters: int, name: str) -> str:
    if clusters < FEWEST_CLUSTERS:
        return Text(
            "There are no intervals: that takes {fewest_clusters} {name}s at least.",
            fewest_clusters=FEWEST_CLUSTERS,
            name=name,
        )
    drawn = Text(
        "The intervals come from drawing the {clusters:,} {name}s {replicates:,} times anew, "
        "with replacement (expanded percentiles).",
        clusters=clusters,
        name=name,
        replicates=REPLICATES,
    )
    return f"{drawn} {coverage_words(clusters, name)}"


def those_left_out(found: dict[str, int], size: MapSize) -> dict[str, int]:
    """Return what there is of what was not compared, unclassified pixels of the map among it."""
    everything = {**found, "unclassified pixels of the map": size.unclassified}
    return {text: number for text, number in everything.items() if number}
