"""Grids, tiles, band stacks, spectral indices and the map writer."""

from __future__ import annotations
