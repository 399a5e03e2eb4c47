"""One step of the optimiser."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ..errors import LandCoverError, ParameterError, SampleError
from .augment import draw_orientations, vary
from .dataset import Dataset
from .feed import UNLABELLED, Batch, Feed
from .losses import loss_of
from .precision import autocast
from .settings import FitSettings


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
                f"Channel {channels[channel % len(channels)]} has values that are no numbers after scaling",
                where=f"sample at {self.dataset.place(int(batch.samples[sample]))}",
                advice="Leave the channel or the sample out.",
            )
        wild = int((~torch.isfinite(output).flatten(1).all(dim=1)).float().argmax())
        return ParameterError(
            "The training diverged: the loss is no longer a number",
            where=f"first seen at the sample at {self.dataset.place(int(batch.samples[wild]))}",
            advice="Lower LEARNING_RATE, or set CLIP_NORM to 1.",
        )


def _labelled(output: Tensor, codes: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logits (labels, classes) and codes (labels,) of what has a label."""
    if codes.ndim == 1:
        return output, codes
    is_labelled = codes != UNLABELLED
    return output.permute(0, 2, 3, 1)[is_labelled], codes[is_labelled]
