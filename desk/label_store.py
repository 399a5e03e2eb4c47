"""Labels on the layer itself: each change is one transaction on its file, and can be undone.

Nothing waits in an edit buffer, so a label that was given is in the file even where QGIS is killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    NULL,
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsGeometry,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ..algorithms.i18n.translation import tr
from ..algorithms.layers.label_forms import CONFIDENCE, NOTE
from ..algorithms.layers.vectors import is_null, plain_value

UNSURE = "low"
"""Confidence of a label that its interpreter is unsure of, as in the form of reference points."""
_INTEGER, _TEXT = QMetaType.Type.Int, QMetaType.Type.QString
_Change = dict[int, dict[int, Any]]
# Geometry as WKB, and values by the position of their field.
_State = tuple[bytes, dict[int, Any]]
_POLYGON = Qgis.GeometryType.Polygon
_ChangeAttributes = QgsVectorDataProvider.Capability.ChangeAttributeValues


class StoreError(Exception):
    """A change that a layer refuses; its text is for users."""


def named_geopackage(path: str | Path) -> Path:
    """Return the path that a file dialog gave, with the ending of a GeoPackage.

    Raises:
        StoreError: The file with that ending exists. The dialog has asked for the other name only.
    """
    path = Path(path)
    if path.suffix.lower() == ".gpkg":
        return path
    path = path.with_name(path.name + ".gpkg")
    if path.exists():
        raise StoreError(tr("The file {} exists. Choose another name.").format(path))
    return path


@dataclass(frozen=True)
class _Step:
    """Change that can be undone.

    Attributes:
        after: Features that it changed, as they were after it, but for those that a filter of the layer
            hides. The file may number its features anew, so that an id alone does not say which is meant.
        before: Values before it; None where it added the features.
    """

    after: dict[int, _State]
    before: _Change | None = None


@dataclass(frozen=True)
class LabelFields:
    """Names of the fields of an interpreter.

    Attributes:
        label: Field of the class.
        confidence: Field that is ``low`` for labels that the interpreter is unsure of.
        note: Field of the remark.
        who: Field with the name of the interpreter; empty for a single interpreter.
    """

    label: str
    confidence: str = CONFIDENCE
    note: str = NOTE
    who: str = ""

    @classmethod
    def of_interpreter(cls, label: str, number: int) -> LabelFields:
        """Return the fields of the first or second of two interpreters.

        They have at most ten characters where the class field has eight, for Shapefiles.
        """
        return cls(f"{label}_{number}", f"conf_{number}", f"note_{number}", f"who_{number}")


class LabelStore:
    """Reads and writes the labels of a layer.

    Args:
        layer: Points or polygons.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.layer = layer
        self._undo: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._undo)

    def problem(self) -> str:
        """Return why the layer cannot be labelled now, for users; empty where it can."""
        layer = self.layer
        if layer.isEditable():
            return tr("The layer is being edited. Save its edits first: each label is saved at once.")
        # GDAL sorts a FlatGeobuf again at each new polygon, which numbers its features anew.
        is_sorted = layer.storageType() == "FlatGeobuf" and layer.geometryType() == _POLYGON
        if is_sorted or not layer.dataProvider().capabilities() & _ChangeAttributes:
            return tr("The file of this layer cannot be changed. Export it to a GeoPackage and label that.")
        return ""

    def warning(self) -> str:
        """Return what users should know before they label the layer; empty for nothing."""
        if self.layer.providerType() == "memory":
            return tr("This layer is in memory: labels are lost when QGIS ends. Make it permanent first.")
        return ""

    def field(self, name: str) -> int:
        """Return the position of a field; -1 where there is none."""
        return self.layer.fields().indexOf(name)

    def labels(self, field: str) -> dict[int, int | str]:
        """Return the label of each feature that has one, by its id.

        Args:
            field: Field of the class.
        """
        index = self.field(field)
        if index < 0:
            return {}
        request = QgsFeatureRequest()
        request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
        request.setSubsetOfAttributes([index])
        return {
            feature.id(): plain_value(feature[index])
            for feature in self.layer.getFeatures(request)
            if not is_null(feature[index]) and feature[index] != ""
        }

    def value(self, feature: QgsFeature, field: str) -> Any:
        """Return the value of a field; None where it is empty or there is no such field."""
        index = self.field(field)
        value = feature[index] if index >= 0 else None
        return None if is_null(value) or value == "" else plain_value(value)

    def add_fields(self, names: Mapping[str, bool]) -> None:
        """Add the fields that the layer lacks.

        Args:
            names: Whether each field holds whole numbers, by its name; else it holds text.

        Raises:
            StoreError: The layer refuses it.
        """
        lacking = {name: is_number for name, is_number in names.items() if name and self.field(name) < 0}
        if not lacking:
            return
        self._check()
        fields = [QgsField(name, _INTEGER if is_number else _TEXT) for name, is_number in lacking.items()]
        is_added = self.layer.dataProvider().addAttributes(fields)
        self.layer.updateFields()
        missing = [name for name in lacking if self.field(name) < 0]
        if not is_added or missing:
            raise StoreError(
                tr("The field {} could not be added to the layer. Export it to a GeoPackage.").format(
                    ", ".join(missing or lacking)
                )
            )

    def write(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Write values into fields in one transaction.

        Args:
            changes: Value by field name, by id of the feature; None is empty.

        Raises:
            StoreError: The layer refuses it. Nothing was changed.
        """
        self._check()
        new: _Change = {
            point: {
                self.field(name): NULL if value is None else value
                for name, value in values.items()
                if self.field(name) >= 0
            }
            for point, values in changes.items()
        }
        old = {number: values for number, (_place, values) in self._current(new).items()}
        self._apply(new)
        self._undo.append(_Step(self._current(new), old))

    def add(self, geometry: QgsGeometry, values: Mapping[str, Any]) -> int:
        """Add a feature and return its id.

        Raises:
            StoreError: The layer refuses it.
        """
        self._check()
        feature = QgsFeature(self.layer.fields())
        if self.layer.wkbType() != geometry.wkbType() and geometry.type() == _POLYGON:
            geometry = QgsGeometry(geometry)
            geometry.convertToMultiType() if self._is_multi() else geometry.convertToSingleType()
        feature.setGeometry(geometry)
        for name, value in values.items():
            if self.field(name) >= 0:
                feature.setAttribute(self.field(name), value)
        is_added, features = self.layer.dataProvider().addFeatures([feature])
        if not is_added:
            raise self._refusal()
        number = int(features[0].id())
        after = self._current({number: range(self.layer.fields().count())})
        # A filter of the layer may hide it. What cannot be compared is not deleted.
        self._undo.append(_Step(after or {number: (b"", {})}))
        self._announce()
        return number

    def undo(self) -> list[int]:
        """Undo the last change and return the ids of the features that it had changed.

        Raises:
            StoreError: The layer refuses it; the change can be undone later. Or another tool has changed
                the layer since, and no earlier change can be undone any more.
        """
        if not self._undo:
            return []
        self._check()
        step = self._undo[-1]
        if self._current({number: values for number, (_place, values) in step.after.items()}) != step.after:
            self._undo.clear()
            raise StoreError(tr("Nothing was undone: another tool has changed the layer since."))
        if step.before is None:
            if not self.layer.dataProvider().deleteFeatures(list(step.after)):
                raise self._refusal()
            self._announce()
        else:
            self._apply(step.before)
        self._undo.pop()
        return list(step.before or step.after)

    def _is_multi(self) -> bool:
        return QgsWkbTypes.isMultiType(self.layer.wkbType())

    def _current(self, wanted: Mapping[int, Iterable[int]]) -> dict[int, _State]:
        """Return features as they are now, by their ids.

        Args:
            wanted: Positions of the fields whose values are wanted, by id.
        """
        request = QgsFeatureRequest()
        request.setFilterFids(list(wanted))
        return {
            feature.id(): (
                bytes(feature.geometry().asWkb().data()),
                {index: feature[index] for index in wanted[feature.id()]},
            )
            for feature in self.layer.getFeatures(request)
        }

    def _apply(self, change: _Change) -> None:
        if not self.layer.dataProvider().changeAttributeValues(change):
            raise self._refusal()
        self._announce()

    def _announce(self) -> None:
        """Let attribute tables and canvases show what the file holds now."""
        self.layer.dataChanged.emit()
        self.layer.triggerRepaint()

    def _check(self) -> None:
        problem = self.problem()
        if problem:
            raise StoreError(problem)

    def _refusal(self) -> StoreError:
        provider = self.layer.dataProvider()
        reason = "; ".join(provider.errors()) if provider.hasErrors() else provider.error().summary()
        provider.clearErrors()
        text = tr("Not saved: the file did not take the change. Is it open in another program? {}")
        return StoreError(text.format(reason).strip())


def point_order(layer: QgsVectorLayer) -> list[int]:
    """Return the ids of the features of a layer in the order in which they are labelled.

    By ``rank``, else by ``id``, where the layer has such a field of numbers, else as the file has them.
    """
    names = layer.fields().names()
    found = [name for name in ("rank", "id") if name in names and layer.fields().field(name).isNumeric()]
    request = QgsFeatureRequest()
    request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    index = layer.fields().indexOf(found[0]) if found else -1
    request.setSubsetOfAttributes([index] if found else [])
    rows: list[tuple[float, int]] = []
    for number, feature in enumerate(layer.getFeatures(request)):
        value = feature[index] if found else None
        rows.append((number if is_null(value) else float(value), feature.id()))
    return [point for _key, point in sorted(rows, key=lambda row: row[0])]
