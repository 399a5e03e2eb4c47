"""Tree model: an ensemble, or several that vote, and the features that they use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..arrays import Float32Array
from ..raster.neighbourhood import Neighbourhoods

# What a class has that no tree votes for: little, but its logarithm is a number.
_LEAST_PROBABILITY = 1e-6
# Pixels whose class maps are computed together.
_BATCH = 1 << 16


@dataclass(frozen=True, eq=False)
class TreeModel:
    """Estimators of scikit-learn, fitted to the positions of the classes.

    Some classes may have had no training samples; an estimator does not know these.

    Attributes:
        measure: What the members see, beside the maps.
        members: Ensembles whose probabilities are averaged; they see features of neighbourhoods.
        classes: How many classes there are.
        pixel: Guesses the class of a pixel from its own values alone. The maps of its probabilities
            are layers too, so that members see which classes lie around a pixel. None: there are no
            such maps.
        plain: How many of the members, the last ones, see no features of the maps.
        is_hybrid: Whether members see, as the first features, logarithms of the probabilities that a
            network gives to the classes of the patch around a pixel.
        coordinates: From features to what is given besides the scores, see
            ``core.models.applicability``; None gives nothing.
        network: That network, from patches to logits; None where there is none, or none yet.
    """

    measure: Neighbourhoods
    members: tuple[Any, ...]
    classes: int
    pixel: Any = None
    plain: int = 0
    is_hybrid: bool = False
    network: nn.Module | None = None
    coordinates: nn.Linear | None = None

    @property
    def reach(self) -> int:
        """How many pixels away from a centre the members look."""
        return self.measure.reach

    def count(self, channels: int) -> int:
        """Return how many features there are of so many channels, without those of a network."""
        return self.measure.count(channels + (0 if self.pixel is None else self.classes))

    def counts(self, channels: int) -> tuple[int, ...]:
        """Return how many features each member sees; they are the first ones."""
        sighted = len(self.members) - self.plain
        seen = (self.count(channels),) * sighted + (self.measure.count(channels),) * self.plain
        return tuple(self.outputs + count for count in seen)

    @property
    def outputs(self) -> int:
        """How many features come from a network."""
        return self.classes if self.is_hybrid else 0

    def features(self, channels: Tensor, valid: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        """Return the features (centres, features) of the channels, then those of the maps."""
        found = self.measure.features(channels, valid, rows, columns)
        if self.pixel is None:
            return found
        maps = self._maps(channels, valid)
        return torch.cat([found, self.measure.features(maps, valid, rows, columns)], dim=1)

    def log_probabilities(self, features: Float32Array) -> Float32Array:
        """Return shape (samples, classes) for features of shape (samples, features)."""
        votes = [
            _shares(member, features[:, : member.n_features_in_], self.classes) for member in self.members
        ]
        mean: Float32Array = np.mean(votes, axis=0)
        return np.log(np.maximum(mean, np.float32(_LEAST_PROBABILITY)))

    def importance(self, channels: int) -> Float32Array:
        """Return how much each feature counts for the members, on average; they sum to 1 (features,)."""
        found = np.zeros(self.outputs + self.count(channels))
        for member in self.members:
            own = _importance(member)
            found[: len(own)] += own
        shares: Float32Array = (found / found.sum()).astype(np.float32)
        return shares

    def use_threads(self, threads: int) -> None:
        """Let forests predict with so many threads; boosting goes by OpenMP's setting."""
        for member in self.members:
            if hasattr(member, "n_jobs"):
                member.n_jobs = threads

    def _maps(self, channels: Tensor, valid: Tensor) -> Tensor:
        """Return what ``pixel`` says of each valid pixel (classes, height, width), 0 elsewhere."""
        pixels = channels[:, valid].T.cpu().numpy()
        maps = torch.zeros((self.classes, *valid.shape), dtype=channels.dtype)
        parts = [
            _shares(self.pixel, pixels[start : start + _BATCH], self.classes)
            for start in range(0, len(pixels), _BATCH)
        ]
        if parts:
            maps[:, valid.cpu()] = torch.from_numpy(np.concatenate(parts)).T
        return maps.to(channels.device)


def _importance(estimator: Any) -> npt.NDArray[np.float64]:
    """Return the gain by each feature's splits, as a share of all."""
    if hasattr(estimator, "feature_importances_"):
        return np.asarray(estimator.feature_importances_, dtype=np.float64)
    gains: npt.NDArray[np.float64] = np.zeros(estimator.n_features_in_)
    # Boosting keeps the gain of each split, but does not sum them up (scikit-learn 1.7).
    for tree in (tree for step in estimator._predictors for tree in step):
        inner = tree.nodes[tree.nodes["is_leaf"] == 0]
        np.add.at(gains, inner["feature_idx"], inner["gain"])
    gains /= max(gains.sum(), 1e-12)
    return gains


def _shares(estimator: Any, features: Float32Array, classes: int) -> Float32Array:
    """Return probabilities of all classes, 0 for those that the estimator does not know."""
    found = np.zeros((len(features), classes), dtype=np.float32)
    if len(features):
        found[:, estimator.classes_] = estimator.predict_proba(features)
    return found
