"""Tables for trees and perceptrons: the features of the samples, read tile by tile around them."""

from __future__ import annotations

import numpy as np
import torch

from ..progress import Progress, RateMeter
from ..raster.neighbourhood import Measure
from ..raster.stack import BandStack
from ..samples.centres import FloatArray, by_tile, read_centres
from ..samples.samples import Samples
from .dataset import CentreDataset
from .preparation import Preparation


def read_own_pixels(
    stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
) -> CentreDataset:
    """Return the samples with the values of their own pixels, which say how the channels are scaled."""
    values = read_centres(stack, samples, progress)
    wanted = [stack.band_names.index(name) for name in preparation.bands]
    return CentreDataset(samples, preparation, values[:, wanted], stack)


def read_features(
    stack: BandStack,
    samples: Samples,
    preparation: Preparation,
    measure: Measure,
    progress: Progress,
) -> FloatArray:
    """Return the features (N, features) of the samples, as ``measure`` orders them.

    Each square of the raster that holds samples is read once, with what lies within reach around
    it, so that memory does not grow with the windows or the raster.

    Args:
        stack: The open raster.
        samples: Where to look.
        preparation: The channels, with scaling.
        measure: What is measured.
        progress: From 0 to 1.
    """
    features = np.empty((len(samples), measure.count(len(preparation.channels))), dtype=np.float32)
    reach = measure.reach
    meter = RateMeter(len(samples), "samples", "Measuring neighbourhoods" if reach else "Measuring pixels")
    for members in by_tile(samples.rows, samples.columns):
        progress.check_cancelled()
        rows, columns = samples.rows[members] - reach, samples.columns[members] - reach
        top, left = int(rows.min()), int(columns.min())
        bottom, right = int(rows.max()) + 2 * reach + 1, int(columns.max()) + 2 * reach + 1
        stored = torch.from_numpy(stack.read(top, bottom, left, right, preparation.bands))
        centres = torch.from_numpy(rows - top + reach), torch.from_numpy(columns - left + reach)
        valid = torch.isfinite(stored).all(dim=0)
        features[members] = measure.features(preparation(stored), valid, *centres).numpy()
        meter.add(len(members))
        progress.update(meter.fraction, meter.text())
    return features
