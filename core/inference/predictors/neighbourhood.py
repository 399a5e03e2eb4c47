"""Predictors of features of square neighbourhoods: trees, small networks and hybrids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from ...models.architectures import architecture
from ...models.tree_model import TreeModel
from ...options import AUTO, FP32, PLAIN, Method
from ...raster.neighbourhood import Measure, Neighbourhoods
from .base import DEFAULT_TILE_SIZE, measured_rate
from .factory import LoadedModel, PredictorPlan
from .patch import PatchPredictor
from .patch import make_predictor as make_patch_predictor

# The trial is at most this fraction of the work.
_TRIAL_SHARE = 20
# Pixels between two looks at whether the user has cancelled; 300 trees take a second for them.
_TREE_BATCH = 4096
_NETWORK_BATCH = 65_536


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
        self.tile_size = DEFAULT_TILE_SIZE
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


def tree_predictor(model: TreeModel, batch_size: int) -> NeighbourhoodPredictor:
    """Return the predictor of trees, which run on the processor, by all of torch's threads.

    Args:
        model: The trees.
        batch_size: Pixels a batch; 0 chooses.
    """

    def score(features: Tensor) -> Tensor:
        model.use_threads(torch.get_num_threads())
        scores = torch.from_numpy(model.log_probabilities(features.cpu().numpy()))
        if model.coordinates is None:
            return scores
        return torch.cat([scores, model.coordinates(features.cpu())], dim=1)

    return NeighbourhoodPredictor(score, model, batch_size or _TREE_BATCH, model.outputs)


def network_predictor(
    network: nn.Module, windows: Sequence[int], device: torch.device, batch_size: int
) -> NeighbourhoodPredictor:
    """Return the predictor of a network from features (N, features) to logits (N, classes).

    Args:
        network: It is moved to the device.
        windows: Sides of the neighbourhoods in pixels, as in training.
        device: Where to compute.
        batch_size: Pixels a batch; 0 chooses.
    """
    network = network.to(device).eval()

    @torch.inference_mode()
    def score(features: Tensor) -> Tensor:
        logits: Tensor = network(features.to(device))
        return logits.float()

    return NeighbourhoodPredictor(score, Neighbourhoods.textured(windows), batch_size or _NETWORK_BATCH)


class HybridPredictor:
    """Gives the scores of trees that see a network's outputs; see ``Predictor``."""

    tile_size = DEFAULT_TILE_SIZE
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


def make_tree_predictor(model: LoadedModel, plan: PredictorPlan) -> NeighbourhoodPredictor:
    """Return the predictor of trees; arguments as in ``patch.make_predictor``."""
    _warn_of_method(model, plan)
    return tree_predictor(_trees(model), plan.batch_size)


def make_hybrid_predictor(model: LoadedModel, plan: PredictorPlan) -> HybridPredictor:
    """Return the predictor of a hybrid; arguments as in ``patch.make_predictor``."""
    # Trees ask whether a value is above a threshold, so they are given the values they learnt from.
    precision = FP32 if plan.method.precision == AUTO else plan.method.precision
    own_classes = replace(plan.sample, rank=lambda logits: logits, rule="network")
    of_network = replace(plan, method=Method(plan.method.backend, precision), sample=own_classes)
    return HybridPredictor(make_patch_predictor(model, of_network), tree_predictor(_trees(model), 0))


def make_network_predictor(model: LoadedModel, plan: PredictorPlan) -> NeighbourhoodPredictor:
    """Return the predictor of a network on neighbourhoods; arguments as in ``patch.make_predictor``."""
    if isinstance(model.model, TreeModel):
        raise TypeError("trees are not a network")
    _warn_of_method(model, plan)
    return network_predictor(model.model, model.card.windows, model.device, plan.batch_size)


def _trees(model: LoadedModel) -> TreeModel:
    if not isinstance(model.model, TreeModel):
        raise TypeError("a network is not trees")
    return model.model


def _warn_of_method(model: LoadedModel, plan: PredictorPlan) -> None:
    """Warn where a backend or precision is requested that this kind of model does not have."""
    if not plan.method.allows(PLAIN):
        plan.progress.log(
            "{title} is computed by {plain}: BACKEND and PRECISION are for networks that classify patches.",
            "warning",
            title=architecture(model.card.architecture).title,
            plain=PLAIN,
        )
