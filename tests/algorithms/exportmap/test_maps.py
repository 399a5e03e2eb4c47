"""The maps of a page: one CRS and scale, a bar as long as its number says, and true north."""

from __future__ import annotations

import math
import re

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayoutItemMapGrid,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QImage

from deep_land_cover.algorithms.page.maps import fit_scale_bar
from deep_land_cover.core.errors import RasterError

from .conftest import CLASSES, draw, legend_entries, page_of, text_of

pytestmark = pytest.mark.qgis


@pytest.fixture
def make_wide(plugin, tmp_path):
    """Write a raster of zeros, 36 × 18 pixels or as said, and return its layer."""

    def make(crs, left, top, pixel, columns=36, rows=18):
        path = str(tmp_path / f"wide{pixel}.tif")
        dataset = gdal.GetDriverByName("GTiff").Create(path, columns, rows, 1, gdal.GDT_Byte)
        dataset.SetGeoTransform((left, pixel, 0, top, 0, -pixel))
        dataset.SetProjection(QgsCoordinateReferenceSystem(crs).toWkt())
        dataset = None
        layer = QgsRasterLayer(path, crs)
        draw(layer, CLASSES)
        return layer

    return make


def test_two_maps_have_the_first_ones_crs_one_scale_and_their_names(two_scenes):
    made = page_of(*two_scenes)
    maps = [made.layout.itemById(name) for name in ("map", "map2")]
    assert [item.crs().authid() for item in maps] == ["EPSG:32748", "EPSG:32748"]
    assert maps[0].extent() == maps[1].extent()
    assert maps[0].scale() == pytest.approx(maps[1].scale())
    assert maps[0].extent().contains(two_scenes[0].extent())
    assert [text_of(made, f"{name}_title") for name in ("map", "map2")] == ["Jambi 2023", "Jambi 2024"]
    # Both have the same classes, so there is one legend.
    assert legend_entries(made) == [("Tanah terbuka", "#D2691E"), ("Air", "#0066CC")]


@pytest.mark.medium
def test_the_scale_bar_is_as_long_as_its_number_says_also_in_degrees(run, two_scenes, tmp_path):
    path = tmp_path / "page.png"
    assert run("exportmap", {"INPUTS": [two_scenes[1]], "OUTPUT": str(path)}).succeeded
    made = page_of(two_scenes[1])
    item, bar = made.layout.itemById("map"), made.layout.itemById("scalebar")
    metres = {"m": 1, "km": 1000}[bar.unitLabel()] * bar.unitsPerSegment() * bar.numberOfSegments()
    extent = item.extent()
    # A degree of longitude on the ellipsoid of WGS 84.
    latitude = math.radians(extent.center().y())
    radius = 6378137 / math.sqrt(1 - 0.00669437999 * math.sin(latitude) ** 2)
    ground = math.radians(extent.width()) * radius * math.cos(latitude)
    wanted = metres / ground * item.rect().width() / 25.4 * 300
    assert longest_dark_run(QImage(str(path)), bar) == pytest.approx(wanted, abs=5)
    assert re.fullmatch(r"[125]0*", f"{bar.unitsPerSegment():g}".removeprefix("0.").lstrip("0"))


def longest_dark_run(image, bar):
    """Return the pixels of the bar's edge, which runs below all of its segments."""
    box = bar.sceneBoundingRect()
    left, top, right, bottom = (
        int(side / 25.4 * 300) for side in (box.left(), box.top(), box.right(), box.bottom())
    )
    longest = 0
    for row in range(top, bottom):
        dark = "".join(
            "#" if image.pixelColor(x, row).lightness() < 128 else " " for x in range(left, right + 20)
        )
        longest = max(longest, *map(len, dark.split() or [""]))
    return longest


def test_segments_are_the_longest_round_ones_that_fit(layer):
    made = page_of(layer)
    item, bar = made.layout.itemById("map"), made.layout.itemById("scalebar")
    # In the middle of a UTM zone a metre on the map is one on the ground, but for 0.04 %.
    metres = item.extent().width() / item.rect().width()
    for length in (20, 50, 100, 200, 500, 1000, 2000, 5000):
        for share in (1.01, 1.9):
            # Beyond the end of the bar, 12 mm are for its number.
            room = 12 + share * length * bar.numberOfSegments() / metres
            fit_scale_bar(QgsProject.instance(), bar, item, room)
            found = bar.unitsPerSegment(), bar.unitLabel()
            assert found == ((length, "m") if length < 500 else (length / 1000, "km"))


@pytest.mark.medium
def test_a_scale_is_given_where_the_map_has_one_alone(layer, make_wide):
    made = page_of(layer)
    assert made.scale == pytest.approx(made.layout.itemById("map").scale())
    # At 60 degrees Mercator's metres are half as long.
    made = page_of(make_wide("EPSG:3857", 0, 8_400_000, 100))
    assert made.scale is None
    assert made.layout.itemById("scalebar") is not None


KINDS = QgsLayoutItemMapGrid.AnnotationFormat


@pytest.mark.parametrize(
    ("pixel", "interval", "kind"),
    [
        # 36 pixels are nine marks of four: the next round number.
        (1.0, 10.0, KINDS.DecimalWithSuffix),
        (1 / 60, 10 / 60, KINDS.DegreeMinute),
        (1 / 3600, 10 / 3600, KINDS.DegreeMinuteSecond),
    ],
)
def test_coordinates_are_round_and_about_four_along_the_longer_side(make_wide, pixel, interval, kind):
    made = page_of(make_wide("EPSG:4326", 100, 10, pixel))
    grid = made.layout.itemById("map").grids().grid(0)
    assert (grid.intervalX(), grid.intervalY()) == pytest.approx((interval, interval))
    assert grid.annotationFormat() == kind


@pytest.mark.parametrize(("columns", "rows"), [(200, 4), (4, 200)])
def test_a_strip_has_a_frame_that_can_be_read(make_wide, columns, rows):
    made = page_of(make_wide("EPSG:32748", 500_000, 9_800_000, 30, columns, rows))
    frame = made.layout.itemById("map").rect()
    assert 1 / 6 < frame.width() / frame.height() < 6


def test_a_map_of_the_globe_has_no_scale_bar(make_wide):
    made = page_of(make_wide("EPSG:4326", -180, 90, 10))
    assert made.layout.itemById("scalebar") is None
    assert made.scale is None
    assert made.notes == ["The map shows too much of the globe for a scale bar."]


def test_a_map_of_a_pole_has_no_coordinates_but_a_scale_bar(make_wide):
    made = page_of(make_wide("EPSG:3031", -1_800_000, 900_000, 100_000))
    assert not made.layout.itemById("map").grids().grid(0).enabled()
    assert made.layout.itemById("scalebar").unitLabel() == "km"


def test_a_second_map_that_the_first_ones_crs_cannot_show_is_refused(layer, make_wide):
    with pytest.raises(RasterError, match="cannot be shown in the coordinate reference system"):
        page_of(layer, make_wide("IAU_2015:49910", 0, 0, 1000))


@pytest.mark.medium
def test_the_arrow_points_to_true_north(layer):
    made = page_of(layer)
    # Meridian convergence in UTM: (longitude - 105°) × sin(latitude) at the middle of the map, in the west of
    # its zone and south of the equator.
    degrees = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    ).transform(layer.extent().center())
    convergence = (degrees.x() - 105) * math.sin(math.radians(degrees.y()))
    assert convergence > 0.03
    rotation = made.layout.itemById("north_arrow").pictureRotation()
    assert (rotation + 180) % 360 - 180 == pytest.approx(-convergence, abs=0.005)
