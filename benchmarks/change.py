"""Change between two maps and over several dates: speed on real maps, memory, agreement with numpy."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio

from deep_land_cover.core.raster.gdal import set_gdal_options
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.change import ChangeRequest
from deep_land_cover.core.requests.trajectories import TrajectoriesRequest

from .figures import print_figure
from .products import MAX_IN_MEMORY, SIZES, Maps, kept_maps, run_alone, tiled_up

_DATES = 4


def change(maps: Maps) -> None:
    """Measure the change from the raw map to the generalised one and back; the baseline is numpy.

    The baseline reads both maps whole and tabulates them by ``bincount``; it writes nothing.
    """
    for pixels in SIZES:
        millions = pixels // 1_000_000
        paths = [
            tiled_up(path, maps.folder / f"{name}_{millions}.tif", pixels) for name, path in maps.both.items()
        ]
        with rasterio.open(paths[0]) as file:
            count = file.width * file.height
        baseline = _numpy_rate(paths) if count <= MAX_IN_MEMORY else None
        for order in ("raw", "generalised"):
            before, after = paths if order == "raw" else paths[::-1]
            request = ChangeRequest(
                RasterSource(str(before)), RasterSource(str(after)), table=str(maps.folder / "table.csv")
            )
            written = replace(request, output=str(maps.folder / "output.tif"))
            cleaned = replace(request, minimum=0.5)
            for what, given in (("table", request), ("map", written), ("mmu", cleaned)):
                run = run_alone("change", given)
                print_figure(
                    f"change.{what}_from_{order}",
                    count / run.seconds / 1e6,
                    "M pixels/s",
                    baseline if what == "table" else None,
                    pixels=count,
                    seconds=run.seconds,
                    cpu_seconds=run.cpu_seconds,
                    peak_megabytes=run.megabytes,
                )


def trajectories(maps: Maps) -> None:
    """Follow four dates, raw and generalised in turns, without and with filters."""
    pixels = SIZES[0]
    paths = [
        tiled_up(path, maps.folder / f"{name}_{pixels // 1_000_000}.tif", pixels)
        for name, path in maps.both.items()
    ]
    with rasterio.open(paths[0]) as file:
        count = file.width * file.height
    inputs = tuple(RasterSource(str(paths[number % 2]), f"{2000 + number}") for number in range(_DATES))
    request = TrajectoriesRequest(inputs, table=str(maps.folder / "sequences.csv"))
    for what, given in (
        ("table", request),
        ("filters", replace(request, filters=("gap_fill", "window_3"))),
    ):
        run = run_alone("trajectories", given)
        print_figure(
            f"change.trajectories_{what}",
            count / run.seconds / 1e6,
            "M pixels/s",
            pixels=count,
            dates=_DATES,
            seconds=run.seconds,
            cpu_seconds=run.cpu_seconds,
            peak_megabytes=run.megabytes,
        )


def _numpy_rate(paths: list[Path]) -> float:
    start = time.perf_counter()
    read = []
    for path in paths:
        with rasterio.open(path) as file:
            read.append((file.read(1), file.read_masks(1) > 0))
    (before, first), (after, second) = read
    both = first & second
    np.bincount(before[both].astype(np.int64) * 256 + after[both], minlength=65_536)
    return float(before.size / (time.perf_counter() - start) / 1e6)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev bench change", description=__doc__)
    parser.add_argument("--folder", type=Path, help="folder that keeps the maps, which take a minute")
    given = parser.parse_args()
    # As in the worker; the processes of the runs inherit it.
    set_gdal_options()
    with kept_maps(given.folder) as maps:
        change(maps)
        trajectories(maps)


if __name__ == "__main__":
    main()
