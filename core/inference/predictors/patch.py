"""Patch predictor: a network on batches of patches, or on the feature maps of a shared stem."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from ...errors import DeviceError
from ...options import FP16
from ...progress import Progress
from ..backends.base import Backend, rate_of
from ..backends.cascade import Computation, RasterSample, recompute
from ..backends.choice import Backends
from .base import DEFAULT_TILE_SIZE, retry_smaller, smaller_batch, uncounted
from .factory import LoadedModel, PredictorPlan
from .shared_stem import CutPatches, PatchInputs, RememberedPatches, SharedStem

# The trial is at most the work divided by this.
_TRIAL_DIVISOR = 20
# Patches whose stem is computed together, with 16 kB of memory each: as many as fit a processor's cache, or
# as keep a GPU busy.
_CPU_STEM_PATCHES, _GPU_STEM_PATCHES = 8192, 32_768
# Patches that are in memory while several networks compute them.
_SHARED_PATCHES = 2048


class PatchPredictor:
    """Predictor of a network that classifies patches, see ``core.inference.predictors.base.Predictor``.

    Args:
        computation: Backend, and recomputation of low margins.
        patch_size: Rows and columns of a patch, in pixels.
        device: Device that computes.
        batch_size: Number of patches per batch; 0 takes the backend's.
        progress: Progress reporter.
        rate: Known throughput of the backend, in patches per second; None where not measured.
        note_rate: Callback with the throughput of a trial with a whole batch.
        stem: Shared stem, where ``computation`` has the other layers; None without one.
        stem_patches: Number of patches whose stem is computed together; None takes the device's.
    """

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
        stem_patches: int | None = None,
    ) -> None:
        self._backend = backend = computation.backend
        self._recomputation = computation.recomputation
        self._device = device
        self._patch_size = patch_size
        self._progress = progress
        self._rate = rate
        self._note_rate = note_rate
        self._stem = stem
        usual = _CPU_STEM_PATCHES if device.type == "cpu" else _GPU_STEM_PATCHES
        self._stem_patches = stem_patches or usual
        # Time in seconds that the stem took for the finished patches.
        self._stem_seconds = 0.0
        # Number of patches by backend, and its largest batch, on which its throughput is measured.
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
        """Return the logits of the centres, see ``Predictor.predict``."""

        def compute(count: Callable[[int], None]) -> Tensor:
            return self._logits(channels, rows, columns, count)

        def halve(error: RuntimeError) -> None:
            self._halve(min(self.batch_size, rows.numel()), error)

        return retry_smaller(compute, self._device, after_batch, halve)

    @property
    def reads(self) -> Hashable:
        """Patches that the network reads, see ``JointPredictor.reads``; None with a stem of its own."""
        return None if self._stem is not None else (self._patch_size, self._backend.dtype)

    @torch.inference_mode()
    def predict_with(
        self,
        others: Sequence[PatchPredictor],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> list[Tensor]:
        """Return the logits of several networks on the same patches, see ``JointPredictor.predict_with``."""
        parts = (self, *others)

        def compute(count: Callable[[int], None]) -> list[Tensor]:
            cut = CutPatches(channels, rows - self.before, columns - self.before, self._patch_size)
            pieces: list[list[Tensor]] = [[] for _ in parts]
            for start in range(0, len(rows), _SHARED_PATCHES):
                number = min(_SHARED_PATCHES, len(rows) - start)
                inputs = RememberedPatches(cut, start)
                for index, part in enumerate(parts):
                    own_count = uncounted(count) if index else count
                    pieces[index].append(part._of_inputs(inputs, number, rows.device, own_count))
            return [torch.cat(own) for own in pieces]

        def halve(error: RuntimeError) -> None:
            for part in parts:
                part._halve(min(part.batch_size, rows.numel()), error)

        for part in others:
            part.batch_size = self.batch_size
        return retry_smaller(compute, self._device, after_batch, halve)

    def _logits(
        self, channels: Tensor, rows: Tensor, columns: Tensor, count: Callable[[int], None]
    ) -> Tensor:
        number = 1 if self._stem is None else -(-len(rows) // max(self._stem_patches, self.batch_size))
        pieces = zip(torch.chunk(rows, number), torch.chunk(columns, number), strict=True)
        return torch.cat([self._piece(channels, *piece, count) for piece in pieces])

    def _piece(self, channels: Tensor, rows: Tensor, columns: Tensor, count: Callable[[int], None]) -> Tensor:
        inputs = self._inputs(channels, rows - self.before, columns - self.before)
        return self._of_inputs(inputs, len(rows), rows.device, count)

    def _of_inputs(
        self, inputs: PatchInputs, number: int, device: torch.device, count: Callable[[int], None]
    ) -> Tensor:
        """Return the logits of all patches of some inputs."""
        every = torch.arange(number, device=device)
        logits = self._finite(self._scores(self._backend, inputs, every, count))

        def compute(backend: Backend, again: Tensor) -> Tensor:
            # Recomputed patches are not counted again.
            return self._scores(backend, inputs, again, uncounted(count))

        recompute(logits, self._recomputation, compute)
        return logits

    def _inputs(self, channels: Tensor, rows: Tensor, columns: Tensor) -> PatchInputs:
        if self._stem is None:
            return CutPatches(channels, rows, columns, self._patch_size)
        start = time.perf_counter()
        inputs = self._stem.inputs(channels, rows, columns)
        self._stem_seconds += time.perf_counter() - start
        return inputs

    def _scores(
        self, backend: Backend, inputs: PatchInputs, indices: Tensor, count: Callable[[int], None]
    ) -> Tensor:
        pieces = []
        batches = (
            self._remembered(inputs.batch(some, backend.dtype), backend)
            for some in torch.split(indices, self.batch_size)
        )
        for scores in backend.scores(batches, self.batch_size):
            pieces.append(scores)
            self._done[backend] += len(scores)
            count(len(scores))
        return torch.cat(pieces)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput on a small batch of zeros, see ``Predictor.trial_rate``."""
        if self._rate is not None:
            return self._with_recomputation(self._rate)
        count = min(self.batch_size, -(-centres // _TRIAL_DIVISOR))
        size = self._patch_size
        tile = torch.zeros(channels, size, size, device=self._device)
        centre = torch.full((count,), self.before, dtype=torch.int64, device=self._device)
        valid = torch.ones(size, size, dtype=torch.bool, device=self._device)
        # The first batch includes the one-time cost, and is halved where memory is full.
        self.predict(tile, valid, centre, centre, lambda _: None)
        batch = self._largest.get(self._backend)
        # Zeros do not show how many patches are recomputed, so these counts are dropped.
        self._done.clear()
        self._largest.clear()
        self._stem_seconds = 0.0
        if batch is None:
            return None
        rate = rate_of(self._backend, batch, self.batch_size, 0.0)
        if count == self.batch_size:
            self._note_rate(rate)
        self._rate = rate
        return self._with_recomputation(rate)

    def _with_recomputation(self, rate: float) -> float:
        """Return the throughput with recomputation, from that of the first backend."""
        each, recomputation = 1.0 / rate, self._recomputation
        while recomputation is not None:
            each, recomputation = each + recomputation.seconds, recomputation.then
        return 1.0 / each

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the network on its largest batches, see ``Predictor.model_rate``."""
        if self._backend not in self._largest:
            return None
        done = self._done[self._backend]
        duration = self._stem_seconds + sum(
            self._done[backend] / rate_of(backend, batch, self.batch_size, seconds)
            for backend, batch in self._largest.items()
        )
        return done / duration

    def _remembered(self, batch: Tensor, backend: Backend) -> Tensor:
        """Return a batch, after storing it if it is the largest of its backend."""
        if backend not in self._largest or len(batch) >= len(self._largest[backend]):
            self._largest[backend] = batch
        return batch

    def _finite(self, scores: Tensor) -> Tensor:
        """Return the scores, after a check that they are finite.

        Raises:
            DeviceError: The network's values exceed the range of the precision.
        """
        # The maximum of fp16 is 65,504. The other data types have the range of the weights.
        if self.method.precision == FP16 and not bool(scores.isfinite().all()):
            raise DeviceError(
                "The network's values are too large for PRECISION=fp16",
                where="PRECISION",
                advice="Use PRECISION=bf16 or fp32.",
            )
        return scores

    def _halve(self, size: int, error: RuntimeError) -> None:
        self.batch_size = smaller_batch(size, self._progress, error)
        self._stem_patches //= 2
        self._largest.clear()


def make_predictor(model: LoadedModel, plan: PredictorPlan) -> PatchPredictor:
    """Return the predictor of a network that classifies patches.

    Args:
        model: Loaded network on its device.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    sample, progress = plan.sample, plan.progress
    stem, backends = _parts(model, sample.stride)
    known = None if model is plan.first else _parts(plan.first, sample.stride)[1]
    if stem is not None:
        sample = replace(sample, patches=partial(_maps, stem, sample))
        if known is None:
            progress.log("Overlapping patches share the first layers of the network.")
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
    """Return the shared stem, where it saves time, and the backends of the other layers."""
    # Patches at arbitrary positions hardly overlap, and dividing a network takes time.
    if stride is not None and model.stem_and_rest is not None:
        stem, rest = model.stem_and_rest
        stem = stem.at_stride(stride)
        if stem.pays:
            return stem, rest
    return None, model.backends


def _maps(stem: SharedStem, sample: RasterSample, count: int) -> Tensor:
    """Return the stem's feature maps of sampled patches of a raster."""
    return stem.of_patches(sample.patches(count))
