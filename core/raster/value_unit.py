"""Units of band values, which published weights need: reflectance as it is or as whole numbers, or decibel.

Statistics of a raster do not show its unit reliably: Sentinel-2 products have had 1,000 added since January
2022, many were harmonised since, and Landsat's numbers look like sensor counts. ``detect_unit`` decides where
the values leave one possibility, and refuses the others::

    unit = detect_unit(survey, {"red": "B4", "nir": "B8", …}, "reflectance")
    unit.to_quantity(1500.0)   # 0.05 for scaled_offset
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Float64Array
from ..errors import ParameterError
from ..options import AUTO, DECIBEL, REFLECTANCE, VALUE_UNITS, Quantity
from ..text import Text
from .survey import Survey

# Fewer pixels say nothing about a raster.
_MIN_PIXELS = 50
_QUANTILES = (0.01, 0.99)
# Largest reflectance, which snow, clouds and slopes towards the sun exceed a little.
_MAX_REFLECTANCE, _MIN_REFLECTANCE = 2.0, -0.1
_DECIBELS = (-60.0, 40.0)
# Largest values of 8-bit and of 11-bit numbers: below, whole numbers may be sensor counts.
_MAX_8_BIT, _MAX_11_BIT = 255.0, 2047.0
_MAX_SCALED, _MIN_SCALED = 30_000.0, -3000.0
# Lowest and highest values of Collection 2, whose reflectance of 0 is 7,273 and of 1 is 43,636.
_MIN_LANDSAT, _MAX_LANDSAT = 6500.0, 60_000.0
# Reflectance of the darkest band at its 1 % quantile. Water, shadow and forest are darker than the first in
# one of the bands, and no darker than the second where 0.1 was added. Above the third is no such raster.
_DARK, _MIN_OFFSET_DARK, _MAX_OFFSET_DARK = 0.08, 0.095, 0.25
# Near infrared relative to red of vegetation, whose blue and red reflectances are below 0.1, and the fraction
# of such pixels that shows it.
_VEGETATION_RATIO, _MIN_VEGETATION = 2.0, 0.01
_OFFSET = 0.1


@dataclass(frozen=True)
class ValueUnit:
    """Unit of stored band values: ``quantity = factor * (value - zero)``.

    Attributes:
        name: Value of VALUE_UNIT.
        title: Description for users.
        quantity: ``reflectance`` from 0 to 1, or ``decibel``.
        factor: Factor from stored values to the quantity.
        zero: Stored value of the quantity 0.
    """

    name: str
    title: Text
    quantity: Quantity
    factor: float = 1.0
    zero: float = 0.0

    def to_quantity(self, value: float) -> float:
        """Return the quantity of a stored value."""
        return self.factor * (value - self.zero)

    def to_stored(self, quantity: float) -> float:
        """Return the stored value of a quantity."""
        return quantity / self.factor + self.zero


UNITS: dict[str, ValueUnit] = {
    unit.name: unit
    for unit in (
        ValueUnit(REFLECTANCE, Text("reflectance"), REFLECTANCE),
        ValueUnit("reflectance_offset", Text("reflectance plus 0.1"), REFLECTANCE, zero=_OFFSET),
        ValueUnit("scaled", Text("reflectance times 10,000"), REFLECTANCE, 1e-4),
        ValueUnit(
            "scaled_offset", Text("reflectance times 10,000 plus 1,000"), REFLECTANCE, 1e-4, _OFFSET / 1e-4
        ),
        # https://www.usgs.gov/faqs/how-do-i-use-scale-factor-landsat-level-2-science-products
        ValueUnit(
            "landsat", Text("numbers of Landsat Collection 2 Level 2"), REFLECTANCE, 2.75e-5, 0.2 / 2.75e-5
        ),
        ValueUnit(DECIBEL, Text("decibel"), DECIBEL),
    )
}
"""Units by the values of VALUE_UNIT, except ``auto``."""


def chosen_unit(name: str, survey: Survey, bands: Mapping[str, str], quantity: Quantity) -> ValueUnit:
    """Return the unit that the user has chosen, or that the values show.

    Args:
        name: Value of VALUE_UNIT.
        survey: Survey of the raster with all of these bands.
        bands: Band name of each role that is compared.
        quantity: Quantity that the bands must be in.

    Raises:
        ParameterError: The values do not show their unit, or the chosen unit is not that of the values.
    """
    if name == AUTO:
        return detect_unit(survey, bands, quantity)
    unit = UNITS[name]
    if unit.quantity != quantity:
        raise ParameterError(
            "VALUE_UNIT is {unit}, but the weights expect {quantity}",
            where="VALUE_UNIT",
            advice="Choose another unit, or other weights.",
            unit=name,
            quantity=Text(quantity),
        )
    if len(survey) >= _MIN_PIXELS:
        low, high = _quantiles(survey, bands)
        ends = unit.to_quantity(float(low.min())), unit.to_quantity(float(high.max()))
        lowest, highest = _DECIBELS if quantity == DECIBEL else (_MIN_REFLECTANCE, _MAX_REFLECTANCE)
        if not (lowest <= ends[0] and ends[1] <= highest):
            raise ParameterError(
                "The values of the bands are not {unit}: they would be {quantity} from {low:.3g} to "
                "{high:.3g}",
                where="VALUE_UNIT",
                advice="Choose the unit of the raster, or auto.",
                unit=unit.title,
                quantity=Text(quantity),
                low=ends[0],
                high=ends[1],
            )
    return unit


def detect_unit(survey: Survey, bands: Mapping[str, str], quantity: Quantity) -> ValueUnit:
    """Return the unit of the values of bands.

    Values up to 2 are reflectance, values up to 30,000 are reflectance times 10,000, and bands named
    ``SR_B…`` with values from 6,500 are numbers of Landsat Collection 2. To the first two, 0.1 is added if no
    band is ever dark, although there is vegetation, which is always dark in blue.

    Args:
        survey: Survey of the raster with all of these bands.
        bands: Band name of each role.
        quantity: Quantity that the bands must be in.

    Raises:
        ParameterError: More than one unit is possible, or none.
    """
    if len(survey) < _MIN_PIXELS:
        raise _unclear(Text("the raster has too few valid pixels"))
    low, high = _quantiles(survey, bands)
    ends = {"low": float(low.min()), "high": float(high.max())}
    if quantity == DECIBEL:
        is_decibel = _DECIBELS[0] <= ends["low"] and ends["high"] <= _DECIBELS[1] and bool((low < 0).all())
        # Radar backscatter is below 0 dB almost everywhere, and linear values are never negative.
        if is_decibel:
            return UNITS["decibel"]
        raise _unclear(Text("values from {low:.4g} to {high:.4g} are not backscatter in decibel", **ends))
    is_small = high <= _MAX_REFLECTANCE
    if is_small.any() and not is_small.all():
        names = ", ".join(name for name, small in zip(bands.values(), is_small, strict=True) if small)
        raise _unclear(Text("the values of {bands} have another unit than those of other bands", bands=names))
    if is_small.all():
        is_possible = ends["low"] >= _MIN_REFLECTANCE and ends["high"] > 0.01
        pair, factor = ("reflectance", "reflectance_offset"), 1.0
    else:
        if ends["low"] >= _MIN_LANDSAT and ends["high"] <= _MAX_LANDSAT:
            return _landsat(bands, ends)
        is_possible = ends["low"] >= _MIN_SCALED and _MAX_11_BIT < ends["high"] <= _MAX_SCALED
        pair, factor = ("scaled", "scaled_offset"), 1e-4
    if not is_possible:
        raise _unclear(
            Text(
                "values from {low:.4g} to {high:.4g} may be percent, sensor counts or numbers of 8 bits",
                **ends,
            )
        )
    dark = factor * ends["low"]
    if dark < _DARK:
        return UNITS[pair[0]]
    if _MIN_OFFSET_DARK <= dark <= _MAX_OFFSET_DARK and _shows_vegetation(survey, bands):
        return UNITS[pair[1]]
    raise _unclear(
        Text(
            "no band is darker than {low:.4g}, so {offset} may have been added to the reflectances, or the "
            "land is bright",
            low=ends["low"],
            offset=Text("0.1") if factor == 1.0 else Text("1,000"),
        )
    )


def _landsat(bands: Mapping[str, str], ends: dict[str, float]) -> ValueUnit:
    # Only the reflectances of Level 2 are called so; sensor counts of Level 1 have similar values.
    if all(name.upper().startswith("SR_B") for name in bands.values()):
        return UNITS["landsat"]
    raise _unclear(
        Text(
            "values from {low:.4g} to {high:.4g} may be reflectances of Landsat Collection 2, or sensor "
            "counts",
            **ends,
        )
    )


def _shows_vegetation(survey: Survey, bands: Mapping[str, str]) -> bool:
    """Return whether some pixels are vegetation, in a raster with a band in which vegetation is dark."""
    if not {"red", "nir"} <= bands.keys() or not {"coastal", "blue", "green"} & bands.keys():
        return False
    red, nir = (survey.values[:, survey.bands.index(bands[role])] for role in ("red", "nir"))
    return float((nir >= _VEGETATION_RATIO * red).mean()) >= _MIN_VEGETATION


def _quantiles(survey: Survey, bands: Mapping[str, str]) -> tuple[Float64Array, Float64Array]:
    """Return a low and a high quantile of each band, both of shape (bands,)."""
    columns = [survey.bands.index(name) for name in bands.values()]
    values = survey.values[:, columns].astype(np.float64)
    # Fill that the file does not declare has one value in all bands.
    is_fill = (survey.values == survey.values[:, :1]).all(axis=1) & (survey.values.shape[1] > 1)
    low, high = np.quantile(values[~is_fill] if not is_fill.all() else values, _QUANTILES, axis=0)
    return low, high


def _unclear(reason: Text) -> ParameterError:
    return ParameterError(
        "The unit of the raster's values is not clear, and the weights expect a certain one: {reason}",
        where="VALUE_UNIT",
        advice="Set VALUE_UNIT to one of: {units}. Convert a raster in another unit to reflectance, or radar "
        "to decibel, or choose WEIGHTS=none.",
        reason=reason,
        units=", ".join(VALUE_UNITS[1:]),
    )
