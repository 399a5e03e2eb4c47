"""Undo of labels and polygons in files whose features are numbered anew."""

from __future__ import annotations

from contextlib import suppress

import pytest
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

pytestmark = pytest.mark.qgis


@pytest.fixture
def polygons(make_layer, tmp_path):
    """Return a function that writes ten squares of classes 0 to 9, and opens the file."""

    def write(name, driver):
        squares = [(square(number), number) for number in range(10)]
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = driver
        path = str(tmp_path / name)
        context = QgsCoordinateTransformContext()
        QgsVectorFileWriter.writeAsVectorFormatV3(make_layer(squares), path, context, options)
        return QgsVectorLayer(path, "polygons")

    return write


def square(column):
    return QgsGeometry.fromRect(QgsRectangle(column, 0, column + 1, 1))


def columns(layer):
    """Return the class of each square by its place, read from the file."""
    found = QgsVectorLayer(layer.source(), "again").getFeatures()
    return {round(item.geometry().boundingBox().xMinimum()): item["class"] for item in found}


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.shp", "ESRI Shapefile"), ("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.fgb", "FlatGeobuf")],
)
def test_undo_takes_no_other_polygon(polygons, name, driver):
    from deep_land_cover.desk.label_store import LabelStore, StoreError

    layer = polygons(name, driver)
    store = LabelStore(layer)
    # A file that cannot keep the numbers of its features is refused.
    with suppress(StoreError):
        store.add(square(50), {"class": 100})
        assert columns(layer)[50] == 100
    store.undo()
    assert columns(layer) == {number: number for number in range(10)}


def test_undo_leaves_alone_what_qgis_has_renumbered(polygons):
    from deep_land_cover.desk.label_store import LabelStore, StoreError

    layer = polygons("a.shp", "ESRI Shapefile")
    store = LabelStore(layer)
    store.write({5: {"class": 55}})
    store.add(square(50), {"class": 100})
    assert store.can_undo
    layer.startEditing()
    layer.deleteFeatures([0, 1])
    for column in (60, 61, 62):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(square(column))
        feature["class"] = column
        layer.addFeature(feature)
    assert layer.commitChanges()
    expected = {2: 2, 3: 3, 4: 4, 5: 55, 6: 6, 7: 7, 8: 8, 9: 9, 50: 100, 60: 60, 61: 61, 62: 62}
    assert columns(layer) == expected
    # Polygons 7 and 61 have the numbers now that those had which were changed.
    with pytest.raises(StoreError, match="another tool"):
        store.undo()
    assert not store.can_undo and columns(layer) == expected


def test_undo_spares_what_another_tool_has_written_since(polygons):
    from deep_land_cover.desk.label_store import LabelStore, StoreError

    layer = polygons("a.gpkg", "GPKG")
    store = LabelStore(layer)
    (first,) = (item.id() for item in layer.getFeatures() if item["class"] == 3)
    store.write({first: {"class": 33}})
    assert layer.dataProvider().changeAttributeValues({first: {layer.fields().indexOf("class"): 34}})
    with pytest.raises(StoreError, match="another tool"):
        store.undo()
    assert columns(layer)[3] == 34


def test_undo_goes_back_through_all_changes(polygons):
    from deep_land_cover.desk.label_store import LabelStore

    layer = polygons("a.gpkg", "GPKG")
    store = LabelStore(layer)
    number = store.add(square(50), {"class": 100})
    store.write({number: {"class": 101}})
    store.write({number: {"class": None}})
    found = [columns(layer).get(50)]
    while store.can_undo:
        assert store.undo() == [number]
        found.append(columns(layer).get(50))
    assert found[1:] == [101, 100, None]


def test_a_label_that_hides_its_feature_can_be_undone(polygons):
    from deep_land_cover.desk.label_store import LabelStore

    layer = polygons("a.gpkg", "GPKG")
    assert layer.setSubsetString("class < 9")
    store = LabelStore(layer)
    (number,) = (item.id() for item in layer.getFeatures() if item["class"] == 3)
    store.write({number: {"class": 33}})
    assert 33 not in columns(layer).values()
    assert store.undo() == [number]
    assert columns(layer)[3] == 3
