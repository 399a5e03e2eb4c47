"""Raster attribute table of a map, in GDAL's sidecar file ``NAME.tif.aux.xml``.

With it, the map opens with class names and colours in QGIS and other GIS. rasterio cannot write one, and new
versions of GDAL store it inside the file, where older ones do not read it. The sidecar is therefore written
here, in the form of ``GDALDefaultRasterAttributeTable::Serialize``
(https://gdal.org/en/stable/user/raster_data_model.html#raster-attribute-table).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..classes import LandCoverClass
from ..provenance import PIXELS_KEY
from ..values import to_plain

# Values of GDALRATFieldUsage: the purpose of a column.
_NAME, _MIN, _MINMAX, _RGB = 2, 3, 5, (6, 7, 8)
# Values of GDALRATFieldType, and the columns with name, type and usage.
_INTEGER, _REAL, _STRING = 0, 1, 2
_COLUMNS = (
    ("Value", _INTEGER, 5),  # GFU_MinMax
    ("Count", _REAL, 1),  # GFU_PixelCount
    ("Class", _STRING, 2),  # GFU_Name
    ("Red", _INTEGER, 6),
    ("Green", _INTEGER, 7),
    ("Blue", _INTEGER, 8),
    ("Alpha", _INTEGER, 9),
)
# Column of maps whose classes have parents, by which QGIS can classify them, too.
_PARENT = ("Parent", _STRING, 0)  # GFU_Generic
# Category names are a list in which the position is the pixel value.
_MAX_CATEGORY = 255
# Characters that XML 1.0 cannot represent, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Content of the file before the first band.
_DATASET_ITEMS = re.compile(r"\s*<PAMDataset>(.*?)\s*(?:<PAMRasterBand |</PAMDataset>)", re.DOTALL)
_DATASET = re.compile(r"<PAMDataset[^>]*>(.*)</PAMDataset>", re.DOTALL)
_BAND = re.compile(r'\s*<PAMRasterBand band="(\d+)"[^>]*>(.*?)</PAMRasterBand>', re.DOTALL)
_TABLES = re.compile(r"\s*<(CategoryNames|GDALRasterAttributeTable)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_CLASSES_ITEM = re.compile(r'\s*<MDI key="CLASSES">.*?</MDI>', re.DOTALL)
# Regular expressions suffice, because GDAL's form is fixed and flat.
_TABLE = re.compile(r"<GDALRasterAttributeTable[^>]*>(.*?)</GDALRasterAttributeTable>", re.DOTALL)
_USAGE = re.compile(r"<Usage>(\d+)</Usage>")
_ROW = re.compile(r"<Row[^>]*>(.*?)</Row>", re.DOTALL)
_CELL = re.compile(r"<F>(.*?)</F>|<F ?/>", re.DOTALL)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def sidecar_of(raster: Path) -> Path:
    """Return the path of the sidecar file that GDAL reads with ``raster``."""
    return raster.with_name(raster.name + ".aux.xml")


def dataset_items(sidecar: Path) -> str:
    """Return the XML of the dataset's own items in a sidecar that GDAL wrote; empty without one.

    GDAL writes items that a GeoTIFF cannot hold: a CRS without GeoTIFF keys, or metadata of more than
    32,000 bytes.
    """
    if not sidecar.exists():
        return ""
    match = _DATASET_ITEMS.match(sidecar.read_text(encoding="utf-8-sig"))
    return match[1] if match else ""


def write_attribute_table(
    sidecar: Path,
    classes: Sequence[LandCoverClass],
    counts: Mapping[int, int],
    items: str = "",
    checksum: str = "",
) -> None:
    """Write the attribute table of a map.

    Args:
        sidecar: Path of the file to write. GDAL reads it at ``sidecar_of(map)``.
        classes: Classes of the map.
        counts: Number of pixels of each class value; 0 where it is missing.
        items: XML of the dataset's own items, from ``dataset_items``.
        checksum: Checksum of the map's pixels, see ``core.provenance``; empty leaves it out.

    Raises:
        OSError: The file cannot be written.
    """
    if checksum:
        items = _with_item(items, PIXELS_KEY, checksum)
    sidecar.write_text(_document(classes, counts, items), encoding="utf-8", newline="\n")


def write_other_table(
    target: Path, sidecar: Path, classes: Sequence[LandCoverClass], counts: Mapping[int, int]
) -> None:
    """Write a copy of a raster's sidecar with another attribute table.

    Statistics, CRS and further bands are kept. The classes also become a metadata item, which takes
    precedence over the item of the same name inside the raster.

    Args:
        target: Path of the file to write.
        sidecar: Path of the raster's sidecar, which may not exist.
        classes: Classes of the map.
        counts: Number of pixels of each class value; 0 where it is missing.

    Raises:
        ValueError: The sidecar is not a file of GDAL.
        OSError: A file cannot be read or written.
    """
    text = sidecar.read_text(encoding="utf-8-sig") if sidecar.exists() else "<PAMDataset></PAMDataset>"
    dataset = _DATASET.search(text)
    if dataset is None:
        raise ValueError(f"{sidecar} has no PAMDataset")
    bands = dict(_BAND.findall(dataset[1]))
    first = _TABLES.sub("", bands.pop("1", "")).rstrip()
    others = "".join(
        f'\n  <PAMRasterBand band="{number}">{content}</PAMRasterBand>' for number, content in bands.items()
    )
    items = _with_classes(_BAND.sub("", dataset[1]).rstrip(), classes)
    target.write_text(_document(classes, counts, items, first, others), encoding="utf-8", newline="\n")


def read_attribute_table(sidecar: Path) -> tuple[tuple[int, str, str], ...]:
    """Return value, name and colour ``#RRGGBB`` of each row of a raster's attribute table.

    Name and colour are empty where the table has none. There are no rows where there is no table, or
    where its values are not class values.

    Args:
        sidecar: Path of the raster's sidecar, which may not exist.
    """
    if not sidecar.is_file():
        return ()
    table = _TABLE.search(sidecar.read_text(encoding="utf-8-sig", errors="replace"))
    if table is None:
        return ()
    usages = [int(usage) for usage in _USAGE.findall(table[1])]
    positions = {usage: number for number, usage in reversed(list(enumerate(usages)))}
    value = positions.get(_MINMAX, positions.get(_MIN))
    if value is None:
        return ()
    rows = []
    for row in _ROW.findall(table[1]):
        cells = [_unescaped(cell) for cell in _CELL.findall(row)]
        if len(cells) != len(usages):
            continue
        try:
            number = float(cells[value])
            levels = [int(float(cells[positions[usage]])) for usage in _RGB if usage in positions]
        except ValueError:
            continue
        if not number.is_integer():
            continue
        is_colour = len(levels) == 3 and all(0 <= level <= 255 for level in levels)
        colour = "#" + "".join(f"{level:02X}" for level in levels) if is_colour else ""
        rows.append((int(number), cells[positions[_NAME]] if _NAME in positions else "", colour))
    return tuple(rows)


def _unescaped(text: str) -> str:
    for letter, entity in reversed(_ENTITIES.items()):
        text = text.replace(entity, letter)
    return text


def _with_classes(items: str, classes: Sequence[LandCoverClass]) -> str:
    """Return the dataset's items with the classes as an item of its metadata."""
    text = json.dumps([to_plain(item) for item in classes], ensure_ascii=False)
    return _with_item(_CLASSES_ITEM.sub("", items), "CLASSES", text)


def _with_item(items: str, key: str, text: str) -> str:
    """Return the dataset's items with another item of its metadata."""
    item = f'\n    <MDI key="{key}">{_escaped(text)}</MDI>'
    before, metadata, after = items.partition("<Metadata>")
    if metadata:
        return f"{before}{metadata}{item}{after}"
    return f"{items}\n  <Metadata>{item}\n  </Metadata>"


def _document(
    classes: Sequence[LandCoverClass],
    counts: Mapping[int, int],
    items: str,
    band: str = "\n    <Description>Land cover</Description>",
    others: str = "",
) -> str:
    lines = [f"<PAMDataset>{items}", f'  <PAMRasterBand band="1">{band}']
    lines += _categories(classes)
    lines.append('    <GDALRasterAttributeTable tableType="thematic">')
    has_parents = any(item.parent for item in classes)
    for index, (name, kind, usage) in enumerate((*_COLUMNS, *([_PARENT] if has_parents else []))):
        lines.append(
            f'      <FieldDefn index="{index}"><Name>{name}</Name>'
            f"<Type>{kind}</Type><Usage>{usage}</Usage></FieldDefn>"
        )
    for index, item in enumerate(classes):
        cells = [item.value, counts.get(item.value, 0), _escaped(item.name), *item.rgb, 255]
        cells += [_escaped(item.parent or item.name)] if has_parents else []
        lines.append(f'      <Row index="{index}">' + "".join(f"<F>{cell}</F>" for cell in cells) + "</Row>")
    lines += ["    </GDALRasterAttributeTable>", f"  </PAMRasterBand>{others}", "</PAMDataset>", ""]
    return "\n".join(lines)


def _categories(classes: Sequence[LandCoverClass]) -> Iterator[str]:
    values = [item.value for item in classes]
    if min(values) < 0 or max(values) > _MAX_CATEGORY:
        return
    names = {item.value: item.name for item in classes}
    yield "    <CategoryNames>"
    for value in range(max(values) + 1):
        yield f"      <Category>{_escaped(names.get(value, ''))}</Category>"
    yield "    </CategoryNames>"


def _escaped(text: str) -> str:
    clean = _FORBIDDEN.sub(" ", text)
    return "".join(_ENTITIES.get(letter, letter) for letter in clean)
