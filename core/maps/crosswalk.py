"""Crosswalk between class schemes, groups of classes, and rules for transitions: tables that users write.

All are CSV files, see ``core.maps.table_file``. A class is given by its name or its value, see
``core.classes``. A crosswalk brings the classes of two maps into one scheme::

    map,class,common
    before,Primary forest,Forest
    before,Secondary forest,Forest
    after,Tree cover,Forest
    after,Unclassified,

Light: QGIS imports this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..classes import (
    ClassIndex,
    LandCoverClass,
    classes_for_values,
    describe_classes,
    name_key,
    whole_number,
)
from ..errors import ParameterError, SchemeError
from ..text import Text, untranslated
from .table_file import read_table

BEFORE, AFTER = untranslated("before"), untranslated("after")
ANY = "*"
"""Stands for every class in a table of rules."""


@dataclass(frozen=True)
class CommonScheme:
    """Classes of two maps in one scheme.

    Attributes:
        classes: Classes of the common scheme, by value.
        before: Common value of each class value of the earlier map; None leaves its pixels out.
        after: The same of the later map.
    """

    classes: tuple[LandCoverClass, ...]
    before: dict[int, int | None]
    after: dict[int, int | None]


def read_crosswalk(
    path: Path, before: Sequence[LandCoverClass], after: Sequence[LandCoverClass]
) -> CommonScheme:
    """Return the common scheme of a crosswalk with the columns map, class and common, and perhaps color.

    A row is about a class of the map ``before`` or ``after``, or of both where ``map`` is empty. ``common``
    is the name or value of the class that it becomes; empty leaves the pixels out. A common class that the
    earlier map has keeps its value, else that of the later map, else it gets the next free value.

    Args:
        path: CSV file.
        before: Classes of the earlier map: those that its file names and those that occur in it.
        after: The same of the later map.

    Raises:
        ParameterError: The table is malformed, names a class that no map has or one that several have, gives
            a class twice, or lacks a class of a map.
    """
    rows = read_table(path, ("map", "class", "common", "color"), ("map", "class", "common"), "CROSSWALK")
    sides = {BEFORE: before, AFTER: after}
    indexes = {side: ClassIndex(classes) for side, classes in sides.items()}
    targets: dict[str, dict[int, str]] = {BEFORE: {}, AFTER: {}}
    colors: dict[str, str] = {}
    for row in rows:
        side = row["map"].casefold()
        if side not in ("", BEFORE, AFTER):
            raise ParameterError(
                "{text!r} is not one of the maps",
                where=row.place,
                advice="Write before, after, or nothing for both.",
                text=row["map"],
            )
        wanted = (side,) if side else (BEFORE, AFTER)
        meant = {
            name: one_class(indexes[name], row["class"], row.place, sides[name], bool(side))
            for name in wanted
        }
        if not any(meant.values()):
            raise _unknown(row["class"], row.place, (*before, *after))
        for name, item in meant.items():
            if item is None:
                continue
            known = targets[name].get(item.value)
            if known is not None and name_key(known) != name_key(row["common"]):
                raise ParameterError(
                    "The class {label!r} has two rows in the crosswalk",
                    where=row.place,
                    advice="Give each class of a map one row.",
                    label=row["class"],
                )
            targets[name][item.value] = row["common"]
        if row["color"]:
            colors[str(name_key(row["common"]))] = row["color"]
    for name, classes in sides.items():
        lacking = [item for item in classes if item.value not in targets[name]]
        if lacking:
            raise ParameterError(
                "The crosswalk lacks classes of the map {map}: {classes}",
                where=str(path),
                advice="Add a row for each of them; an empty cell of common leaves a class out.",
                map=name,
                classes=describe_classes(lacking),
            )
    labels = dict.fromkeys(label for side in targets.values() for label in side.values() if label)
    common = _common_classes(tuple(labels), colors, (before, after), path)
    result = {
        side: {value: common[str(name_key(label))].value if label else None for value, label in known.items()}
        for side, known in targets.items()
    }
    classes = sorted({item.value: item for item in common.values()}.values(), key=lambda item: item.value)
    return CommonScheme(tuple(classes), result[BEFORE], result[AFTER])


def _common_classes(
    labels: Sequence[str],
    colors: Mapping[str, str],
    sides: Sequence[Sequence[LandCoverClass]],
    path: Path,
) -> dict[str, LandCoverClass]:
    """Return the common class of each label, by the key of the label."""
    common: dict[str, LandCoverClass] = {}
    taken: set[int] = set()
    # The first spelling of a name counts.
    texts: dict[str, str] = {}
    for label in labels:
        texts.setdefault(str(name_key(label)), label)
    for classes in sides:
        index = ClassIndex(classes)
        for key in [key for key in texts if key not in common]:
            found = index.by_label(texts[key])
            if len(found) == 1 and found[0].value not in taken:
                common[key] = found[0]
                taken.add(found[0].value)
    for key in texts:
        if key not in common:
            number = whole_number(texts[key])
            free = max((0, *taken)) + 1
            value = number if number is not None and number not in taken else free
            (default,) = classes_for_values({value: "" if number is not None else texts[key]})
            common[key] = default
            taken.add(value)
    try:
        return {
            key: LandCoverClass(item.value, item.name, colors.get(key) or item.color)
            for key, item in common.items()
        }
    except SchemeError as error:
        raise ParameterError(error.what, where=str(path), advice=error.advice) from error


def read_groups(path: Path, classes: Sequence[LandCoverClass]) -> tuple[dict[int, str], dict[str, str]]:
    """Return the group of each class value, and the colour of each group that has one.

    The columns are ``class`` and ``group``, and perhaps ``color``. A class without a row is a group of
    its own.

    Args:
        path: CSV file.
        classes: Classes of the maps. Rows about other classes are allowed: a table may be of a whole scheme.

    Raises:
        ParameterError: The table is malformed, or gives a class two groups.
    """
    index = ClassIndex(classes)
    groups: dict[int, str] = {}
    colors: dict[str, str] = {}
    for row in read_table(path, ("class", "group", "color"), ("class", "group"), "GROUPS"):
        item = one_class(index, row["class"], row.place, classes)
        if item is None or not row["group"]:
            continue
        if groups.setdefault(item.value, row["group"]) != row["group"]:
            raise ParameterError(
                "The class {label!r} has two groups",
                where=row.place,
                advice="Give each class one row.",
                label=row["class"],
            )
        if row["color"]:
            # Raises for a colour of another form.
            colors[row["group"]] = _checked_color(row["color"], row.place)
    if not groups:
        raise ParameterError(
            "The table of GROUPS names no class of the maps",
            where=str(path),
            advice="Give classes by their names or values: {classes}.",
            classes=describe_classes(classes),
        )
    return groups, colors


def read_rules(path: Path, classes: Sequence[LandCoverClass]) -> dict[tuple[int, int], float]:
    """Return the probability of each transition that a table of rules names, by pair of class values.

    The columns are ``from`` and ``to``, and perhaps ``probability``, from 0 to 1. Without it, or where it is
    empty, the transition is forbidden: its probability is 0. ``*`` stands for every other class. Transitions
    that the table does not name are possible, with the probability 1. Later rows count.

    Args:
        path: CSV file.
        classes: Classes of the maps. Rows about other classes are allowed.

    Raises:
        ParameterError: The table is malformed, or names no class of the maps.
    """
    index = ClassIndex(classes)
    rules: dict[tuple[int, int], float] = {}
    for row in read_table(path, ("from", "to", "probability"), ("from", "to"), "RULES"):
        probability = row.number("probability") if row["probability"] else 0.0
        if probability is None or not 0 <= probability <= 1:
            raise ParameterError(
                "{text!r} is not a probability from 0 to 1",
                where=row.place,
                advice="Write 0, or leave the cell empty, for a transition that is forbidden.",
                text=row["probability"],
            )
        ends = []
        for name in ("from", "to"):
            if row[name] == ANY:
                ends.append(tuple(classes))
            else:
                item = one_class(index, row[name], row.place, classes)
                ends.append((item,) if item is not None else ())
        for before in ends[0]:
            for after in ends[1]:
                # To stay is not a transition, unless the row says so.
                if before.value != after.value or ANY not in (row["from"], row["to"]):
                    rules[before.value, after.value] = probability
    if not rules:
        raise ParameterError(
            "The table of RULES names no classes of the maps",
            where=str(path),
            advice="Give classes by their names or values: {classes}.",
            classes=describe_classes(classes),
        )
    return rules


def one_class(
    index: ClassIndex,
    label: str,
    place: str,
    classes: Sequence[LandCoverClass],
    is_required: bool = False,
) -> LandCoverClass | None:
    """Return the class that a label means; None where there is none.

    Args:
        index: Index of the classes.
        label: Name or value.
        place: File and line, for errors.
        classes: Classes, for errors.
        is_required: Whether a class that is not there is an error.

    Raises:
        ParameterError: Several classes have this name, or none.
    """
    found = index.by_label(label)
    if len(found) > 1:
        raise ParameterError(
            "The class {label!r} is the name of several classes: {classes}",
            where=place,
            advice="Give the value instead.",
            label=label,
            classes=describe_classes(found),
        )
    if not found and is_required:
        raise _unknown(label, place, classes)
    return found[0] if found else None


def _unknown(label: str, place: str, classes: Sequence[LandCoverClass]) -> ParameterError:
    return ParameterError(
        "The maps have no class {label!r}",
        where=place,
        advice="Use one of: {classes}.",
        label=label,
        classes=Text("{classes}", classes=describe_classes(classes)),
    )


def _checked_color(color: str, place: str) -> str:
    try:
        return LandCoverClass(0, "", color).color
    except SchemeError as error:
        raise ParameterError(error.what, where=place, advice=error.advice) from error
