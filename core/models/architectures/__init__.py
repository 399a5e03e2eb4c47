"""Registry of architectures. A new architecture is one file in this folder.

Such a file defines a tuple ``ARCHITECTURES``. It imports PyTorch or scikit-learn inside functions only,
because QGIS reads the registry in its own process.

>>> architecture("resnet18").title   # "ResNet18"
>>> architecture("unet").with_encoder("resnet50").name   # "unet_resnet50"
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ...errors import ParameterError
from ..architecture import Architecture

OLDER_NAMES = ("unet_resnet18", "unet_resnet50")
"""Values of ARCHITECTURE that include an encoder, from before there was ENCODER. Dialogs do not list them."""
DEFAULT_ARCHITECTURE = "ensemble"
"""Architecture that was the most accurate on most scenes of ``docs/accuracy.md``."""


def architecture(name: str) -> Architecture:
    """Return the architecture with a name.

    Args:
        name: Name of an entry of ``ARCHITECTURES``, or of one of its ``encoders``.

    Raises:
        ParameterError: The architecture does not exist.
    """
    for item in ARCHITECTURES:
        for entry in (item, *item.encoders):
            if entry.name == name:
                return entry
    known = ", ".join(item.name for item in ARCHITECTURES)
    raise ParameterError(
        "{name!r} is not an architecture",
        where="ARCHITECTURE",
        advice="Choose one of: {choices}.",
        name=name,
        choices=known,
    )


def _listed() -> tuple[Architecture, ...]:
    """Return the architectures of the files in this folder, in the order of the files' names."""
    # Without pkgutil, whose import takes longer than everything else here.
    names = sorted(file.stem for file in Path(__file__).parent.glob("[!_]*.py"))
    return tuple(item for name in names for item in import_module(f"{__name__}.{name}").ARCHITECTURES)


ARCHITECTURES: tuple[Architecture, ...] = _listed()
"""All architectures. Of a network with a choice of encoders, the entry without one."""
