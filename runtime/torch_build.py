"""Which build of PyTorch to install, and from which index.

The default package index holds the CUDA build for Linux and the CPU build for Windows and macOS.
The other builds are on the vendor's index, one folder a build; see
https://pytorch.org/get-started/locally/.
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
"""The vendor's index; the only package host that is named anywhere."""

DEFAULT_INDEX = ""
"""Stands for the index of the user's pip configuration."""

CUDA_BUILDS = ((11, 8), (12, 6), (12, 8), (12, 9), (13, 0), (13, 2))
"""CUDA versions of the builds on the vendor's index."""

BUILDS = ("auto", "cuda", "cpu")


@dataclass(frozen=True)
class Driver:
    """The NVIDIA driver; ``cuda`` is the newest CUDA it runs, None where that is not known."""

    cuda: tuple[int, int] | None = None


@dataclass(frozen=True)
class TorchPlan:
    """What to install: ``cpu`` or ``cuda``, and the indexes to try in turn."""

    build: str
    indexes: tuple[str, ...]


def plan_torch(build: str, driver: Driver | None, platform: str = sys.platform) -> TorchPlan:
    """Return which build to take from where.

    ``auto`` takes CUDA where there is an NVIDIA driver, and may end with the default index where
    the vendor's cannot be reached; what was asked for by name is not replaced by another build.

    Raises:
        SetupError: ``build`` is unknown, or CUDA was asked for on macOS.
    """
    if build not in BUILDS:
        raise SetupError(
            "There is no build {build!r}",
            advice="Use one of {builds}.",
            build=build,
            builds=", ".join(BUILDS),
        )
    chosen = build if build != "auto" else "cuda" if driver else "cpu"
    if platform == "darwin":
        if build == "cuda":
            raise SetupError("There is no CUDA on macOS", advice="Use BUILD=auto, which uses Apple's GPU.")
        return TorchPlan("cpu", (DEFAULT_INDEX,))
    is_default_build = chosen == ("cpu" if platform == "win32" else "cuda")
    if chosen == "cpu":
        vendor = [] if is_default_build else [f"{TORCH_INDEX}cpu"]
    else:
        vendor = [f"{TORCH_INDEX}cu{major}{minor}" for major, minor in _cuda_builds(driver, is_default_build)]
    if is_default_build or build == "auto":
        vendor.append(DEFAULT_INDEX)
    return TorchPlan(chosen, tuple(vendor))


def find_driver() -> Driver | None:
    """Return the NVIDIA driver of this computer, or None where there is none."""
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
    """Return the CUDA version in the output of ``nvidia-smi``."""
    for line in lines:
        found = re.search(r"CUDA(?: UMD)? Version\s*:\s*(\d+)\.(\d+)", line)
        if found:
            return int(found[1]), int(found[2])
    return None


def _cuda_builds(driver: Driver | None, is_default_build: bool) -> list[tuple[int, int]]:
    """Return the vendor's builds that ``driver`` can run, best first."""
    newest = CUDA_BUILDS[-1]
    if is_default_build and (driver is None or driver.cuda is None or driver.cuda[0] >= newest[0]):
        # The default index's build is of the newest major version, all minors of which the
        # driver runs: https://docs.nvidia.com/deploy/cuda-compatibility/
        return []
    able = driver.cuda if driver and driver.cuda else (12, 8)
    same_major = [item for item in CUDA_BUILDS if item[0] == able[0]]
    fitting = [item for item in CUDA_BUILDS if item <= able]
    if same_major and same_major[0] > able:
        # An older minor version of the driver runs it too.
        fitting.append(same_major[0])
    return fitting[::-1]


def _nvidia_smi() -> str | None:
    if sys.platform == "win32":
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvidia-smi.exe"
        if program.is_file():
            return str(program)
    return shutil.which("nvidia-smi")
