"""A full memory halves the batches, on one device or on several, and changes no class."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from torch import nn

from deep_land_cover.core.errors import DeviceError

from .conftest import BANDS, NODATA, TinyModel, make_model, plain_map, scene


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
