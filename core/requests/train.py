"""Request and result of a training, and the checks of the request. Light: QGIS imports this module.

A request has open values: None, ``auto`` and empty texts. ``resolve`` fills in those for which the
architecture alone has a default. The job (``core.tasks.train``) decides the rest when the raster and the
samples are read.

>>> request = TrainRequest(
...     RasterInputs(RasterSource("scene.tif")), TrainOutputs("model.skops"), LabelInputs("samples.jsonl")
... )
>>> resolved = request.resolve()
>>> check_request(resolved)   # raises a ParameterError or an OutputError

Models of trees are random forests, extra trees and boosted trees. A centred network is a ResNet with a centre
branch, see ``core.models.centred``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..classes import ClassScheme, shipped_scheme
from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, Output, check_files
from ..models.architecture import Architecture, CentreBranch, FitSettings
from ..models.architectures import DEFAULT_ARCHITECTURE, architecture
from ..models.published import NO_WEIGHTS, PUBLISHED_WEIGHTS, SELF_SUPERVISED, WEIGHTS, weights_for
from ..options import (
    ATTENTIONS,
    AUTO,
    BALANCES,
    COMBINATIONS,
    CONTEXT_GRIDS,
    DENSE_GRID,
    ENCODERS,
    FINE_TUNINGS,
    FULL,
    LOSSES,
    MONITORS,
    NONE,
    SCHEDULES,
    STEMS,
    TRAINING_PRECISIONS,
    VALUE_UNITS,
    WEIGHTED,
)
from ..raster.source import RasterSource
from .common import RasterInputs, check_choice

MIN_PATCH_SIZE = 4
MAX_PATCH_SIZE = 256
"""Smallest and largest number of rows and columns of a patch, in pixels."""
MAX_FOLDS = 100
"""Largest number of folds of a cross-validation."""
MAX_TREES = 10_000
"""Largest number of trees of a random forest or extra trees."""
MAX_SNAPSHOTS = 20
"""Largest number of snapshots of a network."""
AUTO_FOLDS = 5
"""Default number of folds for models of trees."""
AUTO_TIME_LIMIT = 10.0
"""Default time limit for training the networks of an ensemble on a CPU, in minutes."""
# In minutes.
_MIN_TIME_LIMIT = 0.1
# EDGE_MIXING of the trees of an ensemble.
_TREE_MEMBER_MIXING = 0.5
# Defaults of centred networks. Other windows have not been compared on several scenes, nor other grids and
# scales.
CENTRE_WINDOWS = (3, 5, 7, 9, 11, 13, 15)
"""Sides of the squares around a pixel that the centre branch reads, in pixels."""
DEFAULT_GRID = 4
"""Context grid of ``auto``, in pixels."""
DEFAULT_SCALES = (1,)
"""Scales of the patches for ``auto``: sides of a patch's cells, in pixels."""
MAX_SCALE = 15
"""Largest scale of a patch, in pixels."""
Value = TypeVar("Value", int, float)
# Treatment of rare classes by trees, whatever was requested.
_TREE_BALANCE = "sqrt"


@dataclass(frozen=True)
class LabelInputs:
    """Training labels: a file of samples, a label raster, or both.

    Attributes:
        samples: Path of a JSON-lines file of labelled polygons or points in the raster's CRS; None without.
        raster: Raster of class values on any grid; None without. Its nodata pixels are unlabelled.
        scheme: Id of a shipped class scheme that gives names and colours; empty for none.
        unlabelled: Values of the label raster that mean that a pixel has no label, besides nodata.
        sources: Names of the user's layers from which ``samples`` was written, such as
            ``train.gpkg|layername=a``; used in the report.
        own_scheme: Class scheme of the user that gives names and colours instead of ``scheme``; None without.
    """

    samples: str | None = None
    raster: RasterSource | None = None
    scheme: str = ""
    unlabelled: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    own_scheme: ClassScheme | None = None

    @property
    def class_scheme(self) -> ClassScheme | None:
        """Class scheme that gives names and colours, shipped or the user's; None without one."""
        return shipped_scheme(self.scheme) if self.scheme else self.own_scheme


@dataclass(frozen=True)
class ModelChoice:
    """Architecture of the model, its channels and its receptive field.

    Attributes:
        architecture: Name of an architecture in ``core.models.architectures``.
        bands: Names or numbers of the bands of the model, in order, separated by commas, such as ``nir, 1``;
            empty for all.
        band_roles: Pairs ``role=band``, separated by commas, such as ``nir=B8``. Roles of other bands are
            guessed from their names.
        indices: Names of the spectral indices that are added to the bands, keys of
            ``core.options.INDEX_ROLES``.
        patch_size: Rows and columns of a patch or a training crop in pixels, ``MIN_PATCH_SIZE`` to
            ``MAX_PATCH_SIZE``; None takes the architecture's default.
        encoder: Encoder of a segmentation network, one of ``core.options.ENCODERS``; ``auto`` takes the
            architecture's.
        stem: First layer of a ResNet: ``small`` has no stride and no pooling, ``standard`` has both,
            ``auto`` is small for patches of up to 8 pixels.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        windows: Sides of the square neighbourhoods of a pixel from which models of trees and the multi-scale
            network take features, in pixels: odd numbers such as ``3,7,15``; empty for the pixel alone;
            ``auto`` selects them by the size of the raster and the distance between samples.
        centre: Whether a ResNet or a transformer has a centre branch.
        context_grid: Distance in pixels between the nodes of a centred network, one of
            ``core.options.CONTEXT_GRIDS``. Its patch is that around the node nearest to the pixel. ``auto``
            is ``DEFAULT_GRID``.
        pyramid: Scales of a centred network's patches, as text such as ``1,3``: sides of a patch's cells in
            pixels. ``auto`` is ``DEFAULT_SCALES``.
        trees: Number of trees of random forests and extra trees; None takes the architecture's.
        min_leaf: Smallest number of samples in a leaf of these trees; None takes the architecture's.
        members: Names of the architectures that an ensemble has as members; empty takes the architecture's,
            or none where there are ``member_files``.
        member_files: Paths of model files that an ensemble has as further members, which are not trained.
        combination: Rule by which an ensemble combines its members, one of ``core.options.COMBINATIONS``.
        snapshots: Number of members that an ensemble has of each network, from one training.
    """

    architecture: str = DEFAULT_ARCHITECTURE
    bands: str = ""
    band_roles: str = ""
    indices: tuple[str, ...] = ()
    patch_size: int | None = None
    encoder: str = AUTO
    stem: str = AUTO
    attention: str = NONE
    windows: str = AUTO
    centre: bool = True
    context_grid: str = AUTO
    pyramid: str = AUTO
    trees: int | None = None
    min_leaf: int | None = None
    members: tuple[str, ...] = ()
    member_files: tuple[str, ...] = ()
    combination: str = WEIGHTED
    snapshots: int = 1


@dataclass(frozen=True)
class SplitChoice:
    """Split of the samples into training, validation and test, or into folds.

    Attributes:
        method: Unit that is never divided between the parts: ``polygons`` of the samples, spatial ``blocks``,
            ``field`` (samples with the same value of the split field) or ``random`` (single samples).
            ``auto`` is ``polygons`` if every class has at least three polygons and ``buffer`` leaves enough
            training samples, else ``blocks``.
        block_size: Side of a spatial block in pixels; 0 selects it automatically.
        buffer: Smallest distance between training, validation and test samples in pixels; 0 takes the side of
            the model's receptive field.
        folds: Number of folds of a cross-validation; 0 and 1 hold out a single test set. None takes
            ``AUTO_FOLDS`` for models of trees, or fewer if there are too few samples, and 0 for networks.
        max_per_class: Maximum number of training samples per class; 0 for no limit.
    """

    method: str = AUTO
    block_size: int = 0
    buffer: int = 0
    folds: int | None = None
    max_per_class: int = 2000


@dataclass(frozen=True)
class FitChoice:
    """Settings of a network's training loop.

    None takes the architecture's default, and so does ``auto`` of ``schedule``, ``monitor`` and ``balance``.

    Attributes:
        epochs: Maximum number of passes over the training samples.
        batch_size: Number of patches, or of crops, in a training step, at least 2.
        learning_rate: Highest learning rate of the schedule.
        weight_decay: Weight decay of the optimizer.
        clip_norm: Maximum norm of the gradient; 0 does not clip.
        patience: Number of epochs without improvement before training stops; 0 never stops early.
        schedule: Course of the learning rate over the epochs, one of ``core.options.SCHEDULES``.
        monitor: Validation metric that defines the best epoch, one of ``core.options.MONITORS``.
        loss: Loss function, one of ``core.options.LOSSES``.
        label_smoothing: Fraction of each label, 0 to 0.9, that is spread over all classes.
        balance: Treatment of rare classes, one of ``core.options.BALANCES``.
        dropout: Probability, 0 to 0.9, that a feature is dropped before the last layer.
        augment: Whether patches are mirrored and rotated by multiples of 90°.
        brightness: Standard deviation of random changes in brightness, in units of each channel's
            standard deviation; 0 for none.
        band_dropout: Probability, 0 to 0.9, that a channel of a patch is set to its mean.
        edge_mixing: Fraction, 0 to 0.9, of the training samples whose surroundings beyond a random line are
            replaced by those of another sample, as at the edge of a field.
    """

    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    weight_decay: float | None = None
    clip_norm: float = 1.0
    patience: int | None = None
    schedule: str = AUTO
    monitor: str = AUTO
    loss: str = "cross_entropy"
    label_smoothing: float | None = None
    balance: str = AUTO
    dropout: float | None = None
    augment: bool = True
    brightness: float | None = None
    band_dropout: float | None = None
    edge_mixing: float | None = None


@dataclass(frozen=True)
class StartChoice:
    """Initial weights of a network.

    Attributes:
        weights: Pretrained weights, one of ``core.models.published.WEIGHTS``.
        weights_file: Path of a file of initial weights. With published weights it is a copy of their file,
            and otherwise it replaces ``weights``. Empty for none.
        value_unit: Unit of the raster's values for published weights, one of ``core.options.VALUE_UNITS``.
        fine_tuning: Change of loaded weights, one of ``core.options.FINE_TUNINGS``.
        frozen_epochs: Number of first epochs in which loaded weights do not change.
    """

    weights: str = NO_WEIGHTS
    weights_file: str = ""
    value_unit: str = AUTO
    fine_tuning: str = FULL
    frozen_epochs: int = 0


@dataclass(frozen=True)
class ComputeChoice:
    """Device, precision and seed of the computation.

    Attributes:
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        precision: Data type of convolutions and matrix products, one of ``core.options.TRAINING_PRECISIONS``.
        seed: Seed of all random numbers.
        time_limit: Largest time that training networks may take, in minutes, at least 0.1. None takes
            ``AUTO_TIME_LIMIT`` for ensembles of models on a CPU, and no limit for other models.
    """

    device: str = AUTO
    precision: str = AUTO
    seed: int = 0
    time_limit: float | None = None


@dataclass(frozen=True)
class TrainOutputs:
    """Files to write.

    Attributes:
        model: Path of the model file: ``.safetensors`` for networks, ``.skops`` for models of trees.
        samples: Path of a JSON-lines file for the samples and their split, see
            ``core.samples.records``; None for none.
        report: Path of an ``.html`` file; None for none. ``NAME.json`` and the folder ``NAME_figures`` are
            written beside it.
        inspect: Whether the report has a full inspection of the samples, for which 80 models of trees are
            grown. Without it, the report has what needs no model of its own.
    """

    model: str
    samples: str | None = None
    report: str | None = None
    inspect: bool = False


@dataclass(frozen=True)
class TrainRequest:
    """Request to train a model and write it to a file.

    Attributes:
        inputs: Rasters with the training pixels.
        outputs: Files to write.
        labels: Training labels.
        model: Architecture, channels and receptive field.
        split: Split of the samples.
        fit: Settings of a network's training loop.
        start: Initial weights of a network.
        compute: Device, precision, seed and time limit.
        baseline: Whether a random forest is trained on the same samples as a baseline.
    """

    inputs: RasterInputs
    outputs: TrainOutputs
    labels: LabelInputs = field(default_factory=LabelInputs)
    model: ModelChoice = field(default_factory=ModelChoice)
    split: SplitChoice = field(default_factory=SplitChoice)
    fit: FitChoice = field(default_factory=FitChoice)
    start: StartChoice = field(default_factory=StartChoice)
    compute: ComputeChoice = field(default_factory=ComputeChoice)
    baseline: bool = False

    def resolve(self) -> ResolvedTraining:
        """Return the request with the architecture's defaults, see ``ResolvedTraining``.

        Raises:
            ParameterError: The architecture, its encoder, the context grid or the pyramid is not valid, or
                members are given for a model that has none.
        """
        entry = self._entry()
        own, model = self._recipe(entry, False), self.model
        return ResolvedTraining(
            inputs=self.inputs,
            outputs=self.outputs,
            labels=self.labels,
            model=ResolvedModel(
                architecture=entry,
                bands=model.bands,
                band_roles=model.band_roles,
                indices=model.indices,
                patch_size=own.patch_size,
                stem=model.stem,
                attention=model.attention,
                windows=model.windows,
                centre=own.centre,
                trees=model.trees,
                min_leaf=model.min_leaf,
                members=tuple(self._recipe(member, True) for member in entry.members),
                member_files=model.member_files,
                combination=model.combination,
                snapshots=model.snapshots,
            ),
            split=self.split,
            fit=own.fit,
            start=self.start,
            compute=self.compute,
            baseline=self.baseline,
        )

    def _entry(self) -> Architecture:
        """Return the registry entry of the architecture; of an ensemble with its members."""
        model = self.model
        check_choice("ENCODER", model.encoder, ENCODERS)
        entry = architecture(model.architecture).with_encoder(model.encoder)
        if entry.family != "ensemble" and (model.members or model.member_files or model.snapshots > 1):
            raise ParameterError(
                "{architecture} has no members",
                where="MEMBERS, MEMBER_FILES, SNAPSHOTS",
                advice="Use ARCHITECTURE=ensemble, with the architecture in MEMBERS.",
                architecture=entry.title,
            )
        if not (model.members or model.member_files):
            return entry
        members = (architecture(name).with_encoder(model.encoder) for name in model.members)
        return entry.with_members(tuple(members))

    def _recipe(self, entry: Architecture, is_member: bool) -> ResolvedMember:
        """Return the settings of an architecture, with its defaults for all open values."""
        fit, centre = self.fit, self._centre(entry)
        recipe = entry.centred_recipe if centre and entry.centred_recipe else entry.recipe
        # Crops are much larger than patches, and a batch has few of them.
        has_crops = is_member and entry.kind == "pixel"
        cycles = self.model.snapshots if is_member and entry.is_network else 1
        epochs = _or_default(fit.epochs, recipe.epochs)
        schedule = recipe.schedule if cycles == 1 else "cosine"
        settings = FitSettings(
            epochs=max(1, round(epochs / cycles)) if cycles > 1 else epochs,
            batch_size=_or_default(None if has_crops else fit.batch_size, recipe.batch_size),
            learning_rate=_or_default(fit.learning_rate, recipe.learning_rate),
            schedule=schedule if fit.schedule == AUTO else fit.schedule,
            weight_decay=_or_default(fit.weight_decay, recipe.weight_decay),
            clip_norm=fit.clip_norm,
            patience=_or_default(fit.patience, recipe.patience),
            monitor=recipe.monitor if fit.monitor == AUTO else fit.monitor,
            loss=fit.loss,
            label_smoothing=_or_default(fit.label_smoothing, recipe.label_smoothing),
            balance=recipe.balance if fit.balance == AUTO else fit.balance,
            dropout=_or_default(fit.dropout, recipe.dropout),
            augment=fit.augment,
            brightness=_or_default(fit.brightness, recipe.brightness),
            band_dropout=_or_default(fit.band_dropout, recipe.band_dropout),
            frozen_epochs=self.start.frozen_epochs,
            fine_tuning=self.start.fine_tuning,
            precision=self.compute.precision,
            min_steps=recipe.min_steps,
            edge_mixing=_or_default(fit.edge_mixing, recipe.edge_mixing),
            averaging=recipe.averaging,
            decays_norms=recipe.decays_norms,
            seed=self.compute.seed,
        )
        patch_size = _or_default(None if has_crops else self.model.patch_size, recipe.patch_size)
        beside = settings
        if is_member and not entry.has_network:
            # Beside a network, trees without artificial borders would undo its crisp ones.
            beside = replace(settings, edge_mixing=_or_default(fit.edge_mixing, _TREE_MEMBER_MIXING))
        return ResolvedMember(entry, beside, patch_size, centre, settings)

    def _centre(self, entry: Architecture) -> CentreBranch | None:
        """Return the form of a centred network, or None for other models.

        Raises:
            ParameterError: The context grid or the pyramid is not valid.
        """
        model = self.model
        if entry.centred_recipe is None or not model.centre:
            return None
        scales = DEFAULT_SCALES if model.pyramid == AUTO else parse_scales(model.pyramid)
        check_choice("CONTEXT_GRID", model.context_grid, CONTEXT_GRIDS)
        grid = DEFAULT_GRID if model.context_grid == AUTO else int(model.context_grid)
        return CentreBranch(CENTRE_WINDOWS, grid, scales)


def parse_scales(text: str) -> tuple[int, ...]:
    """Return the scales of a centred network's patches, in pixels, ascending.

    Args:
        text: PYRAMID: different odd numbers from 1 to ``MAX_SCALE``, separated by commas.

    Raises:
        ParameterError: The text has anything else.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    scales = sorted({int(part) for part in parts if part.isdecimal()})
    if not scales or len(scales) != len(parts) or any(s % 2 == 0 or s > MAX_SCALE for s in scales):
        raise ParameterError(
            "PYRAMID must have odd numbers from 1 to {max_scale}, separated by commas (got {value!r})",
            where="PYRAMID",
            advice="Use 1,3 for example, or auto.",
            max_scale=MAX_SCALE,
            value=text,
        )
    return tuple(scales)


@dataclass(frozen=True)
class ResolvedMember:
    """Settings of an architecture that is trained, alone or as a member of an ensemble.

    Attributes:
        architecture: Registry entry.
        fit: Settings of a network's training loop. For snapshots, they are those of one cycle.
        patch_size: Rows and columns of a patch or a training crop, in pixels.
        centre: Form of a centred network; None for other networks.
        fit_alone: The same as ``fit`` where all other members are left out: trees have artificial borders
            beside others only.
    """

    architecture: Architecture
    fit: FitSettings
    patch_size: int
    centre: CentreBranch | None
    fit_alone: FitSettings


@dataclass(frozen=True)
class ResolvedModel:
    """Architecture, channels and receptive field of a model.

    The attributes are those of ``ModelChoice``, with these differences.

    Attributes:
        architecture: Registry entry of the architecture.
        patch_size: Rows and columns of a patch or a training crop, in pixels; never None.
        centre: Form of a centred network, which ``context_grid`` and ``pyramid`` are part of; None for other
            models.
        members: Settings of an ensemble's members that are trained; empty for other models.
    """

    architecture: Architecture
    bands: str
    band_roles: str
    indices: tuple[str, ...]
    patch_size: int
    stem: str
    windows: str
    attention: str = NONE
    centre: CentreBranch | None = None
    trees: int | None = None
    min_leaf: int | None = None
    members: tuple[ResolvedMember, ...] = ()
    member_files: tuple[str, ...] = ()
    combination: str = WEIGHTED
    snapshots: int = 1


@dataclass(frozen=True)
class ResolvedTraining:
    """Request to train a model with the architecture's defaults, made by ``TrainRequest.resolve``.

    The attributes are those of ``TrainRequest``. Values that depend on the raster, the samples or the device
    are still open: bands, band roles, stem, windows, numbers of trees and leaves, split and time limit.

    Attributes:
        model: Architecture, channels and receptive field, with the patch size and the form of a centred
            network.
        fit: Settings of a network's training loop without None and ``auto``, with precision, seed and frozen
            epochs.
    """

    inputs: RasterInputs
    outputs: TrainOutputs
    labels: LabelInputs
    model: ResolvedModel
    split: SplitChoice
    fit: FitSettings
    start: StartChoice
    compute: ComputeChoice
    baseline: bool

    @property
    def loss_balance(self) -> str:
        """Treatment of rare classes in the loss, one of ``core.options.BALANCES``.

        Trees always weight classes by ``sqrt``. Ensembles whose members differ are taken for trees. Model
        files, the only members of an ensemble without others, are calibrated already.
        """
        if self.model.architecture.family != "ensemble":
            return self.fit.balance if self.model.architecture.is_network else _TREE_BALANCE
        balances = {
            member.fit.balance if member.architecture.is_network else _TREE_BALANCE
            for member in self.model.members
        }
        if not balances:
            return NONE
        return balances.pop() if len(balances) == 1 else _TREE_BALANCE


@dataclass(frozen=True)
class TrainResult:
    """Result of a training: the files, and the accuracy of the model on the test samples.

    Attributes:
        output: Path of the model file.
        overall_accuracy: Overall accuracy, 0 to 1; None without test samples.
        macro_f1: Mean of the classes' F1 scores, 0 to 1; None without test samples.
        classes: Number of classes.
        train_samples: Number of training samples.
        test_samples: Number of test samples, of all folds together.
        split: Method of the split that was used, one of ``SplitChoice.method`` except ``auto``.
        report: Path of the report; None for none.
        baseline_overall_accuracy: Overall accuracy of the baseline, 0 to 1; None without a baseline.
        baseline_macro_f1: Macro-F1 of the baseline, 0 to 1; None without a baseline.
        origin: Metadata items for the layer of samples by name: what it was made from and how. Empty if no
            samples are written.
    """

    output: str
    overall_accuracy: float | None
    macro_f1: float | None
    classes: int
    train_samples: int
    test_samples: int
    split: str
    report: str | None = None
    baseline_overall_accuracy: float | None = None
    baseline_macro_f1: float | None = None
    origin: dict[str, str] = field(default_factory=dict)


def _or_default(value: Value | None, default: Value) -> Value:
    return default if value is None else value


def check_request(request: ResolvedTraining) -> None:
    """Check what can be checked before the raster and the samples are opened: outputs, choices and ranges.

    Bands, windows, split method and device are checked later, when they are used.

    Args:
        request: Request with the architecture's defaults.

    Raises:
        OutputError: An output has the wrong ending, is also an input, or cannot be written.
        ParameterError: A parameter has an unknown value, is out of its range or does not suit the
            architecture, or there are neither samples nor a label raster.
    """
    labels = request.labels
    rasters = [request.inputs.raster, *request.inputs.extra, *([labels.raster] if labels.raster else [])]
    outputs = (
        Output(request.outputs.model, (request.model.architecture.suffix,)),
        Output(request.outputs.report or "", PAGE_SUFFIXES),
    )
    inputs = [*map(str, rasters), labels.samples or "", request.start.weights_file]
    check_files(outputs, [*inputs, *request.model.member_files])
    if labels.samples is None and labels.raster is None:
        raise ParameterError(
            "Neither samples nor a label raster are given",
            where="SAMPLES, LABELS",
            advice="Choose a layer of polygons or points, or a label raster, or both.",
        )
    _check_members(request)
    _check_choices(request)
    _check_network(request)
    _check_ranges(request)


def _check_network(request: ResolvedTraining) -> None:
    entry, patch_size = request.model.architecture, request.model.patch_size
    if not entry.is_trainable:
        raise ParameterError(
            "{architecture} cannot be trained, only imported",
            where="ARCHITECTURE",
            advice="Choose another architecture.",
            architecture=entry.title,
        )
    if entry.kind == "pixel" and patch_size % DENSE_GRID:
        raise ParameterError(
            "PATCH_SIZE must be a multiple of {multiple} for {architecture} (got {value})",
            where="PATCH_SIZE",
            advice="Use 128 or 256.",
            value=patch_size,
            architecture=entry.title,
            multiple=DENSE_GRID,
        )
    smallest, largest = entry.patch_sizes or (MIN_PATCH_SIZE, MAX_PATCH_SIZE)
    if not smallest <= patch_size <= largest:
        raise ParameterError(
            "PATCH_SIZE must be between {minimum} and {maximum} for {architecture} (got {value})",
            where="PATCH_SIZE",
            advice="Change it, or leave it empty for the default.",
            value=patch_size,
            architecture=entry.title,
            minimum=smallest,
            maximum=largest,
        )
    weights = request.start.weights
    if (weights != NO_WEIGHTS or request.start.weights_file) and not entry.has_network:
        raise ParameterError(
            "{architecture} does not use initial weights",
            where="WEIGHTS, WEIGHTS_FILE",
            advice="Choose a network, or use WEIGHTS=none and leave WEIGHTS_FILE empty.",
            architecture=entry.title,
        )
    fitting = weights_for(entry)
    if weights == SELF_SUPERVISED and weights not in fitting:
        raise ParameterError(
            "{architecture} has no self-supervised weights, because it does not read patches",
            where="WEIGHTS",
            advice="Choose a ResNet, a transformer or an ensemble with one of them, or WEIGHTS=none.",
            architecture=entry.title,
        )
    if any(item.name == weights for item in PUBLISHED_WEIGHTS) and weights not in fitting:
        raise ParameterError(
            "There are no weights {weights} for {architecture}",
            where="WEIGHTS",
            advice="They are for {networks}. For {architecture} choose one of: {choices}.",
            weights=weights,
            architecture=entry.title,
            networks=", ".join(item.network for item in PUBLISHED_WEIGHTS if item.name == weights),
            choices=", ".join(fitting),
        )


def _check_members(request: ResolvedTraining) -> None:
    """Check the members of an ensemble, each of which may be given once."""
    model, entry = request.model, request.model.architecture
    networks = [member for member in entry.members if member.is_network]
    if entry.family != "ensemble":
        return
    if any(member.family == "ensemble" for member in entry.members):
        raise ParameterError(
            "An ensemble cannot be a member of an ensemble",
            where="MEMBERS",
            advice="Name its members instead.",
        )
    names = [*(member.name for member in entry.members), *model.member_files]
    if len(set(names)) < len(names):
        raise ParameterError(
            "{name} is a member more than once",
            where="MEMBERS, MEMBER_FILES",
            advice="Name each member once. SNAPSHOTS gives several members of a network.",
            name=next(name for name in names if names.count(name) > 1),
        )
    if model.snapshots > 1 and not networks:
        raise ParameterError(
            "SNAPSHOTS is for networks, and the ensemble has none that is trained",
            where="SNAPSHOTS",
            advice="Add a network to MEMBERS, or use SNAPSHOTS=1.",
        )
    number = len(entry.members) + len(networks) * (model.snapshots - 1) + len(model.member_files)
    if number < 2:
        raise ParameterError(
            "An ensemble needs at least two members",
            where="MEMBERS, MEMBER_FILES, SNAPSHOTS",
            advice="Choose another member or, for a network, more snapshots.",
        )


def _check_choices(request: ResolvedTraining) -> None:
    for parameter, choice, choices in (
        ("SCHEDULE", request.fit.schedule, SCHEDULES),
        ("MONITOR", request.fit.monitor, MONITORS),
        ("LOSS", request.fit.loss, LOSSES),
        ("BALANCE", request.fit.balance, BALANCES),
        ("PRECISION", request.fit.precision, TRAINING_PRECISIONS),
        ("WEIGHTS", request.start.weights, WEIGHTS),
        ("VALUE_UNIT", request.start.value_unit, VALUE_UNITS),
        ("FINE_TUNING", request.start.fine_tuning, FINE_TUNINGS),
        ("STEM", request.model.stem, STEMS),
        ("COMBINE", request.model.combination, COMBINATIONS),
        ("ATTENTION", request.model.attention, ATTENTIONS),
    ):
        check_choice(parameter, choice, choices)


def _check_ranges(request: ResolvedTraining) -> None:
    fit, split = request.fit, request.split
    for parameter, value, minimum, maximum in (
        ("EPOCHS", fit.epochs, 1, math.inf),
        # Batch normalisation needs at least two patches.
        ("BATCH_SIZE", fit.batch_size, 2, math.inf),
        ("BLOCK_SIZE", split.block_size, 0, math.inf),
        ("BUFFER", split.buffer, 0, math.inf),
        ("FOLDS", split.folds or 0, 0, MAX_FOLDS),
        ("MAX_PER_CLASS", split.max_per_class, 0, math.inf),
        ("PATIENCE", fit.patience, 0, math.inf),
        ("LEARNING_RATE", fit.learning_rate, 1e-12, 10.0),
        ("WEIGHT_DECAY", fit.weight_decay, 0.0, 10.0),
        ("CLIP_NORM", fit.clip_norm, 0.0, math.inf),
        ("LABEL_SMOOTHING", fit.label_smoothing, 0.0, 0.9),
        ("DROPOUT", fit.dropout, 0.0, 0.9),
        ("BRIGHTNESS", fit.brightness, 0.0, 10.0),
        ("BAND_DROPOUT", fit.band_dropout, 0.0, 0.9),
        ("EDGE_MIXING", fit.edge_mixing, 0.0, 0.9),
        ("FROZEN_EPOCHS", fit.frozen_epochs, 0, math.inf),
        ("SNAPSHOTS", request.model.snapshots, 1, MAX_SNAPSHOTS),
        ("TREES", 1 if request.model.trees is None else request.model.trees, 1, MAX_TREES),
        ("MIN_LEAF", 1 if request.model.min_leaf is None else request.model.min_leaf, 1, math.inf),
        (
            "TIME_LIMIT",
            AUTO_TIME_LIMIT if request.compute.time_limit is None else request.compute.time_limit,
            _MIN_TIME_LIMIT,
            math.inf,
        ),
    ):
        if not minimum <= value <= maximum:
            raise ParameterError(
                "{parameter} must be between {minimum:g} and {maximum:g} (got {value:g})"
                if math.isfinite(maximum)
                else "{parameter} must be {minimum:g} or more (got {value:g})",
                where=parameter,
                advice="Change it, or leave it empty for the default.",
                parameter=parameter,
                value=value,
                minimum=minimum,
                maximum=maximum,
            )
