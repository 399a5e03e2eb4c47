"""Demo scene: an invented landscape that looks and behaves like a Sentinel-2 image."""

from __future__ import annotations
