"""Errors that reach the user.

Every message says what happened, where, and what to do. ``str(error)`` is the sentence shown in
QGIS; the three parts travel separately between the processes.
"""

from __future__ import annotations

from typing import Any

from .text import Text, joined, text_of


class LandCoverError(Exception):
    """Root of all errors that are the user's to solve.

    Args:
        what: What happened, a sentence without its full stop. With ``values`` it is a template.
        where: The file, layer, field or parameter that it concerns. Only a ``Text`` is translated.
        advice: What to do about it, whole sentences. With ``values`` it is a template.
        values: Values of the templates' fields, see ``core.text.Text``.

    Example::

        RasterError("Band {band!r} not found", where=path, advice="Use {last} at most.", band=5, last=4)
    """

    def __init__(self, what: str, *, where: str = "", advice: str = "", **values: object) -> None:
        self.what = text_of(what, values)
        self.where = where
        self.advice = text_of(advice, values)
        super().__init__(self.sentence)

    @property
    def sentence(self) -> Text:
        """The whole message, which is still translated; for an error that is named in another text."""
        place = joined((" (", Text("{where}", where=self.where), ")"), "") if self.where else ""
        end = joined((". ", self.advice), "") if self.advice else "."
        return joined((self.what, place, end), "")

    @property
    def kind(self) -> str:
        """Name of the leaf class; it travels between the processes."""
        return type(self).__name__


class ParameterError(LandCoverError, ValueError):
    """A parameter has a value that cannot be used."""


class RasterError(LandCoverError, OSError):
    """A raster cannot be read, or lacks what is needed."""


class BandMismatchError(RasterError):
    """The bands of a raster are not those that a model needs."""


class SampleError(LandCoverError, ValueError):
    """Training samples are missing, outside the raster or too few."""


class SchemeError(LandCoverError, ValueError):
    """A class scheme is malformed or unknown."""


class ModelFileError(LandCoverError, OSError):
    """A file is no model, is damaged, or was made by a newer version."""


class OutputError(LandCoverError, OSError):
    """An output cannot be written where it was asked for."""


class DeviceError(LandCoverError, RuntimeError):
    """The computing device that was asked for cannot be used."""


class SetupError(LandCoverError, RuntimeError):
    """The Python environment of the core is missing or could not be made."""


class WorkerError(LandCoverError, RuntimeError):
    """The worker process died or answered nonsense."""


class RunCancelled(LandCoverError):
    """The user cancelled the run."""

    def __init__(
        self, what: str = "The run was cancelled", *, where: str = "", advice: str = "", **values: object
    ) -> None:
        super().__init__(what, where=where, advice=advice, **values)


def error_from_parts(kind: str, what: str, where: str = "", advice: str = "") -> LandCoverError:
    """Return the leaf named ``kind``, or the root where this version does not know the name."""
    leaf = globals().get(kind)
    if not (isinstance(leaf, type) and issubclass(leaf, LandCoverError)):
        leaf = LandCoverError
    return leaf(what, where=where, advice=advice)


class DryRunEnd(Exception):
    """End of a dry run, which is not an error.

    Args:
        plan: Plan as plain JSON values.
    """

    def __init__(self, plan: dict[str, Any]) -> None:
        super().__init__()
        self.plan = plan
