"""Roles of bands (blue, red, nir, ...), guessed from names or set by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import ParameterError
from ..text import untranslated
from .bands import band_called, split_list

ROLES: tuple[str, ...] = (
    "coastal",
    "blue",
    "green",
    "red",
    "red_edge_1",
    "red_edge_2",
    "red_edge_3",
    "nir",
    "nir_narrow",
    "swir1",
    "swir2",
)
_SENTINEL_2 = {
    "1": "coastal",
    "2": "blue",
    "3": "green",
    "4": "red",
    "5": "red_edge_1",
    "6": "red_edge_2",
    "7": "red_edge_3",
    "8": "nir",
    "8a": "nir_narrow",
    "11": "swir1",
    "12": "swir2",
}
_LANDSAT_4_TO_7 = {"1": "blue", "2": "green", "3": "red", "4": "nir", "5": "swir1", "7": "swir2"}
_LANDSAT_8_9 = {
    "1": "coastal",
    "2": "blue",
    "3": "green",
    "4": "red",
    "5": "nir",
    "6": "swir1",
    "7": "swir2",
}
# Words between anything but letters; the first that matches counts.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?<![a-z]){words}(?![a-z])"))
    for role, words in (
        ("red_edge_2", r"(?:red[ _-]*edge|vre|re)[ _-]*2"),
        ("red_edge_3", r"(?:red[ _-]*edge|vre|re)[ _-]*3"),
        ("", r"(?:red[ _-]*edge|vre|re)[ _-]*4"),
        ("red_edge_1", r"(?:red[ _-]*edge|(?:vre|re)[ _-]*1)"),
        ("coastal", r"coastal"),
        ("swir2", r"(?:swir|short[ _-]*wave[ _-]*infra[ _-]*red)[ _-]*(?:22|2)(?!\d)"),
        ("swir1", r"(?:swir|short[ _-]*wave[ _-]*infra[ _-]*red)(?:[ _-]*(?:16|1)(?!\d))?"),
        ("nir_narrow", r"(?:narrow[ _-]*nir|nir[ _-]*narrow|nir[ _-]*2)"),
        ("", r"nir[ _-]*09"),
        ("nir", r"(?:nir|near[ _-]*infra[ _-]*red)"),
        ("blue", r"blue"),
        ("green", r"green"),
        ("red", r"red"),
    )
)
_CODE = re.compile(r"(?<![a-z0-9])b(?:and)?[ _-]*0*(\d{1,2}a?)(?![a-z0-9])")
_THERMAL = re.compile(r"thermal|temperature|vcid|(?<![a-z])(?:tir|tirs|st)(?![a-z])")
# What a band without description is called, also the second one of that number in a stack.
_UNNAMED = re.compile(r"Band \d+( \(\d+\))?")


def guess_roles(band_names: Sequence[str]) -> dict[str, str]:
    """Return role to band name, as far as the names tell.

    Words (``blue``, ``Red edge 1``, ``SWIR2``, ``nir08``) count first. Numbers (``B8A``, ``B02``,
    ``SR_B4``, ``band 1 reflectance``) count as the sensor's that the set of them belongs to:

    * Sentinel-2 where there is a B8A or B12, or a B8 without B1 and B10;
    * Landsat 8 and 9 where there is a B9, B10 or B11, an SR_B6, or a B6 without B1;
    * Landsat 4 to 7 where there is a B1 and the sixth is missing or named as thermal.

    Exactly B1 to B7 may be either Landsat (the sixth is thermal or short-wave infrared), and
    bands without names (``Band 1``, ``Band 2``, …) may be anything: nothing is guessed from them.
    The near infrared is the narrow one (B8A) where there is no other.
    """
    roles: dict[str, str] = {}
    coded: dict[str, str] = {}
    for name in band_names:
        role = _role_of_words(name)
        if role is None:
            code = "" if is_unnamed(name) else _code_of(name)
            if code:
                coded.setdefault(code, name)
        elif role:
            roles.setdefault(role, name)
    # Only Landsat's Collection 2 writes SR_B4.
    is_collection_2 = any(name.upper().startswith("SR_B") for name in band_names)
    for code, role in _sensor(set(coded), is_collection_2).items():
        if code in coded:
            roles.setdefault(role, coded[code])
    return _completed(roles)


def guess_stack_roles(band_names: Sequence[str], own_bands: int) -> dict[str, str]:
    """Return role to band name for a stack of several rasters.

    All bands together are one sensor's (its 10 m and its 20 m bands, for example) as long as that
    changes nothing of what the first raster's names tell alone. Else the others come from another
    sensor, whose B5 is something else, and only the first raster's bands have roles.

    Args:
        band_names: Of the whole stack.
        own_bands: How many of them, from the first, are the first raster's.
    """
    own, together = guess_roles(band_names[:own_bands]), guess_roles(band_names)
    # The narrow near infrared only stands in for the other, which may be in the next raster.
    certain = {role: band for role, band in own.items() if role != "nir" or band != own.get("nir_narrow")}
    return together if certain.items() <= together.items() else own


def parse_roles(text: str, band_names: Sequence[str], own_bands: int | None = None) -> dict[str, str]:
    """Return the guessed roles, with the user's own over them.

    Args:
        text: ``nir=B8, red=B4``: roles and names of bands, or their numbers counted from 1.
        band_names: The raster's bands.
        own_bands: How many of them are the first raster's, in a stack of several; None is all.

    Raises:
        ParameterError: A pair has no ``=``, or names a role or a band that does not exist.
    """
    roles = guess_stack_roles(band_names, len(band_names) if own_bands is None else own_bands)
    for pair in filter(None, split_list(text)):
        role, equals, band = (part.strip() for part in pair.partition("="))
        role = re.sub(r"[ -]+", "_", role.lower())
        if not equals or role not in ROLES:
            raise ParameterError(
                "{text!r} names no band role",
                where="BAND_ROLES",
                advice="Write for example nir=B8, red=B4. Roles are: {roles}.",
                text=pair,
                roles=", ".join(ROLES),
            )
        roles[role] = band_called(band, band_names, "BAND_ROLES")
    return roles


def roles_within(roles: Mapping[str, str], band_names: Sequence[str]) -> dict[str, str]:
    """Return the roles of those bands that are used; the narrow near infrared may take the other's."""
    return _completed({role: band for role, band in roles.items() if band in band_names})


def is_unnamed(band_name: str) -> bool:
    """Whether a band has only a number for a name, which tells nothing of what it measures."""
    return _UNNAMED.fullmatch(band_name) is not None


def _completed(roles: Mapping[str, str]) -> dict[str, str]:
    """Return the roles in their order; the narrow near infrared stands in for the other."""
    found = {"nir": roles["nir_narrow"], **roles} if "nir_narrow" in roles else roles
    return {role: found[role] for role in ROLES if role in found}


def _role_of_words(name: str) -> str | None:
    """Return the role, empty for a band that is none of the roles, None where no word tells."""
    lower = name.lower()
    return next((role for role, words in _WORDS if words.search(lower)), None)


def _code_of(name: str) -> str:
    lower = name.lower().replace("_", " ")
    found = _CODE.search(lower)
    if not found:
        return ""
    return untranslated(f"thermal {found[1]}") if _THERMAL.search(lower) else found[1]


def _sensor(codes: set[str], is_collection_2: bool) -> dict[str, str]:
    if codes & {"8a", "12"}:
        return _SENTINEL_2
    if "8" in codes and not codes & {"1", "10"} and not is_collection_2:
        return _SENTINEL_2
    if codes & {"9", "10", "11"} or ("6" in codes and (is_collection_2 or "1" not in codes)):
        return _LANDSAT_8_9
    if "1" in codes and "6" not in codes:
        return _LANDSAT_4_TO_7
    return {}
