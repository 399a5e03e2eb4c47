"""Backends: programs that compute a network that classifies patches."""

from __future__ import annotations
