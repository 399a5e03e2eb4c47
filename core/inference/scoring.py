"""From what a model gives to probabilities and classes, on any device."""

from __future__ import annotations

import torch
from torch import Tensor

from ..assessment.calibration import decision_shift
from ..models.card import Calibration


def calibrated(logits: Tensor, calibration: Calibration | None) -> Tensor:
    """Return probabilities of the same shape (N, classes), whatever rule decides.

    Args:
        logits: Logits of a network, or log-probabilities of trees.
        calibration: Of the model's card; None is softmax alone.
    """
    return torch.softmax(_scaled(logits, calibration), dim=1)


def decided(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return the position of the class that a rule takes (N,), int64.

    Args:
        logits: See ``calibrated``.
        calibration: Of the model's card.
        decision: One of ``core.assessment.decision_names.DECISIONS``.
    """
    return ranked(logits, calibration, decision).argmax(dim=1)


def ranked(logits: Tensor, calibration: Calibration | None, decision: str) -> Tensor:
    """Return what a rule compares, of the shape of the logits: it takes the class that has most.

    Args:
        logits: See ``calibrated``.
        calibration: Of the model's card.
        decision: See ``decided``.
    """
    shift = torch.from_numpy(decision_shift(calibration, decision))
    return _scaled(logits, calibration) + shift.to(logits)


def _scaled(logits: Tensor, calibration: Calibration | None) -> Tensor:
    if calibration is None:
        return logits
    offsets = torch.tensor(calibration.offsets, dtype=logits.dtype, device=logits.device)
    return logits / calibration.temperature + offsets
