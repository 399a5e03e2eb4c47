"""How a network is fitted: the values of one training loop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FitSettings:
    """How to train. The names of the choices are those of ``core.training.option_names``.

    Attributes:
        epochs: At most.
        batch_size: Patches, or crops, a step, at least 2.
        learning_rate: Of AdamW, the highest of the schedule.
        schedule: How the rate goes over the epochs, see ``core.training.schedule``.
        weight_decay: Of AdamW.
        clip_norm: Longest gradient; 0 is any.
        patience: Epochs without improvement before training stops; 0 never stops early.
        monitor: What an epoch is judged by, on the validation samples.
        loss: What is made small, see ``core.training.losses``.
        label_smoothing: Share of a label, 0 to 1, that is spread over all classes.
        balance: What is done for rare classes, see ``core.training.balance``.
        augment: Flips and quarter turns.
        brightness: Standard deviation of a patch's change in brightness, in units of each
            channel's own standard deviation.
        band_dropout: Chance of each channel of a patch to be blanked.
        frozen_epochs: First epochs in which only the last layer learns.
        precision: Number format, see ``core.training.precision``.
        least_steps: Steps of an epoch at least: few samples are shown several times in one.
        seed: For all that is random.
    """

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    schedule: str = "cosine"
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    patience: int = 6
    monitor: str = "macro_f1"
    loss: str = "cross_entropy"
    label_smoothing: float = 0.0
    balance: str = "sqrt"
    augment: bool = True
    brightness: float = 0.0
    band_dropout: float = 0.0
    frozen_epochs: int = 0
    precision: str = "auto"
    least_steps: int = 0
    seed: int = 0
