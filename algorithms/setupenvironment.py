"""Set up the Python environment of the core."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
)

from ..core.errors import ParameterError, SetupError
from ..core.text import Text
from .base import FeedbackListener, LandCoverAlgorithm, processing_errors
from .i18n.messages import translated_message
from .i18n.translation import tr
from .parameters.common import choice_parameter
from .parameters.outputs import absolute
from .parameters.settings import runtime_settings

if TYPE_CHECKING:
    from ..runtime.settings import RuntimeSettings

_BUILDS = ("auto", "cuda", "cpu")


class SetupEnvironment(LandCoverAlgorithm):
    """Make or repair the environment, and prove that it computes."""

    ID = "setupenvironment"
    TITLE = "Set up the environment"
    SUMMARY = "Installs the packages that training and classification need, apart from QGIS, and tests them."
    GROUP = "Start here"
    TAGS = ("install", "environment", "torch", "pytorch", "cuda", "gpu", "dependencies", "setup")
    NEEDS_ENVIRONMENT = False
    HELP = (
        "<p>Creates or repairs the Python environment of training and classification, in a folder of your "
        "QGIS profile. The Python of QGIS is not changed.</p>"
        "<p><b>Inputs.</b> Usually none. The CUDA build needs about 6 GB of disk, the CPU build 1 GB. "
        "Settings of pip (proxy, mirror, certificates) apply. Without a network connection give a folder of "
        "wheels that was filled on another machine.</p>"
        "<p><b>Outputs.</b> The environment, with OpenVINO where it is available. OpenVINO makes "
        "classification on the processor faster and is not required. At the end a small computation is run, "
        "and the log says which device will be used, or why a GPU cannot be used.</p>"
        "<p><b>Typical values.</b> <code>BUILD=auto</code> and nothing else.</p>"
        "<p><b>Run time.</b> Minutes, most of them for the download.</p>"
        "<p><b>Common errors.</b> <i>The package index cannot be reached</i>: check the network; behind a "
        "proxy, configure pip; else use WHEELS. <i>The Python lacks the module venv</i>: install "
        "python3-venv (Debian, Ubuntu), or choose another Python. <i>The environment was installed but does "
        "not work</i>: on Windows, install the latest Microsoft Visual C++ Redistributable and run this "
        "again. <i>PyTorch was installed without CUDA</i>: run this with BUILD=cuda.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            choice_parameter("BUILD", tr("PyTorch build"), _BUILDS),
            "Build of PyTorch to install. <code>auto</code>: by the NVIDIA driver; <code>cuda</code>: for "
            "NVIDIA GPUs; <code>cpu</code>: smaller, for any processor.",
        )
        self.add(
            QgsProcessingParameterFile(
                "WHEELS",
                tr("Wheel folder"),
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            "Folder with the wheels of all packages, for machines without a network connection. Nothing is "
            "downloaded then.",
        )
        self.add(
            QgsProcessingParameterFile(
                "PYTHON",
                tr("Base Python interpreter"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
            ),
            "Python 3.11 or later that the environment is created with. Empty: the Python of QGIS.",
        )
        self.add(
            QgsProcessingParameterBoolean(
                "CLOUD_NETWORKS", tr("Networks for cloud masks"), defaultValue=False
            ),
            "Installs the package ukis-csmask (a download of 145 MB), whose networks 'Mask clouds' uses.",
        )
        self.addOutput(QgsProcessingOutputString("PYTHON", tr("Python of the environment")))
        self.addOutput(QgsProcessingOutputString("DEVICE", tr("Device")))
        self.addOutput(QgsProcessingOutputString("MESSAGE", tr("Message")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        wheels = self.parameterAsFile(parameters, "WHEELS", context)
        if wheels and not Path(wheels).is_dir():
            raise ParameterError(
                "There is no such folder of wheels", where=wheels, advice="Check the path or leave it empty."
            )
        python = self.parameterAsFile(parameters, "PYTHON", context)
        if python and not Path(python).is_file():
            raise ParameterError(
                "There is no such Python interpreter",
                where=python,
                advice="Check the path or leave it empty.",
            )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> tuple[str, str, str, bool]:
        return (
            self.parameterAsFile(parameters, "PYTHON", context),
            self.parameterAsEnumString(parameters, "BUILD", context),
            self.parameterAsFile(parameters, "WHEELS", context),
            self.parameterAsBoolean(parameters, "CLOUD_NETWORKS", context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        from ..runtime.interpreter import find_interpreter
        from ..runtime.packages import CLOUD_NETWORKS, OPTIONAL_PACKAGES
        from ..runtime.setup import set_up

        base_python, build, wheels, has_networks = self.request
        settings = runtime_settings()
        with processing_errors():
            if self.provider().is_busy:
                raise SetupError(
                    "A run of Deep Land Cover is in progress",
                    advice="Wait for its end, or cancel it, and set up the environment afterwards.",
                )
            # An idle worker would keep files of the environment open, and old packages loaded.
            self.provider().close_worker()
            python = set_up(
                settings.environment_folder,
                absolute(base_python) if base_python else settings.host_python,
                build,
                absolute(wheels) if wheels else "",
                FeedbackListener(feedback),
                optional=(*OPTIONAL_PACKAGES, *([CLOUD_NETWORKS] if has_networks else [])),
            )
            report = _check(replace(settings, python=str(python)), feedback)
            used = find_interpreter(settings)
        for package, version in report["versions"].items():
            feedback.pushInfo(f"{translated_message(package)} {translated_message(version)}")
        sentence = translated_message(report["sentence"])
        feedback.pushInfo(sentence)
        if used.path != str(python):
            feedback.pushWarning(
                translated_message(
                    Text(
                        "Runs will not use it, because {origin} names another Python: {path}.",
                        origin=used.origin,
                        path=used.path,
                    )
                )
            )
        return {"PYTHON": str(python), "DEVICE": report["device"], "MESSAGE": sentence}


def _check(settings: RuntimeSettings, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Let a worker of the new environment compute something, whichever Python runs will use."""
    from ..core.requests.setup import CheckRequest
    from ..runtime.client import WorkerClient

    client = WorkerClient(lambda: settings)
    try:
        return client.run("check", CheckRequest(), FeedbackListener(feedback))
    finally:
        client.close()
