"""Whatever GDAL reads is a raster: the same values, grid and names, in whichever form."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy

from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

VALUES = np.random.default_rng(0).integers(0, 10_000, (2, 150, 130)).astype(np.uint16)


def as_cog(scene, folder):
    copy(scene, folder / "cog.tif", driver="COG", blocksize=64, overview_resampling="average")
    with rasterio.open(folder / "cog.tif") as dataset:
        # Coarser pixels, which must not be read instead.
        assert dataset.overviews(1)
    return folder / "cog.tif"


def as_jpeg_2000(scene, folder):
    copy(scene, folder / "scene.jp2", driver="JP2OpenJPEG", quality="100", reversible="YES")
    return folder / "scene.jp2"


def as_netcdf(scene, folder):
    copy(scene, folder / "scene.nc", driver="netCDF")
    return folder / "scene.nc"


def as_netcdf_part(scene, folder):
    return f'NETCDF:"{as_netcdf(scene, folder)}":Band2'


def as_mosaic(scene, folder):
    bands = "".join(
        f'<VRTRasterBand dataType="UInt16" band="{band}"><Description>{name}</Description><SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{scene.name}</SourceFilename><SourceBand>{band}</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
        for band, name in enumerate(("red", "nir"), start=1)
    )
    (folder / "scene.vrt").write_text(
        '<VRTDataset rasterXSize="130" rasterYSize="150"><SRS>EPSG:32748</SRS>'
        f"<GeoTransform>500000,20,0,9800000,0,-20</GeoTransform>{bands}</VRTDataset>"
    )
    return folder / "scene.vrt"


def as_zip(scene, folder):
    with zipfile.ZipFile(folder / "scene.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(scene, "folder/scene.tif")
    return f"/vsizip/{folder / 'scene.zip'}/folder/scene.tif"


def as_envi(scene, folder):
    copy(scene, folder / "scene.dat", driver="ENVI", interleave="bil")
    return folder / "scene.dat"


@pytest.mark.parametrize(
    ("form", "bands", "names"),
    [
        (as_cog, [0, 1], ("red", "nir")),
        (as_jpeg_2000, [0, 1], ("red", "nir")),
        (as_netcdf_part, [1], ("Band 2",)),
        (as_mosaic, [0, 1], ("red", "nir")),
        (as_zip, [0, 1], ("red", "nir")),
        (as_envi, [0, 1], ("red", "nir")),
    ],
)
def test_a_raster_is_the_same_in_each_form(make_raster, tmp_path, form, bands, names):
    scene = make_raster(VALUES, names=("red", "nir"), name="scene.tif")
    with open_stack(RasterSource(str(form(scene, tmp_path)))) as stack:
        assert stack.band_names == names
        read = stack.read(0, 150, 0, 130)
        part = stack.read(33, 40, 100, 130)
        grid = stack.grid
    assert np.array_equal(read, VALUES[bands])
    assert np.array_equal(part, read[:, 33:40, 100:])
    assert grid.transform == pytest.approx((20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0), abs=1e-6)
    assert rasterio.crs.CRS.from_wkt(grid.crs).to_epsg() == 32748
