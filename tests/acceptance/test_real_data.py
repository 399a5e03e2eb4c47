"""Real rasters with reference labels, with settings that two cores finish in a minute each."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here"),
]
QUICK = {
    "DEVICE": "cpu",
    "LEARNING_RATE": 0.001,
    "SEED": 1,
    "EPOCHS": 4,
    "BATCH_SIZE": 32,
    "MAX_PER_CLASS": 150,
}
RESNET = {"ARCHITECTURE": "resnet18", "PATCH_SIZE": 8}

# Raster, parameters of the training, class values and names of the map, stride of a quick map, and
# what the overall accuracy of the held-out samples must reach.
SCENES = {
    "gewata, label raster": (
        "gewata_landsat7/gewata_B123457.tif",
        {**RESNET, "LABELS": "gewata_landsat7/gewata_lulc2011.tif"},
        {value: f"Class {value}" for value in range(1, 7)},
        24,
        0.4,
    ),
    "sen2, degrees and numbers": (
        "rstoolbox/sen2.tif",
        {
            "SAMPLES": "rstoolbox/training_sen2.gpkg",
            "CLASS_FIELD": "class_id",
            "NAME_FIELD": "class",
            "ARCHITECTURE": "multiscale",  # Quicker: this scene is mapped in each run of the tests.
        },
        {1: "dryout", 2: "forest", 3: "village", 4: "water"},
        8,
        0.7,
    ),
    "mexico 1999, text": (
        "mexico_landsat7/LE70220491999322EDC01_stack.gtif",
        {**RESNET, "SAMPLES": "mexico_landsat7/training_data.shp", "CLASS_FIELD": "class"},
        {1: "barren", 2: "forest", 3: "herbaceous", 4: "urban", 5: "water"},
        4,
        0.5,
    ),
}
SMALLEST = "sen2, degrees and numbers"


@pytest.mark.parametrize(
    "scene",
    [pytest.param(name, marks=() if name == SMALLEST else pytest.mark.slow) for name in SCENES],
)
def test_a_real_scene_becomes_a_map_with_the_users_classes(prepared, tmp_path, scene):
    from osgeo import gdal

    raster, parameters, classes, stride, accuracy = SCENES[scene]
    files = {
        name: DATA / value if name in ("SAMPLES", "LABELS") else value for name, value in parameters.items()
    }
    trained = prepared(
        "trainmodel",
        **QUICK,
        **files,
        INPUT=DATA / raster,
        OUTPUT=tmp_path / "model.safetensors",
    )
    assert trained["CLASSES"] == len(classes)
    assert trained["OVERALL_ACCURACY"] >= accuracy

    mapped = prepared(
        "classifyraster",
        INPUT=DATA / raster,
        MODEL=trained["OUTPUT"],
        OUTPUT=tmp_path / "map.tif",
        STRIDE=stride,
        DEVICE="cpu",
    )
    written, source = gdal.Open(mapped["OUTPUT"]), gdal.Open(str(DATA / raster))
    assert written.GetGeoTransform() == source.GetGeoTransform()
    assert (written.RasterXSize, written.RasterYSize) == (source.RasterXSize, source.RasterYSize)
    band = written.GetRasterBand(1)
    table = band.GetDefaultRAT()
    columns = {table.GetNameOfCol(number): number for number in range(table.GetColumnCount())}
    shown = {
        table.GetValueAsInt(row, columns["Value"]): table.GetValueAsString(row, columns["Class"])
        for row in range(table.GetRowCount())
    }
    assert shown == classes
