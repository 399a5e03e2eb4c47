"""Ensemble: several models of one raster's channels, whose probabilities a pool combines.

Its file is a zip that holds a complete model file of each member, next to the document of the ensemble.

>>> save_ensemble(Path("model.skops"), ensemble, card)
>>> ensemble, card = load_ensemble(Path("model.skops"))
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import nn

from ..classes import ClassIndex, LandCoverClass, describe_classes
from ..errors import ModelFileError
from ..files import partial_file
from ..options import INDEX_ROLES, WEIGHTED
from ..progress import Progress, SilentProgress
from .applicability import MEMBER, Applicability
from .card import DOCUMENT_MEMBER, ModelCard, architecture_of, read_card
from .network_file import load_model, save_model
from .pool import Pool
from .tree_file import load_trees, save_trees
from .tree_model import TreeModel

_ADVICE = "Train the model again or get a fresh copy."


@dataclass(frozen=True, eq=False)
class Member:
    """Member of an ensemble.

    Attributes:
        model: Network or trees.
        card: Document of the member, with the channels and the classes of the ensemble. The scaling of
            the channels is that of the ensemble, too, unless ``ModelCard.scales_members``. Scores are
            calibrated with the calibration in it before they are combined, where there is one.
    """

    model: nn.Module | TreeModel
    card: ModelCard


@dataclass(frozen=True, eq=False)
class EnsembleModel:
    """Models whose probabilities are combined.

    Attributes:
        members: Members.
        pool: Weights of the members, and their rule.
    """

    members: tuple[Member, ...]
    pool: Pool

    @property
    def leading(self) -> int:
        """Index of the member with the largest weight, whose features give the area of applicability."""
        return self.pool.leading


TrainedModel = nn.Module | TreeModel | EnsembleModel
"""Network, trees or an ensemble of both."""


def networks_of(model: TrainedModel) -> tuple[nn.Module, ...]:
    """Return the networks of a model; empty for trees."""
    if isinstance(model, EnsembleModel):
        return tuple(network for member in model.members for network in networks_of(member.model))
    network = model.network if isinstance(model, TreeModel) else model
    return (network,) if network is not None else ()


def member_card(card: ModelCard, name: str, patch_size: int, windows: tuple[int, ...]) -> ModelCard:
    """Return the document of a member: that of the ensemble without what concerns the ensemble only.

    Args:
        card: Document of the ensemble.
        name: Name of the member's architecture.
        patch_size: Side of the member's patches, in pixels.
        windows: Sides of the member's neighbourhoods, in pixels.
    """
    return replace(
        card,
        architecture=name,
        patch_size=patch_size,
        windows=windows,
        members=(),
        combination=WEIGHTED,
        metrics=None,
        calibration=None,
        conformal=None,
        applicability=None,
        training_pixels=None,
        survey=None,
        centre=None,
        format_version=1,
    )


def file_member(own: ModelCard, card: ModelCard) -> ModelCard:
    """Return the document of a model file as a member: its own without what concerns the file only.

    Args:
        own: Document of the model file.
        card: Document of the ensemble, whose channels and classes are those of the file.
    """
    return replace(
        own,
        classes=card.classes,
        metrics=None,
        conformal=None,
        applicability=None,
        training_pixels=None,
        survey=None,
    )


def check_same_inputs(
    own: ModelCard,
    bands: Sequence[str],
    indices: Sequence[str],
    roles: Mapping[str, str],
    reflectance_scale: float,
    path: Path,
) -> None:
    """Require the channels of an ensemble in a model file.

    Args:
        own: Document of the model file.
        bands: Names of the ensemble's bands, in their order.
        indices: Names of the ensemble's indices, in their order.
        roles: Band name of each role, for the indices.
        reflectance_scale: Factor from stored values to reflectance, for the indices.
        path: Path of the model file, for the error.

    Raises:
        ModelFileError: The channels differ.
    """
    channels = (*bands, *indices)
    if own.channels != channels:
        raise ModelFileError(
            "The model has other channels than the ensemble: {theirs}, there {ours}",
            where=str(path),
            advice="Members need the same bands (BANDS) and indices (INDICES), in the same order.",
            theirs=", ".join(own.channels),
            ours=", ".join(channels),
        )
    used = {role for name in indices for role in INDEX_ROLES[name]}
    own_roles, ours = ({role: item.get(role) for role in used} for item in (own.band_roles, roles))
    if used and (own_roles, own.reflectance_scale) != (ours, reflectance_scale):
        raise ModelFileError(
            "The indices of the model come from other bands than those of the ensemble, or from reflectance "
            "in another unit",
            where=str(path),
            advice="Use models of rasters in the same unit, with the same BAND_ROLES.",
        )


def check_same_classes(own: ModelCard, classes: Sequence[LandCoverClass], path: Path) -> None:
    """Require the classes of an ensemble in a model file, by the rule that compares classes everywhere.

    Args:
        own: Document of the model file.
        classes: Classes of the ensemble, in the order of its scores.
        path: Path of the model file, for the error.

    Raises:
        ModelFileError: The classes differ.
    """
    index = ClassIndex(classes)
    same = [index.same_class(item.value, item.name) for item in own.classes]
    if [item.value for item in own.classes] != [item.value for item in classes] or same != list(classes):
        raise ModelFileError(
            "The model has other classes than the ensemble: {theirs}; there {ours}",
            where=str(path),
            advice="Members need the same classes with the same values.",
            theirs=describe_classes(own.classes),
            ours=describe_classes(tuple(classes)),
        )


def save_ensemble(
    path: Path,
    model: EnsembleModel,
    card: ModelCard,
    progress: Progress | None = None,
    applicability: Applicability | None = None,
) -> None:
    """Write a model file. It gets its name only when it is complete.

    Args:
        path: Path of the file to write.
        model: Ensemble.
        card: Model document with ``members``.
        progress: Progress reporter; None reports nothing.
        applicability: Area of applicability; None if the card has none.

    Raises:
        OutputError: The disk is full, or ``path`` cannot be replaced.
    """
    with (
        partial_file(path, progress or SilentProgress()) as part,
        # Not beside the output, where a killed process would leave it.
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr(DOCUMENT_MEMBER, card.to_json())
        for name, member in zip(_member_names(card, path), model.members, strict=True):
            file = Path(folder) / Path(name).name
            if isinstance(member.model, TreeModel):
                save_trees(file, member.model, member.card)
            else:
                save_model(file, member.model, member.card)
            archive.write(file, name)
        if applicability is not None:
            archive.writestr(MEMBER, applicability.content())


def load_ensemble(path: Path) -> tuple[EnsembleModel, ModelCard]:
    """Read a model file of an ensemble.

    Each member is read and checked like a file of its own.

    Returns:
        The ensemble with networks on the CPU in evaluation mode, and its model document.

    Raises:
        ModelFileError: The file does not exist, is not an ensemble, is damaged or unsafe, or was written by
            a newer version.
    """
    card = read_card(path)
    architecture_of(card, path, "ensemble")
    pool = Pool(tuple(item.class_weights or (item.weight,) for item in card.members), card.combination)
    if not pool.is_valid(len(card.classes)):
        raise ModelFileError(
            "The weights of the ensemble's members are malformed", where=str(path), advice=_ADVICE
        )
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            members = tuple(
                _load_member(archive, name, Path(folder), card, path) for name in _member_names(card, path)
            )
    except ModelFileError:
        raise
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise ModelFileError(
            "The members of the ensemble cannot be read: {error}",
            where=str(path),
            advice=_ADVICE,
            error=error,
        ) from error
    return EnsembleModel(members, pool), card


def _load_member(archive: zipfile.ZipFile, name: str, folder: Path, card: ModelCard, path: Path) -> Member:
    info = archive.getinfo(name)
    # Members are stored as they are. A compressed one could grow without limit.
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > path.stat().st_size:
        raise ModelFileError(
            "The member {name} of the ensemble is compressed", where=str(path), advice=_ADVICE, name=name
        )
    file = folder / Path(name).name
    file.write_bytes(archive.read(info))
    try:
        model, own = load_trees(file) if name.endswith(".skops") else load_model(file)
    except ModelFileError as error:
        raise ModelFileError(
            "The member {name} of the ensemble cannot be used: {reason}",
            where=str(path),
            advice=error.advice,
            name=name,
            reason=error.what,
        ) from error
    has_scaling = card.scales_members or own.scaling == card.scaling
    if not has_scaling or (own.channels, own.classes) != (card.channels, card.classes):
        raise ModelFileError(
            "The member {name} of the ensemble has other channels or classes",
            where=str(path),
            advice=_ADVICE,
            name=name,
        )
    return Member(model, own)


def _member_names(card: ModelCard, path: Path) -> tuple[str, ...]:
    """Return the names of the members' files in the zip.

    Raises:
        ModelFileError: The architecture of a member does not exist in this version.
    """
    entries = [architecture_of(replace(card, architecture=item.architecture), path) for item in card.members]
    return tuple(f"members/{number}{entry.suffix}" for number, entry in enumerate(entries))
