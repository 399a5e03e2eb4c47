"""On real pixels of held-out blocks each backend gives nearly all the class of plain float32.

The bars are those of the project's goals, over all pixels and for the class that fares worst.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from deep_land_cover.benchmarks.agreement import agreements
from deep_land_cover.benchmarks.inference_tasks import methods_on

LEAST = {"fp32": 99.9, "tf32": 99.9, "fp16": 99.9, "bf16": 99.5, "int8": 98.5}
# A network that has learnt less than this finds so many classes close that 16 bits are used for 8.
EPOCHS, PIXELS = 8, 12_000


@pytest.mark.data
@pytest.mark.medium
def test_some_real_pixels_keep_their_class(data_folder: Path) -> None:
    """The same in small; a network that has learnt this little has no use for 8 bits."""
    device = torch.device("cpu")
    possible = methods_on(device)
    methods = {name: possible[name] for name in ("torch_fp32", "openvino_f16") if name in possible}
    figures = dict(agreements(methods, device, 1, 320, architecture="resnet18", tested=500))
    assert figures.keys() == {name + end for name in methods for end in ("", ".apart")}
    assert "torch_fp32" in methods
    for name, found in figures.items():
        method = methods[name.removesuffix(".apart")]
        assert found["pixels"] == 500
        assert found["method"] == str(method), "another method computed"
        assert found["value"] >= LEAST[method.precision], (name, found)


@pytest.mark.data
@pytest.mark.slow
def test_real_pixels_keep_their_class_in_all_numbers(data_folder: Path) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    methods = methods_on(device)
    figures = dict(agreements(methods, device, EPOCHS, PIXELS))
    assert figures.keys() == {name + end for name in methods for end in ("", ".apart")}
    assert "torch_fp32" in methods
    for name, found in figures.items():
        method = methods[name.removesuffix(".apart")]
        least = LEAST[method.precision]
        assert found["pixels"] >= 20_000
        assert found["method"] == str(method), "another method computed"
        assert found["value"] >= least and found["worst_class"] >= least, (name, found)
