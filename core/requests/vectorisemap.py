"""Request and result of the polygons of a map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..errors import ParameterError
from ..files import VECTOR_SUFFIXES, Output, check_files
from ..raster.source import RasterSource


@dataclass(frozen=True)
class VectoriseRequest:
    """Request to write the patches of a map as polygons.

    Attributes:
        input: Class map.
        output: Path of the GeoPackage or KML to write.
        probabilities: Probabilities of the map's classes; None for none.
        simplify: Tolerance in units of the map's CRS; 0 keeps the edges of the pixels.
        parameters: Parameters of the run by name, for the record of origin.
    """

    input: RasterSource
    output: str
    probabilities: RasterSource | None = None
    simplify: float = 0.0
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class VectoriseResult:
    """File and figures of a map's polygons.

    Attributes:
        output: Path of the vector file.
        polygons: Number of polygons.
        hectares: Area of the polygons' pixels in hectares.
    """

    output: str
    polygons: int
    hectares: float


def check_request(request: VectoriseRequest) -> None:
    """Check the tolerance and the output before any work.

    Raises:
        OutputError: The output has another ending, equals an input, or cannot be written.
        ParameterError: The tolerance is negative or not a number.
    """
    if not (request.simplify >= 0 and math.isfinite(request.simplify)):
        raise ParameterError(
            "SIMPLIFY must be 0 or more (got {value:g})",
            where="SIMPLIFY",
            advice="Use the size of one or two pixels, or 0 to keep the edges of the pixels.",
            value=request.simplify,
        )
    rasters = (request.input, request.probabilities)
    check_files(
        [Output(request.output, VECTOR_SUFFIXES)], [str(item) for item in rasters if item is not None]
    )
