"""The tile pipeline that turns a raster into classes."""

from __future__ import annotations
