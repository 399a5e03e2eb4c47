"""Assess a map against a reference: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..assessment.designs import NONE
from ..errors import ParameterError
from ..files import check_output, check_overwrites_none
from ..progress import Progress
from ..raster.source import RasterSource
from ..reporting.paths import check_report
from ..stage import Stage

if TYPE_CHECKING:
    from ..assessment.assessed import AssessedMap
    from ..assessment.compare import ComparedMaps

Found = TypeVar("Found", "AssessedMap", "ComparedMaps")

_SKIPPED = "features of the reference without a class or a geometry, or of the training"


@dataclass(frozen=True)
class AssessRequest:
    """What to assess, against what, and where to write it.

    Attributes:
        input: The map.
        features: Reference points or polygons: JSON lines in the map's CRS, see
            ``core.assessment.reference_units``; None where the reference is a raster.
        raster: The reference raster; None where there are features.
        name: What the user calls the reference.
        skipped: Features of the reference that are not in ``features``.
        design: One of ``core.assessment.designs.DESIGNS``.
        strata_areas: ``NAME=AREA`` pairs.
        kappa: Whether to give Cohen's kappa too.
        block_size: Side of the blocks of a reference raster, and of local accuracy, in pixels; 0 is
            found from the reference.
        table: CSV to write, empty for none.
        local_accuracy: GeoTIFF of accuracy by block to write, empty for none.
        report: HTML page to write; None for none.
        parameters: Of the run, for the report.
    """

    input: RasterSource
    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    design: str = NONE
    strata_areas: str = ""
    kappa: bool = False
    block_size: int = 0
    table: str = ""
    local_accuracy: str = ""
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class AssessResult:
    """The overall accuracy, half its plain 95 % interval, and what was written."""

    overall_accuracy: float | None
    overall_accuracy_ci: float | None
    table: str = ""
    local_accuracy: str = ""
    report: str | None = None


def run(request: AssessRequest, progress: Progress) -> AssessResult:
    """Assess the map.

    Raises:
        OutputError: An output has another ending, is an input, or cannot be written.
        ParameterError: The design cannot be understood.
        RasterError: A raster cannot be read, or has no place.
        SampleError: Nothing can be compared, or the reference does not fit its design.
        RunCancelled: The user cancelled.
    """
    _check_outputs(request)
    # These import rasterio and matplotlib, and QGIS imports this module for its request.
    from ..assessment.accuracy_table import write_accuracy_table
    from ..assessment.assess import Question, assess_points, assess_raster
    from ..assessment.local_accuracy import write_local_accuracy
    from ..raster.class_raster import open_class_raster
    from ..reporting.accuracy_page import write_accuracy_report

    question = Question(request.design, request.strata_areas, request.kappa, request.block_size)
    reading = Stage(progress, 0.0, 0.8)
    with open_class_raster(request.input, progress) as raster:
        if request.raster is not None:
            with open_class_raster(request.raster, progress, raster.grid) as reference:
                found, blocks = assess_raster(raster, reference, question, reading)
        else:
            found, blocks = assess_points(
                raster, Path(request.features or ""), request.name, question, reading
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


def _check_outputs(request: AssessRequest) -> None:
    outputs = (
        (request.table, (".csv",)),
        (request.local_accuracy, (".tif", ".tiff")),
        (request.report or "", (".html", ".htm")),
    )
    for output, suffixes in outputs:
        if output:
            check_output(Path(output), suffixes)
            check_overwrites_none(Path(output), [str(request.input), str(request.raster or "")])
    if request.report:
        check_report(Path(request.report))
    if (request.features is None) == (request.raster is None):
        raise ParameterError(
            "There must be one reference", where="REFERENCE", advice="Choose a vector layer or a raster."
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
    from ..reporting.accuracy_page import stamp

    versions, created = stamp()
    left_out = {**found.left_out, **({_SKIPPED: skipped} if skipped else {})}
    for line in found.lines():
        progress.log(line)
    for caution in found.cautions:
        progress.log(caution, "warning")
    for what, number in left_out.items():
        progress.log(f"Not compared: {what}: {number:,}.", "warning")
    return replace(found, left_out=left_out, parameters=parameters, versions=versions, created=created)
