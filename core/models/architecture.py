"""Architecture: an entry of the registry, and its training defaults.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

Kind = Literal["patch", "pixel"]
Family = Literal["network", "trees"]
Sees = Literal["squares", "neighbourhoods"]


def deferred(module: str, name: str) -> Callable[..., Any]:
    """Return a function of the core that is imported when it is first called.

    The registry is light and lies below the engines, whose functions its entries bring along.

    Args:
        module: Module below ``core``, for example ``inference.predictors.patch``.
        name: Name of the function.
    """

    def call(*arguments: Any) -> Any:
        core = __name__.rsplit(".", 2)[0]
        return getattr(import_module(f"{core}.{module}"), name)(*arguments)

    return call


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


@dataclass(frozen=True)
class Architecture:
    """One entry of the registry.

    Attributes:
        name: The value of ARCHITECTURE; it stands in model files.
        title: For people.
        kind: ``patch``: it gives a label to the centre of a patch; ``pixel``: to every pixel of what
            it is shown.
        family: ``network`` (torch) or ``trees`` (scikit-learn).
        build: Makes an untrained model, and imports what it needs for that when it is called. Of a
            network: from input channels and classes to a torch module. Of trees: from seed, threads,
            classes and windows to a ``TreeModel``.
        head: Of a network: beginnings of the names of the weights that make classes of features;
            the last of them is the layer that gives the logits.
        sees: Of a network: ``squares`` of pixels, or a pixel and the means and deviations of its
            ``neighbourhoods``, as trees do.
        dropout: Of a network: the chance of a feature to be dropped before the last layer that it has by
            itself, besides what DROPOUT adds.
        has_small_stem: Of a network: whether ``build`` takes ``small_stem``.
        backbone: Of a network: what the names of those weights begin with that are torchvision's by
            their further names.
        network: Of trees: the architecture of the network whose outputs they see too; empty for none.
        imagenet: Torchvision's name of the model whose ImageNet weights fit; empty for none.
        recipe: How a network, also that of trees, is trained where the user says nothing else.
        make_predictor: From a loaded model and a ``PredictorPlan`` (``core.inference.predictors.factory``)
            to a ``Predictor``.
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
    make_predictor: Callable[..., Any] = field(kw_only=True, repr=False, compare=False)

    @property
    def suffix(self) -> str:
        """Ending of its model files."""
        return ".skops" if self.family == "trees" else ".safetensors"

    @property
    def has_network(self) -> bool:
        """Whether it is a network, or trees that see the outputs of one."""
        return self.family == "network" or bool(self.network)
