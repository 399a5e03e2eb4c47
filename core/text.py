"""Texts for users as template and values, and numbers as text.

A ``Text`` is a string that remembers how it was made, so that QGIS can say it in the user's language::

    text = Text("{count:,} tiles of {name}", count=1200, name="map.tif")
    text                          # "1,200 tiles of map.tif"
    text.translated(translate)    # translate("{count:,} tiles of {name}"), filled with the same values

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Text(str):
    """English text with the template and the values that it was made of.

    Args:
        template: Text with named fields, as ``str.format`` fills them; without values it is not formatted.
        values: Numbers and strings by field. Other objects become strings. A value that is a ``Text`` is
            translated, too.

    Attributes:
        template: The template.
        values: The values by field.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: object) -> Text:
        """Return the filled text."""
        plain = {name: _plain(value) for name, value in values.items()}
        self = super().__new__(cls, template.format(**plain) if plain else template)
        self.template = str(template)
        self.values = plain
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_parts, (self.template, dict(self.values))

    def __add__(self, other: str) -> Text:
        return Text("{first}{second}", first=self, second=other)

    def __radd__(self, other: str) -> Text:
        return Text("{first}{second}", first=other, second=self)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the text in another language; in English where a translation has other fields.

        Args:
            translate: Returns the translation of a template, or the template itself.
        """
        values = {
            name: value.translated(translate) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        if not values:
            return translate(self.template)
        try:
            return translate(self.template).format(**values)
        except (KeyError, IndexError, ValueError):
            return self.template.format(**values)


def text_of(template: str, values: Mapping[str, object]) -> str:
    """Return the template filled with ``values``; unchanged without values, or where it is a ``Text``."""
    return Text(template, **values) if values and not isinstance(template, Text) else template


def joined(parts: Iterable[str], separator: str = " ") -> Text:
    """Return ``separator.join(parts)`` of which each part is still translated."""
    fields = {f"part_{number}": part for number, part in enumerate(parts)}
    return Text(separator.join(f"{{{name}}}" for name in fields), **fields)


def packed(text: str) -> str | dict[str, Any]:
    """Return a text in the JSON form in which it travels between processes."""
    if not isinstance(text, Text):
        return text
    values = {name: packed(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return {"template": text.template, "values": values}


def unpacked(data: Any) -> Any:
    """Return the text that ``packed`` made ``data`` of; anything else unchanged."""
    if not (isinstance(data, dict) and data.keys() == {"template", "values"}):
        return data
    return Text(data["template"], **{name: unpacked(value) for name, value in data["values"].items()})


def _from_parts(template: str, values: dict[str, Any]) -> Text:
    return Text(template, **values)


def _plain(value: object) -> str | int | float | None:
    if value is None or isinstance(value, (str, int, float)):
        return value
    # NumPy's numbers, which format as Python's do.
    return value.item() if hasattr(value, "item") else str(value)


def signed(value: float, digits: int) -> str:
    """Return ``+1.2``, ``-0.3`` or, for what rounds to nothing, ``0.0``."""
    text = f"{value:+.{digits}f}"
    return text if float(text) else text[1:]


def format_duration(seconds: float) -> str:
    """Return ``seconds`` as ``h:mm:ss``."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def typeset(value: float, digits: int) -> str:
    """Return ``+1.2``, ``−0.3`` or ``0.0``, with a minus of the plus's width."""
    return signed(value, digits).replace("-", "−")


def counted(number: int, noun: str) -> str:
    """Return ``1 polygon`` or ``1,200 polygons``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
