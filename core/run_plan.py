"""Plan of a run before it writes anything: inputs, classes, grid, files and time; and dry runs.

A job calls ``begin`` when it has checked its inputs and before it creates a file::

    plan = RunPlan(grid, classes, (map_file(path, grid, classes), small_file(table)))
    begin(plan, progress, lambda: time_of_tiles(grid.window, compute, progress))

Where the disk cannot hold the files even if they compress very well, the run is refused. A dry run
(DRY_RUN) logs the plan as JSON and ends there, so that nothing is written.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rasterio.crs import CRS
from rasterio.errors import CRSError

from .classes import LandCoverClass
from .errors import DryRunEnd, OutputError
from .progress import Progress
from .provenance import run_context, without_secrets
from .raster.grid import Grid, Tile, scattered_tiles
from .text import Text, format_duration, untranslated
from .values import to_plain

LONG_RUN_PIXELS = 20_000_000
"""Number of pixels from which on the plan of a run is logged, and its time is estimated."""
_TRIAL_SECONDS = 1.0
_TRIAL_SIDE = 512
# Overviews hold 1/4 + 1/16 + … of the pixels of a raster.
_WITH_OVERVIEWS = 4 / 3
# A tighter disk is worth a line in the log of any run.
_MIN_SPARE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Compression:
    """Size of compressed values as a fraction of their size in memory.

    Attributes:
        least: Smallest fraction, of very uniform rasters. A disk that cannot hold it is refused.
        typical: Range of rasters that were measured.
        basis: What the range holds for.
    """

    least: float
    typical: tuple[float, float]
    basis: str


CLASS_COMPRESSION = Compression(0.002, (0.02, 0.3), untranslated("class values, deflate or zstd"))
"""Landsat and Sentinel-2 maps of 4 to 10 classes: 2 % where they are generalised, up to 30 % where each pixel
was classified alone."""
FRACTION_COMPRESSION = Compression(0.02, (0.2, 0.8), untranslated("probabilities, deflate or zstd"))
"""Probabilities and uncertainty of classifications, in 8 or 32 bits."""
FLOAT_COMPRESSION = Compression(0.05, (0.3, 0.9), untranslated("32-bit numbers, deflate with predictor"))
"""Band values in 32 bits, which are nodata in parts of many scenes."""
UNCOMPRESSED = Compression(1.0, (1.0, 1.0), untranslated("not compressed"))


@dataclass(frozen=True)
class FilePlan:
    """File that a run writes, and its size.

    Attributes:
        path: Path of the file.
        max_bytes: Size without compression, in bytes; 0 where it is small or not known.
        compression: Size after compression.
        is_temporary: Whether it is removed at the end of the run.
    """

    path: str
    max_bytes: int
    compression: Compression = UNCOMPRESSED
    is_temporary: bool = False

    @property
    def least_bytes(self) -> int:
        """Size if it compresses very well."""
        return round(self.max_bytes * self.compression.least)

    @property
    def typical_bytes(self) -> tuple[int, int]:
        """Range of its usual size."""
        low, high = self.compression.typical
        return round(self.max_bytes * low), round(self.max_bytes * high)


def raster_file(
    path: str,
    grid: Grid,
    bands: int,
    dtype: str,
    compression: Compression,
    has_overviews: bool = True,
    is_temporary: bool = False,
) -> FilePlan:
    """Return the plan of a raster.

    Args:
        path: Path of the raster.
        grid: Grid of the raster.
        bands: Number of bands.
        dtype: NumPy name of the data type.
        compression: Size after compression.
        has_overviews: Whether the file holds overviews.
        is_temporary: Whether it is removed at the end of the run.
    """
    values = grid.window.pixels * bands * np.dtype(dtype).itemsize
    return FilePlan(
        path, round(values * (_WITH_OVERVIEWS if has_overviews else 1.0)), compression, is_temporary
    )


def map_file(path: str, grid: Grid, classes: Sequence[LandCoverClass]) -> FilePlan:
    """Return the plan of a class map.

    Args:
        path: Path of the GeoTIFF.
        grid: Grid of the map.
        classes: All classes that may occur.
    """
    # Here, because the writer of maps plans nothing itself.
    from .raster.writer import map_type

    dtype, _nodata = map_type([item.value for item in classes])
    return raster_file(path, grid, 1, dtype, CLASS_COMPRESSION)


def small_file(path: str | None) -> FilePlan:
    """Return the plan of a table, a report or a figure, whose size does not matter."""
    return FilePlan(path or "", 0)


@dataclass(frozen=True)
class RunTime:
    """Expected duration of a run.

    Attributes:
        seconds: Duration in seconds; None where it cannot be known before the run.
        basis: How it was measured, or why it is not known; a phrase.
    """

    seconds: float | None
    basis: str


@dataclass(frozen=True)
class RunPlan:
    """What a run is going to do.

    Attributes:
        grid: Grid of the result; None where it has none.
        classes: Classes of the result.
        files: Files that the run writes. Those with an empty path are left out.
        details: Further facts by name, such as the number of patches.
    """

    grid: Grid | None = None
    classes: Sequence[LandCoverClass] = ()
    files: Sequence[FilePlan] = ()
    details: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


def is_dry_run() -> bool:
    """Return whether the run only tells what it would do."""
    return run_context().dry_run


def begin(plan: RunPlan, progress: Progress, time_needed: Callable[[], RunTime] | None = None) -> None:
    """Refuse a run that the disk cannot hold, log the estimate of a long one, and end a dry run.

    Call it when all inputs are checked and before the first file is created.

    Args:
        plan: Plan of the run.
        progress: Progress reporter.
        time_needed: Function that measures the expected duration, in about a second; None where the run logs
            it itself, or it is not known. It is called for dry runs and for large rasters only.

    Raises:
        OutputError: Even well compressed files do not fit on the disk.
        DryRunEnd: It is a dry run.
    """
    is_dry = is_dry_run()
    is_long = plan.grid is not None and plan.grid.window.pixels >= LONG_RUN_PIXELS
    disks = _disks([item for item in plan.files if item.path])
    duration = None
    if is_dry or (is_long and time_needed is not None):
        duration = time_needed() if time_needed else RunTime(None, Text("it is not known before the run"))
    for disk in disks:
        if is_dry or is_long or disk.max_bytes + _MIN_SPARE_BYTES > disk.free_bytes:
            disk.log(progress)
    if duration is not None:
        _log_time(duration, progress)
    if is_dry:
        plain = _plain(plan, disks, duration or RunTime(None, ""))
        progress.log("Dry run: this is the plan, and nothing is written.")
        lines = (
            f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()
        )
        progress.log("{plan}", plan="{" + ",\n ".join(lines) + "}")
    for disk in disks:
        disk.check(progress)
    if is_dry:
        raise DryRunEnd(plain)


def time_of_tiles(
    window: Tile,
    work: Callable[[Tile], object],
    progress: Progress,
    seconds: float = _TRIAL_SECONDS,
    side: int = _TRIAL_SIDE,
) -> RunTime:
    """Return the expected duration of a job by doing it for some tiles all over a raster.

    Args:
        window: Pixels of the job.
        work: Function that does what the run does with a tile, without writing a file. ``write_trial`` of
            ``core.raster.geotiff`` stands for the writing.
        progress: Progress reporter.
        seconds: Duration of the trial, in seconds.
        side: Rows and columns of a tile.
    """
    pixels, elapsed = 0, 0.0
    for number, tile in enumerate(scattered_tiles(window, side)):
        progress.check_cancelled()
        started = time.perf_counter()
        work(tile)
        took = time.perf_counter() - started
        if number == 1:
            # The first tile includes one-time costs.
            pixels, elapsed = 0, 0.0
        pixels, elapsed = pixels + tile.pixels, elapsed + took
        if elapsed >= seconds:
            break
    basis = Text(
        "measured on {pixels:,} of {total:,} pixels on this computer", pixels=pixels, total=window.pixels
    )
    return RunTime(elapsed * window.pixels / max(pixels, 1), basis)


@dataclass(frozen=True)
class _Disk:
    """Disk with some files of a run."""

    folder: Path
    free_bytes: int
    files: tuple[FilePlan, ...]

    @property
    def least_bytes(self) -> int:
        return sum(item.least_bytes for item in self.files)

    @property
    def max_bytes(self) -> int:
        return sum(item.max_bytes for item in self.files)

    @property
    def typical_bytes(self) -> tuple[int, int]:
        sizes = [item.typical_bytes for item in self.files]
        return sum(low for low, _ in sizes), sum(high for _, high in sizes)

    def log(self, progress: Progress) -> None:
        if not self.max_bytes:
            return
        low, high = self.typical_bytes
        progress.log(
            "Disk: usually {low} to {high}, at most {most}; {free} are free in {folder}.",
            low=_size(low),
            high=_size(high),
            most=_size(self.max_bytes),
            free=_size(self.free_bytes),
            folder=self.folder,
        )

    def check(self, progress: Progress) -> None:
        if self.least_bytes > self.free_bytes:
            raise OutputError(
                "The disk has {free} free, and the outputs need {least} even where they compress very well",
                where=str(self.folder),
                advice="Free some space, choose a folder on another disk, or fewer outputs.",
                free=_size(self.free_bytes),
                least=_size(self.least_bytes),
            )
        if self.max_bytes > self.free_bytes:
            progress.log(
                "The disk may become full: {free} are free in {folder}, and the outputs take {low} to "
                "{most}, depending on how well they compress. An output is not left incomplete.",
                "warning",
                free=_size(self.free_bytes),
                folder=self.folder,
                low=_size(self.least_bytes),
                most=_size(self.max_bytes),
            )


def _disks(files: Sequence[FilePlan]) -> list[_Disk]:
    """Return the disks that files lie on, in the order of the files."""
    folders: dict[int, tuple[Path, list[FilePlan]]] = {}
    for item in files:
        folder = Path(os.path.abspath(item.path)).parent
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        folders.setdefault(folder.stat().st_dev, (folder, []))[1].append(item)
    return [
        _Disk(folder, shutil.disk_usage(folder).free, tuple(members)) for folder, members in folders.values()
    ]


def _log_time(duration: RunTime, progress: Progress) -> None:
    if duration.seconds is None:
        progress.log("Time: {basis}.", basis=Text(duration.basis))
        return
    progress.log(
        "Time: about {duration} ({basis}).",
        duration=format_duration(duration.seconds),
        basis=Text(duration.basis),
    )


def _plain(plan: RunPlan, disks: Sequence[_Disk], duration: RunTime) -> dict[str, Any]:
    context = run_context()
    return {
        "algorithm": context.algorithm,
        "inputs": [
            {"parameter": name, "source": without_secrets(source)}
            for name, source in context.inputs
            if source
        ],
        "classes": [to_plain(item) for item in plan.classes],
        "grid": _plain_grid(plan.grid) if plan.grid is not None else None,
        "files": [
            {
                "path": item.path,
                "least_bytes": item.least_bytes,
                "typical_bytes": list(item.typical_bytes),
                "max_bytes": item.max_bytes,
                "compression": item.compression.basis,
                "temporary": item.is_temporary,
            }
            for item in plan.files
            if item.path
        ],
        "disks": [
            {
                "folder": str(disk.folder),
                "free_bytes": disk.free_bytes,
                "least_bytes": disk.least_bytes,
                "typical_bytes": list(disk.typical_bytes),
                "max_bytes": disk.max_bytes,
            }
            for disk in disks
        ],
        "time": {"seconds": duration.seconds, "basis": str(duration.basis)},
        "details": dict(plan.details),
    }


def _plain_grid(grid: Grid) -> dict[str, Any]:
    try:
        crs = CRS.from_wkt(grid.crs).to_string() if grid.crs else ""
    except CRSError:
        crs = grid.crs
    return {
        "width": grid.width,
        "height": grid.height,
        "pixels": grid.window.pixels,
        "transform": list(grid.transform),
        "pixel_size": list(grid.pixel_size),
        "crs": crs,
    }


def _size(count: float) -> str:
    """Return a number of bytes as text, such as ``1.3 GB``."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = 0
    while count >= 999.5 and power < len(units) - 1:
        count, power = count / 1000, power + 1
    return f"{count:.0f} {units[power]}" if count >= 10 or not power else f"{count:.1f} {units[power]}"
