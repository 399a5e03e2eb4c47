"""How much of the raster a dense network is shown around what it labels, in training and in maps."""

from __future__ import annotations

GRID = 32
"""A U-Net halves its maps five times: what it is shown lies on a grid of so many pixels, counted from
the raster's origin, so that a pixel falls on the same place of all maps, however a raster is tiled."""

HALO = 96
"""Pixels around those that are labelled, for what is further away hardly changes a label."""

EXACT_HALO = 320
"""The same where nothing further away may change a label. An output of a ResNet's encoder depends on
pixels up to 288 away; the decoder looks a little further, on whole pixels of its coarsest map."""
