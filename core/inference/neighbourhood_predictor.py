"""Pixels and what is measured around them, scored in blocks; a tile's neighbourhoods are measured once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..raster.neighbourhood import Measure
from .backend_names import PLAIN
from .predictor import USUAL_TILE, measured_rate

# The trial is at most this fraction of the work.
_TRIAL_SHARE = 20


class NeighbourhoodPredictor:
    """Gives the scores of pixels by what they and their neighbourhoods hold; see ``Predictor``.

    Attributes:
        before: How far it looks, in pixels; ``behind`` is the same.
        behind: See ``before``.
        alignment: 1: neighbourhoods are the same in any tile.
        batch_size: Pixels that are classified together.
        method: Plain.
    """

    method = PLAIN
    agreement: float | None = None

    def __init__(
        self, score: Callable[[Tensor], Tensor], measure: Measure, batch_size: int, outputs: int = 0
    ) -> None:
        """Prepare the model.

        Args:
            score: From features (N, features) on the tile's device to scores (N, classes), float32,
                on any.
            measure: What is measured, as in training.
            batch_size: Pixels a batch.
            outputs: How many features come from a network, before those that are measured.
        """
        self._score = score
        self._measure = measure
        self._outputs = outputs
        self.before = self.behind = measure.reach
        self.alignment = 1
        self.tile_size = USUAL_TILE
        self.batch_size = batch_size
        self._last: Tensor | None = None

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
        outputs: Tensor | None = None,
    ) -> Tensor:
        """Return the scores; see ``Predictor``. ``outputs`` (centres, outputs) are a network's."""
        features = self._measure.features(channels, valid, rows, columns)
        if outputs is not None:
            features = torch.cat([outputs, features], dim=1)
        self._last = features[: self.batch_size].clone() if len(features) else self._last
        pieces = []
        # Of no pixels, too, one piece: it has the right number of classes.
        for piece in torch.split(features, self.batch_size):
            pieces.append(self._score(piece).to(channels.device))
            after_batch(len(piece))
        return torch.cat(pieces)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the pixels a second on made-up values; see ``Predictor``."""
        count = min(self.batch_size, -(-centres // _TRIAL_SHARE))
        generator = torch.Generator().manual_seed(0)
        features = self._measure.count(channels) + self._outputs
        self._last = torch.randn((count, features), generator=generator)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    def model_rate(self, seconds: float) -> float | None:
        """Return the pixels a second of the model on its last batch, whose features are still there."""
        if self._last is None:
            return None
        batch = self._last
        return measured_rate(lambda: self._score(batch).cpu(), len(batch), seconds)
