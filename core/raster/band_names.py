"""What a raster's bands are called, and which of them are no measurements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rasterio.enums import ColorInterp

# What GDAL calls the bands of a raster that it writes as netCDF.
_GDALS_VARIABLE = re.compile(r"Band(\d+)")
_DIMENSION = "NETCDF_DIM_"


def alpha_bands(dataset: Any) -> tuple[set[int], tuple[str, ...]]:
    """Tell transparency from measurements: alpha bands' numbers, and notes on them for the user.

    GDAL marks the fourth band of any 8-bit raster that it makes as alpha, also a near infrared
    one. A band with a description of its own is therefore believed to be a measurement.
    """
    marked = [index for index in dataset.indexes if dataset.colorinterp[index - 1] == ColorInterp.alpha]
    alpha = {index for index in marked if (dataset.descriptions[index - 1] or "alpha").lower() == "alpha"}
    if len(alpha) == dataset.count:
        alpha = set()
    notes = tuple(
        f"Band {index} is marked as transparency (alpha): it masks and is no measurement. "
        "If it is one, give it a description."
        for index in sorted(alpha)
    )
    return alpha, notes


def palette_notes(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return notes on the bands whose numbers are no measurements, but places in a palette."""
    return tuple(
        f"Band {index} has a palette: its numbers stand for colours or classes and are no measurements."
        for index in indexes
        if dataset.colorinterp[index - 1] == ColorInterp.palette
    )


def names_of(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return a name for each band, all different.

    It is the band's description; else, in a netCDF file, the variable's name with the band's place
    in its other dimensions (``ndvi time=16``); else the ``long_name`` or ``standard_name`` that the
    format tells; else ``Band 3`` after its number.
    """
    return _numbered(
        (dataset.descriptions[index - 1] or "").strip() or _name_in_tags(dataset, index) or f"Band {index}"
        for index in indexes
    )


def joined_names(names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of several rasters' bands in one row; those that come again get a number."""
    return _numbered(name for raster in names for name in raster)


def _name_in_tags(dataset: Any, index: int) -> str:
    tags = dataset.tags(index)
    variable = str(tags.get("NETCDF_VARNAME", ""))
    invented = _GDALS_VARIABLE.fullmatch(variable)
    if invented:
        # A raster that GDAL wrote as netCDF: the names are no more than numbers.
        return f"Band {invented[1]}"
    if not variable:
        return str(tags.get("long_name") or tags.get("standard_name") or "").strip()
    places = [
        f"{key.removeprefix(_DIMENSION)}={value}" for key, value in tags.items() if key.startswith(_DIMENSION)
    ]
    return " ".join([variable, *places]) if dataset.count > 1 else variable


def _numbered(bases: Iterable[str]) -> tuple[str, ...]:
    names: list[str] = []
    taken: set[str] = set()
    for base in bases:
        name, copy = base, 1
        # Names are compared without regard to case wherever a user writes them.
        while name.casefold() in taken:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
        taken.add(name.casefold())
    return tuple(names)
