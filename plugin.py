"""The plugin as QGIS sees it: a Processing provider, and menu entries that open its algorithms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsApplication, QgsMapLayer
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QAction, QIcon

from .algorithms.icons import icon_path
from .algorithms.provider import DeepLandCoverProvider
from .algorithms.translation import tr

if TYPE_CHECKING:
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtWidgets import QToolBar, QWidget

MENU = "Deep Land Cover"


class DeepLandCoverPlugin:
    """Registers the provider; in the desktop also a Raster menu and a toolbar.

    Args:
        iface: The desktop's interface; None in ``qgis_process``, which calls ``initProcessing`` only.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: DeepLandCoverProvider | None = None
        self.actions: list[QAction] = []
        self.toolbar: QToolBar | None = None
        self.dialogs: list[QWidget] = []

    def initProcessing(self) -> None:
        """Register the algorithms."""
        self.provider = DeepLandCoverProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Register the algorithms and add the menu and the toolbar."""
        self.initProcessing()
        if self.iface is None:
            return
        self.toolbar = self.iface.addToolBar(MENU)
        self.toolbar.setObjectName("DeepLandCoverToolBar")
        self._add_action(
            "classifyraster", tr("Classify the active raster layer…"), self.classify_active_layer
        )
        self._add_action("trainmodel", tr("Train on the active raster layer…"), self.train_on_active_layer)
        self._add_action("setupenvironment", tr("Set up the environment…"), self.set_up_environment)

    def unload(self) -> None:
        """Take everything back; the provider closes the worker."""
        for action in self.actions:
            self.iface.removePluginRasterMenu(MENU, action)
            action.deleteLater()
        self.actions.clear()
        if self.toolbar is not None:
            self.toolbar.deleteLater()
            self.toolbar = None
        # A dialog holds an algorithm of the provider, which goes now.
        for dialog in self._open_dialogs():
            dialog.close()
        self.dialogs.clear()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

    def classify_active_layer(self) -> QWidget | None:
        """Open 'Classify a raster' on the active raster layer."""
        return self._open("classifyraster", self._active_raster())

    def train_on_active_layer(self) -> QWidget | None:
        """Open 'Train a land-cover model' on the active raster layer."""
        return self._open("trainmodel", self._active_raster())

    def set_up_environment(self) -> QWidget | None:
        """Open 'Set up the environment'."""
        return self._open("setupenvironment", {})

    def _add_action(self, algorithm: str, text: str, slot: Callable[[], QWidget | None]) -> None:
        action = QAction(QIcon(icon_path(algorithm)), text, self.iface.mainWindow())
        action.setObjectName(f"deep_land_cover_{algorithm}")
        action.triggered.connect(lambda _checked=False: slot())
        self.iface.addPluginToRasterMenu(MENU, action)
        self.toolbar.addAction(action)
        self.actions.append(action)

    def _active_raster(self) -> dict[str, QgsMapLayer]:
        layer = self.iface.activeLayer()
        is_raster = layer is not None and layer.type() == Qgis.LayerType.Raster
        return {"INPUT": layer} if is_raster else {}

    def _open(self, algorithm: str, parameters: dict[str, Any]) -> QWidget | None:
        # Processing is a plugin itself and may be loaded after this one.
        import processing

        instance = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{algorithm}")
        can_run, problem = instance.canExecute()
        if not can_run:
            self.iface.messageBar().pushMessage(MENU, problem, Qgis.MessageLevel.Warning)
            return None
        dialog = processing.createAlgorithmDialog(instance, parameters)
        if dialog is None:
            return None
        # The main window owns it, and it deletes itself when it is closed.
        self.dialogs = [*self._open_dialogs(), dialog]
        dialog.show()
        return dialog

    def _open_dialogs(self) -> list[QWidget]:
        return [dialog for dialog in self.dialogs if not sip.isdeleted(dialog)]
