"""Templates of messages and the values that they are given."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for base in ("core", "runtime", "algorithms", "desk") for path in (ROOT / base).rglob("*.py")
)


def literals(node: ast.expr) -> list[str] | None:
    """Return the texts that an expression may give; None where they are not in the source."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literals(node.left), literals(node.right)
        return None if left is None or right is None else [one + other for one in left for other in right]
    if isinstance(node, ast.IfExp):
        first, second = literals(node.body), literals(node.orelse)
        return None if first is None or second is None else first + second
    return None


def messages(tree: ast.AST) -> Iterator[tuple[int, list[ast.expr], set[str]]]:
    """Yield line, templates and names of the values of each call that says something to users."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = {str(keyword.arg) for keyword in node.keywords}
        if name.endswith("Error") or name == "RunCancelled":
            advice = [keyword.value for keyword in node.keywords if keyword.arg == "advice"]
            yield node.lineno, [*node.args[:1], *advice], values - {"where", "advice"}
        elif name == "log":
            yield node.lineno, node.args[:1], values - {"level"}
        elif name == "update" and len(node.args) == 2:
            yield node.lineno, node.args[1:], values
        elif name == "Text":
            yield node.lineno, node.args[:1], values


def fields(template: str) -> set[str]:
    """Return the names of a template's fields, and of those in their formats."""
    found = [(name, form) for _, name, form, _ in string.Formatter().parse(template) if name is not None]
    return {name for name, _ in found} | {name for _, form in found if form for name in fields(form)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_field_has_a_value_and_every_value_a_field(path: Path) -> None:
    for line, expressions, values in messages(ast.parse(path.read_text(encoding="utf-8"))):
        if not values:
            continue
        known = [literals(item) for item in expressions]
        used = {name for texts in known for text in texts or () for name in fields(text)}
        assert not used - values, f"line {line}: no value for {used - values}"
        if None not in known:
            assert not values - used, f"line {line}: {values - used} is in no template"
