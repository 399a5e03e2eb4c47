"""How reference points were drawn, by name. Light: QGIS checks the names."""

from __future__ import annotations

import math
import re

from ..errors import ParameterError

NONE, SIMPLE, BY_MAP, OTHER, WEIGHTS = "none", "simple", "stratified_by_map", "stratified_other", "weights"
DESIGNS = (NONE, SIMPLE, BY_MAP, OTHER, WEIGHTS)

# The last equals sign counts, for a stratum may be called "NDVI=high".
_PAIR = re.compile(r"\s*(.+?)\s*=\s*([^=]+?)\s*")


def check_design(design: str, stratum_field: str, strata_areas: str, weight_field: str) -> None:
    """Refuse a design that lacks what it needs.

    Raises:
        ParameterError: The sentence says what is missing.
    """
    if design not in DESIGNS:
        raise ParameterError(
            f"DESIGN is {design!r}", where="DESIGN", advice=f"Choose one of: {', '.join(DESIGNS)}."
        )
    if design == OTHER and not (stratum_field and strata_areas.strip()):
        missing = "STRATUM_FIELD" if not stratum_field else "STRATA_AREAS"
        raise ParameterError(
            f"DESIGN is {OTHER}, but {missing} is empty",
            where=missing,
            advice="Give the field that holds the stratum of each point, and the area of each stratum.",
        )
    if design == WEIGHTS and not weight_field:
        raise ParameterError(
            f"DESIGN is {WEIGHTS}, but WEIGHT_FIELD is empty",
            where="WEIGHT_FIELD",
            advice="Give the field that says how much of the area each point stands for.",
        )
    parse_strata_areas(strata_areas)


def parse_strata_areas(text: str) -> dict[str, float]:
    """Return the area of each stratum from ``NAME=AREA`` pairs, separated by commas or semicolons.

    Raises:
        ParameterError: A pair is malformed, an area is not above 0, or a stratum comes twice.
    """
    areas: dict[str, float] = {}
    for part in filter(str.strip, re.split(r"[,;\n]", text)):
        pair = _PAIR.fullmatch(part)
        try:
            area = float(pair[2]) if pair else math.nan
        except ValueError:
            area = math.nan
        if not pair or not 0 < area < math.inf:
            raise ParameterError(
                f"{part.strip()!r} is no area of a stratum",
                where="STRATA_AREAS",
                advice="Write pairs such as lowland=40000, upland=30000, without separators of thousands.",
            )
        if pair[1] in areas:
            raise ParameterError(
                f"The stratum {pair[1]!r} has two areas", where="STRATA_AREAS", advice="Give it one."
            )
        areas[pair[1]] = area
    return areas
