"""Request and result of a training."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypeVar

from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, Output, check_files
from ..models.architecture import Architecture, CentreBranch, FitSettings
from ..models.architectures import DEFAULT_ARCHITECTURE, architecture
from ..options import (
    ATTENTIONS,
    AUTO,
    BALANCES,
    CONTEXT_GRIDS,
    DENSE_GRID,
    ENCODERS,
    LOSSES,
    MONITORS,
    NONE,
    SCHEDULES,
    STEMS,
    TRAINING_PRECISIONS,
    WEIGHTS,
)
from ..raster.source import RasterSource
from .common import RasterInputs, check_choice

MIN_PATCH_SIZE = 4
MAX_PATCH_SIZE = 256
"""Smallest and largest number of rows and columns of a patch, in pixels."""
MAX_FOLDS = 100
MAX_TREES = 10_000
AUTO_FOLDS = 5
"""Number of folds of trees by default."""
AUTO_TIME_LIMIT = 10.0
"""Largest time for training the networks of an ensemble on processors by default, in minutes."""
_MIN_TIME_LIMIT = 0.1
# Squares, grid and scales of ResNets by default. Others have not been compared on several scenes.
CENTRE_WINDOWS = (3, 5, 7, 9, 11, 13, 15)
DEFAULT_GRID = 4
DEFAULT_SCALES = (1,)
MAX_SCALE = 15
Value = TypeVar("Value", int, float)


@dataclass(frozen=True)
class LabelInputs:
    """Training labels: a file of samples, a label raster, or both.

    Attributes:
        samples: Path of a JSON-lines file of labelled polygons or points in the raster's CRS.
        sources: Names of the user's layers that the file was made of, such as ``train.gpkg|layername=a``.
        raster: Raster of class values on any grid; nodata is unlabelled.
        scheme: Id of a shipped class scheme that gives names and colours; empty for none.
        unlabelled: Values of the label raster that mean that a pixel has no label.
    """

    samples: str | None = None
    raster: RasterSource | None = None
    scheme: str = ""
    unlabelled: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelChoice:
    """Architecture of the model, its channels and its receptive field.

    Attributes:
        architecture: Name of an architecture in ``core.models.architectures``.
        bands: Bands of the model, in order, as text, see ``core.raster.bands``; empty for all.
        band_roles: Pairs ``role=band``, separated by commas, that replace the guessed roles.
        indices: Names of the spectral indices that are added to the bands.
        patch_size: Rows and columns of a patch or a training crop in pixels, ``MIN_PATCH_SIZE`` to
            ``MAX_PATCH_SIZE``; None takes the architecture's default.
        encoder: Encoder of a segmentation network, one of ``core.options.ENCODERS``; ``auto`` takes the
            architecture's.
        stem: First layer of a ResNet: ``small`` has no stride and no pooling, ``standard`` has both,
            ``auto`` is small for patches of up to 8 pixels.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        windows: Sides of the neighbourhoods of trees and of the multi-scale network, as text, see
            ``core.raster.neighbourhood_windows``.
        centre: Whether a ResNet has a centre branch.
        context_grid: Rows and columns between the nodes of a centred network's context, in pixels, one of
            ``core.options.CONTEXT_GRIDS``.
        pyramid: Scales of a centred network's patches, as text such as ``1,3``; ``auto`` selects them.
        trees: Number of trees of random forests and extra trees; None takes the architecture's.
        min_leaf: Smallest number of samples in a leaf of these trees; None takes the architecture's.
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


@dataclass(frozen=True)
class SplitChoice:
    """Split of the samples into training, validation and test, or into folds.

    Attributes:
        method: ``auto`` (polygons where every class has at least three and the gap leaves enough
            training samples, else blocks), ``polygons``, ``blocks``, ``field`` (the value of the samples'
            split field) or ``random``.
        block_size: Side of a spatial block in pixels; 0 selects it automatically.
        buffer: Gap between training, validation and test in pixels; 0 is the side of the model's receptive
            field.
        folds: Number of folds of a cross-validation; 0 and 1 hold out a single test set. None takes
            ``AUTO_FOLDS`` for trees, or fewer where the samples do not suffice, and 0 for networks.
        max_per_class: Maximum number of training samples per class; 0 is no limit.
    """

    method: str = AUTO
    block_size: int = 0
    buffer: int = 0
    folds: int | None = None
    max_per_class: int = 2000


@dataclass(frozen=True)
class FitChoice:
    """Settings of a network's training loop.

    None is the architecture's default, and so is ``auto`` for ``balance``, ``schedule`` and ``monitor``.

    Attributes:
        epochs: Maximum number of passes over the training samples.
        batch_size: Number of patches, or of crops, in a training step, at least 2.
        learning_rate: Highest learning rate of the schedule.
        weight_decay: Weight decay of the optimizer.
        clip_norm: Maximum norm of the gradient; 0 does not clip.
        patience: Number of epochs without improvement before training stops; 0 never stops early.
        schedule: Course of the learning rate, one of ``core.options.SCHEDULES``.
        monitor: Validation metric that defines the best epoch, one of ``core.options.MONITORS``.
        loss: Loss function, one of ``core.options.LOSSES``.
        label_smoothing: Fraction of each label, 0 to 0.9, that is spread over all classes.
        balance: Treatment of rare classes, one of ``core.options.BALANCES``.
        dropout: Probability, 0 to 0.9, that a feature is dropped before the last layer.
        augment: Whether patches are mirrored and rotated by multiples of 90°.
        brightness: Standard deviation of random changes in brightness, in units of each channel's
            standard deviation; 0 is none.
        edge_mixing: Fraction, 0 to 0.9, of the training samples with another sample's surroundings beyond a
            random line.
        band_dropout: Probability, 0 to 0.9, that a channel of a patch is set to its mean.
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
        weights: Pretrained weights, one of ``core.options.WEIGHTS``.
        weights_file: Path of a file of initial weights that replaces ``weights``; empty for none.
        frozen_epochs: Number of first epochs in which only the head is trained.
    """

    weights: str = "none"
    weights_file: str = ""
    frozen_epochs: int = 0


@dataclass(frozen=True)
class ComputeChoice:
    """Device, precision and seed of the computation.

    Attributes:
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        precision: Data type of convolutions and matrix products, one of ``core.options.TRAINING_PRECISIONS``.
        seed: Seed of all random numbers.
        time_limit: Largest time that training networks may take, in minutes, above 0. None is
            ``AUTO_TIME_LIMIT`` for ensembles on processors, and no limit for other models.
    """

    device: str = AUTO
    precision: str = AUTO
    seed: int = 0
    time_limit: float | None = None


@dataclass(frozen=True)
class TrainOutputs:
    """Files to write.

    Attributes:
        model: Path of the model file: ``.safetensors`` for networks, ``.skops`` for trees.
        samples: Path of a JSON-lines file for the samples and their split, see
            ``core.samples.records``; None writes none.
        report: Path of an ``.html`` file, beside which ``NAME.json`` and ``NAME_figures`` are written;
            None writes none.
    """

    model: str
    samples: str | None = None
    report: str | None = None


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
        compute: Device, precision and seed.
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
        """Return the request with the architecture's defaults for all open values.

        Raises:
            ParameterError: The architecture or its encoder is unknown.
        """
        check_choice("ENCODER", self.model.encoder, ENCODERS)
        entry = architecture(self.model.architecture).with_encoder(self.model.encoder)
        fit, centre = self.fit, self._centre(entry)
        recipe = entry.centred_recipe if centre and entry.centred_recipe else entry.recipe
        return ResolvedTraining(
            inputs=self.inputs,
            outputs=self.outputs,
            labels=self.labels,
            model=ResolvedModel(
                architecture=entry,
                bands=self.model.bands,
                band_roles=self.model.band_roles,
                indices=self.model.indices,
                patch_size=_or_default(self.model.patch_size, recipe.patch_size),
                stem=self.model.stem,
                attention=self.model.attention,
                windows=self.model.windows,
                centre=centre,
                trees=self.model.trees,
                min_leaf=self.model.min_leaf,
            ),
            split=self.split,
            fit=FitSettings(
                epochs=_or_default(fit.epochs, recipe.epochs),
                batch_size=_or_default(fit.batch_size, recipe.batch_size),
                learning_rate=_or_default(fit.learning_rate, recipe.learning_rate),
                schedule=recipe.schedule if fit.schedule == AUTO else fit.schedule,
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
                precision=self.compute.precision,
                min_steps=recipe.min_steps,
                edge_mixing=_or_default(fit.edge_mixing, recipe.edge_mixing),
                averaging=recipe.averaging,
                decays_norms=recipe.decays_norms,
                seed=self.compute.seed,
            ),
            start=self.start,
            compute=self.compute,
            baseline=self.baseline,
        )

    def _centre(self, entry: Architecture) -> CentreBranch | None:
        """Return the form of a centred network, or None for other networks."""
        model = self.model
        has_start = self.start.weights != "none" or self.start.weights_file
        if entry.centred_recipe is None or not model.centre or has_start:
            return None
        scales = DEFAULT_SCALES if model.pyramid == AUTO else parse_scales(model.pyramid)
        check_choice("CONTEXT_GRID", model.context_grid, CONTEXT_GRIDS)
        grid = DEFAULT_GRID if model.context_grid == AUTO else int(model.context_grid)
        return CentreBranch(CENTRE_WINDOWS, grid, scales)


def parse_scales(text: str) -> tuple[int, ...]:
    """Return the scales of PYRAMID, ascending.

    Args:
        text: Odd numbers of pixels, separated by commas.

    Raises:
        ParameterError: The text has something else.
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
class ResolvedModel:
    """Architecture and channels of a model, without open values.

    Attributes:
        architecture: Registry entry of the architecture.
        bands: Bands of the model, in order, as text, see ``core.raster.bands``; empty for all.
        band_roles: Pairs ``role=band``, separated by commas, that replace the guessed roles.
        indices: Names of the spectral indices that are added to the bands.
        patch_size: Rows and columns of a patch or a training crop, in pixels.
        stem: First layer of a ResNet, one of ``core.options.STEMS``.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        windows: Sides of the neighbourhoods as text, see ``core.raster.neighbourhood_windows``.
        centre: Form of a centred network; None for other networks.
        trees: Number of trees of random forests and extra trees; None takes the architecture's.
        min_leaf: Smallest number of samples in a leaf of these trees; None takes the architecture's.
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


@dataclass(frozen=True)
class ResolvedTraining:
    """Request to train a model, without open values, see ``TrainRequest.resolve``.

    Attributes:
        inputs: Rasters with the training pixels.
        outputs: Files to write.
        labels: Training labels.
        model: Architecture, channels and receptive field.
        split: Split of the samples.
        fit: Settings of a network's training loop, with precision, seed and frozen epochs.
        start: Initial weights of a network.
        compute: Device, precision and seed.
        baseline: Whether a random forest is trained on the same samples as a baseline.
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


@dataclass(frozen=True)
class TrainResult:
    """Trained model and its accuracy on the test samples.

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
        origin: Metadata items of the samples that are written out, by name; empty where none are.
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
    """Check the outputs and the parameters before a file is opened.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: A parameter is not one of its choices, is out of its range or does not suit the
            architecture, or neither samples nor a label raster are given.
    """
    labels = request.labels
    rasters = [request.inputs.raster, *request.inputs.extra, *([labels.raster] if labels.raster else [])]
    outputs = (
        Output(request.outputs.model, (request.model.architecture.suffix,)),
        Output(request.outputs.report or "", PAGE_SUFFIXES),
    )
    check_files(outputs, [*map(str, rasters), labels.samples or "", request.start.weights_file])
    if labels.samples is None and labels.raster is None:
        raise ParameterError(
            "Neither samples nor a label raster are given",
            where="SAMPLES, LABELS",
            advice="Choose a layer of polygons or points, or a label raster, or both.",
        )
    _check_network(request)
    _check_choices(request)
    _check_ranges(request)


def _check_network(request: ResolvedTraining) -> None:
    entry, patch_size = request.model.architecture, request.model.patch_size
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
    if (request.start.weights != "none" or request.start.weights_file) and not entry.has_network:
        raise ParameterError(
            "{architecture} does not use initial weights",
            where="WEIGHTS, WEIGHTS_FILE",
            advice="Choose a network, or use WEIGHTS=none and leave WEIGHTS_FILE empty.",
            architecture=entry.title,
        )


def _check_choices(request: ResolvedTraining) -> None:
    for parameter, choice, choices in (
        ("SCHEDULE", request.fit.schedule, SCHEDULES),
        ("MONITOR", request.fit.monitor, MONITORS),
        ("LOSS", request.fit.loss, LOSSES),
        ("BALANCE", request.fit.balance, BALANCES),
        ("PRECISION", request.fit.precision, TRAINING_PRECISIONS),
        ("WEIGHTS", request.start.weights, WEIGHTS),
        ("STEM", request.model.stem, STEMS),
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
        ("TREES", 1 if request.model.trees is None else request.model.trees, 1, MAX_TREES),
        ("MIN_LEAF", 1 if request.model.min_leaf is None else request.model.min_leaf, 1, math.inf),
        ("TIME_LIMIT", request.compute.time_limit or AUTO_TIME_LIMIT, _MIN_TIME_LIMIT, math.inf),
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
