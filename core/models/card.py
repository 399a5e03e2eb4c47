"""Model document: the metadata of a model file, one JSON object.

It is stored in the header of safetensors files and as a member of skops files. ``known_faults`` lists the
faults of models that earlier versions trained, which cannot be corrected in the file::

    for fault in known_faults(read_card(path)):
        progress.log(fault, "warning")

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..classes import LandCoverClass
from ..errors import LandCoverError, ModelFileError
from ..text import Text
from ..values import from_plain, to_plain
from .architecture import Architecture, Family
from .architectures import ARCHITECTURES, architecture

METADATA_KEY = "deep_land_cover"
"""Key of the metadata of a network's safetensors file."""
DOCUMENT_MEMBER = "deep_land_cover.json"
"""Member of the zip that a skops file of trees is."""
# A safetensors header holds names and shapes; the format itself refuses more than 100 MB.
_HEADER_LIMIT = 100_000_000
_DOCUMENT_LIMIT = 10_000_000
_ZIP_START = b"PK\x03\x04"
MOST_SCORES = 2000
FORMAT_VERSION = 1
ORIENTED_AROUND_LABEL = "labelled_pixel"
"""Value of ``Training.orientation_centre`` in models whose patches were turned around the labelled pixel."""


def read_document(path: Path) -> str | None:
    """Return the document of a model file as JSON text, None where there are weights without one.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is neither safetensors nor a zip with a document, or is damaged.
    """
    document = _from_zip(path) if is_zip(path) else _from_safetensors(path)
    return document if isinstance(document, str) else None


def is_zip(path: Path) -> bool:
    """Whether the file is a zip, as models of trees are."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_START)) == _ZIP_START


def _from_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if DOCUMENT_MEMBER not in archive.namelist():
                raise ValueError("a zip of something else")
            # What a member says of its own size may be wrong, so that no more than this is unfolded.
            with archive.open(DOCUMENT_MEMBER) as member:
                content = member.read(_DOCUMENT_LIMIT + 1)
    # The last two: a password, and a compression that the standard library does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    if len(content) > _DOCUMENT_LIMIT:
        raise ValueError("the document is larger than any model's")
    return content.decode("utf-8")


def _from_safetensors(path: Path) -> object:
    """Look into ``__metadata__``: 8 bytes of little-endian length, then a JSON header."""
    with path.open("rb") as file:
        try:
            (length,) = struct.unpack("<Q", file.read(8))
        except struct.error as error:
            raise ValueError("no safetensors header") from error
        if not 2 <= length <= _HEADER_LIMIT:
            raise ValueError("no safetensors header")
        header = json.loads(file.read(length))
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        raise ValueError("no safetensors metadata")
    return metadata.get(METADATA_KEY)


@dataclass(frozen=True)
class ConformalScores:
    """Samples that the model was not fitted to, in natural proportions, at most ``MOST_SCORES``.

    Attributes:
        codes: Position of each one's true class.
        chances: The calibrated probability that the model gave to it.
        clusters: Number of the polygon or block that each lies in.
    """

    codes: tuple[int, ...]
    chances: tuple[float, ...]
    clusters: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.chances) == len(self.clusters) > 0:
            raise TypeError("the scores of the prediction sets are of different lengths")
        if not all(0.0 <= chance <= 1.0 for chance in self.chances):
            raise TypeError("the scores of the prediction sets are no probabilities")


@dataclass(frozen=True)
class Scaling:
    """Per-channel standardisation: ``(x - mean) / std``, clamped to ``±clip``; undefined is 0.

    ``mean`` and ``std`` have one entry a channel (bands first, then indices) and come from the
    training samples only.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    clip: float = 10.0


@dataclass(frozen=True)
class ClassMetrics:
    """Held-out figures of one class; None where the test split has none of it."""

    value: int
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True)
class Metrics:
    """Figures of the held-out test split.

    ``confusion`` has reference classes as rows and predicted classes as columns, in the order of
    the model's classes.
    """

    overall_accuracy: float
    macro_f1: float
    per_class: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Epoch:
    """One line of the training history; no figures of validation where all samples trained."""

    number: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    validation_macro_f1: float | None


@dataclass(frozen=True)
class Fold:
    """One fold: its test and the model that was made for it; ``best_epoch`` as in ``Training``."""

    test_samples: int
    overall_accuracy: float | None
    macro_f1: float | None
    best_epoch: int | None
    history: tuple[Epoch, ...] = ()


@dataclass(frozen=True)
class Training:
    """How the model was made.

    Attributes:
        split: How samples were held out: ``polygons``, ``blocks``, ``field`` or ``random``.
        split_note: What was done and what it does not prove, whole sentences.
        train_samples: That this model was trained with.
        validation_samples: That its epoch was chosen with; 0 where all samples trained.
        test_samples: Behind the held-out figures, of all folds together.
        seed: Repeats the training.
        best_epoch: The one that was kept; None for models that know no epochs.
        history: All epochs.
        parameters: What was asked for.
        folds: Where the figures come from models of their own, and this one was trained on all.
        orientation_centre: What patches were turned and mirrored around in training, see
            ``core.models.card``; empty in models of earlier versions.
    """

    split: str
    split_note: str
    train_samples: int
    validation_samples: int
    test_samples: int
    seed: int
    best_epoch: int | None
    history: tuple[Epoch, ...] = ()
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    folds: tuple[Fold, ...] = ()
    orientation_centre: str = ""


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities: ``softmax(logits / temperature + offsets)``.

    Attributes:
        temperature: Above 1 for models that are too sure of themselves.
        shift: How far the proportions taught were put right, 0 not at all, 1 wholly; for the reader.
        offsets: Of each class, see ``core.uncertainty.calibration``.
        proportions: Of the classes among the labels; they sum to 1.
        balance: Strength of the decision rule ``balanced``, 0 to 1.
        samples: How many held-out samples all this was fitted to.
    """

    temperature: float
    shift: float
    offsets: tuple[float, ...]
    proportions: tuple[float, ...]
    balance: float
    samples: int

    @property
    def applied(self) -> Calibration:
        """What is left to do for logarithms of probabilities that it has made: decide, by the same rules."""
        return replace(self, temperature=1.0, offsets=(0.0,) * len(self.offsets))


@dataclass(frozen=True)
class ApplicabilityLimit:
    """Where the model's figures hold, see ``core.models.applicability``.

    Attributes:
        threshold: Largest dissimilarity index inside.
        references: How many training samples the file holds for it.
        held_out: How many samples that the model was not fitted to it comes from.
    """

    threshold: float
    references: int
    held_out: int


@dataclass(frozen=True)
class ModelCard:
    """Everything that classification needs to know besides the weights.

    Attributes:
        architecture: A name of the registry in ``core.models``.
        bands: Names of the input bands, in order.
        band_roles: Role (``red``, ``nir``, …) to band name, for the indices.
        indices: Spectral indices that follow the bands as channels.
        reflectance_scale: Factor that turns a stored band value into reflectance, for the indices.
        patch_size: Rows and columns of a patch; the centre is pixel ``patch_size // 2``.
        padding: What stands outside the raster: ``reflect`` (mirrored, the edge not repeated).
        pixel_size: Ground sample distance (x, y) of the training raster in its CRS's unit.
        crs: The training raster's CRS, for the reader.
        nodata: The training raster's nodata value, for the reader.
        classes: In the order of the network's outputs.
        created: ISO time stamp.
        versions: Package to version.
        source_bands: Names of all bands of the training rasters, of which ``bands`` are a choice.
        calibration: How logits become probabilities; None: by softmax alone.
        small_stem: Whether a network begins without stride and pooling.
        windows: Sides in pixels of the neighbourhoods that trees look at; empty for networks.
        applicability: Where its figures hold; None where that is not known, as in older files.
        conformal: What prediction sets are made with; None where that is not known.
    """

    architecture: str
    bands: tuple[str, ...]
    band_roles: dict[str, str]
    indices: tuple[str, ...]
    reflectance_scale: float
    scaling: Scaling
    patch_size: int
    padding: str
    pixel_size: tuple[float, float]
    crs: str
    nodata: float | None
    classes: tuple[LandCoverClass, ...]
    training: Training
    metrics: Metrics | None
    created: str
    versions: dict[str, str]
    source_bands: tuple[str, ...] = ()
    calibration: Calibration | None = None
    windows: tuple[int, ...] = ()
    small_stem: bool = False
    applicability: ApplicabilityLimit | None = None
    conformal: ConformalScores | None = None
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        channels = len(self.bands) + len(self.indices)
        if len(self.scaling.mean) != channels or len(self.scaling.std) != channels:
            raise TypeError(f"{channels} channels, but scaling for {len(self.scaling.mean)}")
        found = self.calibration
        if found and {len(found.offsets), len(found.proportions)} != {len(self.classes)}:
            raise TypeError(f"{len(self.classes)} classes, but calibration for {len(found.offsets)}")
        if found and not found.temperature > 0:
            raise TypeError(f"the temperature is {found.temperature}")

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the network's input channels: bands, then indices."""
        return self.bands + self.indices

    def to_json(self) -> str:
        """Return the document as it stands in the file."""
        return json.dumps(to_plain(self), ensure_ascii=False)


def read_card(path: Path) -> ModelCard:
    """Read the model document from a model file without loading its weights.

    Raises:
        ModelFileError: There is no such file, it is no model of Deep Land Cover, it is damaged,
            or a newer version made it.
    """
    advice = "Choose a file that 'Train a land-cover model' has written."
    try:
        document = read_document(path)
    except FileNotFoundError as error:
        raise ModelFileError("There is no such model file", where=str(path), advice=advice) from error
    except OSError as error:
        raise ModelFileError(
            "The model file cannot be read: {strerror}",
            where=str(path),
            advice=advice,
            strerror=error.strerror,
        ) from error
    except ValueError as error:
        raise ModelFileError("The file is no model", where=str(path), advice=advice) from error
    if document is None:
        raise ModelFileError(
            "The file holds weights, but no description of a land-cover model", where=str(path), advice=advice
        )
    return _parse_card(document, path)


def architecture_of(card: ModelCard, path: Path, family: Family) -> Architecture:
    """Return the architecture that the card names.

    Raises:
        ModelFileError: This version does not know it, or its models are not stored as ``path`` is.
    """
    advice = "Update the plugin or train the model again."
    try:
        found = architecture(card.architecture)
    except LandCoverError as error:
        raise ModelFileError(
            "This version does not know the model's architecture {architecture!r}",
            where=str(path),
            advice=advice,
            architecture=card.architecture,
        ) from error
    if found.family != family:
        raise ModelFileError(
            "The file's description names the architecture {architecture}, which is not stored like this",
            where=str(path),
            advice=advice,
            architecture=found.name,
        )
    return found


def _parse_card(document: str, path: Path) -> ModelCard:
    try:
        plain = json.loads(document)
        version = int(plain["format_version"])
        if version > FORMAT_VERSION:
            raise ModelFileError(
                "The model was made by a newer version of Deep Land Cover (model format {version}, "
                "this version reads up to {newest})",
                where=str(path),
                advice="Update the plugin.",
                version=version,
                newest=FORMAT_VERSION,
            )
        return from_plain(ModelCard, plain)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(
            "The description inside the model file is damaged: {error}",
            where=str(path),
            advice="Train the model again or get a fresh copy.",
            error=error,
        ) from error


def known_faults(card: ModelCard) -> tuple[str, ...]:
    """Return what is known to be wrong with a model, one or more sentences each with what to do.

    Args:
        card: Document of the model, of any version. Of an architecture that this version does not have,
            nothing is known.
    """
    if not _has_shifted_labels(card):
        return ()
    return (
        Text(
            "This model was trained by an earlier version, which turned and mirrored patches of "
            "an even size ({size} pixels) around their corner point instead of around the "
            "labelled pixel. Its map is shifted by about half a pixel to the right and "
            "downwards, and many pixels right of and below borders are wrong. Train the model "
            "again with this version.",
            size=card.patch_size,
        ),
    )


def _has_shifted_labels(card: ModelCard) -> bool:
    """Return whether flips and turns moved the labels of its training patches.

    Odd patches have a pixel in their middle, and labels of U-Nets turn with their crops.
    """
    kind = next((item for item in ARCHITECTURES if item.name == card.architecture), None)
    if kind is None or not kind.has_network or kind.kind != "patch" or kind.sees != "squares":
        return False
    if card.patch_size % 2:
        return False
    training = card.training
    return training.parameters.get("augment") is not False and not training.orientation_centre
