"""The desktop itself, on a screen that nobody sees."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb is not installed"),
]
# Of the scheme "jambi", as published.
JAMBI = [
    [0, "Water", "#0066cc"],
    [1, "Trees/Forest", "#228b22"],
    [4, "Crops/Agriculture", "#90ee90"],
    [5, "Shrub/Scrub", "#ff8c00"],
    [6, "Built Area", "#ff1493"],
    [7, "Bare Ground", "#d2691e"],
]


@pytest.fixture(scope="module")
def seen(environment, demo, trained, tmp_path_factory):
    """What a session in the desktop saw, see ``in_desktop``."""
    folder = tmp_path_factory.mktemp("desktop")
    report = folder / "report.json"
    # A model is known by its content.
    dropped = folder / "model of a colleague.bin"
    shutil.copy(trained["OUTPUT"], dropped)
    variables = {key: value for key, value in environment.items() if key != "QT_QPA_PLATFORM"}
    variables |= {
        "RASTER": demo["RASTER"],
        "MODEL": trained["OUTPUT"],
        "DROPPED_MODEL": str(dropped),
        "REPORT": str(report),
        "REFERENCE": demo["REFERENCE"],
        "TRAINING": demo["TRAINING"],
    }
    script = Path(__file__).with_name("in_desktop.py")
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    done = subprocess.run(
        [*screen, "qgis", "--noversioncheck", "--nologo", "--code", script],
        env=variables,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(report.read_text(encoding="utf-8"))
    assert "error" not in seen, f"{seen['error']}\n{seen.get('log')}"
    return {**seen, "model": trained["OUTPUT"], "raster": demo["RASTER"], "dropped file": str(dropped)}


def test_menu_and_toolbar_are_in_the_order_of_the_work(seen):
    assert seen["toolbar"] == [
        "Draw training polygons…",
        "Train on the active layer…",
        "Classify the active raster layer…",
        "Label reference points…",
        "Assess the active map…",
        "Apply colours to the active map…",
        "Export the active map as a page…",
        "Set up the environment…",
    ]
    steps = (
        "Create the demo scene…|Open a satellite product…|Mask clouds…|Stack bands and indices…|"
        "Draw training polygons…|Inspect samples…|Train on the active layer…|"
        "Library of models…|Classify the active raster layer…|Classify many rasters…|Suggest samples…|"
        "Generalise a map…|"
        "Sampling design…|Label reference points…|Assess the active map…|Compare maps…|"
        "Change between two maps…|Apply colours to the active map…|Areas of classes…|Vectorise a map…|"
        "Export the active map as a page…|Help|Set up the environment…"
    )
    assert seen["menu"] == steps.split("|")


def test_the_active_layer_is_classified_from_the_menu(seen):
    assert seen["preset"].startswith("Active_scene")
    layer = next(item for item in seen["layers"] if item["renderer"] == "paletted")
    assert layer["name"] == "Land cover (Active scene – demo)"
    assert layer["group"] == "Active scene – demo"
    assert layer["renderer"] == "paletted"
    assert layer["classes"] == JAMBI


def test_the_map_lands_above_its_uncertainty_and_becomes_the_active_layer(seen):
    names = "Land cover (Active scene – demo)", "Uncertainty (Active scene – demo)", "Active scene"
    assert seen["order"] == list(names)
    assert seen["active"] == names[0]
    doubt = next(item for item in seen["layers"] if item["name"] == names[1])
    assert doubt["renderer"] == "singlebandpseudocolor"
    assert doubt["group"] == "Active scene – demo"


def test_a_raster_layer_has_an_entry_in_its_menu_that_knows_the_last_model(seen):
    values = seen["from the layer's menu"]
    assert values["INPUT"].startswith("Active_scene")
    assert values["MODEL"] == seen["model"]


def test_the_page_for_print_is_of_the_active_layer(seen):
    (layer,) = seen["page of"]
    assert layer == seen["raster"]


def test_a_dropped_model_opens_the_dialog_and_other_files_are_left_to_qgis(seen):
    assert seen["dropped"]["MODEL"] == seen["dropped file"]
    assert seen["layers of a dropped model"] == 0
    assert seen["dialogs of a dropped raster"] == 0


def test_points_are_labelled_by_keys_and_clicks_in_the_file(seen):
    assert not seen["desk imported at start"]
    assert seen["classes offered"] == [
        f"{key}   {name}" for key, (_value, name, _color) in enumerate(JAMBI, start=1)
    ]
    # 0 is a class: it is empty here only because the report writes it so.
    assert seen["labels"] == {
        "1": [None, None, None],
        "2": [1, None, None],
        "3": [4, "low", "1 hut"],
        "4": [None, None, None],
        "5": [None, None, None],
    }
    assert not seen["S is taken"]


def test_class_maps_are_hidden_while_points_are_labelled(seen):
    assert not seen["map while blind"]
    assert seen["map afterwards"]
    assert seen["views"] == ["Active scene (natural colour)", "Active scene (false colour)"]


def test_a_click_grows_a_training_polygon(seen):
    value, name, area, said = seen["grown"]
    assert [value, name] == JAMBI[2][:2]
    assert area > 0
    assert said.startswith("Region of ")
    assert seen["after undo"] == 0


def test_unloading_takes_everything_back_and_loading_brings_it_again(seen):
    assert not seen["provider left"]
    assert seen["left"] == []
    assert seen["docks left"] == []
    assert seen["menu left"] == []
    assert not seen["layer's menu left"]
    assert seen["menu again"] == seen["menu"]
    assert seen["layer's menu again"]
