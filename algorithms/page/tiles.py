"""Tiles of a map in Web Mercator: one MBTiles file, or a folder of pictures with a page that shows them.

A folder has the tiles ``zoom/column/row.png``, with rows from the north, and ``index.html``, which needs
neither a network nor a library.
"""

from __future__ import annotations

import json
import math
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

from ...core.errors import OutputError, RasterError
from ...core.files import partial_file, removed_afterwards
from ...core.marks import TILES, kinds_of, mark
from ...core.progress import SilentProgress
from ...core.text import untranslated
from .web import WebWords

SUFFIX = ".mbtiles"
"""Ending of the name of a file of tiles; any other name is that of a folder."""
# Ground resolution of a tile's pixel at zoom 0 at the equator, in metres.
_EQUATOR = 156543.03392804097
_MOST_TILES, _MOST_ZOOM = 20_000, 22
_INDEX = "index.html"
_SCRIPT = Path(__file__).with_name("tiles.js")


def is_folder(path: Path) -> bool:
    """Return whether tiles of this name are a folder."""
    return path.suffix.lower() != SUFFIX


def check_tile_folder(path: Path) -> None:
    """Refuse a folder that holds anything else than tiles of ours.

    Raises:
        OutputError: It does, or it is a file.
    """
    if path.is_file() or (path.is_dir() and any(path.iterdir()) and TILES not in kinds_of(path / _INDEX)):
        raise OutputError(
            "The folder for the tiles is not empty, and its content was not written by this output",
            where=str(path),
            advice="Choose a new or an empty folder.",
        )


def tile_zooms(layer: QgsRasterLayer, project: QgsProject | None) -> tuple[int, int, QgsRectangle]:
    """Return the first and last zoom of the tiles of a map, and its extent in EPSG:3857.

    At the last one a pixel of the map is a pixel of the tiles or more, as far as the number of tiles allows.

    Raises:
        RasterError: The map cannot be brought into Web Mercator.
    """
    web = QgsCoordinateReferenceSystem("EPSG:3857")
    context = (project or QgsProject()).transformContext()
    try:
        extent = QgsCoordinateTransform(layer.crs(), web, context).transformBoundingBox(layer.extent())
    except QgsCsException as error:
        raise _no_tiles(layer) from error
    if not extent.isFinite() or extent.isEmpty():
        raise _no_tiles(layer)
    pixel = min(extent.width() / layer.width(), extent.height() / layer.height())
    last = max(0, min(_MOST_ZOOM, math.ceil(math.log2(_EQUATOR / pixel) - 0.25)))
    while last > 0 and _tiles(extent, last) * 4 / 3 > _MOST_TILES:
        last -= 1
    whole = math.floor(math.log2(256 * _EQUATOR / max(extent.width(), extent.height())))
    return max(0, min(whole, last)), last, extent


def _tiles(extent: QgsRectangle, zoom: int) -> float:
    edge = 256 * _EQUATOR / 2**zoom
    return (extent.width() / edge + 1) * (extent.height() / edge + 1)


def _no_tiles(layer: QgsRasterLayer) -> RasterError:
    return RasterError(
        "The map cannot be shown in Web Mercator, which tiles have",
        where=layer.name(),
        advice="Leave TILES empty.",
    )


def write_tiles(
    path: Path,
    layer: QgsRasterLayer,
    words: WebWords,
    project: QgsProject | None,
    feedback: QgsProcessingFeedback,
) -> tuple[int, int]:
    """Write a map as tiles; return the first and the last zoom.

    Args:
        path: MBTiles file, or a folder.
        layer: The map, styled.
        words: What the folder's page says beside the map; a file has the title.
        project: Project whose transformations hold.
        feedback: Of the run.

    Raises:
        OutputError: QGIS could not write them.
        RasterError: The map cannot be brought into Web Mercator.
    """
    first, last, extent = tile_zooms(layer, project)
    sides = (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum())
    values = {
        "EXTENT": f"{','.join(map(str, sides))} [EPSG:3857]",
        "ZOOM_MIN": first,
        "ZOOM_MAX": last,
        "DPI": 96,
        "BACKGROUND_COLOR": "rgba( 0, 0, 0, 0.00 )",
        "ANTIALIAS": False,
        "TILE_FORMAT": 0,
        "METATILESIZE": 4,
    }
    if is_folder(path):
        _write_folder(path, layer, words, (first, last, extent), values, project, feedback)
    else:
        _write_file(path, layer, words.title, values, project, feedback)
    return first, last


def _write_file(
    path: Path,
    layer: QgsRasterLayer,
    title: str,
    values: dict[str, Any],
    project: QgsProject | None,
    feedback: QgsProcessingFeedback,
) -> None:
    with (
        partial_file(path, SilentProgress(), ".part.mbtiles") as part,
        removed_afterwards(path.with_name(f"{path.name}.part.mbtiles-journal"), SilentProgress()),
    ):
        part.unlink(missing_ok=True)
        _draw("native:tilesxyzmbtiles", {**values, "OUTPUT_FILE": str(part)}, layer, project, feedback)
        if not part.is_file():
            raise _not_written(path)
        with closing(sqlite3.connect(part)) as file:
            file.execute(untranslated("DELETE FROM metadata WHERE name IN ('name', 'description')"))
            file.executemany(
                untranslated("INSERT INTO metadata VALUES (?, ?)"),
                [("name", title), ("description", mark(TILES))],
            )
            file.commit()


def _write_folder(
    path: Path,
    layer: QgsRasterLayer,
    words: WebWords,
    zooms: tuple[int, int, QgsRectangle],
    values: dict[str, Any],
    project: QgsProject | None,
    feedback: QgsProcessingFeedback,
) -> None:
    first, last, extent = zooms
    try:
        with tempfile.TemporaryDirectory(prefix=".tiles-", dir=path.parent) as folder:
            made = Path(folder)
            tiles = {**values, "OUTPUT_DIRECTORY": folder}
            _draw("native:tilesxyzdirectory", tiles, layer, project, feedback)
            levels = [made / str(zoom) for zoom in range(first, last + 1)]
            if not all(level.is_dir() for level in levels):
                raise _not_written(path)
            path.mkdir(exist_ok=True)
            # The page is the sign of a whole set of tiles: it goes first and comes last.
            (path / _INDEX).unlink(missing_ok=True)
            _remove_tiles(path)
            for level in levels:
                for column in level.iterdir():
                    place = path / level.name / column.name
                    place.mkdir(parents=True, exist_ok=True)
                    for tile in column.iterdir():
                        tile.replace(place / tile.name)
            edge = 2 * math.pi * 6378137.0
            box = (extent.xMinimum(), extent.yMaximum(), extent.xMaximum(), extent.yMinimum())
            sides = [0.5 + sign * value / edge for value, sign in zip(box, (1, -1, 1, -1), strict=True)]
            values = {"first": first, "last": last, "sides": json.dumps(sides)}
            page = words.page(TILES, '<div id="map"></div>', _SCRIPT, values)
            with partial_file(path / _INDEX, SilentProgress()) as part:
                part.write_text(page, encoding="utf-8")
    except OSError as error:
        raise _not_written(path) from error


def _remove_tiles(path: Path) -> None:
    """Remove the tiles of a folder; files and folders that others put there stay."""
    for level in (path / str(zoom) for zoom in range(_MOST_ZOOM + 1)):
        columns = [item for item in level.glob("*") if item.is_dir() and item.name.isdecimal()]
        for column in columns:
            for tile in column.glob("*.png"):
                if tile.stem.isdecimal():
                    tile.unlink()
        for folder in (*columns, level):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _draw(
    name: str,
    values: dict[str, Any],
    layer: QgsRasterLayer,
    project: QgsProject | None,
    feedback: QgsProcessingFeedback,
) -> None:
    import processing

    own = QgsProject()
    own.setCrs(layer.crs())
    if project is not None:
        own.setTransformContext(project.transformContext())
    # The algorithm draws what is visible in its project.
    own.addMapLayer(layer.clone())
    context = QgsProcessingContext()
    context.setProject(own)
    processing.run(name, values, context=context, feedback=feedback, is_child_algorithm=True)


def _not_written(path: Path) -> OutputError:
    return OutputError(
        "The tiles could not be written",
        where=str(path),
        advice="Free some space or choose another folder.",
    )
