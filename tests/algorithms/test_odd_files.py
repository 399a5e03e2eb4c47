"""Files that are not what they should be: each is refused in one sentence, and none ends QGIS."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

pytestmark = pytest.mark.qgis
_DEPTH = 100_000
_PALETTE = (
    '<qgis><pipe><rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1"><colorPalette>'
    '<paletteEntry value="{}" color="#ff0000" label="x" alpha="255"/></colorPalette></rasterrenderer></pipe>'
    "</qgis>"
)


def write(path, kind):
    """Write an odd file of a kind."""
    content = {
        "empty": b"",
        "binary": bytes(range(256)) * 40,
        "deep JSON": b"[" * _DEPTH,
        "deep objects": b'{"a":' * _DEPTH,
        "deep XML": b"<qgis>" + b"<a>" * _DEPTH,
        "infinity": _PALETTE.format("inf").encode(),
        "no number": _PALETTE.format("nan").encode(),
        "infinite JSON": b'{"id": "a", "title": "A", "classes": [{"value": 1e999, "name": "x"}]}',
        "deep header": struct.pack("<Q", 2 * _DEPTH) + b'{"a":[' + b"[" * (2 * _DEPTH - 6),
    }
    path.write_bytes(content.get(kind, b""))
    if kind == "huge":
        os.truncate(path, 3_000_000_000)
    return str(path)


KINDS = (
    *("empty", "binary", "deep JSON", "deep objects", "deep XML", "infinity", "no number", "infinite JSON"),
    *("deep header", "huge"),
)
PLACES = [
    ("styleclassification", "SCHEME_FILE", ".qml"),
    ("styleclassification", "SCHEME_FILE", ".json"),
    ("exportmap", "TEMPLATE", ".qpt"),
    ("exportmap", "REPORT", ".json"),
    ("classifyraster", "MODEL", ".safetensors"),
    ("classifyfolder", "MODEL", ".skops"),
    ("suggestsamples", "MODEL", ".skops"),
    ("modelinfo", "MODEL", ".safetensors"),
]


@pytest.fixture(scope="module")
def class_map(tmp_path_factory, make_raster):
    path = tmp_path_factory.mktemp("map") / "map.tif"
    return make_raster(path, lambda _band, _row, column: 3 + (column >= 40), bands=("class",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "parameter", "ending"), PLACES, ids=[f"{n}-{e}" for n, _p, e in PLACES])
def test_the_check_says_what_the_file_is_not(algorithm, class_map, tmp_path, kind, name, parameter, ending):
    path = write(tmp_path / f"odd{ending}", kind)
    parameters = {
        "INPUT": class_map,
        "INPUTS": [class_map],
        "OUTPUT": "TEMPORARY_OUTPUT",
        "OUTPUT_FOLDER": "TEMPORARY_OUTPUT",
        parameter: path,
    }
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    fine, problem = algorithm(name).checkParameterValues(parameters, context)
    assert not fine
    assert Path(path).name in problem
    assert "\n" not in problem and len(problem) < 600
    assert "unexpected" not in problem


def test_an_error_that_nobody_foresaw_is_one_sentence(algorithm, class_map, monkeypatch):
    instance = algorithm("styleclassification")

    def fail(*_arguments):
        raise OverflowError("cannot convert float infinity to integer")

    monkeypatch.setattr(type(instance), "check", fail)
    context = QgsProcessingContext()
    fine, problem = instance.checkParameterValues({"INPUT": class_map, "SCHEME": "jambi"}, context)
    assert not fine
    assert "cannot convert float infinity to integer" in problem and "\n" not in problem


def test_a_scheme_with_a_byte_order_mark_is_read(run, make_raster, tmp_path):
    raster = make_raster(tmp_path / "map.tif", lambda _b, _r, column: 1 + (column >= 40), bands=("class",))
    scheme = {
        "id": "two",
        "title": "Two",
        "classes": [
            {"value": 1, "name": "Water", "color": "#0000FF"},
            {"value": 2, "name": "Soil", "color": "#AA5500"},
        ],
    }
    path = tmp_path / "scheme.json"
    path.write_text(json.dumps(scheme), encoding="utf-8-sig")
    done = run("styleclassification", {"INPUT": raster, "SCHEME_FILE": str(path)})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


def test_an_error_in_the_work_is_one_sentence_too(plugin):
    # Processing must have been loaded.
    from deep_land_cover.algorithms.base import LandCoverAlgorithm

    class Broken(LandCoverAlgorithm):
        ID, TITLE, NEEDS_ENVIRONMENT = "broken", "Broken", False

        def initAlgorithm(self, configuration=None):
            pass

        def processAlgorithm(self, parameters, context, feedback):
            raise OverflowError("cannot convert float infinity to integer")

    feedback = QgsProcessingFeedback(False)
    _results, succeeded = Broken().run({}, QgsProcessingContext(), feedback)
    assert not succeeded
    assert "cannot convert float infinity to integer" in feedback.textLog()
    assert "Traceback" not in feedback.textLog()
