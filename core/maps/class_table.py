"""Tables that rename, merge or replace classes, as CSV files (``core.maps.table_file``).

A table of names has a row per class::

    value,old_name,name,color,parent
    1,Class 1,Dry forest,#228B22,Forest

A table of a recoding has a row per class that gets another value::

    from,from_name,to,name,color,parent
    3,Rice,2,Cropland,#EBC864,

Imports only the standard library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..classes import (
    ClassIndex,
    LandCoverClass,
    class_label,
    classes_for_values,
    describe_classes,
    has_name,
    name_key,
    parent_level,
    whole_number,
)
from ..errors import ParameterError, SchemeError
from ..progress import Progress
from ..text import untranslated
from .table_file import Row

NODATA = untranslated("nodata")
"""Word for pixels without a class in a table."""
NO_PARENT = "-"
"""Text in the column ``parent`` that removes a parent."""
RENAME_COLUMNS = ("value", "old_name", "name", "color", "parent")
RECODE_COLUMNS = ("from", "from_name", "to", "name", "color", "parent")


def renamed(
    classes: Sequence[LandCoverClass], rows: Sequence[Row], path: str, progress: Progress
) -> tuple[LandCoverClass, ...]:
    """Return the classes with the names, colours and parents of a table.

    A class is never known by its value alone: where the map or model names it, the row must have the same
    ``old_name``, or the same ``name``. Empty cells leave a name, colour or parent as it is.

    Args:
        classes: Classes of a map or model.
        rows: Rows with ``RENAME_COLUMNS``.
        path: Path of the table, for errors.
        progress: Progress reporter.

    Raises:
        ParameterError: A value is not a whole number, or a class has two rows.
        SchemeError: The names of a row and of its class differ, or a colour is malformed.
    """
    index = ClassIndex(classes)
    by_value = {item.value: item for item in classes}
    new: dict[int, LandCoverClass] = {}
    unknown: list[str] = []
    differing: list[tuple[LandCoverClass, str]] = []
    for row in rows:
        value = _value(row, "value") if row["value"] else None
        item = by_value.get(value) if value is not None else _named(index, row)
        if item is None:
            unknown.append(row["value"] or row["old_name"])
            continue
        if item.value in new:
            raise ParameterError(
                "The class {label} has two rows in the table",
                where=row.place,
                advice="Keep one of them.",
                label=class_label(item),
            )
        expected = row["old_name"] or row["name"]
        if (row["old_name"] or has_name(item.value, item.name)) and (
            not expected or name_key(expected) != name_key(item.name)
        ):
            differing.append((item, expected))
        new[item.value] = _changed(item, row)
    if differing:
        raise SchemeError(
            "The table and the classes have different names for the same values: {theirs} in the table, "
            "{ours} in the file",
            where=path,
            advice="Write the present name of each class into the column old_name, or correct the values.",
            theirs=", ".join(f"{item.value} {name or '-'}" for item, name in differing),
            ours=describe_classes([item for item, _ in differing]),
        )
    if unknown:
        progress.log(
            "Rows of the table without a class in the file are left out: {rows}.",
            "warning",
            rows=", ".join(unknown),
        )
    if not new:
        raise SchemeError(
            "No row of the table is one of the classes, which are {classes}",
            where=path,
            advice="Check the column value.",
            classes=describe_classes(classes),
        )
    return tuple(new.get(item.value, item) for item in classes)


@dataclass(frozen=True)
class Recoding:
    """New value of each class, and the classes of the result.

    Attributes:
        values: New value by old value; None for nodata. Values that are missing stay.
        gaps: New value of pixels without a class; None where they stay without one.
        classes: Classes of the result, in legend order.
    """

    values: Mapping[int, int | None]
    gaps: int | None
    classes: tuple[LandCoverClass, ...]

    def then(self, later: Mapping[int, int], classes: Sequence[LandCoverClass]) -> Recoding:
        """Return this recoding followed by another one.

        Args:
            later: New value by value of this recoding's result.
            classes: Classes of the final result.
        """
        both: dict[int, int | None] = {
            old: later.get(new, new) if new is not None else None for old, new in self.values.items()
        }
        both |= {old: new for old, new in later.items() if old not in both}
        gaps = later.get(self.gaps, self.gaps) if self.gaps is not None else None
        return Recoding(both, gaps, tuple(classes))


def recoding_of(
    classes: Sequence[LandCoverClass], rows: Sequence[Row], path: str, progress: Progress
) -> Recoding:
    """Return the recoding that a table describes.

    ``from`` is a class value, a class name or ``nodata``, ``to`` a value or ``nodata``. A new class has the
    name, colour and parent of its row. Without them it has those of the class that keeps or has this value,
    else those of the only class that becomes it.

    Args:
        classes: Classes of the map.
        rows: Rows with ``RECODE_COLUMNS``.
        path: Path of the table, for errors.
        progress: Progress reporter.

    Raises:
        ParameterError: A value is not a whole number, or a class has two rows.
        SchemeError: A name in the table is not that of the class, or a value gets two names.
    """
    index, by_value = ClassIndex(classes), {item.value: item for item in classes}
    values: dict[int, int | None] = {}
    gaps: int | None = None
    asked: dict[int, list[Row]] = {}
    for row in rows:
        target = None if name_key(row["to"]) == NODATA else _value(row, "to")
        if name_key(row["from"]) == NODATA:
            gaps = target
        else:
            item = _source(index, by_value, row)
            if item.value in values:
                raise ParameterError(
                    "The class {label} has two rows in the table",
                    where=row.place,
                    advice="Keep one of them.",
                    label=class_label(item),
                )
            if item.value not in by_value:
                progress.log(
                    "The map has no class {value}, so line {line} of the table has no effect.",
                    "warning",
                    value=item.value,
                    line=row.line,
                )
            values[item.value] = target
        if target is not None:
            asked.setdefault(target, []).append(row)
    targets = {target: _target(target, members, values, by_value, path) for target, members in asked.items()}
    kept = [item for item in classes if item.value not in values]
    return Recoding(values, gaps, _in_order(classes, kept, values, targets))


def to_parents(recoding: Recoding, taken: Iterable[int]) -> Recoding:
    """Return a recoding followed by the merger of the classes of each parent.

    Args:
        recoding: Recoding whose classes have parents.
        taken: Values of the map before the recoding, which new parents do not get.

    Raises:
        SchemeError: No class has a parent.
    """
    classes, changed = parent_level(recoding.classes, taken)
    if not changed:
        raise SchemeError(
            "No class has a parent, so there is no higher level",
            where="LEVEL",
            advice="Give the classes parents in the column parent of a table, or with ‘Rename classes’.",
        )
    return recoding.then(changed, classes)


def _in_order(
    classes: Sequence[LandCoverClass],
    kept: Sequence[LandCoverClass],
    values: Mapping[int, int | None],
    targets: Mapping[int, LandCoverClass],
) -> tuple[LandCoverClass, ...]:
    """Return the classes of the result in the order of those that become them."""
    by_value = {item.value: item for item in kept} | dict(targets)
    order: dict[int, LandCoverClass] = {}
    for item in classes:
        value = values.get(item.value, item.value)
        if value is not None and value in by_value:
            order.setdefault(value, by_value[value])
    return tuple((order | {value: item for value, item in by_value.items() if value not in order}).values())


def _target(
    value: int,
    rows: Sequence[Row],
    values: Mapping[int, int | None],
    by_value: Mapping[int, LandCoverClass],
    path: str,
) -> LandCoverClass:
    """Return the class of a new value."""
    names = {name_key(row["name"]): row["name"] for row in rows if row["name"]}
    if len(names) > 1:
        raise SchemeError(
            "The table gives the value {value} several names: {names}",
            where=path,
            advice="Write one name for each value of the column to.",
            value=value,
            names=", ".join(names.values()),
        )
    present = by_value.get(value)
    stays = present is not None and values.get(value, value) == value
    sources = [by_value[old] for old, new in values.items() if new == value and old in by_value]
    base = present if stays else sources[0] if len(sources) == 1 else None
    name = next(iter(names.values()), "")
    if stays and present is not None and value not in values and name:
        # The row of another class must not rename this one by its value alone.
        if has_name(value, present.name) and name_key(name) != name_key(present.name):
            raise SchemeError(
                "The table calls the value {value} {name}, and in the map it is {present}",
                where=path,
                advice="Use a free value, or add a row that keeps the value and names it: {value},{value},"
                "{name}.",
                value=value,
                name=name,
                present=present.name,
            )
    parent = base.parent if base else ""
    item = base or LandCoverClass(value, "", classes_for_values({value: name})[0].color, parent)
    # A class without a name is called by its value, which is another one now.
    own = item.name if base is not None and has_name(base.value, base.name) else ""
    item = replace(item, value=value, name=name or own or untranslated(f"Class {value}"))
    colours = [row for row in rows if row["color"]]
    if name and base is not None and not stays and not colours and name_key(name) != name_key(base.name):
        item = replace(item, color=classes_for_values({value: name})[0].color)
    parents = [row for row in rows if row["parent"]]
    for row in (*colours[:1], *parents[:1]):
        item = _changed(item, row)
    return item


def _source(index: ClassIndex, by_value: Mapping[int, LandCoverClass], row: Row) -> LandCoverClass:
    """Return the class that a row recodes; one without a name where the map does not have its value."""
    number = whole_number(row["from"])
    if number is None:
        found = index.by_label(row["from"])
        if len(found) != 1:
            raise SchemeError(
                "The map has no class {name!r}" if not found else "Several classes have the name {name!r}",
                where=row.place,
                advice="Write the value of a class into the column from. The classes are {classes}.",
                name=row["from"],
                classes=describe_classes(tuple(by_value.values())),
            )
        return found[0]
    item = by_value.get(number)
    if item is None:
        return LandCoverClass(number, untranslated(f"Class {number}"), "#000000")
    if row["from_name"] and name_key(row["from_name"]) != name_key(item.name):
        raise SchemeError(
            "The table calls the value {value} {name}, and in the map it is {present}",
            where=row.place,
            advice="Correct the column from or from_name.",
            value=number,
            name=row["from_name"],
            present=item.name,
        )
    return item


def _named(index: ClassIndex, row: Row) -> LandCoverClass | None:
    """Return the class of a row without a value, by its present name."""
    found = index.by_label(row["old_name"]) if row["old_name"] else ()
    if len(found) > 1:
        raise SchemeError(
            "Several classes have the name {name!r}",
            where=row.place,
            advice="Write the value of the class into the column value.",
            name=row["old_name"],
        )
    return found[0] if found else None


def _changed(item: LandCoverClass, row: Row) -> LandCoverClass:
    """Return a class with the name, colour and parent of a row, where it has them."""
    parent = item.parent if not row["parent"] else "" if row["parent"] == NO_PARENT else row["parent"]
    name = row["name"] or item.name
    if parent and name_key(parent) == name_key(name):
        raise SchemeError(
            "The class {name} is its own parent",
            where=row.place,
            advice="Leave the column parent empty, or write - to remove a parent.",
            name=name,
        )
    colour = row["color"]
    try:
        return replace(item, name=name, parent=parent, color=colour.upper() if colour else item.color)
    except SchemeError as error:
        raise SchemeError(error.what, where=row.place, advice=error.advice) from error


def _value(row: Row, column: str) -> int:
    number = whole_number(row[column])
    if number is None:
        raise ParameterError(
            "The column {column} holds {text!r}, which is not a class value",
            where=row.place,
            advice="Write a whole number, or nodata where the table recodes a map.",
            column=column,
            text=row[column],
        )
    return number


def changed_classes(
    before: Iterable[LandCoverClass], after: Iterable[LandCoverClass]
) -> Iterator[tuple[LandCoverClass, LandCoverClass]]:
    """Yield the classes of the same value that differ, as pairs of old and new."""
    new = {item.value: item for item in after}
    for item in before:
        if item.value in new and new[item.value] != item:
            yield item, new[item.value]
