"""Whole runs in QGIS with the real worker: training, maps, and what is made of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from deep_land_cover.core.models.card import read_card

pytestmark = pytest.mark.qgis
WATER, FOREST = 3, 17
JAMBI = {
    0: "Water",
    1: "Trees/Forest",
    4: "Crops/Agriculture",
    5: "Shrub/Scrub",
    6: "Built Area",
    7: "Bare Ground",
}


@pytest.fixture
def train(run, scene, quick, tmp_path):
    """Train quickly on the scene and return the run."""

    def train(samples, **parameters):
        return run(
            "trainmodel",
            {
                **quick,
                "EPOCHS": 1,
                "MAX_PER_CLASS": 24,
                "INPUT": scene,
                "SAMPLES": samples,
                "CLASS_FIELD": "class",
                "OUTPUT": str(tmp_path / "trained.safetensors"),
                **parameters,
            },
        )

    return train


@pytest.fixture
def classify(run, scene, model, tmp_path):
    """Classify the scene and return the run."""

    def classify(**parameters):
        defaults = {"INPUT": scene, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif"), "DEVICE": "cpu"}
        return run("classifyraster", {**defaults, **parameters})

    return classify


def pixels(path):
    dataset = gdal.Open(path)
    width, height = dataset.RasterXSize, dataset.RasterYSize
    data = dataset.GetRasterBand(1).ReadRaster(buf_type=gdal.GDT_Int16)
    values = memoryview(data).cast("h")
    return [list(values[row * width : (row + 1) * width]) for row in range(height)]


def legend(path):
    """Return value, name and colour of each class as QGIS shows the file when it is opened."""
    layer = QgsRasterLayer(path, "map")
    renderer = layer.renderer()
    assert renderer.type() == "paletted"
    return [(int(item.value), item.label, item.color.name().upper()) for item in renderer.classes()]


def nodata(path):
    dataset = gdal.Open(path)
    return dataset.GetRasterBand(1).GetNoDataValue()


def test_the_map_finds_both_halves_of_the_scene(classify):
    done = classify()
    assert done.succeeded, done.log
    rows = pixels(done.results["OUTPUT"])
    assert Counter(value for row in rows for value in row[:32]).most_common(1)[0] == (WATER, 60 * 32)
    assert Counter(value for row in rows for value in row[48:]).most_common(1)[0] == (FOREST, 60 * 32)


def test_outputs_tell_what_was_done(classify):
    done = classify()
    assert done.results["PATCHES"] == 60 * 80
    assert done.results["PATCHES_PER_SECOND"] == pytest.approx(4800 / done.results["SECONDS"])
    assert "CPU" in done.results["DEVICE"]
    assert "4,800 patches" in done.log


def test_the_map_opens_with_exactly_the_classes_names_and_colours(classify, model, scene):
    path = classify().results["OUTPUT"]
    layer, source = QgsRasterLayer(path, "map"), QgsRasterLayer(scene, "scene")
    assert (layer.width(), layer.height(), layer.extent()) == (
        source.width(),
        source.height(),
        source.extent(),
    )
    assert layer.crs() == source.crs()
    card = read_card(Path(model))
    assert legend(path) == [(item.value, item.name, item.color) for item in card.classes]
    assert [item.name for item in card.classes] == ["Water", "Forest"]


def test_a_temporary_output_opens_styled_too(classify):
    done = classify(OUTPUT="TEMPORARY_OUTPUT")
    assert done.succeeded, done.log
    assert [name for _, name, _ in legend(done.results["OUTPUT"])] == ["Water", "Forest"]


def test_any_ending_of_the_model_file_will_do(classify, model, tmp_path):
    other = tmp_path / "model.bin"
    other.write_bytes(Path(model).read_bytes())
    assert classify(MODEL=str(other)).succeeded


def test_text_classes_are_numbered_and_keep_their_names(train, make_layer, training_rows, classify):
    rows = [(geometry, {3: "Sungai", 17: "Hutan"}[value]) for geometry, value, _name in training_rows]
    done = train(make_layer(rows, "class:string(20)"))
    assert done.succeeded, done.log
    path = classify(MODEL=done.results["OUTPUT"]).results["OUTPUT"]
    assert [item[:2] for item in legend(path)] == [(1, "Hutan"), (2, "Sungai")]


def test_a_scheme_gives_names_and_colours(train, make_layer, training_rows):
    rows = [(geometry, {3: 0, 17: 1}[value]) for geometry, value, _name in training_rows]
    done = train(make_layer(rows, "class:int"), SCHEME="jambi")
    assert done.succeeded, done.log
    classes = read_card(Path(done.results["OUTPUT"])).classes
    assert [(item.value, item.name, item.color) for item in classes] == [
        (0, "Water", "#0066CC"),
        (1, "Trees/Forest", "#228B22"),
    ]


def test_polygons_in_another_crs_give_the_same_samples(train, samples, make_layer, training_rows):
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32748"),
        QgsCoordinateReferenceSystem("EPSG:4326"),
        QgsProject.instance(),
    )
    rows = []
    for geometry, *attributes in training_rows:
        moved = QgsGeometry(geometry)
        moved.transform(transform)
        rows.append((moved, *attributes))
    counts = ("CLASSES", "TRAIN_SAMPLES", "TEST_SAMPLES")
    here, there = train(samples), train(make_layer(rows, "class:int,name:string(20)", crs="EPSG:4326"))
    assert there.succeeded, there.log
    assert [there.results[name] for name in counts] == [here.results[name] for name in counts]


def test_only_the_selected_features_are_learned_from(train, make_layer, training_rows, box):
    third = [(QgsGeometry.fromRect(box(2 + 9 * number, 38, 6, 4)), 40, "Edge") for number in range(6)]
    layer = make_layer([*training_rows, *third], "class:int,name:string(20)")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression('"class" < 40')
    done = train(QgsProcessingFeatureSourceDefinition(layer.id(), True))
    assert done.succeeded, done.log
    assert [item.value for item in read_card(Path(done.results["OUTPUT"])).classes] == [WATER, FOREST]


def test_a_label_raster_teaches_too(train, make_raster, tmp_path):
    labels = make_raster(
        tmp_path / "labels.tif", lambda _b, _r, column: WATER if column < 40 else FOREST, bands=("class",)
    )
    done = train(None, LABELS=labels, CLASS_FIELD=None, SPLIT="blocks")
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


def test_the_temporary_samples_are_removed(train, samples, monkeypatch, tmp_path):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(
        "deep_land_cover.algorithms.vectors.QgsProcessingUtils.generateTempFilename",
        lambda name, _context: str(place / name),
    )
    assert train(samples).succeeded
    assert not list(place.iterdir())


def test_a_mask_of_polygons_in_another_crs_limits_the_map(classify, make_layer, box):
    geometry = QgsGeometry.fromRect(box(10, 10, 20, 30))
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32748"),
        QgsCoordinateReferenceSystem("EPSG:4326"),
        QgsProject.instance(),
    )
    geometry.transform(transform)
    done = classify(MASK=make_layer([(geometry, 1)], crs="EPSG:4326"))
    assert done.succeeded, done.log
    empty = nodata(done.results["OUTPUT"])
    inside = {
        (row, column)
        for row, line in enumerate(pixels(done.results["OUTPUT"]))
        for column, value in enumerate(line)
        if value != empty
    }
    assert inside == {(row, column) for row in range(10, 30) for column in range(10, 40)}
    assert done.results["PATCHES"] == 600


def test_a_mask_raster_limits_the_map(classify, make_raster, tmp_path):
    mask = make_raster(tmp_path / "mask.tif", lambda _b, row, _c: row < 7, bands=("mask",))
    done = classify(MASK=mask)
    assert done.succeeded, done.log
    assert done.results["PATCHES"] == 7 * 80


def test_an_extent_crops_to_whole_pixels_of_the_raster(classify, box, scene):
    extent = box(5, 6, 11, 13)
    extent.grow(-4.0)
    done = classify(EXTENT=extent)
    assert done.succeeded, done.log
    assert QgsRasterLayer(done.results["OUTPUT"], "map").extent() == box(5, 6, 11, 13)


def test_a_stride_classifies_every_nth_pixel(classify):
    done = classify(STRIDE=4)
    assert done.results["PATCHES"] == 15 * 20
    assert len(pixels(done.results["OUTPUT"])) == 60


def test_nodata_of_the_layers_properties_is_left_out(classify, make_raster, tmp_path):
    from qgis.core import QgsRasterRange

    holed = make_raster(tmp_path / "holed.tif", lambda _b, row, _c: 1 if row < 30 else 400)
    layer = QgsRasterLayer(holed, "holed")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(1, 1)])
    QgsProject.instance().addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = classify(INPUT=layer, MIN_VALID=1.0)
    assert done.succeeded, done.log
    assert set(pixels(done.results["OUTPUT"])[5]) == {int(nodata(done.results["OUTPUT"]))}
    assert set(pixels(done.results["OUTPUT"])[50]) != {int(nodata(done.results["OUTPUT"]))}


def test_the_demo_is_written_and_its_layers_are_loaded_into_a_project(run, tmp_path):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = run("createdemo", {"OUTPUT_FOLDER": str(tmp_path / "demo")}, context)
    assert done.succeeded, done.log
    files = {done.results[name] for name in ("RASTER", "TRAINING", "REFERENCE")}
    assert all(Path(file).is_file() for file in files)
    assert set(context.layersToLoadOnCompletion()) == files


def test_the_layers_of_the_demo_open_styled(run, tmp_path):
    done = run("createdemo", {"OUTPUT_FOLDER": str(tmp_path / "demo")})
    assert done.succeeded, done.log
    scene = QgsRasterLayer(done.results["RASTER"], "scene")
    shown = scene.renderer()
    bands = [shown.redBand(), shown.greenBand(), shown.blueBand()]
    assert [scene.bandName(band).split(": ")[1].split()[0] for band in bands] == ["B4", "B3", "B2"]
    polygons = QgsVectorLayer(done.results["TRAINING"], "polygons")
    legend = {item.value(): item.label() for item in polygons.renderer().categories()}
    assert legend == JAMBI
    reference = QgsRasterLayer(done.results["REFERENCE"], "reference")
    assert {item.value: item.label for item in reference.renderer().classes()} == JAMBI


def test_the_demo_loads_nothing_without_a_project(run):
    context = QgsProcessingContext()
    done = run("createdemo", {"OUTPUT_FOLDER": "TEMPORARY_OUTPUT"}, context)
    assert done.succeeded, done.log
    assert not context.layersToLoadOnCompletion()


def test_train_feeds_classify_in_a_graphical_model(plugin, scene, samples, quick, tmp_path):
    def fixed(value):
        return [QgsProcessingModelChildParameterSource.fromStaticValue(value)]

    def given(name):
        return [QgsProcessingModelChildParameterSource.fromModelParameter(name)]

    graph = QgsProcessingModelAlgorithm("chain", "tests")
    graph.addModelParameter(
        QgsProcessingParameterRasterLayer("raster"), QgsProcessingModelParameter("raster")
    )
    graph.addModelParameter(
        QgsProcessingParameterVectorLayer("labels"), QgsProcessingModelParameter("labels")
    )
    train = QgsProcessingModelChildAlgorithm("deeplandcover:trainmodel")
    train.setChildId("train")
    for name, value in {**quick, "CLASS_FIELD": "class"}.items():
        train.addParameterSources(name, fixed(value))
    train.addParameterSources("INPUT", given("raster"))
    train.addParameterSources("SAMPLES", given("labels"))
    graph.addChildAlgorithm(train)
    classify = QgsProcessingModelChildAlgorithm("deeplandcover:classifyraster")
    classify.setChildId("classify")
    classify.addParameterSources("INPUT", given("raster"))
    classify.addParameterSources(
        "MODEL", [QgsProcessingModelChildParameterSource.fromChildOutput("train", "OUTPUT")]
    )
    final = QgsProcessingModelOutput("map")
    final.setChildId("classify")
    final.setChildOutputName("OUTPUT")
    classify.setModelOutputs({"map": final})
    graph.addChildAlgorithm(classify)
    assert graph.validate()[0], graph.validate()[1]

    QgsProject.instance().addMapLayer(samples)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    destination = graph.destinationParameterDefinitions()[0].name()
    results, succeeded = graph.run(
        {"raster": scene, "labels": samples.id(), destination: str(tmp_path / "map.tif")}, context, feedback
    )
    assert succeeded, feedback.textLog()
    assert [value for value, *_ in legend(results[destination])] == [WATER, FOREST]
