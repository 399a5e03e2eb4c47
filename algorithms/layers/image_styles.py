"""The style of an image in natural colour, kept beside the file (``.qml``)."""

from __future__ import annotations

from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
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
