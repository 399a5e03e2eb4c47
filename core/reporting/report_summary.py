"""Key figures of a report for the page of a map. Light: QGIS imports this module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from ..files import MARK, json_path

ACCURACY, TRAINING = "accuracy", "training"
_ADVICE = "Choose the report of 'Assess accuracy and area' or of 'Train a land-cover model', or its JSON."


@dataclass(frozen=True)
class ReportSummary:
    """What a report says of how right a map or a model is.

    Attributes:
        kind: ``accuracy`` (of a map) or ``training`` (of a model, on samples that were held out).
        name: The map or the model.
        overall: Overall accuracy, 0 to 1.
        low: Lower end of its 95 % interval; None where the report gives none.
        high: Upper end.
        units: Reference points or pixels, or test samples.
        unit_name: ``point``, ``pixel`` or, of a training, ``sample``.
        clusters: How many polygons, blocks or points they come from; None where it is not known.
        cluster_name: ``point``, ``polygon`` or ``block``; of a training what its design calls them.
        design: How the points were drawn, one of ``core.options.DESIGNS``; of a training
            its split.
        created: ISO time stamp.
    """

    kind: str
    name: str
    overall: float
    low: float | None
    high: float | None
    units: int
    unit_name: str
    clusters: int | None
    cluster_name: str
    design: str
    created: str


def read_summary(report: Path) -> ReportSummary:
    """Return the figures of a report.

    Args:
        report: The page, beside which the JSON lies, or the JSON.

    Raises:
        ParameterError: There is no such report, it is another kind, or it has no accuracy.
    """
    path = report if report.suffix.lower() == ".json" else json_path(report)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(
            "The report’s figures cannot be read: {strerror}",
            where=str(path),
            advice="The file NAME.json beside the report NAME.html holds them: keep the two together.",
            strerror=error.strerror,
        ) from error
    except ValueError as error:
        raise ParameterError("The file is no report", where=str(path), advice=_ADVICE) from error
    found = content.get(MARK) if isinstance(content, dict) else None
    kind = found if isinstance(found, str) else ""
    makers = {ACCURACY: _of_map, TRAINING: _of_model}
    if kind not in makers:
        raise ParameterError(
            "The file is " + ("a report of another kind" if kind else "no report"),
            where=str(path),
            advice=_ADVICE,
        )
    try:
        return makers[kind](content)
    except (KeyError, TypeError) as error:
        raise ParameterError(
            "The report has no overall accuracy", where=str(path), advice="Choose another report."
        ) from error


def _of_map(content: dict[str, Any]) -> ReportSummary:
    overall = content["accuracy"]["overall"]
    return ReportSummary(
        ACCURACY,
        content["map"],
        _number(overall["value"]),
        overall["low"],
        overall["high"],
        content["units"],
        content["unit_name"],
        content["clusters"],
        content["cluster_name"],
        content["design"],
        content["created"],
    )


def _of_model(content: dict[str, Any]) -> ReportSummary:
    # A training without a test has no judgement.
    overall = content["judgement"]["overall"]
    return ReportSummary(
        TRAINING,
        content["model"],
        _number(overall["value"]),
        overall["low"],
        overall["high"],
        content["test_samples"],
        "sample",
        content["test_clusters"],
        content["cluster_name"],
        content["split"],
        content["created"],
    )


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError("no number")
    return float(value)
