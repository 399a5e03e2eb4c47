"""The patches of all samples in one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..errors import SampleError
from ..progress import Progress, RateMeter
from ..raster.stack import BandStack
from .centres import FloatArray, by_tile
from .patches import cut_patches
from .samples import Samples


def read_patches(
    stack: BandStack, samples: Samples, bands: Sequence[str], patch_size: int, progress: Progress
) -> FloatArray:
    """Return raw patches (N, bands, size, size), NaN where invalid.

    Each square of the raster that holds samples is read once. The values stay float32: half the
    width is not exact for the 16-bit numbers of satellite products.

    Raises:
        SampleError: The memory does not suffice.
    """
    shape = (len(samples), len(bands), patch_size, patch_size)
    try:
        patches = np.empty(shape, dtype=np.float32)
    except MemoryError as error:
        raise SampleError(
            f"{len(samples):,} patches of {patch_size} x {patch_size} pixels do not fit into memory",
            advice="Set MAX_PER_CLASS lower, or use smaller patches.",
        ) from error
    progress.log(f"{len(samples):,} patches of {patch_size} x {patch_size} pixels take {_size(patches)}.")
    meter = RateMeter(len(samples), "patches")
    half = patch_size // 2
    for members in by_tile(samples.rows, samples.columns):
        progress.check_cancelled()
        rows, columns = samples.rows[members] - half, samples.columns[members] - half
        top, left = int(rows.min()), int(columns.min())
        bottom, right = int(rows.max()) + patch_size, int(columns.max()) + patch_size
        tile = torch.from_numpy(stack.read(top, bottom, left, right, bands))
        corners = torch.from_numpy(rows - top), torch.from_numpy(columns - left)
        patches[members] = cut_patches(tile, *corners, patch_size).numpy()
        meter.add(len(members))
        progress.update(meter.fraction, f"Reading: {meter.text()}")
    return patches


def _size(patches: FloatArray) -> str:
    megabytes = patches.nbytes / 1e6
    return f"{megabytes / 1000:.1f} GB of memory" if megabytes >= 1000 else f"{megabytes:.0f} MB of memory"
