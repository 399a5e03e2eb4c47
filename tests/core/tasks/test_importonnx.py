"""Networks in ONNX files map with the labels that their formulas give."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from numpy.typing import NDArray
from rasterio.windows import Window
from torch import Tensor, nn

from deep_land_cover.core import openvino_runtime
from deep_land_cover.core.errors import DeviceError, ModelFileError, ParameterError
from deep_land_cover.core.models import onnx_network
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.models.onnx_network import OnnxNetwork, onnx_facts
from deep_land_cover.core.options import DENSE_GRID
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.importmodel import ImportRequest
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.importmodel import run
from deep_land_cover.core.tasks.train import run as train

from ...onnx_files import extra_input, onnx_file
from ...requests import classify_request, train_request

pytestmark = pytest.mark.skipif(not openvino_runtime.is_installed(), reason="OpenVINO is not installed")
CHANNELS, CLASSES, SIZE = 3, 4, 9
MARGIN = 1e-3


def patch_layers(*last: nn.Module) -> list[nn.Module]:
    """Return layers that give patches different classes: their features are centred before the last one."""
    torch.manual_seed(0)
    layers = [
        nn.Conv2d(CHANNELS, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    ]
    features = compute(layers, 1.5 * torch.randn(100, CHANNELS, SIZE, SIZE) + 0.5).mean(dim=0)
    linear = nn.Linear(8, CLASSES)
    with torch.no_grad():
        linear.weight *= 20
        linear.bias.copy_(-linear.weight @ features)
    return [*layers, linear, *last]


def pixel_layers(outputs: int, *last: nn.Module) -> list[nn.Module]:
    """Return convolutions whose labels depend on the three pixels around."""
    torch.manual_seed(1)
    return [
        nn.Conv2d(CHANNELS, 8, 5, padding=2),
        nn.ReLU(),
        nn.Conv2d(8, outputs, 3, padding=1),
        *last,
    ]


def compute(layers: list[nn.Module], values: Tensor) -> Tensor:
    with torch.inference_mode():
        return nn.Sequential(*layers)(values)


@pytest.fixture
def scene(make_raster: Callable[..., Path]) -> Path:
    """A raster of bytes, as Deepness reads them."""
    generator = np.random.default_rng(0)
    values = generator.integers(0, 256, (CHANNELS, 150, 170))
    return make_raster(values.astype(np.uint8), names=("red", "green", "blue"), name="scene.tif")


def read(path: Path) -> NDArray[np.float32]:
    with rasterio.open(path) as dataset:
        values: NDArray[np.float32] = dataset.read().astype(np.float32)
        return values


def imported(tmp_path: Path, content: bytes, **options: Any) -> Path:
    file = tmp_path / "network.onnx"
    file.write_bytes(content)
    progress = SilentProgress()
    return Path(run(ImportRequest(str(file), str(tmp_path / "m.safetensors"), **options), progress).output)


def mapped(
    model: Path, scene: Path, output: Path, progress: SilentProgress | None = None, **options: Any
) -> NDArray[np.float32]:
    request = classify_request(
        RasterSource(str(scene)), str(model), str(output), device="cpu", min_valid=0.0, **options
    )
    classify(request, progress or SilentProgress())
    return read(output)[0]


FORMS = {
    "logits": ([], ("batch", CHANNELS, SIZE, SIZE)),
    "probabilities": ([nn.Softmax(1)], ("batch", CHANNELS, SIZE, SIZE)),
    "one patch at a time": ([], (1, CHANNELS, SIZE, SIZE)),
    "any size": ([], ("batch", CHANNELS, "rows", "columns")),
}


@pytest.mark.medium(but=("probabilities",))
@pytest.mark.parametrize("form", FORMS)
def test_a_patch_classifier_maps_with_the_labels_of_its_layers(
    scene: Path, tmp_path: Path, form: str
) -> None:
    last, shape = FORMS[form]
    layers = patch_layers(*last)
    content = onnx_file(layers, shape, (shape[0], CLASSES))
    model = imported(tmp_path, content, mean="100", std="50", patch_size=SIZE, classes="5, 3, 8, 1")
    card = read_card(model)
    assert (card.architecture, card.patch_size) == ("onnx_patch", SIZE)
    with rasterio.open(scene) as dataset:
        extent = dataset.window_bounds(Window(0, 0, 40, 30))
    labels = mapped(model, scene, tmp_path / "map.tif", extent=extent)
    values = (read(scene) - 100) / 50
    padded = np.pad(values, ((0, 0), (4, 4), (4, 4)), mode="reflect")
    patches = [
        padded[:, row : row + SIZE, column : column + SIZE] for row in range(30) for column in range(40)
    ]
    scores = compute(layers, torch.from_numpy(np.stack(patches)))
    expected = np.array([5, 3, 8, 1])[scores.argmax(dim=1)].reshape(30, 40)
    best = scores.sort(dim=1, descending=True).values
    is_clear = (best[:, 0] - best[:, 1] > MARGIN).reshape(30, 40).numpy()
    assert is_clear.mean() > 0.9 and len(np.unique(expected)) > 1
    assert np.array_equal(labels[is_clear], expected[is_clear])


DEEPNESS = {
    "model_type": json.dumps("Segmentor"),
    "class_names": json.dumps({"1": "Water", "0": "Forest", "2": "Rice"}),
    "resolution": "2000",
    "tile_size": "64",
    "tiles_overlap": "25",
}


def dense_labels(layers: list[nn.Module], scene: Path, scale: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Return labels and whether they are clear, computed on the whole raster with mirrored edges."""
    values = scale(read(scene)).astype(np.float32)
    padded = np.pad(values, ((0, 0), (8, 8), (8, 8)), mode="reflect")
    scores = compute(layers, torch.from_numpy(padded)[None])[0, :, 8:-8, 8:-8]
    if len(scores) == 1:
        scores = torch.cat([1 - scores, scores])
    best = scores.sort(dim=0, descending=True).values
    return scores.argmax(dim=0).numpy(), (best[0] - best[1] > MARGIN).numpy()


SEGMENTORS = {
    "divided by 255": ({}, lambda x: x / 255),
    "standardised": (
        {"standardization_mean": "[0.5, 0.4, 0.3]", "standardization_std": "[0.2, 0.25, 0.3]"},
        lambda x: (
            (x / 255 - np.array([0.5, 0.4, 0.3])[:, None, None]) / np.array([0.2, 0.25, 0.3])[:, None, None]
        ),
    ),
}


@pytest.mark.medium(but=("standardised",))
@pytest.mark.parametrize("case", SEGMENTORS)
def test_a_segmentor_of_deepness_labels_every_pixel(scene: Path, tmp_path: Path, case: str) -> None:
    properties, scale = SEGMENTORS[case]
    layers = pixel_layers(3, nn.Softmax(1))
    content = onnx_file(layers, (1, CHANNELS, 64, 64), (1, 3, 64, 64), {**DEEPNESS, **properties})
    report = tmp_path / "report.html"
    model = imported(tmp_path, content, bands="red, green, blue", report=str(report))
    card = read_card(model)
    assert [(item.value, item.name) for item in card.classes] == [(1, "Forest"), (2, "Water"), (3, "Rice")]
    assert (card.architecture, card.patch_size, card.pixel_size) == ("onnx_pixel", DENSE_GRID, (20.0, 20.0))
    labels = mapped(model, scene, tmp_path / "map.tif")
    expected, is_clear = dense_labels(layers, scene, scale)
    assert is_clear.mean() > 0.9 and len(np.unique(expected)) > 1
    # The halo of 8 pixels holds the three that a label depends on, so that no window shows.
    assert np.array_equal(labels[is_clear], expected[is_clear] + 1)
    assert "OpenVINO" in report.read_text(encoding="utf-8")


def test_properties_that_are_no_numbers_are_as_if_they_were_not_there() -> None:
    layers = pixel_layers(3, nn.Softmax(1))
    odd = {"resolution": "inf", "tiles_overlap": "nan"}
    network = OnnxNetwork.of(onnx_file(layers, (1, CHANNELS, 64, 64), (1, 3, 64, 64), {**DEEPNESS, **odd}))
    plain = OnnxNetwork.of(onnx_file(layers, (1, CHANNELS, 64, 64), (1, 3, 64, 64), {}))
    assert network.halo == plain.halo == 8
    assert onnx_facts(network).pixel_size == 0.0


@pytest.mark.medium
def test_a_single_probability_is_that_of_the_second_class(scene: Path, tmp_path: Path) -> None:
    layers = pixel_layers(1, nn.Sigmoid())
    content = onnx_file(layers, ("n", CHANNELS, 64, 64), ("n", 1, 64, 64), DEEPNESS)
    model = imported(tmp_path, content, divisor=255.0, classes="other, water")
    labels = mapped(model, scene, tmp_path / "map.tif")
    expected, is_clear = dense_labels(layers, scene, lambda x: x / 255)
    assert np.array_equal(labels[is_clear], expected[is_clear] + 1)


@pytest.mark.medium
def test_the_map_does_not_depend_on_batch_size_and_extent(scene: Path, tmp_path: Path) -> None:
    content = onnx_file(pixel_layers(3), ("n", CHANNELS, 48, 48), ("n", 3, 48, 48))
    model = imported(tmp_path, content, divisor=255.0)
    whole = mapped(model, scene, tmp_path / "whole.tif")
    assert np.array_equal(mapped(model, scene, tmp_path / "small.tif", batch_size=1), whole)
    with rasterio.open(scene) as dataset:
        extent = dataset.window_bounds(Window(41, 37, 92, 83))
    part = mapped(model, scene, tmp_path / "part.tif", extent=extent)
    assert np.array_equal(part, whole[37:120, 41:133])


def test_the_model_file_holds_the_network(tmp_path: Path) -> None:
    layers = patch_layers(nn.Softmax(1))
    content = onnx_file(layers, ("n", CHANNELS, SIZE, SIZE), ("n", CLASSES))
    network, card = load_model(imported(tmp_path, content, divisor=1.0))
    (tmp_path / "network.onnx").unlink()
    patches = torch.randn(5, CHANNELS, SIZE, SIZE)
    assert torch.allclose(network(patches).exp(), compute(layers, patches), atol=1e-5)
    assert len(card.classes) == CLASSES


WRONG = {
    "not square": ((1, 3, 64, 32), (1, 4), {}, "square"),
    "two dimensions": ((1, 3), (1, 4), {}, "batch, bands, rows"),
    "smaller output": ((1, 3, 64, 64), (1, 4, 32, 32), {}, "as large as the input"),
    "another purpose": ((1, 3, 9, 9), (1, 4), {"model_type": '"Detector"'}, "Detector"),
}


@pytest.mark.parametrize("case", WRONG)
def test_networks_of_other_kinds_are_refused(tmp_path: Path, case: str) -> None:
    shape, output, properties, sentence = WRONG[case]
    layers = [nn.Conv2d(3, 4, 2, stride=2)] if len(output) == 4 else patch_layers()
    layers = [nn.Linear(3, 4)] if len(shape) == 2 else layers
    with pytest.raises(ModelFileError, match=sentence) as caught:
        imported(tmp_path, onnx_file(layers, shape, output, properties), divisor=1.0)
    assert caught.value.where.endswith("network.onnx") and caught.value.advice
    assert not (tmp_path / "m.safetensors").exists()


def test_damaged_files_and_several_inputs_are_refused(tmp_path: Path) -> None:
    whole = onnx_file(patch_layers(), ("n", CHANNELS, SIZE, SIZE), ("n", CLASSES))
    two = onnx_file(patch_layers(), ("n", CHANNELS, 9, 9), ("n", CLASSES), more=extra_input((1, 2)))
    for content in (whole[:200], whole[:-500], b"\x08\x08\x12" + bytes(50), two):
        with pytest.raises(ModelFileError) as caught:
            imported(tmp_path, content, divisor=1.0)
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


def test_what_an_onnx_model_cannot_do_is_said(scene: Path, tmp_path: Path) -> None:
    content = onnx_file(patch_layers(), ("n", CHANNELS, SIZE, SIZE), ("n", CLASSES))
    model = imported(tmp_path, content, divisor=255.0)
    usual = mapped(model, scene, tmp_path / "map.tif")
    for options in ({"backend": "torch"}, {"precision": "int8"}):
        progress = SilentProgress()
        assert np.array_equal(mapped(model, scene, tmp_path / "map.tif", progress, **options), usual)
        assert any(level == "warning" and "OpenVINO" in text for level, text in progress.lines)
    with pytest.raises(ParameterError, match="without dropout"):
        mapped(model, scene, tmp_path / "map.tif", mc_samples=5, uncertainty=str(tmp_path / "u.tif"))
    labels = RasterSource(str(scene))
    request = train_request(labels, str(tmp_path / "t.safetensors"), architecture="onnx_patch", labels=labels)
    with pytest.raises(ParameterError, match="cannot be trained"):
        train(request, SilentProgress())


def test_without_openvino_one_sentence_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_network, "is_installed", lambda: False)
    content = onnx_file(patch_layers(), ("n", CHANNELS, SIZE, SIZE), ("n", CLASSES))
    with pytest.raises(DeviceError, match="openvino") as caught:
        imported(tmp_path, content, divisor=1.0)
    assert "setupenvironment" in caught.value.advice
