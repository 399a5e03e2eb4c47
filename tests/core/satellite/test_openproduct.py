"""Products of Sentinel-2 and Landsat become reflectance by the formulas of their specifications."""

from __future__ import annotations

import math
import shutil
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import LandCoverError, OutputError, ParameterError, RasterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.requests.openproduct import OpenProductRequest
from deep_land_cover.core.tasks.openproduct import run
from deep_land_cover.tests import products


@pytest.fixture
def open_product(tmp_path):
    """Open a product; return the result, the opened raster's content and the log."""

    def open_product(path, **changes):
        progress = SilentProgress()
        output = str(tmp_path / "stack.tif")
        result = run(OpenProductRequest(str(path), output, **changes), progress)
        with rasterio.open(output) as dataset:
            tags = {**dataset.tags(), "BAND of 1": dataset.tags(1)["BAND"]}
            names = ("descriptions", "crs", "transform", "nodata")
            facts = SimpleNamespace(**{name: getattr(dataset, name) for name in names})
            return result, dataset.read(), tags, facts, progress.lines

    return open_product


def zipped(folder: Path, archive: Path, compression=zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(archive, "w", compression) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder.parent).as_posix())
    return archive


def expected_10m(code, offset):
    numbers = products.numbers_of(code, 10).astype(np.float64)
    return np.where(numbers == 0, np.nan, (numbers + offset) / 10_000)


@pytest.mark.parametrize(
    ("level", "baseline", "offset"),
    [("L2A", "05.10", -1000), ("L1C", "04.00", -1000), ("L2A", "02.08", None), ("L1C", "03.01", None)],
)
def test_sentinel2_has_the_offset_of_its_metadata(sentinel2, open_product, level, baseline, offset):
    product = sentinel2(level=level, baseline=baseline, offset=offset)
    result, values, tags, dataset, _log = open_product(product)
    assert result.bands == tuple(products.ROLES.values()) == dataset.descriptions
    for band, code in enumerate(products.ROLES):
        if products.RESOLUTIONS[code] == 10:
            np.testing.assert_allclose(values[band], expected_10m(code, offset or 0), rtol=0, atol=1e-6)
    assert dataset.crs.to_epsg() == 32632 and dataset.transform.a == 10 and np.isnan(dataset.nodata)
    assert tags["ACQUISITION_DATE"] == "2024-01-10" == result.date
    assert tags["PRODUCT_ID"] == product.stem == result.product
    assert (tags["SENSOR"], tags["PROCESSING_LEVEL"], tags["PROCESSING_BASELINE"]) == (
        "Sentinel-2A",
        level,
        baseline,
    )
    assert tags["QUANTITY"] == ("surface" if level == "L2A" else "top_of_atmosphere")
    assert tags["BAND of 1"] == "B02"


def test_without_the_offsets_a_new_baseline_is_refused(sentinel2, open_product, tmp_path):
    with pytest.raises(RasterError, match=r"offsets that processing baseline 05\.10 has"):
        open_product(sentinel2(offset=None))
    assert not (tmp_path / "stack.tif").exists()


def test_bands_of_20_m_are_bilinear_on_10_m(sentinel2, open_product):
    product = sentinel2()
    _result, values, *_ = open_product(product, bands="B05")
    # A grid of its own, because no band of 10 m is asked for.
    assert values.shape == (1, 18, 18)
    _result, values, *_ = open_product(product, bands="nir, red_edge_1")
    coarse = products.numbers_of("B05", 20).astype(np.float64)
    # Centres of fine pixels lie a quarter of a pixel from those of coarse ones.
    row, column = 10, 14
    wanted = 0.0
    for rows, weight_r in ((row // 2, 0.75), (row // 2 - 1, 0.25)):
        for columns, weight_c in ((column // 2, 0.75), (column // 2 - 1, 0.25)):
            wanted += weight_r * weight_c * coarse[rows, columns]
    assert values[1, row, column] == pytest.approx((wanted - 1000) / 10_000, abs=2e-6)


def test_resolution_chooses_the_images(sentinel2, open_product):
    product = sentinel2()
    result, values, _tags, dataset, log = open_product(product, resolution=20, bands="all")
    assert dataset.transform.a == 20 and "water_vapour" in result.bands and "cirrus" not in result.bands
    own = products.numbers_of("B02", 20)
    np.testing.assert_allclose(values[1][own > 0], (own[own > 0] - 1000.0) / 10_000, atol=1e-6)
    # B08 is delivered in 10 m only, and its mean is taken; the mean leaves out what is nodata.
    fine = expected_10m("B08", -1000)
    mean = np.nanmean(fine.reshape(18, 2, 18, 2), axis=(1, 3))
    np.testing.assert_allclose(values[result.bands.index("nir")], mean, atol=1e-6)
    assert any("from a resolution of 10 to 20: nir" in text for _level, text in log)
    with pytest.raises(ParameterError, match="resolution of 30"):
        open_product(product, resolution=30)


def test_saturated_numbers_are_no_measurements(sentinel2, open_product):
    def numbers(code, resolution):
        values = products.numbers_of(code, resolution)
        values[3, 4] = 65535
        return values

    _result, values, *_ = open_product(sentinel2(numbers=numbers), bands="B02")
    assert np.argwhere(np.isnan(values[0])).tolist() == [[0, 0], [3, 4]]


def test_an_archive_is_read_in_place(sentinel2, open_product, tmp_path):
    product = sentinel2()
    _result, of_folder, *_ = open_product(product)
    archive = zipped(product, tmp_path / "S2 (1) é.SAFE.zip")
    shutil.rmtree(product)
    result, of_zip, *_ = open_product(archive)
    np.testing.assert_array_equal(of_folder, of_zip)
    assert result.product == product.stem
    assert sorted(path.name for path in tmp_path.iterdir()) == [archive.name, "stack.tif"]


def test_a_metadata_file_stands_for_its_folder(sentinel2, open_product):
    product = sentinel2()
    result, *_ = open_product(product / "MTD_MSIL2A.xml")
    assert result.product == product.stem


def test_an_extent_is_cut_in_whole_pixels(sentinel2, open_product):
    left, top = products.LEFT, products.TOP
    extent = (left + 95.0, top - 200.0, left + 200.0, top - 101.0, products.CRS and "")
    _result, values, _tags, dataset, _log = open_product(sentinel2(), bands="B02", extent=extent)
    np.testing.assert_allclose(values[0], expected_10m("B02", -1000)[10:20, 9:20], atol=1e-6)
    assert (dataset.transform.c, dataset.transform.f) == (left + 90, top - 100)


def test_a_missing_file_is_named_and_nothing_is_written(sentinel2, open_product, tmp_path):
    product = sentinel2()
    lost = next(product.rglob("*_B11_20m.jp2"))
    lost.unlink()
    with pytest.raises(RasterError, match=lost.stem):
        open_product(product)
    assert not (tmp_path / "stack.tif").exists()
    # It can be left out.
    result, *_ = open_product(product, bands="B02, B8A")
    assert result.bands == ("blue", "nir_narrow")


def test_a_cloud_mask_has_the_chosen_classes(sentinel2, open_product, tmp_path):
    product, mask = sentinel2(), tmp_path / "mask.tif"
    result, *_ = open_product(product, cloud_mask=str(mask))
    classes = np.kron(products.scene_classes(), np.ones((2, 2), dtype=int))
    wanted = np.where(np.isin(classes, (1, 3, 8, 9, 10)), 0, 1)
    wanted[classes == 0] = 255
    with rasterio.open(mask) as dataset:
        np.testing.assert_array_equal(dataset.read(1), wanted)
        assert dataset.nodata == 255 and '"name": "masked"' in dataset.tags()["CLASSES"]
    assert result.masked == pytest.approx(5 / 17)
    open_product(product, cloud_mask=str(mask), cloud_classes="Snow or ice, CLOUD")
    with rasterio.open(mask) as dataset:
        assert sorted({*classes[dataset.read(1) == 0]}) == [8, 9, 11]


def test_level_1c_has_no_layer_of_clouds(sentinel2, open_product, tmp_path):
    with pytest.raises(RasterError, match="no layer of clouds"):
        open_product(sentinel2(level="L1C"), cloud_mask=str(tmp_path / "mask.tif"))
    assert not list(tmp_path.glob("*.tif"))


@pytest.mark.parametrize(("satellite", "count"), [(9, 7), (8, 7), (7, 6), (5, 6)])
@pytest.mark.parametrize("form", ["txt", "json"])
def test_landsat_of_level_2(landsat, open_product, satellite, count, form):
    result, values, tags, dataset, _log = open_product(landsat(satellite=satellite, form=form))
    assert len(result.bands) == count and result.bands[-3:] == ("nir", "swir1", "swir2")
    assert (tags["SENSOR"], tags["ACQUISITION_DATE"]) == (f"Landsat {satellite}", "2020-08-08")
    assert tags["QUANTITY"] == "surface" and dataset.transform.a == 30
    numbers = products.landsat_numbers(5 if satellite > 7 else 4).astype(np.float64)
    wanted = np.where(numbers == 0, np.nan, numbers * 0.0000275 - 0.2)
    if satellite < 8:
        # Band 4, which is near infrared there, is saturated in row 5.
        wanted[5] = np.nan
    np.testing.assert_allclose(values[result.bands.index("nir")], wanted, atol=1e-6)
    saturated = "red" if satellite > 7 else "nir"
    assert [name for name, band in zip(result.bands, values, strict=True) if np.isnan(band[5]).all()] == [
        saturated
    ]


@pytest.mark.parametrize("before", ["", "./"])
def test_landsat_of_level_1_is_divided_by_the_suns_height(landsat, open_product, tmp_path, before):
    product = landsat(level=1)
    archive = tmp_path / f"{product.name}.tar"
    with tarfile.open(archive, "w") as tar:
        for path in sorted(product.iterdir()):
            tar.add(path, f"{before}{path.name}")
    mask = tmp_path / "mask.tif"
    result, values, tags, *_ = open_product(archive, bands="all", cloud_mask=str(mask))
    assert tags["QUANTITY"] == "top_of_atmosphere" and result.product == product.name
    assert "cirrus" in result.bands
    numbers = products.landsat_numbers(6).astype(np.float64)
    wanted = np.where(numbers == 0, np.nan, (numbers * 2e-5 - 0.1) / math.sin(math.radians(41.5)))
    np.testing.assert_allclose(values[result.bands.index("swir1")], wanted, atol=1e-6)
    with rasterio.open(mask) as dataset:
        rows = dataset.read(1)[:, 0].tolist()
    # Fill, dilated cloud, cirrus, cloud, shadow, snow, clear, water.
    assert rows[:9] == [255, 0, 0, 0, 0, 1, 1, 1, 1]


def test_a_folder_of_bands_says_its_unit_by_its_values(tmp_path, write, open_product):
    folder = tmp_path / "T32UMU_20190704"
    folder.mkdir()
    rng = np.random.default_rng(1)
    reflectance = {"B02": 0.03, "B03": 0.06, "B04": 0.04, "B08": 0.35, "B8A": 0.36}
    written = {}
    for code, mean in reflectance.items():
        size = 20 if code == "B8A" else 10
        count = products.SIDE // size
        written[code] = np.round(10_000 * (mean + 0.01 * rng.random((count, count)))).astype(np.uint16)
        write(folder / f"T32UMU_20190704T102311_{code}_{size}m.tif", written[code], size)
    write(folder / "T32UMU_20190704T102311_TCI_10m.tif", written["B02"], 10)
    result, values, tags, _dataset, log = open_product(folder)
    assert result.bands == ("blue", "green", "red", "nir", "nir_narrow")
    np.testing.assert_allclose(values[3], written["B08"] / 10_000, atol=1e-6)
    assert tags["ACQUISITION_DATE"] == "2019-07-04"
    assert any("taken as reflectance times 10,000" in text for _level, text in log)
    _result, values, *_ = open_product(folder, value_unit="scaled_offset", bands="B02")
    np.testing.assert_allclose(values[0], (written["B02"] - 1000.0) / 10_000, atol=1e-6)


@pytest.mark.parametrize(
    ("names", "bands"),
    [
        (("scene_red.tif", "scene_green.tif", "scene_nir.tif"), ("green", "red", "nir")),
        (("Red_River_B2.tif", "Red_River_B3.tif", "Red_River_B8.tif"), ("blue", "green", "nir")),
        (
            tuple(f"LC08_L2SP_1_SR_B{number}.TIF" for number in range(1, 8)),
            ("coastal", "blue", "green", "red", "nir", "swir1", "swir2"),
        ),
    ],
)
def test_names_of_files_show_the_bands(tmp_path, write, open_product, names, bands):
    folder = tmp_path / "bands"
    folder.mkdir()
    for name in names:
        write(folder / name, np.full((20, 20), 0.2, dtype=np.float32), 10)
    result, values, *_ = open_product(folder, value_unit="reflectance")
    assert result.bands == bands
    assert np.allclose(values, 0.2)


def test_an_output_is_no_file_of_the_product(landsat):
    product = landsat()
    band = next(product.glob("*_SR_B4.TIF"))
    before = band.read_bytes()
    target = band.with_suffix(".tif")
    band.rename(target)
    band.symlink_to(target) if not band.exists() else None
    with pytest.raises(OutputError, match="one of the inputs"):
        run(OpenProductRequest(str(product), str(target)), SilentProgress())
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda text: text.replace("<?xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><?xml"),
            "form",
        ),
        (lambda text: text.replace("</n1:General_Info>", ""), "damaged"),
        (lambda text: text.replace("BOA_QUANTIFICATION_VALUE", "OTHER"), "lack BOA_QUANTIFICATION_VALUE"),
        (lambda text: text.replace("GRANULE/", "../../GRANULE/"), "incomplete"),
        (lambda text: "<a>" * 200 + "</a>" * 200, "damaged"),
        (lambda text: "", "damaged"),
    ],
)
def test_metadata_that_nobody_has_checked(sentinel2, open_product, change, words):
    product = sentinel2()
    metadata = product / "MTD_MSIL2A.xml"
    metadata.write_text(change(metadata.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        open_product(product)
    except LandCoverError as error:
        assert words in str(error)
    else:
        # References out of the product are not followed: the images are those of the listing.
        assert words == "incomplete"


def test_names_of_an_archive_stay_inside(sentinel2, open_product, tmp_path):
    product = sentinel2()
    archive = zipped(product, tmp_path / "a.zip", zipfile.ZIP_STORED)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("../../MTD_MSIL2A.xml", "<a/>")
        file.writestr("/MTD_MSIL2A.xml", "<a/>")
    result, *_ = open_product(archive)
    assert result.product == product.stem


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.zip", None, "no such product"),
        ("a.zip", b"PK\x05\x06 damaged", "archive cannot be read"),
        ("a.tar", b"x" * 2000, "archive cannot be read"),
        ("a.tar.gz", b"\x1f\x8b", "cannot be read in place"),
        ("a.png", b"x", "not a satellite product"),
        ("a.txt", b"x", "not the metadata"),
    ],
)
def test_what_is_no_product_gives_one_sentence(tmp_path, open_product, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RasterError, match=words):
        open_product(path)


def test_the_first_products_of_level_2a(sentinel2, open_product):
    """Their elements have other names, and 6 is a number of dark water, not a saturated one."""

    def numbers(code, resolution):
        values = products.numbers_of(code, resolution)
        values[3, 4] = 6
        return values

    product = sentinel2(baseline="02.05", offset=None, numbers=numbers)
    metadata = product / "MTD_MSIL2A.xml"
    text = metadata.read_text(encoding="utf-8")
    for now, then in (
        ("IMAGE_FILE>", "IMAGE_FILE_2A>"),
        ("<BOA_QUANT", "<L1C_TOA_QUANTIFICATION_VALUE>1</L1C_TOA_QUANTIFICATION_VALUE><L2A_BOA_QUANT"),
        ("/BOA_QUANT", "/L2A_BOA_QUANT"),
        ("INDEX>65535", "INDEX>6"),
        ("<PRODUCT_URI>", "<PRODUCT_URI_1C>S2A_MSIL1C.SAFE</PRODUCT_URI_1C><PRODUCT_URI_2A>"),
        ("/PRODUCT_URI>", "/PRODUCT_URI_2A>"),
    ):
        assert now in text
        text = text.replace(now, then)
    metadata.write_text(text, encoding="utf-8")
    result, values, *_ = open_product(product, bands="B02")
    assert result.product == product.stem
    assert values[0, 3, 4] == pytest.approx(0.0006)
    next(product.rglob("*_B03_10m.jp2")).unlink()
    with pytest.raises(RasterError, match="_B03_10m"):
        open_product(product)


def test_several_products_are_named(tmp_path, write, open_product):
    for level in ("L1C", "L2A"):
        products.write_sentinel2(tmp_path / "all", write, level=level)
    with pytest.raises(RasterError, match=r"2 Sentinel-2 products.*MSIL1C"):
        open_product(tmp_path / "all")
