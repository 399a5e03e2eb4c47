"""Feeds: batches of inputs for networks of patches, of crops and of neighbourhood features."""

from __future__ import annotations
