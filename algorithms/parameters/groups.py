"""Named groups of parameters: what not everyone needs stands in them, below what everyone does.

A group is declared once, with the parameters (``in_group``). Our dialogs show it
(``dialog.panel``); the batch panel, the model designer and the command line have QGIS's flat list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition

from ..i18n.translation import tr

if TYPE_CHECKING:
    from .common import Described

SAMPLES_AND_SPLIT = "samples"
FEATURES = "features"
NETWORK = "network"
TREES = "trees"
ENSEMBLE = "ensemble"
AREA = "area"
BANDS = "bands"
CLASSIFICATION = "classification"
COMPUTATION = "computation"
OUTPUT = "output"
_KEY = "dialog_group"


def group_titles() -> dict[str, str]:
    """Return group to title in the user's language, in the order of dialogs."""
    return {
        SAMPLES_AND_SPLIT: tr("Samples and split"),
        FEATURES: tr("Features"),
        NETWORK: tr("Network"),
        TREES: tr("Trees"),
        ENSEMBLE: tr("Ensemble"),
        AREA: tr("Area"),
        BANDS: tr("Bands and values"),
        CLASSIFICATION: tr("Classification"),
        COMPUTATION: tr("Computation"),
        OUTPUT: tr("Output"),
    }


def grouped(group: str, definition: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Put a parameter into a group, and return it."""
    definition.setMetadata({**definition.metadata(), _KEY: group})
    return definition


def in_group(group: str, parameters: Sequence[Described]) -> list[Described]:
    """Put parameters into a group, and return them."""
    for described in parameters:
        grouped(group, described.definition)
    return list(parameters)


def groups_of(algorithm: QgsProcessingAlgorithm) -> dict[str, list[QgsProcessingParameterDefinition]]:
    """Return group to its parameters, in the order of dialogs.

    Empty for a tool whose only group would be that of its output: it has so few parameters that QGIS's own
    dialog shows them well.
    """
    groups: dict[str, list[QgsProcessingParameterDefinition]] = {name: [] for name in group_titles()}
    for definition in algorithm.parameterDefinitions():
        name = definition.metadata().get(_KEY)
        if name in groups:
            groups[name].append(definition)
    used = {name: definitions for name, definitions in groups.items() if definitions}
    return used if len(used) > 1 else {}
