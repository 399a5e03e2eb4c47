"""The best model so far, kept beside the output in case the run ends early."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import nn

from ..errors import RunCancelled
from ..models.card import Epoch, ModelCard
from ..models.file import save_model
from ..progress import Progress
from .fit import FitResult


class Checkpoint:
    """``NAME.checkpoint``: a whole model file, usable as it is.

    It is not announced as temporary: it must outlive a run that is cancelled or killed.

    Args:
        output: The model file that the run will write.
        network: The network in training.
        make_card: Gives the document for the epochs so far.
        progress: Is told of the file that it is written under first.
    """

    def __init__(
        self,
        output: Path,
        network: nn.Module,
        make_card: Callable[[FitResult], ModelCard],
        progress: Progress,
    ) -> None:
        self.path = output.with_name(output.name + ".checkpoint")
        self._network = network
        self._make_card = make_card
        self._progress = progress
        self._epoch: Epoch | None = None

    def keep(self, result: FitResult) -> None:
        """Write the network as it is now."""
        save_model(self.path, self._network, self._make_card(result), self._progress)
        self._epoch = result.best

    def remove(self) -> None:
        """Delete the file: the model itself is complete."""
        self.path.unlink(missing_ok=True)

    def sentence(self) -> str:
        """Return where the best model so far is; empty when no epoch was finished."""
        if self._epoch is None:
            return ""
        return (
            f"The best model so far (epoch {self._epoch.number}, validation F1 "
            f"{self._epoch.validation_macro_f1:.2f}) was kept as {self.path}"
        )

    def cancelled(self, error: RunCancelled) -> RunCancelled:
        """Return the error that also says where the best model so far is."""
        sentence = self.sentence()
        return RunCancelled(
            error.what, where=error.where, advice=f"{sentence}." if sentence else error.advice
        )
