"""Models: the registry of architectures, networks, tree ensembles, and their model files."""

from __future__ import annotations
