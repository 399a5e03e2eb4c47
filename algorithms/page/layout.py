"""A page for print: a layout template, filled with maps and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsEllipsoidUtils,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsMapLayer,
    QgsPathResolver,
    QgsPrintLayout,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsReadWriteContext,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ...core.errors import ParameterError
from ..i18n.translation import language_code, speaking, tr
from ..layers.xml_files import read_xml
from .legend import LegendPart, LegendStyles, fill_legend, legend_styles, use_styles
from .locator import draw_locator
from .maps import (
    FRAME,
    draw_graticule,
    fit_maps,
    fit_scale_bar,
    has_scale,
    printed_scale,
    shown_extents,
)
from .second_language import SecondWords
from .sheet import Sheet, place_items
from .texts import fit_text, projection_text, side_by_side

LAYOUT_FOLDER = Path(__file__).parents[2] / "resources" / "layouts"
MAPS, CAPTIONS = ("map", "map2"), ("map_title", "map2_title")
TITLE, LEGEND, SCALE_BAR, NORTH = "title", "legend", "scalebar", "north_arrow"
SOURCES, ACCURACY, PROJECTION = "sources", "accuracy", "projection"
SUBTITLE, LOGO, LOCATOR, TITLE_2 = "subtitle", "logo", "locator", "title_2"
_KINDS = {
    **dict.fromkeys((*MAPS, LOCATOR), QgsLayoutItemMap),
    **dict.fromkeys((*CAPTIONS, TITLE, TITLE_2, SUBTITLE, SOURCES, ACCURACY, PROJECTION), QgsLayoutItemLabel),
    LOGO: QgsLayoutItemPicture,
    LEGEND: QgsLayoutItemLegend,
    SCALE_BAR: QgsLayoutItemScaleBar,
    NORTH: QgsLayoutItemPicture,
}
# Of a title with a line below it, as a share of its room.
_TITLE_SHARE = 0.68
# Margin of a page on which the legend goes on, and height of its heading, in millimetres.
_EDGE, _HEADING = 13.0, 10.0


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
        subtitle: Below the title; empty for none.
        logo: Path of a picture; empty for none.
        graticule: How coordinates are drawn, one of ``maps.GRATICULES``.
        scale: Denominator of the maps' scale; 0 for the next round one.
        extent: What the map shows, in its CRS; None for the whole of the rasters.
        over: Layers that are drawn above the maps; they belong to the page.
        locator: Layers of the map of where the map lies, from the top; none for no such map.
        sheet: Paper and places; None for those of the template.
        second: What stands on the page in a second language.
    """

    layers: Sequence[QgsRasterLayer]
    title: str
    captions: Sequence[str]
    legend: Sequence[LegendPart]
    sources: str
    accuracy: str = ""
    subtitle: str = ""
    logo: str = ""
    graticule: str = FRAME
    scale: float = 0.0
    extent: QgsRectangle | None = None
    over: Sequence[QgsVectorLayer] = ()
    locator: Sequence[QgsMapLayer] = ()
    sheet: Sheet | None = None
    second: SecondWords = field(default_factory=SecondWords)


@dataclass(eq=False)
class Page:
    """A filled layout and the project that it needs.

    Attributes:
        project: Owns the layers; it must live as long as the layout.
        layout: Ready to be exported.
        scale: Denominator of the maps' scale; None where the projection does not keep one.
        notes: What could not be placed, whole sentences.
        continued: Numbers of the pages on which the legend goes on, from 0.
    """

    project: QgsProject
    layout: QgsPrintLayout
    scale: float | None = None
    notes: list[str] = field(default_factory=list)
    continued: list[int] = field(default_factory=list)


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
    project.addMapLayers([*content.over, *content.locator], addToLegend=False)
    layout = QgsPrintLayout(project)
    # As one of the project it ends before its layers do.
    project.layoutManager().addLayout(layout)
    return fill_page(layout, project, document, template, content, feedback)


def fill_page(
    layout: QgsPrintLayout,
    project: QgsProject,
    document: QDomDocument,
    template: Path,
    content: PageContent,
    feedback: QgsProcessingFeedback,
) -> Page:
    """Fill a layout of a project that has all layers of the content; see ``make_page``.

    The layers of the legend are added to the project, where no layer tree shows them.
    """
    page = Page(project, layout)
    name = layout.name()
    context = QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(str(template)))
    page.layout.loadFromTemplate(document, context)
    if name:
        page.layout.setName(name)
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
    _remove_spare(page.layout, items, count, content)
    if content.sheet is not None:
        place_items(page.layout, content.sheet)
        if SCALE_BAR in content.sheet.boxes:
            bar_width = content.sheet.boxes[SCALE_BAR].width
    _make_room(items)
    maps = [items[name] for name in MAPS[:count]]
    _fill_maps(page.project, maps, content)
    page.scale = printed_scale(page.project, maps[0])
    for name in (SCALE_BAR, LEGEND, NORTH):
        if name in items and items[name].linkedMap() not in maps:
            items[name].setLinkedMap(maps[0])
    if SCALE_BAR in items and has_scale(maps[0]):
        fit_scale_bar(page.project, items[SCALE_BAR], maps[0], bar_width)
    elif SCALE_BAR in items:
        page.layout.removeLayoutItem(items[SCALE_BAR])
        page.notes.append(tr("The map shows too much of the globe for a scale bar."))
    if LOCATOR in items:
        draw_locator(page.project, items[LOCATOR], maps[0], content.locator)
    if LOGO in items:
        items[LOGO].setPicturePath(content.logo)
    _fill_legend(page, items, content, feedback)
    _fill_texts(page, items, content)
    _note_missing(page, items, content)


def _fill_maps(project: QgsProject, maps: Sequence[QgsLayoutItemMap], content: PageContent) -> None:
    for item, layer in zip(maps, content.layers, strict=True):
        over = [other for other in item.layers() if isinstance(other, QgsVectorLayer)]
        item.setFollowVisibilityPreset(False)
        item.setKeepLayerSet(True)
        item.setKeepLayerStyles(False)
        item.setLayers([*over, *content.over, layer])
    extents = shown_extents(project, content.layers) if content.extent is None else [content.extent]
    fit_maps(project, maps, content.layers[0].crs(), extents, content.scale)
    for item in maps if content.graticule != FRAME else ():
        draw_graticule(project, item, content.graticule)


def _fill_legend(
    page: Page, items: dict[str, QgsLayoutItem], content: PageContent, feedback: QgsProcessingFeedback
) -> None:
    """Fill the legend; what does not fit goes on further pages."""
    if LEGEND not in items:
        return
    original = legend_styles(items[LEGEND])
    rest = fill_legend(items[LEGEND], content.legend, feedback)
    while rest and not feedback.isCanceled():
        rest = _continue_legend(page, items, original, rest, content.second.language, feedback)


def _continue_legend(
    page: Page,
    items: dict[str, QgsLayoutItem],
    original: LegendStyles,
    parts: Sequence[LegendPart],
    second: str,
    feedback: QgsProcessingFeedback,
) -> list[LegendPart]:
    """Add a page on which the legend goes on; return what is left for another one.

    Args:
        page: The page.
        items: Its items by id.
        original: Type and symbols of the legend before it was filled.
        parts: Entries that are left.
        second: Code of the second language; empty for none.
        feedback: Of the run.
    """
    pages = page.layout.pageCollection()
    number = pages.pageCount()
    sheet = QgsLayoutItemPage(page.layout)
    sheet.setPageSize(pages.page(0).pageSize())
    pages.addPage(sheet)
    page.continued.append(number)
    size = page.layout.convertToLayoutUnits(sheet.pageSize())
    heading = QgsLayoutItemLabel(page.layout)
    page.layout.addLayoutItem(heading)
    heading.setId(f"legend_title_{number + 1}")
    if TITLE in items:
        heading.setTextFormat(items[TITLE].textFormat())
    words = tr("Legend (continued)")
    with speaking(second or language_code()):
        words = side_by_side(words, tr("Legend (continued)"))
    box = (_EDGE, _EDGE, size.width() - 2 * _EDGE, _HEADING)
    _put(heading, box, number)
    fit_text(heading, words)
    legend = QgsLayoutItemLegend(page.layout)
    page.layout.addLayoutItem(legend)
    legend.setId(f"legend_{number + 1}")
    legend.setLinkedMap(items[MAPS[0]])
    use_styles(legend, original)
    top = _EDGE + _HEADING + 2
    _put(legend, (_EDGE, top, size.width() - 2 * _EDGE, size.height() - top - _EDGE), number)
    legend.setResizeToContents(False)
    return fill_legend(legend, parts, feedback)


def _put(item: QgsLayoutItem, box: tuple[float, float, float, float], page: int) -> None:
    left, top, width, height = box
    item.attemptResize(QgsLayoutSize(width, height, Qgis.LayoutUnit.Millimeters))
    item.attemptMove(QgsLayoutPoint(left, top, Qgis.LayoutUnit.Millimeters), True, False, page)


def _fill_texts(page: Page, items: dict[str, QgsLayoutItem], content: PageContent) -> None:
    second = content.second
    crs = content.layers[0].crs()
    projection = projection_text(crs, page.scale)
    with speaking(second.language or language_code()):
        projection = side_by_side(projection, projection_text(crs, page.scale))
    texts = {
        TITLE: content.title,
        TITLE_2: second.title,
        SUBTITLE: content.subtitle,
        SOURCES: content.sources,
        ACCURACY: content.accuracy,
        PROJECTION: projection,
        **(dict(zip(CAPTIONS, content.captions, strict=False))),
    }
    seconds = {SOURCES: second.sources, ACCURACY: second.accuracy}
    for name in texts.keys() & items.keys():
        if not fit_text(items[name], texts[name], seconds.get(name, "")):
            note = tr("The text of the item {} is larger than the item in the template.")
            page.notes.append(note.format(name))


def _remove_spare(
    layout: QgsPrintLayout, items: dict[str, QgsLayoutItem], count: int, content: PageContent
) -> None:
    """Take what is for a second map, for accuracy and the like off the page where there is none."""
    spare = [*MAPS[count:], *CAPTIONS[count:]]
    for name, value in _optional(content).items():
        if not value and name in items:
            # Those of a user's template that have something of their own stay, such as an office's logo.
            if _has_content(items[name], name):
                items.pop(name)
            else:
                spare.append(name)
    for name in items.keys() & set(spare):
        item = items.pop(name)
        if name == ACCURACY and LEGEND in items:
            _give_room(items[LEGEND], item)
        layout.removeLayoutItem(item)


def _note_missing(page: Page, items: dict[str, QgsLayoutItem], content: PageContent) -> None:
    wanted = [TITLE, LEGEND, SCALE_BAR, NORTH, SOURCES]
    wanted += [name for name, value in _optional(content).items() if value]
    wanted += CAPTIONS if len(content.layers) > 1 else ()
    missing = [name for name in wanted if name not in items]
    if missing:
        page.notes.append(tr("The template has no items with these ids: {}.").format(", ".join(missing)))


def _has_content(item: QgsLayoutItem, name: str) -> bool:
    """Return whether an item of a template shows something without the algorithm."""
    if name == LOGO:
        return bool(item.picturePath())
    if name == LOCATOR:
        return bool(item.layers()) or item.followVisibilityPreset()
    return name in (SUBTITLE, TITLE_2) and item.text() not in ("", name)


def _optional(content: PageContent) -> dict[str, bool]:
    """Return whether the page has each of the items that not every page has."""
    return {
        ACCURACY: bool(content.accuracy),
        TITLE_2: bool(content.second.title),
        SUBTITLE: bool(content.subtitle),
        LOGO: bool(content.logo),
        LOCATOR: bool(content.locator),
    }


def _make_room(items: dict[str, QgsLayoutItem]) -> None:
    """Make the title's room smaller where a subtitle or a logo stands in it."""
    if TITLE not in items:
        return
    title = items[TITLE]
    size, box = title.sizeWithUnits(), title.sceneBoundingRect()
    if SUBTITLE in items and box.intersects(items[SUBTITLE].sceneBoundingRect()):
        size.setHeight(_TITLE_SHARE * size.height())
    if LOGO in items and box.intersects(items[LOGO].sceneBoundingRect()):
        for name in (TITLE, TITLE_2, SUBTITLE):
            if name in items:
                room = items[name].sizeWithUnits()
                room.setWidth(items[LOGO].sceneBoundingRect().left() - box.left() - 4)
                items[name].attemptResize(room)
        size.setWidth(title.sizeWithUnits().width())
    title.attemptResize(size)


def _give_room(legend: QgsLayoutItem, other: QgsLayoutItem) -> None:
    """Let the legend take the place of an item that stands below it in its column."""
    mine, theirs = legend.sceneBoundingRect(), other.sceneBoundingRect()
    is_below = theirs.top() >= mine.bottom() - 1 and abs(theirs.left() - mine.left()) < 2
    if is_below:
        size = legend.sizeWithUnits()
        size.setHeight(theirs.bottom() - mine.top())
        legend.attemptResize(size)
