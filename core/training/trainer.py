"""Trainer protocol: reads the inputs of samples, and fits models that predict and save themselves.

The registry ``core.models.architectures`` holds the trainer of each architecture::

    dataset = trainer.read(stack, samples, preparation, progress)
    fitted = trainer.fit(dataset, split, progress, on_best)
    logits = fitted.logits(split.test, progress)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.ensemble import TrainedModel
from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.samples import Samples
from ..samples.split_design import Split
from .channels import Preparation
from .feeds.base import Dataset

STATE_SUFFIX = ".resume"
"""Suffix, after the model file's name, of the files from which an interrupted training resumes."""
Data = TypeVar("Data", bound=Dataset)


def codes_of(logits: Float32Array) -> Int64Array:
    """Return the most probable class code of each row, int64, shape (N,).

    Args:
        logits: Logits or log-probabilities, shape (N, classes).
    """
    return np.asarray(logits.argmax(axis=1), dtype=np.int64)


@dataclass(frozen=True)
class NetworkTime:
    """Training time of a network.

    Attributes:
        architecture: Registry entry of the network, or of the model that it is a part of.
        epochs: Number of epochs of a fit.
        seconds: Time of these epochs in all fits to come, in seconds.
    """

    architecture: Architecture
    epochs: int
    seconds: float


class Fitted(Protocol):
    """Fitted model with its epochs."""

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Epochs in order; empty for models without epochs."""

    @property
    def best(self) -> Epoch | None:
        """Epoch whose weights the model has; None for models without epochs."""

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels, by the training samples."""

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the logits or log-probabilities of samples, float32, shape (M, classes).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """

    @property
    def importance(self) -> Float32Array | None:
        """Importance of each feature, float32, shape (features,); None where all have equal weight."""

    @property
    def leading(self) -> int:
        """Number of the member that importance and features are those of; 0 for models without members."""

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the features that the classes of samples are predicted from, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """

    def in_memory(self, card: ModelCard) -> tuple[TrainedModel, ModelCard]:
        """Return the network, the trees or the ensemble, and the document as ``save`` writes it.

        Args:
            card: Document of the model.
        """

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, which has its final name only when it is complete.

        Args:
            path: Path of the model file.
            card: Document of the model.
            progress: Progress reporter.
            applicability: Area of applicability of the model; None for none.

        Raises:
            OutputError: The disk is full, or ``path`` cannot be replaced.
        """


class Trainer(Protocol[Data]):
    """Trainer of models of one architecture with the same settings."""

    @property
    def device(self) -> str:
        """Name of the device."""

    @property
    def patch_size(self) -> int:
        """Rows and columns of a sample's patch, in pixels; 1 for trees."""

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods, in pixels; empty for models without neighbourhoods."""

    @property
    def start(self) -> str:
        """Sentence on the initial weights of the last fit; empty for random weights."""

    @property
    def window(self) -> int:
        """Side of the receptive field around a sample's pixel, in pixels."""

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample in the dataset, in bytes.

        Args:
            bands: Number of bands.
        """

    def read(self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress) -> Data:
        """Read the inputs of all fits from the raster; called once.

        Args:
            stack: Band stack that stays open until the training ends.
            samples: Samples of all splits.
            preparation: Channels without scaling.
            progress: Progress reporter.
        """

    def network_times(self, dataset: Data, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return the time that each network of a model takes in all fits to come; empty for trees.

        Args:
            dataset: Result of ``read``.
            counts: Number of training samples of each fit to come. The last one is that of the model to
                save.
        """

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Take fewer epochs in all fits to come.

        Args:
            fractions: Largest fraction of its present epochs that each network of ``network_times`` trains,
                0 to 1; at least one epoch is left.

        Returns:
            Number of epochs that each network keeps.
        """

    def fit(
        self,
        dataset: Data,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> Fitted:
        """Return a model that is fitted to ``split.train``. Test samples are not used.

        Args:
            dataset: Result of ``read``.
            split: Indices of the training and validation samples in the dataset.
            progress: Progress reporter.
            on_best: Callback for each model that is the best so far.
            epochs: Number of epochs to train without validation, for the model to save that others were
                tested for. The learning rates are those of the others. None selects the best epoch by
                validation. Models without epochs ignore it.

        Raises:
            RunCancelled: The user cancelled.
            LandCoverError: The fit failed.
        """
