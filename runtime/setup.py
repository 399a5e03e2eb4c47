"""Set-up: create or repair the plugin's Python environment with pip.

pip uses the configuration of the user, including proxies, certificates and mirrors.

>>> set_up(Path("environment"), base_python="", build="auto", wheels="", listener=listener)
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import SetupError
from ..core.locks import is_used
from ..core.text import Text
from .command import Outcome, run_command
from .interpreter import host_python
from .listener import Listener
from .lock import exclusive_lock
from .packages import PACKAGES, TORCH_MODULES, TORCH_USERS, Package
from .pip_errors import is_disk_full, pip_error
from .probe import probe_python
from .torch_build import DEFAULT_INDEX, TorchPlan, find_driver, plan_torch
from .venv import EnvironmentRecord, environment_python, make_venv, read_record, remove_record, write_record

_PIP_VARIABLES = {
    "PIP_USER": "0",
    "PIP_TARGET": "",
    "PIP_PREFIX": "",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
"""Variables that override the user's variables of pip for other installation folders."""

_FALLBACK = TorchPlan("default", (DEFAULT_INDEX,))
"""Plan of ``auto`` if the index of PyTorch cannot be reached."""


def set_up(
    folder: Path,
    base_python: str,
    build: str,
    wheels: str,
    listener: Listener,
    packages: Sequence[Package] = PACKAGES,
    optional: Sequence[Package] = (),
) -> Path:
    """Create or complete an environment and return the path of its interpreter.

    An existing environment is reused if its Python starts and it has the requested build of PyTorch.
    Otherwise it is created again. It is complete only when every package has been imported.

    Args:
        folder: Folder of the environment.
        base_python: Interpreter to create it with; empty means the Python of QGIS.
        build: Build of PyTorch: ``auto``, ``cuda`` or ``cpu``.
        wheels: Folder of wheels to install from without a network; empty without one.
        listener: Receiver of progress and of all lines of pip.
        packages: Packages to install.
        optional: Packages to install if possible. The log has a warning if not.

    Raises:
        SetupError: The environment cannot be created, a worker is using it, or another set-up is running.
        RunCancelled: The listener cancelled. The environment is then incomplete.
    """
    if wheels and not Path(wheels).is_dir():
        raise SetupError("The folder of wheels does not exist", where=wheels, advice="Choose another folder.")
    base = _base_python(base_python, folder, listener)
    plan = TorchPlan("", (DEFAULT_INDEX,)) if wheels else _plan(folder, build)
    try:
        with exclusive_lock(folder):
            if is_used(folder):
                raise SetupError(
                    "The environment is in use",
                    where=str(folder),
                    advice="Wait until the runs of other QGIS windows and of qgis_process have ended, and "
                    "close those windows: their worker keeps the environment for some time after a run.",
                )
            is_reused = _can_reuse(folder, plan, listener)
            if not is_reused:
                make_venv(folder, base, listener)
            remove_record(folder)
            problem = _complete(folder, plan, wheels, packages, optional, listener)
            if problem and is_reused:
                listener.log(
                    Text("The environment is damaged and is created again: {problem}", problem=problem),
                    "warning",
                )
                make_venv(folder, base, listener)
                problem = _complete(folder, plan, wheels, packages, optional, listener)
    except OSError as error:
        if isinstance(error, SetupError):
            raise
        raise SetupError(
            "The environment cannot be written: {reason}",
            where=str(error.filename or folder),
            advice="Check the free space and that no other QGIS is using it.",
            reason=error.strerror,
        ) from error
    if problem:
        raise SetupError(
            "The environment was installed but does not work: {problem}",
            where=str(folder),
            advice="On Windows, install the latest Microsoft Visual C++ Redistributable and try again.",
            problem=problem,
        )
    listener.progress(1.0, "The environment is complete")
    return environment_python(folder)


def _base_python(base_python: str, folder: Path, listener: Listener) -> str:
    named = base_python or host_python()
    path = shutil.which(named) if named else None
    if path is None:
        raise SetupError(
            "There is no Python to create the environment with",
            where=named,
            advice="Choose a Python 3.11 or later in PYTHON.",
        )
    if folder.absolute() in Path(path).absolute().parents:
        raise SetupError(
            "The environment cannot be created with its own Python", where=path, advice="Leave PYTHON empty."
        )
    problem = probe_python(path, (), is_cancelled=listener.is_cancelled).problem
    if problem:
        raise SetupError(
            "The Python to create the environment with cannot be used: {problem}",
            where=path,
            advice="Choose another Python, 3.11 or later, in PYTHON.",
            problem=problem,
        )
    return path


def _plan(folder: Path, build: str) -> TorchPlan:
    record = read_record(folder)
    if build == "auto" and record and record.build == _FALLBACK.build:
        # The fallback was installed before, and a repair should not download gigabytes again.
        return _FALLBACK
    return plan_torch(build, find_driver())


def _can_reuse(folder: Path, plan: TorchPlan, listener: Listener) -> bool:
    record = read_record(folder)
    if record is None or record.build != plan.build:
        return False
    python = environment_python(folder)
    return not probe_python(str(python), (), is_cancelled=listener.is_cancelled).problem


def _complete(
    folder: Path,
    plan: TorchPlan,
    wheels: str,
    packages: Sequence[Package],
    optional: Sequence[Package],
    listener: Listener,
) -> str:
    """Install and verify all packages; return the problem, empty without one."""
    installed = _install(folder, plan, wheels, packages, listener)
    for package in optional:
        _install_optional(folder, wheels, package, listener)
    # Verified last, because optional packages may install other versions of required ones.
    return _verify(folder, installed, packages, listener)


def _install(
    folder: Path, plan: TorchPlan, wheels: str, packages: Sequence[Package], listener: Listener
) -> str:
    """Install packages and return the installed build of PyTorch."""
    torch = [package.requirement for package in packages if package.module in TORCH_MODULES]
    users = [package.requirement for package in packages if package.module in TORCH_USERS]
    others = [package.requirement for package in packages if package.requirement not in (*torch, *users)]
    if wheels:
        listener.progress(0.1, "Installing from the folder of wheels")
        source = ["--no-index", "--find-links", wheels]
        outcome = pip_install(folder, [*source, *others, *torch, *users], {}, listener, 0.1)
        if outcome.code != 0:
            raise pip_error(outcome.text, wheels)
        return plan.build
    # These come first, so that dependencies of torch, such as numpy, are not installed from the index of
    # PyTorch, which has old versions.
    if others:
        _install_from_default_index(folder, others, listener, 0.1)
    build = _install_torch(folder, plan, torch, listener) if torch else plan.build
    if users:
        _install_from_default_index(folder, users, listener, 0.75)
    return build


def _install_from_default_index(
    folder: Path, requirements: Sequence[str], listener: Listener, start: float
) -> None:
    """Install packages from the index that pip is configured for."""
    listener.progress(start, Text("Installing {requirements}", requirements=", ".join(requirements)))
    outcome = pip_install(folder, requirements, {}, listener, start)
    if outcome.code != 0:
        raise pip_error(outcome.text)


def _install_optional(folder: Path, wheels: str, package: Package, listener: Listener) -> None:
    """Install an optional package; log a warning if it is not available."""
    listener.progress(0.8, Text("Installing {requirement}", requirement=package.requirement))
    source = ["--no-index", "--find-links", wheels] if wheels else []
    alone = ["--no-deps"] if package.is_data else []
    arguments = [*source, *alone, "--only-binary=:all:", package.requirement]
    outcome = pip_install(folder, arguments, {}, listener, 0.8)
    problem = outcome.lines[-1] if outcome.code and outcome.lines else ""
    if not outcome.code:
        problem = probe_python(
            str(environment_python(folder)),
            (package,),
            load=not package.is_data,
            is_cancelled=listener.is_cancelled,
        ).problem
    if outcome.code or problem:
        listener.log(
            Text(
                "Optional package {requirement} could not be installed ({problem}). Everything works without "
                "it, but 'Mask clouds' has no network."
                if package.is_data
                else "Optional package {requirement} could not be installed ({problem}). Everything works "
                "without it, but classification on the CPU is slower.",
                requirement=package.requirement,
                problem=problem,
            ),
            "warning",
        )


def _install_torch(folder: Path, plan: TorchPlan, torch: Sequence[str], listener: Listener) -> str:
    """Install torch and torchvision in one call, so that pip resolves them together.

    Return the installed build: that of the plan, or that of the fallback if only the default index worked.
    """
    for index in plan.indexes:
        listener.progress(
            0.3,
            Text(
                "Installing {packages} from {index}",
                packages=", ".join(torch),
                index=index or Text("the default index"),
            ),
        )
        arguments = list(torch)
        variables = {}
        if index != DEFAULT_INDEX:
            arguments += ["--index-url", index]
            # Otherwise an index or folder of the user's configuration could offer the other build. Empty
            # values would not override it.
            variables = {"PIP_EXTRA_INDEX_URL": index, "PIP_FIND_LINKS": str(folder)}
        outcome = pip_install(folder, arguments, variables, listener, 0.3)
        if outcome.code == 0:
            is_planned = index != DEFAULT_INDEX or index == plan.indexes[0]
            return plan.build if is_planned else _FALLBACK.build
        if index == plan.indexes[-1] or is_disk_full(outcome.text):
            raise pip_error(outcome.text)
        listener.log(
            Text("PyTorch cannot be installed from {index}. The next index is tried.", index=index), "warning"
        )
    raise RuntimeError(f"the plan {plan} has no index")


def pip_install(
    folder: Path, arguments: Sequence[str], variables: dict[str, str], listener: Listener, start: float
) -> Outcome:
    """Run ``pip install`` in the environment; progress increases from ``start`` with the download."""
    python = str(environment_python(folder))
    command = [python, "-I", "-X", "utf8", "-m", "pip", "install", "--no-warn-script-location"]
    before, current = 0.0, 0.0

    def on_line(line: str) -> None:
        nonlocal before, current
        progress = re.fullmatch(r"Progress (\d+) of (\d+)", line)
        if progress:
            current, total = int(progress[1]) / 1e6, int(progress[2]) / 1e6
            # The total size is not known, so that the bar approaches its end more and more slowly.
            megabytes = before + current
            fraction = start + (0.9 - start) * megabytes / (megabytes + 1000)
            listener.progress(
                fraction, Text("Downloading: {done:,.0f} of {total:,.0f} MB", done=current, total=total)
            )
        else:
            before, current = before + current, 0.0
            listener.log(line, "info")

    command += [f"--progress-bar={_progress_bar(python)}", *_into(folder, python), *arguments]
    return run_command(
        command, on_line=on_line, is_cancelled=listener.is_cancelled, variables=_PIP_VARIABLES | variables
    )


def _into(folder: Path, python: str) -> list[str]:
    """Return arguments that override an installation folder of the user's pip configuration."""
    listing = [python, "-I", "-m", "pip", "config", "list"]
    # With the user's ``user``, pip would list the file of the user alone.
    settings = run_command(listing, variables=_PIP_VARIABLES).text
    # Variables are overridden above; empty ones do not override a file.
    configured = set(re.findall(r"^(?!:env:).*\.(target|prefix|root)=", settings, re.MULTILINE))
    inside = {"target": "", "prefix": str(folder), "root": folder.absolute().anchor}
    return [f"--{name}={value}" for name, value in inside.items() if name in configured]


def _progress_bar(python: str) -> str:
    """Return the value of --progress-bar for machine-readable progress, if pip has it."""
    version = re.search(r"pip (\d+)\.(\d+)", run_command([python, "-I", "-m", "pip", "--version"]).text)
    has_raw_progress = version is not None and (int(version[1]), int(version[2])) >= (24, 1)
    return "raw" if has_raw_progress else "off"


def _verify(folder: Path, build: str, packages: Sequence[Package], listener: Listener) -> str:
    """Import all packages and write the record; return the problem, empty without one."""
    listener.progress(0.9, "Loading all packages")
    python = str(environment_python(folder))
    findings = probe_python(python, packages, load=True, is_cancelled=listener.is_cancelled)
    if not findings.problem:
        requirements = tuple(package.requirement for package in packages)
        version = ".".join(map(str, findings.python))
        write_record(folder, EnvironmentRecord(build, version, requirements, findings.versions or {}))
    return findings.problem
