"""Samples inspected and a map laid out by ``qgis_process``, and what it wrote opened again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "rstoolbox"
pytestmark = [pytest.mark.qgis, pytest.mark.medium]

OPEN = """
import json, sys
from qgis.core import Qgis, QgsApplication, QgsProject
application = QgsApplication([], False)
application.initQgis()
found = []
def keep(message, tag, level):
    if level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical):
        found.append(message)
QgsApplication.messageLog().messageReceived.connect(keep)
project = QgsProject()
was_read = project.read(sys.argv[1])
(layout,) = project.layoutManager().layouts()
texts = [item.currentText() for item in layout.items() if hasattr(item, "currentText")]
valid = [layer.isValid() for layer in project.mapLayers().values()]
print(json.dumps({"read": was_read, "messages": found, "texts": texts, "valid": valid}))
QgsApplication.messageLog().messageReceived.disconnect(keep)
"""


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
@pytest.mark.slow
def test_a_polygon_with_another_class_is_among_the_first_to_check(qgis_process, tmp_path):
    from osgeo import ogr

    samples, wrong = tmp_path / "samples.gpkg", 3
    shutil.copy(DATA / "training_sen2.gpkg", samples)
    source = ogr.Open(str(samples), 1)
    layer = source.GetLayer(0)
    polygons = list(layer)
    classes = sorted({feature["class"] for feature in polygons})
    changed = polygons[wrong]
    changed["class"] = classes[(classes.index(changed["class"]) + 1) % len(classes)]
    layer.SetFeature(changed)
    counts = Counter(feature["class"] for feature in polygons)
    west, east, south, north = changed.geometry().GetEnvelope()
    del layer, source
    done, results = qgis_process(
        "inspectsamples",
        INPUT=DATA / "sen2.tif",
        SAMPLES=samples,
        CLASS_FIELD="class",
        SUSPECTS=tmp_path / "check.gpkg",
        REPORT=tmp_path / "inspection.html",
        REPORT_LANGUAGE="id",
    )
    assert done.returncode == 0, done.stderr
    assert results["UNITS"] == len(polygons) == 25
    checked = ogr.Open(str(tmp_path / "check.gpkg"))
    first = [feature for feature in checked.GetLayer(0) if feature["rank"] <= 3]
    places = [(feature.geometry().GetX(), feature.geometry().GetY()) for feature in first]
    assert any(west <= x <= east and south <= y <= north for x, y in places)
    content = json.loads((tmp_path / "inspection.json").read_text(encoding="utf-8"))
    assert (
        Counter(
            {
                item["name"]: spread["polygons"]
                for item, spread in zip(content["classes"], content["spreads"], strict=True)
            }
        )
        == counts
    )
    assert '<html lang="id"' in (tmp_path / "inspection.html").read_text(encoding="utf-8")


def test_a_sheet_in_two_languages_its_project_tiles_and_web_map(qgis_process, environment, demo, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    done, _ = qgis_process(
        "exportmap",
        INPUTS=demo["REFERENCE"],
        TITLE="Land cover",
        TITLE_2="Tutupan lahan",
        LANGUAGE_2="id",
        NODATA_ENTRY="true",
        OUTPUT=folder / "page.pdf",
        PROJECT=folder / "page.qgz",
        WEB_MAP=folder / "map.html",
        TILES=folder / "tiles",
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF")
    tiles = [path.relative_to(folder / "tiles") for path in (folder / "tiles").rglob("*.png")]
    assert tiles and all(len(path.parts) == 3 and path.parts[0].isdecimal() for path in tiles)
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "Land cover" in page and "Tutupan lahan" in page and 'src="http' not in page
    # Opened by another QGIS, where only the map itself is found outside the folder.
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(folder / "page.qgz")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    opened = json.loads(done.stdout.splitlines()[-1])
    assert opened["read"] and opened["valid"] and all(opened["valid"]) and opened["messages"] == []
    assert {"Land cover", "Tutupan lahan"} <= set(opened["texts"])


@pytest.mark.slow
def test_a_model_of_a_training_is_kept_in_the_library_and_maps_from_there(
    qgis_process, demo, trained, tmp_path
):
    """The library's readers run in QGIS, without PyTorch."""
    from deep_land_cover.core.models.library import Library, add_model

    folder = tmp_path / "models"
    folder.mkdir()
    kept = add_model(Path(trained["OUTPUT"]), folder)
    (folder / "broken.skops").write_bytes(b"PK")
    entries = {entry.path.name: entry for entry in Library().entries(folder)}
    assert entries.keys() == {kept.name, "broken.skops"}
    assert entries["broken.skops"].card is None and entries["broken.skops"].problem is not None
    card = entries[kept.name].card
    assert {item.value for item in card.classes} == {0, 1, 4, 5, 6, 7}
    done, results = qgis_process(
        "classifyraster", INPUT=demo["RASTER"], MODEL=kept, STRIDE=8, OUTPUT=tmp_path / "map.tif"
    )
    assert done.returncode == 0, done.stderr
    assert Path(results["OUTPUT"]).is_file()
