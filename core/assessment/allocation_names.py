"""How points are shared among classes, by name, and what accuracy is expected. Light: QGIS checks them."""

from __future__ import annotations

from collections.abc import Sequence

from ..classes import LandCoverClass
from ..errors import ParameterError

PROPORTIONAL, EQUAL, OPTIMAL = "proportional", "equal", "optimal"
ALLOCATIONS = (PROPORTIONAL, EQUAL, OPTIMAL)


def parse_expected(text: str) -> dict[str, float]:
    """Return expected user's accuracies by class, lower case; that of all others has the empty name.

    Args:
        text: ``NAME=SHARE`` pairs and perhaps one share alone, separated by commas.

    Raises:
        ParameterError: A part is malformed, or a share is not between 0 and 1.
    """
    expected: dict[str, float] = {}
    for part in filter(str.strip, text.split(",")):
        name, _, share = part.rpartition("=")
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not 0 < value < 1:
            raise ParameterError(
                f"{part.strip()!r} is no expected user's accuracy",
                where="EXPECTED_ACCURACY",
                advice="Write shares between 0 and 1: one for all such as 0.8, or Water=0.95, Rice=0.7, 0.8.",
            )
        expected[name.strip().casefold()] = value
    return expected


def expected_accuracies(text: str, classes: Sequence[LandCoverClass]) -> tuple[float, ...]:
    """Return the expected user's accuracy of each class, which may be named or given by its value.

    Raises:
        ParameterError: The text is malformed, or a name is none of the classes.
    """
    expected = parse_expected(text)
    other = expected.pop("", 0.8)
    found = []
    for item in classes:
        by_name = expected.pop(item.name.casefold(), None)
        by_value = expected.pop(str(item.value), None)
        found.append(next((share for share in (by_name, by_value) if share is not None), other))
    if expected:
        raise ParameterError(
            f"The map has no class {next(iter(expected))!r}",
            where="EXPECTED_ACCURACY",
            advice=f"Its classes are: {', '.join(f'{item.value} {item.name}' for item in classes)}.",
        )
    return tuple(found)
