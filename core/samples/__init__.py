"""Labelled pixels: where they come from, how they are split, the patches around them."""

from __future__ import annotations
