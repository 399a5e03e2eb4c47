"""A network that another program trained maps with the labels that this program gives."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn
from torchvision.models import get_model

from deep_land_cover.core.errors import LandCoverError, ModelFileError, ParameterError
from deep_land_cover.core.models.card import known_faults, read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.importmodel import ImportRequest
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.importmodel import run

from ...requests import classify_request

SIDE = 24
NAMES = ("B2", "B3", "B4", "B8")
# Logits in another order of sums differ by less.
MARGIN = 1e-4


@pytest.fixture
def scene(make_raster: Callable[..., Path]) -> Path:
    """Raster whose pixels differ much, in bands of different units."""
    generator = np.random.default_rng(0)
    values = generator.normal(0, 1, (4, SIDE, SIDE)) * [[[10]], [[200]], [[30]], [[1000]]]
    return make_raster((values + 3000).astype(np.float32), names=NAMES, name="scene.tif")


def read(path: Path) -> NDArray[np.float32]:
    with rasterio.open(path) as dataset:
        values: NDArray[np.float32] = dataset.read().astype(np.float32)
        return values


def notebook(name: str = "resnet18", channels: int = 4, classes: int = 3) -> nn.Module:
    """Return a network as notebooks make it: torchvision's, with another first and last layer."""
    torch.manual_seed(1)
    network = get_model(name)
    network.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
    network.fc = nn.Sequential(nn.Dropout(0.5), nn.Linear(network.fc.in_features, classes))
    # Statistics of a training, so that normalisations do something.
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(32, channels, 16, 16))
    return network.eval()


def torch_logits(network: nn.Module, values: NDArray[np.float32], size: int) -> torch.Tensor:
    """Return the logits of all pixels, cut by a plain loop; the centre is pixel ``size // 2``."""
    before, behind = size // 2, size - size // 2 - 1
    padded = np.pad(values, ((0, 0), (before, behind), (before, behind)), mode="reflect")
    rows, columns = values.shape[1:]
    patches = [
        padded[:, row : row + size, column : column + size]
        for row in range(rows)
        for column in range(columns)
    ]
    with torch.inference_mode():
        return network(torch.from_numpy(np.stack(patches)))


def mapped(model: str, scene: Path, output: Path, **options: Any) -> NDArray[Any]:
    request = classify_request(
        RasterSource(str(scene)), model, str(output), device="cpu", min_valid=0.0, **options
    )
    classify(request, SilentProgress())
    return read(output)[0]


def request(file: Path, tmp_path: Path, **options: Any) -> ImportRequest:
    return ImportRequest(str(file), str(tmp_path / "model.safetensors"), **options)


def saved(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "network.pth"
    torch.save(content, path)
    return path


@pytest.mark.medium(but=("8",))
@pytest.mark.parametrize("size", [8, 9])
def test_a_checkpoint_of_torchvision_maps_with_the_labels_of_torch(
    scene: Path, tmp_path: Path, size: int
) -> None:
    network = notebook()
    file = saved(
        tmp_path,
        {
            "epoch": 12,
            "model_state_dict": {f"module.{name}": value for name, value in network.state_dict().items()},
            "best_acc": np.float64(0.9),
            "args": argparse.Namespace(lr=0.1),
        },
    )
    values = read(scene)
    mean, std = values.mean(axis=(1, 2)), values.std(axis=(1, 2))
    result = run(
        request(
            file,
            tmp_path,
            patch_size=size,
            bands=", ".join(NAMES),
            mean=", ".join(map(str, mean.tolist())),
            std=", ".join(map(str, std.tolist())),
            classes="10=Water, 20=Forest, 5=Rice",
        ),
        SilentProgress(),
    )
    assert (result.architecture, result.channels, result.classes) == ("resnet18", 4, 3)
    assert (result.tensors, result.unused) == (102, 0)
    logits = torch_logits(network, (values - mean[:, None, None]) / std[:, None, None], size)
    expected = np.array([10, 20, 5])[logits.argmax(dim=1).numpy()].reshape(SIDE, SIDE)
    assert len(np.unique(expected)) == 3
    best = logits.sort(dim=1, descending=True).values
    is_clear = (best[:, 0] - best[:, 1] > MARGIN).numpy().reshape(SIDE, SIDE)
    labels = mapped(result.output, scene, tmp_path / "map.tif")
    assert is_clear.mean() > 0.98
    assert np.array_equal(labels[is_clear], expected[is_clear])


def test_without_mean_and_deviation_those_of_the_raster_are_used(scene: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, notebook().state_dict())
    values = read(scene)
    values[:, :3] = np.nan
    with rasterio.open(scene, "r+") as dataset:
        dataset.write(values)
    result = run(request(file, tmp_path, patch_size=8, sample=RasterSource(str(scene))), SilentProgress())
    card = read_card(Path(result.output))
    valid = values[:, 3:].astype(np.float64)
    assert card.scaling.mean == pytest.approx(valid.mean(axis=(1, 2)), rel=1e-6)
    assert card.scaling.std == pytest.approx(valid.std(axis=(1, 2)), rel=1e-6)
    assert card.bands == NAMES and card.survey is not None
    assert sum(card.survey.class_fractions) == pytest.approx(1)


@pytest.mark.medium
def test_facts_in_the_file_are_used_and_parameters_come_first(scene: Path, tmp_path: Path) -> None:
    content = {
        "state_dict": notebook().state_dict(),
        "class_names": ["Water", "Forest", "Rice"],
        "mean": [0.1] * 4,
        "std": [0.2] * 4,
        "patch_size": 8,
    }
    file = saved(tmp_path, content)
    plain = request(file, tmp_path)
    card = read_card(Path(run(plain, SilentProgress()).output))
    assert [(item.value, item.name) for item in card.classes] == [(1, "Water"), (2, "Forest"), (3, "Rice")]
    assert card.scaling.mean == (0.1,) * 4 and card.patch_size == 8
    changed = replace(plain, classes="7, 8, 9", mean="0.5", std="2", divisor=100.0, patch_size=16)
    card = read_card(Path(run(changed, SilentProgress()).output))
    assert [(item.value, item.name) for item in card.classes] == [(7, "Water"), (8, "Forest"), (9, "Rice")]
    # (x / 100 - 0.5) / 2 = (x - 50) / 200
    assert card.scaling.mean == (50.0,) * 4 and card.scaling.std == (200.0,) * 4
    assert card.patch_size == 16


@pytest.mark.medium
def test_bands_are_taken_from_the_raster_in_the_order_of_the_network(scene: Path, tmp_path: Path) -> None:
    file = saved(tmp_path, notebook(channels=3).state_dict())
    sample = RasterSource(str(scene))
    result = run(request(file, tmp_path, bands="4, b2, 3", sample=sample, patch_size=8), SilentProgress())
    card = read_card(Path(result.output))
    assert card.bands == ("B8", "B2", "B4") and card.band_roles["nir"] == "B8"
    assert card.scaling.mean == pytest.approx(read(scene).mean(axis=(1, 2))[[3, 0, 2]], rel=1e-6)


@pytest.mark.medium
def test_numbers_of_bands_find_them_in_a_raster_with_other_names(scene: Path, tmp_path: Path) -> None:
    """Without a raster, channel 1 is band 4 of every raster with four bands."""
    network = notebook(channels=2, classes=2)
    file = saved(tmp_path, network.state_dict())
    result = run(
        request(file, tmp_path, bands="4, 1", mean="3000", std="100", patch_size=8), SilentProgress()
    )
    labels = mapped(result.output, scene, tmp_path / "map.tif")
    logits = torch_logits(network, (read(scene)[[3, 0]] - 3000) / 100, 8)
    agree = labels == logits.argmax(dim=1).numpy().reshape(SIDE, SIDE) + 1
    assert agree.mean() > 0.995


@pytest.mark.medium
def test_an_imported_model_has_no_faults_of_an_earlier_version_and_no_accuracy(tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    save_file(notebook().state_dict(), file)
    card = read_card(Path(run(request(file, tmp_path, divisor=1.0), SilentProgress()).output))
    assert card.is_imported and card.metrics is None and card.patch_size == 32
    assert known_faults(card) == ()
    assert card.training.parameters["imported_from"] == "weights.safetensors"


@pytest.mark.medium
def test_values_are_not_clamped_and_rasters_of_any_unit_are_mapped(scene: Path, tmp_path: Path) -> None:
    """With DIVISOR alone nothing says which values the training had."""
    network = notebook()
    file = saved(tmp_path, network.state_dict())
    result = run(request(file, tmp_path, bands=", ".join(NAMES), divisor=1.0, patch_size=8), SilentProgress())
    labels = mapped(result.output, scene, tmp_path / "map.tif")
    expected = torch_logits(network, read(scene), 8).argmax(dim=1).numpy().reshape(SIDE, SIDE) + 1
    assert (labels == expected).mean() > 0.995


@pytest.mark.medium
def test_a_unet_labels_every_pixel_as_torch_does(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    import segmentation_models_pytorch as smp

    torch.manual_seed(0)
    network = smp.Unet("resnet18", encoder_weights=None, in_channels=2, classes=3)
    network.train()
    with torch.no_grad():
        network(torch.randn(8, 2, 64, 64))
    network.eval()
    file = saved(tmp_path, {"model": {f"model.{key}": value for key, value in network.state_dict().items()}})
    values = np.random.default_rng(0).normal(0, 1, (2, 96, 96)).astype(np.float32)
    scene = make_raster(values, names=("red", "nir"))
    result = run(request(file, tmp_path, bands="red, nir", divisor=1.0), SilentProgress())
    assert result.architecture == "unet_resnet18"
    labels = mapped(result.output, scene, tmp_path / "map.tif", exact=True)
    padded = values[:, *np.meshgrid(*[mirrored(96)] * 2, indexing="ij")]
    with torch.inference_mode():
        logits = network(torch.from_numpy(padded)[None])[0, :, 320:416, 320:416]
    best = logits.sort(dim=0, descending=True).values
    is_clear = (best[0] - best[1] > MARGIN).numpy()
    assert np.array_equal(labels[is_clear], logits.argmax(dim=0).numpy()[is_clear] + 1)


def mirrored(size: int) -> NDArray[np.int64]:
    """Return the positions of 320 pixels before and behind an axis, mirrored without the edge."""
    positions = np.abs(np.arange(-320, size + 320)) % (2 * (size - 1))
    return np.where(positions >= size, 2 * (size - 1) - positions, positions)


@pytest.mark.medium
def test_the_report_names_every_tensor_and_what_was_assumed(scene: Path, tmp_path: Path) -> None:
    state = {**notebook().state_dict(), "projector.weight": torch.zeros(2)}
    file = saved(tmp_path, {"state_dict": state, "epoch": 7})
    report = tmp_path / "report.html"
    progress = SilentProgress()
    run(request(file, tmp_path, sample=RasterSource(str(scene), "Scene <1>"), report=str(report)), progress)
    page = report.read_text(encoding="utf-8")
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["matched"] == len(content["tensors"]) == 102
    assert {"name": "fc.weight", "source": "fc.1.weight", "shape": [3, 512], "dtype": "float32"} in content[
        "tensors"
    ]
    assert content["unused"] == ["projector.weight"] and content["recorded"] == {"epoch": "7"}
    assert content["part"] == "state_dict"
    assert [item["predicted_fraction"] for item in content["classes"]] != [None] * 3
    for text in ("102 of 102", "fc.1.weight", "projector.weight", "32 x 32", "Scene &lt;1&gt;"):
        assert text in page, text
    warnings = " ".join(text for level, text in progress.lines if level == "warning")
    assert "projector.weight" in warnings and "patch size" in warnings


def wrong(**changes: Any) -> dict[str, Any]:
    return {"divisor": 1.0, "patch_size": 8, **changes}


WRONG = {
    "no scaling": (wrong(divisor=None), ParameterError, "how the bands were scaled"),
    "too few means": (wrong(mean="1, 2", std="1, 2"), ParameterError, "2 numbers for 4"),
    "a mean without deviation": (wrong(mean="1"), ParameterError, "together"),
    "a deviation of 0": (wrong(mean="1", std="0"), ParameterError, "STD"),
    "no number": (wrong(mean="a", std="1"), ParameterError, "'a' is not a number"),
    "a divisor of 0": (wrong(divisor=0.0), ParameterError, "DIVISOR"),
    "a patch too large": (wrong(patch_size=1000), ParameterError, "PATCH_SIZE"),
    "too few classes": (wrong(classes="a, b"), ParameterError, "CLASSES has 2"),
    "a class value twice": (wrong(classes="1=a, 1=b, 2=c"), ParameterError, "value of its own"),
    "values of some classes": (wrong(classes="1=a, b, c"), ParameterError, "value of its own"),
    "a value that is none": (wrong(classes="x=a, 2=b, 3=c"), ParameterError, "whole number"),
    "too few bands": (wrong(bands="B2, B3"), ParameterError, "4 input channels"),
    "a band twice": (wrong(bands="a, b, A, c"), ParameterError, "twice"),
    "a scheme that does not exist": (wrong(scheme="none"), LandCoverError, "scheme"),
}


@pytest.fixture(scope="module")
def network_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("network"), notebook().state_dict())


@pytest.mark.medium(but=("no scaling", "too few classes", "a patch too large"))
@pytest.mark.parametrize("case", WRONG)
def test_wrong_parameters_are_refused_and_nothing_is_written(
    network_file: Path, tmp_path: Path, case: str
) -> None:
    changes, kind, sentence = WRONG[case]
    with pytest.raises(kind, match=sentence) as caught:
        run(request(network_file, tmp_path, **changes), SilentProgress())
    assert caught.value.advice
    assert not list(tmp_path.iterdir())


@pytest.mark.medium
def test_files_of_other_kinds_are_refused(network_file: Path, tmp_path: Path) -> None:
    own = Path(run(request(network_file, tmp_path, divisor=1.0, patch_size=8), SilentProgress()).output)
    odd = {
        "text.pth": b"hello",
        "empty.pth": b"",
        "absent.pth": None,
        "mine.safetensors": own.read_bytes(),
    }
    for name, content in odd.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ModelFileError) as caught:
            run(ImportRequest(str(path), str(tmp_path / "other.safetensors")), SilentProgress())
        assert caught.value.advice and caught.value.where.endswith(name)
    for content in ({"note": "text"}, {"w": torch.zeros(2)}):
        with pytest.raises(ModelFileError):
            run(
                ImportRequest(str(saved(tmp_path, content)), str(tmp_path / "o.safetensors")),
                SilentProgress(),
            )
    assert not (tmp_path / "other.safetensors").exists()


@pytest.mark.medium
def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    state = notebook().state_dict()
    state["layer1.0.conv1.weight"][0] = torch.nan
    with pytest.raises(ModelFileError, match="not finite"):
        run(request(saved(tmp_path, state), tmp_path, divisor=1.0), SilentProgress())
