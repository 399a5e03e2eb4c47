"""Feed of neighbourhood features, for trees and the multi-scale network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, Int64Array
from ...models.architecture import Architecture, CentreBranch, TrainerSettings
from ...models.network import build_network
from ...options import NONE
from ...progress import Progress, RateMeter
from ...raster.grid import by_tile
from ...raster.neighbourhood import Measure, Neighbourhoods
from ...raster.stack import BandStack
from ...samples.patch_store import read_centres
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import Preparation, channel_statistics
from .base import Batch, CentreDataset, Examples, batches_of, on

_BATCH = 8192


def read_own_pixels(
    stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
) -> CentreDataset:
    """Return the samples with the band values of their own pixels, by which the channels are scaled.

    Args:
        stack: Open band stack.
        samples: Samples to read.
        preparation: Channels without scaling.
        progress: Progress reporter.
    """
    values = read_centres(stack, samples, progress)
    bands = [stack.band_names.index(name) for name in preparation.bands]
    return CentreDataset(samples, preparation, values[:, bands], stack)


def read_features(
    stack: BandStack,
    samples: Samples,
    preparation: Preparation,
    measure: Measure,
    progress: Progress,
) -> Float32Array:
    """Return the features of samples in the order of ``measure``, float32, shape (N, features).

    Each square of the raster with samples is read once, with the pixels within reach around it. So memory
    does not grow with the raster.

    Args:
        stack: Open band stack.
        samples: Samples to measure around.
        preparation: Channels with scaling.
        measure: Measures of a neighbourhood.
        progress: Progress reporter.
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


@dataclass(frozen=True, eq=False)
class NeighbourhoodFeed:
    """Feed of neighbourhood features.

    Attributes:
        values: Features of the training and validation samples, float32, shape (N, features), on the device.
        positions: Row in ``values`` of each sample of the dataset, int64; -1 for samples without a row.
        dataset: Samples, with the band stack around them.
        preparation: Channels with scaling.
        windows: Sides of the neighbourhoods in pixels.
    """

    values: Tensor
    positions: Int64Array
    dataset: CentreDataset
    preparation: Preparation
    windows: tuple[int, ...]

    @property
    def exact(self) -> NeighbourhoodFeed:
        """This feed, which always computes in float32."""
        return self

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return the samples in random order, see ``Feed.epoch``."""
        return batches_of(self._places(generator.permutation(indices)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return features, shape (N, features, 1, 1), and class codes, see ``Feed.examples``.

        Orientations do not change the features.
        """
        device = self.values.device
        features = self.values[on(device, self.positions[batch.samples])]
        codes = on(device, self.dataset.codes(batch.samples))
        measure = Neighbourhoods.textured(self.windows)
        return Examples(features[:, :, None, None], codes, 1, measure=measure)

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples, see ``Feed.logits``.

        Features of samples other than training and validation are read from the raster.
        """
        features = self._features(indices, progress)
        network.eval()
        pieces = []
        with torch.inference_mode():
            for piece in torch.split(features, _BATCH):
                progress.check_cancelled()
                pieces.append(network(piece).float().cpu())
        return torch.cat(pieces)

    def _features(self, indices: Int64Array, progress: Progress) -> Tensor:
        positions = self.positions[indices]
        if (positions >= 0).all():
            return self.values[on(self.values.device, positions)]
        samples = self.dataset.samples.subset(indices)
        table = read_features(
            self.dataset.stack, samples, self.preparation, Neighbourhoods.textured(self.windows), progress
        )
        return torch.from_numpy(table).to(self.values.device)

    def _places(self, indices: Int64Array) -> Batch:
        return Batch(indices, self.dataset.samples.rows[indices], self.dataset.samples.columns[indices])


class NeighbourhoodView:
    """Inputs of a network of neighbourhood features.

    Args:
        architecture: Name of the architecture.
        windows: Sides of the neighbourhoods, in pixels.
        indices: Number of spectral indices, for the estimate of memory.
    """

    patch_size = 1
    small_stem = False
    attention = NONE
    centre: CentreBranch | None = None

    def __init__(self, architecture: str, windows: Sequence[int], indices: int) -> None:
        self._architecture = architecture
        self._indices = indices
        self.windows = tuple(windows)
        self.window = 2 * Neighbourhoods.textured(windows).reach + 1

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> NeighbourhoodView:
        """Return the view of a network with these settings.

        Args:
            entry: Registry entry of the architecture.
            settings: Settings of the trainer.
            precision: Data type of matrix products; features are float32 with any.
        """
        return cls(entry.name, settings.windows, settings.indices)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample's features in bytes, see ``View.sample_bytes``."""
        return 4 * Neighbourhoods.textured(self.windows).count(bands + self._indices)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> CentreDataset:
        """Read the own pixels of the samples, by which the channels are scaled, see ``View.read``."""
        return read_own_pixels(stack, samples, preparation, progress)

    def feed(
        self, dataset: CentreDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[NeighbourhoodFeed, Preparation]:
        """Return the features of the training and validation samples, see ``View.feed``."""
        centres = dataset.centres[:, :, None, None]
        scaling = channel_statistics(centres, split.train, dataset.preparation, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        selection = np.union1d(split.train, split.validation)
        positions = np.full(len(dataset.samples), -1, dtype=np.int64)
        positions[selection] = np.arange(len(selection))
        samples = dataset.samples.subset(selection)
        table = read_features(
            dataset.stack, samples, preparation, Neighbourhoods.textured(self.windows), progress
        )
        values = torch.from_numpy(table).to(device)
        return NeighbourhoodFeed(values, positions, dataset, preparation, self.windows), preparation

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network for the features of the channels, see ``View.build``."""
        return build_network(self._architecture, channels, classes, self.windows)
