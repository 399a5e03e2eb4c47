"""Attention of ResNets: the formulas of the papers, computed with NumPy."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.ndimage import correlate
from torch import nn
from torchvision.ops import SqueezeExcitation

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.attention import AttendingBlock, Cbam
from deep_land_cover.core.models.card import ModelCard
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.values import from_plain

from ...cards import model_card

CHANNELS, SIZE = 32, 9
Array = NDArray[np.float64]
CARD = model_card(
    bands=("red", "nir"),
    patch_size=SIZE,
    classes=tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (1, 4)),
)


def sigmoid(values: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-values))


def perceptron(layers: list[nn.Conv2d], values: Array) -> Array:
    """Return ``W2 ReLU(W1 z + b1) + b2`` of each row."""
    (first, bias), (second, other) = (
        (layer.weight.detach().double().numpy()[:, :, 0, 0], layer.bias.detach().double().numpy())
        for layer in layers
    )
    return np.maximum(values @ first.T + bias, 0.0) @ second.T + other


def maps() -> tuple[torch.Tensor, Array]:
    values = torch.randn(3, CHANNELS, 7, 5, generator=torch.Generator().manual_seed(0))
    return values, values.double().numpy()


def test_squeeze_and_excitation_is_the_formula_of_hu_and_others() -> None:
    torch.manual_seed(1)
    module, (values, array) = SqueezeExcitation(CHANNELS, 2), maps()
    scales = sigmoid(perceptron([module.fc1, module.fc2], array.mean(axis=(2, 3))))
    np.testing.assert_allclose(module(values).detach(), array * scales[:, :, None, None], atol=1e-5)


def test_cbam_is_the_formula_of_woo_and_others() -> None:
    torch.manual_seed(1)
    module, (values, array) = Cbam(CHANNELS), maps()
    layers = [layer for layer in module.channels if isinstance(layer, nn.Conv2d)]
    weights = perceptron(layers, array.mean(axis=(2, 3))) + perceptron(layers, array.max(axis=(2, 3)))
    array = array * sigmoid(weights)[:, :, None, None]
    kernel = module.pixels.weight.detach().double().numpy()[0]
    bias = float(module.pixels.bias.detach()[0])
    pixels = [
        correlate(item.mean(axis=0), kernel[0], mode="constant")
        + correlate(item.max(axis=0), kernel[1], mode="constant")
        for item in array
    ]
    expected = array * sigmoid(np.stack(pixels)[:, None] + bias)
    np.testing.assert_allclose(module(values).detach(), expected, atol=1e-5)


@pytest.mark.medium(but=("resnet18-se",))
@pytest.mark.parametrize("kind", ["se", "cbam"])
@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_attention_of_ones_leaves_a_resnet_what_it_is(name: str, kind: str) -> None:
    plain, network = (build_network(name, 4, 3, attention=item).eval() for item in ("none", kind))
    # The weights have their names of torchvision, so that pretrained ones can be loaded.
    missing, unexpected = network.load_state_dict(plain.state_dict(), strict=False)
    assert all(".attention." in key for key in missing) and not unexpected
    blocks = [block for block in network.modules() if isinstance(block, AttendingBlock)]
    assert len(blocks) == {"resnet18": 8, "resnet50": 16}[name]
    patches = torch.randn(2, 4, SIZE, SIZE)
    with torch.inference_mode():
        assert not torch.allclose(network(patches), plain(patches))
        for block in blocks:
            block.attention.forward = lambda maps: maps  # type: ignore[method-assign]
        torch.testing.assert_close(network(patches), plain(patches))


@pytest.mark.parametrize("centre", [None, CentreBranch((3, 5), 4, (1,))], ids=["plain", "centred"])
@pytest.mark.parametrize("kind", ["se", "cbam"])
def test_the_document_keeps_the_attention(tmp_path: Path, kind: str, centre: CentreBranch | None) -> None:
    network = build_network("resnet18", 2, 2, centre=centre, patch_size=SIZE, attention=kind)
    card = dataclasses.replace(CARD, attention=kind, centre=centre)
    path = tmp_path / "model.safetensors"
    save_model(path, network, card)
    loaded, document = load_model(path)
    assert document.attention == kind
    assert all(torch.equal(value, network.state_dict()[key]) for key, value in loaded.state_dict().items())


def test_a_document_without_attention_is_that_of_a_plain_resnet() -> None:
    document = json.loads(CARD.to_json())
    del document["attention"]
    assert from_plain(ModelCard, document).attention == "none"
    with pytest.raises(TypeError, match="other"):
        from_plain(ModelCard, {**document, "attention": "other"})
