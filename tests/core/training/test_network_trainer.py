"""A network as the training's job sees it."""

from __future__ import annotations

import numpy as np
import torch

from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import Epoch, Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.feeds.patch import PatchFeed
from deep_land_cover.core.training.fit import FitResult
from deep_land_cover.core.training.network_trainer import FittedNetwork

from .conftest import PREPARATION, Small, dataset


def test_what_calibrates_and_tests_is_computed_in_32_bits_whatever_training_computed_in() -> None:
    """Limits of prediction sets and probabilities are those of a map of PRECISION=auto."""
    data = dataset()
    torch.manual_seed(1)
    network = Small().eval()
    feed = PatchFeed(data.pixels.converted(PREPARATION), data.samples, 4, torch.bfloat16)
    epoch = Epoch(1, 0.0, 0.0, None, None, None)
    entry = architecture("resnet18")
    fitted = FittedNetwork(entry, network, FitResult((epoch,), epoch), feed, Scaling((), ()), False, None)
    chosen = np.arange(20)
    patches = torch.from_numpy(data.pixels.values.numpy()[:20].reshape(20, 1, 4, 4))
    with torch.inference_mode():
        expected = network(patches).numpy()
    found = fitted.logits(chosen, SilentProgress())
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert np.abs(feed.logits(network, chosen, SilentProgress()).numpy() - expected).max() > 1e-4
