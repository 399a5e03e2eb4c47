"""The texts of the product that users read, found in its source by its syntax tree.

Qt's own ``pylupdate`` sees literals within ``tr()`` only. Here titles and help are class attributes and
arguments, and what the worker says are templates (``core.text.Text``) in modules that know no Qt. So every
string that reads like words is taken, but for docstrings, names that are stored in files
(``core.text.untranslated``), and what ``_QUIET`` and ``_UNSEEN_NAMES`` leave out. An f-string among them
cannot be translated: ``untranslatable`` lists those.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SOURCES = (
    "plugin.py",
    "algorithms/**/*.py",
    "desk/**/*.py",
    "core/**/*.py",
    "runtime/**/*.py",
    "tools/make_reference.py",
)
_QUIET = (
    # What stands in files: English, so that they can be compared and published.
    "core/assessment/accuracy_maps.py",
    "core/raster/attribute_table.py",
)
"""Modules of which only errors, log lines and progress are for users."""

# Constants that hold no words for users: what other programs say, forms, names in files.
_UNSEEN_NAMES = re.compile(
    r"_(NO_NETWORK|PROXY|CERTIFICATE|DISK_FULL|(GPU_)?MEMORY_FULL|(STYLE_)?CODE|PATTERN)"
)
_UNSEEN_ARGUMENTS = ("loc",)
"""Arguments that hold no words for users: a place in a chart."""
_TEMPLATES = "core/reporting/templates"
_IN_TEMPLATE = re.compile(r'\bt(?:ext)?\("([^"]*[^\W\d_]{2}[^"]*)"')
"""A literal that a page of a report says in its language."""
_SPOKEN = {
    "log": (0,),
    "update": (1,),
    "progress": (1,),
    "RateMeter": (1, 2),
    "pushInfo": (0,),
    "pushWarning": (0,),
    "add": (1,),
    "Described": (1,),
    "Text": (0,),
    "say": (0,),
    "tr": (0,),
}
"""Function to the places of the arguments that users read, whatever they look like."""
_MARKED = {"TITLE", "SUMMARY", "HELP", "GROUP", "TAGS"}
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[.,;:!?’”)]? [^\W\d_({“\"<{±=]|[^\W\d_]{2,} \{|\} [^\W\d_]{2,}")
_CODE = re.compile(r"\\|%[A-Zds]|::|^<(?!code>|p>)|^[(\[]|^\{[^\w}]|</[^c]|^http|\w\[|^[A-Z_, ]+$")
_TITLE = re.compile(r"[A-Z][a-z][\w’'-]*")
_MOST_FORMS = 8


@dataclass
class Text:
    """A text that is to be translated.

    Attributes:
        source: English; a template has fields such as ``{count:,}`` in it.
        places: Files that say it.
    """

    source: str
    places: set[str] = field(default_factory=set)


def texts(root: Path = ROOT) -> dict[str, Text]:
    """Return all texts by their English form, in the order of the files."""
    found: dict[str, Text] = {}
    modules = _Modules(root)
    for path in modules.paths():
        name = path.relative_to(root).as_posix()
        for source in _Finder(modules, path).texts():
            found.setdefault(source, Text(source)).places.add(name)
    for path in sorted((root / _TEMPLATES).glob("*.html")):
        for source in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(source, Text(source)).places.add(path.relative_to(root).as_posix())
    for path in sorted((root / "resources" / "schemes").glob("*.json")):
        title = json.loads(path.read_text(encoding="utf-8"))["title"]
        found.setdefault(title, Text(title)).places.add(path.relative_to(root).as_posix())
    return found


def untranslatable(root: Path = ROOT) -> list[str]:
    """Return where text for users is an f-string, as ``file:line``: it must be a template with values."""
    modules = _Modules(root)
    return [
        f"{path.relative_to(root).as_posix()}:{line}"
        for path in modules.paths()
        for line in _Finder(modules, path).f_strings()
    ]


def paragraphs(text: str) -> list[str]:
    """Return a help text in its paragraphs, which are translated one by one (``translation.tr_html``)."""
    return [part for part in re.split(r"(?<=</p>)", text) if part]


class _Hole:
    """Where an f-string fills in a value."""


_Form = tuple["str | _Hole", ...]


class _Modules:
    """The parsed modules, and the constants that they share."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._trees: dict[Path, ast.Module] = {}

    def paths(self) -> list[Path]:
        return [path for pattern in _SOURCES for path in sorted(self.root.glob(pattern))]

    def is_quiet(self, path: Path) -> bool:
        return path.relative_to(self.root).as_posix().startswith(_QUIET)

    def tree(self, path: Path) -> ast.Module:
        if path not in self._trees:
            self._trees[path] = ast.parse(path.read_text(encoding="utf-8"))
        return self._trees[path]

    def constant(self, path: Path, name: str) -> tuple[Path, ast.expr] | None:
        """Return the value that a module-level name has in ``path``, and the module that gives it."""
        for statement in self.tree(path).body:
            if isinstance(statement, ast.Assign):
                for target, value in _assigned(statement):
                    if isinstance(target, ast.Name) and target.id == name:
                        return path, value
            elif isinstance(statement, ast.ImportFrom) and statement.level:
                for alias in statement.names:
                    other = self._imported(path, statement)
                    if (alias.asname or alias.name) == name and other:
                        return self.constant(other, alias.name)
        return None

    def _imported(self, path: Path, statement: ast.ImportFrom) -> Path | None:
        base = path.parents[statement.level - 1] / (statement.module or "").replace(".", "/")
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate.is_file():
                return candidate
        return None


def _assigned(statement: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield targets and values, also those of ``A, B = "a", "b"``."""
    for target in statement.targets:
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            yield from zip(target.elts, statement.value.elts, strict=False)
        else:
            yield target, statement.value


class _Finder:
    """Finds the texts of one module."""

    def __init__(self, modules: _Modules, path: Path) -> None:
        self._modules = modules
        self._path = path
        self._is_floor = (
            bool({"algorithms", "desk"} & {*path.relative_to(modules.root).parts}) or path.name == "plugin.py"
        )

    def texts(self) -> Iterator[str]:
        """Yield the source of each text."""
        for _, source, is_filled in self._found():
            if not is_filled:
                yield source

    def f_strings(self) -> Iterator[int]:
        """Yield the lines of texts that are filled before they can be translated."""
        for line, _, is_filled in self._found():
            if is_filled:
                yield line

    def _found(self) -> Iterator[tuple[int, str, bool]]:
        """Yield line and source of each text, and whether it is an f-string."""
        is_quiet = self._modules.is_quiet(self._path)
        for node, must in self._strings(self._modules.tree(self._path), False):
            for form in self._forms(node, self._path):
                is_filled = any(isinstance(part, _Hole) for part in form)
                source = "".join("{}" if isinstance(part, _Hole) else part for part in form)
                if must == "html":
                    yield from ((node.lineno, part, is_filled) for part in paragraphs(source))
                elif _has_letters(source) and (must or (not is_quiet and _reads_like_words(source))):
                    yield node.lineno, source, is_filled

    def _strings(self, node: ast.AST, must: bool | str) -> Iterator[tuple[ast.expr, bool | str]]:
        """Yield the largest expressions of text, and whether they are text whatever they look like."""
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # A docstring.
        if isinstance(node, ast.Call) and _is_for_others(getattr(node.func, "id", "")):
            return
        if isinstance(node, ast.keyword) and node.arg in _UNSEEN_ARGUMENTS:
            return
        if isinstance(node, ast.Compare):
            node = _Parts(node)  # What is looked for in what others say.
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in _MARKED:
                must = "html" if name == "HELP" else True
            elif _UNSEEN_NAMES.fullmatch(name):
                return
        if isinstance(node, ast.expr) and _is_text(node):
            yield node, must
            node = _Parts(node)
            must = False
        for child in ast.iter_child_nodes(node) if isinstance(node, ast.AST) else node:
            yield from self._strings(child, self._must(node, child, must))

    def _must(self, node: object, child: ast.AST, must: bool | str) -> bool | str:
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = node.args.index(child) if child in node.args else -1
            if isinstance(child, ast.keyword):
                return child.arg in ("advice", "what", "details")
            is_error = called.endswith("Error") and not hasattr(builtins, called)
            return place in ((0,) if is_error else _SPOKEN.get(called, ()))
        if isinstance(node, (ast.Tuple, ast.List)) and must:
            return must
        if isinstance(node, ast.Tuple) and self._is_floor and isinstance(child, ast.Constant):
            return bool(_TITLE.fullmatch(str(child.value)))
        return must if isinstance(node, (ast.Assign, ast.keyword)) else False

    def _forms(self, node: ast.expr, path: Path, depth: int = 0) -> list[_Form]:
        """Return the forms that a text may have: a choice between two words makes two texts of it."""
        if isinstance(node, ast.Constant):
            return [(str(node.value),)]
        if isinstance(node, ast.IfExp):
            return self._forms(node.body, path, depth) + self._forms(node.orelse, path, depth)
        if isinstance(node, ast.BinOp):
            return self._product([node.left, node.right], path, depth)
        if isinstance(node, ast.JoinedStr):
            return self._product(node.values, path, depth)
        if isinstance(node, ast.FormattedValue):
            is_plain = node.format_spec is None and node.conversion == -1
            if is_plain and (_is_text(node.value) or isinstance(node.value, ast.Name)):
                return self._forms(node.value, path, depth)
            return [(_Hole(),)]
        if isinstance(node, ast.Name) and depth < 4:
            known = self._modules.constant(path, node.id)
            if known and _is_text(known[1]):
                return self._forms(known[1], known[0], depth + 1)
        return [(_Hole(),)]

    def _product(self, parts: Sequence[ast.expr], path: Path, depth: int) -> list[_Form]:
        choices = [self._forms(part, path, depth) for part in parts]
        while len(list(itertools.islice(itertools.product(*choices), _MOST_FORMS + 1))) > _MOST_FORMS:
            # What offers most becomes a hole; its words are found by themselves.
            widest = max(range(len(choices)), key=lambda place: len(choices[place]))
            choices[widest] = [(_Hole(),)]
        return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*choices)]


class _Parts(list[ast.AST]):
    """What stands within a text, or a comparison, and may hold texts of its own."""

    def __init__(self, node: ast.expr) -> None:
        inner: list[ast.AST] = []
        if isinstance(node, ast.JoinedStr):
            inner = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.BinOp):
            inner = [node.left, node.right]
        elif isinstance(node, ast.IfExp):
            inner = [node.test, node.body, node.orelse]
        elif isinstance(node, ast.Compare):
            inner = [node.left, *node.comparators]
        # The text as a whole is taken already: of its parts only what is no plain text of it.
        super().__init__(part for item in inner for part in _below(item))


def _is_for_others(called: str) -> bool:
    """Return whether what is called gets no text for users: Python's own errors are for developers."""
    return called == "untranslated" or (called.endswith("Error") and hasattr(builtins, called))


def _below(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Constant):
        return []
    if isinstance(node, ast.expr) and _is_text(node):
        return list(_Parts(node))
    return [node]


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    return isinstance(node, ast.JoinedStr)


def _has_letters(source: str) -> bool:
    # A field may hold another in its format: {number:.{digits}f}.
    return bool(re.search(r"[^\W\d_]{2}", re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "", source)))


def _reads_like_words(source: str) -> bool:
    return bool(_TWO_WORDS.search(source)) and not _CODE.search(source)
