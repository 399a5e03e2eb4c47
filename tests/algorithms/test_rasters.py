"""From raster layers to what the worker opens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRasterRange,
)

from deep_land_cover.algorithms.layers.rasters import check_crs, listed, raster_parameter, raster_source
from deep_land_cover.core.errors import RasterError

pytestmark = pytest.mark.qgis
DATA = Path(__file__).parents[3] / "shared" / "data"


def test_source_of_a_file_is_its_whole_path_and_the_layers_name(scene):
    layer = QgsRasterLayer(scene, "my scene")
    source = raster_source(layer)
    assert (source.path, source.name, source.nodata) == (scene, "my scene", None)


def test_relative_paths_become_whole_ones(scene, monkeypatch):
    monkeypatch.chdir(Path(scene).parent)
    assert raster_source(QgsRasterLayer("scene.tif", "x")).path == scene


def test_open_options_are_split_off_and_named_in_the_log(scene):
    feedback = QgsProcessingFeedback(False)
    source = raster_source(QgsRasterLayer(f"{scene}|option:NUM_THREADS=2", "x"), feedback)
    assert source.path == scene
    assert "NUM_THREADS=2" in feedback.textLog()


def test_nodata_set_in_the_layers_properties_is_handed_on(scene):
    layer = QgsRasterLayer(scene, "x")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(617, 617)])
    assert raster_source(layer).nodata == 617


def test_a_nodata_value_that_is_switched_off_is_told(make_raster, tmp_path):
    layer = QgsRasterLayer(
        make_raster(tmp_path / "a.tif", lambda *_place: 8, rows=4, columns=4, nodata=7), "x"
    )
    feedback = QgsProcessingFeedback(False)
    raster_source(layer, feedback)
    assert "switch it off" not in feedback.textLog()
    layer.dataProvider().setUseSourceNoDataValue(1, False)
    raster_source(layer, feedback)
    assert "nodata value 7 of the file is used" in feedback.textLog()


def test_nodata_ranges_are_warned_about(scene):
    layer = QgsRasterLayer(scene, "x")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(5, 9)])
    feedback = QgsProcessingFeedback(False)
    assert raster_source(layer, feedback).nodata is None
    assert "nodata" in feedback.textLog()


@pytest.mark.parametrize(
    ("uri", "provider"),
    [
        (
            "contextualWMSLegend=0&crs=EPSG:4326&format=image/png&layers=a&styles=&url=http://localhost:1/",
            "wms",
        ),
        ("https://localhost:1/a?layer=x", "arcgismapserver"),
    ],
)
def test_rasters_that_only_qgis_can_draw_are_refused_by_name(uri, provider):
    with pytest.raises(RasterError, match=provider):
        raster_source(QgsRasterLayer(uri, "web", provider))


def test_stored_credentials_are_refused(scene):
    with pytest.raises(RasterError, match="credentials"):
        raster_source(QgsRasterLayer(f"{scene} authcfg='abcdef1'", "secret"))


def test_a_raster_in_the_memory_of_qgis_is_refused(scene):
    from osgeo import gdal

    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/kept.tif", gdal.Open(scene))
    with pytest.raises(RasterError, match="memory"):
        raster_source(QgsRasterLayer("/vsimem/kept.tif", "kept"))
    gdal.Unlink("/vsimem/kept.tif")


def test_missing_file_is_named(algorithm):
    with pytest.raises(RasterError, match=r"no such raster.*missing\.tif"):
        raster_parameter(
            algorithm("classifyraster"), "INPUT", {"INPUT": "missing.tif"}, QgsProcessingContext()
        )


def test_missing_crs_is_told(make_raster, tmp_path):
    layer = QgsRasterLayer(
        make_raster(tmp_path / "bare.tif", lambda *_: 1, rows=4, columns=4, crs=""), "bare"
    )
    with pytest.raises(RasterError, match="no coordinate reference system"):
        check_crs(layer)


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
def test_a_container_of_several_rasters_lists_them(algorithm):
    file = DATA / "awkward" / "RGB.nc"
    with pytest.raises(RasterError, match=r"several datasets.*Band2"):
        raster_parameter(algorithm("classifyraster"), "INPUT", {"INPUT": str(file)}, QgsProcessingContext())


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
def test_a_dataset_inside_a_relative_file_gets_the_whole_path(monkeypatch):
    monkeypatch.chdir(DATA / "awkward")
    source = raster_source(QgsRasterLayer('NETCDF:"RGB.nc":Band1', "band"))
    assert source.path == f'NETCDF:"{os.getcwd()}/RGB.nc":Band1'


def test_a_layer_with_another_crs_than_its_file_is_refused(make_raster, tmp_path):
    layer = QgsRasterLayer(make_raster(tmp_path / "moved.tif", lambda *_: 1, rows=4, columns=4), "moved")
    check_crs(layer)
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    with pytest.raises(RasterError, match=r"EPSG:3857, and its file.*moved"):
        check_crs(layer)


def test_a_model_gives_a_list_for_each_of_its_sources():
    assert listed("INPUTS", {"INPUTS": [["a.tif", "b.tif"], "c.tif"]}) == ["a.tif", "b.tif", "c.tif"]
    assert listed("INPUTS", {"INPUTS": ""}) == listed("INPUTS", {}) == []
