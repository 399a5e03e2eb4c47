"""How fast a network trains: patches a second of our loop against a plain one."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from deep_land_cover.benchmarks.figures import describe_machine, print_figure
from deep_land_cover.benchmarks.plain_training import PlainLoop, Slices
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.device import select_device
from deep_land_cover.core.models.architecture import FitSettings
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.specialise import skip_padding
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.patch_store import Pixels
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.base import PixelDataset
from deep_land_cover.core.training.feeds.patch import PatchFeed
from deep_land_cover.core.training.optimisation import (
    Step,
    choose_precision,
    memory_format_for,
)

SIDE, FIELD, CHANNELS, CLASSES = 512, 128, 23, 6
BLOCK = 8
RATE = 1e-4
# Few steps must do where it is the accuracy that is compared.
FINAL_RATE = 1e-3
TRAINED, EPOCHS = 2048, 4


@dataclass(frozen=True, eq=False)
class Scene:
    """Standardised channels (channels, rows, columns), a class a pixel, and labelled pixels."""

    channels: np.ndarray
    truth: np.ndarray
    rows: np.ndarray
    columns: np.ndarray

    @property
    def codes(self) -> np.ndarray:
        """The classes of the labelled pixels."""
        return self.truth[self.rows, self.columns]


def make_scene(count: int, seed: int) -> Scene:
    """Return fields of 128 pixels whose classes differ a little in each channel, under more noise."""
    generator = np.random.default_rng(seed)
    fields = generator.integers(CLASSES, size=(SIDE // FIELD, SIDE // FIELD))
    truth = np.kron(fields, np.ones((FIELD, FIELD), dtype=np.int64))
    colours = generator.normal(0, 0.5, (CLASSES, CHANNELS))
    channels = colours[truth].transpose(2, 0, 1) + generator.normal(0, 1, (CHANNELS, SIDE, SIDE))
    places = generator.integers(SIDE, size=(2, count))
    return Scene(channels.astype(np.float32), truth, places[0], places[1])


class OurLoop:
    """The parts of the product's loop, put together as ``NetworkTrainer`` and ``fit`` do it."""

    def __init__(
        self, architecture: str, scene: Scene, size: int, settings: FitSettings, device: torch.device
    ) -> None:
        precision = choose_precision(settings.precision, device)
        torch.manual_seed(settings.seed)
        self.network = build_network(architecture, CHANNELS, CLASSES)
        skip_padding(self.network, CHANNELS, size)
        self.network = self.network.to(device).to(memory_format=memory_format_for(precision, device)).train()
        dataset = _dataset(scene)
        feed = PatchFeed(dataset.pixels.to(device), dataset.samples, size, precision)
        optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=settings.learning_rate, weight_decay=0.01, fused=True
        )
        weights = torch.ones(CLASSES, device=device)
        self._step = Step(self.network, optimiser, weights, feed, dataset, settings, precision)
        self._generator = np.random.default_rng(0)
        self._all = np.arange(len(scene.rows))
        self._size = settings.batch_size
        self._batches = iter(())

    def step(self) -> int:
        """Train one batch; return how many patches it had."""
        batch = next(self._batches, None)
        if batch is None or len(batch) < self._size:
            self._batches = iter(self._step.feed.epoch(self._all, self._size, self._generator))
            batch = next(self._batches)
        self._step(batch, self._generator)
        return len(batch)


def _dataset(scene: Scene) -> PixelDataset:
    """Return the scene as ``read_pixels`` gives it: mirrored by two blocks beyond its edges."""
    margin = 4
    reach = margin * BLOCK
    padded = np.pad(scene.channels, ((0, 0), (reach, reach), (reach, reach)), mode="reflect")
    across = SIDE // BLOCK + 2 * margin
    blocks = padded.reshape(CHANNELS, across, BLOCK, across, BLOCK).transpose(1, 3, 2, 4, 0)
    values = torch.from_numpy(np.ascontiguousarray(blocks).reshape(across**2, BLOCK**2, CHANNELS))
    values = torch.cat([values, torch.zeros(1, BLOCK**2, CHANNELS)])
    pixels = Pixels(values, torch.arange(across**2), BLOCK, across, margin)
    classes = tuple(LandCoverClass(code, f"Class {code}", "#808080") for code in range(CLASSES))
    zeros = np.zeros_like(scene.rows)
    samples = Samples(scene.rows, scene.columns, scene.codes, zeros, classes, (1.0,) * CLASSES)
    names = tuple(f"channel {number}" for number in range(CHANNELS))
    scaling = Scaling((0.0,) * CHANNELS, (1.0,) * CHANNELS)
    return PixelDataset(samples, Preparation(names, (), {}, 1.0, scaling=scaling), pixels)


def rates(loops: dict[str, Callable[[], int]], steps: int, rounds: int) -> dict[str, list[float]]:
    """Return patches a second of each loop, measured in turns, ``rounds`` of ``steps`` steps each."""
    for step in loops.values():
        step()
        step()
    measured: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, step in loops.items():
            start = time.perf_counter()
            patches = sum(step() for _ in range(steps))
            measured[name].append(patches / (time.perf_counter() - start))
    return measured


def accuracies(
    architecture: str, size: int, device: torch.device, count: int, epochs: int
) -> dict[str, float]:
    """Return the accuracy of both loops, in percent, on samples of another scene of the same classes.

    Same samples, same number of steps at batch 64, same rate; ours in its own precision.
    """
    whole = make_scene(2 * count, seed=1)
    train, test = (
        replace(whole, rows=whole.rows[part], columns=whole.columns[part])
        for part in (slice(0, count), slice(count, None))
    )
    settings = FitSettings(batch_size=64, learning_rate=FINAL_RATE, augment=False, clip_norm=0.0)
    torch.manual_seed(settings.seed)
    slices = Slices(train.channels, train.rows, train.columns, train.codes, size)
    plain = PlainLoop(build_network(architecture, CHANNELS, CLASSES), slices, 64, device, FINAL_RATE)
    ours = OurLoop(architecture, train, size, settings, device)
    for _ in range(epochs * (count // 64)):
        plain.step()
        ours.step()
    dataset = _dataset(test)
    feed = PatchFeed(dataset.pixels.to(device), dataset.samples, size, torch.float32)
    result = {}
    for name, loop in (("plain", plain), ("ours", ours)):
        logits = feed.logits(loop.network, np.arange(count), SilentProgress())
        result[name] = 100 * float((logits.argmax(dim=1).numpy() == test.codes).mean())
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", default="resnet50")
    parser.add_argument("--size", type=int, default=32, help="rows and columns of a patch")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=4, help="steps a round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-accuracy", action="store_true", help="leave out the minutes that it takes")
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 128, 256], help="64 must be the first")
    options = parser.parse_args()
    device = select_device(options.device)
    scene = make_scene(4096, seed=0)
    where = describe_machine(str(device))
    best: dict[str, tuple[float, int]] = {}
    for size in options.batches:
        settings = FitSettings(batch_size=size, learning_rate=RATE)
        slices = Slices(scene.channels, scene.rows, scene.columns, scene.codes, options.size)
        network = build_network(options.architecture, CHANNELS, CLASSES)
        loops: dict[str, Callable[[], int]] = {
            "plain": PlainLoop(network, slices, size, device, RATE).step,
            "ours": OurLoop(options.architecture, scene, options.size, settings, device).step,
        }
        measured = rates(loops, max(1, options.steps * 64 // size), options.rounds)
        median = {name: statistics.median(values) for name, values in measured.items()}
        for name, value in median.items():
            best[name] = max(best.get(name, (0.0, 0)), (value, size))
        ratios = [ours / plain for ours, plain in zip(measured["ours"], measured["plain"], strict=True)]
        print_figure(
            f"training.{options.architecture}.vs_plain_loop" + ("" if size == 64 else f".batch{size}"),
            round(median["ours"], 1),
            "patches/s",
            baseline=round(median["plain"], 1),
            device=where,
            ratio=round(statistics.median(ratios), 2),
            ratios=[round(value, 2) for value in ratios],
            batch=size,
            patch=[CHANNELS, options.size, options.size],
            threads=torch.get_num_threads(),
            precision=str(choose_precision("auto", device)),
        )
    print_figure(
        f"training.{options.architecture}.best_batch",
        round(best["ours"][0], 1),
        "patches/s",
        baseline=round(best["plain"][0], 1),
        device=where,
        batch=best["ours"][1],
        plain_batch=best["plain"][1],
    )
    if options.no_accuracy:
        return
    figures = accuracies(options.architecture, options.size, device, TRAINED, EPOCHS)
    print_figure(
        f"training.{options.architecture}.accuracy",
        round(figures["ours"], 2),
        "%",
        baseline=round(figures["plain"], 2),
        device=where,
        samples=TRAINED,
        epochs=EPOCHS,
    )


if __name__ == "__main__":
    main()
