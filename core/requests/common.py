"""Groups of fields that several requests share, and checks of several requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ParameterError
from ..files import is_same_file
from ..raster.source import RasterSource


@dataclass(frozen=True)
class RasterInputs:
    """Rasters whose bands are read as one stack.

    Attributes:
        raster: Raster that defines the grid: CRS, pixel size and extent.
        extra: Rasters whose bands follow, warped onto that grid.
        resampling: Resampling method of the extra rasters, see ``core.options``.
        band_names: Band names that replace those of the files, see ``core.raster.bands``.
        nodata_values: Values that are nodata in all rasters, in addition to those of the files.
    """

    raster: RasterSource
    extra: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    band_names: str = ""
    nodata_values: tuple[float, ...] = ()


def check_choice(parameter: str, value: str, choices: Sequence[str]) -> None:
    """Require a value that is one of the choices of a parameter.

    Args:
        parameter: Name of the parameter.
        value: Value to check.
        choices: Allowed values.

    Raises:
        ParameterError: The value is not one of them.
    """
    if value not in choices:
        raise ParameterError(
            "{value!r} is not a value of {parameter}",
            where=parameter,
            advice="Choose one of: {choices}.",
            parameter=parameter,
            value=value,
            choices=", ".join(choices),
        )


def refuse_same_file(maps: Sequence[RasterSource], reference: RasterSource | None) -> None:
    """Require a reference raster that is not one of the maps.

    Args:
        maps: Maps that are compared with the reference.
        reference: Reference raster; None where the reference is a vector layer.

    Raises:
        ParameterError: The reference is one of the maps.
    """
    if reference is None:
        return
    path = Path(reference.path)
    for item in maps:
        is_file = path.is_file() and Path(item.path).is_file()
        if item.path == reference.path or (is_file and is_same_file(path, Path(item.path))):
            raise ParameterError(
                "The reference is the map itself, which says nothing about its accuracy",
                where=str(reference),
                advice="Choose points, polygons or a raster that are independent of the map.",
            )
