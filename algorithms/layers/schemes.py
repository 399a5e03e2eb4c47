"""Class schemes that layers, style files (``.qml``, ``.sld``) and colour tables (``.clr``, ``.txt``) hold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsRasterRendererUtils,
    QgsSingleBandPseudoColorRenderer,
)

from ...core.classes import ClassScheme, LandCoverClass, load_scheme
from ...core.errors import ParameterError, SchemeError
from ...core.files import read_text_file
from ...core.text import untranslated
from ..parameters.common import SCHEME_FILE, is_given
from ..parameters.outputs import absolute
from .xml_files import read_xml

STYLE_SUFFIXES = (".qml", ".sld", ".clr", ".txt")
"""Endings of the files that ``scheme_of_style`` reads."""
Rows = list[tuple[float, str, str]]
"""Value, label and colour ``#RRGGBB`` of each class; none where a style has no classes."""
# Largest colour table, in bytes.
_MAX_TABLE_BYTES = 10_000_000
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
    return _scheme(_rows(layer.renderer()), layer.name(), layer.name())


def scheme_of_file(path: Path) -> ClassScheme:
    """Return the scheme of a file of the parameter SCHEME_FILE: a scheme of this plugin, a style or a table.

    Raises:
        SchemeError: It cannot be read, or holds no classes.
    """
    return scheme_of_style(path) if path.suffix.lower() in STYLE_SUFFIXES else load_scheme(path)


def scheme_of_style(path: Path) -> ClassScheme:
    """Return the classes of a style file or a colour table.

    Args:
        path: Raster style of QGIS (``.qml``), styled layer descriptor (``.sld``), or table of values and
            colours (``.clr``, ``.txt``) as QGIS and other programs export them.

    Raises:
        SchemeError: It cannot be read, or is no style of a raster of classes.
    """
    readers = {".qml": _rows_of_qml, ".sld": _rows_of_sld}
    try:
        rows = readers.get(path.suffix.lower(), _rows_of_table)(path)
    except OSError as error:
        raise SchemeError(
            "The style file cannot be read: {strerror}",
            where=str(path),
            advice="Choose another file.",
            strerror=error.strerror,
        ) from error
    except UnicodeDecodeError as error:
        raise SchemeError("The file is not a style file", where=str(path), advice=_ADVICE) from error
    return _scheme(rows, path.stem, str(path))


def _rows_of_qml(path: Path) -> Rows:
    document = read_xml(path)
    element = document.documentElement().elementsByTagName("rasterrenderer").item(0).toElement()
    if element.isNull():
        raise SchemeError("The file is not a style file of a raster", where=str(path), advice=_ADVICE)
    kinds = {"paletted": QgsPalettedRasterRenderer, "singlebandpseudocolor": QgsSingleBandPseudoColorRenderer}
    kind = kinds.get(element.attribute("type"))
    return _rows(kind.create(element, None) if kind else None)


def _rows_of_sld(path: Path) -> Rows:
    root = read_xml(path).documentElement()
    rows: Rows = []
    for prefix in ("", "sld:", "se:"):
        maps = root.elementsByTagName(f"{prefix}ColorMap")
        if not maps.isEmpty() and maps.item(0).toElement().attribute("type", "values") != "values":
            return []
        entries = root.elementsByTagName(f"{prefix}ColorMapEntry")
        for number in range(entries.count()):
            entry = entries.item(number).toElement()
            value = entry.attribute("quantity")
            rows.append((_number(value, path), entry.attribute("label"), entry.attribute("color")))
    return rows


def _rows_of_table(path: Path) -> Rows:
    text = read_text_file(path, _MAX_TABLE_BYTES)
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if any(line.startswith("INTERPOLATION:") for line in lines):
        _is_read, items, kind, _errors = QgsRasterRendererUtils.parseColorMapFile(str(path))
        is_exact = kind == Qgis.ShaderInterpolationMethod.Exact
        return [(item.value, item.label, item.color.name()) for item in items] if is_exact else []
    classes = QgsPalettedRasterRenderer.classDataFromString("\n".join(lines))
    # QGIS leaves out the lines that it cannot read.
    if len(classes) != len(lines):
        raise SchemeError(
            "The colour table has {count} lines, of which QGIS reads {read}",
            where=str(path),
            advice="Write one class per line: value, red, green, blue, opacity and name, such as "
            "'3 34 139 34 255 Forest'.",
            count=len(lines),
            read=len(classes),
        )
    return [(item.value, item.label, item.color.name()) for item in classes]


def _number(text: str, path: Path) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise SchemeError(
            "The style has a colour for {value!r}, which is not a class value",
            where=str(path),
            advice=_ADVICE,
            value=text,
        ) from error


def _scheme(rows: Rows, title: str, where: str) -> ClassScheme:
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


def _rows(renderer: QgsRasterRenderer | None) -> Rows:
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


def own_scheme(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> ClassScheme | None:
    """Return the scheme of SCHEME_FILE; None without one.

    Raises:
        ParameterError: A published scheme was chosen as well.
    """
    if not is_given(parameters, SCHEME_FILE):
        return None
    if is_given(parameters, "SCHEME"):
        raise ParameterError(
            "There are several schemes",
            where=f"SCHEME, {SCHEME_FILE}",
            advice="Choose only one of a published scheme and a file.",
        )
    return scheme_of_file(Path(absolute(algorithm.parameterAsFile(parameters, SCHEME_FILE, context))))
