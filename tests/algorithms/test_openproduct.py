"""Satellite products as users open them, their cloud masks, and maps that leave clouds out."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsMultiBandColorRenderer, QgsProcessingContext, QgsProject, QgsRasterLayer

from deep_land_cover.tests import products

pytestmark = pytest.mark.qgis
BANDS = "blue, green, red, red_edge_1, red_edge_2, red_edge_3, nir, nir_narrow, swir1, swir2"


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    """Folder of a small Sentinel-2 product."""
    return products.write_sentinel2(tmp_path_factory.mktemp("product"), products.write_by_gdal)


@pytest.fixture
def opened(run, product, tmp_path):
    """Open the product; return the run."""

    def opened(**changes):
        given = {"INPUT": str(product), "OUTPUT": str(tmp_path / "stack.tif"), **changes}
        return run("openproduct", given)

    return opened


@pytest.mark.medium
def test_a_product_is_opened_in_natural_colour_with_its_facts(opened, product, tmp_path):
    mask = str(tmp_path / "mask.tif")
    done = opened(CLOUD_MASK=mask)
    assert done.succeeded, done.log
    facts = {name: done.results[name] for name in ("BANDS", "PRODUCT", "DATE", "CLOUD_MASK")}
    assert facts == {"BANDS": BANDS, "PRODUCT": product.stem, "DATE": "2024-01-10", "CLOUD_MASK": mask}
    assert done.results["MASKED"] == pytest.approx(5 / 17)
    dataset = gdal.Open(done.results["OUTPUT"])
    numbers = products.numbers_of("B04", 10).astype(float)
    wanted = np.where(numbers == 0, np.nan, (numbers - 1000) / 10_000)
    np.testing.assert_allclose(dataset.GetRasterBand(3).ReadAsArray(), wanted, atol=1e-6)
    items = dataset.GetMetadata()
    assert items["ACQUISITION_DATE"] == "2024-01-10" and items["PRODUCT_ID"] == product.stem
    assert items["COMMAND"].startswith("qgis_process run deeplandcover:openproduct ")
    layer = QgsRasterLayer(done.results["OUTPUT"], "stack")
    layer.loadDefaultStyle()
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    assert [renderer.redBand(), renderer.greenBand(), renderer.blueBand()] == [3, 2, 1]
    values = set(np.unique(gdal.Open(mask).ReadAsArray()))
    assert values == {0, 1, 255}


def test_layers_are_named_after_the_product(opened, product):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = opened(OUTPUT="TEMPORARY_OUTPUT", RESOLUTION=20)
    assert done.succeeded, done.log
    assert gdal.Open(done.results["OUTPUT"]).GetGeoTransform()[1] == 20


def test_an_extent_has_a_crs_of_its_own(opened):
    left, top = products.LEFT, products.TOP
    extent = f"{left + 100},{left + 200},{top - 200},{top - 100} [{products.CRS}]"
    done = opened(EXTENT=extent, BANDS="B02")
    assert done.succeeded, done.log
    dataset = gdal.Open(done.results["OUTPUT"])
    assert (dataset.RasterXSize, dataset.RasterYSize) == (10, 10)
    assert dataset.GetGeoTransform()[0] == left + 100


@pytest.mark.medium
def test_a_map_leaves_out_the_classes_of_a_mask(opened, run, product, tmp_path):
    mask = str(tmp_path / "mask.tif")
    done = opened(CLOUD_MASK=mask, BANDS="blue, green, red, nir")
    assert done.succeeded, done.log
    _rows, columns = np.mgrid[0:36, 0:36]
    labels = tmp_path / "labels.tif"
    products.write_by_gdal(labels, np.where(columns < 18, 1, 2).astype(np.uint8), 10.0)
    trained = run(
        "trainmodel",
        {
            "INPUT": done.results["OUTPUT"],
            "LABELS": str(labels),
            "ARCHITECTURE": "random_forest",
            "WINDOWS": "0",
            "TREES": 10,
            "INDICES": [],
            "SPLIT": "random",
            "OUTPUT": str(tmp_path / "model.skops"),
        },
    )
    assert trained.succeeded, trained.log
    scl = str(next(product.rglob("*_SCL_20m.jp2")))

    def mapped(**mask):
        given = {"INPUT": done.results["OUTPUT"], "MODEL": trained.results["OUTPUT"], "DEVICE": "cpu"}
        map_run = run("classifyraster", {**given, **mask, "OUTPUT": str(tmp_path / "map.tif")})
        assert map_run.succeeded, map_run.log
        dataset = gdal.Open(map_run.results["OUTPUT"])
        return dataset.ReadAsArray() != dataset.GetRasterBand(1).GetNoDataValue()

    classes = np.kron(products.scene_classes(), np.ones((2, 2), dtype=int))
    clear = ~np.isin(classes, (0, 1, 3, 8, 9, 10))
    np.testing.assert_array_equal(mapped(MASK=mask), clear)
    np.testing.assert_array_equal(mapped(MASK=mask, MASK_CLASSES="clear"), clear)
    np.testing.assert_array_equal(
        mapped(MASK=scl, MASK_CLASSES="Vegetation, water"), np.isin(classes, (4, 6))
    )
    refused = run(
        "classifyraster",
        {
            "INPUT": done.results["OUTPUT"],
            "MODEL": trained.results["OUTPUT"],
            "MASK": scl,
            "MASK_CLASSES": "forest",
            "OUTPUT": str(tmp_path / "refused.tif"),
        },
    )
    assert not refused.succeeded and "has no class 'forest'" in refused.log


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"INPUT": "absent.SAFE"}, "no such product"),
        ({"RESOLUTION": 30}, "resolution of 30"),
        ({"BANDS": "ultraviolet"}, "no band 'ultraviolet'"),
        ({"CLOUD_CLASSES": "cloud"}, "no cloud mask"),
        ({"VALUE_UNIT": "landsat"}, "VALUE_UNIT"),
        ({"EXTENT": "0,1,0,1 [EPSG:32632]"}, "outside"),
    ],
)
def test_wrong_input_gives_one_sentence_and_no_stack(opened, tmp_path, changes, words):
    done = opened(**changes)
    assert not done.succeeded
    assert words in done.log
    assert not list(tmp_path.glob("stack*"))


def test_a_file_that_is_missing_is_named(run, product, tmp_path):
    copied = shutil.copytree(product, tmp_path / product.name)
    lost = next(copied.rglob("*_B12_20m.jp2"))
    lost.unlink()
    done = run("openproduct", {"INPUT": str(copied), "OUTPUT": str(tmp_path / "stack.tif")})
    assert not done.succeeded and lost.name in done.log


def test_a_mask_by_the_product_and_without_the_networks(run, product, tmp_path):
    mask = str(tmp_path / "mask.tif")
    done = run("cloudmask", {"INPUT": str(product), "OUTPUT": mask})
    assert done.succeeded, done.log
    assert done.results["METHOD"] == "product" and done.results["MASKED"] == pytest.approx(5 / 17)
    folder = tmp_path / "none"
    folder.mkdir()
    given = {"INPUT": str(product), "METHOD": "csmask", "NETWORKS": str(folder)}
    done = run("cloudmask", {**given, "OUTPUT": str(tmp_path / "other.tif")})
    assert not done.succeeded and "model_6b_l2a.onnx" in done.log
    assert not (tmp_path / "other.tif").exists()
