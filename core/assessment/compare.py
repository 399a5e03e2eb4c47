"""Comparison of several maps on one reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass
from ..maps.areas import measure_maps
from ..options import AUTO, BY_MAP, NONE, SIMPLE
from ..progress import Progress, Stage
from ..provenance import Provenance
from ..raster.class_raster import ClassRaster, named_classes
from ..raster.pixel_area import distortion_notes
from ..samples.training_pixels import TrainingOverlap, large_overlaps
from ..text import Text, joined, typeset
from .assess import (
    AssessmentOptions,
    choose_points_design,
    describe_clusters,
    describe_raster,
    overlaps_at,
    overlaps_of_raster,
    refuse_same_pixels,
    with_overlaps,
)
from .bootstrap import MIN_CLUSTERS, count_by_cluster, low_coverage_notes
from .comparison import Gain, gain_by_clusters, gain_of_clusters, gain_of_sample
from .cross_tabulation import cross_tabulate
from .drawn_sample import unlabelled_cautions
from .estimate import Estimate
from .estimators import MapAccuracy, accuracy_of_clusters, accuracy_of_sample
from .point_sample import point_sample, unmapped_notes
from .points_on_maps import PointsOnMaps, check_common_classes, class_cautions, classes_of, points_on_maps
from .reference_units import BLOCK, PIXEL, POINT, Clusters, blocks_of_points, clusters_of

_TESTS = {
    "McNemar": (
        "McNemar’s exact test over the points that only one map has right; it is valid because the points "
        "are independent of each other"
    ),
    "sign flip": (
        "sign-flip test by {cluster}. McNemar’s test is not given, because it assumes that the pixels of one "
        "{cluster} are independent and would make any difference appear significant"
    ),
    "design-weighted": (
        "the difference weighted by the sampling design, divided by its standard error with one additional "
        "point of each kind in every stratum (Bonett and Price 2012), or the exact sign-flip test within "
        "strata, whichever has the larger p. McNemar’s test is not given, because it ignores that the points "
        "represent different areas"
    ),
}


@dataclass(frozen=True)
class ComparedMaps:
    """Content of the report of several maps.

    The names are keys in the JSON of the report.

    Attributes:
        maps: User's names of the maps; the others are compared with the first one.
        reference: User's name of the reference.
        design: Sampling design that was used, one of ``core.options.DESIGNS``.
        classes: Classes of maps and reference, by value.
        accuracies: Accuracy of each map.
        gains: Gain of each map but the first over the first.
        units: Number of reference units that were compared.
        unit_name: Kind of the units: ``point`` or ``pixel``.
        clusters: Number of independent clusters of units.
        cluster_name: Kind of the clusters: ``point``, ``polygon`` or ``block``.
        method: Description of the comparison, whole sentences.
        test: Significance test that was used, and the reason.
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of units that were not compared, by reason.
        overlaps: Reference units on training pixels of each map.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
        checksums: Checksum of the pixels of each map, see ``core.provenance``.
    """

    maps: tuple[str, ...]
    reference: str
    design: str
    classes: tuple[LandCoverClass, ...]
    accuracies: tuple[MapAccuracy, ...]
    gains: tuple[Gain, ...]
    units: int
    unit_name: str
    clusters: int
    cluster_name: str
    method: str
    test: str
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
        lines = []
        for number, (name, accuracy) in enumerate(zip(self.maps, self.accuracies, strict=True)):
            overall, macro = (
                Estimate(figure.value).text(missing="-") for figure in (accuracy.overall, accuracy.macro_f1)
            )
            line = Text(
                "{map}: overall accuracy {overall}, macro-F1 {macro}",
                map=name,
                overall=overall,
                macro=macro,
            )
            if number:
                gain = self.gains[number - 1]
                line += Text(
                    "; gain over {map} {gain} points",
                    map=self.maps[0],
                    gain=typeset(100 * (gain.overall.value or 0), 1),
                )
                line += _interval(gain.overall)
                line += Text(
                    ", {name} test: {result}",
                    name=Text(gain.test.name),
                    result=Text("p is not known") if gain.test.p is None else f"p = {gain.test.p:.2g}",
                )
            lines.append(line + ".")
        lines += [item.sentence(self.unit_name) for item in self.overlaps if not item.is_large]
        return tuple(lines)


@dataclass(frozen=True)
class MapsSideBySide:
    """Content of the report of several maps without a reference: areas and cross-tabulation.

    The names are keys in the JSON of the report.

    Attributes:
        maps: User's names of the maps; the others are cross-tabulated with the first one.
        classes: Classes of the maps, by value.
        hectares: Mapped area of each class in hectares, one tuple for each map.
        unclassified: Number of pixels without a class, for each map.
        agreements: Fraction of the pixels with a class in both maps that have the same one, 0 to 1, for each
            map but the first.
        tables: Pixels by class of the first map (rows) and of the other one (columns), for each map but the
            first; they cover the pixels with a class in both.
        method: Description of the comparison, whole sentences.
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of units that were not compared, by reason.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
        checksums: Checksum of the pixels of each map, see ``core.provenance``.
    """

    maps: tuple[str, ...]
    classes: tuple[LandCoverClass, ...]
    hectares: tuple[tuple[float, ...], ...]
    unclassified: tuple[int, ...]
    agreements: tuple[float, ...]
    tables: tuple[tuple[tuple[int, ...], ...], ...]
    method: str
    cautions: tuple[str, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    checksums: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        return tuple(
            Text(
                "{map} has the class of {first} on {share:.1%} of the pixels where both have one.",
                map=name,
                first=self.maps[0],
                share=share,
            )
            for name, share in zip(self.maps[1:], self.agreements, strict=True)
        )


def compare_areas(maps: Sequence[ClassRaster], progress: Progress) -> MapsSideBySide:
    """Return the areas of maps and their cross-tabulation with the first one, without a reference.

    Args:
        maps: Maps, all on the grid of the first.
        progress: Progress reporter.

    Raises:
        SampleError: A map has no class, or two maps have none in common.
        RasterError: A map cannot be read.
    """
    sizes = measure_maps(maps, Stage(progress, 0.0, 0.4))
    classes = classes_of(maps, sizes)
    values = [item.value for item in classes]
    first, *others = maps
    # One block: nothing is resampled.
    block = max(first.grid.width, first.grid.height)
    rest = 0.6 / len(others)
    tables, agreements = [], []
    for number, other in enumerate(others):
        stage = Stage(progress, 0.4 + number * rest, 0.4 + (number + 1) * rest)
        table = cross_tabulate([other], first, values, block, stage)
        counts = table.counts[0].toarray().sum(axis=0).reshape(len(values), len(values))
        tables.append(tuple(tuple(round(count) for count in row) for row in counts.tolist()))
        agreements.append(float(np.trace(counts) / counts.sum()))
    return MapsSideBySide(
        maps=tuple(raster.source.title for raster in maps),
        classes=classes,
        hectares=tuple(tuple(size.hectares.get(value, 0.0) for value in values) for size in sizes),
        unclassified=tuple(size.unclassified for size in sizes),
        agreements=tuple(agreements),
        tables=tuple(tables),
        method=Text(
            "There is no reference, so this says where the maps agree, not which of them is right. Areas are "
            "those of the maps’ pixels; the maps’ errors are in them."
        ),
        cautions=tuple(distortion_notes(first.grid)),
    )


def compare_points(
    maps: Sequence[ClassRaster], reference: Path, name: str, options: AssessmentOptions, progress: Progress
) -> ComparedMaps:
    """Return the comparison of maps by reference points or polygons.

    Args:
        maps: Maps, all on the grid of the first.
        reference: File of JSON lines in the form of ``core.assessment.reference_units``.
        name: User's name of the reference.
        options: Options of the assessment; strata that are map classes are those of the first map.
        progress: Progress reporter.

    Raises:
        SampleError: Nothing can be compared, or the sample does not fit its design.
        RasterError: A map cannot be read.
    """
    points = points_on_maps(maps, reference, name, progress)
    units, true, number = points.units, points.true, len(points.classes)
    choice = choose_points_design(options, units.are_points, maps[0], progress)
    cautions = [*choice.cautions, *points.cautions]
    is_sample = choice.design != NONE and units.are_points
    if options.design not in (AUTO, NONE) and not is_sample:
        cautions.insert(0, _ignored_design(options.design, Text("has polygons")))
    if is_sample:
        design, areas = choice.design, choice.strata_areas
        sample = point_sample(units, points.mapped[0], design, areas, points.sampled_map(maps[0]))
        accuracies = tuple(
            accuracy_of_sample(sample.cells(true, mapped, (number, number)), design == BY_MAP and place == 0)
            for place, mapped in enumerate(points.mapped)
        )
        gains = tuple(
            gain_of_sample(
                sample.cells(true, points.mapped[0] * number + mapped, (number, number * number)),
                number,
                design == SIMPLE and bool(np.ptp(sample.weights) <= 1e-9 * sample.weights.max()),
            )
            for mapped in points.mapped[1:]
        )
        cautions += unmapped_notes(sample, len(units), points.unmapped.shape[1], len(maps))
        cautions += [*sample.cautions, *distortion_notes(maps[0].grid)]
        clusters = Clusters(POINT, np.arange(len(units)))
        method: str = Text(
            "The points are a probability sample ({design}): figures and gains are estimates for "
            "the area where all maps have a class. The gains have plain design-based 95 % confidence "
            "intervals, which contained the true value in 91 % or more of simulated samples.",
            design=design,
        )
        if design == BY_MAP:
            method += Text(" The strata are the classes of {map}.", map=maps[0].source.title)
        blocks = blocks_of_points(units, true, points.classes, maps[0].grid, options.block)
        method += _block_bootstrap(maps, points, sample.weights, blocks)
    else:
        clusters = clusters_of(units, true, points.classes, maps[0].grid, options.block)
        members = clusters.members
        counts = [count_by_cluster(true, mapped, members, number) for mapped in points.mapped]
        accuracies = tuple(accuracy_of_clusters(item, number, 0) for item in counts)
        first = points.mapped[0] == true
        gains = tuple(
            gain_of_clusters(counts[0], item, _differing(first, mapped == true, members), number, 0)
            for item, mapped in zip(counts[1:], points.mapped[1:], strict=True)
        )
        method = describe_clusters(clusters, units.are_points)
    unit = POINT if units.are_points else PIXEL
    overlaps = overlaps_at(units, maps, choice.design != NONE and options.sample is not None)
    cautions[:0] = unlabelled_cautions(options.unlabelled, len(units))
    if choice.reason:
        method = joined((choice.reason, method))
    return ComparedMaps(
        maps=tuple(raster.source.title for raster in maps),
        reference=name,
        design=choice.design if is_sample else NONE,
        classes=points.classes,
        accuracies=accuracies,
        gains=gains,
        units=len(units),
        unit_name=unit,
        clusters=clusters.count,
        cluster_name=clusters.name,
        method=with_overlaps(method, overlaps, unit),
        test=_describe_test(gains, clusters.name),
        cautions=(*large_overlaps(overlaps, unit), *cautions),
        overlaps=overlaps,
        left_out={text: count for text, count in points.left_out.items() if count},
    )


def compare_raster(
    maps: Sequence[ClassRaster], reference: ClassRaster, options: AssessmentOptions, progress: Progress
) -> ComparedMaps:
    """Return the comparison of maps by a reference raster.

    Args:
        maps: Maps, all on the grid of the first.
        reference: Reference raster on the same grid.
        options: Options of the assessment.
        progress: Progress reporter.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A raster cannot be read.
    """
    sizes = measure_maps(maps, Stage(progress, 0.0, 0.3))
    own = classes_of(maps, sizes)
    values = [item.value for item in own]
    table = cross_tabulate(maps, reference, values, options.block, Stage(progress, 0.3, 1.0))
    classes = named_classes(maps, table.values)
    number = len(classes)
    refuse_same_pixels(maps, reference, table)
    overlaps = overlaps_of_raster(maps, reference, progress)
    first = table.counts[0]
    gains = tuple(
        gain_of_clusters(first, counts, differing.astype(np.float64), number, 0)
        for counts, differing in zip(table.counts[1:], table.differing, strict=True)
    )
    accuracies = tuple(accuracy_of_clusters(counts, number, 0) for counts in table.counts)
    totals = accuracies[0].counts.reference_totals
    true = np.flatnonzero(totals)
    check_common_classes(own, [classes[code] for code in true.tolist()], reference.source.title)
    cautions = list(class_cautions(own, classes, true))
    if options.design not in (AUTO, NONE):
        cautions.insert(0, _ignored_design(options.design, Text("is a raster")))
    left_out = {
        "reference pixels where a map is unclassified": table.unclassified,
        "pixels of the first map without a reference": table.unreferenced,
    }
    return ComparedMaps(
        maps=tuple(raster.source.title for raster in maps),
        reference=reference.source.title,
        design=NONE,
        classes=classes,
        accuracies=accuracies,
        gains=gains,
        units=int(totals.sum()),
        unit_name=PIXEL,
        clusters=first.shape[0],
        cluster_name=BLOCK,
        method=with_overlaps(describe_raster(table), overlaps, PIXEL),
        test=_describe_test(gains, BLOCK),
        cautions=(*large_overlaps(overlaps, PIXEL), *cautions),
        overlaps=overlaps,
        left_out={text: count for text, count in left_out.items() if count},
    )


def _block_bootstrap(
    maps: Sequence[ClassRaster], points: PointsOnMaps, weights: Float64Array, blocks: Clusters
) -> str:
    """Return the gains of a probability sample with bootstrap intervals over blocks, whole sentences.

    Design-based intervals do not include the correlation of neighbouring points; these do.
    """
    if blocks.count < MIN_CLUSTERS:
        return ""
    first, *others = (mapped == points.true for mapped in points.mapped)
    units = (
        Text("{count:,} blocks of {side} pixels", count=blocks.count, side=blocks.side)
        if blocks.side
        else Text("{count:,} points", count=blocks.count)
    )
    gains = (gain_by_clusters(first, right, weights, blocks.members, 0) for right in others)
    items = [
        Text(
            "{map} {gain} points{range}",
            map=raster.source.title,
            gain=typeset(100 * (gain.value or 0), 1),
            range=_interval(gain),
        )
        for raster, gain in zip(maps[1:], gains, strict=True)
    ]
    sentence = Text(
        "If the {clusters} are resampled instead, the gain in overall accuracy is: {gains}.",
        clusters=units,
        gains=joined(items, "; "),
    )
    return joined(["", sentence, *low_coverage_notes(blocks.count)])


def _interval(gain: Estimate) -> str:
    """Return `` (-0.3 to +1.2)`` in percentage points; empty without an interval."""
    if gain.low is None or gain.high is None:
        return ""
    return Text(" ({low} to {high})", low=typeset(100 * gain.low, 1), high=typeset(100 * gain.high, 1))


def _differing(first: BoolArray, second: BoolArray, members: Int64Array) -> Float64Array:
    """Return the units of each cluster that only the first map, and only the second one, has right."""
    only = [np.bincount(members, weights=right) for right in (first & ~second, second & ~first)]
    return np.stack(only, axis=1)


def _ignored_design(design: str, problem: str) -> str:
    return Text(
        "DESIGN is {design}, but the reference {problem}, which is not a probability sample, so DESIGN is "
        "ignored.",
        design=design,
        problem=problem,
    )


def _describe_test(gains: Sequence[Gain], cluster: str) -> str:
    return Text(_TESTS[gains[0].test.name], cluster=Text(cluster)) if gains else ""
