"""Vectorising real maps with attributes, beside GDAL's polygonise to the same GeoPackage: time and memory.

``./dev bench vectors`` measures a raw and a generalised map of Gewata; ``--large`` adds the memory for 10 and
for 200 million pixels. GDAL's command writes polygons and values, without area, perimeter and style. Its
start is measured with a raster of one pixel and taken off. Neither waits for the disk.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import rasterio

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.gdal import set_gdal_options
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.vectorisemap import VectoriseRequest
from deep_land_cover.core.tasks import vectorisemap

from .figures import print_figure
from .products import Maps, kept_maps, peak_megabytes, run_module, tiled_up

_REPEATS = 3
_SIZES = (10_000_000, 200_000_000)
_TOLERANCE = 30.0


def measure_vectors(maps: Maps) -> None:
    """Print the speed of vectorising each map, and that of GDAL.

    Args:
        maps: Maps to measure.
    """
    for name, path in maps.both.items():
        with rasterio.open(path) as file:
            pixels = file.width * file.height
        ours, theirs, start = [], [], _gdal_start(maps.folder)
        polygons, cpu, own_cpu = 0, list[float](), list[float]()
        # In turns, so that other work on the machine slows both.
        for number in range(_REPEATS):
            output = maps.folder / f"{name}_{number}.gpkg"
            began, worked = time.perf_counter(), time.process_time()
            polygons = _vectorise(path, output)
            ours.append(time.perf_counter() - began)
            own_cpu.append(time.process_time() - worked)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            theirs.append(max(_gdal(path, maps.folder / f"{name}_gdal_{number}.gpkg") - start, 0.0))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print_figure(
            "vectors.geopackage",
            pixels / min(ours),
            "pixels/s",
            pixels / min(theirs) if min(theirs) else None,
            map=name,
            polygons=polygons,
            seconds=min(ours),
            gdal_seconds=min(theirs),
            cpu_seconds=min(own_cpu),
            gdal_cpu_seconds=min(cpu),
            gdal=_gdal_version(),
        )
        began = time.perf_counter()
        _vectorise(path, maps.folder / f"{name}_simplified.gpkg", _TOLERANCE)
        print_figure(
            "vectors.simplified",
            pixels / (time.perf_counter() - began),
            "pixels/s",
            map=name,
            tolerance=_TOLERANCE,
        )


def measure_memory(maps: Maps) -> None:
    """Print the peak memory of vectorising large maps in a process of its own, and the time it took.

    Args:
        maps: Maps that are written again and again to make large ones.
    """
    for name, path in maps.both.items():
        for size in _SIZES:
            large = tiled_up(path, maps.folder / f"{name}_{size}.tif", size)
            output = maps.folder / f"{name}_{size}.gpkg"
            megabytes, seconds = run_module(__spec__.name, ("--one", large, output))
            print_figure("vectors.memory", megabytes, "MB", map=name, pixels=size, seconds=round(seconds, 1))


def _vectorise(source: Path, output: Path, simplify: float = 0.0) -> int:
    request = VectoriseRequest(RasterSource(str(source)), str(output), simplify=simplify)
    return vectorisemap.run(request, SilentProgress()).polygons


def _gdal(source: Path, output: Path) -> float:
    """Return the seconds of GDAL's command."""
    program = shutil.which("gdal_polygonize.py") or shutil.which("gdal_polygonize")
    if program is None:
        raise SystemExit("gdal_polygonize is not installed: there is nothing to compare with")
    output.unlink(missing_ok=True)
    began = time.perf_counter()
    command = [program, "-q", str(source), "-f", "GPKG", str(output), output.stem, "value"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": "", "OGR_SQLITE_SYNCHRONOUS": "OFF"})
    return time.perf_counter() - began


def _gdal_start(folder: Path) -> float:
    path = folder / "one.tif"
    profile = {"driver": "GTiff", "width": 1, "height": 1, "count": 1, "dtype": "uint8", "crs": "EPSG:32636"}
    with rasterio.open(path, "w", transform=rasterio.Affine(30, 0, 0, 0, -30, 0), **profile) as file:
        file.write(np.ones((1, 1, 1), dtype=np.uint8))
    return min(_gdal(path, folder / "one.gpkg") for _ in range(_REPEATS))


def _gdal_version() -> str:
    found = subprocess.run(["gdalinfo", "--version"], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench vectors", description=__doc__)
    parser.add_argument("--folder", type=Path, help="folder that keeps the maps, which take a minute")
    parser.add_argument("--large", action="store_true", help="measure the memory of large maps, too")
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    # As in the worker.
    set_gdal_options()
    if given.one:
        _vectorise(*given.one)
        print(peak_megabytes())
        return
    with kept_maps(given.folder) as maps:
        measure_vectors(maps)
        if given.large:
            measure_memory(maps)


if __name__ == "__main__":
    main()
