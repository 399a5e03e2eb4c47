"""With a stride one pixel of each cell is classified, and stands for the others or for the cell."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.inference import pipeline as survey

from .conftest import BANDS, NODATA, PLACES, make_model, plain_map, plain_stride, scene


@pytest.mark.parametrize("stride", [2, 3, 5, 16, 50])
def test_every_classifiable_pixel_of_a_cell_takes_the_class_nearest_its_centre(
    make_raster, classify, monkeypatch, stride
):
    size = max(16 // stride, 1) * stride
    monkeypatch.setattr(survey, "tile_size", lambda block, stride, suited=256: size)
    values, model = scene(31, 44, holes=True), make_model()
    done = classify(make_raster(values, names=BANDS), model, stride=stride)
    expected, cells = plain_stride(plain_map(values, model), stride)
    assert np.array_equal(done.values, expected)
    assert done.result.patches == cells


def test_cells_are_counted_from_the_rasters_origin_whatever_the_extent(make_raster, classify, small_tiles):
    values, model = scene(30, 40), make_model()
    extent = (500_100.0, 9_799_620.0, 500_440.0, 9_799_860.0)
    done = classify(make_raster(values, names=BANDS), model, extent=extent, stride=4)
    crop = plain_map(values, model)[7:19, 5:22]
    assert np.array_equal(done.values, plain_stride(crop, 4, offset=(7, 5))[0])


@pytest.mark.parametrize("stride", [1, 2, 3, 5, 16, 50])
@pytest.mark.parametrize("place", PLACES)
def test_without_fill_each_cell_is_a_pixel_at_its_exact_place(
    make_raster, classify, monkeypatch, stride, place
):
    size = max(16 // stride, 1) * stride
    monkeypatch.setattr(survey, "tile_size", lambda block, stride, suited=256: size)
    values, model = scene(31, 44, holes=True), make_model()
    done = classify(make_raster(values, names=BANDS, **PLACES[place]), model, stride=stride, fill=False)
    filled, _ = plain_stride(plain_map(values, model), stride)
    height, width = -(-31 // stride), -(-44 // stride)
    assert done.values.shape == (height, width)
    for row, column in np.ndindex(height, width):
        top, left = row * stride, column * stride
        cell = filled[top : top + stride, left : left + stride]
        # All classifiable pixels of a cell have one class.
        assert set(cell[cell != NODATA].tolist()) <= {int(done.values[row, column])}
        assert (done.values[row, column] == NODATA) == (cell == NODATA).all()
    # A pixel of the map has its first corner where the first pixel of its cell has it.
    for row, column in ((0, 0), (height - 1, width - 1)):
        expected = rasterio.Affine(*PLACES[place]["transform"]) @ (column * stride, row * stride)
        assert done.dataset.transform @ (column, row) == pytest.approx(expected, rel=1e-12)


def test_without_fill_an_extent_gives_the_cells_that_it_touches(make_raster, classify, small_tiles):
    values, model = scene(30, 40), make_model()
    # Rows 7 to 18 and columns 5 to 21: the cells of rows 4 to 19 and columns 4 to 23.
    extent = (500_100.0, 9_799_620.0, 500_440.0, 9_799_860.0)
    done = classify(make_raster(values, names=BANDS), model, extent=extent, stride=4, fill=False)
    assert done.values.shape == (4, 5)
    assert tuple(done.dataset.transform)[:6] == (80.0, 0.0, 500_080.0, 0.0, -80.0, 9_799_920.0)
    filled, _ = plain_stride(plain_map(values, model)[7:19, 5:22], 4, offset=(7, 5))
    assert done.values[0, 0] == filled[0, 0] and done.values[-1, -1] == filled[-1, -1]


def test_the_estimate_names_patches_rate_time_and_device_before_the_work(make_raster, classify):
    done = classify(make_raster(scene(12, 10), names=BANDS), make_model())
    level, text = done.progress.lines[0]
    assert level == "info"
    assert text.startswith("About 120 patches are to be classified on CPU, ")
    assert ", 0:00:0" in text


def test_the_count_of_a_stride_is_that_of_its_cells(make_raster, classify, small_tiles):
    done = classify(make_raster(scene(20, 20), names=BANDS), make_model(), stride=8)
    assert done.progress.lines[0][1].startswith("About 9 patches")
    assert done.result.patches == 9
