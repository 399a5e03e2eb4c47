"""Logits of many patches."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..progress import Progress
from ..samples.samples import Integers
from .dataset import PatchDataset
from .preparation import Preparation

# Without gradients a batch may be larger than in training.
_BATCH = 256


def predict(
    network: nn.Module,
    dataset: PatchDataset,
    chosen: Integers,
    preparation: Preparation,
    device: torch.device,
    progress: Progress,
) -> Tensor:
    """Return logits (len(chosen), classes) on the CPU; leaves the network in evaluation mode.

    Args:
        network: On ``device``.
        dataset: Holds the raw patches.
        chosen: Which of them.
        preparation: With scaling.
        device: Where to compute.
        progress: Is asked for cancelling after each batch.
    """
    network.eval()
    logits = []
    with torch.inference_mode():
        for start in range(0, len(chosen), _BATCH):
            progress.check_cancelled()
            batch = dataset.batch(chosen[start : start + _BATCH], device)
            logits.append(network(preparation(batch)).float().cpu())
    return torch.cat(logits)
