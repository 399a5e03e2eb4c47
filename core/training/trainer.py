"""Trainer protocol: how the samples of an architecture are read, fitted, predicted and saved.

``core.models.architectures`` says which trainer an architecture has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.card import Epoch, ModelCard, Scaling
from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.samples import Samples
from ..samples.split_design import Split
from .channels import Preparation
from .feeds.base import Dataset

STATE_SUFFIX = ".resume"
"""What files end with, after the model file's name, that a stopped training goes on from."""
Data = TypeVar("Data", bound=Dataset)


def codes_of(logits: Float32Array) -> Int64Array:
    """Return the most likely class of each row (N,)."""
    return np.asarray(logits.argmax(axis=1), dtype=np.int64)


class Fitted(Protocol):
    """A model that was fitted, and how that went."""

    @property
    def history(self) -> tuple[Epoch, ...]:
        """The epochs, in order; empty where the model knows none."""

    @property
    def best(self) -> Epoch | None:
        """The epoch whose weights the model has; None where it knows no epochs."""

    @property
    def scaling(self) -> Scaling:
        """Of the channels, from the training samples only."""

    def logits(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return what the model says of the dataset's samples ``chosen``."""

    @property
    def importance(self) -> Float32Array | None:
        """How much each feature counts (features,); None where all count alike."""

    def features(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return what the classes of samples are decided by (len(chosen), features)."""

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, which stands under its name only when it is complete.

        Raises:
            OutputError: The disk is full, or ``path`` cannot be replaced.
        """


class Trainer(Protocol[Data]):
    """An architecture and its settings; fits as many models as it is asked to."""

    @property
    def device(self) -> str:
        """What computes, in words."""

    @property
    def patch_size(self) -> int:
        """Rows and columns of the patch that stands for a sample; 1 for trees."""

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods that are summed up, in pixels; none for networks."""

    @property
    def start(self) -> str:
        """Which weights the last fit started from, a sentence; empty where it started from none."""

    @property
    def window(self) -> int:
        """Side, in pixels, of the widest square around a sample's pixel that the model looks at."""

    def sample_bytes(self, bands: int) -> int:
        """Return the memory that a sample of ``bands`` bands takes in the dataset."""

    def read(self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress) -> Data:
        """Read what all fits need of the raster; called once.

        Args:
            stack: The raster; it stays open until the training ends.
            samples: All samples that any split uses.
            preparation: The channels, without scaling.
            progress: From 0 to 1 for the reading.
        """

    def fit(
        self,
        dataset: Data,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> Fitted:
        """Return a model fitted to ``split.train``; the test samples are not touched.

        Args:
            dataset: From ``read``.
            split: Indices into the dataset's samples.
            progress: From 0 to 1 for this fit.
            keep: Is called with each model that is the best so far.
            epochs: Stop after so many and keep the last, for validation is empty: the refit on all
                samples after the folds, with the learning rates that these had. None: validation
                chooses. Models without epochs ignore it.

        Raises:
            RunCancelled: The user cancelled.
            LandCoverError: The fit failed; what and why.
        """
