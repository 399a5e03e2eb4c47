"""The registry of architectures: a new one is one file in this folder, and nothing else.

Such a file has a tuple ``ARCHITECTURES``, and imports torch or scikit-learn inside its functions only,
for QGIS lists the names in its own process.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ...errors import ParameterError
from ..architecture import Architecture

DEFAULT_ARCHITECTURE = "tree_ensemble"
"""Among the most accurate on the scenes of ``docs/accuracy.md``, and it needs no GPU."""


def architecture(name: str) -> Architecture:
    """Return the architecture of that name.

    Raises:
        ParameterError: There is none.
    """
    for item in ARCHITECTURES:
        if item.name == name:
            return item
    known = ", ".join(item.name for item in ARCHITECTURES)
    raise ParameterError(
        "There is no architecture {name!r}",
        where="ARCHITECTURE",
        advice="Choose one of: {choices}.",
        name=name,
        choices=known,
    )


def _found() -> tuple[Architecture, ...]:
    """Return what the files of this folder list, in the order of the files' names."""
    # Not by pkgutil, whose import takes longer than all the rest of this.
    names = sorted(file.stem for file in Path(__file__).parent.glob("[!_]*.py"))
    return tuple(item for name in names for item in import_module(f"{__name__}.{name}").ARCHITECTURES)


ARCHITECTURES: tuple[Architecture, ...] = _found()
