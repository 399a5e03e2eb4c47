"""Parameters of what a tool tells of its work."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
)

from ...core.options import AUTO
from ..i18n.translation import tr, translated_languages
from ..layers.run_context import LANGUAGE
from .common import Described, choice_parameter
from .outputs import absolute

REPORT, BASELINE = "REPORT", "BASELINE"
TRAINING_REPORT_HELP = (
    "A page that says what was done, how good the model is and what that proves: split map, learning curves, "
    "confusion matrix, figures of each class with intervals, reliability and warnings. It needs no other "
    "file. NAME.json beside it has the same content for programs, the folder NAME_figures its pictures at "
    "300 dots per inch."
)
BASELINE_HELP = (
    "Also trains a random forest on the same samples and split, and compares the two on the same test "
    "samples. Beside a network it sees the pixel and its neighbourhoods within the patch, beside trees the "
    "pixel alone. With FOLDS it is also trained on the samples that choose a network's epoch, of which it "
    "has no need. Off by default, because it is a second training."
)


def report_parameter(title: str) -> QgsProcessingParameterFileDestination:
    """Return the parameter REPORT; QGIS lists what is written there in the Results Viewer, by ``title``."""
    return QgsProcessingParameterFileDestination(
        REPORT, tr(title), fileFilter=tr("HTML files (*.html)"), optional=True
    )


def language_parameter() -> Described:
    """Return the parameter REPORT_LANGUAGE."""
    return Described(
        choice_parameter(LANGUAGE, tr("Language of the report"), (AUTO, "en", *translated_languages())),
        "Language of the report’s page, with numbers in its form. Automatic: that of QGIS, or English where "
        "there is no translation. JSON and CSV files are in English in any case.",
        advanced=True,
    )


def baseline_parameter() -> QgsProcessingParameterBoolean:
    """Return the parameter BASELINE."""
    return QgsProcessingParameterBoolean(BASELINE, tr("Compare with a random forest"), defaultValue=False)


def report_path(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str | None:
    """Return the whole path that REPORT gives; None where no report was asked for."""
    path = algorithm.parameterAsFileOutput(parameters, REPORT, context)
    return absolute(path) if path else None
