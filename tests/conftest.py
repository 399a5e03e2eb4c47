"""Fixtures for all tests: small rasters, models and places of real data."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from .tiers import Tier, add_options
from .web_server import WebServer, serve

REPOSITORY = Path(__file__).parent.parent
DATA = REPOSITORY.parent / "shared" / "data"

# 20 m pixels in UTM 48S, in the order of affine.Affine.
NORTH_UP = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
UTM_48S = "EPSG:32748"

RasterFactory = Callable[..., Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tier(config), "tier")


@pytest.fixture
def make_raster(tmp_path: Path) -> RasterFactory:
    """Return a function that writes a GeoTIFF and returns its path.

    ``make_raster(values, names=("red", "nir"), nodata=0, name="a.tif", crs=…, transform=…,
    scales=…, offsets=…, mask=…, **profile)``: ``values`` has shape (bands, rows, columns) or
    (rows, columns) and keeps its dtype.
    """
    # Imported here, because the tests under QGIS's Python have no rasterio.
    import numpy as np
    import rasterio
    from rasterio.transform import Affine

    def make(
        values: Any,
        *,
        names: Sequence[str | None] | None = None,
        nodata: float | None = None,
        name: str = "input.tif",
        crs: str | None = UTM_48S,
        transform: Sequence[float] = NORTH_UP,
        scales: Sequence[float] | None = None,
        offsets: Sequence[float] | None = None,
        mask: Any = None,
        **profile: Any,
    ) -> Path:
        array = np.asarray(values)
        array = array[None] if array.ndim == 2 else array
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        options = {
            "driver": "GTiff",
            "crs": crs,
            "transform": Affine(*transform),
            "nodata": nodata,
            **profile,
        }
        count, height, width = array.shape
        with (
            rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
            rasterio.open(
                path, "w", count=count, height=height, width=width, dtype=array.dtype, **options
            ) as dataset,
        ):
            for number, description in enumerate(names or (), start=1):
                if description:
                    dataset.set_band_description(number, description)
            if scales is not None:
                dataset.scales = scales
            if offsets is not None:
                dataset.offsets = offsets
            dataset.write(array)
            if mask is not None:
                dataset.write_mask(mask)
        return path

    return make


@pytest.fixture
def web_server(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebServer]:
    """Serve the test's folder; who waits for a silent answer gives up after a second."""
    monkeypatch.setenv("GDAL_HTTP_LOW_SPEED_TIME", "1")
    monkeypatch.setenv("GDAL_HTTP_LOW_SPEED_LIMIT", "1")
    monkeypatch.setenv("GDAL_HTTP_MAX_RETRY", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(tmp_path, tmp_path_factory.mktemp("web") / "requests") as server:
        yield server


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, Callable[[Path], Any]], Any]:
    """Return a function that runs ``make(folder)`` in one of pytest-xdist's processes, for all of them.

    Whatever ``make`` returns goes through JSON. Who comes second waits for the first.
    """
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        # Each process has a folder of its own in that of the run.
        folder = folder.parent

    def results_of(name: str, make: Callable[[Path], Any]) -> Any:
        outputs, kept = folder / f"shared-{name}", folder / f"shared-{name}.json"
        with (folder / f"shared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                outputs.mkdir(exist_ok=True)
                kept.write_text(json.dumps(make(outputs)), encoding="utf-8")
            return json.loads(kept.read_text(encoding="utf-8"))

    return results_of


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder of real rasters, or skip where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"no real data in {DATA}")
    return DATA


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 1 MiB, which only root may, on Linux."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)
