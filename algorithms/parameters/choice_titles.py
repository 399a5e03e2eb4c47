"""Titles of what a parameter may be, for dialogs: ``tree_ensemble`` is shown as 'Trees with neighbourhoods'.

Values keep their identifiers in scripts, models and the history.
"""

from __future__ import annotations

from qgis.PyQt.QtCore import QLocale

from ...core.classes import load_scheme, shipped_schemes
from ...core.models.architecture import Architecture
from ...core.models.architectures import ARCHITECTURES, OLDER_NAMES, architecture
from ...core.models.published import PUBLISHED_WEIGHTS
from ...core.models.segmentation import ENCODERS
from ..i18n.messages import translated_message
from ..i18n.translation import tr, translated_languages

ARCHITECTURE_NAMES = (
    *(
        item.name
        for item in sorted(ARCHITECTURES, key=lambda item: item.is_for_comparison)
        if item.is_trainable
    ),
    *OLDER_NAMES,
)
"""All values of ARCHITECTURE, those for comparison behind the others."""

# Names of sensors and methods, which are the same in all languages.
_PUBLISHED = {
    "SENTINEL2_ALL_SECO_ECO": "Sentinel-2 L2A, SeCo-Eco",
    "SENTINEL2_ALL_MOCO": "Sentinel-2 L1C, MoCo",
    "SENTINEL2_ALL_DINO": "Sentinel-2 L1C, DINO",
    "LANDSAT_OLI_SR_MOCO": "Landsat 8-9, MoCo",
    "LANDSAT_ETM_SR_MOCO": "Landsat 4-7, MoCo",
    "SENTINEL1_ALL_MOCO": "Sentinel-1, MoCo",
}


def choice_titles(parameter: str) -> dict[str, str]:
    """Return identifier to title of the values of a parameter, in the user's language; empty without titles.

    Args:
        parameter: Public name, such as ``ARCHITECTURE``. Parameters of one name share their titles.
    """
    if parameter == "SCHEME":
        return {name: tr(load_scheme(path).title) for name, path in shipped_schemes().items()}
    if parameter in ("REPORT_LANGUAGE", "LANGUAGE_2"):
        names = {code: QLocale(code).nativeLanguageName().capitalize() for code in translated_languages()}
        first = {"auto": automatic()} if parameter == "REPORT_LANGUAGE" else {"none": tr("None")}
        return {**first, "en": "English", **names}
    return (_of_models() | _of_samples() | _of_training() | _of_computing() | _of_files()).get(parameter, {})


def automatic() -> str:
    """Return the title of a value that leaves the choice to the tool."""
    return tr("Automatic")


def older_choices(parameter: str) -> tuple[str, ...]:
    """Return the values of a parameter that scripts and models may have and dialogs do not list."""
    return OLDER_NAMES if parameter == "ARCHITECTURE" else ()


def _architecture_title(entry: Architecture) -> str:
    title = translated_message(entry.title)
    return tr("{} (for comparison)").format(title) if entry.is_for_comparison else title


def _of_models() -> dict[str, dict[str, str]]:
    return {
        "ARCHITECTURE": {name: _architecture_title(architecture(name)) for name in ARCHITECTURE_NAMES},
        "COMBINE": {
            "weighted": tr("Weights of members"),
            "class_weighted": tr("Weights by class"),
            "log_mean": tr("Mean of log-probabilities"),
            "mean": tr("Mean of probabilities"),
        },
        "ENCODER": {"auto": automatic(), **{item.name: item.title for item in ENCODERS}},
        "ATTENTION": {"none": tr("None"), "se": tr("Squeeze-and-excitation (SE)"), "cbam": "CBAM"},
        "WINDOWS": {"auto": automatic(), "0": tr("Single pixel")},
        "CONTEXT_GRID": {
            "auto": automatic(),
            "1": tr("Every pixel"),
            **{side: tr("{} pixels").format(side) for side in ("2", "3", "4", "5", "8")},
        },
        "PYRAMID": {"auto": automatic()},
        "STEM": {"auto": automatic(), "standard": tr("Standard"), "small": tr("Small patches")},
    }


def _of_samples() -> dict[str, dict[str, str]]:
    return {
        "SPLIT": {
            "auto": automatic(),
            "polygons": tr("Whole polygons"),
            "blocks": tr("Spatial blocks"),
            "field": tr("Split field"),
            "random": tr("Random pixels, optimistic"),
        },
        "FOLDS": {"auto": automatic(), "0": tr("One split")},
        "DESIGN": {
            "auto": automatic(),
            "none": tr("No probability sample"),
            "simple": tr("Simple random"),
            "stratified_by_map": tr("Stratified by this map"),
            "stratified_other": tr("Stratified by other strata"),
            "weights": tr("Weights of the points"),
        },
        "ALLOCATION": {
            "proportional": tr("Proportional to area"),
            "equal": tr("Equal"),
            "optimal": tr("Optimal (Neyman)"),
        },
    }


def _of_training() -> dict[str, dict[str, str]]:
    return {
        "WEIGHTS": {
            "none": tr("Random weights"),
            "self_supervised": tr("From the raster's own pixels (experimental)"),
            "imagenet": "ImageNet",
            **{name: _published_title(name, title) for name, title in _PUBLISHED.items()},
        },
        "VALUE_UNIT": {
            "auto": automatic(),
            "reflectance": tr("Reflectance, 0 to 1"),
            "reflectance_offset": tr("Reflectance plus 0.1"),
            "scaled": tr("Reflectance times 10,000"),
            "scaled_offset": tr("Reflectance times 10,000 plus 1,000"),
            "landsat": tr("Landsat Collection 2 numbers"),
            "decibel": tr("Decibel (radar)"),
        },
        "FINE_TUNING": {
            "full": tr("All weights"),
            "frozen": tr("New layers only"),
            "gradual": tr("Stage by stage"),
            "low_rank": tr("Low rank"),
        },
        "SCHEDULE": {
            "auto": automatic(),
            "cosine": tr("Cosine"),
            "one_cycle": tr("One cycle"),
            "constant": tr("Constant"),
        },
        "MONITOR": {
            "auto": automatic(),
            "macro_f1": tr("Macro-F1"),
            "accuracy": tr("Overall accuracy"),
            "last": tr("Last epoch"),
        },
        "LOSS": {"cross_entropy": tr("Cross-entropy"), "focal": tr("Focal loss")},
        "BALANCE": {
            "auto": automatic(),
            "sqrt": tr("Inverse square root of frequency"),
            "effective": tr("Effective number of samples"),
            "oversampling": tr("Oversampling"),
            "none": tr("No balance"),
        },
    }


def _published_title(name: str, title: str) -> str:
    """Return the title of published weights, which says where nobody of this project has tried a file."""
    is_tried = all(entry.is_tried for entry in PUBLISHED_WEIGHTS if entry.name == name)
    return title if is_tried else tr("{} (not tried by us)").format(title)


def _of_computing() -> dict[str, dict[str, str]]:
    return {
        "BUILD": {"auto": automatic(), "cuda": tr("NVIDIA GPU (CUDA)"), "cpu": tr("Processor only")},
        "DEVICE": {
            "auto": automatic(),
            "cpu": tr("Processor"),
            "cuda": tr("NVIDIA GPU (CUDA)"),
            "cuda:0": tr("First NVIDIA GPU"),
            "cuda:1": tr("Second NVIDIA GPU"),
            "mps": tr("Apple GPU"),
        },
        "BACKEND": {"auto": automatic(), "torch": "PyTorch", "openvino": "OpenVINO"},
        "PRECISION": {
            "auto": automatic(),
            "fp32": tr("32 bits"),
            "tf32": tr("32 bits, rounded (TF32)"),
            "bf16": tr("16 bits (bfloat16)"),
            "fp16": tr("16 bits (float16)"),
            "int8": tr("8 bits"),
        },
        "DECISION": {"accuracy": tr("Most probable class"), "balanced": tr("Rare classes favoured")},
    }


def _of_files() -> dict[str, dict[str, str]]:
    return {
        "METHOD": {
            "auto": automatic(),
            "product": tr("Quality layer of the product"),
            "csmask": tr("Network of ukis-csmask"),
        },
        "QUANTITY": {
            "auto": automatic(),
            "surface": tr("Surface (level 2)"),
            "top_of_atmosphere": tr("Top of the atmosphere (level 1)"),
        },
        "RESAMPLING": {
            "auto": automatic(),
            "nearest": tr("Nearest neighbour"),
            "bilinear": tr("Bilinear"),
            "cubic": tr("Cubic"),
            "average": tr("Average"),
        },
        "SHARE_TYPE": {
            "uint8": tr("8 bits, steps of 0.004"),
            "float32": tr("32 bits, every digit"),
        },
        "COMPRESSION": {"deflate": "Deflate", "zstd": "Zstandard"},
        "CONNECTIVITY": {"8": tr("Edges and corners (8)"), "4": tr("Edges only (4)")},
        "RULE": {
            "priority": tr("Order of the maps"),
            "probability": tr("Highest probability"),
            "date": tr("Latest date"),
        },
        "PAPER": {"A4": "A4", "A3": "A3"},
        "ORIENTATION": {
            "auto": automatic(),
            "landscape": tr("Landscape"),
            "portrait": tr("Portrait"),
        },
        "GRATICULE": {
            "frame": tr("Coordinates at the frame"),
            "degrees": tr("Lines in degrees"),
            "map_units": tr("Lines in map units"),
            "none": tr("None"),
        },
        "LEVEL": {"none": tr("Classes as they are"), "parent": tr("Parents of the classes")},
        "FILTERS": {
            "gap_fill": tr("Gap fill"),
            "first_year": tr("First date"),
            "last_year": tr("Last date"),
            "window_3": tr("Window of 3 dates"),
            "window_4": tr("Window of 4 dates"),
            "window_5": tr("Window of 5 dates"),
        },
    }
