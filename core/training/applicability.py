"""Measuring where a trained model knows its way, on samples that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from ..models.applicability import MOST_COMPONENTS, MOST_REFERENCES, Applicability
from ..models.card import ApplicabilityLimit
from ..progress import Progress
from ..samples.design import Design
from ..samples.samples import Integers
from ..samples.split import Split
from ..stage import Stage
from .trainer import Fitted

# Of fewer samples than these, no quartile is worth its name.
_LEAST_COMPARED = 10
# Components with less variance than this share of the first are rounding.
_LEAST_VARIANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Areas:
    """Looks at each model that a training fits, and at what tells how far it reaches.

    References are the samples that the saved model was trained on, as in the paper: what was held out
    of a single split is ground that the model never saw. The limit is the upper whisker of a
    dissimilarity: the largest value that is no more than 1.5 interquartile ranges above the third
    quartile, also as in the paper. Held-out samples are compared with the training samples. Where folds
    part the training samples of trees, each of these is compared with those of the other folds in the
    features of the saved model, again as in the paper. A network draws the features of its training
    samples together, so there the folds' models are asked about their held-out samples. No label is
    looked at here; but a network learnt its features by labels, and so did trees their class maps.

    Attributes:
        design: Of the samples.
        seed: Draws the references and the held-out samples.
        learns_features: Whether the model is a network, or sees one.
        compared: Dissimilarities that were found.
        latest: Of the model that was looked at last.
    """

    design: Design
    seed: int
    learns_features: bool
    compared: list[Tensor] = field(default_factory=list)
    latest: list[Applicability] = field(default_factory=list)

    def look(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        """Take up a model that was fitted to ``split.train``."""
        if self.learns_features or self.design.final is None:
            self._look_at_held_out(fitted, split, progress)
        elif split is self.design.final:
            self._look_at_folds(fitted, split, progress)

    def _look_at_held_out(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        generator = np.random.default_rng(self.seed)
        area = _area(fitted, _some(split.train, generator), Stage(progress, 0.0, 0.5))
        self.latest[:] = [] if area is None else [area]
        held = _some(split.held_out, generator)
        if area is not None and len(held):
            features = torch.from_numpy(fitted.features(held, Stage(progress, 0.5, 1.0)))
            self.compared.append(area.dissimilarity(area.layer(features)))

    def _look_at_folds(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        chosen = _some(split.train, np.random.default_rng(self.seed))
        area = _area(fitted, chosen, progress)
        if area is not None:
            self.latest[:] = [area]
            self.compared[:] = [across_folds(area, self.design.folds[chosen])]

    def result(self) -> tuple[Applicability, ApplicabilityLimit] | tuple[None, None]:
        """Return the last model's area with its limit; nothing where too little was held out to tell."""
        found = torch.cat(self.compared) if self.compared else torch.zeros(0)
        if not self.latest or len(found) < _LEAST_COMPARED:
            return None, None
        (area,) = self.latest
        return area, ApplicabilityLimit(upper_whisker(found), len(area.references), len(found))


def across_folds(area: Applicability, folds: Integers) -> Tensor:
    """Return the dissimilarity of references to those of other folds; of a single fold, nothing (0,).

    Args:
        area: Has the references (N, components).
        folds: The fold of each (N,).
    """
    numbers = np.unique(folds)
    if len(numbers) < 2:
        return torch.zeros(0)
    found = []
    for number in numbers:
        is_asked = torch.from_numpy(folds == number)
        others = replace(area, references=area.references[~is_asked])
        found.append(others.dissimilarity(area.references[is_asked]))
    return torch.cat(found)


def _area(fitted: Fitted, chosen: Integers, progress: Progress) -> Applicability | None:
    importance = fitted.importance
    references = torch.from_numpy(fitted.features(chosen, progress))
    return make_applicability(references, None if importance is None else torch.from_numpy(importance))


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


def _some(chosen: Integers, generator: np.random.Generator) -> Integers:
    if len(chosen) <= MOST_REFERENCES:
        return chosen
    return np.sort(generator.choice(chosen, MOST_REFERENCES, replace=False))
