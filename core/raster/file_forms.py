"""How rasters may be stored; importable without GDAL, so that QGIS can list it."""

COMPRESSIONS = ("deflate", "zstd")
"""``deflate`` is read by everything, ``zstd`` is smaller and quicker."""

SHARE_TYPES = ("uint8", "float32")
"""Pixel types of shares between 0 and 1: scaled to whole numbers, or as they are."""
