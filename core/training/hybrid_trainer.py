"""Trainer of hybrids: trees with the outputs of a network as additional features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from scipy.special import log_softmax

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.tree_file import save_trees
from ..models.tree_model import TreeModel
from ..progress import Progress, Stage
from ..raster.stack import BandStack
from ..samples.group_split import INNER_FOLDS, inner_folds
from ..samples.samples import Samples
from ..samples.split_design import Split
from ..text import Text
from .channels import Preparation
from .feeds.base import CentreDataset, Dataset
from .feeds.neighbourhood import read_features
from .network_trainer import FittedNetwork, NetworkTrainer
from .out_of_fold import out_of_fold
from .trainer import Fitted, NetworkTime, codes_of
from .tree_trainer import TreeTrainer, grow_model

# Approximate fraction of a fit's time that its networks take.
_NETWORK_FRACTION = 0.7
_FOLD_LINE = Text(
    "Network {number} of {total} is trained on {count:,} samples, for its outputs on {others:,} others."
)


@dataclass(frozen=True, eq=False)
class HybridDataset(Dataset):
    """Samples with the inputs of the network and of the trees.

    Attributes:
        patches: Dataset of the network.
        centres: Dataset of the trees.
    """

    patches: Dataset
    centres: CentreDataset

    def scaled(self, scaling: Scaling) -> Self:
        """Return the same samples with channels whose scaling is given, see ``Dataset.scaled``."""
        whole = super().scaled(scaling)
        return replace(whole, patches=self.patches.scaled(scaling), centres=self.centres.scaled(scaling))


@dataclass(frozen=True, eq=False)
class FittedHybrid:
    """Fitted trees and their network.

    Attributes:
        model: Fitted trees.
        network: Network that was trained on all training samples.
        dataset: Samples to predict, with their inputs.
        preparation: Channels with scaling.
    """

    model: TreeModel
    network: FittedNetwork
    dataset: HybridDataset
    preparation: Preparation

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Epochs of the network that was trained on all training samples."""
        return self.network.history

    @property
    def best(self) -> Epoch:
        """Last epoch of the network."""
        return self.network.best

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels, for network and trees."""
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
        """Return the network's outputs and neighbourhood features of samples, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        centres = self.dataset.centres
        samples = centres.samples.subset(indices)
        features = read_features(centres.stack, samples, self.preparation, self.model, progress)
        outputs = log_softmax(self.network.logits(indices, progress), axis=1)
        return np.concatenate([outputs, features], axis=1)

    def in_memory(self, card: ModelCard) -> tuple[TreeModel, ModelCard]:
        """Return the trees with their network and the document, see ``Fitted.in_memory``."""
        model = replace(self.model, network=self.network.network)
        _, own = self.network.in_memory(card)
        return model, own

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, see ``core.training.trainer.Fitted.save``."""
        save_trees(path, *self.in_memory(card), progress, applicability)


class HybridTrainer:
    """Trainer of a network, and of trees with its outputs as features.

    Args:
        architecture: Registry entry of the hybrid.
        network: Trainer of the network. All epochs are trained, because calibration needs the validation
            samples, and no others remain to select an epoch.
        trees: Trainer of the trees.
        seed: Seed of the inner folds, whose networks give the out-of-fold outputs that the trees are fitted
            to.
    """

    def __init__(
        self, architecture: Architecture, network: NetworkTrainer, trees: TreeTrainer, seed: int
    ) -> None:
        self._architecture = architecture
        self._network = network
        self._trees = trees
        self._seed = seed

    @property
    def start(self) -> str:
        """Sentence on the initial weights of the last network; empty for random weights."""
        return self._network.start

    @property
    def device(self) -> str:
        """Name of the network's device."""
        return self._network.device

    @property
    def patch_size(self) -> int:
        """Side of the network's patches, in pixels."""
        return self._network.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the trees' neighbourhoods, in pixels."""
        return self._trees.windows

    @property
    def window(self) -> int:
        """Side of the receptive field, in pixels."""
        return max(self._network.window, self._trees.window)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample in bytes.

        Args:
            bands: Number of bands.
        """
        return self._network.sample_bytes(bands) + self._trees.sample_bytes(bands)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> HybridDataset:
        """Read the patches and the own pixels of the samples, see ``core.training.trainer.Trainer.read``."""
        patches = self._network.read(stack, samples, preparation, Stage(progress, 0.0, 0.8))
        centres = self._trees.read(stack, samples, preparation, Stage(progress, 0.8, 1.0))
        return HybridDataset(samples, preparation, patches, centres)

    def network_times(self, dataset: HybridDataset, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return the time of the networks, see ``core.training.trainer.Trainer.network_times``."""
        # A fit trains a network for each inner fold, on the samples of the others, and one on all samples.
        networks = [number for count in counts for number in (*(INNER_FOLDS * [_outside(count)]), count)]
        times = self._network.network_times(dataset.patches, networks)
        return tuple(replace(time, architecture=self._architecture) for time in times)

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Take fewer epochs of the networks, see ``core.training.trainer.Trainer.shorten``."""
        return self._network.shorten(fractions)

    def fit(
        self,
        dataset: HybridDataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedHybrid:
        """Fit the networks and the trees, see ``core.training.trainer.Trainer.fit``.

        ``on_best`` is called once, when all parts are complete.
        """
        parts = inner_folds(dataset.samples, split.train, self.window, self._network.window, self._seed)
        shape = len(dataset.samples), len(dataset.classes)
        networks_end = _NETWORK_FRACTION * len(parts) / (len(parts) + 1)

        def predict(fitted_to: Int64Array, held_out: Int64Array, progress: Progress) -> Float32Array:
            fitted = self._fit_network(dataset, fitted_to, progress, epochs)
            logs: Float32Array = log_softmax(fitted.logits(held_out, progress), axis=1)
            return logs

        outputs = out_of_fold(parts, predict, shape, _FOLD_LINE, Stage(progress, 0.0, networks_end))
        train = split.train
        accuracy = np.mean(codes_of(outputs[train]) == dataset.codes(train))
        progress.log(
            "The out-of-fold accuracy of these networks is {accuracy:.1%}. The model's own network is "
            "trained "
            "on all {count:,} samples.",
            accuracy=accuracy,
            count=len(train),
        )
        stage = Stage(progress, networks_end, _NETWORK_FRACTION)
        network = self._fit_network(dataset, train, stage, epochs)
        preparation = replace(dataset.preparation, scaling=network.scaling)
        model = self._trees.untrained(len(dataset.classes))
        stage = Stage(progress, _NETWORK_FRACTION, 1.0)
        grow_model(model, dataset.centres, train, preparation, stage, outputs[train])
        hybrid = FittedHybrid(model, network, dataset, preparation)
        on_best(hybrid)
        return hybrid

    def _fit_network(
        self, dataset: HybridDataset, train: Int64Array, progress: Progress, epochs: int | None
    ) -> FittedNetwork:
        """Train a network to its last epoch, without validation and test samples."""
        split = Split(train, train[:0], train[:0])
        return self._network.fit(dataset.patches, split, progress, lambda _: None, epochs)


def _outside(count: int) -> int:
    """Return the number of samples outside one of the inner folds."""
    return count * (INNER_FOLDS - 1) // INNER_FOLDS
