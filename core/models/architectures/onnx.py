"""Networks in ONNX files of other programs, which are imported and not trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, Kind, TrainerSettings, deferred

if TYPE_CHECKING:
    from torch import nn


def _build(*_: Any, **__: Any) -> nn.Module:
    """Return a network without its graph, which is one of the tensors of the model file."""
    from ..onnx_network import OnnxNetwork

    return OnnxNetwork()


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Any:
    raise RuntimeError("A network of an ONNX file is not trained")


def _onnx(name: str, title: str, kind: Kind) -> Architecture:
    return Architecture(
        name,
        title,
        kind,
        "network",
        _build,
        trainer_factory=_make_trainer,
        is_trainable=False,
        make_predictor=deferred("inference.predictors.onnx", "make_predictor"),
    )


ARCHITECTURES = (
    _onnx("onnx_patch", Text("ONNX network for patches"), "patch"),
    _onnx("onnx_pixel", Text("ONNX network for pixels"), "pixel"),
)
