"""Report and CSV table of the trajectories of classes in maps of several dates."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..classes import LandCoverClass, class_label
from ..files import figure_folder, partial_file
from ..maps.trajectories import FilterEffect
from ..progress import Progress
from ..text import Text, fixed, joined
from ..values import to_plain
from .figure import Picture, figure_labels, figure_style
from .flow_charts import draw_areas_in_time, draw_flows
from .page import ReportClosing, mapped_sentences, write_report

TRAJECTORIES_NOTE = Text(
    "These are mapped changes, not an estimate of change: each error of any map counts as a change, so their "
    "number grows with that of the maps. For areas of change with confidence intervals, compare two of the "
    "dates with ‘Change between two maps’, and draw reference points in its strata."
)
"""Sentence on what changes in maps are."""
# Largest numbers of sequences on the page, and of columns of the Sankey diagram.
_MAX_LISTED, _MAX_COLUMNS = 40, 8


@dataclass(frozen=True)
class SequenceRow:
    """Sequence of classes.

    Attributes:
        classes: Class at each date.
        pixels: Number of pixels.
        hectares: Area in hectares.
        changes: Number of changes.
    """

    classes: tuple[LandCoverClass, ...]
    pixels: int
    hectares: float
    changes: int


@dataclass(frozen=True)
class TrajectoriesContent(ReportClosing):
    """Content of the report of trajectories. The names are keys in its JSON.

    Attributes:
        maps: User's names of the maps, in the order of time.
        dates: Date of each map.
        classes: Classes of the maps.
        rows: Most frequent sequences, the largest area first.
        other_sequences: Number of sequences that are not among them.
        other_pixels: Their pixels.
        other_hectares: Their area in hectares.
        is_limited: Whether there were so many sequences that rare ones were only counted together.
        matrices: Area of each transition between a date and the next in hectares, of pixels with a class at
            all dates.
        hectares_before: Area of each class at each date before filters.
        hectares_after: The same after filters.
        by_changes: Pixels and hectares by number of changes, from 0 on.
        incomplete: Number of pixels without a class at some date, which have no trajectory.
        pixels: Number of pixels with a class at one date or more.
        effects: Effects of the filters.
        forbidden: Number of pixels with a forbidden transition after filters.
        has_rules: Whether transitions were forbidden.
        mapped_note: Sentence on what such changes are.
        checksums: Checksum of the pixels of each map, see ``core.provenance``.
    """

    maps: tuple[str, ...]
    dates: tuple[str, ...]
    classes: tuple[LandCoverClass, ...]
    rows: tuple[SequenceRow, ...]
    other_sequences: int
    other_pixels: int
    other_hectares: float
    is_limited: bool
    matrices: tuple[tuple[tuple[float, ...], ...], ...]
    hectares_before: tuple[tuple[float, ...], ...]
    hectares_after: tuple[tuple[float, ...], ...]
    by_changes: tuple[tuple[int, float], ...]
    incomplete: int
    pixels: int
    effects: tuple[FilterEffect, ...]
    forbidden: int
    has_rules: bool
    mapped_note: str = TRAJECTORIES_NOTE
    checksums: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Area with a class at all dates, in hectares."""
        return sum(area for _, area in self.by_changes)

    @property
    def changed_part(self) -> float:
        """Part of this area with a change at any date, 0 to 1."""
        return 1 - self.by_changes[0][1] / self.total if self.total else 0.0

    @property
    def listed(self) -> tuple[SequenceRow, ...]:
        """The sequences on the page."""
        return self.rows[:_MAX_LISTED]

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        lines: list[str] = [
            Text(
                "{dates} dates: of {total:,.1f} ha with a class at all of them, {part:.2%} changed at least "
                "once, {several:.2%} more than once.",
                dates=len(self.dates),
                total=self.total,
                part=self.changed_part,
                several=sum(area for _, area in self.by_changes[2:]) / self.total if self.total else 0.0,
            )
        ]
        if self.incomplete:
            lines.append(
                Text(
                    "{count:,} pixels have no class at some date, and no trajectory. The filter gap_fill "
                    "fills them.",
                    count=self.incomplete,
                )
            )
        if self.has_rules and self.forbidden:
            lines.append(Text("{count:,} pixels still have a forbidden transition.", count=self.forbidden))
        if self.is_limited:
            lines.append(
                Text(
                    "There are so many different sequences that rare ones are only counted together; the "
                    "areas of the frequent ones may be slightly too small."
                )
            )
        return tuple(lines)


def trajectories_methods(content: TrajectoriesContent) -> str:
    """Return the paragraph on the trajectories for a publication."""
    sentences: list[str] = [
        Text(
            "Land cover was followed pixel by pixel through maps of {count} dates ({first} to {last}).",
            count=len(content.dates),
            first=content.dates[0],
            last=content.dates[-1],
        )
    ]
    if content.effects:
        names = joined((item.filter for item in content.effects), ", ")
        sentences.append(Text("Sequences were filtered, in this order: {filters}.", filters=names))
    sentences.append(
        Text(
            "Of {total} ha with a class at all dates, {part:.1f} % changed at least once.",
            total=fixed(content.total, 1),
            part=100 * content.changed_part,
        )
    )
    return joined([*sentences, *mapped_sentences(content.provenance)])


def write_trajectories_table(path: Path, content: TrajectoriesContent, progress: Progress) -> None:
    """Write the most frequent sequences as CSV; a last row has all others together.

    The columns are the values, such as ``1 1 2``, the number of changes, pixels, hectares and per cent, and
    then the name of the class at each date.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    total = content.total or 1.0
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sequence", "changes", "pixels", "area_ha", "percent", *content.dates])
        for row in content.rows:
            writer.writerow(
                [
                    # A blank keeps spreadsheets from taking 1-2-3 for a date.
                    " ".join(str(item.value) for item in row.classes),
                    row.changes,
                    row.pixels,
                    f"{row.hectares:.10g}",
                    f"{100 * row.hectares / total:.6g}",
                    *(item.name for item in row.classes),
                ]
            )
        if content.other_pixels:
            others = [f"{content.other_hectares:.10g}", f"{100 * content.other_hectares / total:.6g}"]
            writer.writerow(["other", "", content.other_pixels, *others, *("" for _ in content.dates)])


def write_trajectories_report(path: Path, content: TrajectoriesContent, progress: Progress) -> None:
    """Write the page of a report of trajectories, its JSON file, figures and CSV table.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([*content.maps, *(class_label(item) for item in content.classes)]) as chain:
        methods = trajectories_methods(content)
        pictures = trajectories_pictures(content, figure_labels(content.classes, chain))
        document = {**to_plain(content), "methods": str(methods)}
        write_report(path, "trajectories.html", content, document, pictures, progress, methods)
    write_trajectories_table(figure_folder(path) / "sequences.csv", content, progress)


def trajectories_pictures(content: TrajectoriesContent, labels: Sequence[str]) -> list[Picture]:
    """Return the figures of a report of trajectories, within ``figure_style``.

    Args:
        content: Content of the report.
        labels: Label of each class.
    """
    pictures = [
        Picture(
            "areas",
            Text("Area of each class at each date, after filters, in hectares."),
            Text("Stacked bars of the areas of the classes; the numbers are in the table"),
            draw_areas_in_time(content.dates, content.classes, content.hectares_after, labels),
        )
    ]
    matrices = [np.array(matrix) for matrix in content.matrices[: _MAX_COLUMNS - 1]]
    if content.total:
        caption = Text(
            "Classes at each date, with their part of the area. Pale bands kept their class, the others "
            "changed to the class of their colour."
        )
        if len(content.dates) > _MAX_COLUMNS:
            caption += Text(" The first {count} dates are shown.", count=_MAX_COLUMNS)
        pictures.append(
            Picture(
                "flows",
                caption,
                Text("Sankey diagram of the classes at the dates"),
                draw_flows(content.dates[:_MAX_COLUMNS], content.classes, matrices, labels),
            )
        )
    return pictures
