"""The layers of a classification in the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingContext

from .landing import LandedLayer, subject
from .translation import tr

if TYPE_CHECKING:
    from ..core.requests.classify import ClassifyRequest


def landed_layers(
    output: str, map_path: str, more: Mapping[str, str], asked: bool = False
) -> list[LandedLayer]:
    """Return the map and, below it, what was written beside it.

    Args:
        output: Name of the map's output.
        map_path: Of the map.
        more: Names of ``classify_parameters.MORE_OUTPUTS`` to paths.
        asked: See ``LandedLayer``.
    """
    kinds = {
        "UNCERTAINTY": tr("Uncertainty"),
        "PROBABILITIES": tr("Probabilities"),
        "APPLICABILITY": tr("Area of applicability"),
        "PREDICTION_SETS": tr("Prediction sets"),
    }
    return [
        LandedLayer(output, map_path, tr("Land cover"), is_main=True, asked=asked),
        *(LandedLayer(name, more[name], kind, asked=asked) for name, kind in kinds.items() if name in more),
    ]


def run_subject(request: ClassifyRequest, context: QgsProcessingContext) -> str:
    """Return the raster's and the model's name: what the results are of."""
    raster = request.input
    return subject(context, (raster.title, raster.path), (Path(request.model).stem, request.model))
