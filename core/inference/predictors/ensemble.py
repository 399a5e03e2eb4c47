"""Predictor of ensembles: the log-probabilities of all members, added with their weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from ...models.architectures import architecture
from ...options import AUTO, FP32, Method
from .base import DEFAULT_TILE_SIZE, Predictor, rate_in_sequence
from .factory import LoadedModel, PredictorPlan


class EnsemblePredictor:
    """Predictor of an ensemble, see ``core.inference.predictors.base.Predictor``.

    Args:
        members: Predictors of the members with a weight above 0.
        weights: Weights of these members.
        classes: Number of classes. Further columns of the leading member follow the scores.
        leading: Index of the leading member.
    """

    agreement: float | None = None

    def __init__(
        self, members: Sequence[Predictor], weights: Sequence[float], classes: int, leading: int
    ) -> None:
        self._members = tuple(members)
        self._weights = tuple(weights)
        self._classes = classes
        self._leading = leading
        self.method = members[0].method
        self.before = max(member.before for member in members)
        self.behind = max(member.behind for member in members)
        self.alignment = math.lcm(*(member.alignment for member in members))
        self.tile_size = -(-DEFAULT_TILE_SIZE // self.alignment) * self.alignment

    @property
    def batch_size(self) -> int:
        """Number of patches per batch of the first member."""
        return self._members[0].batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._members[0].batch_size = size

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return the scores of the pool, see ``Predictor.predict``."""
        total, more = channels.new_zeros(len(rows), self._classes), channels.new_zeros(len(rows), 0)
        for number, (member, weight) in enumerate(zip(self._members, self._weights, strict=True)):
            # A centre is counted once, but each batch of all members checks for cancelling.
            count = after_batch if number == 0 else _without_counting(after_batch)
            outputs = member.predict(channels, valid, rows, columns, count)
            total += weight * outputs[:, : self._classes].double().log_softmax(dim=1).to(total)
            if number == self._leading:
                more = outputs[:, self._classes :]
        return torch.cat([total, more], dim=1)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput of all members in sequence, see ``Predictor.trial_rate``."""
        return rate_in_sequence([member.trial_rate(channels, centres) for member in self._members])

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of all members in sequence, see ``Predictor.model_rate``."""
        each = seconds / len(self._members)
        return rate_in_sequence([member.model_rate(each) for member in self._members])


def _without_counting(after_batch: Callable[[int], None]) -> Callable[[int], None]:
    return lambda _: after_batch(0)


def make_ensemble_predictor(model: LoadedModel, plan: PredictorPlan) -> EnsemblePredictor:
    """Return the predictor of an ensemble.

    Args:
        model: Loaded ensemble.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    ensemble = model.ensemble
    used = [number for number, weight in enumerate(ensemble.weights) if weight]
    # The members' scores are added, so that low margins of one of them cannot be computed again.
    precision = FP32 if plan.method.precision == AUTO else plan.method.precision
    own_classes = replace(plan.sample, rank=lambda logits: logits, rule="member")
    members = []
    for number in used:
        member = model.members[number]
        # Trees have no backend, and would warn of one.
        is_network = architecture(member.card.architecture).is_network
        method = Method(plan.method.backend, precision) if is_network else Method(AUTO, AUTO)
        own = replace(plan, method=method, sample=own_classes, first=plan.first.members[number])
        members.append(architecture(member.card.architecture).make_predictor(member, own))
    weights = [ensemble.weights[number] for number in used]
    return EnsemblePredictor(members, weights, len(model.card.classes), used.index(ensemble.leading))
