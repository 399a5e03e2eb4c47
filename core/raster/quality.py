"""Quality rasters of satellite products, whose values or bits stand for cloud, shadow and more.

>>> layer = QUALITY_LAYERS[SCL]
>>> chosen = chosen_classes(layer, "cloud shadow, thin cirrus", "CLOUD_CLASSES")
>>> holds(chosen, values)      # bool, whether each pixel is in one of these classes

Sources: Sentinel-2 Products Specification Document, issue 15 (scene classification); Landsat 8-9 Collection 2
Level 2 Science Product Guide and Data Format Control Book (QA_PIXEL).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray
from ..errors import ParameterError
from ..options import split_list
from ..text import untranslated

SCL, QA_PIXEL = "SCL", "QA_PIXEL"
"""Kinds of quality rasters: Sentinel-2 scene classification, and Landsat Collection 2 pixel quality."""
NO_DATA = untranslated("no data")
"""Name of the class of pixels without a measurement."""


@dataclass(frozen=True)
class QualityClass:
    """Class of a quality raster: the pixels with a value, or with a bit.

    Attributes:
        name: Name in lower case, as users write it.
        value: Value of the pixels, or the number of a bit from 0.
        is_bit: Whether ``value`` is the number of a bit.
    """

    name: str
    value: int
    is_bit: bool = False


@dataclass(frozen=True)
class QualityLayer:
    """Kind of a quality raster.

    Attributes:
        kind: ``SCL`` or ``QA_PIXEL``.
        classes: Its classes.
        masked: Names of the classes that a cloud mask leaves out unless others are asked for.
        groups: Further names for several classes, which are the same for all kinds.
    """

    kind: str
    classes: tuple[QualityClass, ...]
    masked: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return tuple(item.name for item in self.classes)


# Users write the names, and files hold them.
_SCL_NAMES = untranslated(
    "no data, saturated or defective, dark area, cloud shadow, vegetation, not vegetated, water, "
    "unclassified, cloud medium probability, cloud high probability, thin cirrus, snow or ice"
).split(", ")
_QA_NAMES = untranslated("no data, dilated cloud, cirrus, cloud, cloud shadow, snow, clear, water").split(
    ", "
)
_SCL_MASKED = (1, 3, 8, 9, 10)
_QA_MASKED = (1, 2, 3, 4)
# Names of classes of the one kind that stand for several, or for none, of the other.
_SCL_GROUPS = {"cloud": (8, 9), "cirrus": (10,), "snow": (11,), _QA_NAMES[1]: ()}
_QA_GROUPS = {
    _SCL_NAMES[8]: (3,),
    _SCL_NAMES[9]: (3,),
    _SCL_NAMES[10]: (2,),
    _SCL_NAMES[11]: (5,),
    _SCL_NAMES[1]: (),
}


def _layer(
    kind: str,
    names: Sequence[str],
    masked: Sequence[int],
    groups: dict[str, tuple[int, ...]],
    are_bits: bool,
) -> QualityLayer:
    return QualityLayer(
        kind,
        tuple(QualityClass(name, value, are_bits) for value, name in enumerate(names)),
        tuple(names[value] for value in masked),
        {group: tuple(names[value] for value in values) for group, values in groups.items()},
    )


QUALITY_LAYERS: dict[str, QualityLayer] = {
    SCL: _layer(SCL, _SCL_NAMES, _SCL_MASKED, _SCL_GROUPS, are_bits=False),
    QA_PIXEL: _layer(QA_PIXEL, _QA_NAMES, _QA_MASKED, _QA_GROUPS, are_bits=True),
}
"""Quality rasters by kind. Names of the other kind are understood, so that one list fits products of both."""


def quality_layer_of(path: str) -> QualityLayer | None:
    """Return the kind of quality raster that a file name shows, such as ``T43PHM_…_SCL_20m.jp2``.

    Args:
        path: Path or GDAL name of a raster.
    """
    stem = PurePath(path).stem.upper()
    if stem == QA_PIXEL or stem.endswith(f"_{QA_PIXEL}"):
        return QUALITY_LAYERS[QA_PIXEL]
    parts = stem.split("_")
    return QUALITY_LAYERS[SCL] if SCL in parts[-2:] else None


def chosen_classes(layer: QualityLayer, text: str, parameter: str) -> tuple[QualityClass, ...]:
    """Return the classes that a text names.

    Args:
        layer: Kind of the quality raster.
        text: Names of classes in upper or lower case, separated by commas; empty for those that a cloud mask
            usually leaves out.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: There is no class of a name.
    """
    names = [" ".join(entry.lower().split()) for entry in split_list(text) if entry] or list(layer.masked)
    by_name = {item.name: item for item in layer.classes}
    chosen: dict[str, QualityClass] = {}
    for name in names:
        if name not in by_name and name not in layer.groups:
            raise ParameterError(
                "{kind} has no class {name!r}",
                where=parameter,
                advice="Its classes are: {names}.",
                kind=layer.kind,
                name=name,
                names=", ".join(layer.names),
            )
        for member in layer.groups.get(name, (name,)):
            chosen[member] = by_name[member]
    return tuple(chosen.values())


def holds(classes: Iterable[QualityClass], values: NDArray[np.integer]) -> BoolArray:
    """Return whether each pixel is in one of the classes.

    Args:
        classes: Classes of one quality raster.
        values: Its values, whole numbers of any shape.
    """
    inside = np.zeros(values.shape, dtype=bool)
    for item in classes:
        inside |= ((values >> item.value) & 1).astype(bool) if item.is_bit else values == item.value
    return inside


def split_choice(text: str) -> tuple[list[str], list[str]]:
    """Return the names to keep and the names to leave out of a list, of which the latter begin with ``-``.

    Args:
        text: Names, separated by commas, such as ``vegetation, water`` or ``-cloud shadow, -thin cirrus``.
    """
    entries = [entry for entry in split_list(text) if entry]
    kept = [entry for entry in entries if not entry.startswith("-")]
    return kept, [entry[1:].strip() for entry in entries if entry.startswith("-")]


def matching_classes(
    names: Sequence[str], classes: Sequence[QualityClass], layer: QualityLayer | None, parameter: str
) -> tuple[QualityClass, ...]:
    """Return the classes with names or values.

    Args:
        names: Names in upper or lower case, or values.
        classes: Classes that the raster's file names.
        layer: Kind of quality raster; None for another raster, or one that names its classes.
        parameter: Name of the parameter, for the error.

    Raises:
        ParameterError: There is no class of a name.
    """
    by_name = {" ".join(item.name.lower().split()): item for item in classes}
    chosen: list[QualityClass] = []
    for name in names:
        key = " ".join(name.lower().split())
        if key in by_name:
            chosen.append(by_name[key])
        elif key.isdecimal() and (layer is None or layer.kind == SCL):
            chosen.append(QualityClass(key, int(key)))
        elif layer is not None:
            chosen += chosen_classes(layer, f'"{key}"', parameter)
        else:
            raise ParameterError(
                "The mask has no class {name!r}",
                where=parameter,
                advice="Its classes are: {names}."
                if by_name
                else "Its file names no classes: give their values, such as 4, 5, 6.",
                name=name,
                names=", ".join(item.name for item in classes),
            )
    return tuple(chosen)
