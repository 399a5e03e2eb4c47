"""Feeds: how networks of each kind are given their samples."""

from __future__ import annotations
