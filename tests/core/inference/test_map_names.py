"""Maps of many rasters: told apart, found again, and never in the place of what is read."""

import itertools

import pytest

from deep_land_cover.core.inference.folder import files, map_names


def names(rasters, tmp_path, **more):
    return dict(zip(rasters, map_names(rasters, tmp_path, **more), strict=True))


@pytest.mark.parametrize(
    ("raster", "name"),
    [
        ("/data/scene.tif", "scene"),
        ("/data/scene.v2.tif", "scene.v2"),
        ("/data/Sungai Batang Hari.img", "Sungai Batang Hari"),
        ("C:\\data\\scene.tif", "scene"),
        ("/vsizip//data/all.zip/scene.tif", "scene"),
        ("/vsicurl/https://server.example/scene.tif?key=secret", "scene"),
        ('NETCDF:"/data/year.nc":ndvi', "year"),
        ("/data/.tif", "tif"),
    ],
)
def test_a_map_is_called_as_its_raster(tmp_path, raster, name):
    assert map_names([raster], tmp_path) == (name,)


def test_folders_tell_rasters_of_one_name_apart(tmp_path):
    found = names(["/d/2023/a/scene.tif", "/d/2024/a/scene.tif", "/d/2024/a/other.tif"], tmp_path)
    assert list(found.values()) == ["2023_a_scene", "2024_a_scene", "other"]


def test_endings_tell_rasters_of_one_folder_apart(tmp_path):
    found = names(["/d/scene.tif", "/d/scene.img", 'NETCDF:"/d/y.nc":a', 'NETCDF:"/d/y.nc":b'], tmp_path)
    assert list(found.values()) == ["scene_tif", "scene_img", "y_nc_a", "y_nc_b"]


def test_names_that_differ_in_case_only_are_told_apart_too(tmp_path):
    found = names(["/d/a/Scene.tif", "/d/b/scene.tif"], tmp_path)
    assert list(found.values()) == ["a_Scene", "b_scene"]


def test_names_do_not_depend_on_the_order(tmp_path):
    rasters = ["/d/a/x.tif", "/d/a/x.img", "/d/b/x.tif", "/d/a_x.tif", "/d/c/a_x.tif", "/x.tif"]
    first = names(rasters, tmp_path)
    assert len({name.casefold() for name in first.values()}) == len(rasters)
    for order in itertools.permutations(rasters, len(rasters)):
        assert names(list(order), tmp_path) == first


def test_a_name_that_another_group_has_is_not_given_twice(tmp_path):
    found = names(["/d/a/x.tif", "/d/b/x.tif", "/d/a_x.tif"], tmp_path)
    assert len(set(found.values())) == 3


def test_no_map_gets_the_name_of_an_input_in_its_folder(tmp_path):
    raster, dem = tmp_path / "scene.tif", tmp_path / "Scene_map.tif"
    (name,) = map_names([str(raster)], tmp_path, inputs=[str(dem)])
    assert name == "scene_2"


def test_what_is_written_beside_a_map_is_no_other_map(tmp_path):
    found = names(["/d/x.tif", "/d/x_uncertainty.tif"], tmp_path, more=["uncertainty"])
    written = [file for name in found.values() for file in files(name, ["uncertainty"])]
    assert len(set(written)) == 4
