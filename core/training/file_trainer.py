"""Trainer of nothing: a model of a file as a member of an ensemble that is trained with other members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import Float32Array, Int64Array
from ..device import describe_device, select_device
from ..inference.predictors.factory import LoadedModel, load_once
from ..inference.sample_scores import SampleScores
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.architectures import architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.ensemble import (
    EnsembleModel,
    TrainedModel,
    check_same_classes,
    check_same_inputs,
    file_member,
)
from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.samples import Samples
from ..samples.split_design import Split
from ..uncertainty.calibration import log_probabilities
from .channels import Preparation
from .combination import nested
from .feeds.base import Dataset
from .trainer import Fitted, NetworkTime


@dataclass(frozen=True, eq=False)
class ScoredDataset(Dataset):
    """Samples with the predictions of a model.

    Attributes:
        scores: Calibrated log-probabilities, float32, shape (N, classes).
    """

    scores: Float32Array


@dataclass(frozen=True, eq=False)
class FittedFile:
    """Model of a file, and its predictions.

    Attributes:
        model: Loaded model.
        dataset: Samples with predictions.
    """

    model: LoadedModel
    dataset: ScoredDataset

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Empty: the model is not trained here."""
        return ()

    @property
    def best(self) -> Epoch | None:
        """None: the model is not trained here."""
        return None

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels, by the training of the file."""
        return self.model.card.scaling

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the calibrated log-probabilities of samples, float32, shape (M, classes)."""
        return self.dataset.scores[indices]

    @property
    def importance(self) -> None:
        """None: there are no features."""
        return None

    @property
    def leading(self) -> int:
        """0: the model has no members."""
        return 0

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return a constant, shape (M, 1): the training samples of the file are not known.

        So there is no area of applicability where this member has the largest weight.
        """
        return np.zeros((len(indices), 1), dtype=np.float32)

    def in_memory(self, card: ModelCard) -> tuple[TrainedModel, ModelCard]:
        """Return the model and its document as a member, see ``core.training.trainer.Fitted.in_memory``."""
        return self.model.model, file_member(self.model.card, card)

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Raise an error: an ensemble writes its members."""
        raise RuntimeError("A member of an ensemble is not written alone")


class FileTrainer:
    """Trainer that returns the model of a file for any samples.

    Args:
        path: Path of the model file.
        device: Device that computes, such as ``auto``.

    Raises:
        ModelFileError: The file is not a model, or is an ensemble.
        DeviceError: The device cannot be used.
    """

    start = ""

    def __init__(self, path: Path, device: str) -> None:
        self._device = select_device(device)
        self.path = path
        (self._model, *_) = load_once(path, (self._device,))
        if isinstance(self._model.model, EnsembleModel):
            raise nested(path)
        self._reader = SampleScores(self._model)

    @property
    def architecture(self) -> Architecture:
        """Registry entry of the model."""
        return architecture(self._model.card.architecture)

    @property
    def device(self) -> str:
        """Name of the device."""
        return describe_device(self._device)

    @property
    def patch_size(self) -> int:
        """Side of the model's patches, in pixels."""
        return self._model.card.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the model's neighbourhoods, in pixels."""
        return self._model.card.windows

    @property
    def window(self) -> int:
        """Side of the receptive field, in pixels."""
        return self._reader.window

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample's scores in bytes."""
        return 4 * len(self._model.card.classes)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> ScoredDataset:
        """Predict all samples, see ``core.training.trainer.Trainer.read``.

        Raises:
            ModelFileError: The model has other channels or classes than the training.
        """
        card = self._model.card
        check_same_inputs(
            card,
            preparation.bands,
            preparation.indices,
            preparation.roles,
            preparation.reflectance_scale,
            self.path,
        )
        check_same_classes(card, samples.classes, self.path)
        raw = self._reader.scores(stack, samples.rows, samples.columns, progress)
        scores = log_probabilities(raw, card.calibration).astype(np.float32)
        return ScoredDataset(samples, preparation, scores)

    def network_times(self, dataset: ScoredDataset, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return nothing: nothing is trained."""
        return ()

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Do nothing: nothing is trained."""
        return ()

    def fit(
        self,
        dataset: ScoredDataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedFile:
        """Return the model of the file."""
        fitted = FittedFile(self._model, dataset)
        on_best(fitted)
        return fitted
