"""The plugin as QGIS sees it: a Processing provider, and menu entries that open its algorithms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices, QIcon

from .algorithms.error_output import print_errors_once
from .algorithms.i18n.translation import install_translator, remove_translator, tr
from .algorithms.icons import PROVIDER_ICON, icon_path
from .algorithms.provider import PROVIDER_ID, DeepLandCoverProvider

if TYPE_CHECKING:
    from processing.gui.ContextAction import ContextAction
    from qgis.core import QgsMapLayer
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtWidgets import QToolBar, QWidget

    from .algorithms.model_drop import ModelDropHandler
    from .algorithms.set_up_link import SetUpLink
    from .desk.dock import DeskDock

MENU = "Deep Land Cover"


class DeepLandCoverPlugin:
    """Registers the provider; in the desktop also menu, toolbar, context menu and dropped models.

    Args:
        iface: The desktop's interface; None in ``qgis_process``, which calls ``initProcessing`` only.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: DeepLandCoverProvider | None = None
        self.actions: list[QAction] = []
        self.layer_action: QAction | None = None
        self.toolbar: QToolBar | None = None
        self.drop_handler: ModelDropHandler | None = None
        self.set_up_link: SetUpLink | None = None
        self.dialogs: list[QWidget] = []
        self.desk: DeskDock | None = None
        self.model_actions: list[ContextAction] = []

    def initProcessing(self) -> None:
        """Register the algorithms, in the user's language."""
        install_translator()
        self.provider = DeepLandCoverProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)
        if self.iface is None:
            print_errors_once()
            self.provider.add_example_models()
        else:
            QTimer.singleShot(0, self._add_example_models)

    def initGui(self) -> None:
        """Register the algorithms and add what the desktop shows of them."""
        self.initProcessing()
        if self.iface is None:
            return
        # It needs QGIS's widgets, which qgis_process does without.
        from .algorithms.model_drop import ModelDropHandler
        from .algorithms.set_up_link import SetUpLink

        self.toolbar = self.iface.addToolBar(MENU)
        self.toolbar.setObjectName("DeepLandCoverToolBar")
        self._fill_menu()

        self.layer_action = QAction(
            QIcon(PROVIDER_ICON), tr("Classify with Deep Land Cover…"), self.iface.mainWindow()
        )
        self.layer_action.setObjectName("deep_land_cover_layer_menu")
        self.layer_action.triggered.connect(lambda _checked=False: self.classify_active_layer())
        self.iface.addCustomActionForLayerType(self.layer_action, "", Qgis.LayerType.Raster, True)

        self.drop_handler = ModelDropHandler(self.classify_with)
        self.iface.registerCustomDropHandler(self.drop_handler)
        self.set_up_link = SetUpLink(self.set_up_now)

    def _fill_menu(self) -> None:
        """Add the entries in the order of the work; the toolbar has those that work on active layers."""
        self._add_tools("createdemo")
        self._add_separator()
        self._add_tools("openproduct", "cloudmask", "stackfeatures")
        self._add_separator()
        self._add_action("drawpolygons", tr("Draw training polygons…"), self.draw_training_polygons)
        self._add_tools("inspectsamples")
        self._add_action("trainmodel", tr("Train on the active layer…"), self.train_on_active_layer)
        self._add_separator()
        library = self._action("modellibrary", tr("Library of models…"), self.open_library)
        self._add(library, in_toolbar=False)
        self._add_action(
            "classifyraster", tr("Classify the active raster layer…"), self.classify_active_layer
        )
        self._add_tools("classifyfolder", "suggestsamples", "generalisemap")
        self._add_separator()
        self._add_tools("samplingdesign")
        self._add_action("labelpoints", tr("Label reference points…"), self.label_points)
        self._add_action("assessaccuracy", tr("Assess the active map…"), self.assess_active_map)
        self._add_tools("comparemaps", "mapchange")
        self._add_separator()
        self._add_action("styleclassification", tr("Apply colours to the active map…"), self.style_active_map)
        self._add_tools("classareas", "vectorisemap")
        self._add_action("exportmap", tr("Export the active map as a page…"), self.export_active_map)
        self._add_separator()
        self.toolbar.addSeparator()
        pages = self._action("help", tr("Help"), self.show_help)
        pages.setIcon(QgsApplication.getThemeIcon("/mActionHelpContents.svg"))
        self._add(pages, in_toolbar=False)
        self._add_action("setupenvironment", tr("Set up the environment…"), self.set_up_environment)

    def unload(self) -> None:
        """Take everything back; the provider closes the worker."""
        for action in self.actions:
            self.iface.removePluginRasterMenu(MENU, action)
            action.deleteLater()
        self.actions.clear()
        if self.layer_action is not None:
            self.iface.removeCustomActionForLayerType(self.layer_action)
            self.layer_action.deleteLater()
            self.layer_action = None
        if self.drop_handler is not None:
            self.iface.unregisterCustomDropHandler(self.drop_handler)
            self.drop_handler = None
        if self.set_up_link is not None:
            self.set_up_link.remove()
            self.set_up_link = None
        if self.desk is not None:
            self.desk.remove()
            self.desk = None
        if self.toolbar is not None:
            self.toolbar.deleteLater()
            self.toolbar = None
        if self.model_actions:
            from processing.gui.ProviderActions import ProviderContextMenuActions

            # Where QGIS has unloaded Processing before, as it ends, they are gone already.
            left = [action for action in self.model_actions if action in ProviderContextMenuActions.actions]
            ProviderContextMenuActions.deregisterProviderContextMenuActions(left)
            self.model_actions.clear()
        # A dialog holds an algorithm of the provider, which goes now.
        for dialog in self._open_dialogs():
            dialog.close()
        self.dialogs.clear()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        remove_translator()

    def _add_example_models(self) -> None:
        """Add the example models with what the toolbox offers for them, once QGIS has started."""
        if self.provider is None:
            return
        from processing.gui.ProviderActions import ProviderContextMenuActions

        from .algorithms.model_actions import OpenCopyAction

        self.provider.add_example_models()
        self.model_actions.append(OpenCopyAction())
        ProviderContextMenuActions.registerProviderContextMenuActions(self.model_actions)

    def open_tool(self, name: str, values: dict[str, Any] | None = None) -> QWidget | None:
        """Open a tool, on the active layer where that is a raster and the tool reads one as its INPUT."""
        instance = QgsApplication.processingRegistry().algorithmById(f"{PROVIDER_ID}:{name}")
        definition = instance.parameterDefinition("INPUT")
        is_of_raster = definition is not None and definition.type() == "raster"
        return self._open(name, {**(self._active_raster("INPUT") if is_of_raster else {}), **(values or {})})

    def show_help(self) -> None:
        """Open the pages of the tools that come with the plugin, in QGIS's language where there are."""
        from .algorithms.reference_links import reference_link

        QDesktopServices.openUrl(QUrl(reference_link("index")))

    def classify_active_layer(self) -> QWidget | None:
        """Open 'Classify a raster' on the active raster layer, with the model that was used last."""
        from .algorithms.last_model import last_model

        return self.classify_with(last_model())

    def classify_with(self, model: str) -> QWidget | None:
        """Open 'Classify a raster' on the active raster layer with a model; empty is none."""
        values = {**self._active_raster("INPUT"), **({"MODEL": model} if model else {})}
        return self._open("classifyraster", values)

    def train_on_active_layer(self) -> QWidget | None:
        """Open 'Train a land-cover model' on the active layer: a raster, or the samples."""
        return self._open("trainmodel", self._active_raster("INPUT") or self._active_vector("SAMPLES"))

    def assess_active_map(self) -> QWidget | None:
        """Open 'Assess accuracy and area' on the active raster layer."""
        return self._open("assessaccuracy", self._active_raster("INPUT"))

    def style_active_map(self) -> QWidget | None:
        """Open 'Style a classification' on the active raster layer."""
        return self._open("styleclassification", self._active_raster("INPUT"))

    def export_active_map(self) -> QWidget | None:
        """Open 'Export a map page' on the active raster layer."""
        return self._open("exportmap", {"INPUTS": list(self._active_raster("INPUTS").values())})

    def label_points(self) -> QWidget:
        """Open the dock on its page of reference points, with the active layer where it is one of points."""
        return self._open_desk(is_polygons=False)

    def draw_training_polygons(self) -> QWidget:
        """Open the dock on its page of training polygons, with the active layer where it fits."""
        return self._open_desk(is_polygons=True)

    def _open_desk(self, is_polygons: bool) -> QWidget:
        # Not when QGIS starts: nothing else there needs it.
        from .desk.dock import POINTS, POLYGONS, DeskDock

        if self.desk is None:
            self.desk = DeskDock(self.iface)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.desk)
        self.desk.open_page(POLYGONS if is_polygons else POINTS, self.iface.activeLayer())
        return self.desk

    def open_library(self) -> QWidget:
        """Open the library of models, or bring it to the front."""
        from .desk.model_library import ModelLibrary

        library = next((item for item in self._open_dialogs() if isinstance(item, ModelLibrary)), None)
        if library is None:

            def zoom_to(layer: QgsMapLayer) -> None:
                self.iface.setActiveLayer(layer)
                self.iface.zoomToActiveLayer()

            window = self.iface.mainWindow()
            library = ModelLibrary(self.open_tool, self.set_up_now, zoom_to, window)
            self.dialogs = [*self._open_dialogs(), library]
        library.show()
        library.raise_()
        library.activateWindow()
        return library

    def set_up_environment(self) -> QWidget | None:
        """Open 'Set up the environment'."""
        return self._open("setupenvironment", {})

    def set_up_now(self) -> None:
        """Open 'Set up the environment' and run it as it is."""
        dialog: Any = self.set_up_environment()
        if dialog is not None:
            dialog.runAlgorithm()

    def _offer_set_up(self, problem: str) -> None:
        """Say in the message bar why nothing runs yet, with a button that sets it up."""
        from qgis.PyQt.QtWidgets import QPushButton

        bar = self.iface.messageBar()
        message = bar.createMessage(MENU, problem)
        button = QPushButton(tr("Set up now"), message)

        def set_up() -> None:
            bar.popWidget(message)
            self.set_up_now()

        button.clicked.connect(lambda _checked=False: set_up())
        message.layout().addWidget(button)
        bar.pushWidget(message, Qgis.MessageLevel.Warning)

    def _add_action(self, name: str, text: str, slot: Callable[[], object]) -> None:
        """Add an entry to menu and toolbar."""
        self._add(self._action(name, text, slot))

    def _add_tools(self, *algorithms: str) -> None:
        """Add entries that open tools by their titles, to the menu only."""
        for name in algorithms:
            title = QgsApplication.processingRegistry().algorithmById(f"{PROVIDER_ID}:{name}").displayName()
            self._add(self._action(name, f"{title}…", partial(self.open_tool, name)), in_toolbar=False)

    def _action(self, name: str, text: str, slot: Callable[[], object]) -> QAction:
        action = QAction(QIcon(icon_path(name)), text, self.iface.mainWindow())
        action.setObjectName(f"deep_land_cover_{name}")
        action.triggered.connect(lambda _checked=False: slot())
        return action

    def _add_separator(self) -> None:
        action = QAction(self.iface.mainWindow())
        action.setSeparator(True)
        self._add(action, in_toolbar=False)

    def _add(self, action: QAction, in_toolbar: bool = True) -> None:
        self.iface.addPluginToRasterMenu(MENU, action)
        if in_toolbar:
            self.toolbar.addAction(action)
        self.actions.append(action)

    def _active_raster(self, parameter: str) -> dict[str, Any]:
        return self._active(parameter, Qgis.LayerType.Raster)

    def _active_vector(self, parameter: str) -> dict[str, Any]:
        return self._active(parameter, Qgis.LayerType.Vector)

    def _active(self, parameter: str, kind: Qgis.LayerType) -> dict[str, Any]:
        layer = self.iface.activeLayer()
        return {parameter: layer} if layer is not None and layer.type() == kind else {}

    def _open(self, algorithm: str, parameters: dict[str, Any]) -> QWidget | None:
        # Processing is a plugin itself and may be loaded after this one.
        import processing

        instance = QgsApplication.processingRegistry().createAlgorithmById(f"{PROVIDER_ID}:{algorithm}")
        problem = instance.problem()
        if problem:
            self._offer_set_up(problem)
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
