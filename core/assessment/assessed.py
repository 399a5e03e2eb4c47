"""An assessed map: what was compared, what came of it, and what to be careful about."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..classes import LandCoverClass, class_label
from .map_accuracy import MapAccuracy
from .sampled import Sampled


@dataclass(frozen=True)
class AssessedMap:
    """All that a report of a map's accuracy tells.

    Attributes:
        map: What the user calls the map.
        reference: What the user calls the reference.
        design: One of ``core.assessment.designs.DESIGNS``, the one that was used.
        classes: Of map and reference, by value.
        accuracy: The figures.
        mapped_hectares: Area that is mapped as each class.
        area_hectares: Estimated true area of each class.
        units: How many were compared.
        unit_name: What: ``point`` or ``pixel``.
        clusters: How many polygons, blocks or points were taken for independent.
        cluster_name: ``point``, ``polygon`` or ``block``.
        method: How it was estimated, whole sentences.
        cautions: What to be careful about, whole sentences.
        left_out: What was not compared, and why: text to number.
        parameters: Of the run.
        versions: Of the software.
        created: ISO time stamp.
    """

    map: str
    reference: str
    design: str
    classes: tuple[LandCoverClass, ...]
    accuracy: MapAccuracy
    mapped_hectares: tuple[float, ...]
    area_hectares: tuple[Sampled, ...]
    units: int
    unit_name: str
    clusters: int
    cluster_name: str
    method: str
    cautions: tuple[str, ...]
    left_out: dict[str, int]
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text for the log."""
        accuracy = self.accuracy
        names = [class_label(item) for item in self.classes]
        width = max(len(name) for name in [*names, "class"])
        found = [
            f"Overall accuracy {_range(accuracy.overall)} from {self.units:,} {self.unit_name}s.",
            f"{'class':<{width}}  {'users':>15}  {'producers':>15}  {'mapped ha':>12}  {'area ha':>26}",
        ]
        for code, name in enumerate(names):
            area = self.area_hectares[code]
            hectares = "-" if area.value is None else f"{area.value:,.0f}"
            hectares += "" if area.half_width is None else f" ± {area.half_width:,.0f}"
            found.append(
                f"{name:<{width}}  {_range(accuracy.users[code]):>15}  {_range(accuracy.producers[code]):>15}"
                f"  {self.mapped_hectares[code]:>12,.0f}  {hectares:>26}"
            )
        if accuracy.kappa is not None:
            found.append(f"Kappa {accuracy.kappa:z.3f}.")
        return tuple(found)


def _range(figure: Sampled) -> str:
    if figure.value is None:
        return "-"
    return f"{figure.value:.3f}" + ("" if figure.half_width is None else f" ± {figure.half_width:.3f}")
