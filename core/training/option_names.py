"""The choices that a training has; importable without torch, so that QGIS can list them."""

from __future__ import annotations

SCHEDULES: tuple[str, ...] = ("cosine", "one_cycle", "constant")
LOSSES: tuple[str, ...] = ("cross_entropy", "focal")
BALANCES: tuple[str, ...] = ("auto", "sqrt", "effective", "oversampling", "none")
MONITORS: tuple[str, ...] = ("macro_f1", "accuracy")
PRECISIONS: tuple[str, ...] = ("auto", "fp32", "bf16")
STEMS: tuple[str, ...] = ("auto", "standard", "small")
WEIGHTS: tuple[str, ...] = ("none", "imagenet")
