"""Further map views beside the main one, which show other layers of the same place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import (
    QgsContrastEnhancement,
    QgsGeometry,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsRectangle,
)
from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsMapToolPan, QgsRubberBand
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from ..algorithms.i18n.translation import tr
from ..core.raster.roles import guess_roles
from .class_lists import is_class_map
from .rasters import band_names, xyz_connections

MAX_VIEWS = 4
_COLUMNS = 2
FRAME_COLOR, FRAME_HALO = "#FFEB3B", "#202020"
_MAIN, _THEME, _LAYER, _NATURAL, _FALSE = "main", "theme:", "layer:", "natural:", "false:"
_COMPOSITES = {_NATURAL: ("red", "green", "blue"), _FALSE: ("nir", "red", "green")}
_CONNECTION = "xyz:"
_SEPARATE = {"wms", "arcgismapserver", "vectortile", "xyzvectortiles"}
"""Providers of basemaps."""


class Frame:
    """Frame of a pixel on a canvas, light on dark, so that it is seen on any image.

    Args:
        canvas: Canvas to draw on.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._bands = []
        for color, width in ((FRAME_HALO, 4), (FRAME_COLOR, 2)):
            band = QgsRubberBand(canvas)
            band.setStrokeColor(QColor(color))
            band.setFillColor(QColor(0, 0, 0, 0))
            band.setWidth(width)
            self._bands.append(band)

    def show(self, geometry: QgsGeometry | None) -> None:
        """Draw a geometry in the canvas's coordinate reference system; None draws nothing."""
        for band in self._bands:
            if geometry is None:
                band.reset()
            else:
                band.setToGeometry(geometry)

    def remove(self) -> None:
        """Take the frame from the canvas."""
        for band in self._bands:
            scene = band.scene() if hasattr(band, "scene") else None
            if scene is not None:
                scene.removeItem(band)
        self._bands.clear()


def view_choices(is_blind: bool) -> list[tuple[str, str]]:
    """Return key and title of all that a view may show.

    Args:
        is_blind: Whether class maps are left out.
    """
    project = QgsProject.instance()
    choices = [(_MAIN, tr("As the main map"))]
    choices += [
        (_THEME + name, tr("Theme: {}").format(name)) for name in project.mapThemeCollection().mapThemes()
    ]
    rasters = sorted(
        (
            item
            for item in project.mapLayers().values()
            if isinstance(item, QgsRasterLayer) and item.isValid()
        ),
        key=lambda item: item.name().casefold(),
    )
    for layer in rasters:
        if is_class_map(layer):
            if not is_blind:
                choices.append((_LAYER + layer.id(), layer.name()))
            continue
        roles = guess_roles(band_names(layer))
        titles = {_NATURAL: tr("{} (natural colour)"), _FALSE: tr("{} (false colour)")}
        for kind, wanted in _COMPOSITES.items():
            if set(wanted) <= roles.keys():
                choices.append((kind + layer.id(), titles[kind].format(layer.name())))
        choices.append((_LAYER + layer.id(), layer.name()))
    choices += [(_CONNECTION + name, tr("Basemap: {}").format(name)) for name in xyz_connections()]
    return choices


def usual_choices(choices: Sequence[tuple[str, str]]) -> list[str]:
    """Return what the views show at first: natural and false colour, other dates, then basemaps."""
    project = QgsProject.instance()
    keys = [key for key, _title in choices]
    natural = [key for key in keys if key.startswith(_NATURAL)]
    false = [key for key in keys if key.startswith(_FALSE)]
    layers = [key for key in keys if key.startswith(_LAYER)]
    known = {key.partition(":")[2] for key in (*natural, *false)}
    basemaps = [key for key in layers if project.mapLayer(key[len(_LAYER) :]).providerType() in _SEPARATE]
    others = [key for key in layers if key[len(_LAYER) :] not in known and key not in basemaps]
    return [*natural[:1], *false[:1], *natural[1:], *basemaps, *false[1:], *others, _MAIN]


class ViewPanel(QWidget):
    """One view: a choice of what it shows, and a canvas.

    Args:
        number: Number of the view, from 1.
        main: Main canvas.
        parent: Parent widget.
    """

    def __init__(self, number: int, main: QgsMapCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._main = main
        self._own: list[QgsMapLayer] = []
        self._size = QSize()
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setToolTip(tr("What this view shows"))
        self.choice.setAccessibleName(tr("View {}").format(number))
        self.canvas = QgsMapCanvas(self)
        self.canvas.setCanvasColor(main.canvasColor())
        self.canvas.setAccessibleName(tr("Map of view {}").format(number))
        self.canvas.setMinimumSize(
            self.fontMetrics().averageCharWidth() * 20, self.fontMetrics().height() * 8
        )
        self._tool = QgsMapToolPan(self.canvas)
        self.canvas.setMapTool(self._tool)
        self.frame = Frame(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choice)
        layout.addWidget(self.canvas, 1)

    def offer(self, choices: Sequence[tuple[str, str]], usual: str) -> None:
        """Offer what the view may show; keep what it shows, else take ``usual``."""
        key = self.choice.currentData() or usual
        self.choice.blockSignals(True)
        self.choice.clear()
        for item, title in choices:
            self.choice.addItem(title, item)
            self.choice.setItemData(self.choice.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        index = self.choice.findData(key)
        self.choice.setCurrentIndex(max(index if index >= 0 else self.choice.findData(usual), 0))
        self.choice.blockSignals(False)

    def show_choice(self, above: Sequence[QgsMapLayer], is_blind: bool) -> None:
        """Draw what is chosen.

        Args:
            above: Layers that are drawn above it.
            is_blind: Whether class maps are left out.
        """
        key = str(self.choice.currentData() or _MAIN)
        project = QgsProject.instance()
        overrides: dict[str, str] = {}
        own: list[QgsMapLayer] = []
        if key == _MAIN:
            layers = self._main.layers()
        elif key.startswith(_THEME):
            themes, name = project.mapThemeCollection(), key[len(_THEME) :]
            layers, overrides = themes.mapThemeVisibleLayers(name), themes.mapThemeStyleOverrides(name)
        elif key.startswith(_CONNECTION):
            basemap = self._basemap(key[len(_CONNECTION) :])
            own = [basemap] if basemap is not None else []
            layers = own
        else:
            kind, _, layer_id = key.partition(":")
            layer = project.mapLayer(layer_id)
            own = [_composite(layer, kind + ":")] if layer and kind + ":" in _COMPOSITES else []
            layers = own or ([layer] if layer else [])
        shown = [item for item in layers if not (is_blind and is_class_map(item))]
        self.canvas.setLayerStyleOverrides(overrides)
        self.canvas.setLayers([item for item in above if item not in shown] + shown)
        # The canvas does not own layers that are not in the project.
        self._own = own
        self.canvas.refresh()

    def _basemap(self, name: str) -> QgsRasterLayer | None:
        """Return the layer of a basemap, which stays the same while it is shown; None where it has gone."""
        uri = xyz_connections().get(name, "")
        shown = self._own[0] if len(self._own) == 1 else None
        if isinstance(shown, QgsRasterLayer) and shown.source() == uri:
            return shown
        layer = QgsRasterLayer(uri, name, "wms") if uri else None
        return layer if layer is not None and layer.isValid() else None

    @property
    def was_resized(self) -> bool:
        """Whether the canvas has another size than when it was moved last, so that it moved by itself."""
        return self.canvas.mapSettings().outputSize() != self._size

    def follow_main(self) -> None:
        """Go to where the main map is, at its scale."""
        self._size = self.canvas.mapSettings().outputSize()
        self.canvas.setExtent(_extent(self._main.center(), self._main.mapUnitsPerPixel(), self.canvas))
        self.canvas.refresh()

    def detach(self) -> None:
        """Give up layers, frame and tool, before the panel is deleted."""
        self.canvas.stopRendering()
        self.canvas.setLayers([])
        self._own = []
        self.frame.remove()
        self.canvas.unsetMapTool(self._tool)


def _composite(layer: QgsRasterLayer, kind: str) -> QgsRasterLayer:
    """Return a copy of a raster layer that is drawn in natural or false colour."""
    names = band_names(layer)
    roles = guess_roles(names)
    bands = [names.index(roles[role]) + 1 for role in _COMPOSITES[kind]]
    copy = layer.clone()
    copy.setRenderer(QgsMultiBandColorRenderer(copy.dataProvider(), *bands))
    copy.setContrastEnhancement(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
        QgsRasterMinMaxOrigin.Limits.CumulativeCut,
    )
    return copy


class ViewsDock(QgsDockWidget):
    """Dock with up to four views that follow the main map, and lead it.

    Args:
        main: Main canvas.
        parent: Main window.
        watch: Called with each canvas, which shall take the keys of the desk.
    """

    def __init__(self, main: QgsMapCanvas, parent: QWidget, watch: Callable[[QWidget], None]) -> None:
        super().__init__(tr("Views for labelling"), parent)
        self.setObjectName("DeepLandCoverViews")
        self._main = main
        self._is_moving = False
        self._is_blind = True
        self._above: list[QgsMapLayer] = []
        self._geometry: QgsGeometry | None = None
        content = QWidget(self)
        self.setWidget(content)
        outer = QVBoxLayout(content)
        top = QHBoxLayout()
        label = QLabel(tr("Number of views:"))
        self.count = QSpinBox()
        self.count.setRange(1, MAX_VIEWS)
        self.count.setValue(2)
        self.count.setToolTip(tr("How many views are shown. All move together with the main map."))
        label.setBuddy(self.count)
        top.addWidget(label)
        top.addWidget(self.count)
        top.addStretch(1)
        outer.addLayout(top)
        grid = QGridLayout()
        outer.addLayout(grid, 1)
        self.panels: list[ViewPanel] = []
        for number in range(MAX_VIEWS):
            panel = ViewPanel(number + 1, main, content)
            grid.addWidget(panel, number // _COLUMNS, number % _COLUMNS)
            panel.choice.currentIndexChanged.connect(lambda _index, item=panel: self._show(item))
            panel.canvas.extentsChanged.connect(lambda item=panel: self._follow(item))
            watch(panel.canvas)
            self.panels.append(panel)
        self.count.valueChanged.connect(lambda _count: self._show_panels())
        main.extentsChanged.connect(self._follow_main)
        main.layersChanged.connect(self._main_layers_changed)
        main.destinationCrsChanged.connect(self.refresh)
        QgsProject.instance().layersAdded.connect(self._project_changed)
        QgsProject.instance().layersRemoved.connect(self._project_changed)

    @property
    def shown_panels(self) -> list[ViewPanel]:
        """Views that are shown."""
        return self.panels[: self.count.value()] if self.isVisible() else []

    def set_state(self, above: Sequence[QgsMapLayer], is_blind: bool) -> None:
        """Say which layers are drawn above each view, and whether class maps are hidden."""
        is_new = list(above) != self._above or is_blind != self._is_blind
        self._above, self._is_blind = list(above), is_blind
        if is_new:
            self.refresh()

    def show_frame(self, geometry: QgsGeometry | None) -> None:
        """Draw the frame of a pixel, in the main map's coordinate reference system."""
        self._geometry = geometry
        for panel in self.panels:
            panel.frame.show(geometry)

    def refresh(self) -> None:
        """Offer and draw what the project has now."""
        if not self.isVisible():
            return
        choices = view_choices(self._is_blind)
        usual = usual_choices(choices)
        for number, panel in enumerate(self.panels):
            panel.offer(choices, usual[min(number, len(usual) - 1)])
        self._show_panels()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.refresh()

    def detach(self) -> None:
        """Stop following the main map and the project, before the dock is deleted."""
        project = QgsProject.instance()
        self._main.extentsChanged.disconnect(self._follow_main)
        self._main.layersChanged.disconnect(self._main_layers_changed)
        self._main.destinationCrsChanged.disconnect(self.refresh)
        project.layersAdded.disconnect(self._project_changed)
        project.layersRemoved.disconnect(self._project_changed)
        for panel in self.panels:
            panel.detach()

    def _project_changed(self, _layers: object = None) -> None:
        self.refresh()

    def _main_layers_changed(self) -> None:
        for panel in self.panels:
            if panel.choice.currentData() == _MAIN:
                self._show(panel)

    def _show_panels(self) -> None:
        for number, panel in enumerate(self.panels):
            panel.setVisible(number < self.count.value())
            self._show(panel)

    def _show(self, panel: ViewPanel) -> None:
        if panel not in self.shown_panels:
            return
        panel.canvas.setDestinationCrs(self._main.mapSettings().destinationCrs())
        panel.show_choice(self._above, self._is_blind)
        panel.frame.show(self._geometry)
        was_moving, self._is_moving = self._is_moving, True
        panel.follow_main()
        self._is_moving = was_moving

    def _follow_main(self) -> None:
        if self._is_moving:
            return
        self._is_moving = True
        for panel in self.shown_panels:
            panel.follow_main()
        self._is_moving = False

    def _follow(self, leader: ViewPanel) -> None:
        """Bring the main map and the other views to where the user has moved a view."""
        if self._is_moving or leader not in self.shown_panels:
            return
        self._is_moving = True
        if leader.was_resized:
            leader.follow_main()
        else:
            canvas = leader.canvas
            self._main.setExtent(_extent(canvas.center(), canvas.mapUnitsPerPixel(), self._main))
            self._main.refresh()
            for panel in self.shown_panels:
                if panel is not leader:
                    panel.follow_main()
        self._is_moving = False


def _extent(center: QgsPointXY, unit: float, canvas: QgsMapCanvas) -> QgsRectangle:
    """Return the extent of a canvas around a point at a scale, so that all views have the same scale."""
    # The widget is larger than what is drawn by its frame.
    size = canvas.mapSettings().outputSize()
    width, height = size.width() * unit / 2, size.height() * unit / 2
    return QgsRectangle(center.x() - width, center.y() - height, center.x() + width, center.y() + height)
