"""Pixels stay where they are, nodata too: turned, south-up, in degrees, or a part of a container."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from deep_land_cover.core.errors import RasterError

from .conftest import NO_CRS, read

pytestmark = [
    pytest.mark.data,
    # Some of them have no georeferencing.
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]


def with_place(path: Path, folder: Path, transform: Affine | None = None) -> Path:
    """Write a VRT of a one-band raster that gives it a CRS, and another transform if so asked."""
    with rasterio.open(path) as dataset:
        c, a, b, f, d, e = (transform or dataset.transform).to_gdal()
        size = f'rasterXSize="{dataset.width}" rasterYSize="{dataset.height}"'
        kind = {"uint8": "Byte", "float32": "Float32"}[dataset.dtypes[0]]
    placed = folder / f"{path.stem} with CRS.vrt"
    placed.write_text(
        f"<VRTDataset {size}><SRS>EPSG:32748</SRS>"
        f"<GeoTransform>{c!r},{a!r},{b!r},{f!r},{d!r},{e!r}</GeoTransform>"
        f'<VRTRasterBand dataType="{kind}" band="1"><SimpleSource>'
        f"<SourceFilename>{path}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return placed


@pytest.mark.medium
def test_one_part_of_a_container_is_a_raster(folder, model_for, classified):
    output, _ = classified(f'NETCDF:"{folder / "RGB.nc"}":Band1', model_for(1), 16)
    with rasterio.open(output) as dataset, rasterio.open(folder / "RGB.byte.tif") as same:
        assert dataset.crs == same.crs
        assert dataset.transform.almost_equals(same.transform, 1e-6)
        assert np.array_equal(dataset.read(1) == dataset.nodata, same.read(1) == 0)


def test_a_part_that_has_no_crs_is_refused_though_its_neighbour_has_one(folder, model_for, classified):
    with pytest.raises(RasterError, match=NO_CRS):
        classified(f'NETCDF:"{folder / "RGB.nc"}":Band2', model_for(1))


@pytest.mark.medium
@pytest.mark.parametrize(
    ("name", "transform"),
    [
        ("rotated.tif", Affine(10 * 3**0.5, 5, 100, 10, -5 * 3**0.5, 200)),
        ("float32.tif", Affine(100, 0, 0, 0, 100, 0)),
    ],
)
def test_rotated_and_south_up_pixels_stay_where_they_are(
    folder, tmp_path, model_for, classified, name, transform
):
    values = read(folder / name)
    model = model_for(1, float(values.mean()), float(values.std()))
    output, _ = classified(with_place(folder / name, tmp_path), model)
    with rasterio.open(output) as dataset, rasterio.open(folder / name) as source:
        assert dataset.transform == source.transform
        assert dataset.transform.almost_equals(transform)
        found = dataset.read(1)
    # The same pixels, north-up: where they lie must not change what they are.
    upright, _ = classified(with_place(folder / name, tmp_path, Affine(20, 0, 0, 0, -20, 0)), model)
    with rasterio.open(upright) as dataset:
        assert np.array_equal(dataset.read(1), found)
    assert set(np.unique(found)) == {3, 7}


@pytest.mark.medium
def test_a_south_up_world_in_degrees_keeps_its_grid(folder, tmp_path, model_for, classified):
    # Without the nodata value, so that there is something to classify.
    path = with_place(folder / "riotiler_inverted_lat.tif", tmp_path)
    output, _ = classified(path, model_for(1), 32)
    with rasterio.open(output) as dataset:
        assert dataset.transform == Affine(0.5, 0, -180, 0, 0.5, -90)
        assert (dataset.read(1) != dataset.nodata).all()


@pytest.mark.medium
def test_nan_as_nodata_is_nodata(folder, tmp_path, model_for, classified):
    path = folder / "float_nan.tif"
    output, _ = classified(with_place(path, tmp_path), model_for(1))
    with rasterio.open(output) as dataset:
        assert np.array_equal(dataset.read(1) == dataset.nodata, np.isnan(read(path)[0]))
        assert 0 < np.count_nonzero(dataset.read_masks(1)) < dataset.width * dataset.height
