"""Train a model: the job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..arrays import Float32Array
from ..assessment.confusion_matrix import table_lines
from ..classes import shipped_scheme
from ..errors import LandCoverError, RunCancelled
from ..files import check_output, check_report
from ..models.architectures import architecture
from ..models.card import ModelCard
from ..options import parse_resampling
from ..progress import Notes, Progress, Stage
from ..raster.grid import Grid
from ..raster.indices import scale_for_indices, usable_indices
from ..raster.roles import roles_within
from ..raster.stack import BandStack, open_inputs
from ..reporting.training_page import write_training_report
from ..reporting.training_results import training_report
from ..requests.train import TrainRequest, TrainResult, check_request, with_recipe
from ..samples.draw import limits_for
from ..samples.label_sources import read_samples
from ..samples.patch_store import drop_invalid, read_centres
from ..samples.records import write_design
from ..samples.samples import Samples, check_samples, describe_counts
from ..samples.split_design import Design, SplitOptions, describe_design, only_used
from ..samples.split_search import design_samples, preferred_design, set_aside
from ..text import Text
from ..training.applicability import Areas
from ..training.baseline import Baseline, train_baseline
from ..training.calibrate import balance_of, calibrate, is_network
from ..training.cards import CardWriter
from ..training.channels import Preparation
from ..training.checkpointing import Checkpoint
from ..training.evaluation import Outcome, fit_and_test
from ..training.hybrid_trainer import HybridTrainer
from ..training.network_trainer import NetworkTrainer
from ..training.trainer import Trainer
from ..training.tree_trainer import TreeTrainer


def run(request: TrainRequest, progress: Progress) -> TrainResult:
    """Write the trained model.

    While it trains, ``NAME.checkpoint`` beside the output holds the best model so far; it stays
    when the run ends early.

    Raises:
        OutputError: The output has another ending, is one of the inputs, or cannot be written there.
        ParameterError: A parameter is out of its range.
        RasterError: The raster cannot be read, or has no CRS.
        SampleError: The samples cannot be read, or nothing can be learnt from them.
        DeviceError: The device cannot be used.
        RunCancelled: The user cancelled; says where the best model so far is.
    """
    request = with_recipe(request)
    check_output(Path(request.output), (architecture(request.architecture).suffix,))
    if request.report:
        check_report(Path(request.report))
    check_request(request)
    parse_resampling(request.resampling, len(request.extra_inputs))
    # torch and rasterio are imported here, for QGIS imports this module for its request.
    return train_model(request, progress)


def make_trainer(request: TrainRequest, grid: Grid) -> Trainer[Any]:
    """Return the trainer of ``request.architecture``, with the request's settings.

    Args:
        request: What was asked for.
        grid: Of the raster to learn from; how much of it there is to see depends on its size.

    Raises:
        ParameterError: There is no such architecture, or a setting of its own is malformed.
        DeviceError: The device cannot be used.
    """
    request = with_recipe(request)
    chosen = architecture(request.architecture)
    if chosen.network:
        return HybridTrainer(request, grid)
    if chosen.family == "trees":
        return TreeTrainer(request, grid.height, grid.width)
    return NetworkTrainer(request, grid)


def train_model(request: TrainRequest, progress: Progress) -> TrainResult:
    """Read the samples, train, test once, and write the model.

    Raises:
        LandCoverError: See ``core.tasks.train.run``.
    """
    progress = Notes(progress)
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
        trainer = make_trainer(request, stack.grid)
        progress.log("Training on {device}.", device=trainer.device)
        reading = Stage(progress, 0.0, 0.1)
        trainer, samples, design, preparation = _design_samples(request, stack, trainer, reading)
        dataset = trainer.read(stack, samples, preparation, Stage(reading, 0.3, 1.0))
        writer = CardWriter(request, stack.grid, stack.nodata, dataset, design, trainer)
        outcome, card = _train(request, trainer, writer, Stage(progress, 0.1, 0.85))
        progress.log("The model is complete: {path}.", path=request.output)
        baseline = None
        if request.baseline:
            comparing = Stage(progress, 0.85, 0.95)
            baseline = train_baseline(request, dataset, design, trainer.window, stack, comparing)
        if request.report:
            report = training_report(
                request, card, samples, design, trainer.window, outcome, baseline, stack, progress.warnings
            )
            progress.update(0.95, "Writing the report")
            write_training_report(Path(request.report), report, progress)
    return _result(request, outcome, baseline, samples, design)


def _design_samples(
    request: TrainRequest, stack: BandStack, trainer: Trainer[Any], progress: Progress
) -> tuple[Trainer[Any], Samples, Design, Preparation]:
    progress.update(0.0, "Reading the samples")
    scheme = shipped_scheme(request.scheme) if request.scheme else None
    drawn = read_samples(
        request.samples, request.labels, stack.grid, scheme, request.seed, Stage(progress, 0.0, 0.1)
    )
    where = request.samples or str(request.labels)
    check_samples(drawn, where)
    values = read_centres(stack, drawn, Stage(progress, 0.1, 0.3))
    samples, bands = drop_invalid(drawn, values, stack.band_names, progress)
    dropped = len(drawn) - len(samples)
    check_samples(
        samples,
        where,
        Text("{count:,} samples on pixels without valid values were left out", count=dropped),
    )
    progress.log(
        "{count:,} samples: {classes}.",
        count=len(samples),
        classes=describe_counts(samples.classes, samples.counts()),
    )
    preparation = _channels(request, stack, bands, values, progress)
    trainer, options, design = _preferred_design(request, stack, trainer, samples, bands, progress)
    if is_network(request):
        design = set_aside(samples, design, options.seed)
    if request.samples_output:
        write_design(Path(request.samples_output), samples, design, stack.grid, options)
    used, design = only_used(samples, design, options.limits, options.seed)
    progress.log(design.done)
    for caution in design.cautions:
        progress.log(caution, "warning")
    for line in describe_design(used, design):
        progress.log(line)
    return trainer, used, design, preparation


def _preferred_design(
    request: TrainRequest,
    stack: BandStack,
    widest: Trainer[Any],
    samples: Samples,
    bands: tuple[str, ...],
    progress: Progress,
) -> tuple[Trainer[Any], SplitOptions, Design]:
    """Return the sample design, and the trainer whose neighbourhoods it was made for.

    Training and test lie as far apart as a model looks. Where the samples cannot be split as preferred
    with the widest neighbourhoods, open ones (WINDOWS=auto) become narrower until they can.
    """
    for trainer in _ever_narrower(request, widest, stack.grid):
        options = _split_options(request, trainer, len(bands))
        design = preferred_design(samples, options)
        if design is not None:
            if trainer is not widest:
                progress.log(
                    "Neighbourhoods are up to {width} pixels wide, not {widest}: with those, the "
                    "gap between training and test would take too many samples. WINDOWS chooses others.",
                    width=max(trainer.windows, default=1),
                    widest=max(widest.windows),
                )
            return trainer, options, design
    options = _split_options(request, widest, len(bands))
    return widest, options, design_samples(samples, options)


def _split_options(request: TrainRequest, trainer: Trainer[Any], bands: int) -> SplitOptions:
    return SplitOptions(
        method=request.split,
        window=trainer.window,
        buffer=request.buffer,
        block_size=request.block_size,
        folds=request.folds,
        limits=limits_for(request.max_per_class, trainer.sample_bytes(bands)),
        seed=request.seed,
        needs_validation=is_network(request),
    )


def _ever_narrower(request: TrainRequest, widest: Trainer[Any], grid: Grid) -> Iterator[Trainer[Any]]:
    """Yield such that look at ever less around a pixel, the widest first; none where WINDOWS is given."""
    if request.windows == "auto":
        yield widest
        for count in range(len(widest.windows) - 1, -1, -1):
            narrower = ",".join(map(str, widest.windows[:count]))
            yield make_trainer(replace(request, windows=narrower), grid)


def _channels(
    request: TrainRequest,
    stack: BandStack,
    bands: tuple[str, ...],
    values: Float32Array,
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
) -> tuple[Outcome, ModelCard]:
    """Fit, calibrate and test; write the model."""
    output = Path(request.output)
    checkpoint = Checkpoint(output, writer.unfinished, progress)
    dataset, design = writer.dataset, writer.design
    try:
        areas = Areas(design, request.seed, architecture(request.architecture).has_network)
        fitting = Stage(progress, 0.0, 0.95)
        outcome = fit_and_test(trainer, dataset, design, fitting, checkpoint.keep, areas.look)
        outcome = calibrate(
            outcome,
            dataset,
            design,
            balance_of(request),
            is_network=is_network(request),
            progress=progress,
            seed=request.seed,
        )
        progress.log(outcome.calibration_words)
        if outcome.limit_words:
            progress.log(outcome.limit_words)
        _log_test(outcome, writer, progress)
        area, limit = areas.result()
        card = replace(writer.complete(outcome), applicability=limit)
        outcome.fitted.save(output, card, progress, area)
    except RunCancelled as error:
        raise checkpoint.cancelled(error) from error
    except LandCoverError:
        progress.log(checkpoint.sentence(), "warning")
        raise
    checkpoint.remove()
    return outcome, card


def _result(
    request: TrainRequest, outcome: Outcome, baseline: Baseline | None, samples: Samples, design: Design
) -> TrainResult:
    metrics = outcome.tested.metrics if outcome.tested else None
    return TrainResult(
        output=str(Path(request.output)),
        report=request.report,
        overall_accuracy=metrics.overall_accuracy if metrics else None,
        macro_f1=metrics.macro_f1 if metrics else None,
        classes=len(samples.classes),
        train_samples=len(design.saved.train),
        test_samples=len(outcome.tested.chosen) if outcome.tested else 0,
        split=design.method,
        baseline_overall_accuracy=baseline.metrics.overall_accuracy if baseline else None,
        baseline_macro_f1=baseline.metrics.macro_f1 if baseline else None,
    )


def _log_test(outcome: Outcome, writer: CardWriter, progress: Progress) -> None:
    if outcome.tested is None:
        return
    metrics, method = outcome.tested.metrics, writer.design.method
    pooled = Text(", {count} folds together", count=len(outcome.folds)) if outcome.folds else ""
    optimistic = Text(", which is optimistic") if method == "random" else ""
    progress.log(
        "Held-out test: overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} "
        "over {count:,} samples ({method}{pooled}{optimistic}).",
        accuracy=metrics.overall_accuracy,
        macro_f1=metrics.macro_f1,
        count=len(outcome.tested.chosen),
        method=method,
        pooled=pooled,
        optimistic=optimistic,
    )
    for line in table_lines(metrics, writer.dataset.classes):
        progress.log(line)
