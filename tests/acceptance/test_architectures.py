"""Every architecture of the registry on a small crop: trained, stopped, resumed, saved, loaded and mapped."""

from __future__ import annotations

import pytest
from osgeo import gdal

from deep_land_cover.core.models.architectures import ARCHITECTURES

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
# Rows and columns of the crop, and the distance between its labels, in pixels.
SIDE, STEP = 64, 5
# Lines of the log after the first fit of a training, which is complete and is not repeated.
FIRST_FIT = {"The best epoch is": 1, "Epoch 1:": 2}
NODATA = 255
QUICK = {
    "INDICES": ["NDVI"],
    "SPLIT": "random",
    "EPOCHS": 1,
    "MAX_PER_CLASS": 2,
    "WINDOWS": "3,7",
    "FOLDS": "0",
    "TREES": 10,
    "SEED": 1,
    "DEVICE": "cpu",
}
# Of the same code as a shorter one: ResNet18, U-Net, ViT and the trees with neighbourhoods.
LONGER = (
    "resnet34", "resnet50", "resnet101",
    "unetplusplus", "fpn", "deeplabv3plus",
    "swin", "gradient_boosting",
)  # fmt: skip
PATCHES, CROPS = {"PATCH_SIZE": 9, "BATCH_SIZE": 4}, {"PATCH_SIZE": 32, "BATCH_SIZE": 2}
# Transformers need larger patches.
SIZES = {name: {"PATCH_SIZE": 15, "BATCH_SIZE": 4} for name in ("vit", "swin")}


@pytest.fixture(scope="module")
def crop(demo, tmp_path_factory):
    """The paths of a raster and of its labels."""
    folder = tmp_path_factory.mktemp("crop")
    paths = {name: str(folder / f"{name}.tif") for name in ("raster", "labels")}
    for path, source in zip(paths.values(), (demo["RASTER"], demo["REFERENCE"]), strict=True):
        gdal.Translate(path, source, srcWin=[128, 128, SIDE, SIDE])
    labels = gdal.Open(paths["labels"], gdal.GA_Update)
    values = labels.ReadAsArray()
    sparse = values * 0 + NODATA
    sparse[::STEP, ::STEP] = values[::STEP, ::STEP]
    labels.WriteArray(sparse)
    labels.GetRasterBand(1).SetNoDataValue(NODATA)
    labels.FlushCache()
    return paths


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=entry.name, marks=pytest.mark.slow if entry.name in LONGER else ())
        for entry in ARCHITECTURES
        if entry.is_trainable
    ],
)
def test_an_epoch_a_stop_a_resumed_training_a_file_and_a_map(qgis, crop, tmp_path, entry):
    model, mapped = tmp_path / f"model{entry.suffix}", tmp_path / "map.tif"
    training = {**QUICK, "INPUT": crop["raster"], "LABELS": crop["labels"]}
    training |= {"ARCHITECTURE": entry.name, "OUTPUT": model}
    training |= SIZES.get(entry.name, CROPS if entry.kind == "pixel" else PATCHES)
    if entry.name == "ensemble":
        # Its usual network is trained by itself, too.
        training["MEMBERS"] = ["multiscale", "tree_ensemble"]
    if entry.has_network:
        stopped = qgis("trainmodel", training, FIRST_FIT)
        assert not stopped["succeeded"] and not model.exists()
    trained = qgis("trainmodel", training)
    assert trained["succeeded"], "\n".join(trained["log"])
    assert any("resumes after epoch 1" in line for line in trained["log"]) == entry.has_network
    assert 0.0 <= trained["results"]["OVERALL_ACCURACY"] <= 1.0
    described = qgis("modelinfo", {"MODEL": model})
    assert described["results"]["ARCHITECTURE"] in {entry.name, *(item.name for item in entry.encoders)}

    mapping = {"INPUT": crop["raster"], "MODEL": model, "OUTPUT": mapped, "STRIDE": 4, "DEVICE": "cpu"}
    classified = qgis("classifyraster", mapping)
    assert classified["succeeded"], "\n".join(classified["log"])
    found, labels = (gdal.Open(str(path)).ReadAsArray() for path in (mapped, crop["labels"]))
    assert found.shape == labels.shape == (SIDE, SIDE)
    # The scene has a hole, and the map no other class than the labels.
    assert 0.5 < (found != NODATA).mean() <= 1.0
    assert set(found.flatten().tolist()) <= set(labels.flatten().tolist())
