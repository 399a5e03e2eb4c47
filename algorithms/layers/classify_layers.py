"""The layers of a classification in the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingContext

from ..i18n.translation import tr
from ..parameters.classify import PRODUCT_PARAMETERS
from .loading import LayerToLoad, subject

if TYPE_CHECKING:
    from ...core.requests.classify import ClassifyRequest


def layers_to_load(
    output: str, map_path: str, more: Mapping[str, str], requested: bool = False
) -> list[LayerToLoad]:
    """Return the map and, below it, the optional rasters that were written with it.

    Args:
        output: Name of the map's output.
        map_path: Path of the map.
        more: Path of each optional raster that was written, by its name in ``PRODUCT_PARAMETERS``.
        requested: See ``LayerToLoad``.
    """
    products = sorted(PRODUCT_PARAMETERS, key=lambda product: product.rank)
    return [
        LayerToLoad(output, map_path, tr("Land cover"), is_main=True, requested=requested),
        *(
            LayerToLoad(product.name, more[product.name], tr(product.title), requested=requested)
            for product in products
            if product.name in more
        ),
    ]


def run_subject(request: ClassifyRequest, context: QgsProcessingContext) -> str:
    """Return the subject of a classification's results: the names of the raster and the model."""
    raster = request.inputs.raster
    return subject(context, (raster.title, raster.path), (Path(request.model).stem, request.model))
