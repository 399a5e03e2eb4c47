"""Draw the page templates and the example models of ``resources``. Run by ``./dev resources`` under QGIS.

The page templates are what ``Export a map page`` fills, and what cartographers open in QGIS's layout designer
to make their own. The page is drawn here, in millimetres, because a ``.qpt`` is hundreds of lines of XML that
nobody can review.

A model is a drawing; here it is said which tool gives what to which, and where its box stands. The parameters
of a model are those of its steps, with their words, so that a translation of the tools is one of the models,
too.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Qt writes the attributes of XML in the order of its hashes.
os.environ.setdefault("QT_HASH_SEED", "0")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemMapOverview,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsReadWriteContext,
    QgsTextFormat,
)
from qgis.PyQt.QtCore import QPointF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtXml import QDomDocument

ROOT = Path(__file__).resolve().parent.parent
LAYOUTS, MODELS = ROOT / "resources" / "layouts", ROOT / "resources" / "models"
MILLIMETRES = Qgis.LayoutUnit.Millimeters
INK, GREY, PALE = QColor("#1F2933"), QColor("#616E7C"), QColor("#F5F7FA")
FONT, OTHER_FONTS = "Open Sans", ["Noto Sans", "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial"]
# Boxes of inputs, steps and outputs, in the units of the model designer, and their distances.
WIDTH, HEIGHT = 210.0, 44.0
ACROSS, DOWN = 290.0, 80.0
# A file of a model does not keep an empty list.
_NO_INDICES = QgsProcessingModelChildParameterSource.fromExpression("array()")


@contextmanager
def qgis_session() -> Iterator[None]:
    """Start QGIS with Processing in an empty profile and without a screen.

    Providers that are registered within have to be removed within.
    """
    with tempfile.TemporaryDirectory() as profile:
        application = QgsApplication([], False, profile)
        application.initQgis()
        sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
        from processing.core.Processing import Processing

        Processing.initialize()
        yield
        # Python algorithms that outlive QGIS end the process with a crash.
        gc.collect()
        Processing.deinitialize()
        application.exitQgis()


class Draft:
    """A model in the making. Columns and rows say where a box stands, from 0 at the upper left."""

    def __init__(self, model: Any) -> None:
        self.model = QgsProcessingModelAlgorithm(model.TITLE, model.GROUP)
        self.model.setHelpContent(
            {"ALG_DESC": model.HELP, "SHORT_DESCRIPTION": model.SUMMARY, "ALG_CREATOR": "Deep Land Cover"}
        )
        self._words = model.WORDS
        self._order: list[str] = []

    def take(
        self, name: str, step: str, parameter: str, column: float, row: float, **changes: Any
    ) -> QgsProcessingModelChildParameterSource:
        """Add an input that is a step's own parameter; return what gives its value to steps."""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{step}")
        definition: QgsProcessingParameterDefinition = algorithm.parameterDefinition(parameter).clone()
        definition.setName(name)
        definition.setDescription(self._words.get(name, definition.description()))
        # The plugin adds its widgets when it loads the file; QGIS without the plugin opens it, too.
        definition.setMetadata({})
        for change, value in changes.items():
            getattr(definition, f"set{change[0].upper()}{change[1:]}")(value)
        component = QgsProcessingModelParameter(name)
        _place_box(component, column, row)
        self.model.addModelParameter(definition, component)
        self._order.append(name)
        return QgsProcessingModelChildParameterSource.fromModelParameter(name)

    def step(
        self,
        name: str,
        column: float,
        row: float,
        outputs: dict[str, tuple[str, float, float]],
        **values: Any,
    ) -> None:
        """Add a tool.

        Args:
            name: Its id, and the step's.
            column: Where its box stands.
            row: Where its box stands.
            outputs: Those that the model keeps: their names there, which become parameters of the
                model, and where their boxes stand.
            values: Its parameters: what ``take`` and ``given`` return, or a value.
        """
        child = QgsProcessingModelChildAlgorithm(f"deeplandcover:{name}")
        child.setChildId(name)
        child.setDescription(child.algorithm().displayName())
        _place_box(child, column, row)
        for parameter, value in values.items():
            is_source = isinstance(value, QgsProcessingModelChildParameterSource)
            source = value if is_source else QgsProcessingModelChildParameterSource.fromStaticValue(value)
            child.addParameterSources(parameter, [source])
        kept = {}
        for output, (title, *place) in outputs.items():
            item = QgsProcessingModelOutput(title, title)
            item.setChildId(name)
            item.setChildOutputName(output)
            _place_box(item, *place)
            kept[title] = item
        child.setModelOutputs(kept)
        self.model.addChildAlgorithm(child)

    def given(self, step: str, output: str) -> QgsProcessingModelChildParameterSource:
        """Return what gives a step's output to later ones."""
        return QgsProcessingModelChildParameterSource.fromChildOutput(step, output)

    def finished(self) -> QgsProcessingModelAlgorithm:
        """Return the model with its inputs in the order in which they were added.

        Raises:
            RuntimeError: A step lacks something, or gets what it does not take.
        """
        self.model.setParameterOrder(self._order)
        for name, child in self.model.childAlgorithms().items():
            unknown = child.parameterSources().keys() - {
                definition.name() for definition in child.algorithm().parameterDefinitions()
            }
            fine, problems = self.model.validateChildAlgorithm(name)
            if unknown or not fine:
                raise RuntimeError(f"{self.model.displayName()}, {name}: {unknown or problems}")
        return self.model


def train_classify_assess(draft: Draft) -> None:
    """Draw from polygons to a map and its accuracy."""
    raster = draft.take("INPUT", "trainmodel", "INPUT", 0, 0)
    samples = draft.take("SAMPLES", "trainmodel", "SAMPLES", 0, 1)
    field = draft.take("CLASS_FIELD", "trainmodel", "CLASS_FIELD", 0, 2)
    name = draft.take("NAME_FIELD", "trainmodel", "NAME_FIELD", 0, 3)
    scheme = draft.take("SCHEME", "trainmodel", "SCHEME", 0, 4)
    kind = draft.take("ARCHITECTURE", "trainmodel", "ARCHITECTURE", 0, 5)
    reference = draft.take("REFERENCE", "assessaccuracy", "REFERENCE", 2, 4)
    true_class = draft.take("REFERENCE_FIELD", "assessaccuracy", "CLASS_FIELD", 2, 5)
    design = draft.take("DESIGN", "assessaccuracy", "DESIGN", 2, 6)
    draft.step(
        "trainmodel", 1, 2.1, {"OUTPUT": ("model", 2, 1.7), "REPORT": ("training_report", 2, 2.5)},
        INPUT=raster, SAMPLES=samples, CLASS_FIELD=field, NAME_FIELD=name, SCHEME=scheme, ARCHITECTURE=kind,
    )  # fmt: skip
    draft.step(
        "classifyraster", 2, 0.5, {"OUTPUT": ("map", 3, 0.5)},
        INPUT=raster, MODEL=draft.given("trainmodel", "OUTPUT"),
    )  # fmt: skip
    draft.step(
        "assessaccuracy", 3, 3, {"REPORT": ("accuracy_report", 4, 2.5), "TABLE": ("accuracy_table", 4, 3.5)},
        INPUT=draft.given("classifyraster", "OUTPUT"), REFERENCE=reference, CLASS_FIELD=true_class,
        DESIGN=design,
    )  # fmt: skip


def classify_style_export(draft: Draft) -> None:
    """Draw from a raster and a model to a page."""
    raster = draft.take("INPUT", "classifyraster", "INPUT", 0, 0)
    model = draft.take("MODEL", "classifyraster", "MODEL", 0, 1)
    scheme = draft.take("SCHEME", "styleclassification", "SCHEME", 1, 2)
    title = draft.take("TITLE", "exportmap", "TITLE", 2, 2)
    report = draft.take("REPORT", "exportmap", "REPORT", 2, 3)
    draft.step("classifyraster", 1, 0.5, {"OUTPUT": ("map", 2, -0.5)}, INPUT=raster, MODEL=model)
    draft.step(
        "styleclassification", 2, 0.75, {},
        INPUT=draft.given("classifyraster", "OUTPUT"), SCHEME=scheme, WRITE=True,
    )  # fmt: skip
    draft.step(
        "exportmap", 3, 1.5, {"OUTPUT": ("page", 4, 1.5)},
        INPUTS=draft.given("styleclassification", "OUTPUT"), TITLE=title, REPORT=report,
    )  # fmt: skip


def stack_classify(draft: Draft) -> None:
    """Draw from several rasters to a map."""
    raster = draft.take("INPUT", "stackfeatures", "INPUT", 0, 0)
    extra = draft.take("EXTRA_INPUTS", "stackfeatures", "EXTRA_INPUTS", 0, 1)
    model = draft.take("MODEL", "classifyraster", "MODEL", 1, 2.5)
    draft.step(
        "stackfeatures",
        1,
        1,
        {"OUTPUT": ("stack", 2, 0)},
        INPUT=raster,
        EXTRA_INPUTS=extra,
        INDICES=_NO_INDICES,
    )
    draft.step(
        "classifyraster", 2, 1.5, {"OUTPUT": ("map", 3, 1.5)},
        INPUT=draft.given("stackfeatures", "OUTPUT"), MODEL=model,
    )  # fmt: skip


DRAWN = {drawn.__name__: drawn for drawn in (train_classify_assess, classify_style_export, stack_classify)}


def _place_box(component: Any, column: float, row: float) -> None:
    component.setPosition(QPointF(WIDTH + column * ACROSS, 2 * HEIGHT + row * DOWN))
    component.setSize(QSizeF(WIDTH, HEIGHT))


def drawn_models() -> dict[str, QgsProcessingModelAlgorithm]:
    """Return id to model; the plugin's provider must be registered."""
    from deep_land_cover.algorithms.example_models import EXAMPLE_MODELS

    models = {}
    for model in EXAMPLE_MODELS:
        draft = Draft(model)
        DRAWN[model.ID](draft)
        models[model.ID] = draft.finished()
    return models


def write_models() -> None:
    """Write all example models; the plugin's provider must be registered."""
    MODELS.mkdir(exist_ok=True)
    for name, model in drawn_models().items():
        path = MODELS / f"{name}.model3"
        if not model.toFile(str(path)):
            raise RuntimeError(f"{path} cannot be written")
        print(path)


class Box(NamedTuple):
    """Where an item stands on the page: left, top, width and height in millimetres."""

    left: float
    top: float
    width: float
    height: float


class Page(NamedTuple):
    """Where everything stands; a page has one map or two."""

    maps: tuple[Box, ...]
    legend: Box
    accuracy: Box
    north: Box
    scale_bar: Box
    projection: Box


TITLE, SOURCES = Box(13, 9, 272, 13), Box(13, 193, 272, 11)
SUBTITLE, LOGO = Box(13, 17.5, 272, 5.5), Box(245, 7, 40, 15)
# Only where the algorithm gives everything a place of its own.
TITLE_2 = Box(13, 16.5, 272, 7)
CAPTION_HEIGHT = 6.0
PAGES = {
    "one_map": Page(
        maps=(Box(19, 26, 190, 158),),
        legend=Box(217, 24, 68, 90),
        accuracy=Box(217, 116, 68, 30),
        north=Box(217, 150, 13, 13),
        scale_bar=Box(233, 151, 52, 12),
        projection=Box(217, 168, 68, 16),
    ),
    "one_map_square": Page(
        maps=(Box(19, 26, 162, 158),),
        legend=Box(192, 24, 93, 92),
        accuracy=Box(192, 118, 93, 28),
        north=Box(192, 151, 13, 13),
        scale_bar=Box(208, 152, 77, 12),
        projection=Box(192, 169, 93, 15),
    ),
    "one_map_long_legend": Page(
        maps=(Box(19, 26, 128, 124),),
        legend=Box(157, 24, 128, 164),
        accuracy=Box(79, 158, 68, 30),
        north=Box(14, 158, 12, 12),
        scale_bar=Box(28, 159, 48, 12),
        projection=Box(14, 173, 62, 15),
    ),
    "two_maps": Page(
        maps=(Box(19, 31, 126, 112), Box(159, 31, 126, 112)),
        legend=Box(14, 152, 140, 37),
        accuracy=Box(158, 153, 64, 33),
        north=Box(226, 152, 12, 12),
        scale_bar=Box(240, 153, 45, 12),
        projection=Box(226, 168, 59, 20),
    ),
    "two_maps_long_legend": Page(
        maps=(Box(19, 31, 126, 86), Box(159, 31, 126, 86)),
        legend=Box(14, 126, 202, 64),
        accuracy=Box(220, 127, 65, 27),
        north=Box(220, 157, 12, 12),
        scale_bar=Box(234, 158, 51, 12),
        projection=Box(220, 172, 65, 17),
    ),
}


def write_layouts() -> None:
    """Write all page templates."""
    LAYOUTS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        layout = _layout(page)
        document = QDomDocument()
        document.appendChild(layout.writeXml(document, QgsReadWriteContext()))
        path = LAYOUTS / f"{name}.qpt"
        path.write_text(_steady(document.toString(1), name), encoding="utf-8", newline="\n")
        print(path)
        del layout


def _layout(page: Page) -> QgsPrintLayout:
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName("Deep Land Cover")
    layout.renderContext().setDpi(300)
    _label(layout, "title", TITLE, 20, bold=True, vertical=Qt.AlignmentFlag.AlignVCenter)
    maps = []
    for number, box in enumerate(page.maps):
        name = "map" if number == 0 else f"map{number + 1}"
        maps.append(_map(layout, name, box))
        if len(page.maps) > 1:
            caption = Box(box.left, box.top - CAPTION_HEIGHT, box.width, CAPTION_HEIGHT - 1)
            centre = Qt.AlignmentFlag.AlignHCenter
            _label(layout, f"{name}_title", caption, 11, bold=True, horizontal=centre)
    _legend(layout, page.legend, maps[0])
    accuracy = _label(layout, "accuracy", page.accuracy, 8, vertical=Qt.AlignmentFlag.AlignVCenter)
    # For the heading in bold letters.
    accuracy.setTextFormat(_text_format(8, INK, html=True))
    accuracy.setMarginX(2.5)
    accuracy.setMarginY(2)
    accuracy.setBackgroundEnabled(True)
    accuracy.setBackgroundColor(PALE)
    accuracy.setFrameEnabled(True)
    accuracy.setFrameStrokeColor(QColor("#CBD2D9"))
    accuracy.setFrameStrokeWidth(QgsLayoutMeasurement(0.2, MILLIMETRES))
    _north_arrow(layout, page.north, maps[0])
    _scale_bar(layout, page.scale_bar, maps[0])
    _label(layout, "projection", page.projection, 7.5, GREY)
    _label(layout, "sources", SOURCES, 7, GREY)
    # The algorithm takes off the page what a run has no content for.
    _label(layout, "subtitle", SUBTITLE, 11, GREY, vertical=Qt.AlignmentFlag.AlignVCenter)
    _logo(layout, LOGO)
    _locator(layout, page.legend, maps[0])
    second = _label(layout, "title_2", TITLE_2, 14, GREY, vertical=Qt.AlignmentFlag.AlignVCenter)
    italic = second.textFormat()
    font = italic.font()
    font.setItalic(True)
    italic.setFont(font)
    second.setTextFormat(italic)
    return layout


def _logo(layout: QgsPrintLayout, box: Box) -> None:
    logo = QgsLayoutItemPicture(layout)
    logo.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
    logo.setPictureAnchor(QgsLayoutItem.ReferencePoint.MiddleRight)
    _place(layout, logo, "logo", box)


def _locator(layout: QgsPrintLayout, legend: Box, item_map: QgsLayoutItemMap) -> None:
    """Add the map of where the map lies, above the lower end of the legend's room."""
    item = QgsLayoutItemMap(layout)
    height = min(40.0, legend.height / 2)
    width = min(60.0, legend.width)
    box = Box(legend.left + legend.width - width, legend.top + legend.height - height, width, height)
    _place(layout, item, "locator", box)
    item.setFrameEnabled(True)
    item.setFrameStrokeColor(GREY)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.15, MILLIMETRES))
    item.setBackgroundColor(QColor("#EAF1F6"))
    overview = QgsLayoutItemMapOverview("Extent", item)
    overview.setLinkedMap(item_map)
    fill = {"color": "200,30,30,60", "outline_color": "#B01818", "outline_width": "0.4"}
    overview.setFrameSymbol(QgsFillSymbol.createSimple(fill))
    item.overviews().addOverview(overview)


def _map(layout: QgsPrintLayout, name: str, box: Box) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    # A map that becomes narrower than this box keeps its middle.
    item.setReferencePoint(QgsLayoutItem.ReferencePoint.UpperMiddle)
    _place(layout, item, name, box)
    item.setFrameEnabled(True)
    item.setFrameStrokeColor(INK)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.25, MILLIMETRES))
    item.setBackgroundColor(QColor("white"))
    grid = QgsLayoutItemMapGrid("Coordinates", item)
    grid.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    # The algorithm finds the interval; without it a degree would do for most.
    grid.setIntervalX(1)
    grid.setIntervalY(1)
    grid.setStyle(QgsLayoutItemMapGrid.GridStyle.FrameAnnotationsOnly)
    grid.setFrameStyle(QgsLayoutItemMapGrid.FrameStyle.ExteriorTicks)
    grid.setFrameWidth(1.2)
    grid.setFramePenSize(0.2)
    grid.setFramePenColor(INK)
    grid.setAnnotationEnabled(True)
    grid.setAnnotationFormat(QgsLayoutItemMapGrid.AnnotationFormat.DegreeMinute)
    grid.setAnnotationPrecision(0)
    grid.setAnnotationTextFormat(_text_format(6.5, GREY))
    grid.setAnnotationFrameDistance(0.8)
    side = QgsLayoutItemMapGrid.BorderSide
    hidden = QgsLayoutItemMapGrid.DisplayMode.HideAll
    for border in (side.Top, side.Right):
        grid.setAnnotationDisplay(hidden, border)
    grid.setAnnotationDirection(QgsLayoutItemMapGrid.AnnotationDirection.Vertical, side.Left)
    item.grids().addGrid(grid)
    return item


def _legend(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    legend = QgsLayoutItemLegend(layout)
    # Its size in the template is the room that it may take.
    legend.setResizeToContents(False)
    legend.setLinkedMap(item_map)
    legend.setAutoUpdateModel(False)
    legend.setBoxSpace(0)
    legend.setColumnSpace(4)
    legend.setSplitLayer(True)
    legend.setSymbolWidth(7)
    legend.setSymbolHeight(4.2)
    legend.setRasterStrokeColor(GREY)
    legend.setRasterStrokeWidth(0.15)
    part = QgsLegendStyle.Style
    for kind, points, bold in (
        (part.Title, 11, True),
        (part.Group, 10, True),
        (part.Subgroup, 9.5, True),
        (part.SymbolLabel, 9.5, False),
    ):
        style = legend.style(kind)
        style.setTextFormat(_text_format(points, INK, bold))
        legend.setStyle(kind, style)
    legend.setStyleMargin(part.Symbol, QgsLegendStyle.Side.Top, 1.9)
    _place(layout, legend, "legend", box)


def _north_arrow(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    arrow = QgsLayoutItemPicture(layout)
    arrow.setPicturePath("arrows/NorthArrow_02.svg")
    arrow.setSvgFillColor(INK)
    arrow.setSvgStrokeColor(INK)
    arrow.setLinkedMap(item_map)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
    arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
    _place(layout, arrow, "north_arrow", box)


def _scale_bar(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setLinkedMap(item_map)
    bar.setStyle("Single Box")
    bar.setUnits(Qgis.DistanceUnit.Kilometers)
    bar.setUnitLabel("km")
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    bar.setUnitsPerSegment(1)
    bar.setHeight(2)
    bar.setLabelBarSpace(1.2)
    bar.setBoxContentSpace(0.5)
    bar.setTextFormat(_text_format(8, INK))
    fill, line = (
        QgsFillSymbol.createSimple({"color": color, "outline_style": "no"})
        for color in (INK.name(), "#FFFFFF")
    )
    bar.setFillSymbol(fill)
    bar.setAlternateFillSymbol(line)
    bar.setLineSymbol(QgsLineSymbol.createSimple({"color": INK.name(), "width": "0.2"}))
    _place(layout, bar, "scalebar", box)


def _label(
    layout: QgsPrintLayout,
    name: str,
    box: Box,
    points: float,
    color: QColor = INK,
    bold: bool = False,
    horizontal: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    vertical: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop,
) -> QgsLayoutItemLabel:
    label = QgsLayoutItemLabel(layout)
    label.setText(name)
    label.setTextFormat(_text_format(points, color, bold))
    label.setHAlign(horizontal)
    label.setVAlign(vertical)
    label.setMarginX(0)
    label.setMarginY(0)
    _place(layout, label, name, box)
    return label


def _text_format(points: float, color: QColor, bold: bool = False, html: bool = False) -> QgsTextFormat:
    font = QFont(FONT)
    font.setBold(bold)
    text = QgsTextFormat()
    text.setFont(font)
    text.setFamilies(OTHER_FONTS)
    text.setSize(points)
    text.setSizeUnit(Qgis.RenderUnit.Points)
    text.setColor(color)
    text.setAllowHtmlFormatting(html)
    return text


def _place(layout: QgsPrintLayout, item: QgsLayoutItem, name: str, box: Box) -> None:
    layout.addLayoutItem(item)
    item.setId(name)
    corner = (box.left, box.top)
    if item.referencePoint() == QgsLayoutItem.ReferencePoint.UpperMiddle:
        corner = (box.left + box.width / 2, box.top)
    item.attemptResize(QgsLayoutSize(box.width, box.height, MILLIMETRES))
    item.attemptMove(QgsLayoutPoint(*corner, MILLIMETRES))
    item.attemptResize(QgsLayoutSize(box.width, box.height, MILLIMETRES))


def _steady(text: str, name: str) -> str:
    """Return the template with identifiers that are the same each time, so that changes can be read."""
    found = dict.fromkeys(re.findall(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", text))
    for number, identifier in enumerate(found):
        text = text.replace(identifier, f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}/{number}')}}}")
    return text


def main() -> int:
    """Write models and templates."""
    with qgis_session():
        from deep_land_cover.algorithms.provider import DeepLandCoverProvider

        # Without the plugin's models, which may not be there yet.
        provider = DeepLandCoverProvider()
        QgsApplication.processingRegistry().addProvider(provider)
        write_models()
        QgsApplication.processingRegistry().removeProvider(provider)
        write_layouts()
    return 0


if __name__ == "__main__":
    sys.exit(main())
