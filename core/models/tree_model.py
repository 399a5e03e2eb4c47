"""A fitted ensemble of trees, whichever it is, as a giver of log-probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# What a class has that no tree votes for: little, but its logarithm is a number.
_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, eq=False)
class TreeModel:
    """An estimator of scikit-learn and the classes that it may or may not have met.

    Attributes:
        estimator: Fitted to the positions of the classes; some may have had no training samples.
        classes: How many there are.
    """

    estimator: Any
    classes: int

    def log_probabilities(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return shape (samples, classes) for features of shape (samples, features)."""
        found = np.full((len(features), self.classes), _LEAST_PROBABILITY, dtype=np.float32)
        if len(features):
            shares = self.estimator.predict_proba(features)
            found[:, self.estimator.classes_] = np.maximum(shares, _LEAST_PROBABILITY)
        return np.log(found)

    def use_threads(self, threads: int) -> None:
        """Let a forest predict with so many threads; boosting goes by OpenMP's setting."""
        if hasattr(self.estimator, "n_jobs"):
            self.estimator.n_jobs = threads
