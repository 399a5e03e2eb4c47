"""Members of an ensemble in the report of its training: weights, accuracy alone, and what each adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..assessment.estimate import Estimate
from ..models.architectures import architecture
from ..models.card import MemberWeight, member_titles
from ..options import CLASS_WEIGHTED, LOG_MEAN, MEAN, WEIGHTED
from ..text import Text
from .training_results import TrainingReport

# Members of an ensemble that sentences describe; a table has all.
_MAX_DESCRIBED_MEMBERS = 4
_COMBINATIONS = {
    WEIGHTED: Text(
        "It is an ensemble of {count} members, whose log-probabilities are added with weights from "
        "predictions of training samples that the members were not fitted to."
    ),
    CLASS_WEIGHTED: Text(
        "It is an ensemble of {count} members, whose log-probabilities are added with a weight for each "
        "member and class, from predictions of training samples that the members were not fitted to."
    ),
    LOG_MEAN: Text("It is an ensemble of {count} members, whose log-probabilities are averaged."),
    MEAN: Text("It is an ensemble of {count} members, whose probabilities are averaged."),
}


@dataclass(frozen=True)
class MemberContent:
    """Member of an ensemble.

    Attributes:
        title: Name of the member.
        weight: Weight of the member in the ensemble.
        class_weights: Weight for each class; empty with one weight for all.
        accuracy: Overall accuracy of the member alone on held-out samples; None where it is not known.
        gain: Overall accuracy of the ensemble with the member less that without it; without a value where it
            is not known.
    """

    title: str
    weight: float
    class_weights: tuple[float, ...]
    accuracy: float | None
    gain: Estimate


def member_contents(members: Sequence[MemberWeight]) -> tuple[MemberContent, ...]:
    """Return the members of an ensemble; empty for other models.

    Args:
        members: Members of the model's document.
    """
    return tuple(
        MemberContent(
            title,
            item.weight,
            item.class_weights,
            item.accuracy,
            Estimate(item.gain.value, item.gain.low, item.gain.high) if item.gain else Estimate(None),
        )
        for title, item in zip(_titles(members), members, strict=True)
    )


def describe_gains(report: TrainingReport) -> str:
    """Return sentences on what the figures of an ensemble's members are of; empty where there are none.

    Args:
        report: Results of the training.
    """
    samples = max((item.gain.samples for item in report.members if item.gain), default=0)
    if not samples:
        return ""
    return Text(
        "Accuracy alone and change are of {count:,} samples that neither the members nor their weights "
        "were fitted to. The change is the overall accuracy of the ensemble with the member less that of "
        "an ensemble without it, in percentage points. Its intervals are paired: both ensembles have the "
        "same bootstrap samples of whole {cluster}s.",
        count=samples,
        cluster=Text(report.design.cluster_name),
    )


def _titles(members: Sequence[MemberWeight]) -> tuple[Text, ...]:
    return member_titles(
        [architecture(item.architecture).title for item in members], [item.file for item in members]
    )


def describe_combination(report: TrainingReport) -> tuple[Text, ...]:
    """Return a sentence on how the members of an ensemble are combined; nothing for other models.

    Args:
        report: Results of the training.
    """
    if not report.members:
        return ()
    text = _COMBINATIONS[report.combination]
    return (Text(text, count=len(report.members)),)


def describe_members(members: Sequence[MemberWeight]) -> tuple[Text, ...]:
    """Return sentences on the members of an ensemble, with their weights; nothing where they are many.

    Args:
        members: Members of the ensemble; empty for other models.
    """
    if len(members) > _MAX_DESCRIBED_MEMBERS:
        return ()
    return tuple(
        Text(
            "{member} has the weight {weight} in it. Alone, it classified {accuracy} % of held-out samples "
            "correctly."
            if item.weight
            else "{member} does not improve it and is not used. Alone, it classified {accuracy} % of "
            "held-out samples correctly.",
            member=title,
            weight=Estimate(item.weight).text(2),
            accuracy=Estimate(item.accuracy).text(1, 100),
        )
        for title, item in zip(_titles(members), members, strict=True)
        if item.accuracy is not None
    )
