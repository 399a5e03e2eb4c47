"""Core modules that a classification and a training enter between the task's ``run`` and the kernel.

The kernel is the first step of a training (a backward pass, or a fit of scikit-learn), and the first
forward pass or prediction for a tile of a map. Two figures are printed for each task: the number of
distinct modules, and the number of changes from one module to another, which is how often a reader of the
call would turn to another file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin

from deep_land_cover.core import requests
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.train import TrainRequest
from deep_land_cover.core.tasks import classify, train

from ..tests.requests import classify_request
from .figures import print_figure

SIDE = 64
_CORE = Path(requests.__file__).parents[1]
_SUFFIXES = {"random_forest": ".skops", "resnet18": ".safetensors"}
# File of a library, and its functions that compute: a step of a training, and a forward pass or prediction.
_STEPS = (
    ("torch/_tensor.py", ("backward",)),
    ("sklearn/ensemble/_forest.py", ("fit",)),
    ("sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py", ("fit",)),
)
_PREDICTIONS = (
    ("torch/nn/modules/module.py", ("_call_impl",)),
    ("torch/fx/graph_module.py", ("call_wrapped",)),
    ("sklearn/ensemble/_forest.py", ("predict_proba",)),
    ("sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py", ("predict_proba",)),
)
# Before its first tile, a classification computes trials on random patches.
_TILE_FILE, _TILE_FUNCTION = "inference/pipeline.py", "classify"


class Trace:
    """Modules of the core that are entered, until the kernel is reached.

    Attributes:
        modules: Distinct modules in the order of their first call.
        changes: Number of calls and returns that lead from one module to another.
        is_reached: Whether the kernel is reached.
    """

    def __init__(self) -> None:
        self.modules: dict[str, None] = {}
        self.changes = 0
        self.is_reached = False
        self._here = threading.local()
        self._names: dict[CodeType, str] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Count an event of ``sys.setprofile``."""
        if self.is_reached or event not in ("call", "return"):
            return
        code = frame.f_code
        if event == "call" and _is_kernel(frame):
            self.is_reached = True
            sys.setprofile(None)
            threading.setprofile(None)
            return
        name = self._module(code)
        if not name:
            return
        if event == "return":
            name = self._module(frame.f_back.f_code) if frame.f_back else ""
            if not name:
                return
        self.modules.setdefault(name)
        before = getattr(self._here, "name", name)
        self.changes += name != before
        self._here.name = name

    def _module(self, code: CodeType) -> str:
        """Return the module of a function of the core; empty for others, and for a module's own body."""
        if code not in self._names:
            path = Path(code.co_filename)
            is_core = path.is_relative_to(_CORE) and code.co_name != "<module>"
            self._names[code] = path.relative_to(_CORE).as_posix() if is_core else ""
        return self._names[code]


def _is_kernel(frame: FrameType) -> bool:
    if _is_one_of(frame.f_code, _STEPS):
        return True
    if not _is_one_of(frame.f_code, _PREDICTIONS):
        return False
    caller = frame.f_back
    while caller:
        code = caller.f_code
        if code.co_name == _TILE_FUNCTION and code.co_filename.endswith(_TILE_FILE):
            return True
        caller = caller.f_back
    return False


def _is_one_of(code: CodeType, kernels: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    return any(code.co_filename.endswith(file) and code.co_name in names for file, names in kernels)


def traced(task: Callable[[], Any]) -> Trace:
    """Return which modules a task enters, in all its threads.

    Raises:
        RuntimeError: The task never reached a kernel.
    """
    trace = Trace()
    threading.setprofile(trace)
    sys.setprofile(trace)
    try:
        task()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    if not trace.is_reached:
        raise RuntimeError("the task reached no kernel")
    return trace


def write_scene(folder: Path) -> tuple[RasterSource, RasterSource]:
    """Write a raster of three classes in squares, and its labels."""
    truth = np.add.outer(np.arange(SIDE) // 8, np.arange(SIDE) // 8) % 3 + 1
    bands = np.random.default_rng(0).normal(1000 * np.stack([truth, 4 - truth]), 60).astype(np.float32)
    sources = []
    for name, values, nodata in (("scene", bands, None), ("labels", truth[None].astype(np.uint8), 0)):
        path = folder / f"{name}.tif"
        profile = {"count": len(values), "dtype": values.dtype, "nodata": nodata, "crs": "EPSG:32748"}
        place = from_origin(500_000.0, 9_800_000.0, 20.0, 20.0)
        with rasterio.open(path, "w", height=SIDE, width=SIDE, transform=place, **profile) as dataset:
            dataset.write(values)
        sources.append(RasterSource(str(path)))
    return sources[0], sources[1]


def main() -> None:
    """Trace a training and a classification, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", choices=tuple(_SUFFIXES), default="resnet18")
    parser.add_argument("--modules", action="store_true", help="name the modules, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raster, labels = write_scene(folder)
        model = str(folder / f"model{_SUFFIXES[options.architecture]}")
        training = TrainRequest(
            raster,
            model,
            labels=labels,
            architecture=options.architecture,
            patch_size=4,
            epochs=1,
            max_per_class=30,
            device="cpu",
        )
        mapping = classify_request(
            raster, model, str(folder / "map.tif"), device="cpu", backend="torch", precision="fp32"
        )
        tasks: dict[str, Callable[[], Any]] = {
            "train": lambda: train.run(training, SilentProgress()),
            "classify": lambda: classify.run(mapping, SilentProgress()),
        }
        for task, run in tasks.items():
            trace = traced(run)
            details = {"modules": list(trace.modules)} if options.modules else {}
            architecture = options.architecture
            print_figure(
                f"trace.{task}.modules", len(trace.modules), "modules", architecture=architecture, **details
            )
            print_figure(f"trace.{task}.changes", trace.changes, "changes", architecture=architecture)


if __name__ == "__main__":
    main()
