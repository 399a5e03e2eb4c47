"""Content of an inspection of samples: what was found, and the sentences on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..arrays import Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate, Estimates
from ..classes import LandCoverClass, class_label
from ..samples.separability import GOOD_DISTANCE, POOR_DISTANCE, ClassCurve
from ..samples.spread import ClassSpread
from ..text import Text, fixed, joined
from ..training.importance import PermutationImportance
from ..training.learning_curve import LearningCurve
from ..training.suspects import Suspects
from .page import ReportClosing

MAX_LISTED = 50
"""Largest number of suspicious labels in the page; the layer and the table have all."""
# Largest number of pairs of classes that are named as confused.
_MAX_PAIRS = 10
# Smallest area or sample ratio between classes that is called unbalanced.
_UNBALANCED = 10.0
_FEW = 10
_SHRUNK = 0.05


@dataclass(frozen=True)
class SuspectLabel:
    """A polygon, a point or a block whose label looks wrong.

    Attributes:
        rank: Rank, 1 for the most suspicious.
        given: Class of its label.
        proposed: Class with the highest mean out-of-fold probability.
        probability: Mean out-of-fold probability of the given class.
        proposed_probability: Mean out-of-fold probability of the proposed class.
        samples: Number of its samples that were used.
    """

    rank: int
    given: LandCoverClass
    proposed: LandCoverClass
    probability: float
    proposed_probability: float
    samples: int


@dataclass(frozen=True)
class ChannelGroup:
    """Importance of bands and indices that were permuted together.

    Attributes:
        channels: Names of the bands and indices.
        fall: Fall of the overall accuracy of held-out samples.
    """

    channels: tuple[str, ...]
    fall: Estimate


@dataclass(frozen=True)
class LabelCheck:
    """Confusion of held-out samples.

    Attributes:
        matrix: Confusion matrix, labels in rows.
        overall_accuracy: Overall accuracy.
        f1: F1 of each class.
    """

    matrix: ConfusionMatrix
    overall_accuracy: Estimate
    f1: Estimates


@dataclass(frozen=True)
class SampleInspection:
    """Findings about samples, for the reports of an inspection and of a training.

    Attributes:
        classes: Classes of the samples.
        channels: Names of the bands, then of the indices.
        bands: Number of bands among the channels.
        unit_name: Kind of the units whose labels are judged, in the singular.
        cluster_name: Kind of the groups that are held out as a whole.
        spreads: Number, area and spread of the samples of each class.
        curves: Values of each class by channel.
        distances: Jeffries-Matusita distance of each pair of classes, 0 to 2.
        shrinkage: Shrinkage of the covariance of each class, 0 to 1.
        judged: Number of units whose label could be judged.
        doubtful: Number of units for which another class is more probable than that of the label.
        suspects: Units to check, the most suspicious first.
        importance: Importance of bands and indices, the largest first; empty where it was not measured.
        curve: Learning curve; None where it was not measured.
    """

    classes: tuple[LandCoverClass, ...]
    channels: tuple[str, ...]
    bands: int
    unit_name: str
    cluster_name: str
    spreads: tuple[ClassSpread, ...]
    curves: tuple[ClassCurve, ...]
    distances: tuple[tuple[float, ...], ...]
    shrinkage: tuple[float, ...]
    judged: int
    doubtful: int
    suspects: tuple[SuspectLabel, ...]
    importance: tuple[ChannelGroup, ...] = ()
    curve: LearningCurve | None = None

    @property
    def listed(self) -> tuple[SuspectLabel, ...]:
        """The suspicious labels in the page."""
        return self.suspects[:MAX_LISTED]

    @property
    def separability(self) -> str:
        """Method of the Jeffries-Matusita distances, whole sentences."""
        return _separability_note(self)

    def confused_pairs(self) -> tuple[tuple[float, LandCoverClass, LandCoverClass], ...]:
        """Return the pairs of classes below ``GOOD_DISTANCE`` with their distance, the nearest first."""
        pairs = [
            (self.distances[row][column], self.classes[row], self.classes[column])
            for row in range(len(self.classes))
            for column in range(row)
            if self.distances[row][column] < GOOD_DISTANCE
        ]
        return tuple(sorted(pairs, key=lambda pair: pair[0])[:_MAX_PAIRS])


def suspect_labels(suspects: Suspects, classes: Sequence[LandCoverClass]) -> tuple[SuspectLabel, ...]:
    """Return units to check as rows of a table.

    Args:
        suspects: Units, the most suspicious first.
        classes: Classes in the order of the codes.
    """
    return tuple(
        SuspectLabel(
            rank=number + 1,
            given=classes[int(suspects.given[number])],
            proposed=classes[int(suspects.proposed[number])],
            probability=float(suspects.probability[number]),
            proposed_probability=float(suspects.proposed_probability[number]),
            samples=int(suspects.counts[number]),
        )
        for number in range(len(suspects.units))
    )


def channel_importance(
    importance: PermutationImportance, groups: Int64Array, names: Sequence[str]
) -> tuple[ChannelGroup, ...]:
    """Return the importance of bands and indices, the largest first.

    Args:
        importance: Tally of all folds.
        groups: Group of each sample that was held out as a whole, int64, shape (N,).
        names: Names of the channels.
    """
    return tuple(
        ChannelGroup(tuple(names[place] for place in item.channels), item.fall)
        for item in importance.results(groups)
    )


@dataclass(frozen=True)
class InspectionContent(ReportClosing):
    """Content of the report of an inspection. The names, with those of ``found``, are keys in its JSON.

    Attributes:
        raster: User's name of the raster.
        labels: User's names of the label layers.
        found: What was found about the samples.
        samples: Number of usable samples.
        used: Number of samples that were drawn for curves, distances and models.
        units: Number of polygons, points, or blocks of a class.
        clusters: Number of groups that are held out as a whole.
        check: Confusion of held-out samples; None where nothing could be held out.
    """

    raster: str
    labels: str
    found: SampleInspection
    samples: int
    used: int
    units: int
    clusters: int
    check: LabelCheck | None

    def findings(self) -> tuple[str, ...]:
        """Return what the inspection found, whole sentences for the top of the page and for the log."""
        return (*self._about_labels(), *self._about_classes(), *self._about_more())

    def lines(self) -> tuple[str, ...]:
        """Return the findings as lines of text for the log."""
        return self.findings()

    def _about_labels(self) -> list[str]:
        lines: list[str] = [
            Text(
                "{count:,} of {total:,} {unit}s have labels to check: another class is more probable.",
                count=self.found.doubtful,
                total=self.found.judged,
                unit=Text(self.found.unit_name),
            )
        ]
        if self.check is not None:
            lines.append(
                Text(
                    "Held-out samples have an overall accuracy of {accuracy} %. Trees on single pixels reach "
                    "it; a trained model may do better.",
                    accuracy=self.check.overall_accuracy.text(1, 100),
                )
            )
            if self.used < self.samples:
                lines.append(
                    Text(
                        "A class counts there with the samples that were used, {most:,} at most, and not "
                        "with its part of the labels.",
                        most=int(self.check.matrix.reference_totals.max()),
                    )
                )
        return lines

    def _about_classes(self) -> list[str]:
        lines: list[str] = []
        pairs = self.found.confused_pairs()
        if pairs:
            lines.append(
                Text(
                    "Pairs of classes that overlap most (Jeffries-Matusita distance, of at most 2): {pairs}.",
                    pairs=joined(
                        (
                            Text(
                                "{first} and {second} {distance}",
                                first=first.name,
                                second=second.name,
                                distance=fixed(distance, 2),
                            )
                            for distance, first, second in pairs[:3]
                        ),
                        ", ",
                    ),
                )
            )
        few = [
            item.name
            for item, spread in zip(self.found.classes, self.found.spreads, strict=True)
            if spread.polygons < _FEW
        ]
        if few and self.found.unit_name != "block":
            lines.append(
                Text(
                    "Classes with fewer than {few} {unit}s: {names}. Their figures are uncertain.",
                    few=_FEW,
                    unit=Text(self.found.unit_name),
                    names=", ".join(few),
                )
            )
        counts = [spread.samples for spread in self.found.spreads]
        if max(counts) > _UNBALANCED * min(counts):
            lines.append(
                Text(
                    "The largest class has {times:,.0f} times as many samples as the smallest one.",
                    times=max(counts) / min(counts),
                )
            )
        return lines

    def _about_more(self) -> list[str]:
        lines: list[str] = []
        curve = self.found.curve
        if curve is None:
            return lines
        gain = curve.last_doubling
        if gain.value is not None:
            known = gain.low is not None and gain.high is not None
            lines.append(
                Text(
                    "Twice as many {unit}s, from half of them to all, raised the overall accuracy by {gain} "
                    "percentage points (95 % interval {ends}).",
                    unit=Text(self.found.cluster_name),
                    gain=fixed(100 * gain.value, 1),
                    ends=gain.interval_text(1, 100, has_sign=True),
                )
                if known
                else Text(
                    "Twice as many {unit}s, from half of them to all, raised the overall accuracy by {gain} "
                    "percentage points; there are too few for an interval.",
                    unit=Text(self.found.cluster_name),
                    gain=fixed(100 * gain.value, 1),
                )
            )
        doubled = curve.doubled
        if doubled.value is not None and doubled.low is not None:
            lines.append(
                Text(
                    "If the curve goes on as a power law, twice as many {unit}s as now give {value} % (95 % "
                    "interval {ends} %). This is an extrapolation.",
                    unit=Text(self.found.cluster_name),
                    value=fixed(100 * doubled.value, 1),
                    ends=doubled.interval_text(1, 100),
                )
            )
        elif curve.points:
            lines.append(
                Text(
                    "How the accuracy goes on beyond the last point is not known: it does not rise clearly "
                    "from the first point to the last, so no power law is fitted."
                )
            )
        return lines


def _separability_note(content: SampleInspection) -> str:
    """Return the method of the Jeffries-Matusita distances, whole sentences."""
    shrunk = [
        class_label(item)
        for item, amount in zip(content.classes, content.shrinkage, strict=True)
        if amount > _SHRUNK
    ]
    sentences = [
        Text(
            "J = 2 (1 - exp(-B)) with the Bhattacharyya distance B of two normal distributions (Richards "
            "2013, section 10.2); its square root is the form of Bruzzone et al. (1995). 2 is no overlap; "
            "from {good} classes are usually called separable, below {poor} not. It is computed from the "
            "bands without the indices.",
            good=GOOD_DISTANCE,
            poor=fixed(POOR_DISTANCE, 1),
        ),
        Text("Covariances are shrunk towards equal variances by the intensity of Ledoit and Wolf (2004)."),
    ]
    if shrunk:
        sentences.append(
            Text(
                "The shrinkage is above {limit:.0%} for {classes}, so their distances depend on it.",
                limit=_SHRUNK,
                classes=", ".join(shrunk),
            )
        )
    sentences.append(
        Text(
            "Classes of several kinds of cover are not normally distributed; then the confusion of held-out "
            "samples says more."
        )
    )
    return joined(sentences)
