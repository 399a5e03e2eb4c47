"""Does a raster fit a model? Its bands and its pixel size."""

from __future__ import annotations

from collections.abc import Sequence

from rasterio.crs import CRS
from rasterio.errors import CRSError

from ..errors import BandMismatchError
from ..models.card import ModelCard
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.roles import is_unnamed
from ..raster.stack import BandStack

_LARGEST_RATIO = 1.5
# Length of a degree of latitude; of longitude it is this at the equator.
_METRES_A_DEGREE = 111_320.0


def match_bands(wanted: Sequence[str], stack: BandStack, progress: Progress) -> tuple[str, ...]:
    """Return the raster's bands that stand for the model's, in the model's order.

    They are matched by name, whatever their order, upper and lower case being the same. Where the
    names differ altogether (or the model's bands had none), but the count is the same, the
    order is trusted, and the log says so.

    Raises:
        BandMismatchError: Neither holds; names both lists.
    """
    folded = {name.casefold(): name for name in reversed(stack.band_names)}
    found = [folded.get(name.casefold()) for name in wanted]
    has_names = not all(is_unnamed(name) for name in wanted)
    same_count = len(wanted) == len(stack.band_names)
    if all(found) and len(set(found)) == len(found) and (has_names or same_count):
        return tuple(name for name in found if name)
    # A name that the two share at different positions proves that the order differs.
    is_order_plausible = all(
        name is None or name == stack.band_names[position] for position, name in enumerate(found)
    )
    if same_count and is_order_plausible:
        progress.log(
            f"The bands are matched by their order, as their names differ. Model: {', '.join(wanted)}. "
            f"Raster: {', '.join(stack.band_names)}.",
            "warning",
        )
        return stack.band_names
    raise BandMismatchError(
        f"The raster's bands are not those of the model. The model needs {len(wanted)}: "
        f"{', '.join(wanted)}. The raster has {len(stack.band_names)}: {', '.join(stack.band_names)}",
        where=str(stack.source),
        advice="Choose a raster with these bands, or name its bands as the model does.",
    )


def warn_of_pixel_size(card: ModelCard, grid: Grid, progress: Progress) -> None:
    """Say so where the raster's pixels are much larger or smaller than those of the training."""
    trained = _metres(card.pixel_size, card.crs)
    given = _metres(grid.pixel_size, grid.crs)
    if trained is None or given is None or min(trained, given) <= 0:
        return
    if max(trained / given, given / trained) > _LARGEST_RATIO:
        progress.log(
            f"The raster's pixels are about {given:.3g} m wide, those that the model learned from "
            f"{trained:.3g} m. Its patches show another piece of land, so expect a worse map.",
            "warning",
        )


def _metres(pixel_size: tuple[float, float], wkt: str) -> float | None:
    """Return the height of a pixel in metres, None where the unit is unknown."""
    try:
        crs = CRS.from_wkt(wkt)
        if crs.is_geographic:
            return pixel_size[1] * _METRES_A_DEGREE
        return float(pixel_size[1] * crs.linear_units_factor[1])
    except CRSError:
        return None
