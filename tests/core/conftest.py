"""What tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

EXAMPLES_OF_FAST_TIER = 20


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of each property in the fast tier, but for those that name their number."""
    if config.getoption("tier") == "fast":
        settings.register_profile("fast", settings.default, max_examples=EXAMPLES_OF_FAST_TIER)
        settings.load_profile("fast")


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Compute on one thread: for networks this small, waiting for others costs more than they do."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
