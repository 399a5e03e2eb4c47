"""Classes that a layer may be labelled with: from its own form, from a map, or from a class scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsFeatureRequest,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ..algorithms.layers.schemes import scheme_of_layer
from ..algorithms.layers.vectors import is_null
from ..core.classes import (
    LandCoverClass,
    class_label,
    classes_for_values,
    distinct_colors,
    load_scheme,
    shipped_schemes,
    usual_color,
    whole_number,
)
from ..core.errors import SchemeError

OWN = "own"
"""Source of the classes that a layer itself offers."""
MAX_CLASSES = 300


@dataclass(frozen=True)
class ClassChoice:
    """Class as it is offered and as it is stored.

    Attributes:
        stored: What the class field gets: the class value, or the name in a field of text.
        title: Value and name for users.
        color: Colour, ``#RRGGBB``.
        value: Class value; 0 where only a name is known.
        name: Name of the class.
    """

    stored: int | str
    title: str
    color: str
    value: int
    name: str


def is_class_map(layer: object) -> bool:
    """Return whether a layer is a raster that is drawn by classes."""
    renderer = layer.renderer() if isinstance(layer, QgsRasterLayer) and layer.isValid() else None
    return renderer is not None and renderer.type() == "paletted"


def class_sources() -> list[tuple[str, str]]:
    """Return key and title of each source of classes besides the layer: maps of the project, and schemes."""
    maps = [
        (f"map:{layer.id()}", layer.name())
        for layer in QgsProject.instance().mapLayers().values()
        if is_class_map(layer)
    ]
    schemes = []
    for name, path in shipped_schemes().items():
        schemes.append((f"scheme:{name}", load_scheme(path).title))
    return [*sorted(maps, key=lambda item: item[1].casefold()), *schemes]


def classes_of_source(key: str, is_text: bool) -> list[ClassChoice]:
    """Return the classes of a map or a scheme of ``class_sources``; none where it has gone.

    Args:
        key: Key of the source.
        is_text: Whether the class field holds names.
    """
    kind, _, name = key.partition(":")
    try:
        if kind == "map":
            layer = QgsProject.instance().mapLayer(name)
            return _choices(scheme_of_layer(layer).classes, is_text) if is_class_map(layer) else []
        return _choices(load_scheme(shipped_schemes()[name]).classes, is_text)
    except (SchemeError, KeyError):
        return []


def classes_of_layer(layer: QgsVectorLayer, field: str, name_field: str = "") -> list[ClassChoice]:
    """Return the classes that a layer offers: those of its form, else of its style, else those in it.

    Args:
        layer: Points or polygons.
        field: Class field.
        name_field: Field with the name of the class; empty without one.
    """
    index = layer.fields().indexOf(field)
    if index < 0:
        return []
    is_text = not layer.fields().at(index).isNumeric()
    titles = _titles_of_form(layer, index) or _titles_of_style(layer, field)
    colors = _colors_of_style(layer, field)
    if not titles:
        titles = _titles_in(layer, index, name_field)
    if is_text:
        colors_by_name = {name: colors.get(name) or usual_color(name) for name in titles}
        numbered = classes_for_values(dict(enumerate(titles, start=1)))
        return [
            ClassChoice(item.name, item.name, colors_by_name[item.name] or item.color, item.value, item.name)
            for item in numbered
        ]
    names = {}
    for text, title in titles.items():
        value = whole_number(text)
        if value is not None:
            names[value] = title.removeprefix(f"{value} ").strip() if title != text else ""
    classes = [
        LandCoverClass(item.value, item.name, colors.get(str(item.value)) or item.color)
        for item in classes_for_values(names)
    ]
    return _choices(classes, is_text)


def choice_of(value: int, name: str, known: Sequence[ClassChoice], is_text: bool) -> ClassChoice:
    """Return a class that a user adds, with a colour that the others do not have."""
    names = {item.value: item.name for item in known} | {value: name}
    item = next(item for item in classes_for_values(names) if item.value == value)
    taken = {item.color for item in known}
    if item.color in taken:
        colors = (color for color in distinct_colors(len(taken) + 1) if color not in taken)
        item = LandCoverClass(item.value, item.name, next(colors))
    return _choices([item], is_text)[0]


def _choices(classes: Sequence[LandCoverClass], is_text: bool) -> list[ClassChoice]:
    return [
        ClassChoice(
            item.name if is_text else item.value,
            item.name if is_text else class_label(item),
            item.color,
            item.value,
            item.name,
        )
        for item in classes[:MAX_CLASSES]
    ]


def _titles_of_form(layer: QgsVectorLayer, index: int) -> dict[str, str]:
    setup = layer.editorWidgetSetup(index)
    if setup.type() != "ValueMap":
        return {}
    entries = setup.config().get("map", [])
    pairs = [entries] if isinstance(entries, dict) else entries
    return {
        str(value): str(title)
        for pair in pairs
        for title, value in pair.items()
        if "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}" not in str(value)
    }


def _titles_of_style(layer: QgsVectorLayer, field: str) -> dict[str, str]:
    return {
        str(item.value()): item.label() or str(item.value()) for item in _categories_of_style(layer, field)
    }


def _colors_of_style(layer: QgsVectorLayer, field: str) -> dict[str, str]:
    return {str(item.value()): item.symbol().color().name() for item in _categories_of_style(layer, field)}


def _categories_of_style(layer: QgsVectorLayer, field: str) -> list[QgsRendererCategory]:
    renderer = layer.renderer()
    is_by_field = (
        isinstance(renderer, QgsCategorizedSymbolRenderer) and renderer.classAttribute().strip('"') == field
    )
    if not is_by_field:
        return []
    return [
        item
        for item in renderer.categories()
        if not is_null(item.value()) and item.value() != "" and not isinstance(item.value(), list)
    ]


def _titles_in(layer: QgsVectorLayer, index: int, name_field: str) -> dict[str, str]:
    """Return the labels that a layer holds, with their names."""
    names = layer.fields().indexOf(name_field) if name_field else -1
    if names < 0:
        values = layer.uniqueValues(index, MAX_CLASSES)
        return {str(value): str(value) for value in sorted(values, key=_order) if not _is_empty(value)}
    request = QgsFeatureRequest()
    request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    request.setSubsetOfAttributes([index, names])
    titles: dict[str, str] = {}
    for feature in layer.getFeatures(request):
        value, name = feature[index], feature[names]
        if not _is_empty(value) and str(value) not in titles:
            titles[str(value)] = str(value) if _is_empty(name) else f"{value} {name}"
    return {text: titles[text] for text in sorted(titles, key=_text_order)}


def _is_empty(value: object) -> bool:
    return is_null(value) or value == ""


def _order(value: object) -> tuple[bool, float, str]:
    return _text_order("" if is_null(value) else str(value))


def _text_order(text: str) -> tuple[bool, float, str]:
    number = whole_number(text)
    return (number is None, number or 0, text)
