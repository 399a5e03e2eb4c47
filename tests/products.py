"""Small satellite products after their specifications: Sentinel-2 (SAFE compact) and Landsat Collection 2.

Images are written by a function of the test, because QGIS's Python and that of the core have other libraries:
``write(path, values, pixel_size)`` with the values as an array of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

LEFT, TOP, CRS = 399_960.0, 5_400_000.0, "EPSG:32632"
SIDE = 360
"""Side of the products in metres."""
SENSING = "20240110T102311"
RESOLUTIONS = {
    "B01": 60,
    "B02": 10,
    "B03": 10,
    "B04": 10,
    "B05": 20,
    "B06": 20,
    "B07": 20,
    "B08": 10,
    "B8A": 20,
    "B09": 60,
    "B10": 60,
    "B11": 20,
    "B12": 20,
}
ROLES = {
    "B02": "blue",
    "B03": "green",
    "B04": "red",
    "B05": "red_edge_1",
    "B06": "red_edge_2",
    "B07": "red_edge_3",
    "B08": "nir",
    "B8A": "nir_narrow",
    "B11": "swir1",
    "B12": "swir2",
}
"""Roles of the bands of 10 and 20 m."""
Write = Callable[[Path, Any, float], None]
_SCHEMA = "https://psd-14.sentinel2.eo.esa.int/PSD"


def numbers_of(code: str, resolution: int) -> Any:
    """Return the numbers of a band of Sentinel-2: another plane for each; pixel (0, 0) is nodata."""
    count = SIDE // resolution
    row, column = np.mgrid[0:count, 0:count]
    values = 1500 + 100 * list(RESOLUTIONS).index(code) + 7 * row * resolution // 10 + 3 * column
    values[0, 0] = 0
    return values.astype(np.uint16)


def scene_classes() -> Any:
    """Return an SCL of 20 m: rows of the classes 0 to 11, and vegetation below."""
    count = SIDE // 20
    values = np.full((count, count), 4)
    values[:12] = np.arange(12)[:, None]
    return values.astype(np.uint8)


def write_sentinel2(
    folder: Path,
    write: Write,
    level: str = "L2A",
    baseline: str = "05.10",
    offset: int | None = -1000,
    numbers: Callable[[str, int], Any] = numbers_of,
) -> Path:
    """Write a product and return its .SAFE folder.

    Args:
        folder: Folder to write it into.
        write: Writes an image.
        level: ``L2A`` or ``L1C``.
        baseline: Processing baseline.
        offset: Offset of all bands; None writes none.
        numbers: Returns the numbers of a band in a resolution.
    """
    tag = baseline.replace(".", "")
    name = f"S2A_MSI{level}_{SENSING}_N{tag}_R065_T32UMU_20240110T120000.SAFE"
    granule = f"GRANULE/{level}_T32UMU_A044659_{SENSING}"
    images = []
    for code, finest in RESOLUTIONS.items():
        if level == "L1C":
            images.append((f"{granule}/IMG_DATA/T32UMU_{SENSING}_{code}", code, finest))
        elif code != "B10":
            # B08 is delivered in 10 m only.
            sizes = [finest] if code == "B08" else [size for size in (10, 20, 60) if size >= finest]
            images += [
                (f"{granule}/IMG_DATA/R{size}m/T32UMU_{SENSING}_{code}_{size}m", code, size) for size in sizes
            ]
    if level == "L2A":
        images.append((f"{granule}/IMG_DATA/R20m/T32UMU_{SENSING}_SCL_20m", "SCL", 20))
    product = folder / name
    for path, code, size in images:
        file = product / f"{path}.jp2"
        file.parent.mkdir(parents=True, exist_ok=True)
        write(file, scene_classes() if code == "SCL" else numbers(code, size), size)
    files = "".join(f"<IMAGE_FILE>{path}</IMAGE_FILE>" for path, _code, _size in images)
    kind, list_name, element = (
        ("2A", "BOA_ADD_OFFSET_VALUES_LIST", "BOA_ADD_OFFSET")
        if level == "L2A"
        else ("1C", "Radiometric_Offset_List", "RADIO_ADD_OFFSET")
    )
    offsets = "".join(f'<{element} band_id="{number}">{offset}</{element}>' for number in range(13))
    quantification = (
        "<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit='none'>10000</BOA_QUANTIFICATION_VALUE>"
        "<AOT_QUANTIFICATION_VALUE unit='none'>1000.0</AOT_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>"
        if level == "L2A"
        else '<QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE>'
    )
    special = "".join(
        f"<Special_Values><SPECIAL_VALUE_TEXT>{text}</SPECIAL_VALUE_TEXT>"
        f"<SPECIAL_VALUE_INDEX>{value}</SPECIAL_VALUE_INDEX></Special_Values>"
        for text, value in (("NODATA", 0), ("SATURATED", 65535))
    )
    (product / f"MTD_MSI{level}.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f"<!-- a small product -->\n"
        f'<n1:Level-{kind}_User_Product xmlns:n1="{_SCHEMA}/User_Product_Level-{kind}.xsd"><n1:General_Info>'
        f"<Product_Info><PRODUCT_START_TIME>2024-01-10T10:23:11.024Z</PRODUCT_START_TIME>"
        f"<PRODUCT_URI>{name}</PRODUCT_URI><PROCESSING_LEVEL>Level-{kind}</PROCESSING_LEVEL>"
        f"<PROCESSING_BASELINE>{baseline}</PROCESSING_BASELINE>"
        '<Datatake datatakeIdentifier="GS2A"><SPACECRAFT_NAME>Sentinel-2A</SPACECRAFT_NAME></Datatake>'
        f"<Product_Organisation><Granule_List><Granule>{files}</Granule></Granule_List>"
        "</Product_Organisation></Product_Info>"
        f"<Product_Image_Characteristics>{special}{quantification}"
        f"{f'<{list_name}>{offsets}</{list_name}>' if offset is not None else ''}"
        "</Product_Image_Characteristics></n1:General_Info>"
        f"</n1:Level-{kind}_User_Product>\n",
        encoding="utf-8",
    )
    return product


LANDSAT_SIZE = SIDE // 30
SUN_ELEVATION = 41.5
LEVEL_1 = {"mult": 2.0e-5, "add": -0.1}
LEVEL_2 = {"mult": 2.75e-5, "add": -0.2}


def landsat_numbers(band: int) -> Any:
    """Return the numbers of a band of Landsat; pixel (0, 0) is fill."""
    row, column = np.mgrid[0:LANDSAT_SIZE, 0:LANDSAT_SIZE]
    values = 8000 + 500 * band + 11 * row + column
    values[0, 0] = 0
    return values.astype(np.uint16)


def pixel_quality() -> Any:
    """Return a QA_PIXEL: a row of each bit 0 to 7, and clear land below (bit 6)."""
    values = np.full((LANDSAT_SIZE, LANDSAT_SIZE), 1 << 6)
    values[:8] = (1 << np.arange(8))[:, None]
    return values.astype(np.uint16)


def write_landsat(folder: Path, write: Write, satellite: int = 9, level: int = 2, form: str = "txt") -> Path:
    """Write a product and return its folder; in row 5, band 4 is saturated.

    Args:
        folder: Folder to write it into.
        write: Writes an image.
        satellite: Number of the satellite, 5 or 7 to 9.
        level: 1 or 2.
        form: Form of the metadata, ``txt`` or ``json``.
    """
    sensor = {5: "T", 7: "E"}.get(satellite, "C")
    kind = "SP" if level == 2 else "TP"
    product = f"L{sensor}{satellite:02d}_L{level}{kind}_196026_20200808_20200918_02_T1"
    place = folder / product
    place.mkdir(parents=True)
    last = {True: (1, 2, 3, 4, 5, 6, 7, 9), False: (1, 2, 3, 4, 5, 7)}[satellite > 7]
    bands = [band for band in last if level == 1 or band != 9]
    saturated = np.zeros((LANDSAT_SIZE, LANDSAT_SIZE), dtype=np.uint16)
    saturated[5] = 1 << 3
    contents = {
        "LANDSAT_PRODUCT_ID": product,
        "PROCESSING_LEVEL": f"L{level}{kind}",
        "COLLECTION_NUMBER": "02",
    }
    for band in bands:
        file = f"{product}_{'SR_' if level == 2 else ''}B{band}.TIF"
        write(place / file, landsat_numbers(band), 30)
        contents[f"FILE_NAME_BAND_{band}"] = file
    for key, ending, values in (
        ("FILE_NAME_QUALITY_L1_PIXEL", "QA_PIXEL", pixel_quality()),
        ("FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION", "QA_RADSAT", saturated),
    ):
        write(place / f"{product}_{ending}.TIF", values, 30)
        contents[key] = f"{product}_{ending}.TIF"

    def scaling(figures: dict[str, float]) -> dict[str, str]:
        names = (("REFLECTANCE_MULT_BAND", "mult"), ("REFLECTANCE_ADD_BAND", "add"))
        return {f"{name}_{band}": f"{figures[key]!r}" for name, key in names for band in last}

    groups = {
        "PRODUCT_CONTENTS": contents,
        "IMAGE_ATTRIBUTES": {
            "SPACECRAFT_ID": f"LANDSAT_{satellite}",
            "DATE_ACQUIRED": "2020-08-08",
            "SCENE_CENTER_TIME": "10:10:01.1230000Z",
            "SUN_ELEVATION": f"{SUN_ELEVATION}",
        },
        **({"LEVEL2_SURFACE_REFLECTANCE_PARAMETERS": scaling(LEVEL_2)} if level == 2 else {}),
        # Level 2 also has the coefficients and file names of level 1.
        "LEVEL1_PROCESSING_RECORD": {"LANDSAT_PRODUCT_ID": "of level 1", "PROCESSING_LEVEL": "L1TP"},
        "LEVEL1_RADIOMETRIC_RESCALING": scaling(LEVEL_1),
    }
    if form == "json":
        import json

        text = json.dumps({"LANDSAT_METADATA_FILE": groups}, indent=2)
    else:
        lines = ["GROUP = LANDSAT_METADATA_FILE"]
        for group, items in groups.items():
            lines.append(f"  GROUP = {group}")
            lines += [
                f"    {key} = {value}" if key.startswith(("REFL", "SUN")) else f'    {key} = "{value}"'
                for key, value in items.items()
            ]
            lines.append(f"  END_GROUP = {group}")
        text = "\n".join([*lines, "END_GROUP = LANDSAT_METADATA_FILE", "END", ""])
    (place / f"{product}_MTL.{form}").write_text(text, encoding="utf-8")
    return place


def write_by_gdal(path: Path, values: Any, pixel_size: float) -> None:
    """Write an image with the GDAL of QGIS: lossless JPEG 2000, or GeoTIFF."""
    from osgeo import gdal, osr

    kind = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16}[str(values.dtype)]
    memory = gdal.GetDriverByName("MEM").Create("", values.shape[1], values.shape[0], 1, kind)
    memory.SetGeoTransform((LEFT, pixel_size, 0.0, TOP, 0.0, -pixel_size))
    reference = osr.SpatialReference()
    reference.SetFromUserInput(CRS)
    memory.SetProjection(reference.ExportToWkt())
    memory.GetRasterBand(1).WriteArray(values)
    is_jpeg = path.suffix == ".jp2"
    options = ["QUALITY=100", "REVERSIBLE=YES"] if is_jpeg else []
    driver = gdal.GetDriverByName("JP2OpenJPEG" if is_jpeg else "GTiff")
    driver.CreateCopy(str(path), memory, options=options).FlushCache()
