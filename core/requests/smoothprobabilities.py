"""Request and result of the smoothing of class probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..options import parse_class_numbers
from ..raster.source import RasterSource

MAX_WINDOW = 33
"""Largest window in pixels."""
SMOOTHNESS_EXAMPLE = "10, or Forest=20, Water=2, 10"


@dataclass(frozen=True)
class SmoothRequest:
    """Request to smooth class probabilities, and to make a map of them.

    Attributes:
        probabilities: Raster with a band per class.
        output: Path of the GeoTIFF of class values to write.
        output_probabilities: Path of the GeoTIFF of smoothed probabilities to write; empty for none.
        window: Rows and columns of the window in pixels, odd.
        neighbour_fraction: Fraction of the window, of the highest probabilities, that counts; above 0, to 1.
        smoothness: Smoothness of all classes, or ``CLASS=NUMBER`` pairs separated by commas.
        table: Path of the CSV file to write; empty for none.
        parameters: Parameters of the run by name, for the record of origin.
    """

    probabilities: RasterSource
    output: str
    output_probabilities: str = ""
    window: int = 5
    neighbour_fraction: float = 0.5
    smoothness: str = "10"
    table: str = ""
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class SmoothResult:
    """Files and figures of a smoothing.

    Attributes:
        output: Path of the map.
        output_probabilities: Path of the smoothed probabilities; empty for none.
        table: Path of the CSV file; empty for none.
        changed: Fraction of the pixels, 0 to 1, whose class has changed.
    """

    output: str
    output_probabilities: str
    table: str
    changed: float


def check_request(request: SmoothRequest) -> None:
    """Check the settings and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals the input, or cannot be written.
        ParameterError: A value is not allowed.
    """
    if not (3 <= request.window <= MAX_WINDOW and request.window % 2):
        raise ParameterError(
            "WINDOW must be an odd number from 3 to {maximum} (got {value})",
            where="WINDOW",
            advice="Use 5, or 3 for the least smoothing.",
            value=request.window,
            maximum=MAX_WINDOW,
        )
    if not 0 < request.neighbour_fraction <= 1:
        raise ParameterError(
            "NEIGHBOUR_FRACTION must be above 0 and at most 1 (got {value:g})",
            where="NEIGHBOUR_FRACTION",
            advice="Use 0.5 for the upper half of the window.",
            value=request.neighbour_fraction,
        )
    smoothness = parse_class_numbers(request.smoothness, "SMOOTHNESS", SMOOTHNESS_EXAMPLE)
    if not smoothness or not all(smoothness.values()):
        raise ParameterError(
            "SMOOTHNESS must be above 0",
            where="SMOOTHNESS",
            advice="Give numbers such as {example}.",
            example=SMOOTHNESS_EXAMPLE,
        )
    outputs = (
        Output(request.output, RASTER_SUFFIXES),
        Output(request.output_probabilities, RASTER_SUFFIXES),
        Output(request.table, (TABLE_SUFFIX,)),
    )
    check_files(outputs, [str(request.probabilities)])
