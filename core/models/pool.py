"""Opinion pool: rule by which the probabilities of several models become those of an ensemble.

>>> pool = Pool(((0.4,), (0.7,)))             # logarithmic, with one weight of each member
>>> scores = pool.scores([network, trees])    # float32, shape (N, classes)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..options import CLASS_WEIGHTED, LOG_MEAN, MEAN, WEIGHTED


@dataclass(frozen=True)
class Pool:
    """Weights of the members, and the rule that they are for.

    The scores of a class are ``sum(weight * log(probability))`` over the members, the logarithmic opinion
    pool, or the logarithm of ``sum(weight * probability)``, the linear one (Genest and Zidek 1986,
    https://doi.org/10.1214/ss/1177013825). A softmax gives probabilities. Where a member has a weight for
    each class, its logarithms are taken relative to their mean over the classes, so that a weight of 0
    speaks neither for the class nor against it.

    Attributes:
        weights: For each member one weight, or one for each class, at least 0. A member whose weights are
            all 0 is not computed.
        rule: One of ``core.options.COMBINATIONS``.
    """

    weights: tuple[tuple[float, ...], ...]
    rule: str = WEIGHTED

    @classmethod
    def equal(cls, members: int, rule: str) -> Pool:
        """Return the pool in which all members have the same weight.

        Args:
            members: Number of members.
            rule: One of ``core.options.COMBINATIONS``.
        """
        return cls(((1.0 / members,),) * members, rule)

    @classmethod
    def mean(cls, pools: Sequence[Pool]) -> Pool:
        """Return the pool with the mean weights of pools of the same members.

        Args:
            pools: Pools, of which some may have a weight for each class.
        """
        widest = max(pools, key=lambda pool: len(pool.weights[0]))
        columns = len(widest.weights[0])
        weights = tuple(
            tuple(
                # A single weight is that of all classes.
                sum(own[column % len(own)] for own in rows) / len(rows)
                for column in range(columns)
            )
            for rows in zip(*(pool.weights for pool in pools), strict=True)
        )
        return cls(weights, widest.rule)

    @property
    def means(self) -> tuple[float, ...]:
        """Weight of each member, the mean over the classes."""
        return tuple(sum(own) / len(own) for own in self.weights)

    @property
    def used(self) -> tuple[int, ...]:
        """Indices of the members with a weight above 0."""
        return tuple(number for number, weight in enumerate(self.means) if weight)

    @property
    def leading(self) -> int:
        """Index of the member with the largest weight."""
        means = self.means
        return max(range(len(means)), key=lambda number: means[number])

    @property
    def without_unused(self) -> Pool:
        """Pool of the members of ``used``."""
        return Pool(tuple(self.weights[number] for number in self.used), self.rule)

    def is_valid(self, classes: int) -> bool:
        """Return whether rule, number and values of the weights are possible.

        Args:
            classes: Number of classes.
        """
        counts = {len(own) for own in self.weights}
        values = [weight for own in self.weights for weight in own]
        allowed = {1, classes} if self.rule == CLASS_WEIGHTED else {1}
        return (
            self.rule in (WEIGHTED, CLASS_WEIGHTED, LOG_MEAN, MEAN)
            and len(counts) == 1
            and counts <= allowed
            and all(math.isfinite(weight) and weight >= 0 for weight in values)
            and sum(values) > 0
        )

    def scores(self, members: Sequence[Tensor]) -> Tensor:
        """Return the scores of the pool, float32, shape (N, classes).

        Args:
            members: Logits or log-probabilities of each member, shape (N, classes).
        """
        # Apple's GPU has no float64.
        exact = torch.float32 if members[0].device.type == "mps" else torch.float64
        total: Tensor | None = None
        for own, scores in zip(self.weights, members, strict=True):
            if not any(own):
                continue
            logs = scores.to(exact).log_softmax(dim=1)
            if self.rule == MEAN:
                part = logs + math.log(own[0])
                total = part if total is None else torch.logaddexp(total, part)
                continue
            if len(own) > 1:
                logs = logs - logs.mean(dim=1, keepdim=True)
            part = logs * logs.new_tensor(own)
            total = part if total is None else total + part
        if total is None:
            raise RuntimeError("A pool has no member with a weight above 0")
        return total.float()
