"""Requests for tests and benchmarks, from the names that the fields of all groups have together."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, TypeVar

from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.common import RasterInputs
from deep_land_cover.core.requests.train import TrainOutputs, TrainRequest

Request = TypeVar("Request")

# Fields of groups whose names say nothing outside their group, or that two groups have.
_TRAIN_NAMES = {
    "input": ("inputs", "raster"),
    "extra_inputs": ("inputs", "extra"),
    "labels": ("labels", "raster"),
    "samples": ("labels", "samples"),
    "output": ("outputs", "model"),
    "samples_output": ("outputs", "samples"),
    "split": ("split", "method"),
}


def train_request(input: RasterSource, output: str, **options: Any) -> TrainRequest:
    """Return a request to train; ``options`` are fields of its groups, such as ``epochs=1``."""
    return changed(TrainRequest(RasterInputs(input), TrainOutputs(output)), **options)


def changed(request: TrainRequest, **options: Any) -> TrainRequest:
    """Return a request in which ``options``, fields of its groups, have other values."""
    return regrouped(request, _TRAIN_NAMES, options)


def regrouped(request: Request, names: dict[str, tuple[str, str]], options: dict[str, Any]) -> Request:
    """Return a request of grouped fields in which some have other values.

    Args:
        request: Frozen dataclass, of which some fields are frozen dataclasses.
        names: Name of an option to group and field, where the option is not named after its field.
        options: Names of options to values.

    Raises:
        TypeError: No group, or more than one, has such a field.
    """
    hints = typing.get_type_hints(type(request))
    groups = {
        name: {field.name for field in dataclasses.fields(hint)}
        for name, hint in hints.items()
        if dataclasses.is_dataclass(hint)
    }
    changes: dict[str, dict[str, Any]] = {}
    plain: dict[str, Any] = {}
    for option, value in options.items():
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
    return dataclasses.replace(request, **plain, **parts)
