"""A whole training: from the request to the model file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from ..assessment.accuracy import confusion_matrix, metrics_of, table_lines
from ..classes import shipped_scheme
from ..device import describe_device, memory_format, select_device
from ..errors import LandCoverError, RunCancelled
from ..models.card import Metrics
from ..models.file import save_model
from ..models.network import build_network
from ..progress import Progress
from ..raster.features import scale_for_indices, usable_indices
from ..raster.roles import parse_roles
from ..raster.stack import BandStack, open_inputs
from ..samples.centres import FloatArray, drop_invalid, read_centres
from ..samples.draw import draw
from ..samples.label_raster import samples_from_raster
from ..samples.labels import samples_from_features
from ..samples.patch_store import read_patches
from ..samples.samples import Samples, check_samples, describe_counts
from ..samples.split import describe_split, split_samples
from ..tasks.train import TrainRequest, TrainResult
from .cards import CardWriter
from .checkpoint import Checkpoint
from .dataset import Dataset, only_used
from .fit import FitResult, FitSettings, fit
from .predict import codes_of, predict
from .preparation import Preparation
from .stage import Stage
from .statistics import channel_statistics


def train_model(request: TrainRequest, progress: Progress) -> TrainResult:
    """Read the samples, train, test once, and write the model.

    Raises:
        LandCoverError: See ``core.tasks.train.run``.
    """
    device = select_device(request.device)
    progress.log(f"Training on {describe_device(device)}.")
    output = Path(request.output)
    with open_inputs(request.input, request.extra_inputs, request.resampling, output, progress) as stack:
        dataset, preparation = _read_dataset(request, stack, Stage(progress, 0.0, 0.1))
        grid, nodata = stack.grid, stack.nodata
    scaling = channel_statistics(dataset.patches, dataset.split.train, preparation, progress)
    preparation = replace(preparation, scaling=scaling)
    writer = CardWriter(request, grid, nodata, dataset, preparation, scaling, describe_device(device))
    return _train(request, writer, device, progress)


def _read_dataset(request: TrainRequest, stack: BandStack, progress: Progress) -> tuple[Dataset, Preparation]:
    progress.update(0.0, "Reading the samples")
    drawn = _read_samples(request, stack, progress)
    where = request.samples or str(request.labels)
    check_samples(drawn, where)
    progress.update(0.1, "Reading the raster under the samples")
    values = read_centres(stack, drawn, progress)
    samples, bands = drop_invalid(drawn, values, stack.band_names, progress)
    dropped = len(drawn) - len(samples)
    check_samples(samples, where, f"{dropped:,} samples on pixels without valid values were left out")
    progress.log(f"{len(samples):,} samples: {describe_counts(samples.classes, samples.counts())}.")
    preparation = _channels(request, stack, bands, values, progress)
    split = split_samples(samples, request.split, request.patch_size, request.block_size, request.seed)
    used, split = only_used(
        samples,
        draw(samples, split, request.max_per_class, 4 * len(bands) * request.patch_size**2, request.seed),
    )
    progress.log(split.done)
    for caution in split.cautions:
        progress.log(caution, "warning")
    for line in describe_split(used, split):
        progress.log(line)
    patches = read_patches(stack, used, bands, request.patch_size, Stage(progress, 0.3, 1.0))
    return Dataset(patches, used, split), preparation


def _read_samples(request: TrainRequest, stack: BandStack, progress: Progress) -> Samples:
    scheme = shipped_scheme(request.scheme) if request.scheme else None
    if request.labels is not None:
        return samples_from_raster(request.labels, stack.grid, scheme, request.seed, progress)
    return samples_from_features(Path(request.samples or ""), stack.grid, scheme, request.seed, progress)


def _channels(
    request: TrainRequest,
    stack: BandStack,
    bands: tuple[str, ...],
    values: FloatArray,
    progress: Progress,
) -> Preparation:
    """Return the bands and those indices that they allow, not scaled yet."""
    named = parse_roles(request.band_roles, stack.band_names, stack.own_bands)
    roles = {role: band for role, band in named.items() if band in bands}
    indices = usable_indices(request.indices, roles, progress)
    scale = 1.0
    if indices:
        optical = [number for number, band in enumerate(stack.band_names) if band in roles.values()]
        scale = scale_for_indices(indices, values[:, optical], progress)
    return Preparation(bands, indices, roles, scale)


def _train(
    request: TrainRequest, writer: CardWriter, device: torch.device, progress: Progress
) -> TrainResult:
    dataset, preparation = writer.dataset, writer.preparation
    # The seed of the weights; what else is random has generators of its own.
    torch.manual_seed(request.seed)
    network = build_network(request.architecture, len(preparation.channels), len(dataset.classes))
    network = network.to(device).to(memory_format=memory_format(device))
    output = Path(request.output)
    checkpoint = Checkpoint(output, network, writer.card, progress)
    try:
        result = fit(
            network,
            dataset,
            preparation,
            _settings(request),
            device,
            Stage(progress, 0.1, 0.95),
            checkpoint.keep,
        )
        metrics = _tested(network, writer, result, device, progress)
        save_model(output, network, writer.card(result, metrics), progress)
    except RunCancelled as error:
        raise checkpoint.cancelled(error) from error
    except LandCoverError:
        if checkpoint.sentence():
            progress.log(f"{checkpoint.sentence()}.", "warning")
        raise
    checkpoint.remove()
    return TrainResult(
        output=str(output),
        overall_accuracy=metrics.overall_accuracy if metrics else None,
        macro_f1=metrics.macro_f1 if metrics else None,
        classes=len(dataset.classes),
        train_samples=len(dataset.split.train),
        test_samples=len(dataset.split.test),
        split=dataset.split.method,
    )


def _settings(request: TrainRequest) -> FitSettings:
    return FitSettings(
        epochs=request.epochs,
        batch_size=request.batch_size,
        learning_rate=request.learning_rate,
        weight_decay=request.weight_decay,
        clip_norm=request.clip_norm,
        patience=request.patience,
        augment=request.augment,
        seed=request.seed,
    )


def _tested(
    network: torch.nn.Module,
    writer: CardWriter,
    result: FitResult,
    device: torch.device,
    progress: Progress,
) -> Metrics | None:
    """Return the figures of the test samples, which nothing has seen before; None without any."""
    dataset = writer.dataset
    chosen = dataset.split.test
    progress.log(f"Epoch {result.best.number} is kept.")
    if not len(chosen):
        return None
    progress.update(0.95, "Testing")
    logits = predict(network, dataset, chosen, writer.preparation, device, progress)
    confusion = confusion_matrix(dataset.codes(chosen), codes_of(logits), len(dataset.classes))
    metrics = metrics_of(confusion, dataset.classes)
    progress.log(
        f"Held-out test: overall accuracy {metrics.overall_accuracy:.1%}, macro-F1 {metrics.macro_f1:.3f} "
        f"over {len(chosen):,} samples ({dataset.split.method})."
    )
    for line in table_lines(metrics, dataset.classes):
        progress.log(line)
    return metrics
