"""Compare maps on one reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass
from ..options import BY_MAP, NONE, SIMPLE, parse_strata_areas
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, named_classes
from ..raster.pixel_area import distortion_notes
from ..text import Text, signed
from .assess import Question, no_sample_words, raster_words
from .bootstrap import FEWEST_CLUSTERS, cluster_counts, held_words
from .comparison import Gain, gain_by_clusters, gain_of_clusters, gain_of_sample
from .cross_tabulation import cross_rasters, measure
from .estimators import MapAccuracy, accuracy_of_clusters, accuracy_of_sample
from .point_sample import point_sample, unmapped_words
from .points_on_maps import PointsOnMaps, check_common_classes, class_cautions, classes_of, points_on_maps
from .reference_units import BLOCK, POINT, Clusters, blocks_of_points, clusters_of

_TESTS = {
    "McNemar": (
        "McNemar’s exact test over the points that one map alone has right; it holds because the points are "
        "independent of each other"
    ),
    "sign flip": (
        "sign-flip test by {cluster}. McNemar’s test is not given: it takes the pixels of one {cluster} for "
        "independent and would make any difference look certain"
    ),
    "design-weighted": (
        "the difference weighted by the sampling design, against its standard error with one more point of "
        "each kind in every stratum (Bonett and Price 2012), or the exact sign-flip test within strata, "
        "whichever is less sure. McNemar’s test is not given: it ignores that the points stand for different "
        "areas"
    ),
}


@dataclass(frozen=True)
class ComparedMaps:
    """All that a report of several maps tells.

    Attributes:
        maps: What the user calls them; the first one is what the others are compared with.
        reference: What the user calls the reference.
        design: One of ``core.options.DESIGNS``, the one that was used.
        classes: Of maps and reference, by value.
        accuracies: Of each map.
        gains: Of each map but the first, over the first.
        units: How many were compared.
        unit_name: What: ``point`` or ``pixel``.
        clusters: How many points, polygons or blocks were taken for independent.
        cluster_name: ``point``, ``polygon`` or ``block``.
        method: How it was compared, whole sentences.
        test: Which test was used and why.
        cautions: What to be careful about, whole sentences.
        left_out: What was not compared, and why: text to number.
        parameters: Of the run.
        versions: Of the software.
        created: ISO time stamp.
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
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        found = []
        for number, (name, accuracy) in enumerate(zip(self.maps, self.accuracies, strict=True)):
            overall, macro = _text(accuracy.overall.value), _text(accuracy.macro_f1.value)
            line = Text(
                "{name}: overall accuracy {overall}, macro-F1 {macro}",
                name=name,
                overall=overall,
                macro=macro,
            )
            if number:
                gain = self.gains[number - 1]
                line += Text(
                    "; gain over {maps} {value} points",
                    maps=self.maps[0],
                    value=signed(100 * (gain.overall.value or 0), 1),
                )
                if gain.overall.low is not None and gain.overall.high is not None:
                    line += Text(
                        " ({value} to {value_2})",
                        value=signed(100 * gain.overall.low, 1),
                        value_2=signed(100 * gain.overall.high, 1),
                    )
                known = gain.test.p is not None
                line += Text(
                    ", {name} test: {value}",
                    name=gain.test.name,
                    value=(Text("p = {p:.2g}", p=gain.test.p) if known else "p is not known"),
                )
            found.append(f"{line}.")
        return tuple(found)


def compare_points(
    maps: Sequence[ClassRaster], reference: Path, name: str, question: Question, progress: Progress
) -> ComparedMaps:
    """Return maps beside each other by reference points or polygons.

    Args:
        maps: All on the grid of the first.
        reference: JSON lines, see ``core.assessment.reference_units``.
        name: What the user calls the reference.
        question: What is asked; strata that are the map's classes are those of the first map.
        progress: For the log.

    Raises:
        SampleError: Nothing can be compared, or the sample does not fit its design.
        RasterError: A map cannot be read.
    """
    found = points_on_maps(maps, reference, name, progress)
    units, true, number = found.units, found.true, len(found.classes)
    cautions = list(found.cautions)
    is_sample = question.design != NONE and units.are_points
    if question.design != NONE and not is_sample:
        cautions.insert(0, _no_sample(question.design, "has polygons"))
    if is_sample:
        areas = parse_strata_areas(question.strata_areas)
        sample = point_sample(units, found.mapped[0], question.design, areas, found.ground(maps[0]))
        accuracies = tuple(
            accuracy_of_sample(
                sample.cells(mapped, true, (number, number)), question.design == BY_MAP and place == 0
            )
            for place, mapped in enumerate(found.mapped)
        )
        gains = tuple(
            gain_of_sample(
                sample.cells(found.mapped[0] * number + mapped, true, (number * number, number)),
                number,
                question.design == SIMPLE and bool(np.ptp(sample.weights) <= 1e-9 * sample.weights.max()),
            )
            for mapped in found.mapped[1:]
        )
        cautions += unmapped_words(sample, len(units), found.unmapped.shape[1], len(maps))
        cautions += [*sample.cautions, *distortion_notes(maps[0].grid)]
        clusters = Clusters(POINT, np.arange(len(units)))
        method: str = Text(
            "The points are a probability sample ({design}): figures and gains are estimates for "
            "the area where all maps have a class, with plain 95 % intervals of the gains by its "
            "design, which held the truth in 91 % or more of simulated samples.",
            design=question.design,
        )
        if question.design == BY_MAP:
            method += Text(" The strata are the classes of {title}.", title=maps[0].source.title)
        blocks = blocks_of_points(units, true, found.classes, maps[0].grid, question.block)
        method += _by_blocks(maps, found, sample.weights, blocks)
    else:
        clusters = clusters_of(units, true, found.classes, maps[0].grid, question.block)
        members = clusters.members
        tallies = [cluster_counts(mapped, true, members, number) for mapped in found.mapped]
        accuracies = tuple(accuracy_of_clusters(tally, number, 0) for tally in tallies)
        first = found.mapped[0] == true
        gains = tuple(
            gain_of_clusters(tallies[0], tally, _differing(first, mapped == true, members), number, 0)
            for tally, mapped in zip(tallies[1:], found.mapped[1:], strict=True)
        )
        method = no_sample_words(clusters, units.are_points)
    return ComparedMaps(
        maps=tuple(raster.source.title for raster in maps),
        reference=name,
        design=question.design if is_sample else NONE,
        classes=found.classes,
        accuracies=accuracies,
        gains=gains,
        units=len(units),
        unit_name="point" if units.are_points else "pixel",
        clusters=clusters.count,
        cluster_name=clusters.name,
        method=method,
        test=_test_words(gains, clusters.name),
        cautions=tuple(cautions),
        left_out={text: count for text, count in found.left_out.items() if count},
    )


def compare_raster(
    maps: Sequence[ClassRaster], reference: ClassRaster, question: Question, progress: Progress
) -> ComparedMaps:
    """Return maps beside each other by a reference raster, all on the grid of the first map.

    Raises:
        SampleError: Nothing can be compared.
        RasterError: A raster cannot be read.
    """
    part = 0.3 / len(maps)
    sizes = [
        measure(raster, Stage(progress, number * part, (number + 1) * part))
        for number, raster in enumerate(maps)
    ]
    own = classes_of(maps, sizes)
    values = [item.value for item in own]
    crossing = cross_rasters(maps, reference, values, question.block, Stage(progress, 0.3, 1.0))
    classes = named_classes(maps, crossing.values)
    number = len(classes)
    first = crossing.tallies[0]
    gains = tuple(
        gain_of_clusters(first, tally, differing.astype(np.float64), number, 0)
        for tally, differing in zip(crossing.tallies[1:], crossing.differences, strict=True)
    )
    accuracies = tuple(accuracy_of_clusters(tally, number, 0) for tally in crossing.tallies)
    totals = np.asarray(accuracies[0].counts).sum(axis=0)
    true = np.flatnonzero(totals)
    check_common_classes(own, [classes[code] for code in true.tolist()], reference.source.title)
    cautions = list(class_cautions(own, classes, true))
    if question.design != NONE:
        cautions.insert(0, _no_sample(question.design, "is a raster"))
    left_out = {
        "reference pixels where a map is unclassified": crossing.unclassified,
        "pixels of the first map without a reference": crossing.unreferenced,
    }
    return ComparedMaps(
        maps=tuple(raster.source.title for raster in maps),
        reference=reference.source.title,
        design=NONE,
        classes=classes,
        accuracies=accuracies,
        gains=gains,
        units=int(totals.sum()),
        unit_name="pixel",
        clusters=first.shape[0],
        cluster_name=BLOCK,
        method=raster_words(crossing),
        test=_test_words(gains, BLOCK),
        cautions=tuple(cautions),
        left_out={text: count for text, count in left_out.items() if count},
    )


def _by_blocks(
    maps: Sequence[ClassRaster], found: PointsOnMaps, weights: Float64Array, blocks: Clusters
) -> str:
    """Return the gains of a probability sample with intervals by bootstrap, in words.

    The design alone gives the intervals above; these hold beside it what points of one place share.
    """
    if blocks.count < FEWEST_CLUSTERS:
        return ""
    first, *others = (mapped == found.true for mapped in found.mapped)
    what = (
        Text("{count:,} blocks of {side} pixels", count=blocks.count, side=blocks.side)
        if blocks.side
        else Text("{count:,} points", count=blocks.count)
    )
    gains = (gain_by_clusters(first, right, weights, blocks.members, 0) for right in others)
    words = [
        Text(
            "{title} {value} points{value_2}",
            title=raster.source.title,
            value=signed(100 * (gain.value or 0), 1),
            value_2=(
                ""
                if gain.low is None or gain.high is None
                else Text(
                    " ({value} to {value_2})",
                    value=signed(100 * gain.low, 1),
                    value_2=signed(100 * gain.high, 1),
                )
            ),
        )
        for raster, gain in zip(maps[1:], gains, strict=True)
    ]
    said = Text(
        "By drawing the {thing} anew instead, the gain in overall accuracy is: {words}.",
        thing=what,
        words="; ".join(words),
    )
    return " ".join(["", said, *held_words(blocks.count)])


def _differing(first: Int64Array, second: Int64Array, members: Int64Array) -> Float64Array:
    """Return units of each cluster that only the first map has right, and only the second (clusters, 2)."""
    only = [np.bincount(members, weights=right) for right in (first & ~second, second & ~first)]
    return np.stack(only, axis=1)


def _no_sample(design: str, what: str) -> str:
    return Text(
        "DESIGN is {design}, but the reference {thing}, which is no probability sample, so it was not used.",
        design=design,
        thing=what,
    )


def _test_words(gains: Sequence[Gain], cluster: str) -> str:
    return _TESTS[gains[0].test.name].format(cluster=cluster) if gains else ""


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
