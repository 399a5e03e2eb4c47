"""The honest opponent: the training loop that one writes first. It is never weakened."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


class Slices(Dataset[tuple[Tensor, int]]):
    """A numpy slice of the channels for each sample."""

    def __init__(
        self, channels: np.ndarray, rows: np.ndarray, columns: np.ndarray, codes: np.ndarray, size: int
    ) -> None:
        half = size // 2
        self._padded = np.pad(channels, ((0, 0), (half, half), (half, half)), mode="reflect")
        self._rows, self._columns, self._codes, self._size = rows, columns, codes, size

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        row, column = self._rows[number], self._columns[number]
        patch = self._padded[:, row : row + self._size, column : column + self._size]
        return torch.from_numpy(patch.copy()), int(self._codes[number])


class PlainLoop:
    """A DataLoader, float32, eager."""

    def __init__(
        self, network: nn.Module, slices: Slices, batch_size: int, device: torch.device, rate: float
    ) -> None:
        self.network = network.to(device).train()
        self._loader = DataLoader(slices, batch_size=batch_size, shuffle=True, drop_last=True)
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=rate)
        self._loss = nn.CrossEntropyLoss()
        self._device = device
        self._batches = self._forever()

    def _forever(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            yield from self._loader

    def step(self) -> int:
        """Train one batch; return how many patches it had."""
        patches, codes = next(self._batches)
        patches, codes = patches.to(self._device), codes.to(self._device)
        self._optimiser.zero_grad()
        loss = self._loss(self.network(patches), codes)
        loss.backward()
        self._optimiser.step()
        loss.item()
        return len(patches)
