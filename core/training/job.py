"""A whole training: from the request to the model file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..assessment.accuracy import confusion_matrix, metrics_of, table_lines
from ..classes import shipped_scheme
from ..errors import LandCoverError, RunCancelled
from ..models.card import Metrics
from ..progress import Progress
from ..raster.features import scale_for_indices, usable_indices
from ..raster.roles import roles_within
from ..raster.stack import BandStack, open_inputs
from ..samples.centres import FloatArray, drop_invalid, read_centres
from ..samples.draw import draw
from ..samples.label_raster import samples_from_raster
from ..samples.labels import samples_from_features
from ..samples.samples import Samples, check_samples, describe_counts
from ..samples.split import Split, describe_split, split_samples
from ..tasks.train import TrainRequest, TrainResult
from .cards import CardWriter
from .checkpoint import Checkpoint
from .dataset import only_used
from .preparation import Preparation
from .stage import Stage
from .trainer import Fitted, Trainer, codes_of
from .trainers import make_trainer


def train_model(request: TrainRequest, progress: Progress) -> TrainResult:
    """Read the samples, train, test once, and write the model.

    Raises:
        LandCoverError: See ``core.tasks.train.run``.
    """
    trainer = make_trainer(request)
    progress.log(f"Training on {trainer.device}.")
    output = Path(request.output)
    with open_inputs(
        request.input,
        request.extra_inputs,
        request.resampling,
        output,
        progress,
        band_names=request.band_names,
        bands=request.bands,
    ) as stack:
        reading = Stage(progress, 0.0, 0.1)
        samples, split, preparation = _split_samples(request, stack, trainer, reading)
        dataset = trainer.read(stack, samples, preparation, Stage(reading, 0.3, 1.0))
        writer = CardWriter(request, stack.grid, stack.nodata, dataset, split, trainer.device)
        return _train(request, trainer, writer, progress)


def _split_samples(
    request: TrainRequest, stack: BandStack, trainer: Trainer[Any], progress: Progress
) -> tuple[Samples, Split, Preparation]:
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
    split = split_samples(samples, request.split, trainer.window, request.block_size, request.seed)
    used, split = only_used(
        samples,
        draw(samples, split, request.max_per_class, trainer.sample_bytes(len(bands)), request.seed),
    )
    progress.log(split.done)
    for caution in split.cautions:
        progress.log(caution, "warning")
    for line in describe_split(used, split):
        progress.log(line)
    return used, split, preparation


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
    roles = roles_within(stack.roles(request.band_roles), bands)
    indices = usable_indices(request.indices, roles, progress)
    scale = 1.0
    if indices:
        optical = [number for number, band in enumerate(stack.band_names) if band in roles.values()]
        scale = scale_for_indices(indices, values[:, optical], progress)
    return Preparation(bands, indices, roles, scale, stack.all_bands)


def _train(
    request: TrainRequest, trainer: Trainer[Any], writer: CardWriter, progress: Progress
) -> TrainResult:
    output = Path(request.output)
    checkpoint = Checkpoint(output, writer.card, progress)
    split = writer.split
    try:
        fitted = trainer.fit(writer.dataset, split, Stage(progress, 0.1, 0.95), checkpoint.keep)
        metrics = _tested(fitted, writer, progress)
        fitted.save(output, writer.card(fitted, metrics), progress)
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
        classes=len(writer.dataset.classes),
        train_samples=len(split.train),
        test_samples=len(split.test),
        split=split.method,
    )


def _tested(fitted: Fitted, writer: CardWriter, progress: Progress) -> Metrics | None:
    """Return the figures of the test samples, which nothing has seen before; None without any."""
    dataset, split = writer.dataset, writer.split
    if fitted.best:
        progress.log(f"Epoch {fitted.best.number} is kept.")
    if not len(split.test):
        return None
    progress.update(0.95, "Testing")
    predicted = codes_of(fitted.logits(split.test, progress))
    confusion = confusion_matrix(dataset.codes(split.test), predicted, len(dataset.classes))
    metrics = metrics_of(confusion, dataset.classes)
    progress.log(
        f"Held-out test: overall accuracy {metrics.overall_accuracy:.1%}, macro-F1 {metrics.macro_f1:.3f} "
        f"over {len(split.test):,} samples ({split.method})."
    )
    for line in table_lines(metrics, dataset.classes):
        progress.log(line)
    return metrics
