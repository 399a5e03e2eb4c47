"""Patch predictor: a network on batches of patches, or on the stem's maps of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from ...errors import DeviceError
from ...options import FP16
from ...progress import Progress
from ..backends.base import Backend, rate_of
from ..backends.cascade import Computation, RasterSample, look_again
from ..backends.choice import Backends
from .base import DEFAULT_TILE_SIZE, retry_smaller
from .factory import LoadedModel, PredictorPlan
from .shared_stem import CutPatches, PatchInputs, SharedStem

# The trial is at most this fraction of the work.
_TRIAL_SHARE = 20
# Patches whose stem is computed together, which takes 16 kB of memory for each: as many as stay in a
# processor's cache, and as many as keep a GPU busy.
_TOGETHER_ON_CPU, _TOGETHER_ON_GPU = 8192, 32_768


class PatchPredictor:
    """A network that gives one score a class for a whole patch; see ``Predictor``."""

    tile_size = DEFAULT_TILE_SIZE
    alignment = 1

    def __init__(
        self,
        computation: Computation,
        patch_size: int,
        device: torch.device,
        batch_size: int,
        progress: Progress,
        rate: float | None = None,
        note_rate: Callable[[float], None] = lambda _: None,
        stem: SharedStem | None = None,
    ) -> None:
        """Take what computes the network.

        Args:
            computation: See there.
            patch_size: Rows and columns of a patch.
            device: Where to compute.
            batch_size: Patches a batch; 0 leaves it to the backend.
            progress: Learns of a halved batch.
            rate: Patches a second, where that is known from before.
            note_rate: Is told them, where a whole batch was tried.
            stem: Of the network, where ``computation`` is of the rest of it.
        """
        self._backend = backend = computation.backend
        self._second_look = computation.second_look
        self._device = device
        self._patch_size = patch_size
        self._progress = progress
        self._rate = rate
        self._note_rate = note_rate
        self._stem = stem
        self._together = _TOGETHER_ON_CPU if device.type == "cpu" else _TOGETHER_ON_GPU
        # Seconds that the stem took for the patches that are done.
        self._stem_seconds = 0.0
        # What each backend computed, and its largest batch, which tells its own rate.
        self._done: Counter[Backend] = Counter()
        self._largest: dict[Backend, Tensor] = {}
        self.method = backend.method
        self.agreement = computation.agreement
        self.before = patch_size // 2
        self.behind = patch_size - 1 - self.before
        self.batch_size = batch_size or backend.batch_size

    @torch.inference_mode()
    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return logits; see ``Predictor``."""

        def compute(count: Callable[[int], None]) -> Tensor:
            return self._logits(channels, rows, columns, count)

        def halve(error: RuntimeError) -> None:
            self._halve(min(self.batch_size, rows.numel()), error)

        return retry_smaller(compute, self._device, after_batch, halve)

    def _logits(
        self, channels: Tensor, rows: Tensor, columns: Tensor, count: Callable[[int], None]
    ) -> Tensor:
        number = 1 if self._stem is None else -(-len(rows) // max(self._together, self.batch_size))
        pieces = zip(torch.chunk(rows, number), torch.chunk(columns, number), strict=True)
        return torch.cat([self._piece(channels, *piece, count) for piece in pieces])

    def _piece(self, channels: Tensor, rows: Tensor, columns: Tensor, count: Callable[[int], None]) -> Tensor:
        inputs = self._inputs(channels, rows - self.before, columns - self.before)
        every = torch.arange(len(rows), device=rows.device)
        logits = self._sound(self._scores(self._backend, inputs, every, count))

        def compute(backend: Backend, again: Tensor) -> Tensor:
            # They count as done already, but the user may cancel at any batch.
            return self._scores(backend, inputs, again, lambda _: count(0))

        look_again(logits, self._second_look, compute)
        return logits

    def _inputs(self, channels: Tensor, rows: Tensor, columns: Tensor) -> PatchInputs:
        if self._stem is None:
            return CutPatches(channels, rows, columns, self._patch_size)
        start = time.perf_counter()
        inputs = self._stem.inputs(channels, rows, columns)
        self._stem_seconds += time.perf_counter() - start
        return inputs

    def _scores(
        self, backend: Backend, inputs: PatchInputs, chosen: Tensor, count: Callable[[int], None]
    ) -> Tensor:
        pieces = []
        batches = (
            self._kept(inputs.batch(some, backend.dtype), backend)
            for some in torch.split(chosen, self.batch_size)
        )
        for scores in backend.scores(batches, self.batch_size):
            pieces.append(scores)
            self._done[backend] += len(scores)
            count(len(scores))
        return torch.cat(pieces)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return patches a second of a small batch of zeros; see ``Predictor``."""
        if self._rate is not None:
            return self._with_looks(self._rate)
        count = min(self.batch_size, -(-centres // _TRIAL_SHARE))
        size = self._patch_size
        tile = torch.zeros(channels, size, size, device=self._device)
        centre = torch.full((count,), self.before, dtype=torch.int64, device=self._device)
        valid = torch.ones(size, size, dtype=torch.bool, device=self._device)
        # The first batch also pays for what is done once; a full memory halves it.
        self.predict(tile, valid, centre, centre, lambda _: None)
        batch = self._largest.get(self._backend)
        # How many patches are computed again, zeros do not tell.
        self._done.clear()
        self._largest.clear()
        self._stem_seconds = 0.0
        if batch is None:
            return None
        rate = rate_of(self._backend, batch, self.batch_size, 0.0)
        if count == self.batch_size:
            self._note_rate(rate)
        self._rate = rate
        return self._with_looks(rate)

    def _with_looks(self, rate: float) -> float:
        """Return the rate of all looks together, from that of the first."""
        each, look = 1.0 / rate, self._second_look
        while look is not None:
            each, look = each + look.seconds, look.then
        return 1.0 / each

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return patches a second of the network on its largest batches, which are still in memory."""
        if self._backend not in self._largest:
            return None
        done = self._done[self._backend]
        took = self._stem_seconds + sum(
            self._done[backend] / rate_of(backend, batch, self.batch_size, seconds)
            for backend, batch in self._largest.items()
        )
        return done / took

    def _kept(self, batch: Tensor, backend: Backend) -> Tensor:
        """Keep the largest batch of each backend."""
        if backend not in self._largest or len(batch) >= len(self._largest[backend]):
            self._largest[backend] = batch
        return batch

    def _sound(self, scores: Tensor) -> Tensor:
        """Return the scores, unless the numbers of the precision were too small for the network's.

        Raises:
            DeviceError: They were.
        """
        # 65,504 is the largest of fp16; the other formats reach as far as the network's own.
        if self.method.precision == FP16 and not bool(scores.isfinite().all()):
            raise DeviceError(
                "The network's values are too large for PRECISION=fp16",
                where="PRECISION",
                advice="Choose bf16 or fp32.",
            )
        return scores

    def _halve(self, tried: int, error: RuntimeError) -> None:
        if tried <= 1:
            raise DeviceError(
                "The device has too little free memory for a single patch",
                advice="Close other programs that use it, or choose DEVICE=cpu.",
            ) from error
        self.batch_size = tried // 2
        self._together //= 2
        self._largest.clear()
        self._progress.log(
            "The device's memory is full: going on with batches of {count}.",
            "warning",
            count=self.batch_size,
        )


def make_predictor(model: LoadedModel, plan: PredictorPlan) -> PatchPredictor:
    """Return the predictor of a network that classifies patches.

    Args:
        model: Network on its device.
        plan: What the predictors of the run have in common.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    sample, progress = plan.sample, plan.progress
    stem, backends = _parts(model, sample.stride)
    known = None if model is plan.first else _parts(plan.first, sample.stride)[1]
    if stem is not None:
        sample = replace(sample, patches=partial(_maps, stem, sample))
        if known is None:
            progress.log("Where patches overlap, they share the first layers of the network.")
    computation = backends.choose(plan.method, sample.count, progress, sample, known)
    method = computation.backend.method
    return PatchPredictor(
        computation,
        model.card.patch_size,
        model.device,
        plan.batch_size,
        progress,
        backends.rate_of(method),
        partial(backends.note_rate, method),
        stem,
    )


def _parts(model: LoadedModel, stride: int | None) -> tuple[SharedStem | None, Backends]:
    """Return the stem that patches share, where it saves time, and the backends of the other layers."""
    # Cutting takes a moment, so it is left where patches lie anywhere.
    if stride is not None and model.behind_stem is not None:
        stem, rest = model.behind_stem
        stem = stem.at_stride(stride)
        if stem.pays:
            return stem, rest
    return None, model.backends


def _maps(stem: SharedStem, sample: RasterSample, count: int) -> Tensor:
    """Return the stem's maps of some patches of a raster."""
    return stem.of_patches(sample.patches(count))
