"""What a task reports, in the order in which it reports it."""

from __future__ import annotations

from deep_land_cover.core.loop import WorkerProgress
from deep_land_cover.core.messages import Log


class Sent(list):
    """Keeps the messages instead of writing them."""

    send = list.append


def test_a_line_of_the_log_comes_after_what_was_done_before_it():
    sent = Sent()
    progress = WorkerProgress("1", sent)
    # Faster than positions are sent.
    for number in range(20):
        progress.update(number / 20, f"step {number}")
        progress.log(f"step {number} is done")
    progress.finish()
    for number in range(20):
        told = [message.text for message in sent[: sent.index(Log("1", f"step {number} is done"))]]
        assert told[-1] == f"step {number}"
