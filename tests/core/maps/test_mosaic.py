"""Mosaics of maps, against one pass over the whole arrays."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError, RasterError, SampleError
from deep_land_cover.core.maps.mosaic import PlacedMap, by_date, date_of, join, mosaic_grid, parse_dates
from deep_land_cover.core.marks import kinds_of
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.provenance import RunContext, running
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.derived_map import steps_of
from deep_land_cover.core.raster.grid import Grid, tiles_of
from deep_land_cover.core.raster.probability_raster import open_probabilities
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import open_map, write_class_map
from deep_land_cover.core.requests.mosaicmaps import MosaicRequest
from deep_land_cover.core.run_plan import DryRunEnd
from deep_land_cover.core.tasks.mosaicmaps import run

WKT = CRS.from_epsg(32637).to_wkt()
DEGREES = CRS.from_epsg(4326).to_wkt()
GRID = Grid(60, 50, (10.0, 0.0, 500_000.0, 0.0, -10.0, 900_000.0), WKT)
FOREST, WATER, CROPS = "#228B22", "#0066CC", "#EBC864"
FIRST = (LandCoverClass(1, "Forest", FOREST), LandCoverClass(2, "Water", WATER))
# The same names with other values, and a class that the first map does not have.
SECOND = (
    LandCoverClass(2, "Forest", FOREST),
    LandCoverClass(1, "Water", WATER),
    LandCoverClass(7, "Crops", CROPS),
)
# Row and column of the second and third map on the grid of the first one.
OFFSETS = ((0, 0), (-12, 35), (20, -15))
SHAPES = ((50, 60), (40, 45), (55, 50))


def crop(row: int, column: int, shape: tuple[int, int]) -> Grid:
    x, y = GRID.position(row, column)
    return Grid(shape[1], shape[0], (10.0, 0.0, x, 0.0, -10.0, y), WKT)


GRIDS = tuple(crop(*offset, shape) for offset, shape in zip(OFFSETS, SHAPES, strict=True))


@pytest.fixture
def maps(tmp_path: Path) -> tuple[list[RasterSource], list[RasterSource], list[NDArray[np.int64]]]:
    """Three maps, their probabilities, and their classes with the values of the first; -1 is nodata."""
    generator = np.random.default_rng(3)
    sources, probabilities, arrays = [], [], []
    for number, (grid, classes) in enumerate(zip(GRIDS, (FIRST, SECOND, FIRST), strict=True)):
        shape = grid.height, grid.width
        codes = generator.integers(0, len(classes), shape)
        valid = generator.random(shape) > 0.2
        values = np.array([item.value for item in classes])[codes]
        path = tmp_path / f"map_20{10 + number}.tif"
        write_class_map(path, values, grid, classes, SilentProgress(), {"MODEL": f"m{number}"}, valid)
        names = np.array([{"Forest": 1, "Water": 2, "Crops": 7}[item.name] for item in classes])[codes]
        arrays.append(np.where(valid, names, -1))
        stored = generator.integers(0, 251, (2, *shape), dtype=np.uint8)
        likely = tmp_path / f"p{number}.tif"
        with open_probabilities(likely, grid, ("a", "b"), "uint8", SilentProgress()) as writer:
            for band in range(2):
                writer.write(grid.window, band, stored[band])
        sources.append(RasterSource(str(path)))
        probabilities.append(RasterSource(str(likely)))
    return sources, probabilities, arrays


def whole(arrays: list[NDArray[np.int64]], fill: int) -> tuple[NDArray[np.int64], int, int]:
    """Return the maps on their common grid, shape (maps, rows, columns), with its first row and column."""
    row, column = min(item[0] for item in OFFSETS), min(item[1] for item in OFFSETS)
    bottom = max(offset[0] + shape[0] for offset, shape in zip(OFFSETS, SHAPES, strict=True))
    right = max(offset[1] + shape[1] for offset, shape in zip(OFFSETS, SHAPES, strict=True))
    layers = np.full((len(arrays), bottom - row, right - column), fill)
    for number, (offset, array) in enumerate(zip(OFFSETS, arrays, strict=True)):
        top, left = offset[0] - row, offset[1] - column
        layers[number, top : top + array.shape[0], left : left + array.shape[1]] = array
    return layers, row, column


def read(path: Path) -> tuple[NDArray[np.int64], rasterio.DatasetReader]:
    with rasterio.open(path) as dataset:
        values = dataset.read(1).astype(np.int64)
        return np.where(dataset.read_masks(1) > 0, values, -1), dataset


def test_the_mosaic_is_the_same_for_any_tile_size(maps: tuple[list[RasterSource], ...]) -> None:
    grid, places = mosaic_grid(GRIDS)
    with ExitStack() as stack:
        placed = [
            PlacedMap(stack.enter_context(open_class_raster(source, SilentProgress())), place.window)
            for source, place in zip(maps[0], places, strict=True)
        ]
        once = join(placed, grid.window)
        parts = []
        for tile in tiles_of(grid.window, 17):
            part = join(placed, tile)
            parts.append(part)
            rows, columns = slice(tile.row, tile.row_stop), slice(tile.column, tile.column_stop)
            assert np.array_equal(part.source, once.source[rows, columns])
            assert np.array_equal(part.values, once.values[rows, columns])
        assert sum(part.overlap for part in parts) == once.overlap > sum(part.equal for part in parts)
        assert sum(part.equal for part in parts) == once.equal > 0


def test_the_first_map_counts_where_several_have_a_class(
    maps: tuple[list[RasterSource], ...], tmp_path: Path
) -> None:
    sources, _probabilities, arrays = maps
    output, table = tmp_path / "mosaic.tif", tmp_path / "t.csv"
    result = run(MosaicRequest(tuple(sources), str(output), table=str(table)), SilentProgress())
    layers, row, column = whole(arrays, -1)  # type: ignore[arg-type]
    has = layers >= 0
    expected = np.where(has.any(0), np.take_along_axis(layers, has.argmax(0)[None], 0)[0], -1)
    values, dataset = read(output)
    assert np.array_equal(values, expected)
    assert dataset.transform.to_gdal() == (
        *GRID.crop(replace_window(row, column)).transform[2:3],
        10,
        0,
        GRID.position(row, column)[1],
        0,
        -10,
    )
    several = has.sum(0) > 1
    equal = several & (np.where(has, layers, 99).min(0) == np.where(has, layers, -9).max(0))
    assert (result.pixels, result.overlap) == (int(has.any(0).sum()), int(several.sum()))
    assert result.agreement == pytest.approx(equal.sum() / several.sum())
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    used = [int((has[number] & ~has[:number].any(0)).sum()) for number in range(3)]
    assert [int(item["used_pixels"]) for item in rows] == used
    assert [float(item["used_ha"]) for item in rows] == [pytest.approx(count * 0.01) for count in used]
    assert [int(item["pixels"]) for item in rows] == [int(layer.sum()) for layer in has]
    with open_class_raster(RasterSource(str(output)), SilentProgress()) as raster:
        assert [(item.value, item.name) for item in raster.own_classes()] == [
            (1, "Forest"), (2, "Water"), (7, "Crops")
        ]  # fmt: skip
        assert [step.get("model") for step in steps_of(raster)] == ["m0", "m1", "m2", None]
    assert kinds_of(output) == ("mosaic",) and kinds_of(table) == ("mosaic_table",)


def replace_window(row: int, column: int):  # type: ignore[no-untyped-def]
    return replace(GRID.window, row=row, column=column)


def test_the_highest_probability_counts(maps: tuple[list[RasterSource], ...], tmp_path: Path) -> None:
    sources, probabilities, arrays = maps
    output = tmp_path / "mosaic.tif"
    request = MosaicRequest(tuple(sources), str(output), "probability", tuple(probabilities))
    run(request, SilentProgress())
    layers, _row, _column = whole(arrays, -1)  # type: ignore[arg-type]
    highest = [rasterio.open(item.path).read().max(0).astype(np.int64) for item in probabilities]
    likely, _row, _column = whole(highest, -1)
    likely = np.where(layers >= 0, likely, -1)
    expected = np.take_along_axis(layers, likely.argmax(0)[None], 0)[0]
    assert np.array_equal(read(output)[0], expected)


def test_the_latest_date_counts(maps: tuple[list[RasterSource], ...], tmp_path: Path) -> None:
    sources, _probabilities, arrays = maps
    output, progress = tmp_path / "mosaic.tif", SilentProgress()
    # Years in the file names: 2010, 2011, 2012.
    run(MosaicRequest(tuple(sources), str(output), "date"), progress)
    layers, _row, _column = whole(arrays, -1)  # type: ignore[arg-type]
    backwards = layers[::-1]
    has = backwards >= 0
    expected = np.where(has.any(0), np.take_along_axis(backwards, has.argmax(0)[None], 0)[0], -1)
    assert np.array_equal(read(output)[0], expected)
    assert any("2011" in line for _level, line in progress.lines)
    run(MosaicRequest(tuple(sources), str(output), "date", dates="2001, 2003-05, 2002-12-31"), progress)
    layers = layers[[1, 2, 0]]
    has = layers >= 0
    expected = np.where(has.any(0), np.take_along_axis(layers, has.argmax(0)[None], 0)[0], -1)
    assert np.array_equal(read(output)[0], expected)


def test_another_pixel_size_is_resampled_by_the_nearest_pixel(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    first, coarse = generator.integers(1, 3, (50, 60)), generator.integers(1, 3, (20, 15))
    write_class_map(tmp_path / "a.tif", first, GRID, FIRST, SilentProgress())
    grid = Grid(15, 20, (30.0, 0.0, 500_600.0, 0.0, -30.0, 900_000.0), WKT)
    write_class_map(tmp_path / "b.tif", coarse, grid, FIRST, SilentProgress())
    progress, output = SilentProgress(), tmp_path / "m.tif"
    sources = RasterSource(str(tmp_path / "a.tif")), RasterSource(str(tmp_path / "b.tif"))
    run(MosaicRequest(sources, str(output)), progress)
    values, _dataset = read(output)
    assert values.shape == (60, 105)
    assert np.array_equal(values[:50, :60], first)
    # A pixel of the second map covers 3 x 3 pixels of the first one.
    assert np.array_equal(values[:60, 60:], np.kron(coarse, np.ones((3, 3), dtype=np.int64)))
    assert any("nearest pixel" in line for _level, line in progress.lines)


def test_maps_on_both_sides_of_180_degrees_are_neighbours() -> None:
    east = Grid(100, 50, (0.1, 0.0, 170.0, 0.0, -0.1, 5.0), DEGREES)
    west = Grid(80, 50, (0.1, 0.0, -180.0, 0.0, -0.1, 5.0), DEGREES)
    grid, places = mosaic_grid([east, west])
    assert (grid.width, grid.height, grid.transform[2]) == (180, 50, 170.0)
    assert places[1].is_aligned and places[1].window.column == 100
    # Also where the pixels do not coincide.
    shifted = replace(west, transform=(0.1, 0.0, -180.03, 0.0, -0.1, 5.0))
    grid, places = mosaic_grid([east, shifted])
    assert grid.width == pytest.approx(180, abs=1) and not places[1].is_aligned
    with pytest.raises(RasterError, match="around the Earth"):
        mosaic_grid([Grid(3600, 50, (0.1, 0.0, -180.0, 0.0, -0.1, 5.0), DEGREES), replace(east, width=120)])


def test_different_names_for_a_value_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    ones = np.ones((50, 60), dtype=np.int64)
    others = (LandCoverClass(1, "Bare soil", CROPS),)
    write_class_map(tmp_path / "a.tif", ones, GRID, FIRST[:1], SilentProgress())
    write_class_map(tmp_path / "b.tif", ones, GRID, others, SilentProgress())
    output = tmp_path / "m.tif"
    sources = RasterSource(str(tmp_path / "a.tif")), RasterSource(str(tmp_path / "b.tif"))
    with pytest.raises(SampleError, match="different names") as caught:
        run(MosaicRequest(sources, str(output)), SilentProgress())
    assert "1 Forest" in str(caught.value) and "1 Bare soil" in str(caught.value)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".tif", ".tif", ".xml", ".xml"]


def test_a_class_of_later_maps_has_one_value(tmp_path: Path) -> None:
    ones = np.ones((50, 60), dtype=np.int64)
    for name, values, classes in (
        ("a", ones, FIRST[:1]),
        ("b", ones * 5, (LandCoverClass(5, "Crops", CROPS),)),
        ("c", ones * 9, (LandCoverClass(9, "Crops", CROPS),)),
    ):
        shift = {"a": 0, "b": 60, "c": 120}[name]
        write_class_map(tmp_path / f"{name}.tif", values, crop(0, shift, (50, 60)), classes, SilentProgress())
    output = tmp_path / "m.tif"
    sources = tuple(RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc")
    run(MosaicRequest(sources, str(output)), SilentProgress())
    assert np.unique(read(output)[0]).tolist() == [1, 5]


def test_the_training_pixels_of_all_models_are_kept(tmp_path: Path) -> None:
    output = tmp_path / "m.tif"
    for name, record in (("a", '{"crs": "x"}'), ("b", '{"crs": "y"}'), ("c", "")):
        with open_map(
            tmp_path / f"{name}.tif", GRID, FIRST[:1], SilentProgress(), training_pixels=record
        ) as writer:
            writer.write(writer.window, np.ones((50, 60), dtype=np.uint8))
    sources = tuple(RasterSource(str(tmp_path / f"{name}.tif")) for name in "abc")
    run(MosaicRequest(sources[:2], str(output)), SilentProgress())
    with open_class_raster(RasterSource(str(output)), SilentProgress()) as raster:
        assert json.loads(raster.training_pixels) == [{"crs": "x"}, {"crs": "y"}]
    # What the third map was trained on is not known, so nothing is said of the mosaic.
    run(MosaicRequest(sources, str(output)), SilentProgress())
    with open_class_raster(RasterSource(str(output)), SilentProgress()) as raster:
        assert raster.training_pixels == ""


def test_a_dry_run_writes_nothing(maps: tuple[list[RasterSource], ...], tmp_path: Path) -> None:
    sources, _probabilities, _arrays = maps
    before = sorted(tmp_path.iterdir())
    with running(RunContext(dry_run=True)), pytest.raises(DryRunEnd) as end:
        run(MosaicRequest(tuple(sources), str(tmp_path / "m.tif")), SilentProgress())
    assert sorted(tmp_path.iterdir()) == before
    assert end.value.plan["grid"]["height"] == 87 and end.value.plan["time"]["seconds"] > 0


def test_dates_and_what_is_missing() -> None:
    assert parse_dates("2019-07-31; 2018 2017/05", 3) == ("2019-07-31", "2018", "2017-05")
    assert by_date(["2019-07-31", "2019", "2020-01", "2019"]) == [2, 1, 3, 0]
    for text in ("2019-13", "July"):
        with pytest.raises(ParameterError):
            parse_dates(text, 1)
    with pytest.raises(ParameterError, match="2 dates for 3 maps"):
        parse_dates("2019, 2020", 3)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        # Path 199 and row 012 look like December 1990; the last date is that of processing.
        ("LC08_L2SP_199012_20190731_20200827_02_T1", "2019-07-31"),
        ("LC08_L2SP_199012_20190731", "2019-07-31"),
        ("S2A_2019-07-31_v2", "2019-07-31"),
        ("map_2019_07", "2019-07"),
        ("map_2019", "2019"),
        ("map_2018_to_2019", "2018"),
        ("map", ""),
    ],
)
@pytest.mark.parametrize("is_written", [False, True], ids=["name", "metadata"])
def test_the_date_of_a_map_is_the_first_whole_day(
    tmp_path: Path, name: str, date: str, is_written: bool
) -> None:
    path = tmp_path / ("map_1999.tif" if is_written and date else f"{name}.tif")
    metadata = {"DATE": name} if is_written else {}
    write_class_map(path, np.ones((2, 2), np.uint8), crop(0, 0, (2, 2)), FIRST, SilentProgress(), metadata)
    with open_class_raster(RasterSource(str(path)), SilentProgress()) as raster:
        assert date_of(raster) == date


def test_maps_of_two_continents_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    places = (0.0, 3_000.0, 3_000_000.0)
    for name, left in zip("abc", places, strict=True):
        grid = Grid(4, 4, (30.0, 0.0, left, 0.0, -30.0, 0.0), WKT)
        write_class_map(tmp_path / f"{name}.tif", np.ones((4, 4), np.uint8), grid, FIRST, SilentProgress())
    near, far = (
        tuple(RasterSource(str(tmp_path / f"{name}.tif")) for name in names) for names in ("ab", "ac")
    )
    output, progress = tmp_path / "m.tif", SilentProgress()
    run(MosaicRequest(near, str(output)), progress)
    output.unlink()
    with pytest.raises(RasterError, match="all maps together have 32"):
        run(MosaicRequest(far, str(output)), progress)
    assert not output.exists()
