"""Labelled polygons and points in the form that QGIS passes: JSON lines in the raster's CRS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count as counting
from pathlib import Path
from typing import Any

from ..classes import ClassScheme, LandCoverClass, classes_for_values
from ..errors import SampleError
from ..progress import Progress

LARGEST_VALUE = 2**31 - 1
"""A map's widest type is int32."""
GEOMETRY_KINDS = ("Polygon", "MultiPolygon", "Point", "MultiPoint")
_NO_GEOMETRY = "Skipped {count:,} features without geometry."
_OTHER_GEOMETRY = "Skipped {count:,} features that are neither polygon nor point."
_NO_CLASS = "Skipped {count:,} features without a class."
_SKIPPED = (_NO_GEOMETRY, _OTHER_GEOMETRY, _NO_CLASS)


@dataclass(frozen=True)
class LabelledFeature:
    """A polygon or point and its class value.

    Attributes:
        geometry: GeoJSON.
        value: Class value.
        group: Its running number.
        split: What the split field says; empty where it says nothing, None without such a field.
        weight: How many labelled pixels it stands for; None where nobody said.
    """

    geometry: dict[str, Any]
    value: int
    group: int
    split: str | None = None
    weight: float | None = None


@dataclass(frozen=True)
class _Record:
    geometry: dict[str, Any]
    label: int | str
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
    values: Mapping[str, int] | None = None,
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    """Read labelled features and the classes they use, sorted by value.

    Features without geometry, without class, or that are neither polygon nor point are skipped,
    counted and logged. Text classes get the values 1 to n in the order of their names; text that
    is whole numbers throughout keeps those numbers.

    Args:
        path: The file.
        scheme: Gives names and colours to the classes it knows.
        progress: For the log.
        only_numbers: Whether text classes are refused, for they would be numbered anew.
        values: Values that text classes have, by lower-case name; the others get the next free ones.

    Raises:
        SampleError: The file is damaged, no feature is left, or text and numbers are mixed.
    """
    records = _usable_records(path, progress)
    texts = {record.label for record in records if isinstance(record.label, str)}
    if texts and not all(_is_whole_number(text) for text in texts):
        _check_all_are_texts(records, only_numbers, str(path))
        return _named_by_class(records, scheme, values or {})
    return _valued_by_class(records, scheme, str(path))


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
            "The samples hold no polygon or point with a class",
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
                        raise ValueError(f"line {number} is no object")
                    yield number, plain
    except OSError as error:
        raise SampleError(
            "The samples cannot be read: {strerror}",
            where=str(path),
            advice="Choose another file.",
            strerror=error.strerror,
        ) from error
    except ValueError as error:
        raise SampleError(
            "The samples are no JSON lines: {error}",
            where=str(path),
            advice="Write one object a line, with geometry, class, name and group.",
            error=error,
        ) from error


def _label(value: object, number: int, path: Path) -> int | str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and value == value and float(value).is_integer():
        return int(value)
    raise SampleError(
        "The class {value!r} of feature {number} is neither a whole number nor text",
        where=str(path),
        advice="Choose the field that holds the class.",
        value=value,
        number=number,
    )


def _is_whole_number(text: object) -> bool:
    try:
        return str(int(str(text))) == text
    except ValueError:
        return False


def _check_all_are_texts(records: Sequence[_Record], only_numbers: bool, where: str) -> None:
    numbers = [record.label for record in records if isinstance(record.label, int)]
    if not numbers and not only_numbers:
        return
    text = next(record.label for record in records if isinstance(record.label, str))
    raise SampleError(
        "Some features have text as their class, such as {text!r}, but the label raster has numbers"
        if only_numbers
        else "Some features have text as their class, such as {text!r}, but others numbers such as {number}",
        where=where,
        advice="Choose a class field that holds the same numbers, or the same text, in all of them.",
        text=text,
        number=next(iter(numbers), None),
    )


def _valued_by_class(
    records: Sequence[_Record], scheme: ClassScheme | None, where: str
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    names: dict[int, str] = {}
    features = []
    for record in records:
        value = int(record.label)
        if abs(value) > LARGEST_VALUE:
            raise SampleError(
                "The class value {value} is too big for a map",
                where=where,
                advice="Use values between -{largest} and {largest}.",
                value=value,
                largest=LARGEST_VALUE,
            )
        names[value] = names.get(value) or record.name
        features.append(record.labelled(value))
    return tuple(features), classes_for_values(names, scheme)


def _named_by_class(
    records: Sequence[_Record], scheme: ClassScheme | None, known: Mapping[str, int]
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    texts = sorted({str(record.label) for record in records})
    free = counting(max(known.values(), default=0) + 1)
    value_of = {text: known[text.casefold()] if text.casefold() in known else next(free) for text in texts}
    shown: dict[str, str] = {}
    for record in records:
        shown[str(record.label)] = shown.get(str(record.label)) or record.name
    names = {value: shown[text] or text for text, value in value_of.items()}
    features = tuple(record.labelled(value_of[str(record.label)]) for record in records)
    return features, classes_for_values(names, _names_only(scheme))


def _names_only(scheme: ClassScheme | None) -> ClassScheme | None:
    """Return the scheme with values that no text class gets: 1 to n mean nothing to a scheme."""
    if scheme is None:
        return None
    moved = (replace(item, value=-1 - number) for number, item in enumerate(scheme.classes))
    return replace(scheme, classes=tuple(moved))
