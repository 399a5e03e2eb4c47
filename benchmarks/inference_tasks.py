"""What the figures of inference have in common: the scene, the tasks and the clock."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import rasterio
import torch

from deep_land_cover.core.errors import DeviceError
from deep_land_cover.core.inference.backends.choice import possible_methods
from deep_land_cover.core.models.network_file import load_model, save_model
from deep_land_cover.core.options import (
    BF16,
    FP16,
    FP32,
    INDEX_NAMES,
    INT8,
    OPENVINO,
    TF32,
    TORCH,
    Method,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Tile
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.core.tasks.train import run as train

from ..tests.requests import classify_request, train_request
from .worker import open_worker

SIDE, PATCH = 640, 32


@dataclass(frozen=True, eq=False)
class Bench:
    """What all figures have in common."""

    folder: Path
    scene: Path
    model: Path
    device: torch.device
    where: str
    rounds: int
    centres: int

    def window(self, stride: int) -> Tile:
        """Return rows from the top of the scene, in which about so many centres can be classified."""
        with rasterio.open(self.scene) as dataset:
            valid = dataset.read_masks().all(axis=0)
        columns = min(SIDE, 160 * stride)
        cells = valid[stride // 2 :: stride, stride // 2 : columns : stride].sum(axis=1).cumsum()
        rows = int(np.searchsorted(cells, self.centres)) + 1
        return Tile(0, 0, min(rows * stride, SIDE), columns)

    def request(self, stride: int, window: Tile, method: Method, name: str = "ours.tif") -> ClassifyRequest:
        """Return the task of a window."""
        with rasterio.open(self.scene) as dataset:
            left, top = dataset.transform @ (window.column, window.row)
            right, bottom = dataset.transform @ (window.column_stop, window.row_stop)
        return classify_request(
            RasterSource(str(self.scene)),
            str(self.model),
            str(self.folder / name),
            extent=(left, bottom, right, top),
            stride=stride,
            device=str(self.device),
            backend=method.backend,
            precision=method.precision,
            resume=False,
        )


def trained_model(path: Path, scene: Path, labels: Path, device: torch.device) -> Path:
    """Train a ResNet50 on the scene for a minute, and return its path.

    How many patches have close classes, and so are computed twice in fewer bits, depends on what a
    network has learnt: one of random weights finds all classes close.

    Args:
        path: The file to write.
        scene: What it learns from.
        labels: Raster of its class values.
        device: Where to train.
    """
    request = train_request(
        RasterSource(str(scene)),
        str(path),
        labels=RasterSource(str(labels)),
        scheme="jambi",
        architecture="resnet50",
        indices=INDEX_NAMES,
        patch_size=PATCH,
        centre=False,
        split="random",
        max_per_class=800,
        epochs=8,
        baseline=False,
        seed=1,
        device=str(device),
    )
    train(request, SilentProgress())
    # The plain loop takes the highest score, which is not moved to other proportions of classes.
    network, card = load_model(path)
    save_model(path, network, replace(card, calibration=None))
    return path


def methods_on(device: torch.device) -> dict[str, Method]:
    """Return what can be had, by the names of the figures."""
    wanted = {f"torch_{precision}": Method(TORCH, precision) for precision in (FP32, TF32, BF16, FP16)}
    wanted |= {"openvino_fp32": Method(OPENVINO, FP32), "openvino_f16": Method(OPENVINO)}
    wanted["openvino_int8"] = Method(OPENVINO, INT8)
    found = {}
    for name, method in wanted.items():
        try:
            found[name] = possible_methods(method, device)[0]
        except DeviceError as error:
            print(f"not measured: {name}: {error}", file=sys.stderr)
    return found


def timed(request: ClassifyRequest) -> tuple[float, int]:
    """Return the seconds and the patches of a task in this process, which is warm."""
    start = time.perf_counter()
    patches = run(request, SilentProgress()).patches
    return time.perf_counter() - start, patches


def cold_seconds(request: ClassifyRequest) -> float:
    """Return the seconds of a task in a new worker: import, conversion, trial, calibration and all."""
    with open_worker() as worker:
        start = time.perf_counter()
        worker.run("classify", request)
        return time.perf_counter() - start
