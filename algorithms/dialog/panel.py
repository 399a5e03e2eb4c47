"""The parameters of a dialog: what everyone needs first, then the outputs, then named groups.

The widgets are QGIS's own and those of ``parameters.titled_widget``; only their places are ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from processing.gui.ParametersPanel import ParametersPanel
from qgis.core import Qgis, QgsProcessingParameterDefinition, QgsProcessingUtils, QgsProject
from qgis.gui import QgsCollapsibleGroupBoxBasic
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QGroupBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from ..i18n.translation import tr
from ..layers.samples import CLASS_FIELD, EXTRA_SAMPLES, SAMPLES
from ..parameters.common import is_same, layer_of_field
from ..parameters.groups import group_titles, groups_of
from .choices import forget_choices, is_choice, kept_choices
from .presets import Preset, matching_preset, preset_values, presets_of

_USUAL_CLASS_FIELD = "class"
_INPUT = "INPUT"
_LABELS = frozenset({SAMPLES, EXTRA_SAMPLES, "LABELS"})
_MAX_NAMED = 6
# Layers, files, fields and outputs are not defaults that could come back.
_RESTORED = ("enum", "number", "distance", "area", "boolean", "string", "extent", "crs", "range")


class LandCoverPanel(ParametersPanel):
    """Parameters in groups, with presets above them and the choices of the last run in the project.

    Attributes:
        kept: Choices of the last run that it shows, by name.
        groups: Boxes of the groups, by group.
        preset_box: List of presets; None for a tool without any.
    """

    def initWidgets(self) -> None:
        self.kept: dict[str, Any] = {}
        self.groups: dict[str, QgsCollapsibleGroupBoxBasic] = {}
        self.preset_box: QComboBox | None = None
        self.kept_label: QLabel | None = None
        self._is_setting = False
        super().initWidgets()
        self._definitions = {
            item.name(): item
            for item in self.algorithm().parameterDefinitions()
            if item.name() in self.wrappers
        }
        self._presets = presets_of(self.algorithm().name())
        layout = self._layout()
        if layout is not None:
            self._arrange(layout)
            self._add_head(layout)
        self._choose_only_raster()
        self._preset_layer = self._choose_only_polygons()
        for wrapper in self.wrappers.values():
            wrapper.widgetValueHasChanged.connect(self._changed)
        if SAMPLES in self.wrappers and CLASS_FIELD in self.wrappers:
            self.wrappers[SAMPLES].widgetValueHasChanged.connect(lambda _wrapper: self._choose_class_field())
            self._choose_class_field()
        self.show_kept_choices()

    def setParameters(self, parameters: dict[str, Any]) -> None:
        """Show values; what the dialog chose by itself gives way to them.

        Where the caller makes any choice, the rest is as in a run without the dialog: defaults, not what the
        project keeps, and no layer of samples that nobody named.
        """
        makes_choices = any(
            is_choice(self._definitions[name]) for name in parameters if name in self._definitions
        )
        if makes_choices:
            left = [name for name in self.kept if name not in parameters]
            self.kept = {}
            self._set({name: self._definitions[name].defaultValue() for name in left})
        if self._preset_layer and (makes_choices or not _LABELS.isdisjoint(parameters)):
            if SAMPLES not in parameters and self._value(SAMPLES) == self._preset_layer:
                self._set({SAMPLES: None, CLASS_FIELD: None})
            self._preset_layer = ""
        with self._setting():
            super().setParameters(parameters)
        self._refresh()

    def restore_defaults(self) -> None:
        """Give all choices their defaults, and let the project forget them; layers, files and fields stay."""
        forget_choices(self.algorithm())
        self.kept = {}
        self._set(
            {
                name: definition.defaultValue()
                for name, definition in self._definitions.items()
                if _can_be_restored(definition)
            }
        )

    def show_kept_choices(self) -> None:
        """Show the choices of the last run in this project."""
        self.kept = kept_choices(self.algorithm()) if self.kept_label is not None else {}
        self._set(self.kept)

    def shown_values(self) -> dict[str, Any]:
        """Return the values of all parameters, right or wrong."""
        return {name: self._value(name) for name in self._definitions}

    def apply_preset(self, preset: Preset) -> None:
        """Show the values of a preset."""
        self._set(preset_values(preset, self._presets, self._defaults()))

    def changed_in(self, group: str) -> list[str]:
        """Return the names of the parameters of a group that do not have their defaults."""
        return [
            item.name()
            for item in groups_of(self.algorithm()).get(group, [])
            if item.name() in self.wrappers and not is_same(self._value(item.name()), item.defaultValue())
        ]

    def _layout(self) -> QVBoxLayout | None:
        """Return the layout of QGIS's panel; None where a later QGIS has another one, which is left alone."""
        area = self.findChild(QScrollArea)
        layout = area.widget().layout() if area is not None and area.widget() is not None else None
        return layout if isinstance(layout, QVBoxLayout) else None

    def _arrange(self, layout: QVBoxLayout) -> None:
        advanced = self.findChild(QGroupBox, "grpAdvanced")
        for group, definitions in groups_of(self.algorithm()).items():
            box = QgsCollapsibleGroupBoxBasic(group_titles()[group])
            box.setObjectName(f"deep_land_cover_{group}")
            inside = QVBoxLayout(box)
            for definition in definitions:
                wrapper = self.wrappers.get(definition.name())
                if wrapper is None:
                    continue
                for widget in (wrapper.wrappedLabel(), wrapper.wrappedWidget()):
                    if widget is not None:
                        inside.addWidget(widget)
            box.setCollapsed(True)
            # QGIS has a stretch at the end.
            layout.insertWidget(layout.count() - 1, box)
            self.groups[group] = box
        if advanced is not None and self.groups and not _holds_parameters(advanced):
            advanced.hide()

    def _add_head(self, layout: QVBoxLayout) -> None:
        # A widget without a parent would be gone when Python does not need it any more.
        parent = layout.parentWidget()
        self.kept_label = QLabel(parent)
        self.kept_label.setObjectName("deep_land_cover_kept")
        self.kept_label.setWordWrap(True)
        self.kept_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.kept_label.linkActivated.connect(lambda _link: self.restore_defaults())
        self.kept_label.hide()
        head: list[QWidget] = [self.kept_label]
        if self._presets:
            self.preset_box = QComboBox(parent)
            self.preset_box.setObjectName("deep_land_cover_preset")
            for preset in self._presets:
                self.preset_box.addItem(preset.title)
                place = self.preset_box.count() - 1
                self.preset_box.setItemData(place, preset.sentence, Qt.ItemDataRole.ToolTipRole)
            self.preset_box.activated.connect(lambda place: self._activate(place))
            self.preset_label = QLabel(parent)
            self.preset_label.setObjectName("deep_land_cover_preset_sentence")
            self.preset_label.setWordWrap(True)
            head += [QLabel(tr("Preset"), parent), self.preset_box, self.preset_label]
        for place, widget in enumerate(head):
            layout.insertWidget(place, widget)

    def _activate(self, place: int) -> None:
        if place < len(self._presets):
            self.apply_preset(self._presets[place])

    def _choose_only_raster(self) -> None:
        """Choose the only raster of the project as the raster that is needed, where QGIS chose none."""
        definition = self._definitions.get(_INPUT)
        if definition is None or definition.type() != "raster" or self._value(_INPUT):
            return
        layers = [
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if layer.type() == Qgis.LayerType.Raster and layer.providerType() == "gdal"
        ]
        if len(layers) == 1:
            self.wrappers[_INPUT].setParameterValue(layers[0].id(), self.processing_context)

    def _choose_only_polygons(self) -> str:
        """Choose the only layer of polygons in the project as samples; return it as the widget gives it."""
        if SAMPLES not in self.wrappers or self._value(SAMPLES):
            return ""
        layers = [
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if layer.type() == Qgis.LayerType.Vector and layer.geometryType() == Qgis.GeometryType.Polygon
        ]
        if len(layers) != 1:
            return ""
        self.wrappers[SAMPLES].setParameterValue(layers[0].id(), self.processing_context)
        return str(self._value(SAMPLES) or "")

    def _choose_class_field(self) -> None:
        """Choose the field ``class`` of the samples, where no field is chosen and there is one."""
        if self._value(CLASS_FIELD):
            return
        source = QgsProcessingUtils.variantToSource(self._value(SAMPLES), self.processing_context)
        for name in source.fields().names() if source is not None else ():
            if name.lower() == _USUAL_CLASS_FIELD:
                self.wrappers[CLASS_FIELD].setParameterValue(name, self.processing_context)
                return

    def _value(self, name: str) -> Any:
        return self.wrappers[name].parameterValue()

    def _defaults(self) -> Mapping[str, Any]:
        return {name: definition.defaultValue() for name, definition in self._definitions.items()}

    def _set(self, values: Mapping[str, Any]) -> None:
        with self._setting():
            for name, value in values.items():
                self.wrappers[name].setParameterValue(value, self.processing_context)
        self._refresh()

    @contextmanager
    def _setting(self) -> Iterator[None]:
        """Leave titles and preset as they are while many values change."""
        before, self._is_setting = self._is_setting, True
        try:
            yield
        finally:
            self._is_setting = before

    def _changed(self, _wrapper: Any = None) -> None:
        if not self._is_setting:
            self._refresh()

    def _refresh(self) -> None:
        """Say in the titles of groups how many values are not the defaults; name preset and kept choices."""
        titles = group_titles()
        for group, box in self.groups.items():
            count = len(self.changed_in(group))
            box.setTitle(tr("{} ({} changed)").format(titles[group], count) if count else titles[group])
        if self.preset_box is not None:
            self._name_preset(self.preset_box)
        if self.kept_label is not None:
            self._name_kept_choices(self.kept_label)

    def _name_preset(self, box: QComboBox) -> None:
        names = sorted({name for preset in self._presets for name in preset.values})
        values = {name: self._value(name) for name in names}
        preset = matching_preset(values, self._presets, self._defaults())
        has_own = box.count() > len(self._presets)
        if preset is None:
            if not has_own:
                box.addItem(tr("Own choices"))
            box.setCurrentIndex(box.count() - 1)
            sentence = tr("Not the values of a preset, which are those of: {}.")
            self.preset_label.setText(sentence.format(self._titles(names)))
            return
        if has_own:
            box.removeItem(box.count() - 1)
        box.setCurrentIndex(self._presets.index(preset))
        others = [
            name
            for group in self.groups
            for name in self.changed_in(group)
            if name not in names and _can_be_restored(self._definitions[name])
        ]
        sentence = tr("Other values are not the defaults, either: {}.").format(self._titles(others))
        self.preset_label.setText(f"{preset.sentence} {sentence}" if others else preset.sentence)

    def _name_kept_choices(self, label: QLabel) -> None:
        """Say which choices are those of the last run; what was changed since is no longer one of them."""
        # A list without an entry is one that QGIS's widget does not show.
        self.kept = {name: value for name, value in self.kept.items() if is_same(self._value(name), value)}
        restore = f'<a href="restore">{tr("Restore defaults")}</a>'
        sentence = tr("As in the last run in this project: {}.").format(self._titles(self.kept))
        label.setText(f"{sentence} {restore}")
        label.setVisible(bool(self.kept))

    def _titles(self, names: Collection[str]) -> str:
        """Return the titles of parameters, the first of many."""
        titles = ", ".join(self._definitions[name].description() for name in list(names)[:_MAX_NAMED])
        if len(names) > _MAX_NAMED:
            return tr("{} and {} more").format(titles, len(names) - _MAX_NAMED)
        return titles


def _can_be_restored(definition: QgsProcessingParameterDefinition) -> bool:
    is_kind = definition.type() in _RESTORED and not layer_of_field(definition)
    return is_kind and not definition.isDestination()


def _holds_parameters(box: QGroupBox) -> bool:
    layout = box.layout()
    return layout is not None and any(layout.itemAt(place).widget() for place in range(layout.count()))
