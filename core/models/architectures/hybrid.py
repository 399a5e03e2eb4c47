"""Trees that see what a network makes of the patch around a pixel, beside the neighbourhoods.

The network's features are its outputs, logarithms of class probabilities: those of the layer before
have another meaning in each network that is trained, and the trees learn from several, see
``core.training.hybrid_trainer``. The outputs are not measured in neighbourhoods, as the class maps are,
for that would take a network's word on every pixel around every sample, from each network.
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
    """Return the ensemble of extra trees and boosting, both of which see the network's outputs."""
    return replace(tree_ensemble(seed, threads, classes, windows), is_hybrid=True)


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.feeds.patch import PatchView
    from ...training.hybrid_trainer import HybridTrainer
    from ...training.network_trainer import NetworkTrainer
    from ...training.tree_trainer import TreeTrainer

    network = NetworkTrainer(RESNET18, settings, PatchView.of)
    trees = TreeTrainer(entry, settings.windows, settings.fit.seed, settings.indices)
    return HybridTrainer(network, trees, settings.fit.seed)


ARCHITECTURES = (
    Architecture(
        "hybrid",
        Text("Network and trees"),
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
            least_steps=20,
        ),
    ),
)
