"""Key figures of a report for the page of a map. Light: QGIS imports this module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from ..files import json_path, read_text_file
from ..marks import REPORT_KEY

_MAX_REPORT_BYTES = 256_000_000
ACCURACY, TRAINING = "accuracy", "training"
_ADVICE = "Choose the report of 'Assess accuracy and area' or of 'Train a land-cover model', or its JSON."


@dataclass(frozen=True)
class ReportSummary:
    """Overall accuracy of a map or a model, read from a report.

    Attributes:
        kind: Kind of the report: ``accuracy`` (of a map) or ``training`` (of a model, on held-out samples).
        name: Name of the map or the model.
        overall: Overall accuracy, 0 to 1.
        low: Lower end of its 95 % confidence interval; None where the report has no interval.
        high: Upper end of the interval.
        units: Number of reference points or pixels, or of test samples.
        unit_name: Kind of the units: ``point``, ``pixel`` or, for a training, ``sample``.
        clusters: Number of clusters of the units; None where it is not known.
        cluster_name: Kind of the clusters, such as ``point``, ``polygon`` or ``block``.
        design: Sampling design, one of ``core.options.DESIGNS``; for a training, the split method.
        created: ISO time stamp.
        checksum: Checksum of the pixels of the assessed map, see ``core.provenance``; empty for a model, and
            in reports of older versions.
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
    checksum: str = ""


def read_summary(report: Path) -> ReportSummary:
    """Return the overall accuracy of a report.

    Args:
        report: Page of the report, with the JSON file in the same folder, or the JSON file.

    Raises:
        ParameterError: The report does not exist, is of another kind, or has no accuracy.
    """
    path = report if report.suffix.lower() == ".json" else json_path(report)
    try:
        content = json.loads(read_text_file(path, _MAX_REPORT_BYTES))
    except OSError as error:
        raise ParameterError(
            "The report’s figures cannot be read: {strerror}",
            where=str(path),
            advice="They are in the file NAME.json next to the report NAME.html. Keep both files together.",
            strerror=error.strerror,
        ) from error
    # Objects nested without end raise the latter.
    except (ValueError, RecursionError) as error:
        raise ParameterError("The file is not a report", where=str(path), advice=_ADVICE) from error
    mark = content.get(REPORT_KEY) if isinstance(content, dict) else None
    kind = mark if isinstance(mark, str) else ""
    readers = {ACCURACY: _of_map, TRAINING: _of_model}
    if kind not in readers:
        raise ParameterError(
            "The file is " + ("a report of another kind" if kind else "not a report"),
            where=str(path),
            advice=_ADVICE,
        )
    try:
        return readers[kind](content)
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
        next(iter(content.get("checksums") or []), ""),
    )


def _of_model(content: dict[str, Any]) -> ReportSummary:
    # "judgement" is null in the report of a training without a test.
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
        raise TypeError("not a number")
    return float(value)
