"""The dialog of a tool in the desktop: groups, presets, choices of the last run, and the copied line."""

from __future__ import annotations

import gc
import shlex

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QGroupBox

pytestmark = pytest.mark.qgis
# What everyone needs, as the issue lists it: raster, labels, classes, model, what to write.
FIRST = "INPUT SAMPLES CLASS_FIELD NAME_FIELD SCHEME ARCHITECTURE OUTPUT REPORT"
TREES = {"ARCHITECTURE": "tree_ensemble", "SEED": 7, "FOLDS": "0"}


@pytest.fixture
def opened(algorithm):
    """Return a function that opens a tool as QGIS's toolbox does, and returns its dialog."""
    dialogs = []

    def open_dialog(name="trainmodel", **parameters):
        dialog = algorithm(name).createCustomParametersWidget(None)
        dialogs.append(dialog)
        if parameters:
            dialog.setParameters(parameters)
        return dialog

    yield open_dialog
    for dialog in dialogs:
        sip.delete(dialog)
    # A dialog that outlives QGIS ends the process with a crash.
    dialogs.clear()
    gc.collect()


@pytest.fixture
def layers(scene, samples):
    """The scene and its training polygons, in the project."""
    raster = QgsRasterLayer(scene, "scene")
    # A copy, for the project deletes what it holds.
    polygons = samples.clone()
    QgsProject.instance().addMapLayers([raster, polygons])
    return raster, polygons


def values_of(dialog, *names):
    wrappers = dialog.mainWidget().wrappers
    return {name: wrappers[name].parameterValue() for name in names}


def run_begins(dialog, **values):
    """Show values, and let the dialog do what it does when a run begins."""
    dialog.setParameters(values)
    dialog.blockAdditionalControlsWhileRunning()


def box_of(dialog, name):
    """Return the title of the group that a parameter stands in; None on the first page."""
    widget = dialog.mainWidget().wrappers[name].wrappedWidget()
    while widget is not None and not isinstance(widget, QGroupBox):
        widget = widget.parent()
    return widget.title() if widget is not None else None


def test_everyones_parameters_come_first_and_the_rest_in_groups(opened):
    dialog = opened()
    places = {name: box_of(dialog, name) for name in dialog.mainWidget().wrappers}
    assert {name for name, place in places.items() if place is None} == set(FIRST.split())
    expected = {"FOLDS": "Samples and split", "INDICES": "Features", "EPOCHS": "Network", "TREES": "Trees"}
    expected |= {"MEMBERS": "Ensemble", "OVERWRITE": "Output"}
    assert {name: places[name] for name in expected} == expected
    boxes = list(dialog.mainWidget().groups.values())
    titles = ["Samples and split", "Features", "Network", "Trees", "Ensemble", "Output"]
    assert [box.title() for box in boxes] == titles
    assert all(box.isCollapsed() for box in boxes)


def test_every_parameter_of_every_tool_has_a_widget_that_can_be_reached(opened, plugin):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    tools = [item.name() for item in provider.algorithms() if item.group() != "9. Example models"]
    assert len(tools) > 25
    for name in tools:
        dialog = opened(name)
        panel = dialog.mainWidget()
        for parameter, wrapper in panel.wrappers.items():
            widget = wrapper.wrappedWidget()
            assert panel.isAncestorOf(widget), f"{name} {parameter}"
            assert not widget.isHidden(), f"{name} {parameter}"
            box = panel.findChild(QGroupBox, "grpAdvanced")
            assert not (box.isAncestorOf(widget) and box.isHidden()), f"{name} {parameter}"
        wanted = {item.name() for item in dialog.algorithm().parameterDefinitions()}
        assert set(panel.wrappers) == wanted


def test_a_group_says_how_many_of_its_values_are_not_the_defaults(opened):
    dialog = opened(EPOCHS=3, BATCH_SIZE=16, INDICES=["NDVI"])
    titles = {name: box.title() for name, box in dialog.mainWidget().groups.items()}
    assert titles["network"] == "Network (2 changed)"
    assert titles["features"] == "Features (1 changed)"
    assert titles["trees"] == "Trees"
    dialog.setParameters({"EPOCHS": None})
    assert dialog.mainWidget().groups["network"].title() == "Network (1 changed)"


def test_a_preset_sets_its_values_and_leaves_other_choices_alone(opened):
    from deep_land_cover.algorithms.dialog.presets import presets_of

    dialog = opened(SEED=5)
    panel, presets = dialog.mainWidget(), presets_of("trainmodel")
    names = sorted({name for preset in presets for name in preset.values})
    defaults = values_of(dialog, *names)
    assert panel.preset_box.currentText() == "Recommended"
    for place, preset in enumerate(presets):
        panel.preset_box.activated.emit(place)
        assert panel.preset_box.currentText() == preset.title
        # The seed is none of a preset's values, and said to be changed.
        assert panel.preset_label.text() == (
            f"{preset.sentence} Other values are not the defaults, either: Random seed."
        )
        assert values_of(dialog, *names) == {**defaults, **preset.values}
        for name, value in preset.values.items():
            assert dialog.algorithm().parameterDefinition(name).checkValueIsAcceptable(value)
        assert values_of(dialog, "SEED") == {"SEED": 5}
    dialog.setParameters({"TIME_LIMIT": 5})
    assert panel.preset_box.currentText() == "Own choices"
    panel.preset_box.activated.emit(0)
    assert values_of(dialog, *names) == defaults
    assert [panel.preset_box.itemText(place) for place in range(panel.preset_box.count())] == [
        preset.title for preset in presets
    ]


def test_the_only_polygons_and_their_class_field_are_chosen(opened, layers, make_layer):
    raster, polygons = layers
    chosen = values_of(opened(), "INPUT", "SAMPLES", "CLASS_FIELD", "NAME_FIELD")
    assert (chosen["INPUT"], chosen["SAMPLES"], chosen["CLASS_FIELD"]) == (
        raster.id(),
        polygons.id(),
        "class",
    )
    assert not chosen["NAME_FIELD"]
    # Labels that the caller names are the only ones, and so are choices, as of the history.
    for given in ({"LABELS": raster.id()}, {"SAMPLES": None}, {"ARCHITECTURE": "multiscale"}):
        assert not values_of(opened(**given), "SAMPLES")["SAMPLES"]
    other = make_layer([], "kind:int,Class:int", name="other")
    QgsProject.instance().addMapLayer(other)
    dialog = opened()
    assert not values_of(dialog, "SAMPLES")["SAMPLES"]
    # The choosers of fields follow the layer.
    dialog.setParameters({"SAMPLES": other.id()})
    assert values_of(dialog, "CLASS_FIELD") == {"CLASS_FIELD": "Class"}
    dialog.setParameters({"SAMPLES": polygons.id(), "CLASS_FIELD": "name"})
    assert values_of(dialog, "CLASS_FIELD") == {"CLASS_FIELD": "name"}
    dialog.setParameters({"SAMPLES": other.id()})
    assert values_of(dialog, "CLASS_FIELD") == {"CLASS_FIELD": "Class"}


def test_fields_of_a_reference_are_listed_and_follow_it(opened, layers, make_layer):
    raster, polygons = layers
    points = make_layer([], "kelas:int,bobot:double", kind="Point", name="points")
    QgsProject.instance().addMapLayer(points)
    dialog = opened("assessaccuracy")
    choices = dialog.mainWidget().wrappers["CLASS_FIELD"].wrappedWidget()

    def listed():
        return [choices.itemText(place) for place in range(choices.count())]

    assert listed() == [""]
    for layer, fields in (
        (polygons, ["class", "name"]),
        (points, ["kelas", "bobot"]),
        # QGIS's own list of fields crashes here.
        (raster, []),
    ):
        dialog.setParameters({"REFERENCE": layer.id()})
        assert listed() == ["", *fields]
        assert values_of(dialog, "CLASS_FIELD") == {"CLASS_FIELD": ""}
    # Text is taken as it is, and is no choice that the defaults or a project bring back.
    dialog.setParameters({"REFERENCE": points.id(), "CLASS_FIELD": "kelas"})
    assert choices.currentText() == "kelas"
    choices.setEditText("Is labeled as")
    dialog.setParameters({"REFERENCE": polygons.id()})
    dialog.restore_button.click()
    assert values_of(dialog, "CLASS_FIELD") == {"CLASS_FIELD": "Is labeled as"}


def test_the_next_dialog_shows_the_choices_of_the_last_run_in_the_project(opened, layers):
    raster, polygons = layers
    run_begins(
        opened(),
        INPUT=raster.id(),
        SAMPLES=polygons.id(),
        CLASS_FIELD="name",
        **TREES,
        BAND_NAMES="a, b, c, d",
        SPLIT="random",
        OVERWRITE=True,
        DRY_RUN=True,
        OUTPUT="/tmp/model.skops",
    )
    dialog = opened()
    dialog.show()
    assert values_of(dialog, *TREES) == TREES
    label = dialog.mainWidget().kept_label
    assert "Architecture, Folds, Random seed." in label.text() and label.isVisible()
    # What describes other data, flatters or loses files does not come back by itself.
    left = values_of(dialog, "CLASS_FIELD", "BAND_NAMES", "SPLIT", "OVERWRITE", "DRY_RUN", "OUTPUT")
    assert left["CLASS_FIELD"] == "class"
    assert (left["SPLIT"], left["OVERWRITE"], left["DRY_RUN"]) == ("auto", False, False)
    assert not left["BAND_NAMES"]
    assert left["OUTPUT"] != "/tmp/model.skops"
    # Layers alone leave them; they are of this tool only.
    dialog.setParameters({"INPUT": raster.id()})
    assert values_of(dialog, *TREES) == TREES
    assert values_of(opened("inspectsamples"), "SEED") == {"SEED": 0}
    dialog.setParameters({"SEED": 8})
    assert not dialog.mainWidget().kept_label.isVisible()


def test_what_the_caller_chooses_is_not_mixed_with_the_last_run(opened):
    run_begins(opened(), **TREES)
    shown = values_of(opened(SEED=1), "SEED", "ARCHITECTURE", "FOLDS")
    assert shown == {"SEED": 1, "ARCHITECTURE": "ensemble", "FOLDS": "auto"}


def test_defaults_can_be_restored_and_are_kept_out_of_the_project(opened):
    run_begins(opened(), **TREES)
    dialog = opened()
    dialog.restore_button.click()
    instance = dialog.algorithm()
    assert values_of(dialog, *TREES) == {
        name: instance.parameterDefinition(name).defaultValue() for name in TREES
    }
    assert values_of(opened(), *TREES)["SEED"] == 0
    run_begins(opened(), **TREES)
    run_begins(opened(), **{name: instance.parameterDefinition(name).defaultValue() for name in TREES})
    assert QgsProject.instance().entryList("DeepLandCover", "choices") == []


@pytest.mark.medium
def test_choices_are_saved_with_the_project_and_odd_ones_are_left_out(opened, tmp_path):
    project, path = QgsProject.instance(), str(tmp_path / "project.qgz")
    run_begins(opened(), **TREES)
    assert project.isDirty()
    assert project.write(path)
    project.clear()
    assert values_of(opened(), "SEED") == {"SEED": 0}
    assert project.read(path)
    assert values_of(opened(), *TREES) == TREES
    for text in ("[1]", "{", '{"SEED": -3, "ARCHITECTURE": "no such", "GONE": 1, "OVERWRITE": true}'):
        project.writeEntry("DeepLandCover", "choices/trainmodel", text)
        dialog = opened()
        assert values_of(dialog, "SEED", "ARCHITECTURE", "OVERWRITE") == {
            "SEED": 0,
            "ARCHITECTURE": "ensemble",
            "OVERWRITE": False,
        }
        assert dialog.mainWidget().kept == {}


def test_batches_models_and_scripts_know_nothing_of_the_last_run(opened, algorithm, scene, layers):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    run_begins(opened(), **TREES)
    batch = BatchAlgorithmDialog(algorithm("trainmodel"), None)
    panel = batch.mainWidget()
    row = {name: panel.wrappers[0][column] for name, column in panel.parameter_to_column.items()}
    designer = ModelerParametersDialog(algorithm("trainmodel"), QgsProcessingModelAlgorithm("m", "tests"))
    assert row["SEED"].parameterValue() == 0
    assert designer.widget.widget.wrappers["SEED"].value().staticValue() == 0
    assert not row["SAMPLES"].parameterValue()
    sip.delete(batch)
    sip.delete(designer)
    instance, context = algorithm("trainmodel"), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    assert instance.parameterAsInt({}, "SEED", context) == 0


def arguments(line):
    """Return the parameters of a line of ``qgis_process`` as the program reads them."""
    program, run, tool, *words = shlex.split(line)
    assert (program, run) == ("qgis_process", "run")
    values = {}
    for word in words:
        name, _, value = word.removeprefix("--").partition("=")
        values.setdefault(name, []).append(value)
    return tool, {name: items[0] if len(items) == 1 else items for name, items in values.items()}


def test_the_line_that_is_copied_has_what_was_chosen_and_no_default(opened, layers, scene):
    dialog = opened()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    output = "/tmp/a model.skops"
    dialog.setParameters(
        {
            "INPUT": layers[0].id(),
            "EXTRA_INPUTS": [scene, layers[0].id()],
            "SAMPLES": layers[1].id(),
            "CLASS_FIELD": "class",
            "ARCHITECTURE": "resnet18",
            "INDICES": ["NDVI", "NBR"],
            "LEARNING_RATE": 1e-5,
            "AUGMENT": False,
            "BAND_ROLES": "red=B4, nir=B8",
            "OUTPUT": output,
            "REPORT": None,
        }
    )
    line, succeeded = dialog.algorithm().asQgisProcessCommand(dialog.createProcessingParameters(), context)
    assert succeeded
    tool, values = arguments(line)
    assert tool == "deeplandcover:trainmodel"
    of_units = {"distance_units", "area_units", "ellipsoid"}
    assert {name: value for name, value in values.items() if name not in of_units | {"SAMPLES"}} == {
        "INPUT": scene,
        "EXTRA_INPUTS": [scene, scene],
        "CLASS_FIELD": "class",
        "ARCHITECTURE": "resnet18",
        "INDICES": ["NDVI", "NBR"],
        "LEARNING_RATE": "1e-05",
        "AUGMENT": "false",
        "BAND_ROLES": "red=B4, nir=B8",
        "OUTPUT": output,
    }
    # No index at all is not the default, which is all of them.
    line, _ = dialog.algorithm().asQgisProcessCommand({"INPUT": scene, "INDICES": []}, context)
    assert arguments(line)[1]["INDICES"] == ""


@pytest.mark.medium
def test_a_run_in_the_dialog_keeps_its_choices_and_can_be_opened_again(opened, layers, quick, tmp_path):
    from qgis.PyQt.QtCore import QCoreApplication

    raster, polygons = layers
    given = {"INPUT": raster.id(), "SAMPLES": polygons.id(), "CLASS_FIELD": "class"}
    output = str(tmp_path / "model.safetensors")
    dialog = opened(**{**given, **quick, "OUTPUT": output, "REPORT": None})
    dialog.runAlgorithm()
    assert not dialog.restore_button.isEnabled()
    while not dialog.wasExecuted():
        QCoreApplication.processEvents()
    assert dialog.results()["OUTPUT"] == output
    assert dialog.restore_button.isEnabled()
    kept = dict(dialog.history_details["parameters"]["inputs"])
    again = opened(**kept)
    names = [name for name in quick if name != "DEVICE"]
    assert values_of(again, *names) == {name: quick[name] for name in names}
    assert values_of(opened(), *names) == {name: quick[name] for name in names}


def test_a_group_is_not_an_advanced_flag(algorithm):
    """The groups of our dialog change nothing in the model designer."""
    advanced = Qgis.ProcessingParameterFlag.Advanced
    instance = algorithm("trainmodel")
    flags = {item.name(): bool(item.flags() & advanced) for item in instance.parameterDefinitions()}
    assert not flags["EXTRA_INPUTS"] and not flags["LABELS"] and flags["FOLDS"]
