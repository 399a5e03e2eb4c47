"""Make, or repair, the plugin's own Python environment with pip.

pip runs with the user's configuration, so proxies, certificates and mirrors hold.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..core.errors import SetupError
from ..core.text import Text
from .command import Outcome, run_command
from .interpreter import host_python
from .listener import Listener
from .packages import PACKAGES, TORCH_MODULES, TORCH_USERS, Package
from .pip_errors import is_disk_full, pip_error
from .probe import probe_python
from .record import EnvironmentRecord, environment_python, read_record, remove_record, write_record
from .sole_use import sole_use
from .torch_build import DEFAULT_INDEX, TorchPlan, find_driver, plan_torch
from .venv_folder import make_venv

_PIP_VARIABLES = {
    "PIP_USER": "0",
    "PIP_TARGET": "",
    "PIP_PREFIX": "",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
"""The user's pip settings hold, but not those that put packages elsewhere."""

_FALLBACK = TorchPlan("default", (DEFAULT_INDEX,))
"""What ``auto`` ends with where the vendor's index cannot be reached."""


def set_up(
    folder: Path,
    base_python: str,
    build: str,
    wheels: str,
    listener: Listener,
    packages: Sequence[Package] = PACKAGES,
    optional: Sequence[Package] = (),
) -> Path:
    """Make the environment in ``folder`` complete and return its interpreter.

    An environment that is there is kept where its Python starts and its build is the one asked
    for; else it is made anew. It counts as complete only when every package has been imported.

    Args:
        folder: Where the environment is, or shall be.
        base_python: The interpreter to make it with; empty takes the one that runs QGIS.
        build: Build of PyTorch: ``auto``, ``cuda`` or ``cpu``.
        wheels: A folder of wheels to install from, without any network; or empty.
        listener: Hears the progress and every line of pip; its cancel kills pip.
        packages: What to install.
        optional: What to install besides where that is possible; the log says where it is not.

    Raises:
        SetupError: It could not be made, or another set-up of it is running; says what to do.
        RunCancelled: The listener cancelled. The environment then counts as unfinished.
    """
    if wheels and not Path(wheels).is_dir():
        raise SetupError("The folder of wheels does not exist", where=wheels, advice="Choose another folder.")
    base = _base_python(base_python, folder, listener)
    plan = TorchPlan("", (DEFAULT_INDEX,)) if wheels else _plan(folder, build)
    try:
        with sole_use(folder):
            is_kept = _can_keep(folder, plan, listener)
            if not is_kept:
                make_venv(folder, base, listener)
            remove_record(folder)
            problem = _complete(folder, plan, wheels, packages, optional, listener)
            if problem and is_kept:
                listener.log(
                    Text("The environment is damaged and is made anew: {problem}", problem=problem), "warning"
                )
                make_venv(folder, base, listener)
                problem = _complete(folder, plan, wheels, packages, optional, listener)
    except OSError as error:
        if isinstance(error, SetupError):
            raise
        raise SetupError(
            "The environment cannot be written: {strerror}",
            where=str(error.filename or folder),
            advice="Check the free space and that no other QGIS is using it.",
            strerror=error.strerror,
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
            "There is no Python to make the environment with",
            where=named,
            advice="Name a Python 3.11 or later in PYTHON.",
        )
    if folder.absolute() in Path(path).absolute().parents:
        raise SetupError(
            "The environment cannot be made with its own Python", where=path, advice="Leave PYTHON empty."
        )
    problem = probe_python(path, (), is_cancelled=listener.is_cancelled).problem
    if problem:
        raise SetupError(
            "The Python to make the environment with cannot be used: {problem}",
            where=path,
            advice="Name another Python, 3.11 or later, in PYTHON.",
            problem=problem,
        )
    return path


def _plan(folder: Path, build: str) -> TorchPlan:
    record = read_record(folder)
    if build == "auto" and record and record.build == _FALLBACK.build:
        # It was taken for want of a better one; a repair should not fetch gigabytes again.
        return _FALLBACK
    return plan_torch(build, find_driver())


def _can_keep(folder: Path, plan: TorchPlan, listener: Listener) -> bool:
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
    """Install everything and try it; return what is wrong, else nothing."""
    installed = _install(folder, plan, wheels, packages, listener)
    for package in optional:
        _install_optional(folder, wheels, package, listener)
    # Last, because what is optional may have brought other versions of what is not.
    return _verify(folder, installed, packages, listener)


def _install(
    folder: Path, plan: TorchPlan, wheels: str, packages: Sequence[Package], listener: Listener
) -> str:
    """Install ``packages`` and return which build of PyTorch that brought."""
    torch = [package.requirement for package in packages if package.module in TORCH_MODULES]
    users = [package.requirement for package in packages if package.module in TORCH_USERS]
    others = [package.requirement for package in packages if package.requirement not in (*torch, *users)]
    if wheels:
        listener.progress(0.1, "Installing from the folder of wheels")
        source = ["--no-index", "--find-links", wheels]
        outcome = _pip(folder, [*source, *others, *torch, *users], {}, listener, 0.1)
        if outcome.code != 0:
            raise pip_error(outcome.text, wheels)
        return plan.build
    # These first: torch's own requirements, such as numpy, are then met and not looked for on
    # the vendor's index, which holds old ones.
    if others:
        _install_here(folder, others, listener, 0.1)
    build = _install_torch(folder, plan, torch, listener) if torch else plan.build
    if users:
        _install_here(folder, users, listener, 0.75)
    return build


def _install_here(folder: Path, requirements: Sequence[str], listener: Listener, start: float) -> None:
    """Install from the index that pip is configured for."""
    listener.progress(start, Text("Installing {requirements}", requirements=", ".join(requirements)))
    outcome = _pip(folder, requirements, {}, listener, start)
    if outcome.code != 0:
        raise pip_error(outcome.text)


def _install_optional(folder: Path, wheels: str, package: Package, listener: Listener) -> None:
    """Install what the core can do without; where it cannot be had, only the log says so."""
    listener.progress(0.8, Text("Installing {requirement}", requirement=package.requirement))
    source = ["--no-index", "--find-links", wheels] if wheels else []
    outcome = _pip(folder, [*source, "--only-binary=:all:", package.requirement], {}, listener, 0.8)
    problem = outcome.lines[-1] if outcome.code and outcome.lines else ""
    if not outcome.code:
        problem = probe_python(
            str(environment_python(folder)), (package,), load=True, is_cancelled=listener.is_cancelled
        ).problem
    if outcome.code or problem:
        listener.log(
            Text(
                "{requirement} cannot be had here ({problem}). Everything works without it, but "
                "classification on the processor is slower.",
                requirement=package.requirement,
                problem=problem,
            ),
            "warning",
        )


def _install_torch(folder: Path, plan: TorchPlan, torch: Sequence[str], listener: Listener) -> str:
    """Install torch and torchvision in one call, so that pip resolves the two together.

    Returns the build: the plan's, or the fallback's where only the default index could be had.
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
            # Else an index or folder of the user's configuration could offer the other build,
            # and empty values would not override it.
            variables = {"PIP_EXTRA_INDEX_URL": index, "PIP_FIND_LINKS": str(folder)}
        outcome = _pip(folder, arguments, variables, listener, 0.3)
        if outcome.code == 0:
            is_planned = index != DEFAULT_INDEX or index == plan.indexes[0]
            return plan.build if is_planned else _FALLBACK.build
        if index == plan.indexes[-1] or is_disk_full(outcome.text):
            raise pip_error(outcome.text)
        listener.log(
            Text("PyTorch could not be had from {index}; the next index is tried.", index=index), "warning"
        )
    raise SetupError("No index for PyTorch is known", advice="Use BUILD=auto.")


def _pip(
    folder: Path, arguments: Sequence[str], variables: dict[str, str], listener: Listener, start: float
) -> Outcome:
    """Run ``pip install`` in the environment; the bar moves on from ``start`` with what is downloaded."""
    python = str(environment_python(folder))
    command = [python, "-I", "-X", "utf8", "-m", "pip", "install", "--no-warn-script-location"]
    before, current = 0.0, 0.0

    def hear(line: str) -> None:
        nonlocal before, current
        found = re.fullmatch(r"Progress (\d+) of (\d+)", line)
        if found:
            current, total = int(found[1]) / 1e6, int(found[2]) / 1e6
            # How much will come in all is not known, so the bar approaches its end ever slower.
            megabytes = before + current
            fraction = start + (0.9 - start) * megabytes / (megabytes + 1000)
            listener.progress(
                fraction, Text("Downloading: {done:,.0f} of {total:,.0f} MB", done=current, total=total)
            )
        else:
            before, current = before + current, 0.0
            listener.log(line, "info")

    command += [f"--progress-bar={_progress_bar(python)}", *arguments]
    return run_command(
        command, on_line=hear, is_cancelled=listener.is_cancelled, variables=_PIP_VARIABLES | variables
    )


def _progress_bar(python: str) -> str:
    """Return the kind of progress that the environment's pip can write for programs."""
    found = re.search(r"pip (\d+)\.(\d+)", run_command([python, "-I", "-m", "pip", "--version"]).text)
    is_new = found is not None and (int(found[1]), int(found[2])) >= (24, 1)
    return "raw" if is_new else "off"


def _verify(folder: Path, build: str, packages: Sequence[Package], listener: Listener) -> str:
    """Import every package; where all do, write the record. Return what is wrong, else nothing."""
    listener.progress(0.9, "Loading every package")
    python = str(environment_python(folder))
    found = probe_python(python, packages, load=True, is_cancelled=listener.is_cancelled)
    if not found.problem:
        requirements = tuple(package.requirement for package in packages)
        version = ".".join(map(str, found.python))
        write_record(folder, EnvironmentRecord(build, version, requirements, found.versions or {}))
    return found.problem
