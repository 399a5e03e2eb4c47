"""How much memory a process and all that it started take, at rest and at most. Linux only.

What several processes share is counted once: PSS, the proportional set size, gives each its part
(https://docs.kernel.org/filesystems/proc.html). Files that the kernel merely caches do not count.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_INTERVAL = 0.1
_REST = 10


class PeakMeter:
    """Watches the memory of a process tree in a thread, as a context manager.

    Attributes:
        peak: Most that the tree took at one moment, in bytes.
        samples: How often it was looked at.
    """

    def __init__(self, pid: int | None = None) -> None:
        """Watch the tree of ``pid``; None is this process."""
        self.peak = 0
        self.samples = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMeter:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_INTERVAL):
            self.peak = max(self.peak, tree_memory(self._pid))
            self.samples += 1


def memory_at_rest(pid: int | None = None) -> int:
    """Return the bytes that the tree of ``pid`` takes while nothing runs: the median of some looks."""
    looks = []
    for _ in range(_REST):
        looks.append(tree_memory(pid))
        time.sleep(_INTERVAL)
    return round(statistics.median(looks))


def tree_memory(pid: int | None = None) -> int:
    """Return the summed PSS of ``pid``, else this process, and all its descendants, in bytes."""
    return sum(_pss(each) for each in process_tree(pid))


def process_tree(pid: int | None = None) -> list[int]:
    """Return ``pid``, else this process, and all its descendants that run, parents first."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            # One that ends while it is looked at is no longer of interest.
            with suppress(OSError):
                # The name, in brackets, may hold anything; the parent is the second field after it.
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(folder.name))
    found = [os.getpid() if pid is None else pid]
    for each in found:
        found.extend(children.get(each, ()))
    return found


def forget_peak(pid: int) -> None:
    """Let the kernel's record of the peak of ``pid`` begin anew from what it takes now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_resident(pid: int) -> int:
    """Return the most bytes that ``pid`` had in memory since its start, or since ``forget_peak``.

    The kernel's own record, which misses no moment and does not depend on who else shares pages.
    """
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:")


def _pss(pid: int) -> int:
    with suppress(OSError):
        return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")
    return 0


def _kilobytes(file: Path, name: str) -> int:
    """Return the bytes of the line ``name  number kB``; 0 where there is none."""
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0
