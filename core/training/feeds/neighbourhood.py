"""Feed of neighbourhood features, for trees and small networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, Int64Array
from ...models.architecture import Architecture, TrainerSettings
from ...models.network import build_network
from ...progress import Progress, RateMeter
from ...raster.neighbourhood import Measure, Neighbourhoods
from ...raster.stack import BandStack
from ...samples.patch_store import by_tile, read_centres
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import Preparation, channel_statistics
from .base import Batch, CentreDataset, batches_of, on

_BATCH = 8192


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
) -> Float32Array:
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


@dataclass(frozen=True, eq=False)
class NeighbourhoodFeed:
    """A Feed of tables.

    Attributes:
        values: Features (N, features) of the samples that a fit needs, on the device.
        positions: Row of each of the dataset's samples in ``values``, -1 where it is not there.
        dataset: The samples, and the raster around the others.
        preparation: The channels, with scaling.
        windows: Sides of the neighbourhoods in pixels.
    """

    values: Tensor
    positions: Int64Array
    dataset: CentreDataset
    preparation: Preparation
    windows: tuple[int, ...]

    @property
    def exact(self) -> NeighbourhoodFeed:
        """The same, computed in float32."""
        return self

    def epoch(self, chosen: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return each sample once, in an order drawn at random."""
        return batches_of(self._places(generator.permutation(chosen)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> tuple[Tensor, Tensor]:
        """Return features (N, features, 1, 1), which no turning changes, and classes."""
        device = self.values.device
        features = self.values[on(device, self.positions[batch.samples])]
        return features[:, :, None, None], on(device, self.dataset.codes(batch.samples))

    def logits(self, network: nn.Module, chosen: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples; of those that the fit did not need, the raster is read."""
        features = self._features(chosen, progress)
        network.eval()
        pieces = []
        with torch.inference_mode():
            for piece in torch.split(features, _BATCH):
                progress.check_cancelled()
                pieces.append(network(piece).float().cpu())
        return torch.cat(pieces)

    def _features(self, chosen: Int64Array, progress: Progress) -> Tensor:
        positions = self.positions[chosen]
        if (positions >= 0).all():
            return self.values[on(self.values.device, positions)]
        samples = self.dataset.samples.subset(chosen)
        table = read_features(
            self.dataset.stack, samples, self.preparation, Neighbourhoods.textured(self.windows), progress
        )
        return torch.from_numpy(table).to(self.values.device)

    def _places(self, chosen: Int64Array) -> Batch:
        return Batch(chosen, self.dataset.samples.rows[chosen], self.dataset.samples.columns[chosen])


class NeighbourhoodView:
    """How a network looks at pixels and at what is measured around them.

    Args:
        architecture: Its name.
        windows: Sides of the neighbourhoods in pixels.
        indices: Number of spectral indices, for an estimate of memory.
    """

    patch_size = 1
    small_stem = False

    def __init__(self, architecture: str, windows: Sequence[int], indices: int) -> None:
        self._architecture = architecture
        self._indices = indices
        self.windows = tuple(windows)
        self.window = 2 * Neighbourhoods.textured(windows).reach + 1

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> NeighbourhoodView:
        """Return the view of a network with these settings; features are float32 in any precision."""
        return cls(entry.name, settings.windows, settings.indices)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample's features."""
        return 4 * Neighbourhoods.textured(self.windows).count(bands + self._indices)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> CentreDataset:
        """Read the samples' own pixels, which say how the channels are scaled."""
        return read_own_pixels(stack, samples, preparation, progress)

    def feed(
        self, dataset: CentreDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[NeighbourhoodFeed, Preparation]:
        """Measure the neighbourhoods of the samples that train and validate."""
        centres = dataset.centres[:, :, None, None]
        scaling = channel_statistics(centres, split.train, dataset.preparation, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        needed = np.union1d(split.train, split.validation)
        positions = np.full(len(dataset.samples), -1, dtype=np.int64)
        positions[needed] = np.arange(len(needed))
        samples = dataset.samples.subset(needed)
        table = read_features(
            dataset.stack, samples, preparation, Neighbourhoods.textured(self.windows), progress
        )
        values = torch.from_numpy(table).to(device)
        return NeighbourhoodFeed(values, positions, dataset, preparation, self.windows), preparation

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return the network for the features of so many channels."""
        return build_network(self._architecture, channels, classes, self.windows)
