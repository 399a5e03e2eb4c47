"""Checkpoints: files of ``torch.save``, read without executing anything that they contain.

Such a file is a zip with a description of its objects (``core.models.stack_machine``) and the bytes of each
tensor. The description is read first; the bytes of a tensor only when it is wanted.

>>> with open_checkpoint(Path("model.pth")) as checkpoint:
...     checkpoint.content["epoch"]
...     states = state_dictionaries(checkpoint.content)
...     checkpoint.tensors(states["model_state_dict"])
"""

from __future__ import annotations

import io
import math
import re
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..errors import ModelFileError
from ..text import Text
from .stack_machine import MAX_PROGRAM_BYTES, Placeholder, damaged, run, too_long

MAX_CHECKPOINT_BYTES = 2 * 1024**3
"""Largest size of a checkpoint in bytes, and of all tensors in it."""
_ADVICE = "Choose a state dictionary of PyTorch (.pth, .pt) or a .safetensors file."
_CONVERSION = 'torch.save(torch.load("old.pth", map_location="cpu", weights_only=True), "new.pth")'
_ZIP_START = b"PK\x03\x04"
_LEGACY_START = b"\x80\x02\x8a"
_TAR_START, _TAR_OFFSET = b"ustar", 257
# torch.save stores without compression. Recompressed weights shrink to a half; a zip bomb has more.
_MAX_COMPRESSION_RATIO = 50
_MIN_LIMITED_BYTES = 16 * 1024**2
# Largest piece of the file that is read at once, which also limits the directory of the zip.
_MAX_PIECE_BYTES = 16 * 1024**2
_MAX_DIMENSIONS = 64
_MAX_DIMENSION = 2**40
# Largest amount of data that programs can copy by their instructions, in bytes or elements.
_MAX_COPIES = 64 * 1024**2
_MAX_STATE_DEPTH = 2
_MAX_MODULE_DEPTH = 40
_STORAGES = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}
# Data types of NumPy's arrays and numbers: booleans, numbers and text.
_NUMPY_TYPE = re.compile(r"b1|[iu][1248]|f[248]|[US][0-9]{1,4}|O8?")


@dataclass(frozen=True)
class StoredTensor:
    """Tensor in a checkpoint, whose bytes have not been read.

    Attributes:
        key: Name of the storage in the file.
        dtype: Data type.
        shape: Rows, columns and further sizes.
        strides: Distance between two elements along each dimension, in elements.
        offset: Number of elements of the storage before the first one.
    """

    key: str
    dtype: torch.dtype
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True)
class _Storage:
    """Storage of a checkpoint, for tensors."""

    key: str
    dtype: torch.dtype
    count: int


class _NumpyType:
    """Data type of NumPy; its byte order comes after its creation."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._order = "="

    def set_state(self, state: Any) -> None:
        if state[1] not in ("<", ">", "|"):
            raise damaged()
        self._order = state[1]

    def values(self, content: Any, count: int) -> np.ndarray[Any, Any] | list[str]:
        """Return the values that bytes stand for, one-dimensional; text as a list.

        Args:
            content: Bytes of all values.
            count: Number of values.
        """
        dtype = np.dtype(self._code).newbyteorder(self._order)  # type: ignore[arg-type]
        size = dtype.itemsize
        if not isinstance(content, bytes) or dtype.hasobject or len(content) != size * count:
            raise damaged()
        if dtype.kind == "U":
            # NumPy does not check the characters.
            codec = "utf-32-be" if self._order == ">" else "utf-32-le"
            texts = [content[index * size : (index + 1) * size].decode(codec) for index in range(count)]
            return [item.rstrip("\0") for item in texts]
        return np.frombuffer(content, dtype) if content else np.empty(0, dtype)


class StoredArray:
    """Array of NumPy in a checkpoint.

    Attributes:
        values: Array of numbers of any shape, or a list of text or objects.
    """

    def __init__(self) -> None:
        self.values: np.ndarray[Any, Any] | list[Any] = []

    def set_state(self, state: Any) -> None:
        """Take shape, data type, order and content.

        Args:
            state: Version, shape, data type, whether columns come first, and content.
        """
        _, shape, numpy_type, is_fortran, content = state
        if not isinstance(numpy_type, _NumpyType) or not _are_sizes(shape):
            raise damaged()
        if isinstance(content, list):
            self.values = content
            return
        values = numpy_type.values(content, math.prod(shape))
        if isinstance(values, np.ndarray):
            values = values.reshape(shape, order="F" if is_fortran else "C")
        self.values = values


class Checkpoint:
    """Open checkpoint.

    Attributes:
        path: Path of the file.
        content: Objects in the file: dictionaries, lists, tuples, numbers, text, ``StoredTensor``,
            ``StoredArray``, and a ``Placeholder`` for each object of another class.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self._members = _members(archive, path.stat().st_size)
        self._folder = _folder(self._members)
        self._copies = 0
        self._bytes = 0
        order = self._text("byteorder") or "little"
        if order not in ("little", "big"):
            raise damaged()
        self._is_swapped = order != sys.byteorder
        self.content = run(self._program(), self._functions(), self._storage)

    def tensors(self, stored: Mapping[str, StoredTensor]) -> dict[str, Tensor]:
        """Read tensors. Tensors that share a storage in the file also share it in memory.

        Args:
            stored: Tensors by any names.

        Raises:
            ModelFileError: The file is damaged.
        """
        with _named(self.path):
            storages: dict[tuple[str, torch.dtype], Tensor] = {}
            tensors = {}
            for name, item in stored.items():
                key = (item.key, item.dtype)
                if key not in storages:
                    storages[key] = self._elements(*key)
                tensors[name] = torch.as_strided(storages[key], item.shape, item.strides, item.offset)
            return tensors

    def _program(self) -> bytes:
        member = self._members[f"{self._folder}data.pkl"]
        if member.file_size > MAX_PROGRAM_BYTES:
            raise too_long(member.file_size)
        return bytes(self._bytes_of(member))

    def _text(self, name: str) -> str:
        member = self._members.get(f"{self._folder}{name}")
        if member is None or member.file_size > 100:
            return ""
        return bytes(self._bytes_of(member)).decode("ascii", "replace").strip()

    def _bytes_of(self, member: zipfile.ZipInfo) -> bytearray:
        content = bytearray(member.file_size)
        view = memoryview(content)
        with self._archive.open(member) as file:
            position = 0
            while position < len(content):
                piece = file.read(min(_MAX_PIECE_BYTES // 2, len(content) - position))
                if not piece:
                    raise damaged()
                view[position : position + len(piece)] = piece
                position += len(piece)
            # The checksum is compared at the end of the member.
            file.read(1)
        return content

    def _elements(self, key: str, dtype: torch.dtype) -> Tensor:
        """Return the elements of a storage, one-dimensional."""
        content = self._bytes_of(self._members[f"{self._folder}data/{key}"])
        size = dtype.itemsize
        whole = np.frombuffer(content, np.uint8)[: len(content) // size * size]
        if dtype == torch.bool:
            return torch.from_numpy(whole != 0)
        if self._is_swapped and size > 1:
            whole = whole.view(f"u{size}").byteswap().view(np.uint8)
        return torch.from_numpy(whole).view(dtype) if len(whole) else torch.empty(0, dtype=dtype)

    def _functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions that a description may call, by the names of the originals."""
        functions: dict[str, Callable[..., Any]] = {
            "collections.OrderedDict": self._ordered,
            "collections.defaultdict": lambda factory=None, *pairs: self._ordered(*pairs),
            "torch._utils._rebuild_tensor": self._tensor,
            "torch._utils._rebuild_tensor_v2": self._tensor,
            "torch._utils._rebuild_parameter": lambda tensor, *_: tensor,
            "torch._utils._rebuild_parameter_with_state": lambda tensor, *_: tensor,
            "torch._tensor._rebuild_from_type_v2": self._tensor_of_class,
            "torch.Size": lambda sizes: sizes,
            "_codecs.encode": self._encode,
            "__builtin__.bytes": lambda *_: b"",
            "numpy.dtype": _numpy_type,
        }
        for module in ("numpy.core.multiarray", "numpy._core.multiarray"):
            functions[f"{module}.scalar"] = _number
            functions[f"{module}._reconstruct"] = lambda *_: StoredArray()
        return functions

    def _count(self, copies: int) -> None:
        """Limit what a short description can copy by repeating an instruction."""
        self._copies += copies
        if self._copies > _MAX_COPIES:
            raise damaged()

    def _ordered(self, pairs: Sequence[Any] = ()) -> dict[Any, Any]:
        if not isinstance(pairs, (list, tuple)):
            return {}
        self._count(len(pairs))
        entries = [(name, value) for name, value in pairs if isinstance(name, (str, int))]
        return dict(entries)

    def _encode(self, text: str, _encoding: str = "") -> bytes:
        if not isinstance(text, str):
            raise damaged()
        self._count(len(text))
        return text.encode("latin-1")

    def _storage(self, reference: Any) -> Any:
        kind, storage_class, key, _place, count = reference
        if kind != "storage" or not isinstance(storage_class, Placeholder) or not _are_sizes((count,)):
            raise damaged()
        module, _, name = storage_class.name.rpartition(".")
        dtype = _STORAGES.get(name)
        if module != "torch" or dtype is None:
            return Placeholder(storage_class.name)
        member = self._members.get(f"{self._folder}data/{key}") if isinstance(key, str) else None
        if member is None or member.file_size < count * dtype.itemsize:
            raise ModelFileError("The checkpoint lacks the bytes of a tensor")
        return _Storage(key, dtype, count)

    def _tensor(
        self, storage: Any, offset: Any, shape: Any, strides: Any, *details: Any
    ) -> StoredTensor | Placeholder:
        # The fourth of the details marks complex conjugates and negated views.
        if isinstance(storage, Placeholder) or (len(details) > 2 and details[2]):
            return Placeholder("torch.Tensor")
        if not isinstance(storage, _Storage) or not all(map(_are_sizes, ((offset,), shape, strides))):
            raise damaged()
        if len(shape) != len(strides) or len(shape) > _MAX_DIMENSIONS:
            raise damaged()
        last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if math.prod(max(size, 1) for size in shape) > MAX_CHECKPOINT_BYTES or (
            last >= storage.count if math.prod(shape) else offset > storage.count
        ):
            raise ModelFileError("A tensor of the checkpoint lies outside its bytes")
        tensor = StoredTensor(storage.key, storage.dtype, shape, strides, offset)
        self._bytes += tensor.size
        if self._bytes > MAX_CHECKPOINT_BYTES:
            raise _too_large(self._bytes)
        return tensor

    def _tensor_of_class(self, function: Any, _class: Any, arguments: Any, _state: Any = None) -> Any:
        """Return a tensor that had attributes, without these."""
        name = function.name if isinstance(function, Placeholder) else ""
        if name == "torch._utils._rebuild_tensor_v2" and isinstance(arguments, tuple):
            return self._tensor(*arguments)
        return Placeholder("torch.Tensor")


@contextmanager
def open_checkpoint(path: Path) -> Iterator[Checkpoint]:
    """Open a file of ``torch.save`` and read the description of its objects.

    Args:
        path: Path of the file, whatever its suffix.

    Raises:
        ModelFileError: The file is not a checkpoint, is damaged, is larger than 2 GiB, or has the form of
            PyTorch before 1.6.
    """
    with ExitStack() as files:
        with _named(path):
            size = path.stat().st_size
            if size > MAX_CHECKPOINT_BYTES:
                raise _too_large(size)
            raw = files.enter_context(path.open("rb", buffering=0))
            file = files.enter_context(_BoundedReader(raw))
            _check_start(file.read(_TAR_OFFSET + len(_TAR_START)))
            archive = files.enter_context(zipfile.ZipFile(file))
            checkpoint = Checkpoint(path, archive)
        yield checkpoint


def state_dictionaries(content: Any) -> dict[str, dict[str, StoredTensor]]:
    """Return the dictionaries of tensors in a checkpoint, by the names under which they lie in it.

    The name of the outermost one is empty. The tensors of a whole network that was saved, not of its state
    dictionary, are found as well. A dictionary of tensors lies at most two levels deep.

    Args:
        content: Content of the checkpoint.
    """
    found: dict[str, dict[str, StoredTensor]] = {}
    # Each object once: a short description can refer to the same one from many places.
    seen: set[int] = set()
    modules: set[int] = set()
    waiting: deque[tuple[str, Any, int]] = deque([("", content, 0)])
    while waiting:
        name, item, depth = waiting.popleft()
        if id(item) in seen:
            continue
        seen.add(id(item))
        entries = _entries(item)
        tensors = {str(key): value for key, value in entries.items() if isinstance(value, StoredTensor)}
        tensors = tensors or _network_tensors(item, modules)
        if tensors:
            found[name] = tensors
        if depth < _MAX_STATE_DEPTH:
            waiting += [
                (f"{name}.{key}" if name else key, value, depth + 1)
                for key, value in entries.items()
                if isinstance(key, str) and isinstance(value, (dict, Placeholder))
            ]
    return found


def _entries(item: Any) -> dict[Any, Any]:
    if isinstance(item, Placeholder):
        return item.entries
    return item if isinstance(item, dict) else {}


def _network_tensors(network: Any, seen: set[int]) -> dict[str, StoredTensor]:
    """Return the tensors of a network that was saved as a whole, under the names of its state dictionary.

    Args:
        network: Placeholder of a module, also of TorchScript, or anything else.
        seen: Identities of the modules that are not looked at again, to which all are added.
    """
    tensors: dict[str, StoredTensor] = {}
    waiting: list[tuple[str, Any, int]] = [("", network, 0)]
    while waiting:
        prefix, module, depth = waiting.pop()
        state = module.state if isinstance(module, Placeholder) else None
        if not isinstance(state, dict) or id(module) in seen or depth > _MAX_MODULE_DEPTH:
            continue
        seen.add(id(module))
        # In Python, parameters, buffers and modules of a module are apart; in TorchScript they are together.
        groups = ("_parameters", "_buffers", "_modules")
        parts = {name: part for group in groups for name, part in _entries(state.get(group)).items()} or state
        for name, part in parts.items():
            if isinstance(part, StoredTensor):
                tensors[f"{prefix}{name}"] = part
        waiting += [(f"{prefix}{name}.", part, depth + 1) for name, part in reversed(parts.items())]
    return tensors


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Return the members of the zip by name, all of which can be read within the limits.

    Raises:
        ModelFileError: A member has another compression, is encrypted, or is larger than stated.
    """
    members = {}
    for member in archive.infolist():
        is_plain = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        is_stored = member.compress_type == zipfile.ZIP_STORED
        is_encrypted = member.flag_bits & 1
        if not is_plain or is_encrypted or member.filename in members:
            raise damaged()
        if is_stored and member.file_size != member.compress_size:
            raise damaged()
        members[member.filename] = member
    whole = sum(member.file_size for member in members.values())
    if whole > MAX_CHECKPOINT_BYTES:
        raise _too_large(whole)
    is_bomb = whole > max(_MIN_LIMITED_BYTES, _MAX_COMPRESSION_RATIO * size)
    if is_bomb or sum(member.compress_size for member in members.values()) > size:
        raise damaged()
    return members


def _folder(members: Mapping[str, zipfile.ZipInfo]) -> str:
    """Return the folder of the zip with the description, ending with a slash."""
    ending = "/data.pkl"
    folders = [name.removesuffix("data.pkl") for name in members if name.endswith(ending)]
    if len(folders) != 1:
        raise ModelFileError("The zip is not a checkpoint of PyTorch")
    return folders[0]


def _check_start(start: bytes) -> None:
    if start.startswith(_ZIP_START):
        return
    if start.startswith(_LEGACY_START) or start[_TAR_OFFSET:] == _TAR_START:
        raise ModelFileError(
            "The checkpoint has the form of PyTorch before 1.6, which is not read",
            advice="Convert it in Python, with the packages that it needs: {conversion}",
            conversion=_CONVERSION,
        )
    raise ModelFileError("The file is not a checkpoint of PyTorch")


def _numpy_type(code: Any, *_: Any) -> _NumpyType | Placeholder:
    if not isinstance(code, str) or not _NUMPY_TYPE.fullmatch(code):
        return Placeholder("numpy.dtype")
    return _NumpyType(code)


def _number(numpy_type: Any, content: Any = None) -> Any:
    """Return a number or text of NumPy as Python's."""
    if not isinstance(numpy_type, _NumpyType):
        return Placeholder("numpy.generic")
    (value,) = numpy_type.values(content, 1)
    return value if isinstance(value, str) else value.item()


def _are_sizes(values: Any) -> bool:
    """Return whether values are a tuple of whole numbers from 0 that an array can have."""
    return isinstance(values, tuple) and all(
        type(value) is int and 0 <= value <= _MAX_DIMENSION for value in values
    )


class _BoundedReader(io.BufferedReader):
    """Reader of a file that refuses to read large pieces at once, as a forged zip may demand."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_PIECE_BYTES:
            raise damaged()
        return super().read(_MAX_PIECE_BYTES if size is None or size < 0 else size)


def _too_large(size: int) -> ModelFileError:
    return ModelFileError(
        "The checkpoint has {size:.1f} GiB (at most {limit:.0f})",
        advice="Save only the state dictionary of the network.",
        size=size / 1024**3,
        limit=MAX_CHECKPOINT_BYTES / 1024**3,
    )


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Raise errors of a checkpoint with its path and with advice."""
    try:
        yield
    except ModelFileError as error:
        raise ModelFileError(error.what, where=str(path), advice=error.advice or _ADVICE) from error
    except OSError as error:
        raise ModelFileError(
            "The checkpoint cannot be read: {reason}",
            where=str(path),
            advice=_ADVICE,
            reason=error.strerror or error,
        ) from error
    # The last ones stand for a password, a compression that the standard library does not have, and names
    # that are not text.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise ModelFileError(
            Text("The checkpoint is damaged: {reason}", reason=str(error)[:200].rstrip(".")),
            where=str(path),
            advice="Get a fresh copy.",
        ) from error
