"""From what a model gives to probabilities and classes, on any device."""

from __future__ import annotations

import torch
from torch import Tensor

from ..assessment.calibration import decision_shift
from ..models.card import ModelCard

DECISIONS = ("accuracy", "balanced")
"""Rules by which a class is chosen; see ``core.assessment.calibration.decided``."""


def calibrated(logits: Tensor, card: ModelCard) -> Tensor:
    """Return probabilities (N, classes) of logits, or log-probabilities, of the same shape.

    They are for the proportions of the classes among the labels, whatever rule decides.
    """
    found = card.calibration
    if found is None:
        return torch.softmax(logits, dim=1)
    offsets = torch.tensor(found.offsets, dtype=logits.dtype, device=logits.device)
    return torch.softmax(logits / found.temperature + offsets, dim=1)


def decided(probabilities: Tensor, card: ModelCard, decision: str) -> Tensor:
    """Return the position of the class that a rule takes (N,), int64.

    Args:
        probabilities: From ``calibrated`` (N, classes).
        card: Of the model.
        decision: One of ``DECISIONS``.
    """
    factors = torch.from_numpy(decision_shift(card.calibration, decision)).exp()
    return (probabilities * factors.to(probabilities)).argmax(dim=1)
