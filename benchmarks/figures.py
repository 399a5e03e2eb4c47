"""How a benchmark says what it measured: one JSON object a line, for people and for scripts."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any


def print_figure(
    name: str,
    value: float,
    unit: str,
    baseline: float | None = None,
    device: str | None = None,
    **details: Any,
) -> None:
    """Print one measured figure, at once.

    Args:
        name: ``raster.read``: the benchmark, then what was measured.
        value: What was measured, in ``unit``.
        unit: ``patches/s``, ``s``, ``MB``, ``ratio``, …
        baseline: What it is compared with, measured in the same run and in the same unit.
        device: What computed; None is this machine's processor, see ``describe_machine``.
        details: What is needed to judge the figure or to measure it again.
    """
    figure = {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "device": describe_machine() if device is None else device,
        "details": details,
    }
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def describe_machine(device: str = "cpu") -> str:
    """Return what computes: ``AMD EPYC, 2 cores``, or the card's name.

    Args:
        device: As torch names it: ``cpu``, ``cuda``, ``cuda:1``.
    """
    if device.startswith("cuda"):
        import torch

        return torch.cuda.get_device_name(device)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{_processor()}, {cores} core{'' if cores == 1 else 's'}"


def _processor() -> str:
    if platform.system() == "Linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
