"""The best model so far, kept beside the output in case the run ends early."""

from __future__ import annotations

from collections.abc import Callable
from glob import escape
from pathlib import Path

from ..errors import RunCancelled
from ..models.card import Epoch, ModelCard
from ..progress import Progress
from ..samples.split import Split
from .trainer import STATE_SUFFIX, Fitted


class Checkpoint:
    """``NAME.checkpoint``: a whole model file, usable as it is.

    It is not announced as temporary: it must outlive a run that is cancelled or killed.

    Args:
        output: The model file that the run will write.
        make_card: Gives the document of a model, its split and what is to be said of it.
        progress: Is told of the file that it is written under first.
    """

    def __init__(
        self, output: Path, make_card: Callable[[Fitted, Split, str], ModelCard], progress: Progress
    ) -> None:
        self.path = output.with_name(output.name + ".checkpoint")
        self._output = output
        self._make_card = make_card
        self._progress = progress
        self._kept = False
        self._epoch: Epoch | None = None

    def keep(self, fitted: Fitted, split: Split, note: str) -> None:
        """Write the model as it is now."""
        fitted.save(self.path, self._make_card(fitted, split, note), self._progress)
        if not self._kept:
            # Said now, for a run that does not answer a cancel is killed and can say nothing then.
            self._progress.log(f"Until the training is complete, the best model so far is {self.path}.")
        self._kept, self._epoch = True, fitted.best

    def remove(self) -> None:
        """Delete the file, and what a stopped training goes on from: the model itself is complete."""
        self.path.unlink(missing_ok=True)
        for path in self._states():
            path.unlink(missing_ok=True)

    def _states(self) -> list[Path]:
        return list(self._output.parent.glob(escape(self._output.name + STATE_SUFFIX) + "*"))

    def sentence(self) -> str:
        """Return where the best model so far is, or that there is none, and what goes on."""
        found = "No model was kept, for none was complete yet"
        if self._kept:
            found = f"The best model so far{_describe(self._epoch)} was kept as {self.path}"
        return found + (". The same run started again goes on from there" if self._states() else "")

    def cancelled(self, error: RunCancelled) -> RunCancelled:
        """Return the error that also says what was kept."""
        return RunCancelled(error.what, where=error.where, advice=f"{self.sentence()}.")


def _describe(epoch: Epoch | None) -> str:
    if epoch is None:
        return ""
    if epoch.validation_macro_f1 is None:
        return f" (epoch {epoch.number})"
    return f" (epoch {epoch.number}, validation F1 {epoch.validation_macro_f1:.2f})"
