"""Self-supervised initial weights: a network learns from unlabelled pixels of the user's own raster.

Two views of a patch differ in position by a few pixels, in orientation and in brightness. The network learns
to tell the other view of a patch among those of all other patches in a batch (SimCLR, Chen et al. 2020,
https://arxiv.org/abs/2002.05709). No label is read, so that the patches may lie anywhere in the raster, also
where samples are held out.

>>> start, preparation = self_supervised_start(entry, view, settings, device, stack, preparation, progress)
>>> start.title   # "self-supervised training on 4,096 unlabelled pixels of the raster"
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from ..device import describe_device
from ..errors import SampleError
from ..models.architecture import Architecture, FitSettings, TrainerSettings
from ..models.card import Epoch
from ..models.centred import CentredNetwork
from ..models.network import last_layer, with_last_layer
from ..models.pretrained import Inputs, Start, StateFile
from ..progress import Progress, RateMeter, Stage
from ..raster.stack import BandStack
from ..raster.survey import survey_windows
from ..raster.validity import classifiable_at
from ..samples.patch_store import read_centres
from ..samples.samples import NO_GROUP, Samples
from ..samples.split_design import Split
from ..text import Text
from . import checkpointing
from .channels import Preparation
from .feeds.base import Batch, Examples, Feed, View
from .fit import repeatable
from .optimisation import (
    autocast,
    choose_precision,
    draw_orientations,
    memory_format_for,
    rate_factor,
    vary,
    weight_groups,
)

MAX_PIXELS = 4096
"""Largest number of unlabelled pixels that a network learns from."""
MAX_EPOCHS = 10
"""Largest number of passes over these pixels."""
# Fewer do not fill two batches.
_MIN_PIXELS = 256
_BATCH_SIZE = 128
_WINDOW_SIDE = 64
# Rows and columns between the middle pixels of both views, in pixels.
_MAX_SHIFT = 2
# Windows in a row and in a column of the raster.
_WINDOWS_ACROSS = 8
# Layers after the features, which are not kept.
_PROJECTED = 128
_WIDTH = 512
# The value that Chen et al. use for small images.
_TEMPERATURE = 0.5
# As in the training of centred networks.
_RATE = 1e-3
_WEIGHT_DECAY = 0.05
_BRIGHTNESS = 0.1
_CLIP_NORM = 1.0
# Of the files from which an interrupted training resumes; those of fits and members begin with 1 and 01.
_STATE_NUMBER = "-00"


def self_supervised_start(
    entry: Architecture,
    view: View[Any],
    settings: TrainerSettings,
    device: torch.device,
    stack: BandStack,
    preparation: Preparation,
    progress: Progress,
    most: int = MAX_PIXELS,
) -> tuple[Start, Preparation]:
    """Return weights that were trained on unlabelled patches, and the channels as they were scaled for it.

    Args:
        entry: Registry entry of the network, whose ``learns_without_labels`` is true.
        view: Inputs of the network.
        settings: Settings of the trainer.
        device: Device that computes.
        stack: Open band stack.
        preparation: Channels without scaling.
        progress: Progress reporter.
        most: Largest number of pixels.

    Raises:
        SampleError: The raster has too few valid pixels.
        RunCancelled: The user cancelled. The training resumes after its last epoch.
    """
    pixels = pairs_of_pixels(stack, preparation, view.patch_size, settings.fit.seed, most, progress)
    count = len(pixels) // 2
    progress.log(
        "The network learns from {count:,} unlabelled pixels all over the raster before it sees labels, also "
        "from those around held-out samples.",
        count=count,
    )
    dataset = view.read(stack, pixels, preparation, Stage(progress, 0.0, 0.1))
    everything = np.arange(len(pixels), dtype=np.int64)
    split = Split(everything, everything[:0], everything[:0])
    feed, scaled = view.feed(dataset, split, device, Stage(progress, 0.1, 0.15))
    own = FitSettings(
        # So a quick trial of a training is one of this part, too.
        epochs=min(MAX_EPOCHS, settings.fit.epochs),
        batch_size=_BATCH_SIZE,
        learning_rate=_RATE,
        schedule="one_cycle",
        weight_decay=_WEIGHT_DECAY,
        clip_norm=_CLIP_NORM,
        augment=settings.fit.augment,
        brightness=_BRIGHTNESS,
        precision=settings.fit.precision,
        decays_norms=False,
        seed=settings.fit.seed,
    )
    torch.manual_seed(own.seed)
    channels = len(preparation.channels)
    network = view.build(channels, 2)
    learner = _Learner(network, entry.name).to(device)
    learner.to(memory_format=memory_format_for(choose_precision(own.precision, device), device))
    path = settings.state_file
    parts = checkpointing.fingerprint(entry, view, dataset, feed, split, own, describe_device(device))
    parts["the self-supervised training"] = f"{_TEMPERATURE} {_PROJECTED}"
    state_file = checkpointing.StateFile(path.with_name(path.name + _STATE_NUMBER), parts, progress)
    loss = _train(learner, feed, count, own, device, state_file, Stage(progress, 0.15, 1.0))
    progress.log(
        "{count:,} unlabelled pixels seen in {epochs} epochs: the other view of a patch is found with a loss "
        "of {loss:.2f}, by chance it is {chance:.2f}.",
        count=count,
        epochs=own.epochs,
        loss=loss,
        chance=float(np.log(2 * _BATCH_SIZE - 1)),
    )
    tensors = {name: value.detach().cpu() for name, value in learner.features.state_dict().items()}
    title = Text("self-supervised training on {count:,} unlabelled pixels of the raster", count=count)
    file = StateFile(title, tensors, None, checkpointing.weights_checksum(learner.features))
    names = Inputs(preparation.channels, preparation.roles, centre=view.centre).names
    return Start(file, names), replace(preparation, scaling=scaled.required_scaling)


def pairs_of_pixels(
    stack: BandStack, preparation: Preparation, patch_size: int, seed: int, most: int, progress: Progress
) -> Samples:
    """Return pixels all over a raster that a map would classify, and then a near one for each of them.

    They are drawn from windows, so that little of a large raster is read.

    Args:
        stack: Open band stack.
        preparation: Channels, whose bands must be valid.
        patch_size: Rows and columns of a patch, in pixels.
        seed: Seed of the draw.
        most: Largest number of pairs.
        progress: Progress reporter.

    Returns:
        Samples without classes, at most twice ``most``.

    Raises:
        SampleError: There are too few valid pixels.
    """
    generator = np.random.default_rng(seed)
    windows = survey_windows(stack.grid.window, _WINDOW_SIDE, _WINDOWS_ACROSS)
    # Twice as many as are used, for some are not valid.
    drawn = -(-2 * most // len(windows))
    pieces = []
    for tile in windows:
        places = generator.permutation(tile.height * tile.width)[:drawn]
        pieces.append((tile.row + places // tile.width, tile.column + places % tile.width))
    first = np.concatenate(pieces, axis=1)
    first = first[:, generator.permutation(first.shape[1])]
    moved = first + generator.integers(-_MAX_SHIFT, _MAX_SHIFT + 1, size=first.shape)
    sides = np.array([[stack.grid.height], [stack.grid.width]])
    rows, columns = np.concatenate([first, np.clip(moved, 0, sides - 1)], axis=1)
    pixels = Samples(rows, columns, np.zeros_like(rows), np.full_like(rows, NO_GROUP), (), ())
    bands = [stack.band_names.index(name) for name in preparation.bands]
    values = np.ascontiguousarray(read_centres(stack, pixels, progress)[:, bands])
    is_valid = classifiable_at(stack, preparation.bands, rows, columns, values, patch_size, progress)
    valid = np.flatnonzero(is_valid.reshape(2, -1).all(axis=0))[:most]
    if len(valid) < _MIN_PIXELS:
        raise SampleError(
            "Self-supervised training needs {least} pixels with values ({count} were found)",
            where="WEIGHTS",
            advice="Use a raster with more valid pixels, or WEIGHTS=none.",
            least=_MIN_PIXELS,
            count=len(valid),
        )
    return pixels.subset(np.concatenate([valid, valid + first.shape[1]]))


class _Learner(nn.Module):
    """Network without its last layer, and a projection of its features that the loss compares.

    Attributes:
        features: Network from patches to features. Its weights have the names of a plain network.

    Args:
        network: Network of ``View.build``; of a centred one, the context learns.
        name: Name of its architecture.
    """

    def __init__(self, network: nn.Module, name: str) -> None:
        super().__init__()
        # Not a part of this module, or the centre branch would be one.
        self._patches = network.patches if isinstance(network, CentredNetwork) else None
        body = network.context if isinstance(network, CentredNetwork) else network
        width = last_layer(body, name).weight.shape[1]
        self.features = with_last_layer(body, name, nn.Identity())
        self.projection = nn.Sequential(
            nn.Linear(width, _WIDTH), nn.BatchNorm1d(_WIDTH), nn.ReLU(), nn.Linear(_WIDTH, _PROJECTED)
        )

    def forward(self, examples: Examples) -> Tensor:
        """Return the projected features of patches, shape (N, ``_PROJECTED``).

        Args:
            examples: Inputs of the network.
        """
        inputs = examples.inputs
        if self._patches is not None:
            _, shifts = examples.more
            inputs = self._patches(inputs, shifts)
        projected: Tensor = self.projection(self.features(inputs))
        return projected


def contrastive_loss(views: Tensor, temperature: float = _TEMPERATURE) -> Tensor:
    """Return the mean loss of finding the other view of each patch among all others, a scalar.

    It is the cross-entropy of the cosine similarities, divided by the temperature (Chen et al. 2020,
    equation 1).

    Args:
        views: Projected features, first one view of all patches and then the other, shape (2 N, features).
        temperature: Divisor of the similarities. A smaller one weighs the most similar patches more.
    """
    count = len(views) // 2
    directions = normalize(views, dim=1)
    similarities = directions @ directions.T / temperature
    itself = torch.eye(2 * count, dtype=torch.bool, device=views.device)
    others = torch.arange(2 * count, device=views.device).roll(count)
    return cross_entropy(similarities.masked_fill(itself, -torch.inf), others)


def _train(
    learner: _Learner,
    feed: Feed,
    count: int,
    settings: FitSettings,
    device: torch.device,
    state_file: checkpointing.StateFile,
    progress: Progress,
) -> float:
    """Train the learner, and return the mean loss of the last epoch."""
    precision = choose_precision(settings.precision, device)
    optimiser = torch.optim.AdamW(weight_groups(learner, settings), lr=settings.learning_rate, fused=True)
    state = state_file.load(learner, optimiser) or checkpointing.LoopState()
    meter = RateMeter(settings.epochs * count, "patches", "Learning from unlabelled patches")
    meter.add(len(state.history) * count)
    with repeatable(device):
        for number in range(len(state.history) + 1, settings.epochs + 1):
            learner.train()
            # Each epoch has its own generators, so a resumed training draws the same random numbers.
            generator = np.random.default_rng((settings.seed, number))
            torch.manual_seed(int(generator.integers(2**63)))
            batches = _both_views(feed, count, settings.batch_size, generator)
            losses = []
            for position, pair in enumerate(batches):
                progress.check_cancelled()
                done = (number - 1 + position / len(batches)) / settings.epochs
                for group in optimiser.param_groups:
                    group["lr"] = settings.learning_rate * rate_factor(settings.schedule, done)
                with autocast(device, precision):
                    views = torch.cat([learner(_varied(feed, batch, settings, generator)) for batch in pair])
                loss = contrastive_loss(views.float())
                optimiser.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(learner.parameters(), settings.clip_norm)
                optimiser.step()
                losses.append(float(loss.item()))
                meter.add(len(pair[0]))
                progress.update(meter.fraction, meter.text())
            epoch = Epoch(number, float(np.mean(losses)), 0.0, None, None, None)
            state.history.append(epoch)
            state.best = epoch
            state.best_weights = {name: value.clone() for name, value in learner.state_dict().items()}
            state_file.save(learner, optimiser, state, number == settings.epochs)
    learner.load_state_dict(state.best_weights)
    return state.history[-1].train_loss


def _both_views(
    feed: Feed, count: int, size: int, generator: np.random.Generator
) -> list[tuple[Batch, Batch]]:
    """Return the batches of an epoch: the pixels, and those near them in the same order."""
    seed, pixels = int(generator.integers(2**63)), np.arange(count, dtype=np.int64)
    # Both draw the same order, because they begin with equal generators.
    first, second = (
        feed.epoch(indices, size, np.random.default_rng(seed)) for indices in (pixels, pixels + count)
    )
    return list(zip(first, second, strict=True))


def _varied(feed: Feed, batch: Batch, settings: FitSettings, generator: np.random.Generator) -> Examples:
    """Return the inputs of one view, turned and with another brightness."""
    examples = feed.examples(batch, draw_orientations(len(batch), settings, generator))
    return replace(examples, inputs=vary(examples.inputs, settings, generator))
