"""Write a graphical model of the first edition. Run once, at its last commit (94b2d0d), by QGIS's Python:

    /usr/bin/python3 tests/first_edition/make_model3.py

It trains a forest and classifies with it. All parameters of both tools have values of their own in it, as
in a model whose author opened each of them: later editions must still know each name and each value.
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
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
)

ROOT = Path(__file__).resolve().parents[2]

TRAINING = {
    "CLASS_FIELD": "class",
    "NAME_FIELD": "name",
    "ARCHITECTURE": "random_forest",
    "WINDOWS": "3",
    "MAX_PER_CLASS": 60,
    "INDICES": ["NDVI"],
    "DEVICE": "cpu",
}
CLASSIFICATION = {"DEVICE": "cpu"}


def main() -> None:
    """Write the model beside the other files."""
    sys.path.insert(0, str(ROOT / ".dev" / "plugins"))
    from deep_land_cover.tools.make_resources import qgis_session

    with qgis_session():
        import deep_land_cover

        plugin = deep_land_cover.classFactory(None)
        plugin.initProcessing()
        model = drawn()
        problems = model.validate()
        if not problems[0]:
            raise SystemExit("\n".join(problems[1]))
        model.toFile(str(Path(__file__).parent / "kept" / "train_classify.model3"))
        del model
        plugin.unload()


def drawn() -> QgsProcessingModelAlgorithm:
    """Return the model."""
    model = QgsProcessingModelAlgorithm("Train, classify", "First edition")
    inputs = (QgsProcessingParameterRasterLayer("raster"), QgsProcessingParameterVectorLayer("labels"))
    for definition in inputs:
        model.addModelParameter(definition, QgsProcessingModelParameter(definition.name()))
    given = QgsProcessingModelChildParameterSource.fromModelParameter
    made = QgsProcessingModelChildParameterSource.fromChildOutput("train", "OUTPUT")
    train = step("trainmodel", "train", {"INPUT": given("raster"), "SAMPLES": given("labels")}, TRAINING)
    model.addChildAlgorithm(train)
    classify = step("classifyraster", "classify", {"INPUT": given("raster"), "MODEL": made}, CLASSIFICATION)
    final = QgsProcessingModelOutput("map")
    final.setChildId("classify")
    final.setChildOutputName("OUTPUT")
    classify.setModelOutputs({"map": final})
    model.addChildAlgorithm(classify)
    return model


def step(
    name: str, identifier: str, sources: dict[str, Any], values: dict[str, Any]
) -> QgsProcessingModelChildAlgorithm:
    """Return a step with a value for each parameter that has one."""
    child = QgsProcessingModelChildAlgorithm(f"deeplandcover:{name}")
    child.setChildId(identifier)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"deeplandcover:{name}")
    for definition in algorithm.parameterDefinitions():
        parameter = definition.name()
        if parameter in sources:
            child.addParameterSources(parameter, [sources[parameter]])
            continue
        value = values.get(parameter, definition.defaultValue())
        if value is not None and not definition.isDestination():
            source = QgsProcessingModelChildParameterSource.fromStaticValue(value)
            child.addParameterSources(parameter, [source])
    return child


if __name__ == "__main__":
    main()
