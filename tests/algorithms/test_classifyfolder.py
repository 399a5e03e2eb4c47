"""Many rasters in one call, with the real worker."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsGeometry, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer

from deep_land_cover.algorithms.parameters.raster_lists import listed_rasters

pytestmark = pytest.mark.qgis


@pytest.fixture
def folder(scene, make_raster, tmp_path):
    """Two scenes of one name in two folders, a file that is no raster, and one without a CRS."""
    home = tmp_path / "rasters"
    for place in ("a", "b"):
        (home / place).mkdir(parents=True)
        gdal.Translate(str(home / place / "Scene.TIF"), scene, width=40, height=30)
    (home / "broken.tif").write_text("no raster")
    (home / "notes.txt").write_text("no raster either")
    make_raster(home / "no_crs.tif", lambda band, row, column: 5, rows=30, columns=40, crs=None)
    return home


@pytest.fixture
def classify(run, model, tmp_path):
    def classify(feedback=None, **parameters):
        defaults = {"MODEL": model, "OUTPUT_FOLDER": str(tmp_path / "maps"), "DEVICE": "cpu", "STRIDE": 4}
        return run("classifyfolder", {**defaults, **parameters}, feedback=feedback)

    return classify


def pixels(path):
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).ReadRaster()


def table(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return {
            Path(row["raster"]).relative_to(Path(row["raster"]).parents[1]).as_posix(): row
            for row in csv.DictReader(file)
        }


def test_a_folder_becomes_maps_a_table_and_named_failures(classify, folder, run, model, tmp_path):
    done = classify(INPUT_FOLDER=str(folder), PATTERN="**/*.tif")
    assert done.succeeded, done.log
    maps = tmp_path / "maps"
    assert done.results["MAPS"] == [str(maps / "a_Scene.tif"), str(maps / "b_Scene.tif")]
    assert (done.results["CLASSIFIED"], done.results["FAILED"]) == (2, 2)
    assert done.results["PATCHES"] == 2 * 8 * 10
    assert "2 of 4 rasters could not be classified" in done.log
    assert done.log.count("Starting the worker") <= 1
    rows = table(done.results["TABLE"])
    assert set(rows) == {"a/Scene.TIF", "b/Scene.TIF", "rasters/broken.tif", "rasters/no_crs.tif"}
    assert "cannot open the raster" in rows["rasters/broken.tif"]["problem"]
    assert "no coordinate reference system" in rows["rasters/no_crs.tif"]["problem"]
    assert rows["a/Scene.TIF"]["patches"] == "80"
    assert "CPU" in rows["a/Scene.TIF"]["device"]
    assert rows["a/Scene.TIF"]["backend"] in ("torch", "openvino")
    assert rows["a/Scene.TIF"]["problem"] == ""
    assert "broken.tif: QGIS cannot open the raster" in done.log
    alone = str(tmp_path / "alone.tif")
    single = {"INPUT": str(folder / "a" / "Scene.TIF"), "MODEL": model, "OUTPUT": alone}
    assert run("classifyraster", {**single, "DEVICE": "cpu", "STRIDE": 4}).succeeded
    assert pixels(alone) == pixels(maps / "a_Scene.tif")
    layer = QgsRasterLayer(done.results["MAPS"][0], "map")
    renderer = layer.renderer()
    assert [item.label for item in renderer.classes()] == ["Water", "Forest"]


def test_a_raster_in_another_unit_is_named_and_the_rest_goes_on(classify, folder, make_raster):
    fine = str(folder / "a" / "Scene.TIF")
    other = make_raster(folder / "unit.tif", lambda band, row, column: 40_000 + 9 * row, rows=30, columns=40)
    done = classify(INPUTS=[other, fine])
    assert done.succeeded, done.log
    assert (done.results["CLASSIFIED"], done.results["FAILED"]) == (1, 1)
    problem = table(done.results["TABLE"])["rasters/unit.tif"]["problem"]
    assert "not those that the model was trained with" in problem and "B02 40,0" in problem
    done = classify(INPUTS=[other, fine], ALLOW_DIFFERENT_VALUES=True)
    assert (done.results["CLASSIFIED"], done.results["FAILED"]) == (2, 0)
    assert "In 4 of 4 bands the values differ" in done.log


def test_layers_and_files_of_a_list_are_classified_once_each(classify, folder, tmp_path):
    path = str(folder / "a" / "Scene.TIF")
    layer = QgsRasterLayer(path, "My scene")
    QgsProject.instance().addMapLayer(layer)
    done = classify(INPUTS=[layer.id(), path, str(folder / "missing.tif")], MORE=["uncertainty"])
    assert done.succeeded, done.log
    assert (done.results["CLASSIFIED"], done.results["FAILED"]) == (1, 1)
    assert "There is no such raster" in done.log
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == [
        "Scene.tif",
        "Scene.tif.aux.xml",
        "Scene_uncertainty.qml",
        "Scene_uncertainty.tif",
        "summary.csv",
    ]


def test_where_all_rasters_fail_the_run_fails(classify, folder):
    done = classify(INPUT_FOLDER=str(folder))
    assert not done.succeeded
    assert "None of the 2 rasters could be classified" in done.log
    assert "broken.tif" in done.log


def test_maps_are_replaced_and_other_files_left_alone(classify, folder, tmp_path):
    maps = tmp_path / "maps"
    rasters = [str(folder / "a" / "Scene.TIF"), str(folder / "no_crs.tif")]
    assert classify(INPUTS=rasters[:1]).succeeded
    fine = pixels(maps / "Scene.tif")
    # Another stride gives another map in its place.
    assert classify(INPUTS=rasters[:1], STRIDE=8).succeeded
    assert pixels(maps / "Scene.tif") != fine
    theirs = gdal.Translate(str(maps / "Scene.tif"), rasters[0])
    theirs = None
    before = (maps / "Scene.tif").read_bytes()
    done = classify(INPUTS=rasters[:1])
    assert not done.succeeded
    assert theirs is None
    assert "was not written by Deep Land Cover" in done.log and str(maps / "Scene.tif") in done.log
    assert (maps / "Scene.tif").read_bytes() == before
    assert classify(INPUTS=rasters[:1], STRIDE=8, OVERWRITE=True).succeeded
    assert pixels(maps / "Scene.tif") != fine


def test_no_map_replaces_a_raster_of_the_list(classify, folder):
    home = folder / "a"
    before = (home / "Scene.TIF").read_bytes()
    done = classify(INPUTS=[str(home / "Scene.TIF")], OUTPUT_FOLDER=str(home))
    assert done.succeeded, done.log
    assert done.results["MAPS"] == [str(home / "Scene_map.tif")]
    assert (home / "Scene.TIF").read_bytes() == before


def test_one_mask_and_extent_serve_rasters_of_several_systems(classify, folder, make_layer, box, tmp_path):
    other = str(folder / "a" / "degrees.tif")
    gdal.Warp(other, str(folder / "a" / "Scene.TIF"), dstSRS="EPSG:4326", width=40, height=30)
    mask = make_layer([(QgsGeometry.fromRect(box(0, 0, 60, 40)), 1)])
    done = classify(INPUTS=[str(folder / "a" / "Scene.TIF"), other], MASK=mask, STRIDE=1)
    assert done.succeeded, done.log
    for path in done.results["MAPS"]:
        values = pixels(path)
        # 255 is nodata: outside the mask, which covers the left half.
        assert sum(value == 255 for value in values) == pytest.approx(600, abs=60)


def test_cancel_keeps_the_maps_that_are_finished(classify, folder, tmp_path):
    class Impatient(QgsProcessingFeedback):
        def isCanceled(self):
            return (tmp_path / "maps" / "a_Scene.tif.aux.xml").exists()

    done = classify(INPUT_FOLDER=str(folder), PATTERN="*/*.tif", feedback=Impatient(False))
    assert not done.succeeded
    maps = tmp_path / "maps"
    assert (maps / "a_Scene.tif").exists()
    assert not (maps / "b_Scene.tif").exists()
    rows = table(maps / "summary.csv")
    assert rows["b/Scene.TIF"]["problem"].startswith("Not classified")


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (lambda f: {}, "No raster was given"),
        (lambda f: {"INPUT_FOLDER": f"{f}/nowhere"}, "There is no such folder of rasters"),
        (lambda f: {"INPUT_FOLDER": str(f), "PATTERN": "*.jp2"}, "No file in the folder fits"),
        (lambda f: {"INPUT_FOLDER": str(f), "PATTERN": "**.tif"}, "cannot be used"),
        (lambda f: {"INPUT_FOLDER": str(f), "OUTPUT_FOLDER": str(f)}, "is the raster folder"),
        (lambda f: {"INPUT_FOLDER": str(f), "OUTPUT_FOLDER": f"{f}/x/y"}, "cannot be made"),
        (lambda f: {"INPUT_FOLDER": str(f), "DEVICE": "tpu"}, "There is no device 'tpu'"),
        (lambda f: {"INPUT_FOLDER": str(f), "MODEL": f"{f}/broken.tif"}, "not a model"),
    ],
)
def test_what_cannot_work_is_refused_before_the_run(classify, folder, parameters, sentence):
    done = classify(**parameters(folder))
    assert not done.succeeded
    assert sentence in done.log


def test_files_beside_rasters_are_no_rasters(algorithm, folder, tmp_path):
    scene = folder / "a" / "Scene.TIF"
    beside = (".aux.xml", ".ovr", ".qml", ".tfw", ".prj", ".txt", ".json", ".xml", ".shp")
    for suffix in beside:
        Path(f"{scene}{suffix}").write_text("beside")
    instance, context = algorithm("classifyfolder"), QgsProcessingContext()
    parameters = {"INPUT_FOLDER": str(folder), "PATTERN": "*; */*"}
    listed = listed_rasters(instance, parameters, context, tmp_path / "maps")
    # A damaged raster is one all the same.
    expected = ["a/Scene.TIF", "b/Scene.TIF", "broken.tif", "no_crs.tif"]
    assert [Path(item).relative_to(folder).as_posix() for item in listed] == expected


def test_maps_inside_the_folder_of_rasters_are_no_rasters(classify, folder):
    parameters = {
        "INPUT_FOLDER": str(folder),
        "PATTERN": "**/scene*.tif",
        "OUTPUT_FOLDER": str(folder / "maps"),
    }
    first, second = classify(**parameters), classify(**parameters)
    assert first.results["MAPS"] == second.results["MAPS"]
    assert len(second.results["MAPS"]) == 2
