"""Vector files of patches: all of them, in one layer, however many are written at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import SetupError
from deep_land_cover.core.maps import vector_files
from deep_land_cover.core.maps.outlines import Tracer, joined_patches
from deep_land_cover.core.maps.vector_files import check_packages, open_patches, polygons_of
from deep_land_cover.core.marks import KIND_ITEM, PATCHES, kinds_of
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.pixel_area import edge_lengths, pixel_areas

GRID = Grid(40, 30, (30.0, 0.0, 700_000.0, 0.0, -30.0, 800_000.0), CRS.from_epsg(32636).to_wkt())
CLASSES = (LandCoverClass(7, "Água & <Wasser>", "#0066CC"), LandCoverClass(2, "Forest", "#006400"))
VALUES = np.where(np.random.default_rng(8).random((30, 40)) < 0.5, 7, 2)


def write(path: Path, max_patches: int) -> None:
    tracer = Tracer(pixel_areas(GRID), edge_lengths(GRID))
    with open_patches(path, GRID, CLASSES, False, {"A": "b"}, SilentProgress(), max_patches) as writer:
        for row in range(0, 30, 4):
            part = VALUES[row : row + 4]
            writer.add(tracer.add(part, np.ones(part.shape, dtype=bool)))
        writer.add(tracer.finish())


@pytest.mark.parametrize("max_patches", [5, 10_000])
def test_a_geopackage_has_all_patches_in_one_layer(tmp_path: Path, max_patches: int) -> None:
    path = tmp_path / "patches.gpkg"
    write(path, max_patches)
    assert [name for name, kind in pyogrio.list_layers(path).tolist() if kind] == ["patches"]
    meta, _, geometry, fields = pyogrio.raw.read(path, layer="patches")
    assert shapely.area(shapely.from_wkb(geometry)).sum() == pytest.approx(30 * 40 * 900)
    columns = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert columns["pixels"].sum() == 30 * 40
    assert columns["area_ha"].sum() == pytest.approx(30 * 40 * 0.09)
    assert set(zip(columns["value"].tolist(), columns["name"].tolist(), strict=True)) == {
        (7, "Água & <Wasser>"),
        (2, "Forest"),
    }
    # A box finds its patches by the index.
    _, _, some, _ = pyogrio.raw.read(path, layer="patches", bbox=(700_000, 799_970, 700_029, 800_000))
    assert 0 < len(some) < len(geometry)
    with closing(sqlite3.connect(path)) as file:
        (style,) = file.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert 'label="Água &amp; &lt;Wasser&gt;"' in style and "0,102,204,255" in style
    assert kinds_of(path) == (PATCHES,)
    assert [item.name for item in tmp_path.iterdir()] == ["patches.gpkg"]


def test_a_geopackage_that_qgis_described_anew_is_still_ours(tmp_path: Path) -> None:
    path = tmp_path / "patches.gpkg"
    tracer = Tracer(pixel_areas(GRID), edge_lengths(GRID))
    with open_patches(path, GRID, CLASSES, False, {KIND_ITEM: PATCHES}, SilentProgress()) as writer:
        writer.add(tracer.add(VALUES, np.ones(VALUES.shape, dtype=bool)))
        writer.add(tracer.finish())
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE gpkg_contents SET description = 'Patches of the north.'")
        file.commit()
    assert kinds_of(path) == (PATCHES,)


def test_rings_of_any_length_are_written_whole() -> None:
    tracer = Tracer(pixel_areas(GRID), edge_lengths(GRID))
    patches = joined_patches([tracer.add(VALUES, np.ones(VALUES.shape, dtype=bool)), tracer.finish()])
    whole = polygons_of(patches, GRID).tolist()
    assert polygons_of(patches, GRID, chunk_corners=7).tolist() == whole


def test_a_failure_leaves_no_file_and_keeps_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "patches.gpkg"
    write(path, 10_000)
    before = path.read_bytes()
    with (
        pytest.raises(ZeroDivisionError),
        open_patches(path, GRID, CLASSES, False, {}, SilentProgress(), 1) as writer,
    ):
        tracer = Tracer(pixel_areas(GRID), edge_lengths(GRID))
        writer.add(tracer.add(VALUES, np.ones(VALUES.shape, dtype=bool)))
        raise ZeroDivisionError
    assert [item.name for item in tmp_path.iterdir()] == ["patches.gpkg"]
    assert path.read_bytes() == before


def test_a_missing_package_is_named_with_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_files, "find_spec", lambda name: None if name == "pyogrio" else name)
    with pytest.raises(SetupError) as error:
        check_packages()
    assert "pyogrio" in error.value.sentence and "setupenvironment" in error.value.sentence
