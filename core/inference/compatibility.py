"""Compatibility of a raster and a model: bands, pixel size, known faults of the model."""

from __future__ import annotations

from collections.abc import Sequence

from rasterio.crs import CRS
from rasterio.errors import CRSError

from ..errors import BandMismatchError
from ..models.card import ModelCard, known_faults
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.roles import is_unnamed
from ..raster.stack import BandStack

_LARGEST_RATIO = 1.5
# Length of a degree of latitude; of longitude it is this at the equator.
_METRES_A_DEGREE = 111_320.0


def match_bands(
    wanted: Sequence[str], stack: BandStack, progress: Progress, trained_on: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the raster's bands that stand for the model's, in the model's order.

    They are matched by name, whatever their order, upper and lower case being the same. Where the
    names differ altogether (or the model's bands had none), but the count is the same, the
    order is trusted, and the log says so.

    Args:
        wanted: The model's bands.
        stack: The raster.
        progress: For the log.
        trained_on: All bands of the rasters that the model was trained on, of which ``wanted`` may
            be a choice. A raster of as many bands has them in their order.

    Raises:
        BandMismatchError: Neither holds; names both lists.
    """
    folded = {name.casefold(): name for name in reversed(stack.band_names)}
    found = [folded.get(name.casefold()) for name in wanted]
    has_names = not all(is_unnamed(name) for name in wanted)
    by_order = _by_order(wanted, stack.band_names, trained_on or wanted)
    if all(found) and len(set(found)) == len(found) and (has_names or by_order):
        return tuple(name for name in found if name)
    # A name that the two share at different positions proves that the order differs.
    if by_order and all(
        name in (None, other) or is_unnamed(name or "") for name, other in zip(found, by_order, strict=True)
    ):
        progress.log(
            "The bands are matched by their order, as their names differ. Model: {bands}. "
            "Raster: {raster_bands}.",
            "warning",
            bands=", ".join(wanted),
            raster_bands=", ".join(by_order),
        )
        return by_order
    raise BandMismatchError(
        "The raster's bands are not those of the model. The model needs {count}: "
        "{bands}. The raster has {raster_count}: {raster_bands}",
        where=str(stack.source),
        advice="Choose a raster with these bands, or name its bands as the model does.",
        count=len(wanted),
        bands=", ".join(wanted),
        raster_count=len(stack.band_names),
        raster_bands=", ".join(stack.band_names),
    )


def warn_of_pixel_size(card: ModelCard, grid: Grid, progress: Progress) -> None:
    """Say so where the raster's pixels are much larger or smaller than those of the training."""
    trained = _metres(card.pixel_size, card.crs)
    given = _metres(grid.pixel_size, grid.crs)
    if trained is None or given is None or min(trained, given) <= 0:
        return
    if max(trained / given, given / trained) > _LARGEST_RATIO:
        progress.log(
            "The raster's pixels are about {size:.3g} m wide, those that the model learned from "
            "{model_size:.3g} m. Its patches show another piece of land, so expect a worse map.",
            "warning",
            size=given,
            model_size=trained,
        )


def warn_of_known_faults(card: ModelCard, progress: Progress) -> None:
    """Log what is known to be wrong with the model itself, as warnings."""
    for fault in known_faults(card):
        progress.log(fault, "warning")


def _by_order(
    wanted: Sequence[str], given: tuple[str, ...], trained_on: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the bands that stand where the model's stood, None where the count is another."""
    if len(given) == len(trained_on):
        return tuple(given[trained_on.index(name)] for name in wanted)
    return given if len(given) == len(wanted) else None


def _metres(pixel_size: tuple[float, float], wkt: str) -> float | None:
    """Return the height of a pixel in metres, None where the unit is unknown."""
    try:
        crs = CRS.from_wkt(wkt)
        if crs.is_geographic:
            return pixel_size[1] * _METRES_A_DEGREE
        return float(pixel_size[1] * crs.linear_units_factor[1])
    except CRSError:
        return None
