"""Patches of samples: the kind of network that gives a label to the centre of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ..progress import Progress
from ..samples.pixels import Pixels
from ..samples.samples import Integers, Samples
from .feed import Batch, batches_of, on
from .precision import autocast, memory_format_for

# Without gradients a batch may be larger than in training.
_BATCH = 256


@dataclass(frozen=True, eq=False)
class PatchFeed:
    """A Feed that cuts patches on the device.

    Attributes:
        pixels: Standardised channels, on the device.
        samples: Places and classes.
        size: Rows and columns of a patch; its centre is pixel ``size // 2``.
        precision: What the network computes in.
    """

    pixels: Pixels
    samples: Samples
    size: int
    precision: torch.dtype

    def epoch(self, chosen: Integers, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return each sample's patch once, in an order drawn at random."""
        return batches_of(self._around(generator.permutation(chosen)), size)

    def examples(self, batch: Batch, orientations: Integers | None) -> tuple[Tensor, Tensor]:
        """Return patches and the classes of their centres."""
        device = self.pixels.device
        turns = None if orientations is None else on(device, orientations)
        patches = self.pixels.cut(on(device, batch.rows), on(device, batch.columns), self.size, turns)
        codes = on(device, self.samples.codes[batch.samples])
        return patches.contiguous(memory_format=memory_format_for(self.precision, device)), codes

    def logits(self, network: nn.Module, chosen: Integers, progress: Progress) -> Tensor:
        """Return the logits of the patches' centres."""
        network.eval()
        pieces = []
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for batch in batches_of(self._around(chosen), _BATCH):
                progress.check_cancelled()
                pieces.append(network(self.examples(batch, None)[0]).float().cpu())
        return torch.cat(pieces)

    def _around(self, chosen: Integers) -> Batch:
        half = self.size // 2
        return Batch(chosen, self.samples.rows[chosen] - half, self.samples.columns[chosen] - half)
