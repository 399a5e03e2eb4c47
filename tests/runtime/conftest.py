"""Real workers and set-ups: a package with one more task, listeners that record, and tiny wheels."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import deep_land_cover
from deep_land_cover.runtime.client import WorkerClient
from deep_land_cover.runtime.packages import Package
from deep_land_cover.runtime.settings import RuntimeSettings
from deep_land_cover.runtime.setup import set_up

PACKAGE = Path(deep_land_cover.__file__).parent
ACT = Path(__file__).parent / "act_task.py"
CANCEL_LIMIT = 5.0  # 0.8 s of patience, and a machine under load
PACKAGES = (Package("tiny-land>=1.0", "tiny_land"), Package("tiny-cover>=2", "tiny_cover"))


@dataclass(frozen=True)
class Act:
    """The request of the test's own task, see act_task.py."""

    action: str
    text: str = ""
    path: str = ""
    count: int = 0


@dataclass
class Recorder:
    """A listener that keeps all it hears, with the thread it heard it in."""

    cancel_when: Callable[[Recorder], bool] = lambda recorder: False
    positions: list[tuple[float, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    cancelled_at: float = 0.0

    def progress(self, fraction: float, text: str) -> None:
        self.threads.add(threading.get_ident())
        self.positions.append((fraction, text))

    def log(self, text: str, level: str) -> None:
        self.threads.add(threading.get_ident())
        self.lines.append((level, text))

    def is_cancelled(self) -> bool:
        if not self.cancelled_at and self.cancel_when(self):
            self.cancelled_at = time.monotonic()
        return bool(self.cancelled_at)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.lines)


def pid_in(recorder: Recorder) -> int:
    """Return the process id that the task has told, or 0."""
    words = [text for _, text in recorder.lines if text.startswith("pid ")]
    return int(words[0].split()[1]) if words else 0


class Runs:
    """Runs started in threads of their own, as QGIS does."""

    def __init__(self, client: WorkerClient) -> None:
        self.client = client

    def start(self, request: Any, recorder: Recorder, task: str = "act") -> Callable[[], Any]:
        """Start a run and return a function that waits for what it gives, or raises."""
        outcome: list[Any] = []

        def work() -> None:
            try:
                outcome.append(self.client.run(task, request, recorder))
            except BaseException as error:
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()

        def result() -> Any:
            thread.join(60)
            assert outcome, "the run did not end"
            if isinstance(outcome[0], BaseException):
                raise outcome[0]
            return outcome[0]

        return result


@pytest.fixture(scope="session")
def package_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with spaces, umlauts and another script in its name, and the task ``act``."""
    root = tmp_path_factory.mktemp("runtime") / "Änderung der Fläche 土地 (1)"
    root.mkdir()
    shutil.copy(PACKAGE / "__init__.py", root)
    shutil.copytree(PACKAGE / "core", root / "core", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ACT, root / "core" / "tasks" / "act.py")
    return root


@pytest.fixture
def settings(tmp_path: Path) -> RuntimeSettings:
    """Settings that name the Python of the tests."""
    return RuntimeSettings(environment_folder=tmp_path / "environment", python=sys.executable)


@pytest.fixture
def make_client(package_copy: Path) -> Iterator[Callable[..., WorkerClient]]:
    """A factory of clients that are closed at the end."""
    clients: list[WorkerClient] = []

    def make(settings: RuntimeSettings | Callable[[], RuntimeSettings]) -> WorkerClient:
        ask = settings if callable(settings) else lambda: settings
        client = WorkerClient(ask, package_root=package_copy)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., WorkerClient], settings: RuntimeSettings) -> WorkerClient:
    """A client of the copied package."""
    return make_client(settings)


@pytest.fixture
def runs(client: WorkerClient) -> Runs:
    """Starts runs of ``client`` in threads."""
    return Runs(client)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., str]:
    """A factory of executable shell scripts that stand for interpreters."""

    def make(name: str, body: str = "exit 1") -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture(scope="session")
def act() -> type[Act]:
    """The request of the test's own task."""
    return Act


@pytest.fixture(scope="session")
def recorder() -> type[Recorder]:
    """A listener that keeps all it hears."""
    return Recorder


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Wait until a condition holds, or fail."""

    def wait(condition: Callable[[], Any], seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def is_running() -> Callable[[int], bool]:
    """Say whether a process runs; one that only waits to be reaped does not."""

    def check(pid: int) -> bool:
        stat = Path(f"/proc/{pid}/stat")
        if Path("/proc/self/stat").exists():
            try:
                return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
            except (FileNotFoundError, ProcessLookupError):
                return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    return check


def make_wheel(
    folder: Path, name: str, version: str, code: str = "LAND = 'cover'\n", requires: str = ""
) -> None:
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with a wheel of each of ``PACKAGES``."""
    folder = tmp_path / "Räder und Wheels"
    folder.mkdir()
    make_wheel(folder, "tiny-land", "1.5")
    make_wheel(folder, "tiny-cover", "2.0")
    return folder


@pytest.fixture
def make_environment(tmp_path: Path, recorder: type[Recorder]) -> Any:
    """Run set_up into a folder with spaces and umlauts."""

    folder = tmp_path / "Profil ü" / "environment"

    def run(wheels, listener=None, packages=PACKAGES, base=sys.executable, optional=()):
        heard = listener or recorder()
        return set_up(folder, base, "auto", str(wheels), heard, packages, optional)

    run.folder = folder
    return run
