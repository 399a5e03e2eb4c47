"""Trees, run on blocks of pixels whose neighbourhoods are measured once a tile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ..models.tree_model import TreeModel
from ..raster.neighbourhood import neighbourhood_features

# Pixels between two looks at whether the user has cancelled; 300 trees take a second for them.
_BATCH = 4096
# The trial is at most this fraction of the work.
_TRIAL_SHARE = 20


class TreePredictor:
    """Gives the log-probabilities of pixels by what they and their neighbourhoods hold.

    The trees run on the processor, by all of torch's threads, wherever the tile is.

    Attributes:
        before: Half the largest neighbourhood in pixels; ``behind`` is the same.
        behind: See ``before``.
        alignment: 1: neighbourhoods are the same in any tile.
        batch_size: Pixels that are classified together.
        was_halved: Never.
    """

    def __init__(self, model: TreeModel, windows: Sequence[int], batch_size: int) -> None:
        """Prepare the trees.

        Args:
            model: The trees.
            windows: Sides of the neighbourhoods in pixels, as in training.
            batch_size: Pixels a batch; 0 chooses.
        """
        self._model = model
        self._windows = tuple(windows)
        self.before = self.behind = max(windows, default=1) // 2
        self.alignment = 1
        self.batch_size = batch_size or _BATCH
        self.was_halved = False
        self._last: Tensor | None = None

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return log-probabilities; see ``Predictor``."""
        self._model.use_threads(torch.get_num_threads())
        features = neighbourhood_features(channels, valid, rows, columns, self._windows).cpu()
        self._last = features[: self.batch_size].clone() if len(features) else self._last
        scores = torch.empty((len(features), self._model.classes), dtype=torch.float32)
        for start in range(0, len(features), self.batch_size):
            batch = slice(start, min(start + self.batch_size, len(features)))
            scores[batch] = torch.from_numpy(self._model.log_probabilities(features[batch].numpy()))
            after_batch(batch.stop - batch.start)
        return scores.to(channels.device)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the pixels a second on made-up values; see ``Predictor``."""
        count = min(self.batch_size, -(-centres // _TRIAL_SHARE))
        generator = torch.Generator().manual_seed(0)
        self._last = torch.randn((count, channels * (1 + 2 * len(self._windows))), generator=generator)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    def model_rate(self, seconds: float) -> float | None:
        """Return the pixels a second of the trees on their last batch, whose features are still there."""
        if self._last is None:
            return None
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds or not done:
            self._model.log_probabilities(self._last.numpy())
            done += len(self._last)
        return done / (time.perf_counter() - start)
