"""Fine-tuning: which of a network's loaded weights change in which epoch, and how.

Layers that were not loaded, as those that turn features into classes, are always trained. Of the loaded ones,

* ``full`` trains all, after ``frozen_epochs`` epochs in which none changes;
* ``frozen`` trains none;
* ``gradual`` trains one stage more every few epochs, the last one first (Howard and Ruder 2018,
  https://arxiv.org/abs/1801.06146);
* ``low_rank`` adds a matrix of low rank to each kernel and matrix (Hu et al. 2021,
  https://arxiv.org/abs/2106.09685), which is part of the weights whenever they are used or saved.

Running means and variances of normalisations follow the new raster in any case.

>>> tuning = FineTuning(network, settings, loaded_names)
>>> tuning.begin_epoch(1)
>>> loss.backward(); tuning.take_gradients(); optimiser.step(); tuning.apply()
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import torch
from torch import Tensor, nn

from ..models.architecture import FitSettings
from ..models.centred import CONTEXT_PREFIX
from ..options import FROZEN, FULL, GRADUAL, LOW_RANK

RANK = 8
"""Largest rank of the matrices that low-rank fine-tuning adds."""


class FineTuning:
    """Choice of the weights that are trained in an epoch.

    Attributes:
        factors: Trained factors of low-rank matrices by name; empty for other kinds of fine-tuning.

    Args:
        network: Network with its initial weights.
        settings: Settings of the training loop.
        loaded: Names of the weights that were loaded.
    """

    def __init__(self, network: nn.Module, settings: FitSettings, loaded: Collection[str] = ()) -> None:
        self._network = network
        self._settings = settings
        self._weights = {name: weight for name, weight in network.named_parameters() if name in loaded}
        self._stages = _stages(self._weights)
        is_low_rank = settings.fine_tuning == LOW_RANK
        generator = torch.Generator().manual_seed(settings.seed)
        self._changes = (
            {name: LowRankChange(item, generator) for name, item in self._weights.items() if item.ndim > 1}
            if is_low_rank
            else {}
        )
        self.factors: dict[str, nn.Parameter] = {
            f"{name}.{part}": factor
            for name, change in self._changes.items()
            for part, factor in (("left", change.left), ("right", change.right))
        }

    @property
    def parameters(self) -> list[nn.Parameter]:
        """All that an optimiser may change: the network's weights, and factors of low-rank matrices."""
        return [*self._network.parameters(), *self.factors.values()]

    @property
    def trained(self) -> int:
        """Number of weights and factors that are trained in this epoch."""
        changed = {id(change.weight) for change in self._changes.values()}
        return sum(
            weight.numel() for weight in self.parameters if weight.requires_grad and id(weight) not in changed
        )

    def begin_epoch(self, number: int) -> None:
        """Freeze the weights that are not trained in an epoch.

        Args:
            number: Number of the epoch, from 1.
        """
        trained = self._trained_names(number)
        for name, weight in self._network.named_parameters():
            weight.requires_grad_(name not in self._weights or name in trained)
        for factor in self.factors.values():
            factor.requires_grad_(bool(trained))

    def end(self) -> None:
        """Unfreeze all weights after the last epoch."""
        for weight in self._network.parameters():
            weight.requires_grad_(True)

    def take_gradients(self) -> None:
        """Turn gradients of weights into gradients of their low-rank factors, after ``backward``."""
        for change in self._changes.values():
            change.take_gradient()

    def apply(self) -> None:
        """Add the low-rank matrices to the weights, after a step of the optimiser."""
        for change in self._changes.values():
            change.apply()

    def load(self, factors: Mapping[str, Tensor]) -> None:
        """Continue with the factors of an interrupted training.

        Args:
            factors: Factors by name.

        Raises:
            ValueError: They belong to another network.
        """
        if {name: item.shape for name, item in factors.items()} != {
            name: item.shape for name, item in self.factors.items()
        }:
            raise ValueError("its low-rank factors belong to another network")
        for name, factor in self.factors.items():
            factor.data.copy_(factors[name])

    def _trained_names(self, number: int) -> Collection[str]:
        """Return the names of the loaded weights that change in an epoch."""
        kind, frozen = self._settings.fine_tuning, self._settings.frozen_epochs
        if kind == FROZEN:
            return ()
        if kind == GRADUAL:
            stages = self._stages[: self._stage_count(number)]
            return [name for stage in stages for name in stage]
        if number <= frozen:
            return ()
        return self._weights if kind == FULL else list(self._changes)

    def _stage_count(self, number: int) -> int:
        """Return the number of stages that are trained in an epoch; all in the second half by default."""
        if self._settings.frozen_epochs:
            return (number - 1) // self._settings.frozen_epochs
        return (number - 1) * 2 * len(self._stages) // self._settings.epochs


class LowRankChange:
    """Matrix of low rank that is added to a weight: ``weight = start + left @ right``.

    The gradient of the weight gives those of both factors: ``gradient @ right.T`` and ``left.T @ gradient``.

    Attributes:
        weight: Weight of the network, of any shape, whose first dimension are its outputs.
        left: Left factor, shape (outputs, rank), first 0, so that training starts at the loaded weight.
        right: Right factor, shape (rank, inputs), first random.

    Args:
        weight: Weight of the network.
        generator: Random generator.
    """

    def __init__(self, weight: nn.Parameter, generator: torch.Generator) -> None:
        self.weight = weight
        self._start = weight.detach().clone()
        outputs, inputs = weight.flatten(1).shape
        rank = min(RANK, outputs, inputs)
        # As the original starts its factors.
        bound = 1.0 / math.sqrt(inputs)
        right = torch.empty(rank, inputs).uniform_(-bound, bound, generator=generator)
        self.left = nn.Parameter(torch.zeros(outputs, rank, device=weight.device))
        self.right = nn.Parameter(right.to(weight.device))

    def take_gradient(self) -> None:
        """Turn the weight's gradient into those of the factors, and remove it."""
        if self.weight.grad is None:
            return
        gradient = self.weight.grad.flatten(1)
        self.weight.grad = None
        self.left.grad = gradient @ self.right.detach().T
        self.right.grad = self.left.detach().T @ gradient

    @torch.no_grad()
    def apply(self) -> None:
        """Set the weight to its start plus the product of the factors."""
        self.weight.copy_(self._start + (self.left @ self.right).view(self.weight.shape))


def _stages(weights: Mapping[str, nn.Parameter]) -> list[list[str]]:
    """Return the names of weights by stage of their network, the last stage first.

    A stage is a module of the network's backbone, such as ``layer3`` of a ResNet. A prefix of all names, such
    as ``encoder.``, is not a stage, and neither is that of a context.
    """
    paths = {name: name.removeprefix(CONTEXT_PREFIX).split(".") for name in weights}
    depth = 0
    while paths and all(len(path) > depth + 2 for path in paths.values()):
        if len({path[depth] for path in paths.values()}) > 1:
            break
        depth += 1
    stages: dict[str, list[str]] = {}
    for name, path in paths.items():
        stages.setdefault(path[depth], []).append(name)
    return list(stages.values())[::-1]
