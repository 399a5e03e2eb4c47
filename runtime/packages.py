"""Python packages of the core: the list that set-up, probes and checks use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """Python package.

    Attributes:
        requirement: Requirement for pip, such as ``torch>=2.6``.
        module: Name of the module to import.
        is_data: Whether only files of the package are read: it is installed without its dependencies, and
            never imported.
    """

    requirement: str
    module: str
    is_data: bool = False


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
    Package("pyogrio>=0.10", "pyogrio"),
    Package("shapely>=2.1", "shapely"),
)
"""Required packages, the same as the dependencies in pyproject.toml."""

OPTIONAL_PACKAGES = (Package("openvino>=2025.0", "openvino"),)
"""Packages that make the core faster, which are installed where they are available."""

CLOUD_NETWORKS = Package("ukis-csmask==1.0.0", "ukis_csmask", is_data=True)
"""Networks that find clouds, see ``core.satellite.csmask``; installed only where the user asks for them."""

TORCH_MODULES = ("torch", "torchvision")
"""Modules that must come from the same build, because torchvision is compiled against torch."""

TORCH_USERS = ("segmentation_models_pytorch",)
"""Modules that depend on torch. Installed before it, they would install the build of the default index."""

MIN_PYTHON = (3, 11)
"""Oldest version of Python that the core runs on."""
