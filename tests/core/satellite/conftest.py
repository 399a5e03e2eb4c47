"""What tests of satellite products share."""

from __future__ import annotations

from pathlib import Path

import pytest
import rasterio
from affine import Affine

from deep_land_cover.tests import products


@pytest.fixture(scope="session")
def write():
    """Return a function that writes an image of a product: lossless JPEG 2000, or GeoTIFF.

    Equal images are compressed once, for products of one test are mostly those of the others.
    """
    written: dict[tuple, bytes] = {}

    def write(path: Path, values, pixel_size: float) -> None:
        key = (path.suffix, values.tobytes(), str(values.dtype), values.shape, pixel_size)
        if key not in written:
            write_anew(path, values, pixel_size)
            written[key] = path.read_bytes()
        path.write_bytes(written[key])

    def write_anew(path: Path, values, pixel_size: float) -> None:
        is_jpeg = path.suffix == ".jp2"
        options = {"driver": "JP2OpenJPEG", "QUALITY": "100", "REVERSIBLE": "YES"} if is_jpeg else {}
        with rasterio.open(
            path,
            "w",
            **{
                "driver": "GTiff",
                "height": values.shape[0],
                "width": values.shape[1],
                "count": 1,
                "dtype": values.dtype,
                "crs": products.CRS,
                "transform": Affine(pixel_size, 0, products.LEFT, 0, -pixel_size, products.TOP),
                **options,
            },
        ) as dataset:
            dataset.write(values, 1)

    return write


@pytest.fixture
def sentinel2(tmp_path, write):
    """Write a product of Sentinel-2 and return its folder."""
    return lambda **changes: products.write_sentinel2(tmp_path, write, **changes)


@pytest.fixture
def landsat(tmp_path, write):
    """Write a product of Landsat and return its folder."""
    return lambda **changes: products.write_landsat(tmp_path, write, **changes)
