"""Names, colours and parents that a label raster brings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rasterio.crs import CRS

from deep_land_cover.core.classes import ClassScheme, LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map
from deep_land_cover.core.samples.label_sources import samples_from_raster

GRID = Grid(20, 10, (10.0, 0.0, 500_000.0, 0.0, -10.0, 900_000.0), CRS.from_epsg(32637).to_wkt())
CLASSES = (
    LandCoverClass(1, "Water", "#010203"),
    LandCoverClass(4, "Hutan kering", "#040506", "Hutan"),
)


def labels(folder: Path, scheme: ClassScheme | None) -> tuple[LandCoverClass, ...]:
    path = folder / "labels.tif"
    values = np.where(np.arange(200).reshape(10, 20) % 20 < 10, 1, 4)
    write_class_map(path, values, GRID, CLASSES, SilentProgress())
    return samples_from_raster(RasterSource(str(path)), GRID, scheme, 0, SilentProgress()).classes


def test_a_label_raster_brings_its_colours_and_parents(tmp_path: Path) -> None:
    # Water would be blue by its name.
    assert labels(tmp_path, None) == CLASSES


def test_a_scheme_comes_before_the_colours_of_a_label_raster(tmp_path: Path) -> None:
    scheme = ClassScheme("a", "A", (LandCoverClass(9, "water", "#0A0B0C", "Wet"),))
    found = labels(tmp_path, scheme)
    assert found[0] == LandCoverClass(1, "Water", "#0A0B0C", "Wet")
    assert (found[1].name, found[1].parent) == ("Hutan kering", "")
