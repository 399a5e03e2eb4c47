"""Vision transformers and Swin transformers of patches of 15 to 64 pixels."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.models.architecture import CentreBranch
from deep_land_cover.core.models.network import build_network, last_layer, with_last_layer
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.train import check_request

from ...cards import model_card
from ...requests import train_request

NAMES = ("vit", "swin")
SIZES = (15, 16, 17, 32, 33, 63, 64)
each_name = pytest.mark.parametrize("name", NAMES)


@pytest.mark.medium(but=("vit-16", "vit-17", "swin-15", "swin-16"))
@pytest.mark.parametrize("size", SIZES)
@each_name
def test_every_pixel_of_a_patch_counts(name: str, size: int) -> None:
    torch.manual_seed(0)
    network = build_network(name, 3, 4, patch_size=size).eval()
    patches = torch.randn(2, 3, size, size, requires_grad=True)
    logits = network(patches)
    assert logits.shape == (2, 4)
    logits.square().sum().backward()
    assert patches.grad is not None and bool((patches.grad != 0).all())


@pytest.mark.parametrize(
    ("size", "squares"), [(15, 25), (16, 36), (17, 36), (31, 121), (32, 64), (33, 81), (64, 256)]
)
def test_a_vision_transformer_has_a_position_for_each_square(size: int, squares: int) -> None:
    # Squares of 3 pixels, of 4 from 32 pixels on, and one position for the class.
    with torch.device("meta"):
        network = build_network("vit", 3, 4, patch_size=size)
    assert network.state_dict()["vit.encoder.pos_embedding"].shape[1] == squares + 1


@pytest.mark.parametrize("size", [16, 17, 33])
@each_name
def test_padding_keeps_the_centre(name: str, size: int) -> None:
    pad = build_network(name, 3, 4, patch_size=size).get_submodule("pad")
    patch = torch.zeros(1, 1, size, size)
    patch[:, :, size // 2, size // 2] = 1.0
    padded = pad(patch)[0, 0]
    assert padded[len(padded) // 2, len(padded) // 2] == 1.0


@pytest.mark.parametrize("centre", [None, CentreBranch((3, 5), 4, (1, 3))], ids=["plain", "centred"])
@each_name
def test_a_model_file_gives_the_same_logits(name: str, centre: CentreBranch | None, tmp_path: Path) -> None:
    classes = tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (1, 4, 9))
    card = model_card(bands=("red", "nir"), patch_size=17, classes=classes, architecture=name, centre=centre)
    torch.manual_seed(0)
    network = build_network(name, 2, 3, centre=centre, patch_size=17).eval()
    save_model(tmp_path / "model.safetensors", network, card)
    loaded, _ = load_model(tmp_path / "model.safetensors")
    side = 2 * centre.reach(17) + 1 if centre else 17
    inputs = [torch.randn(2, 2, side, side)]
    if centre:
        inputs += [torch.ones(2, 1, side, side), torch.zeros(2, 2, dtype=torch.int64)]
    with torch.inference_mode():
        assert torch.equal(loaded(*inputs), network(*inputs))
        # Dropout and the area of applicability take the last layer by its name.
        assert last_layer(loaded, name).out_features == 3
        features = with_last_layer(loaded, name, nn.Identity())(*inputs)
        torch.testing.assert_close(last_layer(loaded, name)(features), loaded(*inputs))


@pytest.mark.parametrize("size", [14, 65])
@each_name
def test_other_patch_sizes_are_refused(name: str, size: int) -> None:
    request = train_request(
        RasterSource("scene.tif"), "model.safetensors", samples="a.jsonl", architecture=name, patch_size=size
    )
    with pytest.raises(ParameterError) as caught:
        check_request(request.resolve())
    assert caught.value.where == "PATCH_SIZE" and "15" in str(caught.value)
