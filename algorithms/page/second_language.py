"""The second language of a page: its words, and the names of classes in it.

A label in two languages has both names, with ``SEPARATOR`` between them; the legend sets the second one in
italics on a line of its own.

>>> names = read_second_names(Path("names.csv"))
>>> names.of(7, "Tanah terbuka")
'Bare ground'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsPalettedRasterRenderer

from ...core.classes import name_key, whole_number
from ...core.maps.class_table import RENAME_COLUMNS
from ...core.maps.table_file import read_table
from ..i18n.translation import tr
from ..layers.metadata import class_parents
from ..layers.schemes import scheme_of_file
from .legend import SEPARATOR, LegendPart
from .texts import side_by_side

_MOST_LISTED = 20


@dataclass(frozen=True)
class SecondName:
    """Name of a class in the second language.

    Attributes:
        value: Class value; None where the name alone says which class it is.
        first: Name in the first language; empty where the value alone says which class it is.
        name: Name in the second language.
        parent: Name of the parent in the second language; empty without one.
    """

    value: int | None
    first: str
    name: str
    parent: str = ""

    def is_of(self, value: int, label: str) -> bool:
        """Return whether it is the name of a class."""
        has_value = self.value is None or self.value == value
        return has_value and (not self.first or name_key(self.first) == name_key(label))


@dataclass(frozen=True)
class SecondNames:
    """Names of classes in the second language."""

    names: tuple[SecondName, ...]

    def of(self, value: int, label: str) -> str:
        """Return the second name of a class; empty without one."""
        return next((item.name for item in self.names if item.name and item.is_of(value, label)), "")

    def parent_of(self, value: int, label: str) -> str:
        """Return the second name of a class's parent; empty without one."""
        return next((item.parent for item in self.names if item.parent and item.is_of(value, label)), "")


@dataclass(frozen=True)
class SecondWords:
    """Texts of a page in the second language.

    Attributes:
        language: Code of the language of fixed words; empty where they are in the first language only.
        title: Title; empty for none.
        accuracy: What the accuracy box says; empty for nothing.
        sources: Credits; empty for none.
        names: Names of classes.
    """

    language: str = ""
    title: str = ""
    accuracy: str = ""
    sources: str = ""
    names: SecondNames = field(default_factory=lambda: SecondNames(()))

    @property
    def is_given(self) -> bool:
        """Whether the page has a second language."""
        return bool(self.language or self.title or self.names.names)


def read_second_names(path: Path) -> SecondNames:
    """Return the names of a table as of ‘Rename classes’, or of a class scheme, whose values count.

    Args:
        path: Table (``.csv``) with the columns ``value``, ``old_name`` or both, ``name``, and ``parent``;
            or a file of ``layers.schemes.scheme_of_file``.

    Raises:
        ParameterError: The table cannot be read, or lacks a column.
        SchemeError: The scheme cannot be read.
    """
    if path.suffix.lower() != ".csv":
        scheme = scheme_of_file(path)
        return SecondNames(
            tuple(SecondName(item.value, "", item.name, item.parent) for item in scheme.classes)
        )
    rows = read_table(path, RENAME_COLUMNS, ("value|old_name", "name"), "NAMES_2")
    return SecondNames(
        tuple(
            SecondName(whole_number(row["value"]), row["old_name"], row["name"], row["parent"])
            for row in rows
            if whole_number(row["value"]) is not None or row["old_name"]
        )
    )


def with_second_names(parts: Sequence[LegendPart], names: SecondNames) -> list[LegendPart]:
    """Return a legend whose classes, and the parents above them, have both names."""

    def named(item: QgsPalettedRasterRenderer.Class) -> QgsPalettedRasterRenderer.Class:
        second = names.of(int(item.value), item.label)
        if not second or name_key(second) == name_key(item.label):
            return item
        return QgsPalettedRasterRenderer.Class(item.value, item.color, f"{item.label}{SEPARATOR}{second}")

    made = []
    for part in parts:
        title = part.title
        if title and part.classes:
            first = part.classes[0]
            is_parent = class_parents(part.layer).get(int(first.value), "") == title
            second = names.parent_of(int(first.value), first.label) if is_parent else ""
            title = side_by_side(title, second) if second else title
        made.append(part._replace(title=title, classes=tuple(map(named, part.classes))))
    return made


def names_note(parts: Sequence[LegendPart], names: SecondNames) -> str:
    """Return which classes of a legend have no second name, a sentence; empty where all have.

    Args:
        parts: The legend in the first language.
        names: Names in the second one.
    """
    if not any(part.classes for part in parts):
        return ""
    if not names.names:
        return tr("The classes have names in one language; NAMES_2 gives them a second one.")
    missing = [
        item.label for part in parts for item in part.classes if not names.of(int(item.value), item.label)
    ]
    if len(missing) > _MOST_LISTED:
        missing[_MOST_LISTED:] = ["…"]
    return tr("Classes without a second name: {}.").format(", ".join(missing)) if missing else ""
