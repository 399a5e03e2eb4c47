"""Bounds of a classification's parameters; importable without torch, so that QGIS knows them."""

from __future__ import annotations

MOST_MC_SAMPLES = 50
