"""Satellite products: Sentinel-2 and Landsat as one stack in reflectance, with a cloud mask."""

from __future__ import annotations
