"""Reading, overhead, time and memory of classifying large rasters, clustered and scattered."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from deep_land_cover.core.options import INDEX_NAMES
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.classify import ClassifyRequest

from ..tests.requests import classify_request
from .figures import print_figure
from .memory import PeakMeter, forget_peak, memory_at_rest, peak_resident
from .overhead import measure_overhead
from .province import (
    BAND_NAMES,
    PROVINCE,
    PROVINCE_VALID,
    Field,
    clustered,
    scattered,
    write_model,
    write_raster,
)
from .reading import measure_reading
from .worker import open_worker

_PATTERNS = {"clustered": clustered, "scattered": scattered}
_SHARE_SHAPE = (1536, 1536)


@dataclass(frozen=True)
class Job:
    """A model file, which pixels are computed with it, and both in words."""

    model: Path
    stride: int
    text: str

    def request(self, raster: Path, output: Path) -> ClassifyRequest:
        """Return the task; every valid pixel counts, however few are beside it."""
        source = RasterSource(str(raster))
        return classify_request(
            source, str(self.model), str(output), stride=self.stride, min_valid=0.0, device="cpu"
        )


@dataclass(frozen=True)
class Measured:
    """What one classification took: seconds, patches, and memory in bytes.

    ``rest`` and ``peak`` are those of this process and its worker together, ``worker_peak`` is the
    worker's alone.
    """

    seconds: float
    patches: int
    rest: int
    peak: int
    worker_peak: int

    @property
    def memory(self) -> dict[str, float]:
        """The memory in MB, for people."""
        return {
            "above_rest": _megabytes(self.peak - self.rest),
            "peak": _megabytes(self.peak),
            "rest": _megabytes(self.rest),
            "worker_peak_resident": _megabytes(self.worker_peak),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench raster", description=__doc__)
    parser.add_argument(
        "--full",
        action="store_true",
        help="classify the province with STRIDE 1 instead of 4, and look at the growth with scattered pixels",
    )
    is_full = parser.parse_args().full
    with tempfile.TemporaryDirectory(prefix="deep-land-cover-") as name:
        folder = Path(name)
        resnet50 = write_model(folder / "resnet50.safetensors", "resnet50", 32, INDEX_NAMES)
        resnet18 = write_model(folder / "resnet18.safetensors", "resnet18", 8)
        real = Job(resnet50, 1, "ResNet50, 23 channels, 32 x 32 patches, STRIDE 1")
        coarse = Job(resnet50, 4, "ResNet50, 23 channels, 32 x 32 patches, STRIDE 4")
        trivial = Job(resnet18, 4, "ResNet18, 10 channels, 8 x 8 patches, STRIDE 4")
        measure_reading(folder)
        _print_province(real if is_full else coarse, folder)
        _print_growth(trivial, list(_PATTERNS) if is_full else ["clustered"], folder)
        # Last, because it leaves much memory with this process, which counts in the others.
        _print_overhead(real, folder)


def _print_overhead(job: Job, folder: Path) -> None:
    """Print ``raster.overhead_share``, on a part of the province as densely valid as the whole."""
    rows, columns = _SHARE_SHAPE
    valid = round(rows * columns * PROVINCE_VALID / (PROVINCE[0] * PROVINCE[1]))
    found = {}
    for pattern, fields in _PATTERNS.items():
        raster = write_raster(folder / f"{pattern}.tif", _SHARE_SHAPE, fields(_SHARE_SHAPE, valid))
        found[pattern] = measure_overhead(job.request(raster, folder / "map.tif"))
    print_figure(
        "raster.overhead_share",
        max(item["share"] for item in found.values()),
        "ratio",
        model=job.text,
        raster=f"{rows} x {columns} pixels, {valid} valid",
        method="(total - model) / total; total: the task in this process, from opening the raster to the "
        "finished map; model: the network alone on the same batches, kept in memory; median of rounds in "
        "turns",
        threads=torch.get_num_threads(),
        **found,
    )


def _print_province(job: Job, folder: Path) -> None:
    """Print ``raster.province.seconds`` and ``raster.province.peak_memory``."""
    runs = {pattern: _classify_province(pattern, 1, job, folder) for pattern in _PATTERNS}
    about: Mapping[str, Any] = {
        "pixels": PROVINCE[0] * PROVINCE[1],
        "bands": len(BAND_NAMES),
        "valid": PROVINCE_VALID,
        "model": job.text,
    }
    slowest = max(runs.values(), key=lambda item: item.seconds)
    print_figure(
        "raster.province.seconds",
        round(slowest.seconds, 1),
        "s",
        **about,
        method="the task in a warm worker, from the request to the result",
        **{name: {"seconds": round(item.seconds, 1), "patches": item.patches} for name, item in runs.items()},
    )
    largest = max(runs.values(), key=lambda item: item.peak - item.rest)
    print_figure(
        "raster.province.peak_memory",
        _megabytes(largest.peak - largest.rest),
        "MB",
        _megabytes(largest.rest),
        **about,
        method="summed PSS of this process and its worker, looked at ten times a second, above that at rest; "
        "baseline: at rest, when a tiny raster has been classified with the same model",
        **{name: item.memory for name, item in runs.items()},
    )


def _print_growth(job: Job, patterns: list[str], folder: Path) -> None:
    """Print ``raster.peak_memory.growth``."""
    small = {pattern: _classify_province(pattern, 1, job, folder) for pattern in patterns}
    large = {pattern: _classify_province(pattern, 2, job, folder) for pattern in patterns}
    print_figure(
        "raster.peak_memory.growth",
        round(max(item.worker_peak / small[name].worker_peak for name, item in large.items()), 3),
        "ratio",
        model=job.text,
        method="most memory that the worker held at any moment (the kernel's VmHWM) on a raster of four "
        "times the pixels and as many valid ones, by that on the province; each in a worker of its own",
        **{name: {"province": small[name].memory, "larger": item.memory} for name, item in large.items()},
    )


def _classify_province(pattern: str, factor: int, job: Job, folder: Path) -> Measured:
    """Classify the province, ``factor`` times as high and wide, in a fresh but warm worker."""
    shape = (PROVINCE[0] * factor, PROVINCE[1] * factor)
    raster = folder / f"{pattern}_province_{factor}.tif"
    if not raster.exists():
        write_raster(raster, shape, _PATTERNS[pattern](shape, PROVINCE_VALID))
    tiny = write_raster(folder / "tiny.tif", (300, 300), [Field(10, 10, 30, 900)])
    with open_worker() as worker:
        worker.run("classify", job.request(tiny, folder / "map.tif"))
        rest = memory_at_rest()
        forget_peak(worker.pid)
        start = time.perf_counter()
        with PeakMeter() as meter:
            result = worker.run("classify", job.request(raster, folder / "map.tif"))
        seconds = time.perf_counter() - start
        return Measured(seconds, result["patches"], rest, meter.peak, peak_resident(worker.pid))


def _megabytes(number: int) -> float:
    return round(number / 1e6, 1)


if __name__ == "__main__":
    main()
