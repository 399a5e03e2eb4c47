"""A run over many rasters: one after the other, and a table that is complete at any time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingFeedback

from ..core.errors import (
    DeviceError,
    LandCoverError,
    OutputError,
    RunCancelled,
    SetupError,
)
from ..core.files import RASTER_SUFFIXES, Output, check_files
from ..core.marks import MAP
from ..core.provenance import PLAN
from .base import FeedbackListener, user_sentence
from .i18n.messages import translated_error
from .i18n.translation import tr
from .parameters.classify import PRODUCT_PARAMETERS
from .parameters.classify_request import style_products

if TYPE_CHECKING:
    from ..core.inference.folder import FolderRow
    from ..core.provenance import RunContext
    from ..core.requests.classify import ClassifyRequest
    from ..runtime.client import WorkerClient

TABLE_NAME = "summary.csv"
# Each further raster would fail as this one did.
_ENDS_ALL = (DeviceError, SetupError)
# Rasters that are tried for the plan of the run.
_MAX_TRIALS = 3
_NOT_REACHED = "Not classified: the run ended before."


@dataclass
class FolderItem:
    """A raster of the list: what to do, or why it cannot be done.

    Attributes:
        raster: Its path.
        request: What to do; None where that is not possible.
        problem: Why not.
        pixels: How large it is, which says how much of the whole work.
    """

    raster: str
    request: ClassifyRequest | None = None
    problem: str = ""
    pixels: int = 0


class _QuietListener(FeedbackListener):
    """Listener of a plan that only the tool itself looks at."""

    def progress(self, fraction: float, text: str) -> None:
        """Leave the progress bar alone."""

    def log(self, text: str, level: str) -> None:
        """Leave the log alone."""


class FolderRun:
    """Classifies the rasters of a list.

    Args:
        client: The worker's, which stays warm from raster to raster.
        folder: Where maps and table are written; it exists.
        more: What is written beside each map, as ``ProductParameter.word``.
        files: Temporary file of the requests to the layer that it was made from.
        feedback: Of the run.
        overwrite: Whether files are replaced that no classification has written.
        context: What the worker is told of the run.
    """

    def __init__(
        self,
        client: WorkerClient,
        folder: Path,
        more: Sequence[str],
        files: dict[str, str],
        feedback: QgsProcessingFeedback,
        overwrite: bool = False,
        context: RunContext | None = None,
    ) -> None:
        self._overwrite = overwrite
        self._read: list[str] = []
        self._client = client
        self._context = context
        self._folder = folder
        self._more = more
        self._files = files
        self._feedback = feedback

    def classify(self, items: Sequence[FolderItem]) -> list[FolderRow]:
        """Return a row for each raster; one that fails does not end the run.

        Raises:
            RunCancelled: The user cancelled. The table names what is finished.
        """
        from ..core.inference.folder import FolderRow

        self._name_outputs(items)
        rows = [FolderRow(item.raster, problem=item.problem or _NOT_REACHED) for item in items]
        whole, done = max(1, sum(item.pixels for item in items)), 0
        for number, item in enumerate(items):
            name = tr("{} of {}, {}").format(number + 1, len(items), Path(item.raster).name)
            listener = FeedbackListener(self._feedback, name, done / whole, item.pixels / whole)
            try:
                if item.request is not None:
                    rows[number] = self._classified(item.raster, item.request, listener)
            except RunCancelled:
                self._write(rows)
                raise
            except LandCoverError as error:
                rows[number] = FolderRow(item.raster, problem=user_sentence(error, self._files))
                if isinstance(error, _ENDS_ALL):
                    self._feedback.pushWarning(
                        tr("The other rasters would fail for the same reason and are skipped.")
                    )
                    break
            if rows[number].problem:
                self._feedback.pushWarning(f"{name}: {rows[number].problem}")
            done += item.pixels
            self._write(rows)
        self._write(rows)
        return rows

    def plan(self, items: Sequence[FolderItem]) -> dict[str, Any]:
        """Return the plan of the whole run: that of each raster, and their sum.

        Raises:
            LandCoverError: None of the rasters can be classified.
        """
        self._name_outputs(items)
        plans: list[dict[str, Any]] = []
        problems: list[dict[str, str]] = []
        last: LandCoverError | None = None
        for number, item in enumerate(items):
            name = tr("{} of {}, {}").format(number + 1, len(items), Path(item.raster).name)
            listener = FeedbackListener(self._feedback, name, number / len(items), 1 / len(items))
            try:
                if item.request is None:
                    problems.append({"raster": item.raster, "problem": item.problem})
                    continue
                plans.append({"raster": item.raster, **self._planned(item.request, listener)})
            except RunCancelled:
                raise
            except LandCoverError as error:
                last = error
                problems.append({"raster": item.raster, "problem": user_sentence(error, self._files)})
        for problem in problems:
            self._feedback.pushWarning(f"{Path(problem['raster']).name}: {problem['problem']}")
        if last is not None and not plans:
            raise last
        whole = sum_of_plans(plans, problems)
        total = whole["total"]
        self._feedback.pushInfo(
            tr("All {} rasters: {}").format(len(plans), json.dumps({**total, "time": whole["time"]}))
        )
        if plans and total["least_bytes"] > total["free_bytes"]:
            raise OutputError(
                "The disk has {free:,} bytes free, and the maps of all rasters need {least:,} even where "
                "they compress very well",
                where=str(self._folder),
                advice="Free some space, choose a folder on another disk, or fewer rasters.",
                free=total["free_bytes"],
                least=total["least_bytes"],
            )
        return whole

    def check_disk(self, items: Sequence[FolderItem]) -> None:
        """Refuse the run where the disk cannot hold the maps of all rasters, even if they compress well.

        All have the same model and products, so the plan of the largest raster says how many bytes a pixel
        takes at most. Only where the disk may not hold that, each raster is planned.

        Raises:
            OutputError: The disk cannot hold the maps.
            RunCancelled: The user cancelled.
        """
        from ..core.provenance import RunContext

        todo = sorted(
            (item for item in items if item.request is not None), key=lambda item: item.pixels, reverse=True
        )
        if len(todo) < 2:
            # A single raster is checked by its own run.
            return
        self._name_outputs(items)
        context, self._context = self._context, replace(self._context or RunContext(), dry_run=True)
        try:
            plan = self._first_plan(todo)
            if plan is None:
                return
            part = max(1, plan["grid"]["pixels"]) / sum(item.pixels for item in todo)
            most = sum(file["max_bytes"] for file in plan["files"]) / part
            if most > min((disk["free_bytes"] for disk in plan["disks"]), default=most):
                self.plan(items)
        finally:
            self._context = context

    def _first_plan(self, todo: Sequence[FolderItem]) -> dict[str, Any] | None:
        """Return the plan of the first raster that can be classified; None where the first few cannot."""
        for item in todo[:_MAX_TRIALS]:
            if item.request is None:
                continue
            try:
                return self._planned(item.request, _QuietListener(self._feedback))
            except RunCancelled:
                raise
            except LandCoverError:
                # The run itself names it.
                continue
        return None

    def _planned(self, request: ClassifyRequest, listener: FeedbackListener) -> dict[str, Any]:
        self._check_files(request)
        if self._folder.is_dir():
            return dict(self._client.run("classify", request, listener, self._context)[PLAN])
        # The folder would be made, so the files are planned beside it.
        beside = {MAP: request.products.map, **request.products.optional}
        paths = {kind: f"{self._folder}_{Path(path).name}" for kind, path in beside.items()}
        moved = replace(request, products=request.products.at(paths.pop(MAP), paths))
        plan = dict(self._client.run("classify", moved, listener, self._context)[PLAN])
        prefix = f"{self._folder}_"
        for file in plan["files"]:
            file["path"] = str(self._folder / file["path"].removeprefix(prefix))
        return plan

    def _name_outputs(self, items: Sequence[FolderItem]) -> None:
        """Give each request its outputs, none of which is an input."""
        from ..core.inference.folder import files, map_names

        todo = [(item, item.request) for item in items if item.request is not None]
        others = {path for _, request in todo for path in _also_read(request)}
        self._read = [*(item.raster for item in items), *sorted(others)]
        names = map_names([item.raster for item, _ in todo], self._folder, self._more, sorted(others))
        for (item, request), name in zip(todo, names, strict=True):
            output, *beside = (str(self._folder / file) for file in files(name, self._more))
            products = {known.word: known.product for known in PRODUCT_PARAMETERS}
            paths = {products[word]: path for word, path in zip(self._more, beside, strict=True)}
            item.request = replace(request, products=request.products.at(output, paths))

    def _classified(self, raster: str, request: ClassifyRequest, listener: FeedbackListener) -> FolderRow:
        from ..core.inference.folder import FolderRow

        if listener.is_cancelled():
            raise RunCancelled()
        products = request.products
        self._check_files(request)
        self._feedback.pushInfo(f"{raster} → {products.map}")
        result = self._client.run("classify", request, listener, self._context)
        style_products(result, self._feedback)
        return FolderRow(
            raster,
            map=result["output"],
            patches=result["patches"],
            seconds=result["seconds"],
            patches_per_second=result["patches_per_second"],
            device=result["device"],
            backend=result["backend"],
            precision=result["precision"],
        )

    def _check_files(self, request: ClassifyRequest) -> None:
        if self._folder.is_dir():
            # Nobody has chosen these names.
            named = {MAP: request.products.map, **request.products.optional}
            outputs = [Output(path, RASTER_SUFFIXES, kind) for kind, path in named.items()]
            check_files(outputs, self._read, self._overwrite)

    def _write(self, rows: Sequence[FolderRow]) -> None:
        """Write the table; maps are worth more, so one that is open elsewhere does not end the run."""
        from ..core.inference.folder import write_folder_table
        from ..core.progress import SilentProgress

        path = self._folder / TABLE_NAME
        try:
            write_folder_table(path, rows, SilentProgress())
        except LandCoverError as error:
            self._feedback.pushWarning(translated_error(error))
        except OSError as error:
            self._feedback.pushWarning(tr("The table {} cannot be written: {}").format(path, error.strerror))


def sum_of_plans(plans: Sequence[dict[str, Any]], problems: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Return the plan of several runs one after the other, with the plan of each under ``runs``.

    Args:
        plans: Plan of each run, see ``core.run_plan``.
        problems: Inputs that cannot be used, with the reason.
    """
    seconds = [plan["time"]["seconds"] for plan in plans]
    known = [value for value in seconds if value is not None]
    files = [file for plan in plans for file in plan["files"]]
    kept = [file for file in files if not file["temporary"]]
    temporary = [sum(file["max_bytes"] for file in plan["files"] if file["temporary"]) for plan in plans]
    return {
        "algorithm": plans[0]["algorithm"] if plans else "",
        "classes": plans[0]["classes"] if plans else [],
        "files": kept,
        "total": {
            "rasters": len(plans),
            "max_bytes": sum(file["max_bytes"] for file in kept),
            "typical_bytes": [sum(file["typical_bytes"][end] for file in kept) for end in (0, 1)],
            "least_bytes": sum(file["least_bytes"] for file in kept),
            "max_temporary_bytes": max(temporary, default=0),
            "free_bytes": min((disk["free_bytes"] for plan in plans for disk in plan["disks"]), default=0),
        },
        "time": {
            "seconds": sum(known) if len(known) == len(seconds) else None,
            "basis": plans[0]["time"]["basis"] if plans else "",
        },
        "runs": list(plans),
        "problems": list(problems),
    }


def _also_read(request: ClassifyRequest) -> tuple[str, ...]:
    """Return what is read besides the raster."""
    mask = request.region.mask_raster
    rasters = [*request.inputs.extra, *([mask] if mask else [])]
    return request.model, *(source.path for source in rasters)
