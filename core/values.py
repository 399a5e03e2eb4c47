"""Conversion of frozen dataclasses to plain JSON values and back.

Requests, results, messages and the model document are frozen dataclasses. Between processes and in files
they are JSON objects. Supported types are numbers, text, None, nested dataclasses, ``tuple[X, ...]``, fixed
tuples, ``dict[str, X]`` and unions of these.

>>> from_plain(Scaling, to_plain(scaling)) == scaling
True
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")
_LEFT_OUT = "left_out"


def left_out_if(default: Value) -> Value:
    """Return the field of a dataclass that plain forms leave out while it has its default.

    So files have the form of versions without the field, as long as nothing uses it.

    Args:
        default: Default of the field, which cannot change.
    """
    made: Value = dataclasses.field(default=default, metadata={_LEFT_OUT: True})
    return made


def to_plain(value: Any, forms: Mapping[type, Callable[[Any], Any]] | None = None) -> Any:
    """Return a value as dicts, lists, numbers, text and None.

    Args:
        value: Value of the types above.
        forms: Functions that return the plain form of objects of other types, or of dataclasses whose form
            in a file is not that of their fields, by type.

    Raises:
        TypeError: The type of the value, or of a part of it, is not supported.
    """
    forms = forms or {}
    if type(value) in forms:
        return forms[type(value)](value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [(field, getattr(value, field.name)) for field in dataclasses.fields(value)]
        return {
            field.name: to_plain(item, forms)
            for field, item in fields
            if not (field.metadata.get(_LEFT_OUT) and item == field.default)
        }
    if isinstance(value, (list, tuple)):
        return [to_plain(item, forms) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item, forms) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[Value], data: Any) -> Value:
    """Return the dataclass instance with a plain form.

    Unknown keys are ignored, so that a newer version may add some. Missing keys take the field's default.

    Args:
        kind: Dataclass.
        data: Plain form, as parsed from JSON.

    Raises:
        TypeError: ``data`` does not fit ``kind``, or has no value for a field without default.
    """
    built: Value = _build(kind, data, kind.__name__)
    return built


def _build(kind: Any, data: Any, place: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _build_union(kind, data, place)
    if origin is tuple:
        return _build_tuple(typing.get_args(kind), data, place)
    if origin is dict:
        if not isinstance(data, dict):
            raise TypeError(f"{place}: an object is expected, not {data!r}")
        item_kind = typing.get_args(kind)[1]
        return {key: _build(item_kind, item, f"{place}.{key}") for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, data, place)
    return _build_scalar(kind, data, place)


def _build_dataclass(kind: Any, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise TypeError(f"{place}: an object is expected, not {data!r}")
    hints = typing.get_type_hints(kind)
    missing = [
        field.name
        for field in dataclasses.fields(kind)
        if field.name not in data
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise TypeError(f"{place}: {', '.join(missing)} missing")
    names = [field.name for field in dataclasses.fields(kind) if field.name in data]
    return kind(**{name: _build(hints[name], data[name], f"{place}.{name}") for name in names})


def _build_union(kind: Any, data: Any, place: str) -> Any:
    options = typing.get_args(kind)
    if data is None and type(None) in options:
        return None
    failures = []
    for option in options:
        if option is type(None):
            continue
        try:
            return _build(option, data, place)
        except TypeError as error:
            failures.append(str(error))
    raise TypeError("; ".join(failures))


def _build_tuple(arguments: tuple[Any, ...], data: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(data, (list, tuple)):
        raise TypeError(f"{place}: a list is expected, not {data!r}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_build(arguments[0], item, f"{place}[{number}]") for number, item in enumerate(data))
    if len(arguments) != len(data):
        raise TypeError(f"{place}: {len(arguments)} items are expected, not {len(data)}")
    return tuple(_build(arguments[number], item, f"{place}[{number}]") for number, item in enumerate(data))


def _build_scalar(kind: Any, data: Any, place: str) -> Any:
    if kind is Any:
        return data
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    is_flag_for_number = isinstance(data, bool) and kind is not bool
    if not isinstance(data, kind) or is_flag_for_number:
        raise TypeError(f"{place}: {kind.__name__} is expected, not {data!r}")
    return data
