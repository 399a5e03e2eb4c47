"""Sentinel-2 products of level 1C and 2A in the format since December 2016 (SAFE compact).

Numbers become reflectance by ``(number + offset) / quantification value``. The offsets are those of the
metadata: -1000 from processing baseline 04.00 (January 2022) on, none before. Stored 0 is nodata, and 65535
is a saturated pixel. Source: Sentinel-2 Products Specification Document, issue 15, sections 4 and 5.

>>> product = read_sentinel2(open_files("S2B_MSIL2A_….SAFE"))
>>> product.band("nir").offset    # -0.1
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath

from ..errors import RasterError
from ..raster.quality import SCL
from .product import SURFACE, TOP, BandImage, ProductBand, SatelliteProduct
from .product_files import ProductFiles, XmlDocument, read_xml

METADATA = r"(?:.*/)?MTD_MSIL(?:1C|2A)\.xml"
"""Name of the metadata file."""
OLDER_METADATA = r"(?:.*/)?S2._[A-Z]{4}(?:_PRD)?_MTD_(?:SAF)?L(?:1C|2A).*\.xml"
"""Name of the metadata file before December 2016."""
# Code, role and finest resolution in metres, by ``bandId``. Other bands than those of 60 m are usual.
_BANDS = (
    ("B01", "coastal", 60),
    ("B02", "blue", 10),
    ("B03", "green", 10),
    ("B04", "red", 10),
    ("B05", "red_edge_1", 20),
    ("B06", "red_edge_2", 20),
    ("B07", "red_edge_3", 20),
    ("B08", "nir", 10),
    ("B8A", "nir_narrow", 20),
    ("B09", "water_vapour", 60),
    ("B10", "cirrus", 60),
    ("B11", "swir1", 20),
    ("B12", "swir2", 20),
)
_COARSE = 60
_RESOLUTIONS = dict((code, resolution) for code, _role, resolution in _BANDS)
_IMAGE = re.compile(r"(?:.*_)?(B\d\d|B8A|SCL)(?:_(10|20|60)m)?", re.IGNORECASE)
_IMAGE_SUFFIXES = (".jp2", ".tif", ".tiff")
_SATURATED = 65535.0
# Smallest special value that a measurement cannot have by chance; some old products call 6 saturated, which
# is a number of dark water.
_MIN_SATURATED = 32768
_OFFSET_BASELINE = 4.0


def read_sentinel2(files: ProductFiles) -> SatelliteProduct:
    """Return the product in a .SAFE folder or an archive of one.

    Args:
        files: Files with one ``MTD_MSIL1C.xml`` or ``MTD_MSIL2A.xml``.

    Raises:
        RasterError: There are several products, or the metadata are damaged or incomplete.
    """
    name = _metadata_name(files)
    xml = read_xml(files.text(name), files.place(name))
    level = "L2A" if name.upper().endswith("L2A.XML") else "L1C"
    folder = PurePosixPath(name).parent
    images = _images(files, xml, folder)
    baseline = xml.first("PROCESSING_BASELINE")
    quantification = _quantification(xml, level, files.place(name))
    numbers = {number for number, (code, *_) in enumerate(_BANDS) if code in images}
    offsets = _offsets(xml, baseline, numbers, files.place(name))
    bands = tuple(
        ProductBand(
            role,
            code,
            images[code],
            1.0 / quantification,
            offsets.get(number, 0.0) / quantification,
            is_usual=resolution < _COARSE,
        )
        for number, (code, role, resolution) in enumerate(_BANDS)
        if code in images
    )
    if not bands:
        raise RasterError(
            "The product has no images of bands",
            where=files.place(str(folder / "GRANULE")),
            advice="Download the product again; all of its folders are needed.",
        )
    time = xml.first("PRODUCT_START_TIME", "DATATAKE_SENSING_START")
    # The first products of level 2A name the level 1C that they were made of before themselves.
    names = ("PRODUCT_URI", f"PRODUCT_URI_{level[1:]}")
    product = next(filter(None, map(xml.first, names)), "").removesuffix(".SAFE")
    return SatelliteProduct(
        files=files,
        id=product or folder.name.removesuffix(".SAFE") or files.root.stem,
        sensor=xml.first("SPACECRAFT_NAME") or "Sentinel-2",
        level=level,
        quantity=SURFACE if level == "L2A" else TOP,
        date=time[:10],
        time=time,
        bands=bands,
        quality=images.get("SCL", ()),
        quality_kind=SCL if "SCL" in images else "",
        nodata_values=(_special(xml, "NODATA", 0.0), _special(xml, "SATURATED", _SATURATED)),
        items={"PROCESSING_BASELINE": baseline},
    )


def _metadata_name(files: ProductFiles) -> str:
    names = files.matching(METADATA)
    if files.metadata and files.metadata in names:
        return files.metadata
    if len(names) != 1:
        raise RasterError(
            "There are {count} Sentinel-2 products here",
            where=str(files.root),
            advice="Choose one of them: {names}.",
            count=len(names),
            names=", ".join(str(PurePosixPath(name).parent) for name in names[:5]),
        )
    return names[0]


def _images(files: ProductFiles, xml: XmlDocument, folder: PurePosixPath) -> dict[str, tuple[BandImage, ...]]:
    """Return the images by band, the finest first, with those that the metadata list and that are missing."""
    found: dict[str, dict[int, BandImage]] = {}
    prefix = "" if str(folder) == "." else f"{folder}/"
    granules = set()
    for name in files.names:
        path = PurePosixPath(name)
        is_image = path.suffix.lower() in _IMAGE_SUFFIXES and "IMG_DATA" in path.parts
        key = _band_of(path.stem) if is_image and name.startswith(prefix) else None
        if key:
            granules.add(path.parts[: path.parts.index("IMG_DATA")])
            found.setdefault(key[0], {})[key[1]] = BandImage(name, files.dataset(name), float(key[1]))
    if len(granules) > 1:
        raise RasterError(
            "The product has {count} tiles",
            where=str(files.root),
            advice="Only products of one tile are read; download the tiles one by one.",
            count=len(granules),
        )
    for element in xml.all("IMAGE_FILE", "IMAGE_FILE_2A"):
        key = _band_of(PurePosixPath(element.text).name)
        if key and "IMG_DATA" in element.text:
            name = f"{prefix}{element.text}.jp2"
            found.setdefault(key[0], {}).setdefault(key[1], BandImage(name, "", float(key[1])))
    return {
        code: tuple(images[size] for size in sorted(images))
        for code, images in found.items()
        if any(image.dataset for image in images.values()) or code in _RESOLUTIONS
    }


def _band_of(stem: str) -> tuple[str, int] | None:
    """Return band and resolution of an image's name; None for other images, such as TCI."""
    match = _IMAGE.fullmatch(stem)
    if match is None:
        return None
    code = match[1].upper()
    resolution = int(match[2]) if match[2] else _RESOLUTIONS.get(code, 20)
    return (code, resolution) if code == "SCL" or code in _RESOLUTIONS else None


def _quantification(xml: XmlDocument, level: str, where: str) -> float:
    names = (
        ("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE")
        if level == "L2A"
        else ("QUANTIFICATION_VALUE",)
    )
    text = xml.first(*names)
    value = _number(text)
    if value is None or value <= 0:
        raise RasterError(
            "The metadata of the product lack {name}",
            where=where,
            advice="Download the product again.",
            name=names[0],
        )
    return value


def _offsets(xml: XmlDocument, baseline: str, bands: set[int], where: str) -> dict[int, float]:
    """Return the offset of each band by its number; empty for products before baseline 04.00."""
    offsets: dict[int, float] = {}
    for element in xml.all("BOA_ADD_OFFSET", "RADIO_ADD_OFFSET"):
        number, value = _number(element.attributes.get("band_id", "")), _number(element.text)
        if number is not None and value is not None:
            offsets[int(number)] = value
    # Reflectances would be 0.1 too high without the offsets.
    is_expected = bool(offsets) or (_number(baseline) or 0.0) >= _OFFSET_BASELINE
    if is_expected and bands - offsets.keys():
        raise RasterError(
            "The metadata of the product lack the offsets that processing baseline {baseline} has",
            where=where,
            advice="Download the product again.",
            baseline=baseline,
        )
    return offsets


def _special(xml: XmlDocument, name: str, default: float) -> float:
    """Return a special value; the default where the metadata have none that can be one."""
    texts = xml.all("SPECIAL_VALUE_TEXT", "SPECIAL_VALUE_INDEX")
    for label, index in pairwise(texts):
        if label.name == "SPECIAL_VALUE_TEXT" and label.text == name and index.name == "SPECIAL_VALUE_INDEX":
            value = _number(index.text)
            if value is not None and (name == "NODATA" or value >= _MIN_SATURATED):
                return value
    return default


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
