"""Vector files of a map's patches: GeoPackage with a stored style, and KML.

>>> with open_patches(path, grid, classes, has_confidence=False, metadata={}, progress=progress) as writer:
...     writer.add(patches)

A GeoPackage has the legend of the map as the layer's stored style, which QGIS applies when it opens the
layer. A KML has names, colours and coordinates in longitude and latitude, as Google Earth needs them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np
import numpy.typing as npt
from rasterio.crs import CRS
from rasterio.warp import transform

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass
from ..errors import OutputError, SetupError
from ..files import disk_full, is_disk_full, partial_file
from ..marks import PATCHES, mark
from ..progress import Progress
from ..raster.grid import Grid
from ..text import untranslated
from .outlines import CHUNK_CORNERS, Patches, ring_chunks

MAX_PATCHES = 100_000
"""Number of patches that are written together: opening a file takes time."""
_MAX_CORNERS = 1_000_000
_COORDINATE_WORDS = 4
_STYLES = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
 f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
 update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""

_INSERT_STYLE = untranslated(
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
    "styleQML, styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '')"
)
_INSERT_CONTENTS = untranslated(
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
    "VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
)


class PatchWriter(Protocol):
    """Open vector file, created by ``open_patches``."""

    def add(self, patches: Patches, geometries: npt.NDArray[np.object_] | None = None) -> None:
        """Write patches.

        Args:
            patches: Patches and their measures.
            geometries: Polygons as well-known binary in the grid's CRS; None for the outlines of the patches.
        """


@contextmanager
def open_patches(
    path: Path,
    grid: Grid,
    classes: Sequence[LandCoverClass],
    has_confidence: bool,
    metadata: Mapping[str, str],
    progress: Progress,
    max_patches: int = MAX_PATCHES,
) -> Iterator[PatchWriter]:
    """Create a vector file to write patches to. It replaces ``path`` when the block ends without an error.

    Args:
        path: Path of the file, with one of ``core.files.VECTOR_SUFFIXES``.
        grid: Grid of the map.
        classes: Classes of the map, in legend order.
        has_confidence: Whether the patches have confidences.
        metadata: Items for the layer's metadata.
        progress: Progress reporter.
        max_patches: Number of patches that are written together, approximately.

    Raises:
        SetupError: A package that vector files need is missing.
        OutputError: The disk is full, or the file cannot be written there.
    """
    check_packages()
    is_kml = path.suffix.lower() == ".kml"
    with partial_file(path, progress, ending=f".part{path.suffix.lower()}") as part:
        part.unlink(missing_ok=True)
        if is_kml:
            with part.open("w", encoding="utf-8") as file:
                kml = _KmlWriter(file, path.stem, grid, classes, has_confidence)
                yield kml
                kml.close()
            return
        writer = _GeoPackageWriter(part, path.stem, grid, classes, has_confidence, metadata, max_patches)
        try:
            yield writer
            writer.close()
        finally:
            for ending in ("-journal", "-wal", "-shm"):
                part.with_name(part.name + ending).unlink(missing_ok=True)


def check_packages() -> None:
    """Require the packages that vector files need.

    Raises:
        SetupError: One is missing: the environment was made by an older version.
    """
    missing = [name for name in ("pyogrio", "shapely") if find_spec(name) is None]
    if missing:
        raise SetupError(
            "Vector files need the packages {packages}, which are not installed",
            advice="Run 'Set up the environment' (deeplandcover:setupenvironment).",
            packages=", ".join(missing),
        )


def polygons_of(patches: Patches, grid: Grid, chunk_corners: int = CHUNK_CORNERS) -> npt.NDArray[np.object_]:
    """Return the outlines of patches as well-known binary (WKB) in the grid's CRS, shape (N,).

    Args:
        patches: Patches with at least one ring each.
        grid: Grid of the map.
        chunk_corners: Number of corners that are turned into coordinates together.
    """
    count = len(patches)
    result = np.empty(count, dtype=object)
    if not count:
        return result
    # Words of four bytes. A polygon begins at the last byte of a word, so that its numbers lie in words.
    sizes = np.diff(patches.rings)
    ring_words = 1 + _COORDINATE_WORDS * (sizes + 1)
    rings_of = np.diff(patches.parts)
    before = np.concatenate([[0], np.cumsum(ring_words)])
    lengths = 3 + before[patches.parts[1:]] - before[patches.parts[:-1]]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    words = np.zeros(int(starts[-1]), dtype="<u4")
    words[starts[:-1]] = 1 << 24
    words[starts[:-1] + 1] = 3
    words[starts[:-1] + 2] = rings_of
    owner = np.repeat(np.arange(count), rings_of)
    ring_starts = before[:-1] + 3 * (owner + 1)
    words[ring_starts] = sizes + 1
    for first, stop in ring_chunks(patches.rings, chunk_corners):
        _fill(words, patches, grid, ring_starts, (first, stop), chunk_corners)
    content = words.view(np.uint8)
    bytes_of = (4 * starts).tolist()
    for place in range(count):
        result[place] = content[bytes_of[place] + 3 : bytes_of[place + 1]].tobytes()
    return result


def _fill(
    words: npt.NDArray[np.uint32],
    patches: Patches,
    grid: Grid,
    ring_starts: Int64Array,
    rings: tuple[int, int],
    chunk_corners: int,
) -> None:
    """Write the corners of some rings, the first one of each ring once more at its end."""
    first, stop = rings
    begin = int(patches.rings[first])
    if stop == first + 1:
        # A ring of any length, corner after corner.
        ring = patches.vertices[begin : int(patches.rings[stop])]
        place = int(ring_starts[first]) + 1
        for corner in range(0, len(ring), chunk_corners):
            part = ring[corner : corner + chunk_corners].astype(np.float64)
            x, y = grid.position(part[:, 0], part[:, 1])
            numbers = np.stack([x, y], axis=1).astype("<f8").view("<u4").ravel()
            words[place : place + len(numbers)] = numbers
            place += len(numbers)
        words[place : place + _COORDINATE_WORDS] = words[
            int(ring_starts[first]) + 1 : int(ring_starts[first]) + 1 + _COORDINATE_WORDS
        ]
        return
    sizes = np.diff(patches.rings[first : stop + 1])
    count = int(sizes.sum())
    index = np.arange(count + len(sizes)) - np.repeat(np.arange(len(sizes)), sizes + 1)
    ends = np.cumsum(sizes + 1) - 1
    index[ends] = patches.rings[first:stop] - begin
    corners = patches.vertices[begin : begin + count][index].astype(np.float64)
    x, y = grid.position(corners[:, 0], corners[:, 1])
    coordinates = np.stack([x, y], axis=1).astype("<f8").view("<u4")
    within = np.arange(len(index)) - np.repeat(np.concatenate([[0], ends[:-1] + 1]), sizes + 1)
    places = np.repeat(ring_starts[first:stop] + 1, sizes + 1) + _COORDINATE_WORDS * within
    words[places[:, None] + np.arange(_COORDINATE_WORDS)] = coordinates


class _GeoPackageWriter:
    def __init__(
        self,
        path: Path,
        layer: str,
        grid: Grid,
        classes: Sequence[LandCoverClass],
        has_confidence: bool,
        metadata: Mapping[str, str],
        max_patches: int,
    ) -> None:
        self._max_patches = max_patches
        self._path = path
        self._layer = layer
        self._grid = grid
        self._classes = classes
        self._names = _Names(classes)
        self._has_confidence = has_confidence
        self._metadata = dict(metadata)
        self._is_begun = False
        self._waiting: list[tuple[Patches, npt.NDArray[np.object_] | None]] = []

    def add(self, patches: Patches, geometries: npt.NDArray[np.object_] | None = None) -> None:
        self._waiting.append((patches, geometries))
        count = sum(len(item) for item, _ in self._waiting)
        if count >= self._max_patches or sum(len(item.vertices) for item, _ in self._waiting) >= _MAX_CORNERS:
            self._write()

    def close(self) -> None:
        """Write what waits, and the style."""
        if self._waiting or not self._is_begun:
            self._write()
        with closing(sqlite3.connect(self._path)) as file, file:
            file.execute(_STYLES)
            file.execute(_INSERT_STYLE, (self._layer, self._layer[:30], style_of(self._classes)))
            file.execute(_INSERT_CONTENTS)

    def _write(self) -> None:
        import pyogrio
        from pyogrio.errors import DataSourceError

        waiting, self._waiting = self._waiting, []

        def joined(name: str) -> Any:
            return np.concatenate([np.zeros(0), *(getattr(item, name) for item, _ in waiting)])

        values = joined("values").astype(np.int64)
        fields: dict[str, Any] = {
            "value": values.astype(np.int32),
            "name": self._names.of(values),
            "area_ha": joined("hectares"),
            "perimeter_m": joined("metres"),
            "pixels": joined("pixels").astype(np.int64),
        }
        if self._has_confidence:
            fields["confidence"] = joined("confidence")
        parts = [np.empty(0, dtype=object)]
        while waiting:
            # The corners of a patch that spans the map are not kept beside its polygon.
            item, shapes = waiting.pop(0)
            parts.append(polygons_of(item, self._grid) if shapes is None else shapes)
            del item, shapes
        geometries = np.concatenate(parts)
        del parts
        options: dict[str, Any] = {}
        if not self._is_begun:
            options = {
                "layer_options": {
                    "GEOMETRY_NAME": "geom",
                    "IDENTIFIER": self._layer,
                    "DESCRIPTION": mark(PATCHES),
                },
                "layer_metadata": self._metadata,
                # Newer versions draw a warning from the GDAL of QGIS 3.40 and older.
                "dataset_options": {"VERSION": "1.2"},
            }
        # The file gets its name when it is complete, so that nothing is lost where the system stops before.
        pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
        try:
            pyogrio.raw.write(
                self._path,
                geometry=geometries,
                field_data=list(fields.values()),
                fields=list(fields),
                geometry_type="Polygon",
                crs=self._grid.crs or None,
                driver="GPKG",
                layer=self._layer,
                append=self._is_begun,
                **options,
            )
        except (DataSourceError, RuntimeError) as error:
            if is_disk_full(self._path.parent):
                raise disk_full(self._path) from error
            raise OutputError(
                "The vector file cannot be written: {reason}",
                where=str(self._path),
                advice="Choose another folder.",
                reason=str(error),
            ) from error
        self._is_begun = True


class _KmlWriter:
    """Placemarks of patches; each class has a style of its colour."""

    def __init__(
        self, file: TextIO, title: str, grid: Grid, classes: Sequence[LandCoverClass], has_confidence: bool
    ) -> None:
        self._file = file
        self._grid = grid
        self._names = _Names(classes)
        self._has_confidence = has_confidence
        styles = "".join(
            f'<Style id="c{number}"><LineStyle><color>{_kml_color(item.color)}</color><width>1</width>'
            f"</LineStyle><PolyStyle><color>{_kml_color(item.color)}</color></PolyStyle></Style>\n"
            for number, item in enumerate(classes)
        )
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<!-- {mark(PATCHES)} -->\n"
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
            f"<name>{escape(title)}</name>\n{styles}"
        )

    def add(self, patches: Patches, geometries: npt.NDArray[np.object_] | None = None) -> None:
        import shapely

        shapes = shapely.from_wkb(polygons_of(patches, self._grid) if geometries is None else geometries)
        crs = CRS.from_wkt(self._grid.crs)

        def degrees(points: Float64Array) -> Float64Array:
            return np.stack(transform(crs, CRS.from_epsg(4326), points[:, 0], points[:, 1])[:2], axis=1)

        shapes = shapely.transform(shapes, degrees)
        names, styles = self._names.of(patches.values), self._names.numbers(patches.values)
        for place, shape in enumerate(shapes):
            inner = "".join(
                f"<innerBoundaryIs>{_kml_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors
            )
            data = {
                "value": f"{patches.values[place]}",
                "area_ha": f"{patches.hectares[place]:.4f}",
                "perimeter_m": f"{patches.metres[place]:.1f}",
                "pixels": f"{patches.pixels[place]}",
            }
            if self._has_confidence and np.isfinite(patches.confidence[place]):
                data["confidence"] = f"{patches.confidence[place]:.4f}"
            facts = "".join(
                f'<Data name="{name}"><value>{text}</value></Data>' for name, text in data.items()
            )
            self._file.write(
                f"<Placemark><name>{escape(names[place])}</name><styleUrl>#c{styles[place]}</styleUrl>"
                f"<ExtendedData>{facts}</ExtendedData><Polygon><outerBoundaryIs>{_kml_ring(shape.exterior)}"
                f"</outerBoundaryIs>{inner}</Polygon></Placemark>\n"
            )

    def close(self) -> None:
        """End the document."""
        self._file.write("</Document></kml>\n")


class _Names:
    """Names of classes by value.

    Args:
        classes: Classes in legend order.
    """

    def __init__(self, classes: Sequence[LandCoverClass]) -> None:
        order = sorted(range(len(classes)), key=lambda place: classes[place].value)
        self._places = np.array(order, dtype=np.int64)
        self._values = np.array([classes[place].value for place in order], dtype=np.int64)
        self._names = np.array([item.name for item in classes] or [""], dtype=object)

    def numbers(self, values: Int64Array) -> Int64Array:
        """Return the place of each value's class in the legend, shape (N,)."""
        return self._places[np.searchsorted(self._values, values)]

    def of(self, values: Int64Array) -> Any:
        """Return the name of each value's class, shape (N,)."""
        return self._names[self.numbers(values)] if len(values) else np.empty(0, dtype=object)


def style_of(classes: Sequence[LandCoverClass]) -> str:
    """Return the style of a layer of patches for QGIS (QML): a colour and a name for each value.

    Args:
        classes: Classes in legend order.
    """
    categories = "".join(
        f'<category render="true" type="long" value="{item.value}" label="{escape(item.name)}" '
        f'symbol="{number}"/>'
        for number, item in enumerate(classes)
    )
    symbols = "".join(
        _symbol(number, ",".join(str(part) for part in _rgb(item.color)))
        for number, item in enumerate(classes)
    )
    return untranslated(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.40.0" styleCategories="Symbology"><renderer-v2 type="categorizedSymbol" '
        f'attr="value" symbollevels="0" enableorderby="0" forceraster="0"><categories>{categories}'
        f"</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(number: int, color: str) -> str:
    # A border of the same colour, or gaps would shine through between neighbours.
    options = {
        "color": f"{color},255",
        "style": "solid",
        "outline_color": f"{color},255",
        "outline_style": "solid",
        "outline_width": "0.1",
        "outline_width_unit": "MM",
        "joinstyle": "miter",
    }
    values = "".join(
        f'<Option type="QString" name="{name}" value="{text}"/>' for name, text in options.items()
    )
    return (
        f'<symbol type="fill" name="{number}" alpha="1" clip_to_extent="1"><layer class="SimpleFill" '
        f'enabled="1" pass="0" locked="0"><Option type="Map">{values}</Option></layer></symbol>'
    )


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _kml_color(color: str) -> str:
    """Return a colour as KML writes it: opacity, blue, green, red."""
    red, green, blue = _rgb(color)
    return f"cc{blue:02x}{green:02x}{red:02x}"


def _kml_ring(ring: Any) -> str:
    places = " ".join(f"{x:.7f},{y:.7f}" for x, y in ring.coords)
    return f"<LinearRing><coordinates>{places}</coordinates></LinearRing>"
