"""Which Trainer an architecture has."""

from __future__ import annotations

from typing import Any

from ..tasks.train import TrainRequest
from .network_trainer import NetworkTrainer
from .trainer import Trainer


def make_trainer(request: TrainRequest) -> Trainer[Any]:
    """Return the trainer of ``request.architecture``, with the request's settings.

    Raises:
        DeviceError: The device cannot be used.
    """
    return NetworkTrainer(request)
