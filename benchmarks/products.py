"""Tools for maps after classification on real maps, a raw and a generalised one: speed, memory, agreement.

``./dev bench products`` measures all, ``./dev bench products generalisation`` one of them. Each product is a
function of this module or of another one, listed in ``PRODUCTS``, and measures each of ``Maps``.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.features import sieve
from sklearn.ensemble import ExtraTreesClassifier

from deep_land_cover.core.classes import LandCoverClass, class_label
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.dataset import grid_of
from deep_land_cover.core.raster.gdal import set_gdal_options
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.probability_raster import class_items, open_probabilities
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map
from deep_land_cover.core.requests.generalisemap import GeneraliseRequest

from .figures import print_figure
from .memory import peak_resident

SCENE = Path(__file__).resolve().parents[2] / "shared" / "data" / "gewata_landsat7"
CLASSES = tuple(
    LandCoverClass(value, name, color)
    for value, name, color in (
        (1, "Cropland", "#EBC864"),
        (2, "Bamboo", "#6B8E23"),
        (3, "Bare soil", "#D2B48C"),
        (4, "Coffee plantation", "#9ACD32"),
        (5, "Forest", "#228B22"),
        (6, "Wetland", "#7A87C6"),
    )
)
SIZES = (10_000_000, 200_000_000)
"""Numbers of pixels of the maps that are measured."""
MAX_IN_MEMORY = 20_000_000
"""Largest number of pixels of a map for baselines that hold it in memory."""
_TRAINING_PIXELS = 18_000
_SIEVED_PIXELS = 6


@dataclass(frozen=True)
class Maps:
    """Maps to measure, and the folder of the results.

    Attributes:
        raw: Map of single pixels.
        generalised: The same, patches below six pixels dissolved by GDAL's sieve.
        probabilities: Probabilities of ``raw``.
        folder: Folder for what is written.
    """

    raw: Path
    generalised: Path
    probabilities: Path
    folder: Path

    @property
    def both(self) -> dict[str, Path]:
        """Maps by name."""
        return {"raw": self.raw, "generalised": self.generalised}


@contextmanager
def kept_maps(folder: Path | None) -> Iterator[Maps]:
    """Yield the maps of Gewata.

    Args:
        folder: Folder that keeps them for the next run; None makes a temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="deep-land-cover-") as name:
        kept = folder or Path(name)
        kept.mkdir(parents=True, exist_ok=True)
        yield gewata_maps(kept)


def gewata_maps(folder: Path) -> Maps:
    """Return the maps of Gewata in ``folder``, made where it lacks them.

    A hundred extra trees on the six bands of 18,000 labelled pixels, drawn with seed 0, classify each pixel
    alone.
    """
    maps = Maps(folder / "raw.tif", folder / "generalised.tif", folder / "probabilities.tif", folder)
    if all(path.exists() for path in (maps.raw, maps.generalised, maps.probabilities)):
        return maps
    with rasterio.open(SCENE / "gewata_B123457.tif") as scene:
        grid, bands = grid_of(scene), scene.read().astype(np.float32)
    with rasterio.open(SCENE / "gewata_lulc2011.tif") as file:
        labels = file.read(1)
    bands = np.nan_to_num(bands.reshape(len(bands), -1).T, nan=0.0, posinf=0.0, neginf=0.0)
    labelled = np.flatnonzero((labels.ravel() >= 1) & (labels.ravel() <= len(CLASSES)))
    drawn = np.random.default_rng(0).choice(labelled, _TRAINING_PIXELS, replace=False)
    trees = ExtraTreesClassifier(100, random_state=0, n_jobs=2, min_samples_leaf=2)
    trees.fit(bands[drawn], labels.ravel()[drawn])
    probabilities = trees.predict_proba(bands).astype(np.float32)
    valid = (bands != 0).all(axis=1).reshape(labels.shape)
    values = trees.classes_[probabilities.argmax(axis=1)].reshape(labels.shape).astype(np.uint8)
    progress = SilentProgress()
    sieved = sieve(values, _SIEVED_PIXELS, mask=valid, connectivity=8)
    write_class_map(maps.raw, values, grid, CLASSES, progress, valid=valid)
    write_class_map(maps.generalised, sieved, grid, CLASSES, progress, valid=valid)
    names = [class_label(item) for item in CLASSES]
    stored = np.where(valid[..., None], np.rint(probabilities.reshape(*labels.shape, -1) * 250), 255)
    with open_probabilities(
        maps.probabilities, grid, names, "uint8", progress, class_items(CLASSES)
    ) as writer:
        for band in range(len(names)):
            writer.write(grid.window, band, stored[..., band].astype(np.uint8))
    return maps


def tiled_up(source: Path, path: Path, pixels: int) -> Path:
    """Write a map again and again, side by side and below each other, to a raster of many pixels.

    Args:
        source: Map.
        path: Path of the GeoTIFF to write, kept where it exists.
        pixels: Least number of pixels.
    """
    if path.exists():
        return path
    with rasterio.open(source) as file:
        values, profile, grid = file.read(1), file.profile, grid_of(file)
        tags, colours = file.tags(), file.colormap(1)
    across = max(1, round((pixels / values.size) ** 0.5))
    down = -(-pixels // (values.size * across))
    row = np.tile(values, (1, across))
    large = Grid(row.shape[1], row.shape[0] * down, grid.transform, grid.crs)
    profile |= {"width": large.width, "height": large.height, "compress": "deflate"}
    with rasterio.open(path, "w", **profile) as file:
        file.write_colormap(1, colours)
        file.update_tags(**tags)
        for number in range(down):
            window = ((number * row.shape[0], (number + 1) * row.shape[0]), (0, row.shape[1]))
            file.write(row, 1, window=window)
    return path


@dataclass(frozen=True)
class Run:
    """Time and memory of a job in its own process.

    Attributes:
        seconds: Duration of the job, without the start of the process.
        cpu_seconds: Time of all processors together, which other work on the machine hardly changes.
        megabytes: Most memory that the process had, its libraries among it.
    """

    seconds: float
    cpu_seconds: float
    megabytes: float


def run_alone(task: str, request: Any) -> Run:
    """Run a job in a new process and return what it took.

    Args:
        task: Name of the job, a module of ``core.tasks``.
        request: Its request.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_timed, task, request).result()


def _timed(task: str, request: Any) -> Run:
    # As in the worker.
    set_gdal_options()
    job = importlib.import_module(f"deep_land_cover.core.tasks.{task}")
    start, cpu_start = time.perf_counter(), time.process_time()
    job.run(request, SilentProgress())
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    return Run(seconds, cpu_seconds, peak_megabytes())


def peak_megabytes() -> float:
    """Return the most memory that this process had since its start.

    Not that of ``getrusage``, which counts the memory of the process that started this one, too.
    """
    return peak_resident(os.getpid()) / 1e6


def run_module(module: str, arguments: Sequence[str | Path]) -> tuple[float, float]:
    """Run a module in a new Python process; return its peak memory and duration.

    The module must print ``peak_megabytes()`` in its last line.

    Args:
        module: Name of the module.
        arguments: Arguments of its command line.

    Returns:
        Megabytes and seconds, with the start of the process.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[-1]), time.perf_counter() - began


def generalisation(maps: Maps) -> None:
    """Generalise both maps to half a hectare; the baseline is GDAL's sieve with reading and writing."""
    for name, source in maps.both.items():
        for pixels in SIZES:
            path = tiled_up(source, maps.folder / f"{name}_{pixels // 1_000_000}.tif", pixels)
            with rasterio.open(path) as file:
                count = file.width * file.height
            output = maps.folder / "output.tif"
            run = run_alone("generalisemap", GeneraliseRequest(RasterSource(str(path)), str(output), 0.5))
            sieved = _sieve_rate(path, output) if pixels <= MAX_IN_MEMORY else None
            print_figure(
                f"products.generalisation_{name}",
                count / run.seconds / 1e6,
                "M pixels/s",
                sieved,
                pixels=count,
                seconds=run.seconds,
                cpu_seconds=run.cpu_seconds,
                peak_megabytes=run.megabytes,
            )


def _sieve_rate(path: Path, output: Path) -> float:
    start = time.perf_counter()
    with rasterio.open(path) as file:
        values = sieve(file.read(1), 6, mask=file.read_masks(1) > 0, connectivity=8)
        with rasterio.open(output, "w", **file.profile) as copy:
            copy.write(values, 1)
    return float(values.size / (time.perf_counter() - start) / 1e6)


PRODUCTS: dict[str, Callable[[Maps], None]] = {"generalisation": generalisation}
"""Benchmark of each product, by name: takes the maps, prints its figures."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench products", description=__doc__)
    parser.add_argument("products", nargs="*", metavar="PRODUCT", help=", ".join(PRODUCTS))
    parser.add_argument("--folder", type=Path, help="folder that keeps the maps, which take a minute")
    given = parser.parse_args()
    unknown = set(given.products) - set(PRODUCTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with kept_maps(given.folder) as maps:
        for product in given.products or PRODUCTS:
            PRODUCTS[product](maps)


if __name__ == "__main__":
    main()
