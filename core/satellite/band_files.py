"""Folders of single-band files, whose names show the bands; and the reader of any product.

>>> product = read_product("S2A_MSIL2A_….SAFE")    # Sentinel-2
>>> product = read_product("LC08_…_02_T1.tar")     # Landsat
>>> product = read_product("bands")                # B02.tif, B03.tif, … or red.tif, nir.tif, …
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from ..errors import RasterError
from ..raster.dataset import grid_of, open_dataset
from ..raster.quality import QA_PIXEL, SCL, quality_layer_of
from ..raster.roles import ROLES, guess_roles
from ..raster.source import RasterSource
from .landsat import METADATA as LANDSAT_METADATA
from .landsat import read_landsat
from .product import BandImage, ProductBand, SatelliteProduct
from .product_files import ProductFiles, open_files
from .sentinel2 import METADATA as SENTINEL_METADATA
from .sentinel2 import OLDER_METADATA, read_sentinel2

_IMAGE_SUFFIXES = (".tif", ".tiff", ".jp2", ".img", ".vrt")
_SEPARATORS = re.compile(r"[_\-. ]+")
_RESOLUTION = re.compile(r"(?i)\d+m")
_DATE = re.compile(r"(?<!\d)(19[7-9]\d|20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_RADAR = ("vv", "vh")
_UNUSUAL = ("water_vapour", "cirrus")
_MAX_BAND_FILES = 200
# Before a band number, this word tells Landsat's sensors apart.
_TELLING_WORD = "sr"


def read_product(path: str) -> SatelliteProduct:
    """Return the product at a path: Sentinel-2, Landsat, or a folder of single-band files.

    Args:
        path: Path of a folder, of a .zip or .tar archive, or of a metadata file.

    Raises:
        RasterError: There is none, there are several, or it is incomplete or damaged.
    """
    files = open_files(path)
    has_sentinel = bool(files.matching(SENTINEL_METADATA))
    has_landsat = bool(files.matching(LANDSAT_METADATA))
    if files.metadata:
        # Where a folder holds both, the file that the user chose decides.
        has_sentinel &= re.fullmatch(SENTINEL_METADATA, files.metadata, re.IGNORECASE) is not None
        has_landsat &= re.fullmatch(LANDSAT_METADATA, files.metadata, re.IGNORECASE) is not None
        if not has_sentinel and not has_landsat:
            raise RasterError(
                "The file is not the metadata of a Sentinel-2 or Landsat product",
                where=path,
                advice="Choose MTD_MSIL2A.xml, MTD_MSIL1C.xml, …_MTL.txt or …_MTL.json, or the product's "
                "folder.",
            )
    if has_sentinel and has_landsat:
        raise RasterError(
            "There are a Sentinel-2 and a Landsat product here",
            where=path,
            advice="Choose the metadata file of one of them.",
        )
    if has_sentinel:
        return read_sentinel2(files)
    if has_landsat:
        return read_landsat(files)
    if files.matching(OLDER_METADATA):
        raise RasterError(
            "The Sentinel-2 product has the format before December 2016, which is not read",
            where=path,
            advice="Download it again: all products are offered in the present format.",
        )
    return read_band_files(files)


def read_band_files(files: ProductFiles) -> SatelliteProduct:
    """Return the bands of files whose names show roles or band numbers, see ``core.raster.roles``.

    Words that all names share say nothing of a band and are ignored. Files without a role are left out.

    Args:
        files: Files without metadata of a product.

    Raises:
        RasterError: No name shows a band, there are too many files, or a raster cannot be opened.
    """
    images = [name for name in files.names if PurePosixPath(name).suffix.lower() in _IMAGE_SUFFIXES]
    if len(images) > _MAX_BAND_FILES:
        raise RasterError(
            "The folder holds {count:,} rasters, too many for one product",
            where=str(files.root),
            advice="Choose a folder with the bands of one date.",
            count=len(images),
        )
    quality = [name for name in images if quality_layer_of(name)]
    keys = _keys([name for name in images if name not in quality])
    roles = guess_roles(list(dict.fromkeys(keys.values())))
    bands = []
    for role in ROLES:
        key = roles.get(role)
        # A narrow near infrared that is also taken for the broad one is one band.
        if key is None or role in _RADAR or (role == "nir_narrow" and roles.get("nir") == key):
            continue
        found = [_image(files, name) for name, other in keys.items() if other == key]
        bands.append(
            ProductBand(
                role,
                key,
                tuple(sorted(found, key=lambda image: image.pixel_size)),
                is_usual=role not in _UNUSUAL,
            )
        )
    if not bands:
        raise RasterError(
            "There is no product here: neither MTD_MSIL2A.xml, MTD_MSIL1C.xml or …_MTL.txt, nor single-band "
            "files with names such as B02.tif",
            where=str(files.root),
            advice="Choose the folder or archive of one product.",
        )
    kind = ""
    if quality:
        layer = quality_layer_of(quality[0])
        kind = layer.kind if layer else ""
        quality = [name for name in quality if (QA_PIXEL if QA_PIXEL in name.upper() else SCL) == kind]
    date = next((match for name in images if (match := _DATE.search(PurePosixPath(name).stem))), None)
    return SatelliteProduct(
        files=files,
        id=files.root.name,
        sensor="",
        level="",
        quantity="",
        date="-".join(date.groups()) if date else "",
        time="",
        bands=tuple(bands),
        quality=tuple(sorted((_image(files, name) for name in quality), key=lambda item: item.pixel_size)),
        quality_kind=kind,
    )


def _image(files: ProductFiles, name: str) -> BandImage:
    dataset = files.dataset(name)
    with open_dataset(RasterSource(dataset)) as opened:
        return BandImage(name, dataset, max(grid_of(opened).pixel_size))


def _keys(names: Sequence[str]) -> dict[str, str]:
    """Return what is left of each name without its resolution and the words that all names share."""
    words = {
        name: [
            word for word in _SEPARATORS.split(PurePosixPath(name).stem) if not _RESOLUTION.fullmatch(word)
        ]
        for name in names
    }
    first = _shared(list(words.values()))
    last = _shared([parts[::-1] for parts in words.values()])
    keys = {}
    for name, parts in words.items():
        # The end is cut first, and never so much that nothing remains.
        kept = parts[min(first, max(len(parts) - 1, 0)) :]
        kept = kept[: max(len(kept) - last, 1)]
        keys[name] = "_".join(kept)
    return keys


def _shared(lists: Sequence[Sequence[str]]) -> int:
    """Return the number of first words that all lists of words share."""
    if len(lists) < 2:
        return 0
    shared = 0
    for words in zip(*lists, strict=False):
        if len({word.lower() for word in words}) > 1 or words[0].lower() == _TELLING_WORD:
            break
        shared += 1
    return shared
