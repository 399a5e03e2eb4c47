"""renameclasses, recodemap and mosaicmaps as users run them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from deep_land_cover.algorithms.layers.metadata import describe_layer
from deep_land_cover.algorithms.page.legend import legend_parts
from deep_land_cover.core.models.card import read_card

pytestmark = pytest.mark.qgis
LEFT, TOP, PIXEL = 300_000.0, 9_820_000.0, 20.0


@pytest.fixture(scope="module")
def maps(tmp_path_factory, make_raster):
    """Two maps of 60 x 80 pixels whose border lies ten columns apart."""
    folder = tmp_path_factory.mktemp("maps")

    def halves(border):
        return lambda _band, _row, column: 17 if column >= border else 3

    return [
        make_raster(folder / f"{name}.tif", halves(border), bands=("class",))
        for name, border in (("first", 40), ("second", 50))
    ]


def table(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def labels(path):
    layer = QgsRasterLayer(path, "map")
    return [(item.value, item.label) for item in layer.renderer().classes()]


def test_a_map_is_renamed_with_parents_and_recoded_to_them(run, maps, tmp_path):
    names = table(tmp_path, "value,name,color,parent\n3,Lake,#0066CC,Wet\n17,Forest,#228B22,Green\n")
    named = str(tmp_path / "named.tif")
    done = run("renameclasses", {"INPUT": maps[0], "TABLE": names, "OUTPUT": named})
    assert done.succeeded, done.log
    assert done.results["CHANGED"] == 2
    assert labels(named) == [(3, "Lake"), (17, "Forest")]
    # By its value alone, nothing is renamed again.
    refused = run("renameclasses", {"INPUT": named, "TABLE": names, "OUTPUT": named})
    assert not refused.succeeded and "one of the inputs" in refused.log
    other = table(tmp_path, "value,name\n3,Desert\n")
    done = run("renameclasses", {"INPUT": named, "TABLE": other, "OUTPUT": str(tmp_path / "x.tif")})
    assert not done.succeeded and "different names" in done.log and not (tmp_path / "x.tif").exists()
    parents, changes = str(tmp_path / "parents.tif"), tmp_path / "c.csv"
    done = run("recodemap", {"INPUT": named, "LEVEL": "parent", "OUTPUT": parents, "CHANGES": str(changes)})
    assert done.succeeded, done.log
    assert labels(parents) == [(1, "Wet"), (2, "Green")]
    rows = list(csv.DictReader(changes.read_text(encoding="utf-8").splitlines()))
    # 60 rows of pixels of 20 m: 0.04 hectares each.
    assert [(row["from_name"], row["to_name"], float(row["area_ha"])) for row in rows] == [
        ("Lake", "Wet", 96.0),
        ("Forest", "Green", 96.0),
    ]


def test_polygons_of_the_project_set_a_value(run, maps, tmp_path):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32748", "corrections", "memory")
    feature = QgsFeature()
    box = QgsRectangle(LEFT + 10 * PIXEL, TOP - 20 * PIXEL, LEFT + 20 * PIXEL, TOP - 10 * PIXEL)
    feature.setGeometry(QgsGeometry.fromRect(box))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    output = str(tmp_path / "corrected.tif")
    done = run("recodemap", {"INPUT": maps[0], "MASK": layer.id(), "VALUE": "17", "OUTPUT": output})
    assert done.succeeded, done.log
    assert done.results["PIXELS"] == 100
    plain = {"INPUT": maps[0], "OUTPUT": output}
    for changes, word in (({}, "nothing to recode"), ({"MASK": layer.id()}, "needs a value")):
        refused = run("recodemap", {**plain, **changes})
        assert not refused.succeeded and word in refused.log


def test_maps_of_a_folder_are_joined(run, maps, tmp_path):
    output, report = str(tmp_path / "mosaic.tif"), tmp_path / "t.csv"
    folder = str(Path(maps[0]).parent)
    done = run("mosaicmaps", {"INPUT_FOLDER": folder, "OUTPUT": output, "TABLE": str(report)})
    assert done.succeeded, done.log
    assert done.results["PIXELS"] == done.results["OVERLAP"] == 4800
    assert done.results["AGREEMENT"] == pytest.approx(70 / 80)
    assert "order,map,date,pixels" in report.read_text(encoding="utf-8")
    refused = run("mosaicmaps", {"INPUTS": maps[:1], "OUTPUT": output})
    assert not refused.succeeded and "too few maps" in refused.log
    before = Path(maps[1]).read_bytes()
    refused = run("mosaicmaps", {"INPUTS": maps, "OUTPUT": maps[1], "OVERWRITE": True})
    assert not refused.succeeded and "one of the inputs" in refused.log
    assert Path(maps[1]).read_bytes() == before
    refused = run("mosaicmaps", {"INPUTS": maps, "RULE": "date", "OUTPUT": str(tmp_path / "d.tif")})
    assert not refused.succeeded and "DATES" in refused.log
    done = run(
        "mosaicmaps",
        {"INPUTS": maps, "RULE": "date", "DATES": "2001,2019-05", "OUTPUT": str(tmp_path / "d.tif")},
    )
    assert done.succeeded, done.log


@pytest.mark.medium
def test_a_model_is_trained_with_the_scheme_of_a_file(run, scene, make_layer, training_rows, quick, tmp_path):
    scheme = tmp_path / "scheme.json"
    scheme.write_text(
        '{"id": "own", "title": "Own", "classes": ['
        '{"value": 3, "name": "Water", "color": "#010203", "parent": "Wet"},'
        '{"value": 17, "name": "Forest", "color": "#040506"}]}',
        encoding="utf-8",
    )
    samples = {"SAMPLES": make_layer(training_rows, "class:int,name:string(20)"), "CLASS_FIELD": "class"}
    output = str(tmp_path / "m.safetensors")
    parameters = {"INPUT": scene, **samples, **quick, "SCHEME_FILE": str(scheme), "OUTPUT": output}
    done = run("trainmodel", parameters)
    assert done.succeeded, done.log
    assert [(item.name, item.color, item.parent) for item in read_card(Path(output)).classes] == [
        ("Water", "#010203", "Wet"),
        ("Forest", "#040506", ""),
    ]
    refused = run("trainmodel", {**parameters, "SCHEME": "worldcover"})
    assert not refused.succeeded and "several schemes" in refused.log


def test_a_layer_tells_its_history_and_its_legend_is_grouped_by_parents(run, maps, tmp_path):
    names = table(tmp_path, "value,name,parent\n3,Lake,\n17,Dry forest,Forest\n")
    first, second = str(tmp_path / "one.tif"), str(tmp_path / "two.tif")
    assert run("renameclasses", {"INPUT": maps[0], "TABLE": names, "OUTPUT": first}).succeeded
    swap = table(tmp_path, "from,to\n3,4\n")
    assert run("recodemap", {"INPUT": first, "TABLE": swap, "OUTPUT": second}).succeeded
    layer = QgsRasterLayer(second, "two")
    describe_layer(layer)
    history = layer.metadata().history()
    assert history[0] == "Step 1: first"
    assert history[1].startswith("Step 2: one, renameclasses, 20")
    assert not any(line.startswith("HISTORY") for line in history)
    assert "Made of first; one" in layer.metadata().abstract()
    parts = legend_parts([layer], QgsProcessingFeedback(False))
    assert [(part.title, [item.label for item in part.classes]) for part in parts] == [
        ("", ["Lake"]),
        ("Forest", ["Dry forest"]),
    ]
