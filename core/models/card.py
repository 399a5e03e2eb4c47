"""Model document: the metadata of a model file, one JSON object.

It is stored in the header of safetensors files, and as a member of skops files. ``known_faults`` returns
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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path

from ..classes import LandCoverClass, LostClass
from ..errors import LandCoverError, ModelFileError
from ..options import ATTENTIONS, NONE, WEIGHTED
from ..text import Text
from ..values import from_plain, left_out_if, to_plain
from .architecture import Architecture, CentreBranch, Family
from .architectures import ARCHITECTURES, architecture

METADATA_KEY = "deep_land_cover"
"""Metadata key of the document in the safetensors file of a network."""
DOCUMENT_MEMBER = "deep_land_cover.json"
"""Name of the member with the document in a skops file (a zip) of trees."""
# The safetensors format itself allows headers of up to 100 MB.
_MAX_HEADER_BYTES = 100_000_000
_MAX_DOCUMENT_BYTES = 10_000_000
_ZIP_START = b"PK\x03\x04"
# Rows and columns of a patch or window. Larger ones come from a forged document and would fill the memory.
_MAX_SIDE = 4096
MAX_SCORES = 2000
"""Largest number of samples in ``ConformalScores``."""
FORMAT_VERSION = 2
"""Newest version of the document that this code reads."""
TRAINING_PIXELS_VERSION = 1
"""Version of ``TrainingPixels`` that this code reads."""
IMPORTED = "imported"
"""Value of ``Training.split`` of models of other programs, whose training is not known."""
ORIENTED_AROUND_LABEL = "labelled_pixel"
"""Value of ``Training.orientation_centre`` if patches were rotated around the labelled pixel."""


def read_document(path: Path) -> str | None:
    """Return the document of a model file as JSON text, None if the file has weights but no document.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is damaged, or neither safetensors nor a zip with a document.
    """
    document = _from_zip(path) if is_zip(path) else _from_safetensors(path)
    return document if isinstance(document, str) else None


def is_zip(path: Path) -> bool:
    """Return whether a file is a zip, as models of trees are."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_START)) == _ZIP_START


def _from_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if DOCUMENT_MEMBER not in archive.namelist():
                raise ValueError("a zip of something else")
            # The size that a zip states for a member may be wrong, so that decompression is limited.
            with archive.open(DOCUMENT_MEMBER) as member:
                content = member.read(_MAX_DOCUMENT_BYTES + 1)
    # The last two stand for a password, and for a compression that the standard library does not have.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    if len(content) > _MAX_DOCUMENT_BYTES:
        raise ValueError("the document is larger than any model's")
    return content.decode("utf-8")


def _from_safetensors(path: Path) -> object:
    """Return the document in ``__metadata__``: the file begins with a length of 8 bytes and a JSON header."""
    with path.open("rb") as file:
        try:
            (length,) = struct.unpack("<Q", file.read(8))
        except struct.error as error:
            raise ValueError("no safetensors header") from error
        if not 2 <= length <= _MAX_HEADER_BYTES:
            raise ValueError("no safetensors header")
        header = json.loads(file.read(length))
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict):
        raise ValueError("no safetensors metadata")
    return metadata.get(METADATA_KEY)


@dataclass(frozen=True)
class ConformalScores:
    """Scores of held-out samples for prediction sets, in natural proportions, at most ``MAX_SCORES``.

    Attributes:
        codes: Code of each sample's true class.
        chances: Calibrated probability of each sample's true class, 0 to 1.
        clusters: Number of each sample's polygon or block.
    """

    codes: tuple[int, ...]
    chances: tuple[float, ...]
    clusters: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.chances) == len(self.clusters) > 0:
            raise TypeError("the scores of the prediction sets have different lengths")
        if not all(0.0 <= chance <= 1.0 for chance in self.chances):
            raise TypeError("the scores of the prediction sets must be between 0 and 1")


Limits = tuple[tuple[float | None, float | None], ...]
"""Smallest and largest value of each channel in its unit, to which others are clamped; None for no limit."""


@dataclass(frozen=True)
class Scaling:
    """Standardisation per channel: ``(x - mean) / std``, clamped to ``±clip``; invalid values become 0.

    Attributes:
        mean: Mean of each channel (bands, then indices) in its unit, see ``core.training.channels``.
        std: Standard deviation of each channel in its unit.
        clip: Largest absolute value of the result, in standard deviations.
        limits: Limits to which ``x`` is clamped first, as published weights expect it; empty for none.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    clip: float = 10.0
    limits: Limits = ()


@dataclass(frozen=True)
class ClassMetrics:
    """Accuracy of one class in the test samples.

    Attributes:
        value: Class value.
        precision: Precision (user's accuracy), 0 to 1; None without test samples of the class.
        recall: Recall (producer's accuracy), 0 to 1; None without test samples of the class.
        f1: F1 score, 0 to 1; None without test samples of the class.
        support: Number of test samples of the class.
    """

    value: int
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True)
class AccuracyInterval:
    """95 % confidence interval of an accuracy, from resampled clusters (``core.assessment.bootstrap``).

    Attributes:
        low: Lower end, 0 to 1.
        high: Upper end, 0 to 1.
        clusters: Number of clusters that were resampled.
        unit: Kind of the clusters in the singular, such as ``polygon``.
    """

    low: float
    high: float
    clusters: int
    unit: str


@dataclass(frozen=True)
class Metrics:
    """Accuracy in the test samples.

    Attributes:
        overall_accuracy: Fraction of correct samples, 0 to 1.
        macro_f1: Mean F1 score of the classes, 0 to 1.
        per_class: Accuracy of each class, in the order of the model's classes.
        confusion: Confusion matrix with reference classes in rows and predicted classes in columns.
        interval: Interval of the overall accuracy; None where there is none, and in models of 0.1.0.
    """

    overall_accuracy: float
    macro_f1: float
    per_class: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]
    interval: AccuracyInterval | None = None


@dataclass(frozen=True)
class Epoch:
    """Entry of the training history.

    Attributes:
        number: Number of the epoch, from 1.
        train_loss: Mean loss of the training samples.
        train_accuracy: Overall accuracy of the training samples, 0 to 1.
        validation_loss: Mean loss of the validation samples; None without validation.
        validation_accuracy: Overall accuracy of the validation samples, 0 to 1; None without validation.
        validation_macro_f1: Mean F1 score of the classes in the validation samples, 0 to 1; None without
            validation.
    """

    number: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    validation_macro_f1: float | None


@dataclass(frozen=True)
class Fold:
    """Test of one fold, and the training of its model.

    Attributes:
        test_samples: Number of test samples.
        overall_accuracy: Fraction of correct test samples, 0 to 1; None without test samples.
        macro_f1: Mean F1 score of the classes, 0 to 1; None without test samples.
        best_epoch: Epoch whose weights were used; None for models without epochs.
        history: All epochs.
    """

    test_samples: int
    overall_accuracy: float | None
    macro_f1: float | None
    best_epoch: int | None
    history: tuple[Epoch, ...] = ()


@dataclass(frozen=True)
class Training:
    """Training of a model.

    Attributes:
        split: Splitting method: ``polygons``, ``blocks``, ``field`` or ``random``; ``IMPORTED`` for a model
            of another program, without samples and epochs.
        split_note: Sentences on how the samples were split, and on the limits of the design.
        train_samples: Number of training samples of this model.
        validation_samples: Number of samples that selected the epoch, by the model of a single split before
            this one where this one was trained afterwards on all samples; 0 with folds.
        test_samples: Number of test samples, of all folds together.
        seed: Seed of the training.
        best_epoch: Epoch whose weights are saved; None for models without epochs.
        history: All epochs, of the model of a single split that selected the epoch.
        parameters: Values of the training parameters by name.
        folds: Folds, whose models were tested while this one was trained on all samples; empty without.
        orientation_centre: Point around which patches were rotated and mirrored in training
            (``ORIENTED_AROUND_LABEL``); empty in models of earlier versions.
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
    """Calibration of logits to probabilities: ``softmax(logits / temperature + offsets)``.

    Attributes:
        temperature: Temperature, above 1 for overconfident models.
        shift: Degree of correction of the class proportions in training, 0 (none) to 1 (full), for
            information.
        offsets: Offset of each class, see ``core.uncertainty.calibration``.
        proportions: Proportion of each class among the labels, with a sum of 1.
        balance: Strength of the decision rule ``balanced``, 0 to 1.
        samples: Number of held-out samples that the calibration was fitted to.
    """

    temperature: float
    shift: float
    offsets: tuple[float, ...]
    proportions: tuple[float, ...]
    balance: float
    samples: int

    @property
    def applied(self) -> Calibration:
        """Calibration that leaves calibrated log-probabilities as they are, with the same decision rules."""
        return replace(self, temperature=1.0, offsets=(0.0,) * len(self.offsets))


@dataclass(frozen=True)
class ApplicabilityLimit:
    """Limit of the area of applicability, see ``core.models.applicability``.

    Attributes:
        threshold: Largest dissimilarity index inside the area.
        references: Number of training samples that are stored as reference points.
        held_out: Number of held-out samples that the threshold was computed from.
    """

    threshold: float
    references: int
    held_out: int


@dataclass(frozen=True)
class TrainingPixels:
    """Pixels of a model's training labels as hashes, see ``core.samples.training_pixels``.

    Attributes:
        crs: CRS of the training raster as WKT.
        transform: Affine transform of the training raster, see ``core.raster.grid.Grid``.
        count: Number of pixels.
        limit: Number, at most 2^32, below which the record has all hashes of the pixels.
        hashes: Differences of the sorted hashes, as 32-bit little-endian integers, deflated, in base64.
        version: Version of the record.
    """

    crs: str
    transform: tuple[float, float, float, float, float, float]
    count: int
    limit: int
    hashes: str
    version: int = TRAINING_PIXELS_VERSION


Bounds = tuple[float, float, float, float]
"""xmin, ymin, xmax, ymax in a CRS."""


@dataclass(frozen=True)
class TrainingArea:
    """Place and image that a model was trained on.

    Attributes:
        raster: Bounds of the training raster, in the CRS of the document.
        labels: Bounds of the pixels of the training labels.
        sensor: Name of the satellite, as the raster's metadata have it; empty where they have none.
        date: Date of the acquisition, as the raster's metadata have it; empty where they have none.
    """

    raster: Bounds
    labels: Bounds
    sensor: str = ""
    date: str = ""


@dataclass(frozen=True)
class TrainingSurvey:
    """Values of some thousand pixels all over the training raster, and the classes predicted there.

    Attributes:
        quantiles: Minimum, 1st percentile, median, 99th percentile and maximum of each channel.
        class_fractions: Fraction of each class among the predictions, 0 to 1; empty where they are not known.
        pixels: Number of pixels that the quantiles come from.
    """

    quantiles: tuple[tuple[float, float, float, float, float], ...]
    class_fractions: tuple[float, ...]
    pixels: int


@dataclass(frozen=True)
class MemberGain:
    """Gain in overall accuracy by a member of an ensemble: that with the member less that without it.

    Attributes:
        value: Gain, -1 to 1.
        low: Lower end of the paired 95 % confidence interval; None where no interval can be given.
        high: Upper end of the interval.
        samples: Number of samples that the members were not fitted to, which the gain comes from.
    """

    value: float
    low: float | None
    high: float | None
    samples: int


@dataclass(frozen=True)
class MemberWeight:
    """Member of an ensemble in its document.

    Attributes:
        architecture: Name of the member's architecture.
        weight: Weight of the member in the pool (``core.models.pool``), at least 0; with a weight for each
            class their mean. 0 leaves the member out of maps.
        accuracy: Overall accuracy of the member on out-of-fold training samples, 0 to 1; None if it is not
            known.
        class_weights: Weight of the member for each class; empty with one weight for all.
        gain: Gain by the member; None if it is not known.
        file: Name of the model file that the member was taken from; empty for a member that was trained with
            the ensemble.
    """

    architecture: str
    weight: float
    accuracy: float | None = None
    class_weights: tuple[float, ...] = ()
    gain: MemberGain | None = None
    file: str = ""


@dataclass(frozen=True)
class ModelCard:
    """Model document: all that classification needs besides the weights.

    Attributes:
        architecture: Name of the architecture in the registry.
        bands: Names of the input bands, in their order.
        band_roles: Band name of each role (``red``, ``nir``, …), for the indices.
        indices: Names of the spectral indices, which follow the bands as channels.
        reflectance_scale: Factor from stored values to reflectance, for the indices.
        scaling: Standardisation of the channels.
        patch_size: Side of a patch in pixels; the centre is pixel ``patch_size // 2``. It is 1 for models
            without patches, and the alignment of windows for dense networks (``core.options.DENSE_GRID``).
        padding: Values outside the raster: ``reflect`` (mirrored without repeating the edge).
        pixel_size: Width and height of a pixel of the training raster, in the unit of its CRS.
        crs: CRS of the training raster as WKT, for information.
        nodata: Nodata value of the training raster, for information; None without one.
        classes: Classes in the order of the model's outputs.
        training: Training of the model.
        metrics: Accuracy in the test samples; None without test samples.
        created: Time of creation in UTC, in ISO 8601 format.
        versions: Version of each package by its name.
        source_bands: Names of all bands of the training rasters, from which ``bands`` were selected.
        calibration: Calibration of probabilities; None means softmax only.
        windows: Sides of the neighbourhood windows in pixels; empty without neighbourhoods.
        small_stem: Whether a network begins without stride and pooling.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        centre: Form of a centred network; None for a plain network.
        applicability: Limit of the area of applicability; None if it is not known.
        conformal: Scores for prediction sets; None if they are not known.
        training_pixels: Pixels of the training labels; None in models of earlier versions.
        area: Place and image of the training; None where it is not known, and in models of 0.1.0.
        lost_classes: Classes of which no label could be used in training.
        nodata_values: Values that were nodata in training in addition to those of the files.
        survey: Values of the training raster, and classes predicted there; None in models of 0.1.0.
        members: Members of an ensemble and their weights; empty for other models.
        combination: Rule by which an ensemble combines its members, one of ``core.options.COMBINATIONS``.
        changes: What was changed in the document after the training, one JSON object with the keys of a step
            of a map's history (``core.raster.derived_map``) for each change, the oldest first.
        scales_members: Whether the members of an ensemble scale the channels by themselves, each as its own
            document says.
        format_version: Version of the document: 2 for centred networks, ensembles, ResNets with attention and
            scalings with limits,
            which earlier versions of the plugin cannot read, and 1 for all others.

    Raises:
        TypeError: The numbers of channels or classes do not agree, the scaling is not finite, a patch or
            window is too large, the temperature is not above 0, or the attention is unknown.
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
    attention: str = NONE
    centre: CentreBranch | None = None
    applicability: ApplicabilityLimit | None = None
    conformal: ConformalScores | None = None
    training_pixels: TrainingPixels | None = None
    lost_classes: tuple[LostClass, ...] = ()
    nodata_values: tuple[float, ...] = ()
    survey: TrainingSurvey | None = None
    members: tuple[MemberWeight, ...] = ()
    combination: str = WEIGHTED
    scales_members: bool = False
    area: TrainingArea | None = None
    changes: tuple[dict[str, str], ...] = left_out_if(())
    format_version: int = 1

    def __post_init__(self) -> None:
        channels = len(self.bands) + len(self.indices)
        if len(self.scaling.mean) != channels or len(self.scaling.std) != channels:
            raise TypeError(f"{channels} channels, but scaling for {len(self.scaling.mean)}")
        if len(self.scaling.limits) not in (0, channels):
            raise TypeError(f"{channels} channels, but limits for {len(self.scaling.limits)}")
        numbers = (*self.scaling.mean, *self.scaling.std, self.scaling.clip)
        if not all(map(isfinite, numbers)) or min((*self.scaling.std, self.scaling.clip)) < 0:
            raise TypeError("the scaling has a value that is not a finite number, or a negative deviation")
        centre = (*self.centre.windows, *self.centre.scales, self.centre.grid) if self.centre else ()
        sides = (self.patch_size, *self.windows, *centre)
        if not all(1 <= side <= _MAX_SIDE for side in sides):
            raise TypeError(f"patches and windows must have 1 to {_MAX_SIDE} pixels (got {sides})")
        calibration = self.calibration
        if calibration and {len(calibration.offsets), len(calibration.proportions)} != {len(self.classes)}:
            raise TypeError(f"{len(self.classes)} classes, but calibration for {len(calibration.offsets)}")
        if calibration and not calibration.temperature > 0:
            raise TypeError(f"the temperature must be above 0 (got {calibration.temperature})")
        if self.attention not in ATTENTIONS:
            raise TypeError(f"the attention {self.attention!r} does not exist")

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the input channels: bands, then indices."""
        return self.bands + self.indices

    @property
    def is_imported(self) -> bool:
        """Whether the model comes from another program."""
        return self.training.split == IMPORTED

    @property
    def knows_values(self) -> bool:
        """Whether the values of the training raster are known, from a survey or from the scaling."""
        return not self.is_imported or self.survey is not None or any(self.scaling.mean)

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return json.dumps(to_plain(self), ensure_ascii=False)


def member_titles(titles: Sequence[str], files: Sequence[str]) -> tuple[Text, ...]:
    """Return the names of an ensemble's members for users, which tell snapshots and files apart.

    Args:
        titles: Title of each member's architecture.
        files: Name of the model file of each member; empty for members that were trained with the ensemble.
    """
    names: list[Text] = []
    numbers: Counter[str] = Counter()
    for title, file in zip(titles, files, strict=True):
        trained = [other for other, name in zip(titles, files, strict=True) if not name]
        if file:
            names.append(Text("{model} of {file}", model=Text(title), file=file))
        elif trained.count(title) > 1:
            numbers[title] += 1
            names.append(Text("{model}, snapshot {number}", model=Text(title), number=numbers[title]))
        else:
            names.append(Text(title))
    return tuple(names)


def read_card(path: Path) -> ModelCard:
    """Read the model document of a model file without loading its weights.

    Raises:
        ModelFileError: The file does not exist, is not a model of Deep Land Cover, is damaged, or was
            written by a newer version.
    """
    advice = "Choose a file that 'Train a land-cover model' or 'Import a model' has written."
    try:
        document = read_document(path)
    except FileNotFoundError as error:
        raise ModelFileError("There is no such model file", where=str(path), advice=advice) from error
    except OSError as error:
        raise ModelFileError(
            "The model file cannot be read: {reason}",
            where=str(path),
            advice=advice,
            reason=error.strerror,
        ) from error
    # Objects nested without end raise the latter.
    except (ValueError, RecursionError) as error:
        raise ModelFileError("The file is not a model", where=str(path), advice=advice) from error
    if document is None:
        raise ModelFileError(
            "The file holds weights, but no description of a land-cover model", where=str(path), advice=advice
        )
    return _parse_card(document, path)


def architecture_of(card: ModelCard, path: Path, family: Family | None = None) -> Architecture:
    """Return the architecture of a model.

    Args:
        card: Model document.
        path: Path of the model file, for errors.
        family: Family of models that is stored in this kind of file; None for any.

    Raises:
        ModelFileError: The architecture does not exist in this version, or belongs to another family.
    """
    advice = "Update the plugin or train the model again."
    try:
        item = architecture(card.architecture)
    except LandCoverError as error:
        raise ModelFileError(
            "The model's architecture {architecture!r} does not exist in this version",
            where=str(path),
            advice=advice,
            architecture=card.architecture,
        ) from error
    if family and item.family != family:
        raise ModelFileError(
            "The model's architecture {architecture} is not stored in this kind of file",
            where=str(path),
            advice=advice,
            architecture=item.name,
        )
    return item


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
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ModelFileError(
            "The description inside the model file is damaged: {error}",
            where=str(path),
            advice="Train the model again or get a fresh copy.",
            error=error,
        ) from error


def known_faults(card: ModelCard) -> tuple[str, ...]:
    """Return sentences on the known faults of a model, with advice; empty without faults.

    Args:
        card: Model document of any version.
    """
    if not _has_shifted_labels(card):
        return ()
    return (
        Text(
            "This model was trained by an earlier version, which rotated and mirrored patches of "
            "an even size ({size} pixels) around their corner point instead of the "
            "labelled pixel. Its maps are shifted by about half a pixel to the right and "
            "downwards, and many pixels to the right of and below borders are wrong. Train the "
            "model again with this version.",
            size=card.patch_size,
        ),
    )


def _has_shifted_labels(card: ModelCard) -> bool:
    """Return whether rotation and mirroring shifted the labels of the training patches.

    Patches of odd size have a middle pixel, and the labels of U-Nets are rotated with their crops.
    """
    kind = next((item for item in ARCHITECTURES if item.name == card.architecture), None)
    if kind is None or not kind.has_network or kind.kind != "patch" or kind.reads != "squares":
        return False
    if card.patch_size % 2 or card.is_imported:
        return False
    training = card.training
    return training.parameters.get("augment") is not False and not training.orientation_centre
