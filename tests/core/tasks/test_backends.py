"""BACKEND and PRECISION from the request to the map's metadata."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import time
from functools import partial

import numpy as np
import pytest
import rasterio
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import DeviceError, ParameterError, RunCancelled
from deep_land_cover.core.inference import pipeline as survey
from deep_land_cover.core.inference.backends import choice, openvino_backend
from deep_land_cover.core.inference.predictors import factory as loading
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.tasks.classify import run

from ...cards import model_card
from ...requests import changed, classify_request

with_openvino = pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None, reason="OpenVINO is not installed"
)
with_nncf = pytest.mark.skipif(importlib.util.find_spec("nncf") is None, reason="NNCF is not installed")


@pytest.fixture
def request_for(make_raster, tmp_path):
    """Return a function that makes a request for a raster of 40 x 30 pixels and a random network."""
    values = np.random.default_rng(0).integers(1, 5000, (2, 40, 30)).astype(np.uint16)
    raster = make_raster(values, names=("red", "nir"), nodata=0)
    classes = tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (1, 4, 9))
    card = model_card(
        bands=("red", "nir"),
        band_roles={"red": "red", "nir": "nir"},
        indices=("NDVI",),
        reflectance_scale=1e-4,
        scaling=Scaling((2500.0, 2500.0, 0.0), (1400.0, 1400.0, 0.5)),
        patch_size=8,
        classes=classes,
    )
    torch.manual_seed(0)
    model = tmp_path / "model.safetensors"
    network = build_network("resnet18", 3, len(classes))

    def make(patch_size=8, **changes):
        save_model(model, network, dataclasses.replace(card, patch_size=patch_size))
        loading._load.cache_clear()
        request = classify_request(
            RasterSource(str(raster)), str(model), str(tmp_path / "map.tif"), device="cpu"
        )
        return changed(request, **changes)

    return make


def tags_of(path) -> dict[str, str]:
    with rasterio.open(path) as dataset:
        return dataset.tags()


@pytest.mark.medium(but=("torch-fp32", "openvino-fp32"))
@pytest.mark.parametrize(
    ("backend", "precision"),
    [("torch", "fp32"), ("torch", "bf16"), pytest.param("openvino", "fp32", marks=with_openvino)],
)
def test_what_computed_stands_in_the_result_and_in_the_map(request_for, backend, precision):
    result = run(request_for(backend=backend, precision=precision), SilentProgress())
    assert (result.backend, result.precision) == (backend, precision)
    assert (result.agreement is None) == (precision == "fp32")
    tags = tags_of(result.output)
    assert (tags["BACKEND"], tags["PRECISION"]) == (backend, precision)


@pytest.mark.medium
def test_what_fewer_bits_do_to_a_raster_is_measured_once_for_all_devices(request_for, monkeypatch):
    # Two processors stand in for two GPUs.
    monkeypatch.setattr(job, "select_devices", lambda _: (torch.device("cpu"),) * 2)
    progress = SilentProgress()
    run(request_for(backend="torch", precision="bf16"), progress)
    assert sum("have the class of 32 bits" in text for _, text in progress.lines) == 1


@pytest.mark.medium
@with_openvino
def test_the_same_map_comes_of_any_backend_in_32_bits(request_for, tmp_path):
    maps = []
    for backend in ("torch", "openvino"):
        result = run(
            request_for(backend=backend, precision="fp32", output=str(tmp_path / f"{backend}.tif")),
            SilentProgress(),
        )
        with rasterio.open(result.output) as dataset:
            maps.append(dataset.read(1))
    assert np.mean(maps[0] == maps[1]) > 0.999


@pytest.mark.medium
@pytest.mark.parametrize("stride", [1, 3])
def test_patches_that_share_their_stem_get_what_the_whole_network_gives_each(
    request_for, tmp_path, monkeypatch, stride
):
    found, said = [], []
    for name in ("shared", "whole"):
        progress = SilentProgress()
        scores = tmp_path / f"{name}.tif"
        asked = {"stride": stride, "precision": "fp32", "probabilities": str(scores), "share_type": "float32"}
        run(request_for(patch_size=32, **asked), progress)
        with rasterio.open(scores) as dataset:
            found.append(dataset.read())
        said.append(any("share the first layers" in text for _, text in progress.lines))
        monkeypatch.setattr(loading.LoadedModel, "stem_and_rest", None)
    # Of random weights they are much alike, but not as much as that.
    assert found[0].std() > 0.001
    assert np.allclose(found[0], found[1], rtol=0.0, atol=1e-6)
    assert said == [True, False]


@pytest.mark.medium
@with_nncf
@with_openvino
def test_8_bit_numbers_are_set_up_on_the_raster_and_the_map_says_how_well_they_agree(request_for):
    progress = SilentProgress()
    request = request_for(precision="int8", stride=2)
    result = run(request, progress)
    assert (result.backend, result.precision) == ("openvino", "int8")
    assert result.agreement is not None and 0.8 < result.agreement <= 1.0
    assert tags_of(result.output)["AGREEMENT_WITH_FP32"] == f"{result.agreement:.4f}"
    # All 20 x 15 patches of the raster, which are too few to keep some for the comparison.
    assert any(f"recomputed, it is {result.agreement:.1%}" in text for _, text in progress.lines)
    again = SilentProgress()
    assert run(request, again).agreement == result.agreement
    assert not any("Setting up" in text for _, text in again.lines)


def test_8_bit_numbers_without_their_package_get_a_sentence_with_how_to_get_it(request_for, monkeypatch):
    for module in (choice, openvino_backend):
        monkeypatch.setattr(module, "has_nncf", lambda: False)
    with pytest.raises(DeviceError, match=r"openvino and nncf.*-m pip install openvino nncf"):
        run(request_for(precision="int8"), SilentProgress())


@pytest.mark.parametrize("kind", ["probabilities", "uncertainty"])
def test_8_bit_numbers_give_no_probabilities(request_for, tmp_path, kind):
    with pytest.raises(ParameterError, match="int8"):
        run(request_for(precision="int8", **{kind: str(tmp_path / "shares.tif")}), SilentProgress())


@pytest.mark.parametrize(("name", "value"), [("backend", "tensorrt"), ("precision", "fp8")])
def test_what_is_no_backend_and_no_precision_is_refused(request_for, name, value):
    with pytest.raises(ParameterError, match=f"'{value}' is not a value of {name.upper()}"):
        run(request_for(**{name: value}), SilentProgress())


class Impatient(SilentProgress):
    """Cancels once a third of the work is done."""

    def __init__(self) -> None:
        super().__init__()
        self._is_enough = False

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        self._is_enough = self._is_enough or fraction > 0.3

    def check_cancelled(self) -> None:
        # Longer than the time between two reports of progress, so that each batch is reported.
        time.sleep(0.12)
        if self._is_enough:
            raise RunCancelled


@pytest.fixture
def can_stop_soon(monkeypatch):
    """Tiles of 10 pixels, and word of each."""
    monkeypatch.setattr(survey, "tile_size", lambda *_: 10)
    monkeypatch.setattr("deep_land_cover.core.tasks.classify.tile_size", lambda *_: 10)


@pytest.mark.medium
@with_openvino
@pytest.mark.usefixtures("can_stop_soon")
def test_a_run_that_goes_on_computes_as_it_began(request_for, tmp_path, monkeypatch):
    # As in a worker that has classified so many patches that backends are tried.
    monkeypatch.setattr(loading, "Backends", partial(loading.Backends, requested=[20_000]))
    rates = {"openvino": 2.0, "torch": 1.0}
    monkeypatch.setattr(choice, "rate_of", lambda backend, *_: rates[backend.method.backend])
    with pytest.raises(RunCancelled):
        run(request_for(precision="fp32"), Impatient())
    assert (tmp_path / "map.tif.journal").exists()
    # Another process, where PyTorch would be the faster one.
    loading._load.cache_clear()
    rates["torch"] = 3.0
    progress = SilentProgress()
    result = run(request_for(precision="fp32"), progress)
    assert any("Resuming" in text for _, text in progress.lines)
    assert result.backend == "openvino"
    loading._load.cache_clear()
    other = run(request_for(precision="fp32", output=str(tmp_path / "other.tif")), SilentProgress())
    assert other.backend == "torch"


@pytest.mark.medium
@pytest.mark.usefixtures("can_stop_soon")
def test_a_stopped_run_of_something_else_says_nothing_of_how_to_compute(request_for, tmp_path):
    with pytest.raises(RunCancelled):
        run(request_for(), Impatient())
    journal = tmp_path / "map.tif.journal"
    first, *others = journal.read_text().splitlines()
    head = json.loads(first)
    head["subject"]["the model"] = "another"
    head["execution"]["precision"] = "bf16"
    journal.write_text("\n".join([json.dumps(head), *others, ""]))
    progress = SilentProgress()
    result = run(request_for(), progress)
    assert not any("Resuming" in text for _, text in progress.lines)
    # Of so few patches 32 bits are computed, unless other numbers are asked for.
    assert (result.backend, result.precision) == ("torch", "fp32")
