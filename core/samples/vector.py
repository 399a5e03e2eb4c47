"""Labelled polygons and points as QGIS passes them: JSON lines in the raster's CRS.

A line is ``{"geometry": <GeoJSON>, "class": 3 or "Forest", "name": "Forest", "group": 12}``. Optional keys
are ``split`` (value of the split field) and ``weight`` (labelled pixels that the feature stands for). A
feature that QGIS cannot use has no geometry, and the reason as ``problem`` (``core.text.packed``), so that it
is counted for its class.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count as counting
from pathlib import Path
from typing import Any

from ..classes import ClassScheme, LandCoverClass, class_label, classes_for_values
from ..errors import SampleError
from ..progress import Progress
from ..text import unpacked
from .skipped import NO_GEOMETRY, OTHER_GEOMETRY, PROBLEM, SkippedLabels

LARGEST_VALUE = 2**31 - 1
"""Largest class value: maps are stored as int32 at most."""
GEOMETRY_KINDS = ("Polygon", "MultiPolygon", "Point", "MultiPoint")
# Sentences for the log by reason, with the classes of the features, and where these have none.
_SKIPPED = {
    NO_GEOMETRY: "{count:,} features without geometry are skipped: {classes}.",
    OTHER_GEOMETRY: "{count:,} features that are neither polygon nor point are skipped: {classes}.",
}
_SKIPPED_WITHOUT_CLASS = {
    NO_GEOMETRY: "{count:,} features without geometry are skipped.",
    OTHER_GEOMETRY: "{count:,} features that are neither polygon nor point are skipped.",
}


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
    label: int | str
    name: str
    group: int
    split: str | None
    weight: float | None

    def labelled(self, value: int) -> LabelledFeature:
        return LabelledFeature(self.geometry, value, self.group, self.split, self.weight)


@dataclass(frozen=True)
class _Unusable:
    label: int | str | None
    name: str
    reason: str
    values: dict[str, str]


def read_features(
    path: Path,
    scheme: ClassScheme | None,
    progress: Progress,
    *,
    only_numbers: bool = False,
    values: Mapping[str, int] | None = None,
    skipped: SkippedLabels | None = None,
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    """Read labelled features, and return them with their classes, sorted by value.

    Features without a geometry or a class, and lines, are skipped and counted in the log. Classes given
    as text get the values 1 to n in the order of their names. Text of whole numbers only keeps those
    numbers.

    Args:
        path: Path of the file.
        scheme: Class scheme for names and colours; None without one.
        progress: Progress reporter.
        only_numbers: Whether classes must be numbers, because numbers given to text would be arbitrary.
        values: Class value of each name in lower case. Other text classes get the next free values.
        skipped: Tally of the skipped labels; None counts them for the log only.

    Raises:
        SampleError: The file is damaged, has no usable feature, or mixes text and numbers.
    """
    records, unusable = _usable_records(path, progress)
    features, classes = _classified(records, scheme, only_numbers, values, path)
    labels = {item.value: class_label(item) for item in classes}
    label_of = {
        record.label: labels[feature.value] for record, feature in zip(records, features, strict=True)
    }
    _count_unusable(unusable, label_of, skipped or SkippedLabels(), progress)
    if not records:
        raise SampleError(
            "The samples contain no polygon or point with a class",
            where=str(path),
            advice="Choose a layer of polygons or points and the field that holds the class.",
        )
    return features, classes


def _classified(
    records: Sequence[_Record],
    scheme: ClassScheme | None,
    only_numbers: bool,
    values: Mapping[str, int] | None,
    path: Path,
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    texts = {record.label for record in records if isinstance(record.label, str)}
    if texts and not all(_is_whole_number(text) for text in texts):
        _check_all_are_texts(records, only_numbers, str(path))
        return _named_by_class(records, scheme, values or {})
    return _valued_by_class(records, scheme, str(path))


def _usable_records(path: Path, progress: Progress) -> tuple[list[_Record], list[_Unusable]]:
    records: list[_Record] = []
    unusable: list[_Unusable] = []
    without_class = 0
    for number, plain in _json_lines(path):
        geometry = plain.get("geometry")
        label = _label(plain.get("class"), number, path)
        name = str(plain.get("name") or "").strip()
        if "problem" in plain:
            # QGIS has skipped the feature and said so; it counts for its class.
            problem = unpacked(plain["problem"])
            unusable.append(_Unusable(label, name, PROBLEM, {"problem": problem}))
        elif not isinstance(geometry, dict) or not geometry.get("coordinates"):
            unusable.append(_Unusable(label, name, NO_GEOMETRY, {}))
        elif geometry.get("type") not in GEOMETRY_KINDS:
            unusable.append(_Unusable(label, name, OTHER_GEOMETRY, {}))
        elif label is None:
            without_class += 1
        else:
            split = str(plain["split"] or "").strip() if "split" in plain else None
            weight = None if plain.get("weight") is None else float(plain["weight"])
            records.append(_Record(geometry, label, name, int(plain.get("group", number)), split, weight))
    if without_class:
        progress.log("{count:,} features without a class are skipped.", "warning", count=without_class)
    return records, unusable


def _count_unusable(
    unusable: Sequence[_Unusable],
    label_of: Mapping[int | str, str],
    skipped: SkippedLabels,
    progress: Progress,
) -> None:
    """Count the features that cannot be used by reason and class, and log them.

    ``label_of`` is value and name of the class of each class value or text that usable features have.
    """
    groups: dict[tuple[str, str], list[_Unusable]] = {}
    for item in unusable:
        groups.setdefault((item.reason, str(item.values)), []).append(item)
    for (reason, _), items in groups.items():
        counts = Counter(
            label_of.get(item.label) or f"{item.label} {item.name}".rstrip()
            for item in items
            if item.label is not None
        )
        classes = skipped.add(reason, counts, **items[0].values)
        if reason in _SKIPPED:
            progress.log(
                _SKIPPED[reason] if classes else _SKIPPED_WITHOUT_CLASS[reason],
                "warning",
                count=len(items),
                **({"classes": classes} if classes else {}),
            )


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
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


def _label(value: object, number: int, path: Path) -> int | str | None:
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
        else "Some features have text as their class, such as {text!r}, but others have numbers such as "
        "{number}",
        where=where,
        advice="Choose a class field that holds numbers, or text, in all features.",
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
                "Class values must be between -{max_value} and {max_value} (got {value})",
                where=where,
                advice="Use other class values.",
                value=value,
                max_value=LARGEST_VALUE,
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
    name_of: dict[str, str] = {}
    for record in records:
        name_of[str(record.label)] = name_of.get(str(record.label)) or record.name
    names = {value: name_of[text] or text for text, value in value_of.items()}
    features = tuple(record.labelled(value_of[str(record.label)]) for record in records)
    return features, classes_for_values(names, _names_only(scheme))


def _names_only(scheme: ClassScheme | None) -> ClassScheme | None:
    """Return the scheme with negative values, because the values 1 to n of text classes are arbitrary."""
    if scheme is None:
        return None
    renumbered = (replace(item, value=-1 - number) for number, item in enumerate(scheme.classes))
    return replace(scheme, classes=tuple(renumbered))
