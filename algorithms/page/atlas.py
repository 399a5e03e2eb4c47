"""An atlas: a page for each zone, with the zone's own area table, in one PDF or in numbered pictures."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsAbstractLayoutIterator,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsInvertedPolygonRenderer,
    QgsJsonUtils,
    QgsLayout,
    QgsLayoutExporter,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from ...core.errors import OutputError
from ...core.files import Output, check_files, partial_file
from ...core.marks import PAGE, mark
from ...core.progress import SilentProgress
from .file import DPI, is_whole, write_page
from .layout import Page

# Ground around a zone, as a share of its longer side.
_MARGIN = 0.05


@dataclass(frozen=True, eq=False)
class ZonePage:
    """Content of a page of the atlas.

    Attributes:
        name: Of the zone.
        geometry: Of the zone, in the map's CRS.
        hectares: Area of each class in the zone, by value.
    """

    name: str
    geometry: QgsGeometry
    hectares: dict[int, float]

    def extent(self, whole: QgsRectangle) -> QgsRectangle:
        """Return what the page shows: the zone and a margin, as far as the map goes."""
        box = QgsRectangle(self.geometry.boundingBox())
        box.grow(_MARGIN * max(box.width(), box.height()))
        return box.intersect(whole)


def read_zone_geometries(path: Path) -> dict[str, QgsGeometry]:
    """Return the geometry of each zone by its name, in the order of the file.

    Args:
        path: Lines of JSON, as ``parameters.zones.write_zones`` writes them.
    """
    parts: dict[str, list[QgsGeometry]] = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            feature = json.dumps({"type": "Feature", "properties": {}, "geometry": record["geometry"]})
            (read,) = QgsJsonUtils.stringToFeatureList(feature)
            zone = record["zone"]
            is_whole_number = isinstance(zone, float) and zone.is_integer()
            parts[str(int(zone) if is_whole_number else zone)].append(QgsGeometry(read.geometry()))
    return {
        name: found[0] if len(found) == 1 else QgsGeometry.unaryUnion(found) for name, found in parts.items()
    }


def read_areas(table: Path) -> tuple[dict[int, float], dict[str, dict[int, float]]]:
    """Return hectares by class value of the whole map, and of each zone by its name.

    Args:
        table: TABLE of ‘Areas of classes’.
    """
    zones: dict[str, dict[int, float]] = {}
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            zones.setdefault(row["zone"], {})[int(row["value"])] = float(row["area_ha"])
    return zones.pop("", {}), zones


def zone_layers(zone: ZonePage, crs: QgsCoordinateReferenceSystem) -> list[QgsVectorLayer]:
    """Return layers that show a zone above the map: its outline, and what lies outside it paler."""
    layers = []
    veil = QgsInvertedPolygonRenderer(
        QgsSingleSymbolRenderer(
            QgsFillSymbol.createSimple({"color": "255,255,255,170", "outline_style": "no"})
        )
    )
    for renderer in (
        QgsSingleSymbolRenderer(
            QgsFillSymbol.createSimple({"style": "no", "outline_color": "#1F2933", "outline_width": "0.5"})
        ),
        veil,
    ):
        layer = QgsVectorLayer("MultiPolygon", zone.name, "memory")
        layer.setCrs(crs)
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry(zone.geometry))
        layer.dataProvider().addFeatures([feature])
        layer.updateExtents()
        layer.setRenderer(renderer)
        layers.append(layer)
    return layers


class _Pages(QgsAbstractLayoutIterator):
    """Makes the pages one after another, so that one is held at a time."""

    def __init__(self, count: int, make: Callable[[int], Page]) -> None:
        super().__init__()
        self._count = count
        self._make = make
        self._number = -1
        self.page: Page | None = None
        self.error: Exception | None = None

    def layout(self) -> QgsLayout:
        return self.page.layout if self.page is not None else None

    def beginRender(self) -> bool:
        return True

    def endRender(self) -> bool:
        return True

    def count(self) -> int:
        return self._count

    def next(self) -> bool:
        self._number += 1
        if self._number >= self._count or self.error is not None:
            return False
        try:
            self.page = self._make(self._number)
        except Exception as error:
            # An exception that enters Qt would abort QGIS.
            self.error = error
            return False
        return True

    def release(self) -> Exception | None:
        """Let go of the last page, and return what stopped the pages."""
        error, self.error, self.page = self.error, None, None
        return error

    def filePath(self, baseFilePath: str, extension: str) -> str:
        return f"{baseFilePath}_{self._number + 1}.{extension}"


class _Kept:
    """Makes pages, and keeps their scales and what could not be placed on them."""

    def __init__(self, names: Sequence[str], make: Callable[[int], Page]) -> None:
        self._names = names
        self._make = make
        self.scales: list[float | None] = []
        self.notes: dict[str, None] = {}
        self.pages = 0

    def __call__(self, number: int) -> Page:
        page = self._make(number)
        self.scales.append(page.scale)
        self.pages += 1 + len(page.continued)
        self.notes.update(dict.fromkeys(f"{self._names[number]}: {note}" for note in page.notes))
        return page


def write_atlas(
    path: Path, names: Sequence[str], make: Callable[[int], Page], overwrite: bool
) -> tuple[Path, float | None, list[str], int]:
    """Write an atlas: one PDF, or ``NAME_1.png``, ``NAME_2.png`` and so on.

    Args:
        path: Of the PDF, or what the names of the pictures begin with.
        names: Of the zones, a page each.
        make: Makes the page of a number from 0.
        overwrite: Whether pictures that are not pages of ours may be replaced.

    Returns:
        The first file, the scale of its page, what could not be placed, and the number of pages.

    Raises:
        OutputError: A file cannot be written, or is not ours.
    """
    kept = _Kept(names, make)
    if path.suffix.lower() == ".pdf":
        _write_pdf(path, len(names), kept)
        return path, kept.scales[0], list(kept.notes), kept.pages
    digits = len(str(len(names)))
    files = [
        path.with_name(f"{path.stem}_{number + 1:0{digits}}{path.suffix}") for number in range(len(names))
    ]
    check_files([Output(str(file), (path.suffix,), PAGE) for file in files], [], overwrite)
    for number, file in enumerate(files):
        # Its project must live as long as the layout.
        page = kept(number)
        write_page(page.layout, file, page.continued, overwrite)
    return files[0], kept.scales[0], list(kept.notes), kept.pages


def _write_pdf(path: Path, count: int, make: Callable[[int], Page]) -> None:
    """Write the pages into one PDF.

    Args:
        path: Of the PDF.
        count: Number of pages.
        make: Makes the page of a number from 0.

    Raises:
        OutputError: The file could not be written whole.
    """
    pages = _Pages(count, make)
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = DPI
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
    with partial_file(path, SilentProgress()) as part:
        QgsLayoutExporter.exportToPdf(pages, str(part), settings)
        # Neither the last page nor a traceback may outlive QGIS, which would crash.
        error = pages.release()
        if error is not None:
            raise error
        if not is_whole(part, ".pdf"):
            raise OutputError(
                "The page could not be written",
                where=str(path),
                advice="Free some space or choose another folder.",
            )
        with part.open("a", encoding="utf-8") as file:
            file.write(f"%{mark(PAGE)}\n")
