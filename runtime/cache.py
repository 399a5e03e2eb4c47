"""One folder for what libraries keep between runs: weights, compiled networks, lists of fonts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..core.errors import SetupError
from .settings import RuntimeSettings

_PLACES = {
    "TORCH_HOME": "torch",
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "TRITON_CACHE_DIR": "triton",
    "CUDA_CACHE_PATH": "cuda",
    "MPLCONFIGDIR": "matplotlib",
}
"""The variable by which a library learns where to keep things, and the name of its part of the folder."""


def cache_variables(settings: RuntimeSettings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what tells the libraries of a worker to keep things in the cache folder, which is made.

    Args:
        settings: Name the folder, and the one to use where none is named.
        environment: Of QGIS. A place that the user has set for one library stays; an empty one is none.

    Raises:
        SetupError: The folder that was named cannot be written. Where none was named, nobody asked for
            that folder, so each library then looks for a place of its own.
    """
    wanted = settings.cache_folder or settings.usual_cache_folder
    if not wanted:
        return {}
    # Whole, as all paths that the worker gets; pathlib's expanduser fails for the name of an unknown user.
    folder = Path(os.path.abspath(os.path.expanduser(wanted)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if not settings.cache_folder:
            return {}
        raise SetupError(
            "The cache folder cannot be written: {strerror}",
            where=str(folder),
            advice="Choose another one in Settings ‣ Options ‣ Processing ‣ Providers ‣ Deep Land Cover, "
            "or in the environment variable DEEP_LAND_COVER_CACHE_FOLDER.",
            strerror=error.strerror,
        ) from error
    return {name: str(folder / part) for name, part in _PLACES.items() if not environment.get(name)}
