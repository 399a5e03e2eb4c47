"""Assess a map: the job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ..assessment.accuracy_maps import write_local_accuracy
from ..assessment.assess import AssessedMap, AssessmentOptions, assess_points, assess_raster
from ..assessment.compare import ComparedMaps
from ..progress import Progress, Stage
from ..raster.class_raster import open_class_raster
from ..reporting.assessment_page import stamp, write_accuracy_report, write_accuracy_table
from ..requests.assess import AssessRequest, AssessResult, check_outputs
from ..text import Text

Found = TypeVar("Found", AssessedMap, ComparedMaps)
_SKIPPED = "features of the reference without a class or a geometry, or of the training"


def run(request: AssessRequest, progress: Progress) -> AssessResult:
    """Assess the map.

    Raises:
        OutputError: An output has another ending, is an input, or cannot be written.
        ParameterError: The design cannot be understood.
        RasterError: A raster cannot be read, or has no place.
        SampleError: Nothing can be compared, or the reference does not fit its design.
        RunCancelled: The user cancelled.
    """
    check_outputs(request)

    options = AssessmentOptions(request.design, request.strata_areas, request.kappa, request.block_size)
    reading = Stage(progress, 0.0, 0.8)
    with open_class_raster(request.input, progress) as raster:
        if request.raster is not None:
            with open_class_raster(request.raster, progress, raster.grid) as reference:
                found, blocks = assess_raster(raster, reference, options, reading)
        else:
            found, blocks = assess_points(
                raster, Path(request.features or ""), request.name, options, reading
            )
        if request.local_accuracy:
            write_local_accuracy(Path(request.local_accuracy), blocks, found.classes, raster.grid, progress)
    found = completed(found, request.skipped, request.parameters, progress)
    if request.table:
        write_accuracy_table(Path(request.table), found, progress)
    if request.report:
        progress.update(0.9, "Writing the report")
        write_accuracy_report(Path(request.report), found, progress)
    overall = found.accuracy.overall
    return AssessResult(
        overall.value, overall.half_width, request.table, request.local_accuracy, request.report
    )


def completed(
    found: Found, skipped: int, parameters: dict[str, str | int | float | bool | None], progress: Progress
) -> Found:
    """Return what was found with what is known of the run, and write it into the log.

    Args:
        found: By map and reference alone.
        skipped: Features of the reference that were never read.
        parameters: Of the run.
        progress: Gets the figures, what to be careful about, and what was not compared.
    """

    versions, created = stamp()
    left_out = {**found.left_out, **({_SKIPPED: skipped} if skipped else {})}
    for line in found.lines():
        progress.log(line)
    for caution in found.cautions:
        progress.log(caution, "warning")
    for what, number in left_out.items():
        progress.log("Not compared: {units}: {count:,}.", "warning", units=Text(what), count=number)
    return replace(found, left_out=left_out, parameters=parameters, versions=versions, created=created)
