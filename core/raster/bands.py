"""Names of bands, and the user's choice, order and renaming of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import ParameterError
from ..text import Text, untranslated

# What GDAL calls the bands of a raster that it writes as netCDF.
_GDALS_VARIABLE = re.compile(r"Band(\d+)")
_DIMENSION = "NETCDF_DIM_"
_NAMES_ADVICE = (
    "Write a name for each band in their order, such as blue, green, red, or pairs of a new name and a "
    "band, such as red=B4, nir=8."
)


def alpha_bands(dataset: Any) -> tuple[set[int], tuple[str, ...]]:
    """Tell transparency from measurements: alpha bands' numbers, and notes on them for the user.

    GDAL marks the fourth band of any 8-bit raster that it makes as alpha, also a near infrared
    one. A band with a description of its own is therefore believed to be a measurement.
    """
    from rasterio.enums import ColorInterp

    marked = [index for index in dataset.indexes if dataset.colorinterp[index - 1] == ColorInterp.alpha]
    alpha = {index for index in marked if (dataset.descriptions[index - 1] or "alpha").lower() == "alpha"}
    if len(alpha) == dataset.count:
        alpha = set()
    notes = tuple(
        Text(
            "Band {index} is marked as transparency (alpha): it masks and is no measurement. If "
            "it is one, give it a description.",
            index=index,
        )
        for index in sorted(alpha)
    )
    return alpha, notes


def palette_notes(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return notes on the bands whose numbers are no measurements, but places in a palette."""
    from rasterio.enums import ColorInterp

    return tuple(
        Text(
            "Band {index} has a palette: its numbers stand for colours or classes and are no measurements.",
            index=index,
        )
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
        (dataset.descriptions[index - 1] or "").strip()
        or _name_in_tags(dataset, index)
        or untranslated(f"Band {index}")
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
        return untranslated(f"Band {invented[1]}")
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


def renamed_bands(text: str, band_names: Sequence[str]) -> tuple[str, ...]:
    """Return the bands' names with the user's own over them.

    Args:
        text: ``blue, green, red``: a name for each band in their order, where nothing between two
            commas keeps the band's name; or ``red=B4, nir=8``: new names, each with the name of a
            band or its number counted from 1. A name with a comma stands in double quotes.
            Empty renames nothing.
        band_names: The names that the files tell, all different.

    Raises:
        ParameterError: There are more or fewer names than bands, a pair has no new name or names a
            band that does not exist, or two bands would have the same name.
    """
    entries = split_list(text)
    if not any(entries):
        return tuple(band_names)
    if any("=" in entry for entry in entries):
        names = _renamed_by_pairs(entries, band_names)
    else:
        if len(entries) != len(band_names):
            raise ParameterError(
                "{count} names are given for {needed} bands: {bands}",
                where="BAND_NAMES",
                advice=_NAMES_ADVICE,
                count=len(entries),
                needed=len(band_names),
                bands=", ".join(band_names),
            )
        names = [entry or name for entry, name in zip(entries, band_names, strict=True)]
    double = _first_double(names)
    if double is not None:
        raise ParameterError(
            "Two bands would have the name {name!r}",
            where="BAND_NAMES",
            advice="Give each band a name of its own.",
            name=double,
        )
    return tuple(names)


def chosen_bands(text: str, band_names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the bands to use, in the order to use them in.

    Args:
        text: Names of bands or their numbers counted from 1, separated by commas; a name with a
            comma stands in double quotes. Empty is all of them.
        band_names: All of them.

    Raises:
        ParameterError: There is no such band, or one is named twice.
    """
    chosen = [band_called(entry, band_names, "BANDS") for entry in split_list(text) if entry]
    if not chosen:
        return tuple(band_names)
    double = _first_double(chosen)
    if double is not None:
        raise ParameterError(
            "The band {band!r} is chosen twice", where="BANDS", advice="Name each band once.", band=double
        )
    return tuple(chosen)


def band_called(wanted: str, band_names: Sequence[str], where: str) -> str:
    """Return the band of the name ``wanted``, in upper or lower case, or of that number from 1.

    Args:
        wanted: The name or number.
        band_names: The raster's bands.
        where: The parameter that it was given in, for the message.

    Raises:
        ParameterError: There is no such band.
    """
    folded = {name.casefold(): name for name in reversed(band_names)}
    if wanted.casefold() in folded:
        return folded[wanted.casefold()]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(band_names):
        return band_names[int(wanted) - 1]
    raise ParameterError(
        "The raster has no band {band!r}",
        where=where,
        advice="Its bands are: {bands}.",
        band=wanted,
        bands=", ".join(band_names),
    )


def split_list(text: str) -> list[str]:
    """Return what stands between commas; in double quotes, commas do not divide."""
    rows = csv.reader([" ".join(text.split())], skipinitialspace=True)
    return [entry.strip() for entry in next(rows, [])]


def _renamed_by_pairs(entries: Sequence[str], band_names: Sequence[str]) -> list[str]:
    names = dict(zip(band_names, band_names, strict=True))
    for entry in filter(None, entries):
        new, equals, band = (part.strip() for part in entry.partition("="))
        if not equals or not new:
            raise ParameterError(
                "{entry!r} gives no band a name", where="BAND_NAMES", advice=_NAMES_ADVICE, entry=entry
            )
        names[band_called(band, band_names, "BAND_NAMES")] = new
    return list(names.values())


def _first_double(names: Sequence[str]) -> str | None:
    folded = [name.casefold() for name in names]
    return next((name for name in names if folded.count(name.casefold()) > 1), None)
