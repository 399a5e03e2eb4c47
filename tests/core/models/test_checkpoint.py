from __future__ import annotations

import argparse
import ast
import io
import os
import struct
import time
import tracemalloc
import zipfile
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.errors import ModelFileError
from deep_land_cover.core.models.checkpoint import (
    Placeholder,
    StoredArray,
    open_checkpoint,
    state_dictionaries,
)

CORE = Path(__file__).parents[3] / "core"
TENSORS = {
    "float": torch.rand(2, 3),
    "double": torch.rand(2, dtype=torch.float64),
    "half": torch.rand(3).half(),
    "bfloat": torch.rand(3).bfloat16(),
    "whole": torch.tensor(7),
    "int32": torch.arange(-3, 3, dtype=torch.int32),
    "int16": torch.arange(-3, 3, dtype=torch.int16),
    "int8": torch.arange(-3, 3, dtype=torch.int8),
    "byte": torch.arange(9, dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "none": torch.empty(0, 4),
    "transposed": torch.rand(3, 5).T,
    "every second": torch.rand(10)[1::2],
    "repeated": torch.rand(1, 4).expand(3, 4),
    "parameter": nn.Parameter(torch.rand(2, 2)),
    "buffer": nn.Buffer(torch.rand(2)) if hasattr(nn, "Buffer") else torch.rand(2),
    "channels last": torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
}


def read(path: Path) -> tuple[Any, dict[str, dict[str, Tensor]]]:
    with open_checkpoint(path) as checkpoint:
        states = state_dictionaries(checkpoint.content)
        return checkpoint.content, {name: checkpoint.tensors(state) for name, state in states.items()}


def saved(path: Path, content: Any, **options: Any) -> Path:
    torch.save(content, path, **options)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], compression: int = 0) -> Path:
    """Write a checkpoint again with other members; None leaves a member out."""
    with zipfile.ZipFile(path) as archive:
        members = [(item.filename, archive.read(item)) for item in archive.infolist()]
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            changed = change(name.partition("/")[2], content)
            if changed is not None:
                archive.writestr(name, changed)
    return path


def forged(path: Path, program: bytes, storage: bytes = bytes(16)) -> Path:
    """Write a checkpoint with a program of one's own and one storage."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", program)
        archive.writestr("archive/data/0", storage)
    return path


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value: int) -> bytes:
    content = value.to_bytes(9, "little", signed=True)
    return b"\x8a" + bytes([len(content)]) + content


def tensor(
    shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0, count: int = 4, key: str = "0"
) -> bytes:
    """Return the instructions for a float tensor on the storage of ``forged``."""

    def sizes(values: tuple[int, ...]) -> bytes:
        return b"(" + b"".join(map(number, values)) + b"t"

    storage = text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + number(count)
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n(("
        + storage
        + b"tQ"
        + number(offset)
        + sizes(shape)
        + sizes(strides)
        + b"\x89}tR"
    )


def dictionary(value: bytes) -> bytes:
    return b"\x80\x02}" + text("weight") + value + b"s."


def test_tensors_of_every_kind_come_back_as_torch_saved_them(tmp_path: Path) -> None:
    _, states = read(saved(tmp_path / "a.pth", OrderedDict(TENSORS)))
    assert states[""].keys() == TENSORS.keys()
    for name, wanted in TENSORS.items():
        assert states[""][name].dtype == wanted.dtype, name
        assert torch.equal(states[""][name], wanted.detach()), name
        assert states[""][name].stride() == wanted.stride(), name


def test_a_checkpoint_of_a_training_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.rand(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    content, states = read(
        saved(
            tmp_path / "checkpoint.pth.tar",
            {
                "epoch": 12,
                "model_state_dict": network.state_dict(),
                "optimizer_state_dict": optimizer.state_dict(),
                "best_acc": np.float64(0.875),
                "name": np.str_("Weichholzaue"),
                "mean": np.array([[1.5, 2.0]], order="F"),
                "classes_": np.array(["forest", "Süßwasser"]),
                "objects": np.array(["forest", 3], dtype=object),
                "args": argparse.Namespace(lr=0.1, bands=[1, 2]),
                "history": defaultdict(list, {"loss": [0.5, 0.25]}),
                "size": torch.Size([2, 3]),
                "large": 2**70,
                "raw": b"\x00\xff",
                "device": torch.device("cpu"),
                "found": {1, 2},
                ("a", 1): "under a key of another kind",
            },
        )
    )
    assert set(states) >= {"model_state_dict"}
    assert all(torch.equal(states["model_state_dict"][k], v) for k, v in network.state_dict().items())
    assert content["epoch"] == 12 and content["best_acc"] == 0.875 and content["large"] == 2**70
    assert content["name"] == "Weichholzaue" and content["raw"] == b"\x00\xff" and content["size"] == (2, 3)
    assert isinstance(content["mean"], StoredArray) and content["mean"].values.tolist() == [[1.5, 2.0]]
    assert content["classes_"].values == ["forest", "Süßwasser"]
    assert content["objects"].values == ["forest", 3]
    assert isinstance(content["args"], Placeholder) and content["args"].name == "argparse.Namespace"
    assert content["args"].state == {"lr": 0.1, "bands": [1, 2]}
    assert content["history"] == {"loss": [0.5, 0.25]}
    assert content["optimizer_state_dict"]["param_groups"][0]["betas"] == (0.9, 0.999)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4))
        self.head = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).mean(dim=(2, 3)))


@pytest.mark.parametrize("form", ["module", "nested module", "TorchScript"])
def test_the_weights_of_a_whole_saved_network_are_found(tmp_path: Path, form: str) -> None:
    network, path = Block().eval(), tmp_path / "network.pt"
    if form == "TorchScript":
        torch.jit.save(torch.jit.trace(network, torch.rand(1, 3, 8, 8)), path)
    else:
        torch.save(network if form == "module" else {"model": network}, path)
    _, states = read(path)
    state = states["model" if form == "nested module" else ""]
    wanted = network.state_dict()
    assert {name: value.tolist() for name, value in state.items() if name in wanted} == {
        name: value.tolist() for name, value in wanted.items() if name in state
    }
    # TorchScript keeps the number of batches of a normalisation only in training.
    assert wanted.keys() - state.keys() <= {"body.1.num_batches_tracked"}


def test_shared_storages_stay_shared(tmp_path: Path) -> None:
    whole = torch.rand(6)
    _, states = read(saved(tmp_path / "a.pth", {"whole": whole, "part": whole[2:5], "again": whole}))
    state = states[""]
    assert torch.equal(state["part"], whole[2:5])
    assert state["part"].untyped_storage().data_ptr() == state["whole"].untyped_storage().data_ptr()


def test_files_of_other_versions_are_read(tmp_path: Path) -> None:
    """PyTorch 1.6 to 1.13 wrote no byte order and no storage alignment; 2.0 the former."""
    later = (".format_version", ".storage_alignment", ".data/serialization_id", "byteorder")
    path = saved(tmp_path / "a.pth", dict(TENSORS))
    rewritten(path, lambda name, content: None if name in later else content)
    assert torch.equal(read(path)[1][""]["bfloat"], TENSORS["bfloat"])


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pth", dict(TENSORS))
    rewritten(path, lambda _, content: content, zipfile.ZIP_DEFLATED)
    assert torch.equal(read(path)[1][""]["float"], TENSORS["float"])


def test_a_file_of_a_big_endian_machine_is_read(tmp_path: Path) -> None:
    wanted = {
        "a": torch.rand(5),
        "b": torch.rand(5).bfloat16(),
        "c": torch.arange(4),
        "d": torch.tensor([True]),
    }
    path = saved(tmp_path / "a.pth", wanted)
    widths = {f"data/{number}": value.element_size() for number, value in enumerate(wanted.values())}

    def turn(name: str, content: bytes) -> bytes:
        if name == "byteorder":
            return b"big"
        width = widths.get(name, 1)
        return np.frombuffer(content, np.uint8).reshape(-1, width)[:, ::-1].tobytes()

    _, states = read(rewritten(path, turn))
    assert all(torch.equal(states[""][name], value) for name, value in wanted.items())


class Evil:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def test_calls_of_unknown_functions_do_nothing(tmp_path: Path) -> None:
    target = tmp_path / "evil"
    content, _ = read(
        saved(
            tmp_path / "a.pth",
            {
                "a": Evil(os.system, f"touch {target}"),
                "b": Evil(eval, f"open({str(target)!r}, 'w')"),
                "c": Evil(getattr, Evil(__import__, "os"), "system"),
                "weight": torch.zeros(1),
            },
        )
    )
    assert not target.exists()
    assert [content[key].name for key in "abc"] == ["posix.system", "__builtin__.eval", "__builtin__.getattr"]


def test_names_of_known_functions_are_not_called_with_other_arguments(tmp_path: Path) -> None:
    """A storage that the program made itself, and text for a size."""
    rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n"
    for arguments in (b"(N(tt(t\x89}t", b"(" + text("storage") + b"K\x00(t(t\x89}t", b")", b"(NNNNNNNNt"):
        with pytest.raises(ModelFileError):
            read(forged(tmp_path / "a.pth", dictionary(rebuild + arguments + b"R")))


OUTSIDE = {
    "too many elements": tensor((5,), (1,)),
    "an offset behind": tensor((2,), (1,), offset=3),
    "a stride behind": tensor((2, 2), (4, 1)),
    "a negative stride": tensor((2,), (-1,)),
    "a negative size": tensor((-2,), (1,)),
    "a negative offset": tensor((2,), (1,), offset=-1),
    "an overflowing size": tensor((2**62, 4), (0, 1)),
    "more strides than sizes": tensor((2,), (1, 1)),
    "65 dimensions": tensor((1,) * 65, (1,) * 65),
    "a storage of more elements": tensor((5,), (1,), count=5),
    "a storage that is not there": tensor((2,), (1,), key="1"),
    "a storage outside the folder": tensor((2,), (1,), key="../data.pkl"),
    "a repeated element of 4 GiB": tensor((2**30,), (0,)),
    "a repeated element of 2 GiB twice": b"(" + tensor((2**29 - 1,), (0,)) + tensor((2,), (0,)) + b"t",
    "nothing of an overflowing size": tensor((0, 2**40, 2**40), (1, 1, 1)),
}


@pytest.mark.parametrize("case", OUTSIDE)
def test_tensors_outside_their_bytes_are_refused(tmp_path: Path, case: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        read(forged(tmp_path / "a.pth", dictionary(OUTSIDE[case])))
    assert caught.value.where.endswith("a.pth") and caught.value.advice


def test_the_same_instructions_read_a_tensor_inside(tmp_path: Path) -> None:
    content = np.arange(4, dtype="<f4").tobytes()
    path = forged(tmp_path / "a.pth", dictionary(tensor((2, 2), (1, 2))), content)
    assert read(path)[1][""]["weight"].tolist() == [[0.0, 2.0], [1.0, 3.0]]


def billion_laughs() -> bytes:
    """Return lists that each contain the one before ten times."""
    levels = [b"(" + b"h%c" % (level - 1) * 10 + b"tq%c" % level for level in range(1, 30)]
    return b"\x80\x02]q\x00" + b"".join(levels) + b"."


def encoded_often() -> bytes:
    long = text("a" * 1_000_000) + b"q\x01" + text("latin1") + b"q\x02"
    return b"\x80\x02](" + long + (b"c_codecs\nencode\nh\x01h\x02\x86R" * 10_000) + b"e."


LONG = {
    "lists of lists": billion_laughs(),
    "the same text encoded again": encoded_often(),
    "deeply nested lists": b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
    "deeply nested tuples": b"\x80\x02)" + b"\x85" * 200_000 + b".",
    "many marks": b"\x80\x02" + b"(" * 200_000 + b"N.",
    "a memo at a high number": b"\x80\x02Nr\xff\xff\xff\xff.",
    "a nested tuple as a key": b"\x80\x02}(" + b")" + b"\x85" * 200_000 + b"Nu.",
    "dictionaries that hold each other": b"\x80\x02}q\x00(" + text("a") + b"h\x00" + text("b") + b"h\x00u.",
    "without an end": b"\x80\x02" + b"N" * 200_000,
    "text of 4 GB": b"\x80\x02X\xff\xff\xff\xffabc.",
    "too long": b"\x80\x02" + b"N0" * 5_000_000 + b"N.",
}


@pytest.mark.medium(but=("lists of lists", "the same text encoded again", "a nested tuple as a key"))
@pytest.mark.parametrize("case", LONG)
def test_hostile_programs_take_little_time_and_memory(tmp_path: Path, case: str) -> None:
    path = forged(tmp_path / "a.pth", LONG[case])
    tracemalloc.start()
    start = time.process_time()
    try:
        read(path)
    except ModelFileError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert time.process_time() - start < 20
    assert peak < 400e6


@pytest.mark.parametrize(
    "code", [b"i", b"o", b"\x82", b"\x93", b"\x8b", b"I", b"P", b"\x95", b"\x94", b"\x92", b"B", b"S", b"2"]
)
def test_instructions_that_torch_does_not_write_are_refused(tmp_path: Path, code: bytes) -> None:
    with pytest.raises(ModelFileError, match="instruction that torch"):
        read(forged(tmp_path / "a.pth", b"\x80\x02N" + code + bytes(20) + b"."))


def test_another_protocol_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="protocol 4"):
        read(saved(tmp_path / "a.pth", {"a": torch.zeros(1)}, pickle_protocol=4))


def test_a_file_of_an_old_version_is_refused_with_the_line_that_converts_it(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pth", {"a": torch.zeros(1)}, _use_new_zipfile_serialization=False)
    with pytest.raises(ModelFileError, match=r"PyTorch before 1\.6") as caught:
        read(path)
    line = caught.value.advice.partition(": ")[2].rstrip(".")
    code = line.replace("old.pth", str(path)).replace("new.pth", str(tmp_path / "new.pth"))
    exec(code, {"torch": torch})
    assert torch.equal(read(tmp_path / "new.pth")[1][""]["a"], torch.zeros(1))


def zipped(path: Path, *members: tuple[str, bytes], compression: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_zips_of_something_else_and_bombs_are_refused(tmp_path: Path) -> None:
    program = dictionary(tensor((4,), (1,)))
    path = tmp_path / "a.pth"
    bomb = ("archive/data/0", bytes(60_000_000))
    for members, compression in (
        ([("readme.txt", b"hello")], 0),
        ([("archive/data.pkl", program), bomb], zipfile.ZIP_DEFLATED),
        ([("archive/data.pkl", program), ("archive/data/0", bytes(16))], zipfile.ZIP_BZIP2),
        ([("archive/data.pkl", program), ("other/data.pkl", program)], 0),
    ):
        with pytest.raises(ModelFileError):
            read(zipped(path, *members, compression=compression))
    with pytest.warns(UserWarning, match="Duplicate"):
        zipped(path, ("archive/data.pkl", program), *[("archive/data/0", bytes(16))] * 2)
    with pytest.raises(ModelFileError):
        read(path)


def test_a_member_that_states_another_size_is_refused(tmp_path: Path) -> None:
    path = forged(tmp_path / "a.pth", dictionary(tensor((4,), (1,))))
    content = path.read_bytes()
    start = content.rindex(b"PK\x01\x02")
    # Stored and original size in the directory, at bytes 20 and 24.
    for size in (15, 17, 2**31 - 1, 2**32 - 2):
        sizes = struct.pack("<II", size, size)
        path.write_bytes(content[: start + 20] + sizes + content[start + 28 :])
        with pytest.raises(ModelFileError):
            read(path)


def test_changed_bytes_of_a_tensor_are_noticed(tmp_path: Path) -> None:
    path = forged(tmp_path / "a.pth", dictionary(tensor((4,), (1,))), b"0123456789abcdef")
    path.write_bytes(path.read_bytes().replace(b"0123456789abcdef", b"0123456789abcdeX"))
    with pytest.raises(ModelFileError, match="CRC"):
        read(path)


def mutated(content: bytes, generator: np.random.Generator) -> bytes:
    data = bytearray(content)
    for _ in range(generator.integers(1, 6)):
        place = int(generator.integers(len(data)))
        kind = generator.integers(4)
        if kind == 0:
            data[place] = generator.integers(256)
        elif kind == 1:
            data[place] ^= 1 << int(generator.integers(8))
        elif kind == 2:
            del data[place : place + int(generator.integers(1, 9))]
        else:
            other = int(generator.integers(len(data)))
            data[place:place] = data[other : other + int(generator.integers(1, 30))]
        if not data:
            return b""
    return bytes(data)


def fuzz(tmp_path: Path, seed: int, count: int) -> int:
    """Read changed files, and return how many of them were read without an error."""
    generator = np.random.default_rng(seed)
    state = {
        "model": {"a": torch.rand(2, 3), "b": torch.rand(4).half()},
        "mean": np.arange(3.0),
        "names": np.array(["a", "b"]),
        "acc": np.float32(0.5),
        "args": argparse.Namespace(lr=0.1),
        "o": OrderedDict(x=nn.Parameter(torch.rand(2))),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer)
    whole = buffer.getvalue()
    with zipfile.ZipFile(buffer) as archive:
        members = [(item.filename, archive.read(item)) for item in archive.infolist()]
    path, read_well = tmp_path / "a.pth", 0
    for number in range(count):
        if number % 3:
            changed = [(n, mutated(c, generator) if n.endswith("data.pkl") else c) for n, c in members]
            zipped(path, *changed)
        else:
            path.write_bytes(mutated(whole, generator))
        try:
            read(path)
            read_well += 1
        except ModelFileError as error:
            assert error.where and error.advice
    return read_well


@pytest.mark.medium(but=("0",))
@pytest.mark.parametrize("seed", [0])
def test_changed_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    assert 0 < fuzz(tmp_path, seed, 300) < 300


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_many_changed_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    assert 0 < fuzz(tmp_path, seed, 5000) < 5000


def test_no_module_of_the_core_uses_the_readers_of_python_or_torch() -> None:
    """Neither by an import, nor as an attribute such as torch.load, nor by a name in a text."""
    wrong = []
    for path in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names = [f"{node.value.id}.{node.attr}"]
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                is_import = ast.unparse(node.func).endswith(("import_module", "__import__", "getattr"))
                names = [str(node.args[0].value)] if is_import else []
            wrong += [
                f"{path.name}: {name}"
                for name in names
                if any(
                    part in ("pickle", "pickletools", "_pickle", "cPickle", "dill")
                    for part in name.split(".")
                )
                or name in ("torch.load", "torch.serialization", "torch.serialization.load", "torch.jit")
                or name.startswith(("torch.hub.load", "torch.serialization"))
            ]
    assert not wrong
