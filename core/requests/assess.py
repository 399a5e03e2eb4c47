"""Request and result of an accuracy assessment."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import Output, check_files
from ..options import NONE
from ..raster.source import RasterSource


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
        design: One of ``core.options.DESIGNS``.
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


def check_outputs(request: AssessRequest) -> None:
    """Check the outputs and the reference before any work.

    Raises:
        LandCoverError: A leaf of it that names the parameter and what to do.
    """
    outputs = (
        Output(request.table, (".csv",), "TABLE"),
        Output(request.local_accuracy, (".tif", ".tiff"), "LOCAL_ACCURACY"),
        Output(request.report or "", (".html", ".htm"), "REPORT"),
    )
    check_files(outputs, (str(request.input), str(request.raster or "")))
    if (request.features is None) == (request.raster is None):
        raise ParameterError(
            "There must be one reference", where="REFERENCE", advice="Choose a vector layer or a raster."
        )
