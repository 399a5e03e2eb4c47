"""Labelled polygons and points as QGIS passes them: JSON lines in the raster's CRS.

A line is ``{"geometry": <GeoJSON>, "class": 3 or "Forest", "name": "Forest", "group": 12}``. Optional keys
are ``split`` (value of the split field) and ``weight`` (labelled pixels that the feature stands for).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..classes import (
    ClassScheme,
    Label,
    LandCoverClass,
    classes_for_values,
    disagreement_notes,
    match_labels,
    shared_name_notes,
    whole_number,
)
from ..errors import SampleError
from ..progress import Progress

LARGEST_VALUE = 2**31 - 1
"""Largest class value: maps are stored as int32 at most."""
GEOMETRY_KINDS = ("Polygon", "MultiPolygon", "Point", "MultiPoint")
_NO_GEOMETRY = "{count:,} features without geometry are skipped."
_OTHER_GEOMETRY = "{count:,} features that are neither polygon nor point are skipped."
_NO_CLASS = "{count:,} features without a class are skipped."
_SKIPPED = (_NO_GEOMETRY, _OTHER_GEOMETRY, _NO_CLASS)


@dataclass(frozen=True)
class LabelledFeature:
    """Polygon or point with a class value.

    Attributes:
        geometry: GeoJSON geometry in the raster's CRS.
        value: Class value.
        group: Number of the feature.
        split: Value of the split field, which may be empty; None without such a field.
        weight: Number of labelled pixels that the feature stands for; None if it is not known.
    """

    geometry: dict[str, Any]
    value: int
    group: int
    split: str | None = None
    weight: float | None = None


@dataclass(frozen=True)
class _Record:
    geometry: dict[str, Any]
    label: Label
    name: str
    group: int
    split: str | None
    weight: float | None

    def labelled(self, value: int) -> LabelledFeature:
        return LabelledFeature(self.geometry, value, self.group, self.split, self.weight)


def read_features(
    path: Path,
    scheme: ClassScheme | None,
    progress: Progress,
    *,
    only_numbers: bool = False,
    known: Sequence[LandCoverClass] = (),
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    """Read labelled features, and return them with their classes, sorted by value.

    Features without a geometry or a class, and lines, are skipped and counted in the log. Classes given
    as text get the values 1 to n in the order of their names. Text of whole numbers only keeps those
    numbers. How labels become classes is in ``core.classes``; the log says what differs.

    Args:
        path: Path of the file.
        scheme: Class scheme for names and colours; None without one.
        progress: Progress reporter.
        only_numbers: Whether classes must be numbers, because numbers given to text would be arbitrary.
        known: Classes of the map that the labels refer to; empty where the labels define the classes.

    Raises:
        SampleError: The file is damaged, has no usable feature, mixes text and numbers, or uses the name
            of several classes.
    """
    records = _usable_records(path, progress)
    where = str(path)
    _check_kinds(records, only_numbers, where)
    matched = match_labels(Counter((record.label, record.name) for record in records), known, where)
    too_large = [value for value in matched.names if abs(value) > LARGEST_VALUE]
    if too_large:
        raise SampleError(
            "Class values must be between -{max_value} and {max_value} (got {value})",
            where=where,
            advice="Use other class values.",
            value=too_large[0],
            max_value=LARGEST_VALUE,
        )
    for line in matched.renumbering:
        progress.log(line)
    # The values 1 to n of names have nothing to do with those of the scheme.
    are_names = any(whole_number(str(label)) is None for label in matched.values)
    scheme = _names_only(scheme) if are_names else scheme
    classes = classes_for_values(matched.names, scheme)
    warnings = [*matched.warnings, *([] if known else shared_name_notes(classes))]
    for line in [*warnings, *(disagreement_notes(matched.names, scheme) if scheme else ())]:
        progress.log(line, "warning")
    return tuple(record.labelled(matched.values[record.label]) for record in records), classes


def _usable_records(path: Path, progress: Progress) -> list[_Record]:
    records = []
    skipped = dict.fromkeys(_SKIPPED, 0)
    for number, plain in _json_lines(path):
        geometry = plain.get("geometry")
        label = _label(plain.get("class"), number, path)
        if not isinstance(geometry, dict) or not geometry.get("coordinates"):
            skipped[_NO_GEOMETRY] += 1
        elif geometry.get("type") not in GEOMETRY_KINDS:
            skipped[_OTHER_GEOMETRY] += 1
        elif label is None:
            skipped[_NO_CLASS] += 1
        else:
            name = str(plain.get("name") or "").strip()
            split = str(plain["split"] or "").strip() if "split" in plain else None
            weight = None if plain.get("weight") is None else float(plain["weight"])
            records.append(_Record(geometry, label, name, int(plain.get("group", number)), split, weight))
    for reason, count in skipped.items():
        if count:
            progress.log(reason, "warning", count=count)
    if not records:
        raise SampleError(
            "The samples contain no polygon or point with a class",
            where=str(path),
            advice="Choose a layer of polygons or points and the field that holds the class.",
        )
    return records


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    plain = json.loads(line)
                    if not isinstance(plain, dict):
                        raise ValueError(f"line {number} is not an object")
                    yield number, plain
    except OSError as error:
        raise SampleError(
            "The samples cannot be read: {reason}",
            where=str(path),
            advice="Choose another file.",
            reason=error.strerror,
        ) from error
    except ValueError as error:
        raise SampleError(
            "The samples are not JSON lines: {error}",
            where=str(path),
            advice="Write one object per line, with geometry, class, name and group.",
            error=error,
        ) from error


def _label(value: object, number: int, path: Path) -> Label | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and value == value and float(value).is_integer():
        return int(value)
    raise SampleError(
        "The class of feature {number} must be a whole number or text (got {value!r})",
        where=str(path),
        advice="Choose the field that holds the class.",
        value=value,
        number=number,
    )


def _check_kinds(records: Sequence[_Record], only_numbers: bool, where: str) -> None:
    """Refuse names among numbers, and names where classes must be numbers."""
    names = [
        record.label
        for record in records
        if isinstance(record.label, str) and whole_number(record.label) is None
    ]
    numbers = [record.label for record in records if isinstance(record.label, int)]
    if not names or not (numbers or only_numbers):
        return
    raise SampleError(
        "Some features have text as their class, such as {text!r}, but the label raster has numbers"
        if only_numbers
        else "Some features have text as their class, such as {text!r}, but others have numbers such as "
        "{number}",
        where=where,
        advice="Choose a class field that holds numbers, or text, in all features.",
        text=names[0],
        number=next(iter(numbers), None),
    )


def _names_only(scheme: ClassScheme | None) -> ClassScheme | None:
    """Return the scheme with negative values, because the values 1 to n of text classes are arbitrary."""
    if scheme is None:
        return None
    renumbered = (replace(item, value=-1 - number) for number, item in enumerate(scheme.classes))
    return replace(scheme, classes=tuple(renumbered))
