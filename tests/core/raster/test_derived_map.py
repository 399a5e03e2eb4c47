"""Maps that tools make of maps: legend, kind, history, and no claim that a model made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.provenance import RunContext, running
from deep_land_cover.core.raster.class_raster import ClassRaster, open_class_raster
from deep_land_cover.core.raster.derived_map import open_derived_map, steps_of
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import open_map, write_class_map

from .conftest import UTM, WKT

CLASSES = (LandCoverClass(1, "Forest", "#006400"), LandCoverClass(4, "Water", "#0066CC"))
VALUES = np.array([[1, 4], [4, 4]])


def derive(path: Path, raster: ClassRaster, kind: str, algorithm: str) -> None:
    context = RunContext(f"deeplandcover:{algorithm}", f"qgis_process run deeplandcover:{algorithm}")
    with (
        running(context),
        open_derived_map(path, [raster], raster.grid, CLASSES, kind, SilentProgress()) as writer,
    ):
        writer.write(writer.window, raster.read(writer.window)[0])


def test_a_derived_map_has_the_legend_and_the_history_and_names_no_model_of_its_own(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{name}.tif" for name in ("first", "second", "third"))
    write_class_map(
        first, VALUES, Grid(2, 2, UTM, WKT), CLASSES, SilentProgress(), {"MODEL": "m.safetensors"}
    )
    with open_class_raster(RasterSource(str(first)), SilentProgress()) as raster:
        derive(second, raster, "cleaned", "generalisemap")
    with open_class_raster(RasterSource(str(second)), SilentProgress()) as raster:
        derive(third, raster, "recoded", "recodemap")

    with open_class_raster(RasterSource(str(third)), SilentProgress()) as raster:
        assert raster.classes([1, 4]) == CLASSES
        assert raster.model == "" and not raster.is_changed(SilentProgress())
        steps = steps_of(raster)
    assert [(step["map"], step.get("model"), step.get("algorithm")) for step in steps] == [
        ("first.tif", "m.safetensors", None),
        ("second.tif", None, "deeplandcover:generalisemap"),
        ("third.tif", None, "deeplandcover:recodemap"),
    ]
    assert kinds_of(third) == ("recoded",)
    with rasterio.open(third) as dataset:
        assert dataset.read(1).tolist() == VALUES.tolist()


def test_only_maps_that_give_the_classes_need_a_record_of_training_pixels(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.tif" for name in ("map", "helper", "both", "one")]
    grid = Grid(2, 2, UTM, WKT)
    with open_map(paths[0], grid, CLASSES, SilentProgress(), training_pixels='{"version": 1}') as writer:
        writer.write(writer.window, VALUES)
    write_class_map(paths[1], VALUES, grid, CLASSES, SilentProgress())
    with (
        open_class_raster(RasterSource(str(paths[0])), SilentProgress()) as first,
        open_class_raster(RasterSource(str(paths[1])), SilentProgress()) as helper,
    ):
        for path, labels in ((paths[2], None), (paths[3], [first])):
            sources = [first, helper]
            with open_derived_map(
                path, sources, grid, CLASSES, "x", SilentProgress(), labels=labels
            ) as writer:
                writer.write(writer.window, VALUES)
    records = []
    for path in paths[2:]:
        with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
            records.append(raster.training_pixels)
    assert records == ["", '{"version": 1}']


def test_a_history_that_another_program_wrote_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    write_class_map(
        path, VALUES, Grid(2, 2, UTM, WKT), CLASSES, SilentProgress(), {"HISTORY": "clipped by x"}
    )
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        assert [step["map"] for step in steps_of(raster)] == ["map.tif"]
