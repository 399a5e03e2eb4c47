"""Request and result of a training."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from pathlib import Path

from ..errors import ParameterError
from ..files import check_overwrites_none
from ..models.architectures import DEFAULT_ARCHITECTURE, architecture
from ..options import BALANCES, DENSE_GRID, LOSSES, MONITORS, SCHEDULES, STEMS, TRAINING_PRECISIONS, WEIGHTS
from ..raster.source import RasterSource

MIN_PATCH_SIZE = 4
MAX_PATCH_SIZE = 256
"""Rows and columns of a patch, in pixels."""
MAX_FOLDS = 100


@dataclass(frozen=True)
class TrainRequest:
    """What to learn from, how, and where to write the model.

    What is None, and ``balance`` where it is ``auto``, is chosen by the architecture, see ``with_recipe``.

    ``samples`` or ``labels`` is given, or both.

    Attributes:
        input: The raster to learn from; it defines the grid.
        extra_inputs: Rasters whose bands are added, brought onto that grid.
        resampling: How, see ``core.options``.
        samples: JSON-lines file of labelled polygons or points in the raster's CRS.
        labels: Raster of class values; nodata is unlabelled; any grid.
        output: File to write: ``.safetensors`` for networks, ``.skops`` for trees.
        samples_output: JSON-lines file to write the sample design to, see
            ``core.samples.records``; None writes none.
        scheme: Id of a shipped class scheme for names and colours, or empty.
        band_names: The user's names for the bands, see ``core.raster.bands``.
        bands: Which bands to learn from, and in which order, alike; empty is all.
        band_roles: The user's ``role=band`` pairs, separated by commas, over the guessed roles.
        indices: Names of spectral indices to add.
        split: ``auto`` (polygons where every class has three of them, else blocks), ``polygons``,
            ``blocks``, ``field`` (what the samples' field says) or ``random``.
        block_size: Side of a spatial block in pixels; 0 chooses.
        buffer: Gap between training, validation and test in pixels; 0 is the widest window.
        folds: Parts of a cross-validation; 0 and 1 are none.
        patch_size: Rows and columns of a patch, ``MIN_PATCH_SIZE`` to ``MAX_PATCH_SIZE``.
        windows: Sides of the neighbourhoods that trees look at, see ``core.raster.neighbourhood_windows``.
        stem: ``small``: a ResNet begins without stride and pooling; ``standard``; or ``auto``: small for
            patches of up to 8 pixels.
        clip_norm: Longest gradient; 0 is any.
        patience: Epochs without improvement before training stops; 0 never stops early.
        max_per_class: Most training samples of a class; 0 is no limit.
        schedule: How the learning rate goes, one of ``core.options``; so are the next two.
        monitor: What chooses the best epoch.
        loss: What is made small.
        label_smoothing: Share of a label that is spread over all classes, 0 to below 1.
        balance: What is done for rare classes, one of ``core.options``.
        dropout: Chance of a feature to be dropped before the last layer, 0 to below 1.
        augment: Flips and quarter turns.
        brightness: Standard deviation of random changes in brightness, in standard deviations of a
            channel; 0 makes none.
        band_dropout: Chance of a channel of a patch to be blanked, 0 to below 1.
        weights: ``none``, or ``imagenet``: what a network starts from.
        weights_file: File of weights to start from instead.
        frozen_epochs: First epochs in which only the last layers learn.
        precision: ``auto``, ``fp32`` or ``bf16``.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        report: ``.html`` file to write; ``NAME.json`` and ``NAME_figures`` come to lie beside it.
        baseline: Whether a random forest is trained on the same samples, for comparison.
    """

    input: RasterSource
    output: str
    samples: str | None = None
    labels: RasterSource | None = None
    samples_output: str | None = None
    extra_inputs: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    scheme: str = ""
    architecture: str = DEFAULT_ARCHITECTURE
    indices: tuple[str, ...] = ()
    band_names: str = ""
    bands: str = ""
    band_roles: str = ""
    patch_size: int | None = None
    stem: str = "auto"
    windows: str = "auto"
    split: str = "auto"
    block_size: int = 0
    buffer: int = 0
    folds: int = 0
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    weight_decay: float | None = None
    clip_norm: float = 1.0
    patience: int = 6
    max_per_class: int = 2000
    schedule: str = "cosine"
    monitor: str = "macro_f1"
    loss: str = "cross_entropy"
    label_smoothing: float | None = None
    balance: str = "auto"
    dropout: float | None = None
    augment: bool = True
    brightness: float | None = None
    band_dropout: float | None = None
    weights: str = "none"
    weights_file: str = ""
    frozen_epochs: int = 0
    precision: str = "auto"
    seed: int = 0
    device: str = "auto"
    report: str | None = None
    baseline: bool = False


@dataclass(frozen=True)
class TrainResult:
    """The model and its held-out figures; the figures are None where nothing could be held out."""

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


def with_recipe(request: TrainRequest) -> TrainRequest:
    """Return the request with the architecture's recipe where the user left something open.

    Raises:
        ParameterError: There is no such architecture.
    """
    recipe = architecture(request.architecture).recipe
    return replace(
        request,
        **{
            item.name: getattr(recipe, item.name)
            for item in fields(recipe)
            if getattr(request, item.name, 0) in (None, "auto")
        },
    )


def _check_network(request: TrainRequest) -> None:
    chosen = architecture(request.architecture)
    if chosen.kind == "pixel" and (request.patch_size or 0) % DENSE_GRID:
        raise ParameterError(
            "PATCH_SIZE is {value}",
            where="PATCH_SIZE",
            advice="{architecture} takes multiples of {multiple}, such as 128 or 256.",
            value=request.patch_size,
            architecture=chosen.title,
            multiple=DENSE_GRID,
        )
    if (request.weights != "none" or request.weights_file) and not chosen.has_network:
        raise ParameterError(
            "{architecture} cannot start from weights",
            where="WEIGHTS, WEIGHTS_FILE",
            advice="Choose a network, or WEIGHTS=none and no file.",
            architecture=chosen.title,
        )


def check_request(request: TrainRequest) -> None:
    """Check the inputs, the output and the parameters before any work.

    Raises:
        LandCoverError: A leaf of it that names the parameter and what to do.
    """
    rasters = [request.input, *request.extra_inputs, *([request.labels] if request.labels else [])]
    check_overwrites_none(
        Path(request.output), [*map(str, rasters), request.samples or "", request.weights_file]
    )
    if request.samples is None and request.labels is None:
        raise ParameterError(
            "There are no samples",
            where="SAMPLES, LABELS",
            advice="Choose a layer of polygons or points, or a label raster, or both.",
        )
    _check_network(request)
    for parameter, choice, choices in (
        ("SCHEDULE", request.schedule, SCHEDULES),
        ("MONITOR", request.monitor, MONITORS),
        ("LOSS", request.loss, LOSSES),
        ("BALANCE", request.balance, BALANCES),
        ("PRECISION", request.precision, TRAINING_PRECISIONS),
        ("WEIGHTS", request.weights, WEIGHTS),
        ("STEM", request.stem, STEMS),
    ):
        if choice not in choices:
            raise ParameterError(
                "{parameter} is {value!r}",
                where=parameter,
                advice="Choose one of: {choices}.",
                parameter=parameter,
                value=choice,
                choices=", ".join(choices),
            )
    for parameter, value, least, most in (
        ("PATCH_SIZE", request.patch_size, MIN_PATCH_SIZE, MAX_PATCH_SIZE),
        ("EPOCHS", request.epochs, 1, math.inf),
        # Batch normalisation cannot work on a single patch.
        ("BATCH_SIZE", request.batch_size, 2, math.inf),
        ("BLOCK_SIZE", request.block_size, 0, math.inf),
        ("BUFFER", request.buffer, 0, math.inf),
        ("FOLDS", request.folds, 0, MAX_FOLDS),
        ("MAX_PER_CLASS", request.max_per_class, 0, math.inf),
        ("PATIENCE", request.patience, 0, math.inf),
        ("LEARNING_RATE", request.learning_rate, 1e-12, 10.0),
        ("WEIGHT_DECAY", request.weight_decay, 0.0, 10.0),
        ("CLIP_NORM", request.clip_norm, 0.0, math.inf),
        ("LABEL_SMOOTHING", request.label_smoothing, 0.0, 0.9),
        ("DROPOUT", request.dropout, 0.0, 0.9),
        ("BRIGHTNESS", request.brightness, 0.0, 10.0),
        ("BAND_DROPOUT", request.band_dropout, 0.0, 0.9),
        ("FROZEN_EPOCHS", request.frozen_epochs, 0, math.inf),
    ):
        if value is not None and not least <= value <= most:
            raise ParameterError(
                "{parameter} is {value:g}",
                where=parameter,
                advice="Set it to {least:g} to {most:g}."
                if math.isfinite(most)
                else "Set it to {least:g} or more.",
                parameter=parameter,
                value=value,
                least=least,
                most=most,
            )
