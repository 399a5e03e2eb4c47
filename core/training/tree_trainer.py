"""Trainer of tree ensembles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.tree_file import save_trees
from ..models.tree_model import TreeModel
from ..progress import Progress, RateMeter, Stage
from ..raster.stack import BandStack
from ..samples.samples import Samples
from ..samples.split_design import Split
from ..text import Text
from .channels import Preparation, channel_statistics
from .feeds.base import CentreDataset
from .feeds.neighbourhood import read_features, read_own_pixels
from .trainer import Fitted

_LEVELS = 255
"""The most bins that scikit-learn's boosting has."""
# What is grown between two looks at whether the user has cancelled. Boosting runs through all its
# trees again whenever it goes on.
_STEPS = {"n_estimators": 10, "max_iter": 50}


def coarsened(features: Float32Array) -> Float32Array:
    """Return features in which each value is the nearest of 255 quantiles of its column.

    Boosting puts the values of a column into 255 bins. Where samples have weights, scikit-learn 1.9
    finds each bin's end in a search of its own, for every feature and whenever growing goes on: on
    18,000 samples that takes four times as long as growing 50 trees. Of no more than 255 different
    values it takes the points midway between them. A value lies on the same side of these as the
    value that it was replaced with, so trees divide the true values as they divided these.

    Args:
        features: Shape (N, features), finite.
    """
    if len(features) <= _LEVELS:
        return features
    # Order statistics at even steps, the smallest and the largest among them.
    ranks = np.linspace(0, len(features) - 1, _LEVELS).round().astype(np.int64)
    found = np.empty_like(features)
    for column in range(features.shape[1]):
        values = features[:, column]
        levels = np.unique(np.sort(values)[ranks])
        middles = (levels[1:] + levels[:-1]) / 2
        found[:, column] = levels[np.searchsorted(middles, values)]
    return found


@dataclass(frozen=True, eq=False)
class FittedTrees:
    """Grown trees, and where they find the features of other samples.

    Attributes:
        model: The trees.
        dataset: What they predict.
        preparation: With scaling.
    """

    model: TreeModel
    dataset: CentreDataset
    preparation: Preparation

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Nothing: trees know no epochs."""
        return ()

    @property
    def best(self) -> Epoch | None:
        """Nothing: trees know no epochs."""
        return None

    @property
    def scaling(self) -> Scaling:
        """Of the channels."""
        return self.preparation.measured

    def logits(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return log-probabilities (len(chosen), classes) of the dataset's samples."""
        return self.model.log_probabilities(self.features(chosen, progress))

    @property
    def importance(self) -> Float32Array:
        """How much each feature counts for the trees."""
        return self.model.importance(len(self.preparation.channels))

    def features(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return what is measured around the dataset's samples (len(chosen), features)."""
        samples = self.dataset.samples.subset(chosen)
        return read_features(self.dataset.stack, samples, self.preparation, self.model, progress)

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file."""
        save_trees(path, self.model, card, progress, applicability)


class TreeTrainer:
    """Grows ensembles of trees on pixels and their neighbourhoods.

    Attributes:
        windows: Sides of the neighbourhoods, in pixels.

    Args:
        architecture: Entry of the registry, of the family ``trees``.
        windows: Sides of the neighbourhoods, odd numbers of pixels, ascending; empty for none.
        seed: Seed of the trees.
        indices: Number of spectral indices, for the estimate of memory.
    """

    def __init__(
        self, architecture: Architecture, windows: tuple[int, ...], seed: int, indices: int = 0
    ) -> None:
        self._architecture = architecture
        self._seed = seed
        self._indices = indices
        self._threads = torch.get_num_threads()
        self.windows = windows

    @property
    def start(self) -> str:
        """Nothing: trees start from nothing."""
        return ""

    @property
    def device(self) -> str:
        """What computes, in words: trees know the processor only."""
        return (
            Text("CPU, {threads} threads", threads=self._threads)
            if self._threads > 1
            else Text("CPU, 1 thread")
        )

    @property
    def patch_size(self) -> int:
        """One pixel, around which there may be neighbourhoods."""
        return 1

    @property
    def window(self) -> int:
        """Side, in pixels, of the square that the neighbourhoods lie in."""
        return 2 * self.untrained(1).reach + 1

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample's features."""
        return 4 * self.untrained(1).count(bands + self._indices)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> CentreDataset:
        """Read the samples' own pixels, which say how the channels are scaled."""
        return read_own_pixels(stack, samples, preparation, progress)

    def fit(
        self,
        dataset: CentreDataset,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedTrees:
        """Grow new trees; see ``core.training.trainer``. Nothing can be kept before they are all there."""
        scaling = channel_statistics(
            dataset.centres[:, :, None, None], split.train, dataset.preparation, progress
        )
        preparation = replace(dataset.preparation, scaling=scaling)
        model = self.untrained(len(dataset.classes))
        grow_model(model, dataset, split.train, preparation, progress)
        fitted = FittedTrees(model, dataset, preparation)
        keep(fitted)
        return fitted

    def untrained(self, classes: int) -> TreeModel:
        """Return the model before anything has grown."""
        model: TreeModel = self._architecture.build(self._seed, self._threads, classes, self.windows)
        return model


def grow_model(
    model: TreeModel,
    dataset: CentreDataset,
    train: Int64Array,
    preparation: Preparation,
    progress: Progress,
    outputs: Float32Array | None = None,
) -> None:
    """Fit all members of a model.

    Args:
        model: Untrained.
        dataset: The samples, and the raster around them.
        train: Indices of those that train.
        preparation: The channels, with scaling.
        progress: From 0 to 1.
        outputs: What a network says of these samples (N, classes), for a hybrid.

    Raises:
        RunCancelled: The user cancelled.
    """
    # Out-of-fold class maps were measured and are less accurate, see docs/accuracy.md.
    samples = dataset.samples.subset(train)
    if model.pixel is not None:
        own = preparation(torch.from_numpy(dataset.centres[train][:, :, None, None]))
        grow(model.pixel, own[:, :, 0, 0].numpy(), samples.codes, Stage(progress, 0.0, 0.1))
    features = read_features(dataset.stack, samples, preparation, model, Stage(progress, 0.1, 0.2))
    if outputs is not None:
        features = np.concatenate([outputs, features], axis=1)
    length = 0.8 / len(model.members)
    counts = model.counts(len(preparation.channels))
    for number, (member, count) in enumerate(zip(model.members, counts, strict=True)):
        growing = Stage(progress, 0.2 + number * length, 0.2 + (number + 1) * length)
        grow(member, features[:, :count], samples.codes, growing)


def grow(estimator: Any, features: Float32Array, codes: Int64Array, progress: Progress) -> None:
    """Fit ``estimator`` a few trees at a time, so that the run can be followed and cancelled.

    A sample weighs one over the square root of its class's number of samples: rare classes count
    for more than in proportion, and do not drown the others.

    Args:
        estimator: An ensemble of scikit-learn that can start warm.
        features: Of the samples (N, features).
        codes: Their classes (N,).
        progress: From 0 to 1.

    Raises:
        RunCancelled: The user cancelled.
    """
    count = "max_iter" if hasattr(estimator, "max_iter") else "n_estimators"
    total = int(getattr(estimator, count))
    weights = square_root_weights(codes)
    meter = RateMeter(total, "trees", "Growing on the processor")
    if count == "max_iter":
        features = coarsened(features)
    estimator.set_params(warm_start=True)
    step = _STEPS[count]
    for trees in (*range(step, total, step), total):
        progress.check_cancelled()
        estimator.set_params(**{count: trees})
        estimator.fit(features, codes, sample_weight=weights)
        meter.add(trees - meter.done)
        progress.update(meter.fraction, meter.text())
    estimator.set_params(warm_start=False)


def square_root_weights(codes: Int64Array) -> npt.NDArray[np.float64]:
    """Return a weight for each sample, 1 on average: 1 / sqrt(samples of its class)."""
    weights = 1.0 / np.sqrt(np.bincount(codes)[codes])
    return np.asarray(weights / weights.mean())
