"""A real worker, killed at random moments and run again, writes the very map of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError, RunCancelled, WorkerError
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.runtime.client import WorkerClient
from deep_land_cover.runtime.settings import RuntimeSettings

from ...cards import model_card
from ...requests import classify_request

pytestmark = pytest.mark.medium
LONG = 0.015
"""Share of valid pixels whose classification takes long enough to be stopped half-way."""


class Listener:
    """Keeps the log, and does something once so many patches are done."""

    def __init__(self, at: float = 2.0, then=lambda: None):
        self.lines: list[str] = []
        self._at, self._then, self._cancelled = at, then, False

    def progress(self, fraction, text):
        if fraction >= self._at:
            self._at = 2.0
            self._then()

    def log(self, text, level):
        self.lines.append(text)

    def is_cancelled(self):
        return self._cancelled

    def cancel(self):
        self._cancelled = True


# One worker for all tests: each start of it loads PyTorch. It comes back by itself where a test kills it.
@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment")
    client = WorkerClient(lambda: RuntimeSettings(folder, python=sys.executable))
    yield client
    client.close()


@pytest.fixture
def model(tmp_path):
    torch.manual_seed(0)
    classes = tuple(
        LandCoverClass(value, name, "#006400") for value, name in ((4, "Crops"), (1, "Forest"), (9, "Town"))
    )
    card = model_card(
        bands=("red", "nir"),
        band_roles={"red": "red", "nir": "nir"},
        indices=("NDVI",),
        reflectance_scale=1e-4,
        scaling=Scaling((2500.0, 2500.0, 0.0), (1400.0, 1400.0, 0.5)),
        patch_size=4,
        classes=classes,
    )
    path = tmp_path / "model.safetensors"
    save_model(path, build_network("resnet18", 3, 3), card)
    return path


@pytest.fixture
def request_for(make_raster, model, tmp_path):
    """A raster of eight tiles, one in fifty of whose pixels is valid."""

    def make(name, share=0.02, **changes):
        random = np.random.default_rng(5)
        values = random.integers(1, 5000, (2, 512, 1024)).astype(np.uint16)
        values[:, random.random((512, 1024)) > share] = 0
        raster = tmp_path / f"input_{share}.tif"
        if not raster.exists():
            make_raster(values, names=("red", "nir"), nodata=0, name=raster.name)
        defaults = {"min_valid": 0.0, "batch_size": 64, "device": "cpu"}
        output = str(tmp_path / name)
        return classify_request(RasterSource(str(raster)), str(model), output, **{**defaults, **changes})

    return make


def pixels(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


def kill(client):
    os.kill(client._worker.pid, signal.SIGKILL)


@pytest.mark.parametrize(("kills", "share"), [(1, 0.005), pytest.param(10, 0.02, marks=pytest.mark.slow)])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_kills_at_random_moments_leave_the_map_of_an_undisturbed_run(
    client, request_for, tmp_path, kills, share
):
    shares = {"probabilities": "p", "uncertainty": "u"}
    whole, disturbed = (
        request_for(
            f"{name}.tif",
            share,
            share_type="float32",
            **{kind: str(tmp_path / f"{name}_{letter}.tif") for kind, letter in shares.items()},
        )
        for name in ("whole", "disturbed")
    )
    client.run("classify", whole, Listener())
    moments = random.Random(7)
    resumed = 0
    for _ in range(kills):
        listener = Listener(at=moments.random(), then=lambda: kill(client))
        with pytest.raises(WorkerError, match="signal 9"):
            client.run("classify", disturbed, listener)
        assert not (tmp_path / "disturbed.tif").exists()
        resumed += any("Resuming" in line for line in listener.lines)
    listener = Listener()
    client.run("classify", disturbed, listener)
    resumed += any("Resuming" in line for line in listener.lines)
    assert resumed > 0
    for ending in ("", "_p", "_u"):
        expected, found = (pixels(tmp_path / f"{name}{ending}.tif") for name in ("whole", "disturbed"))
        assert np.array_equal(found, expected, equal_nan=True)
    left = [path.name for path in tmp_path.iterdir() if path.suffix in (".part", ".journal", ".new")]
    assert not left


def test_a_cancelled_run_is_gone_on_with_and_says_how(client, request_for, tmp_path):
    request = request_for("map.tif", LONG)
    listener = Listener(at=0.3)
    listener._then = listener.cancel
    with pytest.raises(RunCancelled):
        client.run("classify", request, listener)
    assert not (tmp_path / "map.tif").exists()
    assert (tmp_path / "map.tif.part").exists() and (tmp_path / "map.tif.journal").exists()
    assert any("to resume" in line for line in listener.lines)
    again = Listener()
    done = client.run("classify", request, again)
    assert any("Resuming" in line for line in again.lines)
    assert done["patches"] == np.count_nonzero(pixels(tmp_path / "map.tif") != 255)


@pytest.mark.parametrize(
    "change", [{"min_valid": 0.01}, pytest.param({"batch_size": 32}, marks=pytest.mark.slow)]
)
def test_another_parameter_starts_afresh_and_says_so(client, request_for, tmp_path, change):
    listener = Listener(at=0.3)
    listener._then = listener.cancel
    with pytest.raises(RunCancelled):
        client.run("classify", request_for("map.tif", LONG), listener)
    again = Listener()
    client.run("classify", request_for("map.tif", LONG, **change), again)
    name = next(iter(change)).upper()
    assert any(f"{name} has changed. This run restarts" in line for line in again.lines)
    assert not (tmp_path / "map.tif.part").exists()


def test_a_run_for_a_different_product_is_not_resumed(client, request_for, tmp_path):
    # Probabilities of three classes and uncertainty both have three bands of uint8.
    listener = Listener(at=0.3)
    listener._then = listener.cancel
    with pytest.raises(RunCancelled):
        client.run("classify", request_for("map.tif", LONG, probabilities=str(tmp_path / "p.tif")), listener)
    again, uncertainty = Listener(), tmp_path / "u.tif"
    client.run("classify", request_for("map.tif", LONG, uncertainty=str(uncertainty)), again)
    assert any("what is written has changed. This run restarts" in line for line in again.lines)
    # The highest of three probabilities is at least 1/3, which is stored as 83 times 0.004 or more.
    highest = pixels(uncertainty)[0]
    assert highest.min() >= 83


def test_a_raster_that_has_changed_starts_afresh(client, request_for, tmp_path):
    listener = Listener(at=0.3)
    listener._then = listener.cancel
    request = request_for("map.tif", LONG)
    with pytest.raises(RunCancelled):
        client.run("classify", request, listener)
    os.utime(request.inputs.raster.path)
    again = Listener()
    client.run("classify", request, again)
    assert any("an input file has changed" in line for line in again.lines)


def test_without_resume_a_stopped_run_leaves_nothing(client, request_for, tmp_path):
    request = request_for("map.tif", LONG, resume=False)
    before = set(tmp_path.iterdir())
    listener = Listener(at=0.3, then=lambda: kill(client))
    with pytest.raises(WorkerError):
        client.run("classify", request, listener)
    assert set(tmp_path.iterdir()) == before


def test_a_full_disk_has_a_sentence_that_names_it_and_leaves_nothing_that_looks_complete(
    client, request_for, small_disk
):
    # Probabilities of noise, as float32, fill a megabyte long before the last tile.
    request = request_for(
        str(small_disk / "map.tif"), 0.2, share_type="float32", probabilities=str(small_disk / "p.tif")
    )
    with pytest.raises(OutputError, match="The disk is full") as caught:
        client.run("classify", request, Listener())
    assert str(small_disk) in str(caught.value)
    assert not [path for path in small_disk.iterdir() if path.suffix not in (".part", ".journal")]


def test_two_runs_of_a_folder_do_not_meet(client, request_for, tmp_path):
    # The second run waits for the first one's worker; each has a journal of its own.
    outcomes = {}

    def run(name, request):
        outcomes[name] = client.run("classify", request, Listener())["patches"]

    # Made before either runs, since making one writes the raster that both read.
    requests = [(name, request_for(name, stride=8)) for name in ("a.tif", "b.tif")]
    threads = [threading.Thread(target=run, args=item) for item in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert outcomes["a.tif"] == outcomes["b.tif"] > 0
    assert np.array_equal(pixels(tmp_path / "a.tif"), pixels(tmp_path / "b.tif"))
