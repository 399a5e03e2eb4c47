"""The files of the first edition that are kept, and what is compared of the maps that they give."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from .filled import filled

FOLDER = Path(__file__).parent / "kept"
RASTER = FOLDER / "raster.tif"
# A pixel whose two likeliest classes differ by less may get either on another processor.
CLOSE = 0.02
_NETWORK = "network.safetensors"
_DOCUMENT, _APPLICABILITY = "deep_land_cover.json", "applicability.safetensors"


def is_network(name: str) -> bool:
    """Whether an architecture's models are safetensors files."""
    return not (FOLDER / f"{name}.skops").exists()


def kept(name: str) -> dict[str, Any]:
    """Return what a JSON file of the folder holds."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def network_file(content: dict[str, Any], metadata: dict[str, str] | None) -> bytes:
    """Return a safetensors file with the tensors that ``content`` tells how to fill."""
    tensors = filled(content["tensors"], content["seed"], content["changes"])
    return safetensors.numpy.save(tensors, metadata)


def model_file(name: str, folder: Path) -> Path:
    """Write the model file of an architecture as the first edition wrote it, but for seeded weights."""
    content = kept(name)
    stored = FOLDER / f"{name}.skops"
    path = folder / (stored.name if stored.exists() else f"{name}.safetensors")
    if not stored.exists():
        path.write_bytes(network_file(content, {"deep_land_cover": json.dumps(content["document"])}))
        return path
    path.write_bytes(stored.read_bytes())
    if "tensors" in content:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(_NETWORK, network_file(content, None), zipfile.ZIP_STORED)
    return path


def small_trees(content: bytes, with_applicability: bool) -> tuple[bytes, bytes]:
    """Return a skops file without its network, and the network.

    Args:
        content: The file.
        with_applicability: Whether it keeps its area of applicability, which is ten times the trees.
    """
    rest = io.BytesIO()
    network = b""
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(rest, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as smaller,
    ):
        for name in archive.namelist():
            member = archive.read(name)
            if name == _NETWORK:
                network = member
                continue
            if not with_applicability:
                if name == _APPLICABILITY:
                    continue
                if name == _DOCUMENT:
                    member = json.dumps({**json.loads(member), "applicability": None}).encode()
            smaller.writestr(name, member)
    return rest.getvalue(), network


def map_rows(
    values: NDArray[Any], classes: Sequence[int], probabilities: NDArray[np.float32] | None = None
) -> list[str]:
    """Return a map as text: a character a pixel, the position of its class; ``.`` where there is none.

    Args:
        values: Class values (rows, columns).
        classes: The class values in order.
        probabilities: Shape (classes, rows, columns); where two are close, the character is ``?``.
    """
    signs = np.full(values.shape, ".")
    for position, value in enumerate(classes):
        signs[values == value] = str(position)
    if probabilities is not None:
        ordered = np.sort(np.nan_to_num(probabilities), axis=0)
        signs[(signs != ".") & (ordered[-1] - ordered[-2] < CLOSE)] = "?"
    return ["".join(row) for row in signs]


def differences(expected: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    """Return rows and columns where two maps as text differ, pixels left aside that were ``?``."""
    return [
        (row, column)
        for row, line in enumerate(expected)
        for column, sign in enumerate(line)
        if sign not in ("?", found[row][column])
    ]
