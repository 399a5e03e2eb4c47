"""Accuracy assessment of one map against reference points, polygons or a raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label
from ..errors import SampleError
from ..maps.areas import MapSize, measure_maps
from ..maps.strips import strips
from ..options import AUTO, BY_MAP, BY_WEIGHTS, NONE, OTHER, SIMPLE
from ..progress import Progress, Stage
from ..provenance import Provenance
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import distortion_notes
from ..samples.training_pixels import (
    TrainingMarks,
    TrainingOverlap,
    large_overlaps,
    overlap_of,
    parse_records,
)
from ..text import Text, joined
from .accuracy_maps import BlockCounts, count_by_block
from .bootstrap import MIN_CLUSTERS, REPLICATES, count_by_cluster, describe_coverage
from .cross_tabulation import CrossTabulation, cross_tabulate
from .drawn_sample import DesignChoice, DrawnSample, choose_design, unlabelled_cautions
from .estimate import Estimate, Estimates
from .estimators import (
    MIN_ERRORS,
    MapAccuracy,
    accuracy_of_clusters,
    accuracy_of_sample,
    rarely_omitted,
)
from .point_sample import point_sample, unmapped_notes
from .points_on_maps import check_common_classes, class_cautions, hectares_of, points_on_maps
from .reference_units import BLOCK, PIXEL, POINT, Clusters, ReferenceUnits, clusters_of

# Pixels of a reference raster that are looked up among the training pixels, at most.
_MAX_CHECKED_PIXELS = 5_000_000
_METHODS = {
    SIMPLE: (
        "The reference points are a simple random sample of the map: proportions of the sample estimate "
        "proportions of the area."
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
        "The reference points are a probability sample; each represents a part of the map in proportion to "
        "its weight. Standard errors assume that they were drawn independently."
    ),
}
_INTERVALS = (
    "The 95 % confidence intervals are Wilson’s with the effective sample size; in a stratum whose points "
    "are "
    "all alike, half a point is assumed to differ. Their coverage is closer to 95 % for rare classes than "
    "that of plain intervals of 1.96 standard errors, which the CSV table has as well. Means of several "
    "classes, such as macro-F1, "
    "have it without that half point: in simulations of strata whose points are nearly all alike, 90 to 92 % "
    "of these intervals contained the true value instead of 95 %."
)


@dataclass(frozen=True)
class AssessedMap:
    """Content of the report of a map's accuracy.

    The names are keys in the JSON of the report.

    Attributes:
        map: User's name of the map.
        reference: User's name of the reference.
        design: Sampling design that was used, one of ``core.options.DESIGNS``.
        classes: Classes of map and reference, by value.
        accuracy: Accuracy and area figures.
        mapped_hectares: Mapped area of each class in hectares.
        area_hectares: Estimated true area of each class in hectares.
        units: Number of reference units that were compared.
        unit_name: Kind of the units: ``point`` or ``pixel``.
        clusters: Number of independent clusters of units.
        cluster_name: Kind of the clusters: ``point``, ``polygon`` or ``block``.
        method: Description of the estimation, whole sentences.
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of units that were not compared, by reason.
        overlaps: Reference units on training pixels of the map.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
        checksums: Checksum of the pixels of each map, see ``core.provenance``.
    """

    map: str
    reference: str
    design: str
    classes: tuple[LandCoverClass, ...]
    accuracy: MapAccuracy
    mapped_hectares: tuple[float, ...]
    area_hectares: Estimates
    units: int
    unit_name: str
    clusters: int
    cluster_name: str
    method: str
    cautions: tuple[str, ...]
    left_out: dict[str, int]
    overlaps: tuple[TrainingOverlap, ...] = ()
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    checksums: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        accuracy = self.accuracy
        names = [class_label(item) for item in self.classes]
        width = max(len(name) for name in [*names, "class"])
        lines = [
            Text(
                "Overall accuracy {accuracy} from {units:,} {unit}s.",
                accuracy=with_interval(accuracy.overall, 3),
                units=self.units,
                unit=self.unit_name,
            ),
            f"{'class':<{width}}  {'users':>21}  {'producers':>21}  {'mapped ha':>12}  {'area ha':>32}",
        ]
        for code, name in enumerate(names):
            users, producers = (
                with_interval(figures[code], 3) for figures in (accuracy.users, accuracy.producers)
            )
            area = with_interval(self.area_hectares[code], 0)
            lines.append(
                f"{name:<{width}}  {users:>21}  {producers:>21}"
                f"  {self.mapped_hectares[code]:>12,.0f}  {area:>32}"
            )
        if accuracy.kappa is not None:
            lines.append(Text("Kappa {kappa:z.3f}.", kappa=accuracy.kappa))
        lines += [item.sentence(self.unit_name) for item in self.overlaps if not item.is_large]
        return tuple(lines)


def with_interval(figure: Estimate, digits: int) -> str:
    """Return ``0.900 (0.771-0.961)``, the value alone without an interval, or ``-``."""
    ends = figure.interval_text(digits, separator="-")
    value = Estimate(figure.value).text(digits, missing="-")
    return f"{value} ({ends})" if ends else value


@dataclass(frozen=True)
class AssessmentOptions:
    """Options of an assessment against a reference.

    Attributes:
        design: Sampling design of the reference points, one of ``core.options.DESIGNS``.
        strata_areas: ``NAME=AREA`` pairs, where the strata are not the map's classes.
        sample: Record of points that ‘Sampling design’ drew; None where they have none.
        unlabelled: Number of points of ``sample`` without a class.
        kappa: Whether to compute kappa.
        block: Side in pixels of the blocks of a reference raster and of local accuracy; 0 is automatic.
    """

    design: str
    strata_areas: str = ""
    kappa: bool = False
    block: int = 0
    sample: DrawnSample | None = None
    unlabelled: int = 0


def assess_points(
    raster: ClassRaster, reference: Path, name: str, options: AssessmentOptions, progress: Progress
) -> tuple[AssessedMap, BlockCounts]:
    """Return the accuracy of a map by reference points or polygons, in all and by block.

    Args:
        raster: Map.
        reference: File of JSON lines in the form of ``core.assessment.reference_units``.
        name: User's name of the reference.
        options: Options of the assessment.
        progress: Progress reporter.

    Raises:
        SampleError: Nothing can be compared, or the sample does not fit its design.
        RasterError: The map cannot be read.
    """
    points = points_on_maps([raster], reference, name, progress)
    units, classes, (mapped,), true = points.units, points.classes, points.mapped, points.true
    number = len(classes)
    choice = choose_points_design(options, units.are_points, raster, progress)
    cautions = [*choice.cautions, *points.cautions]
    if options.design not in (AUTO, NONE) and not units.are_points:
        cautions.insert(
            0,
            Text(
                "DESIGN is {design}, but the reference has polygons. Digitised polygons are not a "
                "probability sample, so DESIGN is ignored.",
                design=options.design,
            ),
        )
    if choice.design == NONE or not units.are_points:
        weights = np.ones(len(units))
        clusters = clusters_of(units, true, classes, raster.grid, options.block)
        counts = count_by_cluster(true, mapped, clusters.members, number)
        accuracy = accuracy_of_clusters(counts, number, 0, options.kappa)
        area: Estimates = (Estimate(None),) * number
        method, design = describe_clusters(clusters, units.are_points), NONE
    else:
        design = choice.design
        sample = point_sample(units, mapped, design, choice.strata_areas, points.sampled_map(raster))
        weights, cells = sample.weights, sample.cells(true, mapped, (number, number))
        accuracy = accuracy_of_sample(cells, design == BY_MAP, options.kappa)
        area = tuple(item.scaled(sample.hectares) for item in accuracy.area)
        clusters = Clusters(POINT, np.arange(len(units)))
        method = joined((_METHODS[design], _INTERVALS))
        cautions += unmapped_notes(sample, len(units), points.unmapped.shape[1], 1)
        cautions += [*sample.cautions, *few_error_notes(accuracy, classes)]
    cautions += distortion_notes(raster.grid)
    unit = POINT if units.are_points else PIXEL
    overlaps = overlaps_at(units, [raster], choice.design != NONE and options.sample is not None)
    cautions[:0] = unlabelled_cautions(options.unlabelled, len(units))
    if choice.reason:
        method = joined((choice.reason, method))
    blocks = count_by_block(
        units.rows,
        units.columns,
        true * number + mapped,
        weights,
        number**2,
        options.block,
        raster.grid,
    )
    assessed = AssessedMap(
        map=raster.source.title,
        reference=name,
        design=design,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(hectares_of(points.sizes[0], classes).tolist()),
        area_hectares=area,
        units=len(units),
        unit_name=unit,
        clusters=clusters.count,
        cluster_name=clusters.name,
        method=with_overlaps(method, overlaps, unit),
        cautions=(*large_overlaps(overlaps, unit), *cautions),
        left_out=not_compared(points.left_out, points.sizes[0]),
        overlaps=overlaps,
    )
    return assessed, blocks


def choose_points_design(
    options: AssessmentOptions, are_points: bool, raster: ClassRaster, progress: Progress
) -> DesignChoice:
    """Return the sampling design of a vector reference, after logging why ``auto`` chose it.

    Args:
        options: Options of the assessment.
        are_points: Whether all features of the reference are points.
        raster: Map; with several maps, the first one.
        progress: Progress reporter.
    """
    if options.design == AUTO and not are_points:
        return DesignChoice(NONE)
    choice = choose_design(options.design, options.strata_areas, options.sample, raster, progress)
    if choice.reason:
        progress.log(choice.reason)
    return choice


def assess_raster(
    raster: ClassRaster, reference: ClassRaster, options: AssessmentOptions, progress: Progress
) -> tuple[AssessedMap, BlockCounts]:
    """Return the accuracy of a map by a reference raster on its grid, in all and by block.

    Args:
        raster: Map.
        reference: Reference raster on the grid of the map.
        options: Options of the assessment.
        progress: Progress reporter.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A raster cannot be read.
    """
    (size,) = measure_maps([raster], Stage(progress, 0.0, 0.25))
    own = raster.classes(size.pixels)
    table = cross_tabulate([raster], reference, tuple(size.pixels), options.block, Stage(progress, 0.25, 1.0))
    classes = raster.classes(table.values)
    number = len(classes)
    (counts,) = table.counts
    refuse_same_pixels([raster], reference, table)
    overlaps = overlaps_of_raster([raster], reference, progress)
    accuracy = accuracy_of_clusters(counts, number, 0, options.kappa)
    totals = accuracy.counts.reference_totals
    true = np.flatnonzero(totals)
    check_common_classes(own, [classes[code] for code in true.tolist()], reference.source.title)
    cautions = [*class_cautions(own, classes, true), *distortion_notes(raster.grid)]
    if options.design not in (AUTO, NONE):
        cautions.insert(
            0,
            Text(
                "DESIGN is {design}, but the reference is a raster. A whole raster is not a probability "
                "sample of points, so DESIGN is ignored.",
                design=options.design,
            ),
        )
    assessed = AssessedMap(
        map=raster.source.title,
        reference=reference.source.title,
        design=NONE,
        classes=classes,
        accuracy=accuracy,
        mapped_hectares=tuple(hectares_of(size, classes).tolist()),
        area_hectares=(Estimate(None),) * number,
        units=int(totals.sum()),
        unit_name=PIXEL,
        clusters=counts.shape[0],
        cluster_name=BLOCK,
        method=with_overlaps(describe_raster(table), overlaps, PIXEL),
        cautions=(*large_overlaps(overlaps, PIXEL), *cautions),
        overlaps=overlaps,
        left_out=not_compared(
            {
                "reference pixels where the map is unclassified": table.unclassified,
                "map pixels without a reference": table.unreferenced,
            },
            size,
        ),
    )
    return assessed, BlockCounts(table.block_numbers, table.block, counts, counts)


def overlaps_at(
    units: ReferenceUnits, maps: Sequence[ClassRaster], is_drawn: bool
) -> tuple[TrainingOverlap, ...]:
    """Return the overlap of reference units with the training pixels of each map.

    Args:
        units: Reference units on the grid of the first map.
        maps: Maps, all on the grid of the first.
        is_drawn: Whether ‘Sampling design’ drew the units and the figures are those of a probability sample;
            polygons are not.
    """
    return tuple(
        overlap_of(
            raster.source.title,
            parse_records(raster.training_pixels),
            raster.grid,
            units.rows,
            units.columns,
            is_drawn and units.are_points,
        )
        for raster in maps
    )


def overlaps_of_raster(
    maps: Sequence[ClassRaster], reference: ClassRaster, progress: Progress
) -> tuple[TrainingOverlap, ...]:
    """Return the overlap of a reference raster with the training pixels of each map.

    Of a large raster, every so many pixels are checked.

    Args:
        maps: Maps, all on the grid of the reference.
        reference: Reference raster.
        progress: Progress reporter.

    Raises:
        RasterError: The reference cannot be read.
    """
    records = [parse_records(raster.training_pixels) for raster in maps]
    marks = [
        TrainingMarks(raster.source.title, known, raster.grid)
        for raster, known in zip(maps, records, strict=True)
    ]
    if any(records):
        step = -(-reference.grid.window.pixels // _MAX_CHECKED_PIXELS)
        for tile in strips(reference, Stage(progress, 1.0, 1.0), "Searching for training pixels"):
            rows, columns = (places[::step] for places in np.nonzero(reference.read(tile)[1]))
            for item in marks:
                item.add(rows + tile.row, columns + tile.column)
    return tuple(item.overlap for item in marks)


def with_overlaps(method: str, overlaps: Sequence[TrainingOverlap], unit: str) -> str:
    """Return the description of an assessment with the overlaps that are no warning.

    Args:
        method: Description of the estimation, whole sentences.
        overlaps: Overlap of each map with its training pixels.
        unit: Kind of the reference units, in the singular.
    """
    return joined((method, *(item.sentence(unit) for item in overlaps if not item.is_large)))


def refuse_same_pixels(maps: Sequence[ClassRaster], reference: ClassRaster, table: CrossTabulation) -> None:
    """Require a reference raster that differs from each map in a pixel, where all have the same grid.

    Args:
        maps: Maps.
        reference: Reference raster.
        table: Cross-tabulation of the maps against the reference.

    Raises:
        SampleError: The reference has the pixels of a map.
    """
    if table.unclassified or table.unreferenced:
        return
    for raster, counts in zip(maps, table.counts, strict=True):
        if raster.is_resampled or reference.is_resampled:
            continue
        matrix = np.asarray(counts.sum(axis=0)).reshape(len(table.values), -1)
        if matrix.sum() == np.trace(matrix):
            raise SampleError(
                "The reference has the same pixels as {map}, so it says nothing about its accuracy",
                where=reference.source.title,
                advice="Choose a reference that is independent of the map.",
                map=raster.source.title,
            )


def few_error_notes(accuracy: MapAccuracy, classes: Sequence[LandCoverClass]) -> list[str]:
    """Return a warning about classes whose intervals are based on too few errors; empty without any."""
    few = rarely_omitted(accuracy.counts)
    if not few:
        return []
    names = ", ".join(class_label(classes[code]) for code in few)
    return [
        Text(
            "Fewer than {count} reference points show an omission of {classes}. The plain "
            "intervals of the producer’s accuracy and the area (columns _ci of the table) are then too "
            "narrow, "
            "often by far, because one more point in a large class would change them. Use the intervals of "
            "this report, and add points in the large classes.",
            count=MIN_ERRORS,
            classes=names,
        )
    ]


def describe_clusters(clusters: Clusters, are_points: bool) -> str:
    """Return the method for points or polygons without a sampling design, whole sentences."""
    sentences = [
        Text(
            "Points without a sampling design are not a probability sample. No areas are estimated, and the "
            "accuracy is that of these points, not of the map."
        )
        if are_points
        else Text(
            "Digitised polygons are not a probability sample: they are drawn where the class is obvious. No "
            "areas are estimated, and the accuracy is that of these polygons, not of the map."
        )
    ]
    if clusters.name == BLOCK:
        sentences.append(
            Text(
                "The points of a block of {side} pixels are correlated and count as one observation.",
                side=clusters.side,
            )
        )
    return joined((*sentences, _describe_intervals(clusters.count, clusters.name)))


def describe_raster(table: CrossTabulation) -> str:
    """Return the method for a reference raster, whole sentences."""
    reason = Text(
        "The reference is a raster; its blocks are {side} pixels wide. A whole raster is not a "
        "probability sample of the true classes: it has errors of its own. No areas are "
        "estimated, and the accuracy is that of these blocks, not of the map.",
        side=table.block,
    )
    return joined((reason, _describe_intervals(len(table.block_numbers), BLOCK)))


def _describe_intervals(clusters: int, name: str) -> str:
    if clusters < MIN_CLUSTERS:
        return Text(
            "There are no confidence intervals, because they require at least {least} {cluster}s.",
            least=MIN_CLUSTERS,
            cluster=name,
        )
    bootstrap = Text(
        "The confidence intervals come from {replicates:,} bootstrap samples, in which the {count:,} "
        "{cluster}s are resampled with replacement (expanded percentiles).",
        count=clusters,
        cluster=name,
        replicates=REPLICATES,
    )
    return joined((bootstrap, describe_coverage(clusters, name)))


def not_compared(numbers: dict[str, int], size: MapSize) -> dict[str, int]:
    """Return the numbers above 0 of what was not compared, by reason, with the map's unclassified pixels."""
    everything = {**numbers, "unclassified pixels of the map": size.unclassified}
    return {text: number for text, number in everything.items() if number}
