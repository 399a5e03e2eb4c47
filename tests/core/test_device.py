"""Which device is chosen, and the words for why a GPU is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from deep_land_cover.core import device as module
from deep_land_cover.core.device import (
    check_device,
    describe_device,
    describe_devices,
    explain_cuda_error,
    select_device,
    select_devices,
)
from deep_land_cover.core.errors import DeviceError

has_gpu = torch.cuda.is_available()


@pytest.fixture
def gpus(monkeypatch):
    """Stand-ins for GPUs: memory in GiB, and what a kernel on each raises."""

    def make(memory, failures=()):
        monkeypatch.setattr(torch.version, "cuda", "13.0")
        monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(memory))
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(memory))
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"GPU {memory[index]} GB")
        monkeypatch.setattr(
            torch.cuda,
            "get_device_properties",
            lambda index: SimpleNamespace(total_memory=memory[index] << 30),
        )

        def run_test_kernel(device):
            if device.type == "cuda" and device.index in dict(failures):
                raise RuntimeError(dict(failures)[device.index])

        monkeypatch.setattr(module, "run_test_kernel", run_test_kernel)

    return make


def test_the_cpu_is_always_there():
    assert select_device("cpu") == torch.device("cpu")
    threads = torch.get_num_threads()
    assert describe_device(torch.device("cpu")) == f"CPU, {threads} thread{'s' * (threads != 1)}"


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "cuda:", "cuda:-1", "", "CUDA", "cpu:0", "xpu"])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(DeviceError, match="cuda:N"):
        select_device(name)


@pytest.mark.skipif(has_gpu, reason="there is a GPU")
def test_without_a_gpu_auto_is_the_cpu_and_the_report_says_why():
    report = check_device()
    assert select_device("auto").type in ("cpu", "mps")
    if report.device == "cpu":
        assert report.problem
        assert "Deep Land Cover will use CPU" in report.sentence
        assert "The GPU is not used: " in report.sentence


@pytest.mark.skipif(has_gpu, reason="there is a GPU")
@pytest.mark.parametrize("name", ["cuda", "cuda:0"])
def test_without_a_gpu_cuda_is_refused_with_the_reason(name):
    with pytest.raises(DeviceError, match=r"NVIDIA|CUDA|GPU"):
        select_device(name)


@pytest.mark.gpu
@pytest.mark.skipif(not has_gpu, reason="no CUDA device")
def test_a_real_gpu_is_proven_and_named():
    chosen = select_device("auto")
    assert chosen.type == "cuda"
    assert torch.cuda.get_device_name(chosen) in describe_device(chosen)
    assert check_device().problem == ""
    assert module.run_test_kernel.cache_info().currsize >= 1


def test_of_several_gpus_the_one_with_most_memory_is_taken(gpus):
    gpus([8, 24, 12])
    assert select_device("cuda") == select_device("auto") == torch.device("cuda", 1)
    assert check_device().sentence == "Deep Land Cover will use GPU 24 GB (cuda:1)."


def test_a_gpu_without_kernels_is_passed_over_for_one_that_works(gpus):
    gpus([24, 8], {0: "CUDA error: no kernel image is available for execution on the device"})
    assert select_device("cuda") == torch.device("cuda", 1)


def test_a_gpu_asked_for_by_number_is_that_one_or_refused(gpus):
    gpus([24, 8], {1: "CUDA error: no kernel image is available for execution on the device"})
    assert select_device("cuda:0") == torch.device("cuda", 0)
    with pytest.raises(DeviceError, match=r"has no kernels for GPU 8 GB \(cuda:1\)"):
        select_device("cuda:1")
    with pytest.raises(DeviceError, match="There is no device 'cuda:2', as there are 2 GPUs"):
        select_device("cuda:2")


def test_gpus_of_the_best_kind_that_work_share_and_one_by_number_is_alone(gpus):
    gpus([8, 24, 24, 24], {2: "no kernel image is available"})
    assert [device.index for device in select_devices("auto")] == [1, 3]
    assert [device.index for device in select_devices("cuda")] == [1, 3]
    assert [device.index for device in select_devices("cuda:3")] == [3]
    assert describe_devices(select_devices("cuda")) == "GPU 24 GB (cuda:1) and GPU 24 GB (cuda:3)"
    assert select_devices("cpu") == (torch.device("cpu"),)


def test_where_no_gpu_works_auto_is_the_cpu_and_the_best_ones_reason_is_told(gpus):
    gpus([8, 24], {0: "CUDA error: unknown", 1: "CUDA out of memory"})
    report = check_device()
    assert report.device == "cpu"
    assert "The memory of GPU 24 GB (cuda:1) is full" in report.sentence


def test_a_build_without_cuda_is_told(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(module, "has_nvidia_driver", lambda: True)
    with pytest.raises(DeviceError, match=r"installed without CUDA.*BUILD=cuda"):
        select_device("cuda")
    monkeypatch.setattr(module, "has_nvidia_driver", lambda: False)
    with pytest.raises(DeviceError, match="No NVIDIA driver was found"):
        select_device("cuda")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # As written in c10/cuda/CUDAFunctions.cpp, torch/cuda/__init__.py and cudaGetErrorString.
        (
            "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU",
            "No NVIDIA driver was found",
        ),
        (
            "The NVIDIA driver on your system is too old (found version 11040).",
            "driver is too old",
        ),
        ("CUDA driver version is insufficient for CUDA runtime version", "driver is too old"),
        (
            "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors",
            "has no kernels",
        ),
        ("CUDA out of memory. Tried to allocate 20.00 MiB.", "memory of the GPU is full"),
        ("No CUDA GPUs are available", "shows no GPU"),
        ("no CUDA-capable device is detected", "shows no GPU"),
        ("CUDA unknown error - this may be due to", "fails on the GPU: CUDA unknown error"),
        ("", "fails on the GPU: no reason given"),
    ],
)
def test_what_cuda_says_becomes_a_sentence_with_advice(text, words):
    error = explain_cuda_error(text)
    assert words in str(error)
    assert error.advice


def test_a_hidden_gpu_is_told_by_the_variable_that_hides_it(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "CUDA_VISIBLE_DEVICES is '-1'" in str(explain_cuda_error("No CUDA GPUs are available"))


def test_a_kernel_that_computes_wrongly_is_found_every_time(monkeypatch):
    module.run_test_kernel.cache_clear()
    real = torch.nn.functional.conv2d
    calls = []

    def wrong_second_time(*arguments, **options):
        calls.append(1)
        return real(*arguments, **options) * (1.0 if len(calls) % 2 else 1.5)

    monkeypatch.setattr(torch.nn.functional, "conv2d", wrong_second_time)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="wrong result"):
            module.run_test_kernel(torch.device("cpu"))
    assert len(calls) == 4


def test_what_was_proven_is_not_run_again(monkeypatch):
    module.run_test_kernel.cache_clear()
    module.run_test_kernel(torch.device("cpu"))
    monkeypatch.setattr(torch.nn.functional, "conv2d", None)
    module.run_test_kernel(torch.device("cpu"))
