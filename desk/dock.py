"""Dock of the desk: a page to label points, a page to draw training polygons, and further map views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsGeometry, QgsMapLayer
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QFrame, QScrollArea, QStyle, QTabWidget, QWidget

from ..algorithms.i18n.translation import tr
from .label_page import LabelPage
from .polygon_page import PolygonPage
from .views import ViewsDock
from .widgets import Keys

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

POINTS, POLYGONS = range(2)


class DeskDock(QgsDockWidget):
    """Dock with both pages. Its keys work in the dock, in the main map, and in the further views.

    Args:
        iface: Desktop's interface.
    """

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(tr("Labels and training polygons"), iface.mainWindow())
        self.setObjectName("DeepLandCoverDesk")
        self._iface = iface
        self.keys = Keys(self._act, self)
        self.views: ViewsDock | None = None
        self._frame: QgsGeometry | None = None
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.label_page = LabelPage(iface, self, self.keys.watch)
        self.polygon_page = PolygonPage(iface, self, self.keys.watch)
        self.tabs.addTab(_scrolled(self.label_page), tr("Reference points"))
        self.tabs.addTab(_scrolled(self.polygon_page), tr("Training polygons"))
        self.setWidget(self.tabs)
        self.keys.watch(self)
        self.keys.watch(iface.mapCanvas())
        self.tabs.currentChanged.connect(lambda _index: self._page_changed())
        self.closed.connect(self._leave)
        self.label_page.views_requested.connect(self.show_views)
        self.label_page.frame_changed.connect(self._frame_changed)
        self.label_page.blind_changed.connect(lambda _is_blind: self._state_changed())
        self.polygon_page.layer_box.layerChanged.connect(lambda _layer: self._state_changed())

    def open_page(self, page: int, layer: QgsMapLayer | None) -> None:
        """Show the dock with a page.

        Args:
            page: POINTS or POLYGONS.
            layer: Active layer, which is taken where it fits; None where there is none.
        """
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(page)
        self.tabs.blockSignals(False)
        self.setUserVisible(True)
        self._page_changed(layer)

    def show_views(self) -> None:
        """Show the further views."""
        if self.views is None:
            self.views = ViewsDock(self._iface.mapCanvas(), self._iface.mainWindow(), self.keys.watch)
            self._iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.views)
        self._state_changed()
        self.views.show_frame(self._frame)
        self.views.setUserVisible(True)
        self.views.refresh()

    def remove(self) -> None:
        """Take the dock and its views from the main window, for good."""
        self.label_page.detach()
        self.polygon_page.detach()
        for widget in self._iface.mapCanvas(), *self._iface.mapCanvas().findChildren(QWidget):
            widget.removeEventFilter(self.keys)
        for dock in (self.views, self):
            if dock is not None:
                if dock is self.views:
                    dock.detach()
                self._iface.removeDockWidget(dock)
                dock.deleteLater()

    def _page_changed(self, layer: QgsMapLayer | None = None) -> None:
        if self.tabs.currentIndex() == POINTS:
            self.polygon_page.leave()
            self.label_page.activate(layer)
        else:
            self.label_page.leave()
            self.polygon_page.activate(layer)
        self._state_changed()

    def _leave(self) -> None:
        self.label_page.leave()
        self.polygon_page.leave()
        if self.views is not None:
            self.views.setUserVisible(False)

    def _frame_changed(self, geometry: QgsGeometry | None) -> None:
        self._frame = geometry
        if self.views is not None:
            self.views.show_frame(geometry)

    def _state_changed(self) -> None:
        if self.views is None:
            return
        is_points = self.tabs.currentIndex() == POINTS
        layer = self.polygon_page.layer
        self.views.set_state(
            [] if is_points or layer is None else [layer], is_points and self.label_page.blind.isChecked()
        )

    def _act(self, key: str, is_press: bool) -> bool:
        if not self.isUserVisible():
            return False
        page = self.label_page if self.tabs.currentIndex() == POINTS else self.polygon_page
        return page.act(key, is_press)


class _PageArea(QScrollArea):
    """Scroll area that is never narrower than its page, so that nothing is cut off."""

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        hint = super().minimumSizeHint()
        return QSize(self.widget().minimumSizeHint().width() + bar, hint.height())


def _scrolled(page: QWidget) -> QScrollArea:
    area = _PageArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
