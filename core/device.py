"""Choice of the computing device, tested by a kernel, and the reason if the GPU cannot be used.

A GPU that is listed may not work: the installed PyTorch may have no kernels for it, or the driver may be too
old. A small convolution is therefore run on a device before it is chosen.

>>> select_device("auto")          # device(type='cuda', index=0)
>>> check_device().sentence        # "Deep Land Cover will use NVIDIA H100 80GB HBM3 (cuda:0)."
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from .errors import DeviceError
from .text import Text, joined

_SETUP_ADVICE = "Run 'Set up the environment' (deeplandcover:setupenvironment) with BUILD=cuda."
_DRIVER_ADVICE = "Install a current driver from your GPU's vendor and restart the computer."


@dataclass(frozen=True)
class DeviceReport:
    """Device that ``auto`` stands for.

    Attributes:
        device: Name of the device: ``cuda:0``, ``mps`` or ``cpu``.
        description: Name for users, such as ``NVIDIA H100 80GB HBM3 (cuda:0)``.
        problem: Sentence on why the GPU is not used, with advice; empty if it is used.
    """

    device: str
    description: str
    problem: str = ""

    @property
    def sentence(self) -> str:
        """Sentence on the device and, if it is not the GPU, on the reason."""
        used = Text("Deep Land Cover will use {device}.", device=self.description)
        if not self.problem:
            return used
        return joined((used, Text("The GPU is not used: {problem}", problem=self.problem)))


def select_device(name: str = "auto") -> torch.device:
    """Return a device after a kernel has run on it.

    Args:
        name: ``auto`` (a working CUDA GPU, else Apple's GPU, else the CPU), ``cpu``, ``cuda`` (the working
            GPU with most memory), ``cuda:N`` or ``mps``.

    Raises:
        DeviceError: The requested device does not exist or cannot be used.
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
    """Return the devices that work in parallel: that of ``select_device`` and other GPUs of the same model.

    A GPU of another model would round differently, and a slower one would delay the end of the run.

    Args:
        name: Name as in ``select_device``. ``auto`` and ``cuda`` stand for all GPUs of the best model,
            ``cuda:N`` for a single one.

    Raises:
        DeviceError: The requested device does not exist or cannot be used.
    """
    first = select_device(name)
    if first.type != "cuda" or name not in ("auto", "cuda"):
        return (first,)
    kind = torch.cuda.get_device_name(first.index)
    others = (index for index in range(torch.cuda.device_count()) if index != first.index)
    same_model = [
        torch.device("cuda", index)
        for index in others
        if torch.cuda.get_device_name(index) == kind and _gpu_problem(index) is None
    ]
    return (first, *same_model)


def memory_format(device: torch.device) -> torch.memory_format:
    """Return the memory format with which convolutions are fastest on a device.

    Tensor cores are fastest with channels last. Float32 on a CPU is a fifth slower with it (training of a
    ResNet50 on 16 x 16 patches, AMD EPYC).
    """
    return torch.channels_last if device.type == "cuda" else torch.contiguous_format


def has_bf16_units(device: torch.device) -> bool:
    """Return whether a device has hardware for products of bfloat16 numbers."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # AMX includes bfloat16 units. Without AMX or AVX512-BF16, oneDNN emulates them slowly.
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return False


def has_8_bit_units() -> bool:
    """Return whether the CPU has hardware for sums of products of 8-bit integers without overflow (VNNI)."""
    return bool(torch.cpu._is_vnni_supported())


def describe_device(device: torch.device) -> str:
    """Return the name of a device for users: ``NVIDIA H100 80GB HBM3 (cuda:0)`` or ``CPU, 2 threads``."""
    if device.type == "cuda":
        index = device.index if device.index is not None else torch.cuda.current_device()
        return f"{torch.cuda.get_device_name(index)} (cuda:{index})"
    if device.type == "mps":
        return Text("Apple GPU (mps)")
    threads = torch.get_num_threads()
    return Text("CPU, {threads} threads", threads=threads) if threads > 1 else Text("CPU, 1 thread")


def describe_devices(devices: Sequence[torch.device]) -> str:
    """Return the names of devices for users, joined by "and"."""
    first, *others = map(describe_device, devices)
    for device in others:
        first = Text("{devices} and {device}", devices=first, device=device)
    return first


def check_device() -> DeviceReport:
    """Return the device that ``auto`` stands for, after a kernel has run on it."""
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
    """Return the error for a message of PyTorch or the CUDA runtime.

    The phrases are those of ``c10/cuda/CUDAFunctions.cpp`` and ``cudaGetErrorString``.

    Args:
        text: Message of the exception.
        gpu: Name of the GPU, for the error.
    """
    low = text.lower()
    if "no kernel image" in low:
        return DeviceError(
            "The installed PyTorch has no kernels for {gpu}",
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
            advice="This is no fault on a computer without an NVIDIA GPU. Otherwise: " + _DRIVER_ADVICE,
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
        DeviceError: There is none. The error is that of the GPU with most memory.
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
    """Return the number of GPUs that CUDA lists.

    Raises:
        DeviceError: CUDA does not start.
    """
    if torch.version.cuda is None and torch.version.hip is None:
        if has_nvidia_driver():
            raise DeviceError("PyTorch was installed without CUDA", advice=_SETUP_ADVICE)
        raise explain_cuda_error("Found no NVIDIA driver on your system")
    if not torch.cuda.is_available():
        # is_available() hides the reason, and init() raises it.
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
        run_test_kernel(torch.device("cuda", index))
    except (RuntimeError, AssertionError) as error:
        return explain_cuda_error(str(error), gpu)
    return None


def _mps_problem() -> DeviceError | None:
    if not torch.backends.mps.is_available():
        return DeviceError("There is no Apple GPU that PyTorch can use", advice="Choose cpu or auto.")
    try:
        run_test_kernel(torch.device("mps"))
    except RuntimeError as error:
        return explain_cuda_error(str(error), Text("the Apple GPU"))
    return None


@cache
def run_test_kernel(device: torch.device) -> None:
    """Run a convolution on a device and compare the result with the CPU, once per process and device.

    Raises:
        RuntimeError: The convolution does not run, or its result is wrong.
    """
    values = torch.linspace(-1.0, 1.0, 2 * 4 * 16 * 16).reshape(2, 4, 16, 16)
    kernel = torch.linspace(-0.5, 0.5, 8 * 4 * 3 * 3).reshape(8, 4, 3, 3)
    expected = torch.nn.functional.conv2d(values, kernel, padding=1)
    result = torch.nn.functional.conv2d(values.to(device), kernel.to(device), padding=1).cpu()
    # TensorFloat-32 has a mantissa of 10 bits. The error of a broken kernel is much larger.
    if not torch.allclose(result, expected, rtol=0.02, atol=0.02):
        raise RuntimeError("a convolution gives a wrong result")


def has_nvidia_driver() -> bool:
    """Return whether an NVIDIA driver is installed on this computer."""
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None
