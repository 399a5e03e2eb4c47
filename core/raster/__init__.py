"""Grids, tiles, band stacks, spectral indices and the map writer."""
