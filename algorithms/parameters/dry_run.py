"""The parameter DRY_RUN, its outputs, and the end of a dry run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
)

from ..i18n.translation import tr

DRY_RUN = "DRY_RUN"
DRY_RUN_HELP = (
    "Tells what the run would do, and writes nothing: inputs, classes, grid, files, disk space and time, as "
    "JSON in the log and in the output PLAN."
)
DRY_RUN_DETAILS = (
    "Inputs and parameters are checked as in a real run. The time comes from a short trial on this computer; "
    "where it cannot be known before the run, the plan says so. PLAN is text; ESTIMATED_SECONDS and "
    "ESTIMATED_BYTES (largest size of all files) are numbers."
)
PLAN_OUTPUT, SECONDS_OUTPUT, BYTES_OUTPUT = "PLAN", "ESTIMATED_SECONDS", "ESTIMATED_BYTES"


class DryRunOver(Exception):
    """End of a dry run in the process of QGIS.

    Args:
        results: Results of the algorithm.
    """

    def __init__(self, results: dict[str, Any]) -> None:
        super().__init__("The dry run is complete.")
        self.results = results


def dry_run_parameter() -> QgsProcessingParameterBoolean:
    """Return the parameter DRY_RUN."""
    return QgsProcessingParameterBoolean(DRY_RUN, tr("Dry run"), defaultValue=False)


def dry_run_outputs() -> tuple[QgsProcessingOutputDefinition, ...]:
    """Return the outputs of dry runs."""
    return (
        QgsProcessingOutputString(PLAN_OUTPUT, tr("Plan of a dry run (JSON)")),
        QgsProcessingOutputNumber(SECONDS_OUTPUT, tr("Estimated seconds")),
        QgsProcessingOutputNumber(BYTES_OUTPUT, tr("Largest size of all files (bytes)")),
    )


def dry_run_results(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of an algorithm in a dry run.

    Args:
        plan: Plan of the worker, see ``core.run_plan``.
    """
    seconds = plan["time"]["seconds"]
    return {
        PLAN_OUTPUT: json.dumps(plan, ensure_ascii=False),
        **({} if seconds is None else {SECONDS_OUTPUT: seconds}),
        BYTES_OUTPUT: sum(item["max_bytes"] for item in plan["files"]),
    }
