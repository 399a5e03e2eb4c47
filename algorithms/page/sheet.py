"""The sheet of a page: paper and orientation, and where everything stands on it.

The shipped templates are for A4 across. Other sheets, and maps whose shape would leave much of that one
empty, get places of their own:

>>> sheet = choose_sheet(Wish("A3", "auto"), shape=(46_000, 35_000), maps=1, entries=6)
>>> place_items(layout, sheet)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from qgis.core import (
    Qgis,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsTextFormat,
)

from ...core.options import AUTO

A4, A3 = "A4", "A3"
PAPERS = (A4, A3)
LANDSCAPE, PORTRAIT = "landscape", "portrait"
ORIENTATIONS = (AUTO, LANDSCAPE, PORTRAIT)
# Longer and shorter side in millimetres, and how much larger type and furniture are than on A4.
_SIZES = {A4: (297.0, 210.0, 1.0), A3: (420.0, 297.0, 1.2)}
# More than these go into a legend of several columns, for which the map makes room.
LONG_LEGEND = 20
# An upright sheet, and places other than those of the template, must show the map larger by these factors.
_UPRIGHT_GAIN, _OTHER_GAIN = 1.25, 1.15
# Left and right of the map with its coordinates, above and below it, in millimetres.
_LEFT, _RIGHT, _TOP, _BOTTOM = 19.0, 12.0, 26.0, 26.0
_GAP, _CAPTION = 8.0, 6.0
# Height of a title in a second language.
_SECOND_TITLE = 6.0
# Rooms of the maps in the shipped templates.
_TEMPLATE_ROOMS = {
    "one_map": (190.0, 158.0),
    "one_map_square": (162.0, 158.0),
    "one_map_long_legend": (128.0, 124.0),
    "two_maps": (126.0, 112.0),
    "two_maps_long_legend": (126.0, 86.0),
}
# Rasters that are wider than high by this get a page with a wider map.
_WIDE = 1.1


class Box(NamedTuple):
    """Position and size of an item on the sheet, in millimetres."""

    left: float
    top: float
    width: float
    height: float


class Wish(NamedTuple):
    """Requested properties of the sheet.

    Attributes:
        paper: One of ``PAPERS``.
        orientation: One of ``ORIENTATIONS``.
        has_accuracy: Whether there is a box with the accuracy.
        has_locator: Whether there is a map of where the map lies.
        units: Map units a millimetre at the scale that the user wants; 0 for none.
        has_second_title: Whether there is a title in a second language.
        has_second_words: Whether accuracy, scale and sources are in two languages.
    """

    paper: str = A4
    orientation: str = AUTO
    has_accuracy: bool = False
    has_locator: bool = False
    units: float = 0.0
    has_second_title: bool = False
    has_second_words: bool = False

    @property
    def needs_places(self) -> bool:
        """Whether a requested item has no place in the shipped templates."""
        return self.has_locator or self.has_second_title or self.has_second_words


@dataclass(frozen=True)
class Sheet:
    """A sheet and what stands on it.

    Attributes:
        template: Name of the shipped template that has the items.
        width: Of the paper, in millimetres.
        height: Of the paper, in millimetres.
        type_factor: How much larger type is than in the template.
        boxes: Place of each item by its id; empty where the template's places hold.
    """

    template: str
    width: float
    height: float
    type_factor: float
    boxes: dict[str, Box]


def choose_sheet(wish: Wish, shape: tuple[float, float], maps: int, entries: int) -> Sheet:
    """Return the sheet that shows the maps largest.

    A sheet is upright where that shows the maps larger by a quarter at least. A sheet of A4 across keeps the
    places of the shipped template unless others show the maps larger by 15 %.

    Args:
        wish: Paper and orientation.
        shape: Width and height of the maps in map units.
        maps: Number of maps, 1 or 2.
        entries: Number of entries in the legend.
    """
    across = _best(wish, LANDSCAPE, shape, maps, entries)
    upright = _best(wish, PORTRAIT, shape, maps, entries)
    if wish.orientation != AUTO:
        is_upright = wish.orientation == PORTRAIT
    elif wish.units and not across[0] <= wish.units:
        is_upright = upright[0] < across[0]
    else:
        is_upright = upright[0] * _UPRIGHT_GAIN <= across[0]
    return upright[1] if is_upright else across[1]


def template_name(shape: tuple[float, float], maps: int, entries: int) -> str:
    """Return the name of the shipped template for so many maps of such a shape, and so many entries."""
    name = "one_map" if maps == 1 else "two_maps"
    if entries > LONG_LEGEND:
        return f"{name}_long_legend"
    return f"{name}_square" if maps == 1 and shape[0] < _WIDE * shape[1] else name


def _best(
    wish: Wish, orientation: str, shape: tuple[float, float], maps: int, entries: int
) -> tuple[float, Sheet]:
    """Return map units a millimetre on the best sheet of an orientation, and the sheet."""
    long, short, factor = _SIZES[wish.paper]
    width, height = (long, short) if orientation == LANDSCAPE else (short, long)
    template = template_name(shape, maps, entries)
    best: tuple[float, Sheet] | None = None
    if wish.paper == A4 and orientation == LANDSCAPE and not wish.needs_places:
        best = _units(shape, _TEMPLATE_ROOMS[template]), Sheet(template, width, height, 1.0, {})
    plan = _Plan(wish, width, height, factor, shape, maps, entries)
    for boxes in plan.arrangements():
        units = _units(shape, (boxes["map"].width, boxes["map"].height))
        is_needed = best is not None and units <= wish.units < best[0]
        if best is None or is_needed or units * _OTHER_GAIN < best[0]:
            best = units, Sheet(template, width, height, factor, boxes)
    return best or (0.0, Sheet(template, width, height, factor, {}))


def _units(shape: tuple[float, float], room: tuple[float, float]) -> float:
    return max(shape[0] / room[0], shape[1] / room[1])


@dataclass(frozen=True)
class _Plan:
    """Ways to arrange a sheet, the one that is preferred first."""

    wish: Wish
    width: float
    height: float
    factor: float
    shape: tuple[float, float]
    maps: int
    entries: int

    def arrangements(self) -> Iterator[dict[str, Box]]:
        yield self._beside()
        yield self._beneath()

    @property
    def _top(self) -> float:
        """Top of the map's room: below the title, which may have two lines."""
        return _TOP + (_SECOND_TITLE if self.wish.has_second_title else 0)

    @property
    def _accuracy(self) -> float:
        """Height of the box with the accuracy."""
        return (54 if self.wish.has_second_words else 30) * self.factor

    def _frame(self) -> dict[str, Box]:
        """Return the places of what stands alike on all sheets."""
        logo = Box(self.width - 13 - 40, 7, 40, 15)
        wide = self.width - 26
        boxes = {
            "title": Box(13, 9, wide, 13),
            "subtitle": Box(13, 17.5, wide, 5.5),
            "logo": logo,
            "sources": Box(13, self.height - 17, wide, 11),
        }
        if self.wish.has_second_title:
            boxes["title"] = Box(13, 7, wide, 9.5)
            boxes["title_2"] = Box(13, 16.5, wide, 7)
            boxes["subtitle"] = Box(13, 24, wide, 5.5)
        return boxes

    def _beside(self) -> dict[str, Box]:
        """Return the places with the legend in a column on the right."""
        f, bottom = self.factor, self.height - _BOTTOM
        high = bottom - self._top
        least, most = (128 * f, 160 * f) if self.entries > LONG_LEGEND else (68 * f, 96 * f)
        if self.width < self.height:
            least, most = min(least, 60 * f), min(most, 80 * f)
        free = self.width - _LEFT - _RIGHT - _GAP
        across = self.shape[0] / self.shape[1] * high
        column = min(max(free - across * self.maps, least), most)
        left = self.width - _RIGHT - column
        boxes = self._frame() | self._maps(Box(_LEFT, self._top, free - column, high))
        bottom -= 16 * f
        boxes["projection"] = Box(left, bottom, column, 16 * f)
        bottom -= 18 * f
        boxes |= self._scale_row(left, bottom, column)
        if self.wish.has_accuracy:
            bottom -= self._accuracy + 4 * f
            boxes["accuracy"] = Box(left, bottom, column, self._accuracy)
        if self.wish.has_locator:
            bottom -= 46 * f
            boxes["locator"] = Box(left, bottom, min(column, 60 * f), 40 * f)
        boxes["legend"] = Box(left, self._top - 2, column, bottom - self._top)
        return boxes

    def _beneath(self) -> dict[str, Box]:
        """Return the places with legend and furniture in a band below the maps."""
        f = self.factor
        wide = self.width - _LEFT - _RIGHT
        furniture = [("scale", 62 * f, 34 * f)]
        if self.wish.has_accuracy:
            furniture.append(("accuracy", 64 * f, self._accuracy + 2 * f))
        if self.wish.has_locator:
            furniture.append(("locator", 52 * f, 36 * f))
        # Side by side where the legend keeps a column.
        in_row = sum(size + 6 for _, size, _ in furniture) <= self.width - 27 - 68 * f
        if in_row:
            taken = sum(size + 6 for _, size, _ in furniture)
            least = max(high for _, _, high in furniture)
        else:
            taken = max(size for _, size, _ in furniture) + 6
            least = sum(high + 3 for _, _, high in furniture)
        legend_width = self.width - 14 - 13 - taken
        columns = max(1, int(legend_width / (58 * f)))
        band = max(least, 6.4 * f * math.ceil(self.entries / columns) + 4)
        band = max(least, min(band, 0.42 * self.height))
        room = Box(_LEFT, self._top, wide, self.height - _BOTTOM - self._top - band - _GAP + 4)
        boxes = self._frame() | self._maps(room)
        # Where the maps need less, the band follows them and has the rest.
        maps = [boxes[name] for name in ("map", "map2")[: self.maps]]
        top = max(box.top + min(box.height, self._needed(box)) for box in maps) + _GAP
        floor = self.height - 22
        boxes["legend"] = Box(14, top, legend_width, floor - top)
        left, below = self.width - 13 - taken + 6, top
        for name, size, high in furniture:
            if name == "scale":
                boxes |= self._scale_row(left, below, size)
                boxes["projection"] = Box(left, below + 16 * f, size, high - 16 * f)
            else:
                boxes[name] = Box(left, below, size, high)
            left, below = (left + size + 6, below) if in_row else (left, below + high + 3)
        return boxes

    def _needed(self, box: Box) -> float:
        """Return the height that the map's frame takes in a room."""
        return self.shape[1] / _units(self.shape, (box.width, box.height))

    def _scale_row(self, left: float, top: float, width: float) -> dict[str, Box]:
        f = self.factor
        return {
            "north_arrow": Box(left, top, 13 * f, 13 * f),
            "scalebar": Box(left + 16 * f, top + f, width - 16 * f, 12 * f),
        }

    def _maps(self, room: Box) -> dict[str, Box]:
        """Return the place of each map and its caption: of two, side by side or one below the other."""
        if self.maps == 1:
            return {"map": room}
        beside = Box(room.left, room.top + _CAPTION, (room.width - 14) / 2, room.height - _CAPTION)
        half = (room.height - 2 * _CAPTION - 8) / 2
        above = Box(room.left, room.top + _CAPTION, room.width, half)
        if _units(self.shape, above[2:]) * 1.05 < _units(self.shape, beside[2:]):
            first, second = above, above._replace(top=above.top + half + 8 + _CAPTION)
        else:
            first, second = beside, beside._replace(left=room.left + beside.width + 14)
        return {
            "map": first,
            "map2": second,
            "map_title": Box(first.left, first.top - _CAPTION, first.width, _CAPTION - 1),
            "map2_title": Box(second.left, second.top - _CAPTION, second.width, _CAPTION - 1),
        }


def place_items(layout: QgsPrintLayout, sheet: Sheet) -> None:
    """Give the page its size and the items their places; nothing where those of the template hold."""
    if not sheet.boxes:
        return
    layout.pageCollection().page(0).setPageSize(_size(sheet.width, sheet.height))
    for name, box in sheet.boxes.items():
        item = layout.itemById(name)
        if item is None:
            continue
        _enlarge(item, sheet.type_factor)
        left = box.left
        if item.referencePoint() == QgsLayoutItem.ReferencePoint.UpperMiddle:
            left += box.width / 2
        item.attemptResize(_size(box.width, box.height))
        item.attemptMove(QgsLayoutPoint(left, box.top, Qgis.LayoutUnit.Millimeters))
        item.attemptResize(_size(box.width, box.height))


def _size(width: float, height: float) -> QgsLayoutSize:
    return QgsLayoutSize(width, height, Qgis.LayoutUnit.Millimeters)


def _enlarge(item: QgsLayoutItem, factor: float) -> None:
    """Enlarge the type of an item."""
    if factor == 1:
        return
    if isinstance(item, (QgsLayoutItemLabel, QgsLayoutItemScaleBar)):
        item.setTextFormat(_larger(item.textFormat(), factor))
    elif isinstance(item, QgsLayoutItemMap):
        for number in range(item.grids().size()):
            grid = item.grids().grid(number)
            grid.setAnnotationTextFormat(_larger(grid.annotationTextFormat(), factor))
    elif isinstance(item, QgsLayoutItemLegend):
        kinds = QgsLegendStyle.Style
        for kind in (kinds.Title, kinds.Group, kinds.Subgroup, kinds.SymbolLabel):
            style = item.style(kind)
            style.setTextFormat(_larger(style.textFormat(), factor))
            item.setStyle(kind, style)
        item.setSymbolWidth(item.symbolWidth() * factor)
        item.setSymbolHeight(item.symbolHeight() * factor)


def _larger(style: QgsTextFormat, factor: float) -> QgsTextFormat:
    copy = QgsTextFormat(style)
    copy.setSize(copy.size() * factor)
    return copy
