"""Request and result of a comparison of maps."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..assessment.drawn_sample import DrawnSample
from ..errors import ParameterError
from ..files import FIGURE_SUFFIXES, PAGE_SUFFIXES, RASTER_SUFFIXES, Output, check_files
from ..options import NONE
from ..raster.source import RasterSource
from .common import refuse_same_file


@dataclass(frozen=True)
class CompareRequest:
    """Request to compare maps with each other, or each with a reference.

    Attributes:
        inputs: Maps to compare. The others are warped onto the grid of the first.
        features: Path of a JSON-lines file of reference points or polygons in the first map's CRS, see
            ``core.assessment.reference_units``; None for none.
        raster: Reference raster; None for none. Without a reference, table and report give areas
            and the cross-tabulation of the maps.
        name: Name of the reference for the report.
        skipped: Number of features of the reference that are not in ``features``.
        sample: Record of points that ‘Sampling design’ drew; None where the reference has none.
        unlabelled: Number of points of ``sample`` without a class.
        design: Sampling design, one of ``core.options.DESIGNS``.
        strata_areas: Area of each stratum as text, see ``core.options.parse_strata_areas``.
        block_size: Side of the blocks of a reference raster in pixels; 0 derives it from the reference.
        title: Title of the figure.
        figure: Path of the figure to write; empty for none.
        agreement: Path of the GeoTIFF of agreement between the maps to write; empty for none.
        table: Path of the CSV file to write; empty for none.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the report.
    """

    inputs: tuple[RasterSource, ...]
    features: str | None = None
    raster: RasterSource | None = None
    name: str = ""
    skipped: int = 0
    sample: DrawnSample | None = None
    unlabelled: int = 0
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
    """Difference between the first two maps, and the files that were written.

    Attributes:
        gain: Overall accuracy of the second map minus that of the first, -1 to 1; None without a reference.
        p: P-value of the test that both accuracies are equal; None without a reference.
        figure: Path of the figure; empty for none.
        agreement: Path of the GeoTIFF of agreement; empty for none.
        table: Path of the CSV file; empty for none.
        report: Path of the HTML page; None for none.
    """

    gain: float | None = None
    p: float | None = None
    figure: str = ""
    agreement: str = ""
    table: str = ""
    report: str | None = None


def check_request(request: CompareRequest) -> None:
    """Check the maps, the reference and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There are too few maps, neither a reference nor an output, or the reference is one of
            the maps.
    """
    refuse_same_file(request.inputs, request.raster)
    inputs = [str(item) for item in (*request.inputs, *([request.raster] if request.raster else []))]
    has_reference = request.features is not None or request.raster is not None
    if len(request.inputs) < (1 if request.raster is not None else 2):
        raise ParameterError(
            "There are too few maps to compare", where="INPUTS", advice="Choose two maps or more."
        )
    if not has_reference and not (request.figure or request.agreement or request.table or request.report):
        raise ParameterError(
            "Neither a reference nor an output was given",
            where="REFERENCE, FIGURE, AGREEMENT, TABLE, REPORT",
            advice="Choose a reference or an output.",
        )
    outputs = (
        Output(request.figure, FIGURE_SUFFIXES),
        Output(request.agreement, RASTER_SUFFIXES),
        Output(request.table, (".csv",)),
        Output(request.report or "", PAGE_SUFFIXES),
    )
    check_files(outputs, inputs)
