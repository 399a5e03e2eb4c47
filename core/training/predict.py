"""Logits of many patches."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ..progress import Progress
from ..samples.samples import Integers
from .dataset import Dataset
from .preparation import Preparation

# Without gradients a batch may be larger than in training.
_BATCH = 256


def predict(
    network: nn.Module,
    dataset: Dataset,
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


def codes_of(logits: Tensor) -> Integers:
    """Return the most likely class of each row (N,)."""
    return logits.argmax(dim=1).numpy().astype(np.int64)
