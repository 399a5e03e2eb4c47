"""Samples: labelled pixels, their sources, their split, and the patches around them."""

from __future__ import annotations
