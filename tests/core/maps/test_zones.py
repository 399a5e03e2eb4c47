"""Zones: their pixels and areas against GDAL, geometry and one pass over the whole raster."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from affine import Affine
from rasterio.crs import CRS
from rasterio.features import rasterize

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.maps.zone_file import write_zone_areas
from deep_land_cover.core.maps.zones import ZoneTables, log_zones, read_zones
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.provenance import Provenance
from deep_land_cover.core.raster.coverage import centres_inside, fractions_inside, polygon_edges
from deep_land_cover.core.raster.grid import Grid, Tile, tiles_of
from deep_land_cover.core.raster.pixel_area import pixel_areas
from deep_land_cover.core.raster.rasterize import to_pixels
from deep_land_cover.core.text import Text

UTM = CRS.from_epsg(32636).to_wkt()
DEGREES = CRS.from_epsg(4326).to_wkt()
GRID = Grid(60, 45, (30.0, 0.0, 700_000.0, 0.0, -30.0, 800_000.0), UTM)
RNG = np.random.default_rng(4)
VALUES = RNG.integers(1, 5, (45, 60))
VALID = RNG.random((45, 60)) > 0.1


def star(x: float, y: float, radius: float, seed: int, points: int = 23) -> list[list[float]]:
    """Return a closed ring of unequal radii around a place."""
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, math.tau, points))
    radii = radius * rng.uniform(0.4, 1.0, points)
    ring = [[x + r * math.cos(a), y + r * math.sin(a)] for a, r in zip(angles, radii, strict=True)]
    return [*ring, ring[0]]


def in_map(*rings: list[list[float]], grid: Grid = GRID) -> dict[str, Any]:
    """Return a polygon whose vertices are given in columns and rows."""
    return {
        "type": "Polygon",
        "coordinates": [[list(grid.position(row, column)) for column, row in ring] for ring in rings],
    }


def box(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]


def write(path: Path, *zones: tuple[Any, dict[str, Any]]) -> Path:
    path.write_text(
        "".join(
            json.dumps({"geometry": shape, "zone": zone, "feature": number}) + "\n"
            for number, (zone, shape) in enumerate(zones)
        )
    )
    return path


OVERLAPPING = (
    ("south", in_map(star(30, 28, 20, 1))),
    ("north", in_map(star(28, 15, 17, 2), [[x, y] for x, y in star(28, 15, 4, 3)])),
    # Another feature of the first zone that overlaps its first one, and both the other zone.
    ("south", in_map(star(40, 25, 14, 5))),
    ("outside", in_map(box(100, 100, 120, 110))),
)


def burnt(*shapes: dict[str, Any], grid: Grid = GRID) -> np.ndarray:
    return (
        rasterize(
            [(shape, 1) for shape in shapes],
            out_shape=(grid.height, grid.width),
            transform=Affine(*grid.transform),
            dtype="uint8",
        )
        > 0
    )


@pytest.mark.parametrize("size", [7, 16, 100])
def test_overlapping_zones_have_the_pixels_that_gdal_burns(tmp_path: Path, size: int) -> None:
    zones = read_zones(write(tmp_path / "zones.jsonl", *OVERLAPPING), GRID, "part")
    tables = ZoneTables(zones, pixel_areas(GRID))
    for tile in tiles_of(GRID.window, size):
        rows, columns = slice(tile.row, tile.row_stop), slice(tile.column, tile.column_stop)
        tables.add(tile, VALUES[rows, columns], VALID[rows, columns])
    north, outside, south = tables.sizes()
    assert zones.names == ("north", "outside", "south")
    assert outside.pixels == {}
    shapes = [shape for _, shape in OVERLAPPING]
    for size_of_zone, inside in ((north, burnt(shapes[1])), (south, burnt(shapes[0], shapes[2]))):
        expected = {value: int(np.sum(inside & VALID & (VALUES == value))) for value in range(1, 5)}
        assert size_of_zone.pixels == expected
        assert size_of_zone.hectares == pytest.approx({key: 0.09 * n for key, n in expected.items()})
        assert size_of_zone.unclassified == np.sum(inside & ~VALID)


def test_numbers_are_zones_in_their_order_and_whole_numbers_have_no_point(tmp_path: Path) -> None:
    shape = in_map(box(1, 1, 5, 5))
    path = write(tmp_path / "zones.jsonl", (10.0, shape), (9, shape), (2.5, shape), (10, shape))
    assert read_zones(path, GRID).names == ("2.5", "9", "10")


def test_zones_without_gaps_have_each_pixel_once_even_where_borders_pass_through_centres() -> None:
    # Vertices of the inner points of a triangulated square, half of them on centres of pixels.
    corners = [(0.0, 0.0), (45.0, 0.0), (45.0, 45.0), (0.0, 45.0)]
    for middle in ((20.5, 10.5), (17.25, 30.5), (22.5, 22.5)):
        count = np.zeros((45, 45), dtype=int)
        grid = Grid(45, 45, GRID.transform, UTM)
        for number in range(4):
            ring = [corners[number], corners[(number + 1) % 4], middle, corners[number]]
            edges = polygon_edges(to_pixels(in_map([list(p) for p in ring]), grid))
            count += centres_inside(edges, grid.window)
        assert (count == 1).all()


@pytest.mark.parametrize("size", [7, 100])
def test_fractions_are_exact(size: int) -> None:
    ring, hole = star(30, 22, 21, 11), star(30, 22, 5, 12)
    edges = polygon_edges(to_pixels(in_map(ring, hole[::-1]), GRID))
    whole = np.zeros((45, 60))
    for tile in tiles_of(GRID.window, size):
        whole[tile.row : tile.row_stop, tile.column : tile.column_stop] = fractions_inside(edges, tile)

    def area(points: list[list[float]]) -> float:
        x, y = np.array(points).T
        return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2

    # No vertex lies beyond the raster, so that the fractions add up to the polygon's area in pixels.
    assert whole.sum() == pytest.approx(area(ring) - area(hole), rel=1e-9)
    # Of single pixels, GDAL's count of 60 x 60 points in each.
    fine = Grid(60 * 60, 45 * 60, (0.5, 0.0, 700_000.0, 0.0, -0.5, 800_000.0), UTM)
    counted = burnt(in_map(ring, hole), grid=fine).reshape(45, 60, 60, 60).mean(axis=(1, 3))
    assert np.abs(whole - counted).max() < 0.01


def test_fractions_beyond_the_raster_are_cut_off_at_its_edge() -> None:
    edges = polygon_edges(to_pixels(in_map(box(-7.3, -2.1, 3.25, 4.5)), GRID))
    inside = fractions_inside(edges, GRID.window)
    expected = np.zeros((45, 60))
    expected[:5, :4] = np.outer([1, 1, 1, 1, 0.5], [1, 1, 1, 0.25])
    np.testing.assert_allclose(inside, expected, atol=1e-12)


def test_fractional_areas_in_degrees_are_those_of_the_ellipsoid(tmp_path: Path) -> None:
    grid = Grid(50, 40, (0.01, 0.0, 20.0, 0.0, -0.01, 60.0), DEGREES)
    # Half of the pixels of a column, over all rows.
    path = write(tmp_path / "zones.jsonl", ("half", in_map(box(3.5, 0, 4, 40), grid=grid)))
    tables = ZoneTables(read_zones(path, grid, fractional=True), pixel_areas(grid))
    tables.add(grid.window, np.ones((40, 50), dtype=np.int64), np.ones((40, 50), dtype=bool))
    (size,) = tables.sizes()
    assert size.pixels[1] == pytest.approx(20)
    # Area between two parallels on WGS 84 per radian of longitude (Snyder 1987, 3-12), in closed form.
    eccentricity = math.sqrt(0.0066943799901413165)

    def zone(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return (
            6378137.0**2
            * (1 - eccentricity**2)
            / 2
            * (s / (1 - (eccentricity * s) ** 2) + math.atanh(eccentricity * s) / eccentricity)
        )

    expected = (zone(60.0) - zone(59.6)) * math.radians(0.005) / 10_000
    assert size.hectares[1] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rows", [7, 40])
def test_areas_of_zones_in_degrees_are_sums_of_pixel_areas(tmp_path: Path, rows: int) -> None:
    grid = Grid(50, 40, (0.01, 0.0, 20.0, 0.0, -0.01, 60.0), DEGREES)
    values = np.random.default_rng(2).integers(0, 3, (40, 50))
    valid = values != 2
    shapes = [in_map(star(25, 20, 18, 6), grid=grid), in_map(star(30, 24, 12, 7), grid=grid)]
    zones = read_zones(write(tmp_path / "zones.jsonl", *enumerate(shapes)), grid)
    areas = pixel_areas(grid)
    tables = ZoneTables(zones, areas)
    for row in range(0, 40, rows):
        part = slice(row, row + rows)
        height = len(values[part])
        tables.add(Tile(row, 0, height, 50), values[part], valid[part])
    of_pixels = np.broadcast_to(areas.of(grid.window), values.shape)
    for shape, size in zip(shapes, tables.sizes(), strict=True):
        inside = burnt(shape, grid=grid)
        assert size.unclassified == np.sum(inside & ~valid)
        for value in (0, 1):
            expected = of_pixels[inside & (values == value)].sum()
            assert size.hectares[value] == pytest.approx(expected, rel=1e-12)


def test_zones_that_lie_outside_reach_beyond_or_have_no_pixel_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "zones.jsonl",
        ("far", in_map(box(100, 100, 120, 110))),
        ("cut", in_map(box(-5, 3, 5, 9))),
        ("tiny", in_map(box(10.6, 10.6, 10.9, 10.9))),
        ("fine", in_map(box(20, 20, 30, 30))),
    )
    zones = read_zones(path, GRID)
    tables = ZoneTables(zones, pixel_areas(GRID))
    tables.add(Tile(0, 0, 45, 60), VALUES, VALID)
    progress = SilentProgress()
    log_zones(zones, tables.sizes(), Text("Do this."), progress)
    assert [level for level, _ in progress.lines] == ["warning"] * 3
    for name, (_, line) in zip(("far", "cut", "tiny"), progress.lines, strict=True):
        assert name in line and "fine" not in line
        assert ("Do this." in line) == (name == "tiny")


def test_zones_elsewhere_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "zones.jsonl", ("far", in_map(box(100, 100, 120, 110))))
    with pytest.raises(ParameterError) as error:
        read_zones(path, GRID)
    assert error.value.where == "ZONES"


def test_a_zone_that_crosses_itself_is_written(tmp_path: Path) -> None:
    """A polygon that was valid need not be so in the CRS of the map."""
    # Two triangles of 9 pixels that meet, and a box of 8 that shares half a pixel with each.
    crossed, output = [[2, 2], [8, 8], [8, 2], [2, 8], [2, 2]], tmp_path / "areas.gpkg"
    path = write(tmp_path / "zones.jsonl", (1, in_map(crossed)), (1, in_map(box(4, 1, 6, 5))))
    zones, classes = read_zones(path, GRID, "zone"), [LandCoverClass(1, "a", "#000000")]
    write_zone_areas(output, path, GRID, zones, [([1.0], 0.0)], classes, Provenance(), SilentProgress())
    (shape,) = shapely.from_wkb(pyogrio.raw.read(output)[2])
    assert shape.is_valid and shape.area == pytest.approx(25 * 900)
