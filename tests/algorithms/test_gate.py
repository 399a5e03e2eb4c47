"""The gate of all algorithms: no output replaces what is read, what others wrote, or labels."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from osgeo import gdal, ogr
from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingParameterFile,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

pytestmark = pytest.mark.qgis
KEPT = Path(__file__).parents[1] / "first_edition" / "kept"
TEMPLATE = Path(__file__).parents[2] / "resources" / "layouts" / "one_map.qpt"
TRAINING = {"ARCHITECTURE": "random_forest", "CLASS_FIELD": "class"}
# Ending of each output of each algorithm. An output that is missing here fails the first test.
ENDINGS = {
    "createdemo": {"OUTPUT_FOLDER": ""},
    "openproduct": {"OUTPUT": ".tif", "CLOUD_MASK": ".tif"},
    "cloudmask": {"OUTPUT": ".tif"},
    "stackfeatures": {"OUTPUT": ".tif"},
    "trainmodel": {"OUTPUT": ".skops", "REPORT": ".html", "OUTPUT_SAMPLES": ".gpkg"},
    "classifyraster": dict.fromkeys(
        ("OUTPUT", "PROBABILITIES", "UNCERTAINTY", "APPLICABILITY", "PREDICTION_SETS"), ".tif"
    ),
    "classifyfolder": {"OUTPUT_FOLDER": ""},
    "exportmap": {"OUTPUT": ".png", "PROJECT": ".qgz", "WEB_MAP": ".html", "TILES": ".mbtiles"},
    "suggestsamples": {"OUTPUT": ".gpkg"},
    "inspectsamples": {"SUSPECTS": ".gpkg", "REPORT": ".html"},
    "samplingdesign": {"OUTPUT": ".gpkg"},
    "assessaccuracy": {"TABLE": ".csv", "REPORT": ".html", "LOCAL_ACCURACY": ".tif"},
    "importmodel": {"OUTPUT": ".safetensors", "REPORT": ".html"},
    "comparemaps": {"FIGURE": ".png", "AGREEMENT": ".tif", "TABLE": ".csv", "REPORT": ".html"},
    "generalisemap": {"OUTPUT": ".tif", "TABLE": ".csv"},
    "smoothprobabilities": {"OUTPUT": ".tif", "OUTPUT_PROBABILITIES": ".tif", "TABLE": ".csv"},
    "renameclasses": {"OUTPUT": ".tif", "OUTPUT_MODEL": ".skops"},
    "recodemap": {"OUTPUT": ".tif", "CHANGES": ".csv"},
    "mosaicmaps": {"OUTPUT": ".tif", "TABLE": ".csv"},
    "mapchange": {
        **dict.fromkeys(("OUTPUT", "PROBABILITY", "STRATA"), ".tif"),
        **{"TABLE": ".csv", "FIGURE": ".png", "REPORT": ".html"},
    },
    "maptrajectories": {"OUTPUT_FOLDER": "", "TABLE": ".csv", "REPORT": ".html"},
    "vectorisemap": {"OUTPUT": ".gpkg"},
    "classareas": {"TABLE": ".csv", "OUTPUT": ".gpkg", "REPORT": ".html"},
}
# Input that is not read where an output is asked for: a map or a model is renamed.
UNREAD = {("renameclasses", "OUTPUT"): "MODEL", ("renameclasses", "OUTPUT_MODEL"): "INPUT"}
FILES = [(name, output) for name, outputs in ENDINGS.items() for output, ending in outputs.items() if ending]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory, make_raster, make_layer, training_rows):
    """Files of all kinds that a run may read."""
    folder = tmp_path_factory.mktemp("inputs")
    scene = make_raster(folder / "scene.tif", lambda band, row, column: 100 * band + row + column)
    extra = make_raster(folder / "extra.tif", lambda _band, row, _column: row, bands=("dem",))
    truth = make_raster(
        folder / "truth.tif", lambda _band, _row, column: 3 + (column >= 40), bands=("class",)
    )
    other = make_raster(
        folder / "other.tif", lambda _band, _row, column: 3 + (column >= 50), bands=("class",)
    )
    fractions = make_raster(
        folder / "fractions.tif", lambda band, _row, column: band == column % 2, bands=("3 a", "4 b")
    )
    names = str(folder / "names.csv")
    Path(names).write_text("value,name,from,to\n3,Water,3,4\n", encoding="utf-8")
    polygons = str(folder / "polygons.gpkg")
    save(make_layer(training_rows, "class:int,name:string(20)"), polygons)
    return {
        "createdemo": {},
        # Only the files are compared: neither is read.
        "openproduct": {"INPUT": scene},
        "cloudmask": {"INPUT": scene, "NETWORKS": truth},
        "stackfeatures": {"INPUT": scene, "EXTRA_INPUTS": [extra]},
        "trainmodel": {
            **TRAINING,
            "INPUT": scene,
            "EXTRA_INPUTS": [extra],
            "SAMPLES": polygons,
            "LABELS": truth,
        },
        "classifyraster": {
            "INPUT": scene,
            "EXTRA_INPUTS": [extra],
            "MODEL": str(KEPT / "random_forest.skops"),
            "MASK": truth,
        },
        "classifyfolder": {"INPUTS": [scene], "MODEL": str(KEPT / "random_forest.skops")},
        "exportmap": {
            "INPUTS": [truth],
            "TEMPLATE": str(TEMPLATE),
            "REPORT": str(KEPT / "report_accuracy.json"),
        },
        "suggestsamples": {
            "INPUT": scene,
            "MODEL": str(KEPT / "random_forest.skops"),
            "SAMPLES": polygons,
            "CLASS_FIELD": "class",
        },
        "inspectsamples": {
            "INPUT": scene,
            "SAMPLES": polygons,
            "CLASS_FIELD": "class",
            "SUSPECTS": "TEMPORARY_OUTPUT",
        },
        "samplingdesign": {"INPUT": truth, "SIZE": 20, "MIN_PER_CLASS": 5},
        "assessaccuracy": {"INPUT": truth, "REFERENCE": polygons, "CLASS_FIELD": "class"},
        "importmodel": {"INPUT": str(KEPT / "random_forest.skops"), "SAMPLE_RASTER": scene},
        "comparemaps": {"INPUTS": [truth, other], "REFERENCE": extra, "FIGURE": "TEMPORARY_OUTPUT"},
        "generalisemap": {"INPUT": truth, "PROBABILITIES": fractions, "REFERENCE": other},
        "smoothprobabilities": {"PROBABILITIES": fractions},
        "renameclasses": {
            "INPUT": truth,
            "MODEL": str(KEPT / "random_forest.skops"),
            "TABLE": names,
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
        "recodemap": {"INPUT": truth, "TABLE": names, "MASK": polygons, "VALUE": "3"},
        "mosaicmaps": {"INPUTS": [truth, other], "PROBABILITIES": [extra]},
        "mapchange": {
            "BEFORE": truth,
            "AFTER": other,
            "OUTPUT": "TEMPORARY_OUTPUT",
            "BEFORE_PROBABILITIES": extra,
            "AFTER_PROBABILITIES": extra,
        },
        "maptrajectories": {
            "INPUTS": [truth, other],
            "DATES": "2001, 2002",
            "OUTPUT_FOLDER": "TEMPORARY_OUTPUT",
        },
        "vectorisemap": {"INPUT": truth, "PROBABILITIES": extra},
        "classareas": {"INPUT": truth, "ZONES": polygons, "ZONE_FIELD": "class", "TABLE": "TEMPORARY_OUTPUT"},
    }


def save(layer, path, name=""):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = QgsVectorFileWriter.driverForExtension(Path(path).suffix)
    options.layerName = name or Path(path).stem
    if os.path.exists(path):
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    error, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, path, QgsCoordinateTransformContext(), options
    )
    assert error == QgsVectorFileWriter.WriterError.NoError


@pytest.fixture
def refusal(algorithm, inputs):
    """Return the sentence by which parameters of an algorithm are refused; empty where they pass."""

    def refusal(name, **parameters):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        instance = algorithm(name)
        temporary = {
            item.name(): "TEMPORARY_OUTPUT"
            for item in instance.destinationParameterDefinitions()
            if not item.flags() & Qgis.ProcessingParameterFlag.Optional
        }
        given = {**temporary, **inputs[name], **parameters}
        if name == "renameclasses":
            output = "OUTPUT_MODEL" if "OUTPUT_MODEL" in parameters else "OUTPUT"
            unread = {UNREAD[name, output], {"OUTPUT": "OUTPUT_MODEL", "OUTPUT_MODEL": "OUTPUT"}[output]}
            given = {key: value for key, value in given.items() if key not in unread}
        fine, problem = instance.checkParameterValues(given, context)
        return "" if fine else problem

    return refusal


def paths_of(value):
    return [path for item in (value if isinstance(value, list) else [value]) for path in [str(item)]]


def test_every_output_of_every_algorithm_passes_the_gate(plugin):
    found = {}
    for listed in plugin.provider.algorithms():
        # Example models are made of these.
        if listed.group() == "Example models" or not hasattr(listed, "FILES"):
            continue
        names = [item.name() for item in listed.destinationParameterDefinitions()]
        if names:
            found[listed.name()] = set(names)
            assert listed.parameterDefinition("OVERWRITE").defaultValue() is False
            context = QgsProcessingContext()
            known = {name for name, _kind, _suffixes in listed.FILES} | set(listed.point_outputs({}, context))
            # Folders and the model file come with their own names and endings.
            assert set(names) - known <= {"OUTPUT_FOLDER", "OUTPUT"}, listed.name()
    assert found == {name: set(outputs) for name, outputs in ENDINGS.items()}


@pytest.mark.medium(but=("classifyraster-OUTPUT",))
@pytest.mark.parametrize(("name", "output"), FILES, ids=[f"{name}-{output}" for name, output in FILES])
def test_no_output_replaces_a_file_that_is_read(algorithm, inputs, refusal, tmp_path, name, output):
    assert refusal(name) == ""
    tried, instance = 0, algorithm(name)
    for definition in instance.parameterDefinitions():
        is_file = isinstance(definition, QgsProcessingParameterFile)
        if not is_file and definition.type() not in ("raster", "source", "layer", "multilayer"):
            continue
        if definition.name() == UNREAD.get((name, output)):
            continue
        for number, path in enumerate(paths_of(inputs[name].get(definition.name()) or [])):
            ending = ENDINGS[name][output]
            link = tmp_path / f"{definition.name()}{number}{ending}"
            # A hard link where it can be: no name tells that it is the same file.
            os.link(path, link) if os.stat(path).st_dev == os.stat(tmp_path).st_dev else link.symlink_to(path)
            target = str(link)
            if path.endswith(".gpkg") and ending == ".gpkg":
                target += "|layername=polygons"
            for overwrite in (False, True):
                problem = refusal(name, **{output: target, "OVERWRITE": overwrite})
                assert "The output is one of the inputs" in problem and str(link) in problem, problem
            tried += 1
    assert tried


@pytest.mark.parametrize(("name", "output"), FILES, ids=[f"{name}-{output}" for name, output in FILES])
def test_a_file_of_somebody_else_is_named_and_replaced_with_overwrite_only(refusal, tmp_path, name, output):
    path = tmp_path / f"mine{ENDINGS[name][output]}"
    path.write_bytes(b"something else")
    problem = refusal(name, **{output: str(path)})
    assert "was not written by Deep Land Cover" in problem and str(path) in problem
    assert refusal(name, **{output: str(path), "OVERWRITE": True}) == ""
    assert path.read_bytes() == b"something else"


@pytest.mark.parametrize(("name", "output"), FILES, ids=[f"{name}-{output}" for name, output in FILES])
def test_a_name_that_is_too_long_is_told_before_the_work(refusal, tmp_path, name, output):
    path = tmp_path / ("ü" * 125 + ENDINGS[name][output])
    problem = refusal(name, **{output: str(path)})
    assert "file name is too long" in problem and str(path) in problem


# Algorithm, output, name of the output, and name of a file beside it that would be replaced or removed.
BESIDE = [
    ("stackfeatures", "OUTPUT", "a.tif", "a.tif.aux.xml"),
    ("stackfeatures", "OUTPUT", "a.tif", "a.tif.ovr"),
    ("classifyraster", "OUTPUT", "a.tif", "a.tif.msk"),
    ("classifyraster", "OUTPUT", "a.tif", "a.tif.journal"),
    ("classifyraster", "OUTPUT", "a.tif", "a.tif.part"),
    ("trainmodel", "OUTPUT", "a.skops", "a.skops.checkpoint"),
    ("trainmodel", "OUTPUT", "a.skops", "a.skops.resume"),
    ("trainmodel", "REPORT", "a.html", "a.json"),
    ("assessaccuracy", "REPORT", "a.html", "a_figures/mine.png"),
    ("assessaccuracy", "TABLE", "a.csv", "a.csv-metadata.json"),
    ("comparemaps", "TABLE", "a.csv", "a.csv-metadata.json"),
    ("samplingdesign", "OUTPUT", "a.geojson", "a.qmd"),
    ("suggestsamples", "OUTPUT", "a.shp", "a.dbf"),
    ("trainmodel", "OUTPUT_SAMPLES", "a.gml", "a.xsd"),
]


@pytest.mark.parametrize(
    ("name", "output", "path", "beside"), BESIDE, ids=[f"{case[0]}-{case[3]}" for case in BESIDE]
)
def test_a_file_of_somebody_else_beside_an_output_is_named(refusal, tmp_path, name, output, path, beside):
    mine = tmp_path / beside
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")
    problem = refusal(name, **{output: str(tmp_path / path)})
    named = mine.parent if mine.parent != tmp_path else mine
    assert str(named) in problem and "OVERWRITE" in problem, problem
    assert refusal(name, **{output: str(tmp_path / path), "OVERWRITE": True}) == ""
    assert mine.read_bytes() == b"mine"


def test_sidecars_of_the_demo_are_spared(refusal, tmp_path):
    beside = tmp_path / "demo_scene.tif.aux.xml"
    beside.write_text("<PAMDataset></PAMDataset>")
    assert str(beside) in refusal("createdemo", OUTPUT_FOLDER=str(tmp_path))


def test_metadata_of_other_points_of_the_same_name_are_spared(run, refusal, inputs, tmp_path):
    """Two files whose names differ in the ending alone would share one file of metadata."""
    parameters = {**inputs["samplingdesign"], "OUTPUT": str(tmp_path / "a.geojson")}
    for _time in range(2):
        done = run("samplingdesign", parameters)
        assert done.succeeded, done.log
    assert "design" in (tmp_path / "a.qmd").read_text(encoding="utf-8")
    for name in ("samplingdesign", "suggestsamples"):
        assert str(tmp_path / "a.qmd") in refusal(name, OUTPUT=str(tmp_path / "a.shp"))


def test_the_demo_spares_files_of_the_same_names(refusal, tmp_path):
    (tmp_path / "demo_training.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    problem = refusal("createdemo", OUTPUT_FOLDER=str(tmp_path))
    assert "demo_training.geojson" in problem
    assert refusal("createdemo", OUTPUT_FOLDER=str(tmp_path), OVERWRITE=True) == ""


def test_the_parts_of_a_virtual_raster_are_read(refusal, inputs, tmp_path):
    scene = tmp_path / "part.tif"
    scene.write_bytes(Path(inputs["stackfeatures"]["INPUT"]).read_bytes())
    inner, outer = str(tmp_path / "inner.vrt"), str(tmp_path / "outer.vrt")
    gdal.BuildVRT(inner, [str(scene)]).FlushCache()
    gdal.BuildVRT(outer, [inner]).FlushCache()
    problem = refusal("stackfeatures", INPUT=outer, OUTPUT=str(scene), OVERWRITE=True)
    assert "one of the inputs" in problem


def test_layers_in_the_lists_of_a_model_are_read(refusal, inputs, tmp_path):
    scene = tmp_path / "extra.tif"
    scene.write_bytes(Path(inputs["stackfeatures"]["INPUT"]).read_bytes())
    nested = [[inputs["stackfeatures"]["INPUT"], str(scene)]]
    problem = refusal("stackfeatures", EXTRA_INPUTS=nested, OUTPUT=str(scene), OVERWRITE=True)
    assert "one of the inputs" in problem


def layers_of(path):
    """Return the rows of each vector layer of a GeoPackage."""
    dataset = ogr.Open(str(path))
    found = {}
    for layer in (dataset.GetLayer(place) for place in range(dataset.GetLayerCount())):
        found[layer.GetName()] = [feature.ExportToJson() for feature in layer]
    return found


@pytest.fixture
def project_file(make_layer, training_rows, tmp_path):
    """A GeoPackage of two layers, as projects have."""
    path = str(tmp_path / "project.gpkg")
    for name in ("draft_2019", "training_2024"):
        save(make_layer(training_rows, "class:int,name:string(20)"), path, name)
    return path


@pytest.mark.parametrize(
    ("target", "layer"),
    [
        ("{}", "project"),
        ("ogr:dbname='{}' table=\"points\" (geom)", "points"),
        ("{}|layername=points", "points"),
    ],
)
def test_a_geopackage_keeps_its_other_layers(run, inputs, project_file, target, layer):
    before = layers_of(project_file)
    parameters = {**inputs["samplingdesign"], "OUTPUT": target.format(project_file)}
    # The second run replaces what the first one wrote.
    for size in (20, 24):
        done = run("samplingdesign", {**parameters, "SIZE": size})
        assert done.succeeded, done.log
        after = layers_of(project_file)
        assert {name: after[name] for name in before} == before
        assert len(after[layer]) == size
    written = QgsVectorLayer(done.results["OUTPUT"], "points", "ogr")
    assert written.featureCount() == 24
    # Its style is in the file: one beside it would be that of all layers.
    assert not Path(project_file).with_suffix(".qml").exists()
    assert written.editorWidgetSetup(written.fields().indexOf("class")).type() == "ValueMap"
    other = QgsVectorLayer(f"{project_file}|layername=training_2024", "training", "ogr")
    assert other.editorWidgetSetup(other.fields().indexOf("class")).type() != "ValueMap"


def test_a_layer_of_somebody_else_in_a_geopackage_is_refused(refusal, run, inputs, project_file):
    before = layers_of(project_file)
    target = f"{project_file}|layername=Draft_2019"
    problem = refusal("samplingdesign", OUTPUT=target)
    assert "did not write" in problem and "draft_2019" in problem and project_file in problem
    done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": target, "OVERWRITE": True})
    assert done.succeeded, done.log
    assert layers_of(project_file)["training_2024"] == before["training_2024"]


def test_points_beside_the_layer_that_is_read(run, inputs, project_file):
    before = layers_of(project_file)["training_2024"]
    reference = f"{project_file}|layername=training_2024"
    target = f"ogr:dbname='{project_file}' table=\"points\" (geom)"
    done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": target})
    assert done.succeeded, done.log
    assert layers_of(project_file)["training_2024"] == before
    assert QgsVectorLayer(reference, "training", "ogr").isValid()


def test_labels_are_never_replaced_unasked(run, refusal, inputs, tmp_path):
    output = str(tmp_path / "points.gpkg")
    parameters = {**inputs["samplingdesign"], "OUTPUT": output}
    for _time in range(2):
        assert run("samplingdesign", parameters).succeeded
    dataset = ogr.Open(output, 1)
    dataset.ExecuteSQL('UPDATE points SET "class" = 3 WHERE fid = 1')
    dataset = None
    problem = refusal("samplingdesign", OUTPUT=output)
    assert "has a labelled point" in problem and output in problem
    assert refusal("samplingdesign", OUTPUT=output, OVERWRITE=True) == ""


def test_suggestions_do_not_replace_drawn_points(run, refusal, inputs, tmp_path):
    output = str(tmp_path / "points.gpkg")
    assert run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": output}).succeeded
    assert "another output of Deep Land Cover" in refusal("suggestsamples", OUTPUT=output)


def test_a_raster_in_a_geopackage_stays(refusal, inputs, tmp_path):
    path = str(tmp_path / "raster.gpkg")
    gdal.Translate(path, inputs["samplingdesign"]["INPUT"], format="GPKG", outputType=gdal.GDT_Byte)
    problem = refusal("samplingdesign", OUTPUT=path, OVERWRITE=True)
    assert "raster" in problem and path in problem
    assert "one of the inputs" in refusal("samplingdesign", INPUT=path, OUTPUT=path)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
def test_formats_without_geometry_are_refused(refusal, tmp_path, ending):
    problem = refusal("samplingdesign", OUTPUT=str(tmp_path / f"points{ending}"))
    assert "has no geometry" in problem and ".gpkg" in problem


@pytest.mark.parametrize("ending", [".geojson", ".shp", ".fgb", ".kml"])
def test_other_formats_are_written_and_replaced(run, inputs, tmp_path, ending):
    output = str(tmp_path / f"points{ending}")
    for size in (20, 24):
        done = run("samplingdesign", {**inputs["samplingdesign"], "SIZE": size, "OUTPUT": output})
        assert done.succeeded, done.log
        assert QgsVectorLayer(output, "points", "ogr").featureCount() == size
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_temporary_points_are_a_geopackage_whatever_the_profile_says(run, inputs):
    from processing.core.ProcessingConfig import ProcessingConfig

    before = ProcessingConfig.getSetting("DefaultOutputVectorLayerExt")
    ProcessingConfig.setSettingValue("DefaultOutputVectorLayerExt", "csv")
    try:
        done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": "TEMPORARY_OUTPUT"})
    finally:
        ProcessingConfig.setSettingValue("DefaultOutputVectorLayerExt", before)
    assert done.succeeded, done.log
    assert done.results["OUTPUT"].endswith(".gpkg")


@pytest.fixture
def opened(project_file):
    """The GeoPackage, opened as QGIS opens a layer of the project."""
    connection = sqlite3.connect(project_file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("SELECT * FROM gpkg_contents").fetchall()
    yield connection
    connection.close()


def test_a_geopackage_that_is_open_elsewhere_gets_the_layer_in_place(run, inputs, project_file, opened):
    before = layers_of(project_file)
    done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": f"{project_file}|layername=a"})
    assert done.succeeded, done.log
    after = layers_of(project_file)
    assert {name: after[name] for name in before} == before and len(after["a"]) == 20
    # The file was not replaced under the other program.
    assert opened.execute("SELECT count(*) FROM a").fetchone() == (20,)


@pytest.fixture
def impatient():
    """Let GDAL wait 0.1 seconds for a locked database, three times; usually it waits 5 seconds."""
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", "100")
    yield
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", None)


@pytest.mark.medium
def test_a_geopackage_that_is_locked_stays_and_nothing_else_is_left(
    run, inputs, project_file, opened, impatient
):
    before = layers_of(project_file)
    opened.execute("BEGIN IMMEDIATE")
    done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": f"{project_file}|layername=a"})
    opened.execute("ROLLBACK")
    assert not done.succeeded
    assert project_file in done.log
    assert layers_of(project_file) == before
    assert not [name for name in os.listdir(Path(project_file).parent) if name.startswith(".")]


AGAIN: dict[str, dict[str, tuple[str, ...]]] = {
    "stackfeatures": {"OUTPUT": (".tif",)},
    "exportmap": {
        "OUTPUT": (".png", ".pdf", ".svg"),
        **{"PROJECT": (".qgz",), "WEB_MAP": (".html",), "TILES": (".mbtiles",)},
    },
    "renameclasses": {"OUTPUT": (".tif",)},
    "recodemap": {"OUTPUT": (".tif",), "CHANGES": (".csv",)},
    "mosaicmaps": {"OUTPUT": (".tif",), "TABLE": (".csv",)},
    "assessaccuracy": {"TABLE": (".csv",), "REPORT": (".html",), "LOCAL_ACCURACY": (".tif",)},
    "vectorisemap": {"OUTPUT": (".gpkg", ".kml")},
    "classareas": {"TABLE": (".csv",), "OUTPUT": (".gpkg",), "REPORT": (".html",)},
    "comparemaps": {
        "FIGURE": (".png", ".pdf", ".svg", ".tif"),
        "AGREEMENT": (".tif",),
        "TABLE": (".csv",),
        "REPORT": (".html",),
    },
    "generalisemap": {"OUTPUT": (".tif",), "TABLE": (".csv",)},
    "smoothprobabilities": {"OUTPUT": (".tif",), "OUTPUT_PROBABILITIES": (".tif",), "TABLE": (".csv",)},
    "mapchange": {
        "OUTPUT": (".tif",),
        "STRATA": (".tif",),
        "FIGURE": (".png", ".pdf", ".svg", ".tif"),
        "TABLE": (".csv",),
        "REPORT": (".html",),
    },
    "maptrajectories": {"TABLE": (".csv",), "REPORT": (".html",)},
}


@pytest.mark.medium(but=("stackfeatures",))
@pytest.mark.parametrize("name", AGAIN)
def test_the_same_command_again_replaces_what_it_wrote(run, refusal, inputs, tmp_path, name):
    endings = max(map(len, AGAIN[name].values()))
    for number in range(endings):
        outputs = {
            output: str(tmp_path / f"{output}_{number}{choices[number % len(choices)]}")
            for output, choices in AGAIN[name].items()
        }
        parameters = {**inputs[name], **outputs}
        if name == "assessaccuracy":
            parameters["BLOCK_SIZE"] = 20
        if name == "vectorisemap":
            del parameters["PROBABILITIES"]
        if name == "comparemaps":
            parameters["REFERENCE"] = inputs["assessaccuracy"]["REFERENCE"]
            parameters["CLASS_FIELD"] = "class"
        if name == "renameclasses":
            del parameters["MODEL"]
        done = run(name, parameters)
        assert done.succeeded, done.log
        assert refusal(name, **outputs) == ""
    if name == "comparemaps":
        table = str(tmp_path / "TABLE_0.csv")
        assert "another output of Deep Land Cover" in refusal("assessaccuracy", TABLE=table)
        agreement = str(tmp_path / "AGREEMENT_0.tif")
        assert "another output of Deep Land Cover" in refusal("stackfeatures", OUTPUT=agreement)


@pytest.mark.medium
def test_a_training_again_replaces_model_report_and_samples(train, samples, refusal, tmp_path):
    outputs = {"REPORT": str(tmp_path / "r.html"), "OUTPUT_SAMPLES": str(tmp_path / "s.gpkg")}
    done = train(samples, NAME_FIELD="name", **outputs)
    assert done.succeeded, done.log
    again = {"ARCHITECTURE": "multiscale", "OUTPUT": done.results["OUTPUT"], **outputs}
    assert refusal("trainmodel", **again) == ""
    assert "another output" in refusal("assessaccuracy", REPORT=outputs["REPORT"])
    assert "another output" in refusal("samplingdesign", OUTPUT=outputs["OUTPUT_SAMPLES"])


@pytest.mark.medium
def test_samples_in_the_file_of_a_project_leave_its_layers_and_the_project(train, samples, project_file):
    before = layers_of(project_file)
    project, address = QgsProject(), f"geopackage:{project_file}?projectName=mine"
    project.setTitle("My project")
    assert project.write(address)
    forest = {"ARCHITECTURE": "random_forest", "WINDOWS": "0", "INDICES": [], "FOLDS": "0"}
    done = train(samples, "m.skops", **forest, OUTPUT_SAMPLES=project_file)
    assert done.succeeded, done.log
    after = layers_of(project_file)
    assert {name: after[name] for name in before} == before and len(after["project"]) > 100
    reopened = QgsProject()
    assert reopened.read(address) and reopened.title() == "My project"


@pytest.mark.medium
def test_a_classification_again_replaces_its_rasters(classify, refusal, tmp_path):
    outputs = {name: str(tmp_path / f"{name}.tif") for name in ("PROBABILITIES", "UNCERTAINTY")}
    for _time in range(2):
        done = classify(STRIDE=4, **outputs)
        assert done.succeeded, done.log
    # Each is an output of its own.
    assert "another output" in refusal("classifyraster", OUTPUT=outputs["UNCERTAINTY"])
    assert "another output" in refusal("classifyraster", PROBABILITIES=str(tmp_path / "map.tif"))


@pytest.mark.medium
def test_the_demo_again_replaces_its_files_but_no_polygons_that_were_edited(
    demo_without_project, refusal, tmp_path
):
    results, _loaded = demo_without_project
    copied = shutil.copytree(results["OUTPUT_FOLDER"], tmp_path / "demo")
    parameters = {"OUTPUT_FOLDER": str(copied)}
    assert refusal("createdemo", **parameters) == ""
    layer = QgsVectorLayer(str(copied / Path(results["TRAINING"]).name), "training", "ogr")
    layer.startEditing()
    layer.deleteFeature(next(layer.getFeatures()).id())
    assert layer.commitChanges()
    assert "demo_training.geojson" in refusal("createdemo", **parameters)


def test_a_style_that_the_user_saved_stays(run, inputs, tmp_path):
    output = str(tmp_path / "points.gpkg")
    parameters = {**inputs["samplingdesign"], "OUTPUT": output}
    for _time in range(2):
        assert run("samplingdesign", parameters).succeeded
    layer, style = QgsVectorLayer(output, "points", "ogr"), tmp_path / "points.qml"
    before = style.read_text()
    assert layer.saveDefaultStyle(QgsVectorLayer.StyleCategory.AllStyleCategories)[1]
    mine = style.read_text()
    assert mine != before
    done = run("samplingdesign", parameters)
    assert done.succeeded and str(style) in done.log
    assert style.read_text() == mine


def test_what_a_killed_run_left_is_removed_by_the_next_one(run, inputs, tmp_path):
    # A run that was killed leaves its hidden folder, whose lock ended with it.
    folder = tmp_path / ".deep_land_cover_killed" / "files"
    folder.mkdir(parents=True)
    (folder / "points.gpkg").write_bytes(b"half")
    (folder.parent / "lock").touch()
    done = run("samplingdesign", {**inputs["samplingdesign"], "OUTPUT": str(tmp_path / "points.gpkg")})
    assert done.succeeded, done.log
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
