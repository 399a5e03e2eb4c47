"""Which spectral indices there are, and which bands each needs. Light: QGIS lists them."""

from __future__ import annotations

# Index to the band roles of its formula, in the order of the functions in ``indices``.
INDEX_ROLES: dict[str, tuple[str, ...]] = {
    "NDVI": ("nir", "red"),
    "EVI": ("nir", "red", "blue"),
    "SAVI": ("nir", "red"),
    "NDWI": ("green", "nir"),
    "MNDWI": ("green", "swir1"),
    "NDBI": ("swir1", "nir"),
    "BSI": ("swir1", "red", "nir", "blue"),
    "NDRE": ("nir", "red_edge_1"),
    "CIRE": ("nir", "red_edge_1"),
    "MSAVI": ("nir", "red"),
    "GNDVI": ("nir", "green"),
    "NDMI": ("nir", "swir1"),
    "NBR": ("nir", "swir2"),
}
INDEX_NAMES: tuple[str, ...] = tuple(INDEX_ROLES)
