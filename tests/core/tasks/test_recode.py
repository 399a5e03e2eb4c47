"""Recoding and renaming maps, against one pass over the whole arrays."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import LandCoverError, ParameterError, SchemeError
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.derived_map import steps_of
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.pixel_area import pixel_areas
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map
from deep_land_cover.core.requests.recode import RecodeRequest, RenameRequest
from deep_land_cover.core.tasks import recodemap, renameclasses

# In degrees, so that the pixels of each row have an area of their own.
GRID = Grid(90, 70, (0.01, 0.0, 37.0, 0.0, -0.02, 50.0), CRS.from_epsg(4326).to_wkt())
CLASSES = (
    LandCoverClass(2, "Rice", "#EBC864", "Cropland"),
    LandCoverClass(1, "Maize", "#EEDD00", "Cropland"),
    LandCoverClass(5, "Water", "#0066CC"),
    LandCoverClass(300, "Forest", "#228B22"),
)


@pytest.fixture
def scene(tmp_path: Path) -> tuple[RasterSource, NDArray[np.int64]]:
    generator = np.random.default_rng(7)
    values = generator.choice([1, 2, 5, 300], (70, 90))
    valid = generator.random((70, 90)) > 0.1
    path = tmp_path / "map.tif"
    write_class_map(path, values, GRID, CLASSES, SilentProgress(), {"MODEL": "m.skops"}, valid)
    return RasterSource(str(path)), np.where(valid, values, -1)


def read(path: str | Path) -> NDArray[np.int64]:
    with rasterio.open(path) as dataset:
        return np.where(dataset.read_masks(1) > 0, dataset.read(1).astype(np.int64), -1)


def table(folder: Path, text: str) -> str:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table_a_level_and_a_mask_are_applied_in_this_order(
    scene: tuple[RasterSource, NDArray[np.int64]], tmp_path: Path
) -> None:
    source, before = scene
    mask = tmp_path / "mask.tif"
    inside = np.zeros((70, 90), dtype=np.uint8)
    inside[10:30, 20:50] = 1
    with rasterio.open(
        mask, "w", driver="GTiff", width=90, height=70, count=1, dtype="uint8", crs=GRID.crs,
        transform=rasterio.Affine(*GRID.transform),
    ) as dataset:  # fmt: skip
        dataset.write(inside, 1)
    changes = tmp_path / "changes.csv"
    result = recodemap.run(
        RecodeRequest(
            source,
            str(tmp_path / "new.tif"),
            table(tmp_path, "from,to\nForest,nodata\nnodata,9\n"),
            "parent",
            mask_raster=RasterSource(str(mask)),
            value="77",
            changes=str(changes),
        ),
        SilentProgress(),
    )
    # Free values: 1, 2, 5, 300 are taken, 9 is new.
    expected = np.select([before == 300, before == -1, before <= 2], [-1, 9, 3], before)
    expected = np.where((inside > 0) & (expected != -1), 77, expected)
    assert np.array_equal(read(result.output), expected)
    assert result.pixels == int((expected != before).sum())
    with open_class_raster(RasterSource(result.output), SilentProgress()) as raster:
        assert [(item.value, item.name) for item in raster.own_classes()] == [
            (3, "Cropland"), (5, "Water"), (9, "Class 9"), (77, "Class 77")
        ]  # fmt: skip
        assert [step.get("model") for step in steps_of(raster)] == ["m.skops", None]
    areas = np.broadcast_to(pixel_areas(GRID).of(GRID.window), before.shape)
    with changes.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {(row["from"], row["to"]): (int(row["pixels"]), float(row["area_ha"])) for row in rows}

    def word(value: int) -> str:
        return "nodata" if value == -1 else str(value)

    pairs = {(old, new) for old, new in zip(before.ravel().tolist(), expected.ravel().tolist(), strict=True)}
    assert found == {
        (word(old), word(new)): (
            int(((before == old) & (expected == new)).sum()),
            pytest.approx(areas[(before == old) & (expected == new)].sum(), abs=1e-5),
        )
        for old, new in pairs
    }
    assert kinds_of(Path(result.output)) == ("recoded_map",) and kinds_of(changes) == ("recode_table",)


@pytest.mark.parametrize("fills", [False, True])
def test_polygons_set_pixels_whose_centre_they_hold(
    scene: tuple[RasterSource, NDArray[np.int64]], tmp_path: Path, fills: bool
) -> None:
    source, before = scene
    x, y = GRID.position(np.array([5.0, 25.0]), np.array([10.0, 40.0]))
    ring = [[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]], [x[0], y[0]]]
    polygons = tmp_path / "p.jsonl"
    polygons.write_text(json.dumps({"geometry": {"type": "Polygon", "coordinates": [ring]}}) + "\n")
    request = RecodeRequest(
        source, str(tmp_path / "n.tif"), mask_polygons=str(polygons), value="5", fill_nodata=fills
    )
    recodemap.run(request, SilentProgress())
    inside = np.zeros(before.shape, dtype=bool)
    inside[5:25, 10:40] = True
    expected = np.where(inside if fills else inside & (before != -1), 5, before)
    assert np.array_equal(read(tmp_path / "n.tif"), expected)
    removed = RecodeRequest(source, str(tmp_path / "r.tif"), mask_polygons=str(polygons), value="nodata")
    recodemap.run(removed, SilentProgress())
    assert np.array_equal(read(tmp_path / "r.tif"), np.where(inside, -1, before))


def test_a_renamed_map_has_the_same_pixels(
    scene: tuple[RasterSource, NDArray[np.int64]], tmp_path: Path
) -> None:
    source, before = scene
    names = table(tmp_path, "value,old_name,name,color,parent\n2,rice,Padi,,\n300,Forest,,#000001,Trees\n")
    result = renameclasses.run(RenameRequest(names, source, output=str(tmp_path / "n.tif")), SilentProgress())
    assert result.changed == 2 and np.array_equal(read(result.output), before)
    with open_class_raster(RasterSource(result.output), SilentProgress()) as raster:
        assert raster.own_classes() == (
            LandCoverClass(2, "Padi", "#EBC864", "Cropland"),
            *CLASSES[1:3],
            LandCoverClass(300, "Forest", "#000001", "Trees"),
        )
    # The parents are a column of the attribute table.
    assert "<Name>Parent</Name>" in Path(f"{result.output}.aux.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"table": ""}, ParameterError),
        ({"value": "3"}, ParameterError),
        ({"table": "from,to\n1,5\n2,5\n5,nodata\n300,nodata\n1,3\n"}, ParameterError),
        ({"table": "from,from_name,to\n1,Rice,5\n"}, SchemeError),
        ({"table": "from,to\n1,nodata\n2,nodata\n5,nodata\n300,nodata\n"}, ParameterError),
    ],
)
def test_what_cannot_be_recoded_is_refused_before_anything_is_written(
    scene: tuple[RasterSource, NDArray[np.int64]],
    tmp_path: Path,
    changes: dict[str, str],
    kind: type[Exception],
) -> None:
    source, _before = scene
    given = dict(changes)
    if given.get("table"):
        given["table"] = table(tmp_path, given["table"])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(kind) as caught:
        recodemap.run(RecodeRequest(source, str(tmp_path / "new.tif"), **given), SilentProgress())
    assert isinstance(caught.value, LandCoverError)
    assert sorted(tmp_path.iterdir()) == before
