"""The dialog of a tool: QGIS's own, with our panel of parameters and a button that restores defaults."""

from __future__ import annotations

from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import QgsProcessingAlgorithm
from qgis.PyQt.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from ..i18n.translation import tr
from .choices import keep_choices
from .panel import LandCoverPanel


class LandCoverDialog(AlgorithmDialog):
    """Dialog of a tool in the desktop. Batches and the model designer have those of QGIS.

    Args:
        algorithm: The tool, which the dialog then owns.
        parent: Window above which it stands.
    """

    def __init__(self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> None:
        super().__init__(algorithm, parent=parent)
        self.restore_button = QPushButton(tr("Restore Defaults"))
        self.restore_button.setToolTip(
            tr("Gives all parameters their defaults, except layers, files, fields and outputs.")
        )
        self.restore_button.clicked.connect(lambda _checked=False: self.mainWidget().restore_defaults())
        self.buttonBox().addButton(self.restore_button, QDialogButtonBox.ButtonRole.ResetRole)
        # A new button lets the box show all that it has.
        self.updateRunButtonVisibility()

    def getParametersPanel(self, alg: QgsProcessingAlgorithm, parent: QWidget) -> LandCoverPanel:
        return LandCoverPanel(parent, alg)

    def blockAdditionalControlsWhileRunning(self) -> None:
        # Called when all values have been checked and the run begins.
        super().blockAdditionalControlsWhileRunning()
        self.restore_button.setEnabled(False)
        keep_choices(self.algorithm(), self.mainWidget().shown_values())

    def resetAdditionalGui(self) -> None:
        super().resetAdditionalGui()
        self.restore_button.setEnabled(True)
