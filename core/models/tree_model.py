"""Tree model: one or several tree ensembles of scikit-learn, and the features that they use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..arrays import Float32Array, Float64Array
from ..raster.neighbourhood import Neighbourhoods

# Probability of a class without votes, so that its logarithm is finite.
_MIN_PROBABILITY = 1e-6
# Number of pixels whose class maps are computed together.
_BATCH_PIXELS = 1 << 16
# Boosting goes through all samples of a batch for each of its many small trees, so a batch should stay in the
# second cache of the processor.
_BOOSTING_BATCH_BYTES = 1 << 20
_MIN_BOOSTING_BATCH = 256
# Samples that one thread takes through all trees of a forest, so that they stay in the caches.
_FOREST_BATCH = 4096


@dataclass(frozen=True, eq=False)
class TreeModel:
    """Estimators of scikit-learn, fitted to class codes.

    An estimator does not contain classes without training samples. Their probability is 0.

    Attributes:
        measure: Feature extraction.
        members: Tree ensembles whose probabilities are averaged.
        classes: Number of classes.
        pixel: Estimator of the class of a pixel from its own values. Its probabilities are class maps
            from which features are extracted, so that members use the classes around a pixel. None
            without class maps.
        plain: Number of members, the last ones, that do not use features of the class maps.
        is_hybrid: Whether the first features are logarithms of class probabilities that a network
            predicts for the patch around a pixel.
        network: Network from patches to logits; None without one, or before it is trained.
        coordinates: Projection from features to coordinates for the area of applicability
            (``core.models.applicability``); None without one.
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
        """Largest distance from a centre to a pixel that is used, in pixels."""
        return self.measure.reach

    def count(self, channels: int) -> int:
        """Return the number of features for a number of channels, without those of a network."""
        return self.measure.count(channels + (0 if self.pixel is None else self.classes))

    def counts(self, channels: int) -> tuple[int, ...]:
        """Return the number of features of each member for a number of channels; it uses the first ones."""
        with_maps = len(self.members) - self.plain
        counts = (self.count(channels),) * with_maps + (self.measure.count(channels),) * self.plain
        return tuple(self.outputs + count for count in counts)

    @property
    def outputs(self) -> int:
        """Number of features that come from a network."""
        return self.classes if self.is_hybrid else 0

    def features(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        of_channels: Tensor | None = None,
    ) -> Tensor:
        """Return the features of some pixels: those of the channels, then those of the class maps.

        Args:
            channels: Standardised values, shape (channels, height, width).
            valid: Whether each pixel is valid, bool, shape (height, width).
            rows: Row of each centre in ``channels``, int64, shape (centres,).
            columns: Column of each centre in ``channels``, int64, shape (centres,).
            of_channels: Features of the channels, where they are known already.

        Returns:
            Features, float32, shape (centres, features), without those of a network.
        """
        if of_channels is None:
            of_channels = self.measure.features(channels, valid, rows, columns)
        if self.pixel is None:
            return of_channels
        maps = self._maps(channels, valid)
        return torch.cat([of_channels, self.measure.features(maps, valid, rows, columns)], dim=1)

    def log_probabilities(self, features: Float32Array) -> Float32Array:
        """Return logarithms of class probabilities, shape (samples, classes).

        Args:
            features: Features including those of a network, float32, shape (samples, features).
        """
        votes = [
            _probabilities(member, features[:, : member.n_features_in_], self.classes)
            for member in self.members
        ]
        mean: Float32Array = np.mean(votes, axis=0)
        return np.log(np.maximum(mean, np.float32(_MIN_PROBABILITY)))

    def importance(self, channels: int) -> Float32Array:
        """Return the mean importance of each feature in the members, with a sum of 1, shape (features,).

        Args:
            channels: Number of channels.
        """
        total = np.zeros(self.outputs + self.count(channels))
        for member in self.members:
            own = _importance(member)
            total[: len(own)] += own
        importance: Float32Array = (total / total.sum()).astype(np.float32)
        return importance

    def use_threads(self, threads: int) -> None:
        """Set the number of threads that forests predict with. Boosting uses the setting of OpenMP."""
        for member in self.members:
            if hasattr(member, "n_jobs"):
                member.n_jobs = threads

    def _maps(self, channels: Tensor, valid: Tensor) -> Tensor:
        """Return the class maps of ``pixel``, shape (classes, height, width); 0 where invalid."""
        pixels = channels[:, valid].T.cpu().numpy()
        maps = torch.zeros((self.classes, *valid.shape), dtype=channels.dtype)
        parts = [
            _probabilities(self.pixel, pixels[start : start + _BATCH_PIXELS], self.classes)
            for start in range(0, len(pixels), _BATCH_PIXELS)
        ]
        if parts:
            maps[:, valid.cpu()] = torch.from_numpy(np.concatenate(parts)).T
        return maps.to(channels.device)


def _importance(estimator: Any) -> Float64Array:
    """Return the gain of each feature's splits as a fraction of all gains, shape (features,)."""
    if hasattr(estimator, "feature_importances_"):
        return np.asarray(estimator.feature_importances_, dtype=np.float64)
    gains: Float64Array = np.zeros(estimator.n_features_in_)
    # Boosting stores the gain of each split but not their sum (scikit-learn 1.7).
    for tree in (tree for step in estimator._predictors for tree in step):
        inner = tree.nodes[tree.nodes["is_leaf"] == 0]
        np.add.at(gains, inner["feature_idx"], inner["gain"])
    gains /= max(gains.sum(), 1e-12)
    return gains


def _probabilities(estimator: Any, features: Float32Array, classes: int) -> Float32Array:
    """Return probabilities of all classes, 0 for those that the estimator does not contain."""
    probabilities = np.zeros((len(features), classes), dtype=np.float32)
    # Imported here, because a worker that maps with a network alone needs none of scikit-learn.
    from sklearn.ensemble import HistGradientBoostingClassifier

    if isinstance(estimator, HistGradientBoostingClassifier):
        # It copies the features to 64 bits.
        batch = max(_MIN_BOOSTING_BATCH, _BOOSTING_BATCH_BYTES // (8 * features.shape[1]))
        function = estimator.predict_proba
        threads = 1
    else:
        batch, threads = _FOREST_BATCH, estimator.n_jobs or 1
        function = partial(_forest_probabilities, estimator)
    if len(estimator.classes_) == 1:
        # Boosting that was fitted to one class gives two columns.
        probabilities[:, estimator.classes_] = 1.0
        return probabilities
    parts = [slice(start, start + batch) for start in range(0, len(features), batch)]
    # Forests of scikit-learn give each tree to a thread and wait for it, which takes as long as the trees.
    with ThreadPoolExecutor(threads) as pool:
        for part, values in zip(parts, pool.map(function, [features[part] for part in parts]), strict=True):
            probabilities[part, estimator.classes_] = values
    return probabilities


def _forest_probabilities(forest: Any, features: Float32Array) -> Float64Array:
    """Return the mean of the trees' probabilities, as ``predict_proba`` of the forest."""
    features = np.ascontiguousarray(features)
    total = np.zeros((len(features), forest.n_classes_))
    for tree in forest.estimators_:
        total += tree.tree_.predict(features)[:, : forest.n_classes_]
    return np.asarray(total / len(forest.estimators_), dtype=np.float64)
