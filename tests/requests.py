"""Requests for tests and benchmarks, from flat names: fields of the request or of one of its groups."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, TypeVar

from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest, Products
from deep_land_cover.core.requests.common import RasterInputs
from deep_land_cover.core.requests.stackfeatures import StackFeaturesRequest
from deep_land_cover.core.requests.suggest import SuggestRequest
from deep_land_cover.core.requests.train import TrainOutputs, TrainRequest

Request = TypeVar("Request")

# Names of parameters that are fields of other names, or of which two groups have one.
_INPUTS = {"input": ("inputs", "raster"), "extra_inputs": ("inputs", "extra")}
_NAMES: dict[type[Any], dict[str, tuple[str, str]]] = {
    TrainRequest: {
        **_INPUTS,
        "labels": ("labels", "raster"),
        "samples": ("labels", "samples"),
        "output": ("outputs", "model"),
        "samples_output": ("outputs", "samples"),
        "split": ("split", "method"),
    },
    ClassifyRequest: {**_INPUTS, "output": ("products", "map")},
}


def train_request(input: RasterSource, output: str, **flat: Any) -> TrainRequest:
    """Return the request of a training with a single split; ``output`` is the model file."""
    return changed(TrainRequest(RasterInputs(input), TrainOutputs(output)), **{"folds": 0, **flat})


def classify_request(input: RasterSource, model: str, output: str, **flat: Any) -> ClassifyRequest:
    """Return the request of a classification; ``output`` is the map."""
    return changed(ClassifyRequest(RasterInputs(input), model, Products(output)), **flat)


def suggest_request(input: RasterSource, model: str, records: str, **flat: Any) -> SuggestRequest:
    """Return the request of suggested samples."""
    return changed(SuggestRequest(RasterInputs(input), model, records), **flat)


def stack_request(input: RasterSource, output: str, **flat: Any) -> StackFeaturesRequest:
    """Return the request of a feature stack."""
    return changed(StackFeaturesRequest(RasterInputs(input), output), **flat)


def changed(request: Request, **flat: Any) -> Request:
    """Return a request with other values, given by flat names.

    Raises:
        TypeError: No field, or a field of more than one group, has such a name.
    """
    names = _NAMES.get(type(request), _INPUTS)
    hints = typing.get_type_hints(type(request))
    groups = {
        name: {field.name for field in dataclasses.fields(hint)}
        for name, hint in hints.items()
        if dataclasses.is_dataclass(hint)
    }
    changes: dict[str, dict[str, Any]] = {}
    plain: dict[str, Any] = {}
    for option, value in flat.items():
        found = [names[option]] if option in names else []
        found = found or [(group, option) for group, fields in groups.items() if option in fields]
        if option in hints and option not in groups:
            plain[option] = value
        elif len(found) == 1:
            changes.setdefault(found[0][0], {})[found[0][1]] = value
        else:
            raise TypeError(f"{type(request).__name__}: the groups with a field {option!r} are {found}")
    parts = {
        group: dataclasses.replace(getattr(request, group), **values) for group, values in changes.items()
    }
    return dataclasses.replace(request, **plain, **parts)  # type: ignore[type-var]
