"""Measure inference on a machine that has a GPU and PyTorch, but neither QGIS nor a network.

Where there is a network, fetch what such a machine may lack, then carry checkout and wheels over:

    python3 tools/gpu_figures.py --fetch WHEELS [--python 3.12]
    python3 tools/gpu_figures.py WHEELS [-- ARGUMENTS OF ./dev bench inference]

The second runs the tests that need a GPU and the benchmark, and writes its figures, which name the
card, under ``benchmarks/results``. Nothing is installed outside a temporary folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What comes with neither PyTorch nor scikit-learn, and the module of each.
PACKAGES = {
    "rasterio": "rasterio",
    "affine": "affine",
    "attrs": "attrs",
    "click": "click",
    "click-plugins": "click_plugins",
    "cligj": "cligj",
    "certifi": "certifi",
    "pyparsing": "pyparsing",
    "skops": "skops",
    "prettytable": "prettytable",
    "wcwidth": "wcwidth",
    "segmentation-models-pytorch": "segmentation_models_pytorch",
    "timm": "timm",
    "huggingface-hub": "huggingface_hub",
    "safetensors": "safetensors",
    "pyogrio": "pyogrio",
    "shapely": "shapely",
}
PLATFORMS = (
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
)


def fetch(wheels: Path, python: str) -> int:
    """Download the wheels for Linux and a version of Python; return pip's exit status."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += [f"--platform={name}" for name in PLATFORMS]
    command += [f"--python-version={python}", "--implementation=cp", "-d", str(wheels), *PACKAGES]
    return subprocess.run(command, check=False).returncode


def measure(wheels: Path, arguments: list[str]) -> int:
    """Run the GPU's tests and the benchmark; return 0 where both went well."""
    with tempfile.TemporaryDirectory() as folder:
        site, plugins = Path(folder) / "site", Path(folder) / "plugins"
        plugins.mkdir()
        # The checkout may have any name; the package is found under its own.
        (plugins / "deep_land_cover").symlink_to(ROOT, target_is_directory=True)
        if not _install_missing(wheels, site):
            return 1
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(plugins), str(site)])}
        tests = [sys.executable, "-m", "pytest", "-m", "gpu", "-o", f"pythonpath={plugins}", "tests/core"]
        status = 0
        if importlib.util.find_spec("pytest"):
            status = subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode
        return _benchmark(arguments, environment) or status


def _install_missing(wheels: Path, site: Path) -> bool:
    """Unpack what cannot be imported here into ``site``; say what is not among the wheels."""
    missing = [name for name, module in PACKAGES.items() if importlib.util.find_spec(module) is None]
    found = [next(wheels.glob(f"{name.replace('-', '_')}-*.whl"), None) for name in missing]
    absent = [name for name, wheel in zip(missing, found, strict=True) if wheel is None]
    if absent:
        print(f"{wheels} has no wheel of {', '.join(absent)}: fetch them with --fetch.", file=sys.stderr)
        return False
    if not found:
        return True
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", f"--target={site}"]
    return subprocess.run([*command, *map(str, found)], check=False).returncode == 0


def _benchmark(arguments: list[str], environment: dict[str, str]) -> int:
    """Print the figures as they come, and keep them."""
    import torch

    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    name = f"inference-{card.replace(' ', '-')}-{date.today().isoformat()}.jsonl"
    command = [sys.executable, "-m", "deep_land_cover.benchmarks.inference", *arguments]
    with (
        (results / name).open("w", encoding="utf-8") as kept,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process,
    ):
        for line in process.stdout or ():
            print(line, end="", flush=True)
            kept.write(line)
            kept.flush()
    return process.returncode


def main() -> int:
    """Fetch or measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheels", type=Path, help="folder of wheels")
    parser.add_argument("--fetch", action="store_true", help="download them")
    parser.add_argument("--python", default="3.12", help="version that they are for")
    parser.add_argument("arguments", nargs="*", help="of the benchmark, after --")
    options = parser.parse_args()
    if options.fetch:
        return fetch(options.wheels, options.python)
    return measure(options.wheels, options.arguments)


if __name__ == "__main__":
    sys.exit(main())
