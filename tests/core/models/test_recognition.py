"""Networks are recognised by the names and shapes of their weights, as other programs write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import get_model

from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models import architectures, recognition
from deep_land_cover.core.models.architecture import Architecture, deferred
from deep_land_cover.core.models.architectures import ARCHITECTURES
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.recognition import COUNTER, Recognised, recognise
from deep_land_cover.core.options import ATTENTIONS

State = dict[str, Tensor]


def recognised(network: nn.Module, prefix: str = "") -> Recognised:
    shapes = {
        f"{prefix}{name}": tuple(value.shape)
        for name, value in network.state_dict().items()
        if not name.endswith(COUNTER)
    }
    return recognise(shapes, 32, "file")


def torchvision(name: str, channels: int, head: Callable[[int], nn.Module]) -> nn.Module:
    """Return a network of torchvision as notebooks change it, without memory."""
    with torch.device("meta"):
        network = get_model(name)
        network.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
        network.fc = head(network.fc.in_features)
    return network


CASES = {
    "resnet18-plain": ("resnet18", 3, lambda features: nn.Linear(features, 4)),
    "resnet34-plain": ("resnet34", 7, lambda features: nn.Linear(features, 2)),
    "resnet101-plain": ("resnet101", 1, lambda features: nn.Linear(features, 300)),
    "resnet50-dropout": (
        "resnet50",
        23,
        lambda features: nn.Sequential(nn.Dropout(0.5), nn.Linear(features, 6)),
    ),
    "resnet18-without bias": ("resnet18", 3, lambda features: nn.Linear(features, 5, bias=False)),
}
CLASSES = {"resnet18-plain": 4, "resnet34-plain": 2, "resnet101-plain": 300, "resnet50-dropout": 6}


@pytest.mark.medium(but=("resnet50-dropout",))
@pytest.mark.parametrize("case", CASES)
def test_resnets_of_torchvision_are_told_with_channels_and_classes(case: str) -> None:
    prefix = "module.model.backbone."
    name, channels, head = CASES[case]
    network = torchvision(name, channels, head)
    found = recognised(network, prefix)
    assert (found.variant.architecture.name, found.variant.small_stem) == (name, False)
    assert (found.channels, found.classes) == (channels, CLASSES.get(case, 5))
    own = {key for key in network.state_dict() if not key.endswith(COUNTER)}
    assert {other.removeprefix(prefix) for other in found.pairs.values()} == own
    assert found.added == (("fc.bias",) if case.endswith("without bias") else ())


@pytest.mark.medium
def test_a_stem_for_small_images_is_told_by_its_kernels() -> None:
    network = torchvision("resnet18", 4, lambda features: nn.Linear(features, 3))
    with torch.device("meta"):
        network.conv1 = nn.Conv2d(4, 64, 3, padding=1, bias=False)
    assert recognised(network).variant.small_stem


ENTRIES = [
    entry
    for item in ARCHITECTURES
    for entry in item.encoders[:2] or (item,)
    if item.is_network and item.is_trainable and item.reads == "squares"
]


@pytest.mark.medium(but=("resnet18",))
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_network_of_the_registry_is_recognised(entry: Architecture) -> None:
    """So is one that is added later: nothing here names it."""
    with torch.device("meta"):
        network = build_network(entry.name, 5, 4, patch_size=32)
    if not entry.is_original:
        with pytest.raises(ModelFileError, match="computes otherwise") as caught:
            recognised(network, "net.")
        assert "ONNX" in caught.value.advice
        return
    found = recognised(network, "net.")
    assert (found.variant.architecture.name, found.channels, found.classes) == (entry.name, 5, 4)


@pytest.mark.medium
@pytest.mark.parametrize(
    "entry", [item for item in ENTRIES if item.encoder == "resnet18"], ids=lambda e: e.name
)
def test_networks_that_compute_otherwise_than_the_library_are_marked(entry: Architecture) -> None:
    """The library's network of the same name, with its defaults, has the same tensors but other layers."""
    import segmentation_models_pytorch as smp

    classes = {
        "unet": smp.Unet,
        "unetplusplus": smp.UnetPlusPlus,
        "deeplabv3plus": smp.DeepLabV3Plus,
        "fpn": smp.FPN,
    }
    torch.manual_seed(0)
    kind = classes[entry.name.removesuffix("_resnet18")]
    theirs = kind("resnet18", encoder_weights=None, in_channels=3, classes=2).eval()
    ours = build_network(entry.name, 3, 2).eval()
    ours.load_state_dict(theirs.state_dict(), strict=False)
    tile = torch.rand(1, 3, 96, 96)
    with torch.inference_mode():
        assert torch.allclose(ours(tile), theirs(tile), atol=1e-5) == entry.is_original


@pytest.mark.medium
def test_attention_in_the_blocks_of_a_resnet_is_recognised() -> None:
    for attention in ATTENTIONS:
        with torch.device("meta"):
            network = build_network("resnet18", 3, 2, attention=attention)
        assert recognised(network).variant.attention == attention


@pytest.mark.medium
def test_a_single_output_becomes_that_of_the_second_of_two_classes() -> None:
    torch.manual_seed(0)
    network = get_model("resnet18", num_classes=1).eval()
    found = recognised(network)
    assert (found.outputs, found.classes) == (1, 2)
    patches = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        logits = found.network(network.state_dict())(patches)
        assert torch.allclose(logits.softmax(dim=1)[:, 1], network(patches).sigmoid()[:, 0], atol=1e-6)


def test_a_new_entry_is_recognised_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(channels: int, classes: int) -> nn.Module:
        # Squares of 2 x 2 pixels as a transformer reads them, so that channels count fourfold.
        return nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(4 * channels, 8, 1), nn.Flatten(), nn.Linear(2048, classes)
        )

    entry = Architecture(
        "made_up",
        "Made up",
        "patch",
        "network",
        build,
        lambda *_: None,
        head=("3.",),
        first_layer="1",
        make_predictor=deferred("inference.predictors.patch", "make_predictor"),
    )
    for module in (architectures, recognition):
        monkeypatch.setattr(module, "ARCHITECTURES", (*ARCHITECTURES, entry))
    found = recognised(build(6, 9), "module.")
    assert (found.variant.architecture.name, found.channels, found.classes) == ("made_up", 6, 9)


def test_the_network_computes_what_the_original_does() -> None:
    torch.manual_seed(0)
    network = get_model("resnet18", num_classes=3).eval()
    network.fc = nn.Sequential(nn.Dropout(0.3), nn.Linear(512, 4)).eval()
    tensors = {f"model.{name}": value.half() for name, value in network.state_dict().items()}
    found = recognised(network, "model.")
    patches = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        expected = network.half().float()(patches)
        assert torch.allclose(found.network(tensors)(patches), expected, atol=1e-6)


def two_layers(features: int) -> nn.Module:
    return nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 5))


WRONG = {
    "a deeper network": (lambda: get_model("resnet152"), "no network that this version has.*ResNet"),
    "a wider network": (lambda: get_model("wide_resnet50_2"), "no network that this version has"),
    "another network": (lambda: get_model("vgg11"), "begin with features"),
    "a head of two layers": (lambda: torchvision("resnet18", 3, two_layers), "has 2 layers"),
    "no head": (lambda: torchvision("resnet18", 3, lambda _: nn.Identity()), "without its last layer"),
}


@pytest.mark.medium(but=("another network",))
@pytest.mark.parametrize("case", WRONG)
def test_other_networks_are_refused_with_what_to_do(case: str) -> None:
    make, sentence = WRONG[case]
    with torch.device("meta"):
        network = make()
    with pytest.raises(ModelFileError, match=sentence) as caught:
        recognised(network)
    advice = "WEIGHTS_FILE" if case == "no head" else "ONNX"
    assert advice in caught.value.advice
