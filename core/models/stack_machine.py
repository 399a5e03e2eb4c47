"""Stack machine for the object descriptions inside files of ``torch.save``.

Such a description is a program of Python's serialisation protocol 2, which in general may call any function
of Python. This machine calls nothing but the functions that it is given: every other name becomes an inert
``Placeholder``. It knows the instructions that ``torch.save`` writes and refuses all others.

>>> run(b"\\x80\\x02}X\\x01\\x00\\x00\\x00aK\\x05s.", {}, refuse)
{'a': 5}

Imports only the standard library.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from ..errors import ModelFileError

MAX_PROGRAM_BYTES = 8 * 1024**2
"""Largest size of a description in bytes. Those of networks with a thousand tensors have 200 kB."""
_PROTOCOL = 2
_MAX_NAME_BYTES = 1000
# Integers above give several keys the same hash, which makes dictionaries slow.
_MAX_INTEGER_KEY = 2**60


class Placeholder:
    """Object of a class, or result of a function, that is not known. It does nothing.

    Attributes:
        name: Module and name of the class or function.
        state: Attributes that the object had, usually a dictionary; None without.
        entries: Entries of an object that was a dictionary.
        elements: Elements of an object that was a list.
    """

    __slots__ = ("elements", "entries", "name", "state")

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: Any = None
        self.entries: dict[Any, Any] = {}
        self.elements: list[Any] = []


@runtime_checkable
class Stateful(Protocol):
    """Object that gets its state after its creation."""

    def set_state(self, state: Any) -> None:
        """Take the state.

        Args:
            state: Content of the state, as the program gives it.
        """


def run(
    program: bytes, functions: Mapping[str, Callable[..., Any]], load_reference: Callable[[Any], Any]
) -> Any:
    """Return the object that a program describes.

    Args:
        program: Program of protocol 2, as the member ``data.pkl`` of a file of ``torch.save``.
        functions: Functions that may be called, by module and name. They check their arguments.
        load_reference: Function from a reference to data outside the program to an object.

    Raises:
        ModelFileError: The program has an instruction that ``torch.save`` does not write, or is damaged.
    """
    if len(program) > MAX_PROGRAM_BYTES:
        raise too_long(len(program))
    try:
        return _Machine(program, functions, load_reference).run()
    # A stack without the operands, a number without its bytes, or an operand of another type.
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise damaged() from error


def damaged() -> ModelFileError:
    """Return the error for a description that ``torch.save`` cannot have written."""
    return ModelFileError("The description of the objects in the checkpoint is damaged")


def too_long(size: int) -> ModelFileError:
    """Return the error for a description of more than ``MAX_PROGRAM_BYTES``.

    Args:
        size: Size of the description in bytes.
    """
    return ModelFileError(
        "The description of the objects in the checkpoint has {size:.1f} MB, more than any network's "
        "(at most {limit:.0f} MB)",
        size=size / 1024**2,
        limit=MAX_PROGRAM_BYTES / 1024**2,
    )


class _Machine:
    """One run of a program.

    Args:
        program: Program.
        functions: Functions that may be called.
        load_reference: Function from a reference to an object.
    """

    def __init__(
        self,
        program: bytes,
        functions: Mapping[str, Callable[..., Any]],
        load_reference: Callable[[Any], Any],
    ) -> None:
        self._program = program
        self._position = 0
        self._functions = functions
        self._load_reference = load_reference
        self._stack: list[Any] = []
        # Stacks below the marks that are open.
        self._outer: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        while True:
            code = self._program[self._position]
            self._position += 1
            if code == _STOP:
                return self._stack.pop()
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                raise ModelFileError(
                    "The checkpoint has an instruction that torch.save does not write (0x{code:02x})",
                    code=code,
                )
            instruction(self)

    def _take(self, count: int) -> bytes:
        end = self._position + count
        if end > len(self._program):
            raise IndexError
        content = self._program[self._position : end]
        self._position = end
        return content

    def _number(self, form: str) -> Any:
        (number,) = struct.unpack(form, self._take(struct.calcsize(form)))
        return number

    def _line(self) -> str:
        end = self._program.index(b"\n", self._position, self._position + _MAX_NAME_BYTES)
        line = self._take(end - self._position)
        self._position += 1
        return line.decode("utf-8", "replace")

    def _to_mark(self) -> list[Any]:
        """Return what lies above the last mark, and remove it with the mark."""
        items = self._stack
        self._stack = self._outer.pop()
        return items

    def protocol(self) -> None:
        version = self._number("<B")
        if version != _PROTOCOL:
            raise ModelFileError(
                "The checkpoint was written with pickle protocol {version}, not with 2 as torch.save does",
                version=version,
            )

    def mark(self) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def pop(self) -> None:
        self._stack.pop()

    def pop_mark(self) -> None:
        self._to_mark()

    def push_none(self) -> None:
        self._stack.append(None)

    def push_true(self) -> None:
        self._stack.append(True)

    def push_false(self) -> None:
        self._stack.append(False)

    def push_int32(self) -> None:
        self._stack.append(self._number("<i"))

    def push_uint8(self) -> None:
        self._stack.append(self._number("<B"))

    def push_uint16(self) -> None:
        self._stack.append(self._number("<H"))

    def push_long(self) -> None:
        self._stack.append(int.from_bytes(self._take(self._number("<B")), "little", signed=True))

    def push_float(self) -> None:
        self._stack.append(self._number(">d"))

    def push_text(self) -> None:
        self._stack.append(self._take(self._number("<I")).decode("utf-8", "replace"))

    def push_dict(self) -> None:
        self._stack.append({})

    def push_list(self) -> None:
        self._stack.append([])

    def push_empty_tuple(self) -> None:
        self._stack.append(())

    def push_tuple(self) -> None:
        items = tuple(self._to_mark())
        self._stack.append(items)

    def push_tuple1(self) -> None:
        self._stack[-1:] = [(self._stack[-1],)]

    def push_tuple2(self) -> None:
        self._stack[-2:] = [(self._stack[-2], self._stack[-1])]

    def push_tuple3(self) -> None:
        self._stack[-3:] = [(self._stack[-3], self._stack[-2], self._stack[-1])]

    def append(self) -> None:
        item = self._stack.pop()
        self._extend([item])

    def appends(self) -> None:
        self._extend(self._to_mark())

    def _extend(self, items: list[Any]) -> None:
        target = self._stack[-1]
        (target.elements if isinstance(target, Placeholder) else _as(target, list)).extend(items)

    def set_item(self) -> None:
        value = self._stack.pop()
        self._update([self._stack.pop(), value])

    def set_items(self) -> None:
        self._update(self._to_mark())

    def _update(self, items: list[Any]) -> None:
        target = self._stack[-1]
        entries = target.entries if isinstance(target, Placeholder) else _as(target, dict)
        for key, value in zip(items[::2], items[1::2], strict=True):
            entries[_key(key)] = value

    def push_name(self) -> None:
        module = self._line()
        self._stack.append(Placeholder(f"{module}.{self._line()}"))

    def call(self) -> None:
        arguments = _as(self._stack.pop(), tuple)
        target = _as(self._stack.pop(), Placeholder)
        function = self._functions.get(target.name)
        self._stack.append(function(*arguments) if function else Placeholder(target.name))

    def new_object(self) -> None:
        _as(self._stack.pop(), tuple)
        self._stack.append(Placeholder(_as(self._stack.pop(), Placeholder).name))

    def build(self) -> None:
        state = self._stack.pop()
        target = self._stack[-1]
        if isinstance(target, Placeholder):
            target.state = state
        elif isinstance(target, Stateful):
            target.set_state(state)
        else:
            # Attributes of a dictionary, such as the versions of the modules of a state dictionary.
            _as(target, dict)

    def push_reference(self) -> None:
        self._stack.append(self._load_reference(self._stack.pop()))

    def memoise_short(self) -> None:
        self._memo[self._number("<B")] = self._stack[-1]

    def memoise(self) -> None:
        self._memo[self._number("<I")] = self._stack[-1]

    def recall_short(self) -> None:
        self._stack.append(self._memo[self._number("<B")])

    def recall(self) -> None:
        self._stack.append(self._memo[self._number("<I")])


def _as(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _key(key: Any) -> Any:
    """Return a key of a dictionary; a placeholder for one whose hash is slow or could be forged."""
    if type(key) in (str, bool, float, type(None)) or (type(key) is int and abs(key) < _MAX_INTEGER_KEY):
        return key
    return Placeholder(type(key).__name__)


_STOP = ord(".")
_INSTRUCTIONS: dict[int, Callable[[_Machine], None]] = {
    0x80: _Machine.protocol,
    ord("("): _Machine.mark,
    ord("0"): _Machine.pop,
    ord("1"): _Machine.pop_mark,
    ord("N"): _Machine.push_none,
    0x88: _Machine.push_true,
    0x89: _Machine.push_false,
    ord("J"): _Machine.push_int32,
    ord("K"): _Machine.push_uint8,
    ord("M"): _Machine.push_uint16,
    0x8A: _Machine.push_long,
    ord("G"): _Machine.push_float,
    ord("X"): _Machine.push_text,
    ord("}"): _Machine.push_dict,
    ord("]"): _Machine.push_list,
    ord(")"): _Machine.push_empty_tuple,
    ord("t"): _Machine.push_tuple,
    0x85: _Machine.push_tuple1,
    0x86: _Machine.push_tuple2,
    0x87: _Machine.push_tuple3,
    ord("a"): _Machine.append,
    ord("e"): _Machine.appends,
    ord("s"): _Machine.set_item,
    ord("u"): _Machine.set_items,
    ord("c"): _Machine.push_name,
    ord("R"): _Machine.call,
    0x81: _Machine.new_object,
    ord("b"): _Machine.build,
    ord("Q"): _Machine.push_reference,
    ord("q"): _Machine.memoise_short,
    ord("r"): _Machine.memoise,
    ord("h"): _Machine.recall_short,
    ord("j"): _Machine.recall,
}
