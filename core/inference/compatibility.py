"""Compatibility of a raster with a model: bands, pixel size and known faults of the model."""

from __future__ import annotations

from collections.abc import Sequence

from rasterio.crs import CRS
from rasterio.errors import CRSError

from ..errors import BandMismatchError
from ..models.card import ModelCard, known_faults
from ..progress import Progress
from ..raster.grid import METRES_PER_DEGREE, Grid
from ..raster.roles import is_unnamed
from ..raster.stack import BandStack
from ..text import Text, untranslated

# Ratio of pixel sizes above which a warning is logged.
_MAX_PIXEL_SIZE_RATIO = 1.5
# Between the names of the further rasters in a model's document.
_SEPARATOR = ", "


def match_bands(
    wanted: Sequence[str], stack: BandStack, progress: Progress, trained_on: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the raster's bands that match the model's bands, in the model's order.

    Bands are matched by name, regardless of order and case. Where bands of the model or of the raster have no
    names, but their number matches, they are matched by order with a warning. Where all have names and these
    differ, they are other bands.

    Args:
        wanted: Names of the model's bands.
        stack: Band stack of the raster.
        progress: Progress reporter.
        trained_on: Names of all bands of the training rasters, a superset of ``wanted``. A raster with the
            same number of bands is assumed to have them in this order.

    Raises:
        BandMismatchError: The bands match neither by name nor by number.
    """
    by_name = {name.casefold(): name for name in reversed(stack.band_names)}
    matches = [by_name.get(name.casefold()) for name in wanted]
    has_names = not all(is_unnamed(name) for name in wanted)
    by_order = _by_order(wanted, stack.band_names, trained_on or wanted)
    if all(matches) and len(set(matches)) == len(matches) and (has_names or by_order):
        return tuple(name for name in matches if name)
    # Names that are all known and differ are those of other bands, in whatever order.
    are_known = has_all_names(wanted) and has_all_names(by_order or ())
    # A shared name at different positions shows that the order differs.
    if (
        by_order
        and not are_known
        and all(
            name in (None, other) or is_unnamed(name or "")
            for name, other in zip(matches, by_order, strict=True)
        )
    ):
        progress.log(
            "The bands are matched by their order, because not all of them have names. Model: {bands}. "
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
        advice="Choose a raster with these bands. If they are the same bands under other names, give them "
        "the model's names: BAND_NAMES={pairs}."
        if by_order
        else "Choose a raster with these bands, or name its bands as the model does.",
        pairs=", ".join(map(_pair, wanted, by_order or ())),
        count=len(wanted),
        bands=", ".join(wanted),
        raster_count=len(stack.band_names),
        raster_bands=", ".join(stack.band_names),
    )


def check_order(card: ModelCard, titles: Sequence[str], stack: BandStack) -> None:
    """Refuse the further rasters of the training in another order, where band names do not tell them apart.

    Args:
        card: Document of the model.
        titles: Names of the further rasters, in their order.
        stack: Band stack of all rasters.

    Raises:
        BandMismatchError: They are those of the training in another order.
    """
    trained = str(card.training.parameters.get("extra_inputs") or "").split(_SEPARATOR)
    given = _SEPARATOR.join(titles).split(_SEPARATOR)
    if stack.names_extras or given == trained or sorted(given) != sorted(trained):
        return
    raise BandMismatchError(
        "The further rasters are in another order than in training: {given}, in training {trained}. Their "
        "bands have no names that tell them apart",
        where=Text("EXTRA_INPUTS"),
        advice="Give them in the order of the training.",
        given=_SEPARATOR.join(given),
        trained=_SEPARATOR.join(trained),
    )


def has_all_names(names: Sequence[str]) -> bool:
    """Return whether all bands have names, and not only numbers."""
    return not any(is_unnamed(name) for name in names)


def warn_of_pixel_size(card: ModelCard, grid: Grid, progress: Progress) -> None:
    """Warn where the raster's pixels are much larger or smaller than those of the training raster.

    Args:
        card: Document of the model.
        grid: Grid of the raster.
        progress: Progress reporter.
    """
    training_size = _metres(card.pixel_size, card.crs)
    size = _metres(grid.pixel_size, grid.crs)
    if training_size is None or size is None or min(training_size, size) <= 0:
        return
    if max(training_size / size, size / training_size) > _MAX_PIXEL_SIZE_RATIO:
        progress.log(
            "The raster's pixels are about {size:.3g} m wide, and those of the training raster "
            "{model_size:.3g} m. Patches cover a different ground extent than in training, so accuracy may "
            "be lower.",
            "warning",
            size=size,
            model_size=training_size,
        )


def warn_of_known_faults(card: ModelCard, progress: Progress) -> None:
    """Log the known faults of a model as warnings.

    Args:
        card: Document of the model.
        progress: Progress reporter.
    """
    for fault in known_faults(card):
        progress.log(fault, "warning")


def _pair(name: str, band: str) -> str:
    """Return the entry of BAND_NAMES that gives a band another name."""
    entry = untranslated(f"{name}={band}")
    return f'"{entry}"' if "," in entry else entry


def _by_order(
    wanted: Sequence[str], bands: tuple[str, ...], trained_on: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the bands at the positions of the model's, or None where their number differs."""
    if len(bands) == len(trained_on):
        return tuple(bands[trained_on.index(name)] for name in wanted)
    return bands if len(bands) == len(wanted) else None


def _metres(pixel_size: tuple[float, float], wkt: str) -> float | None:
    """Return the height of a pixel in metres, or None where the unit is unknown."""
    try:
        crs = CRS.from_wkt(wkt)
        if crs.is_geographic:
            return pixel_size[1] * METRES_PER_DEGREE
        return float(pixel_size[1] * crs.linear_units_factor[1])
    except CRSError:
        return None
