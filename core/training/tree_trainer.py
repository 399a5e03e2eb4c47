"""Trainer of tree ensembles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..arrays import Float32Array, Float64Array, Int64Array
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
from .edge_mixing import edge_copies
from .feeds.base import CentreDataset
from .feeds.neighbourhood import read_features, read_own_pixels
from .trainer import Fitted, NetworkTime

# Maximum number of bins of scikit-learn's boosting.
_MAX_BINS = 255
# Trees that are grown between two checks for cancelling, by parameter. Boosting predicts with all its trees
# whenever it resumes, so its steps are larger.
_TREES_PER_STEP = {"n_estimators": 10, "max_iter": 50}


def coarsened(features: Float32Array) -> Float32Array:
    """Return features with each value replaced by the nearest of 255 quantiles of its column.

    Boosting sorts the values of a column into 255 bins. With sample weights, scikit-learn 1.9 searches each
    bin's edge separately, for every feature and at every step: on 18,000 samples that takes four times as
    long as growing 50 trees. For at most 255 different values, the edges are the midpoints between them. A
    value and its quantile lie on the same side of these, so the trees split both alike.

    Args:
        features: Finite features, float32, shape (N, features).
    """
    if len(features) <= _MAX_BINS:
        return features
    # Order statistics at even steps, with the smallest and the largest.
    ranks = np.linspace(0, len(features) - 1, _MAX_BINS).round().astype(np.int64)
    quantiles = np.empty_like(features)
    for column in range(features.shape[1]):
        values = features[:, column]
        levels = np.unique(np.sort(values)[ranks])
        midpoints = (levels[1:] + levels[:-1]) / 2
        quantiles[:, column] = levels[np.searchsorted(midpoints, values)]
    return quantiles


@dataclass(frozen=True, eq=False)
class FittedTrees:
    """Fitted trees.

    Attributes:
        model: Fitted trees.
        dataset: Samples to predict, with the band stack around them.
        preparation: Channels with scaling.
    """

    model: TreeModel
    dataset: CentreDataset
    preparation: Preparation

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Empty: trees have no epochs."""
        return ()

    @property
    def best(self) -> Epoch | None:
        """None: trees have no epochs."""
        return None

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels."""
        return self.preparation.required_scaling

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the log-probabilities of samples, float32, shape (M, classes).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        return self.model.log_probabilities(self.features(indices, progress))

    @property
    def importance(self) -> Float32Array:
        """Importance of each feature for the trees, float32, shape (features,)."""
        return self.model.importance(len(self.preparation.channels))

    @property
    def leading(self) -> int:
        """0: the model has no members."""
        return 0

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the neighbourhood features of samples, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        samples = self.dataset.samples.subset(indices)
        return read_features(self.dataset.stack, samples, self.preparation, self.model, progress)

    def in_memory(self, card: ModelCard) -> tuple[TreeModel, ModelCard]:
        """Return the trees and the document, see ``core.training.trainer.Fitted.in_memory``."""
        return self.model, card

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, see ``core.training.trainer.Fitted.save``."""
        save_trees(path, *self.in_memory(card), progress, applicability)


class TreeTrainer:
    """Trainer of tree ensembles on pixels and their neighbourhoods.

    Attributes:
        windows: Sides of the neighbourhoods, in pixels.

    Args:
        architecture: Registry entry of the architecture, of the family ``trees``.
        windows: Sides of the neighbourhoods in pixels, odd and ascending; empty for none.
        seed: Seed of the trees.
        indices: Number of spectral indices, for the estimate of memory.
        edge_mixing: Fraction, 0 to below 1, of the training samples that are copies with a border in their
            neighbourhood.
        trees: Number of trees of random forests and extra trees; None takes the architecture's.
        min_leaf: Smallest number of samples in a leaf of these trees; None takes the architecture's.
    """

    def __init__(
        self,
        architecture: Architecture,
        windows: tuple[int, ...],
        seed: int,
        indices: int = 0,
        edge_mixing: float = 0.0,
        trees: int | None = None,
        min_leaf: int | None = None,
    ) -> None:
        chosen = {"n_estimators": trees, "min_samples_leaf": min_leaf}
        self._forest = {name: value for name, value in chosen.items() if value is not None}
        self._architecture = architecture
        self._seed = seed
        self._indices = indices
        self._edge_mixing = edge_mixing
        self._threads = torch.get_num_threads()
        self.windows = windows

    @property
    def start(self) -> str:
        """Empty: trees have no initial weights."""
        return ""

    @property
    def device(self) -> str:
        """Name of the processor with its number of threads; trees do not use a GPU."""
        return (
            Text("CPU, {threads} threads", threads=self._threads)
            if self._threads > 1
            else Text("CPU, 1 thread")
        )

    @property
    def patch_size(self) -> int:
        """1: trees have no patches."""
        return 1

    @property
    def window(self) -> int:
        """Side of the square that holds all neighbourhoods, in pixels."""
        return 2 * self.untrained(1).reach + 1

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample's features in bytes.

        Args:
            bands: Number of bands.
        """
        return 4 * self.untrained(1).count(bands + self._indices)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> CentreDataset:
        """Read the own pixels of the samples, by which the channels are scaled."""
        return read_own_pixels(stack, samples, preparation, progress)

    def network_times(self, dataset: CentreDataset, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return nothing: trees have no networks, see ``core.training.trainer.Trainer.network_times``."""
        return ()

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Do nothing: trees have no epochs, see ``core.training.trainer.Trainer.shorten``."""
        return ()

    def fit(
        self,
        dataset: CentreDataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedTrees:
        """Grow new trees, see ``core.training.trainer.Trainer.fit``.

        ``on_best`` is called once, when all trees are grown.
        """
        scaling = channel_statistics(
            dataset.centres[:, :, None, None], split.train, dataset.preparation, progress
        )
        preparation = replace(dataset.preparation, scaling=scaling)
        model = self.untrained(len(dataset.classes))
        grow_model(
            model, dataset, split.train, preparation, progress, edge_mixing=self._edge_mixing, seed=self._seed
        )
        fitted = FittedTrees(model, dataset, preparation)
        on_best(fitted)
        return fitted

    def untrained(self, classes: int) -> TreeModel:
        """Return a model without trees.

        Args:
            classes: Number of classes.
        """
        model: TreeModel = self._architecture.build(self._seed, self._threads, classes, self.windows)
        for member in model.members:
            # Boosting has no number of trees but of steps, and its own size of leaves.
            if self._forest and hasattr(member, "n_estimators"):
                member.set_params(**self._forest)
        return model


def grow_model(
    model: TreeModel,
    dataset: CentreDataset,
    train: Int64Array,
    preparation: Preparation,
    progress: Progress,
    outputs: Float32Array | None = None,
    edge_mixing: float = 0.0,
    seed: int = 0,
) -> None:
    """Fit all members of a model.

    Args:
        model: Model without trees.
        dataset: Samples, with the band stack around them.
        train: Indices of the training samples, int64, shape (N,).
        preparation: Channels with scaling.
        progress: Progress reporter.
        outputs: Out-of-fold outputs of a hybrid's networks for these samples, float32, shape (N, classes);
            None for none.
        edge_mixing: Fraction, 0 to below 1, of the samples that are copies with a border in their
            neighbourhood.
        seed: Seed of these borders.

    Raises:
        RunCancelled: The user cancelled.
    """
    # Out-of-fold class maps were measured and are less accurate, see docs/accuracy.md.
    samples = dataset.samples.subset(train)
    if model.pixel is not None:
        own = preparation(torch.from_numpy(dataset.centres[train][:, :, None, None]))
        grow(model.pixel, own[:, :, 0, 0].numpy(), samples.codes, Stage(progress, 0.0, 0.1))
    features = read_features(dataset.stack, samples, preparation, model, Stage(progress, 0.1, 0.2))
    codes = samples.codes
    if outputs is not None:
        features = np.concatenate([outputs, features], axis=1)
    elif model.measure.windows and edge_mixing > 0:
        number = max(1, round(edge_mixing / (1.0 - edge_mixing)))
        generator, channels = np.random.default_rng(seed), len(preparation.channels)
        copies, their_codes = edge_copies(features, model.measure, channels, codes, number, generator)
        features, codes = np.concatenate([features, copies]), np.concatenate([codes, their_codes])
    length = 0.8 / len(model.members)
    counts = model.counts(len(preparation.channels))
    for number, (member, count) in enumerate(zip(model.members, counts, strict=True)):
        stage = Stage(progress, 0.2 + number * length, 0.2 + (number + 1) * length)
        grow(member, features[:, :count], codes, stage)


def grow(estimator: Any, features: Float32Array, codes: Int64Array, progress: Progress) -> None:
    """Fit an ensemble a few trees at a time, with progress and checks for cancelling.

    Samples have the weights of ``square_root_weights``.

    Args:
        estimator: Ensemble of scikit-learn with a warm start.
        features: Features of the samples, float32, shape (N, features).
        codes: Class codes of the samples, int64, shape (N,).
        progress: Progress reporter.

    Raises:
        RunCancelled: The user cancelled.
    """
    count = "max_iter" if hasattr(estimator, "max_iter") else "n_estimators"
    total = int(getattr(estimator, count))
    weights = square_root_weights(codes)
    meter = RateMeter(total, "trees", "Growing trees on the processor")
    if count == "max_iter":
        features = coarsened(features)
    estimator.set_params(warm_start=True)
    step = _TREES_PER_STEP[count]
    for trees in (*range(step, total, step), total):
        progress.check_cancelled()
        estimator.set_params(**{count: trees})
        estimator.fit(features, codes, sample_weight=weights)
        meter.add(trees - meter.done)
        progress.update(meter.fraction, meter.text())
    estimator.set_params(warm_start=False)


def square_root_weights(codes: Int64Array) -> Float64Array:
    """Return the weight of each sample, 1 / sqrt(samples of its class), scaled to mean 1, shape (N,).

    Between equal weights, which ignore rare classes, and the inverse frequency, which overweights few
    samples.

    Args:
        codes: Class codes of the samples, int64, shape (N,).
    """
    weights = 1.0 / np.sqrt(np.bincount(codes)[codes])
    return np.asarray(weights / weights.mean())
