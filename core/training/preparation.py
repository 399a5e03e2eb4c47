"""From raw patches to what the network sees, on the device and a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from ..errors import ParameterError
from ..models.card import Scaling
from ..raster.features import compute_channels, standardise


@dataclass(frozen=True)
class Preparation:
    """Which channels there are and, once it is known, how they are scaled.

    Attributes:
        bands: Names of the raw patches' bands, in order.
        indices: Spectral indices that follow them.
        roles: Role to band name.
        reflectance_scale: Factor from stored values to reflectance.
        source_bands: Names of all bands of the rasters, of which ``bands`` were chosen.
        scaling: Mean and standard deviation of each channel; None while they are being measured.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: Mapping[str, str]
    reflectance_scale: float
    source_bands: tuple[str, ...] = ()
    scaling: Scaling | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return self.bands + self.indices

    @property
    def measured(self) -> Scaling:
        """The scaling, where it has been measured.

        Raises:
            ParameterError: It has not.
        """
        if self.scaling is None:
            raise ParameterError("The channels were not scaled", advice="Measure them before fitting.")
        return self.scaling

    def __call__(self, patches: Tensor) -> Tensor:
        """Return channels (N, channels, size, size) of raw patches (N, bands, size, size).

        Without ``scaling`` they have their own units, and NaN where invalid.
        """
        channels = compute_channels(patches, self.bands, self.indices, self.roles, self.reflectance_scale)
        return standardise(channels, self.scaling) if self.scaling else channels
