"""Every output that is asked for is made, or the run is refused: all algorithms with outputs, one by one."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from deep_land_cover.tests import products

pytestmark = pytest.mark.qgis

# Ending of an output by its name, else by its type.
NAMES = {
    **{"PROJECT": "qgz", "WEB_MAP": "html", "TILES": "mbtiles"},
    "TABLE": "csv",
    "CHANGES": "csv",
    "REPORT": "html",
    "FIGURE": "png",
    "OUTPUT_MODEL": "safetensors",
}
TYPES = {"rasterDestination": "tif", "sink": "gpkg", "vectorDestination": "gpkg", "folderDestination": ""}
CASES = {
    "assessaccuracy": ("raster", "points"),
    "classareas": ("zones",),
    "classifyfolder": ("folder",),
    "classifyraster": ("map",),
    "cloudmask": ("product",),
    "comparemaps": ("raster", "points", "no reference", "one map"),
    "createdemo": ("demo",),
    "exportmap": ("page",),
    "generalisemap": ("plain", "reference"),
    "importmodel": ("checkpoint",),
    "mosaicmaps": ("two maps",),
    "recodemap": ("table",),
    "renameclasses": ("map", "renamed model"),
    "inspectsamples": ("points",),
    "mapchange": ("maps",),
    "maptrajectories": ("maps",),
    "openproduct": ("bands",),
    "samplingdesign": ("points",),
    "smoothprobabilities": ("fractions",),
    "stackfeatures": ("stack",),
    "suggestsamples": ("points",),
    "trainmodel": ("trees", "network"),
    "vectorisemap": ("map",),
}
# What these write is looked at elsewhere, too: tests/algorithms/test_createdemo.py and test_gate.py.
SLOWER = {
    "createdemo-demo": pytest.mark.slow,
    "importmodel-checkpoint": pytest.mark.medium,
    "inspectsamples-points": pytest.mark.medium,
    "trainmodel-network": pytest.mark.medium,
    "trainmodel-trees": pytest.mark.medium,
}


def destinations(algorithm):
    return [item for item in algorithm.parameterDefinitions() if item.isDestination()]


def output_path(algorithm, item, folder, architecture):
    if item.name() == "OUTPUT" and algorithm.name() in ("trainmodel", "importmodel"):
        ending = "skops" if architecture == "trees" else "safetensors"
    else:
        ending = NAMES.get(item.name(), TYPES.get(item.type(), "pdf"))
    return str(folder / (f"{item.name().lower()}.{ending}" if ending else item.name().lower()))


@pytest.fixture
def inputs(request, scene, make_raster, make_layer, training_rows, quick, tmp_path):
    """Return the parameters of a case, besides its outputs."""

    def halves(border):
        return lambda _band, _row, column: 17 if column >= border else 3

    first, second, third = (
        make_raster(tmp_path / f"{name}.tif", halves(border), bands=("class",))
        for name, border in (("first", 40), ("second", 45), ("third", 50))
    )
    samples = {"SAMPLES": make_layer(training_rows, "class:int,name:string(20)"), "CLASS_FIELD": "class"}
    centres = [(geometry.centroid(), value) for geometry, value, _name in training_rows]
    points = {"REFERENCE": make_layer(centres, "class:int", kind="Point"), "CLASS_FIELD": "class"}

    def fractions():
        bands = ("3 a", "17 b")
        path = tmp_path / "fractions.tif"
        return {"PROBABILITIES": make_raster(path, lambda band, row, _column: band == row % 2, bands=bands)}

    def table(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def probabilities():
        return make_raster(
            tmp_path / "probabilities.tif", lambda band, _row, _column: band == 1, bands=("3", "17")
        )

    def model():
        return {"MODEL": request.getfixturevalue("quick_model"), "DEVICE": "cpu"}

    def landsat():
        return {"INPUT": str(products.write_landsat(tmp_path / "product", products.write_by_gdal))}

    return {
        ("assessaccuracy", "raster"): lambda: {"INPUT": second, "REFERENCE": first, "BLOCK_SIZE": 10},
        ("assessaccuracy", "points"): lambda: {"INPUT": second, **points},
        ("classifyfolder", "folder"): lambda: {
            "INPUT_FOLDER": str(Path(scene).parent),
            "PATTERN": "scene.tif",
            **model(),
        },
        ("classareas", "zones"): lambda: {
            "INPUT": first,
            "ZONES": make_layer(training_rows, "class:int,name:string(20)"),
            "ZONE_FIELD": "class",
        },
        ("classifyraster", "map"): lambda: {"INPUT": scene, **model()},
        ("cloudmask", "product"): landsat,
        ("comparemaps", "raster"): lambda: {"INPUTS": [second, third], "REFERENCE": first},
        ("comparemaps", "points"): lambda: {"INPUTS": [first, second], **points},
        ("comparemaps", "no reference"): lambda: {"INPUTS": [first, second]},
        ("comparemaps", "one map"): lambda: {"INPUTS": [second], "REFERENCE": first},
        ("createdemo", "demo"): dict,
        ("exportmap", "page"): lambda: {"INPUTS": [first], "REPORT": ""},
        ("generalisemap", "plain"): lambda: {"INPUT": first, "MMU": 2, **fractions()},
        ("generalisemap", "reference"): lambda: {"INPUT": first, **points},
        ("smoothprobabilities", "fractions"): fractions,
        ("importmodel", "checkpoint"): lambda: {
            "INPUT": request.getfixturevalue("checkpoint"),
            "SAMPLE_RASTER": scene,
            "PATCH_SIZE": 8,
        },
        ("mosaicmaps", "two maps"): lambda: {"INPUTS": [first, second]},
        ("recodemap", "table"): lambda: {"INPUT": first, "TABLE": table("from,to\n3,17\n")},
        ("renameclasses", "map"): lambda: {"INPUT": first, "TABLE": table("value,name\n3,Water\n")},
        ("renameclasses", "renamed model"): lambda: {
            "MODEL": request.getfixturevalue("quick_model"),
            "TABLE": table("value,old_name,color\n3,Water,#000001\n"),
        },
        ("mapchange", "maps"): lambda: {
            "BEFORE": first,
            "AFTER": second,
            "BEFORE_PROBABILITIES": probabilities(),
            "AFTER_PROBABILITIES": probabilities(),
        },
        ("maptrajectories", "maps"): lambda: {
            "INPUTS": [first, second, third],
            "DATES": "2001, 2002, 2003",
            "FILTERS": ["window_3"],
        },
        ("openproduct", "bands"): landsat,
        ("samplingdesign", "points"): lambda: {"INPUT": first, "SIZE": 60},
        ("stackfeatures", "stack"): lambda: {"INPUT": scene, "INDICES": ["NDVI"]},
        ("inspectsamples", "points"): lambda: {"INPUT": scene, **samples},
        ("suggestsamples", "points"): lambda: {"INPUT": scene, "COUNT": 10, **samples, **model()},
        ("trainmodel", "trees"): lambda: {
            "INPUT": scene,
            "ARCHITECTURE": "random_forest",
            "WINDOWS": "0",
            **samples,
        },
        ("vectorisemap", "map"): lambda: {"INPUT": first},
        ("trainmodel", "network"): lambda: {"INPUT": scene, **quick, **samples},
    }


def test_every_algorithm_with_outputs_is_tried(plugin):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    with_outputs = {item.name() for item in provider.algorithms() if destinations(item)}
    # The example models are graphical models of these.
    assert {name for name in with_outputs if "_" not in name} == set(CASES)


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, marks=SLOWER.get(f"{name}-{case}", ()))
        for name, cases in CASES.items()
        for case in cases
    ],
)
def test_every_output_is_made_or_refused(run, algorithm, inputs, tmp_path, name, case):
    instance = algorithm(name)
    outputs = {
        item.name(): output_path(instance, item, tmp_path, case)
        for item in destinations(instance)
        # A map or a model is renamed, never both.
        if item.name() != {"map": "OUTPUT_MODEL", "renamed model": "OUTPUT"}.get(case)
        or name != "renameclasses"
    }
    done = run(name, {**inputs[name, case](), **outputs})
    if not done.succeeded:
        assert any(output in done.log for output in outputs), done.log
        assert not any(Path(path).is_file() for path in outputs.values())
        return
    for output, path in outputs.items():
        assert done.results.get(output), f"{output} is not among the results"
        assert Path(path).exists(), f"{output} was not written"
    for output in [output for owner, output in VECTORS if owner == name]:
        layer = QgsVectorLayer(done.results[output], output, "ogr")
        layer.loadDefaultMetadata()
        history = dict(line.split(": ", 1) for line in layer.metadata().history())
        assert history["COMMAND"].startswith(f"qgis_process run deeplandcover:{name} "), output
        assert "deep_land_cover" in history["VERSIONS"]
        assert layer.metadata().abstract() and layer.metadata().dateTime(Qgis.MetadataDateType.Created)
        read = {item["parameter"]: item for item in json.loads(history.get("INPUT_FILES", "[]"))}
        files = {key: value for key, value in inputs[name, case]().items() if os.path.isfile(str(value))}
        assert set(files) <= set(read)
        for parameter, path in files.items():
            assert read[parameter]["name"] == Path(path).name
            assert read[parameter]["sha256"] == hashlib.sha256(Path(path).read_bytes()).hexdigest()


VECTORS = {
    ("classareas", "OUTPUT"),
    ("createdemo", "TRAINING"),
    ("samplingdesign", "OUTPUT"),
    ("suggestsamples", "OUTPUT"),
    ("inspectsamples", "SUSPECTS"),
    ("trainmodel", "OUTPUT_SAMPLES"),
    ("vectorisemap", "OUTPUT"),
}


def test_every_vector_output_carries_its_origin(plugin):
    """The outputs whose origin is read above are all that there are."""
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    assert VECTORS == {
        (item.name(), output.name())
        for item in provider.algorithms()
        if "_" not in item.name()
        for output in item.outputDefinitions()
        if output.type() == "outputVector"
    }


def test_an_output_that_is_missing_is_an_error(algorithm):
    instance = algorithm("comparemaps")
    instance.requested = ["TABLE"]
    with pytest.raises(QgsProcessingException, match="TABLE was requested, but not written"):
        instance.finish({"REPORT": "r.html"}, QgsProcessingFeedback(False))
