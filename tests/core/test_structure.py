"""The arrows between the core's modules."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2] / "core"
FILES = {
    path.relative_to(CORE).with_suffix("").as_posix().replace("/", "."): path for path in CORE.rglob("*.py")
}
ENGINES = (
    "raster satellite samples models training inference uncertainty maps assessment reporting demo".split()
)
MAX_MODULES = 277
MAX_SMALL_MODULES = 12
MIN_LINES = 60
MAX_LINES = 800


def imported(name: str, is_at_start: bool = False) -> set[str]:
    """Return the modules of the core that a module imports: anywhere, or when it is itself imported."""
    found = set()
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    for node in tree.body if is_at_start else ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = [*name.split(".")[: -node.level], *(node.module or "").split(".")]
            base = ".".join(filter(None, parts))
            for alias in node.names:
                candidates = (f"{base}.{alias.name}".lstrip("."), base, f"{base}.__init__".lstrip("."))
                found.add(next((item for item in candidates if item in FILES), ""))
    return found - {"", name}


# Entries of the registry name functions of the engines above them, which are imported when they are called.
REGISTRY = "models.architectures"
GRAPH = {name: imported(name, is_at_start=name.startswith(REGISTRY)) for name in FILES}
MODULES = [name for name in FILES if not name.endswith("__init__")]


def package(name: str) -> str:
    return name.split(".")[0] if "." in name else ""


def test_no_circle_between_modules() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other: {' -> '.join(error.args[1])}")


def test_no_circle_between_packages() -> None:
    packages: dict[str, set[str]] = {}
    for name, others in GRAPH.items():
        for other in others:
            if package(name) and package(other) and package(name) != package(other):
                packages.setdefault(package(name), set()).add(package(other))
    try:
        TopologicalSorter(packages).prepare()
    except CycleError as error:
        pytest.fail(f"packages import each other: {' -> '.join(error.args[1])}")


def test_engines_take_values_and_no_requests() -> None:
    wrong = [
        f"{name} -> {other}"
        for name, others in GRAPH.items()
        for other in others
        if package(name) in ENGINES and package(other) in ("requests", "tasks")
    ]
    assert not wrong


def test_requests_import_no_engine_but_what_is_light() -> None:
    heavy = ("torch", "rasterio", "sklearn", "scipy", "numpy", "matplotlib")
    reached, waiting = set(), [name for name in MODULES if package(name) == "requests"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += imported(name, is_at_start=True)
    for name in reached:
        assert not set(heavy) & external(name), name


def external(name: str) -> set[str]:
    """Return the packages outside the plugin that are imported with a module."""
    found = set()
    for node in ast.parse(FILES[name].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.medium(but=("swin",))
@pytest.mark.parametrize("name", ["unet", "unetplusplus", "fpn", "deeplabv3plus", "vit", "swin"])
def test_a_network_is_one_file_of_the_registry(name: str) -> None:
    others = [
        path
        for folder in ("core", "algorithms")
        for path in (CORE.parent / folder).rglob("*.py")
        if path.parent.name != "architectures"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == name
    ]
    assert not others


def test_the_size_of_modules() -> None:
    lines = {name: len(FILES[name].read_text(encoding="utf-8").splitlines()) for name in MODULES}
    assert len(MODULES) <= MAX_MODULES
    # Entries of the registry are as short as they can be.
    others = {name: count for name, count in lines.items() if not name.startswith(REGISTRY)}
    small = sorted(name for name, count in others.items() if count < MIN_LINES)
    assert len(small) <= MAX_SMALL_MODULES, small
    assert not [name for name, count in lines.items() if count > MAX_LINES]


def private_names_set_from_outside(tests: Path) -> list[str]:
    """Return where a test replaces a name that begins with an underscore, as file:line."""
    found = []
    for path in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
                "setattr",
                "delattr",
                "object",
            ):
                names = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                last = [str(name).rpartition(".")[2] for name in names]
                if any(name.startswith("_") and not name.startswith("__") for name in last):
                    found.append(f"{path.relative_to(tests)}:{node.lineno}")
    return found


def test_no_test_sets_a_private_name() -> None:
    assert private_names_set_from_outside(CORE.parent / "tests") == []
