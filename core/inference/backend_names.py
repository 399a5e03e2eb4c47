"""What can compute a network, and in what numbers; importable without torch, so that QGIS can list them."""

from __future__ import annotations

from dataclasses import dataclass

AUTO = "auto"
TORCH, OPENVINO = "torch", "openvino"
BACKENDS: tuple[str, ...] = (AUTO, TORCH, OPENVINO)

FP32, TF32, BF16, FP16, INT8 = "fp32", "tf32", "bf16", "fp16", "int8"
PRECISIONS: tuple[str, ...] = (AUTO, FP32, TF32, BF16, FP16, INT8)


@dataclass(frozen=True)
class Method:
    """How a network is computed.

    Attributes:
        backend: One of ``BACKENDS``.
        precision: One of ``PRECISIONS``.
    """

    backend: str = AUTO
    precision: str = AUTO

    def __str__(self) -> str:
        return f"{self.backend} {self.precision}"

    def allows(self, other: Method) -> bool:
        """Return whether ``other`` is what this one asks for; ``auto`` asks for anything."""
        return self.backend in (AUTO, other.backend) and self.precision in (AUTO, other.precision)


PLAIN = Method(TORCH, FP32)
"""PyTorch in 32 bits, which computes every model anywhere."""
