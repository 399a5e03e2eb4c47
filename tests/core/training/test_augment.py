from __future__ import annotations

import numpy as np
import torch

from deep_land_cover.core.training.augment import TURNS, augment, oriented


def test_the_eight_orientations_are_all_different() -> None:
    patch = torch.arange(9.0).reshape(1, 1, 3, 3)
    assert len({tuple(oriented(patch, number).flatten().tolist()) for number in range(TURNS)}) == 8


def test_every_patch_is_one_of_its_own_orientations() -> None:
    patches = torch.arange(40 * 2 * 16.0).reshape(40, 2, 4, 4)
    turned = augment(patches, np.random.default_rng(0))
    seen = set()
    for before, after in zip(patches, turned, strict=True):
        fits = [n for n in range(TURNS) if torch.equal(oriented(before[None], n)[0], after)]
        assert len(fits) == 1
        seen.add(fits[0])
    assert seen == set(range(TURNS))


def test_a_seed_repeats_the_draw() -> None:
    patches = torch.rand(20, 1, 4, 4)
    first, again = (augment(patches, np.random.default_rng(7)) for _ in range(2))
    assert torch.equal(first, again)
