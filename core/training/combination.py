"""Ensemble of model files that is neither trained nor tested: all members have the same weight.

>>> ensemble, card = combine_files([Path("network.safetensors"), Path("trees.skops")], MEAN)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import ModelFileError
from ..models.card import FORMAT_VERSION, MemberWeight, ModelCard, Training, is_zip, read_card
from ..models.ensemble import (
    EnsembleModel,
    Member,
    check_same_classes,
    check_same_inputs,
    file_member,
)
from ..models.network_file import load_model
from ..models.pool import Pool
from ..models.tree_file import load_trees
from ..samples.training_pixels import united
from ..text import Text
from .cards import package_versions


def combine_files(paths: Sequence[Path], rule: str) -> tuple[EnsembleModel, ModelCard]:
    """Return the ensemble of model files and its document.

    Probabilities of the members are calibrated by their own calibrations before they are combined.

    Args:
        paths: Paths of the model files, at least two.
        rule: ``mean`` or ``log_mean``, see ``core.options.COMBINATIONS``.

    Raises:
        ModelFileError: A file is not a model, is an ensemble, or has other channels or classes than the
            first.
    """
    first = read_card(paths[0])
    members = tuple(_member(path, first) for path in paths)
    pool = Pool.equal(len(members), rule)
    cards = [member.card for member in members]
    files = [read_card(path) for path in paths]
    names = ", ".join(path.name for path in paths)
    card = replace(
        first,
        architecture="ensemble",
        patch_size=max(item.patch_size for item in cards),
        windows=next((item.windows for item in cards if item.windows), ()),
        centre=next((item.centre for item in cards if item.centre), None),
        small_stem=False,
        training=Training(
            split="none",
            split_note=Text(
                "The model files {names} have equal weights. Their ensemble is not tested.", names=names
            ),
            train_samples=0,
            validation_samples=0,
            test_samples=0,
            seed=0,
            best_epoch=None,
            parameters={
                "member_files": names,
                "combination": rule,
                "extra_inputs": first.training.parameters.get("extra_inputs"),
            },
            orientation_centre=first.training.orientation_centre,
        ),
        metrics=None,
        calibration=None,
        conformal=None,
        applicability=None,
        training_pixels=united([item.training_pixels for item in files]),
        area=first.area if all(item.area == first.area for item in files) else None,
        lost_classes=tuple(dict.fromkeys(lost for item in files for lost in item.lost_classes)),
        nodata_values=tuple(dict.fromkeys(value for item in files for value in item.nodata_values)),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=package_versions(),
        members=tuple(
            MemberWeight(item.architecture, weight, file=path.name)
            for item, weight, path in zip(cards, pool.means, paths, strict=True)
        ),
        combination=rule,
        scales_members=any(item.scaling != first.scaling for item in cards),
        format_version=FORMAT_VERSION,
    )
    return EnsembleModel(members, pool), card


def _member(path: Path, first: ModelCard) -> Member:
    card = read_card(path)
    if card.members:
        raise nested(path)
    check_same_inputs(card, first.bands, first.indices, first.band_roles, first.reflectance_scale, path)
    check_same_classes(card, first.classes, path)
    model, own = load_trees(path) if is_zip(path) else load_model(path)
    return Member(model, file_member(own, first))


def nested(path: Path) -> ModelFileError:
    """Return the error of an ensemble that is to be a member of another one.

    Args:
        path: Path of the model file.
    """
    return ModelFileError(
        "An ensemble cannot be a member of an ensemble",
        where=str(path),
        advice="Choose the model files that it was made of.",
    )
