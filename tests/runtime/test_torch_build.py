"""Which build of PyTorch is installed from where, and what pip's complaints mean."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import deep_land_cover
from deep_land_cover.core.errors import SetupError
from deep_land_cover.runtime.packages import PACKAGES
from deep_land_cover.runtime.pip_errors import pip_error, venv_error
from deep_land_cover.runtime.torch_build import DEFAULT_INDEX, TORCH_INDEX, Driver, cuda_of_driver, plan_torch

ROOT = Path(deep_land_cover.__file__).parent
NEW, OLD, OLDER = Driver((13, 1)), Driver((12, 7)), Driver((11, 8))


def indexes(build, driver, platform):
    return [index.removeprefix(TORCH_INDEX) for index in plan_torch(build, driver, platform).indexes]


@pytest.mark.parametrize(
    ("build", "driver", "platform", "chosen", "expected"),
    [
        ("auto", None, "linux", "cpu", ["cpu", DEFAULT_INDEX]),
        ("auto", NEW, "linux", "cuda", [DEFAULT_INDEX]),
        ("auto", Driver(), "linux", "cuda", [DEFAULT_INDEX]),
        ("auto", OLD, "linux", "cuda", ["cu126", "cu118", DEFAULT_INDEX]),
        ("cpu", NEW, "linux", "cpu", ["cpu"]),
        ("cuda", None, "linux", "cuda", [DEFAULT_INDEX]),
        ("auto", None, "win32", "cpu", [DEFAULT_INDEX]),
        ("cpu", NEW, "win32", "cpu", [DEFAULT_INDEX]),
        ("auto", NEW, "win32", "cuda", ["cu130", "cu129", "cu128", "cu126", "cu118", DEFAULT_INDEX]),
        ("cuda", Driver((12, 8)), "win32", "cuda", ["cu128", "cu126", "cu118"]),
        ("cuda", Driver((12, 2)), "win32", "cuda", ["cu126", "cu118"]),
        ("cuda", OLDER, "win32", "cuda", ["cu118"]),
        ("auto", None, "darwin", "cpu", [DEFAULT_INDEX]),
        ("cpu", None, "darwin", "cpu", [DEFAULT_INDEX]),
    ],
)
def test_the_build_fits_system_and_driver(build, driver, platform, chosen, expected):
    assert plan_torch(build, driver, platform).build == chosen
    assert indexes(build, driver, platform) == expected


def test_cuda_on_macos_and_unknown_builds_are_refused():
    with pytest.raises(SetupError, match="no CUDA on macOS"):
        plan_torch("cuda", None, "darwin")
    with pytest.raises(SetupError, match="BUILD must be"):
        plan_torch("rocm", None, "linux")


@pytest.mark.parametrize(
    ("line", "version"),
    [
        # Heads of nvidia-smi's table, of drivers 550 and 580.
        ("| NVIDIA-SMI 550.54.14      Driver Version: 550.54.14      CUDA Version: 12.4     |", (12, 4)),
        ("| NVIDIA-SMI 580.65.06      Driver Version: 580.65.06      CUDA Version: 13.0     |", (13, 0)),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", None),
    ],
)
def test_the_drivers_cuda_is_read_from_nvidia_smi(line, version):
    assert cuda_of_driver(["Thu Jan  1 00:00:00 2026", "+-----+", line]) == version


def test_the_packages_are_the_dependencies_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [package.requirement for package in PACKAGES] == project["project"]["dependencies"]


def test_the_vendors_index_is_named_in_one_file_only():
    host = TORCH_INDEX.split("/")[2]
    files = [*ROOT.glob("runtime/*.py"), *ROOT.glob("core/**/*.py"), *ROOT.glob("algorithms/*.py")]
    assert [path.name for path in files if host in path.read_text(encoding="utf-8")] == ["torch_build.py"]


@pytest.mark.parametrize(
    ("text", "wheels", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "",
            "disk is full",
        ),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by "
            "'NewConnectionError: Failed to establish a new connection:  Name or service not known'\n"
            "ERROR: No matching distribution found for torch>=2.6",
            "",
            "cannot be reached",
        ),
        ("ERROR: No matching distribution found for torch>=2.6", "", "has no torch>=2.6 for this Python"),
        (
            "ERROR: No matching distribution found for rasterio>=1.4",
            "/wheels",
            "has no wheel of rasterio>=1.4",
        ),
        (
            "Cannot connect to proxy.', OSError('Tunnel failed: 407 Proxy Authentication Required'))",
            "",
            "proxy refused",
        ),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "", "certificate"),
        (
            "Collecting x\nERROR: Failed building wheel for x.",
            "",
            "pip failed: ERROR: Failed building wheel for x",
        ),
        ("", "", "pip failed: no reason given"),
    ],
)
def test_complaints_of_pip_become_sentences(text, wheels, sentence):
    assert sentence in str(pip_error(text, wheels))


def test_complaints_of_venv_become_sentences():
    assert "python3-venv" in str(venv_error("/usr/bin/python3: No module named venv", "python", Path("x")))
    assert "Permission denied" in str(
        venv_error("Error: [Errno 13] Permission denied: 'x'", "python", Path("x"))
    )
    assert "disk is full" in str(
        venv_error("OSError: [Errno 28] No space left on device", "python", Path("x"))
    )
