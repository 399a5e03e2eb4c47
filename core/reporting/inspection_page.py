"""Report of an inspection of samples: content, page, JSON file and figures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate, Estimates
from ..classes import LandCoverClass, class_label
from ..files import figure_folder, partial_file
from ..progress import Progress
from ..provenance import Provenance
from ..samples.separability import GOOD_DISTANCE, POOR_DISTANCE, ClassCurve
from ..samples.spread import ClassSpread
from ..text import Text, fixed, joined
from ..training.learning_curve import LearningCurve
from ..values import to_plain
from .charts import draw_class_scores, draw_confusion
from .figure import Picture, figure_labels, figure_style
from .inspection_charts import (
    MAX_CURVES,
    draw_importance,
    draw_learning_curve,
    draw_separability,
    draw_spectra,
)
from .language import say
from .page import software_sentence, write_report

MAX_LISTED = 50
"""Largest number of suspicious labels in the page; the layer and the table have all."""
# Largest number of pairs of classes that are named as confused.
_MAX_PAIRS = 10
# Smallest area or sample ratio between classes that is called unbalanced.
_UNBALANCED = 10.0
_FEW = 10
_SHRUNK = 0.05
UNITS = {
    "polygon": Text("number of training polygons"),
    "point": Text("number of training points"),
    "block": Text("number of training blocks"),
    "group": Text("number of training groups"),
}


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
class InspectionContent:
    """Content of the report of an inspection. The names are keys in its JSON.

    Attributes:
        raster: User's name of the raster.
        labels: User's names of the label layers.
        classes: Classes of the samples.
        channels: Names of the bands, then of the indices.
        bands: Number of bands among the channels.
        unit_name: Kind of the units whose labels are judged, in the singular.
        cluster_name: Kind of the groups that are held out as a whole.
        samples: Number of usable samples.
        used: Number of samples that were drawn for curves, distances and models.
        units: Number of polygons, points, or blocks of a class.
        judged: Number of units whose label could be judged.
        clusters: Number of groups that are held out as a whole.
        spreads: Number, area and spread of the samples of each class.
        curves: Values of each class by channel.
        distances: Jeffries-Matusita distance of each pair of classes, 0 to 2.
        shrinkage: Shrinkage of the covariance of each class, 0 to 1.
        check: Confusion of held-out samples; None where nothing could be held out.
        doubtful: Number of units for which another class is more probable than that of the label.
        suspects: Units to check, the most suspicious first.
        importance: Importance of bands and indices, the largest first.
        curve: Learning curve.
        cautions: Warnings for the reader, whole sentences.
        left_out: Empty; pages of all reports have it.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
    """

    raster: str
    labels: str
    classes: tuple[LandCoverClass, ...]
    channels: tuple[str, ...]
    bands: int
    unit_name: str
    cluster_name: str
    samples: int
    used: int
    units: int
    judged: int
    clusters: int
    spreads: tuple[ClassSpread, ...]
    curves: tuple[ClassCurve, ...]
    distances: tuple[tuple[float, ...], ...]
    shrinkage: tuple[float, ...]
    check: LabelCheck | None
    doubtful: int
    suspects: tuple[SuspectLabel, ...]
    importance: tuple[ChannelGroup, ...]
    curve: LearningCurve
    cautions: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def listed(self) -> tuple[SuspectLabel, ...]:
        """The suspicious labels in the page."""
        return self.suspects[:MAX_LISTED]

    @property
    def separability(self) -> str:
        """How the Jeffries-Matusita distances were computed."""
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
                count=self.doubtful,
                total=self.judged,
                unit=Text(self.unit_name),
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
        pairs = self.confused_pairs()
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
            for item, spread in zip(self.classes, self.spreads, strict=True)
            if spread.polygons < _FEW
        ]
        if few and self.unit_name != "block":
            lines.append(
                Text(
                    "Classes with fewer than {few} {unit}s: {names}. Their figures are uncertain.",
                    few=_FEW,
                    unit=Text(self.unit_name),
                    names=", ".join(few),
                )
            )
        counts = [spread.samples for spread in self.spreads]
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
        gain = self.curve.last_doubling
        if gain.value is not None:
            known = gain.low is not None and gain.high is not None
            lines.append(
                Text(
                    "Twice as many {unit}s, from half of them to all, raised the overall accuracy by {gain} "
                    "percentage points (95 % interval {ends}).",
                    unit=Text(self.cluster_name),
                    gain=fixed(100 * gain.value, 1),
                    ends=gain.interval_text(1, 100, has_sign=True),
                )
                if known
                else Text(
                    "Twice as many {unit}s, from half of them to all, raised the overall accuracy by {gain} "
                    "percentage points; there are too few for an interval.",
                    unit=Text(self.cluster_name),
                    gain=fixed(100 * gain.value, 1),
                )
            )
        doubled = self.curve.doubled
        if doubled.value is not None and doubled.low is not None:
            lines.append(
                Text(
                    "If the curve goes on as a power law, twice as many {unit}s as now give {value} % (95 % "
                    "interval {ends} %). This is an extrapolation.",
                    unit=Text(self.cluster_name),
                    value=fixed(100 * doubled.value, 1),
                    ends=doubled.interval_text(1, 100),
                )
            )
        elif self.curve.points:
            lines.append(
                Text(
                    "How the accuracy goes on beyond the last point is not known: it does not rise clearly "
                    "from the first point to the last, so no power law is fitted."
                )
            )
        return lines


def _separability_note(content: InspectionContent) -> str:
    """Return how the Jeffries-Matusita distances were computed."""
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
            "samples below says more."
        )
    )
    return joined(sentences)


def inspection_methods(content: InspectionContent) -> str:
    """Return the paragraph on the inspection for a publication."""
    sentences: list[str] = [
        Text(
            "{samples:,} samples of {units:,} {unit}s were inspected. Extra trees (Geurts et al. 2006) on "
            "the bands and indices of single pixels were grown in five folds, three times, in which whole "
            "{cluster}s were held out. The label of a {unit} counts as suspicious where the mean out-of-fold "
            "probability of another class is higher.",
            samples=content.samples,
            units=content.units,
            unit=Text(content.unit_name),
            cluster=Text(content.cluster_name),
        )
    ]
    if content.check is not None:
        sentences.append(
            Text(
                "The overall accuracy of held-out samples was {accuracy} %.",
                accuracy=content.check.overall_accuracy.text(1, 100),
            )
        )
    sentences.append(
        Text(
            "Separability was measured by the Jeffries-Matusita distance (Richards 2013), importance by "
            "permutation on held-out samples (Breiman 2001), where bands and indices with a rank correlation "
            "above 0.9 were permuted together. Intervals are of resampled {cluster}s.",
            cluster=Text(content.cluster_name),
        )
    )
    return joined([*sentences, software_sentence(content.provenance)])


def write_inspection_report(path: Path, content: InspectionContent, progress: Progress) -> None:
    """Write the page of an inspection, its JSON file, figures and tables.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    texts = [content.raster, *(class_label(item) for item in content.classes), *content.channels]
    with figure_style(texts) as chain:
        labels = figure_labels(content.classes, chain)
        pictures = _pictures(content, labels)
        methods = inspection_methods(content)
        document = {
            **to_plain(
                content,
                {
                    Estimate: lambda item: {
                        key: getattr(item, key) for key in ("value", "error", "low", "high")
                    },
                    ConfusionMatrix: lambda item: item.to_rows(),
                },
            ),
            "findings": [str(line) for line in content.findings()],
            "methods": str(methods),
        }
        write_report(path, "inspection.html", content, document, pictures, progress, methods)
    _write_curves(figure_folder(path) / "curves.csv", content, progress)


def _pictures(content: InspectionContent, labels: Sequence[str]) -> list[Picture]:
    colors = [item.color for item in content.classes]
    pictures = []
    for name, start, stop, caption in (
        (
            "spectra",
            0,
            content.bands,
            Text("Mean of each class by band, and the range of 90 % of its samples; grey: other classes."),
        ),
        (
            "indices",
            content.bands,
            len(content.channels),
            Text("Mean of each class by index, and the range of 90 % of its samples; grey: other classes."),
        ),
    ):
        if stop == start:
            continue
        curves = [
            ClassCurve(item.mean[start:stop], item.low[start:stop], item.high[start:stop])
            for item in content.curves
        ]
        if len(curves) > MAX_CURVES:
            caption = joined((caption, Text("The first {count} classes are drawn.", count=MAX_CURVES)))
        figure = draw_spectra(curves, content.channels[start:stop], labels, colors, name == "spectra")
        pictures.append(
            Picture(name, caption, Text("Curves of the classes; the numbers are in curves.csv"), figure)
        )
    pictures.append(
        Picture(
            "separability",
            Text(
                "Jeffries-Matusita distance of each pair of classes. Dark: they overlap; bold: below {good}.",
                good=GOOD_DISTANCE,
            ),
            Text("Matrix of the distances between classes; the numbers are in the JSON file"),
            draw_separability(content.distances, labels, GOOD_DISTANCE, POOR_DISTANCE),
        )
    )
    if content.check is not None:
        pictures += [
            Picture(
                "confusion",
                Text(
                    "Labels (rows) and classes of models that were grown without the {unit} (columns).",
                    unit=Text(content.cluster_name),
                ),
                Text("Confusion matrix of held-out samples; the numbers are in the JSON file"),
                draw_confusion(content.check.matrix.to_rows(), labels, Text("label"), Text("predicted")),
            ),
            Picture(
                "class_scores",
                Text("F1 of each class on held-out samples, with its 95 % interval."),
                Text("Chart of the F1 of each class; the numbers are in the table"),
                draw_class_scores(content.check.f1, labels, colors, None, ""),
            ),
        ]
    if content.importance:
        pictures.append(
            Picture(
                "importance",
                Text("Importance of bands and indices; those on one line were permuted together."),
                Text("Bars of the importance; the numbers are in the table"),
                draw_importance(
                    [", ".join(item.channels) for item in content.importance],
                    [item.fall for item in content.importance],
                ),
            )
        )
    if content.curve.points:
        pictures.append(
            Picture(
                "learning_curve",
                Text(
                    "Overall accuracy of the same held-out samples, with a part of the training {unit}s.",
                    unit=Text(content.cluster_name),
                ),
                Text("Learning curve; the numbers are in the table"),
                draw_learning_curve(content.curve, say(UNITS[content.cluster_name])),
            )
        )
    return pictures


def _write_curves(path: Path, content: InspectionContent, progress: Progress) -> None:
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["value", "name", "channel", "mean", "p5", "p95"])
        for item, curve in zip(content.classes, content.curves, strict=True):
            for row in zip(content.channels, curve.mean, curve.low, curve.high, strict=True):
                writer.writerow([item.value, item.name, row[0], *(f"{number:.6g}" for number in row[1:])])
