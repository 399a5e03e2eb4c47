"""GeoPackage of zones with the area of each class in a field of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..classes import LandCoverClass
from ..errors import OutputError
from ..files import disk_full, is_disk_full, partial_file
from ..marks import KIND_ITEM, ZONE_AREAS, mark
from ..progress import Progress
from ..provenance import Provenance, output_items
from ..raster.grid import Grid
from ..text import untranslated
from .zones import Zones

# Fields that a class's field may not be called.
_LARGEST = untranslated("largest class")
_OWN_FIELDS = ("fid", "geom", "zone", "total (ha)", "unclassified (pixels)", _LARGEST)


def write_zone_areas(
    path: Path,
    source: Path,
    grid: Grid,
    zones: Zones,
    areas: Sequence[tuple[Sequence[float], float]],
    classes: Sequence[LandCoverClass],
    record: Provenance,
    progress: Progress,
) -> None:
    """Write each zone as one feature in the CRS of the map, with the hectares of each class.

    The polygons of a zone are united, so that what they share is there once.

    Args:
        path: GeoPackage to write.
        source: JSON lines that the zones were read from, see ``core.maps.zones.read_zones``.
        grid: Grid of the map.
        zones: Zones.
        areas: Hectares of each class and pixels without a class, of each zone.
        classes: Classes in the order of the hectares.
        record: Origin of the result.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
    """
    import pyogrio
    import shapely
    from pyogrio.errors import DataSourceError

    of_feature = {feature: number for number, zone in enumerate(zones.items) for feature in zone.features}
    parts: list[list[Any]] = [[] for _ in zones.items]
    with source.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            item = json.loads(line)
            number = of_feature.get(int(item["feature"]))
            if number is not None and item.get("geometry"):
                # Polygons that were valid need not be so in the CRS of the map.
                whole = shapely.make_valid(shapely.geometry.shape(item["geometry"]))
                # Lines are what is left of parts without an area.
                parts[number] += [part for part in shapely.get_parts(whole) if "Polygon" in part.geom_type]
    shapes = [shapely.MultiPolygon(list(shapely.get_parts(shapely.union_all(items)))) for items in parts]
    geometry = shapely.to_wkb(np.array(shapes, dtype=object))
    hectares = np.array([item for item, _ in areas], dtype=np.float64).reshape(len(areas), len(classes))
    largest = [classes[int(row.argmax())].name if row.any() else "" for row in hectares]
    fields: dict[str, Any] = {
        "zone": np.array(zones.names, dtype=object),
        **{name: hectares[:, code] for code, name in enumerate(field_names(classes))},
        "total (ha)": hectares.sum(axis=1),
        "unclassified (pixels)": np.array([count for _, count in areas], dtype=np.float64),
        _LARGEST: np.array(largest, dtype=object),
    }
    with partial_file(path, progress, ending=".part.gpkg") as part:
        part.unlink(missing_ok=True)
        try:
            pyogrio.raw.write(
                part,
                geometry=geometry,
                field_data=list(fields.values()),
                fields=list(fields),
                geometry_type="MultiPolygon",
                crs=grid.crs or None,
                driver="GPKG",
                layer=path.stem,
                layer_options={
                    "GEOMETRY_NAME": "geom",
                    "IDENTIFIER": path.stem,
                    "DESCRIPTION": mark(ZONE_AREAS),
                },
                layer_metadata=output_items(record, **{KIND_ITEM: ZONE_AREAS}),
                dataset_options={"VERSION": "1.2"},
            )
        except (DataSourceError, RuntimeError) as error:
            if is_disk_full(path.parent):
                raise disk_full(path) from error
            raise OutputError(
                "The vector file cannot be written: {reason}",
                where=str(path),
                advice="Choose another folder.",
                reason=str(error),
            ) from error


def field_names(classes: Sequence[LandCoverClass]) -> list[str]:
    """Return the name of each class's field, such as ``Forest (ha)``; with the value where a name repeats."""
    taken = {name.casefold() for name in _OWN_FIELDS}
    names = []
    for item in classes:
        name = untranslated(f"{item.name} (ha)")
        if name.casefold() in taken:
            name = untranslated(f"{item.value} {item.name} (ha)")
        taken.add(name.casefold())
        names.append(name)
    return names
