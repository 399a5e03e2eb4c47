"""Request and result of an accuracy assessment."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..assessment.drawn_sample import DrawnSample
from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, RASTER_SUFFIXES, Output, check_files
from ..options import NONE
from ..raster.source import RasterSource
from .common import refuse_same_file


@dataclass(frozen=True)
class AssessRequest:
    """Request to assess the accuracy of a map against a reference.

    Attributes:
        input: Map to assess.
        features: Path of a JSON-lines file of reference points or polygons in the map's CRS, see
            ``core.assessment.reference_units``; None where the reference is a raster.
        raster: Reference raster; None where the reference is a vector layer.
        name: Name of the reference for the report.
        skipped: Number of features of the reference that are not in ``features``.
        sample: Record of points that ‘Sampling design’ drew; None where the reference has none.
        unlabelled: Number of points of ``sample`` without a class.
        design: Sampling design, one of ``core.options.DESIGNS``.
        strata_areas: Area of each stratum as text, see ``core.options.parse_strata_areas``.
        kappa: Whether Cohen's kappa is computed.
        block_size: Side of the blocks of a reference raster, and of local accuracy, in pixels; 0 derives
            it from the reference.
        table: Path of the CSV file to write; empty for none.
        local_accuracy: Path of the GeoTIFF of accuracy by block to write; empty for none.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the report.
    """

    input: RasterSource
    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    sample: DrawnSample | None = None
    unlabelled: int = 0
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
    """Overall accuracy of a map, and the files that were written.

    Attributes:
        overall_accuracy: Overall accuracy, 0 to 1; None where it cannot be estimated.
        overall_accuracy_ci: Half width of its 95 % confidence interval; None where there is none.
        table: Path of the CSV file; empty for none.
        local_accuracy: Path of the GeoTIFF of accuracy by block; empty for none.
        report: Path of the HTML page; None for none.
    """

    overall_accuracy: float | None
    overall_accuracy_ci: float | None
    table: str = ""
    local_accuracy: str = ""
    report: str | None = None


def check_outputs(request: AssessRequest) -> None:
    """Check the outputs and the reference before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There is no reference, there are two, or the reference is the map.
    """
    outputs = (
        Output(request.table, (".csv",)),
        Output(request.local_accuracy, RASTER_SUFFIXES),
        Output(request.report or "", PAGE_SUFFIXES),
    )
    check_files(outputs, (str(request.input), str(request.raster or "")))
    refuse_same_file((request.input,), request.raster)
    if (request.features is None) == (request.raster is None):
        raise ParameterError(
            "The reference must be a vector layer or a raster",
            where="REFERENCE",
            advice="Choose one of them.",
        )
