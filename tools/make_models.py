"""Write the example models in ``resources/models``. Runs under QGIS's Python.

    python3 tools/make_models.py

A model is a drawing; here it is said which tool gives what to which, and where its box stands. The
parameters of a model are those of its steps, with their words, so that a translation of the tools
is one of the models, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Qt writes the attributes of XML in the order of its hashes.
os.environ.setdefault("QT_HASH_SEED", "0")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QPointF, QSizeF

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "models"
# Boxes of inputs, steps and outputs, in the units of the model designer, and their distances.
WIDTH, HEIGHT = 210.0, 44.0
ACROSS, DOWN = 290.0, 80.0
_NO_FLAGS = Qgis.ProcessingParameterFlags()
# A file of a model does not keep an empty list.
_NO_INDICES = QgsProcessingModelChildParameterSource.fromExpression("array()")


class Draft:
    """A model in the making. Columns and rows say where a box stands, from 0 at the upper left."""

    def __init__(self, model: Any) -> None:
        self.model = QgsProcessingModelAlgorithm(model.TITLE, model.GROUP)
        self.model.setHelpContent(
            {"ALG_DESC": model.HELP, "SHORT_DESCRIPTION": model.SUMMARY, "ALG_CREATOR": "Deep Land Cover"}
        )
        self._words = model.WORDS
        self._order: list[str] = []

    def take(
        self, name: str, step: str, parameter: str, column: float, row: float, **changes: Any
    ) -> QgsProcessingModelChildParameterSource:
        """Add an input that is a step's own parameter; return what gives its value to steps."""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{step}")
        definition: QgsProcessingParameterDefinition = algorithm.parameterDefinition(parameter).clone()
        definition.setName(name)
        definition.setDescription(self._words.get(name, definition.description()))
        # The plugin adds its widgets when it loads the file; QGIS without the plugin opens it, too.
        definition.setMetadata({})
        for change, value in changes.items():
            getattr(definition, f"set{change[0].upper()}{change[1:]}")(value)
        component = QgsProcessingModelParameter(name)
        _place(component, column, row)
        self.model.addModelParameter(definition, component)
        self._order.append(name)
        return QgsProcessingModelChildParameterSource.fromModelParameter(name)

    def step(
        self,
        name: str,
        column: float,
        row: float,
        outputs: dict[str, tuple[str, float, float]],
        **values: Any,
    ) -> None:
        """Add a tool.

        Args:
            name: Its id, and the step's.
            column: Where its box stands.
            row: Where its box stands.
            outputs: Those that the model keeps: their names there, which become parameters of the
                model, and where their boxes stand.
            values: Its parameters: what ``take`` and ``given`` return, or a value.
        """
        child = QgsProcessingModelChildAlgorithm(f"deeplandcover:{name}")
        child.setChildId(name)
        child.setDescription(child.algorithm().displayName())
        _place(child, column, row)
        for parameter, value in values.items():
            is_source = isinstance(value, QgsProcessingModelChildParameterSource)
            source = value if is_source else QgsProcessingModelChildParameterSource.fromStaticValue(value)
            child.addParameterSources(parameter, [source])
        kept = {}
        for output, (title, *place) in outputs.items():
            item = QgsProcessingModelOutput(title, title)
            item.setChildId(name)
            item.setChildOutputName(output)
            _place(item, *place)
            kept[title] = item
        child.setModelOutputs(kept)
        self.model.addChildAlgorithm(child)

    def given(self, step: str, output: str) -> QgsProcessingModelChildParameterSource:
        """Return what gives a step's output to later ones."""
        return QgsProcessingModelChildParameterSource.fromChildOutput(step, output)

    def finished(self) -> QgsProcessingModelAlgorithm:
        """Return the model with its inputs in the order in which they were added.

        Raises:
            RuntimeError: A step lacks something, or gets what it does not take.
        """
        self.model.setParameterOrder(self._order)
        for name, child in self.model.childAlgorithms().items():
            unknown = child.parameterSources().keys() - {
                definition.name() for definition in child.algorithm().parameterDefinitions()
            }
            fine, problems = self.model.validateChildAlgorithm(name)
            if unknown or not fine:
                raise RuntimeError(f"{self.model.displayName()}, {name}: {unknown or problems}")
        return self.model


def train_classify_assess(draft: Draft) -> None:
    """Draw from polygons to a map and its accuracy."""
    raster = draft.take("INPUT", "trainmodel", "INPUT", 0, 0)
    samples = draft.take("SAMPLES", "trainmodel", "SAMPLES", 0, 1)
    field = draft.take("CLASS_FIELD", "trainmodel", "CLASS_FIELD", 0, 2)
    name = draft.take("NAME_FIELD", "trainmodel", "NAME_FIELD", 0, 3)
    scheme = draft.take("SCHEME", "trainmodel", "SCHEME", 0, 4)
    kind = draft.take("ARCHITECTURE", "trainmodel", "ARCHITECTURE", 0, 5)
    reference = draft.take("REFERENCE", "assessaccuracy", "REFERENCE", 2, 4)
    true_class = draft.take("REFERENCE_FIELD", "assessaccuracy", "CLASS_FIELD", 2, 5)
    design = draft.take("DESIGN", "assessaccuracy", "DESIGN", 2, 6)
    draft.step(
        "trainmodel", 1, 2.1, {"OUTPUT": ("model", 2, 1.7), "REPORT": ("training_report", 2, 2.5)},
        INPUT=raster, SAMPLES=samples, CLASS_FIELD=field, NAME_FIELD=name, SCHEME=scheme, ARCHITECTURE=kind,
    )  # fmt: skip
    draft.step(
        "classifyraster", 2, 0.5, {"OUTPUT": ("map", 3, 0.5)},
        INPUT=raster, MODEL=draft.given("trainmodel", "OUTPUT"),
    )  # fmt: skip
    draft.step(
        "assessaccuracy", 3, 3, {"REPORT": ("accuracy_report", 4, 2.5), "TABLE": ("accuracy_table", 4, 3.5)},
        INPUT=draft.given("classifyraster", "OUTPUT"), REFERENCE=reference, CLASS_FIELD=true_class,
        DESIGN=design,
    )  # fmt: skip


def classify_style_export(draft: Draft) -> None:
    """Draw from a raster and a model to a page."""
    raster = draft.take("INPUT", "classifyraster", "INPUT", 0, 0)
    model = draft.take("MODEL", "classifyraster", "MODEL", 0, 1)
    scheme = draft.take(
        "SCHEME", "styleclassification", "SCHEME", 1, 2, defaultValue="jambi_safe", flags=_NO_FLAGS
    )
    title = draft.take("TITLE", "exportmap", "TITLE", 2, 2)
    report = draft.take("REPORT", "exportmap", "REPORT", 2, 3)
    draft.step("classifyraster", 1, 0.5, {"OUTPUT": ("map", 2, -0.5)}, INPUT=raster, MODEL=model)
    draft.step(
        "styleclassification", 2, 0.75, {},
        INPUT=draft.given("classifyraster", "OUTPUT"), SCHEME=scheme, WRITE=True,
    )  # fmt: skip
    draft.step(
        "exportmap", 3, 1.5, {"OUTPUT": ("page", 4, 1.5)},
        INPUTS=draft.given("styleclassification", "OUTPUT"), TITLE=title, REPORT=report,
    )  # fmt: skip


def stack_classify(draft: Draft) -> None:
    """Draw from several rasters to a map."""
    raster = draft.take("INPUT", "stackfeatures", "INPUT", 0, 0)
    extra = draft.take("EXTRA_INPUTS", "stackfeatures", "EXTRA_INPUTS", 0, 1)
    model = draft.take("MODEL", "classifyraster", "MODEL", 1, 2.5)
    draft.step(
        "stackfeatures",
        1,
        1,
        {"OUTPUT": ("stack", 2, 0)},
        INPUT=raster,
        EXTRA_INPUTS=extra,
        INDICES=_NO_INDICES,
    )
    draft.step(
        "classifyraster", 2, 1.5, {"OUTPUT": ("map", 3, 1.5)},
        INPUT=draft.given("stackfeatures", "OUTPUT"), MODEL=model,
    )  # fmt: skip


DRAWN = {drawn.__name__: drawn for drawn in (train_classify_assess, classify_style_export, stack_classify)}


def _place(component: Any, column: float, row: float) -> None:
    component.setPosition(QPointF(WIDTH + column * ACROSS, 2 * HEIGHT + row * DOWN))
    component.setSize(QSizeF(WIDTH, HEIGHT))


def drawn_models() -> dict[str, QgsProcessingModelAlgorithm]:
    """Return id to model; the plugin's provider must be registered."""
    from deep_land_cover.algorithms.example_models import EXAMPLE_MODELS

    models = {}
    for model in EXAMPLE_MODELS:
        draft = Draft(model)
        DRAWN[model.ID](draft)
        models[model.ID] = draft.finished()
    return models


def main() -> int:
    """Write the models."""
    from qgis_session import qgis_session

    with qgis_session():
        from deep_land_cover.algorithms.provider import DeepLandCoverProvider

        # Without the models, which may not be there yet.
        provider = DeepLandCoverProvider()
        QgsApplication.processingRegistry().addProvider(provider)
        _write_models()
        QgsApplication.processingRegistry().removeProvider(provider)
    return 0


def _write_models() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, model in drawn_models().items():
        path = FOLDER / f"{name}.model3"
        if not model.toFile(str(path)):
            raise RuntimeError(f"{path} cannot be written")
        print(path)


if __name__ == "__main__":
    sys.exit(main())
