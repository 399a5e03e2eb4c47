"""What a training's figures mean, in plain words."""

from __future__ import annotations

from ..assessment.conformal import MIN_CLUSTERS
from ..assessment.intervals import FEWEST_CLUSTERS, REPLICATES, Estimate, coverage_words
from ..assessment.judgement import Comparison, Evidence, Judgement
from ..assessment.significance import Significance
from ..signed import signed
from .training_report import TestOutcome, TrainingReport

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


def typeset(value: float, digits: int) -> str:
    """Return ``+1.2``, ``−0.3`` or ``0.0``, with a minus of the plus's width."""
    return signed(value, digits).replace("-", "−")


def counted(number: int, noun: str) -> str:
    """Return ``1 polygon`` or ``1,200 polygons``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
