"""Predictor of ensembles: the members' scores of a tile, which is read once, and their pool."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...models.architectures import architecture
from ...models.card import ModelCard, Scaling
from ...models.pool import Pool
from ...options import AUTO, FP32, PRECISIONS, TORCH, Method
from ...raster.indices import standardise
from ..products import scaled
from .base import DEFAULT_TILE_SIZE, JointPredictor, Predictor, rate_in_sequence, uncounted
from .factory import LoadedModel, PredictorPlan


@dataclass(frozen=True, eq=False)
class PredictedMember:
    """Member of an ensemble in a run.

    Attributes:
        predictor: Predictor of the member.
        card: Document of the member, with its calibration.
        scaling: Scaling of the channels, where they are not scaled yet; None where they are.
    """

    predictor: Predictor
    card: ModelCard
    scaling: Scaling | None = None


class EnsemblePredictor:
    """Predictor of an ensemble, see ``core.inference.predictors.base.Predictor``.

    Members that read the same patches, or the same windows, read them once.

    Args:
        members: Members with a weight above 0.
        pool: Weights of these members, and their rule.
        classes: Number of classes. Further columns of the leading member follow the scores.
    """

    agreement: float | None = None

    def __init__(self, members: Sequence[PredictedMember], pool: Pool, classes: int) -> None:
        self._members = tuple(members)
        self._groups = _groups_of(members)
        self._pool = pool
        self._classes = classes
        predictors = [member.predictor for member in members]
        # The map is as exact as its least exact member.
        self.method = max(
            (predictor.method for predictor in predictors),
            key=lambda method: (PRECISIONS.index(method.precision), method.backend != TORCH),
        )
        self.before = max(predictor.before for predictor in predictors)
        self.behind = max(predictor.behind for predictor in predictors)
        self.alignment = math.lcm(*(predictor.alignment for predictor in predictors))
        self.tile_size = -(-DEFAULT_TILE_SIZE // self.alignment) * self.alignment

    @property
    def batch_size(self) -> int:
        """Number of patches per batch of the first member."""
        return self._members[0].predictor.batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._members[0].predictor.batch_size = size

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return the scores of the pool, see ``Predictor.predict``."""
        outputs: dict[int, Tensor] = {}
        tiles: dict[Scaling, Tensor] = {}
        for group in self._groups:
            first, *others = (self._members[number] for number in group)
            tile, scaling = channels, first.scaling
            if scaling is not None:
                if scaling not in tiles:
                    tiles[scaling] = standardise(
                        channels, scaling.mean, scaling.std, scaling.clip, scaling.limits
                    )
                tile = tiles[scaling]
            # A centre is counted once.
            place = tile, valid, rows, columns, uncounted(after_batch) if group[0] else after_batch
            if others and isinstance(first.predictor, JointPredictor):
                results = first.predictor.predict_with([item.predictor for item in others], *place)
            else:
                results = [first.predictor.predict(*place)]
            outputs |= dict(zip(group, results, strict=True))
        scores = [
            scaled(outputs[number][:, : self._classes], member.card.calibration)
            for number, member in enumerate(self._members)
        ]
        more = outputs[self._pool.leading][:, self._classes :]
        return torch.cat([self._pool.scores(scores).to(more), more], dim=1)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput of all members in sequence, see ``Predictor.trial_rate``."""
        return rate_in_sequence([item.predictor.trial_rate(channels, centres) for item in self._members])

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of all members in sequence, see ``Predictor.model_rate``."""
        each = seconds / len(self._members)
        return rate_in_sequence([item.predictor.model_rate(each) for item in self._members])


def _groups_of(members: Sequence[PredictedMember]) -> list[list[int]]:
    """Return the indices of the members that read the same of a tile, in order of the first ones."""
    groups: dict[Hashable, list[int]] = {}
    for number, member in enumerate(members):
        predictor = member.predictor
        reads = predictor.reads if isinstance(predictor, JointPredictor) else None
        key = number if reads is None else (type(predictor), reads, member.scaling)
        groups.setdefault(key, []).append(number)
    return list(groups.values())


def make_ensemble_predictor(model: LoadedModel, plan: PredictorPlan) -> EnsemblePredictor:
    """Return the predictor of an ensemble.

    Args:
        model: Loaded ensemble.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    pool, is_scaled = model.ensemble.pool, not model.card.scales_members
    # The members' scores are combined, so that low margins of one of them cannot be computed again.
    precision = FP32 if plan.method.precision == AUTO else plan.method.precision
    members = []
    classes = len(model.card.classes)
    for number in pool.used:
        member = model.members[number]
        card, entry = member.card, architecture(member.card.architecture)
        # Trees have no backend, and would warn of one.
        method = Method(plan.method.backend, precision) if entry.is_network else Method(AUTO, AUTO)
        scaling = None if is_scaled else card.scaling
        sample = replace(
            plan.sample,
            patches=_patches_of(plan.sample.patches, model.card.patch_size, card.patch_size, scaling),
            # Coordinates of the area of applicability may follow the scores.
            rank=lambda scores: scores[:, :classes],
            rule=f"member-{number}",
        )
        own = replace(plan, method=method, sample=sample, first=plan.first.members[number])
        members.append(PredictedMember(entry.make_predictor(member, own), card, scaling))
    return EnsemblePredictor(members, pool.without_unused, classes)


def _patches_of(
    patches: Callable[[int], Tensor], whole: int, size: int, scaling: Scaling | None
) -> Callable[[int], Tensor]:
    """Return the sampled patches of a member: the middle of those of the ensemble, which are the largest."""
    first = whole // 2 - size // 2

    def cut(count: int) -> Tensor:
        middle = patches(count)[:, :, first : first + size, first : first + size]
        if scaling is None:
            return middle
        return standardise(middle, scaling.mean, scaling.std, scaling.clip, scaling.limits)

    return cut
