"""Report and CSV table of change between two maps."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..classes import LandCoverClass, class_label
from ..files import figure_folder, partial_file
from ..maps.intensity import ChangeComponents, ChangeMatrix, ClassChange, IntensityAnalysis
from ..progress import Progress
from ..text import Text, fixed, joined
from ..values import to_plain
from .figure import Picture, figure_labels, figure_style, save_figure
from .flow_charts import draw_change, draw_components, draw_flows, draw_gains_and_losses
from .page import ReportClosing, mapped_sentences, write_report

TABLE_COLUMNS = (
    "from_value",
    "from_name",
    "to_value",
    "to_name",
    "pixels",
    "area_ha",
    "percent",
    "below_mmu_ha",
    "value",
    "zone",
)
MAPPED_NOTE = Text(
    "This is mapped change, not an estimate of change: each error of either map counts as change here. Two "
    "maps that are each right on 90 % of their pixels can be wrong about change on up to 20 % of them, which "
    "is often more than what really changed. For areas of change with confidence intervals, draw reference "
    "points in the strata of the change map (STRATA) and assess the change map with them."
)
"""Sentence beside every transition matrix."""
# Largest number of transitions in the tables of the page; the CSV file has all.
_MAX_LISTED = 30


@dataclass(frozen=True)
class TransitionRow:
    """Area of a transition.

    Attributes:
        before: Class of the earlier map.
        after: Class of the later map.
        value: Value in the from-to raster; None where only patches below the minimum mapping unit have it.
        pixels: Number of pixels.
        hectares: Area in hectares.
        below_hectares: Area of patches below the minimum mapping unit, which is not in ``hectares``.
        zone: Name of the zone; empty for the whole map.
    """

    before: LandCoverClass
    after: LandCoverClass
    value: int | None
    pixels: float
    hectares: float
    below_hectares: float = 0.0
    zone: str = ""

    @property
    def is_change(self) -> bool:
        """Whether the classes differ."""
        return self.before.value != self.after.value


@dataclass(frozen=True)
class MatrixContent:
    """Transition matrix and what follows from it.

    Attributes:
        classes: Classes, or groups of classes.
        hectares: Area by class of the earlier map (rows) and of the later one.
        changes: Change of each class.
        rates: Compound rate of each class, a fraction per year; None where it is not known.
        components: Components of the area of change.
    """

    classes: tuple[LandCoverClass, ...]
    hectares: tuple[tuple[float, ...], ...]
    changes: tuple[ClassChange, ...]
    rates: tuple[float | None, ...]
    components: ChangeComponents


def matrix_content(matrix: ChangeMatrix, years: float) -> MatrixContent:
    """Return a transition matrix as content of a report.

    Args:
        matrix: The matrix.
        years: Duration in years; 0 where it is not known.
    """
    changes = matrix.of_classes()
    return MatrixContent(
        matrix.classes,
        tuple(tuple(row) for row in matrix.hectares.tolist()),
        changes,
        tuple(item.annual_rate(years) for item in changes),
        matrix.components(),
    )


@dataclass(frozen=True)
class ZoneChange:
    """Change within a zone.

    Attributes:
        name: Name of the zone.
        hectares: Area with a class in both maps.
        changed: Area of change in hectares.
        quantity: Part of it that changes the areas of the classes.
        largest: Largest transition, such as ``Forest → Pasture``; empty without change.
        largest_hectares: Its area.
    """

    name: str
    hectares: float
    changed: float
    quantity: float
    largest: str
    largest_hectares: float


@dataclass(frozen=True)
class BelowMinimum:
    """Patches of change below the minimum mapping unit.

    Attributes:
        minimum: Minimum mapping unit in hectares.
        patches: Number of patches.
        pixels: Number of their pixels.
        hectares: Their area.
    """

    minimum: float
    patches: int
    pixels: int
    hectares: float


@dataclass(frozen=True)
class ChangeContent(ReportClosing):
    """Content of the report of change between two maps. The names are keys in its JSON.

    Attributes:
        maps: User's names of the earlier and the later map.
        years: Duration in years; 0 where it is not known.
        whole: Transition matrix and what follows from it.
        intensity: Intensity analysis.
        rows: Area of each transition.
        groups: The same by group of classes; None without groups.
        below: Patches below the minimum mapping unit; None without one.
        zone_field: Name of the zone field; empty without one.
        zones: Change within each zone.
        zone_rows: Area of each transition within each zone.
        mean_probability: Mean probability of change; None without probabilities.
        strata: Pixels of each stratum by its name; empty without strata.
        mapped_note: Sentence beside the matrices.
        checksums: Checksum of the pixels of each map, see ``core.provenance``.
    """

    maps: tuple[str, str]
    years: float
    whole: MatrixContent
    intensity: IntensityAnalysis
    rows: tuple[TransitionRow, ...]
    groups: MatrixContent | None = None
    below: BelowMinimum | None = None
    zone_field: str = ""
    zones: tuple[ZoneChange, ...] = ()
    zone_rows: tuple[TransitionRow, ...] = ()
    mean_probability: float | None = None
    strata: dict[str, int] = field(default_factory=dict)
    mapped_note: str = MAPPED_NOTE
    checksums: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Area with a class in both maps, in hectares, with patches below the minimum mapping unit."""
        below = self.below.hectares if self.below else 0.0
        return sum(map(sum, self.whole.hectares)) + below

    @property
    def largest(self) -> tuple[TransitionRow, ...]:
        """The largest transitions between different classes, the largest first."""
        changes = [row for row in self.rows if row.is_change and row.hectares > 0]
        return tuple(sorted(changes, key=lambda row: -row.hectares)[:_MAX_LISTED])

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        parts, total = self.whole.components, self.total or 1.0
        lines: list[str] = [
            Text(
                "{changed:,.1f} ha of {total:,.1f} ha changed class ({part:.2%}): quantity {quantity:,.1f} "
                "ha, exchange {exchange:,.1f} ha, shift {shift:,.1f} ha.",
                changed=parts.total,
                total=self.total,
                part=parts.total / total,
                quantity=parts.quantity,
                exchange=parts.exchange,
                shift=parts.shift,
            )
        ]
        if self.below is not None:
            lines.append(
                Text(
                    "{patches:,} patches of change are below the minimum mapping unit of {minimum:g} ha: "
                    "{hectares:,.1f} ha, which count neither as change nor as persistence.",
                    patches=self.below.patches,
                    minimum=self.below.minimum,
                    hectares=self.below.hectares,
                )
            )
        lines += [
            Text(
                "{before} → {after}: {hectares:,.1f} ha.",
                before=row.before.name,
                after=row.after.name,
                hectares=row.hectares,
            )
            for row in self.largest[:5]
        ]
        if self.mean_probability is not None:
            lines.append(Text("The mean probability of change is {mean:.1%}.", mean=self.mean_probability))
        return tuple(lines)


def change_methods(content: ChangeContent) -> str:
    """Return the paragraph on the change for a publication."""
    parts = content.whole.components
    sentences: list[str] = [
        Text(
            "{after} was compared with {before} pixel by pixel. {changed} ha of {total} ha ({part:.1f} %) "
            "changed class: {quantity} ha in quantity, {exchange} ha by exchange and {shift} ha by shift "
            "(Pontius and Santacruz 2014).",
            before=content.maps[0],
            after=content.maps[1],
            changed=fixed(parts.total, 1),
            total=fixed(content.total, 1),
            part=100 * parts.total / (content.total or 1.0),
            quantity=fixed(parts.quantity, 1),
            exchange=fixed(parts.exchange, 1),
            shift=fixed(parts.shift, 1),
        )
    ]
    if content.below is not None:
        sentences.append(
            Text(
                "Patches of change below {minimum:g} ha were left out ({hectares} ha).",
                minimum=content.below.minimum,
                hectares=fixed(content.below.hectares, 1),
            )
        )
    return joined([*sentences, *mapped_sentences(content.provenance)])


def write_change_table(path: Path, content: ChangeContent, progress: Progress) -> None:
    """Write the transitions as CSV: first those of the whole map, then those of each zone.

    ``percent`` is that of the area with a class in both maps, of the map or of the zone.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    totals = {"": content.total, **{zone.name: zone.hectares for zone in content.zones}}
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        has_zones = bool(content.zone_rows)
        writer.writerow(TABLE_COLUMNS if has_zones else TABLE_COLUMNS[:-1])
        for row in (*content.rows, *content.zone_rows):
            total = totals.get(row.zone, 0.0)
            cells = [
                row.before.value,
                row.before.name,
                row.after.value,
                row.after.name,
                f"{row.pixels:.10g}",
                f"{row.hectares:.10g}",
                f"{100 * row.hectares / total:.6g}" if total else "",
                f"{row.below_hectares:.10g}",
                "" if row.value is None else row.value,
            ]
            writer.writerow([*cells, row.zone] if has_zones else cells)


def _write_matrix(path: Path, item: MatrixContent, progress: Progress) -> None:
    names = [class_label(each) for each in item.classes]
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["from \\ to (ha)", *names])
        for name, row in zip(names, item.hectares, strict=True):
            writer.writerow([name, *(f"{area:.10g}" for area in row)])


def write_change_report(path: Path, content: ChangeContent, progress: Progress) -> None:
    """Write the page of a report of change, its JSON file, figures and CSV tables.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    groups = content.groups.classes if content.groups else ()
    texts = [class_label(item) for item in (*content.whole.classes, *groups)]
    with figure_style([*content.maps, *texts]) as chain:
        methods = change_methods(content)
        pictures = change_pictures(content, chain)
        document = {**to_plain(content), "methods": str(methods)}
        write_report(path, "change.html", content, document, pictures, progress, methods)
    folder = figure_folder(path)
    write_change_table(folder / "transitions.csv", content, progress)
    _write_matrix(folder / "matrix.csv", content.whole, progress)
    if content.groups is not None:
        _write_matrix(folder / "matrix_groups.csv", content.groups, progress)


def change_pictures(content: ChangeContent, chain: Sequence[str]) -> list[Picture]:
    """Return the figures of a report of change, within ``figure_style``.

    Args:
        content: Content of the report.
        chain: Fonts of the style.
    """
    labels = figure_labels(content.whole.classes, chain)
    matrix = _matrix(content.whole)
    parts = content.whole.components
    pictures = [
        Picture(
            "flows",
            Text(
                "Classes of {before} (left) and of {after} (right), with their part of the area. Pale bands "
                "kept their class, the others changed to the class of their colour.",
                before=content.maps[0],
                after=content.maps[1],
            ),
            Text("Sankey diagram of the transitions; the numbers are in the matrix below"),
            draw_flows(content.maps, content.whole.classes, [matrix.hectares], labels),
        ),
        Picture(
            "gains_and_losses",
            Text("Gain and loss of each class in hectares; the diamond is the net change."),
            Text("Bars of gain and loss of each class; the numbers are in the table"),
            draw_gains_and_losses(content.whole.changes, content.whole.classes, labels),
        ),
        Picture(
            "components",
            Text(
                "Change divided into quantity, exchange between two classes, and shift among three or more, "
                "as part of the area."
            ),
            Text("Bar of the components of change; the numbers are in the text"),
            draw_components(
                parts.quantity,
                parts.exchange,
                parts.shift,
                sum(map(sum, content.whole.hectares)) - parts.total,
            ),
        ),
    ]
    if content.groups is not None:
        pictures.append(
            Picture(
                "group_flows",
                Text("The same by group of classes."),
                Text("Sankey diagram of the transitions between groups of classes"),
                draw_flows(
                    content.maps,
                    content.groups.classes,
                    [_matrix(content.groups).hectares],
                    figure_labels(content.groups.classes, chain),
                ),
            )
        )
    return pictures


def write_change_figure(path: Path, content: ChangeContent, title: str, progress: Progress) -> None:
    """Write the Sankey diagram and the bars of gain and loss as one figure for print.

    Args:
        path: Picture to write. Its ending gives the format, one of ``core.files.FIGURE_SUFFIXES``.
        content: Content of the report.
        title: Title of the figure; empty for none.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    with figure_style(
        [title, *content.maps, *(class_label(item) for item in content.whole.classes)]
    ) as chain:
        labels = figure_labels(content.whole.classes, chain)
        save_figure(path, draw_change(content.maps, _matrix(content.whole), labels, title), progress)


def _matrix(item: MatrixContent) -> ChangeMatrix:
    import numpy as np

    return ChangeMatrix(item.classes, np.array(item.hectares))
