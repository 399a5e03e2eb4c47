"""QGIS without a screen that runs one algorithm after another, with one worker for all of them.

A line on stdin is a JSON object: the ``algorithm``, its ``parameters``, and ``cancel_at``: beginnings of
lines of the log, and at how many of them the user cancels. A line on stdout is the answer: whether it
``succeeded``, its ``results`` and the lines of the ``log``.
"""

from __future__ import annotations

import json
import os
import sys

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Feedback(QgsProcessingFeedback):
    """Log, and a user who cancels at so many lines of a kind."""

    def __init__(self, cancel_at):
        super().__init__(False)
        self.lines = []
        self._cancel_at = cancel_at

    def pushInfo(self, text):
        self.lines.append(text)
        for beginning, count in self._cancel_at.items():
            if sum(line.startswith(beginning) for line in self.lines) >= count:
                self.cancel()

    def pushWarning(self, text):
        self.lines.append(text)

    def reportError(self, text, fatalError=False):
        self.lines.append(text)


def main():
    # Libraries that print would spoil the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    application = QgsApplication([], False)
    application.initQgis()
    sys.path += [
        os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"),
        os.environ["QGIS_PLUGINPATH"],
    ]
    from processing.core.Processing import Processing

    Processing.initialize()
    import deep_land_cover

    plugin = deep_land_cover.classFactory(None)
    plugin.initProcessing()
    for line in sys.stdin:
        order = json.loads(line)
        name = f"deeplandcover:{order['algorithm']}"
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
        context, feedback = QgsProcessingContext(), Feedback(order["cancel_at"])
        fine, problem = algorithm.checkParameterValues(order["parameters"], context)
        results, succeeded = algorithm.run(order["parameters"], context, feedback) if fine else ({}, False)
        answer = {"succeeded": succeeded, "results": results, "log": [*feedback.lines, problem]}
        print(json.dumps(answer, default=str), file=answers, flush=True)
    plugin.unload()


main()
