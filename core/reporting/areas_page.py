"""Report and CSV table of the areas of a map's classes, in all and per zone."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..assessment.class_areas import AreasOfClasses, ClassAreas
from ..assessment.estimate import Estimate
from ..classes import class_label
from ..files import partial_file
from ..progress import Progress
from ..text import Text, joined, untranslated
from ..values import to_plain
from .charts import LocalFormatter, draw_areas
from .figure import Picture, figure_labels, figure_style, new_figure
from .language import numeral, say
from .page import software_sentence, write_report

COLUMNS = ("value", "name", "zone", "pixels", "area_ha", "percent")
ESTIMATE_COLUMNS = ("estimate_ha", "estimate_ci_ha", "estimate_low_ha", "estimate_high_ha", "points", "note")
MAX_DRAWN_ZONES = 60
"""Number of zones that a chart has at most: more bars cannot be read."""
_BAR_INCHES = 0.3


def write_class_areas_table(path: Path, content: ClassAreas, progress: Progress) -> None:
    """Write the areas as CSV: a row per class of the whole map, whose zone is empty, and of each zone.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    has_estimates = bool(content.estimates_from)
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, *(ESTIMATE_COLUMNS if has_estimates else ())])
        for areas in (content.whole, *content.zones):
            for code, item in enumerate(content.classes):
                row: list[Any] = [item.value, item.name, areas.zone]
                row += [_text(areas.pixels[code]), _text(areas.hectares[code])]
                row.append(_text(100 * areas.fractions[code]))
                if has_estimates:
                    figure = areas.estimates[code] if areas.estimates else Estimate(None)
                    row += map(_text, (figure.value, figure.half_width, figure.low, figure.high))
                    row += ["" if areas.points is None else areas.points, areas.note]
                writer.writerow(row)


def write_class_areas_report(path: Path, content: ClassAreas, progress: Progress) -> None:
    """Write the page of the areas, its JSON file and figures.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    texts = [content.map, *(class_label(item) for item in content.classes)]
    with figure_style([*texts, *(areas.zone for areas in content.zones)]) as chain:
        labels = figure_labels(content.classes, chain)
        pictures = _pictures(content, labels)
        methods = _methods(content)
        document = {
            **to_plain(
                content,
                {
                    Estimate: lambda item: {
                        key: getattr(item, key) for key in ("value", "error", "low", "high", "quantile")
                    }
                },
            ),
            "methods": str(methods),
        }
        write_report(path, "classareas.html", content, document, pictures, progress, methods)


def _pictures(content: ClassAreas, labels: Sequence[str]) -> list[Picture]:
    colors = [item.color for item in content.classes]
    whole = content.whole
    if whole.estimates:
        chart = draw_areas(whole.hectares, whole.estimates, labels, colors)
        caption = Text("Mapped and estimated area of each class.")
    else:
        chart = draw_mapped_areas(whole, labels, colors)
        caption = Text("Mapped area of each class.")
    pictures = [Picture("class_areas", caption, Text("Areas of the classes"), chart)]
    if content.zones:
        drawn = content.zones[:MAX_DRAWN_ZONES]
        caption = Text("Mapped fraction of each class in each zone.")
        if len(drawn) < len(content.zones):
            caption = joined((caption, Text("The first {count} zones are drawn.", count=len(drawn))))
        pictures.append(
            Picture(
                "zones",
                caption,
                Text("Fractions of the classes in each zone"),
                draw_zones(drawn, labels, colors),
            )
        )
    return pictures


def draw_mapped_areas(areas: AreasOfClasses, labels: Sequence[str], colors: Sequence[str]) -> Figure:
    """Return a bar chart of the area of each class, with hectares and per cent as numbers.

    Args:
        areas: Areas of the classes.
        labels: Label of each class.
        colors: Colour ``#RRGGBB`` of each class.
    """
    figure = new_figure(7.6, 0.9 + _BAR_INCHES * len(labels))
    axes = figure.add_subplot()
    places = np.arange(len(labels), dtype=np.float64)
    axes.barh(places, areas.hectares, height=0.66, color=colors, edgecolor="#52606D", linewidth=0.4)
    longest = max(areas.hectares, default=0.0) or 1.0
    for place, (area, fraction) in enumerate(zip(areas.hectares, areas.fractions, strict=True)):
        text = say("{area} ha", area=numeral(area, ",.1f"))
        text = untranslated(f"{text} · {numeral(100 * fraction, '.1f')} %")
        axes.text(area + 0.015 * longest, place, text, va="center", fontsize=8)
    axes.set_xlim(0, 1.35 * longest)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(LocalFormatter(",.0f"))
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(say("mapped area in hectares"))
    axes.grid(axis="x", color="#E4E7EB")
    axes.set_axisbelow(True)
    return figure


def draw_zones(zones: Sequence[AreasOfClasses], labels: Sequence[str], colors: Sequence[str]) -> Figure:
    """Return a chart with a bar for each zone, divided by the fractions of the classes.

    Args:
        zones: Areas of the classes in each zone.
        labels: Label of each class.
        colors: Colour ``#RRGGBB`` of each class.
    """
    rows = -(-len(labels) // 4)
    figure = new_figure(7.6, 0.9 + _BAR_INCHES * len(zones) + 0.2 * rows)
    axes = figure.add_subplot()
    places = np.arange(len(zones), dtype=np.float64)
    left = np.zeros(len(zones))
    for code, (label, color) in enumerate(zip(labels, colors, strict=True)):
        widths = np.array([zone.fractions[code] for zone in zones])
        axes.barh(
            places,
            widths,
            left=left,
            height=0.72,
            color=color,
            edgecolor="white",
            linewidth=0.4,
            label=label,
        )
        left += widths
    for place, zone in enumerate(zones):
        text = say("{area} ha", area=numeral(zone.total, ",.0f"))
        axes.text(1.01, place, text, va="center", fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(zones) - 0.4, -0.6)
    axes.set_yticks(places, [_short(zone.zone) for zone in zones])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(LocalFormatter(".0%"))
    axes.set_xlabel(say("fraction of the mapped area of the zone"))
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=min(4, len(labels)), fontsize=8
    )
    return figure


def _methods(content: ClassAreas) -> str:
    """Return the paragraph on the areas for a publication."""
    sentences = [Text("The areas of the classes of {map} were measured.", map=content.map)]
    if content.zones:
        sentences.append(
            Text(
                "They were tabulated for {count:,} zones of {layer}.",
                count=len(content.zones),
                layer=content.zones_layer,
            )
        )
    sentences.append(Text(content.method))
    return joined([*sentences, software_sentence(content.provenance)])


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"
