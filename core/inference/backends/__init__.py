"""What computes a network that classifies patches: one file a backend."""

from __future__ import annotations
