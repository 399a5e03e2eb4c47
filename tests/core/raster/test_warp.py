"""Rasters on other grids: values against formulas and against warping the whole array at once."""

import math

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.warp import reproject, transform

from deep_land_cover.core.errors import ParameterError, RasterError
from deep_land_cover.core.raster.band_file import open_band_file
from deep_land_cover.core.raster.grid import Tile
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.raster.warp import AlignedFile

# The input's corner in UTM 48S, and its pixels of 20 m.
LEFT, TOP = 500_000.0, 9_800_000.0
ROWS, COLUMNS = 60, 50


@pytest.fixture
def input_path(make_raster):
    return str(make_raster(np.zeros((1, ROWS, COLUMNS), np.uint8), names=("red",)))


@pytest.fixture
def aligned_to_input(input_path, make_raster):
    """Write a raster of square pixels and return its values on the input's grid, and the sentence."""

    def read(values, pixel=20.0, left=LEFT, top=TOP, how="auto", nodata_of_layer=None, **profile):
        transform = profile.pop("transform", (pixel, 0.0, left, 0.0, -pixel, top))
        path = make_raster(values, name="extra.tif", transform=transform, **profile)
        extra = RasterSource(str(path), nodata=nodata_of_layer)
        with open_stack(RasterSource(input_path), None, [extra], how) as stack:
            names = stack.band_names[stack.own_bands :]
            return stack.read(0, ROWS, 0, COLUMNS, names), "".join(stack.alignments)

    return read


def centres(pixel=20.0, left=LEFT, top=TOP, rows=ROWS, columns=COLUMNS):
    """Return x and y of the pixels' centres."""
    columns, rows = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    return left + pixel * columns, top - pixel * rows


def ramp(x, y):
    return (0.05 * (x - LEFT) - 0.02 * (y - TOP)).astype(np.float32)


@pytest.mark.parametrize("how", ["bilinear", "cubic"])
@pytest.mark.parametrize(
    ("pixel", "tolerance"),
    # The plane rises by 1 a pixel. Kernels that are widened for coarsening weigh whole pixels only.
    [(7.0, 0.05), (13.0, 0.05), (20.0, 2e-3), (31.0, 2e-3), (90.0, 2e-3)],
)
def test_a_plane_stays_that_plane(aligned_to_input, pixel, tolerance, how):
    # Some pixels more on each side, so that no kernel meets the raster's edge.
    left, top = LEFT - 5 * 90.0 + 3.0, TOP + 5 * 90.0 - 4.0
    size = int(2400 // pixel)
    values = ramp(*centres(pixel, left, top, size, size))
    read, _ = aligned_to_input(values, pixel, left, top, how)
    assert read[0] == pytest.approx(ramp(*centres()), abs=tolerance)


def test_whole_numbers_are_not_rounded_between_pixels(aligned_to_input):
    values = np.repeat(np.arange(40, dtype=np.uint8)[None, :], 50, axis=0)
    read, sentence = aligned_to_input(values, 40.0, LEFT - 200.0, TOP + 200.0)
    assert "(bilinear)" in sentence
    assert read[0, 0, :4] == pytest.approx([4.75, 5.25, 5.75, 6.25])


@pytest.mark.parametrize("factor", [2, 5, 10])
def test_coarsening_takes_the_mean(aligned_to_input, factor):
    values = np.random.default_rng(0).random((ROWS * factor, COLUMNS * factor), dtype=np.float32)
    read, sentence = aligned_to_input(values, 20.0 / factor)
    assert "(average)" in sentence
    means = values.reshape(ROWS, factor, COLUMNS, factor).mean(axis=(1, 3))
    assert read[0] == pytest.approx(means, abs=1e-5)


def test_the_mean_is_that_of_the_valid_pixels(aligned_to_input):
    values = np.full((2 * ROWS, 2 * COLUMNS), 10, np.int16)
    values[::2] = -9999
    values[:8, :8] = -9999
    read, _ = aligned_to_input(values, 10.0, nodata=-9999)
    assert np.isnan(read[0, :4, :4]).all()
    assert np.array_equal(np.unique(read[0, 4:]), [10.0])


SPOILERS = {
    "declared nodata": {"nodata": -9999},
    "the layer's own nodata": {"nodata_of_layer": -9999.0},
    "a mask": {"mask": True},
    "undeclared NaN": {"bad": np.nan},
    "undeclared infinity": {"bad": np.inf},
}


@pytest.mark.parametrize("how", ["nearest", "bilinear", "cubic", "average"])
@pytest.mark.parametrize("spoiler", SPOILERS)
def test_invalid_values_never_bleed(aligned_to_input, spoiler, how):
    options = dict(SPOILERS[spoiler])
    values = np.full((2, 80, 80), 100.0, np.float32)
    hole = np.zeros((80, 80), bool)
    hole[20:40, 30:31] = hole[50:60, 10:30] = True
    values[0, hole] = options.pop("bad", -9999.0)
    if options.pop("mask", False):
        options["mask"] = np.where(hole, 0, 255).astype(np.uint8)
    read, _ = aligned_to_input(values, 17.0, LEFT - 3.0, TOP + 5.0, how, **options)
    assert np.isnan(read[0]).any()
    assert np.nanmin(read) == pytest.approx(100.0) and np.nanmax(read) == pytest.approx(100.0)
    # Each band has holes of its own, but a mask is all bands'.
    assert np.isnan(read[1]).any() == ("mask" in options)


def test_scale_and_offset_are_honoured(aligned_to_input):
    values = np.full((80, 80), 5000, np.uint16)
    values[:, 40:] = 0
    read, _ = aligned_to_input(values, 17.0, scales=(0.0001,), offsets=(-0.1,), nodata=0, how="bilinear")
    assert np.unique(read[0][np.isfinite(read[0])]) == pytest.approx([0.4])
    assert np.isnan(read[0, :, 40:]).all()


@pytest.mark.parametrize("how", ["nearest", "bilinear", "cubic", "average"])
@pytest.mark.parametrize("pixel", [6.0, 14.0, 33.0])
def test_a_warp_of_the_whole_array_gives_the_same_in_another_crs(aligned_to_input, how, pixel):
    degree = 111_320.0
    (left, right), (bottom, top) = transform(
        "EPSG:32748", "EPSG:4326", [LEFT, LEFT + 1000], [TOP - 1200, TOP]
    )
    size = pixel / degree
    rows, columns = int((top - bottom) / size) + 14, int((right - left) / size) + 14
    grid = (size, 0.0, left - 7 * size, 0.0, -size, top + 7 * size)
    values = np.random.default_rng(1).random((rows, columns), dtype=np.float32)
    values[rows // 3 : rows // 2, columns // 3 : columns // 2] = -1.0
    read, _ = aligned_to_input(values, how=how, transform=grid, crs="EPSG:4326", nodata=-1.0)
    expected = np.full((ROWS, COLUMNS), np.nan, np.float32)
    reproject(
        values,
        expected,
        src_transform=Affine(*grid),
        src_crs="EPSG:4326",
        src_nodata=-1.0,
        dst_transform=Affine(20.0, 0.0, LEFT, 0.0, -20.0, TOP),
        dst_crs="EPSG:32748",
        dst_nodata=np.nan,
        resampling=Resampling[how],
        tolerance=0.0,
        XSCALE=size * degree / 20.0,
        YSCALE=size * degree / 20.0,
    )
    assert np.array_equal(np.isnan(read[0]), np.isnan(expected))
    # The scale is a round number here, but the raster's own there.
    assert np.nanmax(np.abs(read[0] - expected)) < 0.02


@pytest.mark.medium(but=("15.0-nearest", "15.0-bilinear", "50.0-cubic", "50.0-average"))
@pytest.mark.parametrize("how", ["nearest", "bilinear", "cubic", "average"])
@pytest.mark.parametrize("pixel", [pytest.param(3.0, marks=pytest.mark.slow), 8.0, 15.0, 50.0])
def test_a_pixel_does_not_depend_on_the_window_it_is_read_in(input_path, make_raster, how, pixel):
    size = int(1600 // pixel)
    values = np.random.default_rng(2).random((size, size), dtype=np.float32)
    cosine, sine = pixel * math.cos(0.2), pixel * math.sin(0.2)
    turned = (cosine, sine, LEFT - 200, -sine, -cosine, TOP + 200)
    path = make_raster(values, name="extra.tif", transform=turned)
    with open_stack(RasterSource(input_path), None, [RasterSource(str(path))], how) as stack:
        whole = stack.read(0, ROWS, 0, COLUMNS)[1]
        grid = stack.grid
    assert np.isfinite(whole).any()
    # Pieces of a few pixels, as under a very fine raster.
    file = AlignedFile(open_band_file(RasterSource(str(path))), grid, how, max_piece_pixels=900)
    for row in range(0, ROWS, 23):
        for column in range(0, COLUMNS, 17):
            stop = min(row + 23, ROWS), min(column + 17, COLUMNS)
            part = file.read(Tile(row, column, stop[0] - row, stop[1] - column), [0])[0]
            expected = whole[row : stop[0], column : stop[1]]
            assert part == pytest.approx(expected, abs=1e-5, nan_ok=True)
    file.close()


def test_what_a_raster_does_not_cover_is_nan(aligned_to_input, make_raster):
    read, _ = aligned_to_input(np.ones((10, 10), np.float32), 20.0, LEFT + 10 * 20.0, TOP - 5 * 20.0)
    covered = np.zeros((ROWS, COLUMNS), bool)
    covered[5:15, 10:20] = True
    assert np.array_equal(np.isfinite(read[0]), covered)


def test_a_stack_is_mirrored_in_all_its_rasters(input_path, make_raster):
    values = np.random.default_rng(0).random((ROWS * 2, COLUMNS * 2), dtype=np.float32)
    path = make_raster(values, name="fine.tif", transform=(10.0, 0.0, LEFT, 0.0, -10.0, TOP))
    with open_stack(RasterSource(input_path), None, [RasterSource(str(path))]) as stack:
        whole = stack.read(0, ROWS, 0, COLUMNS)
        read = stack.read(-7, ROWS + 5, -3, COLUMNS + 9)
    assert read == pytest.approx(np.pad(whole, ((0, 0), (7, 5), (3, 9)), mode="reflect"), abs=1e-6)


def test_pixels_that_coincide_are_taken_as_they_are(aligned_to_input):
    values = np.random.default_rng(0).random((200, 200), dtype=np.float32)
    read, sentence = aligned_to_input(values, 20.0, LEFT - 7 * 20.0, TOP + 3 * 20.0)
    assert "(nearest)" in sentence
    assert np.array_equal(read[0], values[3 : 3 + ROWS, 7 : 7 + COLUMNS])


def test_a_raster_on_the_same_grid_is_not_resampled_and_needs_no_crs(aligned_to_input):
    values = np.random.default_rng(0).random((ROWS, COLUMNS), dtype=np.float32)
    read, sentence = aligned_to_input(values, how="average", crs=None)
    assert sentence == ""
    assert np.array_equal(read[0], values)


def test_categories_are_never_mixed(aligned_to_input, tmp_path):
    codes = np.kron(np.random.default_rng(0).choice([11, 42, 95], (40, 40)), np.ones((6, 6))).astype(np.uint8)
    _, sentence = aligned_to_input(codes, 7.0)
    assert "(average)" in sentence
    with rasterio.open(tmp_path / "extra.tif", "r+") as dataset:
        dataset.update_tags(CLASSES="[]")
    with open_stack(
        RasterSource(str(tmp_path / "input.tif")), None, [RasterSource(str(tmp_path / "extra.tif"))]
    ) as stack:
        assert "(nearest)" in stack.alignments[0]
        assert set(np.unique(stack.read(0, ROWS, 0, COLUMNS)[1])) == {11.0, 42.0, 95.0}


@pytest.mark.parametrize("kind", ["a colour table", "an attribute table", "category names"])
def test_categories_are_known_by(aligned_to_input, make_raster, tmp_path, kind):
    path = make_raster(
        np.ones((300, 300), np.uint8), name="codes.tif", transform=(7.0, 0, LEFT, 0, -7.0, TOP)
    )
    sidecar = tmp_path / "codes.tif.aux.xml"
    if kind == "a colour table":
        with rasterio.open(path, "r+") as dataset:
            dataset.write_colormap(1, {1: (0, 100, 0, 255)})
    elif kind == "category names":
        sidecar.write_text(
            "<PAMDataset><PAMRasterBand band='1'><CategoryNames/></PAMRasterBand></PAMDataset>"
        )
    else:
        sidecar.write_text(
            '<PAMDataset><PAMRasterBand band="1"><GDALRasterAttributeTable tableType="thematic"/>'
            "</PAMRasterBand></PAMDataset>"
        )
    source = RasterSource(str(tmp_path / "input.tif"))
    make_raster(np.zeros((ROWS, COLUMNS), np.uint8))
    with open_stack(source, None, [RasterSource(str(path))]) as stack:
        assert "(nearest)" in stack.alignments[0]


def test_each_raster_has_its_own_resampling(input_path, make_raster):
    paths = [
        make_raster(
            np.ones((100, 100), np.float32), name=f"{n}.tif", transform=(13.0, 0, LEFT, 0, -13.0, TOP)
        )
        for n in "ab"
    ]
    sources = [RasterSource(str(path)) for path in paths]
    with open_stack(RasterSource(input_path), None, sources, "cubic, nearest") as stack:
        assert [line.rpartition("(")[2] for line in stack.alignments] == ["cubic).", "nearest)."]


@pytest.mark.parametrize(
    ("text", "says"), [("lanczos", "not a resampling method"), ("nearest,cubic", "2 methods for 1")]
)
def test_a_malformed_resampling_is_refused(aligned_to_input, text, says):
    with pytest.raises(ParameterError, match=says):
        aligned_to_input(np.ones((9, 9), np.float32), how=text)


def test_a_raster_beyond_180_degrees_is_found_by_its_other_longitudes(make_raster):
    degrees = rasterio.crs.CRS.from_epsg(4326)
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    input = make_raster(np.zeros((3, 6), np.uint8), crs=degrees, transform=(0.1, 0, 179.8, 0, -0.1, 1))
    other = make_raster(values, name="b.tif", crs=degrees, transform=(0.1, 0, -180.0, 0, -0.1, 1))
    with open_stack(RasterSource(str(input)), extra_inputs=[RasterSource(str(other))]) as stack:
        read = stack.read(0, 3, 0, 6)[1]
    assert np.array_equal(read[:, 2:], values)
    assert np.isnan(read[:, :2]).all()


@pytest.mark.parametrize("west", [-180.0, 0.0])
@pytest.mark.parametrize("how", ["auto", "bilinear", "nearest"])
def test_a_raster_of_the_whole_world_is_read_at_both_ends(make_raster, west, how):
    degrees = rasterio.crs.CRS.from_epsg(4326)
    # The sine of the longitude has no jump at 180 degrees.
    longitudes = np.arange(360) + 0.5 + west
    world = np.tile(100 * np.sin(np.radians(longitudes)), (4, 1)).astype(np.float32)
    input = make_raster(np.zeros((4, 6), np.uint8), crs=degrees, transform=(1.0, 0, 177.0, 0, -1.0, 2))
    other = make_raster(world, name="b.tif", crs=degrees, transform=(1.0, 0, west, 0, -1.0, 2))
    with open_stack(
        RasterSource(str(input)), extra_inputs=[RasterSource(str(other))], resampling=how
    ) as stack:
        read = stack.read(0, 4, 0, 6)[1]
    expected = 100 * np.sin(np.radians(np.arange(177, 183) + 0.5))
    assert np.allclose(read, np.tile(expected, (4, 1)), atol=1e-3)


def test_a_raster_elsewhere_is_refused_by_name(aligned_to_input):
    with pytest.raises(RasterError, match=r"lies outside the input raster \(.*extra\.tif\)"):
        aligned_to_input(np.ones((50, 50), np.float32), left=LEFT + 90_000.0)


def test_a_raster_elsewhere_in_another_crs_is_refused(aligned_to_input):
    with pytest.raises(RasterError, match="lies outside the input raster"):
        aligned_to_input(np.ones((50, 50), np.float32), transform=(0.01, 0, 8, 0, -0.01, 50), crs="EPSG:4326")


def test_a_small_raster_within_a_large_one_is_found(aligned_to_input):
    # It lies between the points at which the grid is looked at.
    read, _ = aligned_to_input(np.full((2, 2), 7, np.float32), 5.0, LEFT + 303.0, TOP - 401.0, how="average")
    assert np.nanmax(read) == 7.0
    assert np.isfinite(read).sum() == 1


def test_a_raster_without_crs_on_another_grid_is_refused_by_name(aligned_to_input):
    with pytest.raises(RasterError, match=r"no coordinate reference system.*\(.*extra\.tif\)"):
        aligned_to_input(np.ones((9, 9), np.float32), 33.0, crs=None)


def test_a_world_wide_raster_is_read_where_the_input_lies(aligned_to_input):
    values = np.repeat(np.arange(180, dtype=np.float32)[:, None], 360, axis=1)
    read, sentence = aligned_to_input(
        values, transform=(1.0, 0, -180.0, 0, -1.0, 90.0), crs="EPSG:4326", how="nearest"
    )
    # 2 degrees south: the 92nd row from the pole.
    assert "(nearest)" in sentence
    assert np.unique(read[0]).tolist() == [91.0]
