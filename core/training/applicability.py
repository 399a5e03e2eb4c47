"""Measuring where a trained model knows its way, on samples that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from ..models.applicability import MOST_COMPONENTS, MOST_REFERENCES, Applicability
from ..models.card import ApplicabilityLimit
from ..progress import Progress
from ..samples.samples import Integers
from ..samples.setting_aside import is_shared
from ..samples.split import Split
from ..stage import Stage
from .trainer import Fitted

# Of fewer samples than these, no quartile is worth its name.
_LEAST_HELD_OUT = 10
# Components with less variance than this share of the first are rounding.
_LEAST_VARIANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Areas:
    """Looks at each model that a training fits, and at what that model had not seen.

    The limit is the upper whisker of the held-out samples' dissimilarity: the largest value that is no
    more than 1.5 interquartile ranges above the third quartile, as in the paper. It must not come from
    training samples, not even by leaving some out: a fitted network draws their features together. No
    label of a held-out sample is looked at.

    Attributes:
        seed: Draws the references.
        held_out: Dissimilarity of the samples of each split that did not train its model.
        latest: Of the model that was looked at last.
    """

    seed: int
    held_out: list[Tensor] = field(default_factory=list)
    latest: list[Applicability] = field(default_factory=list)

    def look(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        """Take up a model that was fitted to ``split.train``."""
        generator = np.random.default_rng(self.seed)
        importance = fitted.importance
        references = torch.from_numpy(
            fitted.features(_some(split.train, generator), Stage(progress, 0.0, 0.5))
        )
        area = make_applicability(references, None if importance is None else torch.from_numpy(importance))
        self.latest[:] = [] if area is None else [area]
        held = _some(_not_trained(split), generator)
        if area is not None and len(held):
            features = torch.from_numpy(fitted.features(held, Stage(progress, 0.5, 1.0)))
            self.held_out.append(area.dissimilarity(area.layer(features)))

    def result(self) -> tuple[Applicability, ApplicabilityLimit] | tuple[None, None]:
        """Return the last model's area with its limit; nothing where too little was held out to tell."""
        found = torch.cat(self.held_out) if self.held_out else torch.zeros(0)
        if not self.latest or len(found) < _LEAST_HELD_OUT:
            return None, None
        (area,) = self.latest
        return area, ApplicabilityLimit(upper_whisker(found), len(area.references), len(found))


def make_applicability(features: Tensor, importance: Tensor | None = None) -> Applicability | None:
    """Return the area around training samples; None where they are all alike.

    Args:
        features: Of the samples (N, features), at most ``MOST_REFERENCES``.
        importance: Weight of each feature, not negative (features,); None is the same for all.
    """
    values = features.double()
    mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)
    factor = torch.where(deviation > 1e-6 * mean.abs().clamp_min(1e-6), 1.0 / deviation, 0.0)
    if importance is not None:
        factor = factor * importance.double()
    scaled = (values - mean) * factor
    variances, directions = torch.linalg.eigh(scaled.T @ scaled / max(1, len(scaled)))
    kept = variances.flip(0)[:MOST_COMPONENTS] > _LEAST_VARIANCE * variances[-1].clamp_min(1e-300)
    directions = directions.flip(1)[:, :MOST_COMPONENTS][:, kept]
    references = scaled @ directions
    distance = torch.pdist(references).mean() if len(references) > 1 else torch.zeros(())
    if not distance > 0:
        return None
    weight = (factor[:, None] * directions).T
    return Applicability(
        weight.float().contiguous(), -(weight @ mean).float(), references.float(), distance.float()
    )


def upper_whisker(values: Tensor) -> float:
    """Return the largest value no more than 1.5 interquartile ranges above the third quartile."""
    first, third = torch.quantile(values, torch.tensor([0.25, 0.75])).tolist()
    return float(values[values <= third + 1.5 * (third - first)].max())


def _not_trained(split: Split) -> Integers:
    validation = split.validation[:0] if is_shared(split.train, split.validation) else split.validation
    return np.concatenate([validation, split.calibration, split.test])


def _some(chosen: Integers, generator: np.random.Generator) -> Integers:
    if len(chosen) <= MOST_REFERENCES:
        return chosen
    return np.sort(generator.choice(chosen, MOST_REFERENCES, replace=False))
