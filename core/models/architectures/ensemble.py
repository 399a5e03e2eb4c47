"""Ensemble of a centred ResNet18 and trees, weighted by their out-of-fold predictions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, TrainerSettings, deferred
from .resnet import RESNET18
from .trees import TREE_ENSEMBLE

if TYPE_CHECKING:
    from ...training.trainer import Trainer


def _build(*_: Any) -> Any:
    raise RuntimeError("An ensemble is built of its members")


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.ensemble_trainer import EnsembleTrainer

    # Copies with borders are for networks: trees gain by them on some scenes and lose on others.
    plain = replace(settings, fit=replace(settings.fit, edge_mixing=0.0))
    shared = replace(settings, shares_channels=True)
    trainers = [member.make_trainer(shared if member.has_network else plain) for member in entry.members]
    return EnsembleTrainer(entry.members, trainers, settings.fit.seed)


ARCHITECTURES = (
    Architecture(
        "ensemble",
        Text("Best of network and trees"),
        "patch",
        "ensemble",
        _build,
        trainer_factory=_make_trainer,
        members=(RESNET18, TREE_ENSEMBLE),
        make_predictor=deferred("inference.predictors.ensemble", "make_ensemble_predictor"),
        recipe=RESNET18.recipe,
        centred_recipe=RESNET18.centred_recipe,
    ),
)
