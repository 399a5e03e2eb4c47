"""Suggestions keep apart, favour doubt and what is new, and leave rare classes their part."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from deep_land_cover.core.samples.active_learning import Candidates, suggest

NOWHERE = np.zeros((0, 2), dtype=np.int64)


def candidates(count=4000, seed=0, rare=0.02):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 400, (count, 2))
    features = generator.normal(0, 1, (count, 3))
    chances = generator.dirichlet((5, 4, 0.3), count)
    order = np.sort(chances, axis=1)[:, ::-1]
    seen = np.where(generator.random(count) < rare, 2, generator.integers(0, 2, count))
    chances = np.stack([np.roll(row, code) for row, code in zip(order, seen, strict=True)])
    return Candidates(pixels, chances, features, np.full(count, 5.0))


def test_no_two_lie_nearer_than_the_distance_and_none_near_a_sample():
    known = np.random.default_rng(1).integers(0, 400, (30, 2))
    some = candidates()
    found = some.pixel_coordinates[suggest(some, 60, 12.0, known, 1.0)]
    assert len(found) == 60
    assert pdist(found).min() >= 12.0
    assert cdist(found, known).min() >= 12.0


def test_doubtful_pixels_come_first():
    some = candidates()
    chosen = suggest(some, 50, 0.0, NOWHERE, 5.0)
    margin = np.diff(np.sort(some.chances, axis=1)[:, 1:], axis=1)[:, 0]
    assert margin[chosen].mean() < 0.5 * margin.mean()
    assert len(set(chosen.tolist())) == 50


def test_rare_classes_have_their_part():
    some = candidates(rare=0.01)
    seen = some.chances.argmax(axis=1)
    assert np.mean(seen == 2) < 0.02
    chosen = suggest(some, 60, 0.0, NOWHERE, 5.0)
    # Half of 60 is shared out alike among three.
    assert min(np.bincount(seen[chosen], minlength=3)) >= 10


def test_of_twins_in_feature_space_only_one_is_picked():
    some = candidates(200)
    pixels = np.concatenate([some.pixel_coordinates, some.pixel_coordinates + 500])
    chances, features = (np.tile(item, (2, 1)) for item in (some.chances, some.features))
    twins = Candidates(pixels, chances, features, np.full(400, 5.0))
    chosen = suggest(twins, 100, 0.0, NOWHERE, 5.0)
    assert len(set((chosen % 200).tolist())) == 100


def test_what_lies_among_the_labelled_gives_way_to_what_is_new():
    some = candidates()
    novelty = np.where(np.arange(4000) % 2, 0.0, 2.0)
    chosen = suggest(
        Candidates(some.pixel_coordinates, some.chances, some.features, novelty), 40, 0.0, NOWHERE, 1.0
    )
    assert (chosen % 2 == 0).all()


def test_beyond_the_limit_strange_ground_is_no_more_useful():
    # All as doubtful, one of them far from everything: it wins only without a limit.
    features = np.zeros((50, 1))
    features[7] = 1000.0
    novelty = np.full(50, 3.0)
    novelty[7] = 1000.0
    chances = np.tile([0.6, 0.4], (50, 1))
    chances[3] = (0.55, 0.45)
    some = Candidates(np.arange(100).reshape(50, 2), chances, features, novelty)
    assert suggest(some, 1, 0.0, NOWHERE, 1e9)[0] == 7
    assert suggest(some, 1, 0.0, NOWHERE, 1.0)[0] == 3


@pytest.mark.parametrize(("count", "distance"), [(1000, 0.0), (100, 300.0)])
def test_where_there_are_no_more_there_are_fewer(count, distance):
    some = candidates(800)
    chosen = suggest(some, count, distance, NOWHERE, 1.0)
    assert 0 < len(chosen) <= min(count, 800)
    assert len(chosen) == (800 if not distance else len(chosen))
