"""What a reader of a training's report should be careful about."""

from __future__ import annotations

import numpy as np

from ..assessment.judgement import Judgement
from ..assessment.reliability import Reliability
from ..classes import class_label
from .training_report import TrainingReport
from .words import counted

# A class with fewer training samples, or training or test samples of fewer clusters, is rare.
_FEW_SAMPLES, _FEW_CLUSTERS, _MOST_RARE = 50, 3, 12
# A class of which this share is taken for one other, in this many samples at least, is confused with it.
_CONFUSED_SHARE, _CONFUSED_SAMPLES, _MOST_CONFUSED = 0.15, 5, 6
# Accuracy that a model may lose from training to validation before it has learnt by heart.
_GAP = 0.10
# Expected calibration error beyond which probabilities mislead.
_UNRELIABLE = 0.10


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
