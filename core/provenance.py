"""Checksum of a raster's first band: the same for the same pixels on the same grid, in whatever file.

::

    checksum = PixelChecksum(width, height, transform, "uint8", 255)
    for rows in strips:
        checksum.add(rows)  # bytes of whole rows, from top to bottom, as the file stores its values
    checksum.text()

Names, colours, compression and metadata may change; pixels, grid and nodata value may not. Light: QGIS
imports this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

KEY = "PIXELS_SHA256"
"""Metadata item of a map with the checksum that its pixels had when they were written."""


class PixelChecksum:
    """Checksum that grows row by row.

    Args:
        width: Columns of the raster.
        height: Rows of the raster.
        transform: Six coefficients of the geotransform in GDAL's order.
        dtype: NumPy name of the data type, such as ``uint8``.
        nodata: Nodata value; None for none.
    """

    def __init__(
        self, width: int, height: int, transform: Sequence[float], dtype: str, nodata: float | None
    ) -> None:
        place = " ".join(f"{number:.12g}" for number in transform)
        empty = "none" if nodata is None else f"{float(nodata):.12g}"
        self._hash = hashlib.sha256(f"{width} {height} {place} {dtype} {empty}\n".encode())

    def add(self, rows: bytes) -> None:
        """Add the bytes of the next rows."""
        self._hash.update(rows)

    def text(self) -> str:
        """Return the SHA-256 checksum as hexadecimal digits."""
        return self._hash.hexdigest()
