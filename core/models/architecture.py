"""Architecture: entry of the registry of models, with its training defaults.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["patch", "pixel"]
Family = Literal["network", "trees"]
Sees = Literal["squares", "neighbourhoods"]


@dataclass(frozen=True)
class Recipe:
    """Default training parameters of a network.

    Attributes:
        patch_size: Side of a patch, in pixels.
        epochs: Number of epochs.
        batch_size: Number of patches per batch.
        learning_rate: Largest learning rate of the schedule.
        weight_decay: Weight decay of AdamW.
        label_smoothing: Label smoothing of the loss, 0 to below 1.
        dropout: Probability of a feature to be dropped before the last layer, 0 to below 1.
        balance: Class weighting, one of the values of BALANCE.
        brightness: Standard deviation of random brightness changes, in standard deviations of a channel.
        band_dropout: Probability of a channel of a patch to be blanked, 0 to below 1.
        least_steps: Smallest number of steps per epoch. Few samples are repeated within an epoch.
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


@dataclass(frozen=True)
class Architecture:
    """Entry of the registry.

    Attributes:
        name: Value of ARCHITECTURE, which is stored in model files.
        title: Name for users.
        kind: ``patch`` labels the centre of a patch, ``pixel`` every pixel of a tile.
        family: ``network`` (PyTorch) or ``trees`` (scikit-learn).
        build: Function that returns an untrained model and imports its libraries when called. For a
            network, from numbers of channels and classes to a ``torch.nn.Module``. For trees, from
            seed, number of threads, number of classes and windows to a ``TreeModel``.
        head: Prefixes of the names of a network's weights that turn features into classes. The last one
            is the layer that returns the logits.
        sees: Input of a network: ``squares`` of pixels, or a pixel with the statistics of its
            ``neighbourhoods``, as for trees.
        dropout: Dropout before the last layer that a network has itself, in addition to DROPOUT.
        has_small_stem: Whether ``build`` of a network takes ``small_stem``.
        backbone: Prefix of the names of a network's weights that torchvision has without it.
        network: Architecture of the network whose outputs trees use as features; empty without one.
        imagenet: Torchvision's name of the model whose ImageNet weights fit; empty without one.
        recipe: Default training parameters of a network, or of the network of trees.
    """

    name: str
    title: str
    kind: Kind
    family: Family
    build: Callable[..., Any] = field(repr=False, compare=False)
    head: tuple[str, ...] = ()
    sees: Sees = "squares"
    dropout: float = 0.0
    has_small_stem: bool = False
    backbone: str = ""
    network: str = ""
    imagenet: str = ""
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def suffix(self) -> str:
        """Suffix of the model files."""
        return ".skops" if self.family == "trees" else ".safetensors"

    @property
    def has_network(self) -> bool:
        """Whether the model is or contains a network."""
        return self.family == "network" or bool(self.network)
