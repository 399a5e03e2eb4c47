"""How a raster is brought onto another grid, by name. Light: QGIS checks the names."""

from __future__ import annotations

from ..errors import ParameterError

AUTO = "auto"
RESAMPLINGS: tuple[str, ...] = (AUTO, "nearest", "bilinear", "cubic", "average")


def parse_resampling(text: str, count: int) -> tuple[str, ...]:
    """Return a resampling for each of ``count`` rasters.

    Args:
        text: One name for all of them, or one each in their order, separated by commas; empty is
            ``auto``.
        count: How many rasters there are.

    Raises:
        ParameterError: A name is unknown, or there are neither one nor ``count`` of them.
    """
    names = tuple(part.strip().lower() for part in text.split(",")) if text.strip() else (AUTO,)
    for name in names:
        if name not in RESAMPLINGS:
            raise ParameterError(
                f"There is no resampling {name!r}",
                where="RESAMPLING",
                advice=f"Use one of: {', '.join(RESAMPLINGS)}.",
            )
    if len(names) == 1:
        return names * count
    if len(names) != count:
        raise ParameterError(
            f"There are {len(names)} resamplings for {count} extra raster{'s' if count != 1 else ''}",
            where="RESAMPLING",
            advice="Give one for all of them, or one each in their order, separated by commas.",
        )
    return names
