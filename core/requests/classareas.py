"""Request and result of the areas of a map's classes."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import PAGE_SUFFIXES, TABLE_SUFFIX, Output, check_files
from ..raster.source import RasterSource
from .common import refuse_same_file
from .generalisemap import MapReference

ZONE_SUFFIXES = (".gpkg",)
"""Suffixes of the layer of zones with their areas."""


@dataclass(frozen=True)
class ClassAreasRequest:
    """Request to measure the areas of a map's classes.

    Attributes:
        input: Class map.
        zones: Path of a JSON-lines file of polygons in the map's CRS, see ``core.maps.zones``; empty for
            none.
        zone_field: Name of the zone field; empty where each feature is a zone.
        zones_layer: User's name of the layer of zones.
        is_fractional: Whether pixels count for zones by the fraction of their area inside.
        estimates: Path of a table of ‘Assess accuracy and area’; empty for none.
        reference: Reference points; None for none.
        table: Path of the CSV file to write; empty for none.
        output: Path of the layer of zones to write; empty for none.
        report: Path of the HTML page to write; None for none.
        parameters: Parameters of the run by name, for the record of origin.
    """

    input: RasterSource
    zones: str = ""
    zone_field: str = ""
    zones_layer: str = ""
    is_fractional: bool = False
    estimates: str = ""
    reference: MapReference | None = None
    table: str = ""
    output: str = ""
    report: str | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassAreasResult:
    """Files and figures of the areas of a map.

    Attributes:
        table: Path of the CSV file; empty for none.
        output: Path of the layer of zones; empty for none.
        report: Path of the HTML page; None for none.
        hectares: Area with a class in hectares.
        zones: Number of zones.
    """

    table: str
    output: str
    report: str | None
    hectares: float
    zones: int


def check_request(request: ClassAreasRequest) -> None:
    """Check the sources of estimates and the outputs before any work.

    Raises:
        OutputError: An output has another ending, equals an input, or cannot be written.
        ParameterError: There are two sources of estimates, a layer of zones without zones, or the reference
            is a raster.
    """
    reference = request.reference
    if request.estimates and reference is not None:
        raise ParameterError(
            "There are two sources of estimates",
            where="ESTIMATES, REFERENCE",
            advice="Give the table for the whole map alone, or the points for the map and its zones.",
        )
    if reference is not None:
        refuse_same_file((request.input,), reference.raster)
        if reference.raster is not None:
            raise ParameterError(
                "Areas cannot be estimated from a reference raster",
                where="REFERENCE",
                advice="Choose points that were drawn at random, such as those of ‘Sampling design’.",
            )
    if request.output and not request.zones:
        raise ParameterError(
            "The layer of zones needs zones",
            where="OUTPUT",
            advice="Choose a layer in ZONES, or leave OUTPUT empty.",
        )
    if not (request.output or request.table or request.report):
        raise ParameterError(
            "No output was given",
            where="TABLE, OUTPUT, REPORT",
            advice="Choose a table, a layer of zones or a report.",
        )
    outputs = (
        Output(request.output, ZONE_SUFFIXES),
        Output(request.table, (TABLE_SUFFIX,)),
        Output(request.report or "", PAGE_SUFFIXES),
    )
    check_files(outputs, [str(request.input), request.estimates])
