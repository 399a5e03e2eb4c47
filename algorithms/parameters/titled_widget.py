"""Widgets of our own: titles instead of identifiers, 'Automatic' for 0 or nothing, and names of fields.

A parameter asks for it with ``titled``. QGIS then makes a ``TitledWidget`` in the dialog, in the batch panel
and in the model designer. Text with suggestions keeps its identifiers in the model designer, whose list QGIS
reads by what it shows.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from processing.gui.wrappers import dialogTypes
from qgis.core import (
    NULL,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsProject,
)
from qgis.gui import (
    QgsAbstractProcessingParameterWidgetWrapper,
    QgsDoubleSpinBox,
    QgsGui,
    QgsMapLayerComboBox,
    QgsProcessingGui,
    QgsProcessingModelerParameterWidget,
    QgsSpinBox,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from .choice_titles import automatic, choice_titles, older_choices
from .common import has_automatic, layer_of_field, value_text

_TEXT = "string"


class _Widget(QgsAbstractProcessingParameterWidgetWrapper):
    """Widget of a dialog. The batch panel and the model designer have QGIS's own widget.

    A new ``_Widget`` is then that widget: in the model designer without a wrapper, as QGIS wants it there.

    Args:
        parameter: Definition that asked for this class.
        dialog: That the widget is for; QGIS tells the three surfaces by its class.
        row: Of the batch panel.
        column: Of the batch panel.
        options: Other metadata of the parameter, which QGIS's own widget reads by itself.
    """

    # Whether the batch panel has the widget of the class, too.
    _is_for_batch = False

    def __new__(
        cls,
        parameter: QgsProcessingParameterDefinition,
        dialog: Any,
        row: int = 0,
        column: int = 0,
        **options: Any,
    ) -> Self | QgsProcessingModelerParameterWidget | QgsAbstractProcessingParameterWidgetWrapper:
        surface = _surface(dialog)
        if surface == QgsProcessingGui.WidgetType.Modeler:
            return _modeler_widget(parameter, dialog)
        if surface == QgsProcessingGui.WidgetType.Batch and not cls._is_for_batch:
            wrapper = _qgis_widget(parameter, surface)
            wrapper.setDialog(dialog)
            return wrapper
        return super().__new__(cls)

    def __init__(
        self,
        parameter: QgsProcessingParameterDefinition,
        dialog: Any,
        row: int = 0,
        column: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(parameter, _surface(dialog))

    @cached_property
    def _own(self) -> QgsAbstractProcessingParameterWidgetWrapper:
        """QGIS's own widget, which holds the value of a widget that changes only its words or its start."""
        return _qgis_widget(self.parameterDefinition(), self.type())

    def _tell(self, *_: Any) -> None:
        self.widgetValueHasChanged.emit(self)


class TitledWidget(_Widget):
    """QGIS's own widget of the parameter with other words, or an editable list for text."""

    _is_for_batch = True

    def createWidget(self) -> QWidget:
        parameter = self.parameterDefinition()
        if parameter.type() == _TEXT:
            choices = _editable_list(parameter)
            choices.currentTextChanged.connect(self._tell)
            return choices
        widget = self._own.createWrappedWidget(QgsProcessingContext())
        self._own.widgetValueHasChanged.connect(self._tell)
        show_titles(widget, parameter)
        return widget

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        if self.parameterDefinition().type() != _TEXT:
            self._own.setParameterValue(value, context)
            return
        # Asked for each time: what createWidget has made, Qt gives to Python in a new object.
        choices, text = self.wrappedWidget(), "" if value is None else str(value)
        place = choices.findData(text)
        choices.setEditText(text if place < 0 else choices.itemText(place))

    def widgetValue(self) -> Any:
        if self.parameterDefinition().type() != _TEXT:
            return self._own.parameterValue()
        choices = self.wrappedWidget()
        text = choices.currentText().strip()
        place = choices.findText(text, Qt.MatchFlag.MatchFixedString)
        return text if place < 0 else choices.itemData(place)


class EmptyLayerWidget(_Widget):
    """QGIS's own widget of a layer, with no layer chosen at first, although one is needed.

    Only dialogs choose one by themselves.
    """

    def createWidget(self) -> QWidget:
        self._own.setWidgetContext(self.widgetContext())
        widget = self._own.createWrappedWidget(QgsProcessingContext())
        for layers in _layer_lists(widget):
            layers.setAllowEmptyLayer(True)
            layers.setLayer(None)
        self._own.widgetValueHasChanged.connect(self._tell)
        return widget

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        # QGIS's own widget takes its first layer where it is given none.
        if value is None or value == "":
            for layers in _layer_lists(self.wrappedWidget()):
                layers.setLayer(None)
        else:
            self._own.setParameterValue(value, context)

    def widgetValue(self) -> Any:
        return self._own.parameterValue()


class FieldTextWidget(_Widget):
    """A field's name as text, with a list of the fields of the layer that another parameter gives.

    The list follows the layer, which may be a raster and have none. ``layer_of_field`` names its parameter.
    """

    _layer: Any = None

    def createWidget(self) -> QWidget:
        choices = QComboBox()
        choices.setEditable(True)
        choices.setToolTip(self.parameterDefinition().toolTip())
        choices.currentTextChanged.connect(self._tell)
        return choices

    def postInitialize(self, wrappers: list[Any]) -> None:
        name = layer_of_field(self.parameterDefinition())
        for wrapper in wrappers:
            if wrapper.parameterDefinition().name() == name:
                self._layer = wrapper
                wrapper.widgetValueHasChanged.connect(self._follow)
                self._follow()

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        self.wrappedWidget().setEditText("" if value is None or value == NULL else str(value))

    def widgetValue(self) -> Any:
        return self.wrappedWidget().currentText().strip()

    def _follow(self, *_: Any) -> None:
        """List the fields of the layer; what is written stays."""
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        value = self._layer.parameterValue()
        source = QgsProcessingUtils.variantToSource(value, context) if value_text(value) else None
        choices, text = self.wrappedWidget(), self.wrappedWidget().currentText()
        choices.blockSignals(True)
        choices.clear()
        choices.addItems(["", *(source.fields().names() if source is not None else ())])
        choices.setEditText(text)
        choices.blockSignals(False)


def show_titles(widget: QWidget, parameter: QgsProcessingParameterDefinition) -> None:
    """Write titles over the identifiers of QGIS's own widget; its values stay."""
    titles, older = choice_titles(parameter.name()), older_choices(parameter.name())
    for choices in _parts(widget, QComboBox):
        for place in range(choices.count()):
            identifier = choices.itemData(place)
            if identifier in older:
                # Hidden in the list, but shown as the value of an older script or model.
                choices.view().setRowHidden(place, True)
            if identifier in titles:
                choices.setItemText(place, titles[identifier])
                choices.setItemData(place, identifier, Qt.ItemDataRole.ToolTipRole)
            elif identifier is None and has_automatic(parameter):
                choices.setItemText(place, automatic())
    if has_automatic(parameter):
        for number in (*_parts(widget, QgsSpinBox), *_parts(widget, QgsDoubleSpinBox)):
            number.setSpecialValueText(automatic())
            # QGIS clears the field of an optional number that has no value.
            number.lineEdit().setPlaceholderText(automatic())


def _modeler_widget(
    parameter: QgsProcessingParameterDefinition, dialog: Any
) -> QgsProcessingModelerParameterWidget:
    widget = QgsGui.processingGuiRegistry().createModelerParameterWidget(
        dialog.model, dialog.childId, parameter, dialog.context
    )
    widget.setDialog(dialog)
    if parameter.type() != _TEXT:
        show_titles(widget, parameter)
    return widget


def _qgis_widget(
    parameter: QgsProcessingParameterDefinition, surface: QgsProcessingGui.WidgetType
) -> QgsAbstractProcessingParameterWidgetWrapper:
    return QgsGui.processingGuiRegistry().createParameterWidgetWrapper(parameter, surface)


def _surface(dialog: Any) -> QgsProcessingGui.WidgetType:
    return dialogTypes.get(type(dialog).__name__, QgsProcessingGui.WidgetType.Standard)


def _editable_list(parameter: QgsProcessingParameterDefinition) -> QComboBox:
    choices = QComboBox()
    choices.setEditable(True)
    choices.setToolTip(parameter.toolTip())
    for identifier, title in choice_titles(parameter.name()).items():
        choices.addItem(title, identifier)
        choices.setItemData(choices.count() - 1, identifier, Qt.ItemDataRole.ToolTipRole)
    return choices


def _layer_lists(widget: QWidget) -> list[QgsMapLayerComboBox]:
    """Return the lists of layers in a widget, which PyQt takes for plain ones."""
    return [
        sip.cast(item, QgsMapLayerComboBox)
        for item in _parts(widget, QComboBox)
        if item.inherits("QgsMapLayerComboBox")
    ]


def _parts(widget: QWidget, kind: type[QWidget]) -> list[Any]:
    return [*([widget] if isinstance(widget, kind) else []), *widget.findChildren(kind)]
