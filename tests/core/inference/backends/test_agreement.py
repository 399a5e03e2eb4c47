"""Each backend gives nearly all patches the class that the network gives them in plain float32.

The bars are those of the project's goals. The network is a small one, trained on patches whose classes
overlap, so that some lie near the border between two. ``test_gewata`` is the small form of it.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backends.base import PatchNetwork
from deep_land_cover.core.inference.backends.cascade import RasterSample, logits_of, recompute
from deep_land_cover.core.inference.backends.choice import Backends, possible_methods
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.options import Method
from deep_land_cover.core.progress import SilentProgress

pytestmark = pytest.mark.slow
CHANNELS, CLASSES, SIZE = 5, 4, 16
LEAST = {"fp32": 1.0, "tf32": 0.999, "fp16": 0.999, "bf16": 0.995, "int8": 0.985}


@dataclass(frozen=True)
class Trained:
    """A network, patches that it has not seen, and others that fewer bits are set up on."""

    network: nn.Module
    patches: Tensor
    classes: Tensor
    sample: Tensor


def make_patches(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return smooth noise whose channels are shifted by the class, and the classes."""
    generator = torch.Generator().manual_seed(seed)
    colours = torch.randn(CLASSES, CHANNELS, generator=torch.Generator().manual_seed(0))
    classes = torch.randint(CLASSES, (count,), generator=generator)
    coarse = torch.randn(count, CHANNELS, SIZE // 4, SIZE // 4, generator=generator)
    noise = torch.randn(count, CHANNELS, SIZE, SIZE, generator=generator)
    smooth = nn.functional.interpolate(coarse, scale_factor=4.0)
    return 0.25 * colours[classes][:, :, None, None] + smooth + 0.5 * noise, classes


@pytest.fixture(scope="module")
def trained() -> Trained:
    torch.manual_seed(1)
    network = build_network("resnet18", CHANNELS, CLASSES).train()
    patches, classes = make_patches(2048, seed=1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    for start in range(0, len(patches), 64):
        batch = slice(start, start + 64)
        loss = nn.functional.cross_entropy(network(patches[batch]), classes[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Trained(
        network.eval().requires_grad_(False), *make_patches(1500, seed=2), make_patches(2300, seed=3)[0]
    )


def share_of(trained: Trained, method: Method, device: str = "cpu") -> float:
    """Return the share of patches that get the class which the network gives them by itself."""
    where = torch.device(device)
    backends = Backends(PatchNetwork(trained.network.to(where), CHANNELS, SIZE, where))
    if method not in possible_methods(method, where):
        pytest.skip(f"nothing computes {method} here")
    sample = RasterSample("", 10**6, lambda count: trained.sample[:count], lambda logits: logits)
    computation = backends.choose(method, sample.count, SilentProgress(), sample)
    assert computation.backend.method == method
    patches = trained.patches.to(where)
    found = logits_of(computation.backend, patches).clone()
    with torch.inference_mode():
        again = recompute(
            found, computation.recomputation, lambda backend, chosen: logits_of(backend, patches[chosen])
        )
    # Computing all of them again would be no feat.
    assert len(again) < 0.25 * len(found)
    with torch.inference_mode():
        expected = torch.cat([backends.network.plain(batch) for batch in patches.split(500)])
    return float((found.argmax(dim=1) == expected.argmax(dim=1)).double().mean())


def test_the_network_has_learnt_something_and_not_everything(trained):
    with torch.inference_mode():
        found = trained.network.cpu()(trained.patches).argmax(dim=1)
    assert 0.6 < float((found == trained.classes).double().mean()) < 0.99


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_pytorch_on_the_processor(trained, precision):
    assert share_of(trained, Method("torch", precision)) >= LEAST[precision]


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="OpenVINO is not installed")
@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_openvino(trained, precision):
    try:
        assert share_of(trained, Method("openvino", precision)) >= LEAST[precision]
    except Exception as error:
        if "not available on" not in str(error):
            raise
        pytest.skip(f"this processor has no {precision}")


@pytest.mark.skipif(importlib.util.find_spec("nncf") is None, reason="NNCF is not installed")
def test_8_bit_numbers(trained):
    assert share_of(trained, Method("openvino", "int8")) >= LEAST["int8"]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("precision", ["fp32", "tf32", "bf16", "fp16"])
def test_pytorch_on_a_gpu(trained, precision):
    assert share_of(trained, Method("torch", precision), "cuda:0") >= LEAST[precision]
