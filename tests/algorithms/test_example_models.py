"""The example models: what their files hold, and a run as the desktop runs it."""

from __future__ import annotations

import re

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QRectF, QThread
from qgis.PyQt.QtGui import QImage

from deep_land_cover.algorithms.example_models import EXAMPLE_MODELS, MODEL_FOLDER

from .maps import legend

pytestmark = pytest.mark.qgis
IDS = [model.ID for model in EXAMPLE_MODELS]


def opened(name):
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(MODEL_FOLDER / f"{name}.model3"))
    return model


def test_each_file_is_a_model_of_the_toolbox():
    assert {path.stem for path in MODEL_FOLDER.glob("*.model3")} == set(IDS)


@pytest.mark.parametrize("name", IDS)
def test_the_files_are_what_the_tool_draws(plugin, name):
    from deep_land_cover.tools.make_resources import drawn_models

    # A shipped scheme or a choice more, and the files are stale.
    assert content(opened(name)) == content(drawn_models()[name]), "run ./dev resources"


def content(model):
    """Return all of a model but its parameters' help, which QGIS 3.40 writes and does not read."""
    found = model.toVariant()
    for definition in found["parameterDefinitions"].values():
        definition.pop("help", None)
    return found


@pytest.mark.parametrize("name", IDS)
def test_all_steps_are_tools_of_this_plugin(plugin, name):
    model = opened(name)
    for step, child in model.childAlgorithms().items():
        assert child.algorithmId() == f"deeplandcover:{step}"
        assert model.validateChildAlgorithm(step) == (True, [])


@pytest.mark.parametrize("name", IDS)
def test_no_box_lies_on_another(plugin, name):
    model = opened(name)
    parts = [*model.parameterComponents().values(), *model.childAlgorithms().values()]
    parts += [item for child in model.childAlgorithms().values() for item in child.modelOutputs().values()]
    boxes = []
    for part in parts:
        width, height = part.size().width(), part.size().height()
        box = QRectF(part.position().x() - width / 2, part.position().y() - height / 2, width, height)
        assert box.left() > 0 and box.top() > 0
        assert not [other for other in boxes if box.adjusted(-5, -5, 5, 5).intersects(other)]
        boxes.append(box)


@pytest.mark.parametrize("name", IDS)
def test_files_name_no_place_of_one_machine(name):
    text = (MODEL_FOLDER / f"{name}.model3").read_text(encoding="utf-8")
    assert not re.search(r'="(/|[A-Z]:\\|file:)', text)


@pytest.mark.parametrize("name", IDS)
def test_a_copy_knows_no_file_and_opens_as_any_model(algorithm, name):
    from deep_land_cover.algorithms.model_actions import copied

    copy = copied(algorithm(name))
    assert type(copy) is QgsProcessingModelAlgorithm
    assert copy.sourceFilePath() == ""
    assert copy.childAlgorithms().keys() == algorithm(name).childAlgorithms().keys()
    assert copy.displayName() == algorithm(name).displayName()


def test_the_context_menu_opens_a_copy_in_the_designer(algorithm):
    from processing.modeler.ModelerDialog import ModelerDialog

    from deep_land_cover.algorithms.model_actions import OpenCopyAction

    action = OpenCopyAction()
    action.setData(algorithm("exportmap"), None)
    assert not action.isEnabled()
    action.setData(algorithm("stack_classify"), None)
    assert action.isEnabled()
    action.execute()
    dialog = ModelerDialog.dlgs.pop()
    assert dialog.model().displayName() == "Stack, classify"
    assert dialog.model().childAlgorithms().keys() == {"stackfeatures", "classifyraster"}
    dialog.close()


def test_the_models_come_again_when_the_tools_are_read_anew(plugin):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    provider.refreshAlgorithms()
    assert set(IDS) < {item.name() for item in provider.algorithms()}
    created = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{IDS[0]}")
    assert created.parameterDefinition("map").description() == "Land-cover map"


@pytest.mark.medium
def test_a_page_is_made_in_the_main_thread_while_the_model_runs_in_another(
    algorithm, scene, model, tmp_path, monkeypatch
):
    from deep_land_cover.algorithms.classifyraster import ClassifyRaster
    from deep_land_cover.algorithms.exportmap import ExportMap

    threads = {}

    def noting(kind, method):
        original = getattr(kind, method)

        def noted(self, *arguments):
            threads[kind.ID] = QThread.currentThread() == QgsApplication.instance().thread()
            return original(self, *arguments)

        monkeypatch.setattr(kind, method, noted)

    noting(ExportMap, "_export")
    noting(ClassifyRaster, "processAlgorithm")
    page, path = tmp_path / "page.png", tmp_path / "map.tif"
    files = {"map": str(path), "page": str(page)}
    # Of the model’s classes the scheme knows Water, under another value; Forest keeps its name.
    given = {"INPUT": scene, "MODEL": model, "SCHEME": "dynamicworld_safe", "TITLE": "A page"}
    succeeded, log = run_as_the_desktop(algorithm("classify_style_export"), {**given, **files})
    assert succeeded, log
    assert threads == {"classifyraster": False, "exportmap": True}
    assert not QImage(str(page)).isNull()
    layer = QgsRasterLayer(str(path), "map")
    names = [item.label for item in layer.renderer().classes()]
    assert names == ["Water", "Forest"]


@pytest.mark.medium
def test_a_map_keeps_its_own_colours_where_no_scheme_is_chosen(run, scene, model, tmp_path):
    page, path = tmp_path / "page.png", tmp_path / "map.tif"
    done = run("classify_style_export", {"INPUT": scene, "MODEL": model, "map": str(path), "page": str(page)})
    assert done.succeeded, done.log
    assert not QImage(str(page)).isNull()
    assert [(value, name) for value, name, _color in legend(str(path))] == [(3, "Water"), (17, "Forest")]


def run_as_the_desktop(algorithm, parameters):
    """Run an algorithm in a thread of QGIS's task manager while the main thread goes on."""
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    loop, ended = QEventLoop(), []
    task.executed.connect(lambda succeeded, _results: (ended.append(succeeded), loop.quit()))
    QgsApplication.taskManager().addTask(task)
    loop.exec()
    return ended[0], feedback.textLog()
