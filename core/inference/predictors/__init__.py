"""Predictors: models as the tile pipeline calls them."""

from __future__ import annotations
