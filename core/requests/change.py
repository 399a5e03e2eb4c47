"""Request and result of change between two maps."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date

from ..errors import ParameterError
from ..files import FIGURE_SUFFIXES, PAGE_SUFFIXES, RASTER_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..raster.source import RasterSource

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_DAYS_PER_YEAR = 365.2425
EDGES, CORNERS = "4", "8"
CONNECTIVITIES: tuple[str, ...] = (CORNERS, EDGES)
"""Neighbours of a pixel that belong to its patch."""


@dataclass(frozen=True)
class ChangeRequest:
    """Request to measure the change between two maps.

    Attributes:
        before: Earlier map, which defines the grid.
        after: Later map.
        output: Path of the from-to raster to write; empty for none.
        crosswalk: CSV file that brings both schemes into one; empty matches classes by name.
        groups: CSV file of groups of classes; empty for none.
        dates: Two dates as text, see ``interval_years``; empty where they are not known.
        minimum: Minimum mapping unit of change in hectares; 0 for none.
        connectivity: One of ``CONNECTIVITIES``.
        zones: Path of a JSON-lines file of polygons, see ``core.maps.zones``; None for none.
        zone_field: Name of the zone field; empty where each feature is a zone.
        before_probabilities: Probability raster of the earlier map; None for none.
        after_probabilities: Probability raster of the later map; None for none.
        probability: Path of the raster of the probability of change to write; empty for none.
        strata: Path of the raster of strata to write; empty for none.
        buffer: Width of the buffer stratum in pixels; 0 for none.
        strata_transitions: Number of transitions with a stratum of their own.
        table: Path of the CSV file to write; empty for none.
        figure: Path of the figure to write; empty for none.
        title: Title of the figure.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the report.
    """

    before: RasterSource
    after: RasterSource
    output: str = ""
    crosswalk: str = ""
    groups: str = ""
    dates: str = ""
    minimum: float = 0.0
    connectivity: str = CORNERS
    zones: str | None = None
    zone_field: str = ""
    before_probabilities: RasterSource | None = None
    after_probabilities: RasterSource | None = None
    probability: str = ""
    strata: str = ""
    buffer: int = 3
    strata_transitions: int = 8
    table: str = ""
    figure: str = ""
    title: str = ""
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeResult:
    """Area of change, and the files that were written.

    Attributes:
        hectares: Area of change in hectares.
        percent: The same in per cent of the area with a class in both maps.
        output: Path of the from-to raster; empty for none.
        probability: Path of the probability of change; empty for none.
        strata: Path of the raster of strata; empty for none.
        table: Path of the CSV file; empty for none.
        figure: Path of the figure; empty for none.
        report: Path of the HTML page; None for none.
    """

    hectares: float
    percent: float
    output: str = ""
    probability: str = ""
    strata: str = ""
    table: str = ""
    figure: str = ""
    report: str | None = None


def interval_years(text: str) -> float:
    """Return the years between two dates; 0 where the text is empty.

    Args:
        text: Two years (``1999, 2002``) or dates (``1999-11-18, 2002-04-16``) separated by a comma, or the
            number of years (``2.5``).

    Raises:
        ParameterError: The text is none of these, or the second date is not after the first.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return 0.0
    if len(parts) == 1:
        try:
            years = float(parts[0])
        except ValueError:
            years = math.nan
        # A single year would be taken for a duration of two thousand years.
        if 0 < years < 1000:
            return years
    elif len(parts) == 2:
        ends = [_years_of(part) for part in parts]
        if ends[0] is not None and ends[1] is not None and ends[1] > ends[0]:
            return ends[1] - ends[0]
    raise ParameterError(
        "{text!r} is not the interval between the maps",
        where="DATES",
        advice="Give two years such as 1999, 2002, two dates such as 1999-11-18, 2002-04-16, the earlier "
        "one first, or the number of years such as 2.5.",
        text=text,
    )


def _years_of(text: str) -> float | None:
    """Return a date as a number of years; None for another text."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    if match[2] is None:
        return float(match[1])
    try:
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    # The first day of the year 1 is the date 1.0, as it is for years alone.
    return 1 + (day.toordinal() - 1) / _DAYS_PER_YEAR


def check_request(request: ChangeRequest) -> None:
    """Check the maps, the numbers and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There is no output, a number is out of its range, the dates are malformed, or
            probabilities are missing.
    """
    interval_years(request.dates)
    if not (request.minimum >= 0 and math.isfinite(request.minimum)):
        raise ParameterError(
            "MMU must be 0 or more hectares (got {value:g})",
            where="MMU",
            advice="Use 0 for none.",
            value=request.minimum,
        )
    if request.connectivity not in CONNECTIVITIES:
        raise ParameterError(
            "{value!r} is not a value of {parameter}",
            where="CONNECTIVITY",
            advice="Choose one of: {choices}.",
            parameter="CONNECTIVITY",
            value=request.connectivity,
            choices=", ".join(CONNECTIVITIES),
        )
    if request.buffer < 0 or request.strata_transitions < 1:
        raise ParameterError(
            "BUFFER must be 0 or more and STRATA_TRANSITIONS 1 or more",
            where="BUFFER, STRATA_TRANSITIONS",
            advice="Use for example 3 and 8.",
        )
    rasters = (request.before_probabilities, request.after_probabilities)
    if request.probability and not all(rasters):
        raise ParameterError(
            "The probability of change needs the probabilities of both maps",
            where="BEFORE_PROBABILITIES, AFTER_PROBABILITIES",
            advice="Choose both, or leave PROBABILITY empty.",
        )
    written = (
        request.output,
        request.probability,
        request.strata,
        request.table,
        request.figure,
        request.report,
    )
    if not any(written):
        raise ParameterError(
            "No output was given",
            where="OUTPUT, TABLE, STRATA, FIGURE, REPORT",
            advice="Choose at least one of them.",
        )
    inputs = [
        str(request.before),
        str(request.after),
        request.crosswalk,
        request.groups,
        *(str(item) for item in rasters if item is not None),
    ]
    outputs = (
        Output(request.output, RASTER_SUFFIXES),
        Output(request.probability, RASTER_SUFFIXES),
        Output(request.strata, RASTER_SUFFIXES),
        Output(request.table, (TABLE_SUFFIX,)),
        Output(request.figure, FIGURE_SUFFIXES),
        Output(request.report or "", PAGE_SUFFIXES),
    )
    check_files(outputs, inputs)
