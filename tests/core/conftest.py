"""What tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# All tests, and tests that are named, try Hypothesis's own number.
EXAMPLES = {"fast": 20, "default": 50}


def pytest_configure(config: pytest.Config) -> None:
    """Set no deadline, which a busy machine would miss, and try fewer examples in the quicker tiers.

    Properties that name their number of examples keep it.
    """
    examples = EXAMPLES.get(config.getoption("tier") or "", settings.default.max_examples)
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
