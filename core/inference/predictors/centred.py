"""Predictor of centred networks: the context once per node of a grid, the small layers at every pixel."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from ...errors import DeviceError
from ...models.centred import CentredNetwork
from ...options import AUTO, FP32, INT8, Method
from ...progress import Progress
from ...raster.neighbourhood import Neighbourhoods
from ...samples.patch_store import oriented
from ..backends.base import Backend
from .base import DEFAULT_TILE_SIZE, retry_smaller, smaller_batch
from .factory import LoadedModel, PredictorPlan
from .patch import PatchPredictor
from .patch import make_predictor as make_patch_predictor

# The trial is at most the work divided by this.
_TRIAL_DIVISOR = 20
# Pixels whose small layers are computed together.
_PIXELS = 16_384
# Batches of patches that are in memory while several networks compute them.
_SHARED_BATCHES = 4


class CentredPredictor:
    """Predictor of a centred network, see ``core.inference.predictors.base.Predictor``.

    Args:
        network: Network on its device.
        backend: Backend of the network's context.
        device: Device that computes.
        batch_size: Number of patches of the context per batch; 0 takes the backend's.
        progress: Progress reporter.
    """

    agreement: float | None = None

    def __init__(
        self,
        network: CentredNetwork,
        backend: Backend,
        device: torch.device,
        batch_size: int,
        progress: Progress,
    ) -> None:
        self._network = network
        self._backend = backend
        self._device = device
        self._progress = progress
        self._measure = Neighbourhoods(network.form.windows)
        self._rate: float | None = None
        self.method = backend.method
        self.before = self.behind = network.form.reach(network.patch_size)
        # Nodes are counted from the raster's first pixel, whatever the tile.
        self.alignment = network.form.grid
        grid = network.form.grid
        self.tile_size = -(-DEFAULT_TILE_SIZE // grid) * grid
        self.batch_size = batch_size or backend.batch_size

    @torch.inference_mode()
    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
        turn: int = 0,
    ) -> Tensor:
        """Return the logits of the centres, see ``Predictor.predict``.

        ``turn`` is the orientation, 0 to 7, in which the network sees the patches of the context.
        """
        return self._predict((self,), channels, valid, rows, columns, after_batch, turn)[0]

    @property
    def reads(self) -> Hashable:
        """Squares and patches that the network reads, see ``JointPredictor.reads``."""
        return self._network.form, self._network.patch_size, self._backend.dtype

    @torch.inference_mode()
    def predict_with(
        self,
        others: Sequence[CentredPredictor],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> list[Tensor]:
        """Return the logits of several networks of one form, see ``JointPredictor.predict_with``."""
        return self._predict((self, *others), channels, valid, rows, columns, after_batch, 0)

    def _predict(
        self,
        parts: Sequence[CentredPredictor],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
        turn: int,
    ) -> list[Tensor]:
        def compute(count: Callable[[int], None]) -> list[Tensor]:
            return self._logits(parts, channels, valid, rows, columns, turn, count)

        def halve(error: RuntimeError) -> None:
            self.batch_size = smaller_batch(self.batch_size, self._progress, error)

        start = time.perf_counter()
        logits = retry_smaller(compute, self._device, after_batch, halve)
        if len(rows):
            for part in parts:
                part._rate = len(parts) * len(rows) / (time.perf_counter() - start)
        return logits

    def _logits(
        self,
        parts: Sequence[CentredPredictor],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        turn: int,
        count: Callable[[int], None],
    ) -> list[Tensor]:
        network = self._network
        node_rows, node_columns = (places + network.form.shift(places) for places in (rows, columns))
        width = channels.shape[2] + network.form.grid
        nodes, node_of = torch.unique(node_rows * width + node_columns, return_inverse=True)
        contexts = self._contexts(parts, channels, nodes // width, nodes % width, turn, count)
        pieces: list[list[Tensor]] = [[] for _ in parts]
        for piece in torch.split(torch.arange(len(rows), device=rows.device), _PIXELS):
            features = self._measure.features(channels, valid, rows[piece], columns[piece])
            for part, context, own in zip(parts, contexts, pieces, strict=True):
                centre = part._network.branch(features)
                own.append(part._network.joined(context[node_of[piece]], centre).float())
            count(len(piece))
        empty = channels.new_zeros(0, network.fc.out_features)
        return [torch.cat(own) if own else empty for own in pieces]

    def _contexts(
        self,
        parts: Sequence[CentredPredictor],
        channels: Tensor,
        rows: Tensor,
        columns: Tensor,
        turn: int,
        count: Callable[[int], None],
    ) -> list[Tensor]:
        """Return the features of each network's context at the nodes, shape (nodes, features)."""
        network, size = self._network, self._network.patch_size
        means = [
            channels if scale == 1 else avg_pool2d(channels[None], scale, 1)[0]
            for scale in network.form.scales
        ]

        def patches(rows: Tensor, columns: Tensor) -> Tensor:
            pieces = []
            for scale, mean in zip(network.form.scales, means, strict=True):
                cells = scale * torch.arange(size, device=rows.device) - network.form.before(scale, size)
                at = (rows[:, None] + cells)[:, :, None], (columns[:, None] + cells)[:, None, :]
                pieces.append(mean[:, at[0], at[1]].transpose(0, 1))
            cut = oriented(torch.cat(pieces, dim=1), turn).to(self._backend.dtype)
            return cut.contiguous(memory_format=torch.channels_last)

        nodes = zip(torch.split(rows, self.batch_size), torch.split(columns, self.batch_size), strict=True)
        batches = (patches(*node) for node in nodes)
        features: list[list[Tensor]] = [[] for _ in parts]
        # Of one network, all batches are computed one after the other, as GPUs prefer.
        groups: Iterable[Iterable[Tensor]] = [batches] if len(parts) == 1 else _groups(batches)
        for group in groups:
            for part, own in zip(parts, features, strict=True):
                for piece in part._backend.scores(iter(group), self.batch_size):
                    own.append(part._network.context_norm(piece))
                    # A centre is counted once, but each batch checks for cancelling.
                    count(0)
        return [torch.cat(own) if own else channels.new_zeros(0, 0) for own in features]

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput on a small square of zeros, see ``Predictor.trial_rate``."""
        grid, reach = self._network.form.grid, self.before
        nodes = min(self.batch_size, -(-centres // (_TRIAL_DIVISOR * grid**2)))
        side = max(1, int(nodes**0.5)) * grid
        start = -(-reach // grid) * grid
        tile = torch.zeros(channels, start + side + reach + grid, start + side + reach + grid)
        tile = tile.to(self._device)
        places = start + torch.arange(side, device=self._device)
        rows, columns = places.repeat_interleave(side), places.repeat(side)
        valid = torch.ones(tile.shape[1:], dtype=torch.bool, device=self._device)
        # The first run includes one-time costs.
        for _ in range(2):
            self.predict(tile, valid, rows, columns, lambda _: None)
        return self._rate

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the last tile, which the model takes almost alone."""
        return self._rate


def _groups(batches: Iterator[Tensor]) -> Iterator[list[Tensor]]:
    """Yield some batches at a time, which several networks compute one after the other."""
    while group := list(islice(batches, _SHARED_BATCHES)):
        yield group


def make_resnet_predictor(model: LoadedModel, plan: PredictorPlan) -> CentredPredictor | PatchPredictor:
    """Return the predictor of a ResNet, which is a centred or a plain network.

    Args:
        model: Loaded network on its device.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    network, requested = model.model, plan.method
    if not isinstance(network, CentredNetwork):
        return make_patch_predictor(model, plan)
    if requested.precision == INT8:
        raise DeviceError(
            "PRECISION=int8 is not available for a network with a centre branch",
            where="PRECISION",
            advice="Use auto, bf16 or fp32.",
        )
    # Recomputing close decisions needs logits, which the context alone does not give.
    precision = FP32 if requested.precision == AUTO else requested.precision
    nodes = -(-plan.sample.count // network.form.grid**2)
    computation = model.backends.choose(Method(requested.backend, precision), nodes, plan.progress)
    return CentredPredictor(network, computation.backend, model.device, plan.batch_size, plan.progress)
