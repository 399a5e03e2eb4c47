"""What the runtime needs to know, as plain values; the QGIS floor reads them from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RuntimeSettings:
    """Which Python may run the core, and how long a worker is kept.

    Attributes:
        environment_folder: Where 'Set up the environment' makes the environment.
        python: The interpreter that the user named; empty when there is none.
        host_python: The Python that runs QGIS; empty when it is not known.
        idle_seconds: A worker without work for this long is closed.
    """

    environment_folder: Path
    python: str = ""
    host_python: str = ""
    idle_seconds: float = 600.0
