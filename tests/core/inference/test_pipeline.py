"""The pipeline's map is that of the plain loop, for any size, place and holes."""

import json
import math
import os
import threading

import numpy as np
import pytest
import rasterio
import torch
from torch import nn

from deep_land_cover.core.errors import DeviceError, ParameterError, RasterError, RunCancelled
from deep_land_cover.core.inference import survey
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource

from .conftest import BANDS, CLASSES, NODATA, TinyModel, make_model, plain_map

UTM = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
PLACES = {
    "metres": {"transform": UTM, "crs": "EPSG:32748"},
    "degrees": {"transform": (0.0002, 0.0, 103.0, 0.0, -0.0002, -1.5), "crs": "EPSG:4326"},
    "south up": {"transform": (20.0, 0.0, 500_000.0, 0.0, 20.0, 9_700_000.0), "crs": "EPSG:32748"},
    "rotated": {"transform": (17.0, 9.0, 500_000.0, 9.0, -17.0, 9_800_000.0), "crs": "EPSG:32748"},
}


def scene(height, width, holes=False, seed=0):
    """Return red and near infrared with some structure, as float32 with NaN holes."""
    random = np.random.default_rng(seed)
    values = random.integers(1, 5000, (2, height, width)).astype(np.float32)
    if holes:
        values[:, random.random((height, width)) < 0.2] = np.nan
        values[1, : height // 3, : width // 2] = np.nan
    return values


@pytest.fixture
def small_tiles(monkeypatch):
    """Make tiles of 16 pixels, so that small rasters have many."""
    monkeypatch.setattr(survey, "tile_size", lambda block, stride, suited=256: 16)


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


def plain_stride(full, stride, offset=(0, 0)):
    """Return the map of cells: each takes the class of its classifiable pixel nearest its centre."""
    result = full.copy()
    cells = {}
    for row, column in np.argwhere(full != NODATA):
        place = (row + offset[0], column + offset[1])
        cell = (place[0] // stride, place[1] // stride)
        centre = (cell[0] * stride + stride // 2, cell[1] * stride + stride // 2)
        cells.setdefault(cell, []).append((math.dist(place, centre), row, column))
    for pixels in cells.values():
        _, row, column = min(pixels)
        for _, other_row, other_column in pixels:
            result[other_row, other_column] = full[row, column]
    return result, len(cells)


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
    assert text.startswith("About 120 patches to classify on CPU, ")
    assert "patches/s that takes 0:00:0" in text


def test_the_count_of_a_stride_is_that_of_its_cells(make_raster, classify, small_tiles):
    done = classify(make_raster(scene(20, 20), names=BANDS), make_model(), stride=8)
    assert done.progress.lines[0][1].startswith("About 9 patches")
    assert done.result.patches == 9


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda values: np.full_like(values, np.nan), "no pixel of band 'red' is valid"),
        (lambda values: np.stack([values[0], values[1] * np.nan]), "needs band 'nir'"),
    ],
)
def test_nothing_valid_is_refused_and_leaves_no_output(make_raster, classify, tmp_path, spoil, says):
    path = make_raster(spoil(scene(20, 20)), names=BANDS)
    with pytest.raises(RasterError, match=says):
        classify(path, make_model())
    assert os.listdir(tmp_path) == ["input.tif"]


def test_bands_that_are_never_valid_at_the_same_pixel_are_refused(make_raster, classify):
    values = scene(20, 20)
    values[0, :10], values[1, 10:] = np.nan, np.nan
    with pytest.raises(RasterError, match="at no pixel are all of the model's bands valid"):
        classify(make_raster(values, names=BANDS), make_model())


def test_a_mask_beside_the_raster_is_refused_and_leaves_no_output(make_raster, classify, tmp_path):
    mask = tmp_path / "mask.jsonl"
    ring = [[0, 0], [0, 1], [1, 1], [0, 0]]
    mask.write_text(json.dumps({"geometry": {"type": "Polygon", "coordinates": [ring]}}))
    with pytest.raises(ParameterError, match="mask leaves no pixel"):
        classify(make_raster(scene(20, 20), names=BANDS), make_model(), polygons=mask)
    assert sorted(os.listdir(tmp_path)) == ["input.tif", "mask.jsonl"]


class CancelAfter(SilentProgress):
    """Cancels once a number of batches was computed."""

    def __init__(self, batches):
        super().__init__()
        self._left = batches
        self._is_working = False

    def log(self, text, level="info"):
        self._is_working = True

    def check_cancelled(self):
        self._left -= self._is_working
        if self._left < 0:
            raise RunCancelled


def test_cancelling_between_batches_leaves_no_file_and_no_thread(
    make_raster, classify, tmp_path, small_tiles
):
    threads = threading.active_count()
    with pytest.raises(RunCancelled):
        classify(
            make_raster(scene(80, 80), names=BANDS), make_model(), progress=CancelAfter(5), batch_size=50
        )
    assert os.listdir(tmp_path) == ["input.tif"]
    assert threading.active_count() == threads


def test_a_raster_that_fails_in_mid_run_raises_in_the_callers_thread(
    make_raster, classify, tmp_path, small_tiles
):
    blocks = {"tiled": True, "blockxsize": 64, "blockysize": 64, "interleave": "band"}
    path = make_raster(scene(600, 64), names=BANDS, compress="deflate", **blocks)
    with rasterio.open(path) as dataset:
        offset = int(dataset.get_tag_item("BLOCK_OFFSET_0_8", "TIFF", bidx=2))
    # A block of the second band, which only the reader of tiles looks at.
    content = bytearray(path.read_bytes())
    content[offset : offset + 2000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(RasterError, match="damaged"):
        classify(path, make_model())
    assert os.listdir(tmp_path) == ["input.tif"]


class FullMemory(nn.Module):
    """Fails like a full device for more than a few patches."""

    def __init__(self, network, most):
        super().__init__()
        self.network, self.most, self.largest = network, most, 0

    def forward(self, patches):
        if len(patches) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.largest = max(self.largest, len(patches))
        return self.network(patches)


def test_a_full_device_halves_the_batch_and_the_map_is_the_same(make_raster, classify):
    values, model = scene(20, 20), make_model()
    network = FullMemory(model.network, 30)
    done = classify(make_raster(values, names=BANDS), TinyModel(network, model.card), batch_size=100)
    assert np.array_equal(done.values, plain_map(values, model))
    assert network.largest == 25
    assert any("batches of 25" in text for _, text in done.progress.lines)


class FullOnce(nn.Module):
    """Fails like a full device in one batch in mid-run."""

    def __init__(self, network, after):
        super().__init__()
        self.network, self.left, self.sizes = network, after, []

    def forward(self, patches):
        self.left -= 1
        if self.left == 0:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.sizes.append(len(patches))
        return self.network(patches)


def test_a_halving_in_mid_run_restarts_its_tile(make_raster, classify, small_tiles):
    values, model = scene(16, 32), make_model()
    # Two batches of the trial, three of the first tile, then the second of the second tile fails.
    network = FullOnce(model.network, 2 + 3 + 2)
    done = classify(make_raster(values, names=BANDS), TinyModel(network, model.card), batch_size=100)
    assert np.array_equal(done.values, plain_map(values, model))
    # 256 pixels a tile; the trial is a twentieth of them all.
    assert network.sizes[2:12] == [100, 100, 56, 100, 50, 50, 50, 50, 50, 6]
    assert done.result.patches == 512


def test_a_device_too_small_for_one_patch_is_refused(make_raster, classify):
    model = make_model()
    with pytest.raises(DeviceError, match="too little free memory"):
        classify(make_raster(scene(9, 9), names=BANDS), TinyModel(FullMemory(model.network, 0), model.card))


def test_other_errors_of_a_network_are_not_taken_for_a_full_device(make_raster, classify):
    model = make_model()
    broken = nn.Sequential(model.network, nn.Linear(99, 4))
    with pytest.raises(RuntimeError, match="shapes"):
        classify(make_raster(scene(9, 9), names=BANDS), TinyModel(broken, model.card))


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


class Waiting(nn.Module):
    """Computes its first batch only when as many devices as there are compute theirs."""

    def __init__(self, network, devices):
        super().__init__()
        self.network, self.all, self.doers = network, threading.Barrier(devices, timeout=20), set()

    def forward(self, patches):
        # The main thread makes the trial, before there are others.
        is_main = threading.current_thread() is threading.main_thread()
        if not is_main and threading.get_ident() not in self.doers:
            self.all.wait()
            self.doers.add(threading.get_ident())
        return self.network(patches)


def test_several_devices_share_the_tiles_of_one_map(make_raster, classify, small_tiles):
    values, model = scene(70, 50, holes=True), make_model()
    network = Waiting(model.network, 3)
    done = classify(make_raster(values, names=BANDS), TinyModel(network, model.card), devices=3)
    expected = plain_map(values, model)
    assert np.array_equal(done.values, expected)
    assert done.result.patches == (expected != NODATA).sum()
    # A thread for each, that computed side by side.
    assert len(network.doers) == 3


def test_a_full_memory_of_one_device_halves_the_batches_of_all(make_raster, classify, small_tiles):
    values, model = scene(64, 64), make_model()
    network = FullMemory(model.network, 30)
    done = classify(
        make_raster(values, names=BANDS), TinyModel(network, model.card), batch_size=100, devices=2
    )
    assert np.array_equal(done.values, plain_map(values, model))
    assert network.largest <= 25
