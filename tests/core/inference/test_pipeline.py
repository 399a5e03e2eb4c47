"""The pipeline's map is that of the plain loop, for any size, place and holes."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.raster.source import RasterSource

from .conftest import BANDS, CLASSES, NODATA, PLACES, make_model, plain_map, scene


@pytest.mark.medium(but=("31-48-metres", "16-33-rotated", "31-48-south up"))
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("height", "width"),
    [(1, 1), (3, 2), (5, 6), (6, 6), (7, 6), (16, 16), (17, 16), (16, 33), (31, 48)],
    ids=lambda size: str(size),
)
def test_the_map_is_that_of_the_plain_loop(make_raster, classify, small_tiles, place, height, width):
    values, model = scene(height, width), make_model()
    done = classify(make_raster(values, names=BANDS, **PLACES[place]), model)
    assert np.array_equal(done.values, plain_map(values, model))
    assert done.result.patches == height * width
    assert tuple(done.dataset.transform)[:6] == PLACES[place]["transform"]
    assert done.dataset.crs.to_string() == PLACES[place]["crs"]


@pytest.mark.parametrize("patch_size", [3, 4, 7, 32])
def test_odd_even_and_large_patches_lie_as_the_plain_loop_has_them(
    make_raster, classify, small_tiles, patch_size
):
    values, model = scene(19, 21), make_model(patch_size)
    done = classify(make_raster(values, names=BANDS), model)
    assert np.array_equal(done.values, plain_map(values, model))


@pytest.mark.parametrize("min_valid", [0.0, 0.5, 0.8, 1.0])
def test_holes_are_left_out_and_filled_as_the_plain_loop_does(make_raster, classify, small_tiles, min_valid):
    values, model = scene(30, 37, holes=True), make_model()
    expected = plain_map(values, model, min_valid=min_valid)
    if min_valid == 1.0:
        with pytest.raises(RasterError, match="100% valid pixels"):
            classify(make_raster(values, names=BANDS), model, min_valid=min_valid)
        assert (expected == NODATA).all()
        return
    done = classify(make_raster(values, names=BANDS), model, min_valid=min_valid)
    assert np.array_equal(done.values, expected)
    assert 0 < (expected == NODATA).sum() < expected.size


def test_the_real_tile_size_gives_the_same_map(make_raster, classify):
    values, model = scene(40, 300), make_model()
    done = classify(make_raster(values, names=BANDS), model)
    assert np.array_equal(done.values, plain_map(values, model))


@pytest.mark.parametrize("batch_size", [1, 7, 4096])
def test_the_batch_size_does_not_change_the_map(make_raster, classify, batch_size):
    values, model = scene(12, 13), make_model()
    done = classify(make_raster(values, names=BANDS), model, batch_size=batch_size)
    assert np.array_equal(done.values, plain_map(values, model))


def test_bands_are_taken_by_name_from_any_order(make_raster, classify):
    values, model = scene(9, 9), make_model()
    path = make_raster(np.stack([values[1], values[0] * 0, values[0]]), names=("nir", "blue", "red"))
    assert np.array_equal(classify(path, model).values, plain_map(values, model))


def test_a_mask_of_polygons_leaves_the_rest_out(make_raster, classify, small_tiles, tmp_path):
    values, model = scene(20, 40), make_model()
    # Rows 2 to 11 and columns 18 to 29: the tile of the first 16 columns has nothing to do.
    corners = [(500_360, 9_799_960), (500_600, 9_799_960), (500_600, 9_799_760), (500_360, 9_799_760)]
    ring = [*corners, corners[0]]
    mask = tmp_path / "mask.jsonl"
    mask.write_text(json.dumps({"geometry": {"type": "Polygon", "coordinates": [ring]}}))
    inside = np.zeros((20, 40), dtype=bool)
    inside[2:12, 18:30] = True
    done = classify(make_raster(values, names=BANDS), model, polygons=mask)
    assert np.array_equal(done.values, plain_map(values, model, inside=inside))
    assert done.result.patches == 120


def test_a_mask_raster_leaves_the_rest_out(make_raster, classify, small_tiles):
    values, model = scene(20, 40), make_model()
    inside = np.random.default_rng(3).random((20, 40)) > 0.5
    mask = RasterSource(str(make_raster(inside.astype(np.uint8), name="mask.tif")))
    done = classify(make_raster(values, names=BANDS), model, mask_raster=mask)
    assert np.array_equal(done.values, plain_map(values, model, inside=inside))


def test_an_extent_gives_the_same_classes_on_a_crop_of_the_grid(make_raster, classify, small_tiles):
    values, model = scene(30, 40), make_model()
    # A little inside columns 5 to 21 and rows 7 to 18.
    extent = (500_105.0, 9_799_621.0, 500_439.0, 9_799_859.0)
    done = classify(make_raster(values, names=BANDS), model, extent=extent)
    assert np.array_equal(done.values, plain_map(values, model)[7:19, 5:22])
    assert tuple(done.dataset.transform)[:6] == (20.0, 0.0, 500_100.0, 0.0, -20.0, 9_799_860.0)


def test_class_values_stand_for_the_networks_outputs_in_their_order(make_raster, classify):
    done = classify(make_raster(scene(30, 30), names=BANDS), make_model())
    assert set(np.unique(done.values)) <= {item.value for item in CLASSES}
    assert len(np.unique(done.values)) > 1


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("stride", [1, 3])
def test_the_gpu_gives_the_labels_of_the_cpu(make_raster, classify, stride):
    values = scene(300, 280, holes=True)
    path = make_raster(values, names=BANDS)
    on_cpu = classify(path, make_model(), stride=stride).values
    on_gpu = classify(path, make_model(), stride=stride, device="cuda").values
    assert np.array_equal(on_gpu == NODATA, on_cpu == NODATA)
    # Sums in another order, and TensorFloat-32, turn a few close calls.
    assert (on_gpu == on_cpu).mean() > 0.99
