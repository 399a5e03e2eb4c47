"""Cloud masks by a product and by a network, in strips and as a whole."""

from __future__ import annotations

import json
import sys
import zipfile
from itertools import pairwise

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from scipy.ndimage import binary_dilation
from scipy.signal.windows import tukey
from torch import nn

from deep_land_cover.core.errors import ModelFileError, ParameterError, RasterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.requests.openproduct import CloudMaskRequest
from deep_land_cover.core.satellite.cloud_mask import MaskRows, buffered
from deep_land_cover.core.tasks.cloudmask import run
from deep_land_cover.tests import products

from ...onnx_files import onnx_file

ROLES = ("blue", "green", "red", "nir")
MEAN, STD = (0.1, 0.2, 0.3, 0.4), (0.5, 0.6, 0.7, 0.8)


@pytest.fixture
def networks(tmp_path):
    """Folder with a network of the form of ukis-csmask: one convolution, windows of 32 pixels."""
    torch.manual_seed(3)
    folder = tmp_path / "ukis_csmask"
    folder.mkdir()
    layer = nn.Conv2d(4, 3, 3, padding=1)
    with torch.no_grad():
        layer.weight *= 8
    for level in ("l1c", "l2a"):
        content = onnx_file([layer], ("batch", 4, 32, 32), ("batch", 3, 32, 32))
        (folder / f"model_4b_{level}.onnx").write_bytes(content)
        facts = {
            "data": {"dataset_statistics": {"img": [MEAN, STD], "band_names": list(ROLES)}},
            "model": {"version": f"test-{level}"},
        }
        (folder / f"model_4b_{level}.json").write_text(json.dumps(facts))
    return folder, layer


def write_scene(path, values, pixel_size=30.0, quantity="surface"):
    profile = {
        "driver": "GTiff",
        "height": values.shape[1],
        "width": values.shape[2],
        "count": len(values),
        "dtype": "float32",
        "nodata": np.nan,
        "crs": "EPSG:32632",
        "transform": Affine(pixel_size, 0, 4e5, 0, -pixel_size, 5e6),
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(values.astype(np.float32))
        dataset.descriptions = ROLES[: len(values)]
        dataset.update_tags(QUANTITY=quantity)
    return path


def whole(values, layer, size=32):
    """Return cloud and shadow of a scene in one array, as the package blends its windows."""
    margin, step = int(size * 0.2), int(size - size * 0.2)
    padded = np.pad(values, ((0, 0), (margin, 2 * size), (margin, 2 * size)), mode="reflect")
    scores = np.zeros((3, *padded.shape[1:]))
    weights = np.outer(tukey(size, 0.4), tukey(size, 0.4))
    for row in range(0, values.shape[1] + margin, step):
        for column in range(0, values.shape[2] + margin, step):
            window = padded[:, row : row + size, column : column + size]
            scaled = (window - np.array(MEAN)[:, None, None]) / np.array(STD)[:, None, None]
            with torch.no_grad():
                chances = torch.softmax(layer(torch.tensor(scaled[None], dtype=torch.float32))[0], 0)
            scores[:, row : row + size, column : column + size] += weights * chances.numpy()
    inside = scores[:, margin : margin + values.shape[1], margin : margin + values.shape[2]]
    return inside.argmax(axis=0) > 0


@pytest.mark.parametrize(("rows", "columns"), [(70, 83), (25, 26), (32, 51)])
def test_windows_are_blended_as_in_one_array(tmp_path, networks, rows, columns):
    folder, layer = networks
    values = np.random.default_rng(rows).random((4, rows, columns)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values)
    output = tmp_path / "mask.tif"
    request = CloudMaskRequest(str(scene), str(output), "csmask", buffer=0.0, networks=str(folder))
    result = run(request, SilentProgress())
    with rasterio.open(output) as dataset:
        found, tags = dataset.read(1), dataset.tags()
    wanted = whole(values, layer)
    assert 0.05 < wanted.mean() < 0.95
    # Sums of 32 and of 64 bits may decide a tie differently.
    assert (found == np.where(wanted, 0, 1)).mean() > 0.999
    assert (tags["METHOD"], tags["NETWORK"]) == ("csmask", "test-l2a")
    assert result.masked == pytest.approx(wanted.mean(), abs=0.001)


def test_the_buffer_is_in_metres_and_nodata_stays(tmp_path, networks):
    folder, _layer = networks
    values = np.random.default_rng(0).random((4, 40, 40)).astype(np.float32)
    values[:, :, :20] = np.array(MEAN)[:, None, None]
    masks = {}
    for metres in (0.0, 61.0):
        output = tmp_path / f"{metres}.tif"
        values[2, 5, 6] = np.nan
        scene = write_scene(tmp_path / "scene.tif", values)
        run(
            CloudMaskRequest(str(scene), str(output), "csmask", buffer=metres, networks=str(folder)),
            SilentProgress(),
        )
        with rasterio.open(output) as dataset:
            masks[metres] = dataset.read(1)
    assert masks[0.0][5, 6] == masks[61.0][5, 6] == 255
    grown = binary_dilation(masks[0.0] == 0, iterations=3)
    grown[5, 6] = False
    np.testing.assert_array_equal(masks[61.0] == 0, grown)


@pytest.mark.parametrize("heights", [(1,) * 23, (5, 1, 17), (23,), (2, 2, 2, 17)])
@pytest.mark.parametrize("radius", [0, 1, 4, 30])
def test_strips_grow_as_one_array(heights, radius):
    rng = np.random.default_rng(sum(heights) + radius)
    masked, valid = rng.random((23, 31)) < 0.01, rng.random((23, 31)) < 0.9
    masked &= valid
    ends = np.cumsum((0, *heights))
    strips = [MaskRows(masked[a:b], valid[a:b]) for a, b in pairwise(ends)]
    found = list(buffered(strips, radius))
    grown = binary_dilation(masked, iterations=radius) if radius else masked
    np.testing.assert_array_equal(np.concatenate([strip.masked for strip in found]), grown & valid)
    np.testing.assert_array_equal(np.concatenate([strip.valid for strip in found]), valid)


def test_fine_pixels_are_averaged_to_about_30_m(tmp_path, networks):
    folder, layer = networks
    values = np.random.default_rng(7).random((4, 100, 121)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values, pixel_size=10.0)
    output = tmp_path / "mask.tif"
    run(
        CloudMaskRequest(str(scene), str(output), "csmask", buffer=0.0, networks=str(folder)),
        SilentProgress(),
    )
    with rasterio.open(output) as dataset:
        assert dataset.transform.a == 30 and dataset.shape == (34, 41)
        found = dataset.read(1)
    means = values[:, :99, :120].reshape(4, 33, 3, 40, 3).mean(axis=(2, 4))
    wanted = whole(means, layer)
    # The last row and column have a part of a cell.
    assert (found[:30, :36] == np.where(wanted[:30, :36], 0, 1)).mean() > 0.99


def test_a_product_gives_its_own_layer_and_level_1c_the_network(tmp_path, write, networks):
    folder, _layer = networks
    output = tmp_path / "mask.tif"
    product = products.write_sentinel2(tmp_path / "a", write)
    progress = SilentProgress()
    result = run(CloudMaskRequest(str(product), str(output), networks=str(folder), buffer=20.0), progress)
    assert result.method == "product" and result.subject == product.stem
    classes = products.scene_classes()
    masked = binary_dilation(np.isin(classes, (1, 3, 8, 9, 10)), iterations=1) & (classes > 0)
    with rasterio.open(output) as dataset:
        np.testing.assert_array_equal(dataset.read(1) == 0, masked)
        assert dataset.transform.a == 20
    product = products.write_sentinel2(tmp_path / "b", write, level="L1C")
    (folder / "model_6b_l1c.json").write_text("{}")
    with pytest.raises(ModelFileError, match=r"model_6b_l1c"):
        run(CloudMaskRequest(str(product), str(output), networks=str(folder)), progress)


def test_a_wheel_is_read_in_place(tmp_path, networks):
    folder, _layer = networks
    wheel = tmp_path / "ukis_csmask-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"ukis_csmask/{path.name}")
    values = np.random.default_rng(1).random((4, 40, 50)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values)
    output = tmp_path / "mask.tif"
    result = run(CloudMaskRequest(str(scene), str(output), "csmask", networks=str(wheel)), SilentProgress())
    assert result.method == "csmask" and output.exists()


def test_the_installed_package_is_found_and_never_imported(tmp_path, networks, monkeypatch):
    folder, _layer = networks
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(folder.parent)
    values = np.random.default_rng(1).random((4, 40, 50)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values)
    result = run(CloudMaskRequest(str(scene), str(tmp_path / "mask.tif")), SilentProgress())
    assert result.method == "csmask" and "ukis_csmask" not in sys.modules


def test_without_the_package_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    values = np.random.default_rng(1).random((4, 40, 50)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values)
    with pytest.raises(ModelFileError, match=r"not installed \(NETWORKS\).*CLOUD_NETWORKS"):
        run(CloudMaskRequest(str(scene), str(tmp_path / "mask.tif")), SilentProgress())
    assert not (tmp_path / "mask.tif").exists()


@pytest.mark.parametrize(
    ("bands", "quantity", "changes", "error", "words"),
    [
        (3, "surface", {}, RasterError, "bands that are missing: nir"),
        (4, "", {}, ParameterError, "QUANTITY"),
        (4, "surface", {"method": "product"}, ParameterError, "INPUT is a raster"),
        (4, "surface", {"cloud_classes": "cloud"}, ParameterError, "CLOUD_CLASSES"),
        (4, "surface", {"buffer": -1.0}, ParameterError, "BUFFER"),
        (4, "surface", {"networks": "absent"}, ModelFileError, "model_4b_l2a"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, networks, bands, quantity, changes, error, words):
    folder, _layer = networks
    values = np.random.default_rng(1).random((bands, 40, 50)).astype(np.float32)
    scene = write_scene(tmp_path / "scene.tif", values, quantity=quantity)
    given = {"method": "csmask", "networks": str(folder), **changes}
    with pytest.raises(error, match=words):
        run(CloudMaskRequest(str(scene), str(tmp_path / "mask.tif"), **given), SilentProgress())
    assert not (tmp_path / "mask.tif").exists()
