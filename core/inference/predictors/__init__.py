"""Predictors: scores of a tile's pixels, for each kind of model."""

from __future__ import annotations
