"""Class schemes that layers and style files of QGIS (``.qml``) hold."""

from __future__ import annotations

import math
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsSingleBandPseudoColorRenderer,
)

from ...core.classes import ClassScheme, LandCoverClass
from ...core.errors import SchemeError
from ...core.text import untranslated
from .xml_files import read_xml

_ADVICE = "Choose a raster style of the kind 'Paletted/Unique values'."


def layer_as_drawn(layer: QgsRasterLayer, context: QgsProcessingContext) -> QgsRasterLayer:
    """Return a layer of the project as it is, and else one with the style that the file brings.

    Processing opens a file without it.
    """
    is_drawn = context.project() is not None and context.project().mapLayer(layer.id()) is not None
    return layer if is_drawn else QgsRasterLayer(layer.source(), layer.name(), layer.providerType())


def scheme_of_layer(layer: QgsRasterLayer) -> ClassScheme:
    """Return the classes that a layer is drawn with.

    Raises:
        SchemeError: It is not drawn by class values.
    """
    return _scheme(layer.renderer(), layer.name(), layer.name())


def scheme_of_style(path: Path) -> ClassScheme:
    """Return the classes of a style file.

    Raises:
        SchemeError: It cannot be read, or is no style of a raster of classes.
    """
    try:
        document = read_xml(path)
    except OSError as error:
        raise SchemeError(
            "The style file cannot be read: {strerror}",
            where=str(path),
            advice="Choose another file.",
            strerror=error.strerror,
        ) from error
    except UnicodeDecodeError as error:
        raise SchemeError("The file is no style file", where=str(path), advice=_ADVICE) from error
    element = document.documentElement().elementsByTagName("rasterrenderer").item(0).toElement()
    if element.isNull():
        raise SchemeError("The file is no style file of a raster", where=str(path), advice=_ADVICE)
    kinds = {"paletted": QgsPalettedRasterRenderer, "singlebandpseudocolor": QgsSingleBandPseudoColorRenderer}
    kind = kinds.get(element.attribute("type"))
    return _scheme(kind.create(element, None) if kind else None, path.stem, str(path))


def _scheme(renderer: QgsRasterRenderer | None, title: str, where: str) -> ClassScheme:
    rows = _rows(renderer)
    if not rows:
        raise SchemeError("The style does not give each class a colour", where=where, advice=_ADVICE)
    broken = [value for value, _, _ in rows if not math.isfinite(value) or value != int(value)]
    if broken:
        raise SchemeError(
            "The style has a colour for {value:g}, which is not a class value",
            where=where,
            advice=_ADVICE,
            value=broken[0],
        )
    try:
        classes = tuple(
            LandCoverClass(int(value), label.strip() or untranslated(f"Class {value:g}"), color)
            for value, label, color in rows
        )
        return ClassScheme("style", title, classes)
    except SchemeError as error:
        raise SchemeError(error.what, where=where, advice=error.advice) from error


def _rows(renderer: QgsRasterRenderer | None) -> list[tuple[float, str, str]]:
    """Return value, label and colour ``#RRGGBB`` of each class; none where the style has no classes."""
    if isinstance(renderer, QgsPalettedRasterRenderer):
        return [(item.value, item.label, item.color.name()) for item in renderer.classes()]
    if isinstance(renderer, QgsSingleBandPseudoColorRenderer) and renderer.shader() is not None:
        function = renderer.shader().rasterShaderFunction()
        is_exact = (
            isinstance(function, QgsColorRampShader)
            and function.colorRampType() == Qgis.ShaderInterpolationMethod.Exact
        )
        if is_exact:
            return [(item.value, item.label, item.color.name()) for item in function.colorRampItemList()]
    return []
