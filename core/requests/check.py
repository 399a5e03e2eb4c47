"""Request and result of an environment check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckRequest:
    """Nothing needs to be said."""


@dataclass(frozen=True)
class CheckResult:
    """What the environment can do.

    Attributes:
        device: The device that ``auto`` stands for, described for people.
        sentence: Which device will be used, and why not the GPU where it is not.
        versions: Version of Python, of every package, and of CUDA and GDAL within them.
    """

    device: str
    sentence: str
    versions: dict[str, str]
