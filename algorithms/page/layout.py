"""A page for print: a layout template, filled with maps and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import (
    QgsEllipsoidUtils,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutSize,
    QgsPathResolver,
    QgsPrintLayout,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ...core.errors import ParameterError
from ..i18n.translation import tr
from ..layers.xml_files import read_xml
from .legend import LegendPart, fill_legend
from .maps import fit_maps, fit_scale_bar, has_scale, printed_scale
from .texts import fit_text, projection_text

LAYOUT_FOLDER = Path(__file__).parents[2] / "resources" / "layouts"
MAPS, CAPTIONS = ("map", "map2"), ("map_title", "map2_title")
TITLE, LEGEND, SCALE_BAR, NORTH = "title", "legend", "scalebar", "north_arrow"
SOURCES, ACCURACY, PROJECTION = "sources", "accuracy", "projection"
_KINDS = {
    **dict.fromkeys(MAPS, QgsLayoutItemMap),
    **dict.fromkeys((*CAPTIONS, TITLE, SOURCES, ACCURACY, PROJECTION), QgsLayoutItemLabel),
    LEGEND: QgsLayoutItemLegend,
    SCALE_BAR: QgsLayoutItemScaleBar,
    NORTH: QgsLayoutItemPicture,
}
# More than these go into a legend of several columns, for which the map makes room.
_LONG_LEGEND = 20
# Rasters that are wider than high by this get a page with a wider map.
_WIDE = 1.1


@dataclass(frozen=True, eq=False)
class PageContent:
    """What stands on a page.

    Attributes:
        layers: One raster or two, styled; they belong to the page and are changed.
        title: Over all.
        captions: A name for each raster.
        legend: The classes to explain, a part for each kind of map.
        sources: Credits.
        accuracy: What the accuracy box says; empty for no box.
    """

    layers: Sequence[QgsRasterLayer]
    title: str
    captions: Sequence[str]
    legend: Sequence[LegendPart]
    sources: str
    accuracy: str = ""


@dataclass(eq=False)
class Page:
    """A filled layout and the project that it needs.

    Attributes:
        project: Owns the layers; it must live as long as the layout.
        layout: Ready to be exported.
        scale: Denominator of the maps' scale; None where the projection does not keep one.
        notes: What could not be placed, whole sentences.
    """

    project: QgsProject
    layout: QgsPrintLayout
    scale: float | None = None
    notes: list[str] = field(default_factory=list)


def shipped_template(layers: Sequence[QgsRasterLayer], legend: Sequence[LegendPart]) -> Path:
    """Return the shipped template for so many maps of such a shape, and so many classes."""
    name = "one_map" if len(layers) == 1 else "two_maps"
    if sum(len(part.classes) for part in legend) > _LONG_LEGEND:
        name += "_long_legend"
    elif len(layers) == 1 and layers[0].extent().width() < _WIDE * layers[0].extent().height():
        name += "_square"
    return LAYOUT_FOLDER / f"{name}.qpt"


def read_template(path: Path) -> QDomDocument:
    """Return a layout template.

    Raises:
        ParameterError: It cannot be read, or is not a template.
    """
    advice = "Save a layout in QGIS's layout designer with Layout > Save as Template…, and choose that."
    try:
        document = read_xml(path)
    except OSError as error:
        raise ParameterError(
            "The layout template cannot be read: {strerror}",
            where=str(path),
            advice=advice,
            strerror=error.strerror,
        ) from error
    except UnicodeDecodeError as error:
        raise ParameterError("The file is not a layout template", where=str(path), advice=advice) from error
    if document.documentElement().tagName() != "Layout":
        raise ParameterError("The file is not a layout template", where=str(path), advice=advice)
    return document


def check_template(document: QDomDocument, maps: int, where: str) -> None:
    """Refuse a template that has no room for the maps.

    Raises:
        ParameterError: It lacks a map item with one of the ids.
    """
    items = document.documentElement().elementsByTagName("LayoutItem")
    ids = {items.item(number).toElement().attribute("id") for number in range(items.count())}
    missing = [name for name in MAPS[:maps] if name not in ids]
    if missing:
        raise ParameterError(
            "The layout template has no map item with the id {item!r}",
            where=where,
            advice="Set the item’s id in the layout designer under Item Properties > Item ID.",
            item=missing[0],
        )


def make_page(
    document: QDomDocument,
    template: Path,
    content: PageContent,
    user_project: QgsProject | None,
    feedback: QgsProcessingFeedback,
) -> Page:
    """Return the template filled with the content.

    What the template lacks is left out and named in the page's notes; what it has besides stays.

    Raises:
        ParameterError: The template has no map item for a raster.
    """
    project = _page_project(document, content.layers, user_project)
    page = Page(project, QgsPrintLayout(project))
    # As one of the project it ends before its layers do.
    project.layoutManager().addLayout(page.layout)
    context = QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(str(template)))
    page.layout.loadFromTemplate(document, context)
    page.layout.renderContext().setDpi(300)
    if page.layout.pageCollection().pageCount() == 0:
        raise ParameterError("The layout template has no page", where=str(template), advice="Add one.")
    items = _items(page.layout, template)
    _fill(page, items, content, _scale_bar_width(document, page.layout), feedback)
    page.layout.refresh()
    return page


def _page_project(
    document: QDomDocument, layers: Sequence[QgsRasterLayer], user_project: QgsProject | None
) -> QgsProject:
    """Return a project of the page's own: nothing on it changes the user's, and its ellipsoid is right."""
    project = QgsProject()
    crs = layers[0].crs()
    project.setCrs(crs)
    acronym = crs.ellipsoidAcronym()
    # Lengths are plain ones where QGIS does not know the ellipsoid.
    project.setEllipsoid(acronym if QgsEllipsoidUtils.ellipsoidParameters(acronym).valid else "NONE")
    if user_project is not None:
        project.setTransformContext(user_project.transformContext())
        project.setTitle(user_project.title())
        project.setCustomVariables(user_project.customVariables())
        # A template may show other layers, such as borders above the map or a small map of the country.
        text = document.toString()
        for name, layer in user_project.mapLayers().items():
            if name in text:
                copy = layer.clone()
                copy.setId(name)
                project.addMapLayer(copy)
    project.addMapLayers(list(layers))
    return project


def _items(layout: QgsPrintLayout, template: Path) -> dict[str, QgsLayoutItem]:
    items = {}
    for name, kind in _KINDS.items():
        item = layout.itemById(name)
        if isinstance(item, kind):
            items[name] = item
    if MAPS[0] not in items:
        raise ParameterError(
            "The item with the id {item!r} in the layout template is not a map",
            where=str(template),
            advice="Give this id to a map item.",
            item=MAPS[0],
        )
    return items


def _scale_bar_width(document: QDomDocument, layout: QgsPrintLayout) -> float:
    """Return the width of the scale bar's room, which QGIS forgets when it reads the template."""
    items = document.documentElement().elementsByTagName("LayoutItem")
    for number in range(items.count()):
        element = items.item(number).toElement()
        if element.attribute("id") == SCALE_BAR:
            return layout.convertToLayoutUnits(QgsLayoutSize.decodeSize(element.attribute("size"))).width()
    return 0.0


def _fill(
    page: Page,
    items: dict[str, QgsLayoutItem],
    content: PageContent,
    bar_width: float,
    feedback: QgsProcessingFeedback,
) -> None:
    count = len(content.layers)
    _remove_spare(page.layout, items, count, bool(content.accuracy))
    maps = [items[name] for name in MAPS[:count]]
    for item, layer in zip(maps, content.layers, strict=True):
        over = [other for other in item.layers() if isinstance(other, QgsVectorLayer)]
        item.setFollowVisibilityPreset(False)
        item.setKeepLayerSet(True)
        item.setKeepLayerStyles(False)
        item.setLayers([*over, layer])
    fit_maps(page.project, maps, content.layers)
    page.scale = printed_scale(page.project, maps[0])
    for name in (SCALE_BAR, LEGEND, NORTH):
        if name in items and items[name].linkedMap() not in maps:
            items[name].setLinkedMap(maps[0])
    if SCALE_BAR in items and has_scale(maps[0]):
        fit_scale_bar(page.project, items[SCALE_BAR], maps[0], bar_width)
    elif SCALE_BAR in items:
        page.layout.removeLayoutItem(items[SCALE_BAR])
        page.notes.append(tr("The map shows too much of the globe for a scale bar."))
    if LEGEND in items and not fill_legend(items[LEGEND], content.legend, feedback):
        page.notes.append(tr("The legend is larger than its item in the template."))
    texts = {
        TITLE: content.title,
        SOURCES: content.sources,
        ACCURACY: content.accuracy,
        PROJECTION: projection_text(content.layers[0].crs(), page.scale),
        **(dict(zip(CAPTIONS, content.captions, strict=False))),
    }
    for name in texts.keys() & items.keys():
        if not fit_text(items[name], texts[name]):
            note = tr("The text of the item {} is larger than the item in the template.")
            page.notes.append(note.format(name))
    _note_missing(page, items, content)


def _remove_spare(
    layout: QgsPrintLayout, items: dict[str, QgsLayoutItem], count: int, has_accuracy: bool
) -> None:
    """Take what is for a second map or for accuracy off the page where there is none."""
    spare = [*MAPS[count:], *CAPTIONS[count:], *([] if has_accuracy else [ACCURACY])]
    for name in items.keys() & set(spare):
        item = items.pop(name)
        if name == ACCURACY and LEGEND in items:
            _give_room(items[LEGEND], item)
        layout.removeLayoutItem(item)


def _note_missing(page: Page, items: dict[str, QgsLayoutItem], content: PageContent) -> None:
    wanted = [TITLE, LEGEND, SCALE_BAR, NORTH, SOURCES]
    wanted += [ACCURACY] if content.accuracy else []
    wanted += CAPTIONS if len(content.layers) > 1 else ()
    missing = [name for name in wanted if name not in items]
    if missing:
        page.notes.append(tr("The template has no items with these ids: {}.").format(", ".join(missing)))


def _give_room(legend: QgsLayoutItem, other: QgsLayoutItem) -> None:
    """Let the legend take the place of an item that stands below it in its column."""
    mine, theirs = legend.sceneBoundingRect(), other.sceneBoundingRect()
    is_below = theirs.top() >= mine.bottom() - 1 and abs(theirs.left() - mine.left()) < 2
    if is_below:
        size = legend.sizeWithUnits()
        size.setHeight(theirs.bottom() - mine.top())
        legend.attemptResize(size)
