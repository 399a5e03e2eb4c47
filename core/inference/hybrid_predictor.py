"""A network on patches, whose outputs trees see beside the neighbourhoods."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from .neighbourhood_predictor import NeighbourhoodPredictor
from .patch_predictor import PatchPredictor
from .predictor import USUAL_TILE


class HybridPredictor:
    """Gives the scores of trees that see a network's outputs; see ``Predictor``."""

    tile_size = USUAL_TILE
    alignment = 1

    def __init__(self, network: PatchPredictor, trees: NeighbourhoodPredictor) -> None:
        """Join the two.

        Args:
            network: Gives logits (centres, classes).
            trees: Takes as many outputs.
        """
        self._network = network
        self._trees = trees
        self.method = network.method
        self.agreement = network.agreement
        self.before = max(network.before, trees.before)
        self.behind = max(network.behind, trees.behind)

    @property
    def batch_size(self) -> int:
        """Patches that the network computes together."""
        return self._network.batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._network.batch_size = size

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return the trees' scores; see ``Predictor``."""
        outputs = self._network.predict(channels, valid, rows, columns, after_batch).log_softmax(dim=1)
        # A centre is counted once, but the user may cancel at any batch.
        return self._trees.predict(channels, valid, rows, columns, lambda _: after_batch(0), outputs)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the centres a second that both need; see ``Predictor``."""
        return _joint(self._network.trial_rate(channels, centres), self._trees.trial_rate(channels, centres))

    def model_rate(self, seconds: float) -> float | None:
        """Return the centres a second of both on what they computed last."""
        return _joint(self._network.model_rate(seconds / 2), self._trees.model_rate(seconds / 2))


def _joint(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else 1.0 / (1.0 / first + 1.0 / second)
