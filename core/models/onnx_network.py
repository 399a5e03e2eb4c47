"""Networks in ONNX files (https://onnx.ai), computed by OpenVINO.

The file is kept as it is, as a tensor of bytes among the weights of a model file. A network takes patches
(N, channels, size, size) and returns a score for each class, of a patch or of every pixel. Scores may be
logits or probabilities; the module returns logits or their equal, log-probabilities.

>>> network = OnnxNetwork.of(Path("network.onnx").read_bytes())
>>> network.signature.kind, network.signature.channels, network.signature.classes    # ('patch', 23, 6)
>>> network(patches)    # logits (N, 6)
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import DeviceError, ModelFileError
from ..openvino_runtime import is_installed, openvino_core
from ..text import Text
from .architecture import Kind
from .foreign_facts import Facts, class_names_of, numbers_of

LOGITS, PROBABILITIES, ONE_LOGIT, ONE_PROBABILITY = range(4)
"""Forms of the scores: of each class, or a single one of the second of two classes."""
DEFAULT_WINDOW = 256
"""Rows and columns of the windows of a network on pixels that takes any size."""
_MAX_WINDOW = 4096
# Default part of a window that overlaps the next one, and the largest, as a fraction of its side.
_OVERLAP, _MAX_OVERLAP = 0.25, 0.9
_MIN_PROBABILITY = 1e-30
_TRIED_PATCHES = 2
MAX_ONNX_BYTES = 2 * 1024**3
"""Largest size of an ONNX file in bytes, that of the format itself."""
# Properties of the plugin Deepness, and what it divides values by.
_DEEPNESS = (
    "model_type",
    "class_names",
    "resolution",
    "tile_size",
    "tiles_overlap",
    "standardization_mean",
    "standardization_std",
    "seg_thresh",
)
_DEEPNESS_DIVISOR = 255.0
_ENTRY = re.compile(r"""['"]?([0-9]+)['"]?\s*:\s*['"]([^'"]*)['"]""")
# Properties that take time to compute, and that copies share.
_READ_ONCE = ("model", "signature", "halo", "takes_batches")
_FLOATS = ("f32", "f16", "bf16")
_EXPORT = "Export the network with one input [batch, bands, rows, columns] and one output of class scores."


@dataclass(frozen=True)
class Signature:
    """Input and output of a network.

    Attributes:
        kind: ``patch`` labels the centre of a patch, ``pixel`` every pixel of a window.
        channels: Number of input channels.
        size: Rows and columns of the input, in pixels; 0 for any.
        outputs: Number of scores of a patch or a pixel; 0 where only a computation shows it.
    """

    kind: Kind
    channels: int
    size: int
    outputs: int


class OnnxNetwork(nn.Module):
    """Network of an ONNX file, on processors.

    Attributes:
        graph: Content of the file, uint8, shape (bytes,).
        form: Form of the scores, such as ``PROBABILITIES``, int64, shape ().
    """

    graph: Tensor
    form: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("graph", torch.empty(0, dtype=torch.uint8))
        self.register_buffer("form", torch.zeros((), dtype=torch.int64))
        self._compiled: dict[tuple[int, ...], Any] = {}

    @classmethod
    def of(cls, content: bytes) -> OnnxNetwork:
        """Return the network of a file.

        Args:
            content: Content of the file.

        Raises:
            ModelFileError: The file cannot be read, or its input and output are not those of a network that
                classifies.
            DeviceError: OpenVINO is not installed.
        """
        network = cls()
        network.graph = torch.frombuffer(bytearray(content), dtype=torch.uint8)
        _ = network.signature
        return network

    @cached_property
    def model(self) -> Any:
        """OpenVINO's model, whose shapes are those of the file."""
        if not is_installed():
            raise DeviceError(
                "Models of ONNX files need the package openvino, which is not installed",
                advice="Run 'Set up the environment' (deeplandcover:setupenvironment).",
            )
        try:
            return openvino_core().read_model(io.BytesIO(self.graph.cpu().numpy().tobytes()))
        except RuntimeError as error:
            raise _unusable("The ONNX file cannot be read: {reason}", reason=_first_line(error)) from error

    @cached_property
    def signature(self) -> Signature:
        """Input and output."""
        return _signature(self.model)

    @property
    def window_size(self) -> int:
        """Rows and columns of a window of a network on pixels."""
        return self.signature.size or DEFAULT_WINDOW

    @cached_property
    def halo(self) -> int:
        """Pixels at each edge of a window whose labels are not used, by the overlap that the file states."""
        percent = self.number("tiles_overlap")
        overlap = _OVERLAP if percent is None else min(max(percent / 100, 0.0), _MAX_OVERLAP)
        return round(self.window_size * overlap / 2)

    @cached_property
    def takes_batches(self) -> bool:
        """Whether the network takes any number of patches at once."""
        try:
            model = self.resized(_TRIED_PATCHES)
        except RuntimeError:
            return False
        first = model.output(0).partial_shape[0]
        return bool(first.is_static) and first.get_length() == _TRIED_PATCHES

    def metadata(self, name: str) -> str:
        """Return a property of the file's metadata as text; empty without one.

        Args:
            name: Name of the property, such as ``class_names``.
        """
        keys = ["framework", name]
        return str(self.model.get_rt_info(keys).astype(str)) if self.model.has_rt_info(keys) else ""

    def number(self, name: str) -> float | None:
        """Return a property that is a finite number; None without one.

        Args:
            name: Name of the property.
        """
        try:
            value = float(self.metadata(name).strip('" '))
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def resized(self, count: int, size: int | None = None) -> Any:
        """Return a copy of OpenVINO's model for a number of patches.

        Args:
            count: Number of patches.
            size: Rows and columns of a patch; None keeps those of the file.

        Raises:
            RuntimeError: The network does not take such an input.
        """
        model = self.model.clone()
        sides = [size, size] if size else list(model.input(0).partial_shape)[2:]
        model.reshape([count, self.signature.channels, *sides])
        return model

    def as_logits(self, scores: Tensor) -> Tensor:
        """Return the network's scores as logits or log-probabilities of all classes.

        Args:
            scores: Scores, shape (N, outputs, ...), or without the second dimension for a single one.
        """
        form = int(self.form)
        if self.signature.kind == "pixel" and scores.ndim == 3:
            scores = scores[:, None]
        elif self.signature.kind == "patch":
            scores = scores.flatten(1)
        if form in (LOGITS, ONE_LOGIT):
            return scores if form == LOGITS else torch.cat([torch.zeros_like(scores), scores], dim=1)
        if form == ONE_PROBABILITY:
            scores = torch.cat([1.0 - scores, scores], dim=1)
        return scores.clamp_min(_MIN_PROBABILITY).log()

    def forward(self, patches: Tensor) -> Tensor:
        """Return logits or log-probabilities, shape (N, classes) or (N, classes, rows, columns).

        Args:
            patches: Channels, shape (N, channels, size, size).
        """
        return self.as_logits(self.scores(patches)).to(patches.device)

    def scores(self, patches: Tensor) -> Tensor:
        """Return the scores as the file gives them, on the processor, float32.

        Args:
            patches: Channels, shape (N, channels, size, size).
        """
        if len(patches) > 1 and not self.takes_batches:
            return torch.cat([self.scores(patch[None]) for patch in patches])
        shape = tuple(patches.shape)
        if shape not in self._compiled:
            model = self.resized(len(patches), shape[-1])
            self._compiled[shape] = openvino_core().compile_model(
                model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
            )
        values = patches.detach().cpu().float().contiguous().numpy()
        return torch.from_numpy(self._compiled[shape](values)[0].copy()).float()

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *others: Any) -> None:
        # A file of any size takes the place of the graph.
        self.graph = torch.empty_like(state_dict[f"{prefix}graph"], device="meta")
        super()._load_from_state_dict(state_dict, prefix, *others)

    def __deepcopy__(self, memo: dict[int, Any]) -> OnnxNetwork:
        # Nothing changes a network, and compiled models cannot be copied.
        copy = OnnxNetwork()
        copy.graph, copy.form = self.graph, self.form
        copy.__dict__ |= {name: self.__dict__[name] for name in _READ_ONCE if name in self.__dict__}
        return copy


def is_onnx(path: Path) -> bool:
    """Return whether a file is an ONNX file: it begins with the version of the format, and then other fields.

    Args:
        path: Path of the file.
    """
    with path.open("rb") as file:
        start = file.read(3)
    # Field 1 of a protocol buffer, a version below 128, and a field of text or of a graph.
    return len(start) == 3 and start[0] == 0x08 and start[1] < 0x80 and start[2] & 7 in (0, 2)


def onnx_facts(network: OnnxNetwork) -> Facts:
    """Return the facts in the metadata of a file, as the plugin Deepness writes them.

    Deepness divides all values by 255 before it standardises them.

    Args:
        network: Network of the file.

    Raises:
        ModelFileError: The file is for another purpose than classification.
    """
    purpose = network.metadata("model_type").strip('" ').capitalize()
    if purpose and purpose != "Segmentor":
        raise ModelFileError(
            "The ONNX file is a {purpose} of the plugin Deepness, not a Segmentor",
            advice="Choose a network that classifies patches or pixels.",
            purpose=purpose,
        )
    values = {name: network.metadata(name) for name in _DEEPNESS}
    mean, std = (_listed(values[name]) for name in ("standardization_mean", "standardization_std"))
    resolution = network.number("resolution") or 0.0
    is_scaled = bool(mean) and len(mean) == len(std) and min(std) > 0
    is_dense = network.signature.kind == "pixel"
    return Facts(
        class_names=_class_names(values["class_names"] or network.metadata("names")),
        mean=mean if is_scaled else (),
        std=std if is_scaled else (),
        divisor=_DEEPNESS_DIVISOR if purpose or (is_dense and any(values.values())) else None,
        pixel_size=max(resolution, 0.0) / 100.0,
        recorded={name: value[:100] for name, value in values.items() if value},
    )


def _listed(text: str) -> tuple[float, ...]:
    try:
        return numbers_of(json.loads(text)) if text else ()
    except (ValueError, RecursionError):
        return ()


def _class_names(text: str) -> tuple[str, ...]:
    """Return the class names of a dictionary that is written in JSON or in Python."""
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        document = dict(_ENTRY.findall(text))
    return class_names_of(document[0] if isinstance(document, list) and document else document)


def form_of(network: OnnxNetwork, scores: Sequence[Tensor]) -> int:
    """Return the form of a network's scores: probabilities are between 0 and 1, and have a sum of 1.

    Args:
        network: Network.
        scores: Scores of some random patches.
    """
    values = torch.cat([item.flatten(2) if item.ndim > 3 else item[..., None] for item in scores])
    if network.signature.kind == "pixel" and scores[0].ndim == 3:
        values = torch.cat([item[:, None].flatten(2) for item in scores])
    are_fractions = bool(((values >= 0) & (values <= 1)).all())
    if values.shape[1] == 1:
        return ONE_PROBABILITY if are_fractions else ONE_LOGIT
    has_sum = torch.allclose(values.sum(dim=1), torch.ones(()), atol=1e-3)
    return PROBABILITIES if are_fractions and has_sum else LOGITS


def _signature(model: Any) -> Signature:
    """Return input and output of OpenVINO's model.

    Raises:
        ModelFileError: They are not those of a network that classifies patches or pixels.
    """
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise _unusable(
            "The network has {inputs} inputs and {outputs} outputs, and one of each is needed",
            inputs=len(model.inputs),
            outputs=len(model.outputs),
        )
    given, returned = (port.get_partial_shape() for port in (model.input(0), model.output(0)))
    if model.input(0).get_element_type().get_type_name() not in _FLOATS:
        raise _unusable(
            "The network's input has the data type {dtype}, not a floating point type",
            dtype=model.input(0).get_element_type().get_type_name(),
        )
    channels, *sides = [_length(given, place) for place in (1, 2, 3)] if _rank(given) == 4 else [0]
    if not channels or len(set(sides)) != 1 or sides[0] > _MAX_WINDOW:
        raise _unusable(
            "The network's input has the shape {shape}, not [batch, bands, rows, columns] of square patches",
            shape=str(given),
        )
    rank, size = _rank(returned), sides[0]
    is_point = rank == 4 and {_length(returned, 2), _length(returned, 3)} == {1} and size > 1
    if rank == 2 or is_point:
        return Signature("patch", channels, size, _length(returned, 1))
    outputs = 1 if rank == 3 else _length(returned, 1)
    if rank not in (3, 4) or {_length(returned, rank - 2), _length(returned, rank - 1)} - {0, size}:
        raise _unusable(
            "The network's output has the shape {shape}, neither [batch, classes] nor [batch, classes, rows, "
            "columns] as large as the input",
            shape=str(returned),
        )
    return Signature("pixel", channels, size, outputs)


def _rank(shape: Any) -> int:
    return int(shape.rank.get_length()) if shape.rank.is_static else 0


def _length(shape: Any, place: int) -> int:
    """Return a size of a shape; 0 for any."""
    return int(shape[place].get_length()) if shape[place].is_static else 0


def _first_line(error: BaseException) -> str:
    """Return the last line of OpenVINO's error that says something: the others name places in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return ((said or lines or [type(error).__name__])[-1])[:200].rstrip(".")


def _unusable(template: str, **values: object) -> ModelFileError:
    return ModelFileError(Text(template, **values), advice=_EXPORT)
