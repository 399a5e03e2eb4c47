"""Cache folder for files that libraries keep between runs: weights, compiled networks, lists of fonts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..core.errors import SetupError
from .settings import RuntimeSettings

_SUBFOLDERS = {
    "TORCH_HOME": "torch",
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "TRITON_CACHE_DIR": "triton",
    "CUDA_CACHE_PATH": "cuda",
    "MPLCONFIGDIR": "matplotlib",
}
"""Subfolder of the cache folder for each library's environment variable."""


def cache_variables(settings: RuntimeSettings, environment: Mapping[str, str]) -> dict[str, str]:
    """Create the cache folder and return the environment variables that make libraries use it.

    If the default folder cannot be written, libraries use their own default folders.

    Args:
        settings: Runtime settings with the cache folder of the user and the default one.
        environment: Environment variables of QGIS. A folder that the user has set for a library is kept.

    Raises:
        SetupError: The cache folder of the user cannot be written.
    """
    wanted = settings.cache_folder or settings.usual_cache_folder
    if not wanted:
        return {}
    # The worker gets absolute paths. pathlib's expanduser raises an error for an unknown user.
    folder = Path(os.path.abspath(os.path.expanduser(wanted)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if not settings.cache_folder:
            return {}
        raise SetupError(
            "The cache folder cannot be written: {reason}",
            where=str(folder),
            advice="Choose another one in Settings ‣ Options ‣ Processing ‣ Providers ‣ Deep Land Cover, "
            "or in the environment variable DEEP_LAND_COVER_CACHE_FOLDER.",
            reason=error.strerror,
        ) from error
    return {name: str(folder / part) for name, part in _SUBFOLDERS.items() if not environment.get(name)}
