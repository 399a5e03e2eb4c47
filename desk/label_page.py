"""Page of the dock that labels reference points and suggested samples, one after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from ..algorithms.i18n.translation import tr
from ..core.text import untranslated
from . import acatama
from .class_lists import OWN, ClassChoice, class_sources, classes_of_layer, classes_of_source, is_class_map
from .decision_box import DecisionBox
from .label_start import NEW_FIELD, HiddenMaps, usual_field, usual_grid, usual_layer
from .label_store import UNSURE, LabelFields, LabelStore, StoreError, point_order
from .label_texts import button_text, state_text, time_text, title_text
from .label_widgets import LabelWidgets
from .rasters import PixelGrid
from .views import Frame
from .widgets import UNDO_KEY, color_icon
from .work_list import (
    NEXT_KEY,
    NOTE_KEY,
    PREVIOUS_KEY,
    UNSURE_KEY,
    ZOOM_KEY,
    Pace,
    WorkList,
    class_keys,
)

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_ONE, _FIRST, _SECOND, _DECIDE = range(4)
_SETTING = "deep_land_cover/interpreter_{}"


class LabelPage(LabelWidgets):
    """Labels points: choice of layer and classes, the current point, a key per class, and progress.

    Args:
        iface: Desktop's interface.
        parent: Parent widget.
        watch: Called with widgets that were added, which shall take the keys of the desk.
    """

    frame_changed = pyqtSignal(object)
    blind_changed = pyqtSignal(bool)
    views_requested = pyqtSignal()

    def __init__(self, iface: QgisInterface, parent: QWidget, watch: Callable[[QWidget], None]) -> None:
        super().__init__(parent)
        self._iface = iface
        self._watch = watch
        self.canvas: QgsMapCanvas = iface.mapCanvas()
        self.store: LabelStore | None = None
        self.work = WorkList([])
        self.pace = Pace()
        self.classes: list[ClassChoice] = []
        self._keys: dict[str, ClassChoice] = {}
        self._grid: PixelGrid | None = None
        self._frame = Frame(self.canvas)
        self._maps = HiddenMaps()
        self._is_filling = False
        self._is_active = False
        self.decisions = DecisionBox(self._decide_on, self._take_agreed)
        self.add_decisions(self.decisions)
        self._connect()

    def _connect(self) -> None:
        self.layer_box.layerChanged.connect(self._layer_changed)
        self.grid_box.layerChanged.connect(self._grid_changed)
        QgsProject.instance().layersAdded.connect(self._offer_sources)
        self.field_box.currentIndexChanged.connect(lambda _index: self._field_changed())
        self.source_box.currentIndexChanged.connect(lambda _index: self._classes_changed())
        self.interpreter_box.currentIndexChanged.connect(lambda _index: self._interpreter_changed())
        self.name_edit.editingFinished.connect(self._keep_name)
        # Opening the box shows all that is in it.
        self.setup.collapsedStateChanged.connect(lambda _is_closed: self._show_name())
        self.save_edits.clicked.connect(lambda _checked=False: self._save_edits())
        self.unsure.clicked.connect(lambda checked: self.set_unsure(checked))
        self.note.editingFinished.connect(self._keep_note)
        self.note.returnPressed.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        self.blind.toggled.connect(lambda _checked: self._blind_changed())
        self.width_box.valueChanged.connect(lambda _value: self.zoom())
        self.views_button.clicked.connect(lambda _checked=False: self.views_requested.emit())
        for button, slot in (
            (self.previous_button, partial(self.step, -1)),
            (self.next_button, partial(self.step, 1)),
            (self.unlabelled_button, self.next_unlabelled),
            (self.zoom_button, self.zoom),
            (self.undo_button, self.undo),
            (self.clear_button, partial(self.label_as, None)),
        ):
            button.clicked.connect(lambda _checked=False, act=slot: act())
        self.export_action.triggered.connect(lambda _on=False: self._ask_and(self.export_acatama, True))
        self.import_action.triggered.connect(lambda _on=False: self._ask_and(self.import_acatama, False))

    # --- what is labelled ---------------------------------------------------------------------------

    @property
    def layer(self) -> QgsVectorLayer | None:
        """Layer of the points; None where none is chosen."""
        return self.layer_box.currentLayer()

    @property
    def fields(self) -> LabelFields:
        """Fields that labels are written to."""
        field = self.field_box.currentData() or NEW_FIELD
        number = self.interpreter_box.currentIndex()
        return (
            LabelFields.of_interpreter(field, number) if number in (_FIRST, _SECOND) else LabelFields(field)
        )

    @property
    def is_text(self) -> bool:
        """Whether the class field holds names."""
        index = self.layer.fields().indexOf(self.field_box.currentData()) if self.layer else -1
        return index >= 0 and not self.layer.fields().at(index).isNumeric()

    def activate(self, layer: QgsMapLayer | None = None) -> None:
        """Begin, on a layer where one is given and fits, and show the frame.

        Args:
            layer: Layer to label.
        """
        self._is_active = True
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Point:
            self.layer_box.setLayer(layer)
        elif self.layer is None:
            self.layer_box.setLayer(usual_layer())
        if self.store is None or self.store.layer is not self.layer:
            self._layer_changed(self.layer)
        self._blind_changed()
        self._show_point()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Take the frame from the maps, and show the class maps again that were hidden."""
        self._keep_note()
        self._is_active = False
        self._frame.show(None)
        self.frame_changed.emit(None)
        self._maps.show()

    def detach(self) -> None:
        """Take everything from the canvas, before the page is deleted."""
        self.leave()
        QgsProject.instance().layersAdded.disconnect(self._offer_sources)
        self._frame.remove()
        if self.store is not None:
            _disconnect(self.store.layer, self._editing_changed)
        self.store = self._grid = None

    def _layer_changed(self, layer: QgsVectorLayer | None) -> None:
        self._keep_note()
        self.pace = Pace()
        if self.store is not None and self.store.layer is not layer:
            _disconnect(self.store.layer, self._editing_changed)
        self.store = None
        if layer is not None:
            self.store = LabelStore(layer)
            layer.editingStarted.connect(self._editing_changed)
            layer.editingStopped.connect(self._editing_changed)
        self._is_filling = True
        self.field_box.clear()
        for field in layer.fields() if layer is not None else ():
            if (
                field.isNumeric()
                or field.typeName().lower() in ("string", "text")
                or "char" in field.typeName().lower()
            ):
                self.field_box.addItem(field.name(), field.name())
        if layer is not None and self.field_box.findData(NEW_FIELD) < 0:
            self.field_box.addItem(tr("{} (new field)").format(NEW_FIELD), NEW_FIELD)
        self.field_box.setCurrentIndex(max(self.field_box.findData(usual_field(layer)), 0))
        if layer is not None:
            self.grid_box.setLayer(usual_grid(layer))
        self._is_filling = False
        self._grid_changed(self.grid_box.currentLayer())
        self._field_changed()

    def _field_changed(self) -> None:
        if self._is_filling:
            return
        self._offer_sources(prefer_own=True)
        self._reload()

    def _offer_sources(self, _layers: object = None, prefer_own: bool = False) -> None:
        """Offer where classes may come from in the project as it is; keep what is chosen, if still there."""
        if self._is_filling:
            return
        self._is_filling = True
        layer, field = self.layer, self.field_box.currentData()
        own = classes_of_layer(layer, field) if layer is not None else []
        key = self.source_box.currentData()
        self.source_box.clear()
        if own:
            self.source_box.addItem(tr("Those of the points"), OWN)
        for source, title in class_sources():
            self.source_box.addItem(title, source)
        index = self.source_box.findData(OWN if own and (prefer_own or key is None) else key)
        self.source_box.setCurrentIndex(max(index, 0))
        self._is_filling = False
        self._classes_changed()

    def _classes_changed(self) -> None:
        if self._is_filling:
            return
        key = self.source_box.currentData()
        if self.layer is None or key is None:
            self.classes = []
        elif key == OWN:
            self.classes = classes_of_layer(self.layer, self.field_box.currentData())
        else:
            self.classes = classes_of_source(key, self.is_text)
        keys = class_keys(len(self.classes))
        self._keys = {key: item for key, item in zip(keys, self.classes, strict=True) if key}
        for button in self.class_buttons:
            self._class_grid.removeWidget(button)
            button.deleteLater()
        self.class_buttons = []
        columns = 2 if len(self.classes) > 4 else 1
        rows = -(-len(self.classes) // columns) if self.classes else 0
        for number, (key, item) in enumerate(zip(keys, self.classes, strict=True)):
            button = QPushButton(button_text(key, item))
            button.setIcon(color_icon(item.color, self))
            button.setCheckable(True)
            button.setToolTip(
                tr("Label the point as {} (key {})").format(item.title, key) if key else item.title
            )
            button.setAccessibleName(item.title)
            button.setStyleSheet(untranslated("text-align: left;"))
            button.setMinimumWidth(self.fontMetrics().averageCharWidth() * 12)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, chosen=item: self.label_as(chosen))
            self._class_grid.addWidget(button, number % rows, number // rows)
            self.class_buttons.append(button)
        self._watch(self.class_area)
        self._show_point()

    def _interpreter_changed(self) -> None:
        number = self.interpreter_box.currentIndex()
        is_one_of_two = number in (_FIRST, _SECOND)
        self._show_name()
        if is_one_of_two:
            self.name_edit.setText(QgsSettings().value(_SETTING.format(number), "", str))
        if number != _ONE:
            self.blind.setChecked(True)
        self.pace = Pace()
        self._reload()

    def _show_name(self) -> None:
        self.name_edit.setVisible(self.interpreter_box.currentIndex() in (_FIRST, _SECOND))

    def _keep_name(self) -> None:
        QgsSettings().setValue(
            _SETTING.format(self.interpreter_box.currentIndex()), self.name_edit.text().strip()
        )

    def _grid_changed(self, layer: QgsMapLayer | None) -> None:
        is_raster = isinstance(layer, QgsRasterLayer) and layer.isValid()
        self._grid = PixelGrid(layer) if is_raster and layer.width() else None
        if not self._is_filling:
            self._show_point()

    def _reload(self, is_new: bool = True) -> None:
        """Read the points and their labels, and go to the first one that is to be labelled."""
        if self.store is None:
            self.work = WorkList([])
        else:
            points = point_order(self.store.layer)
            if self.interpreter_box.currentIndex() == _DECIDE:
                points = self.decisions.disputed_of(points, *self._two_labels())
            labelled = set(self.store.labels(self.fields.label))
            self.work = WorkList(points, labelled)
            first = next((point for point in points if point not in labelled), None)
            self.work.go_to(first)
        if is_new:
            self._show_point(is_new=True)

    def _two_labels(self) -> tuple[dict[int, int | str], dict[int, int | str]]:
        field = self.field_box.currentData() or NEW_FIELD
        first, second = (LabelFields.of_interpreter(field, number).label for number in (_FIRST, _SECOND))
        return self.store.labels(first), self.store.labels(second)

    # --- the current point --------------------------------------------------------------------------

    def feature(self) -> QgsFeature | None:
        """Return the current point; None where there is none."""
        if self.store is None or self.work.current is None:
            return None
        feature = self.store.layer.getFeature(self.work.current)
        return feature if feature.isValid() else None

    def step(self, distance: int) -> None:
        """Go to the next point, or to the previous one."""
        self._keep_note()
        self.work.step(distance)
        self._show_point(is_new=True)

    def next_unlabelled(self) -> None:
        """Go to the next point without a label."""
        self._keep_note()
        self.work.next_unlabelled()
        self._show_point(is_new=True)

    def label_as(self, choice: ClassChoice | None) -> None:
        """Label the current point and go on; None takes its label away."""
        feature = self.feature()
        if feature is None:
            self._show_point()
            return
        self._keep_note()
        fields = self.fields
        values: dict[str, object] = {fields.label: choice.stored if choice else None}
        if fields.who:
            values[fields.who] = (self.name_edit.text().strip() or None) if choice else None
        if choice is None:
            values[fields.confidence] = None
        if not self._save({feature.id(): values}):
            return
        self.work.set_labelled(feature.id(), choice is not None)
        if choice is not None:
            self.pace.note(time.monotonic())
        if choice is not None and self.go_on.isChecked() and self.work.left:
            self.work.next_unlabelled()
            self._show_point(is_new=True)
        else:
            self._show_point()

    def set_unsure(self, is_unsure: bool) -> None:
        """Say that the interpreter is unsure of the label of the current point, or sure again."""
        feature = self.feature()
        if feature is not None:
            self._save({feature.id(): {self.fields.confidence: UNSURE if is_unsure else None}})
        self._show_point()

    def undo(self) -> None:
        """Undo the last change and go to its point."""
        if self.store is None:
            return
        try:
            changed = self.store.undo()
        except StoreError as error:
            self._say(str(error))
            self.undo_button.setEnabled(self.store.can_undo)
            return
        if changed:
            labelled = self.store.labels(self.fields.label)
            for point in changed:
                self.work.set_labelled(point, point in labelled)
            self.work.go_to(changed[-1])
        self._show_point(is_new=True)

    def zoom(self) -> None:
        """Zoom the main map, and with it all views, to the frame of the current point."""
        geometry = self._frame_geometry()
        if geometry is None:
            return
        box = geometry.boundingBox()
        center = box.center()
        if box.width() > 0:
            half = box.width() * self.width_box.value() / 2
            ratio = self.canvas.height() / max(self.canvas.width(), 1)
            self.canvas.setExtent(
                QgsRectangle(
                    center.x() - half, center.y() - half * ratio, center.x() + half, center.y() + half * ratio
                )
            )
        else:
            self.canvas.setCenter(center)
        self.canvas.refresh()

    def act(self, key: str, is_press: bool) -> bool:
        """Return whether a key is one of this page's, and act on it where it was pressed."""
        commands: dict[str, Callable[[], object]] = {
            NEXT_KEY: lambda: self.step(1),
            PREVIOUS_KEY: lambda: self.step(-1),
            "Backspace": lambda: self.step(-1),
            "Enter": self.next_unlabelled,
            UNSURE_KEY: lambda: self.set_unsure(not self.unsure.isChecked()),
            ZOOM_KEY: self.zoom,
            NOTE_KEY: lambda: self.note.setFocus(Qt.FocusReason.ShortcutFocusReason),
            "Delete": lambda: self.label_as(None),
        }
        if key == UNDO_KEY and self.store is not None and self.store.can_undo:
            commands[UNDO_KEY] = self.undo
        commands |= {name: partial(self.label_as, item) for name, item in self._keys.items()}
        if key not in commands or self.work.current is None:
            return False
        if is_press:
            commands[key]()
        return True

    def _keep_note(self) -> None:
        feature = self.feature()
        if feature is None or not self.note.isModified():
            return
        self.note.setModified(False)
        self._save({feature.id(): {self.fields.note: self.note.text().strip() or None}})

    def _save(self, changes: Mapping[int, Mapping[str, Any]]) -> bool:
        """Write changes into the layer and return whether it took them; else say why not."""
        fields = self.fields
        is_number = not self.is_text
        used = {name for values in changes.values() for name in values}
        kinds = {fields.label: is_number, fields.confidence: False, fields.note: False, fields.who: False}
        is_cleared = all(value is None for values in changes.values() for value in values.values())
        try:
            if not is_cleared:
                self.store.add_fields({name: kinds[name] for name in kinds if name in used})
            self.store.write(changes)
        except StoreError as error:
            self._show_point()
            self._say(str(error))
            return False
        return True

    # --- what is shown ------------------------------------------------------------------------------

    def _frame_geometry(self) -> QgsGeometry | None:
        """Return the frame of the current pixel, else its point, in the main map's reference system."""
        feature = self.feature()
        if feature is None or feature.geometry().isEmpty():
            return None
        crs = self.canvas.mapSettings().destinationCrs()
        point = feature.geometry().centroid().asPoint()
        pixel = self._grid.pixel_at(point, self.store.layer.crs()) if self._grid is not None else None
        if pixel is not None:
            return self._grid.frame(pixel, crs)
        try:
            transform = QgsCoordinateTransform(self.store.layer.crs(), crs, QgsProject.instance())
            return QgsGeometry.fromPointXY(QgsPointXY(transform.transform(point)))
        except QgsCsException:
            return None

    def _show_point(self, is_new: bool = False) -> None:
        feature = self.feature()
        self._show_message(feature)
        has_point = feature is not None and not (self.store.problem() if self.store else "")
        for widget in (self.class_area, self.unsure, self.note, self.zoom_button, self.clear_button):
            widget.setEnabled(has_point)
        for widget in (self.previous_button, self.next_button, self.unlabelled_button):
            widget.setEnabled(bool(self.work.points))
        self.undo_button.setEnabled(self.store is not None and self.store.can_undo)
        fields = self.fields
        label = self.store.value(feature, fields.label) if feature is not None else None
        for button, item in zip(self.class_buttons, self.classes, strict=True):
            button.setChecked(label is not None and item.stored == label)
        confidence = self.store.value(feature, fields.confidence) if feature is not None else None
        self.unsure.setChecked(confidence == UNSURE)
        if not (self.note.hasFocus() and self.note.isModified()):
            note = self.store.value(feature, fields.note) if feature is not None else None
            self.note.setText("" if note is None else str(note))
            self.note.setModified(False)
        number = self.interpreter_box.currentIndex()
        is_deciding = number == _DECIDE
        place = self.work.number, len(self.work.points)
        self.title.setText(title_text(self.store, feature, place, is_deciding))
        asked = self.field_box.currentData() if is_deciding else None
        titles = {item.stored: item.title for item in self.classes}
        has_hint = not is_deciding and not self.blind.isChecked()
        self.state.setText(state_text(self.store, feature, label, titles, asked, has_hint))
        self._show_progress()
        self._show_decisions()
        if not self._is_active:
            return
        geometry = self._frame_geometry()
        is_frame = geometry is not None and geometry.type() == Qgis.GeometryType.Polygon
        self._frame.show(geometry if is_frame else None)
        self.frame_changed.emit(geometry if is_frame else None)
        if is_new and geometry is not None:
            if self.auto_zoom.isChecked():
                self.zoom()
            else:
                self.canvas.setCenter(geometry.boundingBox().center())
                self.canvas.refresh()

    def _show_message(self, feature: QgsFeature | None) -> None:
        text = ""
        if self.store is not None:
            text = self.store.problem() or (
                tr("There are no classes yet: choose a map or a class scheme above.")
                if not self.classes
                else self.store.warning()
            )
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.save_edits.setVisible(self.store is not None and self.store.layer.isEditable())

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _show_progress(self) -> None:
        total = len(self.work.points)
        done = total - self.work.left
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.bar.setFormat(tr("{} of {} labelled").format(done, total))
        self.time_left.setText(time_text(total, self.work.left, self.pace.minutes_left(self.work.left)))

    def _show_decisions(self) -> None:
        number = self.interpreter_box.currentIndex()
        self.decisions.setVisible(self.store is not None and number != _ONE)
        if self.store is None or number == _ONE:
            return
        field = self.field_box.currentData()
        first, second = self._two_labels()
        is_deciding = number == _DECIDE
        ids: dict[int, Any] = {}
        decided: dict[int, int | str] = {}
        if is_deciding:
            # Only here are points named: reading them takes time where there are thousands.
            index = self.store.field("id")
            request = QgsFeatureRequest().setFlags(Qgis.FeatureRequestFlag.NoGeometry)
            request.setSubsetOfAttributes([index] if index >= 0 else [])
            for point in self.store.layer.getFeatures(request):
                ids[point.id()] = point.id() if index < 0 else self.store.value(point, "id")
            decided = self.store.labels(field)
        titles = {item.stored: item.title for item in self.classes}
        self.decisions.show_labels(first, second, decided, titles, ids, self.work.current, is_deciding)

    # --- commands -----------------------------------------------------------------------------------

    def _decide_on(self, point: int) -> None:
        if self.work.go_to(point):
            self._show_point(is_new=True)

    def _take_agreed(self) -> None:
        """Write the labels on which both interpreters agree into the class field, in one step."""
        field = self.field_box.currentData() or NEW_FIELD
        first, second = self._two_labels()
        current = self.store.labels(field)
        changes = {
            point: {field: label}
            for point, label in first.items()
            if second.get(point) == label and current.get(point) != label
        }
        if changes and self._save(changes):
            self._show_point()

    def _save_edits(self) -> None:
        layer = self.layer
        if layer is not None and not layer.commitChanges():
            self._say("\n".join(layer.commitErrors()))

    def _editing_changed(self) -> None:
        """Follow edits of QGIS's own: points may have gone or come."""
        if self.store is not None and not self.store.layer.isEditable():
            current = self.work.current
            self._reload(is_new=False)
            self.work.go_to(current)
        self._show_point()

    def _blind_changed(self) -> None:
        is_blind = self.blind.isChecked()
        self.blind_changed.emit(is_blind)
        if self._is_active and is_blind:
            self._maps.hide()
        else:
            self._maps.show()
        self._show_point()

    def _ask_and(self, act: Callable[[str], str], is_output: bool) -> None:
        if self.store is None:
            return
        folder = str(Path(self.store.layer.source().split("|")[0]).parent)
        kinds = tr("Points of AcATaMa (*.gpkg *.shp)") if not is_output else tr("GeoPackage (*.gpkg)")
        ask = QFileDialog.getSaveFileName if is_output else QFileDialog.getOpenFileName
        path, _kind = ask(self, untranslated("AcATaMa"), folder, kinds)
        if path:
            try:
                self._say(act(path))
            except (StoreError, acatama.ExchangeError) as error:
                self._say(str(error))

    def export_acatama(self, path: str) -> str:
        """Write the points for AcATaMa, with a session that has a button per class, and say what was written.

        Raises:
            acatama.ExchangeError: A file cannot be written.
        """
        grid = self.grid_box.currentLayer()
        written = acatama.export(
            self.store.layer, Path(path), self.classes, grid if is_class_map(grid) else None
        )
        return tr("Written: {} and {}. In AcATaMa, open the second one.").format(
            *(item.name for item in written)
        )

    def import_acatama(self, path: str) -> str:
        """Take the labels of a file that AcATaMa wrote, and say how many there were.

        Raises:
            acatama.ExchangeError: The file is not one of AcATaMa, or the layer has no ids.
            StoreError: The layer refuses the labels.
        """
        labels = acatama.read_labels(Path(path), self.store, self.classes)
        field = self.fields.label
        if labels:
            self.store.add_fields({field: not self.is_text})
            self.store.write({point: {field: label} for point, label in labels.items()})
        self._reload()
        return tr("{} labels were taken from AcATaMa.").format(len(labels))


def _disconnect(layer: QgsVectorLayer, slot: Callable[[], None]) -> None:
    try:
        layer.editingStarted.disconnect(slot)
        layer.editingStopped.disconnect(slot)
    except (RuntimeError, TypeError):
        # The layer was deleted with its project.
        return
