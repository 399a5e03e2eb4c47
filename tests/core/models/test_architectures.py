from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import deep_land_cover
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.models.architecture import Architecture
from deep_land_cover.core.models.architectures import ARCHITECTURES, OLDER_NAMES, architecture
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.options import ENCODERS

NETWORKS = [item for item in ARCHITECTURES if item.family == "network" and item.is_trainable]
PATCH_NETWORKS = [item.name for item in NETWORKS if (item.kind, item.reads) == ("patch", "squares")]


@pytest.mark.medium(but=("resnet18",))
@pytest.mark.parametrize("name", PATCH_NETWORKS)
def test_every_patch_network_takes_any_number_of_channels(name: str) -> None:
    size = architecture(name).recipe.patch_size
    network = build_network(name, 23, 6, patch_size=size).eval()
    with torch.inference_mode():
        assert network(torch.zeros(2, 23, size, size)).shape == (2, 6)


@pytest.mark.medium(but=("resnet18",))
@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_a_small_stem_keeps_every_pixel(name: str) -> None:
    network = build_network(name, 5, 3, small_stem=True).eval()
    seen: list[torch.Size] = []
    network.layer1.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    with torch.inference_mode():
        assert network(torch.zeros(2, 5, 8, 8)).shape == (2, 3)
    assert seen == [(2, 64, 8, 8)]
    # Of the standard one, a quarter of the rows and columns is left.
    plain = build_network(name, 5, 3).eval()
    plain.layer1.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    with torch.inference_mode():
        plain(torch.zeros(2, 5, 8, 8))
    assert seen[1] == (2, 64, 2, 2)


def test_the_multi_scale_network_takes_a_mean_and_a_deviation_of_each_window() -> None:
    network = build_network("multiscale", 5, 3, windows=(3, 7)).eval()
    with torch.inference_mode():
        assert network(torch.zeros(4, 5 + 2 * 2 * 5)).shape == (4, 3)
        assert network(torch.zeros(4, 5 + 2 * 2 * 5, 1, 1)).shape == (4, 3)


@pytest.mark.medium(but=("resnet18", "unet"))
@pytest.mark.parametrize("item", NETWORKS, ids=lambda item: item.name)
def test_the_last_layer_of_the_head_gives_the_logits(item: Architecture) -> None:
    network = build_network(item.name, 4, 7, patch_size=item.recipe.patch_size)
    last = network.get_submodule(item.head[-1].rstrip("."))
    assert next(last.parameters()).shape[0] == 7
    assert list(dict(network.named_parameters()))[-1].startswith(item.head[-1])


def test_every_name_is_listed_once_and_found() -> None:
    names = [item.name for item in ARCHITECTURES]
    assert len(set(names)) == len(names)
    assert {"resnet18", "resnet34", "resnet50", "resnet101"} <= set(names)
    assert [architecture(name).name for name in names] == names


def test_encoders_are_entries_whose_names_scripts_and_models_may_have() -> None:
    unet = architecture("unet")
    assert unet.with_encoder("auto") is unet.with_encoder("resnet18") is architecture("unet_resnet18")
    assert [entry.name for entry in unet.encoders] == [f"unet_{name}" for name in ENCODERS[1:]]
    # Scripts and model files of 0.1.0 have these names.
    for name in OLDER_NAMES:
        assert architecture(name).name == name
        assert architecture(name).with_encoder("resnet34").name == name
    assert str(architecture("unet_resnet50").title) == "U-Net on ResNet50"
    with pytest.raises(ParameterError, match="resnet101"):
        unet.with_encoder("vgg")


def test_an_unknown_architecture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match="resnet50"):
        build_network("vgg", 3, 2)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("models.architectures", ("torch", "sklearn", "numpy", "rasterio")),
        # A worker that maps with a network starts half a second sooner without it.
        ("tasks.classify", ("sklearn", "torchvision", "matplotlib")),
    ],
)
def test_a_module_imports_no_heavy_package_that_it_may_not_need(module: str, heavy: tuple[str, ...]) -> None:
    parent = Path(deep_land_cover.__file__).parent.parent
    script = (
        f"import sys; sys.path.insert(0, {str(parent)!r}); import deep_land_cover.core.{module}; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
