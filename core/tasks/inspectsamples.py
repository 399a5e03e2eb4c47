"""Job that inspects samples: are they fit to train on?

The records of suspicious labels have one JSON object per line, the most suspicious first: ``{"x": 500010.0,
"y": 9799990.0, "rank": 1, "value": 3, "name": "Rice", "proposed": 2, "proposed_name": "Grass", "probability":
0.08, "proposed_probability": 0.81, "samples": 120, "checked": null}``. ``x`` and ``y`` are the centre of the
pixel of the polygon that is nearest to the polygon's centre, in the raster's CRS; ``probability`` is the mean
out-of-fold probability of the given class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from scipy.special import softmax

from ..arrays import Float32Array, Float64Array, Int64Array
from ..assessment.bootstrap import (
    bootstrap_estimate,
    bootstrap_estimates,
    clusters_with,
    count_by_cluster,
    resampled_margins,
    total_matrix,
)
from ..assessment.confusion_matrix import table_lines
from ..classes import class_label
from ..errors import SampleError
from ..files import write_points
from ..options import parse_resampling
from ..progress import Notes, Progress, Stage
from ..provenance import output_items, provenance
from ..raster.grid import Grid
from ..raster.stack import BandStack, open_inputs
from ..reporting.assessment_page import stamp
from ..reporting.inspection_content import (
    InspectionContent,
    LabelCheck,
    SampleInspection,
    channel_importance,
    suspect_labels,
)
from ..reporting.inspection_page import write_inspection_report
from ..requests.inspectsamples import GROUPINGS, InspectRequest, InspectResult, check_request
from ..samples.decorrelation import decorrelation_range
from ..samples.group_split import blocks_of, blocks_of_near_points, count_by_group
from ..samples.patch_store import read_centres
from ..samples.samples import NO_GROUP, Samples, log_samples
from ..samples.separability import class_curves, jeffries_matusita
from ..samples.spread import ClassSpread, balanced_draw, class_spreads, sample_units, unit_places
from ..samples.usable import read_usable_samples
from ..text import Text
from ..training.channels import channels_of_stack, filled, pixel_channels
from ..training.evaluation import Tested
from ..training.feeds.base import Dataset
from ..training.importance import PermutationImportance, correlated_groups
from ..training.learning_curve import learning_curve
from ..training.suspects import HeldOutScores, Suspects, grouped_folds, held_out_scores, rank_units

FOLDS = 5
REPEATS = 3
MAX_DRAWN = 1000
"""Numbers of folds, of divisions into folds from which out-of-fold probabilities are averaged, and of samples
of a class that the report of a training draws."""
# Side of the smallest automatic block, and distance within which points are not independent, in pixels.
_MIN_SIDE = 10
# Blocks along a side of the raster, at least.
_MIN_BLOCKS = 6


@dataclass(frozen=True, eq=False)
class Inspected:
    """Samples with their values and units.

    Attributes:
        samples: All usable samples.
        channels: Bands, then indices, of each sample, shape (N, channels); NaN where undefined.
        names: Names of the channels.
        bands: Number of bands among them.
        units: Polygon, point or block of one class of each sample, int64, shape (N,).
        groups: Group of each sample that is held out as a whole, int64, shape (N,).
        unit_name: Kind of the units, in the singular.
        group_name: Kind of the groups, in the singular.
    """

    samples: Samples
    channels: Float32Array
    names: tuple[str, ...]
    bands: int
    units: Int64Array
    groups: Int64Array
    unit_name: str
    group_name: str

    def subset(self, chosen: Int64Array) -> Inspected:
        """Return some of the samples, by index (M,)."""
        return Inspected(
            self.samples.subset(chosen),
            self.channels[chosen],
            self.names,
            self.bands,
            self.units[chosen],
            self.groups[chosen],
            self.unit_name,
            self.group_name,
        )


def run(request: InspectRequest, progress: Progress) -> InspectResult:
    """Inspect the samples, and write the suspicious labels and the report.

    Args:
        request: Request to inspect samples.
        progress: Progress reporter.

    Raises:
        OutputError: The report cannot be written.
        ParameterError: A parameter is out of its range.
        RasterError: A raster cannot be read, or has no CRS.
        SampleError: The samples cannot be read, or there are fewer than two classes.
        RunCancelled: The user cancelled.
    """
    check_request(request)
    inputs, notes = request.inputs, Notes(progress)
    parse_resampling(inputs.resampling, len(inputs.extra))
    with open_inputs(
        inputs.raster,
        inputs.extra,
        inputs.resampling,
        Path(request.report or request.suspects or ""),
        notes,
        band_names=inputs.band_names,
        bands=request.bands,
        band_roles=request.band_roles,
        nodata_values=inputs.nodata_values,
    ) as stack:
        everything = _read(request, stack, Stage(notes, 0.0, 0.2))
        grid = stack.grid
    content, suspects, used = _inspect(request, everything, grid, notes)
    for line in content.lines():
        progress.log(line)
    if content.check is not None:
        for line in table_lines(content.check.matrix.metrics(content.found.classes), content.found.classes):
            progress.log(line)
    for caution in content.cautions:
        # Those that were logged before are not repeated.
        notes.log(caution, "warning")
    if request.suspects:
        write_points(Path(request.suspects), _records(suspects, used, grid))
    if request.report:
        progress.update(0.95, "Writing the report")
        write_inspection_report(Path(request.report), content, progress)
    origin = output_items(provenance({}), INPUT=inputs.raster.title)
    accuracy = content.check.overall_accuracy.value if content.check is not None else None
    return InspectResult(
        request.report,
        len(suspects.units),
        len(np.unique(everything.units)),
        accuracy,
        content.found.classes,
        origin,
    )


def _read(request: InspectRequest, stack: BandStack, progress: Progress) -> Inspected:
    """Return all usable samples with their channels, units and groups."""
    labels, seed = request.labels, request.seed
    usable = read_usable_samples(
        stack,
        labels.samples,
        labels.raster,
        labels.class_scheme,
        labels.unlabelled,
        1,
        seed,
        progress,
    )
    samples, bands, values = usable.samples, usable.bands, usable.values
    log_samples(samples, progress)
    preparation = channels_of_stack(stack, request.band_roles, request.indices, bands, values, progress)
    columns = [stack.band_names.index(name) for name in bands]
    channels = pixel_channels(np.ascontiguousarray(values[:, columns]), preparation)
    side = request.block_size or block_side(samples, stack.grid, seed)
    groups, group_name = sample_groups(samples, request.method, side)
    return Inspected(
        samples,
        channels,
        preparation.channels,
        len(bands),
        sample_units(samples, side),
        groups,
        kind_of_units(samples),
        group_name,
    )


def block_side(samples: Samples, grid: Grid, seed: int) -> int:
    """Return the side of a block in pixels: the distance over which labels are correlated, if it is small."""
    largest = max(grid.height, grid.width) // _MIN_BLOCKS
    return max(_MIN_SIDE, min(round(decorrelation_range(samples, seed) or largest), largest))


def kind_of_units(samples: Samples) -> str:
    """Return the kind of the units of samples, in the singular."""
    if not samples.has_groups:
        return "block"
    return "polygon" if samples.has_areas else "point"


def sample_groups(samples: Samples, method: str, side: int) -> tuple[Int64Array, str]:
    """Return the group of each sample that is held out as a whole, and the kind of the groups.

    Args:
        samples: Labelled samples.
        method: ``polygons``, ``blocks``, ``field`` or ``auto``: the split field where there is one, else
            polygons, else single points where few have another one nearby, else blocks.
        side: Side of a block, in pixels.

    Raises:
        SampleError: The samples have no polygons, or no split field.
    """
    if method == "field" or (method == "auto" and samples.field_codes is not None):
        if samples.field_codes is None:
            raise SampleError(
                "The samples have no split field",
                where="SPLIT_FIELD",
                advice="Choose the field of the sample layer, or another SPLIT.",
            )
        # Samples without a value keep their polygon.
        alone = -2 - np.where(samples.groups == NO_GROUP, blocks_of(samples, side), samples.groups)
        return np.where(samples.field_codes < 0, alone, samples.field_codes), "group"
    if method == "polygons" and not samples.has_groups:
        raise SampleError(
            "The labels are a raster, which has no polygons",
            where="SPLIT",
            advice="Choose blocks, or auto.",
        )
    if method == "polygons" or (method == "auto" and samples.has_areas):
        return samples.groups, "polygon" if samples.has_areas else "point"
    if method == "auto" and samples.has_groups:
        near = blocks_of_near_points(samples, _MIN_SIDE)
        return (samples.groups, "point") if near is None else (near, "block")
    return blocks_of(samples, side), "block"


@dataclass(frozen=True, eq=False)
class JudgedLabels:
    """Labels as out-of-fold models see them.

    Attributes:
        scores: Out-of-fold probabilities of the samples.
        suspects: Units, the most suspicious first; also those whose label is not in doubt.
        folds: Fold that holds each sample out in the first repetition, int64, shape (N,).
    """

    scores: HeldOutScores
    suspects: Suspects
    folds: Int64Array


def judge_labels(
    samples: Samples,
    channels: Float32Array,
    groups: Int64Array,
    units: Int64Array,
    seed: int,
    progress: Progress,
    visit: Callable[[Any, Int64Array], None] | None = None,
) -> JudgedLabels:
    """Judge the labels of samples by models that were grown without their group.

    Args:
        samples: Labelled samples.
        channels: Finite values of the channels, shape (N, channels).
        groups: Group of each sample that is held out as a whole, int64, shape (N,).
        units: Unit of each sample that is judged as a whole, int64, shape (N,).
        seed: Seed of the folds and of the trees.
        progress: Progress reporter.
        visit: See ``held_out_scores``.
    """
    classes = len(samples.classes)
    folds = grouped_folds(samples.codes, groups, classes, FOLDS, REPEATS, seed)
    scores = held_out_scores(channels, samples.codes, folds, classes, seed, progress, visit=visit)
    return JudgedLabels(scores, rank_units(scores.probabilities, samples.codes, units), folds[0])


@dataclass(frozen=True, eq=False)
class InspectedLabels:
    """Labels that were judged, and what was found about all samples.

    Attributes:
        found: Content of the report.
        judged: Labels as out-of-fold models see them.
        listed: Units to check.
    """

    found: SampleInspection
    judged: JudgedLabels
    listed: Suspects


def inspect_labels(
    used: Inspected,
    spreads: tuple[ClassSpread, ...],
    count: int,
    seed: int,
    is_full: bool,
    progress: Progress,
) -> InspectedLabels:
    """Judge the labels by 15 models of trees and, in full, measure importance and learning curve.

    The learning curve grows 65 smaller models, which takes most of the time.

    Args:
        used: Samples that were drawn.
        spreads: Number and spread of all samples of each class.
        count: Maximum number of units to list; 0 lists all that are in doubt.
        seed: Seed of all random numbers.
        is_full: Whether importance and learning curve are measured.
        progress: Progress reporter.
    """
    codes, channels = used.samples.codes, filled(used.channels)
    importance = (
        PermutationImportance(channels, codes, correlated_groups(channels), seed) if is_full else None
    )
    judged = judge_labels(
        used.samples,
        channels,
        used.groups,
        used.units,
        seed,
        Stage(progress, 0.0, 0.47 if is_full else 1.0),
        importance.add if importance is not None else None,
    )
    found = describe_samples(used, spreads, judged.suspects, count)
    if importance is not None:
        curve = learning_curve(channels, codes, used.groups, judged.folds, seed, Stage(progress, 0.47, 1.0))
        measured = channel_importance(importance, used.groups, used.names)
        found = replace(found, importance=measured, curve=curve)
    return InspectedLabels(found, judged, _to_check(judged.suspects, count))


def describe_samples(
    used: Inspected, spreads: tuple[ClassSpread, ...], suspects: Suspects, count: int = 0
) -> SampleInspection:
    """Return curves and distances of the classes with the labels to check; no model is grown.

    Args:
        used: Samples that were drawn.
        spreads: Number and spread of all samples of each class.
        suspects: Units, the most suspicious first; also those whose label is not in doubt.
        count: Maximum number of units to list; 0 lists all that are in doubt.
    """
    codes, classes = used.samples.codes, used.samples.classes
    bands = filled(used.channels)[:, : used.bands]
    distances, shrinkage = jeffries_matusita(bands, codes, len(classes))
    return SampleInspection(
        classes=classes,
        channels=used.names,
        bands=used.bands,
        unit_name=used.unit_name,
        cluster_name=used.group_name,
        spreads=spreads,
        curves=class_curves(used.channels, codes, len(classes)),
        distances=tuple(tuple(row) for row in distances.tolist()),
        shrinkage=shrinkage,
        judged=len(suspects.units),
        doubtful=int(np.count_nonzero(suspects.are_doubtful)),
        suspects=suspect_labels(_to_check(suspects, count), classes),
    )


def training_inspection(
    stack: BandStack,
    dataset: Dataset,
    split: str,
    tested: Tested | None,
    spreads: tuple[ClassSpread, ...],
    seed: int,
    is_full: bool,
    progress: Progress,
) -> SampleInspection:
    """Return what is found about the samples of a training, for its report.

    Curves and distances take a second reading of at most ``MAX_DRAWN`` samples of a class. The labels are
    judged by the tested models, or, in a full inspection, by models of trees that are grown for that.

    Args:
        stack: Open raster.
        dataset: Samples and channels of the training.
        split: Requested split method.
        tested: Predictions for the test samples; None without a test.
        spreads: Number and spread of all labels of each class.
        seed: Seed of all random numbers.
        is_full: Whether importance and learning curve are measured.
        progress: Progress reporter.
    """
    samples, side = dataset.samples, block_side(dataset.samples, stack.grid, seed)
    groups, group_name = sample_groups(samples, split if split in GROUPINGS else "auto", side)
    units = sample_units(samples, side)
    chosen = balanced_draw(samples, units, MAX_DRAWN, seed)
    preparation = replace(dataset.preparation, scaling=None, limits=())
    columns = [stack.band_names.index(name) for name in preparation.bands]
    values = read_centres(stack, samples.subset(chosen), Stage(progress, 0.0, 0.2))[:, columns]
    drawn = Inspected(
        samples.subset(chosen),
        pixel_channels(np.ascontiguousarray(values), preparation),
        preparation.channels,
        len(preparation.bands),
        units[chosen],
        groups[chosen],
        kind_of_units(samples),
        group_name,
    )
    if is_full:
        return inspect_labels(drawn, spreads, 0, seed, True, Stage(progress, 0.2, 1.0)).found
    probabilities = np.full((len(samples), len(samples.classes)), np.nan, dtype=np.float32)
    if tested is not None:
        probabilities[tested.indices] = softmax(tested.scores, axis=1)
    return describe_samples(drawn, spreads, rank_units(probabilities, samples.codes, units))


def _to_check(suspects: Suspects, count: int) -> Suspects:
    """Return the units whose label is in doubt, at most so many; 0 for all."""
    doubtful = suspects.subset(suspects.are_doubtful)
    return doubtful.subset(np.arange(min(len(doubtful.units), count or len(doubtful.units))))


def _inspect(
    request: InspectRequest, everything: Inspected, grid: Grid, progress: Notes
) -> tuple[InspectionContent, Suspects, Inspected]:
    """Return the content of the report, the labels to check, and the samples that were drawn."""
    samples, seed = everything.samples, request.seed
    spreads = class_spreads(samples, everything.units, grid)
    chosen = balanced_draw(samples, everything.units, request.max_per_class or len(samples), seed)
    used = everything.subset(chosen)
    if len(chosen) < len(samples):
        progress.log(
            "{count:,} of {total:,} samples are used, of each {unit} of a class as many as of the others.",
            count=len(chosen),
            total=len(samples),
            unit=Text(used.unit_name),
        )
    result = inspect_labels(
        used, spreads, request.count, seed, bool(request.report), Stage(progress, 0.2, 0.95)
    )
    versions, created = stamp()
    content = InspectionContent(
        raster=request.inputs.raster.title,
        labels=_label_names(request),
        found=result.found,
        samples=len(samples),
        used=len(chosen),
        units=len(np.unique(everything.units)),
        clusters=len(np.unique(used.groups)),
        check=_label_check(used, result.judged.scores, seed),
        cautions=(*progress.warnings, *_cautions(used)),
        parameters=request.parameters,
        versions=versions,
        created=created,
        provenance=provenance(request.parameters, versions),
    )
    return content, result.listed, used


def _label_names(request: InspectRequest) -> str:
    """Return the names of the user's layers of labels, without folders."""
    raster = request.labels.raster
    names = [PurePath(name).name for name in request.labels.sources]
    return ", ".join([*names, *([raster.title] if raster is not None else [])])


def _label_check(used: Inspected, scores: HeldOutScores, seed: int) -> LabelCheck | None:
    """Return the confusion of the held-out samples with intervals; None where none was held out."""
    known, classes = np.flatnonzero(scores.is_known), len(used.samples.classes)
    if not len(known):
        return None
    counts = count_by_cluster(used.samples.codes[known], scores.predicted[known], used.groups[known], classes)
    matrix = total_matrix(counts, classes)
    (margins,) = resampled_margins([counts], classes, seed)
    referenced, _ = clusters_with(counts, classes)
    return LabelCheck(
        matrix,
        bootstrap_estimate(matrix.overall_accuracy, margins.overall_accuracy, counts.shape[0]),
        bootstrap_estimates(matrix.f1, margins.f1, referenced),
    )


def _cautions(used: Inspected) -> Iterator[str]:
    """Yield warnings about classes that could not be held out."""
    _, counts = count_by_group(used.groups, used.samples.codes, len(used.samples.classes))
    for item, number in zip(used.samples.classes, (counts > 0).sum(axis=0).tolist(), strict=True):
        if number < 2:
            yield Text(
                "Class {label} has only one {unit}, which cannot be held out: its labels are not checked. "
                "Add more.",
                label=class_label(item),
                unit=Text(used.group_name),
            )
        elif number < 3:
            yield Text(
                "Class {label} has only two {unit}s: when one is held out, a single one represents the "
                "class.",
                label=class_label(item),
                unit=Text(used.group_name),
            )


def _records(suspects: Suspects, used: Inspected, grid: Grid) -> Iterator[dict[str, Any]]:
    """Yield the records of the labels to check, with the pixel nearest to the centre of each."""
    places: Float64Array = unit_places(used.samples, used.units, suspects.units).astype(np.float64) + 0.5
    x, y = grid.position(places[:, 0], places[:, 1])
    for number, row in enumerate(suspect_labels(suspects, used.samples.classes)):
        yield {
            "x": float(x[number]),
            "y": float(y[number]),
            "rank": row.rank,
            "value": row.given.value,
            "name": row.given.name,
            "proposed": row.proposed.value,
            "proposed_name": row.proposed.name,
            "probability": round(row.probability, 4),
            "proposed_probability": round(row.proposed_probability, 4),
            "samples": row.samples,
            "checked": None,
        }
