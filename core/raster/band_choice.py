"""What the user calls bands: names given to them, and which of them are used, in which order."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from ..errors import ParameterError

_NAMES_ADVICE = (
    "Write a name for each band in their order, such as blue, green, red, or pairs of a new name and a "
    "band, such as red=B4, nir=8."
)


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
                f"{len(entries)} names are given for {len(band_names)} bands: {', '.join(band_names)}",
                where="BAND_NAMES",
                advice=_NAMES_ADVICE,
            )
        names = [entry or name for entry, name in zip(entries, band_names, strict=True)]
    double = _first_double(names)
    if double is not None:
        raise ParameterError(
            f"Two bands would have the name {double!r}",
            where="BAND_NAMES",
            advice="Give each band a name of its own.",
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
            f"The band {double!r} is chosen twice", where="BANDS", advice="Name each band once."
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
        f"The raster has no band {wanted!r}", where=where, advice=f"Its bands are: {', '.join(band_names)}."
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
            raise ParameterError(f"{entry!r} gives no band a name", where="BAND_NAMES", advice=_NAMES_ADVICE)
        names[band_called(band, band_names, "BAND_NAMES")] = new
    return list(names.values())


def _first_double(names: Sequence[str]) -> str | None:
    folded = [name.casefold() for name in names]
    return next((name for name in names if folded.count(name.casefold()) > 1), None)
