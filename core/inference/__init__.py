"""Tile pipeline that classifies a raster: predictors, backends, products and the store of finished tiles."""

from __future__ import annotations
