"""Labels of segmentation networks do not depend on the tile, and on nothing beyond the exact halo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architecture import Architecture
from deep_land_cover.core.models.architectures import ARCHITECTURES, architecture
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.options import DENSE_GRID

from ...cards import model_card

SEGMENTATION = [item for item in ARCHITECTURES if item.kind == "pixel"]
ENTRIES = [entry for item in SEGMENTATION for entry in item.encoders]
# One of each network and of each kind of encoder.
FEW = ("unet_mobilenet_v2", "unetplusplus_efficientnet_lite0", "fpn_resnet18", "deeplabv3plus_resnet18")
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


def column(rows: int, generator: torch.Generator) -> Tensor:
    """Return random values of a strip of a raster: what holds along one axis holds along the other."""
    return torch.randn(1, 3, rows, DENSE_GRID, generator=generator)


@pytest.mark.slow(but=FEW)
@pytest.mark.medium
@each_entry
def test_with_the_exact_halo_logits_do_not_depend_on_the_tile(entry: Architecture) -> None:
    torch.manual_seed(0)
    network = build_network(entry.name, 3, 4).eval()
    generator = torch.Generator().manual_seed(1)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_var.uniform_(0.5, 1.5, generator=generator)
    halo, middle = entry.exact_halo, 2 * DENSE_GRID
    values = column(2 * halo + 5 * middle, generator)
    inner = slice(halo + middle, halo + 2 * middle)
    around = slice(middle, 2 * halo + 2 * middle)
    with torch.inference_mode():
        whole, own = network(values)[:, :, inner], network(values[:, :, around])[:, :, halo : halo + middle]
    assert whole.shape == (1, 4, middle, DENSE_GRID)
    assert float(whole.std()) > 1e-3
    torch.testing.assert_close(own, whole, rtol=1e-4, atol=1e-4 * float(whole.std()))


def positive(compute: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a function that says where the result of another is above 0, as 1 and 0."""
    return lambda *inputs: (compute(*inputs) > 0).float()


@pytest.mark.slow(but=("deeplabv3plus_resnet18",))
@pytest.mark.medium
@each_entry
def test_no_pixel_beyond_the_exact_halo_changes_a_score(entry: Architecture) -> None:
    """By counting: with weights of 1 and no norms, a pixel of 1 shows wherever it is seen."""
    network = build_network(entry.name, 1, 2).eval()
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d | nn.ReLU | nn.ReLU6):
            layer.forward = lambda values: values  # type: ignore[method-assign]
        elif isinstance(layer, nn.Conv2d):
            nn.init.ones_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
            layer.forward = positive(layer.forward)  # type: ignore[method-assign]
    halo, seen = entry.exact_halo, []
    # Pixels at which one of the networks looks farthest.
    for place in (7, 15, 23, 28, 31):
        row = halo + DENSE_GRID + place
        values = torch.zeros(1, 1, 2 * halo + 3 * DENSE_GRID, DENSE_GRID)
        values[:, :, row] = 1.0
        with torch.inference_mode():
            rows = network(values)[0, 0].sum(dim=1).nonzero()
        seen += [row - int(rows.min()), int(rows.max()) - row]
    # The halo is as narrow as the grid allows.
    # Which of the outermost pixels change a score depends on the random weights.
    assert halo - 2 * DENSE_GRID < max(seen) <= halo


@pytest.mark.slow(but=FEW)
@pytest.mark.medium
@each_entry
def test_a_model_file_gives_the_same_logits(entry: Architecture, tmp_path: Path) -> None:
    classes = tuple(LandCoverClass(value, f"Class {value}", "#006400") for value in (1, 4, 9))
    card = model_card(bands=("red", "nir"), patch_size=DENSE_GRID, classes=classes, architecture=entry.name)
    torch.manual_seed(0)
    network = build_network(entry.name, 2, 3).eval()
    save_model(tmp_path / "model.safetensors", network, card)
    loaded, document = load_model(tmp_path / "model.safetensors")
    values = torch.randn(1, 2, 64, 96)
    with torch.inference_mode():
        logits = loaded(values)
        assert torch.equal(logits, network(values))
    assert logits.shape == (1, 3, 64, 96)
    assert architecture(document.architecture) is entry
