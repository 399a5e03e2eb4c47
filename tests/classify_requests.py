"""Requests from flat names, as tests and benchmarks write them."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, TypeVar

from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.requests.stackfeatures import StackFeaturesRequest
from deep_land_cover.core.requests.suggest import SuggestRequest

Request = TypeVar("Request")
# Names of parameters that are fields of other names.
_FIELDS = {"input": "raster", "extra_inputs": "extra", "output": "map"}


def composed(kind: type[Request], **flat: Any) -> Request:
    """Return a request whose groups are filled from flat names: fields of the request or of a group.

    Raises:
        TypeError: A name is not a field of the request, or a value is missing.
    """
    groups = _groups(kind)
    known = {*typing.get_type_hints(kind), *(name for names in groups.values() for name in names)}
    values = {name if name in known else _FIELDS.get(name, name): value for name, value in flat.items()}
    fields: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(kind).items():
        if name in values:
            fields[name] = values.pop(name)
        elif name in groups:
            fields[name] = hint(**{item: values.pop(item) for item in groups[name] if item in values})
    if values:
        raise TypeError(f"{kind.__name__} has no {', '.join(values)}")
    return kind(**fields)


def changed(request: Request, **flat: Any) -> Request:
    """Return a request with other values, given by flat names."""
    kind, values = type(request), {}
    for name in typing.get_type_hints(kind):
        inner, names = getattr(request, name), _groups(kind).get(name)
        values |= {item: getattr(inner, item) for item in names} if names else {name: inner}
    new = {name if name in values else _FIELDS.get(name, name): value for name, value in flat.items()}
    return composed(kind, **{**values, **new})


def _groups(kind: type[Any]) -> dict[str, list[str]]:
    """Return the fields of each group of a request by the group's name."""
    hints = typing.get_type_hints(kind).items()
    return {
        name: [item.name for item in dataclasses.fields(hint)]
        for name, hint in hints
        if dataclasses.is_dataclass(hint) and hint is not RasterSource
    }


def classify_request(input: RasterSource, model: str, output: str, **flat: Any) -> ClassifyRequest:
    """Return the request of a classification; ``output`` is the map."""
    return composed(ClassifyRequest, input=input, model=model, map=output, **flat)


def suggest_request(input: RasterSource, model: str, records: str, **flat: Any) -> SuggestRequest:
    """Return the request of suggested samples."""
    return composed(SuggestRequest, input=input, model=model, records=records, **flat)


def stack_request(input: RasterSource, output: str, **flat: Any) -> StackFeaturesRequest:
    """Return the request of a feature stack."""
    return composed(StackFeaturesRequest, input=input, output=output, **flat)
