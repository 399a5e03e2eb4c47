"""Facts that a checkpoint of another program has besides its weights: class names, scaling, patch size.

Programs write them under many names. What is found is a proposal: a user's parameters come first.

>>> facts = facts_of({"epoch": 12, "class_names": ["Forest", "Rice"], "patch_size": 16})
>>> facts.class_names, facts.patch_size
(('Forest', 'Rice'), 16)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .checkpoint import StoredArray
from .stack_machine import Placeholder

_CONTAINERS = (
    "config",
    "cfg",
    "args",
    "opt",
    "meta",
    "metadata",
    "params",
    "settings",
    "hparams",
    "hyper_parameters",
    "normalization",
    "normalisation",
    "norm",
    "stats",
    "scaler",
)
_CLASSES = ("class_names", "classes", "class_labels", "label_names", "labels", "names", "categories")
_NUMBERED = ("idx_to_class", "idx2class", "id2label", "index_to_class", "class_mapping")
_NUMBERS = ("class_to_idx", "class2idx", "label2id", "class_to_index")
_BANDS = ("band_names", "bands", "channel_names", "input_bands", "feature_names", "features")
_PATCH_SIZE = ("patch_size", "window_size", "chip_size", "img_size", "image_size", "input_size", "tile_size")
# Names of the mean and of the standard deviation, which are only used together.
_SCALING = (
    ("mean", "std"),
    ("means", "stds"),
    ("feat_mean", "feat_std"),
    ("band_mean", "band_std"),
    ("band_means", "band_stds"),
    ("channel_mean", "channel_std"),
    ("channel_means", "channel_stds"),
    ("train_mean", "train_std"),
    ("norm_mean", "norm_std"),
    ("mean_", "scale_"),
)
# Facts for the report, which change nothing.
_RECORDED = ("arch", "architecture", "model_name", "epoch", "best_epoch", "best_acc", "best_acc1", "val_acc")
_MAX_ITEMS = 10_000
_MAX_PATCH_SIZE = 256


@dataclass(frozen=True)
class Facts:
    """Facts of a file; each is empty where the file does not say it.

    Attributes:
        class_names: Name of each class, in the order of the network's outputs.
        class_values: Value of each class, in the order of the network's outputs.
        bands: Names of the input bands.
        mean: Mean of each band, in the unit of ``divisor``.
        std: Standard deviation of each band, in the unit of ``divisor``.
        divisor: Number that stored values are divided by before mean and deviation; None where it is not
            known.
        patch_size: Rows and columns of a patch, in pixels; 0 where it is not known.
        pixel_size: Side of a pixel in metres; 0 where it is not known.
        recorded: Further facts by name, as text.
    """

    class_names: tuple[str, ...] = ()
    class_values: tuple[int, ...] = ()
    bands: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    divisor: float | None = None
    patch_size: int = 0
    pixel_size: float = 0.0
    recorded: Mapping[str, str] = field(default_factory=dict)


def facts_of(content: Any) -> Facts:
    """Return the facts in the content of a checkpoint, see ``core.models.checkpoint``.

    Args:
        content: Content of the checkpoint; that of a bare state dictionary says nothing.
    """
    known: dict[str, Any] = {}
    for entries in _dictionaries(content):
        for name, value in entries.items():
            if isinstance(name, str):
                known.setdefault(name.lower(), value)
    names, values = _classes(known)
    mean, std = _scaling(known)
    return Facts(
        class_names=names,
        class_values=values,
        bands=_texts(_first(known, _BANDS)),
        mean=mean,
        std=std,
        patch_size=_patch_size(_first(known, _PATCH_SIZE)),
        recorded={name: _short(known[name]) for name in _RECORDED if _is_plain(known.get(name))},
    )


def class_names_of(numbered: Any) -> tuple[str, ...]:
    """Return the class names of a dictionary from numbers 0, 1, ... to names; empty for anything else.

    Args:
        numbered: Dictionary whose keys are whole numbers, or such numbers as text.
    """
    if not isinstance(numbered, dict) or not 0 < len(numbered) <= _MAX_ITEMS:
        return ()
    by_number = {int(key): value for key, value in numbered.items() if str(key).isdecimal()}
    if sorted(by_number) != list(range(len(numbered))):
        return ()
    return _texts([by_number[number] for number in range(len(numbered))])


def numbers_of(value: Any) -> tuple[float, ...]:
    """Return the numbers of a list or an array of any shape; empty for anything else.

    Args:
        value: Value of a checkpoint or a JSON document.
    """
    numbers = [item for item in _items(value) if type(item) in (int, float) and math.isfinite(item)]
    return tuple(map(float, numbers)) if len(numbers) == len(_items(value)) else ()


def _dictionaries(content: Any) -> Iterator[Mapping[Any, Any]]:
    """Yield the outermost dictionary, and those of settings in it."""
    outer = _entries(content)
    yield outer
    for name, value in outer.items():
        if isinstance(name, str) and name.lower() in _CONTAINERS:
            yield _entries(value)


def _entries(value: Any) -> Mapping[Any, Any]:
    """Return the entries of a dictionary, or the attributes of an object such as ``argparse.Namespace``."""
    if isinstance(value, Placeholder):
        value = value.entries or value.state
    return value if isinstance(value, dict) else {}


def _first(known: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((known[name] for name in names if name in known), None)


def _classes(known: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return names and values of the classes, in the order of the outputs."""
    for name in (*_CLASSES, *_NUMBERED):
        value = known.get(name)
        names = class_names_of(value) or _texts(value)
        if names:
            return names, ()
        numbers = _items(value)
        if numbers and all(type(item) is int for item in numbers) and len(set(numbers)) == len(numbers):
            return (), tuple(numbers)
    for name in _NUMBERS:
        value = known.get(name)
        if isinstance(value, dict):
            names = class_names_of({number: label for label, number in value.items() if type(number) is int})
            if len(names) == len(value):
                return names, ()
    return (), ()


def _scaling(known: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    for names in _SCALING:
        mean, std = (numbers_of(known.get(name)) for name in names)
        if mean and len(mean) == len(std) and min(std) > 0:
            return mean, std
    return (), ()


def _patch_size(value: Any) -> int:
    sizes = {item for item in (_items(value) or [value]) if type(item) is int}
    size = sizes.pop() if len(sizes) == 1 else 0
    return size if 1 <= size <= _MAX_PATCH_SIZE else 0


def _texts(value: Any) -> tuple[str, ...]:
    items = _items(value)
    return tuple(items) if items and all(isinstance(item, str) for item in items) else ()


def _items(value: Any) -> list[Any]:
    """Return the elements of a list, a tuple or an array; empty for anything else."""
    if isinstance(value, StoredArray):
        value = value.values
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist() if value.size <= _MAX_ITEMS else []
    return list(value) if isinstance(value, (list, tuple)) and len(value) <= _MAX_ITEMS else []


def _is_plain(value: Any) -> bool:
    return type(value) in (int, float, str) and value != ""


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:100]
