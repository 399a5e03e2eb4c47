"""Request and result of a comparison of maps."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import Output, check_files
from ..options import NONE
from ..raster.source import RasterSource

FIGURE_SUFFIXES = (".png", ".pdf", ".svg", ".tif", ".tiff")
_RASTER_SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True)
class CompareRequest:
    """Which maps, against what, and where to write it.

    Attributes:
        inputs: The maps; the others are brought onto the grid of the first and compared with it.
        features: Reference points or polygons, as in ``core.tasks.assess``; None for none.
        raster: The reference raster; None for none. Without any reference, the maps are shown
            beside each other and their agreement is mapped.
        name: What the user calls the reference.
        skipped: Features of the reference that are not in ``features``.
        design: One of ``core.options.DESIGNS``.
        strata_areas: ``NAME=AREA`` pairs.
        block_size: Side of the blocks of a reference raster in pixels; 0 is found from it.
        title: Of the figure.
        figure: File of the figure, empty for none; ``agreement``, ``table`` alike.
        agreement: GeoTIFF of where the maps agree.
        table: CSV.
        report: HTML page to write; None for none.
        parameters: Of the run, for the report.
    """

    inputs: tuple[RasterSource, ...]
    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    design: str = NONE
    strata_areas: str = ""
    block_size: int = 0
    title: str = ""
    figure: str = ""
    agreement: str = ""
    table: str = ""
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class CompareResult:
    """What was written, and what the second map gains over the first; None where that is not known."""

    gain: float | None = None
    p: float | None = None
    figure: str = ""
    agreement: str = ""
    table: str = ""
    report: str | None = None


def check_request(request: CompareRequest) -> None:
    """Check the maps, the reference and the outputs before any work.

    Raises:
        LandCoverError: A leaf of it that names the parameter and what to do.
    """
    inputs = [str(item) for item in (*request.inputs, *([request.raster] if request.raster else []))]
    has_reference = request.features is not None or request.raster is not None
    if len(request.inputs) < (1 if request.raster is not None else 2):
        raise ParameterError(
            "There are too few maps to compare", where="INPUTS", advice="Choose two maps or more."
        )
    if not has_reference and not (request.figure or request.agreement):
        raise ParameterError(
            "There is neither a reference nor an output that needs none",
            where="REFERENCE, FIGURE, AGREEMENT",
            advice="Give a reference, or ask for the figure or the map of agreement.",
        )
    outputs = (
        Output(request.figure, FIGURE_SUFFIXES, "FIGURE"),
        Output(request.agreement, _RASTER_SUFFIXES, "AGREEMENT"),
        Output(request.table, (".csv",), "TABLE"),
        Output(request.report or "", (".html", ".htm"), "REPORT"),
    )
    check_files(outputs, inputs)
