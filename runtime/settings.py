"""What the runtime needs to know, as plain values; the QGIS floor reads them from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RuntimeSettings:
    """Which Python may run the core, how long a worker is kept, and what it may use.

    Attributes:
        environment_folder: Where 'Set up the environment' makes the environment.
        python: The interpreter that the user named; empty when there is none.
        host_python: The Python that runs QGIS; empty when it is not known.
        idle_seconds: A worker without work for this long is closed.
        cache_folder: Where libraries keep things between runs, as the user named it; empty for the usual.
        usual_cache_folder: Where they do when the user named none; None leaves it to each library.
        threads: Of the processor, that a run may use; 0 for all, or as the user's environment says.
    """

    environment_folder: Path
    python: str = ""
    host_python: str = ""
    idle_seconds: float = 600.0
    cache_folder: str = ""
    usual_cache_folder: Path | None = None
    threads: int = 0
