"""Request and result of a mosaic of maps."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..raster.source import RasterSource
from .common import check_choice

PRIORITY, PROBABILITY, DATE = "priority", "probability", "date"
RULES = (PRIORITY, PROBABILITY, DATE)
"""Rules for pixels that several maps have: order of the maps, highest probability, or latest date."""


@dataclass(frozen=True)
class MosaicRequest:
    """Request to join neighbouring maps.

    Attributes:
        inputs: Maps, the most important one first. The mosaic has the pixels of the first one.
        output: Path of the mosaic.
        rule: One of ``RULES``.
        probabilities: Raster of probabilities or uncertainty of each map, in the same order; empty without.
        dates: Date of each map as text, see ``core.maps.mosaic.parse_dates``; empty takes those of the maps.
        table: Path of the CSV table of the maps; empty for none.
    """

    inputs: tuple[RasterSource, ...]
    output: str
    rule: str = PRIORITY
    probabilities: tuple[RasterSource, ...] = ()
    dates: str = ""
    table: str = ""


@dataclass(frozen=True)
class MosaicResult:
    """Mosaic that was written.

    Attributes:
        output: Path of the mosaic.
        table: Path of the table of the maps; empty for none.
        pixels: Number of pixels with a class.
        overlap: Number of pixels that several maps have.
        agreement: Fraction of the overlap in which all of them have the same class, 0 to 1; None without one.
    """

    output: str
    table: str
    pixels: int
    overlap: int
    agreement: float | None


def check_request(request: MosaicRequest) -> None:
    """Check the maps and outputs before any work.

    Raises:
        ParameterError: There are too few maps, or the rule lacks its rasters.
        OutputError: An output has another ending, equals an input, or cannot be written.
    """
    check_choice("RULE", request.rule, RULES)
    count = len(request.inputs)
    if count < 2:
        raise ParameterError(
            "There are too few maps to join", where="INPUTS", advice="Choose two maps or more."
        )
    if request.rule == PROBABILITY and len(request.probabilities) != count:
        raise ParameterError(
            "RULE=probability needs a raster of probabilities for each map: there are {rasters} for {maps} "
            "maps",
            where="PROBABILITIES",
            advice="Give the probabilities of all maps in the same order, or choose another rule.",
            rasters=len(request.probabilities),
            maps=count,
        )
    read = [str(item) for item in (*request.inputs, *request.probabilities)]
    check_files([Output(request.output, RASTER_SUFFIXES), Output(request.table, (TABLE_SUFFIX,))], read)
