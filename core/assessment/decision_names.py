"""The rules by which a class is chosen from probabilities; importable without heavy packages."""

from __future__ import annotations

ACCURACY, BALANCED = "accuracy", "balanced"

DECISIONS = (ACCURACY, BALANCED)
"""What they do, ``core.assessment.calibration.decided`` says."""
