"""Allowed values of parameters, and the parsers of parameters that are written as text.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .classes import LandCoverClass
from .errors import ParameterError

# Index to the band roles of its formula, in the order of the functions in ``indices``.
INDEX_ROLES: dict[str, tuple[str, ...]] = {
    "NDVI": ("nir", "red"),
    "EVI": ("nir", "red", "blue"),
    "SAVI": ("nir", "red"),
    "NDWI": ("green", "nir"),
    "MNDWI": ("green", "swir1"),
    "NDBI": ("swir1", "nir"),
    "BSI": ("swir1", "red", "nir", "blue"),
    "NDRE": ("nir", "red_edge_1"),
    "CIRE": ("nir", "red_edge_1"),
    "MSAVI": ("nir", "red"),
    "GNDVI": ("nir", "green"),
    "NDMI": ("nir", "swir1"),
    "NBR": ("nir", "swir2"),
}
INDEX_NAMES: tuple[str, ...] = tuple(INDEX_ROLES)
COMPRESSIONS = ("deflate", "zstd")
"""``deflate`` is read by everything, ``zstd`` is smaller and quicker."""
SHARE_TYPES = ("uint8", "float32")
"""Pixel types of shares between 0 and 1: scaled to whole numbers, or as they are."""
AUTO = "auto"
RESAMPLINGS: tuple[str, ...] = (AUTO, "nearest", "bilinear", "cubic", "average")
ACCURACY, BALANCED = "accuracy", "balanced"
DECISIONS = (ACCURACY, BALANCED)
"""What they do, ``core.uncertainty.calibration.decided`` says."""
DEFAULT_COVERAGE = 0.9
MIN_COVERAGE, MAX_COVERAGE = 0.5, 0.99
MAX_MC_SAMPLES = 50
TORCH, OPENVINO = "torch", "openvino"
BACKENDS: tuple[str, ...] = (AUTO, TORCH, OPENVINO)
FP32, TF32, BF16, FP16, INT8 = "fp32", "tf32", "bf16", "fp16", "int8"
PRECISIONS: tuple[str, ...] = (AUTO, FP32, TF32, BF16, FP16, INT8)
SCHEDULES: tuple[str, ...] = ("cosine", "one_cycle", "constant")
LOSSES: tuple[str, ...] = ("cross_entropy", "focal")
BALANCES: tuple[str, ...] = ("auto", "sqrt", "effective", "oversampling", "none")
MONITORS: tuple[str, ...] = ("macro_f1", "accuracy")
TRAINING_PRECISIONS: tuple[str, ...] = ("auto", "fp32", "bf16")
STEMS: tuple[str, ...] = ("auto", "standard", "small")
WEIGHTS: tuple[str, ...] = ("none", "imagenet")
PROPORTIONAL, EQUAL, OPTIMAL = "proportional", "equal", "optimal"
ALLOCATIONS = (PROPORTIONAL, EQUAL, OPTIMAL)
NONE, SIMPLE, BY_MAP, OTHER, BY_WEIGHTS = "none", "simple", "stratified_by_map", "stratified_other", "weights"
DESIGNS = (NONE, SIMPLE, BY_MAP, OTHER, BY_WEIGHTS)
# The last equals sign counts, for a stratum may be called "NDVI=high".
_PAIR = re.compile(r"\s*(.+?)\s*=\s*([^=]+?)\s*")
DENSE_GRID = 32
"""A U-Net halves its maps five times: what it is shown lies on a grid of so many pixels, counted from
the raster's origin, so that a pixel falls on the same place of all maps, however a raster is tiled."""
DENSE_HALO = 96
"""Pixels around those that are labelled, for what is further away hardly changes a label."""
DENSE_EXACT_HALO = 320
"""The same where nothing further away may change a label. An output of a ResNet's encoder depends on
pixels up to 288 away; the decoder looks a little further, on whole pixels of its coarsest map."""


def parse_resampling(text: str, count: int) -> tuple[str, ...]:
    """Return a resampling for each of ``count`` rasters.

    Args:
        text: One name for all of them, or one each in their order, separated by commas; empty is
            ``auto``.
        count: How many rasters there are.

    Raises:
        ParameterError: A name is unknown, or there are neither one nor ``count`` of them.
    """
    names = tuple(part.strip().lower() for part in text.split(",")) if text.strip() else (AUTO,)
    for name in names:
        if name not in RESAMPLINGS:
            raise ParameterError(
                "There is no resampling {name!r}",
                where="RESAMPLING",
                advice="Use one of: {choices}.",
                name=name,
                choices=", ".join(RESAMPLINGS),
            )
    if len(names) == 1:
        return names * count
    if len(names) != count:
        raise ParameterError(
            "There are {names} resamplings for 1 extra raster"
            if count == 1
            else "There are {names} resamplings for {count} extra rasters",
            where="RESAMPLING",
            advice="Give one for all of them, or one each in their order, separated by commas.",
            names=len(names),
            count=count,
        )
    return names


@dataclass(frozen=True)
class Method:
    """How a network is computed.

    Attributes:
        backend: One of ``BACKENDS``.
        precision: One of ``PRECISIONS``.
    """

    backend: str = AUTO
    precision: str = AUTO

    def __str__(self) -> str:
        return f"{self.backend} {self.precision}"

    def allows(self, other: Method) -> bool:
        """Return whether ``other`` is what this one asks for; ``auto`` asks for anything."""
        return self.backend in (AUTO, other.backend) and self.precision in (AUTO, other.precision)


PLAIN = Method(TORCH, FP32)
"""PyTorch in 32 bits, which computes every model anywhere."""


def parse_expected(text: str) -> dict[str, float]:
    """Return expected user's accuracies by class, lower case; that of all others has the empty name.

    Args:
        text: ``NAME=SHARE`` pairs and perhaps one share alone, separated by commas.

    Raises:
        ParameterError: A part is malformed, or a share is not between 0 and 1.
    """
    expected: dict[str, float] = {}
    for part in filter(str.strip, text.split(",")):
        name, _, share = part.rpartition("=")
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not 0 < value < 1:
            raise ParameterError(
                "{text!r} is no expected user's accuracy",
                where="EXPECTED_ACCURACY",
                advice="Write shares between 0 and 1: one for all such as 0.8, or Water=0.95, Rice=0.7, 0.8.",
                text=part.strip(),
            )
        expected[name.strip().casefold()] = value
    return expected


def expected_accuracies(text: str, classes: Sequence[LandCoverClass]) -> tuple[float, ...]:
    """Return the expected user's accuracy of each class, which may be named or given by its value.

    Raises:
        ParameterError: The text is malformed, or a name is none of the classes.
    """
    expected = parse_expected(text)
    other = expected.pop("", 0.8)
    found = []
    for item in classes:
        by_name = expected.pop(item.name.casefold(), None)
        by_value = expected.pop(str(item.value), None)
        found.append(next((share for share in (by_name, by_value) if share is not None), other))
    if expected:
        raise ParameterError(
            "The map has no class {name!r}",
            where="EXPECTED_ACCURACY",
            advice="Its classes are: {classes}.",
            name=next(iter(expected)),
            classes=", ".join(f"{item.value} {item.name}" for item in classes),
        )
    return tuple(found)


def check_design(design: str, stratum_field: str, strata_areas: str, weight_field: str) -> None:
    """Refuse a design that lacks what it needs.

    Raises:
        ParameterError: The sentence says what is missing.
    """
    if design not in DESIGNS:
        raise ParameterError(
            "DESIGN is {design!r}",
            where="DESIGN",
            advice="Choose one of: {choices}.",
            design=design,
            choices=", ".join(DESIGNS),
        )
    if design == OTHER and not (stratum_field and strata_areas.strip()):
        missing = "STRATUM_FIELD" if not stratum_field else "STRATA_AREAS"
        raise ParameterError(
            "DESIGN is " + OTHER + ", but {parameter} is empty",
            where=missing,
            advice="Give the field that holds the stratum of each point, and the area of each stratum.",
            parameter=missing,
        )
    if design == BY_WEIGHTS and not weight_field:
        raise ParameterError(
            "DESIGN is " + BY_WEIGHTS + ", but WEIGHT_FIELD is empty",
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
                "{text!r} is no area of a stratum",
                where="STRATA_AREAS",
                advice="Write pairs such as lowland=40000, upland=30000, without separators of thousands.",
                text=part.strip(),
            )
        if pair[1] in areas:
            raise ParameterError(
                "The stratum {stratum!r} has two areas",
                where="STRATA_AREAS",
                advice="Give it one.",
                stratum=pair[1],
            )
        areas[pair[1]] = area
    return areas
