"""Hybrid: tree ensemble on neighbourhood features and on a network's outputs for the patch around a pixel.

The network's outputs are logarithms of class probabilities. Its features before the last layer cannot be
used: they have another meaning in each trained network, and the trees are fitted to out-of-fold outputs of
several (``core.training.hybrid_trainer``). Neighbourhood features are not extracted from the outputs, because
the network would have to predict every pixel around every sample.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, Recipe, TrainerSettings, deferred
from .resnet import RESNET18
from .trees import tree_ensemble

if TYPE_CHECKING:
    from ...training.trainer import Trainer
    from ..tree_model import TreeModel


def _build(seed: int, threads: int, classes: int, windows: tuple[int, ...]) -> TreeModel:
    """Return the ensemble of extra trees and boosting, both with the network's outputs as features."""
    return replace(tree_ensemble(seed, threads, classes, windows), is_hybrid=True)


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.feeds.patch import PatchView
    from ...training.hybrid_trainer import HybridTrainer
    from ...training.network_trainer import NetworkTrainer
    from ...training.tree_trainer import TreeTrainer

    network = NetworkTrainer(RESNET18, replace(settings, shares_channels=True), PatchView.of)
    trees = TreeTrainer(
        entry,
        settings.windows,
        settings.fit.seed,
        settings.indices,
        trees=settings.trees,
        min_leaf=settings.min_leaf,
    )
    return HybridTrainer(entry, network, trees, settings.fit.seed)


ARCHITECTURES = (
    Architecture(
        "hybrid",
        Text("Hybrid of trees and ResNet18"),
        "patch",
        "trees",
        _build,
        trainer_factory=_make_trainer,
        network=RESNET18,
        make_predictor=deferred("inference.predictors.neighbourhood", "make_hybrid_predictor"),
        recipe=Recipe(
            patch_size=16,
            epochs=8,
            batch_size=128,
            learning_rate=1e-3,
            weight_decay=0.05,
            label_smoothing=0.1,
            brightness=0.1,
            min_steps=20,
        ),
    ),
)
