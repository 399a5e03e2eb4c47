"""Parameters of reports and of the baseline."""

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
from .groups import OUTPUT, grouped
from .outputs import absolute

REPORT, BASELINE, INSPECT = "REPORT", "BASELINE", "INSPECT"
REPORT_FILES = (
    "NAME.json beside it has the same content for programs. The folder NAME_figures has its figures at 300 "
    "dots per inch."
)
TRAINING_REPORT_HELP = (
    "HTML page with the split, the accuracy of held-out samples with intervals, learning curves and "
    "warnings. It needs no other file."
)
BASELINE_HELP = (
    "Also trains a random forest with the same samples and split, and compares both on the same test "
    "samples. It takes the time of a second training."
)
BASELINE_DETAILS = (
    "Beside a network, the random forest uses the pixel and its neighbourhoods within the patch; beside "
    "trees, it uses the pixel alone. With FOLDS it is also trained with the samples that a network needs to "
    "select its epoch."
)


INSPECT_HELP = (
    "Adds the importance of bands and indices and a learning curve to the report, and labels to check of all "
    "polygons. It grows 80 further models of trees, as 'Inspect samples' does."
)
INSPECT_DETAILS = (
    "Without it, the report has what needs no model of its own: spectral curves, separability, balance and "
    "spread, and the labels that the tested model doubts."
)


def report_parameter(title: str) -> QgsProcessingParameterFileDestination:
    """Return the parameter REPORT; QGIS lists what is written there in the Results Viewer, by ``title``."""
    return QgsProcessingParameterFileDestination(
        REPORT, tr(title), fileFilter=tr("HTML files (*.html)"), optional=True
    )


def language_parameter() -> Described:
    """Return the parameter REPORT_LANGUAGE."""
    language = choice_parameter(LANGUAGE, tr("Report language"), (AUTO, "en", *translated_languages()))
    return Described(
        grouped(OUTPUT, language),
        "Language and number format of the page. <code>auto</code> is the language of QGIS, or English where "
        "there is no translation.",
        advanced=True,
        details="JSON and CSV files are always in English.",
    )


def baseline_parameter() -> QgsProcessingParameterBoolean:
    """Return the parameter BASELINE."""
    return QgsProcessingParameterBoolean(BASELINE, tr("Compare with random forest"), defaultValue=False)


def inspect_parameter() -> QgsProcessingParameterBoolean:
    """Return the parameter INSPECT."""
    return QgsProcessingParameterBoolean(INSPECT, tr("Full sample inspection"), defaultValue=False)


def report_path(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str | None:
    """Return the whole path that REPORT gives; None where no report was asked for."""
    path = algorithm.parameterAsFileOutput(parameters, REPORT, context)
    return absolute(path) if path else None
