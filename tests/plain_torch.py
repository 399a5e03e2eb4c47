"""The other program: a network of torchvision, trained and mapped by a short script without the plugin.

python plain_torch.py train SCENE LABELS CHECKPOINT SIZE
python plain_torch.py map SCENE CHECKPOINT SIZE ROW COLUMN ROWS COLUMNS OUTPUT    # logits of a window, .npy

It is what notebooks do: bands are standardised by the raster's mean and deviation, a patch lies around its
centre pixel, and the raster is mirrored at its edge. The last layer is a dropout and a linear layer.
"""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np
import rasterio
import torch
from torch import nn
from torchvision.models import resnet18


def network_of(channels: int, classes: int) -> nn.Module:
    """Return torchvision's ResNet18 with another first and last layer."""
    network = resnet18()
    network.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
    network.fc = nn.Sequential(nn.Dropout(0.5), nn.Linear(512, classes))
    return network


def read(path: str) -> np.ndarray:
    """Return the standardised bands."""
    with rasterio.open(path) as dataset:
        values = dataset.read().astype(np.float64)
    mean, std = np.nanmean(values, axis=(1, 2)), np.nanstd(values, axis=(1, 2))
    print(json.dumps({"mean": mean.tolist(), "std": std.tolist()}))
    return np.nan_to_num((values - mean[:, None, None]) / std[:, None, None]).astype(np.float32)


def patches_of(values: np.ndarray, rows: np.ndarray, columns: np.ndarray, size: int) -> torch.Tensor:
    """Return the patches around pixels."""
    edge = size // 2
    padded = np.pad(values, ((0, 0), (edge, edge), (edge, edge)), mode="reflect")
    cut = [
        padded[:, row : row + size, column : column + size] for row, column in zip(rows, columns, strict=True)
    ]
    return torch.from_numpy(np.stack(cut))


def train(scene: str, labels: str, checkpoint: str, size: str) -> None:
    """Train for some steps, and save a checkpoint as notebooks do."""
    torch.manual_seed(0)
    generator = np.random.default_rng(0)
    values = read(scene)
    with rasterio.open(labels) as dataset:
        truth = dataset.read(1)
    classes = np.unique(truth)
    network = network_of(len(values), len(classes))
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for _ in range(30):
        rows, columns = (generator.integers(0, length, 32) for length in truth.shape)
        target = torch.from_numpy(np.searchsorted(classes, truth[rows, columns]))
        loss = nn.functional.cross_entropy(network(patches_of(values, rows, columns, int(size))), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    torch.save(
        {
            "epoch": 1,
            "model_state_dict": nn.DataParallel(network).state_dict(),
            "optimizer_state_dict": optimiser.state_dict(),
            "best_acc": np.float64(0.5),
            "args": argparse.Namespace(lr=1e-3),
        },
        checkpoint,
    )


def map_window(scene: str, checkpoint: str, size: str, *place: str) -> None:
    """Write the logits of a window, shape (rows, columns, classes)."""
    row, column, rows, columns = map(int, place[:4])
    state = torch.load(checkpoint, weights_only=False)["model_state_dict"]
    values = read(scene)
    network = network_of(len(values), len(state["module.fc.1.bias"]))
    network.load_state_dict({name.removeprefix("module."): value for name, value in state.items()})
    centres = np.mgrid[row : row + rows, column : column + columns].reshape(2, -1)
    with torch.inference_mode():
        logits = network.eval()(patches_of(values, *centres, int(size)))
    np.save(place[4], logits.numpy().reshape(rows, columns, -1))


if __name__ == "__main__":
    # Tests run side by side.
    torch.set_num_threads(1)
    {"train": train, "map": map_window}[sys.argv[1]](*sys.argv[2:])
