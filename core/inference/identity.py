"""What makes two runs the same: the subject and the execution of a journal."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch

from ..device import describe_device
from ..files import file_checksum
from ..version import plugin_version
from .backend_names import OPENVINO, Method
from .journal import Execution

_ARCHIVES = ("/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/")


def file_stamps(files: Sequence[str]) -> str:
    """Return name, size and time of change of each file.

    A file whose changes cannot be seen from here, because it is on the network, has none.
    """
    return "; ".join(f"{name} {_stamp(name)}" for name in files)


def has_remote(files: Sequence[str]) -> bool:
    """Whether a change of one of the files could go unnoticed."""
    return any(not _stamp(name) for name in files)


def content_stamp(path: str | None) -> str:
    """Return the SHA-256 checksum of a file; empty for none."""
    return file_checksum(Path(path)) if path else ""


def parameter_stamps(values: Mapping[str, Any], left_out: set[str]) -> dict[str, str]:
    """Return the parameters of a request by their public names.

    Args:
        values: The request as plain values.
        left_out: Which of them do not change a pixel.
    """
    return {name.upper(): repr(value) for name, value in values.items() if name not in left_out}


def execution(device: torch.device, tile_size: int, batch_size: int, method: Method) -> Execution:
    """Return how a model is computed here and now."""
    versions = {
        "Deep Land Cover": plugin_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "rasterio": rasterio.__version__,
        "GDAL": rasterio.__gdal_version__,
    }
    if method.backend == OPENVINO:
        versions["OpenVINO"] = importlib.metadata.version("openvino")
    return Execution(
        tile_size=tile_size,
        batch_size=batch_size,
        threads=torch.get_num_threads(),
        backend=method.backend,
        precision=method.precision,
        device=_processor(device),
        versions=versions,
    )


def _processor(device: torch.device) -> str:
    """Return the device's name; of a processor the instructions that it is used with."""
    if device.type == "cpu":
        return f"CPU, {torch.backends.cpu.get_cpu_capability()}"
    return describe_device(device)


def _stamp(name: str) -> str:
    path = name
    for prefix in _ARCHIVES:
        path = path.removeprefix(prefix)
    # A member of an archive changes when the archive does.
    for place in (Path(path), *Path(path).parents):
        if place.is_file():
            state = place.stat()
            return f"{state.st_size} {state.st_mtime_ns}"
    return ""
