"""Choices of a tool's last run in a project, which its next dialog shows.

They are stored in the project itself, so that they are saved, copied and closed with it. A choice is a value
that holds for other data, too: no layer, file, field, extent or free text, and nothing of ``NEVER_KEPT``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition, QgsProject

from ..parameters.common import is_same, is_titled

_SCOPE = "DeepLandCover"
_KINDS = ("enum", "number", "distance", "area", "boolean")
NEVER_KEPT = frozenset(
    {
        # Files could be lost, or nothing written, without a choice of today.
        "OVERWRITE",
        "WRITE",
        "RENAME",
        "DRY_RUN",
        "RESUME",
        # What the data are: of other data it would be wrong, and figures might look better than they are.
        "DESIGN",
        "SPLIT",
        "VALUE_UNIT",
        "QUANTITY",
        "ALLOW_DIFFERENT_VALUES",
        "RESAMPLING",
        # Of a preview, or leaves parts of a map out.
        "STRIDE",
        "FILL",
        "MMU",
        "MAJORITY",
        "THIN",
        # Of the machine.
        "BUILD",
        "CLOUD_NETWORKS",
    }
)
"""Names of parameters whose value never comes back by itself."""


def is_choice(definition: QgsProcessingParameterDefinition) -> bool:
    """Return whether a parameter is one whose last value the project keeps."""
    is_kind = definition.type() in _KINDS or (definition.type() == "string" and is_titled(definition))
    return is_kind and not definition.isDestination() and definition.name() not in NEVER_KEPT


def keep_choices(algorithm: QgsProcessingAlgorithm, values: Mapping[str, Any]) -> None:
    """Store those choices of a run in the project that are not the defaults; the project is changed then."""
    chosen = {
        item.name(): values[item.name()]
        for item in algorithm.parameterDefinitions()
        if is_choice(item)
        and item.name() in values
        and not is_same(values[item.name()], item.defaultValue())
        and isinstance(values[item.name()], (str, int, float, list))
    }
    if chosen != kept_choices(algorithm):
        forget_choices(algorithm)
        if chosen:
            text = json.dumps(chosen, ensure_ascii=False)
            QgsProject.instance().writeEntry(_SCOPE, _key(algorithm), text)


def kept_choices(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    """Return the choices of the last run in the project, but none that the tool does not take any more."""
    text, is_there = QgsProject.instance().readEntry(_SCOPE, _key(algorithm))
    try:
        stored = json.loads(text) if is_there else {}
    except ValueError:
        return {}
    definitions = {item.name(): item for item in algorithm.parameterDefinitions() if is_choice(item)}
    return {
        name: value
        for name, value in (stored.items() if isinstance(stored, dict) else ())
        if name in definitions and definitions[name].checkValueIsAcceptable(value)
    }


def forget_choices(algorithm: QgsProcessingAlgorithm) -> None:
    """Remove the choices of the last run from the project."""
    project = QgsProject.instance()
    if project.readEntry(_SCOPE, _key(algorithm))[1]:
        project.removeEntry(_SCOPE, _key(algorithm))


def _key(algorithm: QgsProcessingAlgorithm) -> str:
    return f"choices/{algorithm.name()}"
