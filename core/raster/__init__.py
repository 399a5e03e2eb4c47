"""Raster reading and writing: grids, tiles, band stacks, spectral indices, masks and the map writer."""

from __future__ import annotations
