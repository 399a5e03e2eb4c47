"""Landsat Collection 2 products of level 1 and 2: Landsat 4 to 9.

Level 2 is surface reflectance by ``factor * number + offset`` of the metadata (0.0000275 and -0.2). Level 1
is reflectance at the top of the atmosphere by the coefficients of the metadata, divided by the sine of the
sun's elevation at the scene's centre. Stored 0 is fill. Bands that QA_RADSAT calls saturated are no
measurements.

Sources: Landsat 8-9 Collection 2 Level 1 and Level 2 Data Format Control Books (LSDS-1822, LSDS-1328).

>>> product = read_landsat(open_files("LC09_L2SP_…_02_T1.tar"))
>>> product.band("SR_B5").name    # "nir"
"""

from __future__ import annotations

import json
import math
import re
from pathlib import PurePosixPath
from typing import Any

from ..errors import RasterError
from ..raster.quality import QA_PIXEL
from .product import SURFACE, TOP, BandImage, ProductBand, SatelliteProduct
from .product_files import ProductFiles

METADATA = r"(?:.*/)?[^/]*_MTL\.(?:txt|json)"
"""Name of the metadata file."""
_ROLES_8_9 = {
    1: "coastal",
    2: "blue",
    3: "green",
    4: "red",
    5: "nir",
    6: "swir1",
    7: "swir2",
    9: "cirrus",
}
_ROLES_4_7 = {1: "blue", 2: "green", 3: "red", 4: "nir", 5: "swir1", 7: "swir2"}
# Sees the atmosphere, not the land.
_UNUSUAL = "cirrus"
_PIXEL_SIZE = 30.0
_ITEM = re.compile(r"\s*([A-Z0-9_]+)\s*=\s*(.*?)\s*")
_MIN_SUN_ELEVATION = 5.0

Groups = dict[str, dict[str, str]]
"""Items of the metadata by group."""


def read_landsat(files: ProductFiles) -> SatelliteProduct:
    """Return the product in a folder or a tar archive.

    Args:
        files: Files with one ``…_MTL.txt`` or ``…_MTL.json``.

    Raises:
        RasterError: There are several products, it is not of Collection 2, or its metadata are damaged or
            incomplete.
    """
    name = _metadata_name(files)
    where = files.place(name)
    groups = _groups(files.text(name), name, where)
    contents = _group(groups, "PRODUCT_CONTENTS", where)
    level = _item(contents, "PROCESSING_LEVEL", where)
    if contents.get("COLLECTION_NUMBER", "").lstrip("0") != "2":
        raise RasterError(
            "The product is of Landsat Collection {collection}, and Collection 2 is needed",
            where=where,
            advice="Download the product of Collection 2.",
            collection=contents.get("COLLECTION_NUMBER", "?"),
        )
    attributes = _group(groups, "IMAGE_ATTRIBUTES", where)
    satellite = _item(attributes, "SPACECRAFT_ID", where)
    is_surface = level.startswith("L2")
    folder = PurePosixPath(name).parent
    date, time = attributes.get("DATE_ACQUIRED", ""), attributes.get("SCENE_CENTER_TIME", "")
    bands = _bands(files, groups, folder, satellite, is_surface, where)
    quality = _image(files, folder, contents.get("FILE_NAME_QUALITY_L1_PIXEL", ""))
    return SatelliteProduct(
        files=files,
        id=contents.get("LANDSAT_PRODUCT_ID", "") or PurePosixPath(name).name[: -len("_MTL.txt")],
        sensor=satellite.replace("_", " ").title(),
        level=level,
        quantity=SURFACE if is_surface else TOP,
        date=date,
        time=f"{date}T{time}" if date and time else date,
        bands=bands,
        quality=(quality,) if quality else (),
        quality_kind=QA_PIXEL if quality else "",
        saturation=_image(files, folder, contents.get("FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION", "")),
        nodata_values=(0.0,),
        items={"SUN_ELEVATION": attributes.get("SUN_ELEVATION", "")},
    )


def _metadata_name(files: ProductFiles) -> str:
    names = files.matching(METADATA)
    if files.metadata and files.metadata in names:
        return files.metadata
    products = sorted({name.rpartition(".")[0] for name in names})
    if len(products) > 1:
        raise RasterError(
            "There are {count} Landsat products here",
            where=str(files.root),
            advice="Choose the metadata file (_MTL.txt) of one of them.",
            count=len(products),
        )
    return next((name for name in names if name.lower().endswith(".txt")), names[0])


def _bands(
    files: ProductFiles,
    groups: Groups,
    folder: PurePosixPath,
    satellite: str,
    is_surface: bool,
    where: str,
) -> tuple[ProductBand, ...]:
    contents = groups["PRODUCT_CONTENTS"]
    scaling = _group(
        groups,
        "LEVEL2_SURFACE_REFLECTANCE_PARAMETERS" if is_surface else "LEVEL1_RADIOMETRIC_RESCALING",
        where,
    )
    sine = 1.0 if is_surface else _sine_of_sun(groups, where)
    number = int(satellite[-1]) if satellite[-1:].isdecimal() else 0
    if not 4 <= number <= 9:
        raise RasterError(
            "The product is of {satellite}, and Landsat 4 to 9 can be read",
            where=where,
            advice="Choose another product.",
            satellite=satellite,
        )
    bands = []
    for band, role in (_ROLES_8_9 if number >= 8 else _ROLES_4_7).items():
        file = contents.get(f"FILE_NAME_BAND_{band}", "")
        if not file:
            # Level 2 has no cirrus band.
            continue
        image = _image(files, folder, file) or BandImage(PurePosixPath(file).name, "", _PIXEL_SIZE)
        bands.append(
            ProductBand(
                role,
                f"SR_B{band}" if is_surface else f"B{band}",
                (image,),
                _float(scaling, f"REFLECTANCE_MULT_BAND_{band}", where) / sine,
                _float(scaling, f"REFLECTANCE_ADD_BAND_{band}", where) / sine,
                is_usual=role != _UNUSUAL,
                saturation_bit=band - 1,
            )
        )
    return tuple(bands)


def _image(files: ProductFiles, folder: PurePosixPath, file: str) -> BandImage | None:
    """Return the image of a file beside the metadata; None where it is missing."""
    # Only the name counts, so that metadata cannot lead to another folder.
    name = str(folder / PurePosixPath(file.replace("\\", "/")).name) if file else ""
    return BandImage(name, files.dataset(name), _PIXEL_SIZE) if name in files.names else None


def _sine_of_sun(groups: Groups, where: str) -> float:
    elevation = _float(groups["IMAGE_ATTRIBUTES"], "SUN_ELEVATION", where)
    if elevation < _MIN_SUN_ELEVATION:
        raise RasterError(
            "The sun is at {elevation:.1f} degrees, too low for reflectance at the top of the atmosphere",
            where=where,
            advice="Choose a scene of the day.",
            elevation=elevation,
        )
    return math.sin(math.radians(elevation))


def _groups(text: str, name: str, where: str) -> Groups:
    """Return the items of the metadata by group; the first group of a name counts."""
    return _of_json(text, where) if name.lower().endswith(".json") else _of_text(text)


def _of_text(text: str) -> Groups:
    groups: Groups = {}
    opened: list[dict[str, str]] = []
    for line in text.splitlines():
        match = _ITEM.fullmatch(line)
        if match is None:
            continue
        key, value = match[1], match[2].strip('"')
        if key == "GROUP":
            opened.append({})
            groups.setdefault(value, opened[-1])
        elif key == "END_GROUP":
            del opened[-1:]
        elif opened:
            opened[-1].setdefault(key, value)
    return groups


def _of_json(text: str, where: str) -> Groups:
    try:
        document = json.loads(text)
        inner: dict[str, Any] = document.get("LANDSAT_METADATA_FILE", document)
        return {
            group: {key: str(value) for key, value in items.items()}
            for group, items in inner.items()
            if isinstance(items, dict)
        }
    except (ValueError, AttributeError, RecursionError) as error:
        raise RasterError(
            "The metadata file of the product is damaged, or has a form that is not read",
            where=where,
            advice="Download the product again.",
        ) from error


def _group(groups: Groups, name: str, where: str) -> dict[str, str]:
    if name not in groups:
        raise _missing(name, where)
    return groups[name]


def _item(group: dict[str, str], name: str, where: str) -> str:
    if not group.get(name):
        raise _missing(name, where)
    return group[name]


def _float(group: dict[str, str], name: str, where: str) -> float:
    try:
        value = float(_item(group, name, where))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _missing(name, where)
    return value


def _missing(name: str, where: str) -> RasterError:
    return RasterError(
        "The metadata of the product lack {name}",
        where=where,
        advice="Download the product again.",
        name=name,
    )
