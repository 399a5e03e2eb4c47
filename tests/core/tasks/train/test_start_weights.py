"""Trainings that start from published weights: synthetic files in the form of TorchGeo's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from torch import Tensor, nn
from torchvision.models import resnet18

from deep_land_cover.core.errors import LandCoverError, ModelFileError, ParameterError
from deep_land_cover.core.files import file_checksum
from deep_land_cover.core.models import published as table
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.models.pretrained import published_file
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run, trainer_settings
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.patch import PatchView
from deep_land_cover.core.training.self_supervised import self_supervised_start

from ....requests import classify_request
from ....web_server import serve
from .conftest import Request, scene

# Nothing listens there, should something be fetched after all.
NOWHERE = "http://127.0.0.1:9"
QUICK = {"epochs": 1, "max_per_class": 30, "indices": ("NDVI",)}


def weights(channels: int) -> dict[str, Tensor]:
    """Return the tensors of a file of TorchGeo: a ResNet18 without its last layer."""
    torch.manual_seed(channels)
    network = resnet18()
    network.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
    network.bn1.running_mean.normal_()
    return {name: value for name, value in network.state_dict().items() if not name.startswith("fc.")}


@pytest.fixture
def weights_file(tmp_path: Path) -> Callable[[int], str]:
    def write(channels: int) -> str:
        path = tmp_path / f"weights_{channels}.pth"
        torch.save(weights(channels), path)
        return str(path)

    return write


@pytest.mark.medium
def test_bands_of_published_weights_follow_their_roles(
    request_for: Request, weights_file: Callable[[int], str]
) -> None:
    progress = SilentProgress()
    start = weights_file(13)
    request = request_for(weights="SENTINEL2_ALL_MOCO", weights_file=start, fine_tuning="frozen", **QUICK)
    result = run(request, progress)
    network, card = load_model(Path(result.output))
    sentence = str(card.training.parameters["start"])
    log = [text for _, text in progress.lines]
    assert sentence in log
    for part in (
        "red (red)",
        "nir (nir)",
        "mean of these kernels: NDVI; ",
        "not in the raster: coastal, blue, ",
    ):
        assert part in sentence
    assert "reflectance times 10,000" in sentence and "CC-BY-4.0" in sentence
    assert card.training.parameters["weights"] == "SENTINEL2_ALL_MOCO"
    assert card.training.parameters["fine_tuning"] == "frozen"
    assert any("not tried by us" in text for text in log)
    assert any("is not the published file" in text for text in log)
    # Frozen, so the kernels are those of the file: by role, in its proportions between bands.
    kernels, theirs = network.state_dict()["conv1.weight"], weights(13)["conv1.weight"]
    red, nir = (
        theirs[:, table.published("SENTINEL2_ALL_MOCO", "resnet18").bands.index(role)]
        for role in ("red", "nir")
    )
    ratio = card.scaling.std[1] / card.scaling.std[0]
    assert torch.allclose(kernels[:, 1] / kernels[:, 0], ratio * nir / red, rtol=1e-3)
    assert torch.allclose(kernels[:, 2], (kernels[:, 0] + kernels[:, 1]) / 2, rtol=1e-4, atol=1e-7)
    assert torch.equal(network.state_dict()["layer3.0.conv1.weight"], weights(13)["layer3.0.conv1.weight"])
    # Nothing is clipped, so older versions read the model.
    assert card.scaling.limits == () and card.format_version == 1


@pytest.mark.medium
@pytest.mark.slow
def test_a_map_has_the_channels_of_the_training_where_values_are_clipped(
    request_for: Request, weights_file: Callable[[int], str], tmp_path: Path
) -> None:
    request = request_for(weights="LANDSAT_OLI_SR_MOCO", weights_file=weights_file(7), **QUICK)
    result = run(request, SilentProgress())
    network, card = load_model(Path(result.output))
    # Reflectances of 0 to 0.3, times 10,000; the index has no partner in the weights.
    assert card.scaling.limits == ((0.0, pytest.approx(3000.0)), (0.0, pytest.approx(3000.0)), (None, None))
    assert card.format_version == 2
    assert "clipped to reflectances of 0 to 0.3" in str(card.training.parameters["start"])
    bands, _ = scene()
    # The mean of near infrared is 3,000 without clipping.
    clipped = float(np.minimum(bands[1], 3000).mean())
    assert clipped < 2900 and card.scaling.mean[1] == pytest.approx(clipped, rel=0.02)
    output = tmp_path / "map.tif"
    classify(
        classify_request(request.inputs.raster, result.output, str(output), device="cpu"), SilentProgress()
    )
    with rasterio.open(output) as dataset:
        found = dataset.read(1)
    # The same by hand: clipped, standardised, and a patch of 8 x 8 pixels around each.
    red, nir = bands.astype(np.float64)
    channels = np.stack([red.clip(0, 3000), nir.clip(0, 3000), (nir - red) / (nir + red)])
    scaled = (channels - np.array(card.scaling.mean)[:, None, None]) / np.array(card.scaling.std)[
        :, None, None
    ]
    padded = torch.from_numpy(np.pad(scaled.clip(-10, 10), ((0, 0), (4, 3), (4, 3)), mode="reflect")).float()
    patches = padded.unfold(1, 8, 1).unfold(2, 8, 1).permute(1, 2, 0, 3, 4).flatten(0, 1)
    with torch.inference_mode():
        logits = torch.cat([network(part) for part in patches.split(1024)])
    temperature = card.calibration.temperature if card.calibration else 1.0
    offsets = torch.tensor(card.calibration.offsets if card.calibration else [0.0] * 3)
    expected = np.array([0, 4, 7])[(logits / temperature + offsets).argmax(dim=1).numpy()]
    # Equal but for ties of rounding.
    assert (found == expected.reshape(found.shape)).mean() > 0.999


@pytest.mark.parametrize("centre", [True, False])
def test_initial_weights_leave_the_centre_branch_to_the_user(request_for: Request, centre: bool) -> None:
    request = request_for(weights="SENTINEL2_ALL_MOCO", centre=centre)
    assert (request.resolve().model.centre is not None) == centre


@pytest.mark.medium
def test_a_centred_network_takes_the_weights_for_its_context(
    request_for: Request, weights_file: Callable[[int], str]
) -> None:
    request = request_for(
        weights="LANDSAT_OLI_SR_MOCO",
        weights_file=weights_file(7),
        centre=True,
        context_grid="4",
        pyramid="1,3",
        patch_size=9,
        fine_tuning="frozen",
        **QUICK,
    )
    result = run(request, SilentProgress())
    network, card = load_model(Path(result.output))
    assert card.centre is not None and card.centre.scales == (1, 3)
    own, theirs = network.state_dict(), weights(7)
    assert torch.equal(own["context.layer2.1.conv2.weight"], theirs["layer2.1.conv2.weight"])
    kernels = own["context.conv1.weight"]
    # Both scales of a band have its kernel, and the branch reads values that are not clipped.
    assert kernels.shape[1] == 6 and torch.equal(kernels[:, :3], kernels[:, 3:])
    assert card.scaling.limits == ()
    assert "not clipped to 0 to 0.3" in str(card.training.parameters["start"])


@pytest.mark.slow
def test_self_supervised_weights_come_from_the_raster_alone(request_for: Request, tmp_path: Path) -> None:
    progress = SilentProgress()
    request = request_for(weights="self_supervised", fine_tuning="frozen", **QUICK)
    result = run(request, progress)
    network, card = load_model(Path(result.output))
    sentence = str(card.training.parameters["start"])
    assert "4,096 unlabelled pixels of the raster" in sentence
    assert sentence in [text for _, text in progress.lines]
    assert card.training.parameters["weights"] == "self_supervised"
    assert not list(tmp_path.glob("*.resume*"))
    # The same without any samples.
    resolved = request.resolve()
    with open_stack(request.inputs.raster) as stack:
        settings = replace(trainer_settings(resolved, stack.grid), state_file=tmp_path / "again")
        view = PatchView.of(resolved.model.architecture, settings, torch.float32)
        preparation = Preparation(card.bands, card.indices, card.band_roles, card.reflectance_scale)
        device = torch.device("cpu")
        start, _ = self_supervised_start(
            resolved.model.architecture, view, settings, device, stack, preparation, SilentProgress()
        )
    own = network.state_dict()
    for name in ("conv1.weight", "layer2.1.conv2.weight"):
        assert torch.equal(own[name], start.file.tensors[name])


@pytest.mark.parametrize(
    ("options", "where", "word"),
    [
        ({"weights": "self_supervised", "architecture": "multiscale"}, "WEIGHTS", "does not read patches"),
        (
            {"weights": "self_supervised", "architecture": "unet_resnet18", "patch_size": 32},
            "WEIGHTS",
            "does not read patches",
        ),
        ({"weights": "SENTINEL2_ALL_DINO"}, "WEIGHTS", "resnet50"),
        (
            {"weights": "SENTINEL2_ALL_DINO", "architecture": "unet_resnet18", "patch_size": 32},
            "WEIGHTS",
            "choose one of: none, imagenet, SENTINEL2_ALL_MOCO",
        ),
        ({"weights": "SENTINEL2_ALL_MOCO", "architecture": "multiscale"}, "WEIGHTS", "Multi-scale"),
        ({"weights": "SENTINEL1_ALL_MOCO", "architecture": "resnet50"}, "BAND_ROLES", "vv"),
        ({"weights": "LANDSAT_ETM_SR_MOCO", "value_unit": "landsat"}, "VALUE_UNIT", "would be"),
        ({"weights": "LANDSAT_ETM_SR_MOCO", "value_unit": "percent"}, "VALUE_UNIT", "scaled_offset"),
        ({"weights": "LANDSAT_ETM_SR_MOCO", "fine_tuning": "half"}, "FINE_TUNING", "gradual"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_fetched(
    request_for: Request,
    options: dict[str, Any],
    where: str,
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    with pytest.raises(ParameterError, match=word) as caught:
        run(request_for(**{**QUICK, **options}), SilentProgress())
    assert caught.value.where == where
    assert not (tmp_path / "torch").exists()


def test_values_of_an_unclear_unit_are_refused_before_anything_is_fetched(
    request_for: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)

    def to_8_bits(bands: Any) -> None:
        bands //= 20

    with pytest.raises(ParameterError, match="numbers of 8 bits") as caught:
        run(request_for(weights="LANDSAT_ETM_SR_MOCO", spoil=to_8_bits, **QUICK), SilentProgress())
    assert caught.value.where == "VALUE_UNIT"
    assert not (tmp_path / "torch").exists()


@pytest.mark.parametrize("channels", [3, 12])
def test_a_file_of_other_bands_is_refused(
    request_for: Request, weights_file: Callable[[int], str], channels: int
) -> None:
    request = request_for(weights="SENTINEL2_ALL_MOCO", weights_file=weights_file(channels), **QUICK)
    with pytest.raises(ModelFileError, match=r"\(64, \d+, 7, 7\)"):
        run(request, SilentProgress())


def test_a_file_comes_from_a_mirror_once_and_then_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tmp_path / "weights.pth"
    torch.save({"conv1.weight": torch.rand(64, 7, 7, 7)}, content)
    listed = table.published("LANDSAT_OLI_SR_MOCO", "resnet18")
    entry = replace(listed, file=f"resnet18_landsat_oli_sr_moco-{file_checksum(content)[:8]}.pth")
    served = tmp_path / "served"
    path = served / entry.address({"HF_ENDPOINT": "."})
    path.parent.mkdir(parents=True)
    content.rename(path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    with serve(served, tmp_path / "log") as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.port}")
        first = published_file(entry, None, SilentProgress())
        # The published file has another checksum than this one.
        with pytest.raises(LandCoverError, match="404"):
            published_file(listed, None, SilentProgress())
        assert len(server.requests) == 2
    progress = SilentProgress()
    again = published_file(entry, None, progress)
    assert torch.equal(first.tensors["conv1.weight"], again.tensors["conv1.weight"])
    assert not any("downloaded" in text for _, text in progress.lines)
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    assert sorted(item.name for item in folder.iterdir()) == [entry.file, f"{entry.file}.json"]


@pytest.mark.medium
def test_published_weights_without_their_name_are_a_file_like_any_other(
    request_for: Request, weights_file: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Path(weights_file(7))
    file = start.rename(start.with_name(f"resnet18_landsat_oli_sr_moco-{file_checksum(start)[:8]}.pth"))
    entry = replace(table.published("LANDSAT_OLI_SR_MOCO", "resnet18"), file=file.name)
    monkeypatch.setattr(table, "PUBLISHED_WEIGHTS", (entry,))
    progress = SilentProgress()
    result = run(request_for(weights_file=str(file), **QUICK), progress)
    assert any("Choose WEIGHTS=LANDSAT_OLI_SR_MOCO, too" in text for _, text in progress.lines)
    assert "repeated" in str(read_card(Path(result.output)).training.parameters["start"])
