"""Weights from a seed, for model files that would be too large to keep.

A file of the first edition is kept as its document and as the names, types and shapes of its tensors.
The raw numbers of PCG64 are the same in every version of NumPy (NEP 19), and so are the weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {"F32": np.float32, "I64": np.int64}
# Of a batch norm's factors: below 1, so that a network of a hundred layers keeps its numbers small.
_FACTORS = (0.3, 0.7)
_VARIANCES = (0.5, 1.5)


def filled(
    tensors: Iterable[str], seed: int, changes: Mapping[str, Any] | None = None
) -> dict[str, NDArray[Any]]:
    """Return a value for each tensor.

    Args:
        tensors: ``NAME TYPE SHAPE`` each, as ``described`` gives them.
        seed: Of PCG64.
        changes: By name: a number, by which the tensor is multiplied, or a list, which it becomes.

    Returns:
        Matrices and kernels as He et al. 2015 draw them from a uniform distribution, variances around 1,
        the factors of batch norm between 0 and 1, other vectors near 0, single numbers 1, counters 0.
    """
    generator = np.random.PCG64(seed)
    values: dict[str, NDArray[Any]] = {}
    for line in tensors:
        name, kind, shape = _parsed(line)
        if kind is not np.float32 or not shape:
            values[name] = np.full(shape, float(kind is np.float32), dtype=kind)
            continue
        low, high = _limits(name, shape)
        raw = generator.random_raw(int(np.prod(shape)))
        # 53 random bits make a number from 0 to 1.
        uniform = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        values[name] = (low + (high - low) * uniform).astype(np.float32).reshape(shape)
    for name, change in (changes or {}).items():
        if isinstance(change, list):
            values[name] = np.array(change, dtype=values[name].dtype)
        else:
            values[name] = values[name] * np.float32(change)
    return values


def described(content: bytes) -> tuple[list[str], dict[str, str]]:
    """Return the tensors of a safetensors file, ``NAME TYPE SHAPE`` each, and its metadata."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    lines = [
        f"{name} {item['dtype']} {'x'.join(map(str, item['shape'])) or '-'}" for name, item in header.items()
    ]
    return sorted(lines), metadata


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file."""
    return path.read_text(encoding="utf-8").splitlines()


def _parsed(line: str) -> tuple[str, type[Any], tuple[int, ...]]:
    name, kind, shape = line.split(" ")
    return name, _TYPES[kind], () if shape == "-" else tuple(map(int, shape.split("x")))


def _limits(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    if len(shape) > 1:
        reach = float(np.sqrt(6.0 / np.prod(shape[1:])))
        return -reach, reach
    if name.endswith("running_var"):
        return _VARIANCES
    return _FACTORS if name.endswith("weight") else (-0.1, 0.1)
