"""Record of the points that ‘Sampling design’ drew, and the choice of the estimator by it.

The record says for which map and in which strata the points were drawn. It travels in the metadata of the
point layer, as JSON. Light: QGIS imports this module.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import ParameterError
from ..options import AUTO, BY_MAP, NONE, OTHER, parse_strata_areas
from ..text import Text, untranslated
from ..values import from_plain, to_plain

if TYPE_CHECKING:
    from ..progress import Progress
    from ..raster.class_raster import ClassRaster

MARK = untranslated("deep_land_cover_sample")
"""Name of the metadata item that holds the record."""


@dataclass(frozen=True)
class Stratum:
    """Stratum in which points were drawn.

    Attributes:
        value: Value of the points' field ``stratum``: the class value in the map.
        name: Name of the class.
        hectares: Area in hectares.
        points: Number of points that were drawn.
    """

    value: int
    name: str
    hectares: float
    points: int


@dataclass(frozen=True)
class DrawnSample:
    """Points of a sampling design.

    Attributes:
        map: User's name of the map that they were drawn for; empty where it is not known.
        checksum: Checksum of its pixels, see ``core.provenance``; empty where it is not known.
        strata: Strata of the design.
    """

    map: str
    checksum: str
    strata: tuple[Stratum, ...]

    @property
    def points(self) -> int:
        """Number of points that were drawn."""
        return sum(item.points for item in self.strata)

    @property
    def areas(self) -> dict[str, float]:
        """Area of each stratum in hectares, by its value as text."""
        return {str(item.value): item.hectares for item in self.strata}

    def to_json(self) -> str:
        """Return the record as JSON text."""
        return json.dumps(to_plain(self), ensure_ascii=False)


def sample_of_json(text: str) -> DrawnSample | None:
    """Return the record in JSON text; None where the text is not a record."""
    try:
        return from_plain(DrawnSample, json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return None


@dataclass(frozen=True)
class DesignChoice:
    """Sampling design that an assessment uses.

    Attributes:
        design: One of ``core.options.DESIGNS``, but never ``auto``.
        strata_areas: Area of each stratum by name, where the strata are not the map's classes.
        reason: Why ``auto`` chose the design, a whole sentence; empty where the user chose it.
        cautions: Warnings for the reader, whole sentences.
    """

    design: str
    strata_areas: dict[str, float] = field(default_factory=dict)
    reason: str = ""
    cautions: tuple[str, ...] = ()


def choose_design(
    design: str, strata_areas: str, sample: DrawnSample | None, raster: ClassRaster, progress: Progress
) -> DesignChoice:
    """Return the sampling design of reference points.

    Points are stratified by the map only where the map that they were drawn for has the very pixels of the
    map that is assessed. A map that was cleaned or recoded since has other classes at some points; then the
    points keep the strata in which they were drawn (Stehman 2014).

    Args:
        design: Sampling design, one of ``core.options.DESIGNS``.
        strata_areas: ``NAME=AREA`` pairs, where the user gives the strata.
        sample: Record of the points; None where they have none.
        raster: Map that is assessed; with several maps, the first one.
        progress: Progress reporter.

    Raises:
        ParameterError: The user's strata are malformed.
        RasterError: The map cannot be read.
    """
    if design not in (AUTO, BY_MAP) or (design == BY_MAP and sample is None):
        return DesignChoice(design, parse_strata_areas(strata_areas))
    if sample is None:
        return DesignChoice(
            NONE,
            reason=Text(
                "DESIGN=auto: the reference has no record of ‘Sampling design’, so it is not taken for a "
                "probability sample (none). If it is one, say so with DESIGN."
            ),
        )
    is_its_map = bool(sample.checksum) and raster.checksum(progress) == sample.checksum
    if design == BY_MAP:
        return DesignChoice(BY_MAP, cautions=() if is_its_map else (_other_map_caution(sample),))
    if is_its_map:
        return DesignChoice(
            BY_MAP,
            reason=Text(
                "DESIGN=auto: ‘Sampling design’ drew the points for this map, so its classes are the strata "
                "(stratified_by_map)."
            ),
        )
    if not sample.checksum:
        reason = Text(
            "DESIGN=auto: ‘Sampling design’ drew the points, but the layer does not record for which map. "
            "The strata are those of the points, with the areas in the field stratum_ha (stratified_other)."
        )
    else:
        reason = Text(
            "DESIGN=auto: ‘Sampling design’ drew the points for {map}, whose pixels are not those of this "
            "map. The strata and their areas are those of the points (stratified_other).",
            map=sample.map,
        )
    if not sample.areas:
        raise ParameterError(
            "The record of the reference points has no strata",
            where="REFERENCE",
            advice="Choose DESIGN and give its parameters.",
        )
    return DesignChoice(OTHER, sample.areas, reason)


def unlabelled_cautions(unlabelled: int, labelled: int) -> tuple[str, ...]:
    """Return what drawn points without a label mean for the figures, a sentence or none.

    Args:
        unlabelled: Points that were drawn and have no label.
        labelled: Points with a label.
    """
    if not unlabelled:
        return ()
    return (
        Text(
            "{count:,} of {total:,} drawn points have no class. The figures assume that they are like the "
            "labelled points of their stratum. Where points were left out because they are hard to label, "
            "the accuracy is overestimated. Label them, or report how many are missing and why.",
            count=unlabelled,
            total=unlabelled + labelled,
        ),
    )


def _other_map_caution(sample: DrawnSample) -> str:
    if not sample.checksum:
        return Text(
            "DESIGN is stratified_by_map, but the points do not record the map that they were drawn for. If "
            "it was another map, the figures are wrong; use DESIGN=auto."
        )
    return Text(
        "DESIGN is stratified_by_map, but the points were drawn for {map}, whose pixels are not those of "
        "this map. The figures are wrong where the two differ; use DESIGN=auto.",
        map=sample.map,
    )
