"""Which device computes, proven by a real kernel, and why not the GPU when it is not used.

That a GPU is listed does not mean that it works: the installed PyTorch may hold no kernels for
it, or the driver may be too old. So a small convolution is run on a device before it is chosen.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from .errors import DeviceError
from .text import Text, joined

_SETUP_ADVICE = "Run 'Set up the environment' (deeplandcover:setupenvironment) with BUILD=cuda."
_DRIVER_ADVICE = "Install a current driver from your GPU's vendor and restart the computer."
_proven: set[str] = set()


@dataclass(frozen=True)
class DeviceReport:
    """Which device ``auto`` stands for.

    Attributes:
        device: As in ``select_device``: ``cuda:0``, ``mps`` or ``cpu``.
        description: For people: ``NVIDIA H100 80GB HBM3 (cuda:0)``.
        problem: Why the GPU is not used, a sentence with advice; empty where it is used.
    """

    device: str
    description: str
    problem: str = ""

    @property
    def sentence(self) -> str:
        """What will be used, and why not the GPU."""
        used = Text("Deep Land Cover will use {device}.", device=self.description)
        if not self.problem:
            return used
        return joined((used, Text("The GPU is not used: {problem}", problem=self.problem)))


def select_device(name: str = "auto") -> torch.device:
    """Return the device that ``name`` stands for, after a kernel has run on it.

    Args:
        name: ``auto`` (a CUDA GPU that works, else Apple's GPU, else the CPU), ``cpu``, ``cuda``
            (of several the one with most memory that works), ``cuda:N`` or ``mps``.

    Raises:
        DeviceError: The device that was asked for cannot be used; says why.
    """
    if name == "auto":
        return torch.device(check_device().device)
    if name == "cpu":
        return torch.device("cpu")
    if name == "mps":
        problem = _mps_problem()
        if problem:
            raise problem
        return torch.device("mps")
    if name == "cuda":
        return _best_gpu()
    kind, _, number = name.partition(":")
    if kind == "cuda" and number.isdecimal():
        return _numbered_gpu(int(number))
    raise DeviceError(
        "There is no device {name!r}", advice="Use auto, cpu, cuda, cuda:N (cuda:0, ...) or mps.", name=name
    )


def select_devices(name: str = "auto") -> tuple[torch.device, ...]:
    """Return the devices that share the work: that of ``select_device``, and the other GPUs like it.

    A GPU of another kind would round otherwise, and a slower one make the rest wait for its last tile.

    Args:
        name: As there. ``auto`` and ``cuda`` stand for all GPUs of the best kind, ``cuda:N`` for one.

    Raises:
        DeviceError: As there.
    """
    first = select_device(name)
    if first.type != "cuda" or name not in ("auto", "cuda"):
        return (first,)
    kind = torch.cuda.get_device_name(first.index)
    others = (index for index in range(torch.cuda.device_count()) if index != first.index)
    alike = [
        torch.device("cuda", index)
        for index in others
        if torch.cuda.get_device_name(index) == kind and _gpu_problem(index) is None
    ]
    return (first, *alike)


def memory_format(device: torch.device) -> torch.memory_format:
    """Return the order of a batch's values in memory that convolutions are fastest with.

    Tensor cores want the channels last; plain float32 on a CPU is a fifth slower that way
    (ResNet50, training on 16 x 16 patches, AMD EPYC).
    """
    return torch.channels_last if device.type == "cuda" else torch.contiguous_format


def has_bf16_units(device: torch.device) -> bool:
    """Return whether the device multiplies 16-bit brain floating-point numbers itself."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # AMX implies bfloat16 units of its own; without either, oneDNN emulates them slowly.
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return False


def has_8_bit_units() -> bool:
    """Return whether the processor adds up products of 8-bit numbers itself, without overflow."""
    return bool(torch.cpu._is_vnni_supported())


def describe_device(device: torch.device) -> str:
    """Return for example ``NVIDIA H100 80GB HBM3 (cuda:0)`` or ``CPU, 2 threads``."""
    if device.type == "cuda":
        index = device.index if device.index is not None else torch.cuda.current_device()
        return f"{torch.cuda.get_device_name(index)} (cuda:{index})"
    if device.type == "mps":
        return Text("Apple GPU (mps)")
    threads = torch.get_num_threads()
    return Text("CPU, {threads} threads", threads=threads) if threads > 1 else Text("CPU, 1 thread")


def describe_devices(devices: Sequence[torch.device]) -> str:
    """Return the descriptions of the devices, joined by "and"."""
    first, *others = map(describe_device, devices)
    for device in others:
        first = Text("{devices} and {device}", devices=first, device=device)
    return first


def check_device() -> DeviceReport:
    """Return what ``auto`` uses, by running a kernel on it, and why not the GPU.

    What was proven once in this process is not run again.
    """
    problem: DeviceError | None = None
    try:
        device = _best_gpu()
    except DeviceError as error:
        problem = error
        device = torch.device("cpu")
        if sys.platform == "darwin":
            problem = _mps_problem()
            device = device if problem else torch.device("mps")
    return DeviceReport(str(device), describe_device(device), problem.sentence if problem else "")


def explain_cuda_error(text: str, gpu: str = Text("the GPU")) -> DeviceError:
    """Return in the user's words what PyTorch or the CUDA runtime says in ``text``.

    The phrases are those of ``c10/cuda/CUDAFunctions.cpp`` and ``cudaGetErrorString``.
    """
    low = text.lower()
    if "no kernel image" in low:
        return DeviceError(
            "The installed PyTorch holds no kernels for {gpu}",
            advice="The GPU is too old or too new for this build. " + _SETUP_ADVICE,
            gpu=gpu,
        )
    if "driver" in low and ("too old" in low or "insufficient" in low):
        return DeviceError(
            "The NVIDIA driver is too old for the installed PyTorch (CUDA {cuda})",
            advice=_DRIVER_ADVICE + " Or run 'Set up the environment' again, which picks the build for it.",
            cuda=torch.version.cuda,
        )
    if "found no nvidia driver" in low:
        return DeviceError(
            "No NVIDIA driver was found",
            advice="Nothing is wrong where there is no NVIDIA GPU. Else: " + _DRIVER_ADVICE,
        )
    if "out of memory" in low:
        return DeviceError(
            "The memory of {gpu} is full",
            advice="Close other programs that use the GPU and try again.",
            gpu=gpu,
        )
    if "no cuda gpus are available" in low or "no cuda-capable device" in low:
        advice = "Check that nvidia-smi lists it."
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        if visible is None:
            return DeviceError("The NVIDIA driver shows no GPU", advice=advice)
        return DeviceError(
            "The NVIDIA driver shows no GPU, because CUDA_VISIBLE_DEVICES is {visible!r}",
            advice=advice,
            visible=visible,
        )
    reason = text.strip().splitlines()[0].rstrip(".") if text.strip() else Text("no reason given")
    return DeviceError(
        "A test computation fails on {gpu}: {reason}", advice=_DRIVER_ADVICE, gpu=gpu, reason=reason
    )


def _best_gpu() -> torch.device:
    """Return the working GPU with most memory.

    Raises:
        DeviceError: There is none; says why the one with most memory does not work.
    """
    count = _count_gpus()
    order = sorted(range(count), key=lambda index: -torch.cuda.get_device_properties(index).total_memory)
    first_problem: DeviceError | None = None
    for index in order:
        problem = _gpu_problem(index)
        if problem is None:
            return torch.device("cuda", index)
        first_problem = first_problem or problem
    raise first_problem or explain_cuda_error("No CUDA GPUs are available")


def _numbered_gpu(index: int) -> torch.device:
    count = _count_gpus()
    if index >= count:
        raise DeviceError(
            "There is no device 'cuda:{index}', as there is 1 GPU"
            if count == 1
            else "There is no device 'cuda:{index}', as there are {count} GPUs",
            advice="Counting starts at 0.",
            index=index,
            count=count,
        )
    problem = _gpu_problem(index)
    if problem:
        raise problem
    return torch.device("cuda", index)


def _count_gpus() -> int:
    """Return how many GPUs CUDA shows.

    Raises:
        DeviceError: CUDA does not start; says why.
    """
    if torch.version.cuda is None and torch.version.hip is None:
        if _has_nvidia_driver():
            raise DeviceError("PyTorch was installed without CUDA", advice=_SETUP_ADVICE)
        raise explain_cuda_error("Found no NVIDIA driver on your system")
    if not torch.cuda.is_available():
        # is_available() swallows the reason; init() raises it.
        try:
            torch.cuda.init()  # type: ignore[no-untyped-call]
        except (RuntimeError, AssertionError) as error:
            raise explain_cuda_error(str(error)) from error
        raise explain_cuda_error("No CUDA GPUs are available")
    return torch.cuda.device_count()


def _gpu_problem(index: int) -> DeviceError | None:
    gpu: str = Text("the GPU cuda:{index}", index=index)
    try:
        gpu = describe_device(torch.device("cuda", index))
        _prove(torch.device("cuda", index))
    except (RuntimeError, AssertionError) as error:
        return explain_cuda_error(str(error), gpu)
    return None


def _mps_problem() -> DeviceError | None:
    if not torch.backends.mps.is_available():
        return DeviceError("There is no Apple GPU that PyTorch can use", advice="Choose cpu or auto.")
    try:
        _prove(torch.device("mps"))
    except RuntimeError as error:
        return explain_cuda_error(str(error), Text("the Apple GPU"))
    return None


def _prove(device: torch.device) -> None:
    """Run a convolution on ``device`` and compare it with the CPU's.

    Raises:
        RuntimeError: It does not run, or its result is wrong.
    """
    if str(device) in _proven:
        return
    values = torch.linspace(-1.0, 1.0, 2 * 4 * 16 * 16).reshape(2, 4, 16, 16)
    kernel = torch.linspace(-0.5, 0.5, 8 * 4 * 3 * 3).reshape(8, 4, 3, 3)
    expected = torch.nn.functional.conv2d(values, kernel, padding=1)
    result = torch.nn.functional.conv2d(values.to(device), kernel.to(device), padding=1).cpu()
    # TensorFloat-32 keeps 10 bits of the mantissa; a broken kernel is far further off.
    if not torch.allclose(result, expected, rtol=0.02, atol=0.02):
        raise RuntimeError("a convolution gives a wrong result")
    _proven.add(str(device))


def _has_nvidia_driver() -> bool:
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None
