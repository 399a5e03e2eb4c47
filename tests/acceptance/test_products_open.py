"""A downloaded product, headless: stack, cloud mask, training and a map that leaves clouds out."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from deep_land_cover.tests import products

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A small Sentinel-2 product as it is downloaded: a .zip with the .SAFE folder in it."""
    folder = tmp_path_factory.mktemp("product")
    product = products.write_sentinel2(folder, products.write_by_gdal)
    path = folder / "with blanks" / f"{product.name}.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for item in sorted(product.rglob("*")):
            file.write(item, item.relative_to(folder).as_posix())
    return path


@pytest.mark.medium
def test_a_product_becomes_a_stack_a_mask_and_a_map(prepared, archive, tmp_path):
    from osgeo import gdal

    results = prepared(
        "openproduct",
        INPUT=archive,
        OUTPUT=tmp_path / "stack.tif",
        CLOUD_MASK=tmp_path / "clear.tif",
        CLOUD_CLASSES="cloud shadow, cloud high probability",
    )
    assert results["DATE"] == "2024-01-10" and results["PRODUCT"].startswith("S2A_MSIL2A_20240110")
    stack = gdal.Open(results["OUTPUT"])
    assert [stack.GetRasterBand(number).GetDescription() for number in range(1, 11)] == list(
        products.ROLES.values()
    )
    numbers = products.numbers_of("B08", 10).astype(float)
    wanted = np.where(numbers == 0, np.nan, (numbers - 1000) / 10_000)
    np.testing.assert_allclose(stack.GetRasterBand(7).ReadAsArray(), wanted, atol=1e-6)
    assert (tmp_path / "stack.qml").exists()
    classes = np.kron(products.scene_classes(), np.ones((2, 2), dtype=int))
    clear = ~np.isin(classes, (3, 9)) & (classes > 0)
    np.testing.assert_array_equal(gdal.Open(results["CLOUD_MASK"]).ReadAsArray() == 1, clear)

    _rows, columns = np.mgrid[0:36, 0:36]
    products.write_by_gdal(tmp_path / "labels.tif", np.where(columns < 18, 1, 2).astype(np.uint8), 10.0)
    trained = prepared(
        "trainmodel",
        INPUT=results["OUTPUT"],
        LABELS=tmp_path / "labels.tif",
        ARCHITECTURE="random_forest",
        WINDOWS="0",
        TREES=10,
        SPLIT="random",
        OUTPUT=tmp_path / "model.skops",
    )
    mapped = prepared(
        "classifyraster",
        INPUT=results["OUTPUT"],
        MODEL=trained["OUTPUT"],
        MASK=results["CLOUD_MASK"],
        OUTPUT=tmp_path / "map.tif",
        DEVICE="cpu",
    )
    dataset = gdal.Open(mapped["OUTPUT"])
    has_class = dataset.ReadAsArray() != dataset.GetRasterBand(1).GetNoDataValue()
    np.testing.assert_array_equal(has_class, clear)


@pytest.mark.medium
def test_an_incomplete_product_is_refused_with_the_files_name(qgis_process, archive, tmp_path):
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(broken, "w") as target:
        for item in source.infolist():
            if "_B11_20m" not in item.filename:
                target.writestr(item, source.read(item))
    done, _results = qgis_process("openproduct", INPUT=broken, OUTPUT=tmp_path / "stack.tif")
    assert done.returncode == 1
    assert "B11_20m.jp2 is missing" in done.stderr + done.stdout
    assert not list(tmp_path.glob("stack*"))
