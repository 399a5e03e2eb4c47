"""A classified map, from the real worker: right, styled when opened, and limited as asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from qgis.core import (
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
)

from deep_land_cover.core.models.card import read_card

from .conftest import FOREST, WATER, in_degrees
from .maps import legend, nodata, pixels

pytestmark = pytest.mark.qgis


def test_the_map_finds_both_halves_of_the_scene(classify):
    done = classify()
    assert done.succeeded, done.log
    rows = pixels(done.results["OUTPUT"])
    assert Counter(value for row in rows for value in row[:32]).most_common(1)[0] == (WATER, 60 * 32)
    assert Counter(value for row in rows for value in row[48:]).most_common(1)[0] == (FOREST, 60 * 32)


def test_outputs_tell_what_was_done(classify):
    done = classify()
    assert done.results["PATCHES"] == 60 * 80
    assert done.results["PATCHES_PER_SECOND"] == pytest.approx(4800 / done.results["SECONDS"])
    assert "CPU" in done.results["DEVICE"]
    assert "4,800 patches" in done.log


def test_the_map_opens_with_exactly_the_classes_names_and_colours(classify, model, scene):
    path = classify().results["OUTPUT"]
    layer, source = QgsRasterLayer(path, "map"), QgsRasterLayer(scene, "scene")
    assert (layer.width(), layer.height(), layer.extent()) == (
        source.width(),
        source.height(),
        source.extent(),
    )
    assert layer.crs() == source.crs()
    card = read_card(Path(model))
    assert legend(path) == [(item.value, item.name, item.color) for item in card.classes]
    assert [item.name for item in card.classes] == ["Water", "Forest"]


def test_a_temporary_output_opens_styled_too(classify):
    done = classify(OUTPUT="TEMPORARY_OUTPUT")
    assert done.succeeded, done.log
    assert [name for _, name, _ in legend(done.results["OUTPUT"])] == ["Water", "Forest"]


def test_any_ending_of_the_model_file_will_do(classify, model, tmp_path):
    other = tmp_path / "model.bin"
    other.write_bytes(Path(model).read_bytes())
    assert classify(MODEL=str(other)).succeeded


def test_a_mask_of_polygons_in_another_crs_limits_the_map(classify, make_layer, box):
    geometry = QgsGeometry.fromRect(box(10, 10, 20, 30))
    done = classify(MASK=make_layer([(in_degrees(geometry), 1)], crs="EPSG:4326"))
    assert done.succeeded, done.log
    empty = nodata(done.results["OUTPUT"])
    inside = {
        (row, column)
        for row, line in enumerate(pixels(done.results["OUTPUT"]))
        for column, value in enumerate(line)
        if value != empty
    }
    assert inside == {(row, column) for row in range(10, 30) for column in range(10, 40)}
    assert done.results["PATCHES"] == 600


def test_a_mask_raster_limits_the_map(classify, make_raster, tmp_path):
    mask = make_raster(tmp_path / "mask.tif", lambda _b, row, _c: row < 7, bands=("mask",))
    done = classify(MASK=mask)
    assert done.succeeded, done.log
    assert done.results["PATCHES"] == 7 * 80


def test_an_extent_crops_to_whole_pixels_of_the_raster(classify, box, scene):
    extent = box(5, 6, 11, 13)
    extent.grow(-4.0)
    done = classify(EXTENT=extent)
    assert done.succeeded, done.log
    assert QgsRasterLayer(done.results["OUTPUT"], "map").extent() == box(5, 6, 11, 13)


def test_a_stride_classifies_every_nth_pixel(classify):
    done = classify(STRIDE=4)
    assert done.results["PATCHES"] == 15 * 20
    assert len(pixels(done.results["OUTPUT"])) == 60


def test_nodata_of_the_layers_properties_is_left_out(classify, make_raster, tmp_path):
    holed = make_raster(tmp_path / "holed.tif", lambda _b, row, _c: 1 if row < 30 else 400)
    layer = QgsRasterLayer(holed, "holed")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(1, 1)])
    QgsProject.instance().addMapLayer(layer)
    done = classify(INPUT=layer, MIN_VALID=1.0)
    assert done.succeeded, done.log
    assert set(pixels(done.results["OUTPUT"])[5]) == {int(nodata(done.results["OUTPUT"]))}
    assert set(pixels(done.results["OUTPUT"])[50]) != {int(nodata(done.results["OUTPUT"]))}
