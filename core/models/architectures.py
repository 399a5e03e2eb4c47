"""Which architectures there are; importable without torch, so that QGIS can list them."""

from __future__ import annotations

ARCHITECTURES: tuple[str, ...] = ("resnet18", "resnet34", "resnet50", "resnet101")
