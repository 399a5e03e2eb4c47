"""Sentences of a training report: summary, methods, accuracy and its scope, comparison, and warnings.

Each function returns templates with values (``core.text``), which the report's language translates. The
figures come from ``core.reporting.training_content``.

>>> accuracy_headline(report, accuracy, evaluation)   # 95.6 % of held-out polygons, not of the map
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..assessment.bootstrap import MIN_CLUSTERS, REPLICATES, describe_coverage
from ..assessment.comparison import Significance
from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate
from ..assessment.model_accuracy import EvaluationSet, ModelAccuracy, ModelComparison
from ..classes import class_label
from ..text import Text, counted, fixed, joined
from ..uncertainty.calibration import Reliability
from ..uncertainty.conformal import MIN_CLUSTERS as MIN_LIMIT_CLUSTERS
from .member_content import describe_combination, describe_members
from .training_results import ClassSamples, HeldOutTest, SampleDesign, TrainingReport

_SCOPES = {
    "polygons": Text(
        "The test samples are whole polygons (or points) that were not used in training. The figures "
        "describe the accuracy inside similar polygons of this scene."
    ),
    "blocks": Text(
        "The test samples lie in whole square blocks that were not used in training. The figures describe "
        "the accuracy in the same scene at some distance from the training samples."
    ),
    "field": Text(
        "The test samples belong to whole groups of your field that were not used in training. The figures "
        "describe the accuracy in a new group."
    ),
    "random": Text(
        "The test samples were drawn at random and are neighbours of the training samples. The figures are "
        "therefore optimistic and do not describe the accuracy elsewhere."
    ),
}
"""Scope of the held-out figures by split method."""
_LIMITS_OF_SCOPE = Text(
    "They are not the accuracy of a map. Labels are usually placed where the class is obvious, so edges, "
    "mixed pixels and land cover without labels are missing here. For the accuracy and the areas of a map, "
    "compare it with an independent probability sample of reference points. The figures do not "
    "describe the accuracy in another scene, season or year."
)
_SIGNIFICANCE_LEVEL = 0.05
# Gains in percentage points below which a table shows 0.0.
_MIN_GAIN_POINTS = 0.05
# A class with fewer samples in training or test is rare; one of fewer clusters is trained or tested in few.
_MIN_SAMPLES, _MIN_SAMPLE_CLUSTERS = 50, 3
_MAX_RARE_CLASSES = 12
_PART_SAMPLES = {
    "training": (Text("1 training sample"), Text("{count:,} training samples")),
    "test": (Text("1 test sample"), Text("{count:,} test samples")),
}
# Two classes are confused where at least this fraction and number of samples of one have the other class.
_MIN_CONFUSED_FRACTION, _MIN_CONFUSED_SAMPLES = 0.15, 5
_MAX_CONFUSED_PAIRS = 6
# Difference of training and validation accuracy from which on the model overfits.
_MIN_OVERFITTING_GAP = 0.10
# Expected calibration error from which on there is a warning.
_MIN_CALIBRATION_ERROR = 0.10


def summary_paragraphs(
    report: TrainingReport, accuracy: ModelAccuracy | None, evaluation: EvaluationSet | None
) -> tuple[str, ...]:
    """Return a paragraph each on the training, its result, and the scope of the figures.

    Args:
        report: Results of the training.
        accuracy: Accuracy on the test samples; None without a test.
        evaluation: Test samples; None without a test.
    """
    design = report.design
    training = joined(
        [
            Text(
                "The model ({architecture}) was trained to classify a pixel from {inputs}.",
                architecture=report.architecture,
                inputs=report.looks_at,
            ),
            Text(
                "{count:,} labelled pixels of {classes} classes were used.",
                count=len(design.codes),
                classes=len(report.classes),
            ),
            *describe_combination(report),
            *describe_members(report.members),
            design.done,
        ]
    )
    if accuracy is None or evaluation is None:
        return training, Text(
            "No samples were held out for a test, so the accuracy of the model is not known."
        )
    samples = Text("{count:,} test samples", count=len(evaluation.reference))
    if evaluation.clusters is not None and not evaluation.are_points:
        clusters = counted(evaluation.cluster_count, design.cluster_name)
        samples = Text("{samples} from {clusters}", samples=samples, clusters=clusters)
    figures = {
        "accuracy": Estimate(accuracy.overall.value).text(1, 100),
        "samples": samples,
        "range": _percent_interval(accuracy.overall),
    }
    tested = Text("The model classified {accuracy} % of {samples} correctly{range}.", **figures)
    if report.test is not None and report.test.folds is not None:
        tested = Text(
            "Each sample was tested by the model of its fold. These models classified {accuracy} % of "
            "{samples} correctly{range}.",
            **figures,
        )
    elif report.test is not None and report.test.is_refitted:
        tested = Text(
            "The model before the saved one classified {accuracy} % of {samples} correctly{range}.", **figures
        )
    macro = Text(
        "The mean F1 of the classes, in which rare and common classes have the same weight, is {macro_f1}"
        "{range}.",
        macro_f1=Estimate(accuracy.macro_f1.value).text(),
        range=_interval(accuracy.macro_f1),
    )
    return training, joined([tested, macro]), _SCOPES.get(design.method, ""), _LIMITS_OF_SCOPE


def methods_paragraph(report: TrainingReport, accuracy: ModelAccuracy | None, test_samples: int) -> str:
    """Return a paragraph on the training for a publication.

    Args:
        report: Results of the training.
        accuracy: Accuracy on the test samples; None without a test.
        test_samples: Number of test samples.
    """
    design = report.design
    version = report.versions.get("deep_land_cover", report.provenance.versions.get("deep_land_cover", ""))
    sentences = [
        Text(
            "A model ({architecture}) was trained with Deep Land Cover {version} to classify pixels from "
            "{inputs}, with {count:,} labelled pixels of {classes} classes and the seed {seed}.",
            architecture=report.architecture,
            version=version,
            inputs=report.looks_at,
            count=len(design.codes),
            classes=len(report.classes),
            seed=report.seed,
        ),
        *describe_combination(report),
        *describe_members(report.members),
        design.done,
    ]
    if accuracy is not None:
        sentences.append(
            Text(
                "On {count:,} held-out samples, overall accuracy was {accuracy} %{range} and the mean F1 "
                "of the classes {macro_f1}. This is not the accuracy of a map.",
                count=test_samples,
                accuracy=Estimate(accuracy.overall.value).text(1, 100),
                range=_percent_interval(accuracy.overall),
                macro_f1=Estimate(accuracy.macro_f1.value).text(),
            )
        )
    return joined(sentences)


def accuracy_headline(report: TrainingReport, accuracy: ModelAccuracy, evaluation: EvaluationSet) -> str:
    """Return the overall accuracy, such as ``95.6 % of held-out polygons, not of the map``.

    Args:
        report: Results of the training.
        accuracy: Accuracy on the test samples.
        evaluation: Test samples.
    """
    return Text(
        "{accuracy} % of held-out {unit}s, not of the map",
        accuracy=Estimate(accuracy.overall.value).text(1, 100),
        unit=Text(report.design.cluster_name) if evaluation.clusters is not None else Text("pixel"),
    )


def _percent_interval(figure: Estimate) -> str:
    """Return `` (95 % interval 70.1 to 90.3 %)``; empty without an interval."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = fixed(100 * figure.low, 1), fixed(100 * figure.high, 1)
    return Text(" (95 % interval {low} to {high} %)", low=low, high=high)


def _interval(figure: Estimate) -> str:
    """Return `` (95 % interval 0.701 to 0.903)``; empty without an interval."""
    if figure.low is None or figure.high is None:
        return ""
    return Text(" (95 % interval {low} to {high})", low=fixed(figure.low, 3), high=fixed(figure.high, 3))


def describe_intervals(evaluation: EvaluationSet, cluster_name: str) -> str:
    """Return the origin of the confidence intervals, or the reason why there are none.

    Args:
        evaluation: Test samples.
        cluster_name: Kind of the clusters in the singular, such as ``polygon``.
    """
    if evaluation.clusters is None:
        return Text(
            "There are no 95 % confidence intervals, because it is not known which samples belong together. "
            "Neighbouring pixels are correlated, and intervals that assume independence would be far too "
            "narrow."
        )
    number = evaluation.cluster_count
    clusters = counted(number, cluster_name)
    if not evaluation.has_intervals:
        return Text(
            "There are no 95 % confidence intervals, because the test samples come from only {clusters}; at "
            "least {least} are required.",
            clusters=clusters,
            least=MIN_CLUSTERS,
        )
    bootstrap = Text(
        "The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the {clusters} "
        "of the test are resampled with replacement (expanded percentiles).",
        replicates=REPLICATES,
        clusters=clusters,
    )
    if not evaluation.are_points:
        bootstrap = Text(
            "The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the "
            "{clusters} of the test are resampled with replacement (expanded percentiles), because pixels of "
            "one {cluster} are correlated.",
            replicates=REPLICATES,
            clusters=clusters,
            cluster=Text(cluster_name),
        )
    return joined([bootstrap, describe_coverage(number, cluster_name)])


def describe_comparison(comparison: ModelComparison, baseline: str, cluster_name: str) -> str:
    """Return the gain in overall accuracy over the baseline, and whether it is significant.

    Args:
        comparison: Gains of the model over the baseline.
        baseline: Title of the baseline model.
        cluster_name: Kind of the clusters in the singular, such as ``polygon``.
    """
    gain = comparison.overall_gain
    points = 100 * (gain.value or 0.0)
    values = {"points": fixed(abs(points), 1), "baseline": baseline}
    if abs(points) < _MIN_GAIN_POINTS:
        head = Text(
            "The overall accuracy is the same as that of the baseline ({baseline})", baseline=baseline
        )
    elif points > 0:
        head = Text(
            "The overall accuracy is {points} points above that of the baseline ({baseline})", **values
        )
    else:
        head = Text(
            "The overall accuracy is {points} points below that of the baseline ({baseline})", **values
        )
    if ends := gain.interval_text(1, 100, has_sign=True):
        head = Text("{head}, 95 % interval {ends} points", head=head, ends=ends)
    test = comparison.test
    if test is None or test.p is None:
        return Text(
            "{head}. The significance of the difference is not known, because it is not known which samples "
            "belong together.",
            head=head,
        )
    if not test.first_only and not test.second_only:
        return Text("{head}: both classify the same test samples correctly.", head=head)
    counts = Text(
        "{head}. {first:,} test samples are correct only with this model, {second:,} only with the baseline; "
        "{test}.",
        head=head,
        first=test.first_only,
        second=test.second_only,
        test=_describe_test(test, cluster_name),
    )
    verdict = (
        Text("The difference is significant.")
        if test.p < _SIGNIFICANCE_LEVEL
        else Text(
            "The difference is not significant: these test samples do not show that one model is better."
        )
    )
    return joined([counts, verdict])


def _describe_test(test: Significance, cluster_name: str) -> str:
    p = test.p_text
    if test.name == "McNemar":
        return Text("McNemar’s exact test over the independent points: {p}", p=p)
    return Text(
        "sign-flip test over {clusters}: {p} (McNemar’s test is not given, because it assumes that the "
        "pixels of one {cluster} are independent and would make any difference appear significant)",
        clusters=counted(test.units, cluster_name),
        p=p,
        cluster=Text(cluster_name),
    )


def describe_set_limits(test: HeldOutTest, cluster_name: str) -> str:
    """Return the origin of the limits of prediction sets, and what it means for the coverage.

    Args:
        test: Predictions for the test samples.
        cluster_name: Kind of the clusters in the singular, such as ``polygon``.
    """
    if test.folds is None and test.is_refitted:
        source = Text(
            "The limits come from samples that are not in the test, and the calibration was fitted to the "
            "same samples, so the sets may be slightly too small. Both belong to the model before the saved "
            "one: the coverage of the saved one is close to the requested one where it is about as accurate."
        )
    elif test.folds is None:
        source = Text(
            "The limits come from samples that are not in the test. The calibration was fitted to the same "
            "samples, so the sets may be slightly too small."
        )
    else:
        source = Text(
            "The limits of each fold come from the other folds. Those of the saved model come from all "
            "folds, that is, from other models: its coverage is not guaranteed by a theorem. It is close to "
            "the requested one where the saved model is about as accurate as the models of the folds."
        )
    cluster = Text(cluster_name)
    own = Text(
        "A class has a limit of its own where it has enough samples from at least {count} {cluster}s.",
        count=MIN_LIMIT_CLUSTERS,
        cluster=cluster,
    )
    average = Text(
        "Pixels of one {cluster} are correlated, so the coverage is an average over {cluster}s, not that of "
        "each; with few of them it may be lower than requested.",
        cluster=cluster,
    )
    return joined(filter(None, (source, own, test.limit_note, average)))


def caution_sentences(
    report: TrainingReport,
    classes: Sequence[ClassSamples],
    accuracy: ModelAccuracy | None,
    reliable: Reliability | None,
) -> tuple[str, ...]:
    """Return warnings for the reader as whole sentences, the most important first.

    Args:
        report: Results of the training.
        classes: Samples of each class, in the order of the codes.
        accuracy: Accuracy on the test samples; None without a test.
        reliable: Reliability of the probabilities; None without a test.
    """
    cautions: list[str] = []
    if report.design.method == "random":
        cautions.append(
            Text(
                "The split is random: neighbouring pixels are in both training and test, so all figures here "
                "are optimistic. Train again with SPLIT=auto for reliable figures."
            )
        )
    cautions += report.design.cautions
    if report.test is None:
        cautions.append(Text("There is no test, so the accuracy of the model is not known."))
    cautions += _rare_classes(report, classes)
    if accuracy is not None:
        cautions += _confused_classes(report, accuracy.confusion)
    cautions += _overfitting(report)
    if reliable is not None:
        cautions += _unreliable(reliable)
    return tuple(dict.fromkeys((*cautions, *report.notes)))


def _rare_classes(report: TrainingReport, classes: Sequence[ClassSamples]) -> list[str]:
    design = report.design
    parts = [number for number, name in enumerate(design.part_names) if name in ("training", "test")]
    rare, few = list[str](), dict[str, list[str]]()
    for item, samples in zip(report.classes, classes, strict=True):
        name = class_label(item)
        facts = [_describe_part(design, samples, part) for part in parts if _is_rare(samples, part)]
        if facts:
            rare.append(Text("{name} ({facts})", name=name, facts=joined(facts, ", ")))
        for part in parts:
            if not _is_rare(samples, part) and _is_in_few_clusters(samples, part):
                fact = _describe_part(design, samples, part)
                few.setdefault(design.part_names[part], []).append(
                    Text("{name} ({facts})", name=name, facts=fact)
                )
    cluster = Text(design.cluster_name)
    heads = {
        "training": Text(
            "Classes trained on few {cluster}s, which may not show all their forms", cluster=cluster
        ),
        "test": Text(
            "Classes tested in few {cluster}s, whose figures may be quite different in others",
            cluster=cluster,
        ),
    }
    return [
        *_listed(Text("Rare classes, whose figures may be quite different with other samples"), rare),
        *(text for part, head in heads.items() for text in _listed(head, few.get(part, []))),
    ]


def _listed(head: str, items: Sequence[str]) -> list[str]:
    """Return ``HEAD: a; b; and 3 more.``; nothing without items."""
    if not items:
        return []
    others = len(items) - _MAX_RARE_CLASSES
    listed = joined(items[:_MAX_RARE_CLASSES], "; ")
    if others > 0:
        listed = Text("{items}; and {count} more", items=listed, count=others)
    return [Text("{head}: {items}.", head=head, items=listed)]


def _is_rare(item: ClassSamples, part: int) -> bool:
    return 0 < item.samples[part] < _MIN_SAMPLES


def _is_in_few_clusters(item: ClassSamples, part: int) -> bool:
    return item.clusters is not None and 0 < item.clusters[part] < _MIN_SAMPLE_CLUSTERS


def _describe_part(design: SampleDesign, item: ClassSamples, part: int) -> str:
    """Return ``12 test samples from 1 polygon``."""
    number = item.samples[part]
    one, many = _PART_SAMPLES[design.part_names[part]]
    samples = one if number == 1 else Text(many, count=number)
    if item.clusters is None:
        return samples
    clusters = counted(item.clusters[part], design.cluster_name)
    return Text("{samples} from {clusters}", samples=samples, clusters=clusters)


def _confused_classes(report: TrainingReport, confusion: ConfusionMatrix) -> list[str]:
    counts = confusion.counts.astype(np.int64)
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    fractions = wrong / totals
    is_confused = (fractions >= _MIN_CONFUSED_FRACTION) & (wrong >= _MIN_CONFUSED_SAMPLES)
    pairs = sorted(np.argwhere(is_confused).tolist(), key=lambda pair: -float(fractions[pair[0], pair[1]]))
    return [
        Text(
            "{true_class} is often confused with {other}: {count:,} of {total:,} test samples "
            "({fraction:.0%}).",
            true_class=class_label(report.classes[truth]),
            other=class_label(report.classes[guess]),
            count=counts[truth, guess],
            total=totals[truth, 0],
            fraction=fractions[truth, guess],
        )
        for truth, guess in pairs[:_MAX_CONFUSED_PAIRS]
    ]


def _overfitting(report: TrainingReport) -> list[str]:
    best = [item for item in report.history if item.number == report.best_epoch]
    if not best or best[0].validation_accuracy is None:
        return []
    train, validation = best[0].train_accuracy, best[0].validation_accuracy
    if train - validation < _MIN_OVERFITTING_GAP:
        return []
    return [
        Text(
            "The accuracy is {points:.0f} points higher on the training samples ({training:.1%}) than on "
            "validation ({validation:.1%}): the model is overfitting. More samples from more locations help "
            "most.",
            points=100 * (train - validation),
            training=train,
            validation=validation,
        )
    ]


def _unreliable(reliable: Reliability) -> list[str]:
    if reliable.calibration_error < _MIN_CALIBRATION_ERROR:
        return []
    filled = [item for item in reliable.bins if item.probability is not None and item.accuracy is not None]
    excess = sum(item.samples * ((item.probability or 0.0) - (item.accuracy or 0.0)) for item in filled)
    return [
        Text(
            "The probabilities are {direction}, by {points:.0f} points on average. They do not show how "
            "often a class is correct.",
            direction=Text("too high") if excess > 0 else Text("too low"),
            points=100 * reliable.calibration_error,
        )
    ]
