"""Ensembles: by default a centred ResNet18 and trees, weighted by their out-of-fold predictions."""

from __future__ import annotations

from pathlib import Path
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
    from ...training.ensemble_trainer import EnsembleTrainer, MemberTrainer

    ensemble = settings.ensemble
    if ensemble is None:
        raise RuntimeError("The settings of the ensemble's members are missing")
    members = [
        MemberTrainer(member, member.make_trainer(own), ensemble.snapshots if member.is_network else 1)
        for member, own in zip(entry.members, ensemble.members, strict=True)
    ]
    if ensemble.files:
        from ...training.file_trainer import FileTrainer

        files = [FileTrainer(Path(path), settings.device) for path in ensemble.files]
        members += [MemberTrainer(item.architecture, item, file=item.path.name) for item in files]
    return EnsembleTrainer(members, ensemble.combination, settings.fit.seed)


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
