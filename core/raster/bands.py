"""Band names, and the user's selection, order and renaming of bands.

>>> renamed_bands("nir=B8", ("B4", "B8"))   # ("B4", "nir")
>>> chosen_bands("nir, 1", ("B4", "nir"))   # ("nir", "B4")
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import ParameterError
from ..options import split_list
from ..text import Text, untranslated

# Name that GDAL gives to a band when it writes a raster as netCDF.
_GDALS_VARIABLE = re.compile(r"Band(\d+)")
_DIMENSION = "NETCDF_DIM_"
_MASKING_ALPHA = (
    "Band {index} is marked as transparency (alpha) and is used as a mask. If it is a measurement, name it, "
    "for example with BAND_NAMES: nir={index}."
)
_MEASURED_ALPHA = (
    "Band {index} is marked as transparency (alpha), but has many values. It is used as a measurement."
)
_NAMED_ALPHA = (
    "Band {index} is marked as transparency (alpha). It is used as a measurement, because it is named in "
    "BAND_NAMES, BANDS or BAND_ROLES."
)
# Side of the windows in which the values of an alpha band are counted. A band with this many values other
# than a mask's, in more than this fraction of the pixels, is a measurement.
_WINDOW = 64
_MIN_VALUES, _MAX_SOFT_FRACTION = 8, 0.1
_NAMES_ADVICE = (
    "Write a name for each band in their order, such as blue, green, red, or pairs of a new name and a "
    "band, such as red=B4, nir=8."
)


def alpha_bands(dataset: Any, alpha_is_data: bool = False) -> tuple[set[int], tuple[str, ...]]:
    """Return the numbers of the alpha bands, from 1, and notes on them for the user.

    GDAL marks the fourth band of any 8-bit raster that it creates as alpha, even if it is near infrared. A
    band with a description of its own, or with many values, is therefore taken as a measurement.

    Args:
        dataset: Open rasterio dataset.
        alpha_is_data: Whether all bands are measurements, because the user has named such a band.

    Raises:
        rasterio.errors.RasterioError: A band cannot be read.
    """
    from rasterio.enums import ColorInterp

    marked = [index for index in dataset.indexes if dataset.colorinterp[index - 1] == ColorInterp.alpha]
    unnamed = [index for index in marked if (dataset.descriptions[index - 1] or "alpha").lower() == "alpha"]
    if len(unnamed) == dataset.count:
        unnamed = []
    if alpha_is_data:
        return set(), tuple(Text(_NAMED_ALPHA, index=index) for index in unnamed)
    measured = {index for index in unnamed if _has_many_values(dataset, index)}
    notes = tuple(
        Text(_MEASURED_ALPHA if index in measured else _MASKING_ALPHA, index=index) for index in unnamed
    )
    return set(unnamed) - measured, notes


def _has_many_values(dataset: Any, index: int) -> bool:
    """Return whether a band holds more than a mask: many pixels between its least and greatest value.

    Nine windows are read. A mask is 0 and the data type's greatest value, but for soft borders.
    """
    import numpy as np
    from rasterio.windows import Window

    values = []
    for row in (1, 3, 5):
        for column in (1, 3, 5):
            # Around a sixth, a half and five sixths of the height and width.
            top = max(row * dataset.height // 6 - _WINDOW // 2, 0)
            left = max(column * dataset.width // 6 - _WINDOW // 2, 0)
            window = Window(left, top, min(_WINDOW, dataset.width - left), min(_WINDOW, dataset.height - top))
            values.append(dataset.read(index, window=window).ravel())
    pixels = np.concatenate(values)
    between = pixels[(pixels != 0) & (pixels != pixels.max())]
    return len(between) > _MAX_SOFT_FRACTION * len(pixels) and len(np.unique(between)) >= _MIN_VALUES


def palette_notes(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return notes on the bands whose values are indices into a palette and not measurements.

    Args:
        dataset: Open rasterio dataset.
        indexes: Numbers of the bands, from 1.
    """
    from rasterio.enums import ColorInterp

    return tuple(
        Text(
            "Band {index} has a palette: its values stand for colours or classes and are not measurements.",
            index=index,
        )
        for index in indexes
        if dataset.colorinterp[index - 1] == ColorInterp.palette
    )


def names_of(dataset: Any, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return a name for each band, all different.

    The name is the band's description; else, in a netCDF file, the variable's name with the band's
    position in its other dimensions (``ndvi time=16``); else ``long_name`` or ``standard_name`` of
    the band's metadata; else its number (``Band 3``).

    Args:
        dataset: Open rasterio dataset.
        indexes: Numbers of the bands, from 1.
    """
    return _numbered(
        (dataset.descriptions[index - 1] or "").strip()
        or _name_in_tags(dataset, index)
        or untranslated(f"Band {index}")
        for index in indexes
    )


def joined_names(names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the band names of several rasters in one sequence; repeated names get a number.

    Args:
        names: Band names of each raster.
    """
    return _numbered(name for raster in names for name in raster)


def _name_in_tags(dataset: Any, index: int) -> str:
    tags = dataset.tags(index)
    variable = str(tags.get("NETCDF_VARNAME", ""))
    generated = _GDALS_VARIABLE.fullmatch(variable)
    if generated:
        # GDAL wrote the raster as netCDF: its names are only numbers.
        return untranslated(f"Band {generated[1]}")
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
        # Names that a user enters are compared without regard to case.
        while name.casefold() in taken:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
        taken.add(name.casefold())
    return tuple(names)


def renamed_bands(text: str, band_names: Sequence[str]) -> tuple[str, ...]:
    """Return the band names after the user's renaming.

    Args:
        text: BAND_NAMES: either a name for each band in their order (``blue, green, red``), where an
            empty entry keeps the band's name; or pairs of a new name and a band's name or number
            from 1 (``red=B4, nir=8``). A name with a comma is written in double quotes. Empty
            renames nothing.
        band_names: Band names of the files, all different.

    Raises:
        ParameterError: The number of names differs from the number of bands, a pair has no new name
            or an unknown band, or two bands would have the same name.
    """
    entries = split_list(text)
    if not any(entries):
        return tuple(band_names)
    if any("=" in entry for entry in entries):
        names = _renamed_by_pairs(entries, band_names)
    else:
        if len(entries) != len(band_names):
            raise ParameterError(
                "BAND_NAMES has {count} names for {needed} bands: {bands}",
                where="BAND_NAMES",
                advice=_NAMES_ADVICE,
                count=len(entries),
                needed=len(band_names),
                bands=", ".join(band_names),
            )
        names = [entry or name for entry, name in zip(entries, band_names, strict=True)]
    duplicate = _first_duplicate(names)
    if duplicate is not None:
        raise ParameterError(
            "Two bands would have the name {name!r}",
            where="BAND_NAMES",
            advice="Give each band a different name.",
            name=duplicate,
        )
    return tuple(names)


def chosen_bands(text: str, band_names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the selected bands, in the selected order.

    Args:
        text: BANDS: names of bands or their numbers from 1, separated by commas. A name with a comma
            is written in double quotes. Empty selects all bands.
        band_names: Names of all bands.

    Raises:
        ParameterError: A band does not exist, or is selected twice.
    """
    selected = [band_called(entry, band_names, "BANDS") for entry in split_list(text) if entry]
    if not selected:
        return tuple(band_names)
    duplicate = _first_duplicate(selected)
    if duplicate is not None:
        raise ParameterError(
            "The band {band!r} is selected twice",
            where="BANDS",
            advice="Name each band once.",
            band=duplicate,
        )
    return tuple(selected)


def band_called(wanted: str, band_names: Sequence[str], where: str) -> str:
    """Return the name of the band that a user entered by name, in upper or lower case, or by number.

    Args:
        wanted: Name of the band, or its number from 1.
        band_names: Names of the raster's bands.
        where: Name of the parameter that holds ``wanted``, for the error.

    Raises:
        ParameterError: The raster has no such band.
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


def _renamed_by_pairs(entries: Sequence[str], band_names: Sequence[str]) -> list[str]:
    names = dict(zip(band_names, band_names, strict=True))
    for entry in filter(None, entries):
        new, equals, band = (part.strip() for part in entry.partition("="))
        if not equals or not new:
            raise ParameterError(
                "{entry!r} is not a pair of a new name and a band",
                where="BAND_NAMES",
                advice=_NAMES_ADVICE,
                entry=entry,
            )
        names[band_called(band, band_names, "BAND_NAMES")] = new
    return list(names.values())


def _first_duplicate(names: Sequence[str]) -> str | None:
    folded = [name.casefold() for name in names]
    return next((name for name in names if folded.count(name.casefold()) > 1), None)
