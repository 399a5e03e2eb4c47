"""Optimisation steps: learning rate, class weights, loss, precision and augmentation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from ..arrays import Int64Array
from ..device import has_bf16_units
from ..errors import DeviceError, LandCoverError, ParameterError, SampleError
from ..models.architecture import FitSettings
from ..samples.patch_store import TURNS
from ..text import Text
from .feeds.base import UNLABELLED, Batch, Dataset, Feed

# A first step at the full rate, from random weights, can throw a network off for good.
_WARM_UP = 0.05
# Smith and Topin 2018, https://arxiv.org/abs/1708.07120, with the shares that PyTorch's
# OneCycleLR has as its defaults.
_RISE = 0.3
_START = 1 / 25
_END = 1 / 250_000
# Of the values that Cui et al. tried, the one for classes of hundreds to thousands of samples.
_BETA = 0.999
# Lin et al. 2017 found 2 best.
_GAMMA = 2.0


def rate_factor(schedule: str, done: float) -> float:
    """Return what the learning rate is multiplied with, 0 to 1.

    It depends on nothing but how far the training is, so that one that goes on from its
    checkpoint has the rates that it would have had.

    Args:
        schedule: ``cosine`` (a short linear rise, then half a cosine down to 0; Loshchilov and
            Hutter 2017, https://arxiv.org/abs/1608.03983), ``one_cycle`` or ``constant``.
        done: Share of all steps that are behind, 0 to 1, if nothing stops the training early.
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


def _between(start: float, end: float, share: float) -> float:
    """Return the value at ``share`` of half a cosine from ``start`` to ``end``."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def class_weights(codes: Int64Array, classes: int, balance: str) -> Tensor:
    """Return the weight of each class in the loss (classes,), float32.

    Scaled so that the mean over the samples is 1; a class without samples gets 0.

    Args:
        codes: Classes of the training samples.
        classes: How many there are.
        balance: ``sqrt``: the inverse square root of the frequency, for without weights rare
            classes are not learnt, and with the full inverse their few samples drown the others.
            ``effective``: the inverse of the effective number of samples, (1 - b^n) / (1 - b)
            with b = 0.999 (Cui et al. 2019, https://arxiv.org/abs/1901.05555). Else all are 1.
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
    chosen: Int64Array, codes: Int64Array, balance: str, generator: np.random.Generator
) -> Int64Array:
    """Return the samples of an epoch: with ``oversampling``, those of rare classes several times.

    A sample of a class with the share f stands there max(1, sqrt(1 / (classes * f))) times on
    average (Gupta et al. 2019, https://arxiv.org/abs/1908.03195): rare classes gain, none is thinned.

    Args:
        chosen: The training samples.
        codes: The classes of these samples, shape (len(chosen),).
        balance: Other than ``oversampling``, ``chosen`` is returned.
        generator: Draws which samples take up a broken number of repeats.
    """
    if balance != "oversampling":
        return chosen
    wanted = _repeats(np.bincount(codes))[codes]
    times = np.floor(wanted + generator.random(len(wanted))).astype(np.int64)
    return np.repeat(chosen, times)


def taught_proportions(codes: Int64Array, classes: int, balance: str) -> npt.NDArray[np.float64]:
    """Return the proportions that the classes have in the loss (classes,): samples, repeats, weights."""
    counts = np.bincount(codes, minlength=classes)
    shares: npt.NDArray[np.float64] = counts * class_weights(codes, classes, balance).double().numpy()
    if balance == "oversampling":
        shares = shares * _repeats(counts)
    return np.asarray(shares / shares.sum())


def _repeats(counts: Int64Array) -> npt.NDArray[np.float64]:
    even = counts.sum() / np.count_nonzero(counts)
    return np.asarray(np.maximum(1.0, np.sqrt(even / np.maximum(counts, 1))))


def loss_of(logits: Tensor, codes: Tensor, weights: Tensor, loss: str, smoothing: float) -> Tensor:
    """Return the mean loss of the samples, a scalar.

    The weight is the sample's: it multiplies its whole term, smoothing included. (PyTorch's own
    smoothing multiplies each class's share with that class's weight, which pulls every sample
    towards the rare classes.)

    Args:
        logits: Shape (samples, classes), float32.
        codes: Their classes, int64.
        weights: Of the classes, shape (classes,).
        loss: ``cross_entropy``, or ``focal``: the same times (1 - p)^2 of the true class's
            probability p (Lin et al. 2017, https://arxiv.org/abs/1708.02002).
        smoothing: Share of the label that is spread over all classes (Szegedy et al. 2016,
            https://arxiv.org/abs/1512.00567).
    """
    log_probabilities = log_softmax(logits, dim=1)
    true = log_probabilities.gather(1, codes[:, None]).squeeze(1)
    terms = -(1.0 - smoothing) * true - smoothing * log_probabilities.mean(dim=1)
    if loss == "focal":
        terms = terms * (1.0 - true.exp()) ** _GAMMA
    sample_weights = weights[codes]
    return (terms * sample_weights).sum() / sample_weights.sum()


def choose_precision(name: str, device: torch.device) -> torch.dtype:
    """Return ``torch.bfloat16`` or ``torch.float32``.

    With bfloat16, convolutions and matrix products are computed in it, everything else and the
    weights themselves stay float32 (PyTorch's autocast).

    Args:
        name: ``fp32``, ``bf16``, or ``auto``: bfloat16 where the device has units for it.
        device: Where to compute.

    Raises:
        DeviceError: bfloat16 was asked for, and the device cannot compute in it.
    """
    if name == "fp32":
        return torch.float32
    if name == "bf16":
        if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
            raise DeviceError(
                "{device} has no units for 16-bit brain floating point",
                where="PRECISION",
                advice="Choose PRECISION=auto or fp32.",
                device=torch.cuda.get_device_name(device),
            )
        return torch.bfloat16
    return torch.bfloat16 if has_bf16_units(device) else torch.float32


def memory_format_for(precision: torch.dtype, device: torch.device) -> torch.memory_format:
    """Return the order of values in memory that training is fastest with.

    Channels last on a GPU and for bfloat16; plain float32 on a CPU is slower that way.
    """
    is_last = device.type == "cuda" or precision == torch.bfloat16
    return torch.channels_last if is_last else torch.contiguous_format


def autocast(device: torch.device, precision: torch.dtype) -> torch.autocast:
    """Return the context in which a network computes in ``precision``."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == torch.bfloat16)


def draw_orientations(count: int, settings: FitSettings, generator: np.random.Generator) -> Int64Array | None:
    """Return for each patch one of the eight orientations of a square, None where none is wanted.

    Seen from above, land cover has no up.
    """
    return generator.integers(TURNS, size=count) if settings.augment else None


def vary(patches: Tensor, settings: FitSettings, generator: np.random.Generator) -> Tensor:
    """Return patches of other brightness, and with channels blanked, as ``settings`` has it.

    Haze, light and season differ between places more than within one; a network that has seen
    such differences relies less on them.

    Args:
        patches: Standardised, shape (N, channels, rows, columns).
        settings: ``brightness`` is the standard deviation of a factor for the whole patch and of a
            sum for each channel; ``band_dropout`` the chance of a channel to become 0, its mean.
        generator: Draws them.
    """
    count, channels = patches.shape[:2]
    if settings.brightness > 0:
        factors = 1.0 + settings.brightness * generator.standard_normal((count, 1, 1, 1))
        sums = settings.brightness * generator.standard_normal((count, channels, 1, 1))
        patches = torch.addcmul(_like(sums, patches), patches, _like(factors, patches))
    if settings.band_dropout > 0:
        kept = generator.random((count, channels, 1, 1)) >= settings.band_dropout
        patches = patches * _like(kept, patches)
    return patches


def _like(numbers: np.ndarray, patches: Tensor) -> Tensor:
    return torch.from_numpy(numbers).to(device=patches.device, dtype=patches.dtype)


@dataclass(frozen=True)
class StepResult:
    """The mean loss, how many labels there were and how many of them were right."""

    loss: float
    labels: int
    right: int


@dataclass(frozen=True, eq=False)
class Step:
    """Everything that a step needs.

    Attributes:
        network: In training.
        optimiser: Of its weights.
        weights: Of the classes in the loss, on the device.
        feed: Shows the samples.
        dataset: Places of samples and names of channels, for messages.
        settings: How.
        precision: Number format of the network's products.
    """

    network: nn.Module
    optimiser: torch.optim.Optimizer
    weights: Tensor
    feed: Feed
    dataset: Dataset
    settings: FitSettings
    precision: torch.dtype

    def __call__(self, batch: Batch, generator: np.random.Generator) -> StepResult:
        """Train with ``batch``.

        Raises:
            LandCoverError: The loss is no longer finite; names channel and sample.
        """
        settings = self.settings
        orientations = draw_orientations(len(batch), settings, generator)
        inputs, codes = self.feed.examples(batch, orientations)
        inputs = vary(inputs, settings, generator)
        with autocast(inputs.device, self.precision):
            output = self.network(inputs)
        logits, labels = _labelled(output.float(), codes)
        loss = loss_of(logits, labels, self.weights, settings.loss, settings.label_smoothing)
        value = float(loss.item())
        if not math.isfinite(value):
            raise self._not_finite(inputs, output, batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if settings.clip_norm > 0:
            nn.utils.clip_grad_norm_(self.network.parameters(), settings.clip_norm)
        self.optimiser.step()
        return StepResult(value, len(labels), int((logits.argmax(dim=1) == labels).sum()))

    def _not_finite(self, inputs: Tensor, output: Tensor, batch: Batch) -> LandCoverError:
        broken = ~torch.isfinite(inputs).all(dim=(2, 3))
        if bool(broken.any()):
            sample, channel = (int(value) for value in broken.nonzero()[0])
            channels = self.dataset.preparation.channels
            return SampleError(
                # Features of neighbourhoods are so many times all channels.
                "Channel {channel} has values that are no numbers after scaling",
                where=Text("sample at {place}", place=self.dataset.place(int(batch.samples[sample]))),
                advice="Leave the channel or the sample out.",
                channel=channels[channel % len(channels)],
            )
        wild = int((~torch.isfinite(output).flatten(1).all(dim=1)).float().argmax())
        return ParameterError(
            "The training diverged: the loss is no longer a number",
            where=Text(
                "first seen at the sample at {place}", place=self.dataset.place(int(batch.samples[wild]))
            ),
            advice="Lower LEARNING_RATE, or set CLIP_NORM to 1.",
        )


def _labelled(output: Tensor, codes: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logits (labels, classes) and codes (labels,) of what has a label."""
    if codes.ndim == 1:
        return output, codes
    is_labelled = codes != UNLABELLED
    return output.permute(0, 2, 3, 1)[is_labelled], codes[is_labelled]
