"""The style of an image in natural colour, kept beside the file (``.qml``)."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsVectorLayer,
)

from ...core.raster.roles import guess_roles
from .style_files import write_style


def style_natural(path: str, feedback: QgsProcessingFeedback) -> None:
    """Let an image open in natural colour, where its bands' names tell which they are.

    Without a style QGIS shows the first three bands as red, green and blue.

    Args:
        path: Of the image.
        feedback: Learns of a style that could not be written; the image opens without.
    """
    image = QgsRasterLayer(path, "image")
    if draw_natural(image):
        write_style(image, path, QgsMapLayer.StyleCategory.Symbology, feedback)


def draw_natural(image: QgsRasterLayer) -> bool:
    """Draw an image in natural colour; return whether its bands' names tell which they are."""
    dataset = gdal.Open(image.source()) if image.providerType() == "gdal" else None
    if dataset is None:
        return False
    names = [dataset.GetRasterBand(number + 1).GetDescription() for number in range(dataset.RasterCount)]
    roles = guess_roles(names)
    if not {"red", "green", "blue"} <= roles.keys():
        return False
    bands = [names.index(roles[role]) + 1 for role in ("red", "green", "blue")]
    image.setRenderer(QgsMultiBandColorRenderer(image.dataProvider(), *bands))
    image.setContrastEnhancement(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
        QgsRasterMinMaxOrigin.Limits.CumulativeCut,
    )
    return True


def with_own_style(layer: QgsMapLayer, context: QgsProcessingContext) -> QgsMapLayer:
    """Return a copy of a layer of the open project, or a layer with the style that its file brings.

    An image without a style is drawn in natural colour where its bands' names tell which they are.
    """
    is_drawn = context.project() is not None and context.project().mapLayer(layer.id()) is not None
    if is_drawn:
        return layer.clone()
    if isinstance(layer, QgsVectorLayer):
        return QgsVectorLayer(layer.source(), layer.name(), layer.providerType())
    if not isinstance(layer, QgsRasterLayer):
        return layer.clone()
    opened = QgsRasterLayer(layer.source(), layer.name(), layer.providerType())
    if not Path(opened.styleURI()).is_file():
        draw_natural(opened)
    return opened
