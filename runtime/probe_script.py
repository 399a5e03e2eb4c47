"""Print as JSON which of the packages on the command line a Python interpreter has.

The script runs in other interpreters. It imports nothing of this package and runs on any Python 3::

    python -I probe_script.py [--load] torch>=2.6=torch numpy>=2.0=numpy ...

The output is ``{"python": [3, 11], "versions": {...}, "problems": [{"kind": "missing", "name": "torch"}]}``.
With ``--load``, every module is imported, which reveals broken libraries and takes seconds.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import re
import sys


def main(arguments: "list[str]") -> None:
    """Print the report on ``arguments``, each of the form ``requirement=module``."""
    is_loading = "--load" in arguments
    versions = {}
    problems = []
    for argument in arguments:
        if argument == "--load":
            continue
        requirement, _, module = argument.rpartition("=")
        name = re.split("[<>=!~ ]", requirement)[0]
        problem, version = _examine(name, requirement.partition(">=")[2], module, is_loading)
        versions[name] = version
        if problem:
            problems.append(problem)
    print(json.dumps({"python": sys.version_info[:2], "versions": versions, "problems": problems}))


def _examine(name: str, minimum: str, module: str, is_loading: bool) -> "tuple[dict[str, str], str]":
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        version = ""
    if importlib.util.find_spec(module) is None:
        return {"kind": "missing", "name": name}, version
    if minimum and version and _numbers(version) < _numbers(minimum):
        return {"kind": "old", "name": name, "version": version, "least": minimum}, version
    if is_loading:
        try:
            importlib.import_module(module)
        except Exception as error:
            return {"kind": "broken", "name": name, "error": f"{type(error).__name__}: {error}"}, version
    return {}, version


def _numbers(version: str) -> "list[int]":
    return [int(number) for number in re.findall(r"\d+", version.partition("+")[0])[:3]]


if __name__ == "__main__":
    main(sys.argv[1:])
