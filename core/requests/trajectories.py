"""Request and result of trajectories of classes in maps of several dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..raster.source import RasterSource
from ..text import untranslated

FILTERS: tuple[str, ...] = (
    "gap_fill",
    "first_year",
    "last_year",
    "window_3",
    "window_4",
    "window_5",
)
"""Filters of sequences without further values, see ``core.maps.trajectories``."""
CHANGES_NAME, FIRST_NAME, LAST_NAME = "changes.tif", "first_change.tif", "last_change.tif"
"""Names of the rasters in the folder."""
MIN_MAPS, MAX_MAPS = 2, 400
_FILTERED_SUFFIX = untranslated("_filtered")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_]?(\d{2})[-_]?(\d{2})(?!\d)")
_GIVEN = re.compile(r"((?:19|20)\d{2})(?:-(\d{2})-(\d{2}))?")


@dataclass(frozen=True)
class TrajectoriesRequest:
    """Request to follow classes in maps of several dates.

    Attributes:
        inputs: Class maps.
        folder: Folder of the rasters to write; it exists. Empty for none.
        dates: Date of each map as text, see ``dates_of``; empty takes them from the file names.
        filters: Some of ``FILTERS``.
        filter_order: Classes in the order in which filters take them, as text; empty is by area.
        frequency: Least fraction of the dates by class as text, such as ``Forest=0.75``; empty for none.
        rules: CSV file of transitions that are forbidden or less probable; empty for none.
        probabilities: Probability raster of each map, in the order of ``inputs``; empty for none.
        table: Path of the CSV file of sequences to write; empty for none.
        report: Path of the HTML page to write; None for none.
        overwrite: Whether files in the folder that others wrote may be replaced.
        parameters: Parameters of the run by name, for the report.
    """

    inputs: tuple[RasterSource, ...]
    folder: str = ""
    dates: str = ""
    filters: tuple[str, ...] = ()
    filter_order: str = ""
    frequency: str = ""
    rules: str = ""
    probabilities: tuple[RasterSource, ...] = ()
    table: str = ""
    report: str | None = None
    overwrite: bool = False
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class TrajectoriesResult:
    """Files that were written, and how much changed.

    Attributes:
        changed_percent: Area with a change at any date, in per cent of the area with a class at all dates.
        maps: Paths of the filtered maps, in the order of time.
        changes: Path of the number of changes; empty for none.
        first: Path of the date of the first change; empty for none.
        last: Path of the date of the last change; empty for none.
        table: Path of the CSV file; empty for none.
        report: Path of the HTML page; None for none.
    """

    changed_percent: float
    maps: tuple[str, ...] = ()
    changes: str = ""
    first: str = ""
    last: str = ""
    table: str = ""
    report: str | None = None


@dataclass(frozen=True)
class MapDates:
    """Dates of maps.

    Attributes:
        names: Date of each map in the order of time, such as ``1999`` or ``1999-11-18``.
        order: Position of each of these maps among the inputs.
        values: Value of each date in rasters: the year where all are years of their own, else 1, 2, …
        from_names: Whether the dates were taken from the file names.
    """

    names: tuple[str, ...]
    order: tuple[int, ...]
    values: tuple[int, ...]
    from_names: bool


def dates_of(titles: Sequence[str], text: str) -> MapDates:
    """Return the dates of maps.

    Args:
        titles: File name of each map.
        text: A year or date (``2002``, ``2002-04-16``) for each map, separated by commas, in the order of the
            maps. Empty takes the year in each name, else the date in each name.

    Raises:
        ParameterError: The text has another number of dates or one that is malformed, the names do not show
            one date each, or two maps have one date.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts:
        if len(parts) != len(titles):
            raise ParameterError(
                "DATES has {dates} dates for {count} maps",
                where="DATES",
                advice="Give one year or date per map, in the order of the maps, separated by commas.",
                dates=len(parts),
                count=len(titles),
            )
        found = [_given(part) for part in parts]
    else:
        found = _of_names(titles)
    if len(set(found)) != len(found):
        raise ParameterError(
            "Two maps have the same date: {dates}",
            where="DATES",
            advice="Give each map a date of its own, such as 2002-04-16.",
            dates=", ".join(found),
        )
    # As text, years and ISO dates are in the order of time.
    order = sorted(range(len(found)), key=lambda place: found[place])
    names = tuple(found[place] for place in order)
    years = [int(name[:4]) for name in names]
    values = years if len(set(years)) == len(years) else range(1, len(names) + 1)
    return MapDates(names, tuple(order), tuple(values), not parts)


def _given(text: str) -> str:
    match = _GIVEN.fullmatch(text)
    if match is None or (match[2] and not _is_day(match[1], match[2], match[3])):
        raise ParameterError(
            "{text!r} is not a year or a date",
            where="DATES",
            advice="Write years such as 2002, or dates such as 2002-04-16.",
            text=text,
        )
    return text


def _of_names(titles: Sequence[str]) -> list[str]:
    """Return the one year, else the one date, that each name shows."""
    stems = [PurePath(title).stem for title in titles]
    years = [sorted(set(_YEAR.findall(stem))) for stem in stems]
    days = [sorted({f"{y}-{m}-{d}" for y, m, d in _DAY.findall(stem) if _is_day(y, m, d)}) for stem in stems]
    for found in (days, years):
        if all(len(item) == 1 for item in found) and len({item[0] for item in found}) == len(found):
            return [item[0] for item in found]
    raise ParameterError(
        "DATES is empty, and the names of the maps do not show one year or date each: {names}",
        where="DATES",
        advice="Give one year or date per map, in the order of the maps, separated by commas.",
        names=", ".join(titles),
    )


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def filtered_name(stem: str) -> str:
    """Return the file name of a filtered map.

    Args:
        stem: Name of the map without ending, unique in the folder.
    """
    return f"{stem}{_FILTERED_SUFFIX}.tif"


def is_filtered(request: TrajectoriesRequest) -> bool:
    """Return whether a request asks for a filter."""
    return bool(request.filters or request.frequency.strip() or request.rules or request.probabilities)


def check_request(request: TrajectoriesRequest) -> None:
    """Check the maps, the filters and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There are too few maps or no output, a filter is unknown, the dates are malformed, or
            filters exclude each other.
    """
    if not MIN_MAPS <= len(request.inputs) <= MAX_MAPS:
        raise ParameterError(
            "Trajectories need {least} to {most} maps (got {count})",
            where="INPUTS",
            advice="Choose maps of several dates.",
            least=MIN_MAPS,
            most=MAX_MAPS,
            count=len(request.inputs),
        )
    dates_of([item.title for item in request.inputs], request.dates)
    for name in request.filters:
        if name not in FILTERS:
            raise ParameterError(
                "{value!r} is not a value of {parameter}",
                where="FILTERS",
                advice="Choose one of: {choices}.",
                parameter="FILTERS",
                value=name,
                choices=", ".join(FILTERS),
            )
    if request.probabilities:
        if len(request.probabilities) != len(request.inputs):
            raise ParameterError(
                "There are {count} probability rasters for {maps} maps",
                where="PROBABILITIES",
                advice="Give one per map, in the order of the maps.",
                count=len(request.probabilities),
                maps=len(request.inputs),
            )
        if request.filters or request.frequency.strip():
            raise ParameterError(
                "PROBABILITIES finds the most probable sequence, so the other filters would undo it",
                where="PROBABILITIES, FILTERS, FREQUENCY",
                advice="Leave FILTERS and FREQUENCY empty, or PROBABILITIES.",
            )
    if not (request.folder or request.table or request.report):
        raise ParameterError(
            "No output was given",
            where="OUTPUT_FOLDER, TABLE, REPORT",
            advice="Choose at least one of them.",
        )
    inputs = [str(item) for item in (*request.inputs, *request.probabilities)]
    outputs = (Output(request.table, (TABLE_SUFFIX,)), Output(request.report or "", PAGE_SUFFIXES))
    check_files(outputs, [*inputs, request.rules])


def parse_frequencies(text: str) -> dict[str, float]:
    """Return the least fraction of the dates by class, 0.5 to 1, from FREQUENCY.

    Args:
        text: ``CLASS=FRACTION`` pairs, separated by commas; empty for none.

    Raises:
        ParameterError: A pair is malformed, or a fraction is not above 0.5 and at most 1.
    """
    fractions = {}
    for part in filter(str.strip, text.split(",")):
        name, _, number = part.rpartition("=")
        try:
            fraction = float(number)
        except ValueError:
            fraction = -1.0
        if not name.strip() or not 0.5 < fraction <= 1:
            raise ParameterError(
                "{text!r} is not a class and its fraction of the dates",
                where="FREQUENCY",
                advice="Give pairs such as Forest=0.75, with fractions above 0.5, so that one class alone "
                "can reach them.",
                text=part.strip(),
            )
        fractions[name.strip()] = fraction
    return fractions
