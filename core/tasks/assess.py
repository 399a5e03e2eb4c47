"""Job that assesses the accuracy of a map against reference points, polygons or a raster."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ..assessment.accuracy_maps import write_local_accuracy
from ..assessment.assess import AssessedMap, AssessmentOptions, assess_points, assess_raster
from ..assessment.compare import ComparedMaps, MapsSideBySide
from ..progress import Progress, Stage
from ..provenance import provenance, write_table_record
from ..raster.class_raster import agree_on_values, change_notes, open_class_raster
from ..reporting.assessment_page import stamp, write_accuracy_report, write_accuracy_table
from ..requests.assess import AssessRequest, AssessResult, check_outputs
from ..samples.training_pixels import large_overlaps
from ..text import Text

Assessed = TypeVar("Assessed", AssessedMap, ComparedMaps, MapsSideBySide)
SKIPPED = "features of the reference without a class or a geometry, or of the training"


def run(request: AssessRequest, progress: Progress) -> AssessResult:
    """Assess the map, write the requested files, and log the figures.

    Args:
        request: Request to assess a map.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: The sampling design is malformed.
        RasterError: A raster cannot be read, or has no CRS.
        SampleError: No reference unit lies in the map, or the reference does not match its sampling design.
        RunCancelled: The user cancelled.
    """
    check_outputs(request)

    options = AssessmentOptions(
        request.design,
        request.strata_areas,
        request.kappa,
        request.block_size,
        request.sample,
        request.unlabelled,
    )
    stage = Stage(progress, 0.0, 0.8)
    with open_class_raster(request.input, progress) as raster:
        if request.raster is not None:
            with open_class_raster(request.raster, progress, raster.grid) as reference:
                agree_on_values([raster, reference], progress)
                assessed, blocks = assess_raster(raster, reference, options, stage)
        else:
            assessed, blocks = assess_points(
                raster, Path(request.features or ""), request.name, options, stage
            )
        if request.local_accuracy:
            write_local_accuracy(
                Path(request.local_accuracy), blocks, assessed.classes, raster.grid, progress
            )
        checksums, changes = (raster.checksum(progress),), change_notes([raster], progress)
    assessed = completed(assessed, request.skipped, request.parameters, checksums, changes, progress)
    if request.table:
        write_accuracy_table(Path(request.table), assessed, progress)
        write_table_record(Path(request.table), assessed.provenance, progress)
    if request.report:
        progress.update(0.9, "Writing the report")
        write_accuracy_report(Path(request.report), assessed, progress)
    overall = assessed.accuracy.overall
    return AssessResult(
        overall.value, overall.half_width, request.table, request.local_accuracy, request.report
    )


def completed(
    assessed: Assessed,
    skipped: int,
    parameters: dict[str, str | int | float | bool | None],
    checksums: tuple[str, ...],
    changes: tuple[Text, ...],
    progress: Progress,
) -> Assessed:
    """Return an assessment with the details of its run, after logging its figures and cautions.

    Args:
        assessed: Assessment or comparison of maps.
        skipped: Number of features of the reference that were left out before the assessment.
        parameters: Parameters of the run by name.
        checksums: Checksum of the pixels of each map.
        changes: Sentences on maps that were changed after their classification.
        progress: Progress reporter.
    """
    versions, created = stamp()
    assessed = replace(assessed, cautions=(*assessed.cautions, *changes))
    left_out = {**assessed.left_out, **({SKIPPED: skipped} if skipped else {})}
    # Before the figures, which mean little then.
    too_high: tuple[Text, ...] = ()
    if not isinstance(assessed, MapsSideBySide):
        too_high = large_overlaps(assessed.overlaps, assessed.unit_name)
    for warning in too_high:
        progress.log(warning, "warning")
    for line in assessed.lines():
        progress.log(line)
    for caution in assessed.cautions[len(too_high) :]:
        progress.log(caution, "warning")
    for units, count in left_out.items():
        progress.log("Not compared: {units}: {count:,}.", "warning", units=Text(units), count=count)
    return replace(
        assessed,
        left_out=left_out,
        parameters=parameters,
        versions=versions,
        created=created,
        provenance=provenance(parameters, versions),
        checksums=checksums,
    )
