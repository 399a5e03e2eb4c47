"""Training of models: channels, feeds, trainers, calibration, cross-validation and checkpoints."""

from __future__ import annotations
