"""How fast a raster becomes a map: patches a second against a plain loop, in one run, in turns."""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasterio
import torch
from torch import nn

from deep_land_cover.core.demo.outputs import write_demo
from deep_land_cover.core.device import select_device
from deep_land_cover.core.models.card import ModelCard
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.options import INDEX_NAMES, Method
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Tile
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run
from deep_land_cover.runtime.process_env import worker_environment

from ..tests.requests import changed
from .agreement import measure_agreement
from .figures import describe_machine, print_figure
from .inference_tasks import PATCH, SIDE, Bench, cold_seconds, methods_on, timed, trained_model
from .overhead import record
from .plain_inference import plain_map
from .province import write_model
from .stages import measure_stages
from .torchgeo_inference import torchgeo_rate
from .worker import open_worker

STRIDES = (1, 4)
PARTS = ("speed", "stages", "first_tile", "unet", "agreement", "torchgeo")
TORCHGEO_CENTRES = 2500
# Of the pixels that both classify, so many must have the plain loop's class in 32 bits.
_LEAST_EQUAL = 0.999


def measure_speed(bench: Bench, methods: dict[str, Method], shares: dict[str, Any]) -> dict[str, float]:
    """Print the figures against the plain loop; return patches a second at stride 1."""
    network, card = load_model(bench.model)
    network = network.to(bench.device)
    at_stride_1: dict[str, float] = {}
    for stride in STRIDES:
        window = bench.window(stride)
        requests = {name: bench.request(stride, window, method) for name, method in methods.items()}
        cold = {name: cold_seconds(request) for name, request in requests.items() if stride == 1}
        recordings = {name: record(request) for name, request in requests.items()}
        _check(bench, network, card, window, stride, requests)
        rates: dict[str, list[float]] = {name: [] for name in ("plain", *methods)}
        outside: dict[str, list[float]] = {name: [] for name in methods}
        for _ in range(bench.rounds):
            start = time.perf_counter()
            patches = plain_map(bench.scene, network, card, window, stride, bench.folder / "plain.tif")
            rates["plain"].append(patches / (time.perf_counter() - start))
            for name, request in requests.items():
                seconds, patches = timed(request)
                rates[name].append(patches / seconds)
                outside[name].append(1 - recordings[name].model_seconds() / seconds)
        for name, method in methods.items():
            ratios = [ours / plain for ours, plain in zip(rates[name], rates["plain"], strict=True)]
            share = statistics.median(outside[name])
            shares[f"s{stride}.{name}"] = round(share, 3)
            if stride == 1:
                at_stride_1[name] = statistics.median(rates[name])
            print_figure(
                f"inference.resnet50.s{stride}.{name}.vs_plain_loop",
                round(statistics.median(rates[name]), 1),
                "patches/s",
                baseline=round(statistics.median(rates["plain"]), 1),
                device=bench.where,
                ratio=round(statistics.median(ratios), 2),
                ratios=[round(ratio, 2) for ratio in ratios],
                outside_model=round(share, 3),
                computed_again=recordings[name].computed_again,
                cold_seconds=round(cold[name], 1) if name in cold else None,
                method=str(method),
                patches=recordings[name].patches,
                patch=[len(card.channels), PATCH, PATCH],
                threads=torch.get_num_threads(),
            )
    return at_stride_1


def _check(
    bench: Bench,
    network: nn.Module,
    card: ModelCard,
    window: Tile,
    stride: int,
    requests: dict[str, ClassifyRequest],
) -> None:
    """See to it that both make the same map.

    Raises:
        RuntimeError: They do not.
    """
    plain = bench.folder / "plain.tif"
    plain_map(bench.scene, network, card, window, stride, plain)
    run(requests["torch_fp32"], SilentProgress())
    with rasterio.open(plain) as first, rasterio.open(requests["torch_fp32"].products.map) as second:
        maps = first.read(1), second.read(1)
    # A cell whose middle is invalid takes another pixel's class in the product, and none in the loop.
    both = (maps[0] != 255) & (maps[1] != 255)
    equal = float((maps[0] == maps[1])[both].mean())
    if equal < _LEAST_EQUAL:
        raise RuntimeError(f"only {equal:.2%} of the pixels have the plain loop's class")


def print_stages(bench: Bench, methods: dict[str, Method]) -> None:
    """Print where the time of the quickest method goes at stride 1."""
    name = _quickest(methods)
    request = bench.request(1, bench.window(1), methods[name])
    run(request, SilentProgress())
    seconds = measure_stages(request, bench.device)
    print_figure("inference.stages", seconds.pop("whole"), "s", device=bench.where, of=name, seconds=seconds)


def _quickest(methods: dict[str, Method]) -> str:
    """Return the name of the method in 16 bits that is best here, else of the last one."""
    return next((name for name in ("torch_fp16", "openvino_f16") if name in methods), list(methods)[-1])


def measure_first_tile(bench: Bench) -> None:
    """Print the seconds from a request to its first classified patches, in a new and in a warm worker."""
    request = bench.request(1, bench.window(1), Method())
    with open_worker() as worker:
        cold = worker.seconds_to_first_patches("classify", request)
        warm = [worker.seconds_to_first_patches("classify", request) for _ in range(bench.rounds)]
    print_figure("inference.first_tile.cold", round(cold, 2), "s", device=bench.where)
    print_figure(
        "inference.first_tile.warm",
        round(statistics.median(warm), 3),
        "s",
        device=bench.where,
        runs=[round(seconds, 3) for seconds in warm],
    )


def measure_unet(bench: Bench, at_stride_1: dict[str, float]) -> None:
    """Print the pixels a second of a U-Net, and how many times that is the patches a second."""
    model = write_model(bench.folder / "unet.safetensors", "unet_resnet50", PATCH, INDEX_NAMES)
    request = changed(
        bench.request(1, Tile(0, 0, SIDE, SIDE), Method(), "unet.tif"), model=str(model), min_valid=0.0
    )
    run(request, SilentProgress())
    measured = [timed(request) for _ in range(bench.rounds)]
    rate = statistics.median(pixels / seconds for seconds, pixels in measured)
    if not at_stride_1:
        window = bench.window(1)
        for name, method in methods_on(bench.device).items():
            run(bench.request(1, window, method), SilentProgress())
            seconds, patches = timed(bench.request(1, window, method))
            at_stride_1[name] = patches / seconds
    print_figure(
        "inference.unet_resnet50.pixels_vs_patches",
        round(rate, 1),
        "pixels/s",
        baseline=round(at_stride_1["torch_fp32"], 1),
        device=bench.where,
        baseline_is="patches/s of torch_fp32",
        ratio={name: round(rate / value, 1) for name, value in at_stride_1.items()},
        method="torch fp32",
    )


def measure_torchgeo(bench: Bench) -> None:
    """Print patches a second of torchgeo's loop against the plain one and ours, on fewer centres."""
    network, card = load_model(bench.model)
    network = network.to(bench.device)
    window = Tile(0, 0, SIDE // 4, SIDE)
    request = bench.request(4, window, Method())
    run(request, SilentProgress())
    rates: dict[str, list[float]] = {"torchgeo": [], "plain": [], "ours": []}
    for _ in range(bench.rounds):
        rates["torchgeo"].append(torchgeo_rate(bench.scene, network, card, TORCHGEO_CENTRES))
        start = time.perf_counter()
        patches = plain_map(bench.scene, network, card, window, 4, bench.folder / "plain.tif")
        rates["plain"].append(patches / (time.perf_counter() - start))
        seconds, patches = timed(request)
        rates["ours"].append(patches / seconds)
    median = {name: statistics.median(values) for name, values in rates.items()}
    print_figure(
        "inference.resnet50.s4.vs_torchgeo",
        round(median["ours"], 1),
        "patches/s",
        baseline=round(median["torchgeo"], 1),
        device=bench.where,
        ratio=round(median["ours"] / median["torchgeo"], 2),
        plain_loop=round(median["plain"], 1),
        centres=TORCHGEO_CENTRES,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench inference", description=__doc__)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--centres", type=int, default=20_000, help="that are classified, about")
    parser.add_argument("--epochs", type=int, default=10, help="of the network whose agreement is measured")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--only", nargs="+", help="these, such as openvino_f16, and torch_fp32")
    options = parser.parse_args(arguments)
    device = select_device(options.device)
    methods = methods_on(device)
    if options.only:
        methods = {name: methods[name] for name in methods if name in ("torch_fp32", *options.only)}
    with tempfile.TemporaryDirectory() as folder:
        demo = write_demo(Path(folder), 1, SilentProgress(), SIDE)
        scene = demo.scene
        model = trained_model(Path(folder) / "model.safetensors", scene, demo.reference, device)
        bench = Bench(
            Path(folder),
            scene,
            model,
            device,
            describe_machine(str(device)),
            max(options.rounds, 1),
            options.centres,
        )
        shares: dict[str, Any] = {}
        rates: dict[str, float] = {}
        if "speed" in options.parts:
            rates = measure_speed(bench, methods, shares)
            best = _quickest(methods)
            print_figure(
                "inference.overhead_share",
                shares[f"s1.{best}"],
                "(total - model) / total",
                device=bench.where,
                of=f"s1.{best}",
                **shares,
            )
        if "stages" in options.parts:
            print_stages(bench, methods)
        if "first_tile" in options.parts:
            measure_first_tile(bench)
        if "torchgeo" in options.parts:
            if importlib.util.find_spec("torchgeo") is None:
                print("not measured: torchgeo is not installed", file=sys.stderr)
            else:
                measure_torchgeo(bench)
        if "unet" in options.parts:
            measure_unet(bench, rates)
    if "agreement" in options.parts:
        measure_agreement(methods, device, bench.where, options.epochs, torch.get_num_threads())


def _as_the_worker() -> None:
    """Start this process again with the memory settings of the worker, which it stands for."""
    wanted = worker_environment(os.environ)
    if any(os.environ.get(name) != value for name, value in wanted.items() if name.startswith("MALLOC_")):
        os.execve(sys.executable, sys.orig_argv, os.environ | wanted)


if __name__ == "__main__":
    _as_the_worker()
    main()
