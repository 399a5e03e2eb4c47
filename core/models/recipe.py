"""How an architecture is best trained, where the user says nothing else. Light: QGIS imports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Values of training parameters; their meaning is that of ``core.tasks.train``.

    Attributes:
        least_steps: Steps of an epoch at least: few samples are shown several times in one.
    """

    patch_size: int = 32
    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    label_smoothing: float = 0.0
    dropout: float = 0.0
    balance: str = "sqrt"
    brightness: float = 0.0
    band_dropout: float = 0.0
    least_steps: int = 0
