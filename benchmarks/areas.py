"""Areas of the classes of real maps, in all and in zones: speed, and memory for 10 and 200 million pixels.

``./dev bench areas`` measures a raw and a generalised map of Gewata, each written again and again to 50
million pixels; ``--large`` adds the memory. The zones are a hundred squares, turned by ten degrees.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import rasterio

from deep_land_cover.core.maps.zones import ZoneTables, read_zones
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster, sequential_cache
from deep_land_cover.core.raster.dataset import grid_of
from deep_land_cover.core.raster.gdal import set_gdal_options
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.pixel_area import pixel_areas
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classareas import counted

from .figures import print_figure
from .products import Maps, kept_maps, peak_megabytes, run_module, tiled_up

_PIXELS = 50_000_000
_SIZES = (10_000_000, 200_000_000)
_REPEATS = 3
_SQUARES = 10


def measure_areas(maps: Maps) -> None:
    """Print the speed of measuring each map: without zones, by centres, and by fractions.

    Args:
        maps: Maps to measure.
    """
    for name, path in maps.both.items():
        large = tiled_up(path, maps.folder / f"{name}_{_PIXELS}.tif", _PIXELS)
        with rasterio.open(large) as file:
            grid = grid_of(file)
        zones = write_squares(maps.folder / f"{name}.jsonl", grid)
        for how in ("classes", "zones", "fractional zones"):
            seconds, cpu = [], []
            for _ in range(1 if how == "fractional zones" else _REPEATS):
                began, worked = time.perf_counter(), time.process_time()
                _measure(large, None if how == "classes" else zones, how == "fractional zones")
                seconds.append(time.perf_counter() - began)
                cpu.append(time.process_time() - worked)
            print_figure(
                "areas.speed",
                grid.window.pixels / min(seconds),
                "pixels/s",
                map=name,
                counted=how,
                cpu_seconds=min(cpu),
            )


def measure_memory(maps: Maps) -> None:
    """Print the peak memory of measuring large maps with zones, in a process of its own.

    Args:
        maps: Maps that are written again and again to make large ones.
    """
    for name, path in maps.both.items():
        for size in _SIZES:
            large = tiled_up(path, maps.folder / f"{name}_{size}.tif", size)
            with rasterio.open(large) as file:
                zones = write_squares(maps.folder / f"{name}_{size}.jsonl", grid_of(file))
            megabytes, _seconds = run_module(__spec__.name, ("--one", large, zones))
            print_figure("areas.memory", megabytes, "MB", map=name, pixels=size)


def write_squares(path: Path, grid: Grid) -> Path:
    """Write squares without gaps over a grid, turned by ten degrees about its middle.

    Args:
        path: File of JSON lines to write.
        grid: Grid of the map.
    """
    turn = math.radians(10)
    size = max(grid.width, grid.height) * 1.2 / _SQUARES
    lines = []
    for row in range(_SQUARES):
        for column in range(_SQUARES):
            ring = []
            for right, down in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)):
                x, y = (column + right - _SQUARES / 2) * size, (row + down - _SQUARES / 2) * size
                place = (
                    grid.height / 2 + x * math.sin(turn) + y * math.cos(turn),
                    grid.width / 2 + x * math.cos(turn) - y * math.sin(turn),
                )
                ring.append(list(grid.position(*place)))
            number = row * _SQUARES + column
            geometry = {"type": "Polygon", "coordinates": [ring]}
            lines.append(json.dumps({"geometry": geometry, "zone": number, "feature": number}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _measure(source: Path, zones: Path | None, is_fractional: bool = False) -> None:
    with (
        open_class_raster(RasterSource(str(source)), SilentProgress()) as raster,
        sequential_cache([raster], 0),
    ):
        tables = None
        if zones is not None:
            tables = ZoneTables(read_zones(zones, raster.grid, "", is_fractional), pixel_areas(raster.grid))
        counted(raster, tables, SilentProgress())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench areas", description=__doc__)
    parser.add_argument("--folder", type=Path, help="folder that keeps the maps, which take a minute")
    parser.add_argument("--large", action="store_true", help="measure the memory of large maps, too")
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    # As in the worker.
    set_gdal_options()
    if given.one:
        _measure(*given.one)
        print(peak_megabytes())
        return
    with kept_maps(given.folder) as maps:
        measure_areas(maps)
        if given.large:
            measure_memory(maps)


if __name__ == "__main__":
    main()
