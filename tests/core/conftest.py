"""What tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

EXAMPLES_OF_FAST_TIER = 20


def pytest_configure(config: pytest.Config) -> None:
    """Set no deadline, which a busy machine would miss, and try fewer examples in the fast tier.

    Properties that name their number of examples keep it.
    """
    is_fast = config.getoption("tier") == "fast"
    examples = EXAMPLES_OF_FAST_TIER if is_fast else settings.default.max_examples
    settings.register_profile("tier", settings.default, max_examples=examples, deadline=None)
    settings.load_profile("tier")


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Compute on one thread: for networks this small, waiting for others costs more than they do."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
