"""The raster attribute table of a map: GDAL's PAM sidecar ``NAME.tif.aux.xml``.

It makes the map open with class names and colours in QGIS and other GIS. rasterio cannot write
one, and newer GDAL would put it inside the file, where older ones do not look; so the sidecar is
written by hand, in the form of GDAL's ``GDALDefaultRasterAttributeTable::Serialize``
(https://gdal.org/en/stable/user/raster_data_model.html#raster-attribute-table).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..classes import LandCoverClass
from ..values import to_plain

# Of GDALRATFieldUsage: what a column is for.
_NAME, _MIN, _MINMAX, _RGB = 2, 3, 5, (6, 7, 8)
# Number and type of GDALRATFieldType, and GDALRATFieldUsage.
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
# Category names are a list whose position is the pixel value.
_LARGEST_CATEGORY = 255
# XML 1.0 has no way to write these, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# All that stands before the bands.
_DATASET_ITEMS = re.compile(r"\s*<PAMDataset>(.*?)\s*(?:<PAMRasterBand |</PAMDataset>)", re.DOTALL)
_DATASET = re.compile(r"<PAMDataset[^>]*>(.*)</PAMDataset>", re.DOTALL)
_BAND = re.compile(r'\s*<PAMRasterBand band="(\d+)"[^>]*>(.*?)</PAMRasterBand>', re.DOTALL)
_TABLES = re.compile(r"\s*<(CategoryNames|GDALRasterAttributeTable)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_CLASSES_ITEM = re.compile(r'\s*<MDI key="CLASSES">.*?</MDI>', re.DOTALL)
# Read by these instead of an XML library: the form is GDAL's own and flat.
_TABLE = re.compile(r"<GDALRasterAttributeTable[^>]*>(.*?)</GDALRasterAttributeTable>", re.DOTALL)
_USAGE = re.compile(r"<Usage>(\d+)</Usage>")
_ROW = re.compile(r"<Row[^>]*>(.*?)</Row>", re.DOTALL)
_CELL = re.compile(r"<F>(.*?)</F>|<F ?/>", re.DOTALL)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def sidecar_of(raster: Path) -> Path:
    """Return where GDAL looks for what is known of ``raster`` besides its pixels."""
    return raster.with_name(raster.name + ".aux.xml")


def dataset_items(sidecar: Path) -> str:
    """Return what GDAL itself put into a sidecar because the raster's own file has no room for it.

    That is a CRS that GeoTIFF has no keys for, or metadata of more than 32,000 bytes. Empty where
    there is no such file.
    """
    if not sidecar.exists():
        return ""
    found = _DATASET_ITEMS.match(sidecar.read_text(encoding="utf-8"))
    return found[1] if found else ""


def write_attribute_table(
    sidecar: Path, classes: Sequence[LandCoverClass], counts: Mapping[int, int], items: str = ""
) -> None:
    """Write the attribute table of a map.

    Args:
        sidecar: The file to write; for GDAL to find it, it must end up at ``sidecar_of(map)``.
        classes: Value, name and colour of each class.
        counts: Class value to number of pixels; a missing class has none.
        items: Of the whole dataset, as ``dataset_items`` gives them.

    Raises:
        OSError: It cannot be written.
    """
    sidecar.write_text(_document(classes, counts, items), encoding="utf-8", newline="\n")


def write_other_table(
    target: Path, sidecar: Path, classes: Sequence[LandCoverClass], counts: Mapping[int, int]
) -> None:
    """Write what a raster's sidecar says, with another attribute table.

    All else that stands in it stays: statistics, a CRS, further bands. The classes also become an item
    of the metadata, which goes before one of the same name inside the raster.

    Args:
        target: The file to write.
        sidecar: The raster's own, if there is one.
        classes: Value, name and colour of each class.
        counts: Class value to number of pixels.

    Raises:
        ValueError: The sidecar is no file of GDAL's.
        OSError: It cannot be read or written.
    """
    text = sidecar.read_text(encoding="utf-8") if sidecar.exists() else "<PAMDataset></PAMDataset>"
    found = _DATASET.search(text)
    if found is None:
        raise ValueError(f"{sidecar} has no PAMDataset")
    bands = dict(_BAND.findall(found[1]))
    first = _TABLES.sub("", bands.pop("1", "")).rstrip()
    others = "".join(
        f'\n  <PAMRasterBand band="{number}">{content}</PAMRasterBand>' for number, content in bands.items()
    )
    items = _with_classes(_BAND.sub("", found[1]).rstrip(), classes)
    target.write_text(_document(classes, counts, items, first, others), encoding="utf-8", newline="\n")


def read_attribute_table(sidecar: Path) -> tuple[tuple[int, str, str], ...]:
    """Return value, name and colour ``#RRGGBB`` of the rows of a raster's attribute table.

    Name and colour are empty where the table has none; there are no rows where there is no table,
    or none of class values.
    """
    if not sidecar.is_file():
        return ()
    found = _TABLE.search(sidecar.read_text(encoding="utf-8", errors="replace"))
    if found is None:
        return ()
    usages = [int(usage) for usage in _USAGE.findall(found[1])]
    place = {usage: number for number, usage in reversed(list(enumerate(usages)))}
    value = place.get(_MINMAX, place.get(_MIN))
    if value is None:
        return ()
    rows = []
    for row in _ROW.findall(found[1]):
        cells = [_plain(cell) for cell in _CELL.findall(row)]
        if len(cells) != len(usages):
            continue
        try:
            number = float(cells[value])
            levels = [int(float(cells[place[usage]])) for usage in _RGB if usage in place]
        except ValueError:
            continue
        if not number.is_integer():
            continue
        is_colour = len(levels) == 3 and all(0 <= level <= 255 for level in levels)
        colour = "#" + "".join(f"{level:02X}" for level in levels) if is_colour else ""
        rows.append((int(number), cells[place[_NAME]] if _NAME in place else "", colour))
    return tuple(rows)


def _plain(text: str) -> str:
    for letter, entity in reversed(_ENTITIES.items()):
        text = text.replace(entity, letter)
    return text


def _with_classes(items: str, classes: Sequence[LandCoverClass]) -> str:
    """Return the dataset's items with the classes among its metadata."""
    text = json.dumps([to_plain(item) for item in classes], ensure_ascii=False)
    item = f'\n    <MDI key="CLASSES">{_escaped(text)}</MDI>'
    others = _CLASSES_ITEM.sub("", items)
    before, metadata, after = others.partition("<Metadata>")
    if metadata:
        return f"{before}{metadata}{item}{after}"
    return f"{others}\n  <Metadata>{item}\n  </Metadata>"


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
    for index, (name, kind, usage) in enumerate(_COLUMNS):
        lines.append(
            f'      <FieldDefn index="{index}"><Name>{name}</Name>'
            f"<Type>{kind}</Type><Usage>{usage}</Usage></FieldDefn>"
        )
    for index, item in enumerate(classes):
        cells = (item.value, counts.get(item.value, 0), _escaped(item.name), *item.rgb, 255)
        lines.append(f'      <Row index="{index}">' + "".join(f"<F>{cell}</F>" for cell in cells) + "</Row>")
    lines += ["    </GDALRasterAttributeTable>", f"  </PAMRasterBand>{others}", "</PAMDataset>", ""]
    return "\n".join(lines)


def _categories(classes: Sequence[LandCoverClass]) -> Iterator[str]:
    values = [item.value for item in classes]
    if min(values) < 0 or max(values) > _LARGEST_CATEGORY:
        return
    names = {item.value: item.name for item in classes}
    yield "    <CategoryNames>"
    for value in range(max(values) + 1):
        yield f"      <Category>{_escaped(names.get(value, ''))}</Category>"
    yield "    </CategoryNames>"


def _escaped(text: str) -> str:
    clean = _FORBIDDEN.sub(" ", text)
    return "".join(_ENTITIES.get(letter, letter) for letter in clean)
