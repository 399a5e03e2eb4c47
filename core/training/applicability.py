"""Area of applicability of a training: reference points and dissimilarity of held-out samples."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..arrays import Int64Array
from ..models.applicability import MAX_REFERENCES, Applicability
from ..models.card import ApplicabilityLimit
from ..progress import Progress, Stage
from ..samples.split_design import Design, Split
from ..uncertainty.applicability import across_folds, make_applicability, upper_whisker
from .trainer import Fitted

# Quartiles of fewer dissimilarities are unreliable.
_MIN_DISSIMILARITIES = 10


class AreaCollector:
    """Collector of a training's area of applicability, over all models that the training fits.

    The reference points are the training samples of the saved model (Meyer and Pebesma 2021, see
    ``core.uncertainty.applicability``). The threshold is the upper whisker of dissimilarities: the largest
    value at most 1.5 interquartile ranges above the third quartile.

    - With a single split, the dissimilarities are those of the held-out samples to the training samples of
      the model that has not seen them. If that is not the saved model, the saved one has no held-out samples.
    - With folds and trees, they are those of each training sample to the samples of the other folds, in the
      features of the saved model.
    - With folds and a network, they are those of each fold's held-out samples by the fold's model. A network
      draws the features of its training samples together, so the saved model would underestimate them.

    Dissimilarities in the features of different members of an ensemble cannot be compared: those of folds in
    which another member leads than in the saved model do not count.

    Args:
        design: Sample design.
        seed: Seed of the draw of references and held-out samples.
        has_learned_features: Whether the features come from a network.
    """

    def __init__(self, design: Design, seed: int, has_learned_features: bool) -> None:
        self._design = design
        self._seed = seed
        self._has_learned_features = has_learned_features
        self._area: Applicability | None = None
        # Dissimilarities by the member whose features they are measured in, and that of the last model.
        self._dissimilarities: dict[int, list[Tensor]] = {}
        self._leading = 0

    def add(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        """Add the dissimilarities of a fitted model.

        Args:
            fitted: Model that was fitted to ``split.train``; the last one is the saved model.
            split: Split of the model.
            progress: Progress reporter.
        """
        self._leading = fitted.leading
        if self._has_learned_features or not self._design.is_folded:
            self._add_held_out(fitted, split, progress)
        elif split is self._design.final:
            self._add_folds(fitted, split, progress)

    def _add_held_out(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        generator = np.random.default_rng(self._seed)
        area = _area(fitted, _subsample(split.train, generator), Stage(progress, 0.0, 0.5))
        self._area = area
        held_out = _subsample(split.held_out, generator)
        if area is not None and len(held_out):
            features = torch.from_numpy(fitted.features(held_out, Stage(progress, 0.5, 1.0)))
            own = self._dissimilarities.setdefault(fitted.leading, [])
            own.append(area.dissimilarity(area.layer(features)))

    def _add_folds(self, fitted: Fitted, split: Split, progress: Progress) -> None:
        indices = _subsample(split.train, np.random.default_rng(self._seed))
        area = _area(fitted, indices, progress)
        if area is not None:
            self._area = area
            self._dissimilarities = {fitted.leading: [across_folds(area, self._design.folds[indices])]}

    def result(self) -> tuple[Applicability, ApplicabilityLimit] | tuple[None, None]:
        """Return the saved model's area and its limit, or (None, None) with too few held-out samples."""
        own = self._dissimilarities.get(self._leading, [])
        values = torch.cat(own) if own else torch.zeros(0)
        if self._area is None or len(values) < _MIN_DISSIMILARITIES:
            return None, None
        limit = ApplicabilityLimit(upper_whisker(values), len(self._area.references), len(values))
        return self._area, limit


def _area(fitted: Fitted, indices: Int64Array, progress: Progress) -> Applicability | None:
    importance = fitted.importance
    references = torch.from_numpy(fitted.features(indices, progress))
    return make_applicability(references, None if importance is None else torch.from_numpy(importance))


def _subsample(indices: Int64Array, generator: np.random.Generator) -> Int64Array:
    if len(indices) <= MAX_REFERENCES:
        return indices
    return np.sort(generator.choice(indices, MAX_REFERENCES, replace=False))
