"""Job that checks the environment."""

from __future__ import annotations

from ..progress import Progress
from ..requests.setup import CheckRequest, CheckResult


def run(request: CheckRequest, progress: Progress) -> CheckResult:
    """Import every package, and run a kernel on the device that ``auto`` selects.

    Args:
        request: Request to check the environment.
        progress: Progress reporter.

    Raises:
        ImportError: A package is missing or cannot be imported.
    """
    import platform

    import numpy
    import rasterio
    import safetensors
    import sklearn
    import torch

    progress.update(0.5, "Running a kernel on the device")
    # The import fails where torch and torchvision come from different builds.
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
    return CheckResult(str(report.description), report.sentence, versions)
