"""Area of applicability of a training: reference points and dissimilarity of held-out samples."""

from __future__ import annotations

from dataclasses import dataclass, field

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

# Of fewer samples than these, no quartile is worth its name.
_LEAST_COMPARED = 10


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


def _area(fitted: Fitted, chosen: Int64Array, progress: Progress) -> Applicability | None:
    importance = fitted.importance
    references = torch.from_numpy(fitted.features(chosen, progress))
    return make_applicability(references, None if importance is None else torch.from_numpy(importance))


def _some(chosen: Int64Array, generator: np.random.Generator) -> Int64Array:
    if len(chosen) <= MAX_REFERENCES:
        return chosen
    return np.sort(generator.choice(chosen, MAX_REFERENCES, replace=False))
