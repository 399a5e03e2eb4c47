"""Choice of the build of PyTorch and of the index to install it from.

The default package index has the CUDA build for Linux and the CPU build for Windows and macOS. The other
builds are on the index of PyTorch, one folder per build (https://pytorch.org/get-started/locally/).

>>> plan_torch("auto", find_driver())
TorchPlan(build='cpu', indexes=('https://download.pytorch.org/whl/cpu', ''))
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import SetupError
from .command import run_command

TORCH_INDEX = "https://download.pytorch.org/whl/"
"""Index of PyTorch."""

DEFAULT_INDEX = ""
"""Index of the user's pip configuration."""

CUDA_BUILDS = ((11, 8), (12, 6), (12, 8), (12, 9), (13, 0), (13, 2))
"""CUDA versions of the builds on the index of PyTorch, major and minor."""

BUILDS = ("auto", "cuda", "cpu")


@dataclass(frozen=True)
class Driver:
    """NVIDIA driver.

    Attributes:
        cuda: Newest version of CUDA that the driver supports, major and minor; None if it is not known.
    """

    cuda: tuple[int, int] | None = None


@dataclass(frozen=True)
class TorchPlan:
    """Build of PyTorch to install.

    Attributes:
        build: ``cpu``, ``cuda`` or ``default``; empty if a folder of wheels decides.
        indexes: Indexes to try in this order.
    """

    build: str
    indexes: tuple[str, ...]


def plan_torch(build: str, driver: Driver | None, platform: str = sys.platform) -> TorchPlan:
    """Return the build of PyTorch to install and its indexes.

    ``auto`` means CUDA if there is an NVIDIA driver, and falls back to the default index. A build that is
    requested by name is not replaced by another one.

    Args:
        build: Value of BUILD.
        driver: NVIDIA driver of this computer; None without one.
        platform: Value of ``sys.platform``.

    Raises:
        SetupError: ``build`` does not exist, or is ``cuda`` on macOS.
    """
    if build not in BUILDS:
        raise SetupError(
            "BUILD must be one of {builds} (got {build!r})",
            advice="Choose one of these builds.",
            build=build,
            builds=", ".join(BUILDS),
        )
    resolved = build if build != "auto" else "cuda" if driver else "cpu"
    if platform == "darwin":
        if build == "cuda":
            raise SetupError("There is no CUDA on macOS", advice="Use BUILD=auto, which uses Apple's GPU.")
        return TorchPlan("cpu", (DEFAULT_INDEX,))
    is_default_build = resolved == ("cpu" if platform == "win32" else "cuda")
    if resolved == "cpu":
        vendor = [] if is_default_build else [f"{TORCH_INDEX}cpu"]
    else:
        vendor = [f"{TORCH_INDEX}cu{major}{minor}" for major, minor in _cuda_builds(driver, is_default_build)]
    if is_default_build or build == "auto":
        vendor.append(DEFAULT_INDEX)
    return TorchPlan(resolved, tuple(vendor))


def find_driver() -> Driver | None:
    """Return the NVIDIA driver of this computer, None without one."""
    program = _nvidia_smi()
    if program:
        try:
            outcome = run_command([program], timeout=20.0)
        except OSError:
            outcome = None
        if outcome and outcome.code == 0:
            return Driver(cuda_of_driver(outcome.lines))
    return Driver() if Path("/proc/driver/nvidia/version").exists() else None


def cuda_of_driver(lines: Iterable[str]) -> tuple[int, int] | None:
    """Return major and minor version of CUDA in the output of ``nvidia-smi``, None without one."""
    for line in lines:
        version = re.search(r"CUDA(?: UMD)? Version\s*:\s*(\d+)\.(\d+)", line)
        if version:
            return int(version[1]), int(version[2])
    return None


def _cuda_builds(driver: Driver | None, is_default_build: bool) -> list[tuple[int, int]]:
    """Return the builds on the index of PyTorch that a driver supports, best first."""
    newest = CUDA_BUILDS[-1]
    if is_default_build and (driver is None or driver.cuda is None or driver.cuda[0] >= newest[0]):
        # The build of the default index has the newest major version. A driver supports all of its minor
        # versions (https://docs.nvidia.com/deploy/cuda-compatibility/).
        return []
    supported = driver.cuda if driver and driver.cuda else (12, 8)
    same_major = [item for item in CUDA_BUILDS if item[0] == supported[0]]
    builds = [item for item in CUDA_BUILDS if item <= supported]
    if same_major and same_major[0] > supported:
        # A driver of an older minor version supports it, too.
        builds.append(same_major[0])
    return builds[::-1]


def _nvidia_smi() -> str | None:
    if sys.platform == "win32":
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvidia-smi.exe"
        if program.is_file():
            return str(program)
    return shutil.which("nvidia-smi")
