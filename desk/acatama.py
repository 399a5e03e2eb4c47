"""Exchange with AcATaMa: points with buttons for it, and the labels that it gave.

AcATaMa reads any points with a whole number ``id``, and a session in YAML that names them and has a button
per class. (SMByC/AcATaMa, ``core/config.py`` and ``core/response_design.py``, version of 2026-08-15.)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from ..algorithms.i18n.translation import tr
from ..algorithms.layers.acatama import ID, label_field
from ..algorithms.layers.vectors import is_null, plain_value
from ..core.files import is_same_file
from ..core.text import untranslated
from .class_lists import ClassChoice
from .label_store import LabelStore, StoreError, named_geopackage, point_order

_ID = "id"
# Of the window of AcATaMa; it needs all of them.
_SETTINGS = untranslated(
    "dialog_size: null\nresponse_design_grid_settings_first_open: false\n"
    "grid_view_widgets:\n  columns: 2\n  rows: 1\n"
    "current_sample_idx: 0\nfit_to_sample: 120\nis_completed: false\nview_widgets_config: {}"
)


class ExchangeError(Exception):
    """A file that cannot be exchanged; its text is for users."""


def export(
    layer: QgsVectorLayer, path: Path, classes: Sequence[ClassChoice], class_map: QgsRasterLayer | None
) -> tuple[Path, Path]:
    """Write the points of a layer and a session of AcATaMa beside them, and return both paths.

    The points have nothing but ``id``: neither stratum nor prediction.

    Args:
        layer: Points.
        path: GeoPackage to write.
        classes: Classes, one button each.
        class_map: Map that the points are for; None where it is not known.

    Raises:
        ExchangeError: A file cannot be written, or is the layer itself.
    """
    try:
        path = named_geopackage(path)
    except StoreError as error:
        raise ExchangeError(str(error)) from error
    if is_same_file(Path(layer.source().split("|")[0]), path):
        raise ExchangeError(tr("This is the file of the points themselves. Choose another name."))
    session = path.with_suffix(".yml")
    if session.exists() and not (path.exists() and _is_unlabelled(session)):
        raise ExchangeError(tr("The file {} exists. Choose another name.").format(session))
    ids = _write_points(layer, path)
    try:
        session.write_text(_session(path, ids, classes, class_map), encoding="utf-8")
    except OSError as error:
        raise ExchangeError(tr("{} could not be written: {}").format(session.name, error.strerror)) from error
    return path, session


def read_labels(path: Path, store: LabelStore, classes: Sequence[ClassChoice]) -> dict[int, int | str]:
    """Return the labels of a file that AcATaMa wrote, by the ids of the features of a layer.

    Args:
        path: GeoPackage or Shapefile.
        store: Labels of the layer, whose field ``id`` says which point is which.
        classes: Classes of the layer.

    Raises:
        ExchangeError: AcATaMa did not write the file, or points cannot be matched.
    """
    labelled = QgsVectorLayer(str(path), path.stem, "ogr")
    field = label_field(labelled.fields().names()) if labelled.isValid() else ""
    if not field:
        raise ExchangeError(tr("{} was not written by AcATaMa: its fields are others.").format(path.name))
    if store.field(_ID) < 0:
        raise ExchangeError(tr("The layer has no field id, by which points could be matched."))
    points = [(store.value(item, _ID), item.id()) for item in store.layer.getFeatures()]
    _check_ids([number for number, _point in points if number is not None])
    features = dict(points)
    by_label: dict[int | str, int | str] = {}
    for item in classes:
        by_label |= {item.stored: item.stored, item.value: item.stored}
        by_label |= {item.name: item.stored, item.title: item.stored}
    labels: dict[int, int | str] = {}
    for feature in labelled.getFeatures():
        number, label = feature[ID], feature[field]
        if is_null(label) or label == "":
            continue
        label = plain_value(label)
        if number not in features or label not in by_label:
            raise ExchangeError(
                tr("Point {} with the class {} is not in the layer, or not one of its classes.").format(
                    number, label
                )
            )
        labels[features[number]] = by_label[label]
    return labels


def _is_unlabelled(session: Path) -> bool:
    """Return whether a session of AcATaMa holds no label yet."""
    try:
        return "\nsamples: {}\n" in session.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _check_ids(ids: Sequence[object]) -> None:
    """Require that each point has another id.

    Raises:
        ExchangeError: Two have the same.
    """
    repeated = next((number for number, count in Counter(ids).items() if count > 1), None)
    if repeated is not None:
        raise ExchangeError(
            tr(
                "Several points have the id {}. Number them anew with the field calculator: @row_number."
            ).format(repeated)
        )


def _write_points(layer: QgsVectorLayer, path: Path) -> list[int]:
    points = [layer.getFeature(point) for point in point_order(layer)]
    index = layer.fields().indexOf(_ID)
    if index >= 0 and layer.fields().at(index).isNumeric():
        ids = [
            number if is_null(point[index]) else int(point[index]) for number, point in enumerate(points, 1)
        ]
    else:
        ids = list(range(1, len(points) + 1))
    _check_ids(ids)
    fields = QgsFields()
    fields.append(QgsField(_ID, QMetaType.Type.Int))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", path.stem
    context = QgsCoordinateTransformContext()
    writer = QgsVectorFileWriter.create(str(path), fields, Qgis.WkbType.Point, layer.crs(), context, options)
    problem = writer.errorMessage()
    for number, source in zip(ids, points, strict=True):
        feature = QgsFeature(fields)
        # AcATaMa reads single points only.
        feature.setGeometry(QgsGeometry.fromPointXY(source.geometry().centroid().asPoint()))
        feature.setAttributes([number])
        if not problem and not writer.addFeature(feature):
            problem = writer.errorMessage()
    del writer
    if problem:
        raise ExchangeError(tr("{} could not be written: {}").format(path.name, problem))
    return ids


def _session(
    points: Path, ids: Sequence[int], classes: Sequence[ClassChoice], class_map: QgsRasterLayer | None
) -> str:
    """Return a session of AcATaMa in YAML; a string of JSON is one of YAML, too."""
    source = class_map.source().split("|")[0] if class_map is not None else ""
    lines = [
        'general:\n  config_file_version: "260815"',
        "thematic_map:",
        f"  path: {_quoted(source) if source else 'null'}",
        "  band: 1",
        '  nodata: ""',
        f"sampling_layer: {_quoted(points.name)}",
        _SETTINGS,
        "labeling_buttons:" if classes else "labeling_buttons: {}",
    ]
    for number, item in enumerate(classes, start=1):
        value = str(item.value) if source else ""
        lines.append(
            f"  {number}:\n    name: {_quoted(item.name)}\n    color: {_quoted(item.color)}\n"
            f"    thematic_class: {_quoted(value)}"
        )
    lines.append(untranslated("auto_next_sample: true\nsamples: {}\nsamples_order:"))
    lines += [f"- {number}" for number in ids]
    lines.append(untranslated('analysis:\n  estimator: "Stratified estimator"'))
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
