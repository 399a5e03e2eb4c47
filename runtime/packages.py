"""The packages of the core: the one list that set-up, probes and the checks read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """A package: the requirement for pip and the module that it brings."""

    requirement: str
    module: str


PACKAGES = (
    Package("torch>=2.6", "torch"),
    Package("torchvision>=0.21", "torchvision"),
    Package("numpy>=2.0", "numpy"),
    Package("rasterio>=1.4", "rasterio"),
    Package("scipy>=1.11", "scipy"),
    Package("scikit-learn>=1.5", "sklearn"),
    Package("safetensors>=0.4.5", "safetensors"),
    Package("skops>=0.11", "skops"),
    Package("segmentation-models-pytorch>=0.5", "segmentation_models_pytorch"),
    Package("matplotlib>=3.8", "matplotlib"),
    Package("jinja2>=3.1", "jinja2"),
)
"""The same as the dependencies in pyproject.toml; a test compares them."""

OPTIONAL_PACKAGES = (Package("openvino>=2025.0", "openvino"),)
"""What makes the core faster where it can be had; it does without."""

TORCH_MODULES = ("torch", "torchvision")
"""These two must come from the same build: torchvision's operators are compiled against torch."""

TORCH_USERS = ("segmentation_models_pytorch",)
"""These want torch, and would bring the default index's build where none is there."""

OLDEST_PYTHON = (3, 11)
"""Oldest Python that the core runs on."""
