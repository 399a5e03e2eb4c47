"""Band roles (blue, red, nir, vv, …), guessed from band names or set by the user.

>>> guess_roles(("B02", "B03", "B04", "B08", "B8A"))
{'blue': 'B02', 'green': 'B03', 'red': 'B04', 'nir': 'B08', 'nir_narrow': 'B8A'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import ParameterError
from ..options import split_list
from ..text import untranslated
from .bands import band_called

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
    "water_vapour",
    "cirrus",
    "vv",
    "vh",
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
    "9": "water_vapour",
    "10": "cirrus",
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
    "9": "cirrus",
}
# Words that are not part of a longer word. The first match counts.
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
        ("water_vapour", r"(?:nir[ _-]*09|water[ _-]*vapou?r)"),
        ("nir", r"(?:nir|near[ _-]*infra[ _-]*red)"),
        ("blue", r"blue"),
        ("green", r"green"),
        ("red", r"red"),
        ("cirrus", r"cirrus"),
        # Polarisations of radar.
        ("vv", r"vv"),
        ("vh", r"vh"),
    )
)
_CODE = re.compile(r"(?<![a-z0-9])b(?:and)?[ _-]*0*(\d{1,2}a?)(?![a-z0-9])")
_THERMAL = re.compile(r"thermal|temperature|vcid|(?<![a-z])(?:tir|tirs|st)(?![a-z])")
# Name of a band without description, and of a second one of that number in a stack.
_UNNAMED = re.compile(r"Band \d+( \(\d+\))?")


def guess_roles(band_names: Sequence[str]) -> dict[str, str]:
    """Return the band name of each role that the names reveal.

    Words (``blue``, ``Red edge 1``, ``SWIR2``, ``nir08``) come first. Band numbers (``B8A``, ``B02``,
    ``SR_B4``, ``band 1 reflectance``) are those of the sensor that all of them together suggest:

    * Sentinel-2 with a B8A or B12, or with a B8 and neither B1 nor B10;
    * Landsat 8 and 9 with a B9, B10, B11 or SR_B6, or with a B6 and no B1;
    * Landsat 4 to 7 with a B1 and no B6, or with a B6 that is named as thermal.

    Exactly B1 to B7 may be either Landsat (B6 is thermal or short-wave infrared), and bands without
    names (``Band 1``, ``Band 2``, …) may be anything. Nothing is guessed from them. Where there is only
    a narrow near infrared (B8A), it also has the role ``nir``.

    Args:
        band_names: Names of the bands.
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
    # Only Landsat Collection 2 uses names such as SR_B4.
    is_collection_2 = any(name.upper().startswith("SR_B") for name in band_names)
    for code, role in _sensor(set(coded), is_collection_2).items():
        if code in coded:
            roles.setdefault(role, coded[code])
    return _completed(roles)


def guess_stack_roles(band_names: Sequence[str], own_bands: int) -> dict[str, str]:
    """Return the band name of each role for a stack of several rasters.

    All bands are taken as those of one sensor (10 m and 20 m bands, for example) if this contradicts
    none of the roles of the first raster alone. Otherwise the further rasters come from another sensor,
    with another meaning of B5, and only bands of the first raster have roles.

    Args:
        band_names: Names of all bands of the stack.
        own_bands: Number of bands of the first raster, which come first.
    """
    own, together = guess_roles(band_names[:own_bands]), guess_roles(band_names)
    # A narrow near infrared is only a substitute for the broad one, which may be in a further raster.
    certain = {role: band for role, band in own.items() if role != "nir" or band != own.get("nir_narrow")}
    return together if certain.items() <= together.items() else own


def parse_roles(text: str, band_names: Sequence[str], own_bands: int | None = None) -> dict[str, str]:
    """Return the band name of each role: the guessed roles, overridden by the user's.

    Args:
        text: BAND_ROLES: pairs of a role and a band's name or number from 1 (``nir=B8, red=4``).
        band_names: Names of all bands of the stack.
        own_bands: Number of bands of the first raster; None is all.

    Raises:
        ParameterError: A pair has no ``=``, or its role or band does not exist.
    """
    roles = guess_stack_roles(band_names, len(band_names) if own_bands is None else own_bands)
    for pair in filter(None, split_list(text)):
        role, equals, band = (part.strip() for part in pair.partition("="))
        role = re.sub(r"[ -]+", "_", role.lower())
        if not equals or role not in ROLES:
            raise ParameterError(
                "{text!r} is not a pair of a role and a band",
                where="BAND_ROLES",
                advice="Enter for example nir=B8, red=B4. Roles are: {roles}.",
                text=pair,
                roles=", ".join(ROLES),
            )
        roles[role] = band_called(band, band_names, "BAND_ROLES")
    return roles


def roles_within(roles: Mapping[str, str], band_names: Sequence[str]) -> dict[str, str]:
    """Return the roles of a selection of bands; a narrow near infrared may become ``nir``.

    Args:
        roles: Band name of each role, of all bands.
        band_names: Names of the selected bands.
    """
    return _completed({role: band for role, band in roles.items() if band in band_names})


def is_unnamed(band_name: str) -> bool:
    """Return whether a band's name is only a number, such as ``Band 3``."""
    return _UNNAMED.fullmatch(band_name) is not None


def _completed(roles: Mapping[str, str]) -> dict[str, str]:
    """Return the roles in the order of ``ROLES``; a narrow near infrared is also ``nir`` without another."""
    completed = {"nir": roles["nir_narrow"], **roles} if "nir_narrow" in roles else roles
    return {role: completed[role] for role in ROLES if role in completed}


def _role_of_words(name: str) -> str | None:
    """Return the role of a name's words, empty for a band without a role, None without such a word."""
    lower = name.lower()
    return next((role for role, words in _WORDS if words.search(lower)), None)


def _code_of(name: str) -> str:
    lower = name.lower().replace("_", " ")
    code = _CODE.search(lower)
    if not code:
        return ""
    return untranslated(f"thermal {code[1]}") if _THERMAL.search(lower) else code[1]


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
