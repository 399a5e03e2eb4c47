"""Allowed values of parameters, and the parsers of parameters that are written as text.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .classes import ClassIndex, LandCoverClass, describe_classes, whole_number
from .errors import ParameterError

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
"""Band roles of each spectral index, in the order of its formula's arguments in ``core.raster.indices``."""
INDEX_NAMES: tuple[str, ...] = tuple(INDEX_ROLES)
COMPRESSIONS = ("deflate", "zstd")
"""Compressions of GeoTIFFs: ``deflate`` for every reader, ``zstd`` for smaller and quicker files."""
SHARE_TYPES = ("uint8", "float32")
"""Data types of fractions between 0 and 1: scaled to whole numbers, or unscaled."""
AUTO, NONE = "auto", "none"
RESAMPLINGS: tuple[str, ...] = (AUTO, "nearest", "bilinear", "cubic", "average")
ACCURACY, BALANCED = "accuracy", "balanced"
DECISIONS = (ACCURACY, BALANCED)
"""Decision rules, see ``core.uncertainty.calibration.decided``."""
DEFAULT_COVERAGE = 0.9
MIN_COVERAGE, MAX_COVERAGE = 0.5, 0.99
DEFAULT_MIN_VALID = 0.5
"""Default minimum fraction of valid pixels in a patch, in maps; the rule of all training samples."""
MAX_MC_SAMPLES = 50
TORCH, OPENVINO = "torch", "openvino"
BACKENDS: tuple[str, ...] = (AUTO, TORCH, OPENVINO)
FP32, TF32, BF16, FP16, INT8 = "fp32", "tf32", "bf16", "fp16", "int8"
PRECISIONS: tuple[str, ...] = (AUTO, FP32, TF32, BF16, FP16, INT8)
CONTEXT_GRIDS: tuple[str, ...] = (AUTO, "1", "2", "3", "4", "5", "8")
SCHEDULES: tuple[str, ...] = (AUTO, "cosine", "one_cycle", "constant")
LOSSES: tuple[str, ...] = ("cross_entropy", "focal")
BALANCES: tuple[str, ...] = ("auto", "sqrt", "effective", "oversampling", "none")
MONITORS: tuple[str, ...] = (AUTO, "macro_f1", "accuracy", "last")
TRAINING_PRECISIONS: tuple[str, ...] = ("auto", "fp32", "bf16")
STANDARD, SMALL = "standard", "small"
STEMS: tuple[str, ...] = (AUTO, STANDARD, SMALL)
FULL, FROZEN, GRADUAL, LOW_RANK = "full", "frozen", "gradual", "low_rank"
FINE_TUNINGS: tuple[str, ...] = (FULL, FROZEN, GRADUAL, LOW_RANK)
"""Changes of loaded weights in training, see ``core.training.fine_tuning``."""
Quantity = Literal["reflectance", "decibel"]
"""Quantity of band values that published weights expect."""
REFLECTANCE: Final = "reflectance"
DECIBEL: Final = "decibel"
VALUE_UNITS: tuple[str, ...] = (
    AUTO,
    REFLECTANCE,
    "reflectance_offset",
    "scaled",
    "scaled_offset",
    "landsat",
    DECIBEL,
)
"""Units of band values, see ``core.raster.value_unit``."""
BY_PRODUCT, CSMASK = "product", "csmask"
CLOUD_METHODS: tuple[str, ...] = (AUTO, BY_PRODUCT, CSMASK)
"""Methods of a cloud mask: the product's quality layer, or the networks of ukis-csmask."""
QUANTITIES: tuple[str, ...] = (AUTO, "surface", "top_of_atmosphere")
"""Reflectance of the surface, or at the top of the atmosphere."""
WEIGHTED, CLASS_WEIGHTED, LOG_MEAN, MEAN = "weighted", "class_weighted", "log_mean", "mean"
COMBINATIONS: tuple[str, ...] = (WEIGHTED, CLASS_WEIGHTED, LOG_MEAN, MEAN)
"""Rules by which an ensemble combines its members, see ``core.models.pool``."""
SE, CBAM = "se", "cbam"
ATTENTIONS: tuple[str, ...] = (NONE, SE, CBAM)
"""Attention in the blocks of a ResNet, see ``core.models.attention``."""
ENCODERS: tuple[str, ...] = (
    AUTO,
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "efficientnet_lite0",
    "mobilenet_v2",
)
"""Encoders of segmentation networks, see ``core.models.segmentation``."""
PROPORTIONAL, EQUAL, OPTIMAL = "proportional", "equal", "optimal"
ALLOCATIONS = (PROPORTIONAL, EQUAL, OPTIMAL)
SIMPLE, BY_MAP, OTHER, BY_WEIGHTS = "simple", "stratified_by_map", "stratified_other", "weights"
DESIGNS = (AUTO, NONE, SIMPLE, BY_MAP, OTHER, BY_WEIGHTS)
# The last equals sign separates, because a stratum may be called "NDVI=high".
_PAIR = re.compile(r"\s*(.+?)\s*=\s*([^=]+?)\s*")
DENSE_GRID = 32
"""Alignment of the windows of dense networks, in pixels from the raster's origin.

Segmentation networks halve their feature maps four or five times. On this grid, a pixel has the same position
in all feature maps, however a raster is tiled.
"""
DENSE_HALO = 96
"""Width in pixels of the halo around classified pixels. Pixels farther away hardly change a label.

The halo that holds all pixels that can change a label is that of the architecture (``exact_halo``).
"""


def parse_resampling(text: str, count: int) -> tuple[str, ...]:
    """Return the resampling method of each extra raster, one of ``RESAMPLINGS``.

    Args:
        text: One name for all rasters, or one name per raster, in order, separated by commas. Empty is
            ``auto``.
        count: Number of extra rasters.

    Raises:
        ParameterError: A name is unknown, or there are neither one nor ``count`` names.
    """
    names = tuple(part.strip().lower() for part in text.split(",")) if text.strip() else (AUTO,)
    for name in names:
        if name not in RESAMPLINGS:
            raise ParameterError(
                "{name!r} is not a resampling method",
                where="RESAMPLING",
                advice="Use one of: {choices}.",
                name=name,
                choices=", ".join(RESAMPLINGS),
            )
    if len(names) == 1:
        return names * count
    if len(names) != count:
        raise ParameterError(
            "RESAMPLING has {names} methods for 1 extra raster"
            if count == 1
            else "RESAMPLING has {names} methods for {count} extra rasters",
            where="RESAMPLING",
            advice="Give one method for all extra rasters, or one per raster, in order, separated by commas.",
            names=len(names),
            count=count,
        )
    return names


def parse_folds(text: str) -> int | None:
    """Return the number of folds from FOLDS; None for ``auto``.

    Args:
        text: ``auto`` or a whole number. Empty is ``auto``. Expressions give numbers such as ``5.0``.

    Raises:
        ParameterError: ``text`` is neither.
    """
    word = text.strip().lower()
    if word in ("", AUTO):
        return None
    if re.fullmatch(r"[0-9]{1,3}(\.0+)?", word):
        return int(float(word))
    raise ParameterError(
        "FOLDS must be auto or a whole number (got {text!r})",
        where="FOLDS",
        advice="Use auto, 0 for one split, or a number of folds such as 5.",
        text=text,
    )


def parse_nodata_values(text: str) -> tuple[float, ...]:
    """Return the numbers of NODATA_VALUES, each once.

    Args:
        text: Numbers, separated by commas; empty for none.

    Raises:
        ParameterError: A part is not a finite number.
    """
    return tuple(dict.fromkeys(parse_numbers(text, "NODATA_VALUES", "0 or -9999, 65535")))


def parse_numbers(text: str, parameter: str, example: str) -> tuple[float, ...]:
    """Return the numbers of a list.

    Args:
        text: Numbers, separated by commas; empty for none.
        parameter: Name of the parameter, for the error.
        example: Numbers that the error gives as an example.

    Raises:
        ParameterError: A part is not a finite number.
    """
    values = []
    for part in filter(str.strip, text.split(",")):
        try:
            value = float(part)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ParameterError(
                "{text!r} is not a number",
                where=parameter,
                advice="Give numbers, separated by commas, such as {example}.",
                text=part.strip(),
                example=example,
            )
        values.append(value)
    return tuple(values)


def parse_class_list(text: str) -> tuple[tuple[int | None, str], ...]:
    """Return value and name of each class of CLASSES, in their order.

    A value is None, and a name empty, where the text does not give it.

    Args:
        text: Names (``Forest, Rice``), values (``1, 4``) or pairs (``1=Forest, 4=Rice``), separated by
            commas. A name with a comma stands in double quotes. Empty is none.

    Raises:
        ParameterError: The value of a pair is not a whole number, a value occurs twice, or only some entries
            have one.
    """
    entries = [entry for entry in split_list(text) if entry]
    classes: list[tuple[int | None, str]] = []
    for entry in entries:
        number, equals, name = (part.strip() for part in entry.partition("="))
        value = whole_number(number)
        if equals and value is None:
            raise ParameterError(
                "{entry!r} does not begin with a whole number",
                where="CLASSES",
                advice="Give pairs such as 1=Forest, 4=Rice.",
                entry=entry,
            )
        classes.append((value, name) if value is not None else (None, entry))
    values = [value for value, _ in classes if value is not None]
    if values and (len(values) != len(classes) or len(set(values)) != len(values)):
        raise ParameterError(
            "Each class needs a value of its own, or none of them",
            where="CLASSES",
            advice="Give names, values, or pairs such as 1=Forest, 4=Rice, in the order of the network's "
            "outputs.",
        )
    return tuple(classes)


def split_list(text: str) -> list[str]:
    """Return the entries of a comma-separated text. Commas in double quotes do not separate."""
    rows = csv.reader([" ".join(text.split())], skipinitialspace=True)
    return [entry.strip() for entry in next(rows, [])]


def parse_unlabelled(text: str) -> tuple[int, ...]:
    """Return the class values of UNLABELLED, each once.

    Args:
        text: Whole numbers, separated by commas; empty for none.

    Raises:
        ParameterError: A part is not a whole number.
    """
    values = []
    for part in filter(str.strip, text.split(",")):
        try:
            values.append(int(part))
        except ValueError as error:
            raise ParameterError(
                "{text!r} is not a whole number",
                where="UNLABELLED",
                advice="Give the values of the label raster that mean unlabelled, such as 0 or 0, -100.",
                text=part.strip(),
            ) from error
    return tuple(dict.fromkeys(values))


@dataclass(frozen=True)
class Method:
    """Backend and precision of a network.

    Attributes:
        backend: One of ``BACKENDS``.
        precision: One of ``PRECISIONS``.
    """

    backend: str = AUTO
    precision: str = AUTO

    def __str__(self) -> str:
        return f"{self.backend} {self.precision}"

    def allows(self, other: Method) -> bool:
        """Return whether ``other`` meets this method, in which ``auto`` stands for any value."""
        return self.backend in (AUTO, other.backend) and self.precision in (AUTO, other.precision)


TORCH_FP32 = Method(TORCH, FP32)
"""PyTorch in 32 bits, which is available for every model on every device."""


def parse_expected(text: str) -> dict[str, float]:
    """Return the expected user's accuracies, 0 to 1, by class name in lower case.

    The empty name has the accuracy of all other classes.

    Args:
        text: ``NAME=ACCURACY`` pairs, and optionally one accuracy without a name, separated by commas.

    Raises:
        ParameterError: A part is malformed, or an accuracy is not between 0 and 1.
    """
    expected: dict[str, float] = {}
    for part in filter(str.strip, text.split(",")):
        name, _, accuracy = part.rpartition("=")
        try:
            value = float(accuracy)
        except ValueError:
            value = -1.0
        if not 0 < value < 1:
            raise ParameterError(
                "{text!r} is not a user's accuracy between 0 and 1",
                where="EXPECTED_ACCURACY",
                advice="Give fractions: one for all classes, such as 0.8, or Water=0.95, Rice=0.7, 0.8.",
                text=part.strip(),
            )
        expected[name.strip().casefold()] = value
    return expected


def expected_accuracies(text: str, classes: Sequence[LandCoverClass]) -> tuple[float, ...]:
    """Return the expected user's accuracy of each class, 0 to 1.

    Args:
        text: Expected accuracies, see ``parse_expected``. A class is given by its name or its value.
        classes: Classes of the map.

    Raises:
        ParameterError: The text is malformed, or a name is not that of one class of the map.
    """
    expected = parse_expected(text)
    other = expected.pop("", 0.8)
    index, accuracies = ClassIndex(classes), dict.fromkeys((item.value for item in classes), other)
    for name, accuracy in expected.items():
        accuracies[class_called(name, index, classes, "EXPECTED_ACCURACY").value] = accuracy
    return tuple(accuracies.values())


def class_called(
    label: str, index: ClassIndex, classes: Sequence[LandCoverClass], parameter: str
) -> LandCoverClass:
    """Return the class of a map that a parameter names.

    Args:
        label: Name or value of the class.
        index: Index of ``classes``.
        classes: Classes of the map.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: The map has no such class, or several.
    """
    meant = index.by_label(label)
    if len(meant) != 1:
        raise ParameterError(
            "The map has several classes {name!r}" if meant else "The map has no class {name!r}",
            where=parameter,
            advice="Give the class value instead: {classes}."
            if meant
            else "Use one of its classes: {classes}.",
            name=label,
            classes=describe_classes(meant or classes),
        )
    return meant[0]


def classes_called(text: str, classes: Sequence[LandCoverClass], parameter: str) -> frozenset[int]:
    """Return the values of the classes in a list.

    Args:
        text: Names or values of classes, separated by commas. A name with a comma stands in double quotes.
        classes: Classes of the map.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: A name is not that of one class of the map.
    """
    index = ClassIndex(classes)
    labels = filter(None, split_list(text))
    return frozenset(class_called(label, index, classes, parameter).value for label in labels)


def parse_class_numbers(text: str, parameter: str, example: str) -> dict[str, float]:
    """Return a number of 0 or more by class as it is written. The empty name has that of all other classes.

    Args:
        text: ``CLASS=NUMBER`` pairs, and optionally one number without a class, separated by commas.
        parameter: Name of the parameter, for the error.
        example: Valid text, for the error.

    Raises:
        ParameterError: A part is malformed, or a number is below 0.
    """
    numbers: dict[str, float] = {}
    for part in filter(None, split_list(text)):
        name, _, number = part.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not 0 <= value < math.inf:
            raise ParameterError(
                "{text!r} is not a number of 0 or more",
                where=parameter,
                advice="Give numbers such as {example}.",
                text=part,
                example=example,
            )
        numbers[name.strip()] = value
    return numbers


def numbers_of_classes(
    numbers: Mapping[str, float], classes: Sequence[LandCoverClass], parameter: str
) -> dict[int, float]:
    """Return the number of each class that ``parse_class_numbers`` gives one, by value.

    Args:
        numbers: Numbers by class as it is written.
        classes: Classes of the map.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: A name is not that of one class of the map.
    """
    index = ClassIndex(classes)
    named = {label: number for label, number in numbers.items() if label}
    return {
        **({item.value: numbers[""] for item in classes} if "" in numbers else {}),
        **{class_called(label, index, classes, parameter).value: number for label, number in named.items()},
    }


def check_design(design: str, stratum_field: str, strata_areas: str, weight_field: str) -> None:
    """Check that a sampling design has the parameters that it requires.

    Args:
        design: Sampling design, one of ``DESIGNS``.
        stratum_field: Name of the field with the stratum of each point; empty for none.
        strata_areas: Area of each stratum as text, see ``parse_strata_areas``.
        weight_field: Name of the field with the weight of each point; empty for none.

    Raises:
        ParameterError: The design is unknown, a parameter is missing, or the areas are malformed.
    """
    if design not in DESIGNS:
        raise ParameterError(
            "{design!r} is not a sampling design",
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
            advice="Give the field with the stratum of each point, and the area of each stratum.",
            parameter=missing,
        )
    if design == BY_WEIGHTS and not weight_field:
        raise ParameterError(
            "DESIGN is " + BY_WEIGHTS + ", but WEIGHT_FIELD is empty",
            where="WEIGHT_FIELD",
            advice="Give the field with the area that each point represents.",
        )
    parse_strata_areas(strata_areas)


def parse_strata_areas(text: str) -> dict[str, float]:
    """Return the area of each stratum by name, in the unit of the text.

    Args:
        text: ``NAME=AREA`` pairs, separated by commas, semicolons or line breaks.

    Raises:
        ParameterError: A pair is malformed, an area is not above 0, or a stratum is repeated.
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
                "{text!r} is not the area of a stratum",
                where="STRATA_AREAS",
                advice="Give pairs such as lowland=40000, upland=30000, without thousands separators.",
                text=part.strip(),
            )
        if pair[1] in areas:
            raise ParameterError(
                "The stratum {stratum!r} has two areas",
                where="STRATA_AREAS",
                advice="Give each stratum one area.",
                stratum=pair[1],
            )
        areas[pair[1]] = area
    return areas
