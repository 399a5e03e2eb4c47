"""Several rasters as one, with the real worker: stacked, trained on and classified."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer

from deep_land_cover.core.models.card import read_card

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="session")
def radar(tmp_path_factory, scene):
    """The first band of the scene in pixels of 10 m, as VV."""
    path = str(tmp_path_factory.mktemp("radar") / "radar.tif")
    gdal.Translate(path, scene, width=160, height=120, bandList=[1])
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetDescription("VV")
    dataset.FlushCache()
    return path


def descriptions(path):
    dataset = gdal.Open(path)
    return [dataset.GetRasterBand(number + 1).GetDescription() for number in range(dataset.RasterCount)]


def test_bands_and_indices_are_stacked_and_open_in_qgis(run, scene, radar, tmp_path):
    done = run(
        "stackfeatures",
        {
            "INPUT": scene,
            "EXTRA_INPUTS": [radar],
            "INDICES": ["NDVI", "NDRE"],
            "OUTPUT": str(tmp_path / "stack.tif"),
        },
    )
    assert done.succeeded, done.log
    assert done.results["BANDS"] == "B02, B03, B04, B08, VV, NDVI"
    assert descriptions(done.results["OUTPUT"]) == ["B02", "B03", "B04", "B08", "VV", "NDVI"]
    layer, source = QgsRasterLayer(done.results["OUTPUT"], "stack"), QgsRasterLayer(scene, "scene")
    assert layer.isValid()
    assert (layer.width(), layer.height(), layer.crs()) == (source.width(), source.height(), source.crs())
    assert layer.extent() == source.extent()
    assert "left out: NDRE" in done.log
    assert "radar.tif is resampled to the grid of" in done.log
    # Each 2 x 2 pixels of the radar are copies of one pixel of the scene.
    written, original = gdal.Open(done.results["OUTPUT"]), gdal.Open(scene)
    whole = (0, 0, 80, 60)
    blue, vv = (written.GetRasterBand(band).ReadRaster(*whole) for band in (1, 5))
    expected = original.GetRasterBand(1).ReadRaster(*whole, buf_type=gdal.GDT_Float32)
    assert blue == expected
    assert struct.unpack("4800f", vv) == pytest.approx(struct.unpack("4800f", expected))


def test_bands_are_named_and_chosen_through_all_rasters(run, scene, radar, tmp_path):
    done = run(
        "stackfeatures",
        {
            "INPUT": scene,
            "EXTRA_INPUTS": [radar],
            "INDICES": ["NDVI"],
            "BAND_NAMES": "blue, green, red, nir, radar",
            "BANDS": "radar, nir, 3",
            "OUTPUT": str(tmp_path / "stack.tif"),
        },
    )
    assert done.succeeded, done.log
    assert done.results["BANDS"] == "radar, nir, red, NDVI"
    assert descriptions(done.results["OUTPUT"]) == ["radar", "nir", "red", "NDVI"]


@pytest.mark.parametrize("form", ["a layer", "a text", "a project layer's id"])
def test_extra_rasters_may_be_given_as(run, scene, radar, tmp_path, form):
    layer = QgsRasterLayer(radar, "radar")
    QgsProject.instance().addMapLayer(layer)
    value = {
        "a layer": [layer],
        "a text": radar,
        "a project layer's id": [layer.id()],
    }[form]
    done = run(
        "stackfeatures",
        {"INPUT": scene, "EXTRA_INPUTS": value, "INDICES": [], "OUTPUT": str(tmp_path / "stack.tif")},
    )
    assert done.succeeded, done.log
    assert done.results["BANDS"] == "B02, B03, B04, B08, VV"


@pytest.mark.parametrize(("indices", "added"), [({"INDICES": []}, 0), ({"INDICES": "NDVI,EVI"}, 2), ({}, 6)])
def test_no_index_is_added_where_none_is_chosen(run, scene, tmp_path, indices, added):
    done = run("stackfeatures", {"INPUT": scene, "OUTPUT": str(tmp_path / "stack.tif"), **indices})
    assert done.succeeded, done.log
    assert len(done.results["BANDS"].split(", ")) == 4 + added


@pytest.mark.medium
def test_a_model_of_several_rasters_maps_them_and_their_stack_alike(
    run, train, scene, radar, samples, tmp_path
):
    trained = train(samples, EXTRA_INPUTS=[radar], RESAMPLING="nearest")
    assert trained.succeeded, trained.log
    model = trained.results["OUTPUT"]
    card = read_card(Path(model))
    assert card.bands == ("B02", "B03", "B04", "B08", "VV")
    assert (card.training.parameters["extra_inputs"], card.training.parameters["resampling"]) == (
        "radar",
        "nearest",
    )
    inputs = {"INPUT": scene, "EXTRA_INPUTS": [radar], "RESAMPLING": "nearest"}
    stack = run("stackfeatures", {**inputs, "OUTPUT": str(tmp_path / "stack.tif")}).results["OUTPUT"]
    maps = []
    for name, raster in (("flight", inputs), ("stack", {"INPUT": stack})):
        done = run(
            "classifyraster",
            {**raster, "MODEL": model, "OUTPUT": str(tmp_path / f"map of {name}.tif"), "DEVICE": "cpu"},
        )
        assert done.succeeded, done.log
        dataset = gdal.Open(done.results["OUTPUT"])
        maps.append(dataset.GetRasterBand(1).ReadRaster())
    assert maps[0] == maps[1]

    refused = run(
        "classifyraster",
        {"INPUT": scene, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif"), "DEVICE": "cpu"},
    )
    assert not refused.succeeded
    assert "The model needs 5" in refused.log
