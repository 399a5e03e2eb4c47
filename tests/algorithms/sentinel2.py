"""A small unpacked product of Sentinel-2 as it is downloaded: Level-2A, with bands of 60 m only."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal

SIZE, LEFT, TOP = 40, 399_960, 5_400_000
BANDS = ("B01", "B09", "AOT", "SCL", "WVP")
_NAME = "S2A_MSIL2A_20240101T000000_N0510_R001_T32UMU_20240101T000000.SAFE"
_GRANULE = "GRANULE/L2A_T32UMU_A000001_20240101T000000"
_SCHEMA = "https://psd-14.sentinel2.eo.esa.int/PSD"


def make_product(folder: Path) -> Path:
    """Write the product and return its folder; band n holds 100 n + 0 to 49."""
    product = folder / _NAME
    images = product / _GRANULE / "IMG_DATA" / "R60m"
    images.mkdir(parents=True)
    files = ""
    for number, band in enumerate(BANDS, start=1):
        stem = f"T32UMU_20240101T000000_{band}_60m"
        _write_band(images / f"{stem}.jp2", number)
        files += f"<IMAGE_FILE>{_GRANULE}/IMG_DATA/R60m/{stem}</IMAGE_FILE>"
    (product / "MTD_MSIL2A.xml").write_text(
        '<?xml version="1.0"?>\n'
        f'<n1:Level-2A_User_Product xmlns:n1="{_SCHEMA}/User_Product_Level-2A.xsd"><n1:General_Info>'
        f"<Product_Info><PRODUCT_URI>{_NAME}</PRODUCT_URI><PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL>"
        "<PRODUCT_TYPE>S2MSI2A</PRODUCT_TYPE><Query_Options><PRODUCT_FORMAT>SAFE_COMPACT</PRODUCT_FORMAT>"
        "</Query_Options><Product_Organisation><Granule_List>"
        '<Granule granuleIdentifier="S2A_OPER_MSI_L2A_TL_MTI__20240101T000000_A000001_T32UMU_N05.10" '
        f'imageFormat="JPEG2000">{files}</Granule></Granule_List></Product_Organisation></Product_Info>'
        "</n1:General_Info></n1:Level-2A_User_Product>"
    )
    (product / _GRANULE / "MTD_TL.xml").write_text(
        '<?xml version="1.0"?>\n'
        f'<n1:Level-2A_Tile_ID xmlns:n1="{_SCHEMA}/S2_PDI_Level-2A_Tile_Metadata.xsd"><n1:Geometric_Info>'
        "<Tile_Geocoding><HORIZONTAL_CS_NAME>WGS84 / UTM zone 32N</HORIZONTAL_CS_NAME>"
        f'<HORIZONTAL_CS_CODE>EPSG:32632</HORIZONTAL_CS_CODE><Size resolution="60"><NROWS>{SIZE}</NROWS>'
        f'<NCOLS>{SIZE}</NCOLS></Size><Geoposition resolution="60"><ULX>{LEFT}</ULX><ULY>{TOP}</ULY>'
        "<XDIM>60</XDIM><YDIM>-60</YDIM></Geoposition></Tile_Geocoding></n1:Geometric_Info>"
        "</n1:Level-2A_Tile_ID>"
    )
    return product


def _write_band(path: Path, number: int) -> None:
    dataset = gdal.GetDriverByName("MEM").Create("", SIZE, SIZE, 1, gdal.GDT_UInt16)
    dataset.SetGeoTransform((LEFT, 60, 0, TOP, 0, -60))
    pixels = b"".join((100 * number + place % 50).to_bytes(2, "little") for place in range(SIZE * SIZE))
    dataset.GetRasterBand(1).WriteRaster(0, 0, SIZE, SIZE, pixels, buf_type=gdal.GDT_UInt16)
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(
        str(path), dataset, options=["QUALITY=100", "REVERSIBLE=YES"]
    )
