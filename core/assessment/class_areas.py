"""Areas of the classes of a map, in all and per zone, mapped and estimated from reference points.

Mapped areas are counted pixels. Estimated areas come from a probability sample of points: in all as in
``core.assessment.assess``, and in a zone from the points within it, as a domain of the sample (Cochran 1977,
Sampling Techniques; Särndal et al. 1992, Model Assisted Survey Sampling, chapter 10). Estimates for the whole
map are never divided among zones, because the errors of a map are not the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import BoolArray, Int64Array
from ..classes import LandCoverClass, class_label
from ..errors import ParameterError, SampleError
from ..maps.areas import MapSize
from ..maps.table_file import Row, read_table
from ..maps.zones import Zones, ZoneSize
from ..options import BY_MAP, NONE
from ..progress import Progress
from ..provenance import Provenance
from ..raster.class_raster import ClassRaster
from ..raster.grid import Tile
from ..samples.training_pixels import large_overlaps
from ..text import Text, fixed, joined, untranslated
from .assess import (
    AssessmentOptions,
    choose_points_design,
    few_error_notes,
    not_compared,
    overlaps_at,
    with_interval,
)
from .drawn_sample import unlabelled_cautions
from .estimate import NORMAL_QUANTILE, Estimate, Estimates
from .estimators import SampledCells, accuracy_of_sample
from .point_sample import point_sample, unmapped_notes
from .points_on_maps import points_on_maps
from .reference_units import POINT

MIN_ZONE_POINTS = 30
"""Number of reference points in a zone below which its areas are not estimated."""
NOT_ENOUGH = Text("not enough points in this zone")
_ESTIMATE_COLUMNS = (
    "value",
    "name",
    "mapped_area_ha",
    "area_ha",
    "area_ci_ha",
    "area_low_ha",
    "area_high_ha",
)
# Largest difference between the mapped areas of a table of estimates and those of the map, as a fraction.
_TABLE_TOLERANCE = 0.001
_MEMBER_PIXELS = 4_000_000


@dataclass(frozen=True)
class AreasOfClasses:
    """Areas of all classes within a zone or the whole map. The names are keys in the report's JSON.

    Attributes:
        zone: Name of the zone; empty for the whole map.
        pixels: Number of pixels of each class; whole numbers unless pixels count by fractions.
        hectares: Mapped area of each class in hectares.
        unclassified: Number of pixels without a class.
        points: Number of reference points; None without reference points.
        estimates: Estimated area of each class in hectares; empty without estimates.
        note: Reason why there are no estimates; empty with estimates, and where none were requested.
    """

    zone: str
    pixels: tuple[float, ...]
    hectares: tuple[float, ...]
    unclassified: float
    points: int | None = None
    estimates: Estimates = ()
    note: str = ""

    @property
    def total(self) -> float:
        """Area with a class in hectares."""
        return sum(self.hectares)

    @property
    def fractions(self) -> tuple[float, ...]:
        """Fraction of the area with a class that each class has; 0 where nothing has one."""
        total = self.total
        return tuple(area / total if total else 0.0 for area in self.hectares)


@dataclass(frozen=True)
class ClassAreas:
    """Content of the report of the areas of a map. The names are keys in the report's JSON.

    Attributes:
        map: User's name of the map.
        zones_layer: User's name of the layer of zones; empty without zones.
        zone_field: Name of the zone field; empty where each feature is a zone.
        classes: Classes by value: those that occur, and those that the map names.
        whole: Areas in the whole map.
        zones: Areas in each zone.
        is_fractional: Whether pixels on the border of a zone count by the fraction of their area inside.
        estimates_from: User's name of the reference, or file name of the table, that estimates come from;
            empty without estimates.
        method: Description of the areas, whole sentences.
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of reference units that were not compared, by reason.
        parameters: Parameters of the run.
        versions: Versions of the software by package.
        created: ISO time stamp.
        provenance: Command, inputs with checksums, and what else repeats the run.
        checksums: Checksum of the pixels of the map, see ``core.provenance``.
    """

    map: str
    zones_layer: str
    zone_field: str
    classes: tuple[LandCoverClass, ...]
    whole: AreasOfClasses
    zones: tuple[AreasOfClasses, ...]
    is_fractional: bool
    estimates_from: str
    method: str
    cautions: tuple[str, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    checksums: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return the areas of the whole map as lines of text for the log."""
        names = [class_label(item) for item in self.classes]
        width = max(len(name) for name in names)
        lines = []
        for code, name in enumerate(names):
            hectares, percent = self.whole.hectares[code], 100 * self.whole.fractions[code]
            line = untranslated(f"{name:<{width}}  {hectares:>14,.1f} ha  {percent:>6.2f} %")
            if self.whole.estimates:
                line += untranslated(f"  {with_interval(self.whole.estimates[code], 1)} ha")
            lines.append(line)
        return tuple(lines)


@dataclass(frozen=True, eq=False)
class AreaEstimates:
    """Estimated areas of the whole map and of zones.

    Attributes:
        classes: Classes of map and reference, by value.
        whole: Estimated area of each class in the whole map, in hectares.
        points: Number of reference points on the map; None for estimates of a table.
        zones: Number of points, and the estimated fraction of the zone that each class has, of each zone; no
            fractions where the points are too few.
        method: Description of the estimation, whole sentences.
        cautions: Warnings for the reader, whole sentences.
        left_out: Numbers of reference units that were not compared, by reason.
    """

    classes: tuple[LandCoverClass, ...]
    whole: Estimates
    points: int | None
    zones: tuple[tuple[int, Estimates], ...]
    method: str
    cautions: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)


def areas_of_map(
    size: MapSize, classes: Sequence[LandCoverClass], estimates: AreaEstimates | None
) -> AreasOfClasses:
    """Return the areas of the whole map, 0 for classes that do not occur."""
    return AreasOfClasses(
        "",
        tuple(float(size.pixels.get(item.value, 0)) for item in classes),
        tuple(size.hectares.get(item.value, 0.0) for item in classes),
        float(size.unclassified),
        None if estimates is None else estimates.points,
        () if estimates is None else _in_order(estimates, classes, estimates.whole),
    )


def areas_of_zones(
    zones: Zones,
    sizes: Sequence[ZoneSize],
    classes: Sequence[LandCoverClass],
    estimates: AreaEstimates | None,
) -> tuple[AreasOfClasses, ...]:
    """Return the areas of each zone, 0 for classes that do not occur."""
    result = []
    for number, (name, size) in enumerate(zip(zones.names, sizes, strict=True)):
        points: int | None = None
        own: Estimates = ()
        note = ""
        if estimates is not None and estimates.points is not None:
            points, fractions = estimates.zones[number]
            scaled = tuple(item.scaled(size.total_hectares) for item in fractions)
            own = _in_order(estimates, classes, scaled) if fractions else ()
            note = "" if fractions else NOT_ENOUGH
        result.append(
            AreasOfClasses(
                name,
                tuple(size.pixels.get(item.value, 0.0) for item in classes),
                tuple(size.hectares.get(item.value, 0.0) for item in classes),
                size.unclassified,
                points,
                own,
                note,
            )
        )
    return tuple(result)


def _in_order(estimates: AreaEstimates, classes: Sequence[LandCoverClass], figures: Estimates) -> Estimates:
    """Return the figure of each class; 0 without an interval is not known, so it is left empty."""
    by_value = {item.value: figure for item, figure in zip(estimates.classes, figures, strict=True)}
    return tuple(by_value.get(item.value, Estimate(None)) for item in classes)


def estimate_areas(
    raster: ClassRaster,
    reference: Path,
    name: str,
    options: AssessmentOptions,
    zones: Zones | None,
    progress: Progress,
) -> AreaEstimates:
    """Estimate the areas of the classes from reference points, in the map and in each zone.

    In a zone, the fraction of a class is the ratio of two estimated totals: the area of the class in the
    zone, and the area of the zone. Both come from the points within it alone.

    Args:
        raster: Map.
        reference: File of JSON lines in the form of ``core.assessment.reference_units``.
        name: User's name of the reference.
        options: Sampling design of the points.
        zones: Zones on the grid of the map; None for none.
        progress: Progress reporter.

    Raises:
        SampleError: The points are not a probability sample, or do not fit their design or the map.
        RasterError: The map cannot be read.
    """
    points = points_on_maps([raster], reference, name, progress)
    units, classes = points.units, points.classes
    choice = choose_points_design(options, units.are_points, raster, progress)
    if choice.design == NONE or not units.are_points:
        raise SampleError(
            "Areas cannot be estimated from this reference, because it is not a probability sample of points",
            where=name,
            advice="Use points of ‘Sampling design’, say in DESIGN how the points were drawn, or leave "
            "REFERENCE empty for mapped areas alone.",
        )
    mapped, number = points.mapped[0], len(classes)
    sample = point_sample(units, mapped, choice.design, choice.strata_areas, points.sampled_map(raster))
    accuracy = accuracy_of_sample(
        sample.cells(points.true, mapped, (number, number)), strata_are_map=choice.design == BY_MAP
    )
    overlaps = overlaps_at(units, [raster], options.sample is not None)
    of_zones: list[tuple[int, Estimates]] = []
    for inside in members(zones, units.rows, units.columns) if zones is not None else ():
        count = int(np.count_nonzero(inside))
        if count < MIN_ZONE_POINTS:
            of_zones.append((count, ()))
            continue
        within = sample.cells(points.true, inside.astype(np.int64), (number, 2))
        of_zones.append((count, domain_fractions(within)))
    return AreaEstimates(
        classes,
        tuple(item.scaled(sample.hectares) for item in accuracy.area),
        len(units),
        tuple(of_zones),
        Text(
            "Estimated areas come from {points:,} reference points, each weighted by the area that it "
            "represents, with Wilson’s 95 % confidence intervals. In a zone only the points within it count, "
            "as a domain of the sample; with fewer than {least} points there is no estimate.",
            points=len(units),
            least=MIN_ZONE_POINTS,
        ),
        (
            *unlabelled_cautions(options.unlabelled, len(units)),
            *large_overlaps(overlaps, POINT),
            *choice.cautions,
            *points.cautions,
            *unmapped_notes(sample, len(units), points.unmapped.shape[1], 1),
            *sample.cautions,
            *few_error_notes(accuracy, classes),
        ),
        not_compared(points.left_out, points.sizes[0]),
    )


def domain_fractions(cells: SampledCells) -> Estimates:
    """Return the estimated fraction of a domain that each class has.

    Args:
        cells: Sample, cells of shape (strata, classes, 2): points outside the domain, and within it.
    """
    classes, columns = cells.counts.shape[-2:]
    domain = np.zeros((classes, columns))
    domain[:, -1] = 1.0
    fractions = []
    for code in range(classes):
        of_class = np.zeros_like(domain)
        of_class[code] = domain[code]
        fractions.append(cells.ratio(of_class, domain).single())
    return tuple(fractions)


def members(zones: Zones, rows: Int64Array, columns: Int64Array) -> tuple[BoolArray, ...]:
    """Return whether the centre of each pixel lies in each zone, shape (N,) for each zone.

    Args:
        zones: Zones on the grid of the pixels.
        rows: Row of each pixel, shape (N,).
        columns: Column of each pixel, shape (N,).
    """
    result = []
    for zone in zones.items:
        inside = np.zeros(len(rows), dtype=np.bool_)
        for part in zone.parts:
            box = part.box
            step = max(1, _MEMBER_PIXELS // max(box.width, 1))
            for first in range(box.row, box.row_stop, step):
                tile = Tile(first, box.column, min(step, box.row_stop - first), box.width)
                here = np.flatnonzero(
                    (rows >= tile.row)
                    & (rows < tile.row_stop)
                    & (columns >= tile.column)
                    & (columns < tile.column_stop)
                )
                found = zone.of(tile) if len(here) else None
                if found is None:
                    continue
                whole, pixels = found
                places = rows[here] - whole.row, columns[here] - whole.column
                is_there = (places[0] >= 0) & (places[0] < whole.height)
                is_there &= (places[1] >= 0) & (places[1] < whole.width)
                inside[here[is_there]] |= np.asarray(pixels[places[0][is_there], places[1][is_there]] > 0)
        result.append(inside)
    return tuple(result)


def read_estimates(path: Path, size: MapSize, progress: Progress) -> AreaEstimates:
    """Read the estimated areas of a map from the table of ‘Assess accuracy and area’.

    Args:
        path: CSV file.
        size: Mapped pixels and areas of the map.
        progress: Progress reporter.

    Raises:
        ParameterError: The file is not such a table, has no estimated areas, or belongs to another map.
    """
    rows = read_table(path, _ESTIMATE_COLUMNS, _ESTIMATE_COLUMNS[:4], "ESTIMATES")
    classes = tuple(LandCoverClass(int(_number(row, "value")), row["name"], "#000000") for row in rows)
    mapped = [_number(row, "mapped_area_ha") for row in rows]
    figures = tuple(_figure(row) for row in rows)
    if not any(item.value is not None for item in figures):
        raise ParameterError(
            "The table has no estimated areas, because its reference is not a probability sample",
            where=str(path),
            advice="Leave ESTIMATES empty for mapped areas alone.",
        )
    for item, area in zip(classes, mapped, strict=True):
        own = size.hectares.get(item.value, 0.0)
        if abs(own - area) > _TABLE_TOLERANCE * size.total_hectares:
            raise ParameterError(
                "The table of estimates is that of another map: it has {theirs} ha of {name}, and the map "
                "has {own} ha",
                where=str(path),
                advice="Estimates hold for the map that was assessed. Assess this map.",
                theirs=fixed(area, 1),
                name=class_label(item),
                own=fixed(own, 1),
            )
    progress.log("Estimated areas of the whole map are those of {table}.", table=path.name)
    return AreaEstimates(
        classes,
        figures,
        None,
        (),
        Text(
            "Estimated areas are those of the table {table}, which hold for the whole map. They are not "
            "divided among zones.",
            table=path.name,
        ),
    )


def _figure(row: Row) -> Estimate:
    """Return the estimated area in a row of the table."""
    if not row["area_ha"]:
        return Estimate(None)
    low, high, half = (
        _number(row, name) if row[name] else None for name in ("area_low_ha", "area_high_ha", "area_ci_ha")
    )
    return Estimate(_number(row, "area_ha"), low, high, half / NORMAL_QUANTILE if half is not None else None)


def _number(row: Row, column: str) -> float:
    number = row.number(column)
    if number is None:
        raise ParameterError(
            "The table of estimates holds {text!r} in the column {column}, which is not a number",
            where=row.place,
            advice="Choose the CSV file that ‘Assess accuracy and area’ wrote for this map.",
            text=row[column],
            column=column,
        )
    return number


def classes_of_areas(
    raster: ClassRaster, size: MapSize, estimates: AreaEstimates | None
) -> tuple[LandCoverClass, ...]:
    """Return the classes to list: those that occur, those that the map names, and those of the reference."""
    values = {*size.pixels, *(item.value for item in raster.own_classes())}
    others = {item.value: item for item in (estimates.classes if estimates is not None else ())}
    own = {item.value: item for item in raster.classes(values)}
    return tuple(own.get(value) or others[value] for value in sorted({*own, *others}))


def method_of(zones: Zones | None, estimates: AreaEstimates | None) -> Text:
    """Return how the areas were found, whole sentences."""
    sentences = [
        Text(
            "Mapped areas are the pixels of each class, by their area on the ground. They are not corrected "
            "for errors of the map."
        )
    ]
    if zones is not None:
        sentences.append(
            Text("A pixel on the border of a zone counts by the fraction of its area inside.")
            if zones.fractional
            else Text("A pixel lies in a zone where its centre does.")
        )
    if estimates is not None:
        sentences.append(Text(estimates.method))
    return joined(sentences)
