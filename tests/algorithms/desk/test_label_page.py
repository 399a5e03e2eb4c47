"""Labelling points by keys and clicks, in the layer itself."""

from __future__ import annotations

from typing import Any

import pytest
from osgeo import ogr
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt import QtTest
from qgis.PyQt.QtCore import Qt

from .conftest import CROPS, FOREST, WATER, centre

pytestmark = pytest.mark.qgis
# The types of PyQt6 do not say that its methods are static.
QTest: Any = QtTest.QTest


def in_file(layer, *names):
    """Return rows of the file by id, read by another reader than QGIS."""
    source = ogr.Open(layer.source().split("|")[0])
    rows = {row["id"]: tuple(row[name] for name in names) for row in source.GetLayer(0)}
    return {number: row[0] if len(names) == 1 else row for number, row in rows.items()}


@pytest.fixture
def page(dock, map_layer, scene_layer, points):
    dock.open_page(0, points)
    return dock.label_page


def test_points_come_in_the_order_of_their_ids_with_the_classes_of_the_map(page):
    assert page.layer.name() == "Reference points"
    assert page.grid_box.currentLayer().name() == "Land cover"
    page.source_box.setCurrentIndex(page.source_box.findText("Land cover"))
    assert [item.title for item in page.classes] == ["3 Water", "17 Forest", "20 Crops"]
    assert [button.text().split()[0] for button in page.class_buttons] == ["1", "2", "3"]
    assert page.title.text() == "Point 1 of 6"
    ids = []
    for _ in range(6):
        ids.append(page.feature()["id"])
        page.step(1)
    assert ids == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def ready(page):
    page.source_box.setCurrentIndex(page.source_box.findText("Land cover"))
    return page


def test_a_key_labels_the_point_in_the_file_and_goes_on(ready, press, desktop):
    press(ready, Qt.Key.Key_2)
    assert in_file(ready.layer, "class") == {1: FOREST, 2: None, 3: None, 4: None, 5: None, 6: None}
    # Also where the map has the focus.
    press(desktop.canvas, Qt.Key.Key_3)
    assert in_file(ready.layer, "class")[2] == CROPS
    assert ready.feature()["id"] == 3
    assert ready.bar.value() == 2
    assert not ready.layer.isEditable()


def test_a_click_on_a_class_labels_too(ready):
    QTest.mouseClick(ready.class_buttons[0], Qt.MouseButton.LeftButton)
    assert in_file(ready.layer, "class")[1] == WATER


def test_next_previous_and_next_unlabelled(ready, press):
    press(ready, Qt.Key.Key_N)
    assert ready.feature()["id"] == 2
    press(ready, Qt.Key.Key_1)
    assert ready.feature()["id"] == 3
    press(ready, Qt.Key.Key_P)
    press(ready, Qt.Key.Key_P)
    assert ready.feature()["id"] == 1
    press(ready, Qt.Key.Key_Return)
    assert ready.feature()["id"] == 3
    assert "Labelled" not in ready.state.text()


def test_all_is_also_a_button(ready):
    def click(button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        return ready.feature()["id"]

    assert click(ready.next_button) == 2
    assert click(ready.class_buttons[0]) == 3
    assert click(ready.previous_button) == 2
    assert click(ready.clear_button) == 2
    assert in_file(ready.layer, "class")[2] is None
    assert click(ready.undo_button) == 2
    assert in_file(ready.layer, "class")[2] == WATER
    assert click(ready.previous_button) == 1
    assert click(ready.unlabelled_button) == 3


def test_unsure_note_and_clearing(ready, press):
    press(ready, Qt.Key.Key_U)
    press(ready, Qt.Key.Key_M)
    ready.note.setFocus()
    QTest.keyClicks(ready.note, "1 road, 2 trees")
    press(ready.note, Qt.Key.Key_Return)
    assert in_file(ready.layer, "class", "confidence", "note")[1] == (None, "low", "1 road, 2 trees")
    press(ready, Qt.Key.Key_1)
    assert in_file(ready.layer, "class", "confidence")[1] == (WATER, "low")
    press(ready, Qt.Key.Key_P)
    assert ready.unsure.isChecked()
    press(ready, Qt.Key.Key_Delete)
    assert in_file(ready.layer, "class", "confidence")[1] == (None, None)
    assert ready.bar.value() == 0


def test_undo_takes_back_one_change_after_another_and_shows_its_point(ready, press):
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        press(ready, key)
    press(ready, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert in_file(ready.layer, "class")[3] is None
    assert ready.feature()["id"] == 3
    press(ready, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    press(ready, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert set(in_file(ready.layer, "class").values()) == {None}
    assert not ready.undo_button.isEnabled()


def test_the_frame_is_the_pixel_of_the_map_and_the_map_goes_there(ready, desktop):
    geometry = ready._frame_geometry()
    box = geometry.boundingBox()
    assert (box.width(), box.height()) == pytest.approx((20, 20))
    assert box.center().distance(centre(7, 35)) < 1e-6
    assert desktop.canvas.extent().center().distance(centre(7, 35)) < 1
    assert desktop.canvas.extent().width() >= 25 * 20 - 1


def test_the_map_and_the_stratum_are_hidden_while_blind(ready, dock, map_layer, scene_layer):
    root = QgsProject.instance().layerTreeRoot()
    assert not root.findLayer(map_layer.id()).itemVisibilityChecked()
    assert root.findLayer(scene_layer.id()).itemVisibilityChecked()
    assert "Forest" not in ready.state.text()
    ready.blind.setChecked(False)
    assert root.findLayer(map_layer.id()).itemVisibilityChecked()
    assert "In the map: Forest" in ready.state.text()
    ready.blind.setChecked(True)
    dock.tabs.setCurrentIndex(1)
    assert root.findLayer(map_layer.id()).itemVisibilityChecked()


def test_a_layer_with_open_edits_is_not_labelled_until_they_are_saved(ready, press):
    ready.layer.startEditing()
    feature = ready.feature()
    ready.layer.changeAttributeValue(feature.id(), ready.layer.fields().indexOf("note"), "mine")
    press(ready, Qt.Key.Key_1)
    assert "being edited" in ready.message.text()
    assert in_file(ready.layer, "class")[1] is None
    ready.save_edits.click()
    press(ready, Qt.Key.Key_1)
    assert in_file(ready.layer, "class", "note")[1] == (WATER, "mine")


def test_points_of_any_layer_get_the_fields_that_they_lack(dock, map_layer, add, make_layer):
    from qgis.core import QgsGeometry

    layer = add(make_layer([(QgsGeometry.fromPointXY(centre(3, 3)),)], "site:string(10)", "Point"))
    dock.open_page(0, layer)
    page = dock.label_page
    assert page.field_box.currentText() == "class (new field)"
    assert "in memory" in page.message.text()
    page.label_as(page.classes[1])
    page.set_unsure(True)
    feature = next(layer.getFeatures())
    assert (feature["class"], feature["confidence"]) == (FOREST, "low")


def test_two_interpreters_agree_dispute_and_decide(ready, press):
    labels = {1: (WATER, FOREST, CROPS, WATER, FOREST), 2: (WATER, FOREST, WATER, WATER, CROPS)}
    for number, values in labels.items():
        ready.interpreter_box.setCurrentIndex(number)
        ready.name_edit.setText(("Ani", "Budi")[number - 1])
        for value in values:
            ready.label_as(next(item for item in ready.classes if item.stored == value))
        # Nobody sees the labels of the other.
        assert "Ani" not in ready.state.text()
    rows = in_file(ready.layer, "class_1", "class_2", "who_1", "who_2", "class")
    assert rows[3] == (CROPS, WATER, "Ani", "Budi", None)
    assert rows[6] == (None, None, None, None, None)
    ready.interpreter_box.setCurrentIndex(3)
    assert "5 points labelled by both, 3 alike (60 %)" in ready.decisions.summary.text()
    # Expected agreement: (2 · 3 + 2 · 1 + 1 · 1) / 25.
    assert f"kappa {(0.6 - 0.36) / 0.64:.2f}" in ready.decisions.summary.text()
    ready.decisions.take_button.click()
    assert in_file(ready.layer, "class") == {1: WATER, 2: FOREST, 3: None, 4: WATER, 5: None, 6: None}
    assert [ready.decisions.list.topLevelItem(row).text(0) for row in (0, 1)] == ["3", "5"]
    assert ready.feature()["id"] == 3
    assert "Ani: 20 Crops" in ready.state.text()
    press(ready, Qt.Key.Key_3)
    press(ready, Qt.Key.Key_2)
    assert in_file(ready.layer, "class")[3] == CROPS
    assert in_file(ready.layer, "class")[5] == FOREST
    ready.undo()
    assert in_file(ready.layer, "class")[5] is None


def test_points_that_are_deleted_in_qgis_leave_the_list(ready, press):
    press(ready, Qt.Key.Key_N)
    gone = [feature.id() for feature in ready.layer.getFeatures() if feature["id"] in (1, 5)]
    ready.layer.startEditing()
    ready.layer.deleteFeatures(gone)
    ready.layer.commitChanges()
    assert ready.feature()["id"] == 2
    assert ready.title.text() == "Point 1 of 4 (id 2)"


def test_a_map_that_comes_later_is_offered_for_its_classes(dock, add, points, class_map):
    dock.open_page(0, points)
    page = dock.label_page
    scheme = page.source_box.currentText()
    add(QgsRasterLayer(class_map, "Later map"))
    assert page.source_box.findText("Later map") >= 0
    assert page.source_box.currentText() == scheme


def test_removing_the_layer_leaves_an_empty_page(ready):
    QgsProject.instance().removeMapLayer(ready.layer)
    assert ready.layer is None
    assert ready.title.text() == "Choose a layer of points"
