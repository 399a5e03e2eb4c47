"""Trainer of hybrids: trees with the outputs of a network as additional features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import log_softmax

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.card import Epoch, ModelCard, Scaling
from ..models.tree_file import save_trees
from ..models.tree_model import TreeModel
from ..progress import Progress, Stage
from ..raster.stack import BandStack
from ..samples.group_split import inner_folds
from ..samples.samples import Samples
from ..samples.split_design import Split
from .channels import Preparation
from .feeds.base import CentreDataset, Dataset
from .feeds.neighbourhood import read_features
from .network_trainer import FittedNetwork, NetworkTrainer
from .trainer import Fitted, codes_of
from .tree_trainer import TreeTrainer, grow_model

# The share of a fit's time that its networks take, about.
_NETWORKS = 0.7


@dataclass(frozen=True, eq=False)
class HybridDataset(Dataset):
    """What the network and the trees have each read.

    Attributes:
        patches: For the network.
        centres: For the trees.
    """

    patches: Dataset
    centres: CentreDataset


@dataclass(frozen=True, eq=False)
class FittedHybrid:
    """Grown trees and their network, and where they find what they look at.

    Attributes:
        model: The trees.
        network: Trained on all training samples.
        dataset: What they predict.
        preparation: With scaling.
    """

    model: TreeModel
    network: FittedNetwork
    dataset: HybridDataset
    preparation: Preparation

    @property
    def history(self) -> tuple[Epoch, ...]:
        """The epochs of the network that was trained on all training samples."""
        return self.network.history

    @property
    def best(self) -> Epoch:
        """The network's last epoch."""
        return self.network.best

    @property
    def scaling(self) -> Scaling:
        """Of the channels, for network and trees."""
        return self.preparation.measured

    def logits(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return log-probabilities (len(chosen), classes) of the dataset's samples."""
        return self.model.log_probabilities(self.features(chosen, progress))

    @property
    def importance(self) -> Float32Array:
        """How much each feature counts for the trees."""
        return self.model.importance(len(self.preparation.channels))

    def features(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return the network's outputs, and what is measured around the dataset's samples."""
        centres = self.dataset.centres
        samples = centres.samples.subset(chosen)
        features = read_features(centres.stack, samples, self.preparation, self.model, progress)
        outputs = log_softmax(self.network.logits(chosen, progress), axis=1)
        return np.concatenate([outputs, features], axis=1)

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file."""
        model = replace(self.model, network=self.network.network)
        save_trees(path, model, replace(card, small_stem=self.network.small_stem), progress, applicability)


class HybridTrainer:
    """Fits a network, and trees that see its outputs.

    Args:
        network: Trainer of the network. All its epochs are trained: no samples are left to choose
            the best epoch by, as calibration needs the validation samples.
        trees: Trainer of the trees.
        seed: Seed of the folds, in which the networks are trained whose outputs the trees see.
    """

    def __init__(self, network: NetworkTrainer, trees: TreeTrainer, seed: int) -> None:
        self._network = network
        self._trees = trees
        self._seed = seed

    @property
    def start(self) -> str:
        """Which weights the last network started from, a sentence."""
        return self._network.start

    @property
    def device(self) -> str:
        """What the network computes on, in words."""
        return self._network.device

    @property
    def patch_size(self) -> int:
        """Side of the squares that the network is shown, in pixels."""
        return self._network.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods that the trees are shown, in pixels."""
        return self._trees.windows

    @property
    def window(self) -> int:
        """Side of the widest square around a pixel that its class depends on."""
        return max(self._network.window, self._trees.window)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample."""
        return self._network.sample_bytes(bands) + self._trees.sample_bytes(bands)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> HybridDataset:
        """Read the samples' patches and their own pixels."""
        patches = self._network.read(stack, samples, preparation, Stage(progress, 0.0, 0.8))
        centres = self._trees.read(stack, samples, preparation, Stage(progress, 0.8, 1.0))
        return HybridDataset(samples, preparation, patches, centres)

    def fit(
        self,
        dataset: HybridDataset,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedHybrid:
        """Fit all parts; see ``core.training.trainer``. Nothing can be kept before they are all there."""
        parts = inner_folds(dataset.samples, split.train, self.window, self._network.window, self._seed)
        outputs = np.zeros((len(dataset.samples), len(dataset.classes)), dtype=np.float32)
        length = _NETWORKS / (len(parts) + 1)
        for number, (taught, held) in enumerate(parts):
            progress.log(
                "Network {number} of {total} learns from {count:,} samples, for its outputs "
                "about {others:,} others.",
                number=number + 1,
                total=len(parts),
                count=len(taught),
                others=len(held),
            )
            stage = Stage(progress, number * length, (number + 1) * length)
            fitted = self._fit_network(dataset, taught, stage, epochs)
            outputs[held] = log_softmax(fitted.logits(held, progress), axis=1)
        taught = split.train
        right = np.mean(codes_of(outputs[taught]) == dataset.codes(taught))
        progress.log(
            "These networks are right about {share:.1%} of the training samples, none of which "
            "they had seen. The model's own network learns from all {count:,}.",
            share=right,
            count=len(taught),
        )
        network = self._fit_network(dataset, taught, Stage(progress, len(parts) * length, _NETWORKS), epochs)
        preparation = replace(dataset.preparation, scaling=network.scaling)
        model = self._trees.untrained(len(dataset.classes))
        growing = Stage(progress, _NETWORKS, 1.0)
        grow_model(model, dataset.centres, taught, preparation, growing, outputs[taught])
        whole = FittedHybrid(model, network, dataset, preparation)
        keep(whole)
        return whole

    def _fit_network(
        self, dataset: HybridDataset, taught: Int64Array, progress: Progress, epochs: int | None
    ) -> FittedNetwork:
        """Train a network to its last epoch; nothing of it is of use alone."""
        split = Split(taught, taught[:0], taught[:0])
        return self._network.fit(dataset.patches, split, progress, lambda _: None, epochs)
