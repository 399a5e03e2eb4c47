"""Optimisation of a network: learning rate, class weights, loss, precision, augmentation and step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import log_softmax

from ..arrays import Float64Array, Int64Array
from ..device import has_bf16_units
from ..errors import DeviceError, LandCoverError, ParameterError, SampleError
from ..models.architecture import FitSettings
from ..samples.patch_store import TURNS
from ..text import Text
from .edge_mixing import mix_edges
from .feeds.base import UNLABELLED, Batch, Dataset, Feed, Labels, like
from .fine_tuning import FineTuning

# Fraction of the steps with a rising rate. From random weights, a first step at the full rate can diverge.
_WARM_UP = 0.05
# Smith and Topin 2018, https://arxiv.org/abs/1708.07120, with the defaults of PyTorch's OneCycleLR.
_RISE = 0.3
_START = 1 / 25
_END = 1 / 250_000
# Value of Cui et al. 2019 for classes of hundreds to thousands of samples.
_BETA = 0.999
# Best value of Lin et al. 2017.
_GAMMA = 2.0
# Weight of the loss of each branch of a centred network by itself.
_AUXILIARY_WEIGHT = 0.3


def rate_factor(schedule: str, done: float) -> float:
    """Return the factor of the learning rate, 0 to 1.

    It depends on the progress of the training only, so a resumed training has the same rates.

    Args:
        schedule: ``cosine`` (a short linear rise, then half a cosine down to 0; Loshchilov and
            Hutter 2017, https://arxiv.org/abs/1608.03983), ``one_cycle`` or ``constant``.
        done: Fraction of the steps of all epochs that are done, 0 to 1.
    """
    if schedule == "constant":
        return 1.0
    if schedule == "one_cycle":
        if done < _RISE:
            return _between(_START, 1.0, done / _RISE)
        return _between(1.0, _END, (done - _RISE) / (1 - _RISE))
    if done < _WARM_UP:
        return _START + (1.0 - _START) * done / _WARM_UP
    return _between(1.0, 0.0, (done - _WARM_UP) / (1 - _WARM_UP))


def _between(start: float, end: float, fraction: float) -> float:
    """Return the value at ``fraction`` of half a cosine from ``start`` to ``end``."""
    return end + (start - end) * (1 + math.cos(math.pi * fraction)) / 2


def class_weights(codes: Int64Array, classes: int, balance: str) -> Tensor:
    """Return the weight of each class in the loss, float32, shape (classes,).

    The mean weight of the samples is 1. A class without samples has weight 0.

    Args:
        codes: Class codes of the training samples, int64, shape (N,).
        classes: Number of classes.
        balance: Treatment of rare classes. ``sqrt`` is the inverse square root of the frequency, between no
            weights, which ignore rare classes, and the inverse frequency, which overweights few samples.
            ``effective`` is the inverse of the effective number of samples, (1 - b^n) / (1 - b) with
            b = 0.999 (Cui et al. 2019, https://arxiv.org/abs/1901.05555). Otherwise all weights are 1.
    """
    counts = np.bincount(codes, minlength=classes).astype(np.float64)
    present = np.maximum(counts, 1.0)
    if balance == "sqrt":
        raw = 1.0 / np.sqrt(present)
    elif balance == "effective":
        raw = (1.0 - _BETA) / (1.0 - _BETA**present)
    else:
        raw = np.ones(classes)
    raw[counts == 0] = 0.0
    return torch.from_numpy((raw * counts.sum() / (raw * counts).sum()).astype(np.float32))


def repeated(
    indices: Int64Array, codes: Int64Array, balance: str, generator: np.random.Generator
) -> Int64Array:
    """Return the indices of the samples of an epoch, with samples of rare classes repeated.

    With ``oversampling``, a sample of a class of frequency f is repeated max(1, sqrt(1 / (classes * f)))
    times on average (Gupta et al. 2019, https://arxiv.org/abs/1908.03195). No class is subsampled.

    Args:
        indices: Indices of the training samples, int64, shape (N,).
        codes: Class codes of these samples, int64, shape (N,).
        balance: Treatment of rare classes. Without ``oversampling``, ``indices`` is returned.
        generator: Random generator for the fractional part of the repeats.
    """
    if balance != "oversampling":
        return indices
    repeats = _repeats(np.bincount(codes))[codes]
    times = np.floor(repeats + generator.random(len(repeats))).astype(np.int64)
    return np.repeat(indices, times)


def training_proportions(codes: Int64Array, classes: int, balance: str) -> Float64Array:
    """Return the proportion of each class in the loss, by samples, repeats and weights, shape (classes,).

    Args:
        codes: Class codes of the training samples, int64, shape (N,).
        classes: Number of classes.
        balance: Treatment of rare classes, one of ``core.options.BALANCES``.
    """
    counts = np.bincount(codes, minlength=classes)
    proportions: Float64Array = counts * class_weights(codes, classes, balance).double().numpy()
    if balance == "oversampling":
        proportions = proportions * _repeats(counts)
    return np.asarray(proportions / proportions.sum())


def _repeats(counts: Int64Array) -> Float64Array:
    mean_count = counts.sum() / np.count_nonzero(counts)
    return np.asarray(np.maximum(1.0, np.sqrt(mean_count / np.maximum(counts, 1))))


def loss_of(logits: Tensor, labels: Labels, weights: Tensor, loss: str, smoothing: float) -> Tensor:
    """Return the weighted mean loss of the samples, a scalar.

    A sample's weight multiplies its whole term, with smoothing. PyTorch's own smoothing weights each class's
    part by the class, which shifts every sample towards rare classes.

    Args:
        logits: Logits of the samples, float32, shape (N, classes).
        labels: Class codes of the samples.
        weights: Weight of each class, float32, shape (classes,).
        loss: ``cross_entropy``, or ``focal``, which multiplies it by (1 - p)^2 of the true class's
            probability p (Lin et al. 2017, https://arxiv.org/abs/1708.02002).
        smoothing: Fraction of the label, 0 to below 1, that is spread over all classes (Szegedy et al. 2016,
            https://arxiv.org/abs/1512.00567).
    """
    log_probabilities = log_softmax(logits, dim=1)
    uniform = log_probabilities.mean(dim=1)

    def weighted(codes: Tensor, fractions: Tensor) -> tuple[Tensor, Tensor]:
        true = log_probabilities.gather(1, codes[:, None]).squeeze(1)
        terms = -(1.0 - smoothing) * true - smoothing * uniform
        if loss == "focal":
            terms = terms * (1.0 - true.exp()) ** _GAMMA
        factors = weights[codes] * fractions
        return (terms * factors).sum(), factors.sum()

    if labels.others is None or labels.fractions is None:
        total, weight = weighted(labels.codes, torch.ones_like(uniform))
        return total / weight
    own, own_weight = weighted(labels.codes, 1.0 - labels.fractions)
    other, other_weight = weighted(labels.others, labels.fractions)
    return (own + other) / (own_weight + other_weight)


def choose_precision(name: str, device: torch.device) -> torch.dtype:
    """Return the data type of convolutions and matrix products, ``torch.bfloat16`` or ``torch.float32``.

    Weights and all other operations are float32, as in PyTorch's autocast.

    Args:
        name: ``fp32``, ``bf16`` or ``auto``, which is bfloat16 where the device has units for it.
        device: Device that computes.

    Raises:
        DeviceError: ``bf16`` is requested, and the device does not support it.
    """
    if name == "fp32":
        return torch.float32
    if name == "bf16":
        if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
            raise DeviceError(
                "{device} does not support bfloat16",
                where="PRECISION",
                advice="Use PRECISION=auto or fp32.",
                device=torch.cuda.get_device_name(device),
            )
        return torch.bfloat16
    return torch.bfloat16 if has_bf16_units(device) else torch.float32


def memory_format_for(precision: torch.dtype, device: torch.device) -> torch.memory_format:
    """Return the fastest memory format for training.

    It is channels last on a GPU and for bfloat16. float32 on a CPU is slower that way.

    Args:
        precision: Data type of convolutions and matrix products.
        device: Device that computes.
    """
    is_last = device.type == "cuda" or precision == torch.bfloat16
    return torch.channels_last if is_last else torch.contiguous_format


@contextmanager
def autocast(device: torch.device, precision: torch.dtype) -> Iterator[None]:
    """Compute in ``precision`` in this context.

    Args:
        device: Device that computes.
        precision: Data type of convolutions and matrix products.
    """
    is_bf16 = precision == torch.bfloat16
    # On a CPU, the gradient of PyTorch's fused attention takes six times as long in bfloat16 as in float32.
    attention = sdpa_kernel(SDPBackend.MATH) if is_bf16 and device.type == "cpu" else nullcontext()
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=is_bf16), attention:
        yield


def draw_orientations(count: int, settings: FitSettings, generator: np.random.Generator) -> Int64Array | None:
    """Return a random orientation per patch, 0 to 7, int64, shape (count,), or None without augmentation.

    Land cover seen from above has no preferred orientation.

    Args:
        count: Number of patches.
        settings: Settings of the training loop.
        generator: Random generator.
    """
    return generator.integers(TURNS, size=count) if settings.augment else None


def vary(patches: Tensor, settings: FitSettings, generator: np.random.Generator) -> Tensor:
    """Return patches with random changes in brightness, and with random channels set to 0.

    Haze, light and season differ between scenes more than within one. These changes make a network depend
    less on them.

    Args:
        patches: Standardised patches, float32, shape (N, channels, rows, columns).
        settings: ``brightness`` is the standard deviation of a factor per patch and of a sum per channel.
            ``band_dropout`` is the probability that a channel is set to 0, its mean.
        generator: Random generator.
    """
    count, channels = patches.shape[:2]
    if settings.brightness > 0:
        factors = 1.0 + settings.brightness * generator.standard_normal((count, 1, 1, 1))
        sums = settings.brightness * generator.standard_normal((count, channels, 1, 1))
        patches = torch.addcmul(like(sums, patches), patches, like(factors, patches))
    if settings.band_dropout > 0:
        is_kept = generator.random((count, channels, 1, 1)) >= settings.band_dropout
        patches = patches * like(is_kept, patches)
    return patches


class WeightAverage:
    """Exponential mean of a network's weights over the steps of a training.

    The mean of the weights is usually more accurate than the last ones (Polyak and Juditsky 1992,
    https://doi.org/10.1137/0330046).

    Attributes:
        weights: Mean weights by name.
        steps: Number of steps so far.

    Args:
        network: Network in training.
        decay: Weight of the mean so far in each step, 0 to below 1. In the first steps it is smaller.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network = network
        self._decay = decay
        self.steps = 0
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}

    def update(self) -> None:
        """Take the network's present weights into the mean."""
        self.steps += 1
        decay = min(self._decay, self.steps / (self.steps + 10))
        for name, value in self._network.state_dict().items():
            if value.is_floating_point():
                self.weights[name].lerp_(value, 1.0 - decay)
            else:
                self.weights[name].copy_(value)

    def load(self, weights: Mapping[str, Tensor], steps: int) -> None:
        """Continue from the mean of an interrupted training.

        Args:
            weights: Mean weights by name.
            steps: Number of steps so far.
        """
        self.steps = steps
        for name, value in weights.items():
            self.weights[name].copy_(value)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Give the network the mean weights, and restore its own afterwards."""
        own = {name: value.clone() for name, value in self._network.state_dict().items()}
        self._network.load_state_dict(self.weights)
        try:
            yield
        finally:
            self._network.load_state_dict(own)


def weight_groups(
    network: nn.Module, settings: FitSettings, factors: Sequence[nn.Parameter] = ()
) -> list[dict[str, Any]]:
    """Return the groups of weights for AdamW, with their weight decay.

    Args:
        network: Network in training.
        settings: Settings of the training loop.
        factors: Factors of low-rank matrices, whose decay draws weights back to those that were loaded.
    """
    weights = [*network.parameters(), *factors]
    if settings.decays_norms:
        return [{"params": weights, "weight_decay": settings.weight_decay}]
    # Biases and the weights of normalisations are vectors.
    matrices, vectors = ([w for w in weights if (w.ndim > 1) == is_matrix] for is_matrix in (True, False))
    return [
        {"params": matrices, "weight_decay": settings.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]


@dataclass(frozen=True)
class StepResult:
    """Loss and accuracy of a training step.

    Attributes:
        loss: Mean loss of the labels.
        labels: Number of labels.
        correct: Number of labels that were predicted correctly before the step.
    """

    loss: float
    labels: int
    correct: int


@dataclass(frozen=True, eq=False)
class Step:
    """Training step: prediction, loss, gradient and update of the weights.

    Attributes:
        network: Network in training mode.
        optimiser: Optimiser of the network's weights.
        weights: Weight of each class in the loss, float32, shape (classes,), on the device.
        feed: Batches of the network's inputs.
        dataset: Samples and channels, which error messages name.
        settings: Settings of the training loop.
        precision: Data type of convolutions and matrix products.
        tuning: Choice of the weights that are trained.
        average: Mean of the weights over the steps; None takes none.
    """

    network: nn.Module
    optimiser: torch.optim.Optimizer
    weights: Tensor
    feed: Feed
    dataset: Dataset
    settings: FitSettings
    precision: torch.dtype
    tuning: FineTuning
    average: WeightAverage | None = None

    def __call__(self, batch: Batch, generator: np.random.Generator) -> StepResult:
        """Train the network on a batch.

        Args:
            batch: Squares of the raster.
            generator: Random generator of the augmentation.

        Raises:
            SampleError: An input is not finite; the error names its channel and sample.
            ParameterError: The loss is not finite.
        """
        settings = self.settings
        orientations = draw_orientations(len(batch), settings, generator)
        examples = self.feed.examples(batch, orientations)
        examples = replace(examples, inputs=vary(examples.inputs, settings, generator))
        labels = Labels(examples.codes)
        if settings.edge_mixing > 0:
            examples, labels = mix_edges(examples, settings.edge_mixing, generator)
        inputs = examples.inputs
        with autocast(inputs.device, self.precision):
            output = self.network(inputs, *examples.more)
        if examples.codes.ndim > 1:
            output, codes = _labelled(output, examples.codes)
            labels = Labels(codes)
        # A centred network also returns the logits of each branch alone.
        logits, *auxiliary = output.float() if output.ndim == 3 else [output.float()]
        loss = self._loss(logits, labels)
        for own in auxiliary:
            loss = loss + _AUXILIARY_WEIGHT * self._loss(own, labels)
        value = float(loss.item())
        if not math.isfinite(value):
            raise self._not_finite(inputs, output, batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.tuning.take_gradients()
        if settings.clip_norm > 0:
            nn.utils.clip_grad_norm_(self.tuning.parameters, settings.clip_norm)
        self.optimiser.step()
        self.tuning.apply()
        if self.average is not None:
            self.average.update()
        correct = int((logits.argmax(dim=1) == labels.codes).sum())
        return StepResult(value, len(labels.codes), correct)

    def _loss(self, logits: Tensor, labels: Labels) -> Tensor:
        settings = self.settings
        return loss_of(logits, labels, self.weights, settings.loss, settings.label_smoothing)

    def _not_finite(self, inputs: Tensor, output: Tensor, batch: Batch) -> LandCoverError:
        broken = ~torch.isfinite(inputs).all(dim=(2, 3))
        if bool(broken.any()):
            sample, channel = (int(value) for value in broken.nonzero()[0])
            channels = self.dataset.preparation.channels
            return SampleError(
                "Channel {channel} has values that are not finite after scaling",
                where=Text("sample at {place}", place=self.dataset.place(int(batch.samples[sample]))),
                advice="Leave the channel or the sample out.",
                # Neighbourhood features repeat all channels per measure.
                channel=channels[channel % len(channels)],
            )
        diverged = int((~torch.isfinite(output).flatten(1).all(dim=1)).float().argmax())
        return ParameterError(
            "The training diverged: the loss is not finite",
            where=Text(
                "first seen at the sample at {place}", place=self.dataset.place(int(batch.samples[diverged]))
            ),
            advice="Lower LEARNING_RATE, or set CLIP_NORM to 1.",
        )


def _labelled(output: Tensor, codes: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logits, shape (labels, classes), and the codes, shape (labels,), of labelled pixels."""
    is_labelled = codes != UNLABELLED
    return output.permute(0, 2, 3, 1)[is_labelled], codes[is_labelled]
