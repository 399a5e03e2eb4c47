"""Predictors of neighbourhood features: trees, the multi-scale network and hybrids."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from ...models.architectures import architecture
from ...models.tree_model import TreeModel
from ...options import AUTO, FP32, TORCH_FP32, Method
from ...raster.neighbourhood import Neighbourhoods
from .base import DEFAULT_TILE_SIZE, measured_rate, rate_in_sequence, uncounted
from .factory import LoadedModel, PredictorPlan
from .patch import PatchPredictor
from .patch import make_predictor as make_patch_predictor

# The trial is at most the work divided by this.
_TRIAL_DIVISOR = 20
# Pixels between two checks for cancelling. For each batch scikit-learn starts its threads again, which takes
# as long as the trees take for 4,096 pixels. Larger batches than this exceed the caches of the processor.
_TREE_BATCH = 16_384
_NETWORK_BATCH = 65_536


class NeighbourhoodPredictor:
    """Predictor of neighbourhood features, see ``core.inference.predictors.base.Predictor``.

    Args:
        score: Function from features, shape (N, features), on the tile's device, to scores, float32, shape
            (N, classes), on any device.
        measure: Measures of a neighbourhood, the same as in training. Trees may measure class maps, too.
        batch_size: Number of pixels per batch.
        outputs: Number of a network's outputs, which precede the neighbourhood features.
    """

    method = TORCH_FP32
    agreement: float | None = None

    def __init__(
        self,
        score: Callable[[Tensor], Tensor],
        measure: TreeModel | Neighbourhoods,
        batch_size: int,
        outputs: int = 0,
    ) -> None:
        self._score = score
        self._measure = measure
        self._of_channels = measure.measure if isinstance(measure, TreeModel) else measure
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
        """Return the scores of the centres, see ``Predictor.predict``.

        ``outputs`` are a network's outputs for the centres, float32, shape (N, outputs), or None.
        """
        features = self._measure.features(channels, valid, rows, columns)
        if outputs is not None:
            features = torch.cat([outputs, features], dim=1)
        return self._scores(features, channels.device, after_batch)

    @property
    def reads(self) -> Hashable:
        """Windows whose statistics the model reads, see ``JointPredictor.reads``; None for hybrids."""
        return None if self._outputs else self._of_channels

    def predict_with(
        self,
        others: Sequence[NeighbourhoodPredictor],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> list[Tensor]:
        """Return the scores of several models, whose windows are measured once, see ``JointPredictor``."""
        of_channels = self._of_channels.features(channels, valid, rows, columns)
        scores = []
        for number, predictor in enumerate((self, *others)):
            features, measure = of_channels, predictor._measure
            if isinstance(measure, TreeModel):
                features = measure.features(channels, valid, rows, columns, of_channels)
            count = uncounted(after_batch) if number else after_batch
            scores.append(predictor._scores(features, channels.device, count))
        return scores

    def _scores(self, features: Tensor, device: torch.device, after_batch: Callable[[int], None]) -> Tensor:
        self._last = features[: self.batch_size].clone() if len(features) else self._last
        pieces = []
        # Without pixels there is one empty piece, which has the right number of classes.
        for piece in torch.split(features, self.batch_size):
            pieces.append(self._score(piece).to(device))
            after_batch(len(piece))
        return torch.cat(pieces)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput on random values, see ``Predictor.trial_rate``."""
        count = min(self.batch_size, -(-centres // _TRIAL_DIVISOR))
        generator = torch.Generator().manual_seed(0)
        features = self._measure.count(channels) + self._outputs
        self._last = torch.randn((count, features), generator=generator)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the model on its last batch, see ``Predictor.model_rate``."""
        if self._last is None:
            return None
        batch = self._last
        return measured_rate(lambda: self._score(batch).cpu(), len(batch), seconds)


def tree_predictor(model: TreeModel, batch_size: int) -> NeighbourhoodPredictor:
    """Return the predictor of trees, which compute on the processor with all of PyTorch's threads.

    Args:
        model: Fitted trees.
        batch_size: Number of pixels per batch; 0 selects it automatically.
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
    """Return the predictor of a network of neighbourhood features.

    Args:
        network: Network from features (N, features) to logits (N, classes); it is moved to the device.
        windows: Sides of the neighbourhoods in pixels, the same as in training.
        device: Device that computes.
        batch_size: Number of pixels per batch; 0 selects it automatically.
    """
    network = network.to(device).eval()

    @torch.inference_mode()
    def score(features: Tensor) -> Tensor:
        logits: Tensor = network(features.to(device))
        return logits.float()

    return NeighbourhoodPredictor(score, Neighbourhoods.textured(windows), batch_size or _NETWORK_BATCH)


class HybridPredictor:
    """Predictor of trees with a network's outputs as features, see ``Predictor``.

    Args:
        network: Predictor of the network.
        trees: Predictor of the trees, with as many outputs as the network has classes.
    """

    tile_size = DEFAULT_TILE_SIZE
    alignment = 1

    def __init__(self, network: PatchPredictor, trees: NeighbourhoodPredictor) -> None:
        self._network = network
        self._trees = trees
        self.method = network.method
        self.agreement = network.agreement
        self.before = max(network.before, trees.before)
        self.behind = max(network.behind, trees.behind)

    @property
    def batch_size(self) -> int:
        """Number of patches per batch of the network."""
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
        """Return the scores of the trees, see ``Predictor.predict``."""
        outputs = self._network.predict(channels, valid, rows, columns, after_batch).log_softmax(dim=1)
        # A centre is counted once.
        return self._trees.predict(channels, valid, rows, columns, uncounted(after_batch), outputs)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput of both in sequence, see ``Predictor.trial_rate``."""
        parts = (self._network, self._trees)
        return rate_in_sequence([part.trial_rate(channels, centres) for part in parts])

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of both models in sequence, see ``Predictor.model_rate``."""
        return rate_in_sequence([part.model_rate(seconds / 2) for part in (self._network, self._trees)])


def make_tree_predictor(model: LoadedModel, plan: PredictorPlan) -> NeighbourhoodPredictor:
    """Return the predictor of trees.

    Args:
        model: Loaded trees.
        plan: Settings of the run's predictors.
    """
    _warn_of_method(model, plan)
    return tree_predictor(_trees(model), plan.batch_size)


def make_hybrid_predictor(model: LoadedModel, plan: PredictorPlan) -> HybridPredictor:
    """Return the predictor of a hybrid.

    Args:
        model: Loaded trees with their network.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    # Trees compare values with thresholds, so the network computes in the precision of the training.
    precision = FP32 if plan.method.precision == AUTO else plan.method.precision
    own_classes = replace(plan.sample, rank=lambda logits: logits, rule="network")
    network_plan = replace(plan, method=Method(plan.method.backend, precision), sample=own_classes)
    return HybridPredictor(make_patch_predictor(model, network_plan), tree_predictor(_trees(model), 0))


def make_network_predictor(model: LoadedModel, plan: PredictorPlan) -> NeighbourhoodPredictor:
    """Return the predictor of a network of neighbourhood features.

    Args:
        model: Loaded network on its device.
        plan: Settings of the run's predictors.
    """
    _warn_of_method(model, plan)
    return network_predictor(model.network, model.card.windows, model.device, plan.batch_size)


def _trees(model: LoadedModel) -> TreeModel:
    if not isinstance(model.model, TreeModel):
        raise RuntimeError("The model has no trees")
    return model.model


def _warn_of_method(model: LoadedModel, plan: PredictorPlan) -> None:
    """Warn where the requested backend or precision is not available for this kind of model."""
    if not plan.method.allows(TORCH_FP32):
        plan.progress.log(
            "{title} is computed by {plain}: BACKEND and PRECISION are for networks that classify patches.",
            "warning",
            title=architecture(model.card.architecture).title,
            plain=TORCH_FP32,
        )
