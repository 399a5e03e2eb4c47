"""Marks in output files, by which a later run knows the files of an earlier one.

A mark names the kind of output that wrote a file. Rasters have it as a metadata item, pages, pictures and
reports as text; models and tables are known by their form. Light: QGIS imports this module.

>>> kinds_of(Path("map.tif"))
('map',)
>>> kinds_of(Path("photograph.tif"))
()
"""

from __future__ import annotations

import re
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from .text import untranslated

TABLE_CREATOR = untranslated("Deep Land Cover")
"""Creator in the record of origin beside a table."""
REPORT_KEY = "deep_land_cover_report"
"""Key of a report's JSON that holds the kind of the report."""
KIND_ITEM = "DEEP_LAND_COVER_OUTPUT"
"""Metadata item of rasters and layers that holds the kind of the output."""
MAP, SETS, STACK, AGREEMENT, LOCAL_ACCURACY = "map", "sets", "stack", "agreement", "local_accuracy"
RENAMED_MAP, RECODED_MAP, MOSAIC = "renamed_map", "recoded_map", "mosaic"
FIGURE, PAGE, MODEL = "figure", "page", "model"
ACCURACY_TABLE, COMPARISON_TABLE, FOLDER_TABLE = "accuracy_table", "comparison_table", "folder_table"
RECODE_TABLE, MOSAIC_TABLE = "recode_table", "mosaic_table"
TABLE_RECORD, JOURNAL, TRAINING_STATE = "table_record", "journal", "training_state"
CHANGE, CHANGE_STRATA, CHANGE_PROBABILITY = "change", "change_strata", "change_probability"
CHANGE_TABLE, TRAJECTORY_TABLE = "change_table", "trajectory_table"
TRAJECTORY_MAP, FILTERED = "trajectory_map", "filtered"
DEMO_SCENE, DEMO_TRAINING, DEMO_REFERENCE = "demo_scene", "demo_training", "demo_reference"
CLOUD_MASK = "cloud_mask"
PROJECT, TILES, WEB_MAP = "project", "tiles", "web_map"
DEMO_PROJECT = "demo_project"
SAMPLES, REFERENCE_POINTS, SUGGESTED_POINTS = "samples", "reference_points", "suggested_points"
SUSPICIOUS_LABELS = "suspicious_labels"
GENERALISED_MAP, GENERALISED_TABLE = "generalised_map", "generalised_table"
SMOOTHED_MAP, SMOOTHED_PROBABILITIES, SMOOTHED_TABLE = (
    "smoothed_map",
    "smoothed_probabilities",
    "smoothed_table",
)
PATCHES, ZONE_AREAS, AREAS_TABLE = "patches", "zone_areas", "areas_table"
"""Kinds of outputs; those of optional rasters are the names of the products."""

_SHARES = ("probabilities", "uncertainty", "applicability")
_TEXT = re.compile(r"deep_land_cover:([a-z_]+)")
_REPORT = re.compile(rf'"{REPORT_KEY}":\s*"([a-z]+)"')
_HISTORY = re.compile(rf"{KIND_ITEM}: ([a-z_]+)")
_ITEM = re.compile(r'<Item name="([A-Z0-9_]+)">([^<]*)</Item>')
_GDAL_METADATA, _SOFTWARE = 42112, 305
_GEOPACKAGE_ITEM = re.compile(rf'<MDI key="{KIND_ITEM}">([a-z_]+)</MDI>')
_TABLE_METADATA = untranslated(
    "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id WHERE table_name = ?"
)
_MAX_TAG_BYTES = 16 * 1024 * 1024
_END_BYTES = 64 * 1024
# First columns of the tables, which do not depend on the data.
_SIZES = "value,name,pixels_before,pixels_after,hectares_before,hectares_after,"
_TABLES = {
    _SIZES + "patches_removed,": GENERALISED_TABLE,
    _SIZES + "change_percent": SMOOTHED_TABLE,
    "value,name,mapped_area_ha,": ACCURACY_TABLE,
    "figure,value,name,": COMPARISON_TABLE,
    "raster,map,patches,seconds,": FOLDER_TABLE,
    "from_value,from_name,to_value,to_name,": CHANGE_TABLE,
    "sequence,changes,pixels,area_ha,": TRAJECTORY_TABLE,
    "from,from_name,to,to_name,": RECODE_TABLE,
    "order,map,date,pixels,": MOSAIC_TABLE,
    "value,name,zone,pixels,area_ha,percent": AREAS_TABLE,
}
# The demo's polygons as they are written. A program that changes the file writes it in another form.
_POLYGONS = re.compile(r'\{"type": "FeatureCollection", "features": \[\n\{"type": "Feature", "id": 1, "prop')
_MODEL = "deep_land_cover"


def mark(kind: str) -> str:
    """Return the text that marks a page or a picture: ``Deep Land Cover (deep_land_cover:KIND)``."""
    return untranslated(f"Deep Land Cover (deep_land_cover:{kind})")


def report_kind(template: str) -> str:
    """Return the kind of output of a report, such as ``accuracy_report``.

    Args:
        template: Kind of the report: ``accuracy``, ``comparison`` or ``training``.
    """
    return f"{template}_report"


def kinds_of(path: Path) -> tuple[str, ...]:
    """Return the kind of output that wrote a file, as a tuple.

    Args:
        path: Path of a raster, page, picture, report, model or table.

    Returns:
        One kind; several where a file of version 0.1.0 does not tell them apart; none for a file that Deep
        Land Cover did not write, or that cannot be read.
    """
    suffix = path.suffix.lower()
    try:
        return _READERS[suffix](path) if suffix in _READERS else _of_text(_ends(path))
    except (OSError, ValueError, struct.error, zipfile.BadZipFile, sqlite3.Error):
        return ()


def _of_tiff(path: Path) -> tuple[str, ...]:
    text = _tiff_text(path)
    items = dict(_ITEM.findall(text))
    if KIND_ITEM in items:
        return (items[KIND_ITEM],)
    if "demo scene" in items.get("DESCRIPTION", ""):
        return (DEMO_REFERENCE,)
    if items.get("DESCRIPTION", "").startswith("Invented Sentinel-2-like scene"):
        return (DEMO_SCENE,)
    # Files of version 0.1.0.
    if items.get("SOFTWARE", "").startswith("Deep Land Cover"):
        if "MODEL_SHA256" in items:
            return (MAP, SETS) if "CLASSES" in items else _SHARES
        return (AGREEMENT,) if "CLASSES" in items else (STACK, LOCAL_ACCURACY)
    return _of_text(text)


def _tiff_text(path: Path) -> str:
    """Return the metadata of GDAL and the software tag of a TIFF or BigTIFF."""
    with path.open("rb") as file:
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None:
            return ""
        (version,) = struct.unpack(order + "H", head[2:4])
        is_big = version == 43
        count_form, entry_form, value_bytes = ("Q", "HHQ", 8) if is_big else ("H", "HHI", 4)
        (start,) = struct.unpack(order + ("Q" if is_big else "I"), head[8:16] if is_big else head[4:8])
        file.seek(start)
        (count,) = struct.unpack(order + count_form, file.read(struct.calcsize(order + count_form)))
        size = struct.calcsize(order + entry_form) + value_bytes
        entries = file.read(min(count, 4096) * size)
        texts = []
        for place in range(0, len(entries) - size + 1, size):
            tag, _type, length = struct.unpack_from(order + entry_form, entries, place)
            if tag in (_GDAL_METADATA, _SOFTWARE):
                value = entries[place + size - value_bytes : place + size]
                texts.append(_tag_text(file, value, length, order, is_big))
        return "\n".join(texts)


def _tag_text(file: BinaryIO, value: bytes, length: int, order: str, is_big: bool) -> str:
    if length > len(value):
        (start,) = struct.unpack(order + ("Q" if is_big else "I"), value)
        file.seek(start)
        value = file.read(min(length, _MAX_TAG_BYTES))
    return value[:length].decode("utf-8", "replace").rstrip("\0")


def _of_page(path: Path) -> tuple[str, ...]:
    known = _of_text(_ends(path))
    beside = path.with_suffix(".json")
    # Pages of version 0.1.0 have no mark; their JSON has.
    return known or (_of_json(beside) if beside.is_file() else ())


def _of_json(path: Path) -> tuple[str, ...]:
    start = _start(path, 1000)
    if f'"dc:creator": "{TABLE_CREATOR}"' in start:
        return (TABLE_RECORD,)
    found = _REPORT.search(start[:100])
    return (report_kind(found[1]),) if found else ()


def _of_geojson(path: Path) -> tuple[str, ...]:
    return (DEMO_TRAINING,) if _POLYGONS.match(_start(path, 200)) else ()


def has_several_layers(path: Path) -> bool:
    """Return whether a file is a GeoPackage with more than one layer, besides styles.

    Args:
        path: Path of a file, which may not exist.
    """
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            return len(_layers(file)) > 1
    except sqlite3.Error:
        # No GeoPackage, whatever its name is.
        return False


def _layers(file: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return name and description of each layer of a GeoPackage."""
    rows = file.execute(untranslated("SELECT table_name, description FROM gpkg_contents")).fetchall()
    return [(name, str(text)) for name, text in rows if name != "layer_styles"]


def _of_geopackage(path: Path) -> tuple[str, ...]:
    """Return the kind of a GeoPackage that holds one layer of ours, and beside it styles alone."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
        layers = _layers(file)
        if len(layers) != 1:
            return ()
        name, description = layers[0]
        # QGIS replaces the description when it writes its own metadata; GDAL's items stay.
        found = _GEOPACKAGE_ITEM.search(" ".join([description, *_table_metadata(file, name)]))
    return (found[1],) if found else _of_text(description)


def _table_metadata(file: sqlite3.Connection, table: str) -> list[str]:
    try:
        rows = file.execute(_TABLE_METADATA, (table,)).fetchall()
    except sqlite3.Error:
        # The tables of metadata are an extension.
        return []
    return [str(text) for (text,) in rows]


def _of_table(path: Path) -> tuple[str, ...]:
    head = _start(path, 200)
    return tuple(kind for columns, kind in _TABLES.items() if head.startswith(columns))


def _of_sidecar(path: Path) -> tuple[str, ...]:
    """Return the kind of a raster's sidecar by what only sidecars of maps hold."""
    return (MAP,) if '<MDI key="PIXELS_SHA256">' in _start(path, _MAX_TAG_BYTES) else ()


def _of_layer_metadata(path: Path) -> tuple[str, ...]:
    return tuple(_HISTORY.findall(_start(path, _MAX_TAG_BYTES))[:1])


def _of_journal(path: Path) -> tuple[str, ...]:
    return (JOURNAL,) if re.match(r'\{"format": ?\d+, ?"subject": ?\{', _start(path, 100)) else ()


def _of_training_state(path: Path) -> tuple[str, ...]:
    return (TRAINING_STATE,) if f'"{_MODEL}_training"' in _start(path, _END_BYTES) else ()


def _of_model(path: Path) -> tuple[str, ...]:
    return _of_trees(path) if zipfile.is_zipfile(path) else _of_network(path)


def _of_trees(path: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(path) as archive:
        return (MODEL,) if any(name.startswith(_MODEL) for name in archive.namelist()) else ()


def _of_project(path: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if name.endswith(".qgs")), None)
        if name is None:
            return ()
        with archive.open(name) as file:
            return _of_text(file.read(_MAX_TAG_BYTES).decode("utf-8", "replace"))


def _of_tiles(path: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
        question = untranslated("SELECT value FROM metadata WHERE name = 'description'")
        rows = file.execute(question).fetchall()
    return _of_text(str(rows[0][0])) if rows else ()


def _of_network(path: Path) -> tuple[str, ...]:
    # The header of a safetensors file begins with its metadata.
    head = _start(path, _END_BYTES)
    return (MODEL,) if f'"{_MODEL}"' in head else ()


def _of_text(text: str) -> tuple[str, ...]:
    found = _TEXT.search(text)
    return (found[1],) if found else ()


def _start(path: Path, count: int) -> str:
    with path.open("rb") as file:
        return file.read(count).decode("utf-8", "replace")


def _ends(path: Path) -> str:
    """Return the beginning and the end of a file as text."""
    with path.open("rb") as file:
        text = file.read(_END_BYTES)
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        text += file.read(_END_BYTES)
    return text.decode("utf-8", "replace")


_READERS: dict[str, Callable[[Path], tuple[str, ...]]] = {
    ".checkpoint": _of_model,
    ".csv": _of_table,
    ".geojson": _of_geojson,
    ".gpkg": _of_geopackage,
    ".htm": _of_page,
    ".html": _of_page,
    ".journal": _of_journal,
    ".json": _of_json,
    ".mbtiles": _of_tiles,
    ".qgz": _of_project,
    ".qmd": _of_layer_metadata,
    ".resume": _of_training_state,
    ".safetensors": _of_network,
    ".skops": _of_trees,
    ".tif": _of_tiff,
    ".tiff": _of_tiff,
    ".xml": _of_sidecar,
}
