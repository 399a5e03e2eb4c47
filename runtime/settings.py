"""Runtime settings as plain values, which the QGIS side reads from its options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RuntimeSettings:
    """Python interpreter, lifetime and resources of the worker.

    Attributes:
        environment_folder: Folder of the plugin's Python environment.
        python: Path of the interpreter that the user has set; empty without one.
        host_python: Path of the Python of QGIS; empty if it is not known.
        idle_seconds: Seconds without a run after which the worker is ended.
        cache_folder: Cache folder that the user has set; empty without one.
        usual_cache_folder: Default cache folder; None leaves the choice to each library.
        threads: Number of CPU threads that a run may use; 0 means all, or the user's environment variables.
    """

    environment_folder: Path
    python: str = ""
    host_python: str = ""
    idle_seconds: float = 600.0
    cache_folder: str = ""
    usual_cache_folder: Path | None = None
    threads: int = 0
