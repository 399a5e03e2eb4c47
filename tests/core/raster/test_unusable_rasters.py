"""Rasters without a place, damaged ones and what is none: each is refused with its own sentence."""

from dataclasses import replace

import numpy as np
import pytest

from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.raster.source import QgisRaster, RasterSource
from deep_land_cover.core.raster.stack import open_stack

from .conftest import VALUES, read_all, vrt_of


def test_a_raster_without_crs_is_refused_with_what_to_do(make_raster):
    with open_stack(RasterSource(str(make_raster(VALUES, crs=None)))) as stack:
        with pytest.raises(RasterError) as error:
            stack.require_crs()
    assert str(error.value).startswith("The raster has no coordinate reference system (")
    assert str(error.value).endswith("Assign one (Raster > Projections > Assign Projection) and run again.")


@pytest.mark.parametrize(
    "transform", [(1.0, 0, 0, 0, 1.0, 0), (0.0, 0, 5.0, 0, 0.0, 6.0), (float("nan"), 0, 5.0, 0, -1.0, 6.0)]
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_with_a_crs_but_no_position_in_it_is_refused(make_raster, transform):
    with open_stack(RasterSource(str(make_raster(VALUES, transform=transform)))) as stack:
        with pytest.raises(RasterError, match="no position"):
            stack.require_crs()


@pytest.mark.data
def test_a_raster_placed_by_control_points_is_said_to_be_so(data_folder):
    for name in ("RGB.byte.gcp.vrt", "riotiler_cog_gcps.tif"):
        with open_stack(RasterSource(str(data_folder / "awkward" / name))) as stack:
            with pytest.raises(RasterError, match="control points"):
                stack.require_crs()


def test_complex_numbers_are_refused(make_raster):
    with pytest.raises(RasterError, match="complex numbers"):
        open_stack(RasterSource(str(make_raster(np.full((2, 2), 3 + 4j, np.complex64)))))


SEEN = QgisRaster("GTiff", 2, 1, ("uint16",), (1,), ((0, 1),), ((700.0,),))


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (SEEN, ""),
        # Lossy compression may be decoded a little differently.
        (replace(SEEN, values=((698.0,),)), ""),
        (replace(SEEN, driver="PNG"), "In QGIS: the format PNG. In the worker: GTiff"),
        (replace(SEEN, height=2), "In QGIS: 2 x 2 pixels, 1 band. In the worker: 2 x 1 pixels"),
        (replace(SEEN, dtypes=("uint16",) * 2), "2 x 1 pixels, 2 bands. In the worker: 2 x 1 pixels, 1 band"),
        (replace(SEEN, dtypes=("int16",)), "In QGIS: int16. In the worker: uint16"),
        (replace(SEEN, values=((-5.0,),)), "-5 in band 1, row 0, column 1. In the worker: 700"),
        (replace(SEEN, values=((None,),)), "nodata in band 1, row 0, column 1. In the worker: 700"),
    ],
)
def test_a_raster_that_qgis_reads_differently_is_refused_with_both(make_raster, seen, says):
    source = RasterSource(str(make_raster(np.array([[3, 700]], np.uint16))), in_qgis=seen)
    if not says:
        open_stack(source).close()
        return
    with pytest.raises(RasterError) as error:
        open_stack(source)
    assert says in str(error.value)


def test_numbers_with_fractions_must_agree_closely(make_raster):
    path = str(make_raster(np.array([[0.25]], np.float32)))
    seen = QgisRaster("GTiff", 1, 1, ("float32",), (1,), ((0, 0),), ((0.25,),))
    open_stack(RasterSource(path, in_qgis=seen)).close()
    with pytest.raises(RasterError, match=r"0\.26 in band 1"):
        open_stack(RasterSource(path, in_qgis=replace(seen, values=((0.26,),))))


def test_a_format_without_a_driver_here_says_how_to_convert(tmp_path):
    path = tmp_path / "scene.hdf"
    path.write_bytes(b"\x0e\x03\x13\x01" + bytes(100))
    seen = QgisRaster("HDF4", 2, 1, ("uint16",))
    with pytest.raises(RasterError, match=r"format HDF4.*scene\.hdf.*gdal_translate"):
        open_stack(RasterSource(str(path), in_qgis=seen))


def test_a_mosaic_whose_part_is_gone_names_that_part(tmp_path):
    with open_stack(RasterSource(str(vrt_of(tmp_path, "gone.tif", "Byte")))) as stack:
        with pytest.raises(RasterError, match=r"source file .*: .*gone\.tif.*relative\.vrt"):
            stack.read(0, 1, 0, 1)


def test_a_mosaic_of_itself_is_refused(tmp_path):
    with open_stack(RasterSource(str(vrt_of(tmp_path, "relative.vrt", "Byte")))) as stack:
        with pytest.raises(RasterError, match="cannot be read"):
            stack.read(0, 1, 0, 1)


def test_an_envi_file_shorter_than_its_header_says_is_refused(make_raster, tmp_path):
    # GDAL itself reads zeros there.
    path = make_raster(np.ones((2, 30, 30), np.uint16), driver="ENVI", name="scene.dat")
    assert (read_all(path) == 1).all()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RasterError, match="incomplete"):
        open_stack(RasterSource(str(path)))


@pytest.mark.parametrize("compress", [None, "deflate", "jpeg", "lzw", "zstd"])
def test_a_truncated_file_is_refused_on_reading(make_raster, compress):
    values = np.random.default_rng(0).integers(0, 255, (600, 500)).astype(np.uint8)
    path = make_raster(values, compress=compress)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RasterError, match="damaged or incomplete"):
        read_all(path)


@pytest.mark.data
def test_a_file_that_fails_on_reading_has_a_sentence(data_folder):
    with open_stack(RasterSource(str(data_folder / "awkward" / "corrupt.tif"))) as stack:
        with pytest.raises(RasterError, match="damaged"):
            stack.read(0, stack.grid.height, 0, stack.grid.width)


def test_a_missing_raster_and_one_that_is_none_have_their_own_sentences(tmp_path):
    text = tmp_path / "notes.tif"
    text.write_text("hello")
    with pytest.raises(RasterError, match="There is no such raster"):
        open_stack(RasterSource(str(tmp_path / "nowhere.tif")))
    with pytest.raises(RasterError, match="cannot be opened"):
        open_stack(RasterSource(str(text)))


@pytest.mark.data
def test_a_container_without_bands_names_its_parts(data_folder):
    with pytest.raises(RasterError, match=r'RGB\.nc"?:Band1'):
        open_stack(RasterSource(str(data_folder / "awkward" / "RGB.nc")))
