"""Presets of a dialog: values for some parameters, with one sentence that says what they do and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..i18n.translation import tr
from ..parameters.common import is_same


@dataclass(frozen=True)
class Preset:
    """Values of some parameters; all other parameters of the dialog's presets have their defaults.

    Attributes:
        title: In the user's language.
        sentence: What it does and costs, in the user's language.
        values: Parameter to value.
    """

    title: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


def presets_of(algorithm: str) -> tuple[Preset, ...]:
    """Return the presets of a tool, the defaults first; empty for a tool that has none.

    Args:
        algorithm: Public id, without the provider's.
    """
    return _of_training() if algorithm == "trainmodel" else ()


def preset_values(preset: Preset, presets: Sequence[Preset], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all parameters that the presets of a dialog touch.

    Args:
        preset: One of ``presets``.
        presets: Of the dialog.
        defaults: Parameter to default.
    """
    names = dict.fromkeys(name for item in presets for name in item.values)
    return {name: preset.values.get(name, defaults[name]) for name in names}


def matching_preset(
    values: Mapping[str, Any], presets: Sequence[Preset], defaults: Mapping[str, Any]
) -> Preset | None:
    """Return the preset whose values a dialog has; None for choices of the user's own."""
    for preset in presets:
        wanted = preset_values(preset, presets, defaults)
        if all(is_same(values[name], value) for name, value in wanted.items()):
            return preset
    return None


def _of_training() -> tuple[Preset, ...]:
    return (
        Preset(
            tr("Recommended"),
            tr(
                "A network and trees in one model, tested with samples that are held out; on a processor the "
                "networks train for ten minutes at most."
            ),
        ),
        Preset(
            tr("Fast"),
            tr(
                "Trees alone: one to three minutes for the demo scenes, where 84 to 89 % of the map was "
                "right, instead of 92 to 93 % with a network."
            ),
            {"ARCHITECTURE": "tree_ensemble"},
        ),
        Preset(
            tr("Accurate"),
            tr(
                "As recommended, but the networks have up to two hours for all their epochs, and for up to "
                "five folds where time is left; the map is no better where ten minutes are enough."
            ),
            {"TIME_LIMIT": 120},
        ),
        Preset(
            tr("Rare classes"),
            tr(
                "As accurate, in the same time, with weights of the members by class where held-out samples "
                "are predicted better by them; the map favours rare classes only with the decision rule of "
                "that name in Classify a raster, at the cost of overall accuracy."
            ),
            {"COMBINE": "class_weighted", "TIME_LIMIT": 120},
        ),
    )
