"""Dialog, batch panel and model designer show titles and 'Automatic'; values stay identifiers and numbers."""

from __future__ import annotations

import gc
from functools import partial

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
)
from qgis.gui import QgsDoubleSpinBox, QgsSpinBox
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QComboBox

pytestmark = pytest.mark.qgis
TITLES = {
    "ARCHITECTURE": ("ensemble", "Best of network and trees"),
    "SCHEME": ("jambi_safe", "Jambi, 6 classes, colour-blind safe"),
    "SPLIT": ("auto", "Automatic"),
    "PRECISION": ("bf16", "16 bits (bfloat16)"),
}
OF_TEXT = {"DEVICE": ("cpu", "Processor"), "RESAMPLING": ("nearest", "Nearest neighbour")}
# Name to the value that leaves the choice to the tool.
NUMBERS = {"BLOCK_SIZE": 0, "BUFFER": 0, "EPOCHS": None, "LEARNING_RATE": None, "PATCH_SIZE": None}


class Dialog:
    """The dialog of an algorithm."""

    def __init__(self, algorithm):
        from processing.gui.AlgorithmDialog import AlgorithmDialog

        self.dialog = AlgorithmDialog(algorithm, False, None)
        self._wrappers = self.dialog.mainWidget().wrappers

    def wrapper(self, name):
        return self._wrappers[name]

    def widget(self, name):
        return self.wrapper(name).wrappedWidget()

    def value(self, name):
        return self.wrapper(name).parameterValue()

    def set(self, name, value):
        self.wrapper(name).setParameterValue(value, QgsProcessingContext())


class Batch(Dialog):
    """The first row of the batch panel."""

    def __init__(self, algorithm):
        from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

        self.dialog = BatchAlgorithmDialog(algorithm, None)
        panel = self.dialog.mainWidget()
        self._wrappers = {
            name: panel.wrappers[0][column] for name, column in panel.parameter_to_column.items()
        }


class Designer(Dialog):
    """The dialog of a step in the model designer."""

    def __init__(self, algorithm):
        from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

        self.model = QgsProcessingModelAlgorithm("model", "tests")
        self.dialog = ModelerParametersDialog(algorithm, self.model)
        self._wrappers = self.dialog.widget.widget.wrappers

    def widget(self, name):
        return self.wrapper(name)

    def value(self, name):
        return self.wrapper(name).value().staticValue()

    def set(self, name, value):
        self.wrapper(name).setWidgetValue(QgsProcessingModelChildParameterSource.fromStaticValue(value))


@pytest.fixture(scope="module")
def open_in(algorithm):
    """Return a function that opens an algorithm on a surface once; remove what was opened."""
    opened = {}

    def open_in(surface, name):
        key = surface, name
        if key not in opened:
            opened[key] = surface(algorithm(name))
        return opened[key]

    yield open_in
    for item in opened.values():
        sip.delete(item.dialog)
    # A dialog that outlives QGIS ends the process with a crash.
    opened.clear()
    gc.collect()


@pytest.fixture(params=[Dialog, Batch, Designer], ids=["dialog", "batch", "designer"])
def surface(request, open_in):
    """Return a function that opens an algorithm on each of the three surfaces."""
    return partial(open_in, request.param)


def parts(widget, *kinds):
    found = [item for kind in kinds for item in widget.findChildren(kind)]
    return [widget, *found] if isinstance(widget, kinds) else found


def shown_of(widget, identifier):
    """Return the lists that hold the identifier, each as its shown texts."""
    return [
        [item.itemText(place) for place in range(item.count())]
        for item in parts(widget, QComboBox)
        if item.findData(identifier) >= 0
    ]


def shown_number(number):
    return number.text() or number.lineEdit().placeholderText()


@pytest.mark.parametrize("name", TITLES)
def test_a_choice_shows_titles_and_its_value_is_the_identifier(surface, name):
    opened = surface("trainmodel")
    identifier, title = TITLES[name]
    [texts] = shown_of(opened.widget(name), identifier)
    assert title in texts
    assert identifier not in texts
    opened.set(name, identifier)
    assert opened.value(name) == identifier


def test_choosing_a_title_gives_its_identifier(surface):
    opened = surface("trainmodel")
    [choices] = [
        item for item in parts(opened.widget("ARCHITECTURE"), QComboBox) if item.findData("hybrid") >= 0
    ]
    assert choices.itemData(0) == "ensemble"
    choices.setCurrentIndex(choices.findText("Hybrid of trees and ResNet18"))
    assert opened.value("ARCHITECTURE") == "hybrid"


@pytest.mark.parametrize("name", NUMBERS)
def test_automatic_stands_for_0_and_for_nothing(surface, name):
    opened = surface("trainmodel")
    [number] = parts(opened.widget(name), QgsSpinBox, QgsDoubleSpinBox)
    opened.set(name, 1)
    assert float(shown_number(number)) == 1
    assert opened.value(name) == 1
    opened.set(name, NUMBERS[name])
    assert shown_number(number) == "Automatic"
    assert opened.value(name) == NUMBERS[name]


def test_no_scheme_is_automatic_in_training_only(surface):
    assert "Automatic" in shown_of(surface("trainmodel").widget("SCHEME"), "jambi")[0]
    assert "Automatic" not in shown_of(surface("styleclassification").widget("SCHEME"), "jambi")[0]


@pytest.mark.parametrize("kind", [Dialog, Batch])
@pytest.mark.parametrize("name", OF_TEXT)
def test_text_with_suggestions_shows_titles_and_takes_other_text(open_in, kind, name):
    opened = open_in(kind, "trainmodel")
    choices, (identifier, title) = opened.widget(name), OF_TEXT[name]
    opened.set(name, "auto")
    assert choices.currentText() == "Automatic"
    assert opened.value(name) == "auto"
    choices.setCurrentIndex(choices.findText(title))
    assert opened.value(name) == identifier
    choices.setEditText("nearest, cuda:7")
    assert opened.value(name) == "nearest, cuda:7"
    opened.set(name, "bilinear, auto")
    assert choices.currentText() == "bilinear, auto"
    opened.set(name, identifier)
    assert choices.currentText() == title


def test_the_model_designer_keeps_identifiers_of_text(open_in):
    opened = open_in(Designer, "trainmodel")
    opened.set("DEVICE", "cpu")
    assert opened.value("DEVICE") == "cpu"


def test_a_step_of_a_model_keeps_its_stored_values(open_in):
    opened = open_in(Designer, "trainmodel")
    opened.set("ARCHITECTURE", "resnet18")
    opened.set("EPOCHS", 3)
    opened.set("BLOCK_SIZE", 0)
    step = opened.dialog.createAlgorithm()
    assert isinstance(step, QgsProcessingModelChildAlgorithm)
    stored = {name: sources[0].staticValue() for name, sources in step.parameterSources().items() if sources}
    assert (stored["ARCHITECTURE"], stored["EPOCHS"], stored["BLOCK_SIZE"]) == ("resnet18", 3, 0)


def test_the_default_stands_first_and_every_choice_has_a_title(plugin):
    from deep_land_cover.algorithms.parameters.choice_titles import choice_titles

    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    for item in provider.algorithms():
        for definition in item.parameterDefinitions():
            if definition.type() != "enum" or definition.allowMultiple():
                continue
            where = f"{item.name()} {definition.name()}"
            titles = choice_titles(definition.name())
            assert not set(definition.options()) - set(titles), where
            assert len({titles[option] for option in definition.options()}) == len(definition.options()), (
                where
            )
            # An example model may have a default of its own.
            if definition.defaultValue() is not None and item.group() != "Example models":
                assert definition.options()[0] == definition.defaultValue(), where


def test_the_values_of_a_dialog_are_those_of_scripts(open_in):
    """A dialog that nobody touches gives the defaults, so the history and ``qgis_process`` agree."""
    opened = open_in(Dialog, "classifyraster")
    instance = opened.dialog.algorithm()
    for definition in instance.parameterDefinitions():
        if definition.type() in ("enum", "number", "string") and not definition.isDestination():
            value, default = opened.value(definition.name()), definition.defaultValue()
            is_optional = bool(definition.flags() & Qgis.ProcessingParameterFlag.Optional)
            assert value == default or (is_optional and not value and not default), definition.name()
