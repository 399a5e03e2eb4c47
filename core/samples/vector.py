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
from pathlib import Path
from typing import Any

from ..classes import (
    ClassScheme,
    Label,
    LandCoverClass,
    class_label,
    classes_for_values,
    disagreement_notes,
    match_labels,
    name_key,
    shared_name_notes,
    whole_number,
)
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
    label: Label
    name: str
    group: int
    split: str | None
    weight: float | None

    def labelled(self, value: int) -> LabelledFeature:
        return LabelledFeature(self.geometry, value, self.group, self.split, self.weight)


@dataclass(frozen=True)
class _Unusable:
    label: Label | None
    name: str
    reason: str
    values: dict[str, str]


def read_features(
    path: Path,
    scheme: ClassScheme | None,
    progress: Progress,
    *,
    only_numbers: bool = False,
    known: Sequence[LandCoverClass] = (),
    skipped: SkippedLabels | None = None,
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
        skipped: Tally of the skipped labels; None counts them for the log only.

    Raises:
        SampleError: The file is damaged, has no usable feature, mixes text and numbers, or uses the name
            of several classes.
    """
    records, unusable = _usable_records(path, progress)
    features, classes = _classified(records, scheme, only_numbers, known, str(path), progress)
    labels = {item.value: class_label(item) for item in classes}
    label_of = {
        name_key(str(record.label)): labels[feature.value]
        for record, feature in zip(records, features, strict=True)
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
    known: Sequence[LandCoverClass],
    where: str,
    progress: Progress,
) -> tuple[tuple[LabelledFeature, ...], tuple[LandCoverClass, ...]]:
    """Return the features with their class values, and the classes."""
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
    label_of: Mapping[Label, str],
    skipped: SkippedLabels,
    progress: Progress,
) -> None:
    """Count the features that cannot be used by reason and class, and log them.

    ``label_of`` is value and name of the class of each label of usable features, by ``name_key``.
    """
    groups: dict[tuple[str, str], list[_Unusable]] = {}
    for item in unusable:
        groups.setdefault((item.reason, str(item.values)), []).append(item)
    for (reason, _), items in groups.items():
        counts = Counter(
            label_of.get(name_key(str(item.label))) or f"{item.label} {item.name}".rstrip()
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
