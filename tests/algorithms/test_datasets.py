"""Datasets that go over to the worker: the name as its driver wants it, and the same values on both sides."""

from __future__ import annotations

import pytest
from osgeo import gdal, osr

from deep_land_cover.algorithms.layers.datasets import qgis_raster, whole_name
from deep_land_cover.algorithms.layers.rasters import raster_parameter
from deep_land_cover.core.errors import RasterError

from .sentinel2 import make_product

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """An unpacked Sentinel-2 product in a folder whose name holds a blank."""
    return make_product(tmp_path_factory.mktemp("Sentinel 2"))


@pytest.fixture
def stacked(run, tmp_path):
    """Return what the worker makes of a raster: its bands, written as a GeoTIFF, or the sentence."""

    def stack(source):
        output = tmp_path / "stack.tif"
        done = run("stackfeatures", {"INPUT": str(source), "INDICES": [], "OUTPUT": str(output)})
        assert done.succeeded == output.exists()
        return gdal.Open(str(output)) if done.succeeded else done.log

    return stack


def write(path, driver, bands=4, dtype=gdal.GDT_UInt16):
    """Write a raster of 30 x 40 pixels in some format: value 100 band + column."""
    memory = gdal.GetDriverByName("MEM").Create("", 40, 30, bands, dtype)
    memory.SetGeoTransform((500_000, 10, 0, 5_400_000, 0, -10))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32632)
    memory.SetProjection(reference.ExportToWkt())
    for number in range(1, bands + 1):
        row = b"".join((100 * number + column).to_bytes(2, "little") for column in range(40))
        memory.GetRasterBand(number).WriteRaster(0, 0, 40, 30, row * 30, buf_type=gdal.GDT_UInt16)
    made = gdal.GetDriverByName(driver)
    if made.GetMetadataItem("DCAP_CREATECOPY"):
        made.CreateCopy(str(path), memory)
        return path
    # HDF4 is only written band by band.
    dataset = made.Create(str(path), 40, 30, bands, dtype)
    for number in range(1, bands + 1):
        pixels = memory.GetRasterBand(number).ReadRaster()
        dataset.GetRasterBand(number).WriteRaster(0, 0, 40, 30, pixels)
    dataset.SetProjection(memory.GetProjection())
    dataset.SetGeoTransform(memory.GetGeoTransform())
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.tif", "{}/a.tif"),
        ("NETCDF:a.nc:ndvi", 'NETCDF:"{}/a.nc":ndvi'),
        ('NETCDF:"a.nc":ndvi', 'NETCDF:"{}/a.nc":ndvi'),
        ('HDF5:"a.nc"://group/ndvi', 'HDF5:"{}/a.nc"://group/ndvi'),
        ("GPKG:a.nc:table", "GPKG:{}/a.nc:table"),
        ("SENTINEL2_L2A:MTD.xml:60m:EPSG_32632", "SENTINEL2_L2A:{}/MTD.xml:60m:EPSG_32632"),
        ("GTIFF_DIR:2:a.tif", "GTIFF_DIR:2:{}/a.tif"),
        ("HDF4_EOS:EOS_GRID:a.nc:grid:ndvi", 'HDF4_EOS:EOS_GRID:"{}/a.nc":grid:ndvi'),
        ("/vsizip/a.zip/inside/b.tif", "/vsizip/{}/a.zip/inside/b.tif"),
        ("/vsizip/vsicurl/https://x.org/a.zip/b.tif", "/vsizip/vsicurl/https://x.org/a.zip/b.tif"),
        ("https://x.org/a.tif", "https://x.org/a.tif"),
        ("WMS:gone.xml", "WMS:gone.xml"),
    ],
)
def test_relative_files_in_names_get_their_whole_path_in_the_drivers_form(
    tmp_path, monkeypatch, name, expected
):
    monkeypatch.chdir(tmp_path)
    for file in ("a.tif", "a.nc", "MTD.xml", "a.zip"):
        (tmp_path / file).touch()
    assert whole_name(name) == expected.format(tmp_path)


def test_a_sentinel_2_product_goes_over_by_its_own_name(stacked, product):
    made = stacked(f"SENTINEL2_L2A:{product}/MTD_MSIL2A.xml:60m:EPSG_32632")
    # 100 × band, + 0 … 49: the first pixel of B1 and of B9.
    assert [int(made.GetRasterBand(band).ReadAsArray()[0, 0]) for band in (1, 2)] == [100, 200]


@pytest.mark.parametrize("inside", ["", "MTD_MSIL2A.xml"])
def test_a_sentinel_2_folder_lists_what_is_in_it(algorithm, product, inside):
    from qgis.core import QgsProcessingContext

    with pytest.raises(RasterError, match=r"several datasets.*SENTINEL2_L2A:.*:60m:EPSG_32632"):
        raster_parameter(
            algorithm("stackfeatures"), "INPUT", {"INPUT": str(product / inside)}, QgsProcessingContext()
        )


@pytest.mark.parametrize(
    ("driver", "file", "name", "dtype"),
    [
        ("netCDF", "a.nc", 'NETCDF:"{}":Band2', gdal.GDT_UInt16),
        ("netCDF", "a.nc", 'HDF5:"{}"://Band2', gdal.GDT_UInt16),
        ("GPKG", "a.gpkg", "{}", gdal.GDT_Byte),
        ("GPKG", "a.gpkg", "GPKG:{}:a", gdal.GDT_Byte),
    ],
)
def test_other_formats_give_the_worker_the_same_pixels(stacked, tmp_path, driver, file, name, dtype):
    path = write(tmp_path / file, driver, bands=2 if driver == "netCDF" else 1, dtype=dtype)
    made = stacked(name.format(path))
    if "HDF5" in name:
        assert "no coordinate reference system" in made
        return
    value = 200 if driver == "netCDF" else 100
    assert made.GetRasterBand(1).ReadAsArray()[3, :3].tolist() == [value, value + 1, value + 2]


@pytest.mark.parametrize(("driver", "file"), [("HDF4Image", "a.hdf"), ("FITS", "a.fits")])
def test_a_format_that_the_worker_lacks_says_how_to_convert(stacked, tmp_path, driver, file):
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"QGIS has no {driver}, either")
    path = write(tmp_path / file, driver)
    said = stacked(path)
    assert driver in said and "gdal_translate" in said and str(path) in said


@pytest.mark.skipif(int(gdal.VersionInfo()) >= 3_07_00_00, reason="this GDAL has a type for signed bytes")
def test_signed_bytes_that_another_gdal_reads_as_unsigned_are_refused_with_both(stacked, tmp_path):
    source = write(tmp_path / "unsigned.tif", "GTiff", bands=1, dtype=gdal.GDT_Byte)
    options = ["PIXELTYPE=SIGNEDBYTE"]
    signed = gdal.GetDriverByName("GTiff").CreateCopy(
        str(tmp_path / "signed.tif"), gdal.Open(str(source)), options=options
    )
    signed.GetRasterBand(1).WriteRaster(0, 0, 40, 30, bytes([200]) * 1200)
    signed = None
    gdal.Translate(str(tmp_path / "signed.vrt"), str(tmp_path / "signed.tif"), format="VRT")
    assert qgis_raster(str(tmp_path / "signed.vrt")).values[0][0] == 200 - 256
    said = stacked(tmp_path / "signed.vrt")
    assert "int8" in said and "uint8" in said and "signed.vrt" in said
    # The file itself is read alike.
    made = stacked(tmp_path / "signed.tif")
    assert made.GetRasterBand(1).ReadAsArray()[0, 0] == -56


def test_a_few_pixels_of_each_of_the_first_bands_go_over(scene):
    seen = qgis_raster(scene)
    assert (seen.driver, seen.width, seen.height) == ("GTiff", 80, 60)
    assert seen.dtypes == ("uint16",) * 4
    # Row 30, column 40 of the forest's half; see the scene.
    assert seen.positions[0] == (30, 40)
    texture = (30 * 7919 + 40 * 104_729) % 61
    assert seen.values[0][0] == 300 + texture
    assert len(seen.positions) == 9 and all(len(values) == 9 for values in seen.values)
