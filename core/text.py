"""Texts for users as template and values, and numbers as text.

A ``Text`` is a string that remembers how it was made, so that QGIS can say it in the user's language::

    text = Text("{count:,} tiles of {name}", count=1200, name="map.tif")
    text                          # "1,200 tiles of map.tif"
    text.translated(translate)    # translate("{count:,} tiles of {name}"), filled with the same values

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


class Text(str):
    """English text with the template and the values that it was made of.

    A value that is a ``Text`` is translated as well: words and phrases are one. Any other string is data,
    such as the name of a file, a layer or a class, and stays as it is even where it looks like a word.

    Args:
        template: Text with named fields, as ``str.format`` fills them; without values it is not formatted.
        values: Numbers and strings by field. Numbers of NumPy become Python's, other objects strings.

    Attributes:
        template: The template.
        values: The values by field.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Text:
        """Return the filled text; a ``Text`` without further values is returned as it is."""
        if isinstance(template, Text) and not values:
            return template
        plain = {name: _plain(value) for name, value in values.items()}
        self = super().__new__(cls, template.format(**plain) if plain else template)
        self.template = str(template)
        self.values = plain
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_parts, (self.template, dict(self.values))

    def __add__(self, other: str) -> Text:
        """Return both texts; a plain string counts as text, not as data, see ``joined``."""
        return joined((self, other), "")

    def __radd__(self, other: str) -> Text:
        return joined((other, self), "")

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
        except (LookupError, ValueError, TypeError, AttributeError):
            # A field of another name, without a name, with another format, or with more than a name in it.
            return self.template.format(**values)


def text_of(template: str, values: Mapping[str, object]) -> str:
    """Return the template filled with ``values``; unchanged without values, or where it is a ``Text``."""
    return Text(template, **values) if values and not isinstance(template, Text) else template


def joined(parts: Iterable[str], separator: str = " ") -> Text:
    """Return ``separator.join(parts)`` of which each part is still translated.

    Args:
        parts: Sentences or phrases. Plain strings count as text, not as data; ``str.join`` is for names.
        separator: Text between two parts.
    """
    fields = {f"part_{number}": Text(part) for number, part in enumerate(parts)}
    return Text(separator.join(f"{{{name}}}" for name in fields), **fields)


def alternatives(names: Sequence[str]) -> str:
    """Return ``a, b or c``; the names are not translated."""
    *others, last = names
    return Text("{names} or {last}", names=", ".join(others), last=last) if others else last


def untranslated(name: str) -> str:
    """Return the name unchanged; as it is stored in files, ``./dev translations`` leaves it out."""
    return name


def packed(plain: Any) -> Any:
    """Return plain JSON values in which each text is an object with its template and its values."""
    if isinstance(plain, Text):
        return {"template": plain.template, "values": packed(plain.values)}
    if isinstance(plain, list):
        return [packed(item) for item in plain]
    if isinstance(plain, dict):
        return {key: packed(item) for key, item in plain.items()}
    return plain


def unpacked(data: Any) -> Any:
    """Return the plain JSON values that ``packed`` made ``data`` of.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: A template does not fit its values.
    """
    if isinstance(data, list):
        return [unpacked(item) for item in data]
    if not isinstance(data, dict):
        return data
    inner = {key: unpacked(item) for key, item in data.items()}
    return Text(inner["template"], **inner["values"]) if inner.keys() == {"template", "values"} else inner


def _from_parts(template: str, values: dict[str, Any]) -> Text:
    return Text(template, **values)


def _plain(value: object) -> str | int | float | None:
    if value is None or isinstance(value, (str, int, float)):
        return value
    # NumPy's numbers, and tensors with a single one.
    to_number = getattr(value, "item", None)
    return to_number() if to_number and getattr(value, "shape", None) == () else str(value)


def signed(value: float, digits: int) -> str:
    """Return ``+1.2``, ``-0.3`` or, for what rounds to nothing, ``0.0``."""
    text = f"{value:+.{digits}f}"
    return text if float(text) else text[1:]


def format_duration(seconds: float) -> str:
    """Return ``seconds`` as ``h:mm:ss``."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def fixed(value: float, digits: int) -> Text:
    """Return ``1,234.5``, whose signs a report writes as its language has them."""
    return Text("{number:z,.{digits}f}", number=value, digits=digits)


def typeset(value: float, digits: int) -> Text:
    """Return ``+1.2``, ``−0.3`` or ``0.0``, with a minus of the plus's width."""
    sign = {"+": "+", "-": "−"}.get(signed(value, digits)[0], "")
    return Text("{sign}{number:.{digits}f}", sign=sign, number=abs(value), digits=digits)


_COUNTED = {
    "point": (Text("1 point"), Text("{count:,} points")),
    "pixel": (Text("1 pixel"), Text("{count:,} pixels")),
    "polygon": (Text("1 polygon"), Text("{count:,} polygons")),
    "block": (Text("1 block"), Text("{count:,} blocks")),
    "group": (Text("1 group"), Text("{count:,} groups")),
}


def counted(number: int, unit: str) -> Text:
    """Return ``1 polygon`` or ``1,200 polygons``.

    Args:
        number: Number of units.
        unit: ``point``, ``pixel``, ``polygon``, ``block`` or ``group``.
    """
    one, many = _COUNTED[unit]
    return one if number == 1 else Text(many, count=number)
