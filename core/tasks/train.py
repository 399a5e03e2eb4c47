"""Job that trains a model: from samples and a request to the tested model file and its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from ..assessment.confusion_matrix import table_lines
from ..assessment.model_accuracy import EvaluationSet
from ..device import select_device
from ..errors import LandCoverError, RunCancelled, SampleError
from ..inference.compatibility import warn_of_known_faults
from ..inference.value_check import training_survey
from ..locks import writing
from ..models.architecture import Architecture, EnsembleSettings, TrainerSettings
from ..models.card import AccuracyInterval, ModelCard, TrainingPixels, read_card
from ..models.ensemble import save_ensemble
from ..options import AUTO, LOG_MEAN, MEAN, WEIGHTED, parse_resampling
from ..progress import Notes, Progress, Stage
from ..provenance import output_items, provenance, without_secrets
from ..raster.grid import Grid
from ..raster.neighbourhood_windows import parse_windows
from ..raster.stack import BandStack, open_inputs
from ..raster.survey import Survey, survey_raster, warn_of_fill
from ..reporting.sample_map import read_background
from ..reporting.training_page import write_training_report
from ..reporting.training_results import sample_clusters, training_report
from ..requests.train import (
    AUTO_FOLDS,
    AUTO_TIME_LIMIT,
    LabelInputs,
    ResolvedModel,
    ResolvedTraining,
    TrainRequest,
    TrainResult,
    check_request,
)
from ..run_plan import RunPlan, RunTime, begin, is_dry_run, small_file
from ..samples.draw import limits_for
from ..samples.group_split import MIN_TRAINING
from ..samples.records import write_design
from ..samples.samples import Samples, describe_counts, log_samples
from ..samples.split_design import Design, SplitOptions, describe_design, only_used
from ..samples.split_search import design_samples, preferred_design, set_aside
from ..samples.spread import ClassSpread, class_spreads, sample_units
from ..samples.training_pixels import known_samples, record_pixels
from ..samples.usable import read_usable_samples
from ..text import Text, joined
from ..training.applicability import AreaCollector
from ..training.baseline import Baseline, train_baseline
from ..training.calibrate import calibrate
from ..training.cards import CardWriter, training_area
from ..training.channels import Preparation, channels_of_stack
from ..training.checkpointing import Checkpoint
from ..training.combination import combine_files
from ..training.evaluation import Outcome, fit_and_test
from ..training.feeds.base import Dataset
from ..training.time_limit import affordable, shorten
from ..training.trainer import STATE_SUFFIX, Trainer
from .inspectsamples import block_side, training_inspection

# Smallest number of epochs that a time limit may leave a network of an ensemble.
_MIN_EPOCHS = 4


def run(request: TrainRequest, progress: Progress) -> TrainResult:
    """Check the request, train and test the model, and write it.

    During training, ``NAME.checkpoint`` beside the output holds the best model so far. It stays when the run
    ends early.

    Args:
        request: Request to train a model.
        progress: Progress reporter.

    Raises:
        OutputError: The output has another ending, equals an input, cannot be written, or is being written
            by another run.
        ParameterError: A parameter is out of its range.
        RasterError: The raster cannot be read, or has no CRS.
        SampleError: The samples cannot be read, or no model can be trained on them.
        DeviceError: The device cannot be used.
        ModelFileError: A member's file is not a model, or has other channels or classes.
        RunCancelled: The user cancelled; the error names the file of the best model so far.
    """
    resolved = request.resolve()
    check_request(resolved)
    parse_resampling(resolved.inputs.resampling, len(resolved.inputs.extra))
    for file in resolved.model.member_files:
        warn_of_known_faults(read_card(Path(file)), progress)
    with writing(Path(resolved.outputs.model)):
        return train_model(resolved, progress)


def trainer_settings(request: ResolvedTraining, grid: Grid) -> TrainerSettings:
    """Return the settings of the request's trainer.

    Args:
        request: Resolved request to train a model.
        grid: Grid of the training raster; it limits the neighbourhoods of WINDOWS=auto.

    Raises:
        ParameterError: WINDOWS is malformed.
    """
    output, model = Path(request.outputs.model), request.model
    state_file = output.with_name(output.name + STATE_SUFFIX)
    own = TrainerSettings(
        fit=request.fit,
        patch_size=model.patch_size,
        windows=parse_windows(model.windows, grid.height, grid.width),
        state_file=state_file,
        centre=model.centre,
        stem=model.stem,
        attention=model.attention,
        weights=request.start.weights,
        weights_file=request.start.weights_file,
        value_unit=request.start.value_unit,
        device=request.compute.device,
        indices=len(model.indices),
        trees=model.trees,
        min_leaf=model.min_leaf,
    )
    if model.architecture.family != "ensemble":
        return own
    members = tuple(
        replace(
            own,
            fit=member.fit,
            patch_size=member.patch_size,
            centre=member.centre,
            # The members that are trained have the scaling of the first one.
            shares_channels=member.architecture.is_network,
            # Each network has states of its own; without a leading 0, numbers are those of fits.
            state_file=state_file.with_name(f"{state_file.name}-0{number}") if number else state_file,
        )
        for number, member in enumerate(model.members)
    )
    ensemble = EnsembleSettings(members, model.member_files, model.combination, model.snapshots)
    return replace(own, ensemble=ensemble)


def train_model(request: ResolvedTraining, progress: Progress, folds: int | None = None) -> TrainResult:
    """Read the samples, train, test once, and write the model.

    Args:
        request: Resolved and checked request to train a model.
        progress: Progress reporter.
        folds: Number of folds with FOLDS=auto; None takes the architecture's default.

    Raises:
        LandCoverError: The raster, the samples, a parameter, the output or the device is not usable.
    """
    progress = progress if isinstance(progress, Notes) else Notes(progress)
    inputs, outputs = request.inputs, request.outputs
    with open_inputs(
        inputs.raster,
        inputs.extra,
        inputs.resampling,
        Path(outputs.model),
        progress,
        band_names=inputs.band_names,
        bands=request.model.bands,
        band_roles=request.model.band_roles,
        nodata_values=inputs.nodata_values,
    ) as stack:
        settings = trainer_settings(request, stack.grid)
        trainer: Trainer[Any] = request.model.architecture.make_trainer(settings)
        progress.log("Training on {device}.", device=trainer.device)
        reading_stage = Stage(progress, 0.0, 0.1)
        try:
            trainer, samples, design, preparation, pixels, spreads = _design_samples(
                request, settings, stack, trainer, folds, reading_stage
            )
        except _DependentSamples as error:
            if request.model.members:
                raise
            return _combine(request, error, progress)
        survey = survey_raster(stack, preparation.bands, Stage(reading_stage, 0.3, 0.3))
        warn_of_fill(survey, stack, progress)
        dataset = trainer.read(stack, samples, preparation, Stage(reading_stage, 0.3, 1.0))
        instead = _limit_time(request, trainer, dataset, design, folds, progress)
        if instead is not None:
            return train_model(*instead)
        plan = _plan(request, stack.grid, dataset, design)
        begin(plan, progress, (lambda: _expected_time(trainer, dataset, design)) if is_dry_run() else None)
        writer = CardWriter(
            request.model.architecture,
            _recorded_parameters(request, trainer.device),
            request.compute.seed,
            stack.grid,
            stack.nodata,
            dataset,
            design,
            trainer,
            inputs.nodata_values,
            pixels,
            training_area(stack.grid, samples, stack.items),
        )
        outcome, card = _train(request, trainer, writer, stack, survey, Stage(progress, 0.1, 0.85))
        progress.log("The model is complete: {path}.", path=outputs.model)
        baseline = None
        if request.baseline:
            baseline = train_baseline(
                request.model.architecture,
                dataset,
                design,
                trainer.window,
                stack,
                Stage(progress, 0.85, 0.95),
                max_per_class=request.split.max_per_class,
                seed=request.compute.seed,
            )
        if outputs.report:
            roles = request.model.band_roles
            inspection = training_inspection(
                stack,
                dataset,
                request.split.method,
                outcome.tested,
                spreads,
                request.compute.seed,
                outputs.inspect,
                Stage(progress, 0.9, 0.95),
            )
            report = training_report(
                PurePath(outputs.model).name,
                request.model.architecture,
                card,
                samples,
                design,
                trainer.window,
                outcome,
                baseline,
                split=request.split.method,
                background=read_background(stack, roles, samples.rows, samples.columns),
                notes=progress.warnings,
                grid=stack.grid,
                inspection=inspection,
            )
            progress.update(0.95, "Writing the report")
            write_training_report(Path(outputs.report), report, progress)
    return _result(request, outcome, baseline, samples, design)


def _design_samples(
    request: ResolvedTraining,
    settings: TrainerSettings,
    stack: BandStack,
    trainer: Trainer[Any],
    folds: int | None,
    progress: Progress,
) -> tuple[Trainer[Any], Samples, Design, Preparation, TrainingPixels, tuple[ClassSpread, ...]]:
    labels, seed = request.labels, request.compute.seed
    usable = read_usable_samples(
        stack,
        labels.samples,
        labels.raster,
        labels.class_scheme,
        labels.unlabelled,
        trainer.patch_size,
        seed,
        Stage(progress, 0.0, 0.3),
    )
    samples, bands = usable.samples, usable.bands
    samples = _independent(samples, request.model.member_files, stack.grid, trainer.window, progress)
    log_samples(samples, progress)
    preparation = channels_of_stack(
        stack, request.model.band_roles, request.model.indices, bands, usable.values, progress
    )
    trainer, options, design = _preferred_design(request, settings, trainer, samples, bands, folds, progress)
    if request.model.architecture.is_network:
        design = set_aside(samples, design, options.seed)
    if request.outputs.samples and not is_dry_run():
        write_design(Path(request.outputs.samples), samples, design, stack.grid, options)
    used_samples, design = only_used(samples, design, options.limits, options.seed)
    # All samples of which the training ones are drawn, unless the user held some of them out.
    marked = used_samples.subset(design.saved.train) if design.is_named else samples
    pixels = record_pixels(stack.grid, marked.rows, marked.columns)
    progress.log(design.done)
    for caution in design.cautions:
        progress.log(caution, "warning")
    for line in describe_design(used_samples, design):
        progress.log(line)
    spreads: tuple[ClassSpread, ...] = ()
    if request.outputs.report and not is_dry_run():
        units = sample_units(samples, block_side(samples, stack.grid, seed))
        spreads = class_spreads(samples, units, stack.grid)
    return trainer, used_samples, design, preparation, pixels, spreads


def _preferred_design(
    request: ResolvedTraining,
    settings: TrainerSettings,
    widest: Trainer[Any],
    samples: Samples,
    bands: tuple[str, ...],
    folds: int | None,
    progress: Progress,
) -> tuple[Trainer[Any], SplitOptions, Design]:
    """Return the trainer, the split options and the sample design.

    The gap between training and test is the receptive field of the model. Where the samples cannot be split
    as preferred with the widest neighbourhoods, and WINDOWS=auto, the widest neighbourhoods are left out one
    by one until they can.
    """
    for trainer in _narrowing_trainers(request, settings, widest):
        options = _split_options(request, trainer, len(bands), folds)
        design = preferred_design(samples, options)
        if design is not None:
            if trainer is not widest:
                progress.log(
                    "Neighbourhoods are up to {width} pixels wide instead of {widest}: with wider ones, the "
                    "gap "
                    "between training and test would exclude too many samples. Set WINDOWS to change this.",
                    width=max(trainer.windows, default=1),
                    widest=max(widest.windows),
                )
            return trainer, options, design
    options = _split_options(request, widest, len(bands), folds)
    return widest, options, design_samples(samples, options)


def _split_options(
    request: ResolvedTraining, trainer: Trainer[Any], bands: int, folds: int | None
) -> SplitOptions:
    split, entry = request.split, request.model.architecture
    if folds is None:
        # A network takes long, so by default it is trained twice only: for the test, and for the model to
        # save.
        folds = 0 if entry.has_network else AUTO_FOLDS
    return SplitOptions(
        method=split.method,
        window=trainer.window,
        buffer=split.buffer,
        block_size=split.block_size,
        folds=folds if split.folds is None else split.folds,
        is_auto=split.folds is None,
        limits=limits_for(split.max_per_class, trainer.sample_bytes(bands)),
        seed=request.compute.seed,
        needs_validation=entry.is_network,
    )


def _narrowing_trainers(
    request: ResolvedTraining, settings: TrainerSettings, widest: Trainer[Any]
) -> Iterator[Trainer[Any]]:
    """Yield trainers with fewer and fewer neighbourhoods, or none where WINDOWS is not ``auto``.

    Each has a smaller receptive field than the one before: that of an ensemble is at least its networks'.
    """
    if request.model.windows != AUTO:
        return
    yield widest
    smallest = widest.window
    for count in range(len(widest.windows) - 1, -1, -1):
        trainer = request.model.architecture.make_trainer(settings.with_windows(widest.windows[:count]))
        if trainer.window < smallest:
            smallest = trainer.window
            yield trainer


class _DependentSamples(SampleError):
    """Error of samples that the model files of an ensemble were trained on."""


def _independent(
    samples: Samples, files: Sequence[str], grid: Grid, window: int, progress: Progress
) -> Samples:
    """Return the samples that no model file was trained on: others would make the files look better.

    Raises:
        _DependentSamples: Too few samples are left, or a file does not say what it was trained on.
    """
    is_known = np.zeros(len(samples), dtype=np.bool_)
    for file in files:
        record = read_card(Path(file)).training_pixels
        if record is None:
            raise _DependentSamples(
                "The model file does not say which pixels it was trained on",
                where=file,
                advice="Use another model file, or combine model files only, with equal weights.",
            )
        is_known |= known_samples(record, grid, samples, window)
    if not is_known.any():
        return samples
    count, total, left = int(is_known.sum()), len(samples), samples.subset(~is_known)
    if left.counts().min() < MIN_TRAINING:
        raise _DependentSamples(
            "Model files were trained on {count:,} of {total:,} samples or beside them, and of some classes "
            "too few others are left",
            where="MEMBER_FILES",
            advice="Use labels at other places, or combine model files only, with equal weights.",
            count=count,
            total=total,
        )
    progress.log(
        "{count:,} of {total:,} samples are left out, because model files were trained on them or beside "
        "them, or do not tell.",
        "warning",
        count=count,
        total=total,
    )
    return left


def _combine(request: ResolvedTraining, reason: SampleError, progress: Progress) -> TrainResult:
    """Write the ensemble of model files alone, with equal weights and without a test."""
    model, outputs = request.model, request.outputs
    if outputs.report or outputs.samples:
        raise SampleError(
            "{reason}. The ensemble cannot be tested, so there is nothing to report",
            where=reason.where,
            advice="Use labels at other places, or leave REPORT and OUTPUT_SAMPLES empty.",
            reason=reason.what,
        )
    rule = model.combination if model.combination in (LOG_MEAN, MEAN) else MEAN
    progress.log(
        "{reason}. So no weights are learnt and nothing is tested: the members have equal weights, and the "
        "accuracy of the ensemble is not known.",
        "warning",
        reason=reason.what,
    )
    ensemble, card = combine_files([Path(file) for file in model.member_files], rule)
    save_ensemble(Path(outputs.model), ensemble, card, progress)
    progress.log("The model is complete: {path}.", path=outputs.model)
    return TrainResult(outputs.model, None, None, len(card.classes), 0, 0, card.training.split)


def _limit_time(
    request: ResolvedTraining,
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    folds: int | None,
    progress: Progress,
) -> tuple[ResolvedTraining, Progress, int | None] | None:
    """Log the time of the networks, and fit the training into TIME_LIMIT.

    Returns:
        Arguments of ``train_model`` for what is trained instead: an ensemble without its slowest networks, or
        the same model in folds. None where the training goes on, perhaps with fewer epochs.
    """
    entry, own = request.model.architecture, request.compute.time_limit
    limit = own
    if limit is None and entry.members:
        limit = AUTO_TIME_LIMIT if select_device(request.compute.device).type == "cpu" else None
    if limit is None:
        return None
    splits = (*design.splits, *([design.final] if design.final else []))
    times = trainer.network_times(dataset, [len(split.train) for split in splits])
    if not times:
        return None
    seconds = sum(time.seconds for time in times)
    if seconds > 60.0 * limit:
        kept = affordable(entry.members, times, 60.0 * limit, _MIN_EPOCHS, len(request.model.member_files))
        if len(kept) < len(entry.members):
            return _without(request, kept, limit, progress), progress, None
        shorten(trainer, times, limit, progress)
        return None
    progress.log("Training the networks takes about {minutes:.1f} minutes.", minutes=seconds / 60)
    is_open = own is not None and request.split.folds is None and folds is None and not design.is_folded
    if not is_open or design.method == "random" or design.is_named:
        return None
    count = len(design.saved.train)
    for number in range(AUTO_FOLDS, 1, -1):
        counts = [count * (number - 1) // number] * number + [count]
        seconds = sum(time.seconds for time in trainer.network_times(dataset, counts))
        if seconds <= 60.0 * limit:
            progress.log(
                "TIME_LIMIT leaves time for {number} folds instead of one split, about {minutes:.1f} "
                "minutes. FOLDS=0 keeps one split.",
                number=number,
                minutes=seconds / 60,
            )
            return request, progress, number
    return None


def _plan(request: ResolvedTraining, grid: Grid, dataset: Dataset, design: Design) -> RunPlan:
    """Return the plan of a training. The size of a model is not known before it is trained."""
    outputs, samples = request.outputs, dataset.samples
    files = [small_file(path) for path in (outputs.model, outputs.report)]
    details: dict[str, str | int | float | bool | None] = {
        "architecture": request.model.architecture.name,
        "samples": len(samples),
        "samples_per_class": describe_counts(samples.classes, samples.counts()),
        "training_samples": len(design.saved.train),
        "split": design.method,
        "folds": len(design.splits) if design.is_folded else 0,
        "epochs": request.fit.epochs,
    }
    return RunPlan(grid, samples.classes, files, details)


def _expected_time(trainer: Trainer[Any], dataset: Dataset, design: Design) -> RunTime:
    """Return the expected duration of a training, from trial steps of its networks."""
    splits = (*design.splits, *([design.final] if design.final else []))
    times = trainer.network_times(dataset, [len(split.train) for split in splits])
    if not times:
        return RunTime(None, Text("it is not known before the run, because trees have no trial step"))
    return RunTime(
        sum(time.seconds for time in times),
        Text(
            "measured on training steps on this computer; for the networks alone, without trees, baseline "
            "and report, and without an early stop"
        ),
    )


def _without(
    request: ResolvedTraining, entries: Sequence[Architecture], limit: float, progress: Progress
) -> ResolvedTraining:
    """Return the request for the members that are kept, and log which are left out."""
    model = request.model
    kept = [member for member in model.members if member.architecture in entries]
    left_out = [Text(member.title) for member in model.architecture.members if member not in entries]
    progress.log(
        "{left_out} is left out, because TIME_LIMIT ({limit:g} minutes) leaves it fewer than {count} epochs. "
        "{kept} is trained. Use a longer time limit to train all.",
        "warning",
        left_out=joined(left_out, ", "),
        count=_MIN_EPOCHS,
        limit=limit,
        kept=joined([Text(entry.title) for entry in entries], ", "),
    )
    if len(kept) == 1 and not model.member_files:
        # As it is trained alone, with folds and a gap of its own.
        alone = replace(model, architecture=entries[0], members=(), combination=WEIGHTED, snapshots=1)
        return replace(request, model=alone, fit=kept[0].fit_alone)
    snapshots = model.snapshots if any(entry.is_network for entry in entries) else 1
    entry = model.architecture.with_members(tuple(entries))
    return replace(
        request, model=replace(model, architecture=entry, members=tuple(kept), snapshots=snapshots)
    )


def _train(
    request: ResolvedTraining,
    trainer: Trainer[Any],
    writer: CardWriter,
    stack: BandStack,
    survey: Survey,
    progress: Progress,
) -> tuple[Outcome, ModelCard]:
    """Fit, calibrate and test a model, and write it with its document."""
    output, entry, seed = Path(request.outputs.model), request.model.architecture, request.compute.seed
    checkpoint = Checkpoint(output, writer.unfinished, progress)
    dataset, design = writer.dataset, writer.design
    try:
        areas = AreaCollector(design, seed, entry.has_network)
        fitting_stage = Stage(progress, 0.0, 0.95)
        outcome = fit_and_test(trainer, dataset, design, fitting_stage, checkpoint.write, areas.add)
        outcome = calibrate(
            outcome,
            dataset,
            design,
            request.loss_balance,
            is_network=entry.is_network,
            progress=progress,
            seed=seed,
        )
        progress.log(outcome.calibration_note)
        if outcome.limit_note:
            progress.log(outcome.limit_note)
        _log_test(outcome, writer, progress)
        area, limit = areas.result()
        interval = _tested_interval(outcome, dataset.samples, design, trainer.window, seed)
        card = replace(writer.complete(outcome, interval), applicability=limit)
        model, known = outcome.fitted.in_memory(card)
        card = replace(known, survey=training_survey(survey, model, known, stack, progress))
        outcome.fitted.save(output, card, progress, area)
    except RunCancelled as error:
        raise checkpoint.cancelled(error) from error
    except LandCoverError:
        progress.log(checkpoint.note(), "warning")
        raise
    checkpoint.remove()
    return outcome, card


def _tested_interval(
    outcome: Outcome, samples: Samples, design: Design, window: int, seed: int
) -> AccuracyInterval | None:
    """Return the interval of the overall accuracy, which is that of the report; None without one."""
    tested = outcome.tested
    clusters, unit = sample_clusters(samples, design, window)
    if tested is None or clusters is None:
        return None
    evaluation = EvaluationSet(
        samples.codes[tested.indices], clusters[tested.indices], len(samples.classes), seed
    )
    overall = evaluation.accuracy(np.asarray(tested.scores.argmax(axis=1), np.int64)).overall
    if overall.low is None or overall.high is None:
        return None
    return AccuracyInterval(overall.low, overall.high, evaluation.cluster_count, str(unit))


def _recorded_parameters(
    request: ResolvedTraining, device: str
) -> dict[str, str | int | float | bool | None]:
    """Return the parameters that a model file records. Folders of files are not among them."""
    inputs, model, split, fit = request.inputs, request.model, request.split, request.fit
    return {
        "input": inputs.raster.title,
        "extra_inputs": ", ".join(source.title for source in inputs.extra),
        "labels": _label_names(request.labels),
        "device": device,
        "block_size": split.block_size,
        "buffer": split.buffer,
        "folds": AUTO if split.folds is None else split.folds,
        "patch_size": model.patch_size,
        "centre": model.centre is not None,
        "trees": model.trees,
        "min_leaf": model.min_leaf,
        **_recorded_members(model),
        "stem": model.stem,
        "attention": model.attention,
        "epochs": fit.epochs,
        "batch_size": fit.batch_size,
        "learning_rate": fit.learning_rate,
        "weight_decay": fit.weight_decay,
        "clip_norm": fit.clip_norm,
        "patience": fit.patience,
        "max_per_class": split.max_per_class,
        "schedule": fit.schedule,
        "monitor": fit.monitor,
        "loss": fit.loss,
        "label_smoothing": fit.label_smoothing,
        "balance": fit.balance,
        "dropout": fit.dropout,
        "augment": fit.augment,
        "brightness": fit.brightness,
        "edge_mixing": fit.edge_mixing,
        "band_dropout": fit.band_dropout,
        "frozen_epochs": fit.frozen_epochs,
        "fine_tuning": fit.fine_tuning,
        "weights": request.start.weights,
        "value_unit": request.start.value_unit,
        "precision": fit.precision,
        "resampling": inputs.resampling,
        "band_names": inputs.band_names,
    }


def _recorded_members(model: ResolvedModel) -> dict[str, str | int | float | bool | None]:
    if model.architecture.family != "ensemble":
        return {}
    return {
        "members": ", ".join(member.architecture.name for member in model.members),
        "member_files": ", ".join(PurePath(file).name for file in model.member_files),
        "combination": model.combination,
        "snapshots": model.snapshots,
    }


def _label_names(labels: LabelInputs) -> str:
    """Return the names of the user's label files and of their layers, without folders."""
    raster = (without_secrets(str(labels.raster)),) if labels.raster is not None else ()
    files = labels.sources or ((labels.samples,) if labels.samples else ())
    return ", ".join(PurePath(name).name for name in (*files, *raster))


def _result(
    request: ResolvedTraining, outcome: Outcome, baseline: Baseline | None, samples: Samples, design: Design
) -> TrainResult:
    metrics = outcome.tested.metrics if outcome.tested else None
    return TrainResult(
        output=str(Path(request.outputs.model)),
        report=request.outputs.report,
        overall_accuracy=metrics.overall_accuracy if metrics else None,
        macro_f1=metrics.macro_f1 if metrics else None,
        classes=len(samples.classes),
        train_samples=len(design.saved.train),
        test_samples=len(outcome.tested.indices) if outcome.tested else 0,
        split=design.method,
        baseline_overall_accuracy=baseline.metrics.overall_accuracy if baseline else None,
        baseline_macro_f1=baseline.metrics.macro_f1 if baseline else None,
        origin=output_items(provenance({}), INPUT=request.inputs.raster.title)
        if request.outputs.samples
        else {},
    )


def _log_test(outcome: Outcome, writer: CardWriter, progress: Progress) -> None:
    if outcome.tested is None:
        return
    metrics, method = outcome.tested.metrics, writer.design.method
    pooled = Text(", {count} folds pooled", count=len(outcome.folds)) if outcome.folds else ""
    optimistic = Text(", which is optimistic") if method == "random" else ""
    progress.log(
        "Held-out test: overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} "
        "over {count:,} samples ({method}{pooled}{optimistic}), which is not the accuracy of a map.",
        accuracy=metrics.overall_accuracy,
        macro_f1=metrics.macro_f1,
        count=len(outcome.tested.indices),
        method=Text(method),
        pooled=pooled,
        optimistic=optimistic,
    )
    for line in table_lines(metrics, writer.dataset.classes):
        progress.log(line)
