"""Check the environment: every package loads, and a kernel runs on the device."""

from __future__ import annotations

from dataclasses import dataclass

from ..progress import Progress


@dataclass(frozen=True)
class CheckRequest:
    """Nothing needs to be said."""


@dataclass(frozen=True)
class CheckResult:
    """What the environment can do.

    Attributes:
        device: The device that ``auto`` stands for, described for people.
        sentence: Which device will be used, and why not the GPU where it is not.
        versions: Version of Python, of every package, and of CUDA and GDAL within them.
    """

    device: str
    sentence: str
    versions: dict[str, str]


def run(request: CheckRequest, progress: Progress) -> CheckResult:
    """Load every package and run a kernel.

    Raises:
        ImportError: A package is missing or does not load.
    """
    import platform

    import numpy
    import rasterio
    import safetensors
    import sklearn
    import torch

    progress.update(0.5, "Running a kernel on the device")
    # Fails where torch and torchvision come from different builds.
    import torchvision

    from ..device import check_device

    report = check_device()
    versions = {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "CUDA of torch": str(torch.version.cuda or "none"),
        "torchvision": torchvision.__version__,
        "numpy": numpy.__version__,
        "rasterio": rasterio.__version__,
        "GDAL of rasterio": rasterio.__gdal_version__,
        "scikit-learn": sklearn.__version__,
        "safetensors": safetensors.__version__,
    }
    progress.log(report.sentence)
    return CheckResult(report.description, report.sentence, versions)
