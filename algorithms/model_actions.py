"""What the toolbox's context menu offers for an example model."""

from __future__ import annotations

from processing.gui.ContextAction import ContextAction
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm

from .example_models import MODEL_FOLDER, ExampleModel
from .i18n.translation import tr


class OpenCopyAction(ContextAction):
    """Opens a copy in the model designer. QGIS edits models of its own provider only."""

    def __init__(self) -> None:
        super().__init__()
        self.name = tr("Open a copy in the model designer…")

    def isEnabled(self) -> bool:
        return isinstance(self.itemData, ExampleModel)

    def execute(self) -> None:
        # Hundreds of QGIS's modules, which nobody needs who does not edit.
        from processing.modeler.ModelerDialog import ModelerDialog

        dialog = ModelerDialog.create(copied(self.itemData))
        dialog.update_model.connect(_refresh_models)
        dialog.show()
        dialog.activate()


def copied(model: ExampleModel) -> QgsProcessingModelAlgorithm:
    """Return a model of its own, which knows no file, so that saving it asks for one."""
    copy = QgsProcessingModelAlgorithm()
    copy.fromFile(str(MODEL_FOLDER / f"{model.ID}.model3"))
    copy.setSourceFilePath("")
    return copy


def _refresh_models() -> None:
    QgsApplication.processingRegistry().providerById("model").refreshAlgorithms()
