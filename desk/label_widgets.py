"""Widgets of the page that labels points, without what they do."""

from __future__ import annotations

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..algorithms.i18n.translation import tr
from ..core.text import untranslated
from .widgets import TextLine, tool_button
from .work_list import NEXT_KEY, NOTE_KEY, PREVIOUS_KEY, UNSURE_KEY, ZOOM_KEY


class LabelWidgets(QWidget):
    """Layout of the page: what to label, the point, a button per class, remarks, progress, and options.

    Args:
        parent: Parent widget.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._make_setup())
        self._layout.addWidget(self._make_point())
        self._layout.addWidget(self._make_classes())
        self._layout.addWidget(self._make_remarks())
        self._layout.addWidget(self._make_progress())
        self._options = self._make_options()
        self._layout.addWidget(self._options)
        self._layout.addStretch(1)

    def add_decisions(self, box: QWidget) -> None:
        """Add the box with the agreement of two interpreters above the options."""
        self._layout.insertWidget(self._layout.indexOf(self._options), box)

    def _make_setup(self) -> QWidget:
        self.setup = QgsCollapsibleGroupBox(tr("What to label"))
        self.setup.setObjectName("DeepLandCoverLabelSetup")
        form = QFormLayout(self.setup)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.layer_box = QgsMapLayerComboBox()
        self.layer_box.setFilters(QgsMapLayerProxyModel.Filter.PointLayer)
        self.layer_box.setAllowEmptyLayer(True)
        self.layer_box.setToolTip(
            tr("Points of Sampling design or Suggest samples, or others. Each label is saved at once.")
        )
        form.addRow(tr("Points"), self.layer_box)
        self.field_box = _narrow(QComboBox())
        self.field_box.setToolTip(tr("Field that gets the class of each point"))
        form.addRow(tr("Class field"), self.field_box)
        self.source_box = _narrow(QComboBox())
        self.source_box.setToolTip(tr("Where the classes come from: the points, a map, or a class scheme"))
        form.addRow(tr("Classes"), self.source_box)
        self.grid_box = QgsMapLayerComboBox()
        self.grid_box.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.grid_box.setAllowEmptyLayer(True)
        self.grid_box.setToolTip(
            tr("Raster whose pixel is framed at each point: the map that the points are for, or its image")
        )
        form.addRow(tr("Pixel grid"), self.grid_box)
        self.interpreter_box = _narrow(QComboBox())
        for title in (
            tr("One interpreter"),
            tr("First of two interpreters"),
            tr("Second of two interpreters"),
            tr("Decide where the two differ"),
        ):
            self.interpreter_box.addItem(title)
        self.interpreter_box.setToolTip(
            tr("Two interpreters label the same points in fields of their own, without seeing each other’s.")
        )
        form.addRow(tr("Interpreter"), self.interpreter_box)
        self.name_edit = TextLine()
        self.name_edit.setPlaceholderText(tr("Name of the interpreter"))
        self.name_edit.setToolTip(tr("Kept with each label, in the field who_1 or who_2"))
        self.name_edit.setAccessibleName(tr("Name of the interpreter"))
        form.addRow("", self.name_edit)
        self.name_edit.hide()
        return self.setup

    def _make_point(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.title = QLabel()
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.title.setFont(font)
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.hide()
        self.save_edits = QPushButton(tr("Save the edits of the layer"))
        self.save_edits.hide()
        buttons = QHBoxLayout()
        previous = tr("Previous point (key {})").format(PREVIOUS_KEY)
        following = tr("Next point (key {})").format(NEXT_KEY)
        self.previous_button = tool_button("/mActionArrowLeft.svg", tr("Previous"), previous)
        self.next_button = tool_button("/mActionArrowRight.svg", tr("Next"), following)
        self.unlabelled_button = tool_button(
            "", tr("Next unlabelled"), tr("Next point without a label (Enter)")
        )
        self.zoom_button = tool_button(
            "/mActionZoomToSelected.svg",
            tr("Zoom"),
            tr("Zoom all maps to the frame of the pixel (key {})").format(ZOOM_KEY),
        )
        self.undo_button = tool_button("/mActionUndo.svg", tr("Undo"), tr("Undo the last change (Ctrl+Z)"))
        self.clear_button = tool_button(
            "/mActionDeleteSelected.svg",
            tr("Clear"),
            tr("Take the label of this point away (Delete)"),
        )
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        for button in (self.zoom_button, self.undo_button, self.clear_button):
            top.addWidget(button)
        for button in (self.previous_button, self.next_button, self.unlabelled_button):
            buttons.addWidget(button)
        self.unlabelled_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout.addLayout(top)
        layout.addWidget(self.state)
        layout.addWidget(self.message)
        layout.addWidget(self.save_edits)
        layout.addLayout(buttons)
        return box

    def _make_classes(self) -> QWidget:
        self.class_area = QWidget()
        self._class_grid = QGridLayout(self.class_area)
        self._class_grid.setContentsMargins(0, 0, 0, 0)
        self._class_grid.setSpacing(self.fontMetrics().height() // 4)
        self.class_buttons: list[QPushButton] = []
        return self.class_area

    def _make_remarks(self) -> QWidget:
        box = QWidget()
        layout = QHBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.unsure = QCheckBox(tr("Unsure"))
        self.unsure.setToolTip(
            tr("You are unsure of this label (key {}): its confidence becomes low").format(UNSURE_KEY)
        )
        self.note = TextLine()
        self.note.setPlaceholderText(tr("Note"))
        self.note.setAccessibleName(tr("Note"))
        self.note.setClearButtonEnabled(True)
        self.note.setToolTip(tr("Remark on this point (key {}), saved by Enter").format(NOTE_KEY))
        layout.addWidget(self.unsure)
        layout.addWidget(self.note, 1)
        return box

    def _make_progress(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Labelled points"))
        self.time_left = QLabel()
        self.time_left.setWordWrap(True)
        layout.addWidget(self.bar)
        layout.addWidget(self.time_left)
        return box

    def _make_options(self) -> QWidget:
        box = QWidget()
        layout = QGridLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.blind = QCheckBox(tr("Blind"))
        self.blind.setChecked(True)
        self.blind.setToolTip(
            tr("Hides class maps, and what the map says of the point, so that it cannot lead you")
        )
        self.go_on = QCheckBox(tr("Go on"))
        self.go_on.setChecked(True)
        self.go_on.setToolTip(tr("Goes to the next point without a label after each label"))
        self.auto_zoom = QCheckBox(tr("Zoom to each point:"))
        self.auto_zoom.setChecked(True)
        self.auto_zoom.setToolTip(tr("Zooms to the frame of each point; else the maps keep their scale"))
        self.width_box = QSpinBox()
        self.width_box.setRange(1, 1000)
        self.width_box.setValue(25)
        self.width_box.setSuffix(tr(" pixels"))
        self.width_box.setToolTip(tr("Width of the main map around the frame, in pixels of the grid"))
        self.width_box.setAccessibleName(tr("Width of the main map around the frame, in pixels of the grid"))
        self.views_button = QPushButton(tr("More views"))
        self.views_button.setToolTip(
            tr("Opens further maps that move with the main one: other bands or dates")
        )
        self.exchange_button = QToolButton()
        self.exchange_button.setText(untranslated("AcATaMa"))
        self.exchange_button.setToolTip(tr("Exchange with the plugin AcATaMa"))
        self.exchange_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.exchange_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        menu = QMenu(self.exchange_button)
        self.export_action = menu.addAction(tr("Write points and buttons for AcATaMa…"))
        self.import_action = menu.addAction(tr("Take labels from AcATaMa…"))
        self.exchange_button.setMenu(menu)
        layout.addWidget(self.blind, 0, 0)
        layout.addWidget(self.go_on, 0, 1)
        layout.addWidget(self.auto_zoom, 1, 0)
        layout.addWidget(self.width_box, 1, 1)
        layout.addWidget(self.views_button, 2, 0)
        layout.addWidget(self.exchange_button, 2, 1)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        return box


def _narrow(box: QComboBox) -> QComboBox:
    """Let a box be narrower than its longest entry."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box
