"""ONNX files of small networks, written by the format's definition (``onnx.proto``, https://onnx.ai)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from torch import nn

Size = int | str
_FLOAT, _INT_ATTRIBUTE, _INTS_ATTRIBUTE = 1, 2, 7


def onnx_file(
    layers: Sequence[nn.Module],
    input_shape: Sequence[Size],
    output_shape: Sequence[Size],
    properties: Mapping[str, str] | None = None,
    more: bytes = b"",
) -> bytes:
    """Return the content of an ONNX file of layers that follow each other.

    Args:
        layers: Convolutions, linear layers, ReLU, softmax, sigmoid, global average pooling and flattening.
        input_shape: Sizes of the input; text for any size.
        output_shape: Sizes of the output.
        properties: Metadata.
        more: Further fields of the graph.
    """
    nodes, tensors = b"", b""
    for number, layer in enumerate(layers):
        names = [f"x{number}"]
        for part, value in layer.named_parameters():
            names.append(f"{number}.{part}")
            tensors += _field(5, _tensor(names[-1], value.detach().numpy()))
        kind, attributes = _operation(layer)
        body = b"".join(_field(1, name.encode()) for name in names) + _field(2, f"x{number + 1}".encode())
        nodes += _field(1, body + _field(4, kind.encode()) + b"".join(_field(5, item) for item in attributes))
    ends = _field(11, _port("x0", input_shape)) + _field(12, _port(f"x{len(layers)}", output_shape))
    graph = nodes + _field(2, b"graph") + tensors + ends + more
    opset = _field(8, _number(2, 17))
    entries = (properties or {}).items()
    metadata = b"".join(
        _field(14, _field(1, name.encode()) + _field(2, value.encode())) for name, value in entries
    )
    return _number(1, 8) + _field(2, b"tests") + _field(7, graph) + opset + metadata


def extra_input(shape: Sequence[Size]) -> bytes:
    """Return a field of the graph: an input that no layer reads, with an identity that returns it."""
    node = _field(1, _field(1, b"second") + _field(2, b"third") + _field(4, b"Identity"))
    return node + _field(11, _port("second", shape)) + _field(12, _port("third", shape))


def _operation(layer: nn.Module) -> tuple[str, list[bytes]]:
    if isinstance(layer, nn.Conv2d):
        pads = [*layer.padding, *layer.padding]
        return "Conv", [_integers("strides", layer.stride), _integers("pads", pads)]
    if isinstance(layer, nn.Linear):
        return "Gemm", [_integer("transB", 1)]
    if isinstance(layer, nn.Softmax):
        return "Softmax", [_integer("axis", layer.dim)]
    names = {
        nn.ReLU: "Relu",
        nn.Sigmoid: "Sigmoid",
        nn.AdaptiveAvgPool2d: "GlobalAveragePool",
        nn.Flatten: "Flatten",
    }
    return names[type(layer)], []


def _tensor(name: str, values: np.ndarray) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    raw = values.astype("<f4").tobytes()
    return sizes + _number(2, _FLOAT) + _field(8, name.encode()) + _field(9, raw)


def _port(name: str, shape: Sequence[Size]) -> bytes:
    sizes = b"".join(
        _field(1, _number(1, size) if isinstance(size, int) else _field(2, size.encode())) for size in shape
    )
    kind = _field(1, _number(1, _FLOAT) + _field(2, sizes))
    return _field(1, name.encode()) + _field(2, kind)


def _integer(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _number(3, value) + _number(20, _INT_ATTRIBUTE)


def _integers(name: str, values: Sequence[int]) -> bytes:
    items = b"".join(_number(8, value) for value in values)
    return _field(1, name.encode()) + items + _number(20, _INTS_ATTRIBUTE)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def _varint(value: int) -> bytes:
    content = b""
    while value > 0x7F:
        content += struct.pack("B", value & 0x7F | 0x80)
        value >>= 7
    return content + struct.pack("B", value)
