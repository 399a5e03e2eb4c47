"""What all algorithms share: their look, the way to the worker, and one place for errors."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from pathlib import Path
from traceback import format_exc
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsMessageLog,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from ..core.errors import LandCoverError, OutputError
from ..core.exception_mapping import user_error
from ..core.files import Output, check_files, figure_folder, json_path
from ..core.provenance import PLAN, RunContext
from .error_output import announced
from .gate import files_read
from .help_pictures import help_picture
from .i18n.messages import translated_error, translated_message
from .i18n.translation import tr
from .layers.projections import check_projections
from .layers.run_context import run_context
from .layers.servers import bounded_waiting
from .named import Named
from .parameters.common import add_details, add_widget_options, is_empty_list, is_given, is_same
from .parameters.dry_run import (
    DRY_RUN,
    DRY_RUN_DETAILS,
    DRY_RUN_HELP,
    DryRunOver,
    dry_run_outputs,
    dry_run_parameter,
    dry_run_results,
)
from .parameters.groups import OUTPUT, grouped
from .parameters.outputs import (
    OVERWRITE,
    OVERWRITE_DETAILS,
    OVERWRITE_HELP,
    absolute,
    given_path,
    overwrite_parameter,
)
from .parameters.settings import PROVIDER_NAME, runtime_settings
from .set_up_link import set_up_link

if TYPE_CHECKING:
    from qgis.PyQt.QtWidgets import QWidget

    from .layers.point_files import PointKind

# The log of the algorithm dialog keeps every progress text, so those that only count on are thinned.
_SECONDS_BETWEEN_TEXTS = 5.0
_DECIMALS = 4
_NUMBERS = re.compile(r"[\d.,:]+")


class LandCoverAlgorithm(Named, QgsProcessingAlgorithm):
    """Base of the provider's algorithms.

    A subclass sets the texts, defines its parameters with ``add``, refuses wrong input in
    ``check``, resolves layers to plain values in ``make_request`` and works in
    ``processAlgorithm``. Requests and the model document are imported in these methods and not
    before: QGIS loads the plugin at every start, and the methods of all those dataclasses are made
    when they are imported.

    Attributes:
        TAGS: Words that find it in the toolbox's search.
        FILES: Name, kind (``core.marks``) and endings of each output that is a file.
        NEEDS_ENVIRONMENT: Whether it cannot run without the worker's Python.
        request: What ``make_request`` returned; Processing makes an instance for each run.
        files: Temporary file of the request to the layer that it was made from.
        requested: Names of the outputs that the user asked for, in files or layers.
        run_context: What the worker is told of the run, for the provenance of its results.
        is_over: Whether a dry run has ended.
    """

    TAGS: tuple[str, ...] = ()
    FILES: tuple[tuple[str, str, Sequence[str]], ...] = ()
    NEEDS_ENVIRONMENT = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Processing would show a traceback for an unexpected error.
        for name in ("processAlgorithm", "postProcessAlgorithm"):
            if name in cls.__dict__:
                setattr(cls, name, _in_one_sentence(cls.__dict__[name]))

    def __init__(self) -> None:
        super().__init__()
        self.request: Any = None
        self.files: dict[str, str] = {}
        self.requested: list[str] = []
        self.run_context = RunContext()
        self.is_over = False

    def shortHelpString(self) -> str:
        return help_picture(self.ID) + super().shortHelpString()

    def tags(self) -> list[str]:
        # Tools are looked for in both languages.
        words = (*self.TAGS, "land cover", "deep learning", "classification")
        return list(dict.fromkeys((*words, *map(tr, words))))

    def problem(self) -> str:
        """Return why it cannot run before 'Set up the environment' has; empty where it can."""
        return translated_message(_environment_problem() if self.NEEDS_ENVIRONMENT else "")

    def canExecute(self) -> tuple[bool, str]:
        # The toolbox shows it in a dialog.
        problem = self.problem()
        return not problem, problem + set_up_link() if problem else ""

    def createCustomParametersWidget(self, parent: QWidget | None = None) -> QWidget | None:
        """Return the dialog of the tool; called by QGIS's toolbox, menus and history, but not for batches."""
        # The command line has no widgets.
        from .dialog.window import LandCoverDialog

        return LandCoverDialog(self, parent)

    def asQgisProcessCommand(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[str, bool]:
        """Return the line that runs the tool, without defaults, for QGIS's menus and history."""
        definitions = {item.name(): item for item in self.parameterDefinitions()}
        chosen = {
            name: value
            for name, value in parameters.items()
            if name not in definitions
            or definitions[name].isDestination()
            or not is_same(value, definitions[name].defaultValue())
        }
        command, succeeded = super().asQgisProcessCommand(chosen, context)
        # QGIS writes nothing for an empty list, which would then be the default.
        emptied = [name for name, value in chosen.items() if isinstance(value, list) and not value]
        return " ".join((command, *(f"--{name}=" for name in emptied))), succeeded

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        # An exception that leaves this method would abort QGIS.
        try:
            # First our own sentences: Processing's say no more than which parameter is incorrect.
            with processing_errors(), bounded_waiting():
                check_projections()
                self.check(parameters, context)
                self.check_outputs(parameters, context)
                fine, problem = super().checkParameterValues(self.values_to_check(parameters), context)
        except QgsProcessingException as error:
            return False, str(error)
        # `qgis_process run` does not ask canExecute.
        problem = self.problem() if fine else problem
        return not problem, problem

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Raise a LandCoverError for values that cannot work, before anything is done."""

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        """Return the files that the run writes where the user asked for them; see ``FILES``."""
        outputs = []
        for name, kind, suffixes in self.FILES:
            # Files that the worker writes have one layer, of the file's name.
            path = given_path(parameters.get(name), context).partition("|layername=")[0]
            if path:
                outputs.append(Output(absolute(path), suffixes, kind))
        return outputs

    def point_outputs(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, PointKind]:
        """Return the kind of each output that is a layer of points, by name."""
        return {}

    def check_outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Compare all outputs with each other, with what is read and with what exists, before any work.

        Raises:
            OutputError: See ``core.files.check_files`` and ``layers.point_files.check_point_file``.
        """
        overwrite = self.overwrites(parameters, context)
        outputs, points = self.outputs(parameters, context), self.point_outputs(parameters, context)
        if not outputs and not points:
            return
        read = files_read(self, parameters, context)
        check_files(outputs, [str(item.path) for item in read], overwrite)
        if points:
            from .layers.point_files import check_point_file, point_file

            for name, kind in points.items():
                target = point_file(given_path(parameters.get(name), context))
                if target:
                    check_point_file(target, kind, read, overwrite)

    def overwrites(self, parameters: dict[str, Any], context: QgsProcessingContext) -> bool:
        """Return whether existing files of another kind or origin may be replaced."""
        return bool(
            self.parameterDefinition(OVERWRITE) and self.parameterAsBoolean(parameters, OVERWRITE, context)
        )

    def values_to_check(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the values that Processing is to check too, after ``check``.

        On the command line an empty list is ``NAME=``, which Processing takes for a wrong word.
        """
        return {
            name: [] if is_empty_list(value) and self._is_optional_list(name) else value
            for name, value in parameters.items()
        }

    def _is_optional_list(self, name: str) -> bool:
        definition = self.parameterDefinition(name)
        return (
            isinstance(definition, QgsProcessingParameterEnum)
            and definition.allowMultiple()
            and bool(definition.flags() & Qgis.ProcessingParameterFlag.Optional)
        )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Any:
        """Return the run's plain values; called in the context's thread, where layers may be used."""

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        with processing_errors(), bounded_waiting():
            check_projections()
            self.check(parameters, context)
            self.check_outputs(parameters, context)
            self.request = self.make_request(parameters, context, feedback)
        self.requested = [
            item.name()
            for item in self.parameterDefinitions()
            if item.isDestination() and is_given(parameters, item.name())
        ]
        self.run_context = run_context(self, parameters, context)
        return True

    def add(
        self,
        definition: QgsProcessingParameterDefinition,
        help: str,
        advanced: bool = False,
        details: str = "",
        group: str = "",
    ) -> None:
        """Add a parameter with its texts (``parameters.common.Described``) to a group of the dialog."""
        definition.setHelp(tr(help))
        if details:
            add_details(definition, tr(details))
        if group:
            grouped(group, definition)
        if isinstance(definition, QgsProcessingParameterNumber) and definition.defaultValue() is not None:
            # Else 10 is shown as 10.000000; those without a default are fine ones such as learning rates.
            add_widget_options(definition, {"decimals": _DECIMALS})
        if advanced:
            definition.setFlags(definition.flags() | Qgis.ProcessingParameterFlag.Advanced)
        self.addParameter(definition)

    def add_overwrite(self) -> None:
        """Add the parameter OVERWRITE, which all algorithms with output files have."""
        self.add(overwrite_parameter(), OVERWRITE_HELP, True, OVERWRITE_DETAILS, OUTPUT)

    def add_dry_run(self) -> None:
        """Add the parameter DRY_RUN and its outputs. The task must call ``core.run_plan.begin``."""
        self.add(dry_run_parameter(), DRY_RUN_HELP, True, DRY_RUN_DETAILS, OUTPUT)
        for output in dry_run_outputs():
            self.addOutput(output)

    def is_dry_run(self, parameters: dict[str, Any], context: QgsProcessingContext) -> bool:
        """Return whether the run only tells what it would do."""
        return bool(
            self.parameterDefinition(DRY_RUN) and self.parameterAsBoolean(parameters, DRY_RUN, context)
        )

    def run_task(self, task: str, request: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Let the worker do ``task``, remove ``files`` and return its result as plain values.

        Raises:
            DryRunOver: It was a dry run; what follows in ``processAlgorithm`` is left out.
        """
        try:
            with processing_errors(self.files):
                results = self.provider().client.run(
                    task, request, FeedbackListener(feedback), self.run_context
                )
            if self.run_context.dry_run and PLAN in results:
                raise DryRunOver(dry_run_results(results[PLAN]))
            # Outputs of an algorithm are plain: Qt takes a text with a template for no string.
            return {name: str(value) if isinstance(value, str) else value for name, value in results.items()}
        finally:
            self.remove_files()

    def finish(self, results: dict[str, Any], feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Say where the files among the results are, with a link to a report; return the results.

        Raises:
            QgsProcessingException: An output that was asked for was not made.
        """
        for name in self.requested:
            # A layer in a container is called PATH|layername=NAME, one in memory by its id.
            made = str(results.get(name) or "").split("|")[0]
            if not made or (Path(made).is_absolute() and not Path(made).exists()):
                with processing_errors():
                    raise OutputError(
                        "The output {name} was requested, but not written",
                        advice="Run the tool without this output, and report it as a fault of the plugin.",
                        name=name,
                    )
        for output in self.outputDefinitions():
            path = str(results.get(output.name()) or "").partition("|")[0]
            if os.path.isabs(path) and os.path.exists(path):
                log_file(output.description(), Path(path), feedback)
        return results

    def remove_files(self) -> None:
        """Remove ``files``, when the last task that reads them is over."""
        for file in self.files:
            Path(file).unlink(missing_ok=True)


def log_file(title: str, path: Path, feedback: QgsProcessingFeedback) -> None:
    """Say where a file is, on a line of its own; a report is a link in the desktop."""
    line = tr("{}: {}").format(title, path)
    if path.suffix.lower() not in (".html", ".htm"):
        feedback.pushInfo(line)
        return
    link = f'<a href="{path.as_uri()}">{escape(str(path))}</a>'
    feedback.pushFormattedMessage(tr("{}: {}").format(escape(title), link), line)
    for beside, what in (
        (json_path(path), tr("The same for programs")),
        (figure_folder(path), tr("Its pictures")),
    ):
        if beside.exists():
            feedback.pushInfo(tr("{}: {}").format(what, beside))


class FeedbackListener:
    """Passes what a task says on to the feedback of the algorithm that runs it.

    Args:
        feedback: Of the algorithm.
        title: Which of several tasks speaks, for the progress bar's text.
        start: Where in the algorithm's whole work the task begins, 0 to 1.
        share: How much of that work it is.
    """

    def __init__(
        self, feedback: QgsProcessingFeedback, title: str = "", start: float = 0.0, share: float = 1.0
    ) -> None:
        self._feedback = feedback
        self._title = title
        self._start = start
        self._share = share
        self._last_phase = ""
        self._last_time = float("-inf")

    def progress(self, fraction: float, text: str) -> None:
        """Move the progress bar; show ``text`` when it says something new, else every few seconds."""
        self._feedback.setProgress(100.0 * (self._start + self._share * fraction))
        now, phase = time.monotonic(), _NUMBERS.sub("", text)
        is_due = phase != self._last_phase or now - self._last_time >= _SECONDS_BETWEEN_TEXTS
        if text and is_due:
            self._last_phase, self._last_time = phase, now
            said = translated_message(text)
            self._feedback.setProgressText(f"{self._title}: {said}" if self._title else said)

    def log(self, text: str, level: str) -> None:
        """Write a line into the log."""
        said = translated_message(text)
        if level == "warning":
            self._feedback.pushWarning(said)
        elif "  " in said:
            # A row of a table: the dialog's log would make one space of many.
            row = escape(said).replace(" ", "&nbsp;")
            self._feedback.pushFormattedMessage(f"<code>{row}</code>", said)
        else:
            self._feedback.pushInfo(said)

    def is_cancelled(self) -> bool:
        """Return whether the user has pressed Cancel."""
        return self._feedback.isCanceled()


def _in_one_sentence(method: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return a method of an algorithm whose errors are all Processing's, and which a dry run may end."""

    @wraps(method)
    def run(self: LandCoverAlgorithm, *arguments: Any) -> dict[str, Any]:
        context = next(item for item in arguments if isinstance(item, QgsProcessingContext))
        layers = context.layersToLoadOnCompletion() if self.run_context.dry_run else {}
        with processing_errors(self.files):
            if self.is_over:
                # Nothing was written that could be styled or loaded.
                return {}
            try:
                return method(self, *arguments)
            except DryRunOver as end:
                self.is_over = True
                context.setLayersToLoadOnCompletion(layers)
                return end.results

    return run


@contextmanager
def processing_errors(files: dict[str, str] | None = None) -> Iterator[None]:
    """Turn all errors into one sentence of Processing; a cancelled run is one too, so that it exits with 1.

    The traceback of an unexpected error goes into QGIS's message log.

    Args:
        files: Temporary file to the layer that it was made from: the user knows the layer only.
    """
    try:
        yield
    except QgsProcessingException:
        raise
    except LandCoverError as error:
        raise QgsProcessingException(announced(user_sentence(error, files or {}))) from error
    except Exception as error:
        QgsMessageLog.logMessage(format_exc(), PROVIDER_NAME)
        raise QgsProcessingException(announced(user_sentence(user_error(error), files or {}))) from error


def user_sentence(error: LandCoverError, files: dict[str, str]) -> str:
    """Return what the error says, with the layers instead of the temporary files that were made of them."""
    sentence = translated_error(error)
    for file, layer in files.items():
        sentence = sentence.replace(file, layer)
    return sentence


def _environment_problem() -> str:
    from ..runtime.interpreter import interpreter_problem

    try:
        return interpreter_problem(runtime_settings())
    except Exception as error:
        # An exception would abort QGIS.
        return user_error(error).sentence
