"""Outlines of patches, traced in strips, against GDAL on the whole array, scipy and geometry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from rasterio.crs import CRS
from rasterio.features import shapes
from scipy.ndimage import gaussian_filter, label

from deep_land_cover.core.maps.outlines import Patches, Tracer
from deep_land_cover.core.maps.simplify import Simplifier
from deep_land_cover.core.maps.vector_files import polygons_of
from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.pixel_area import edge_lengths, pixel_areas

UTM = CRS.from_epsg(32636).to_wkt()
DEGREES = CRS.from_epsg(4326).to_wkt()


def grid_of(values: np.ndarray) -> Grid:
    height, width = values.shape
    return Grid(width, height, (1.0, 0.0, 500_000.0, 0.0, -1.0, 1000.0), UTM)


def polygons(patches: Patches, grid: Grid) -> list[tuple[int, int, float, float, Any]]:
    """Return value, pixels, perimeter, confidence and shape of each patch."""
    figures = (patches.values, patches.pixels, patches.metres, patches.confidence)
    return list(
        zip(*(item.tolist() for item in figures), shapely.from_wkb(polygons_of(patches, grid)), strict=True)
    )


def traced(
    values: np.ndarray, valid: np.ndarray, rows: int, confidence: np.ndarray | None = None
) -> list[tuple[int, int, float, float, Any]]:
    grid = grid_of(values)
    tracer = Tracer(pixel_areas(grid), edge_lengths(grid))
    result = []
    for row in range(0, grid.height, rows):
        part = slice(row, row + rows)
        known = None if confidence is None else confidence[part]
        result += polygons(tracer.add(values[part], valid[part], known), grid)
    return result + polygons(tracer.finish(), grid)


def fields(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return maps of single pixels, of patches, and of both with holes in the data."""
    rng = np.random.default_rng(11)
    result = []
    for number in range(count):
        height, width = rng.integers(1, 22, 2)
        smooth = gaussian_filter(rng.random((height, width)), number % 3)
        values = (smooth * 12).astype(np.int64) % 4
        result.append((values, rng.random(values.shape) > (0.0, 0.2)[number % 2]))
    return result


@pytest.mark.parametrize("rows", [1, 2, 5, 100])
def test_polygons_are_those_of_gdal_for_any_strips(rows: int) -> None:
    for values, valid in fields(24):
        grid = grid_of(values)
        a, b, c, d, e, f = grid.transform
        expected = [
            (int(value), shapely.normalize(shapely.geometry.shape(shape)).wkt)
            for shape, value in shapes(
                values.astype(np.int32), mask=valid, connectivity=4, transform=(a, b, c, d, e, f)
            )
        ]
        found = traced(values, valid, rows)
        assert all(shape.is_valid for *_, shape in found)
        assert sorted((value, shapely.normalize(shape).wkt) for value, *_, shape in found) == sorted(expected)


@pytest.mark.parametrize("rows", [3, 100])
def test_pixels_perimeters_and_confidences_are_those_of_the_patches(rows: int) -> None:
    confidence = np.random.default_rng(3).random((22, 22))
    confidence[4, 5] = np.nan
    for values, valid in fields(20):
        known = confidence[: values.shape[0], : values.shape[1]]
        expected = []
        for value in np.unique(values[valid]).tolist():
            numbers, count = label((values == value) & valid)
            for number in range(1, count + 1):
                inside = numbers == number
                some = known[inside & np.isfinite(known)]
                expected.append((value, int(inside.sum()), some.mean() if len(some) else -1.0))
        found = traced(values, valid, rows, known)
        mine = sorted((value, count, -1.0 if np.isnan(mean) else mean) for value, count, _, mean, _ in found)
        np.testing.assert_allclose(mine, sorted(expected))
        for _, count, metres, _, shape in found:
            assert shape.area == pytest.approx(count) and shape.length == pytest.approx(metres)


def test_hectares_and_metres_in_degrees_are_those_of_the_ellipsoid() -> None:
    grid = Grid(12, 9, (0.05, 0.0, 10.0, 0.0, -0.05, 61.0), DEGREES)
    values = np.random.default_rng(5).integers(0, 2, (9, 12))
    areas = pixel_areas(grid)
    tracer = Tracer(areas, edge_lengths(grid))
    everywhere = np.ones(values.shape, dtype=bool)
    parts = [tracer.add(values[:4], everywhere[:4]), tracer.add(values[4:], everywhere[4:]), tracer.finish()]
    of_pixels = np.broadcast_to(areas.of(Tile(0, 0, 9, 12)), values.shape)
    for value in (0, 1):
        found = sum(float(part.hectares[part.values == value].sum()) for part in parts)
        assert found == pytest.approx(of_pixels[values == value].sum(), rel=1e-12)
    # One patch of all pixels: two meridians and two parallels. Radii of curvature of WGS 84.
    whole = Tracer(areas, edge_lengths(grid))
    outlines = [whole.add(np.zeros((9, 12), dtype=np.int64), everywhere), whole.finish()]
    metres = sum(float(part.metres.sum()) for part in outlines)
    squared, axis = 0.0066943799901413165, 6378137.0
    latitude = np.radians(np.array([61.0, 60.55]))
    parallels = axis / np.sqrt(1 - squared * np.sin(latitude) ** 2) * np.cos(latitude) * np.radians(0.6)
    fine = np.radians(np.linspace(60.55, 61.0, 2001))
    meridian = np.trapezoid(axis * (1 - squared) / (1 - squared * np.sin(fine) ** 2) ** 1.5, fine)
    assert metres == pytest.approx(parallels.sum() + 2 * meridian, rel=1e-6)


def test_lengths_in_web_mercator_are_those_on_the_ground() -> None:
    # A degree of latitude north of 60 degrees; the projection shows everything twice as long.
    grid = Grid(100, 100, (100.0, 0.0, 0.0, 0.0, -100.0, 8_399_737.9), CRS.from_epsg(3857).to_wkt())
    lengths = edge_lengths(grid)
    middle = np.array([50.0]), np.array([50.0])
    assert lengths.across(*middle)[0] == pytest.approx(50.3, rel=0.01)
    assert lengths.down(*middle)[0] == pytest.approx(50.1, rel=0.01)


@pytest.mark.parametrize("tolerance", [1.01, 4.0])
@pytest.mark.parametrize("rows", [1, 6, 100])
def test_simplified_borders_stay_shared_across_bands(tolerance: float, rows: int) -> None:
    for values, valid in fields(9):
        grid = grid_of(values)
        simplifier = Simplifier(grid, pixel_areas(grid), edge_lengths(grid), tolerance, rows * grid.width)
        found = []
        for tile in simplifier.bands():
            part = slice(tile.row, tile.row_stop)
            found += polygons(simplifier.add(values[part], valid[part]), grid)
        exact = traced(values, valid, 100)
        # Class, pixels and perimeter are those of the pixels.
        measures = [sorted((a, b, round(c, 6)) for a, b, c, *_ in items) for items in (found, exact)]
        assert measures[0] == measures[1]
        geometries = np.array([shape for *_, shape in found])
        assert shapely.is_valid(geometries).all()
        total, united = float(shapely.area(geometries).sum()), shapely.union_all(geometries)
        # No overlap, and no gap where all pixels have a class.
        assert united.area == pytest.approx(total)
        if valid.all():
            assert total == pytest.approx(values.size)
