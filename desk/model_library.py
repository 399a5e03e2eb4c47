"""Dialog of the library of models: what each is, and its way into 'Classify a raster'."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.gui import QgsFilterLineEdit, QgsMessageBar
from qgis.PyQt.QtCore import QEvent, QFile, QSize, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon, QPixmap, QTextDocument
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..algorithms.i18n.messages import translated_error
from ..algorithms.i18n.translation import tr
from ..algorithms.last_model import last_model
from ..algorithms.model_facts import training_place, training_rectangles
from ..algorithms.parameters.settings import choose_model_folder, model_folder
from ..core.errors import LandCoverError
from ..core.files import MODEL_SUFFIXES
from ..core.models.library import Library, LibraryEntry, add_model, copy_model
from .model_details import (
    CLASS_PICTURE,
    PLACE_PICTURE,
    architecture_title,
    bands_text,
    details_page,
    made_text,
)
from .model_pictures import class_picture, class_shares, place_picture

Open = Callable[[str, dict[str, Any]], object]
_NAME, _CLASSES, _ACCURACY, _MADE = range(4)
_THUMBNAIL, _PICTURE = 40, 96
_MAP = QSize(240, 150)
_ORDER = Qt.ItemDataRole.UserRole + 1


# It outlives the dialog, so that files are read once only: about 10 ms each.
_library = Library()


class _Item(QTreeWidgetItem):
    """Row of a model, sorted by numbers where a column has them."""

    def __init__(self, entry: LibraryEntry) -> None:
        super().__init__()
        self.entry = entry
        self.words = ""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = tree.sortColumn() if tree is not None else 0
        return bool(self.data(column, _ORDER) < other.data(column, _ORDER))


class ModelLibrary(QDialog):
    """Dialog of the library of models.

    Args:
        open_algorithm: Opens the dialog of an algorithm with values, by the algorithm's id.
        set_up: Sets the environment up.
        zoom_to: Zooms the map to a layer.
        parent: Main window.
    """

    def __init__(
        self,
        open_algorithm: Open,
        set_up: Callable[[], object],
        zoom_to: Callable[[QgsVectorLayer], object],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("DeepLandCoverLibrary")
        self.setWindowTitle(tr("Library of models"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open, self._set_up, self._zoom_to = open_algorithm, set_up, zoom_to
        self._shown: list[LibraryEntry] | None = None
        self.bar = QgsMessageBar()
        self.set_up_line = QWidget()
        self.set_up_text = QLabel()
        self.set_up_text.setWordWrap(True)
        set_up_button = QPushButton(tr("Set up now"))
        set_up_button.clicked.connect(lambda _checked=False: self._set_up())
        line = QHBoxLayout(self.set_up_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.set_up_text, 1)
        line.addWidget(set_up_button)
        self.search = QgsFilterLineEdit()
        self.search.setShowSearchIcon(True)
        self.search.setPlaceholderText(tr("Search names, classes, bands, sensors"))
        self.search.textChanged.connect(lambda _text: self._filter())
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr("Model"), tr("Classes"), tr("Accuracy"), tr("Made")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.list.setSortingEnabled(True)
        self.list.sortByColumn(_NAME, Qt.SortOrder.AscendingOrder)
        self.list.itemSelectionChanged.connect(self._show_details)
        self.list.itemDoubleClicked.connect(lambda _item, _column: self.use_in_classify())
        self.details = QTextBrowser()
        self.details.setOpenLinks(False)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        self.folder_text = QLabel()
        self.folder_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long path would make the dialog wider than the screen.
        self.folder_text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        outer = QVBoxLayout(self)
        outer.addWidget(self.bar)
        outer.addWidget(self.set_up_line)
        outer.addWidget(self.search)
        outer.addWidget(splitter, 1)
        outer.addLayout(self._model_buttons())
        outer.addLayout(self._folder_buttons())
        self.resize(QSize(self.fontMetrics().averageCharWidth() * 165, self.fontMetrics().height() * 40))
        self.refresh()

    def _model_buttons(self) -> QHBoxLayout:
        self.use_button = QToolButton()
        self.use_button.setText(tr("Use in Classify"))
        self.use_button.setToolTip(tr("Open 'Classify a raster' with this model"))
        self.use_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.use_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.use_button.clicked.connect(lambda _checked=False: self.use_in_classify())
        menu = QMenu(self.use_button)
        menu.addAction(tr("Classify a raster…")).triggered.connect(
            lambda _checked=False: self.use_in_classify()
        )
        menu.addAction(tr("Classify many rasters…")).triggered.connect(
            lambda _checked=False: self.use_in_classify("classifyfolder")
        )
        self.use_button.setMenu(menu)
        self.show_button = _button(
            tr("Show on the map"), tr("Add the extents of the training raster and labels"), self.show_on_map
        )
        self.copy_button = _button(tr("Save a copy…"), tr("Copy the model file elsewhere"), self.save_copy)
        self.remove_button = _button(tr("Remove…"), tr("Move the model file to the trash"), self.remove)
        layout = QHBoxLayout()
        for button in (self.use_button, self.show_button, self.copy_button, self.remove_button):
            layout.addWidget(button)
        layout.addStretch(1)
        return layout

    def _folder_buttons(self) -> QHBoxLayout:
        self.add_button = _button(
            tr("Add a model…"), tr("Copy model files into the library"), self.choose_models
        )
        open_button = _button(tr("Open folder"), tr("Show the folder in the file manager"), self.open_folder)
        folder_button = _button(
            tr("Change folder…"), tr("Keep the library in another folder"), self.change_folder
        )
        close_button = _button(tr("Close"), "", self.close)
        layout = QHBoxLayout()
        for button in (self.add_button, open_button, folder_button):
            layout.addWidget(button)
        layout.addWidget(self.folder_text, 1)
        layout.addWidget(close_button)
        return layout

    @property
    def entry(self) -> LibraryEntry | None:
        """Model that is selected; None without one."""
        items = self.list.selectedItems()
        return items[0].entry if items and isinstance(items[0], _Item) else None

    def select(self, path: Path) -> None:
        """Select a model by its file."""
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if isinstance(item, _Item) and item.entry.path == path:
                item.setHidden(False)
                self.list.setCurrentItem(item)

    def refresh(self) -> None:
        """Show what the folder has now; keep what is selected."""
        folder = model_folder()
        problem = classify_problem()
        self.set_up_line.setVisible(bool(problem))
        self.set_up_text.setText(
            tr("Models can be looked at, but not used yet: run 'Set up the environment' once.")
        )
        self.set_up_text.setToolTip(problem)
        self.folder_text.setText(tr("Folder: {}").format(folder))
        self.folder_text.setToolTip(str(folder))
        try:
            entries = _library.entries(folder)
        except LandCoverError as error:
            entries = []
            self._warn(translated_error(error))
        if entries != self._shown:
            selected = self.entry
            self._shown = entries
            self._fill(entries)
            if selected is not None:
                self.select(selected.path)
        if self.entry is None:
            self._show_details()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Files may have come or gone meanwhile; those that are known are not read again.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()

    def use_in_classify(self, algorithm: str = "classifyraster") -> None:
        """Open a tool that classifies, with the selected model."""
        entry = self.entry
        if entry is not None and entry.problem is None:
            self._open(algorithm, {"MODEL": str(entry.path)})

    def show_on_map(self) -> None:
        """Add the extents of the selected model's training to the project, and zoom to them."""
        card = self.entry.card if self.entry is not None else None
        rectangles = training_rectangles(card) if card is not None else None
        crs = QgsCoordinateReferenceSystem.fromWkt(card.crs) if card is not None else None
        if self.entry is None or rectangles is None or crs is None or not crs.isValid():
            return
        name = tr("Training area of {}").format(self.entry.path.name)
        layer = QgsVectorLayer("Polygon?field=extent:string(80)", name, "memory")
        layer.setCrs(crs)
        features = []
        for rectangle, title in zip(rectangles, (tr("Training raster"), tr("Training labels")), strict=True):
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromRect(rectangle))
            feature.setAttributes([title])
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        layer.updateExtents()
        symbol = QgsFillSymbol.createSimple(
            {"style": "no", "outline_color": "#B01818", "outline_width": "0.6"}
        )
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        QgsProject.instance().addMapLayer(layer)
        self._zoom_to(layer)

    def choose_models(self) -> None:
        """Ask for model files and add them."""
        start = last_model()
        files, _filter = QFileDialog.getOpenFileNames(
            self,
            tr("Add a model"),
            str(Path(start).parent) if start else "",
            tr("Models ({})").format(_pattern()) + ";;" + tr("All files (*)"),
        )
        self.add_models([Path(file) for file in files])

    def add_models(self, paths: list[Path]) -> None:
        """Copy model files into the library, and select the last one."""
        added: list[Path] = []
        problems: list[str] = []
        for path in paths:
            try:
                added.append(add_model(path, model_folder()))
            except LandCoverError as error:
                problems.append(translated_error(error))
        if added:
            self.search.clear()
            self.refresh()
            self.select(added[-1])
            names = ", ".join(path.name for path in added)
            self.bar.pushMessage(tr("In the library: {}").format(names), Qgis.MessageLevel.Success, 8)
        # The last message is on top.
        for problem in problems:
            self._warn(problem)

    def save_copy(self) -> None:
        """Ask for a name, and copy the selected model there."""
        entry = self.entry
        if entry is None:
            return
        suffix = entry.path.suffix
        file, _filter = QFileDialog.getSaveFileName(
            self, tr("Save a copy"), entry.path.name, tr("Models ({})").format(f"*{suffix}")
        )
        if file:
            self.copy_to(Path(file))

    def copy_to(self, target: Path) -> None:
        """Copy the selected model to a file; where its name has no ending it gets that of the model."""
        if self.entry is None:
            return
        if not target.suffix:
            target = target.with_name(target.name + self.entry.path.suffix)
            if target.exists():
                # The file dialog has asked for the name without its ending only.
                self._warn(tr("The file {} exists. Choose another name.").format(target))
                return
        try:
            copy_model(self.entry.path, target)
        except LandCoverError as error:
            self._warn(translated_error(error))
            return
        self.bar.pushMessage(tr("Saved: {}").format(target), Qgis.MessageLevel.Success, 8)

    def remove(self) -> None:
        """Ask, and move the selected model to the trash; where there is none, ask to delete it."""
        entry = self.entry
        if entry is None:
            return
        if not self._asks(tr("Move the model {} to the trash?").format(entry.path.name)):
            return
        path = str(entry.path)
        if not QFile(path).moveToTrash():
            question = tr("The model {} cannot be moved to the trash. Delete it for good?")
            if not self._asks(question.format(entry.path.name)):
                return
            if not QFile.remove(path):
                self._warn(tr("The model {} cannot be deleted.").format(path))
        self.refresh()

    def open_folder(self) -> None:
        """Show the folder in the file manager; it is made where it does not exist."""
        folder = model_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._warn(tr("The folder {} cannot be made: {}").format(folder, error.strerror))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def change_folder(self) -> None:
        """Ask for another folder of the library. Models stay where they are."""
        folder = QFileDialog.getExistingDirectory(self, tr("Folder of the library"), str(model_folder()))
        if folder:
            choose_model_folder(Path(folder))
            self.refresh()

    def _asks(self, question: str) -> bool:
        """Return whether the user agrees."""
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self, tr("Remove a model"), question, buttons.Yes | buttons.Cancel, buttons.Cancel
        )
        return bool(answer == buttons.Yes)

    def _warn(self, text: str) -> None:
        self.bar.pushMessage(text, Qgis.MessageLevel.Warning, 0)

    def _fill(self, entries: list[LibraryEntry]) -> None:
        self.list.blockSignals(True)
        self.list.setSortingEnabled(False)
        self.list.clear()
        for entry in entries:
            self.list.addTopLevelItem(_row(entry))
        self.list.setSortingEnabled(True)
        self.list.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        """Hide the models without all of the words that are searched for."""
        words = self.search.text().casefold().split()
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if isinstance(item, _Item):
                item.setHidden(not all(word in item.words for word in words))
        # Hidden rows do not count as selected.
        if self.entry is None:
            self.list.setCurrentItem(None)
            self._show_details()

    def _show_details(self) -> None:
        entry = self.entry
        can_use = entry is not None and entry.problem is None
        card = entry.card if entry is not None else None
        self.use_button.setEnabled(can_use)
        self.show_button.setEnabled(card is not None and card.area is not None)
        self.copy_button.setEnabled(can_use)
        self.remove_button.setEnabled(entry is not None)
        self.details.clear()
        if entry is None:
            self.details.setPlainText(self._hint())
            return
        text, has_map = "", False
        if card is not None:
            _shares, text = class_shares(card)
            image = QTextDocument.ResourceType.ImageResource
            document = self.details.document()
            document.addResource(image, QUrl(CLASS_PICTURE), class_picture(card, _PICTURE))
            place = training_place(card)
            picture = place_picture(place, _MAP) if place is not None else None
            if picture is not None:
                has_map = True
                document.addResource(image, QUrl(PLACE_PICTURE), picture)
        self.details.setHtml(details_page(entry, text, has_map))

    def _hint(self) -> str:
        """Return what to do where no model is selected."""
        if not self._shown:
            return tr("The library is empty. Add a model, or train one: QGIS then offers to add it.")
        rows = range(self.list.topLevelItemCount())
        if all(self.list.topLevelItem(row).isHidden() for row in rows):
            return tr("No model has all of these words.")
        return tr("Select a model.")


def _row(entry: LibraryEntry) -> _Item:
    item, card = _Item(entry), entry.card
    item.setText(_NAME, entry.path.name)
    words = [entry.path.name]
    classes, accuracy, made = 0, -1.0, ""
    if card is not None:
        classes, made = len(card.classes), made_text(card.created)
        item.setIcon(_NAME, QIcon(QPixmap.fromImage(class_picture(card, _THUMBNAIL))))
        item.setText(_CLASSES, str(classes))
        if card.metrics is not None:
            accuracy = card.metrics.overall_accuracy
            interval = card.metrics.interval
            text = f"{accuracy:.1%}"
            if interval is not None:
                text += f"\n({100 * interval.low:.1f}–{100 * interval.high:.1f})"
            item.setText(_ACCURACY, text)
            item.setToolTip(_ACCURACY, tr("Overall accuracy of held-out samples, with its 95 % interval"))
        else:
            item.setText(_ACCURACY, tr("not tested"))
        item.setText(_MADE, made)
        words += [architecture_title(card), bands_text(card), made]
        words += [f"{each.value} {each.name}" for each in card.classes]
        words += [card.area.sensor, card.area.date] if card.area is not None else []
        item.setToolTip(_NAME, ", ".join(each.name for each in card.classes[:20]))
    if entry.problem is not None:
        item.setIcon(_NAME, QgsApplication.getThemeIcon("mIconWarning.svg"))
        item.setToolTip(_NAME, translated_error(entry.problem))
    for column, value in enumerate((entry.path.name.casefold(), classes, accuracy, made)):
        item.setData(column, _ORDER, value)
    item.words = " ".join(words).casefold()
    return item


def classify_problem() -> str:
    """Return why nothing can be classified yet, one sentence with what to do; empty where it can."""
    algorithm: Any = QgsApplication.processingRegistry().createAlgorithmById("deeplandcover:classifyraster")
    return str(algorithm.problem()) if algorithm is not None else ""


def _pattern() -> str:
    return " ".join(f"*{suffix}" for suffix in MODEL_SUFFIXES)


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: slot())
    return button
