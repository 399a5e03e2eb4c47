"""The layers of a classification in the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingContext

from ..i18n.translation import tr
from ..parameters.classify import PRODUCT_PARAMETERS
from .landing import LandedLayer, subject

if TYPE_CHECKING:
    from ...core.requests.classify import ClassifyRequest


def landed_layers(
    output: str, map_path: str, more: Mapping[str, str], requested: bool = False
) -> list[LandedLayer]:
    """Return the map and, below it, what was written beside it.

    Args:
        output: Name of the map's output.
        map_path: Of the map.
        more: Name of each output in ``PRODUCT_PARAMETERS`` that was written, to its path.
        requested: See ``LandedLayer``.
    """
    products = sorted(PRODUCT_PARAMETERS, key=lambda product: product.rank)
    return [
        LandedLayer(output, map_path, tr("Land cover"), is_main=True, requested=requested),
        *(
            LandedLayer(product.name, more[product.name], tr(product.title), requested=requested)
            for product in products
            if product.name in more
        ),
    ]


def run_subject(request: ClassifyRequest, context: QgsProcessingContext) -> str:
    """Return the raster's and the model's name: what the results are of."""
    raster = request.inputs.raster
    return subject(context, (raster.title, raster.path), (Path(request.model).stem, request.model))
