from __future__ import annotations

import os
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import Tensor, nn
from torchvision.models import resnet18

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ModelFileError, ParameterError
from deep_land_cover.core.files import file_checksum
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import Training
from deep_land_cover.core.models.first_layer import fit_kernels
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import save_model
from deep_land_cover.core.models.pretrained import (
    Inputs,
    imagenet_start,
    load_start,
    read_state,
    start_from,
)
from deep_land_cover.core.progress import SilentProgress

from ...cards import model_card

RESNET18 = architecture("resnet18")
CLASSES = tuple(LandCoverClass(value, f"Class {value}", "#808080") for value in (1, 4, 7))
ROLES = {"blue": "B2", "green": "B3", "red": "B4", "nir": "B8"}
INPUTS = Inputs(("B2", "B3", "B4", "B8", "NDVI"), ROLES)
CHANNELS = INPUTS.names


@pytest.fixture(scope="module")
def theirs() -> dict[str, Tensor]:
    """The weights of torchvision's own ResNet18, random."""
    torch.manual_seed(5)
    return resnet18().state_dict()


def started(path: Path, name: str = "resnet18") -> tuple[nn.Module, str]:
    torch.manual_seed(0)
    network = build_network(name, len(CHANNELS), len(CLASSES))
    loaded = load_start(network, architecture(name), INPUTS, CLASSES, start_from(read_state(path)))
    return network, loaded.sentence


ORIGINS = {
    "torchvision": lambda state: state,
    "torchgeo": lambda state: {name: value for name, value in state.items() if not name.startswith("fc.")},
    "moco": lambda state: {
        "epoch": 200,
        "arch": "resnet18",
        "state_dict": {
            **{f"module.encoder_q.{name}": value for name, value in state.items()},
            **{f"module.encoder_k.{name}": torch.zeros_like(value) for name, value in state.items()},
            "module.queue": torch.zeros(128, 16),
        },
    },
    "lightning": lambda state: {
        "pytorch-lightning_version": "2.0.0",
        "state_dict": {f"model.backbone.{name}": value for name, value in state.items()},
        "optimizer_states": [{"state": {0: {"step": torch.tensor(1.0)}}}],
    },
    "parallel and compiled": lambda state: {
        "model_state_dict": {f"module._orig_mod.{name}": value for name, value in state.items()}
    },
}


@pytest.mark.medium(but=("torchgeo", "torchvision"))
@pytest.mark.parametrize("origin", ORIGINS)
def test_weights_of_any_origin_are_found_under_their_names(
    theirs: dict[str, Tensor], tmp_path: Path, origin: str
) -> None:
    path = tmp_path / "weights.pth"
    torch.save(ORIGINS[origin](theirs), path)
    network, sentence = started(path)
    own = network.state_dict()
    assert torch.equal(own["layer4.1.conv2.weight"], theirs["layer4.1.conv2.weight"])
    assert torch.equal(own["bn1.running_var"], theirs["bn1.running_var"])
    # ResNet18 has 122 tensors; all but the two of the last layer have a source.
    assert sentence.startswith("Training starts from weights.pth: 120 of 122 tensors loaded; ")
    assert "random: fc.weight, fc.bias" in sentence


def test_a_safetensors_file_is_read_whatever_it_is_called(theirs: dict[str, Tensor], tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    save_file(theirs, path)
    network, _ = started(path)
    assert torch.equal(network.state_dict()["layer1.0.conv1.weight"], theirs["layer1.0.conv1.weight"])


def test_kernels_are_repeated_and_scaled_where_channels_have_no_names() -> None:
    kernels = torch.rand(4, 3, 7, 7)
    fitted, phrase = fit_kernels(kernels, [frozenset({str(number)}) for number in range(6)], ())
    assert torch.allclose(fitted, torch.cat([kernels, kernels], dim=1) / 2)
    assert phrase == "kernels of 3 channels repeated for 6 channels"
    # Six channels that show the same thing give what three gave.
    pixel = torch.rand(1, 1, 7, 7)
    answers = [(pixel * item).sum(dim=(1, 2, 3)) for item in (kernels, fitted)]
    assert torch.allclose(*answers, rtol=1e-5)


def test_kernels_are_matched_by_name_where_both_sides_have_names() -> None:
    kernels = torch.rand(4, 3, 7, 7)
    rgb = (frozenset({"red"}), frozenset({"green"}), frozenset({"blue"}))
    fitted, phrase = fit_kernels(kernels, CHANNELS, rgb)
    mean = kernels.mean(dim=1)
    expected = [kernels[:, 2], kernels[:, 1], kernels[:, 0], mean, mean]
    assert torch.allclose(fitted, torch.stack(expected, dim=1) * 3 / 5)
    assert phrase == "blue, green, red by name, mean of all for 2 others"


def test_the_same_channels_keep_their_kernels() -> None:
    kernels = torch.rand(4, 5, 7, 7)
    assert torch.equal(fit_kernels(kernels, CHANNELS, CHANNELS)[0], kernels)
    assert torch.equal(fit_kernels(kernels, CHANNELS, ())[0], kernels)


def test_another_model_gives_its_channels_and_the_rows_of_its_classes(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    torch.manual_seed(3)
    other = build_network("resnet18", 2, 2)
    card = model_card(
        bands=("B8", "B4"),
        band_roles={"nir": "B8", "red": "B4"},
        patch_size=8,
        pixel_size=(10.0, 10.0),
        classes=(CLASSES[2], LandCoverClass(99, "Other", "#808080")),
        training=Training("random", "", 1, 1, 1, 0, 1),
        created="",
    )
    save_model(path, other, card)
    network, sentence = started(path)
    own = network.state_dict()
    assert torch.allclose(own["conv1.weight"][:, 3] * 5 / 2, other.conv1.weight[:, 0])
    assert torch.equal(own["fc.weight"][2], other.fc.weight[0])
    assert not torch.equal(own["fc.weight"][1], other.fc.weight[1])
    assert "b8" in sentence and "random" not in sentence


def test_weights_of_another_network_are_refused(theirs: dict[str, Tensor], tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(theirs, path)
    with pytest.raises(ModelFileError, match=r"not those of ResNet50.*begins with conv1\.weight") as caught:
        started(path, name="resnet50")
    assert caught.value.advice


class Evil:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch evil",)


@pytest.mark.parametrize(
    "content", [b"", b"no weights", {"weight": Evil()}, {"note": "text"}, [1, 2], np.zeros(3)]
)
def test_what_holds_no_weights_or_code_is_refused(tmp_path: Path, content: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "weights.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(ModelFileError) as caught:
        read_state(path)
    assert caught.value.advice and "\n" not in str(caught.value)
    assert not (tmp_path / "evil").exists()
    with pytest.raises(ModelFileError, match="no such file"):
        read_state(tmp_path / "absent.pth")


def test_imagenet_weights_come_from_the_cache(
    theirs: dict[str, Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoints" / "resnet18-f37072fd.pth"
    path.parent.mkdir()
    torch.save(theirs, path)
    # Weights of torchvision have the first digits of their checksum in their name.
    path = path.rename(path.with_name(f"resnet18-{file_checksum(path)[:8]}.pth"))
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    address = SimpleNamespace(url=f"https://example.org/models/{path.name}")
    monkeypatch.setattr(torchvision.models, "get_model_weights", lambda name: {"DEFAULT": address})
    network = build_network("resnet18", 5, 3)
    start = imagenet_start(RESNET18, SilentProgress())
    sentence = load_start(network, RESNET18, INPUTS, CLASSES, start).sentence
    assert "blue, green, red by name, mean of all for 2 others" in sentence
    red = theirs["conv1.weight"][:, 0]
    assert torch.allclose(network.state_dict()["conv1.weight"][:, 2], red * 3 / 5)


def test_without_a_network_the_message_names_file_address_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    # Nothing listens on this port of the machine.
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/models/resnet18-f37072fd.pth"
        weights = SimpleNamespace(url=address)
        monkeypatch.setattr(torchvision.models, "get_model_weights", lambda name: {"DEFAULT": weights})
        with pytest.raises(ModelFileError) as caught:
            imagenet_start(RESNET18, SilentProgress())
    assert "refused" in caught.value.what
    assert caught.value.where == address
    assert str(tmp_path / "checkpoints") in caught.value.advice
    assert "resnet18-f37072fd.pth" in caught.value.advice
    assert not any((tmp_path / "checkpoints").iterdir())


def test_nothing_is_fetched_for_what_has_no_such_weights() -> None:
    with pytest.raises(ParameterError, match="no ImageNet weights for Multi-scale"):
        imagenet_start(architecture("multiscale"), SilentProgress())
