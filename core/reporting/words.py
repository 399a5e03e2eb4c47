"""Sentences of a training report: interpretation of its figures, and cautions."""

from __future__ import annotations

import numpy as np

from ..assessment.bootstrap import FEWEST_CLUSTERS, REPLICATES, Estimate, coverage_words
from ..assessment.comparison import Significance
from ..assessment.evidence import Comparison, Evidence, Judgement
from ..classes import class_label
from ..text import counted, typeset
from ..uncertainty.calibration import Reliability
from ..uncertainty.conformal import MIN_CLUSTERS
from .training_results import TestOutcome, TrainingReport

# What a figure of held-out samples shows, by how they were held out.
_SHOWS = {
    "polygons": (
        "The test samples are whole polygons (or points) that training never saw. The figures say how well "
        "the model names the class of ground like that inside the polygons of this scene."
    ),
    "blocks": (
        "The test samples lie in whole blocks of ground that training never saw. The figures say how well "
        "the model does some way off from the ground that it was trained on, in the same scene."
    ),
    "field": (
        "The test samples belong to whole groups of your own that training never saw. The figures say how "
        "well the model does on a group that is new to it."
    ),
    "random": (
        "The test samples were drawn at random from among the neighbours of the training samples, so the "
        "model has seen most of the ground that it was tested on. The figures are optimistic and are no "
        "evidence of how well it does anywhere else."
    ),
}
_SHOWS_NOT = (
    "They are not the accuracy of a map. People label what is plain to see, so pixels at edges, mixed ones "
    "and kinds of ground that nobody labelled are missing here; for the accuracy and the areas of a map, "
    "compare it with an independent probability sample of reference points. Nor do they say how well the "
    "model does in another scene, season or year."
)
_SIGNIFICANT = 0.05
# Points that a table shows as 0.0.
_SAME = 0.05
# A class with fewer training samples, or training or test samples of fewer clusters, is rare.
_FEW_SAMPLES, _FEW_CLUSTERS, _MOST_RARE = 50, 3, 12
# A class of which this share is taken for one other, in this many samples at least, is confused with it.
_CONFUSED_SHARE, _CONFUSED_SAMPLES, _MOST_CONFUSED = 0.15, 5, 6
# Accuracy that a model may lose from training to validation before it has learnt by heart.
_GAP = 0.10
# Expected calibration error beyond which probabilities mislead.
_UNRELIABLE = 0.10


def summary_words(
    report: TrainingReport, judgement: Judgement | None, evidence: Evidence | None
) -> tuple[str, ...]:
    """Return what was done, what came of it, what that shows and what it does not."""
    design = report.design
    made = (
        f"{report.architecture} was trained to tell the land cover of a pixel from {report.looks_at}. "
        f"{len(design.codes):,} labelled pixels of {len(report.classes)} classes were used. {design.done}"
    )
    if judgement is None or evidence is None:
        return made, "No samples could be held out for a test: how good the model is, is not known."
    units = ""
    if evidence.clusters is not None and not evidence.are_points:
        units = f" from {counted(evidence.cluster_count, design.cluster_name)}"
    found = (
        f"It named the right class for {percent(judgement.overall)} of {len(evidence.reference):,} test "
        f"samples{units}{_range(judgement.overall, 100, ' %')}. Averaged over the classes, so that rare ones "
        f"count as much as common ones, F1 is {_figure(judgement.macro_f1)}{_range(judgement.macro_f1, 1)}."
    )
    return made, found, _SHOWS.get(design.method, ""), _SHOWS_NOT


def interval_words(evidence: Evidence, cluster_name: str) -> str:
    """Return how the intervals were made, or why there are none."""
    if evidence.clusters is None:
        return (
            "There are no 95 % intervals, because it is not known which samples belong together. "
            "Neighbouring pixels are alike, and an interval that took them for independent would be far too "
            "narrow."
        )
    number = evidence.cluster_count
    units = counted(number, cluster_name)
    if not evidence.has_intervals:
        return (
            f"There are no 95 % intervals, because the test samples come from {units} only; from fewer than "
            f"{FEWEST_CLUSTERS} nothing can be said of how far the figures may be off."
        )
    alike = f": pixels of one {cluster_name} are alike and do not count as separate evidence"
    return (
        f"The 95 % intervals come from drawing the {units} of the test {REPLICATES:,} times anew, with "
        f"replacement (expanded percentiles){'' if evidence.are_points else alike}. "
        f"{coverage_words(number, cluster_name)}"
    )


def comparison_words(comparison: Comparison, baseline: str, cluster_name: str) -> str:
    """Return which of the two models is better, and how sure that is."""
    gain = comparison.overall_gain
    points = 100 * (gain.value or 0.0)
    which = f"{abs(points):.1f} points {'above' if points > 0 else 'below'}"
    if abs(points) < _SAME:
        which = "the same as"
    head = f"The overall accuracy is {which} that of the baseline ({baseline})"
    if gain.low is not None and gain.high is not None:
        head += f", 95 % interval {typeset(100 * gain.low, 1)} to {typeset(100 * gain.high, 1)} points"
    test = comparison.test
    if test is None or test.p is None:
        return (
            f"{head}. Whether that is more than chance cannot be said without knowing which samples belong "
            "together."
        )
    if not test.first_only and not test.second_only:
        return f"{head}: both are right on the same test samples."
    verdict = (
        "The difference is more than chance explains."
        if test.p < _SIGNIFICANT
        else "That may well be chance: these test samples do not show that one model is better."
    )
    return (
        f"{head}. {test.first_only:,} test samples are right with this model alone, {test.second_only:,} "
        f"with the baseline alone; {_test_words(test, test.p, cluster_name)}. {verdict}"
    )


def set_words(test: TestOutcome, cluster_name: str) -> str:
    """Return where the limits of prediction sets come from, and what that means for their coverage.

    Args:
        test: With sets.
        cluster_name: What clusters are, in the singular.
    """
    if test.folds is None:
        source = (
            "The limits come from samples that the test does not use. The calibration was fitted to the same "
            "samples, so the sets may be slightly too small."
        )
    else:
        source = (
            "The limits of each fold come from the other folds. Those of the saved model come from all "
            "folds, that is, from other models: no theorem guarantees its coverage, which is near the one "
            "asked for as long as the saved model does about as well as the folds' models."
        )
    own = (
        f" A class has a limit of its own where it has enough samples from at least {MIN_CLUSTERS} "
        f"{cluster_name}s."
    )
    more = f" {test.limit_words}" if test.limit_words else ""
    alike = (
        f" Pixels of one {cluster_name} are alike, so the coverage is an average over {cluster_name}s, not "
        "that of each; with few of them it may be lower than asked for."
    )
    return f"{source}{own}{more}{alike}"


def percent(item: Estimate) -> str:
    """Return ``81.4 %``."""
    return "–" if item.value is None else f"{100 * item.value:.1f} %"


def _test_words(test: Significance, probability: float, cluster_name: str) -> str:
    p = "p < 0.001" if probability < 0.001 else f"p = {probability:.3f}"
    if test.name == "McNemar":
        return f"McNemar's exact test over the independent points: {p}"
    return (
        f"sign-flip test over {counted(test.units, cluster_name)}: {p} (McNemar's test is not given, because "
        f"it takes the pixels of one {cluster_name} for independent and would make any difference look "
        "certain)"
    )


def _range(item: Estimate, factor: int, unit: str = "") -> str:
    """Return `` (95 % interval 70.1 to 90.3 %)``; empty where there is none."""
    if item.low is None or item.high is None:
        return ""
    digits = 1 if factor == 100 else 3
    return f" (95 % interval {factor * item.low:.{digits}f} to {factor * item.high:.{digits}f}{unit})"


def _figure(item: Estimate) -> str:
    return "–" if item.value is None else f"{item.value:.3f}"


def cautions_of(
    report: TrainingReport, judgement: Judgement | None, reliable: Reliability | None
) -> tuple[str, ...]:
    """Return what to be careful about, whole sentences, the gravest first."""
    found = []
    if report.design.method == "random":
        found.append(
            "The split is random: neighbouring pixels stand on both sides of it, so all figures here are "
            "optimistic. Train again with SPLIT=auto for figures that can be defended."
        )
    found += report.design.cautions
    if report.test is None:
        found.append("There is no test: nothing here says how good the model is.")
    found += _rare_classes(report)
    if judgement is not None:
        found += _confused_classes(report, judgement)
    found += _overfitting(report)
    if reliable is not None:
        found += _unreliable(reliable)
    return tuple(dict.fromkeys((*found, *report.notes)))


def _rare_classes(report: TrainingReport) -> list[str]:
    parts = [name for name in ("training", "test") if name in report.design.part_names]
    rare = []
    for code, item in enumerate(report.classes):
        facts = [fact for name in parts if (fact := _rarity(report, code, name))]
        if facts:
            rare.append(f"{class_label(item)} ({', '.join(facts)})")
    if not rare:
        return []
    more = f"; and {len(rare) - _MOST_RARE} more" if len(rare) > _MOST_RARE else ""
    return [
        "Rare classes, whose figures could be quite different with other samples: "
        f"{'; '.join(rare[:_MOST_RARE])}{more}."
    ]


def _rarity(report: TrainingReport, code: int, part: str) -> str:
    """Return ``12 test samples from 1 polygon`` where these are few; empty where there are none at all."""
    design = report.design
    here = (design.codes == code) & (design.parts == design.part_names.index(part))
    samples = int(np.count_nonzero(here))
    if design.clusters is None:
        return counted(samples, f"{part} sample") if 0 < samples < _FEW_SAMPLES else ""
    clusters = len(np.unique(design.clusters[here]))
    if not samples or (samples >= _FEW_SAMPLES and clusters >= _FEW_CLUSTERS):
        return ""
    return f"{counted(samples, f'{part} sample')} from {counted(clusters, design.cluster_name)}"


def _confused_classes(report: TrainingReport, judgement: Judgement) -> list[str]:
    counts = np.asarray(judgement.confusion)
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    shares = wrong / totals
    often = np.argwhere((shares >= _CONFUSED_SHARE) & (wrong >= _CONFUSED_SAMPLES)).tolist()
    pairs = sorted(often, key=lambda pair: -float(shares[pair[0], pair[1]]))
    return [
        f"{class_label(report.classes[truth])} is often taken for {class_label(report.classes[guess])}: "
        f"{counts[truth, guess]:,} of {totals[truth, 0]:,} test samples ({shares[truth, guess]:.0%})."
        for truth, guess in pairs[:_MOST_CONFUSED]
    ]


def _overfitting(report: TrainingReport) -> list[str]:
    kept = [item for item in report.history if item.number == report.best_epoch]
    if not kept or kept[0].validation_accuracy is None:
        return []
    train, validation = kept[0].train_accuracy, kept[0].validation_accuracy
    if train - validation < _GAP:
        return []
    return [
        f"The model does {100 * (train - validation):.0f} points better on its training samples "
        f"({train:.1%}) than on validation ({validation:.1%}): it has partly learnt them by heart. More "
        "samples from more places help most."
    ]


def _unreliable(reliable: Reliability) -> list[str]:
    if reliable.calibration_error < _UNRELIABLE:
        return []
    filled = [item for item in reliable.bins if item.probability is not None and item.accuracy is not None]
    excess = sum(item.samples * ((item.probability or 0.0) - (item.accuracy or 0.0)) for item in filled)
    word = "too high" if excess > 0 else "too low"
    return [
        f"Its probabilities are {word}: by {100 * reliable.calibration_error:.0f} points on average. Do not "
        "read them as chances."
    ]
