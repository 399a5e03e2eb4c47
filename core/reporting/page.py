"""Writing of a report: one self-contained HTML page, its content as JSON, and the figures."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..assessment.estimate import Estimate
from ..files import figure_folder, json_path, partial_file
from ..marks import REPORT_KEY, mark, report_kind
from ..options import BY_MAP, BY_WEIGHTS, NONE, OTHER, SIMPLE
from ..progress import Progress
from ..provenance import Provenance
from ..text import Text, counted, fixed, typeset
from .figure import Picture
from .language import language, numeral, say

_TEMPLATES = Path(__file__).parent / "templates"
# Reports of one tool are of one kind, so that one takes the place of the other.
_KINDS = {"areas.html": "comparison"}
_MONTHS = (
    Text("January"),
    Text("February"),
    Text("March"),
    Text("April"),
    Text("May"),
    Text("June"),
    Text("July"),
    Text("August"),
    Text("September"),
    Text("October"),
    Text("November"),
    Text("December"),
)
_DESIGNS = {
    NONE: Text("no probability sample"),
    SIMPLE: Text("drawn at random"),
    BY_MAP: Text("stratified by the map’s classes"),
    OTHER: Text("stratified"),
    BY_WEIGHTS: Text("weighted"),
}
_SPACE_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
    # What is a template with values is said in the report's language where it is printed.
    finalize=lambda value: _said(value) if isinstance(value, Text) else value,
    # Class names, layer names and paths are the user's and may contain markup.
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class ReportClosing:
    """Fields at the end of the content of every report of a tool. The names are keys in its JSON.

    Attributes:
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of units or pixels that are left out, by reason.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
    """

    cautions: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    provenance: Provenance = field(default_factory=Provenance)


def software_sentence(record: Provenance) -> Text:
    """Return the sentence of a methods paragraph that names the software."""
    return Text(
        "Computed with Deep Land Cover {version}.", version=record.versions.get("deep_land_cover", "")
    )


def mapped_sentences(record: Provenance) -> tuple[Text, Text]:
    """Return the last sentences of a methods paragraph on areas of mapped pixels."""
    return (
        Text("These are areas of mapped pixels, which are not corrected for errors of the maps."),
        software_sentence(record),
    )


def write_report(
    path: Path,
    template: str,
    content: Any,
    document: dict[str, Any],
    pictures: Sequence[Picture],
    progress: Progress,
    methods: str = "",
) -> None:
    """Write a page (HTML), its content as JSON and its pictures as PNG files.

    The page is self-contained. Pictures of an earlier report in the folder of figures are not deleted.

    Args:
        path: Page to write.
        template: File name in ``templates``; its variables are ``content``, ``pictures`` by name, ``folder``,
            ``json_name`` and ``mark``.
        content: Content for the page.
        document: Content for the JSON file as plain values.
        pictures: Pictures, drawn in the current figure style.
        progress: Progress reporter.
        methods: Paragraph on methods and results for a publication; empty for none.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    folder = figure_folder(path)
    folder.mkdir(exist_ok=True)
    for picture in pictures:
        progress.check_cancelled()
        with partial_file(folder / f"{picture.name}.png", progress) as part:
            part.write_bytes(picture.png)
    kind = _KINDS.get(template, template.removesuffix(".html"))
    if isinstance(content, ReportClosing):
        # Fields of a base class come first otherwise.
        closing = [item.name for item in fields(ReportClosing) if item.name in document]
        others = {name: value for name, value in document.items() if name not in closing}
        document = {**others, **{name: document[name] for name in closing}}
    plain = {REPORT_KEY: kind, **_finite(document)}
    plain["figures"] = [f"{folder.name}/{picture.name}.png" for picture in pictures]
    with partial_file(json_path(path), progress) as part:
        part.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    page = _ENVIRONMENT.get_template(template).render(
        content=content,
        pictures={picture.name: picture for picture in pictures},
        folder=folder.name,
        json_name=json_path(path).name,
        methods=methods,
        language=language().code,
        mark=mark(report_kind(kind)),
    )
    with partial_file(path, progress) as part:
        part.write_text(page, encoding="utf-8")


def _finite(value: Any) -> Any:
    """Return plain values with None for NaN and infinity, which JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _said(text: str, **values: object) -> str:
    """Return a text in the report's language, in which no line ends between a number and its ``%``."""
    return _SPACE_BEFORE_PERCENT.sub("\u00a0", say(text, **values))


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None or not math.isfinite(value) else numeral(value, f"z.{digits}f")


def _figures(value: float) -> str:
    """Return a number with five significant digits, such as ``1,310.2`` or ``0.021300``."""
    return numeral(value, ",.5g")


def _percent(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else numeral(100 * value, "z.1f")


def _interval(item: Estimate, in_percent: bool = False, sign: bool = False) -> str:
    """Return ``0.710–0.830`` or, for what may be negative, ``−0.020 to +0.050``; empty without one.

    The digits are those of the figure, so that its interval contains it in print, too.
    """
    digits, factor = (1, 100) if in_percent else (3, 1)
    return say(item.interval_text(digits, factor, has_sign=sign))


def _signed(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else say(typeset(value, digits))


def _fixed(value: float, digits: int) -> str:
    """Return ``1,234.5``."""
    # Most cells of the matrix of many classes are 0.
    return say(fixed(value, digits)) if value or digits else "0"


def _worded_design(name: str) -> str:
    """Return a sampling design in words."""
    return _DESIGNS.get(name, name)


def _moment(stamp: str) -> str:
    """Return an ISO time stamp as ``31 January 2026, 12:00 UTC``, any other text unchanged."""
    try:
        time = datetime.fromisoformat(stamp).astimezone(UTC)
    except ValueError:
        return stamp
    return say(
        "{day} {month} {year}, {hour:02}:{minute:02} UTC",
        day=time.day,
        month=_MONTHS[time.month - 1],
        year=time.year,
        hour=time.hour,
        minute=time.minute,
    )


_ENVIRONMENT.filters.update(
    fixed=_fixed,
    number=_number,
    percent=_percent,
    figures=_figures,
    interval=_interval,
    signed=_signed,
    count=lambda value: numeral(value, ","),
    ends=lambda item, digits, factor: say(item.interval_text(digits, factor)),
    moment=_moment,
)
_ENVIRONMENT.globals.update(t=_said, text=Text, counted=counted, worded_design=_worded_design)
